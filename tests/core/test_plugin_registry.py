"""Which plugins are in service, in which order, and why one is not."""

from pathlib import Path
from types import ModuleType

import pytest

from superapp.context import Tenant
from superapp.plugin import registry
from superapp.plugin.contracts import Permission, Tile
from superapp.plugin.hookspecs import spec
from tests.core.plugins_made import plugin


def boom(*_args: object) -> None:
    raise RuntimeError("broken on purpose")


@spec("ask")
def made_greet(tenant: Tenant, name: str) -> str | None:
    """When: greeting. None: silence. Example: `return "Halo"`."""


def raises() -> None:
    boom()


def test_the_order_is_requires_first_then_name_never_the_order_of_import(tmp_path: Path) -> None:
    found = [
        plugin(tmp_path, "zebra"),
        plugin(tmp_path, "angsa", requires="zebra"),
        plugin(tmp_path, "merak"),
        plugin(tmp_path, "bebek", requires="angsa merak"),
    ]
    for order in (found, found[::-1]):
        assert registry.build(order).names() == ["merak", "zebra", "angsa", "bebek"]


def test_one_that_cannot_be_imported_is_quarantined_with_the_reason(tmp_path: Path) -> None:
    made = registry.build([("rusak", boom), plugin(tmp_path, "sehat")])
    assert made.names() == ["sehat"]
    assert "broken on purpose" in made.quarantined["rusak"]


@pytest.mark.parametrize("hook", ["superapp_permissions", "superapp_jobs", "superapp_hookspecs"])
def test_one_that_raises_at_boot_is_quarantined_and_so_is_who_needs_it(tmp_path: Path, hook: str) -> None:
    made = registry.build(
        [
            plugin(tmp_path, "rusak", **{hook: raises}),
            plugin(tmp_path, "butuh", requires="rusak"),
            plugin(tmp_path, "sehat", superapp_permissions=lambda: [Permission("sehat.x", "X")]),
        ]
    )
    assert made.names() == ["sehat"]
    assert hook in made.quarantined["rusak"] and "rusak" in made.quarantined["butuh"]
    assert list(made.permissions) == ["sehat.x"]
    assert all(not made.pm.has_plugin(name) for name in ("rusak", "butuh"))


def test_a_missing_requirement_and_a_circle_are_named(tmp_path: Path) -> None:
    made = registry.build(
        [
            plugin(tmp_path, "sendiri", requires="tiada"),
            plugin(tmp_path, "ayam", requires="telur"),
            plugin(tmp_path, "telur", requires="ayam"),
            plugin(tmp_path, "sehat"),
        ]
    )
    assert made.names() == ["sehat"]
    assert "tiada" in made.quarantined["sendiri"]
    assert all("->" in made.quarantined[name] for name in ("ayam", "telur"))


@pytest.mark.parametrize("api", [">=2", "<1.0", "==0.9", "banyak", ">=1.3"])
def test_one_written_for_another_sdk_is_not_started(tmp_path: Path, api: str) -> None:
    made = registry.build([plugin(tmp_path, "lama", api=api)])
    assert made.names() == [] and "manifest.toml" in made.quarantined["lama"]


def test_hooks_that_nobody_declared_and_wrong_arguments_are_quarantined(tmp_path: Path) -> None:
    offers = ModuleType("offers")
    offers.made_greet = made_greet  # type: ignore[attr-defined]
    made = registry.build(
        [
            plugin(tmp_path, "asing", superapp_tidak_ada=lambda tenant: None),
            plugin(tmp_path, "asing2", made_bye=lambda tenant: None),
            plugin(tmp_path, "salah", superapp_home_tiles=lambda tenant, colour: None),
            plugin(tmp_path, "tamu", made_greet=lambda tenant, shoe: None),
            plugin(tmp_path, "tuan", superapp_hookspecs=lambda: offers),
        ]
    )
    assert sorted(made.quarantined) == ["asing", "asing2", "salah", "tamu"] and made.names() == ["tuan"]
    assert "shoe" in made.quarantined["tamu"] and "superapp_tidak_ada" in made.quarantined["asing"]


def test_the_entry_point_and_the_manifest_have_to_agree(tmp_path: Path) -> None:
    _, importer = plugin(tmp_path, "satu")
    made = registry.build([("dua", importer)])
    assert "differ" in made.quarantined["dua"]


def test_a_newly_installed_plugin_is_off_for_everybody(tmp_path: Path) -> None:
    made = registry.build(
        [plugin(tmp_path, "baru", superapp_home_tiles=lambda tenant: Tile("a", "A", "a", "/", "x"))]
    )
    assert made.chain("superapp_home_tiles", Tenant(1, "a", "A", "AA").enabled) == ()
    assert [name for name, _, _ in made.chain("superapp_home_tiles", frozenset({"baru"}))] == ["baru"]


def test_quarantine_during_service_takes_effect_at_once(tmp_path: Path) -> None:
    made = registry.build([plugin(tmp_path, "satu", superapp_home_tiles=lambda tenant: None)])
    on = frozenset({"satu"})
    assert made.chain("superapp_home_tiles", on)
    made.quarantine("satu", "its pages failed")
    assert made.chain("superapp_home_tiles", on) == ()
