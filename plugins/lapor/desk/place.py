"""Where a case is: a cut of the drawn city around its point, without tiles or an outside server."""

from __future__ import annotations

from dataclasses import dataclass

from plugins.lapor import mapdraw
from superapp.sdk import directory

WIDE, HIGH = 200.0, 105.0  # of a city drawn 640 wide


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """What the template draws: the cells in view, the view box, and the pin."""

    cells: tuple[mapdraw.Cell, ...]
    labels: tuple[mapdraw.Label, ...]
    view_box: str
    x: float
    y: float


def map_of(lat: float | None, lng: float | None) -> PlaceMap | None:
    """The cut around a point (degrees); None without a point, or for one outside of the drawing."""
    drawing = mapdraw.draw(mapdraw.places(directory.areas().values()))
    spot = drawing.spot(lat, lng) if drawing else None
    if drawing is None or spot is None:
        return None
    x, y = spot
    left = min(max(x - WIDE / 2, 0.0), max(drawing.width - WIDE, 0.0))
    top = min(max(y - HIGH / 2, 0.0), max(drawing.height - HIGH, 0.0))
    return PlaceMap(drawing.cells, drawing.labels, f"{left:.0f} {top:.0f} {WIDE:.0f} {HIGH:.0f}", x, y)
