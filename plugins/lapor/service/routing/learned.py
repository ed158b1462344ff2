"""What the tenant's learned model says about a report, as the desk and the hooks take it.

Imported once a tenant has a model: until then a process does without the arrays.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Draft, Routing
from plugins.lapor.service.routing import memory
from plugins.lapor.service.routing.model import Advice, Model, Similar, advise, similar
from plugins.lapor.service.routing.signs import Report
from plugins.lapor.service.routing.version import Active, active
from superapp.sdk import current_tenant, directory, now

LEAST_SURE = 0.35  # below it the rule for everything is the more honest answer
SURER_THAN_A_GUESS = 0.5
UNMEASURED = 0.69  # as sure as a model may be before anything was measured: two bars


def report_of(draft: Draft) -> Report:
    """A report as the model sees it. A guessed category is left out: the words say it already."""
    place = draft.location
    category = "" if draft.guessed else draft.category or ""
    return Report(f"{draft.title}\n{draft.body}", place.area_code or "", draft.channel, category)


def advice(draft: Draft) -> list[Advice]:
    """At most three units that exist today, the likeliest first; empty without a usable model."""
    found = memory.model()
    return [] if found is None else advice_of(found, draft)


def advice_of(model: Model, draft: Draft) -> list[Advice]:
    """As `advice`, of this model."""
    day = local_day(now(), ZoneInfo(current_tenant().timezone))
    today = {each.code for each in directory.agencies().values() if each.valid_on(day)}
    told = advise(model, report_of(draft), today)
    if model.measured or not told:
        return told
    return [Advice(each.code, min(each.sure, UNMEASURED), each.words) for each in told]


def answer(draft: Draft, *, least: float = LEAST_SURE) -> Routing | None:
    """The model's routing when it is at least this sure; None otherwise."""
    told = advice(draft)
    if not told or told[0].sure < least:
        return None
    return Routing(
        agency_code=told[0].code,
        reason=because(active()),
        confidence=told[0].sure,
        words=told[0].words,
        document="",
        source="model",
    )


def because(version: Active | None) -> str:
    """Where the model's knowledge comes from, in a sentence."""
    if version is None or version.basis == "examples":
        return str(_("Dari contoh kata tiap jenis; belum dari keputusan petugas."))
    rows = f"{version.rows:,}".replace(",", ".")
    return str(_("Dipelajari dari %(rows)s keputusan petugas.", rows=rows))


def like_this(code: str, sure: float) -> Similar:
    """How often the model was right on later reports like this one; none without a measured model."""
    model = memory.model()
    if model is None or code not in model.codes:
        return Similar(0, 0)
    return similar(model, code, sure)
