"""What a tenant admin may set for conversations."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class PercakapanSettings(Schema):
    """Stored per tenant; the form at the desk is made from this."""

    greeting = fields.String(
        load_default="",
        validate=[
            validate.Length(max=160),
            validate.Regexp(r"^[^\r\n\x00]*$", error="Tulis dalam satu baris."),
        ],
        metadata={
            "label": "Salam pembuka",
            "help": "Kosong: “Halo, ini layanan laporan” dan nama pemerintah daerah.",
        },
    )
    draft_hours = fields.Integer(
        load_default=24,
        validate=validate.Range(min=1, max=168),
        metadata={"label": "Laporan yang belum dikirim disimpan (jam)"},
    )
    sender_limit = fields.Integer(
        load_default=60,
        validate=validate.Range(min=5, max=10_000),
        metadata={"label": "Batas pesan satu pengirim dalam 10 menit"},
    )
    report_limit = fields.Integer(
        load_default=10,
        validate=validate.Range(min=1, max=1000),
        metadata={"label": "Batas laporan satu pengirim dalam sehari"},
    )
    tenant_limit = fields.Integer(
        load_default=6000,
        validate=validate.Range(min=100, max=1_000_000),
        metadata={
            "label": "Batas pesan semua pengirim dalam 10 menit",
            "help": "Melindungi layanan saat ada yang membanjirinya.",
        },
    )
