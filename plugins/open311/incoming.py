"""Updates that another system sends about a request: each taken once, an old one changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts.door import DOOR, Window
from plugins.open311 import given
from plugins.open311.models import TakenUpdate
from superapp.sdk import Forbidden, current_actor, current_tenant, now, session, settings_of, use, work

WORDS: Final = (
    *("unchanged", "open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating"),
    *("duplicate", "not_councils_responsibility", "no_further_action", "internal_referral", "cancelled"),
    *("reopen", "for_triage"),
)
DONE: Final = frozenset({"fixed", "closed"})
DEED = "lapor.handle"
MOST = 1000


def take(form: Mapping[str, str]) -> str:
    """Take an update: a public progress, or an answer when it says fixed or closed.

    Returns its id; a repeated one gives the first result again. Raises BadRequest, NotFound,
    Conflict when the case's state allows no such step, Forbidden for a key that handles nothing.
    """
    actor = current_actor()
    if not actor.may(DEED) or actor.id is None:
        raise Forbidden(_("Kunci ini tidak boleh mengirim kabar."))
    number, update_id = _required(form, "service_request_id", 40), _required(form, "update_id", 200)
    word = _word(form)
    moment = given.moment(form, "updated_datetime")
    if moment is None:
        raise given.refuse("updated_datetime", _("updated_datetime: isi waktunya."), "required")
    text = given.text(form, "description", 4000)
    if not text and not settings_of(current_tenant(), "open311")["blank_updates"]:
        raise given.refuse("description", _("description: tulis kabarnya."), "required")
    door = use(DOOR)
    complaint_id = door.id_of(number)
    with work() as unit:
        made = insert(TakenUpdate).values(
            tenant_id=current_tenant().id,
            key_id=actor.id,
            update_id=update_id,
            number=number,
            word=word,
            said_at=moment,
        )
        if unit.execute(made.on_conflict_do_nothing().returning(TakenUpdate.update_id)).scalar() is None:
            return update_id
        newest = session().scalar(
            select(func.max(TakenUpdate.said_at)).where(
                TakenUpdate.number == number, TakenUpdate.key_id == actor.id
            )
        )
        if newest is not None and newest > moment:
            return update_id  # kept, but what came later stands
        if _apply(complaint_id, word, text):
            _remember(actor.id, update_id, number)
    return update_id


def names_of(lines: Sequence[UUID]) -> dict[UUID, str]:
    """Under which ids others sent these lines: who sent an update knows it again by its own id."""
    if not lines:
        return {}
    query = select(TakenUpdate.line_id, TakenUpdate.update_id).where(TakenUpdate.line_id.in_(lines))
    return {line: update_id for line, update_id in session().execute(query) if line is not None}


def _remember(key_id: UUID, update_id: str, number: str) -> None:
    """Keep which line of the story the update became; of an unpublished case nothing is told anyway."""
    lines = use(DOOR).public_updates(Window(since=now(), until=now(), numbers=(number,), limit=MOST))
    if lines:
        mine = (TakenUpdate.key_id == key_id, TakenUpdate.update_id == update_id)
        session().execute(update(TakenUpdate).where(*mine).values(line_id=lines[-1].id, applied=True))


def _apply(complaint_id: UUID, word: str, text: str) -> bool:
    if word in DONE:
        use(DOOR).answer(complaint_id, text=text or _("Dinyatakan selesai."))
    elif text:
        use(DOOR).progress(complaint_id, text=text)
    return bool(text) or word in DONE


def _word(form: Mapping[str, str]) -> str:
    word = _required(form, "status", 40).lower()
    if word not in WORDS:
        known = ", ".join(each.upper() for each in WORDS)
        raise given.refuse("status", _("status: salah satu dari %(known)s.", known=known), "choice")
    return word


def _required(form: Mapping[str, str], name: str, most: int) -> str:
    value = given.text(form, name, most)
    if not value:
        raise given.refuse(name, _("%(name)s: wajib diisi.", name=name), "required")
    return value
