"""The purse: what each message costs is taken out before it is sent, and put back when it surely was not.

Four meters, always in the same order so that no two jobs wait for each other: all numbers today, all
numbers this month, this number today, this number this month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from plugins.sms.models import Meter
from plugins.sms.settings import setting
from superapp.sdk import current_tenant, now, savepoint, session


@dataclass(frozen=True, slots=True)
class Bill:
    """What was taken for one message, and from which meters: (period, who)."""

    cost: int
    parts: int
    meters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Purse:
    """What was spent in a period and what may be, in rupiah; from `cap` to `hard` only what is essential."""

    spent: int
    cap: int
    hard: int
    parts: int = 0
    messages: int = 0


class TooDear(Exception):
    """A cap would be passed; the message is the name of its setting."""


def take(to_hash: str, parts: int, *, essential: bool) -> Bill:
    """Take the price of a message out of the purse. Raises TooDear; then nothing was taken.

    Belongs inside of work(): the meters stay locked until it commits.
    """
    cost, (day, month) = int(setting("price")) * parts, periods(now())
    caps = (
        ("cap_day", day, ""),
        ("cap_month", month, ""),
        ("cap_number_day", day, to_hash),
        ("cap_number_month", month, to_hash),
    )
    with savepoint():
        for name, period, who in caps:
            most = hard(name) if essential else int(setting(name))
            if _add(period, who, cost, parts) > most:
                raise TooDear(name)
    return Bill(cost, parts, tuple((period, who) for _, period, who in caps))


def put_back(bill: Bill) -> None:
    """The message surely did not go out: its price goes back. Belongs inside of work()."""
    left = {
        "spent": Meter.spent - bill.cost,
        "parts": Meter.parts - bill.parts,
        "messages": Meter.messages - 1,
    }
    for period, who in bill.meters:
        session().execute(update(Meter).where(Meter.period == period, Meter.who == who).values(left))


def hard(name: str) -> int:
    """The last limit of a cap, which what is essential may reach."""
    return int(setting(name)) * int(setting("hard_percent")) // 100


def purse(name: str) -> Purse:
    """How `cap_day` or `cap_month` stands, for all numbers."""
    day, month = periods(now())
    period = day if name == "cap_day" else month
    row = session().scalars(select(Meter).where(Meter.period == period, Meter.who == "")).one_or_none()
    spent, parts, messages = (row.spent, row.parts, row.messages) if row else (0, 0, 0)
    return Purse(spent, int(setting(name)), hard(name), parts, messages)


def periods(moment: datetime) -> tuple[str, str]:
    """The day and the month of a moment in the tenant's time."""
    local = moment.astimezone(ZoneInfo(current_tenant().timezone))
    return f"D{local:%Y-%m-%d}", f"M{local:%Y-%m}"


def _add(period: str, who: str, cost: int, parts: int) -> int:
    """What a meter shows with this added."""
    statement = insert(Meter).values(
        tenant_id=current_tenant().id,
        period=period,
        who=who,
        spent=cost,
        parts=parts,
        messages=1,
        updated_at=now(),
    )
    new = statement.excluded
    added = {
        "spent": Meter.spent + new.spent,
        "parts": Meter.parts + new.parts,
        "messages": Meter.messages + 1,
        "updated_at": new.updated_at,
    }
    upsert = statement.on_conflict_do_update(index_elements=["tenant_id", "period", "who"], set_=added)
    return int(session().execute(upsert.returning(Meter.spent)).scalar_one())
