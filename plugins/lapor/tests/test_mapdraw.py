"""The drawn map: every point lies in its own village's shape, and the edges say where it lies."""

import re

from hypothesis import given
from hypothesis import strategies as st

from plugins.lapor.mapdraw import Place, draw

DISTRICT = Place("1", "Kota Timur", "kecamatan", None, -8.65, 115.2)
OTHER = Place("2", "Kota Barat", "kecamatan", None, -8.67, 115.18)


def village(code: str, lat: float, lng: float, parent: str = "1") -> Place:
    return Place(code, f"Desa {code}", "desa", parent, lat, lng)


FEW = (
    DISTRICT,
    OTHER,
    village("1.1", -8.64, 115.21),
    village("1.2", -8.66, 115.22),
    village("2.1", -8.66, 115.17, "2"),
    village("2.2", -8.69, 115.19, "2"),
)


def corners(path: str) -> list[tuple[float, float]]:
    numbers = [float(each) for each in re.findall(r"-?\d+", path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def holds(shape: list[tuple[float, float]], point: tuple[float, float]) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(shape, shape[1:] + shape[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_a_city_of_two_villages_is_not_drawn() -> None:
    assert draw((DISTRICT, village("1.1", -8.64, 115.21), village("1.2", -8.66, 115.22))) is None


def test_districts_are_named_without_the_citys_name_and_have_tints_of_their_own() -> None:
    drawn = draw(FEW)
    assert {label.name for label in drawn.labels} == {"Timur", "Barat"}
    assert {cell.tint for cell in drawn.cells if cell.code.startswith("1.")} == {0}
    assert {cell.tint for cell in drawn.cells if cell.code.startswith("2.")} == {1}


def test_a_point_outside_of_the_drawing_has_no_spot() -> None:
    drawn = draw(FEW)
    assert drawn.spot(0.0, 110.0) is None
    assert drawn.spot(None, None) is None
    assert drawn.spot(drawn.bounds.north, drawn.bounds.west) == (0.0, 0.0)


points = st.tuples(st.integers(-870, -860), st.integers(11500, 11520))


@given(st.lists(points, min_size=3, max_size=30, unique=True))
def test_each_village_lies_in_its_own_shape(found: list[tuple[int, int]]) -> None:
    villages = tuple(village(f"1.{n}", lat / 100, lng / 100) for n, (lat, lng) in enumerate(found))
    drawn = draw((DISTRICT, *villages))
    for cell, place in zip(drawn.cells, villages, strict=True):
        spot = drawn.spot(place.lat, place.lng)
        assert spot is not None
        assert holds(corners(cell.path), spot)
