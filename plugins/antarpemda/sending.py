"""What LAPOR has to tell a linked government leaves as a letter, in one transaction with nothing else."""

from __future__ import annotations

from plugins.antarpemda import letters, links
from plugins.lapor.contracts.outside import OUTSIDE, Busy, Parcel, Pushed
from superapp.sdk import NotFound, Tenant, post, use, work

CASE = "antarpemda.case"
MOST_PICTURES, MOST_BYTES = 8, 11 * 1024 * 1024


def push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
    """As `lapor_push`. The number there comes later, as news. Raises Refused or Busy."""
    if parcel.destination.plugin != links.PLUGIN:
        return None
    with work():
        told = letters.compose(parcel)
        if told is None:
            return Pushed(note="nothing to tell")
        whole = "title" in told
        try:
            post(
                parcel.destination.key,
                CASE,
                told,
                letter=str(parcel.id),
                order=str(parcel.case.id),
                enclosed=_pictures(parcel, whole=whole),
            )
        except NotFound as error:
            raise Busy(error.title) from error
    return Pushed()


def _pictures(parcel: Parcel, *, whole: bool) -> list[bytes]:
    """Public pictures: all of a case that is new there, else those of the step."""
    found: list[bytes] = []
    for photo_id in (parcel.case.photos if whole else parcel.photos)[:MOST_PICTURES]:
        data = use(OUTSIDE).photo(parcel.case.id, photo_id).data
        if sum(map(len, found)) + len(data) <= MOST_BYTES:
            found.append(data)
    return found
