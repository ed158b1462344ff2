"""What a report may still lack, noticed in its words. It never blocks: a hint is an offer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import islice

from plugins.lapor.contracts import Hint
from plugins.lapor.service.coach.rows import HintRule, hints_of
from plugins.lapor.service.routing.guess import guess

SHOWN = 3
LONGEST = 2000  # of the text that is looked at
SHORT = 6
WORD = re.compile(r"[^\W_]+")
SPANS = (
    r"(?:se|\d+ ?|dua |tiga |empat |lima |enam |tujuh |beberapa |ber)(?:menit|jam|hari|minggu|bulan|tahun)"
)
TIME = re.compile(
    r"\b(?:sejak|kemarin|tadi|semalam|barusan|setiap|tiap|senin|selasa|rabu|kamis|jumat|sabtu|pukul|tanggal|"
    r"lama|jam \d+|dari (?:pagi|siang|malam|minggu|bulan|tahun)|(?:hari|malam|pagi|minggu|bulan) (?:ini|lalu|"
    rf"minggu)|{SPANS}|since|yesterday|today|every|for \d+)\b"
)
PLACE = re.compile(
    r"\b(?:depan|sebelah|samping|dekat|belakang|seberang|pertigaan|perempatan|simpang|gang|gg|jl|jln|blok|"
    r"no|nomor|rt|rw|banjar|br|tugu|pasar|masjid|pura|sekolah|kantor|terminal|in front of|near)\b"
)
SIZE = re.compile(
    r"\d|\b(?:meter|cm|senti|sentimeter|kilo|(?:se)?(?:lebar|panjang|tinggi|dalam|besar|kecil|banyak)|karung|truk|"
    r"ember|lutut|betis|mata kaki|pinggang|seluruh|separuh|setengah|dua|tiga|empat|lima|enam|"
    r"tujuh|delapan|sembilan|sepuluh|puluhan|ratusan)\b"
)
DIGIT = re.compile(r"\d")


class Written:
    """What was written so far, looked at once."""

    def __init__(self, text: str, *, placed: bool) -> None:
        self.text = text[:LONGEST].lower()
        self.words = WORD.findall(self.text)
        self.placed = placed


def hints(text: str, category: str | None, *, placed: bool, most: int = SHOWN) -> tuple[Hint, ...]:
    """At most `most` hints for a report as it stands; none while nothing was written.

    `placed` is true when an address, village or point is filled in.
    """
    written = Written(text, placed=placed)
    if not written.words:
        return ()
    lacking = (rule for rule in hints_of(category) if LACKS[rule.when](rule, written))
    return tuple(Hint(each.code, each.text, each.question) for each in islice(lacking, most))


def _short(rule: HintRule, written: Written) -> bool:
    return len(written.words) < (rule.amount or SHORT)


def _no_time(rule: HintRule, written: Written) -> bool:
    return not (TIME.search(written.text) or _says(rule, written))


def _no_place(rule: HintRule, written: Written) -> bool:
    return not (written.placed or PLACE.search(written.text) or _says(rule, written))


def _no_size(rule: HintRule, written: Written) -> bool:
    return not (SIZE.search(written.text) or _says(rule, written))


def _no_number(rule: HintRule, written: Written) -> bool:
    return not (DIGIT.search(written.text) or _says(rule, written))


def _without(rule: HintRule, written: Written) -> bool:
    return not _says(rule, written)


def _says(rule: HintRule, written: Written) -> bool:
    """True when one of the rule's words or phrases stands in the text as whole words."""
    told = f" {' '.join(written.words)} "
    return any(f" {' '.join(WORD.findall(word.lower()))} " in told for word in rule.words)


def _several(rule: HintRule, written: Written) -> bool:
    """Two matters of different groups for which the words speak clearly, in a text long enough for two."""
    if len(written.words) < (rule.amount or 8):
        return False
    found = guess(written.text)
    strong = [each for each in found if each.strength >= 2]
    return len({each.category.group for each in strong}) > 1 and len({w for e in strong for w in e.words}) > 1


LACKS: Mapping[str, Callable[[HintRule, Written], bool]] = {
    "short": _short,
    "no_time": _no_time,
    "no_place": _no_place,
    "no_size": _no_size,
    "no_number": _no_number,
    "without": _without,
    "with": _says,
    "several": _several,
}
