"""How the canary crawl visits connections, and one of which each text carries the token."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from plugins.lapor.contracts.outside import Arrival
from plugins.lapor.models import DestinationRow, Difference, OutsideRef, ParcelRow
from plugins.lapor.service.outside import destinations, taking
from superapp.sdk import now, session, work
from superapp.testing.canary import Recipe

ONE = {"destination_id": "lapor_destination"}
RECIPES = {
    "lapor_desk.connection": Recipe(params=ONE),
    "lapor_desk.connection_mode": Recipe(params=ONE, form={"mode": "manual"}),
    "lapor_desk.connection_decide": Recipe(
        params={**ONE, "event_id": "lapor_parcel"}, form={"what": "skip", "reason": "uji"}
    ),
    "lapor_desk.connection_settle": Recipe(
        params={**ONE, "complaint_id": "lapor_outside_case"}, form={"kind": "state", "note": "uji"}
    ),
}


def connect(token: str) -> UUID:
    """A register by the token's name, which gets a copy of what is reported after this."""
    return destinations.connect("kantor", token, title=f"Kantor {token}", takes="all", steps=("verified",)).id


def seed(token: str, destination_id: UUID, complaint_id: UUID) -> dict[str, str]:
    """A dead parcel, a number, news that were only kept, a difference."""
    with work() as unit:
        unit.add(
            Difference(
                destination_id=destination_id,
                complaint_id=complaint_id,
                kind="state",
                ours="received",
                theirs=f"Proses {token}",
            )
        )
        mine = (ParcelRow.destination_id == destination_id, ParcelRow.complaint_id == complaint_id)
        unit.execute(update(ParcelRow).where(*mine).values(state="dead", cause=f"Ditolak {token}"))
        ref = unit.scalars(select(OutsideRef).where(OutsideRef.complaint_id == complaint_id)).one()
        ref.foreign_id, ref.last_word = f"N-{token}", f"Proses {token}"
        target = unit.scalars(select(DestinationRow).where(DestinationRow.id == destination_id)).one()
        target.last_error = f"503 {token}"
        event_id = unit.scalars(select(ParcelRow.event_id).where(*mine)).first()
    taking.take(
        destination_id,
        Arrival(f"a-{token}", now(), foreign_id=f"N-{token}", news="progress", text=f"Kabar {token}"),
    )
    session().expire_all()
    return {
        "lapor_destination": str(destination_id),
        "lapor_parcel": str(event_id),
        "lapor_outside_case": str(complaint_id),
    }
