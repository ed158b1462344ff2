"""Likeness and incidents in the worker: marking reports, carrying the lead's steps, finding twins."""

from __future__ import annotations

from uuid import UUID

from plugins.lapor.events import CaseChanged
from plugins.lapor.service.alike import prints, twins
from plugins.lapor.service.incident import carry as carrying
from plugins.lapor.service.incident import gather
from superapp.sdk import Event, Tenant, work


def follow(tenant: Tenant, event: Event) -> None:
    """Keep what a case is compared by true to the case, from its first second on."""
    if isinstance(event, CaseChanged):
        prints.keep(UUID(event.complaint_id))


def carry(incident_id: str) -> None:
    """Bring all voices up to the lead, and see who leads and whether it is over."""
    carrying.carry(UUID(incident_id))
    gather.settle(UUID(incident_id))


def mend() -> None:
    """Mark reports whose event was lost, or that came before there were marks."""
    prints.mend()


def find_twins() -> None:
    """List pairs of the same text that lie with different units, once a night."""
    with work():
        twins.find()
