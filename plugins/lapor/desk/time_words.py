"""Rules of time in words: a row as a line of a list, and the fields of its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from plugins.lapor import queries
from plugins.lapor.clock_words import authority_title, class_title, unit_title
from plugins.lapor.present import short_day
from plugins.lapor.words import kind_title, step_title
from superapp.sdk import directory, known_roles

Options = Sequence[tuple[str, str]]
STEPS = ("verify", "follow_up", "resolve", "confirm")
KINDS = ("complaint", "aspiration", "information")
CLASSES = ("normative", "standard", "supervisory")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row's form. `kind`: select, number, time, date, check, text, email."""

    name: str
    label: str
    kind: str = "text"
    options: Options = ()
    hint: str = ""
    empty: str = ""
    optional: bool = False


def weekday(number: int) -> str:
    """1 Senin to 7 Minggu."""
    names = [_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu")]
    return str(names[number - 1])


def who_title(who: str) -> str:
    """Whom a rung tells."""
    if who == "agency":
        return str(_("Unit yang memegang laporan"))
    if who in known_roles():
        return str(_(known_roles()[who]))
    found = directory.agencies_by_code().get(who)
    return found.name if found else who


def relation_title(relation: str, amount: int, unit: str) -> str:
    """ "1 hari kerja sebelum batas"."""
    if amount == 0:
        return str(_("saat batas lewat"))
    words = {"amount": amount, "unit": unit_title(unit)}
    if relation == "before":
        return str(_("%(amount)s %(unit)s sebelum batas", **words))
    return str(_("%(amount)s %(unit)s sesudah batas", **words))


def channel_title(channel: str) -> str:
    """The channel of a rung."""
    titles = {"desk": _("di meja"), "email": _("surel"), "whatsapp": _("WhatsApp"), "sms": _("SMS")}
    return str(titles.get(channel, channel))


def validity(first: date | None, last: date | None) -> str:
    """ "sejak 1 Jan 2026", "1 Jan sampai 30 Jun", "selalu"."""
    if first and last:
        return str(_("%(first)s sampai %(last)s", first=short_day(first), last=short_day(last)))
    if first:
        return str(_("sejak %(first)s", first=short_day(first)))
    return str(_("sampai %(last)s", last=short_day(last)) if last else _("sejak awal"))


def title(what: str, row: Any) -> str:
    """What a row says, in a few words."""
    if what == "batas":
        return f"{subject(row)}: {row['amount']} {unit_title(row['unit'])}"
    if what == "tangga":
        told = relation_title(row["when"], row["amount"], row["unit"])
        return f"{row['level']}. {who_title(row['who'])}, {told}, {channel_title(row['channel'])}"
    return f"{weekday(row['weekday'])}, {row['opens'].replace(':', '.')}–{row['closes'].replace(':', '.')}"


def subject(row: Any) -> str:
    """What a limit is for: step, then kind, class or category as far as it narrows."""
    narrowing = []
    if row["category"]:
        narrowing.append(category_title(row["category"]))
    if row["kind"]:
        narrowing.append(kind_title(row["kind"]))
    if row["class"]:
        narrowing.append(class_title(row["class"]))
    return " · ".join([step_title(row["step"]), *narrowing])


def category_title(code: str) -> str:
    """A category by its name."""
    return next((each.name for each in queries.categories() if each.code == code), code)


def group(what: str, row: Any) -> str:
    """The heading that a row stands under."""
    if what == "batas":
        return str(
            _("Batas kota sendiri")
            if row["authority"] == "tenant"
            else _("Batas nasional, berlaku bersamaan")
        )
    if what == "tangga":
        return step_title(row["step"])
    found = directory.agencies_by_code().get(row["agency"] or "")
    return found.name if found else str(_("Semua unit"))


def fields(what: str) -> list[Field]:
    """The fields of a row of this book, in the order of asking."""
    found = {"batas": _limit_fields, "tangga": _rung_fields, "jam": _shift_fields}[what]()
    return [
        *found,
        Field("valid_from", _("Berlaku sejak"), "date", optional=True),
        Field("valid_to", _("Sampai dengan"), "date", optional=True),
        Field("document", _("Dokumen"), hint=_("Nomor dan tahun keputusan yang menjadi dasarnya.")),
    ]


def _limit_fields() -> list[Field]:
    categories = [(each.code, f"{each.group}: {each.name}") for each in queries.categories()]
    return [
        Field("step", _("Langkah"), "select", [(step, step_title(step)) for step in STEPS]),
        Field(
            "authority",
            _("Milik siapa"),
            "select",
            [(each, authority_title(each).capitalize()) for each in ("tenant", "national")],
        ),
        Field(
            "kind", _("Macam"), "select", [(k, kind_title(k)) for k in KINDS], empty=_("Semua"), optional=True
        ),
        Field(
            "class",
            _("Golongan"),
            "select",
            [(each, class_title(each).capitalize()) for each in CLASSES],
            empty=_("Semua"),
            optional=True,
        ),
        Field("category", _("Jenis laporan"), "select", categories, empty=_("Semua"), optional=True),
        Field("amount", _("Lama"), "number"),
        Field("unit", _("Satuan"), "select", unit_options()),
    ]


def _rung_fields() -> list[Field]:
    roles = [(code, str(_(name))) for code, name in known_roles().items()]
    units = [(each.code, each.name) for each in queries.agency_choices(external=False)]
    people = [("agency", who_title("agency")), *roles, *units]
    channels = [(each, channel_title(each).capitalize()) for each in ("desk", "email", "whatsapp", "sms")]
    return [
        Field("step", _("Langkah"), "select", [(step, step_title(step)) for step in STEPS]),
        Field("level", _("Tingkat"), "number", hint=_("1 yang pertama; makin tinggi makin lambat.")),
        Field("who", _("Siapa yang diberi tahu"), "select", people),
        Field(
            "when",
            _("Kapan"),
            "select",
            [("before", str(_("Sebelum batas"))), ("after", str(_("Sesudah batas")))],
        ),
        Field("amount", _("Jarak dari batas"), "number"),
        Field("unit", _("Satuan"), "select", unit_options()),
        Field("channel", _("Saluran"), "select", channels, hint=_("Di meja: hanya pada laporan dan daftar.")),
        Field("to", _("Alamat"), hint=_("Untuk peran. Unit memakai alamatnya sendiri."), optional=True),
    ]


def _shift_fields() -> list[Field]:
    units = [(each.code, each.name) for each in queries.agency_choices(external=False)]
    return [
        Field("agency", _("Unit"), "select", units, empty=_("Semua unit"), optional=True),
        Field("weekday", _("Hari"), "select", [(str(n), weekday(n)) for n in range(1, 8)]),
        Field("opens", _("Buka"), hint=_("Tulis seperti 08:00.")),
        Field("closes", _("Tutup"), hint=_("Sampai tengah malam ditulis 24:00.")),
        Field("on_holidays", _("Juga pada hari libur"), "check"),
    ]


def unit_options() -> list[tuple[str, str]]:
    """The units of limits."""
    return [(unit, unit_title(unit).capitalize()) for unit in ("wd", "d", "h")]
