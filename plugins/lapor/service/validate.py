"""What a report may look like. Each refusal names the field as the API spells it, and the remedy."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from plugins.lapor.clock import local_day
from plugins.lapor.contracts import Contact, Draft, Location
from plugins.lapor.service.channels import is_channel
from plugins.lapor.service.reference import reference, valid_on
from superapp.sdk import FieldError, Invalid, current_tenant, directory, now

KINDS = ("complaint", "aspiration", "information")
TITLE_MAX, BODY_MAX, ADDRESS_MAX = 200, 10_000, 500
LAT, LNG = (-11.5, 6.5), (94.5, 141.5)  # Indonesia
OLDEST = timedelta(days=3653)
EMAIL = re.compile(r"[^\s@<>\"]{1,64}@[A-Za-z0-9.-]{1,180}\.[A-Za-z]{2,24}")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
NIK = re.compile(r"[0-9]{16}")
STACKED = 10
DIRECTION = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def clean(text: str) -> str:
    """Normalised (NFC), trimmed, with line ends as \\n."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fault(text: str) -> str:
    """What makes a text unreadable or deceptive (control, surrogate, direction, stacked marks), or ""."""
    stack = 0
    for char in text:
        kind = unicodedata.category(char)
        stack = stack + 1 if kind in {"Mn", "Me"} else 0
        if kind == "Cs" or (kind == "Cc" and char not in "\n\t\r") or char in DIRECTION or stack > STACKED:
            return "Ada karakter yang tidak dapat disimpan. Hapus lalu ketik ulang."
    return ""


def tidy(draft: Draft) -> Draft:
    """The draft with trimmed texts, and a title from the first line of the body when it has none.

    Raises Invalid for characters that cannot be kept.
    """
    place, who = draft.location, draft.reporter
    texts = {
        "title": draft.title,
        "body": draft.body,
        "location.address": place.address,
        "reporter.name": who.name,
        "reporter.phone": who.phone,
        "reporter.email": who.email,
        "reporter.nik": who.nik,
        "source_url": draft.source_url,
    }
    errors = [FieldError(name, why, "characters") for name, text in texts.items() if (why := fault(text))]
    if errors:
        raise Invalid(errors=errors)
    body = clean(draft.body)
    return replace(
        draft,
        title=clean(draft.title).replace("\n", " ") or headline(body),
        body=body,
        category=draft.category or None,
        location=replace(place, address=clean(place.address), area_code=place.area_code or None),
        reporter=Contact(clean(who.name), clean(who.phone), clean(who.email), clean(who.nik)),
        source_url=draft.source_url.strip(),
    )


def headline(body: str) -> str:
    """The first sentence, at most 80 characters, cut between words."""
    first = re.split(r"(?<=[.!?])\s|\n", body, maxsplit=1)[0]
    if len(first) <= 80:
        return first.rstrip(".")
    return first[:80].rsplit(" ", 1)[0]


def check(draft: Draft) -> None:
    """Raise Invalid with every field that is wrong."""
    errors = [
        *_texts(draft),
        *_place(draft.location),
        *_when(draft.occurred_on),
        *contact_errors(draft.reporter),
    ]
    if draft.kind not in KINDS:
        errors.append(FieldError("kind", "Pilih pengaduan, aspirasi, atau permintaan informasi.", "choice"))
    if not is_channel(draft.channel):
        errors.append(FieldError("channel", "Saluran ini tidak dikenal.", "choice"))
    if draft.source_url and not re.match(r"https?://\S{3,1990}$", draft.source_url):
        errors.append(FieldError("source_url", "Tulis alamat lengkap, diawali https://."))
    errors += category_errors(draft.category)
    if errors:
        raise Invalid(errors=errors)


def category_errors(code: str | None) -> list[FieldError]:
    """Empty when the category exists today or is left open."""
    if code is None:
        return []
    known = reference().categories.get(code)
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    if known is None or not valid_on(known, today):
        return [FieldError("category", "Jenis ini tidak ada. Pilih dari daftar, atau kosongkan.", "unknown")]
    return []


def contact_errors(contact: Contact) -> list[FieldError]:
    """What is wrong with a name, phone or e-mail; each may be empty."""
    found = []
    if len(contact.name) > 200:
        found.append(FieldError("reporter.name", "Nama paling panjang 200 huruf.", "length"))
    if contact.phone and not PHONE.fullmatch(contact.phone):
        found.append(FieldError("reporter.phone", "Tulis nomor seperti 0812 3456 7890.", "format"))
    if contact.email and not EMAIL.fullmatch(contact.email):
        found.append(
            FieldError("reporter.email", "Tulis alamat surel lengkap, misalnya nama@contoh.id.", "format")
        )
    if contact.nik and not NIK.fullmatch(re.sub(r"[ .-]", "", contact.nik)):
        found.append(FieldError("reporter.nik", _("NIK terdiri dari 16 angka."), "format"))
    return found


def require(field: str, text: str, *, most: int = BODY_MAX) -> str:
    """The cleaned text. Raises Invalid naming `field` when it is empty, too long or unreadable."""
    wrong: tuple[tuple[Callable[[str], bool], str], ...] = (
        (lambda value: bool(fault(value)), "Ada karakter yang tidak dapat disimpan. Hapus lalu ketik ulang."),
        (lambda value: not clean(value), "Isi bagian ini."),
        (lambda value: len(value) > most, f"Paling panjang {most} huruf."),
    )
    for is_wrong, message in wrong:
        if is_wrong(text):
            raise Invalid(errors=[FieldError(field, message)])
    return clean(text)


def optional(field: str, text: str, *, most: int = BODY_MAX) -> str:
    """As `require`, but empty is fine."""
    return require(field, text, most=most) if text.strip() else ""


def _texts(draft: Draft) -> Iterator[FieldError]:
    if not draft.body:
        yield FieldError("body", "Ceritakan apa yang terjadi.", "required")
    if len(draft.body) > BODY_MAX:
        yield FieldError("body", f"Paling panjang {BODY_MAX} huruf.", "length")
    if len(draft.title) > TITLE_MAX:
        yield FieldError("title", f"Paling panjang {TITLE_MAX} huruf.", "length")
    if len(draft.location.address) > ADDRESS_MAX:
        yield FieldError("location.address", f"Paling panjang {ADDRESS_MAX} huruf.", "length")


def _place(place: Location) -> Iterator[FieldError]:
    for name, value, (low, high) in (("lat", place.lat, LAT), ("lng", place.lng, LNG)):
        other = place.lng if name == "lat" else place.lat
        if value is None:
            if other is not None:
                yield FieldError(f"location.{name}", "Lintang dan bujur harus diisi bersama.", "required")
        elif not (math.isfinite(value) and low <= value <= high):
            yield FieldError(
                f"location.{name}", f"Titik harus di Indonesia: antara {low} dan {high}.", "range"
            )
    if place.area_code is not None and place.area_code not in directory.areas():
        yield FieldError("location.area", "Wilayah ini tidak ada. Pilih dari daftar.", "unknown")


def _when(day: date | None) -> Iterator[FieldError]:
    if day is None:
        return
    today = local_day(now(), ZoneInfo(current_tenant().timezone))
    if day > today:
        yield FieldError("occurred_on", "Tanggal kejadian tidak boleh di masa depan.", "range")
    elif day < today - OLDEST:
        yield FieldError("occurred_on", "Tanggal kejadian paling lama 10 tahun lalu.", "range")
