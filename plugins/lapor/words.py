"""Codes in words for pages and messages, translated to the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def status_title(status: str) -> str:
    """A state as people read it."""
    titles: dict[str, str] = {
        "received": _("Diterima"),
        "verified": _("Sudah diperiksa"),
        "dispositioned": _("Diteruskan ke unit"),
        "returned": _("Dicarikan unit lain"),
        "in_progress": _("Dikerjakan"),
        "on_hold": _("Menunggu"),
        "answered": _("Dijawab, menunggu pelapor"),
        "closed": _("Selesai"),
        "archived": _("Diarsipkan"),
        "forwarded": _("Diteruskan ke luar"),
    }
    return titles.get(status, status)


def kind_title(kind: str) -> str:
    """A kind of report."""
    titles: dict[str, str] = {
        "complaint": _("Pengaduan"),
        "aspiration": _("Aspirasi"),
        "information": _("Permintaan informasi"),
    }
    return titles.get(kind, kind)


def step_title(step: str) -> str:
    """A time limit."""
    titles: dict[str, str] = {
        "verify": _("Verifikasi"),
        "follow_up": _("Tindak lanjut pertama"),
        "resolve": _("Selesai"),
        "confirm": _("Jawaban pelapor"),
    }
    return titles.get(step, step)


def event_title(kind: str) -> str:
    """A line of the timeline."""
    titles: dict[str, str] = {
        "received": _("Laporan diterima"),
        "verify": _("Laporan diperiksa"),
        "dispose": _("Diteruskan"),
        "recall": _("Penerusan otomatis ditarik"),
        "give_back": _("Dikembalikan, dicarikan unit lain"),
        "pass_on": _("Diteruskan lagi"),
        "part_answer": _("Satu unit sudah menjawab"),
        "report_up": _("Melapor ke unit di atasnya"),
        "hand_up": _("Dikembalikan ke unit di atasnya"),
        "hear": _("Kabar dari instansi luar"),
        "heard_answer": _("Dijawab instansi luar, menunggu pelapor"),
        "outside_silent": _("Instansi luar belum memberi kabar"),
        "sent_outside": _("Dikirim ke sistem lain"),
        "outside_kept": _("Kabar yang hanya dicatat"),
        "move": _("Dipindahkan karena reorganisasi"),
        "hold": _("Menunggu, jam berhenti"),
        "resume": _("Dilanjutkan"),
        "progress": _("Perkembangan"),
        "answer": _("Dijawab, menunggu pelapor"),
        "reject_proof": _("Bukti belum diterima, dikerjakan lagi"),
        "false_closing": _("Dibuka lagi setelah pemeriksaan"),
        "finding": _("Temuan bukti diputuskan"),
        "redact": _("Foto disamarkan"),
        "original": _("Foto asli dibuka"),
        "archive": _("Diarsipkan"),
        "forward": _("Diteruskan ke instansi luar"),
        "solved": _("Selesai, dipastikan pelapor"),
        "unsolved": _("Pelapor menyatakan belum selesai"),
        "autoclose": _("Selesai otomatis"),
        "reopen": _("Dibuka lagi oleh pelapor"),
        "reply": _("Pelapor menambah keterangan"),
        "correct": _("Diperbaiki oleh pelapor"),
        "remind": _("Pelapor diingatkan"),
        "withdraw": _("Ditarik oleh pelapor"),
        "note": _("Catatan petugas"),
        "reveal": _("Identitas pelapor dibuka"),
        "whistle": _("Dipindahkan ke jalur pengaduan pegawai"),
        "release": _("Dilepas dari jalur pengaduan pegawai"),
        "claim": _("Laporan diklaim pelapor"),
        "late": _("Batas waktu lewat"),
        "warn": _("Diingatkan sebelum batas"),
        "escalate": _("Dinaikkan karena lewat batas"),
        "clock_moved": _("Batas waktu dihitung ulang"),
        "undo": _("Langkah terakhir dibatalkan"),
        "gathered": _("Digabung ke kejadian yang sama"),
        "parted": _("Dipisahkan dari kejadian"),
        "voice": _("Satu pelapor lagi ikut laporan ini"),
        "leads": _("Menjadi laporan utama kejadian"),
        "shared": _("Kabar dari laporan utama"),
        "tick": _("Butir dicentang"),
        "untick": _("Centang dihapus"),
        "link": _("Laporan dihubungkan"),
        "unlink": _("Hubungan dihapus"),
        "take": _("Diambil sebagai tugas"),
    }
    return titles.get(kind, kind)


def look_title(what: str) -> str:
    """What was done to who reported, on the reporter's page and in the auditor's log."""
    titles: dict[str, str] = {
        "open": _("Membuka nama dan nomor"),
        "search": _("Mencari dari nomor atau surel"),
        "ask": _("Meminta izin membuka identitas"),
        "grant": _("Mengizinkan petugas lain membuka"),
        "refuse": _("Menolak permintaan membuka"),
        "copy": _("Mengambil salinan data"),
        "erase": _("Menghapus nama dan nomor"),
        "send": _("Mengirim nama dan nomor ke instansi lain"),
    }
    return titles[what]


def passed_over(why: str) -> str:
    """Why a rule speaks or does not."""
    words: dict[str, str] = {
        "speaks": _("aturan ini yang dipakai"),
        "dates": _("tidak berlaku pada tanggal itu"),
        "closed": _("unitnya tidak ada pada tanggal itu"),
        "area": _("untuk wilayah lain"),
        "kind": _("untuk jenis permintaan lain"),
        "less_specific": _("kurang khusus"),
        "lower_priority": _("urutannya lebih rendah"),
    }
    return words.get(why, why)


def waiting_title(waiting_for: str) -> str:
    """Whom a paused clock waits for."""
    titles: dict[str, str] = {"reporter": _("menunggu pelapor"), "institution": _("menunggu instansi lain")}
    return titles.get(waiting_for, str(_("jam berhenti")))
