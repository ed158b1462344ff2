"""Saved views in the inbox: links with a cheap count, and the small form that keeps them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from flask import flash, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor.contracts.desk import ViewLink
from plugins.lapor.service.deskwork import views
from plugins.lapor.service.deskwork.start import Start, look
from superapp.sdk import Actor, AppError, Invalid, current_tenant, permit

# Counts of a view may be this old: a list that is worked through is asked for every few seconds.
FRESH_SECONDS = 20.0
MOST_KEPT = 2000
_counts: dict[tuple[int, UUID | None, UUID], tuple[float, str]] = {}


def start() -> Start:
    """Counts, unread mentions and views of this officer, asked for once a request."""
    if "lapor_start" not in g:
        g.lapor_start = look()
    return cast(Start, g.lapor_start)


def links(actor: Actor, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The views as links; the one that is shown now is marked. Counts stand beside the others."""
    found = start().views
    counts = _counted(actor, found)
    return [
        {
            "id": each.id,
            "title": each.title,
            "url": url_for(".inbox", **dict[str, Any](each.query)),
            "count": counts.get(each.id),
            "current": _same(each.query, query),
            "mine": each.mine or (each.shared != "own" and actor.may("lapor.templates")),
            "first": each.first,
            "shared": each.shared,
        }
        for each in found
    ]


def first_query() -> dict[str, Any] | None:
    """Where the actor's day begins, when they chose a view for it."""
    first = next((each for each in start().views if each.first), None)
    return dict(first.query) if first else None


def sharings(actor: Actor) -> list[tuple[str, str]]:
    """For whom this officer may keep a view."""
    found = [("own", _("saya sendiri"))]
    if actor.agency_id is not None:
        found.append(("unit", _("unit saya")))
    if actor.may("lapor.templates"):
        found.append(("desk", _("seluruh meja")))
    return found


@permit("lapor.inbox")
def save() -> Response:
    """Keep what the list shows under a name."""
    query = {name: request.form.get(f"view-{name}", "") for name in ("box", *views.KEPT)}
    kept: dict[str, Any] = {name: value for name, value in query.items() if value}
    try:
        views.save(
            request.form.get("title", ""),
            request.form.get("shared", "own"),
            kept,
            first=request.form.get("first") == "1",
        )
    except Invalid as error:
        flash(" ".join(each.message for each in error.errors), "error")
        return redirect(url_for(".inbox", **kept), 303)
    except AppError as error:
        flash(f"{error.title} {error.detail}".strip(), "error")
        return redirect(url_for(".inbox", **kept), 303)
    flash(_("Tampilan disimpan."))
    return redirect(url_for(".inbox", **kept), 303)


@permit("lapor.inbox")
def remove(view_id: UUID) -> Response:
    """Forget a view."""
    views.remove(view_id)
    flash(_("Tampilan dihapus."))
    return redirect(url_for(".inbox"), 303)


@permit("lapor.inbox")
def begin(view_id: UUID) -> Response:
    """Begin the day with this view, or no longer."""
    views.begin_with(view_id if request.form.get("on") == "1" else None)
    flash(_("Tersimpan."))
    return make_response(redirect(url_for(".inbox"), 303))


def _counted(actor: Actor, found: Sequence[ViewLink]) -> dict[UUID, str]:
    tenant, moment = current_tenant().id, time.monotonic()
    keys = {each.id: (tenant, actor.id, each.id) for each in found}
    known = {view: _counts[key] for view, key in keys.items() if key in _counts}
    fresh = {view: said for view, (until, said) in known.items() if until > moment}
    missing = [each for each in found if each.id not in fresh]
    if missing:
        if len(_counts) > MOST_KEPT:
            _counts.clear()
        counted = views.counted(missing)
        _counts.update({keys[view]: (moment + FRESH_SECONDS, said) for view, said in counted.items()})
        fresh |= counted
    return fresh


def _same(kept: Any, query: dict[str, Any]) -> bool:
    return {"box": "all", **kept} == {"box": "all", **query}
