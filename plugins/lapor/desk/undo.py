"""Taking back what was just done: a toast after the step, a line on the case for a minute."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from plugins.lapor import queries
from plugins.lapor.contracts import DeskView
from plugins.lapor.contracts.desk import Outcome
from plugins.lapor.desk.panel import Panel
from plugins.lapor.desk.rows import short_number
from plugins.lapor.service.deskwork import undo
from plugins.lapor.service.kept import steps
from plugins.lapor.words import event_title
from superapp.sdk import Actor, NotFound, permit, render


def tell(complaint_id: UUID, text: str) -> None:
    """A toast about the actor's last step on a case, with the way to take it back."""
    offer = steps.offer(complaint_id)
    flash(text, _category(offer.batch_id) if offer and not offer.refusal else "message")


def tell_batch(batch_id: UUID, text: str) -> None:
    """A toast about a deed over several cases."""
    flash(text, _category(batch_id))


def last_step(view: DeskView, actor: Actor) -> Panel | None:
    """What the actor just did here, and the button that takes it back, or why there is none."""
    offer = steps.offer(view.id)
    if offer is None:
        return None
    facts = {
        "what": event_title(offer.action),
        "seconds": offer.seconds,
        "refusal": offer.refusal,
        "url": url_for(".undo", batch_id=offer.batch_id),
    }
    return Panel("lapor/desk/panels/undo.html", facts, "top")


@permit("lapor.inbox")
def take_back(batch_id: UUID) -> Response:
    """Undo a step, a macro or a bulk action; what could not be undone says why."""
    outcomes = undo.undo(batch_id)
    failed = [each for each in outcomes if not each.ok]
    if not failed:
        flash(_done(outcomes))
        return redirect(_back(outcomes), 303)
    if len(outcomes) == 1:
        flash(f"{short_number(failed[0].number)}: {failed[0].why}", "error")
        return redirect(_back(outcomes), 303)
    title = _("%(done)s dari %(all)s diurungkan", done=len(outcomes) - len(failed), all=len(outcomes))
    return make_response(render("lapor/desk/outcomes.html", title=title, outcomes=outcomes, undo_url=""), 409)


def _done(outcomes: Sequence[Outcome]) -> str:
    if len(outcomes) > 1:
        return str(_("%(count)s laporan kembali seperti semula.", count=len(outcomes)))
    return f"{short_number(outcomes[0].number)}: {_('kembali seperti semula')}"


def _back(outcomes: Sequence[Outcome]) -> str:
    """The list when the deed was done there, else the one case when the actor may see it."""
    came = urlsplit(request.referrer or "")
    if len(outcomes) > 1 or came.path == url_for(".inbox"):
        return url_for(".inbox") + (f"?{came.query}" if came.path == url_for(".inbox") and came.query else "")
    try:
        queries.id_of(outcomes[0].number)
    except NotFound:
        return url_for(".inbox")
    return url_for(".case", number=outcomes[0].number)


def _category(batch_id: UUID) -> str:
    return "undo:" + url_for(".undo", batch_id=batch_id)
