"""The government's own keys: made when first needed, wrapped by the host's, kept opened for five minutes.

Two uses. `wrap` locks the persons' keys and is rotated; `index` makes the tags that one searches by
and stays, because a new one would have to make every tag anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.pool import Pool

from plugins.lapor.models import VaultKey
from plugins.lapor.service.vault import crypt
from superapp.sdk import (
    BrokenSeal,
    current_tenant,
    now,
    session,
    unwrap_key,
    wrap_key,
)

OPEN_SECONDS = 300.0
WRAP, INDEX = "wrap", "index"
TABLE = "vault_key"


@dataclass(frozen=True, slots=True, repr=False)
class Ring:
    """The opened keys of one government; `current` is the version with which persons are locked now."""

    tenant_id: int
    current: int
    wraps: Mapping[int, bytes]
    index: bytes


# By the pool of connections that they came through: another database brings its own keys.
_opened: WeakKeyDictionary[Pool, dict[int, tuple[float, Ring]]] = WeakKeyDictionary()


def ring() -> Ring:
    """The open tenant's keys, at most five minutes old; made when it has none. Costs nothing when kept."""
    kept = _shelf().get(current_tenant().id)
    if kept is not None and kept[0] > time.monotonic():
        return kept[1]
    return _read()


def forget() -> None:
    """Drop this process's opened keys of the open tenant, after a change made here."""
    _shelf().pop(current_tenant().id, None)


def wrap_person(keys: Ring, person_id: UUID, key: bytes) -> bytes:
    """A person's key as it is kept, wrapped by the current version."""
    return crypt.wrap(keys.wraps[keys.current], key, _person_place(keys, person_id))


def unwrap_person(person_id: UUID, version: int, wrapped: bytes) -> bytes:
    """A person's key. Raises BrokenSeal when it is not from here, or its version was retired."""
    keys = ring()
    if version not in keys.wraps:  # another process rotated meanwhile
        keys = _read()
    if version not in keys.wraps:
        raise BrokenSeal(f"Version {version} of this government's key is retired.")
    return crypt.unwrap(keys.wraps[version], wrapped, _person_place(keys, person_id))


def add_version() -> int:
    """Make a new version of the key that locks persons. Returns its number."""
    newest = session().scalar(select(func.max(VaultKey.version)).where(VaultKey.use == WRAP))
    version = int(newest or 0) + 1
    _make(WRAP, version)
    forget()
    return version


def key_place(use: str, version: int) -> str:
    """What a government's wrapped key is bound to."""
    return crypt.place(current_tenant().id, TABLE, use, version)


def _person_place(keys: Ring, person_id: UUID) -> str:
    return crypt.place(keys.tenant_id, "vault_person", "wrapped", person_id)


def _engine() -> Engine:
    return cast(Engine, session().get_bind())  # a session here is always bound to an engine


def _shelf() -> dict[int, tuple[float, Ring]]:
    return _opened.setdefault(_engine().pool, {})


def _read() -> Ring:
    """The keys as they stand, kept opened; the first two are made here."""
    rows = _rows()
    if not rows:
        _make(WRAP, 1)
        _make(INDEX, 1)
        rows = _rows()  # another process may have been first: then its keys count
    found = _opened_rows(rows)
    _shelf()[found.tenant_id] = (time.monotonic() + OPEN_SECONDS, found)
    return found


def _rows() -> list[tuple[str, int, bytes]]:
    columns = select(VaultKey.use, VaultKey.version, VaultKey.wrapped)
    found = session().execute(columns.where(VaultKey.wrapped.is_not(None)))
    return [(use, version, bytes(wrapped or b"")) for use, version, wrapped in found]


def _opened_rows(rows: list[tuple[str, int, bytes]]) -> Ring:
    wraps = {v: unwrap_key(w, key_place(u, v)) for u, v, w in rows if u == WRAP}
    index = {v: unwrap_key(w, key_place(u, v)) for u, v, w in rows if u == INDEX}
    return Ring(current_tenant().id, max(wraps), wraps, index[max(index)])


def _make(use: str, version: int) -> None:
    """On a connection of its own: a key must stand for good before anything is locked with it."""
    wrapped = wrap_key(crypt.fresh_key(), key_place(use, version))
    row = {"tenant_id": current_tenant().id, "use": use, "version": version, "wrapped": wrapped}
    with _engine().begin() as own:
        own.execute(insert(VaultKey).values(**row, created_at=now()).on_conflict_do_nothing())
