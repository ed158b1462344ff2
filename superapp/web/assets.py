"""Addresses of the built styles and scripts: a name of ours to its file with a hash in the name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import orjson

DIST = Path(__file__).parent / "static" / "dist"
REMEDY = "Run `python -m superapp.web.build` once; it needs a package registry the first time."


class AssetMissing(RuntimeError):
    """The front end was not built, or knows no file of that name."""


@cache
def manifest() -> dict[str, str]:
    """Name -> file name in `static/dist`, read once per process; AssetMissing when nothing was built."""
    path = DIST / "manifest.json"
    try:
        found = orjson.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise AssetMissing(f"{path} is not there. {REMEDY}") from error
    except orjson.JSONDecodeError as error:
        raise AssetMissing(f"{path} cannot be read: {error}. {REMEDY}") from error
    return {str(name): str(file) for name, file in found.items()}


def asset(name: str) -> str:
    """The path of a built file, for `citizen.css` and the like; AssetMissing names what there is."""
    file = manifest().get(name)
    if file is None:
        raise AssetMissing(f"No built file {name!r}; there are {', '.join(sorted(manifest()))}. {REMEDY}")
    return f"/static/dist/{file}"
