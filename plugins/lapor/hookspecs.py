"""Hooks with which other plugins extend complaints. Arguments are keywords, the first is `tenant`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from plugins.lapor.contracts import CategoryView, Deadline, Draft, Routing, Status
from plugins.lapor.contracts.outside import CardLine, CaseRef, Destination, Parcel, Pulled, Pushed, Standing
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
def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
    """When: in a job, outside of any transaction, a parcel is due for `parcel.destination`. Raise Busy,
    Refused or Unsure (contracts.outside) when it was not taken. None: not my destination.

    Example: `return Pushed(foreign_id=api.send(parcel.case, key=str(parcel.id)))`
    """


@spec(mode="ask", on_error="raise")
def lapor_pull(tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
    """When: a job asks a register what is new since `cursor` ({} at first). Raise Busy to be asked
    later. None: not my destination, or it never has news by itself.

    Example: `return Pulled([Arrival("n-7", at, foreign_id="42", news="progress", text="...")], {"after": 7})`
    """


@spec(mode="ask", on_error="raise")
def lapor_compare(
    tenant: Tenant, destination: Destination, refs: Sequence[CaseRef]
) -> Sequence[Standing] | None:
    """When: at night, both sides are compared; a case left out of the answer is unknown there. Raise
    Busy to be asked later. None: not my destination, or it cannot be asked.

    Example: `return [Standing("42", "Selesai", ("closed",))]`
    """


@spec(mode="ask", on_error="skip")
def lapor_card(tenant: Tenant, parcel: Parcel) -> Sequence[CardLine] | None:
    """When: an officer keys a parcel into the other side's form by hand. None: LAPOR's own card.

    Example: `return [CardLine("Judul laporan", parcel.case.title), CardLine("Kategori", "JALAN BERLUBANG")]`
    """


@spec(mode="ask", on_error="skip")
def lapor_status_map(tenant: Tenant, status: Status) -> str | None:
    """When: a state is shown in an outside register's words. None: the word is unknown there.

    Example: `return {"closed": "Selesai"}.get(status)`
    """
