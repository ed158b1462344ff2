"""Who owns what, at the desk: rules, trying them, units and their dates, batches, outside owners."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.present import short_day, zone
from plugins.lapor.service.owners import batch, outside, rules, tester
from plugins.lapor.service.owners.judge import Span
from plugins.lapor.words import kind_title, passed_over
from superapp.sdk import AppError, Conflict, FieldError, Invalid, current_actor, directory, permit, render

RULES, MOVES, OUTSIDE = "lapor.rules", "lapor.dispose", "lapor.forward"
Deed = Callable[[], str]


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages about owners that the actor may open."""
    actor = current_actor()
    pages = [
        ("rules", _("Aturan"), RULES),
        ("rule_try", _("Coba aturan"), RULES),
        ("agencies", _("Unit dan reorganisasi"), RULES),
        ("outside", _("Instansi luar"), OUTSIDE),
    ]
    return [
        {"title": title, "url": url_for(f".{name}"), "current": name == current}
        for name, title, right in pages
        if actor.may(right)
    ]


@permit(RULES)
def listing() -> str:
    """The rules that hold or will hold; with ?lama=1 those that are over, too."""
    return _rules()


def _rules(error: AppError | None = None, typed: Mapping[str, str] | None = None) -> str:
    ended = request.args.get("lama") == "1"
    return render(
        "lapor/desk/rules.html",
        tabs=tabs("rules"),
        rows=[rule_row(each) for each in rules.rules(ended=ended)],
        ended=ended,
        choices=citizen_form.choices(),
        units=[(each.code, each.name) for each in queries.agency_choices()],
        kinds=[(each, kind_title(each)) for each in tester.KINDS],
        **_shown(error, typed),
    )


def rule_row(each: rules.RuleRow) -> dict[str, Any]:
    """A rule in words."""
    about = [each.category or _("semua jenis"), each.area or _("semua wilayah")]
    return {
        "id": each.id,
        "about": ", ".join([*about, *([kind_title(each.kind)] if each.kind else [])]),
        "unit": each.agency.name if each.agency else "",
        "priority": each.priority,
        "reason": each.reason,
        "valid": span_words(each.valid),
        "document": each.document,
        "holds": each.holds,
        "open": each.valid.end is None,
    }


def span_words(valid: Span) -> str:
    """ "1 Jan 2026 sampai 3 Mar 2026", with open ends in words."""
    start = day_words(valid.start) if valid.start else _("awal")
    return str(
        _("%(start)s sampai %(end)s", start=start, end=day_words(valid.end))
        if valid.end
        else _("sejak %(start)s", start=start)
    )


def day_words(day: date | None) -> str:
    """A date with its year, because rules live for years."""
    return (
        f"{short_day(day)}"
        if day and day.year != rules.today().year
        else f"{short_day(day)} {day.year}"
        if day
        else ""
    )


@permit(RULES)
def begin() -> Response:
    """Begin a rule."""

    def deed() -> str:
        rules.add_rule(
            agency=_text("agency"),
            category=_text("category"),
            area=_text("area"),
            kind=_text("kind"),
            priority=_number("priority"),
            reason=_text("reason"),
            valid_from=_day("valid_from"),
            valid_to=_day("valid_to"),
            document=_text("document"),
        )
        return str(_("Aturan baru ditambahkan."))

    return _do(deed, ".rules", _rules)


@permit(RULES)
def end(rule_id: UUID) -> Response:
    """Let a rule end."""

    def deed() -> str:
        rules.end_rule(rule_id, last=_day("valid_to"), document=_text("document"))
        return str(_("Aturan diakhiri."))

    return _do(deed, ".rules", _rules)


@permit(RULES)
def try_out() -> Response:
    """Which rule speaks for a report, and why the others do not."""
    given = {name: request.args.get(name, "").strip()[:500] for name in ASKED}
    tried, error = None, None
    if any(given.values()):
        try:
            tried = _attempt(given)
        except Invalid as refused:
            error = refused
    page = render(
        "lapor/desk/rule_try.html",
        tabs=tabs("rule_try"),
        given=given,
        choices=citizen_form.choices(),
        kinds=[(each, kind_title(each)) for each in tester.KINDS],
        tried=told(tried) if tried else None,
        **_shown(error, None),
    )
    return make_response(page, error.status if error else 200)


ASKED = ("text", "category", "kind", "area", "lat", "lng", "date")


def _attempt(given: Mapping[str, str]) -> tester.Tried:
    return tester.attempt(
        _parsed_day(given["date"], "date") or rules.today(),
        text=given["text"],
        category=given["category"],
        kind=given["kind"] or "complaint",
        area=given["area"],
        lat=_degrees(given["lat"], "lat"),
        lng=_degrees(given["lng"], "lng"),
    )


