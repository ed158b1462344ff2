"""Reporters who were asked and did not answer: reminded once, then the case goes on or is archived."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from plugins.lapor.jobs.clocks import each_of
from plugins.lapor.models import AskedRow
from plugins.lapor.service.coach.rows import today
from plugins.lapor.service.coaching.wait import give_up, remind
from plugins.lapor.settings import setting
from superapp.sdk import now


def remind_silent() -> None:
    """Remind those who were asked some days ago. A repeat finds them reminded."""
    before = now() - timedelta(days=int(str(setting("ask_remind_days"))))
    due = select(AskedRow.complaint_id).where(
        AskedRow.ended_at.is_(None), AskedRow.reminded_at.is_(None), AskedRow.asked_at <= before
    )
    each_of(due.order_by(AskedRow.asked_at, AskedRow.id), remind)


def settle_silent() -> None:
    """End the waiting whose last day has come. A repeat finds it ended."""
    due = select(AskedRow.complaint_id).where(AskedRow.ended_at.is_(None), AskedRow.due_on <= today())
    each_of(due.order_by(AskedRow.due_on, AskedRow.id), give_up)
