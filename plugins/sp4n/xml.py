"""XML of strangers, with the standard library: no DOCTYPE, no entities, bounded in size and depth."""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

MOST: Final = 200_000  # bytes
DEEPEST, MOST_ELEMENTS = 30, 20_000
REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class BadXml(Exception):
    """It is no XML, or more than this reads."""


def read(body: bytes) -> Element:
    """The root of a document. Raises BadXml, also for every document with a DOCTYPE."""
    if len(body) > MOST:
        raise BadXml("size")
    builder, depth, count = TreeBuilder(), 0, 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > DEEPEST or count > MOST_ELEMENTS:
            raise BadXml("depth")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_given: object) -> None:
        raise BadXml("doctype")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
        return builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise BadXml(type(error).__name__) from error


def said(root: Element, *names: str) -> str:
    """The text of the first element of one of these names, whatever their case; "" when there is none."""
    for each in root.iter():
        tag = str(each.tag).rpartition(":")[2].lower()
        if tag in names:
            return (each.text or "").strip()
    return ""


def allowed(words: str) -> str:
    """A text without the characters that XML 1.0 cannot hold."""
    return REFUSED.sub("", words)
