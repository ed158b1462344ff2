"""What another server answered, as plain records. Nothing in it is believed: size, depth, counts are bounded.

Servers differ: JSON with or without a wrapper, lists within lists, ids as numbers, datetimes that are
null, XML with one item or many. All of these give the same list of records here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree as xml

import orjson

MOST_RECORDS: Final = 2000
DEEPEST: Final = 12
TEXT_MOST: Final = 5000
Record = Mapping[str, Any]


class Unreadable(ValueError):
    """The body is neither JSON nor XML as GeoReport writes it."""


class _Plain(xml.TreeBuilder):
    """A tree without a document type, and no deeper than any answer of GeoReport."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Entities are never expanded, because no answer may declare any."""
        raise Unreadable("DOCTYPE")

    def start(self, tag: Any, attrs: Any) -> xml.Element:
        """Count the depth."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("depth")
        return super().start(tag, attrs)

    def end(self, tag: Any) -> xml.Element:
        """And out again."""
        self.depth -= 1
        return super().end(tag)


def records(body: bytes, marks: Collection[str]) -> list[Record]:
    """Every record with a field of `marks`, in order, 2,000 at most. Raises Unreadable."""
    return chosen(parsed(body), marks)


def chosen(value: Any, marks: Collection[str]) -> list[Record]:
    """The same of a value that was read before."""
    return list(islice(_found(value, frozenset(marks), 0), MOST_RECORDS))


def parsed(body: bytes) -> Any:
    """JSON or XML, told apart by the first sign. Raises Unreadable."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in {b"[", b"{"}:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise Unreadable("JSON") from error
    if text[:1] != b"<":
        raise Unreadable("format")
    try:
        # No document type, so no entities: what S314 warns of cannot be written (see `_Plain`).
        root = xml.fromstring(text, parser=xml.XMLParser(target=_Plain()))  # noqa: S314
        return {root.tag: _plain(root)}
    except (xml.ParseError, ValueError, LookupError) as error:
        raise Unreadable("XML") from error


def _plain(element: xml.Element) -> Any:
    if len(element) == 0:
        return element.text or ""
    found: dict[str, Any] = {}
    for child in element:
        value, known = _plain(child), found.get(child.tag)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(known, list):
            known.append(value)
        else:
            found[child.tag] = [known, value]
    return found


def _found(value: Any, marks: frozenset[str], depth: int) -> Iterator[Record]:
    if depth > DEEPEST:
        return
    if isinstance(value, Mapping):
        if any(name in marks and not isinstance(inner, Mapping | list) for name, inner in value.items()):
            yield value
        else:
            for inner in value.values():
                yield from _found(inner, marks, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _found(inner, marks, depth + 1)


def text(record: Record, name: str, most: int = TEXT_MOST) -> str:
    """A field as a trimmed text without signs that no page can show; "" for none. Numbers are texts, too."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    kept = "".join(sign for sign in str(value)[: 2 * most] if sign in "\n\t" or sign.isprintable())
    return kept.strip()[:most]


def truth(record: Record, name: str) -> bool:
    """A boolean, however it was spelled."""
    return record.get(name) is True or str(record.get(name)).strip().lower() in {"true", "1"}


def moment(record: Record, name: str) -> datetime | None:
    """A moment with its zone; one without is taken as UTC; None when there is none that can be read."""
    try:
        found = datetime.fromisoformat(text(record, name, 40))
    except ValueError:
        return None
    if not 2000 <= found.year <= 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
