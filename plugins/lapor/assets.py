"""Where LAPOR's own files lie, and the mark by which a browser sees that one changed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent


@cache
def version(name: str) -> str:
    """Ten hex digits that change with the file `static/<name>`."""
    return hashlib.sha256((ROOT / "static" / name).read_bytes()).hexdigest()[:10]
