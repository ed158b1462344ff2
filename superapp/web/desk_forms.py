"""A form from a plugin's settings schema: which widget each field gets, and how what was typed is read.

Fields say their words in `metadata`: `label`, `help`, `secret` (written, never shown again),
`long` (several lines), `choices` (titles of the values of OneOf).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from marshmallow import Schema, fields, missing, validate
from werkzeug.datastructures import MultiDict

from superapp.errors import FieldError


@dataclass(frozen=True, slots=True)
class Widget:
    """One field of the form. `kind`: text, long, number, email, url, secret, check, choice, lines."""

    name: str
    kind: str
    label: str
    help: str
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    kept: bool = False  # a secret is stored already
    error: str = ""


def widgets(
    schema: type[Schema], stored: Mapping[str, Any], errors: tuple[FieldError, ...] = ()
) -> list[Widget]:
    """The schema's fields in their order, with stored (or just typed) values and errors beside them."""
    wrong: dict[str, str] = {}
    for error in errors:
        wrong.setdefault(error.field, in_words(error.message))
    return [_widget(name, field, stored, wrong.get(name, "")) for name, field in schema().load_fields.items()]


def read(schema: type[Schema], form: MultiDict[str, str], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the schema's `load` takes it. An empty secret keeps the stored one."""
    data: dict[str, Any] = {}
    for name, field in schema().load_fields.items():
        kind = kind_of(field)
        typed = form.get(name, "").strip()
        if kind == "check":
            data[name] = name in form
        elif kind == "lines":
            data[name] = [line.strip() for line in typed.splitlines() if line.strip()]
        elif kind == "secret" and not typed:
            if form.get(f"{name}.forget") != "1" and stored.get(name):
                data[name] = stored[name]
        elif typed or (field.required and not field.allow_none):
            data[name] = typed
        elif field.allow_none:
            data[name] = None
        elif kind in {"text", "long"}:
            data[name] = ""
    return data


def kind_of(field: fields.Field[Any]) -> str:
    """Which widget a marshmallow field gets."""
    if field.metadata.get("secret"):
        return "secret"
    if _choice(field) is not None:
        return "choice"
    known: tuple[tuple[type[Any], str], ...] = (
        (fields.Boolean, "check"),
        (fields.Integer, "number"),
        (fields.Float, "number"),
        (fields.Email, "email"),
        (fields.Url, "url"),
        (fields.List, "lines"),
    )
    kind = next((kind for cls, kind in known if isinstance(field, cls)), "text")
    return "long" if kind == "text" and field.metadata.get("long") else kind


def in_words(message: str) -> str:
    """A message of the schema in the officer's words; a plugin's own stays as it is."""
    for pattern, said in _said():
        found = re.fullmatch(pattern, message)
        if found:
            return said % found.groupdict()
    return message


def _said() -> tuple[tuple[str, str], ...]:
    return (
        (r"Missing data for required field\.", _("Isi bagian ini.")),
        (r"Field may not be null\.", _("Isi bagian ini.")),
        (r"Not a valid (integer|number)\.", _("Tulis angka saja.")),
        (r"Not a valid email address\.", _("Tulis alamat email lengkap, seperti yang dipakai mengirim.")),
        (r"Not a valid URL\.", _("Tulis alamat situs lengkap, diawali https://.")),
        (r"Must be one of: .*", _("Pilih dari daftar.")),
        (
            r"Must be greater than or equal to (?P<low>\S+) and less than or equal to (?P<high>\S+)\.",
            _("Pilih angka dari %(low)s sampai %(high)s."),
        ),
        (r"Must be greater than or equal to (?P<low>\S+)\.", _("Paling kecil %(low)s.")),
        (r"Must be less than or equal to (?P<high>\S+)\.", _("Paling besar %(high)s.")),
        (r"Shorter than minimum length (?P<low>\d+)\.", _("Paling sedikit %(low)s huruf.")),
        (r"Longer than maximum length (?P<high>\d+)\.", _("Paling banyak %(high)s huruf.")),
        (
            r"Length must be between (?P<low>\d+) and (?P<high>\d+)\.",
            _("Pakai %(low)s sampai %(high)s huruf."),
        ),
        (r"Unknown field\.", _("Bagian ini tidak dikenal.")),
    )


def _widget(name: str, field: fields.Field[Any], stored: Mapping[str, Any], error: str) -> Widget:
    kind = kind_of(field)
    value = stored[name] if name in stored else _default(field)
    if kind == "lines":
        value = "\n".join(map(str, value or ()))
    elif kind == "number" and isinstance(value, float) and value.is_integer():
        value = int(value)
    return Widget(
        name=name,
        kind=kind,
        label=_(str(field.metadata.get("label", name))),
        help=_(str(field.metadata["help"])) if field.metadata.get("help") else "",
        value="" if kind == "secret" or value is None else value,
        choices=_choices(field),
        optional=not field.required and kind != "check",
        kept=kind == "secret" and bool(value),
        error=error,
    )


def _default(field: fields.Field[Any]) -> Any:
    default = field.load_default
    if default is missing:
        return None
    return default() if callable(default) else default


def _choice(field: fields.Field[Any]) -> validate.OneOf | None:
    return next((rule for rule in field.validators if isinstance(rule, validate.OneOf)), None)


def _choices(field: fields.Field[Any]) -> tuple[tuple[str, str], ...]:
    rule = _choice(field)
    titles = field.metadata.get("choices", {})
    return tuple((str(value), _(str(titles.get(value, value)))) for value in rule.choices) if rule else ()