def told(tried: tester.Tried) -> dict[str, Any]:
    """What was tried, in words."""
    known = {each.code: each.name for each in queries.categories()}
    areas = directory.areas()
    return {
        "category": known.get(tried.category or "", tried.category or ""),
        "guessed": tried.guessed,
        "words": ", ".join(tried.words),
        "area": areas[tried.area].name if tried.area in areas else "",
        "nearest": tried.nearest,
        "speaks": tried.speaks is not None,
        "others": tried.others,
        "rows": [
            {
                **rule_row(
                    rules.RuleRow(
                        each.rule.id,
                        known.get(each.rule.category_code or "", ""),
                        areas[each.rule.area_code].name if each.rule.area_code in areas else "",
                        each.rule.kind or "",
                        each.agency,
                        each.rule.priority,
                        each.rule.reason,
                        Span(each.rule.valid_from, each.rule.valid_to),
                        each.rule.document,
                        each.why == "speaks",
                    )
                ),
                "why": passed_over(each.why),
                "speaks": each.why == "speaks",
            }
            for each in tried.verdicts
        ],
    }


@permit(RULES)
def agencies() -> str:
    """Units with their dates, what is stuck with closed ones, and reorganisations."""
    return _agencies()


def _agencies(error: AppError | None = None, typed: Mapping[str, str] | None = None) -> str:
    found, day = batch.stuck(), rules.today()
    units = directory.agencies().values()
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "outside": each.is_external,
            "valid": span_words(Span(each.valid_from, each.valid_to))
            if each.valid_from or each.valid_to
            else "",
            "closed": not each.valid_on(day),
            "ends": each.valid_to is not None,
            "stuck": found.get(each.id, 0),
        }
        for each in units
    ]
    return render(
        "lapor/desk/agencies.html",
        tabs=tabs("agencies"),
        rows=sorted(rows, key=lambda each: (-int(each["stuck"]), bool(each["closed"]), str(each["name"]))),
        changes=[{"row": each, "day": day_words(each.on)} for each in rules.reorganisations()],
        units=[(each.code, each.name) for each in units],
        choices=citizen_form.choices(),
        may_move=current_actor().may(MOVES),
        stuck=sum(found.values()),
        **_shown(error, typed),
    )


@permit(RULES)
def close(code: str) -> Response:
    """Let a unit end."""

    def deed() -> str:
        rules.close_agency(code, last=_day("valid_to"), document=_text("document"))
        return str(_("Unit diakhiri."))

    return _do(deed, ".agencies", _agencies)


@permit(RULES)
def reorganise() -> Response:
    """From a day on, what one unit owned is another's."""

    def deed() -> str:
        moved = rules.reorganise(
            giver=_text("giver"),
            taker=_text("taker"),
            on=_day("on"),
            category=_text("category"),
            document=_text("document"),
            move_rules=bool(_text("move_rules")),
        )
        return str(
            ngettext(
                "Reorganisasi dicatat, %(num)s aturan ikut pindah.",
                "Reorganisasi dicatat, %(num)s aturan ikut pindah.",
                moved,
            )
        )

    return _do(deed, ".agencies", _agencies)


@permit(OUTSIDE)
def abroad() -> str:
    """What lies with outside owners, the longest silent first."""
    rows = [
        {
            "row": each,
            "since": short_day(each.since.astimezone(zone()).date()),
            "heard": short_day(each.heard_at.astimezone(zone()).date()),
        }
        for each in outside.followed()
    ]
    return render("lapor/desk/outside.html", tabs=tabs("outside"), rows=rows, most=outside.SHOWN)


def _do(deed: Deed, target: str, again: Callable[..., str]) -> Response:
    try:
        said = deed()
    except (Invalid, Conflict) as error:
        return make_response(again(error, request.form.to_dict()), error.status)
    flash(said)
    return redirect(url_for(target), 303)


def _shown(error: AppError | None, typed: Mapping[str, str] | None) -> dict[str, Any]:
    """What went wrong beside its field, and what was typed."""
    errors = error.errors if error else ()
    return {
        "error": error,
        "typed": typed or {},
        "wrong": {each.field: each.message for each in errors},
        "errors": [{"field": each.field, "message": each.message} for each in errors],
    }


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _number(name: str) -> int:
    text = _text(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Invalid(errors=[FieldError(name, _("Isi angka 0 sampai 1000."), "format")])
    return int(text)


def _day(name: str) -> date | None:
    return _parsed_day(_text(name), name)


def _parsed_day(text: str, name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(errors=[FieldError(name, _("Tulis tanggal seperti 2026-03-27."), "format")]) from None


def _degrees(text: str, name: str) -> float | None:
    try:
        value = float(text.replace(",", ".")) if text else None
    except ValueError:
        value = float("nan")
    if value is not None and not -180 <= value <= 180:
        raise Invalid(errors=[FieldError(name, _("Tulis derajat, misalnya -8,65."), "format")])
    return value
