"""What a tenant's admin sets. The SMTP host is the admin's choice, private addresses included: a
government's mail server usually stands in its own network."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

MODES = {"off": "Mati", "file": "Simpan sebagai berkas (uji coba)", "smtp": "Kirim lewat server SMTP"}
SECURITY = {"starttls": "STARTTLS (port 587)", "tls": "TLS (port 465)", "none": "Tanpa enkripsi"}
ONE_LINE = validate.Regexp(r"^[^\r\n\x00]*$", error="Tulis dalam satu baris.")
INTAKE = {
    "off": "Mati",
    "imap": "Baca kotak surat (IMAP dengan TLS)",
    "pipe": "Diterima dari server surat (HTTP)",
}
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

    intake = fields.String(
        load_default="off",
        validate=validate.OneOf(list(INTAKE)),
        metadata={
            "label": "Laporan lewat surat masuk",
            "choices": INTAKE,
            "help": "Surat warga ke alamat laporan menjadi laporan, dan dibalas dengan nomor dan PIN.",
        },
    )
    intake_address = fields.String(
        load_default="",
        validate=[ONE_LINE, validate.Length(max=200)],
        metadata={"label": "Alamat laporan", "help": "Kosong: sama dengan alamat pengirim."},
    )
    plus = fields.Boolean(
        load_default=False,
        metadata={
            "label": "Server surat mengenal alamat dengan tanda plus",
            "help": "Balasan tetap masuk ke laporannya meski program surat membuang kepala surat.",
        },
    )
    imap_host = fields.String(
        load_default="", validate=[HOST, validate.Length(max=200)], metadata={"label": "Server IMAP"}
    )
    imap_port = fields.Integer(
        load_default=993, validate=validate.Range(1, 65535), metadata={"label": "Port IMAP"}
    )
    imap_user = fields.String(
        load_default="",
        validate=[ONE_LINE, validate.Length(max=200)],
        metadata={"label": "Nama pengguna IMAP"},
    )
    imap_password = fields.String(
        load_default="",
        validate=validate.Length(max=500),
        metadata={"label": "Kata sandi IMAP", "secret": True},
    )
    imap_folder = fields.String(
        load_default="INBOX",
        validate=validate.Regexp(r"^[A-Za-z0-9 ._/&+,-]{1,200}$", error="Tulis nama map, misalnya INBOX."),
        metadata={"label": "Map IMAP"},
    )
    pipe_secret = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={
            "label": "Rahasia server surat",
            "secret": True,
            "help": "Paling sedikit 24 huruf, dikirim server surat sebagai kepala X-Surel-Secret.",
        },
    )
    trusted_server = fields.String(
        load_default="",
        validate=[HOST, validate.Length(max=200)],
        metadata={
            "label": "Server yang memeriksa pengirim",
            "help": "Nama di awal Authentication-Results. Yang dmarc=fail menunggu petugas, tanpa balasan.",
        },
    )
    answers_per_day = fields.Integer(
        load_default=5,
        validate=validate.Range(1, 50),
        metadata={"label": "Balasan otomatis per alamat per hari"},
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
        errors |= _intake_errors(data)
        if errors:
            raise ValidationError(errors)


def _intake_errors(data: dict[str, Any]) -> dict[str, list[str]]:
    """What a way of taking mail in cannot do without."""
    from plugins.surel.compose import BadMessage, address

    way = data.get("intake")
    found: dict[str, list[str]] = {}
    own = data.get("intake_address") or data.get("from_address") or ""
    if data.get("intake_address") or way in {"imap", "pipe"}:
        try:
            address(own)
        except BadMessage:
            found["intake_address"] = ["Tulis satu alamat email lengkap, misalnya lapor@kota.go.id."]
    if way == "imap":
        for name, missing in (("imap_host", "server IMAP"), ("imap_user", "nama pengguna IMAP")):
            if not data.get(name):
                found[name] = [f"Isi {missing}."]
        if not data.get("imap_password"):
            found["imap_password"] = ["Isi kata sandi IMAP."]
    if way == "pipe" and len(data.get("pipe_secret") or "") < 24:
        found["pipe_secret"] = ["Isi paling sedikit 24 huruf acak."]
    return found
