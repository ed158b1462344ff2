"""Links with other governments: each side says what it consents to; what both say holds."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask_babel import gettext as _
from sqlalchemy import select

from plugins.antarpemda.models import Heard, Terms
from plugins.antarpemda.scope import Scope, agreed, in_force, related
from plugins.lapor.contracts.outside import OUTSIDE, Destination, Step
from superapp.sdk import (
    FieldError,
    Government,
    Invalid,
    NotFound,
    audit,
    current_tenant,
    directory,
    governments,
    now,
    post,
    session,
    use,
    work,
)

PLUGIN, TERMS = "antarpemda", "antarpemda.terms"
RETRY = timedelta(hours=1)
FRESH_SECONDS = 5.0
_channels: dict[int, tuple[float, dict[str, str]]] = {}
STEPS: tuple[Step, ...] = (
    *("new", "verified", "disposed", "held", "progress", "answer", "returned", "closed", "reopened"),
    *("archived", "withdrawn", "reply", "corrected"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """Both sides of a link with the government `slug`; None for the side that said nothing yet."""

    slug: str
    title: str
    ours: Terms | None
    theirs: Heard | None
    scope: Scope | None
    there: bool  # live on this host

    @property
    def ours_hold(self) -> bool:
        """True when this side consents today."""
        return self.ours is not None and in_force(self.ours.valid_from, self.ours.valid_to, today())

    @property
    def theirs_hold(self) -> bool:
        """True when the other side consents."""
        return self.theirs is not None and self.theirs.active


def today() -> date:
    """The day at the open tenant's place."""
    return now().astimezone(ZoneInfo(current_tenant().timezone)).date()


def neighbours() -> dict[str, Government]:
    """The live province of this government, or the cities of this province, by slug."""
    here = current_tenant().region_code
    return {each.slug: each for each in governments() if related(here, each.region_code)}


def one(slug: str) -> Link:
    """A link, or a neighbour with whom there is none yet. Raises NotFound."""
    ours = session().scalars(select(Terms).where(Terms.slug == slug)).one_or_none()
    theirs = session().scalars(select(Heard).where(Heard.slug == slug)).one_or_none()
    near = neighbours().get(slug)
    if ours is None and theirs is None and near is None:
        raise NotFound(_("Pemerintah daerah ini tidak ada, atau bukan provinsi maupun kota Anda."))
    title = near.name if near else theirs.title if theirs else slug
    found = Link(slug, title, ours, theirs, None, near is not None)
    both = found.ours_hold and found.theirs_hold and near is not None
    return Link(slug, title, ours, theirs, agreed(ours, theirs) if both else None, near is not None)


def listed() -> list[Link]:
    """Every link that anybody spoke of, by name."""
    slugs = set(session().scalars(select(Terms.slug))) | set(session().scalars(select(Heard.slug)))
    return sorted((one(slug) for slug in slugs), key=lambda link: link.title)


def offers() -> int:
    """How many wait for this side's answer."""
    heard = select(Heard.slug).where(Heard.active, Heard.slug.not_in(select(Terms.slug)))
    return len(session().scalars(heard).all())


def channels() -> dict[str, str]:
    """Channel codes of cases that came from others, with their names: asked often, kept for seconds."""
    here = current_tenant().id
    kept = _channels.get(here)
    if kept is None or kept[0] < time.monotonic():
        rows = session().execute(select(Heard.slug, Heard.title))
        kept = (time.monotonic() + FRESH_SECONDS, {channel(slug): title for slug, title in rows})
        _channels[here] = kept
    return kept[1]


def forget() -> None:
    """Drop this process's copies, before a case may come through a door that is new."""
    _channels.clear()


def channel(slug: str) -> str:
    """The channel of cases from a government: `pemda_denpasar`."""
    return f"pemda_{slug.replace('-', '_')}"[:31]


def destination(slug: str) -> Destination | None:
    """The register that stands for a linked government; None without a link."""
    return next((each for each in use(OUTSIDE).destinations(PLUGIN) if each.key == slug), None)


