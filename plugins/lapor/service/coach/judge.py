"""Reading one answer: whatever was sent becomes texts to keep, or a sentence about what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from plugins.lapor.contracts import Question
from plugins.lapor.service.validate import clean, fault

LINE_MAX, TEXT_MAX = 200, 2000
NUMBER_MOST = 1e12
DATE_OLDEST, DATE_LATEST = -3653, 0  # days from today
FILES_MOST = 5
# As people here write them: 1.284 is a thousand and more, 2,5 is two and a half.
GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d{1,6})?")
PLAIN = re.compile(r"-?\d{1,13}([.,]\d{1,6})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Wrong(ValueError):
    """An answer that cannot be kept: `message` is for its writer, `code` for programs."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        self.message, self.code = str(message), code
        super().__init__(self.message)


def judge(question: Question, given: object, today: date) -> tuple[str, ...]:
    """The answer as it is kept, () for none. Numbers lose their spelling, dates are ISO. Raises Wrong.

    `given` is what a form or JSON holds: text, number, list of texts, None. Files are judged by `photos`.
    """
    if given is None or given in ("", [], ()):
        return ()
    return READERS[question.kind](question, given, today)


def _text(question: Question, given: object, most: int) -> str:
    given = _single(given)
    if not isinstance(given, str):
        raise Wrong(_("Tulis jawaban sebagai teks."), "type")
    if why := fault(given):
        raise Wrong(why, "characters")
    text = clean(given)
    longest = min(most, int(question.high)) if question.high is not None else most
    if len(text) > longest:
        raise Wrong(_("Paling panjang %(count)s huruf.", count=longest), "length")
    if text and question.low is not None and len(text) < question.low:
        raise Wrong(_("Sedikitnya %(count)s huruf.", count=int(question.low)), "length")
    return text


def _line(question: Question, given: object, today: date) -> tuple[str, ...]:
    text = " ".join(_text(question, given, LINE_MAX).split())
    return (text,) if text else ()


def _paragraph(question: Question, given: object, today: date) -> tuple[str, ...]:
    text = _text(question, given, TEXT_MAX)
    return (text,) if text else ()


def _number(question: Question, given: object, today: date) -> tuple[str, ...]:
    value = decimal(_single(given))
    if value is None:
        return ()
    low = question.low if question.low is not None else -NUMBER_MOST
    high = question.high if question.high is not None else NUMBER_MOST
    if not Decimal(str(low)) <= value <= Decimal(str(high)):
        raise Wrong(
            _("Isi angka antara %(low)s dan %(high)s.", low=shown_number(low), high=shown_number(high)),
            "range",
        )
    return (plain(value),)


def decimal(given: object) -> Decimal | None:
    """A number as it was sent, None for an empty text. Raises Wrong for anything that is no plain number."""
    wrong = Wrong(_("Tulis angka saja, misalnya 12 atau 2,5."), "format")
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise wrong
    if isinstance(given, str):
        text = given.strip().replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
        if not text:
            return None
        # Other scripts' digits match \d too, and Decimal reads them; a very long text does not get there.
        if len(text) > 30 or not (GROUPED.fullmatch(text) or PLAIN.fullmatch(text)):
            raise wrong
        given = text.replace(".", "") if GROUPED.fullmatch(text) else text
        given = given.replace(",", ".")
    elif not abs(given) <= NUMBER_MOST:  # NaN is not, either; an integer of any length can be compared
        raise Wrong(_("Angka ini terlalu besar."), "range")
    try:
        return Decimal(str(given))
    except InvalidOperation:
        raise wrong from None


def plain(value: Decimal) -> str:
    """Without exponent and trailing zeros, six decimals at most."""
    text = format(value.quantize(Decimal("0.000001")), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def shown_number(value: float) -> str:
    """A bound as people read it: 1.284 or 2,5."""
    whole, _point, rest = plain(Decimal(str(value))).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits):,}".replace(",", ".")
    return f"{sign}{grouped},{rest}" if rest else f"{sign}{grouped}"


def _date(question: Question, given: object, today: date) -> tuple[str, ...]:
    given = _single(given)
    if not isinstance(given, str):
        raise Wrong(_("Tulis tanggal seperti 2026-03-27."), "format")
    text = given.strip()
    if not text:
        return ()
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong(_("Tulis tanggal seperti 2026-03-27."), "format")
    first = _shift(today, question.low if question.low is not None else DATE_OLDEST)
    last = _shift(today, question.high if question.high is not None else DATE_LATEST)
    if not first <= day <= last:
        ends = {"first": f"{first:%d-%m-%Y}", "last": f"{last:%d-%m-%Y}"}
        raise Wrong(_("Pilih tanggal antara %(first)s dan %(last)s.", **ends), "range")
    return (day.isoformat(),)


def _shift(today: date, days: float) -> date:
    try:
        return today + timedelta(days=int(days))
    except OverflowError:
        return date.max if days > 0 else date.min


def _choice(question: Question, given: object, today: date) -> tuple[str, ...]:
    given = _single(given)
    if isinstance(given, str) and not given.strip():
        return ()
    if not isinstance(given, str) or clean(given) not in question.options:
        raise Wrong(_("Pilih satu dari daftar."), "choice")
    return (clean(given),)


def _several(question: Question, given: object, today: date) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or len(texts) > 2 * len(question.options):
        raise Wrong(_("Pilih dari daftar."), "choice")
    chosen = {clean(each) if isinstance(each, str) else None for each in texts} - {""}
    if not chosen <= set(question.options):
        raise Wrong(_("Pilih dari daftar."), "choice")
    if not chosen:
        return ()
    if question.low is not None and len(chosen) < question.low:
        raise Wrong(_("Pilih sedikitnya %(count)s.", count=int(question.low)), "count")
    if question.high is not None and len(chosen) > question.high:
        raise Wrong(_("Pilih paling banyak %(count)s.", count=int(question.high)), "count")
    return tuple(option for option in question.options if option in chosen)


def _file(question: Question, given: object, today: date) -> tuple[str, ...]:
    raise Wrong(_("Kirim jawaban ini sebagai foto."), "type")


def _single(given: object) -> object:
    """The one value of a form's list."""
    if isinstance(given, list | tuple) and len(given) == 1:
        return given[0]
    return given


def in_words(kind: str, value: Sequence[str], unit: str) -> str:
    """A kept answer as people read it."""
    if kind == "number":
        return f"{shown_number(float(value[0]))} {unit}".strip()
    if kind == "file":
        return str(_("%(count)s foto", count=len(value)))
    return ", ".join(value)


Reader = Callable[[Question, object, date], tuple[str, ...]]
READERS: Mapping[str, Reader] = {
    "string": _line,
    "text": _paragraph,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "several": _several,
    "file": _file,
}
