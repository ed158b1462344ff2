"""The reporter's own page: the questions an officer waits for, and the form that sets a report right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from plugins.lapor import present
from plugins.lapor.citizen import form as citizen_form
from plugins.lapor.contracts import PublicView, Question
from plugins.lapor.service.coaching.reporter import OwnPage, own_page
from plugins.lapor.settings import setting
from superapp.sdk import FieldError, Invalid, current_tenant

PREFIX = "ca-"  # answers inside of the correction; those to an officer are "a-"
ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
FIELDS = ("title", "body", "category", "address", "area")


def asked_of(case: PublicView) -> dict[str, Any]:
    """What an officer asked: the questions that can be answered by a tap, and what happens without answer."""
    page = own_page(case.number)
    codes = page.waiting.codes if page.waiting else ()
    listed = [each for each in page.questions if each.code in codes]
    return {
        "questions": listed,
        "one_tap": one_tap(listed),
        "until": present.long_day(page.waiting.due_on) if page.waiting else "",
        "then": str(setting("ask_then")),
    }


def one_tap(listed: list[Question]) -> Question | None:
    """The only question, when its options can each be a button."""
    return (
        listed[0] if len(listed) == 1 and listed[0].kind == "choice" and len(listed[0].options) <= 6 else None
    )


def correcting(case: PublicView, page: OwnPage) -> dict[str, Any]:
    """The correction's form as it is filled in at first."""
    known = {each.code: list(each.value) for each in page.answers}
    return {
        "until": format_datetime(page.correct_until, "HH.mm"),
        "zone": ZONES.get(current_tenant().timezone, ""),
        "choices": citizen_form.choices(),
        "questions": [each for each in page.questions if each.kind != "file"],
        "answers": known,
        "now": {
            "title": case.title,
            "body": case.body,
            "category": case.category_code,
            "address": case.address,
            "area": case.area_code or "",
        },
        "prefix": PREFIX,
    }


def read_correction(form: MultiDict[str, str]) -> dict[str, Any]:
    """What `service.correct` takes. Raises Invalid for a form without the version it was made of."""
    version = form.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise Invalid(errors=[FieldError("version", _("Muat ulang halaman ini lalu coba lagi."), "format")])
    values = {name: form.get(f"c-{name}", "") for name in FIELDS}
    names = [name for name in form if name.startswith(PREFIX)][:60]
    return {
        "version": int(version),
        "title": values["title"],
        "body": values["body"],
        "category": values["category"],
        "address": values["address"],
        "area": values["area"],
        "given": {name.removeprefix(PREFIX): form.getlist(name)[:60] for name in names},
    }


def in_correction(errors: Iterable[FieldError]) -> list[FieldError]:
    """Errors by the names that the fields have in the correction's form."""
    return [FieldError(_renamed(each.field), each.message, each.code) for each in errors]


def _renamed(name: str) -> str:
    if name.startswith("answers."):
        return f"{PREFIX}{name.removeprefix('answers.')}"
    return f"c-{name.rsplit('.', 1)[-1]}"


def typed(form: MultiDict[str, str]) -> dict[str, Any]:
    """What was typed, to be shown again; fields that may come several times also as "<name>[]".

    What was meant as a correction is offered as a remark, too, for when its time is over.
    """
    found: dict[str, Any] = form.to_dict()
    found |= {f"{name}[]": form.getlist(name) for name in form if name.startswith(("a-", PREFIX))}
    return {"text": found["c-body"], **found} if "c-body" in found else found
