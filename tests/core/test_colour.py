"""A city's two colours become a theme in which every pair can be read, or are refused with ones that work."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superapp.tenancy.colour import contrast, moved, parse, to_hex, to_oklch
from superapp.tenancy.theme import MODES, PAIRS, NoTheme, derive, shortfalls

TENANTS = Path(__file__).parents[2] / "tenants"
HEXES = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
DENPASAR = ("#2a3580", "#f7a823")
BANJARMASIN = ("#00604c", "#ffc72e")


def test_contrast_is_the_one_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("text", ["", "2a3580", "#2a358", "#2a35800", "#gggggg", "navy", "#2a3580; x"])
def test_a_text_that_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="#2a3580"):
        parse(text)


@given(HEXES)
def test_a_colour_survives_the_way_through_oklch(colour: str) -> None:
    assert to_hex(to_oklch(colour)) == colour


@given(HEXES, st.booleans())
@settings(deadline=None)
def test_moving_keeps_the_hue(colour: str, lighter: bool) -> None:
    far = moved(
        colour, lambda c: abs(to_oklch(c).lightness - to_oklch(colour).lightness) > 0.1, lighter=lighter
    )
    before, after = to_oklch(colour), to_oklch(far)
    if min(before.chroma, after.chroma) > 0.05:
        turn = math.remainder(before.hue - after.hue, 2 * math.pi)
        assert abs(turn) < math.radians(3)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("slug", ["denpasar", "banjarmasin", "_example"])
@pytest.mark.parametrize(("front", "back", "wanted"), PAIRS)
def test_every_pair_of_every_tenant_can_be_read(
    front: str, back: str, wanted: float, slug: str, mode: str
) -> None:
    look = tomllib.loads((TENANTS / slug / "tenant.toml").read_text())["look"]
    theme = derive(look["brand"], look["accent"])
    assert contrast(theme.value(mode, front), theme.value(mode, back)) >= wanted


@pytest.mark.parametrize("colours", [DENPASAR, BANJARMASIN])
def test_the_two_cities_keep_their_own_colours(colours: tuple[str, str]) -> None:
    theme = derive(*colours)
    assert (theme.light["brand"], theme.light["accent"]) == colours
    assert theme.moved == ()


@given(HEXES, HEXES)
@settings(max_examples=200, deadline=None)
def test_accepted_colours_reach_every_ratio_and_refused_ones_name_a_way(brand: str, accent: str) -> None:
    for _ in range(3):
        try:
            theme = derive(brand, accent)
        except NoTheme as refusal:
            assert refusal.nearest != refusal.given
            brand = refusal.nearest if refusal.role == "brand" else brand
            accent = refusal.nearest if refusal.role == "accent" else accent
            continue
        assert shortfalls(theme) == []
        return
    pytest.fail("the nearest colours that were named do not work either")


def test_a_colour_that_moved_is_told_before_and_after() -> None:
    change = derive("#0d6efd", "#ffc72e").moved[0]
    assert (change.role, change.before) == ("brand", "#0d6efd")
    assert contrast("#ffffff", change.after) >= 7


def test_a_brand_no_white_text_can_stand_on_is_refused_with_one_that_works() -> None:
    with pytest.raises(NoTheme) as caught:
        derive("#ffd400", "#ffc72e")
    assert caught.value.role == "brand"
    assert derive(caught.value.nearest, "#ffc72e").moved == ()
