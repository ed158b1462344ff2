"""The report form: what was typed to a Draft, and errors back to the fields they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict

from plugins.lapor import mapdraw, queries
from plugins.lapor.contracts import CategoryView, Contact, Draft, Kind, Location, Upload
from plugins.lapor.settings import setting
from superapp.sdk import FieldError, Invalid, directory

FIELDS = (
    "body",
    "category",
    "kind",
    "address",
    "area",
    "lat",
    "lng",
    "name",
    "phone",
    "email",
    "nik",
    "anonymous",
    "secret",
    "whistle",
    "accused",
    "key",
    "incomplete",
)
TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: categories by group, villages by kecamatan, the drawn map."""

    categories: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    areas: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    drawing: mapdraw.Drawing | None
    count: int
    units: tuple[tuple[str, str], ...] = ()  # that one may complain of
    ask_nik: bool = False
    area_title: str = ""


def kinds() -> list[tuple[str, str]]:
    """What one may want, in the citizen's words."""
    return [
        ("complaint", _("Melaporkan masalah")),
        ("aspiration", _("Menyampaikan usul")),
        ("information", _("Meminta informasi")),
    ]


def choices() -> Choices:
    """Read from the tenant's own tables, as they are today."""
    known = queries.categories()
    areas = directory.areas()
    villages: dict[str, list[tuple[str, str]]] = {}
    for area in areas.values():
        if area.level != "kecamatan":
            parent = areas.get(area.parent_code or "")
            villages.setdefault(parent.name if parent else "", []).append(
                (area.code, _village(area.name, area.level))
            )
    return Choices(
        categories=tuple(
            (group, tuple((each.code, each.name) for each in members)) for group, members in by_group(known)
        ),
        areas=tuple(
            (name, tuple(sorted(found, key=lambda pair: pair[1]))) for name, found in sorted(villages.items())
        ),
        drawing=mapdraw.draw(mapdraw.places(areas.values())),
        count=len(known),
        units=tuple((each.code, each.name) for each in queries.agency_choices(external=False)),
        ask_nik=bool(setting("ask_nik")),
        area_title=area_title(areas.values()),
    )


def area_title(areas: Iterable[directory.AreaInfo]) -> str:
    """What one of the smallest areas is called: a province asks for less than a city."""
    wide = any(area.level in ("kabupaten", "kota") for area in areas)
    return str(_("Kabupaten atau kota") if wide else _("Desa atau kelurahan"))


def by_group(known: Iterable[CategoryView]) -> list[tuple[str, list[CategoryView]]]:
    """Categories under their groups, both in the tenant's order."""
    groups: dict[str, list[CategoryView]] = {}
    for each in known:
        groups.setdefault(each.group, []).append(each)
    return list(groups.items())


def _village(name: str, level: str) -> str:
    titles = {
        "desa": _("Desa %(name)s", name=name),
        "kabupaten": _("Kabupaten %(name)s", name=name),
        "kota": _("Kota %(name)s", name=name),
    }
    return str(titles.get(level) or _("Kelurahan %(name)s", name=name))


def category(code: str) -> CategoryView | None:
    """The category of a code that is valid today."""
    return next((each for each in queries.categories() if each.code == code), None)


def typed(form: MultiDict[str, str]) -> dict[str, str]:
    """What was typed, as text, to be shown again. Raises Invalid for fields that the form does not have."""
    unknown = sorted(name for name in set(form) - {*FIELDS, "csrf_token"} if not name.startswith("a-"))
    if unknown:
        raise Invalid(errors=[FieldError(name, "Isian ini tidak dikenal.", "unknown") for name in unknown])
    return {name: form.get(name, "") for name in FIELDS}


def draft(values: Mapping[str, str], answers: Mapping[str, list[str]] | None = None) -> Draft:
    """The report that was typed. Raises Invalid naming each field that says too little."""
    errors = []
    body = values["body"].strip()
    if len(body.split()) < 2:
        errors.append(
            FieldError(
                "body",
                _("Tulis sedikitnya satu kalimat, misalnya “lampu mati sejak Senin”."),
                "required",
            )
        )
    lat, lng = _degrees(values["lat"], "lat", errors), _degrees(values["lng"], "lng", errors)
    kind = values["kind"] or "complaint"
    somewhere = values["address"].strip() or values["area"] or (lat is not None and lng is not None)
    if kind == "complaint" and not somewhere and not values["whistle"]:
        errors.append(
            FieldError("address", _("Isi alamat atau patokan, atau geser penanda di peta."), "required")
        )
    if errors:
        raise Invalid(errors=errors)
    chosen = category(values["category"])
    return Draft(
        kind=cast(Kind, kind),
        title=title(chosen, values["address"].strip(), body),
        body=body,
        category=values["category"] or None,
        location=Location(lat, lng, values["address"].strip(), values["area"] or None),
        reporter=Contact(*(values[name].strip() for name in ("name", "phone", "email", "nik"))),
        anonymous=bool(values["anonymous"]),
        secret=bool(values["secret"]),
        whistle=bool(values["whistle"]),
        accused=(values["accused"] or None) if values["whistle"] else None,
        channel="web",
        answers=answers or {},
    )


def title(chosen: CategoryView | None, address: str, body: str) -> str:
    """A headline from the kind of matter and the street; else empty, and the first sentence becomes it."""
    street = address.split(",", maxsplit=1)[0].strip()
    if chosen is None or not street:
        return ""
    return str(_("%(what)s di %(where)s", what=chosen.name, where=street))[:TITLE_LENGTH]


def _degrees(text: str, name: str, errors: list[FieldError]) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        errors.append(FieldError(name, _("Titik di peta tidak terbaca. Geser lagi penandanya."), "format"))
        return None


def uploads(files: Iterable[FileStorage]) -> list[Upload]:
    """The photos that were chosen; an empty file field sends one without a name."""
    return [Upload(each.filename or "", each.read()) for each in files if each.filename]


def by_field(errors: Iterable[FieldError]) -> dict[str, str]:
    """What is wrong with each field of the form: the API's `location.area` is the form's `area`.

    The first message stands, but every photo that cannot be taken is named.
    """
    found: dict[str, str] = {}
    for error in errors:
        name = field_name(error.field)
        if name == "photos" and name in found:
            found[name] = f"{found[name]} {error.message}"
        found.setdefault(name, error.message)
    return found


def field_name(name: str) -> str:
    """Where the form shows what is wrong with an API field."""
    if name.startswith("answers."):
        return f"a-{name.removeprefix('answers.')}"
    last = name.split("[", maxsplit=1)[0].rsplit(".", 1)[-1]
    return {"title": "body", "lat": "address", "lng": "address", "location": "address"}.get(last, last)


def summary(errors: Mapping[str, str], more: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Links on top of the form, in the order of its fields; `more` are words for fields of their own."""
    order = {name: place for place, name in enumerate((*FIELDS, "photos"))}
    names = {
        "body": _("Ceritakan apa yang terjadi"),
        "address": _("Tunjukkan lokasinya"),
        "area": _("Pilih desa atau kelurahan"),
        "category": _("Pilih jenis laporan"),
        "phone": _("Periksa nomor WhatsApp"),
        "email": _("Periksa alamat surel"),
        "nik": _("Periksa NIK"),
        "accused": _("Pilih unit yang diadukan"),
        "photos": _("Periksa foto"),
        **(more or {}),
    }
    found = sorted(errors, key=lambda name: order.get(name, 99))
    return [{"field": name, "message": names.get(name, errors[name])} for name in found]
