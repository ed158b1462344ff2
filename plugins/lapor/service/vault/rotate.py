"""Changing keys without a pause: a new version for the government, and all keys under a new host secret.

Rotation makes a version, wraps each person's key anew in batches, and retires the old version once
no person hangs on it and every process has let go of it. Each batch stands by itself: after an
interruption the next run goes on where it ended. What was locked stays as it is, because it is
locked with the persons' keys, which do not change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update

from plugins.lapor.models import VaultKey, VaultPerson
from plugins.lapor.service.vault import keys
from superapp.sdk import audit, now, session, unwrap_key, work, wrap_key, wrapped_now

BATCH = 500
# Longer than any process keeps opened keys, so that none wraps with a version that is gone.
LET_GO = timedelta(seconds=3 * keys.OPEN_SECONDS)


@dataclass(frozen=True, slots=True)
class State:
    """The versions of a government's key: the current one, those still in use, persons left on old ones."""

    current: int
    living: tuple[int, ...]
    behind: int


def begin() -> int:
    """Make a new version; from now on new persons are wrapped with it. Returns its number."""
    version = keys.add_version()
    with work():
        audit.record("lapor.vault.rotate", "vault_key", version)
    return version


def carry_on(report: Callable[[int], None] = lambda done: None) -> int:
    """Wrap all persons' keys with the current version, batch by batch; returns how many were left behind."""
    total = 0
    while done := _batch():
        total += done
        report(total)
    return total


def _batch() -> int:
    with work() as unit:
        keys.forget()  # the current version as it stands now, not as this process remembers it
        ring = keys.ring()
        behind = select(VaultPerson).where(
            VaultPerson.key_version < ring.current, VaultPerson.wrapped.is_not(None)
        )
        rows = list(
            unit.scalars(behind.order_by(VaultPerson.id).limit(BATCH).with_for_update(skip_locked=True))
        )
        for row in rows:
            key = keys.unwrap_person(row.id, row.key_version, bytes(row.wrapped or b""))
            row.wrapped, row.key_version = keys.wrap_person(ring, row.id, key), ring.current
    return len(rows)


def retire() -> tuple[int, ...]:
    """Destroy old versions on which nobody hangs and which every process has let go of; which ones."""
    with work() as unit:
        current = keys.ring().current
        made = unit.scalar(
            select(VaultKey.created_at).where(VaultKey.use == keys.WRAP, VaultKey.version == current)
        )
        if made is None or made > now() - LET_GO:
            return ()
        used = select(VaultPerson.key_version).where(
            VaultPerson.wrapped.is_not(None), VaultPerson.key_version == VaultKey.version
        )
        gone = unit.scalars(
            update(VaultKey)
            .where(
                VaultKey.use == keys.WRAP,
                VaultKey.version < current,
                VaultKey.wrapped.is_not(None),
                ~used.exists(),
            )
            .values(wrapped=None, retired_at=now())
            .returning(VaultKey.version)
            .execution_options(synchronize_session=False)
        )
        versions = tuple(sorted(gone))
        if versions:
            audit.record("lapor.vault.retire", "vault_key", current, versions=[str(v) for v in versions])
    keys.forget()
    return versions


def wrap_anew() -> int:
    """Wrap the government's keys with the present host secret where an old one still does; how many."""
    done = 0
    with work() as unit:
        rows = unit.scalars(select(VaultKey).where(VaultKey.wrapped.is_not(None)).with_for_update())
        for row in rows:
            wrapped, place = bytes(row.wrapped or b""), keys.key_place(row.use, row.version)
            if not wrapped_now(wrapped):
                row.wrapped = wrap_key(unwrap_key(wrapped, place), place)
                done += 1
        if done:
            audit.record("lapor.vault.host", "vault_key", keys=done)
    return done


def state() -> State:
    """Where a rotation stands."""
    versions = session().scalars(
        select(VaultKey.version).where(VaultKey.use == keys.WRAP, VaultKey.wrapped.is_not(None))
    )
    living = tuple(sorted(versions))
    behind = select(func.count()).where(
        VaultPerson.wrapped.is_not(None), VaultPerson.key_version < (living[-1] if living else 0)
    )
    return State(living[-1] if living else 0, living, int(session().scalar(behind) or 0))
