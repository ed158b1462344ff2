"""What can be done with a case now: the next step on top, everything else behind it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor.contracts import DeskView
from plugins.lapor.present import due_day, long_day
from plugins.lapor.service.agencies import short
from plugins.lapor.words import waiting_title
from superapp.sdk import Actor

ENDED = frozenset({"closed", "archived"})
TRIAGE = frozenset({"received", "verified", "returned"})
WORKING = ("dispose", "progress", "answer", "ask", "hold", "resume")
ORDER = (*WORKING, "hear", "pass_on", "give_back", "verify", "forward", "archive")
DECIDE_AFTER = 2  # returns, after which no suggestion is chosen beforehand
BESIDE = 2  # actions that get a button of their own; the rest lies under "Lainnya"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The card on top. `form` is the one action it asks for, "" when it only tells; `beside` and
    `more` are the further actions in their order."""

    form: str
    title: str
    beside: tuple[str, ...]
    more: tuple[str, ...]


def next_step(view: DeskView, actor: Actor) -> NextStep:
    """The step that moves this case on, for this actor."""
    possible = offered(view)
    form = primary(view, actor, possible)
    rest = tuple(action for action in possible if action != form)
    beside = tuple(action for action in rest if action in {"ask", "hold", "answer", "hear"})[:BESIDE]
    more = tuple(action for action in rest if action not in beside)
    if not form:
        beside, more = rest[:BESIDE], rest[BESIDE:]
    return NextStep(form, title(view, form), beside, more)


def offered(view: DeskView) -> tuple[str, ...]:
    """The actions open to the actor, in the order of their weight; asking is a way to hold."""
    open_now = set(view.actions)
    if "hold" in open_now:
        open_now.add("ask")
    return tuple(action for action in ORDER if action in open_now)


def primary(view: DeskView, actor: Actor, possible: tuple[str, ...]) -> str:
    """The one action of the filled button; "" when the next move is somebody else's."""
    status = view.case.status
    wanted: tuple[str, ...] = ()
    if status in TRIAGE or (view.open_returns and "dispose" in possible):
        wanted = ("dispose",)
    elif status == "forwarded":
        wanted = ("hear", "answer")
    elif status == "on_hold":
        wanted = ("resume",)
    elif is_ours(view, actor):
        wanted = ("progress",) if status == "dispositioned" else ("answer",)
    return next((action for action in wanted if action in possible), "")


def is_ours(view: DeskView, actor: Actor) -> bool:
    """True when the actor's unit has to act, or the case lies with an outside owner that the desk follows."""
    if view.case.status == "forwarded":
        return True
    units = {
        each.agency.id: each.state for each in view.assignments if each.active and each.role != "referral"
    }
    if actor.agency_id in units:
        return units[actor.agency_id] != "answered"
    return "dispose" not in view.actions


def title(view: DeskView, form: str) -> str:
    """The heading of the card."""
    return str(
        {
            "dispose": _("Langkah berikutnya: teruskan ke unit"),
            "progress": _("Langkah berikutnya: mulai kerjakan"),
            "answer": _("Langkah berikutnya: jawab pelapor"),
            "resume": _("Jam berhenti: lanjutkan bila sudah bisa"),
            "hear": _("Langkah berikutnya: catat kabar dari luar"),
        }.get(form)
        or waiting(view)
    )


def waiting(view: DeskView) -> str:
    """Who moves next when it is not this actor."""
    status = view.case.status
    if status in ENDED:
        return str(_("Tidak ada langkah lagi"))
    if status == "answered":
        return str(_("Menunggu pelapor memastikan"))
    if status in TRIAGE:
        return str(_("Menunggu verifikasi koordinator"))
    if status == "on_hold":
        return str(_("Jam berhenti"))
    waited = [each for each in view.assignments if each.active and each.role in ("owner", "co_owner")]
    missing = [each for each in waited if each.state != "answered"]
    if len(waited) > 1 and missing:
        return str(_("Menunggu %(agency)s", agency=", ".join(short(each.agency) for each in missing)))
    agency = view.case.agency
    return str(_("Menunggu %(agency)s", agency=agency.name if agency else _("unit")))


def briefing(view: DeskView, actor: Actor) -> list[str]:
    """What the actor has to know before the next step: messages, returns, whom the clock waits for."""
    told = [*refused_words(view, actor), *messages(view, actor)]
    if view.ownership_question and "dispose" in view.actions and view.case.status in TRIAGE:
        told.append(view.ownership_question)
    if view.hold:
        told.append(held(view))
    if view.case.status == "returned":
        back = view.routing.get("returned") or {}
        told.append(_("Dikembalikan: %(reason)s", reason=back.get("reason", "")))
    if view.bounces >= DECIDE_AFTER and view.case.status == "returned":
        told.append(_("Sudah dikembalikan %(count)s kali. Anda yang memutuskan.", count=view.bounces))
    if view.case.status == "answered":
        told.append(
            _(
                "Pelapor memastikan sampai %(day)s. Tanpa jawaban, laporan selesai otomatis.",
                day=until(view, "confirm"),
            )
        )
    if view.case.status in ENDED:
        told.append(_("Pelapor masih bisa membukanya lagi."))
    return told


def refused_words(view: DeskView, actor: Actor) -> list[str]:
    """Why a case comes first, and who decides after the second "not solved"."""
    told = []
    if view.priority and view.unsolved:
        told.append(
            ngettext(
                "Didahulukan: pelapor menyatakan belum selesai.",
                "Didahulukan: pelapor %(num)s kali menyatakan belum selesai.",
                view.unsolved,
            )
        )
    elif view.priority:
        told.append(_("Didahulukan: bukti atau penutupannya tidak diterima."))
    if view.climbed and actor.may("lapor.dispose"):
        told.append(_("Anda yang memutuskan: teruskan lagi, ganti unit, atau jawab sendiri."))
    elif view.climbed:
        told.append(_("Koordinator memutuskan langkah berikutnya. Kemajuan tetap bisa dicatat."))
    return [str(each) for each in told]


def messages(view: DeskView, actor: Actor) -> list[str]:
    """What the units were told, each text once: a unit reads its own, the whole desk all."""
    units: dict[str, list[str]] = {}
    for each in view.assignments:
        if each.active and each.instruction and (actor.agency_id == each.agency.id or actor.may("lapor.all")):
            units.setdefault(each.instruction, []).append(short(each.agency))
    return [
        _("Pesan untuk %(agency)s: %(text)s", agency=", ".join(names), text=text)
        for text, names in units.items()
    ]


def held(view: DeskView) -> str:
    """Whom the clock waits for, until when, and what was asked."""
    hold = view.hold or {}
    parts = [waiting_title(hold.get("waiting_for", "")).capitalize()]
    if hold.get("until"):
        parts[0] += " " + _("sampai %(day)s", day=long_day(hold["until"]))
    if hold.get("question"):
        parts.append(_("Ditanyakan: %(question)s", question=hold["question"]))
    return ". ".join(parts)


def until(view: DeskView, step: str) -> str:
    """The last day of a step, "Jumat, 27 Maret"; "" when it has no limit."""
    limits = [each for each in view.case.deadlines if each.step == step]
    if not limits:
        return ""
    latest = max(each.started_at for each in limits)
    return long_day(min(due_day(each) for each in limits if each.started_at == latest))


def first_choice(view: DeskView) -> str:
    """The code of the unit that is chosen beforehand; "" when the officer has to decide."""
    decided = view.suggestions and not (view.bounces >= DECIDE_AFTER and view.case.status == "returned")
    return view.suggestions[0].agency.code if decided else ""
