"""Earlier photos of the tenant that are like this one, by equality on indexed columns alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from plugins.lapor.models import Complaint, Photo
from plugins.lapor.pictures import hashes
from plugins.lapor.pictures.hashes import Fingerprint
from plugins.lapor.service.proof.judge import Match
from plugins.lapor.service.reference import reference
from superapp.sdk import current_tenant, now, session

MOST = 60  # nearest ones that are looked at; a city's logo may stand on thousands
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('lapor.fingerprint', :tenant))")
WRITE = text(
    """
INSERT INTO lapor.fingerprint
    (tenant_id, photo_id, complaint_id, phash, dhash, band_1, band_2, band_3, band_4, made_at)
VALUES (:tenant, :photo, :case, :phash, :dhash, :band_1, :band_2, :band_3, :band_4, :now)
ON CONFLICT (tenant_id, photo_id) DO NOTHING
"""
)
ALIKE = text(
    """
SELECT f.photo_id, f.phash, f.dhash
FROM lapor.fingerprint f
WHERE f.tenant_id = :tenant AND f.photo_id <> :photo
  AND (f.band_1 = ANY(:near_1) OR f.band_2 = ANY(:near_2)
       OR f.band_3 = ANY(:near_3) OR f.band_4 = ANY(:near_4))
  AND bit_count((f.phash # :phash)::bit(64)) <= :alike AND bit_count((f.dhash # :dhash)::bit(64)) <= :edges
ORDER BY bit_count((f.phash # :phash)::bit(64)), f.photo_id
LIMIT :most
"""
)


@dataclass(frozen=True, slots=True)
class Twin:
    """A photo that is like another, and whether it came before it."""

    photo: Photo
    case: Complaint
    match: Match
    earlier: bool


def one_at_a_time() -> None:
    """Let photos of a tenant be compared one after the other, so that two alike ones cannot miss each other.

    Held until the unit of work ends.
    """
    session().execute(LOCK, {"tenant": current_tenant().id})


def keep(photo: Photo, found: Fingerprint | None) -> None:
    """Store the fingerprint; a second time changes nothing."""
    cut = hashes.bands(found.phash) if found else (None,) * hashes.BANDS
    session().execute(
        WRITE,
        {
            "tenant": current_tenant().id,
            "photo": photo.id,
            "case": photo.complaint_id,
            "phash": found.phash if found else None,
            "dhash": found.dhash if found else None,
            **{f"band_{place}": band for place, band in enumerate(cut, 1)},
            "now": now(),
        },
    )


def twins(photo: Photo, own: Complaint, found: Fingerprint | None) -> list[Twin]:
    """All photos that are the same file or show the same, the nearest first.

    Whistle-blowing stays out on both sides of a pair: that such a report holds this picture is itself
    what nobody outside of the inspectorate may learn.
    """
    bits = dict.fromkeys(_same_file(photo), (0, True, True))
    for photo_id, apart, near in _alike(photo, found):
        bits.setdefault(photo_id, (apart, False, near))
    if not bits:
        return []
    query = select(Photo, Complaint).join(Complaint, Complaint.id == Photo.complaint_id)
    rows = session().execute(query.where(Photo.id.in_(bits))).all()
    return [_twin(photo, own, each, case, *bits[each.id]) for each, case in rows if _counts(own, case, each)]


def _counts(own: Complaint, case: Complaint, other: Photo) -> bool:
    """Whether a photo of `case` says anything about one of `own`."""
    if case.id == own.id:
        return True
    if _together(own, case):  # one deed answers all its reports; only what their reporters saw matters
        return other.stage == "report"
    return not (confidential(case) or confidential(own))


def _together(own: Complaint, case: Complaint) -> bool:
    return own.incident_id is not None and own.incident_id == case.incident_id


def confidential(case: Complaint) -> bool:
    """True for whistle-blowing."""
    if case.whistle:
        return True
    category = reference().categories.get(case.category_code or "")
    return category is not None and category.confidential


def _twin(
    photo: Photo, own: Complaint, other: Photo, case: Complaint, apart: int, exact: bool, near: bool
) -> Twin:
    earlier = (other.created_at, other.id) < (photo.created_at, photo.id)
    case_id = own.id if _together(own, case) else case.id
    match = Match(other.id, case_id, other.event_id, other.stage, exact, near, apart)
    return Twin(other, case, match, earlier)


def _same_file(photo: Photo) -> list[UUID]:
    query = select(Photo.id).where(Photo.sha256 == photo.sha256, Photo.id != photo.id, Photo.state == "ready")
    return list(session().scalars(query.limit(MOST)))


def _alike(photo: Photo, found: Fingerprint | None) -> list[tuple[UUID, int, bool]]:
    if found is None:
        return []
    rows = session().execute(ALIKE, parameters(photo.id, found)).all()
    return [
        (
            row.photo_id,
            hashes.distance(row.phash, found.phash),
            hashes.same(Fingerprint(row.phash, row.dhash), found),
        )
        for row in rows
    ]


def parameters(photo_id: UUID, found: Fingerprint) -> dict[str, Any]:
    """What ALIKE asks with: of each band the values within two bits."""
    cut = hashes.bands(found.phash)
    return {
        "tenant": current_tenant().id,
        "photo": photo_id,
        "phash": found.phash,
        "dhash": found.dhash,
        "alike": hashes.ALIKE,
        "edges": hashes.ALIKE_BY_EDGES,
        "most": MOST,
        **{f"near_{place}": hashes.near(band) for place, band in enumerate(cut, 1)},
    }
