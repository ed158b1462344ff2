"""A drawn map of the city, made from one point per village: no tiles, no outside server.

Each village gets the land nearest to its point, at most `REACH` of the city's size away and `RIM`
beyond the outermost points. The shapes are an aid to finding one's place, not boundaries: which
village it is, the citizen says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, pi, radians, sin

Point = tuple[float, float]
Polygon = list[Point]

WIDTH = 640.0
SHAPE = 4 / 3  # width to height
REACH = 0.16
RIM = 0.045
CORNERS = 24
MARGIN = 0.02
LETTER = 12.5  # of a label, in units of the drawing


@dataclass(frozen=True, slots=True)
class Place:
    """A village or kecamatan to draw: degrees WGS 84."""

    code: str
    name: str
    level: str
    parent_code: str | None
    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """The drawn rectangle in degrees."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lng: float) -> bool:
        """True when the point lies on the drawing."""
        return self.south <= lat <= self.north and self.west <= lng <= self.east


@dataclass(frozen=True, slots=True)
class Cell:
    """A village's shape as an SVG path, and which of the tints its kecamatan has (0..3)."""

    code: str
    name: str
    path: str
    tint: int


@dataclass(frozen=True, slots=True)
class Label:
    """A kecamatan's name at its place on the drawing."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the template draws; `width` and `height` are those of the view box."""

    width: float
    height: float
    bounds: Bounds
    cells: tuple[Cell, ...]
    labels: tuple[Label, ...]

    def spot(self, lat: float | None, lng: float | None) -> Point | None:
        """Where a point (degrees) lies on the drawing; None for none, or one outside of it."""
        if lat is None or lng is None or not self.bounds.holds(lat, lng):
            return None
        x = (lng - self.bounds.west) / (self.bounds.east - self.bounds.west) * self.width
        y = (self.bounds.north - lat) / (self.bounds.north - self.bounds.south) * self.height
        return round(x, 1), round(y, 1)


def places(areas: Iterable[object]) -> tuple[Place, ...]:
    """The areas that have a point; others cannot be drawn."""
    names = Place.__slots__
    found = (tuple(getattr(area, name) for name in names) for area in areas)
    return tuple(Place(*facts) for facts in found if facts[4] is not None and facts[5] is not None)


@lru_cache(maxsize=64)
def draw(all_places: tuple[Place, ...]) -> Drawing | None:
    """The city's drawing; None when fewer than three villages have a point."""
    parents = {place.parent_code for place in all_places}
    villages = [place for place in all_places if place.code not in parents]
    if len(villages) < 3:
        return None
    stretch = cos(radians(sum(place.lat for place in villages) / len(villages)))
    shapes = _cells([(place.lng * stretch, -place.lat) for place in villages])
    left, right, top, bottom = _frame([corner for shape in shapes for corner in shape])
    scale = WIDTH / (right - left)
    tints = {code: n % 4 for n, code in enumerate(sorted({place.parent_code or "" for place in villages}))}
    return Drawing(
        width=WIDTH,
        height=round((bottom - top) * scale, 1),
        bounds=Bounds(-bottom, left / stretch, -top, right / stretch),
        cells=tuple(
            Cell(place.code, place.name, _path(shape, left, top, scale), tints[place.parent_code or ""])
            for place, shape in zip(villages, shapes, strict=True)
        ),
        labels=tuple(
            Label(
                name,
                _inside(round((place.lng * stretch - left) * scale, 1), name),
                round((-place.lat - top) * scale, 1),
            )
            for place, name in _named([place for place in all_places if place.code in parents] or villages)
        ),
    )


def _inside(x: float, name: str) -> float:
    """A label's middle, so far from both edges that none of its letters is cut off."""
    half = LETTER * len(name) / 2
    return min(max(x, half), WIDTH - half)


def _named(districts: Sequence[Place]) -> list[tuple[Place, str]]:
    """Names without the city's own in front of each: the drawing is small."""
    firsts = {place.name.partition(" ")[0] for place in districts}
    common = len(firsts) == 1 and all(" " in place.name for place in districts)
    return [(place, place.name.partition(" ")[2] if common else place.name) for place in districts]


def _frame(corners: Sequence[Point]) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of a rectangle of SHAPE around all corners."""
    (left, right), (top, bottom) = (
        (min(corner[axis] for corner in corners), max(corner[axis] for corner in corners)) for axis in (0, 1)
    )
    width = max(right - left, (bottom - top) * SHAPE) * (1 + 2 * MARGIN)
    middle, centre = (left + right) / 2, (top + bottom) / 2
    return middle - width / 2, middle + width / 2, centre - width / SHAPE / 2, centre + width / SHAPE / 2


def _cells(points: Sequence[Point]) -> list[Polygon]:
    size = max(max(point[axis] for point in points) - min(point[axis] for point in points) for axis in (0, 1))
    reach = size * REACH
    edges = _hull_edges(points, size * RIM)
    return [_cell(centre, points, reach, edges) for centre in points]


def _cell(
    centre: Point, points: Sequence[Point], reach: float, edges: Sequence[tuple[Point, Point]]
) -> Polygon:
    shape = [
        (centre[0] + reach * cos(2 * pi * n / CORNERS), centre[1] + reach * sin(2 * pi * n / CORNERS))
        for n in range(CORNERS)
    ]
    for other in points:
        if other != centre and hypot(other[0] - centre[0], other[1] - centre[1]) < 2 * reach:
            middle = ((other[0] + centre[0]) / 2, (other[1] + centre[1]) / 2)
            shape = _behind(shape, middle, (other[0] - centre[0], other[1] - centre[1]))
    for on_edge, outward in edges:
        shape = _behind(shape, on_edge, outward)
    return shape


def _hull_edges(points: Sequence[Point], rim: float) -> list[tuple[Point, Point]]:
    """The convex hull, `rim` further out: for each edge a point on it and the direction outwards."""
    hull = _hull(points)
    edges = []
    for (x1, y1), (x2, y2) in zip(hull, hull[1:] + hull[:1], strict=True):
        length = hypot(x2 - x1, y2 - y1)
        outward = ((y2 - y1) / length, (x1 - x2) / length)
        edges.append(((x1 + rim * outward[0], y1 + rim * outward[1]), outward))
    return edges


def _hull(points: Sequence[Point]) -> list[Point]:
    """Andrew's monotone chain; corners so ordered that the inside lies to the left of each edge."""

    def half(ordered: Sequence[Point]) -> list[Point]:
        chain: list[Point] = []
        for point in ordered:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        return chain[:-1]

    ordered = sorted(set(points))
    return half(ordered) + half(ordered[::-1])


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _behind(shape: Polygon, on_line: Point, outward: Point) -> Polygon:
    """The part of `shape` that does not lie beyond the line through `on_line` towards `outward`."""

    def beyond(point: Point) -> float:
        return (point[0] - on_line[0]) * outward[0] + (point[1] - on_line[1]) * outward[1]

    kept: Polygon = []
    for here, there in zip(shape, shape[1:] + shape[:1], strict=True):
        near, far = beyond(here), beyond(there)
        if near <= 0:
            kept.append(here)
        if (near <= 0) != (far <= 0):
            share = near / (near - far)
            kept.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return kept


def _path(shape: Polygon, left: float, top: float, scale: float) -> str:
    steps = [f"{(x - left) * scale:.0f} {(y - top) * scale:.0f}" for x, y in shape]
    return f"M{'L'.join(steps)}z"
