"""What an officer typed, read into a Draft; every field that is wrong is named at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from plugins.berita.contracts import LANGUAGES, Draft, Text
from superapp.sdk import FieldError, Invalid, current_tenant, directory, now

TITLE, SUMMARY, BODY = 160, 300, 20_000  # characters, CHECKed by the tables too
GRACE = timedelta(minutes=5)  # a form stays open for a while
FAR = timedelta(days=730)
LONGEST_PIN = timedelta(days=365)


def read(form: Mapping[str, str], before: datetime | None = None) -> Draft:
    """The draft in a form's fields `title_id`, `summary_id`, `body_id`, the same with `_en`, `agency`,
    `publish_at` (local time of the tenant) and `pinned_until`.

    `before` is the moment that is stored already, which may stay although it has passed.
    Raises Invalid naming each wrong field.
    """
    errors: list[FieldError] = []
    draft = Draft(
        texts={
            language: text for language in LANGUAGES if (text := _text(form, language, errors)) is not None
        },
        agency_id=_agency(form.get("agency", ""), errors),
        publish_at=_moment(form.get("publish_at", ""), before, errors),
        pinned_until=_pin(form.get("pinned_until", ""), errors),
    )
    if errors:
        raise Invalid(errors=errors)
    return draft


def clean(text: str) -> str:
    """Text as it is kept: composed characters, one kind of line end, no space at the ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def local(moment: datetime | None) -> str:
    """A moment as a datetime-local field writes it, in the tenant's time; empty for None."""
    return moment.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _text(form: Mapping[str, str], language: str, errors: list[FieldError]) -> Text | None:
    typed = {name: clean(form.get(f"{name}_{language}", "")) for name in ("title", "summary", "body")}
    if language != "id" and not any(typed.values()):
        return None
    for name, limit in (("title", TITLE), ("summary", SUMMARY), ("body", BODY)):
        field = f"{name}_{language}"
        if len(typed[name]) > limit:
            said = _(
                "Ringkas menjadi paling banyak %(limit)s huruf; sekarang %(length)s.",
                limit=limit,
                length=len(typed[name]),
            )
            errors.append(FieldError(field, said, "too_long"))
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in typed[name]):
            errors.append(
                FieldError(
                    field, _("Hapus karakter yang tidak terlihat, lalu ketik ulang bagian ini."), "control"
                )
            )
    if not typed["title"]:
        errors.append(FieldError(f"title_{language}", _("Isi judul."), "required"))
    elif "\n" in typed["title"]:
        errors.append(FieldError(f"title_{language}", _("Tulis judul dalam satu baris."), "line"))
    if not typed["body"]:
        errors.append(FieldError(f"body_{language}", _("Isi berita."), "required"))
    return Text(**typed)


def _agency(typed: str, errors: list[FieldError]) -> UUID | None:
    if not typed:
        return None
    found = directory.agencies_by_code().get(typed)
    if found is None:
        errors.append(FieldError("agency", _("Pilih unit dari daftar."), "unknown"))
        return None
    return found.id


def _moment(typed: str, before: datetime | None, errors: list[FieldError]) -> datetime | None:
    if not typed.strip():
        return None
    if typed.strip() == local(before):
        return before
    try:
        moment = datetime.fromisoformat(typed.strip()).replace(tzinfo=_zone())
    except ValueError:
        errors.append(
            FieldError("publish_at", _("Tulis tanggal dan jam, misalnya 2026-03-17T09:00."), "invalid")
        )
        return None
    if not now() - GRACE <= moment <= now() + FAR:
        errors.append(
            FieldError(
                "publish_at",
                _("Pilih waktu yang akan datang, paling lama dua tahun lagi, atau kosongkan."),
                "range",
            )
        )
    return moment


def _pin(typed: str, errors: list[FieldError]) -> date | None:
    if not typed.strip():
        return None
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        errors.append(FieldError("pinned_until", _("Tulis tanggal, misalnya 2026-03-17."), "invalid"))
        return None
    today = now().astimezone(_zone()).date()
    if not today <= day <= today + LONGEST_PIN:
        errors.append(
            FieldError("pinned_until", _("Pilih hari ini atau sesudahnya, paling lama satu tahun."), "range")
        )
    return day


def _zone() -> ZoneInfo:
    return ZoneInfo(current_tenant().timezone)
