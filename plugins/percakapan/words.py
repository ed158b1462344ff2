"""What is said: short, polite, in Indonesian, whoever reads it."""

from __future__ import annotations

from datetime import date

from flask_babel import force_locale, format_date

from superapp.sdk import current_tenant, settings_of

TELL = "Ceritakan apa yang terjadi dan di mana. Foto dan lokasi boleh dikirim juga."
MORE = "Ceritakan sedikit lebih lengkap: apa yang terjadi, sejak kapan?"
WHERE = "Di mana tempatnya? Kirim lokasi, atau tulis nama jalan, patokan, dan desa atau kelurahannya."
WHERE_AGAIN = "Tempatnya belum jelas. Tulis nama jalan atau patokan, misalnya: Jalan Pipit depan pasar."
NOTHING = "Tidak ada laporan yang sedang ditulis. Ceritakan saja bila ada yang ingin dilaporkan."
OLD_BUTTON = "Tombol itu dari laporan sebelumnya."
CANCELLED = "Baik, laporan yang belum dikirim sudah dihapus."
NO_MATCH = (
    "Nomor itu tidak ditemukan, laporannya rahasia, atau PIN tidak cocok. "
    "Tulis nomor dan PIN, misalnya: {example} 123456"
)
PROBLEMS = {
    "type": "Berkas itu tidak dapat diterima. Kirim foto JPEG, PNG, WebP, atau HEIC.",
    "size": "Foto itu terlalu besar. Kirim yang paling besar 10 MB.",
    "gone": "Foto itu tidak dapat diambil. Kirim sekali lagi.",
    "unsupported": "Pesan jenis itu belum dapat dibaca. Kirim tulisan, foto, atau lokasi.",
}


def greeting() -> str:
    """How a conversation begins."""
    own = str(settings_of(current_tenant(), "percakapan")["greeting"]).strip()
    return own or f"Halo, ini layanan laporan {current_tenant().name}."


def emergency() -> str:
    """The number to call instead of writing."""
    number = str((current_tenant().profile.get("contact") or {}).get("emergency") or "112")
    return f"Keadaan darurat? Hubungi {number} sekarang. Pesan di sini tidak dibaca seketika."


def example() -> str:
    """A number as this government's look."""
    return f"{current_tenant().short_code}-2026-000123"


def help_text() -> str:
    """What can be written here."""
    return (
        "Tulis apa yang terjadi untuk melapor. "
        f"STATUS: kabar laporan Anda. Nomor dan PIN ({example()} 123456): kabar laporan itu. "
        "BATAL: hapus laporan yang belum dikirim. MENU: mulai dari awal."
    )


def day(when: date) -> str:
    """ "Jumat, 27 Maret"."""
    with force_locale("id"):
        return str(format_date(when, "EEEE, d MMMM"))
