"""What an answer has to bring: a photo, a document, either, nothing, or a reason why no work was needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from flask_babel import gettext as _

from plugins.lapor.contracts import Upload
from plugins.lapor.contracts.proof import Proof
from plugins.lapor.models import Complaint
from plugins.lapor.service.reference import reference
from superapp.sdk import FieldError, Invalid

NO_WORK: Final = ("not_found", "already_fixed", "explained", "planned", "not_possible")


def no_work_words(code: str) -> str:
    """Why nothing was done, as the reporter reads it."""
    words: dict[str, str] = {
        "not_found": _("Sudah diperiksa, masalahnya tidak ditemukan di lokasi"),
        "already_fixed": _("Sudah beres sebelum kami datang"),
        "explained": _("Cukup dengan penjelasan"),
        "planned": _("Sudah masuk rencana kerja dengan jadwal"),
        "not_possible": _("Tidak dapat dikerjakan menurut aturan"),
    }
    return words.get(code, code)


def needed(category_code: str | None, kind: str, status: str) -> Proof:
    """What an answer that claims work has to bring.

    A question of information claims no work, and what an outside owner did is not this government's to prove.
    """
    if kind == "information" or status == "forwarded":
        return "none"
    found = reference().categories.get(category_code or "")
    return cast(Proof, found.proof) if found else "none"


def check(
    case: Complaint,
    photos: Sequence[Upload],
    documents: Sequence[Upload],
    no_work: str,
    *,
    adopted: int = 0,
) -> None:
    """Raise Invalid naming the field when the proof is missing, or the reason is none of the list.

    `adopted` counts photos that came from the units below.
    """
    if no_work:
        if no_work not in NO_WORK:
            raise Invalid(errors=[FieldError("no_work", _("Pilih alasan dari daftar."), "choice")])
        return
    wanted = needed(case.category_code, case.kind, case.status)
    missing = {
        "photo": not photos and not adopted,
        "document": not documents,
        "photo_or_document": not photos and not documents and not adopted,
    }
    if missing.get(wanted):
        field = "documents" if wanted == "document" else "photos"
        raise Invalid(errors=[FieldError(field, missing_words(wanted), "required")])


def missing_words(wanted: str) -> str:
    """What to do about a missing proof."""
    words: dict[str, str] = {
        "photo": _("Lampirkan foto sesudah dikerjakan, atau pilih alasan mengapa tidak ada pekerjaan."),
        "document": _("Lampirkan dokumen PDF, atau pilih alasan mengapa tidak ada pekerjaan."),
        "photo_or_document": _("Lampirkan foto atau PDF, atau pilih alasan mengapa tidak ada pekerjaan."),
    }
    return words[wanted]
