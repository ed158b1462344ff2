"""States and reasons in the officers' words, and money as it is written."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _


def state(name: str) -> tuple[str, str, str]:
    """A state of a message as a chip: words, icon, tone."""
    chips = {
        "waiting": (_("menunggu"), "clock", "neutral"),
        "sending": (_("sedang dikirim"), "clock", "neutral"),
        "sent": (_("diterima gerbang"), "check", "ok"),
        "unknown": (_("tidak pasti, tidak diulang"), "alert", "near"),
        "failed": (_("gagal, perlu diputuskan"), "alert", "late"),
        "capped": (_("melewati batas biaya"), "alert", "late"),
        "stopped": (_("penerima minta berhenti"), "x", "neutral"),
        "undeliverable": (_("tidak dapat dikirim"), "alert", "near"),
        "skipped": (_("SMS mati"), "x", "neutral"),
        "dropped": (_("dilewati"), "x", "neutral"),
        "done": (_("diterima"), "check", "ok"),
        "unheard": (_("tidak dapat diolah"), "alert", "late"),
        "old": (_("datang terlambat"), "clock", "neutral"),
        "limited": (_("melebihi batas"), "alert", "near"),
    }
    return chips.get(name, (name, "alert", "neutral"))


def why(reason: str) -> str:
    """Why a message did not go out."""
    known = {
        "cap_day": _("Batas biaya hari itu tercapai."),
        "cap_month": _("Batas biaya bulan itu tercapai."),
        "cap_number_day": _("Batas sehari untuk satu nomor tercapai."),
        "cap_number_month": _("Batas sebulan untuk satu nomor tercapai."),
        "number": _("Nomornya tidak dapat dibaca."),
        "worker died": _("Pekerja berhenti di tengah pengiriman."),
        "HTTP 401": _("Gerbang menolak kunci kita (HTTP 401)."),
        "HTTP 403": _("Gerbang menolak kunci kita (HTTP 403)."),
        "HTTP 200": _("Gerbang menjawab, tetapi tidak menerima pesan ini (HTTP 200)."),
        "inside": _("alamatnya di jaringan dalam"),
        "scheme": _("alamatnya bukan https"),
        "unknown": _("nama server tidak ditemukan"),
        "ConnectError": _("server tidak menjawab"),
        "ConnectTimeout": _("server tidak menjawab"),
        "ReadTimeout": _("server terlalu lama menjawab"),
    }
    return str(known.get(reason) or _("Jawaban gerbang: %(reason)s", reason=reason))


def rupiah(amount: int) -> str:
    """ "Rp 12.500"."""
    return f"Rp\u00a0{format_decimal(amount)}"
