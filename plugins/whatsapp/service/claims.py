"""A number at Meta serves one government: the first that used it here keeps it until it takes another."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from plugins.whatsapp.models import Number
from plugins.whatsapp.settings import setting
from superapp.sdk import current_tenant, now, session, work


def own_number() -> str:
    """The id of the open tenant's number, claimed for it; "" when it is off or another government's."""
    number = str(setting("phone_number_id"))
    if setting("mode") != "on" or not number:
        return ""
    if session().scalar(select(Number.phone_number_id).where(Number.phone_number_id == number)) is None:
        _claim(number)
    taken = session().scalar(select(func.whatsapp.elsewhere(number)))
    return "" if taken else number


def let_go() -> None:
    """Give up numbers that the settings name no more. Belongs inside of work()."""
    kept = str(setting("phone_number_id")) if setting("mode") == "on" else ""
    session().execute(delete(Number).where(Number.phone_number_id != kept))


def _claim(number: str) -> None:
    statement = insert(Number).values(tenant_id=current_tenant().id, phone_number_id=number, claimed_at=now())
    with work() as unit:
        let_go()
        unit.execute(statement.on_conflict_do_nothing())
