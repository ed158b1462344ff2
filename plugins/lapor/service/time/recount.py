"""After a changed calendar, shift or limit: all open clocks are reckoned anew, batch by batch.

A run is a row. Each batch commits with the case up to which it has come, so that a worker that dies
goes on from there, and reckoning twice gives the same. What moved is written into the timeline of
its case; units are told once a run, reporters when their promised day moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import orjson
from sqlalchemy import select

from plugins.lapor.models import CalendarVersion, DeadlineRow, Recount
from plugins.lapor.service import reference
from plugins.lapor.service.time import batch, calendars
from superapp.sdk import (
    Message,
    current_actor,
    current_tenant,
    defer,
    directory,
    new_id,
    notify,
    now,
    session,
    work,
)

SIZE = 500
NIL = UUID(int=0)
# By then every process has dropped its copies of calendar and limits, and starts clocks by the new ones.
SETTLED = timedelta(seconds=calendars.FRESH_SECONDS + 1)
STUCK = timedelta(minutes=15)


def ask(reason: str) -> UUID | None:
    """Store what is known now and queue a run when it differs from that of the last one.

    Belongs inside of the work() that made the change. Returns the run, None when nothing changed.
    """
    version, rules = calendars.refresh(), rules_digest()
    last = latest()
    if last is not None and (last.calendar, last.rules) == (version.number, rules):
        return None
    run = Recount(
        id=new_id(),
        reason=reason,
        asked_by=current_actor().name,
        calendar=version.number,
        rules=rules,
        asked_at=now(),
        done_at=None if any_open() else now(),
    )
    session().add(run)
    if run.done_at is None:
        defer("lapor.recount", run=str(run.id), at=now() + SETTLED, lock="recount")
    return run.id


def keep_up() -> None:
    """Find what changed by another road (a folder, a new holiday package), and runs that were lost."""
    _forget()
    with work():
        last = latest()
        run = ask("")
        if run is not None:
            _row(run).reason = _why(last)
        lost = select(Recount.id).where(Recount.done_at.is_(None), Recount.asked_at < now() - STUCK)
        for run_id in session().scalars(lost.limit(20)):
            defer("lapor.recount", run=str(run_id), lock="recount", once=f"recount:{run_id}")


def walk(run_id: UUID) -> None:
    """Reckon all open clocks from where the run has come to; a repeat goes on, or finds nothing to do."""
    _forget()
    while _step(run_id):
        pass


def rules_digest() -> bytes:
    """A fingerprint of the limits and of the classes that they speak of, read anew."""
    known = reference.load()
    limits = sorted(orjson.dumps(asdict(limit)) for limit in known.limits)
    classes = sorted(f"{each.code}={each.supervision}" for each in known.categories.values())
    return hashlib.sha256(b"\n".join([*limits, *(line.encode() for line in classes)])).digest()


def latest() -> Recount | None:
    """The run that was asked for last."""
    query = select(Recount).order_by(Recount.asked_at.desc(), Recount.id.desc()).limit(1)
    return session().scalars(query).first()


def any_open() -> bool:
    """True when some clock runs."""
    return session().scalar(select(DeadlineRow.id).where(DeadlineRow.done_at.is_(None)).limit(1)) is not None


def _forget() -> None:
    reference.forget()
    calendars.forget()


def _step(run_id: UUID) -> bool:
    """One batch, in one unit of work; False when the run is over."""
    with work():
        run = _row(run_id)
        if run.done_at is not None:
            return False
        ids = batch.next_cases(run.reached or NIL, SIZE)
        if not ids:
            run.done_at = now()
            _tell_units(run)
            return False
        outcome = batch.reckon(ids, calendars.stored(), run.reason)
        run.reached = ids[-1]
        run.seen, run.moved = run.seen + outcome.seen, run.moved + outcome.moved
        run.units = _sum(run.units, outcome.units)
    return True


def _row(run_id: UUID) -> Recount:
    query = select(Recount).where(Recount.id == run_id).with_for_update()
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in sorted({*one, *other})}


def _tell_units(run: Recount) -> None:
    for unit, count in run.units.items():
        agency = directory.agencies().get(UUID(unit))
        if agency is None or not agency.email:
            continue
        text = (
            f"Batas waktu {count} laporan unit Anda dihitung ulang.\n{run.reason}\n\n"
            f"{current_tenant().name}\n"
        )
        subject = f"Batas waktu {count} laporan berubah"
        notify(Message("email", agency.email, subject, text, key=f"recount:{run.id}:{unit}"))


def _why(last: Recount | None) -> str:
    """What became different since the last run, in a sentence."""
    newest = session().scalars(select(CalendarVersion).order_by(CalendarVersion.number.desc()).limit(1)).one()
    if last is not None and last.calendar == newest.number:
        return "Aturan batas waktu berubah."
    lines = [told(kind, what) for kind, what in newest.changes][:5]
    return f"Kalender berubah: {'; '.join(lines)}." if lines else "Kalender kerja ditetapkan."


def told(kind: str, what: str) -> str:
    """One change of a calendar in words, as runs keep them."""
    words = {
        "day added": "{} libur",
        "day removed": "{} tidak lagi libur",
        "day renamed": "{} berganti nama",
        "year": "tahun {} masuk hitungan",
        "hours added": "jam kerja bertambah",
        "hours removed": "jam kerja berkurang",
    }
    return words.get(kind, "{}").format(what)
