"""How good suggestions are: figures by week and unit, versions of the model, and what goes on alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries, service
from plugins.lapor.contracts.routing import ModelView, ReportView, UnitQuality
from plugins.lapor.desk.case import draw, field_errors, wanted_version
from plugins.lapor.desk.inbox import thousands
from plugins.lapor.desk.rows import short_number
from plugins.lapor.desk.story import hour
from plugins.lapor.desk.suggesting import VIEW, percent
from plugins.lapor.present import short_day
from plugins.lapor.service.routing import report, versions
from plugins.lapor.service.routing.version import active
from plugins.lapor.settings import setting
from superapp.sdk import (
    AppError,
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    current_actor,
    directory,
    permit,
    render,
)

RULE = "lapor.routing"
WEEKS = 12
WIDE, HIGH, LEFT, FOOT = 640, 180, 40, 24  # the chart, in its own units


@permit(VIEW)
def page() -> str:
    """The newest report, the weeks before it, each unit, and the versions."""
    return _page()


@permit(RULE)
def train() -> Response:
    """Let the worker train a version now."""
    versions.ask_for_training()
    flash(_("Pelatihan dimulai. Versi baru muncul di sini dalam beberapa menit."))
    return redirect(url_for(".routing"), 303)


@permit(RULE)
def use(model_id: UUID) -> Response:
    """Let another version give the suggestions."""
    try:
        made = versions.use(model_id)
    except Conflict as error:
        return Response(_page(error), error.status, content_type="text/html; charset=utf-8")
    flash(_("Versi %(when)s dipakai sejak sekarang.", when=hour(made.trained_at)))
    return redirect(url_for(".routing"), 303)


@permit(RULE)
def read() -> Response:
    """Say that the alarms of a week were seen. Raises BadRequest for what is no day."""
    try:
        week = date.fromisoformat(request.form.get("week", ""))
    except ValueError:
        raise BadRequest(_("Minggu ini tidak dikenal."), _("Muat ulang halaman.")) from None
    report.read(week)
    flash(_("Peringatan sudah ditandai terbaca."))
    return redirect(url_for(".routing"), 303)


@permit("lapor.dispose")
def recall(number: str) -> Response:
    """Take back what the system sent on."""
    complaint_id = queries.id_of(number)
    typed = {"recall-reason": request.form.get("recall-reason", "")}
    try:
        service.recall(complaint_id, version=wanted_version(), reason=typed["recall-reason"])
    except (Invalid, Conflict, Forbidden) as error:
        page = draw(complaint_id, error=error, action="recall", typed=typed)
        return Response(page, error.status, content_type="text/html; charset=utf-8")
    flash(f"{short_number(number)}: {_('penerusan otomatis ditarik kembali')}")
    return redirect(url_for(".case", number=number), 303)


def _page(error: AppError | None = None) -> str:
    found, made = report.reports(WEEKS), versions.versions()
    newest = found[0] if found else None
    return render(
        "lapor/desk/routing.html",
        error=error,
        errors=field_errors(error, "routing"),
        newest=newest,
        title=_finding(newest),
        stats=_stats(newest) if newest else [],
        alarms=[_alarm(each) for each in newest.alarms] if newest and not newest.seen else [],
        chart=_chart(found[::-1]),
        weeks=[(short_day(each.week), each, percent(each.first, each.suggested)) for each in found],
        units=[_unit(each) for each in newest.units] if newest else [],
        versions=[_version(each) for each in made],
        alone=_alone(),
        may_rule=current_actor().may(RULE),
    )


def _finding(newest: ReportView | None) -> str:
    if newest is None or not newest.suggested:
        return str(_("Belum ada laporan mingguan"))
    return str(
        _(
            "Saran pertama benar %(share)s dari %(cases)s laporan dalam empat minggu",
            share=percent(newest.first, newest.suggested),
            cases=thousands(newest.suggested),
        )
    )


def _stats(newest: ReportView) -> list[tuple[str, str, str]]:
    """Label, value and what it is made of."""

    def base(whole: int) -> str:
        return str(_("dari %(whole)s", whole=thousands(whole)))

    return [
        (_("Saran pertama benar"), percent(newest.first, newest.suggested), base(newest.suggested)),
        (_("Termasuk tiga saran"), percent(newest.three, newest.suggested), base(newest.suggested)),
        (_("Sangat yakin, dan benar"), percent(newest.strong_right, newest.strong), base(newest.strong)),
        (_("Mendapat saran sangat yakin"), percent(newest.strong, newest.cases), base(newest.cases)),
        (_("Diteruskan tanpa petugas, benar"), percent(newest.alone_right, newest.alone), base(newest.alone)),
    ]


def _alarm(alarm: Mapping[str, Any]) -> str:
    if alarm["kind"] == "alone":
        return str(
            _(
                "Penerusan tanpa petugas benar %(right)s dari %(cases)s, lalu dihentikan. Pilih versi lain.",
                right=alarm["right"],
                cases=alarm["cases"],
            )
        )
    unit = directory.agencies_by_code().get(alarm["code"])
    return str(
        _(
            "%(unit)s: dikenali %(right)s dari %(cases)s laporan, sebelumnya %(before)s dari %(all)s.",
            unit=unit.name if unit else alarm["code"],
            right=alarm["right"],
            cases=alarm["cases"],
            before=alarm["right_before"],
            all=alarm["cases_before"],
        )
    )


def _unit(each: UnitQuality) -> dict[str, Any]:
    unit = directory.agencies_by_code().get(each.code)
    return {
        "name": unit.name if unit else each.code,
        "cases": each.cases,
        "recall": percent(each.right, each.cases),
        "before": percent(each.right_before, each.cases_before),
        "cases_before": each.cases_before,
        "precision": percent(each.right, each.suggested),
        "suggested": each.suggested,
        "share": each.recall or 0.0,
    }


def _version(each: ModelView) -> dict[str, Any]:
    states = {"candidate": _("calon"), "active": _("dipakai"), "retired": _("dulu dipakai")}
    basis = _("contoh kata tiap jenis")
    if each.basis == "decisions":
        basis = _("%(rows)s keputusan petugas", rows=thousands(each.rows))
    measured = _("belum diukur")
    if each.first is not None:
        measured = _(
            "benar %(share)s, tiga saran %(three)s, dari %(later)s laporan lebih baru",
            share=f"{each.first:.0%}",
            three=f"{each.three or 0:.0%}",
            later=thousands(each.later),
        )
    return {
        "id": each.id,
        "when": hour(each.trained_at),
        "state": states[each.state],
        "active": each.state == "active",
        "basis": basis,
        "measured": measured,
        "note": each.note,
        "url": url_for(".use_version", model_id=each.id) if each.usable and each.state != "active" else "",
    }


def _alone() -> str:
    """Whether anything goes on without an officer, and from where on that is proven."""
    if not setting("dispatch_alone"):
        return str(_("Mati. Semua laporan menunggu petugas."))
    version = active()
    if version is not None and version.paused:
        return str(_("Dihentikan, karena terlalu sering keliru. Pakai versi lain atau latih lagi."))
    target = f"{float(str(setting('dispatch_target'))):.0%}"
    found = _limit() if version is not None else None
    if found is None:
        return str(_("Menyala, tetapi belum ada keyakinan yang terbukti %(target)s benar.", target=target))
    return str(
        _(
            "Menyala: dari %(cases)s laporan yang cukup yakin, %(share)s benar; sasaran %(target)s terbukti.",
            cases=thousands(found.cases),
            share=percent(found.right, found.cases),
            target=target,
        )
    )


def _limit() -> Any:
    from plugins.lapor.service.routing import memory
    from plugins.lapor.service.routing.alone import limit

    model = memory.model()
    return limit(model) if model is not None else None


def _chart(weeks: Sequence[ReportView]) -> dict[str, Any] | None:
    """Points of the line from zero to all, the oldest week first; None with fewer than two weeks."""
    told = [each for each in weeks if each.suggested]
    if len(told) < 2:
        return None
    step = (WIDE - LEFT - 48) / (len(told) - 1)
    points = []
    for place, each in enumerate(told):
        share = each.first / each.suggested
        x, y = LEFT + place * step, 8 + (1 - share) * (HIGH - FOOT - 8)
        points.append(
            {"x": round(x, 1), "y": round(y, 1), "label": short_day(each.week), "share": f"{share:.0%}"}
        )
    lines = [(8 + (1 - part) * (HIGH - FOOT - 8), f"{part:.0%}") for part in (0, 0.5, 1)]
    return {
        "points": points,
        "line": " ".join(f"{each['x']},{each['y']}" for each in points),
        "grid": lines,
        "wide": WIDE,
        "high": HIGH,
        "left": LEFT,
        "said": _(
            "Dari %(first)s pada minggu %(old)s menjadi %(last)s pada minggu %(new)s.",
            first=points[0]["share"],
            old=points[0]["label"],
            last=points[-1]["share"],
            new=points[-1]["label"],
        ),
    }
