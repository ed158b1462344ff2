"""Making pictures ready, comparing them, checking documents, covering what nobody should see."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from plugins.lapor.models import Complaint, Document, Photo, Redaction
from plugins.lapor.pictures import darkroom, pdf
from plugins.lapor.pictures.areas import readable
from plugins.lapor.pictures.hashes import Fingerprint
from plugins.lapor.pictures.mark import Mark
from plugins.lapor.service.proof import compare, findings, judge
from superapp.sdk import current_tenant, defer, now, session, storage, work


def develop_photo(photo_id: str) -> None:
    """Make a picture ready and say what speaks against it, or why it cannot be made ready.

    A repeat finds nothing to do: picture, fingerprint and findings are written in one transaction.
    """
    row = (
        session()
        .scalars(select(Photo).where(Photo.id == UUID(photo_id), Photo.state == "waiting"))
        .one_or_none()
    )
    if row is None:
        return
    try:
        made = darkroom.develop(storage.read(row.raw), row.mimetype, ZoneInfo(current_tenant().timezone))
    except darkroom.BrokenPicture as error:
        _finish(row.id, row.raw, {"state": "rejected", "reason": str(error)})
        return
    values = {
        "state": "ready",
        "full": storage.put("lapor_photo", made.full, ".webp"),
        "thumb": storage.put("lapor_thumb", made.thumb, ".webp"),
        "width": made.width,
        "height": made.height,
        "taken_at": made.taken_at,
        "lat": made.lat,
        "lng": made.lng,
    }
    _finish(row.id, row.raw, values, made)


def _finish(
    photo_id: UUID, raw: str, values: dict[str, object], made: darkroom.Developed | None = None
) -> None:
    """Write what became of it, once; what was sent is forgotten after that."""
    with work() as unit:
        compare.one_at_a_time()
        mine = update(Photo).where(Photo.id == photo_id, Photo.state == "waiting").values(**values, raw="")
        if not unit.execute(mine.returning(Photo.id)).all():
            return
        if made is not None:
            _compare(photo_id, made.fingerprint, made.marks)
        defer("lapor.drop_files", names=raw)


def _compare(photo_id: UUID, found: Fingerprint | None, marks: tuple[Mark, ...]) -> None:
    """Judge a ready photo, and the younger ones that are like it."""
    query = select(Photo, Complaint).join(Complaint, Complaint.id == Photo.complaint_id)
    row = (
        session()
        .execute(query.where(Photo.id == photo_id), execution_options={"populate_existing": True})
        .one()
    )
    photo, case = row[0], row[1]
    photo.distance_m = judge.apart((photo.lat, photo.lng), (case.lat, case.lng))
    compare.keep(photo, found)
    twins = compare.twins(photo, case, found)
    doubts = [
        *judge.by_time(photo.stage, photo.taken_at, case.received_at, photo.created_at),
        *judge.by_place(photo.stage, photo.distance_m),
        *judge.by_marks(photo.stage, marks),
        *judge.by_matches(
            photo.stage, case.id, photo.event_id, (each.match for each in twins if each.earlier)
        ),
    ]
    findings.write(case.id, doubts, photo_id=photo.id)
    for each in twins:
        if not each.earlier:  # it was made ready before this one, which was sent first
            mirrored = judge.Match(
                *(photo.id, case.id, photo.event_id, photo.stage),
                *(each.match.exact, each.match.near, each.match.bits),
            )
            theirs = judge.by_matches(each.photo.stage, each.case.id, each.photo.event_id, [mirrored])
            findings.write(each.case.id, theirs, photo_id=each.photo.id)


def fingerprint_photo(photo_id: str) -> None:
    """Compare a photo that was made ready before photos were compared."""
    row = (
        session()
        .scalars(select(Photo).where(Photo.id == UUID(photo_id), Photo.state == "ready"))
        .one_or_none()
    )
    if row is None:
        return
    found = darkroom.fingerprint_of(storage.read(row.original or row.full))
    with work():
        compare.one_at_a_time()
        _compare(row.id, found, ())


def check_document(document_id: str) -> None:
    """Look into a document, say what acts or hides in it, or why it is none."""
    query = select(Document).where(Document.id == UUID(document_id), Document.state == "waiting")
    row = session().scalars(query).one_or_none()
    if row is None:
        return
    values: dict[str, object]
    doubts: list[judge.Suspicion] = []
    try:
        checked = pdf.check(storage.read(row.file))
    except pdf.BrokenDocument as error:
        values = {"state": "rejected", "reason": str(error)}
    else:
        values = {"state": "ready", "pages": checked.pages}
        doubts += judge.by_marks("answer", checked.marks)
    with work() as unit:
        mine = update(Document).where(Document.id == row.id, Document.state == "waiting")
        if unit.execute(mine.values(**values).returning(Document.id)).all():
            findings.write(row.complaint_id, [*doubts, *_same_document(row)], document_id=row.id)


def _same_document(row: Document) -> list[judge.Suspicion]:
    own = session().get(Complaint, (row.tenant_id, row.complaint_id))
    query = (
        select(Complaint)
        .join(Document, Document.complaint_id == Complaint.id)
        .where(Document.sha256 == row.sha256, Document.id < row.id, Complaint.id != row.complaint_id)
    )
    earlier = session().scalars(query.order_by(Document.created_at).limit(1)).first()
    if earlier is None or own is None or compare.confidential(earlier) or compare.confidential(own):
        return []
    return [judge.Suspicion("same_document", "doubt", {}, earlier.id, str(earlier.id))]


def redact_photo(redaction_id: str) -> None:
    """Draw the covers; the uncovered picture moves to a place of its own. A repeat finds nothing to do."""
    from plugins.lapor.pictures import pixelate

    query = select(Redaction, Photo).join(Photo, Photo.id == Redaction.photo_id)
    row = (
        session()
        .execute(query.where(Redaction.id == UUID(redaction_id), Redaction.state == "waiting"))
        .one_or_none()
    )
    if row is None:
        return
    redaction, photo = row
    source = storage.read(photo.original or photo.full)
    full, thumb = pixelate.pixelate(source, readable(redaction.areas))
    values = {
        "full": storage.put("lapor_photo", full, ".webp"),
        "thumb": storage.put("lapor_thumb", thumb, ".webp"),
        "original": photo.original or storage.put("lapor_original", source, ".webp"),
        "review": "redacted",
    }
    with work() as unit:
        mine = update(Redaction).where(Redaction.id == redaction.id, Redaction.state == "waiting")
        if unit.execute(mine.values(state="done", ended_at=now()).returning(Redaction.id)).all():
            _swap(photo, values)


def unredact_photo(photo_id: str) -> None:
    """Bring the uncovered picture back."""
    row = (
        session()
        .scalars(
            select(Photo).where(Photo.id == UUID(photo_id), Photo.review == "waiting", Photo.original != "")
        )
        .one_or_none()
    )
    if row is None:
        return
    covered = select(Redaction.id).where(
        Redaction.photo_id == row.id, Redaction.state.in_(("waiting", "done"))
    )
    if session().scalars(covered).first() is not None:
        return
    source = storage.read(row.original)
    values = {
        "full": storage.put("lapor_photo", source, ".webp"),
        "thumb": storage.put("lapor_thumb", darkroom.thumb(source), ".webp"),
        "original": "",
        "review": "none",
    }
    with work():
        _swap(row, values, row.original)


def _swap(photo: Photo, values: dict[str, str], *gone: str) -> None:
    """Put other renditions in place; the files they replace are forgotten after the commit."""
    old = [photo.full, photo.thumb, *gone]  # the update below changes the row in memory, too
    mine = update(Photo).where(Photo.id == photo.id, Photo.full == photo.full)
    if session().execute(mine.values(**values).returning(Photo.id)).all():
        defer("lapor.drop_files", names=" ".join(old))


def drop_files(names: str) -> None:
    """Forget files by their names; those that are gone already are fine."""
    for name in names.split():
        storage.delete(name)
