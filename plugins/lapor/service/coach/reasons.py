"""Reasons of a government for archiving, returning and holding: each with its rule and a remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from plugins.lapor.contracts import Reason, ReasonKind
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.coach.rows import reasons_of, rows
from superapp.sdk import FieldError, Invalid, current_tenant

VARIABLES = ("nomor", "kota", "unit", "judul")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
INCOMPLETE = "incomplete"


def chosen(kind: ReasonKind, code: str, field: str = "reason_code") -> Reason:
    """The reason of this code that may be given today. Raises Invalid."""
    found = next((each for each in reasons_of(kind) if each.code == code), None)
    if found is None:
        raise Invalid(errors=[FieldError(field, _("Pilih alasan dari daftar."), "choice")])
    return found


def titles(kind: ReasonKind) -> dict[str, str]:
    """What may be given as a reason today: title by code, in order."""
    return {each.code: each.title for each in reasons_of(kind)}


def known(kind: ReasonKind, code: str) -> Reason | None:
    """The reason of this code, also one that is given no more: for cases that ended by it."""
    return next((each for each in rows().reasons if each.kind == kind and each.code == code), None)


def for_case(reason: Reason, case: Any) -> Reason:
    """The reason with the case's own number, city and unit in its texts."""
    return replace(reason, rule=filled(reason.rule, case), remedy=filled(reason.remedy, case))


def facts(reason: Reason | None, case: Any) -> dict[str, str]:
    """What the timeline keeps of a reason: title, rule, remedy, and the remedy of one tap; {} for none."""
    if reason is None:
        return {}
    told = for_case(reason, case)
    kept = {"reason_code": told.code, "reason_title": told.title, "rule": told.rule, "remedy": told.remedy}
    kept |= {"step": told.step, "link": told.link} if told.step else {}
    return kept


def filled(text: str, case: Any) -> str:
    """`{nomor}`, `{kota}`, `{unit}` and `{judul}` put in; another one stays as it is written."""
    unit = agency_ref(case.agency_id or case.suggested_id)
    values = {
        "nomor": case.number,
        "kota": current_tenant().name,
        "unit": unit.name if unit else _("unit yang berwenang"),
        "judul": case.title,
    }
    return PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def unknown_variables(texts: Iterable[str]) -> list[str]:
    """Placeholders that nothing would be put in for."""
    return sorted({name for text in texts for name in PLACEHOLDER.findall(text) if name not in VARIABLES})
