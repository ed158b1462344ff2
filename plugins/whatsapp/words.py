"""States, reasons and Meta's error codes in the officers' words."""

from __future__ import annotations

from flask_babel import gettext as _


def state(name: str) -> tuple[str, str, str]:
    """A state of a message as a chip: words, icon, tone."""
    chips = {
        "waiting": (_("menunggu"), "clock", "neutral"),
        "sending": (_("sedang dikirim"), "clock", "neutral"),
        "sent": (_("terkirim"), "check", "neutral"),
        "delivered": (_("sampai"), "check", "ok"),
        "read": (_("dibaca"), "check", "ok"),
        "lost": (_("tidak sampai"), "alert", "near"),
        "undeliverable": (_("tidak dapat dikirim"), "alert", "near"),
        "unknown": (_("tidak pasti, tidak diulang"), "alert", "near"),
        "failed": (_("gagal, perlu diputuskan"), "alert", "late"),
        "skipped": (_("WhatsApp mati"), "x", "neutral"),
        "dropped": (_("dilewati"), "x", "neutral"),
        "done": (_("diterima"), "check", "ok"),
        "unheard": (_("tidak dapat diolah"), "alert", "late"),
        "old": (_("datang terlambat"), "clock", "neutral"),
        "limited": (_("melebihi batas"), "alert", "near"),
    }
    return chips.get(name, (name, "alert", "neutral"))


def why(reason: str, code: int) -> str:
    """Why a message did not arrive: Meta's code where it is known, else our own reason."""
    known = {
        131026: _("Nomor ini tidak memakai WhatsApp atau tidak menerima pesan kami."),
        131047: _("Lebih dari 24 jam sejak pesan terakhir warga. Hanya templat yang boleh dikirim."),
        131051: _("Jenis pesan ini tidak didukung."),
        131053: _("Berkas tidak dapat diunggah."),
        131031: _("Akun WhatsApp Business dikunci oleh Meta."),
        131042: _("Ada masalah pembayaran di akun WhatsApp Business."),
        131049: _("Meta menahan pesan ini demi kenyamanan penerima."),
        131056: _("Terlalu banyak pesan ke nomor yang sama."),
        131048: _("Meta membatasi nomor kita karena banyak yang memblokir."),
        130429: _("Terlalu banyak pesan sekaligus."),
        132000: _("Jumlah nilai tidak cocok dengan templatnya."),
        132001: _("Templat ini tidak ada di Meta, atau belum disetujui."),
        132012: _("Bentuk nilai tidak cocok dengan templatnya."),
        132015: _("Templat ini dijeda oleh Meta."),
        132016: _("Templat ini dimatikan oleh Meta."),
        190: _("Token akses tidak berlaku lagi. Ganti di pengaturan."),
        10: _("Token akses tidak memuat izin mengirim pesan."),
        131005: _("Token akses tidak memuat izin mengirim pesan."),
        100: _("Meta menolak bentuk pesan ini."),
    }
    own = {
        "window": _("Lebih dari 24 jam sejak pesan terakhir warga. Hanya templat yang boleh dikirim."),
        "template": _("Belum ada templat untuk jenis pemberitahuan ini."),
        "number": _("Nomornya tidak dapat dibaca."),
        "claimed": _("ID nomor telepon ini dipakai pemerintah daerah lain di sini."),
        "away": _("Server Meta terganggu."),
        "limit": _("Terlalu banyak pesan sekaligus."),
        "worker died": _("Pekerja berhenti di tengah pengiriman."),
    }
    said = known.get(code) or own.get(reason) or _("Server Meta tidak menjawab dengan jelas.")
    return f"{said} ({code})" if code else str(said)
