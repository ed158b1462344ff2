"""All keys of the desk on one page: what the dialog shows with script, and where they are switched off."""

from __future__ import annotations

from flask_babel import gettext as _

from superapp.sdk import permit, render


@permit("lapor.inbox", "lapor.enter")
def page() -> str:
    """The keys of lists, of cases and of forms."""
    return render("lapor/desk/keys.html", groups=groups())


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Title, then pairs of keys and what they do; keys pressed together are joined by +."""
    return [
        (
            _("Di daftar"),
            [
                ("J K", _("pindah ke baris berikutnya atau sebelumnya")),
                ("↵", _("buka laporan")),
                ("1", _("teruskan sesuai saran")),
                ("T", _("tanya pelapor")),
                ("X", _("pilih baris")),
                ("Shift+X", _("pilih semua baris")),
                ("/", _("cari")),
                ("B", _("catat laporan")),
            ],
        ),
        (
            _("Di laporan"),
            [
                ("1 2 3 4", _("pilih unit")),
                ("T", _("tanya pelapor")),
                ("G", _("gabung ke kejadian")),
                ("M", _("pilih makro")),
                ("L", _("hubungkan laporan")),
                ("N", _("tulis catatan")),
                ("J K", _("laporan berikutnya atau sebelumnya")),
                ("U", _("kembali ke daftar")),
            ],
        ),
        (
            _("Di mana saja"),
            [
                ("Z", _("urungkan langkah terakhir, selama satu menit")),
                ("Ctrl+↵", _("kirim langkah")),
                ("Esc", _("keluar dari isian")),
                ("?", _("semua pintasan")),
            ],
        ),
    ]
