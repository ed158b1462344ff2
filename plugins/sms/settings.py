"""What a tenant's admin sets: how the gateway is asked, how it tells, and what may be spent."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import orjson
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugins.sms import request as requests
from superapp.sdk import current_tenant, outbound, settings_of

NAME = "sms"
MODES = {"off": "Mati", "on": "Hidup"}
FORMS = {"json": "JSON", "form": "Formulir", "xml": "XML"}
PROOFS = {"header": "Token di tajuk", "hmac": "Tanda tangan HMAC-SHA256 di tajuk"}
PRINTED = validate.Regexp(r"^[\x21-\x7e]*$", error="Tempel tanpa spasi.")
FIELD = validate.Regexp(r"^[A-Za-z0-9_-]{0,60}(\.[A-Za-z0-9_-]{1,60}){0,5}$", error="Tulis nama bidang saja.")
RUPIAH = validate.Range(0, 1_000_000_000)
FAULTS = {
    "scheme": "Alamat harus diawali https://.",
    "inside": "Alamat ini berada di jaringan dalam. Pakai alamat umum.",
}


def _choice(label: str, default: str, titles: dict[str, str], help: str = "") -> fields.String:
    words = {"label": label, "choices": titles, "help": help}
    return fields.String(load_default=default, validate=validate.OneOf(list(titles)), metadata=words)


def _text(label: str, default: str = "", *rules: Any, **words: Any) -> fields.String:
    checks = [validate.Length(max=2000), *rules]
    return fields.String(load_default=default, validate=checks, metadata={"label": label, **words})


def _number(label: str, default: int, rule: validate.Range, help: str = "") -> fields.Integer:
    return fields.Integer(load_default=default, validate=rule, metadata={"label": label, "help": help})


class SmsSettings(Schema):
    """The gateway, the way back, and the purse. Secrets are sealed by the host; money is in rupiah."""

    mode = _choice("SMS", "off", MODES)
    method = _choice("Cara kirim", "POST", {"POST": "POST", "GET": "GET", "PUT": "PUT"})
    url = _text("Alamat gerbang SMS", help="Boleh memuat {to}, {text}, {key}, {secret} setelah tanda tanya.")
    headers = fields.List(
        fields.String(),
        load_default=list,
        metadata={"label": "Tajuk", "help": "Satu baris untuk setiap tajuk: Authorization: Bearer {secret}"},
    )
    body_form = _choice("Bentuk isi", "json", FORMS)
    body = _text(
        "Isi",
        '{"to": "{to}", "text": "{text}", "ref": "{key}"}',
        long=True,
        help="{to} nomor, {text} pesan, {key} nama unik pesan, {secret} kunci gerbang.",
    )
    secret = _text("Kunci gerbang", "", PRINTED, secret=True)
    success_status = _text("Kode HTTP berhasil", "200, 201, 202")
    success_path = _text(
        "Bidang hasil", "", FIELD, help="Kosong: kode HTTP sudah cukup. Contoh: messages.0.status"
    )
    success_value = _text("Isi bidang hasil", "", help="Isi yang berarti diterima, misalnya ok.")
    proof = _choice("Bukti kiriman masuk", "header", PROOFS)
    proof_header = _text(
        "Nama tajuk bukti",
        "X-Sms-Token",
        validate.Regexp(r"^[A-Za-z0-9-]{1,60}$", error="Tulis nama tajuk saja."),
    )
    in_secret = _text("Token masuk", "", PRINTED, secret=True, help="Dibuat di halaman meja SMS.")
    from_field = _text("Bidang nomor pengirim", "from", FIELD)
    text_field = _text("Bidang isi pesan", "text", FIELD)
    id_field = _text("Bidang id pesan", "id", FIELD, help="Kosong bila gerbang tidak memberi id.")
    time_field = _text("Bidang waktu kirim", "", FIELD, help="Boleh kosong. Detik sejak 1970 atau ISO 8601.")
    replay_seconds = _number(
        "Pesan sama dianggap ulangan selama (detik)",
        120,
        validate.Range(10, 86_400),
        "Hanya bila gerbang tidak memberi id.",
    )
    price = _number("Harga satu bagian (rupiah)", 350, validate.Range(0, 100_000))
    cap_day = _number("Batas biaya sehari (rupiah)", 100_000, RUPIAH)
    cap_month = _number("Batas biaya sebulan (rupiah)", 2_000_000, RUPIAH)
    cap_number_day = _number("Batas sehari untuk satu nomor (rupiah)", 7_000, RUPIAH)
    cap_number_month = _number("Batas sebulan untuk satu nomor (rupiah)", 35_000, RUPIAH)
    hard_percent = _number(
        "Batas akhir (persen dari batas)",
        120,
        validate.Range(100, 300),
        "Di antara batas dan batas akhir hanya nomor laporan dan PIN yang dikirim.",
    )
    most_parts = _number("Bagian paling banyak untuk satu pesan", 4, validate.Range(1, 10))
    per_hour = _number("Pesan masuk per jam dari satu nomor", 30, validate.Range(1, 1000))
    per_minute = _number("Pesan masuk per menit dari semua nomor", 300, validate.Range(1, 100_000))
    keep_days = _number("Catatan pengiriman disimpan (hari)", 30, validate.Range(8, 365), "Tanpa isi pesan.")

    @validates_schema
    def complete(self, data: dict[str, Any], **_options: Any) -> None:
        """What a gateway that is switched on cannot do without. Raises ValidationError naming the field."""
        errors: dict[str, list[str]] = {}
        if data.get("mode") == "on":
            for name in ("url", "in_secret", "from_field", "text_field"):
                if not data.get(name):
                    errors[name] = ["Isi ini sebelum SMS dihidupkan."]
        faults = {
            "url": _address_fault(data.get("url", "")),
            "headers": requests.wrong_lines(data.get("headers", [])),
            "body": _body_fault(data.get("body_form", "json"), data.get("body", "")),
            "success_status": _status_fault(data.get("success_status", "200")),
            "success_value": "Isi ini, atau kosongkan bidang hasil."
            if data.get("success_path") and not data.get("success_value")
            else "",
        }
        errors |= {name: [fault] for name, fault in faults.items() if fault and name not in errors}
        if errors:
            raise ValidationError(errors)


def _address_fault(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "Alamat ini tidak dapat dibaca."
    if requests.PLACE.search(f"{parts.netloc}{parts.path}".replace("{key}", "")):
        return "Tempatkan {to}, {text}, dan {secret} setelah tanda tanya."
    sample = requests.fill(url, dict.fromkeys(("to", "text", "key", "secret"), "1"), "form")
    fault = outbound.judge(sample)
    return FAULTS.get(fault, "Tulis alamat lengkap, diawali https://.") if fault else ""


def _body_fault(form: str, body: str) -> str:
    if form != "json" or not body:
        return ""
    try:
        orjson.loads(requests.fill(body, dict.fromkeys(("to", "text", "key", "secret"), '"\n'), "json"))
    except orjson.JSONDecodeError:
        return "Isi ini bukan JSON. Tulis {text} di antara tanda kutip."
    return ""


def _status_fault(text: str) -> str:
    try:
        requests.statuses(text)
    except ValueError:
        return "Tulis kode HTTP dari 200 sampai 299, misalnya 200, 202."
    return ""


def setting(name: str) -> Any:
    """One setting of the open tenant."""
    return settings_of(current_tenant(), NAME)[name]
