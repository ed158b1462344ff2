"""One table of a contract while it is read: each question gives a value that fits, and notes what did not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _

PLACE = re.compile(r"\{(\w*)\}")
SHAPES: Final = {
    "": re.compile(r"[^\x00-\x1f\x7f]*"),
    "dotted": re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,9}"),
    "header": re.compile(r"[A-Za-z0-9-]{1,60}"),
    "method": re.compile(r"GET|POST|PUT|PATCH"),
    "path": re.compile(r"/(?!/)[A-Za-z0-9_./{}-]*"),
}
LONGEST_VALUE: Final = 500
Path = tuple[str, ...]
Say = Callable[[Path, str], None]


class Table:
    """A table at `path`. What is wrong goes to `say`; the value given back then does no harm."""

    def __init__(self, path: Path, data: Mapping[str, Any], say: Say) -> None:
        self.path, self.data, self._say = path, data, say

    def wrong(self, name: str, message: str) -> None:
        """Note a fault of a key; "" is the table itself."""
        self._say((*self.path, name) if name else self.path, message)

    def has(self, name: str) -> bool:
        """True when the key is there."""
        return name in self.data

    def names(self) -> list[str]:
        """All keys."""
        return list(self.data)

    def only(self, *names: str) -> None:
        """Note every other key: a slip of the pen must not look like a setting."""
        for name in self.data:
            if name not in names:
                self.wrong(name, _("Tidak dikenal. Yang ada di sini: %(names)s.", names=", ".join(names)))

    def table(self, name: str, *, needed: bool = True) -> Table:
        """A table inside; an empty one when it is missing."""
        found = self.data.get(name)
        if found is None and needed:
            self.wrong(name, _("Bagian ini belum ada."))
        elif found is not None and not isinstance(found, Mapping):
            self.wrong(name, _("Harus berupa bagian, misalnya [%(name)s].", name=name))
        if not isinstance(found, Mapping):
            # One fault is said; that all of its keys are missing, too, helps nobody.
            return Table((*self.path, name), {}, lambda path, message: None)
        return Table((*self.path, name), found, self._say)

    def text(self, name: str, *, shape: str = "", needed: bool = True, most: int = LONGEST_VALUE) -> str:
        """A text of a shape; "" when it is missing."""
        found = self.data.get(name, "")
        if found == "" and name not in self.data:
            if needed:
                self.wrong(name, _("Belum diisi."))
            return ""
        if not isinstance(found, str):
            self.wrong(name, _("Tulis di antara tanda kutip."))
        elif needed and not found:
            self.wrong(name, _("Belum diisi."))
        elif found and (len(found) > most or not SHAPES[shape].fullmatch(found)):
            self.wrong(name, _like(shape))
        else:
            return found
        return ""

    def template(self, name: str, known: Sequence[str], *, shape: str = "") -> str:
        """A text in which {names} of `known` may stand."""
        return self._judged(name, self.text(name, shape=shape), known)

    def templates(self, name: str, known: Sequence[str]) -> Mapping[str, str]:
        """A table of such texts; tables inside become dotted names."""
        inside = self.table(name)
        made: dict[str, str] = {}
        for key, each in _flat(inside.data):
            if not SHAPES["dotted"].fullmatch(key):
                inside.wrong(key, _("Nama isian hanya huruf, angka, garis, dan titik."))
            elif not isinstance(each, str) or len(each) > LONGEST_VALUE:
                inside.wrong(key, _("Tulis di antara tanda kutip."))
            else:
                made[key] = inside._judged(key, each, known)
        for key in made:
            if any(other.startswith(f"{key}.") for other in made):
                inside.wrong(key, _("Isian ini sekaligus bagian: pilih salah satu."))
        return made

    def dotted(self, name: str, known: Sequence[str], *, needed: Sequence[str]) -> Mapping[str, str]:
        """A table that says where each name of `known` is found."""
        inside = self.table(name)
        inside.only(*known)
        found = {key: inside.text(key, shape="dotted", needed=key in needed) for key in known}
        return {key: path for key, path in found.items() if path}

    def words(self, name: str, known: Sequence[str]) -> Mapping[str, str]:
        """A table from their words to ours, each one of `known`."""
        inside = self.table(name)
        made = {}
        for key, each in inside.data.items():
            if each in known and isinstance(each, str):
                made[key] = each
            else:
                inside.wrong(key, _("Pilih salah satu: %(names)s.", names=", ".join(known)))
        return made

    def by_key(self, name: str, known: Sequence[str]) -> Mapping[str, str]:
        """A table from names of `known` to their words."""
        inside = self.table(name, needed=False)
        inside.only(*known)
        return {key: inside.text(key, most=100) for key in inside.data if key in known}

    def choices(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        """A list of names out of `known`."""
        found = self.data.get(name)
        if not isinstance(found, list) or not found or not all(each in known for each in map(str, found)):
            self.wrong(name, _("Tulis daftar dari: %(names)s.", names=", ".join(known)))
            return ()
        return tuple(map(str, found))

    def plain_values(self, name: str, default: tuple[object, ...]) -> tuple[object, ...]:
        """A list of texts, numbers or truths."""
        found = self.data.get(name, list(default))
        if not isinstance(found, list) or not all(isinstance(each, str | int | bool) for each in found):
            self.wrong(name, _('Tulis daftar nilai, misalnya [true] atau ["ok"].'))
            return default
        return tuple(found)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number between two bounds."""
        found = self.data.get(name, default)
        if not isinstance(found, int) or isinstance(found, bool) or not low <= found <= high:
            self.wrong(name, _("Tulis angka antara %(low)s dan %(high)s.", low=low, high=high))
            return default
        return found

    def _judged(self, name: str, text: str, known: Sequence[str]) -> str:
        strange = [each for each in PLACE.findall(text) if each not in known]
        if strange:
            named = ", ".join(f"{{{each}}}" for each in strange)
            there = ", ".join(f"{{{each}}}" for each in known) or "-"
            self.wrong(name, _("%(what)s tidak dikenal. Yang ada: %(names)s.", what=named, names=there))
        return text


def _like(shape: str) -> str:
    words = {
        "": _("Tulis dalam satu baris."),
        "dotted": _('Tulis seperti "data.nomor".'),
        "header": _('Tulis seperti "Authorization".'),
        "method": _("Tulis GET, POST, PUT, atau PATCH."),
        "path": _('Tulis diawali satu garis miring, seperti "/laporan".'),
    }
    return str(words[shape])


def _flat(data: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    """`{"a": {"b": 1}}` as `a.b`: how a dotted key without quotes is read."""
    made: list[tuple[str, Any]] = []
    for key, each in data.items():
        if isinstance(each, Mapping):
            made += _flat(each, f"{before}{key}.")
        else:
            made.append((f"{before}{key}", each))
    return made
