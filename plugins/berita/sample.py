"""Sample news, so that a demo has something to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from plugins.berita import service
from plugins.berita.contracts import Draft, Text
from superapp.sdk import Tenant, at_time, directory, new_id, now

# (days ago, code of the unit or "", title, summary, body)
NEWS = (
    (
        9, "", "Jam layanan loket selama Ramadan",
        "Loket kecamatan dan kelurahan buka lebih awal dan tutup pukul 15.00.",
        "Jam layanan loket berubah selama Ramadan:\n\n| Hari | Jam |\n|---|---|\n"
        "| Senin sampai Kamis | 08.00-15.00 |\n| Jumat | 08.00-15.30 |\n\n"
        "Laporan lewat aplikasi ini tetap diterima 24 jam.",
    ),
    (
        6, "", "Saluran air dibersihkan sebelum hujan puncak",
        "Petugas membersihkan saluran di jalan yang sering tergenang.",
        "Pembersihan dimulai dari **jalan yang paling sering dilaporkan**.\n\n## Yang bisa Anda bantu\n\n"
        "- Pindahkan kendaraan dari tepi saluran.\n- Jangan menaruh puing di atas tutup saluran.\n"
        "- Laporkan saluran yang mampet, sertakan foto.",
    ),
    (
        2, "", "Aduan warga kini dijawab dengan batas waktu",
        "Setiap laporan menyebut unit yang menangani dan batas harinya.",
        "Begitu laporan terkirim, Anda melihat **siapa** yang menangani dan **sampai kapan**. "
        "Hari libur tidak dihitung.\n\nLaporan selesai bila Anda sendiri yang menyatakannya selesai.",
    ),
)  # fmt: skip


def load(tenant: Tenant, count: int, done: Callable[[int], None]) -> None:
    """Publish up to `count` samples through the service, dated back some days; there are three."""
    codes = directory.agencies_by_code()
    moment = now()
    for number, (days, code, title, summary, body) in enumerate(NEWS[:count], start=1):
        draft = Draft({"id": Text(title, summary, body)}, codes[code].id if code in codes else None)
        with at_time(moment - timedelta(days=days)):
            service.publish(draft, new_id())
        done(number)
