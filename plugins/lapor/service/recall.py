"""Taking back what the system sent on by itself."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from plugins.lapor.contracts import Done
from plugins.lapor.service.case import changing
from plugins.lapor.service.owners import parts
from plugins.lapor.service.routing import decisions
from plugins.lapor.service.time import clocks
from plugins.lapor.service.validate import require
from superapp.sdk import Conflict


def recall(complaint_id: UUID, *, version: int | None = None, reason: str) -> Done:
    """Take a case back that the system sent on, before its unit began; the clock of verifying runs again.

    Raises Conflict when a person sent it on, Invalid without a reason; see `case.changing` for the rest.
    """
    why = require("reason", reason, most=500)
    with changing(complaint_id, "recall", version=version) as change:
        last = decisions.latest(complaint_id)
        if last is None or last.how != "system" or last.recalled_at is not None:
            raise Conflict(
                _("Laporan ini diteruskan oleh petugas."), _("Teruskan ke unit lain bila unitnya keliru.")
            )
        parts.end_all(change, "replaced")
        parts.set_lead(change)
        change.finish("follow_up", "verify")
        clocks.start(change, "verify")
        last.recalled_at, last.recalled_by = change.moment, change.actor.name
        change.text, change.public = why, False
    return change.done
