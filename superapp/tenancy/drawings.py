"""The two drawings of a city: its mark and its woven band (pita), as one-colour masks for CSS.

A band repeats every 32 x 14 units; a mark is square.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

LARGEST = 8_000  # bytes: it travels inside the style sheet
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = frozenset(
    {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc", "defs"}
)

# Drawings that come with the product; a folder may bring its own in static/.
BUILT_IN = {"pita": ("anyaman", "endek", "sasirangan"), "mark": ("balai", "candi", "perahu")}


SIMPLE = "Simpan gambar satu warna dengan path, rect, atau circle saja, paling besar 8 KB."


class NoDrawing(ValueError):
    """A drawing cannot be used; the message says why, `remedy` what to do."""

    def __init__(self, problem: str, remedy: str = SIMPLE) -> None:
        self.remedy = remedy
        super().__init__(problem)


def own(path: Path) -> str:
    """A folder's own SVG as a CSS `url(...)`. Raises NoDrawing for a missing, large or active one."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoDrawing("tidak ada atau bukan teks UTF-8") from None
    if len(text.encode()) > LARGEST:
        raise NoDrawing(f"lebih besar dari {LARGEST // 1000} KB")
    _refuse_active(text)
    return _url(re.sub(r">\s+<", "><", text.strip()).replace('"', "'"))


def _refuse_active(text: str) -> None:
    # No doctype, so no entities: nothing can grow or reach out while this is parsed.
    if "<!" in text or "<?" in text:
        raise NoDrawing("memuat <! atau <?")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise NoDrawing(f"bukan SVG yang benar ({error})") from None
    if root.tag != f"{SVG}svg" or not root.get("viewBox"):
        raise NoDrawing("bukan <svg> dengan viewBox")
    for part in root.iter():
        if str(part.tag).removeprefix(SVG) not in DRAWN:
            raise NoDrawing(f"memuat <{str(part.tag).removeprefix(SVG)}>")
        for name, value in part.attrib.items():
            if name.lower().startswith("on") or "href" in name or name == "style" or "url(" in value:
                raise NoDrawing(f"memuat atribut {name}")


def _url(svg: str) -> str:
    return f'url("data:image/svg+xml,{quote(svg, safe=" /:=,.-;()")}")'.replace("'", "%27")
