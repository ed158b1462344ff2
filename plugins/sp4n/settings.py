"""What a tenant's admin sets: the way to the national system, and what goes there."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from superapp.sdk import outbound

TRANSPORTS = {"modern": "JSON menurut kontrak", "legacy": "XML jalur lama, laporan baru saja"}
TAKES = {
    "forwarded": "Hanya yang diserahkan ke sana",
    "categories": "Salinan dari jenis yang dipilih",
    "all": "Salinan setiap laporan",
}
ONE_LINE = validate.Regexp(r"^[^\x00-\x1f\x7f]*$", error="Tulis dalam satu baris.")
FAULTS = {
    "scheme": "Alamat harus diawali https://.",
    "inside": "Alamat ini berada di jaringan dalam. Pakai alamat umum.",
}


class Sp4nSettings(Schema):
    """Stored per tenant; the plugin's own desk page writes them and the connection together."""

    transport = fields.String(
        load_default="modern",
        validate=validate.OneOf(list(TRANSPORTS)),
        metadata={"label": "Jalur", "choices": TRANSPORTS},
    )
    base_url = fields.String(
        load_default="",
        validate=[ONE_LINE, validate.Length(max=500)],
        metadata={"label": "Alamat server", "help": "Diawali https://, tanpa garis miring di akhir."},
    )
    token = fields.String(
        load_default="",
        validate=[
            validate.Regexp(r"^[\x21-\x7e]*$", error="Token tanpa spasi, huruf Latin saja."),
            validate.Length(max=2000),
        ],
        metadata={"label": "Token", "secret": True},
    )
    contract = fields.String(
        load_default="",
        validate=validate.Length(max=20_000),
        metadata={
            "label": "Kontrak JSON",
            "help": "Kosong: kontrak bawaan. Lebih mudah diubah di halaman SP4N-LAPOR!.",
            "long": True,
        },
    )
    takes = fields.String(
        load_default="forwarded",
        validate=validate.OneOf(list(TAKES)),
        metadata={
            "label": "Yang dikirim",
            "choices": TAKES,
            "help": "Baru berlaku setelah disimpan di halaman SP4N-LAPOR!.",
        },
    )
    categories = fields.List(
        fields.String(validate=[ONE_LINE, validate.Length(max=100)]),
        load_default=list,
        validate=validate.Length(max=500),
        metadata={"label": "Jenis yang dikirim"},
    )
    agency_code = fields.String(
        load_default="",
        validate=[ONE_LINE, validate.Length(max=100)],
        metadata={"label": "Kode unit luar yang mewakili admin nasional"},
    )
    identity = fields.Boolean(
        load_default=False,
        metadata={"label": "Nama dan nomor pelapor ikut dikirim, kecuali yang anonim"},
    )

    @validates_schema
    def fits(self, data: dict[str, Any], **_options: Any) -> None:
        """An address that may be asked and a contract that can be read. Raises ValidationError by field."""
        from plugins.sp4n.contract import BadContract
        from plugins.sp4n.contract_reading import of

        errors: dict[str, list[str]] = {}
        if (url := data.get("base_url", "")) and (fault := outbound.judge(url)):
            errors["base_url"] = [FAULTS.get(fault, "Tulis alamat lengkap, diawali https://.")]
        elif "?" in url or "#" in url:
            errors["base_url"] = ["Tulis alamat tanpa tanda tanya dan pagar."]
        try:
            of(data.get("contract", ""))
        except BadContract as bad:
            errors["contract"] = [str(bad)[:500]]
        if errors:
            raise ValidationError(errors)
