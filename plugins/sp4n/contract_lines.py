"""In which line of a TOML text a key stands, so that a fault can be found by who edits it.

The standard library reads TOML without keeping lines. This looks at the text only: it is right for
tables and keys that begin a line, and names the table's line where it is not sure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^.\"'\s]+)")
Path = tuple[str, ...]


def key_lines(text: str) -> Mapping[Path, int]:
    """Line of each table and key, by the parts of its name."""
    found: dict[Path, int] = {}
    table: Path = ()
    for number, each in enumerate(text.splitlines(), 1):
        line = each.strip()
        if line.startswith("["):
            table = parts(line.lstrip("[").partition("]")[0])
            found.setdefault(table, number)
        elif "=" in line and not line.startswith("#"):
            found.setdefault((*table, *parts(line.partition("=")[0])), number)
    return found


def parts(name: str) -> Path:
    """`a."b c".d` as its three parts."""
    return tuple(a or b or c for a, b, c in PART.findall(name))


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a key, or of the table around it; 0 when neither is seen."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return 0
