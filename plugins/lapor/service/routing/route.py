"""Who should have a report: other plugins first, then the dated rules, the most specific one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Draft, Routing, Suggestion
from plugins.lapor.hookspecs import lapor_route
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.reference import Rule, reference, valid_on
from plugins.lapor.service.routing.guess import guess
from plugins.lapor.service.routing.version import active
from plugins.lapor.service.ways import unit_of
from superapp.sdk import Tenant, current_tenant, directory, first, now

GUESSED = {1: 0.4, 2: 0.7, 3: 0.92}
CLEAR = 3  # strength of a guess from which on it counts as given


@dataclass(frozen=True, slots=True)
class Routed:
    """A routing with the unit it names, and the plugin that said so."""

    routing: Routing
    agency_id: UUID
    plugin: str


def route(draft: Draft) -> Routed | None:
    """Ask for an owner. A confidential matter is decided by the tenant's own rules alone.

    An answer that names a unit which the tenant does not have is passed over. None only when the
    tenant has no rule for everything.
    """
    tenant = current_tenant()
    known = directory.agencies_by_code()
    if not is_confidential(draft):
        answer = first(lapor_route, tenant=tenant, draft=draft)
        if answer is not None and answer.value.agency_code in known:
            return Routed(answer.value, known[answer.value.agency_code].id, answer.plugin)
    own = by_rules(tenant, draft)
    return None if own is None else Routed(own, known[own.agency_code].id, "lapor")


def investigator(way: str) -> Routed | None:
    """Who investigates on a whistle-blower's path; None when it is the leader without a unit."""
    unit = directory.agencies().get(unit_of(way) or UUID(int=0))
    if unit is None:
        return None
    reason = "Pengaduan tentang pegawai hanya diperiksa Inspektorat."
    if way == "leader":
        reason = "Pengaduan tentang Inspektorat diperiksa pimpinan."
    return Routed(Routing(unit.code, reason, 1.0), unit.id, "lapor")


def is_confidential(draft: Draft) -> bool:
    """True for whistle-blowing: secret by itself, and never shown to the unit complained of."""
    category = reference().categories.get(draft.category or "")
    return category is not None and category.confidential


def own(tenant: Tenant, draft: Draft) -> Routing | None:
    """LAPOR's own answer: a rule for just this, else the learned model, else the category's default.

    A rule for just this names an area, or a category that the citizen gave or the words clearly say.
    Before a category that was hardly guessed the model speaks when it is surer than that guess.
    """
    found = matching(draft, local_day(now(), ZoneInfo(tenant.timezone)))
    if found and _fits_well(found[0], draft):
        return _routing(found[0], draft)
    if active() is not None:
        from plugins.lapor.service.routing import learned

        by_guess = bool(found) and found[0].category_code is not None
        least = learned.SURER_THAN_A_GUESS if by_guess else learned.LEAST_SURE
        told = learned.answer(draft, least=least)
        if told is not None:
            return told
    return _routing(found[0], draft) if found else None


def by_rules(tenant: Tenant, draft: Draft) -> Routing | None:
    """What the tenant's rules say today: the most specific wins, then the higher priority."""
    found = matching(draft, local_day(now(), ZoneInfo(tenant.timezone)))
    return _routing(found[0], draft) if found else None


def _fits_well(rule: Rule, draft: Draft) -> bool:
    clear = not draft.guessed or int(draft.extra.get("strength", 0)) >= CLEAR
    return rule.area_code is not None or (rule.category_code is not None and clear)


def _routing(rule: Rule, draft: Draft) -> Routing:
    agency = directory.agencies()[rule.agency_id]
    return Routing(
        agency_code=agency.code,
        reason=_reason(rule, draft),
        confidence=_confidence(rule, draft),
        words=draft.words,
        rule_id=rule.id,
        document=rule.document,
        source="rule" if rule.category_code or rule.area_code else "default",
    )


def matching(draft: Draft, day: date) -> list[Rule]:
    """The rules that fit and hold on `day`, the one to follow first."""
    known = directory.agencies()
    fitting = [
        rule
        for rule in reference().rules
        if valid_on(rule, day)
        and rule.category_code in (None, draft.category)
        and rule.kind in (None, draft.kind)
        and _covers(rule.area_code, draft.location.area_code)
        and rule.agency_id in known
        and known[rule.agency_id].valid_on(day)
    ]
    return sorted(fitting, key=_rank, reverse=True)


def suggestions(draft: Draft, chosen: Routed | None, text: str) -> tuple[Suggestion, ...]:
    """Up to three units that could own it, each once, with the words that speak for it.

    First the one it was routed to, then the model's, then those of the categories that the words say.
    """
    found: dict[UUID, Suggestion] = {}
    learnt = _learnt(draft)
    ref = agency_ref(chosen.agency_id) if chosen is not None else None
    if chosen is not None and ref is not None:
        told = chosen.routing
        words = told.words or next((each.words for each in learnt if each.agency == ref), ())
        source = told.source if chosen.plugin == "lapor" else chosen.plugin
        found[ref.id] = Suggestion(ref, _bars(told.confidence), words, told.reason, source, told.confidence)
    for each in (*learnt, *_guessed(draft, text)):
        found.setdefault(each.agency.id, each)
    return tuple(found.values())[:3]


def _learnt(draft: Draft) -> list[Suggestion]:
    if active() is None or is_confidential(draft):
        return []
    from plugins.lapor.service.routing import learned

    known, why = directory.agencies_by_code(), learned.because(active())
    return [
        Suggestion(ref, _bars(each.sure), each.words, why, "model", each.sure)
        for each in learned.advice(draft)
        if (ref := agency_ref(known[each.code].id)) is not None
    ]


def _guessed(draft: Draft, text: str) -> list[Suggestion]:
    day = local_day(now(), ZoneInfo(current_tenant().timezone))
    found = []
    for each in guess(text):
        candidate = Draft(draft.kind, "", "", category=each.category.code, location=draft.location)
        for rule in matching(candidate, day)[:1]:
            ref = agency_ref(rule.agency_id)
            if ref is not None:
                strength = min(2, each.strength)
                why = rule.reason or each.category.name
                found.append(Suggestion(ref, strength, each.words, why, "guess", GUESSED[strength]))
    return found


def _covers(rule_area: str | None, area: str | None) -> bool:
    return rule_area is None or (area is not None and (area == rule_area or area.startswith(f"{rule_area}.")))


def _rank(rule: Rule) -> tuple[bool, int, bool, int, date, str]:
    return (
        rule.category_code is not None,
        len(rule.area_code or ""),
        rule.kind is not None,
        rule.priority,
        rule.valid_from or date.min,
        str(rule.id),
    )


def _confidence(rule: Rule, draft: Draft) -> float:
    if rule.category_code is None:
        return 0.3
    strength = draft.extra.get("strength")
    return GUESSED.get(int(strength), 0.7) if draft.guessed and strength else 0.97


def _reason(rule: Rule, draft: Draft) -> str:
    if rule.reason:
        return rule.reason
    category = reference().categories.get(draft.category or "")
    return f"Aturan untuk {category.name.lower()}." if category else "Belum ada aturan yang lebih khusus."


def _bars(confidence: float) -> int:
    return 3 if confidence >= 0.85 else 2 if confidence >= 0.5 else 1
