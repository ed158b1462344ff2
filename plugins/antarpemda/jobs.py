"""Letters of linked governments, read in this one's scope: their terms, their cases, their news."""

from __future__ import annotations

from plugins.antarpemda import links, receiving
from plugins.antarpemda.models import Heard, Terms
from superapp.sdk import Conflict, current_tenant, log, now, session, work

Plain = str | int | bool | None


def terms(*, sender: str, letter: str, enclosed: tuple[bytes, ...], **told: Plain) -> None:
    """What the other side consents to now. Raises Conflict for one that is no neighbour."""
    near = links.neighbours().get(sender)
    if near is None:
        raise Conflict("Bukan provinsi atau kota dari pemerintah daerah ini.")
    with work() as unit:
        row = session().get(Heard, (_here(), sender))
        if row is None:
            row = Heard(slug=sender, title=near.name)
            unit.add(row)
        row.title, row.active = near.name, told.get("active") is True
        row.send, row.receive = told.get("send") is True, told.get("receive") is True
        row.identity = told.get("identity") is True
        row.categories = [each[:60] for each in str(told.get("categories") or "").split("|") if each]
        row.reason, row.heard_at = str(told.get("reason") or "")[:500], now()
        ours = session().get(Terms, (_here(), sender))
        if ours is not None and ours.told == "":
            ours.told_at = None  # their door is open again
        unit.flush()
        links.settle(sender)


def terms_returned(*, receiver: str, letter: str, why: str, **told: Plain) -> None:
    """They could not be told: it is tried again later."""
    with work():
        row = session().get(Terms, (_here(), receiver))
        if row is not None:
            row.told, row.told_at = "", now()


def case(*, sender: str, letter: str, enclosed: tuple[bytes, ...], **told: Plain) -> None:
    """A case that is handed over, or news of one. Raises Conflict for what cannot be taken."""
    receiving.take(sender, letter, enclosed, told)


def case_returned(*, receiver: str, letter: str, why: str, **told: Plain) -> None:
    """What was handed over was not taken: it is this government's again. Or they keep what was returned."""
    if told.get("what") == "hand" or told.get("taken_back") is True:
        receiving.come_back(receiver, letter, why, told)
    else:
        log.get(__name__).info("news_not_taken", receiver=receiver, why=why[:80])


def settle() -> None:
    """Links that a folder or the calendar changed."""
    links.settle_all()


def _here() -> int:
    return current_tenant().id
