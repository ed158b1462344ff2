"""What a tenant admin may set for complaints."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from superapp.sdk import current_tenant, settings_of


def _months(title: str) -> fields.Integer:
    """For how many months after closing a reporter's identity is kept; 0: for good."""
    return fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=600),
        metadata={
            "label": f"Identitas pelapor disimpan (bulan): {title}",
            "help": "Dihitung sejak laporan ditutup. 0: tidak dihapus otomatis.",
        },
    )


class LaporSettings(Schema):
    """Stored per tenant; the form at the desk is made from this."""

    publish = fields.String(
        load_default="after_verification",
        validate=validate.OneOf(["after_verification", "at_once", "never"]),
        metadata={
            "label": "Tampil di daftar publik",
            "help": "after_verification: setelah diperiksa petugas. at_once: langsung. never: tidak pernah.",
        },
    )
    claim_days = fields.Integer(
        load_default=30,
        validate=validate.Range(min=1, max=365),
        metadata={
            "label": "Masa berlaku tautan klaim (hari)",
            "help": "Untuk laporan yang dicatat petugas.",
        },
    )
    pin_tries = fields.Integer(
        load_default=5,
        validate=validate.Range(min=3, max=20),
        metadata={
            "label": "Batas salah PIN dalam 15 menit",
            "help": "Setelahnya nomor itu ditahan sebentar.",
        },
    )
    submit_limit = fields.Integer(
        load_default=60,
        validate=validate.Range(min=5, max=1_000_000),
        metadata={
            "label": "Batas laporan dari satu alamat jaringan dalam 10 menit",
            "help": "Banyak ponsel berbagi satu alamat jaringan.",
        },
    )
    photo_review = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Foto tampil untuk umum hanya setelah ditinjau petugas",
            "help": "Petugas menyamarkan wajah dan pelat, atau menyatakan foto boleh tampil.",
        },
    )
    audit_rate = fields.Integer(
        load_default=5,
        validate=validate.Range(min=0, max=100),
        metadata={
            "label": "Bagian penutupan yang diperiksa (persen)",
            "help": "Diundi dengan kunci rahasia. Penutupan otomatis yang punya temuan selalu diperiksa.",
        },
    )
    inspectorate = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={
            "label": "Kode unit Inspektorat",
            "help": "Pengaduan tentang pegawai hanya ke unit ini. Kosong: menurut aturan pembagian.",
        },
    )
    whistle_leader_unit = fields.String(
        load_default="",
        validate=validate.Length(max=40),
        metadata={
            "label": "Kode unit pimpinan",
            "help": "Menerima pengaduan tentang Inspektorat. Kosong: langsung ke peran pimpinan.",
        },
    )
    ask_nik = fields.Boolean(
        load_default=False,
        metadata={"label": "Tanyakan NIK pelapor", "help": "Isian tetap boleh kosong."},
    )
    keep_complaint_months = _months("pengaduan")
    keep_aspiration_months = _months("aspirasi")
    keep_information_months = _months("permintaan informasi")
    keep_whistle_months = _months("pengaduan tentang pegawai")
    secret_link_hours = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=168),
        metadata={
            "label": "Tautan dalam surel laporan rahasia (jam)",
            "help": "0: tanpa tautan masuk, pelapor memakai PIN.",
        },
    )
    edit_minutes = fields.Integer(
        load_default=60,
        validate=validate.Range(min=0, max=2880),
        metadata={
            "label": "Masa perbaikan laporan oleh pelapor (menit)",
            "help": "Berakhir lebih awal bila petugas sudah memeriksa. 0: tidak bisa diperbaiki.",
        },
    )
    ask_remind_days = fields.Integer(
        load_default=3,
        validate=validate.Range(min=1, max=30),
        metadata={
            "label": "Ingatkan pelapor yang belum menjawab setelah (hari)",
            "help": "Satu kali untuk setiap pertanyaan petugas.",
        },
    )
    ask_days = fields.Integer(
        load_default=10,
        validate=validate.Range(min=2, max=90),
        metadata={
            "label": "Tunggu jawaban pelapor paling lama (hari)",
            "help": "Pelapor melihat tanggalnya sejak ditanya.",
        },
    )
    ask_then = fields.String(
        load_default="resume",
        validate=validate.OneOf(["resume", "archive"]),
        metadata={
            "label": "Bila pelapor tidak menjawab",
            "help": "resume: jam berjalan lagi tanpa jawaban. archive: diarsipkan dengan alasan.",
        },
    )
    outside_silence_days = fields.Integer(
        load_default=14,
        validate=validate.Range(min=1, max=180),
        metadata={
            "label": "Ingatkan bila instansi luar diam (hari)",
            "help": "Koordinator diingatkan setiap kali selama itu tidak ada kabar.",
        },
    )
    dispatch_alone = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Teruskan tanpa petugas bila saran terbukti tepat",
            "help": "Tidak berlaku untuk laporan rahasia. Koordinator dapat menarik kembali.",
        },
    )
    dispatch_target = fields.Float(
        load_default=0.95,
        validate=validate.Range(min=0.8, max=0.999),
        metadata={
            "label": "Ketepatan paling rendah untuk penerusan tanpa petugas",
            "help": "0.95 berarti 95 dari 100, diukur pada laporan yang lebih baru.",
        },
    )
    recall_drop = fields.Integer(
        load_default=15,
        validate=validate.Range(min=3, max=90),
        metadata={
            "label": "Peringatan bila laporan unit yang dikenali turun (poin persen)",
            "help": "Empat minggu terakhir dibanding dua belas minggu sebelumnya.",
        },
    )
    recall_cases = fields.Integer(
        load_default=20,
        validate=validate.Range(min=5, max=1000),
        metadata={
            "label": "Laporan paling sedikit per unit sebelum ada peringatan",
            "help": "Dihitung di kedua masa.",
        },
    )
    notify_reporter = fields.Boolean(
        load_default=True,
        metadata={"label": "Kabari pelapor lewat surel", "help": "Hanya bila pelapor memberi alamat surel."},
    )


def setting(name: str) -> object:
    """One setting of the open tenant, its default where nothing is stored."""
    return settings_of(current_tenant(), "lapor")[name]
