"""What a tenant's admin sets. The SMTP host is the admin's choice, private addresses included: a
government's mail server usually stands in its own network."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

MODES = {"off": "Mati", "file": "Simpan sebagai berkas (uji coba)", "smtp": "Kirim lewat server SMTP"}
SECURITY = {"starttls": "STARTTLS (port 587)", "tls": "TLS (port 465)", "none": "Tanpa enkripsi"}
ONE_LINE = validate.Regexp(r"^[^\r\n\x00]*$", error="Tulis dalam satu baris.")
HOST = validate.Regexp(r"^[A-Za-z0-9.:-]*$", error="Tulis nama server saja, misalnya mail.kota.go.id.")


class SurelSettings(Schema):
    """How e-mail leaves. The password is sealed by the host."""

    mode = fields.String(
        load_default="off",
        validate=validate.OneOf(list(MODES)),
        metadata={"label": "Pengiriman", "choices": MODES},
    )
    from_address = fields.String(
        load_default="",
        validate=[ONE_LINE, validate.Length(max=200)],
        metadata={
            "label": "Alamat pengirim",
            "help": "Yang dilihat penerima, misalnya lapor@kota.go.id.",
        },
    )
    from_name = fields.String(
        load_default="",
        validate=[ONE_LINE, validate.Length(max=100)],
        metadata={"label": "Nama pengirim", "help": "Kosong: nama pemerintah daerah."},
    )
    host = fields.String(
        load_default="", validate=[HOST, validate.Length(max=200)], metadata={"label": "Server SMTP"}
    )
    port = fields.Integer(load_default=587, validate=validate.Range(1, 65535), metadata={"label": "Port"})
    security = fields.String(
        load_default="starttls",
        validate=validate.OneOf(list(SECURITY)),
        metadata={"label": "Keamanan", "choices": SECURITY},
    )
    user = fields.String(
        load_default="", validate=[ONE_LINE, validate.Length(max=200)], metadata={"label": "Nama pengguna"}
    )
    password = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={"label": "Kata sandi", "secret": True},
    )

    @validates_schema
    def complete(self, data: dict[str, Any], **_options: Any) -> None:
        """What a mode cannot do without. Raises ValidationError naming the field."""
        from plugins.surel.compose import BadMessage, address

        mode, errors = data.get("mode"), {}
        if mode == "smtp" and not data.get("host"):
            errors["host"] = ["Isi server SMTP, atau pilih pengiriman lain."]
        if mode in {"smtp", "file"} and not data.get("from_address"):
            errors["from_address"] = ["Isi alamat pengirim."]
        if data.get("from_address"):
            try:
                address(data["from_address"])
            except BadMessage:
                errors["from_address"] = ["Tulis satu alamat email lengkap, misalnya lapor@kota.go.id."]
        if mode == "smtp" and data.get("security") == "none" and data.get("user"):
            errors["security"] = ["Kata sandi tidak boleh lewat tanpa enkripsi. Pilih STARTTLS atau TLS."]
        if errors:
            raise ValidationError(errors)
