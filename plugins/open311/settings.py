"""What a tenant's admin sets for Open311."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

TYPES = {"production": "Sungguhan", "test": "Uji coba"}
ANSWERS = {"id": "Nomor laporan langsung", "token": "Token, nomornya ditanyakan kemudian"}


class Open311Settings(Schema):
    """Stored per tenant; the form at the desk is made from this."""

    jurisdiction_id = fields.String(
        load_default="",
        validate=validate.Regexp(r"^[a-z0-9.-]{0,100}$", error="Tulis seperti kota.go.id."),
        metadata={
            "label": "Jurisdiction ID",
            "help": "Bila diisi, setiap permintaan wajib menyebutnya. Kosong: tidak diperlukan.",
        },
    )
    type = fields.String(
        load_default="production",
        validate=validate.OneOf(list(TYPES)),
        metadata={"label": "Jenis alamat", "choices": TYPES},
    )
    contact = fields.String(
        load_default="",
        validate=validate.Length(max=300),
        metadata={"label": "Kontak untuk pembuat aplikasi", "help": "Alamat surel atau halaman."},
    )
    answer = fields.String(
        load_default="id",
        validate=validate.OneOf(list(ANSWERS)),
        metadata={"label": "Jawaban atas laporan baru", "choices": ANSWERS},
    )
    strict = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Tolak pertanyaan yang tidak dikenal",
            "help": "Bila tidak, isian yang tidak dikenal diabaikan dan dicatat.",
        },
    )
    blank_updates = fields.Boolean(
        load_default=False,
        metadata={"label": "Terima kabar tanpa teks", "help": "Untuk sistem yang hanya mengirim keadaan."},
    )
    per_minute = fields.Integer(
        load_default=120,
        validate=validate.Range(min=1, max=100_000),
        metadata={"label": "Batas permintaan satu kunci dalam satu menit"},
    )
