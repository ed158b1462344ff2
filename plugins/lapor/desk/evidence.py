"""Proof in words for the page of a case: photos side by side, doubts about them, what an answer needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from plugins.lapor.contracts import DeskView, PhotoView
from plugins.lapor.contracts.proof import DocumentView, FindingRow, FindingView, ProofSheet
from plugins.lapor.desk import story
from plugins.lapor.present import Shot, distance_words
from plugins.lapor.service.proof.redaction import COVERS
from plugins.lapor.service.proof.rules import NO_WORK, needed, no_work_words
from plugins.lapor.service.proof.sheet import sheet
from superapp.sdk import Actor

WEIGHTS = {"serious": "near", "doubt": "neutral", "note": "neutral"}


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A photo with what is known of it, and where it is covered; "" when the reader may not."""

    shot: Shot
    words: str
    state: str
    cover_url: str


def sheet_of(complaint_id: UUID) -> ProofSheet:
    """The proof of a case, read once a request."""
    kept: dict[UUID, ProofSheet] = g.setdefault("lapor_sheets", {})
    if complaint_id not in kept:
        kept[complaint_id] = sheet(complaint_id)
    return kept[complaint_id]


def facts(view: DeskView) -> list[tuple[str, str]]:
    """ "Foto: 12 m dari titik, belum pernah dipakai": the reporter's first photo among what is known."""
    found = sheet_of(view.id)
    told = [photo_words(each, found) for each in found.before if each.state == "ready"]
    return [(str(_("Foto")), told[0])] if told and told[0] else []


def exhibits(photos: Iterable[PhotoView], found: ProofSheet, actor: Actor) -> list[Exhibit]:
    """The photos that can be shown, each with its words."""
    ready = [each for each in photos if each.state == "ready"]
    return [
        Exhibit(
            shot,
            photo_words(each, found),
            review_words(each),
            url_for("lapor_desk.redaction", photo_id=each.id) if actor.may(COVERS) else "",
        )
        for each, shot in zip(ready, story.shots(ready), strict=True)
    ]


def photo_words(photo: PhotoView, found: ProofSheet) -> str:
    """ "12 m dari titik, belum pernah dipakai", as far as it is known."""
    told = [distance_words(photo.distance_m)] if photo.distance_m is not None else []
    if photo.id in found.unused:
        told.append(_("belum pernah dipakai"))
    if any(each.photo_id == photo.id and each.state == "rejected" for each in found.findings):
        told.append(_("bukti ditolak"))
    return ", ".join(told)


def review_words(photo: PhotoView) -> str:
    """Whether it was looked at before publication; "" when nobody did."""
    words: dict[str, str] = {
        "waiting": _("sedang disamarkan"),
        "cleared": _("ditinjau, boleh tampil"),
        "redacted": _("disamarkan"),
    }
    return words.get(photo.review, "")


def proof_facts(view: DeskView, actor: Actor) -> Mapping[str, Any] | None:
    """What the panel of a case and the page of an audit show; None when there is nothing."""
    found = sheet_of(view.id)
    after = exhibits(found.after, found, actor)
    waiting = sum(each.state == "waiting" for each in found.after)
    if not (after or waiting or found.findings or found.documents or found.no_work):
        return None
    return {
        "before": exhibits(found.before, found, actor),
        "after": after,
        "waiting": waiting,
        "documents": [document(each) for each in found.documents],
        "findings": [finding(each) for each in found.findings],
        "no_work": no_work_words(found.no_work) if found.no_work else "",
        "number": view.case.number,
        "version": view.version,
        "may_resolve": actor.may("lapor.proof"),
        "may_reject": "reject_proof" in view.actions,
        "may_doubt": "false_closing" in view.actions,
        "held": any(each.state == "open" and each.weight == "serious" for each in found.findings)
        and view.case.status == "answered",
    }


