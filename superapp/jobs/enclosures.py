"""Pictures that go with a letter: they wait in the sender's own folder, and are read out of it once.

Only what everybody may see belongs here, without metadata: the host carries, it does not look inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from superapp.errors import NotFound
from superapp.tenancy import storage

MOST, MOST_BYTES = 10, 12 * 1024 * 1024
KIND: Final = "letter"


def put(pictures: Sequence[bytes]) -> list[str]:
    """Keep them until the letter was read; returns their names in the open tenant's folder.

    Raises ValueError for more than ten, or more than 12 MB together.
    """
    if len(pictures) > MOST or sum(map(len, pictures)) > MOST_BYTES:
        raise ValueError(f"A letter carries at most {MOST} pictures, {MOST_BYTES} bytes together.")
    return [storage.put(KIND, each) for each in pictures]


def read(names: Sequence[str]) -> tuple[bytes, ...]:
    """Those that are there; one that was read and forgotten before is left out."""
    found = []
    for name in names:
        if not name.startswith(f"{KIND}/"):
            continue
        try:
            found.append(storage.read(name))
        except NotFound:
            continue
    return tuple(found)


def forget(names: Sequence[str]) -> None:
    """The letter was read: nothing of it stays behind."""
    for name in names:
        if name.startswith(f"{KIND}/"):
            storage.delete(name)
