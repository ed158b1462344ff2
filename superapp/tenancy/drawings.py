"""The two drawings of a city: its mark and its woven band (pita), as one-colour masks for CSS."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

LARGEST_MARK = 8_000  # bytes: it travels inside the style sheet
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = frozenset(
    {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "title", "desc", "defs"}
)

# One unit is 2 x 2; a band repeats every 32 x 14.
ENDEK = (
    "#......##......#",
    "....##....##....",
    "..##........##..",
    "##....####....##",
    "..##........##..",
    "....##....##....",
    "#......##......#",
)
GARIS = ("", "", "###########..###", "", "####..##########", "", "")
WAVES = (
    "<g fill='none' stroke='#000' stroke-width='1.75'>"
    "<path d='M0 9q4-5 8 0t8 0 8 0 8 0'/><path d='M0 12.5q4-5 8 0t8 0 8 0 8 0'/></g>"
    "<path d='M2 2h3v2H2zm17 0h3v2h-3z'/>"
)


class NoDrawing(ValueError):
    """A drawing cannot be used; the message says why."""


def _woven(rows: tuple[str, ...]) -> str:
    """A band drawn as rows of `#`: one path of rectangles."""
    runs = [
        (run.start() * 2, y * 2, len(run.group()) * 2)
        for y, row in enumerate(rows)
        for run in re.finditer("#+", row)
    ]
    return "<path d='" + "".join(f"M{x} {y}h{width}v2h-{width}z" for x, y, width in runs) + "'/>"


PITA = {"endek": _woven(ENDEK), "sasirangan": WAVES, "garis": _woven(GARIS)}


def pita(name: str) -> str:
    """The band of this name as a CSS `url(...)`. Raises KeyError for an unknown one."""
    size = "viewBox='0 0 32 14' width='32' height='14'"
    return _url(f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{PITA[name]}</svg>")


def mark(path: Path) -> str:
    """The city's mark as a CSS `url(...)`. Raises NoDrawing for a missing, large or active SVG."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NoDrawing("tidak ada atau bukan teks UTF-8") from None
    if len(text.encode()) > LARGEST_MARK:
        raise NoDrawing(f"lebih besar dari {LARGEST_MARK // 1000} KB")
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
