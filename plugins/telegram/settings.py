"""What a tenant's admin sets: the bot's token, and the secret that its webhook has to bring."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

TOKEN = validate.Regexp(
    r"^([0-9]{3,20}:[A-Za-z0-9_-]{20,80})?$",
    error="Salin token lengkap dari BotFather.",
)
SECRET = validate.Regexp(
    r"^([A-Za-z0-9_-]{16,256})?$", error="Huruf, angka, garis bawah, atau tanda hubung; sedikitnya 16."
)
SERVER = validate.Regexp(r"^https?://[A-Za-z0-9.:-]{1,200}$", error="Tulis alamat server, diawali https://.")


class TelegramSettings(Schema):
    """Stored per tenant; token and secret are sealed by the host."""

    token = fields.String(
        load_default="",
        validate=TOKEN,
        metadata={"label": "Token bot", "help": "Dari BotFather. Kosong: bot mati.", "secret": True},
    )
    secret = fields.String(
        load_default="",
        validate=SECRET,
        metadata={
            "label": "Rahasia webhook",
            "help": "Kosong: dibuat sendiri saat webhook didaftarkan.",
            "secret": True,
        },
    )
    server = fields.String(
        load_default="https://api.telegram.org",
        validate=SERVER,
        metadata={
            "label": "Server Bot API",
            "help": "Biarkan, kecuali memakai server Bot API sendiri atau kotak uji coba.",
        },
    )
