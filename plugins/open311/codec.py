"""GeoReport's two spellings of one answer: XML with named items, JSON with bare arrays.

Values are dicts, lists, texts, numbers and booleans; None is left out in both, because a client
that reads dates stumbles over an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as xml

import orjson

XML, JSON = "xml", "json"
FORMATS = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
ITEM = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "groups": "group",
    "media_urls": "media_url",
    "notes": "note",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
# What XML 1.0 cannot carry, not even escaped.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DEEPER = (dict, list, tuple)

Facts = Mapping[str, Any]


def dumps(root: str, value: Facts | Sequence[Facts], spelling: str) -> bytes:
    """The body of an answer; `root` names the XML document and, for a list, its items."""
    clean = _without_none(value)
    return orjson.dumps(clean) if spelling == JSON else _document(root, clean)


def _without_none(value: Any) -> Any:
    # Only real dicts and lists come here: asking for Mapping costs more than the whole rest.
    if isinstance(value, dict):
        return {
            name: _without_none(inner) if isinstance(inner, DEEPER) else inner
            for name, inner in value.items()
            if inner is not None
        }
    return [_without_none(inner) for inner in value] if isinstance(value, DEEPER) else value


def _document(root: str, value: Any) -> bytes:
    element = xml.Element(root)
    _fill(element, value)
    body: bytes = xml.tostring(element, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _fill(element: xml.Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            _fill(xml.SubElement(element, name), inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(xml.SubElement(element, ITEM[element.tag]), inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    else:
        text = str(value)
        element.text = FORBIDDEN.sub("", text) if FORBIDDEN.search(text) else text