def consent(
    slug: str, *, send: bool, receive: bool, categories: Sequence[str], identity: bool, agency_code: str
) -> None:
    """Say what this government consents to, as a proposal or an answer; the other side hears of it.

    Raises NotFound for a government that is no neighbour, Invalid naming each wrong field.
    """
    if slug not in neighbours():
        raise NotFound(_("Pemerintah daerah ini tidak ada, atau bukan provinsi maupun kota Anda."))
    _check(slug, send=send, receive=receive, agency_code=agency_code)
    with work() as unit:
        row = unit.scalars(select(Terms).where(Terms.slug == slug).with_for_update()).one_or_none()
        if row is None:
            row = Terms(slug=slug, told="")
            unit.add(row)
        row.send, row.receive, row.identity = send, receive, identity
        row.categories, row.agency_code = sorted(set(categories)), agency_code or None
        row.valid_from = row.valid_to = None
        row.reason = ""
        unit.flush()
        audit.record(
            "antarpemda.consented",
            "link",
            slug,
            send=send,
            receive=receive,
            categories=row.categories,
            identity=identity,
            agency=agency_code,
        )
        settle(slug)


def end(slug: str, *, reason: str) -> None:
    """End this side's consent at once: nothing passes any more; cases stay where they are.

    Raises NotFound without one, Invalid without a reason.
    """
    why = " ".join(reason.split())[:500]
    if not why or not why.isprintable():
        raise Invalid(errors=[FieldError("reason", _("Tulis alasannya."), "required")])
    with work() as unit:
        row = unit.scalars(select(Terms).where(Terms.slug == slug).with_for_update()).one_or_none()
        if row is None:
            raise NotFound(_("Sambungan ini tidak ada."))
        row.valid_from, row.valid_to, row.reason = None, today() - timedelta(days=1), why
        unit.flush()
        audit.record("antarpemda.ended", "link", slug, reason=why)
        settle(slug)


def settle(slug: str) -> None:
    """Tell the other side what changed, and let cases pass exactly where both consent. Repeatable.

    Belongs inside of work().
    """
    link = one(slug)
    if link.ours is not None:
        _tell(link, link.ours)
    there = destination(slug)
    if link.scope is not None and link.ours is not None:
        wanted = _wanted(link, link.scope, link.ours)
        if there is None or _differs(there, wanted):
            use(OUTSIDE).connect(PLUGIN, slug, steps=STEPS, repeatable=True, **wanted)
    elif there is not None:
        use(OUTSIDE).disconnect(there.id, reason=_why_ended(link))


def settle_all() -> None:
    """Each link in turn: what the folder changed, what began or ended with the day."""
    for slug in [each.slug for each in listed()]:
        with work():
            settle(slug)


def _check(slug: str, *, send: bool, receive: bool, agency_code: str) -> None:
    errors = []
    if not (send or receive):
        errors.append(FieldError("send", _("Pilih sedikitnya satu arah."), "required"))
    agency = directory.agencies_by_code().get(agency_code)
    if send and not agency_code:
        errors.append(FieldError("agency", _("Pilih instansi luar yang mewakilinya di sini."), "required"))
    elif agency_code and (agency is None or not agency.is_external):
        errors.append(FieldError("agency", _("Pilih instansi luar dari daftar."), "choice"))
    elif agency_code and agency_code in {each.agency_code for each in _others(slug)}:
        errors.append(FieldError("agency", _("Instansi ini sudah mewakili pemerintah daerah lain."), "used"))
    if errors:
        raise Invalid(errors=errors)


def _others(slug: str) -> list[Terms]:
    return list(session().scalars(select(Terms).where(Terms.slug != slug)))


def _tell(link: Link, row: Terms) -> None:
    held = link.ours_hold
    statement: dict[str, str | bool] = {
        "active": held,
        "send": held and row.send,
        "receive": held and row.receive,
        "categories": "|".join(row.categories),
        "identity": held and row.identity,
        "reason": row.reason[:500],
    }
    text = orjson.dumps(statement).decode()
    if row.told == text or not link.there:
        return
    if row.told == "" and row.told_at is not None and row.told_at > now() - RETRY:
        return  # it came back; their door is closed for now
    if row.told == "" and not held:
        return  # they never heard of it
    post(link.slug, TERMS, statement, order="terms")
    row.told, row.told_at = text, now()


def _wanted(link: Link, scope: Scope, row: Terms) -> dict[str, Any]:
    # Also one who only receives names it: what came from there can go back.
    return {
        "title": link.title,
        "takes": "forwarded",
        "agency_code": row.agency_code or "",
        "identity": scope.identity,
    }


def _differs(there: Destination, wanted: dict[str, Any]) -> bool:
    return any(getattr(there, name) != value for name, value in wanted.items())


def _why_ended(link: Link) -> str:
    ended_there = link.theirs is not None and not link.theirs_hold
    side = link.theirs if ended_there else link.ours
    return (side.reason if side else "") or _("Sambungan antarpemda berakhir.")