def document(each: DocumentView) -> dict[str, str]:
    """A document as the panel names it."""
    size = _("%(size)s KB", size=max(1, each.size // 1024))
    pages = ngettext("%(num)s halaman", "%(num)s halaman", each.pages) if each.pages else ""
    told: dict[str, str] = {
        "waiting": _("sedang diperiksa"),
        "rejected": _("ditolak: %(reason)s", reason=each.reason),
        "ready": "" if each.open else _("hanya untuk petugas, lihat temuan"),
    }
    return {
        "title": story.hour(each.at),
        "about": ", ".join(part for part in (str(size), str(pages), str(told[each.state])) if part),
        "url": url_for("lapor_desk.document", document_id=each.id) if each.state == "ready" else "",
    }


def finding(each: FindingView) -> dict[str, Any]:
    """A finding in plain words, with what was decided."""
    return {
        "id": each.id,
        "form": f"finding-{each.id.hex[-8:]}",
        "title": finding_title(each.code),
        "words": finding_words(each),
        "weight": weight_words(each.weight),
        "tone": WEIGHTS[each.weight] if each.state == "open" else "neutral",
        "open": each.state == "open",
        "asks": each.state == "open" and each.weight != "note",
        "other": each.other,
        "other_url": url_for("lapor_desk.case", number=each.other) if each.other else "",
        "decided": decided(each),
        "reason": each.reason,
    }


def decided(each: FindingView) -> str:
    """Who decided what; "" while it is open."""
    words: dict[str, str] = {"accepted": _("Diterima sebagai wajar"), "rejected": _("Bukti ditolak")}
    if each.state == "open" or each.resolved_at is None:
        return ""
    return f"{words[each.state]} · {each.by} · {story.hour(each.resolved_at)}"


def weight_words(weight: str) -> str:
    """How heavy a finding is."""
    words: dict[str, str] = {"serious": _("berat"), "doubt": _("perlu dilihat"), "note": _("catatan")}
    return words[weight]


def finding_title(code: str) -> str:
    """What was found."""
    titles: dict[str, str] = {
        "same_file": _("Berkas foto yang sama pernah dipakai"),
        "same_picture": _("Gambar yang sama pernah dipakai"),
        "before_is_after": _("Foto sesudah sama dengan foto sebelum"),
        "answered_again": _("Foto jawaban lama dipakai lagi"),
        "same_document": _("Dokumen yang sama pernah dipakai"),
        "taken_before": _("Foto diambil sebelum laporan dibuat"),
        "taken_long_before": _("Foto diambil lama sebelum laporan"),
        "taken_ahead": _("Waktu foto lebih baru dari pengirimannya"),
        "far_away": _("Foto diambil jauh dari titik laporan"),
        "generated": _("Ada tanda gambar buatan mesin"),
        "edited": _("Ada tanda gambar disunting"),
        "origin_record": _("Foto membawa catatan asal"),
        "screenshot": _("Ukurannya seperti tangkapan layar"),
        "no_camera": _("Tidak ada data kamera"),
        "document_script": _("Dokumen memuat program"),
        "document_launch": _("Dokumen mencoba menjalankan program lain"),
        "document_carries": _("Dokumen memuat berkas lain"),
        "document_sends": _("Dokumen bisa mengirim atau membuka data luar"),
        "document_locked": _("Dokumen terkunci, isinya tidak bisa diperiksa"),
        "document_unread": _("Sebagian dokumen tidak bisa diperiksa"),
        "document_mixed": _("Dokumen bercampur jenis berkas lain"),
    }
    return titles.get(code, code)


def finding_words(each: FindingView) -> str:
    """The evidence of a finding in one sentence."""
    evidence = each.evidence
    if each.code in {"same_file", "same_picture", "same_document"}:
        where = _("Di laporan %(number)s.", number=each.other) if each.other else _("Di laporan unit lain.")
        return f"{where} {likeness(evidence)}".strip()
    if each.code in {"before_is_after", "answered_again"}:
        return likeness(evidence)
    if each.code == "far_away":
        return distance_words(int(evidence["metres"])).capitalize() + "."
    if "taken_at" in evidence:
        return _taken(each.code, evidence)
    if each.code == "no_camera":
        return str(_("Aplikasi pesan juga menghapusnya. Ini bukan tuduhan."))
    if each.code == "origin_record":
        return str(_("Kamera tertentu menandatangani fotonya. Ini tidak memberatkan."))
    return str(_("Tertulis: %(mark)s.", mark=evidence["mark"])) if evidence.get("mark") else ""


def likeness(evidence: Mapping[str, Any]) -> str:
    """How near two pictures are, in words; "" for documents."""
    if "bits" not in evidence:
        return ""
    if not evidence["bits"]:
        return str(_("Tidak ada beda yang terlihat."))
    return str(_("Beda %(bits)s dari 64 tanda.", bits=evidence["bits"]))


def _taken(code: str, evidence: Mapping[str, Any]) -> str:
    when = story.hour(datetime.fromisoformat(evidence["taken_at"]))
    if code == "taken_before":
        hours = int(evidence["hours"])
        early = (
            ngettext("%(num)s jam", "%(num)s jam", hours)
            if hours < 48
            else ngettext("%(num)s hari", "%(num)s hari", hours // 24)
        )
        return str(_("Menurut kamera: %(when)s, %(early)s sebelum laporan.", when=when, early=early))
    return str(_("Menurut kamera: %(when)s.", when=when))


def answer_choices(view: DeskView) -> dict[str, Any]:
    """What the form of an answer asks for: the proof of the category, the reasons for no work."""
    case = view.case
    wanted = needed(case.category_code or None, case.kind, case.status)
    hints: dict[str, str] = {
        "photo": _("Jenis ini perlu foto sesudah dikerjakan."),
        "document": _("Jenis ini perlu dokumen PDF."),
        "photo_or_document": _("Jenis ini perlu foto atau dokumen PDF."),
        "none": "",
    }
    return {
        "proof": wanted,
        "proof_hint": hints[wanted],
        "no_work": [(code, no_work_words(code)) for code in NO_WORK],
    }


def as_rows(found: Iterable[FindingRow]) -> list[dict[str, Any]]:
    """Findings of the list, each with its case."""
    return [
        {
            **finding(each.finding),
            "number": each.number,
            "case_title": each.title,
            "agency": each.agency.name if each.agency else "",
            "when": story.hour(each.finding.at),
            "url": url_for("lapor_desk.case", number=each.number, _anchor="bukti"),
        }
        for each in found
    ]
