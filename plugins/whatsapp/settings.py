"""What a tenant's admin sets: the number at Meta, its secrets, and the approved templates."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugins.whatsapp.templates import Template, table
from superapp.sdk import current_tenant, outbound, settings_of

NAME = "whatsapp"
MODES = {"off": "Mati", "on": "Hidup"}
DIGITS = validate.Regexp(r"^\d{0,40}$", error="Tulis angka saja.")
PRINTED = validate.Regexp(r"^[\x21-\x7e]*$", error="Tempel tanpa spasi.")
FAULTS = {
    "scheme": "Alamat harus diawali https://.",
    "inside": "Alamat ini berada di jaringan dalam. Pakai alamat umum.",
}


class WhatsAppSettings(Schema):
    """How the tenant's number is reached. Tokens and secrets are sealed by the host."""

    mode = fields.String(
        load_default="off",
        validate=validate.OneOf(list(MODES)),
        metadata={"label": "WhatsApp", "choices": MODES},
    )
    phone_number_id = fields.String(
        load_default="",
        validate=DIGITS,
        metadata={"label": "ID nomor telepon", "help": "phone_number_id di Meta, bukan nomornya."},
    )
    display_number = fields.String(
        load_default="",
        validate=validate.Regexp(r"^[+\d ()-]{0,30}$", error="Tulis nomor telepon."),
        metadata={"label": "Nomor WhatsApp", "help": "Yang dihubungi warga, misalnya +62 811 0000 0001."},
    )
    access_token = fields.String(
        load_default="",
        validate=[PRINTED, validate.Length(max=1000)],
        metadata={"label": "Token akses", "secret": True},
    )
    app_secret = fields.String(
        load_default="",
        validate=[PRINTED, validate.Length(max=200)],
        metadata={"label": "Rahasia aplikasi", "secret": True, "help": "Untuk memeriksa tanda tangan Meta."},
    )
    verify_token = fields.String(
        load_default="",
        validate=[PRINTED, validate.Length(max=200)],
        metadata={"label": "Token verifikasi", "secret": True, "help": "Dibuat di halaman meja WhatsApp."},
    )
    templates = fields.List(
        fields.String(),
        load_default=list,
        metadata={
            "label": "Templat pemberitahuan",
            "help": "Satu baris untuk setiap jenis: jenis | nama templat | bahasa | nilai, nilai | tombol. "
            "Nilai: number, agency, due, until, question, text, link, tenant.",
        },
    )
    per_hour = fields.Integer(
        load_default=60,
        validate=validate.Range(1, 1000),
        metadata={"label": "Pesan masuk per jam dari satu nomor"},
    )
    per_minute = fields.Integer(
        load_default=600,
        validate=validate.Range(1, 100_000),
        metadata={"label": "Pesan masuk per menit dari semua nomor"},
    )
    keep_days = fields.Integer(
        load_default=30,
        validate=validate.Range(8, 365),
        metadata={"label": "Catatan pengiriman disimpan (hari)", "help": "Tanpa isi pesan."},
    )
    api_version = fields.String(
        load_default="v23.0",
        validate=validate.Regexp(r"^v\d{1,3}\.\d$", error="Tulis seperti v23.0."),
        metadata={"label": "Versi Graph API"},
    )
    graph_base = fields.String(
        load_default="https://graph.facebook.com",
        validate=validate.Length(max=200),
        metadata={"label": "Alamat Graph API", "help": "Ganti hanya untuk uji coba."},
    )

    @validates_schema
    def complete(self, data: dict[str, Any], **_options: Any) -> None:
        """What a number that is switched on cannot do without. Raises ValidationError naming the field."""
        errors: dict[str, list[str]] = {}
        if data.get("mode") == "on":
            for name in ("phone_number_id", "access_token", "app_secret", "verify_token"):
                if not data.get(name):
                    errors[name] = ["Isi ini sebelum WhatsApp dihidupkan."]
        try:
            table(data.get("templates", []))
        except ValueError as error:
            errors["templates"] = [str(error)]
        base = data.get("graph_base", "https://graph.facebook.com")  # left out of a part of the settings
        fault = outbound.judge(base)
        if fault or not _server_alone(base):
            errors["graph_base"] = [
                FAULTS.get(fault, "Tulis alamat server saja, misalnya https://graph.facebook.com.")
            ]
        if errors:
            raise ValidationError(errors)


def _server_alone(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return not (parts.path.strip("/") or parts.query or parts.fragment)


def setting(name: str) -> Any:
    """One setting of the open tenant."""
    return settings_of(current_tenant(), NAME)[name]


def templates() -> dict[str, Template]:
    """The open tenant's templates by kind of notice."""
    return table(setting("templates"))
