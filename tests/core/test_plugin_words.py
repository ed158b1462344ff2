"""What a plugin says in Indonesian, it says in English too: no msgid without its words."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.xml", "jinja2")]
FOLDERS = [
    *sorted(found.parent for found in ROOT.glob("plugins/*/manifest.toml")),
    ROOT / "superapp/plugin/starter",
]


def words(folder: Path) -> set[object]:
    """What a catalogue says in English."""
    catalog = (folder / "translations" / "en" / "LC_MESSAGES" / "messages.po").read_bytes()
    return {message.id for message in read_po(BytesIO(catalog), abort_invalid=True) if message.string}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_word_has_its_english_one(folder: Path) -> None:
    known = words(folder) | words(ROOT / "superapp" / "web")
    found = extract_from_dir(folder, METHODS, directory_filter=lambda path: Path(path).name != "tests")
    missing = {(file, line, said) for file, line, said, _, _ in found if said not in known}
    assert not missing
