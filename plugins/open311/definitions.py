"""What a service asks beside the usual: a category's own questions as GeoReport's attributes.

A question for a picture has no datatype there: it is told for information, and pictures come as `media`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from plugins.lapor.contracts import Question
from plugins.lapor.contracts.door import DOOR
from plugins.open311 import given
from superapp.sdk import FieldError, Invalid, current_tenant, log, use

DATATYPES: Final[Mapping[str, str]] = {
    "string": "string",
    "text": "text",
    "number": "number",
    "date": "datetime",
    "choice": "singlevaluelist",
    "several": "multivaluelist",
    "file": "string",
}
DECIMAL = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,6})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def attributes(code: str) -> list[dict[str, Any]]:
    """The attributes of a service, numbered in the order in which they are asked."""
    asked = use(DOOR).questions_of(code)
    return [_attribute(each, place) for place, each in enumerate(asked, start=1)]


def _attribute(question: Question, place: int) -> dict[str, Any]:
    is_asked = question.kind != "file"
    found: dict[str, Any] = {
        "variable": is_asked,
        "code": question.code,
        "datatype": DATATYPES[question.kind],
        "required": question.required and is_asked,
        "datatype_description": _how(question),
        "order": place,
        "description": question.label,
    }
    if question.options:
        found["values"] = [{"key": each, "name": each} for each in question.options]
    return found


def _how(question: Question) -> str:
    """How an answer is written, for the people before the client."""
    if question.kind == "file":
        return str(_("Kirim foto sebagai media."))
    if question.kind == "number" and question.unit:
        return str(_("Angka dalam %(unit)s.", unit=question.unit)) + _help(question)
    if question.kind == "date":
        return str(_("Tanggal seperti 2026-03-27.")) + _help(question)
    return question.help


def _help(question: Question) -> str:
    return f" {question.help}" if question.help else ""


def answers(service: str, sent: Mapping[str, Sequence[str]], *, strict: bool) -> dict[str, Any]:
    """`attribute[CODE]` as LAPOR's own answers; what LAPOR judges wrong it refuses by itself.

    What nobody asked is left out and logged, or refused when `strict`. Raises Invalid naming each
    wrong attribute: unknown, or required and without an answer.
    """
    asked = {each.code: each for each in use(DOOR).questions_of(service)}
    unknown = sorted(set(sent) - set(asked))
    errors = []
    if unknown and strict:
        for name in unknown:
            message = _("attribute %(code)s: tidak ada pada layanan ini.", code=name)
            errors.append(FieldError(f"answers.{name}", message, "unknown"))
    elif unknown:
        log.get(__name__).info("open311_unknown_attributes", service=service, count=len(unknown))
    found: dict[str, Any] = {}
    for question in asked.values():
        if question.kind == "file":
            continue
        values = list(sent.get(question.code, ()))
        if values:
            found[question.code] = _spelled(question, values)
        elif question.required:
            message = _(
                "attribute %(code)s: wajib dijawab. %(label)s", code=question.code, label=question.label
            )
            errors.append(FieldError(f"answers.{question.code}", message, "required"))
    if errors:
        raise Invalid(errors=errors)
    return found


def _spelled(question: Question, values: list[str]) -> Any:
    """A program's spelling as LAPOR reads it: 1.284 is a decimal fraction, a moment is its local day."""
    if question.kind == "several" or len(values) != 1:
        return values
    [value] = values
    if question.kind == "number" and DECIMAL.fullmatch(value.strip()):
        return float(value)
    if question.kind == "date" and not DAY.fullmatch(value.strip()):
        return _local_day(value, question.code)
    return value


def _local_day(value: str, code: str) -> str:
    moment = given.moment({code: value}, code)
    zone = ZoneInfo(current_tenant().timezone)
    return moment.astimezone(zone).date().isoformat() if isinstance(moment, datetime) else value
