"""Hooks with which other plugins extend complaints. Arguments are keywords, the first is `tenant`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from plugins.lapor.contracts import CategoryView, Deadline, Draft, Routing, Status
from superapp.sdk import Tenant, spec


@spec(mode="ask", on_error="skip")
def lapor_categories(tenant: Tenant) -> Sequence[CategoryView] | None:
    """When: a form or a list needs the kinds of matter. None: nothing to add.

    Example: `return [CategoryView("BEACH", "Sampah di pantai", "Sampah & kebersihan", "", ("pantai",))]`
    """


@spec(mode="ask", on_error="skip")
def lapor_enrich(tenant: Tenant, draft: Draft) -> Draft | None:
    """When: before validation. All see the report as sent; a field that an earlier plugin changed stays
    so, LAPOR's own guess comes last. None: leave it as it is.

    Example: `return replace(draft, category="LIGHT.OUT", guessed=True, words=("lampu",))`
    """


@spec(mode="ask", on_error="raise")
def lapor_validate(tenant: Tenant, draft: Draft) -> None:
    """When: after enriching, before a number is given. Raise Invalid or PluginRefused to refuse. None: fine.

    Example: `raise PluginRefused("Keadaan darurat.", "Hubungi 112.")`
    """


@spec(mode="ask", on_error="skip")
def lapor_route(tenant: Tenant, draft: Draft) -> Routing | None:
    """When: a report has a number and needs an owner; the first answer wins, LAPOR's rules answer last.

    None: no opinion. Example: `return Routing("DISHUB", "Lampu di jalan kota", 0.97)`
    """


@spec(mode="ask", on_error="skip")
def lapor_sla(
    tenant: Tenant, draft: Draft, started_at: datetime, steps: Sequence[str], agency_id: UUID | None
) -> Sequence[Deadline] | None:
    """When: clocks of `steps` (verify, follow_up, resolve, confirm) start; `agency_id` is the unit whose
    own clock it is, None for the whole case. Answers of all plugins run side by side; one for another
    step is left out. None: no clock of mine.

    Example: `return [Deadline("verify", due_at, started_at, 1, "wd", authority="tenant")]`
    """


@spec(mode="ask", on_error="skip")
def lapor_channels(tenant: Tenant) -> Mapping[str, str] | None:
    """When: the desk offers channels to choose from: code -> title. None: no further channel.

    Example: `return {"telegram": "Telegram"}`
    """


@spec(mode="ask", on_error="raise")
def lapor_push(tenant: Tenant, complaint_id: str, number: str, status: str) -> None:
    """When: in a job after commit, a case was made or changed and an outside register may want to know.
    An error repeats the job, so pushing twice must not make two. None always.

    Example: `outbox.put(complaint_id, number, status)`
    """


@spec(mode="ask", on_error="skip")
def lapor_pull(tenant: Tenant, since: datetime) -> Sequence[Draft] | None:
    """When: a job asks outside registers for new reports, each with `extra["external_id"]`. None: nothing.

    Example: `return [Draft("complaint", "...", "...", channel="national", extra={"external_id": "42"})]`
    """


@spec(mode="ask", on_error="skip")
def lapor_status_map(tenant: Tenant, status: Status) -> str | None:
    """When: a state is shown in an outside register's words. None: the word is unknown there.

    Example: `return {"closed": "Selesai"}.get(status)`
    """
