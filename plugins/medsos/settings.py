"""What a tenant sets: who signs the replies, and how long a writer's name is kept without being claimed."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class MedsosSettings(Schema):
    """How complaints on social media are answered."""

    signature = fields.String(
        load_default="",
        validate=[
            validate.Length(max=40),
            validate.Regexp(r"^[^\r\n\x00<>]*$", error="Tulis dalam satu baris."),
        ],
        metadata={"label": "Penanda tangan balasan", "help": "Kosong: nama pemerintah daerah."},
    )
    keep_days = fields.Integer(
        load_default=90,
        validate=validate.Range(30, 730),
        metadata={
            "label": "Hari menyimpan tautan dan nama akun",
            "help": "Setelah itu keduanya dihapus dari daftar ini; laporannya tetap ada.",
        },
    )
