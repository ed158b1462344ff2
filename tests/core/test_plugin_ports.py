"""Ports: typed, offered by their own plugin alone, and closed with it."""

from pathlib import Path

import pytest
from flask import Flask

from superapp.context import Tenant, tenant_scope
from superapp.errors import Unavailable
from superapp.plugin import registry
from superapp.plugin.contracts import Offer, Port
from superapp.plugin.ports import use
from tests.core.plugins_made import plugin

BELL: Port[list[str]] = Port("lonceng", "bell")


def test_a_port_is_made_once_at_its_first_use(
    app: Flask, tenant_a: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    offer = Offer(BELL, lambda: made.append(1) or ["ting"])  # type: ignore[func-returns-value]
    found = registry.build([plugin(tmp_path, "lonceng", superapp_offers=lambda: [offer])])
    assert made == [], "nothing is imported at boot"
    with app.app_context():
        monkeypatch.setitem(app.extensions, "superapp_plugins", found)
        with tenant_scope(on(tenant_a, "lonceng")):
            assert use(BELL) == ["ting"]
            assert use(BELL) is use(BELL)
    assert made == [1]


def test_a_port_of_a_plugin_that_is_off_is_closed(
    app: Flask, tenant_a: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = Offer(BELL, lambda: ["ting"])
    found = registry.build([plugin(tmp_path, "lonceng", superapp_offers=lambda: [offer])])
    with app.app_context():
        monkeypatch.setitem(app.extensions, "superapp_plugins", found)
        with tenant_scope(tenant_a), pytest.raises(Unavailable, match="lonceng"):
            use(BELL)
        found.quarantine("lonceng", "broken on purpose")
        with tenant_scope(on(tenant_a, "lonceng")), pytest.raises(Unavailable, match="lonceng"):
            use(BELL)


def test_nobody_offers_in_the_name_of_another(tmp_path: Path) -> None:
    offer = Offer(BELL, lambda: ["palsu"])
    found = registry.build([plugin(tmp_path, "penipu", superapp_offers=lambda: [offer])])
    assert found.ports == {}


def on(tenant: Tenant, name: str) -> Tenant:
    from dataclasses import replace

    return replace(tenant, enabled=tenant.enabled | {name})
