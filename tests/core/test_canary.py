"""The canary crawl over the host and every plugin: no page, job, mail or export tells of the other tenant."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.work import work
from superapp.identity import keys, sessions
from superapp.identity.officers import ensure_officer
from superapp.identity.permit import cookie_name, public
from superapp.plugin.registry import registry
from superapp.testing import canary
from superapp.testing.canary import Recipe, Visitor
from superapp.testing.governments import TOKEN
from tests.core import canary as host_canary

# A crawl that only met closed doors would prove little.
SEEN = (
    "coordinator GET /meja/lapor/<number> own",
    "coordinator GET /meja/lapor/ own",
    "leader GET /meja/lapor/ own",
    "admin GET /meja/pengaturan/petugas own",
    "admin GET /meja/pengaturan/jejak own",
    "anonymous GET /lapor/lacak/<number> own",
    "anonymous GET /berita/<slug> own",
    "api key GET /api/v1/lapor/complaints/<string:number> own",
)
ROLES = ("coordinator", "liaison", "operator", "leader", "admin")


def modules(app: Flask) -> list[ModuleType]:
    with app.app_context():
        paths = [f"plugins.{name}.tests.canary" for name in registry().names()]
    # A plugin without pages needs none; one with pages is found by the routes that lack a recipe.
    return [host_canary, *(import_module(path) for path in paths if find_spec(path))]


def all_recipes(app: Flask) -> dict[str, Recipe]:
    found: dict[str, Recipe] = {}
    for module in modules(app):
        found |= module.RECIPES
    return found


def seeded(app: Flask, tenant: Tenant, token: str) -> dict[str, str]:
    seeds: dict[str, str] = {}
    for module in modules(app):
        with app.app_context(), tenant_scope(tenant, SYSTEM):
            seeds |= module.seed(token)
    return seeds


def visitors(app: Flask, tenant: Tenant) -> list[Visitor]:
    made = [Visitor("anonymous")]
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        for role in ROLES:
            agency = "DPUPR" if role == "liaison" else None
            area = "51.71.01.1001" if role == "operator" else None
            officer, _ = ensure_officer(f"peran-{role}", role, role, agency, area, second_factor=False)
            with work():
                officer.must_change = False
                token = sessions.start(officer.id, verified=True)
            made.append(Visitor(role, cookies={cookie_name(): token}))
        everything = registry().permissions
        _, full = keys.create("crawl", sorted(everything), 30, everything)
        made.append(Visitor("api key", headers={"Authorization": f"Bearer {full}"}))
    return made


def test_every_route_has_a_recipe_and_no_recipe_is_stale(app: Flask) -> None:
    recipes = all_recipes(app)
    assert canary.unknown(app, recipes) == []
    assert canary.stale(app, recipes) == []


@pytest.mark.slow
def test_no_route_tells_of_the_other_tenant(app: Flask, tenant_a: Tenant, tenant_b: Tenant) -> None:
    own, foreign = seeded(app, tenant_a, "milik-sendiri"), seeded(app, tenant_b, TOKEN)
    app.config["WTF_CSRF_ENABLED"] = False  # the forms themselves are visited, not their tokens
    try:
        made, leaks = canary.crawl(
            app,
            all_recipes(app),
            visitors(app, tenant_a),
            own=(tenant_a, own),
            foreign=(tenant_b, foreign),
            token=TOKEN,
        )
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert leaks == []
    assert len(made) > 700
    for visit in SEEN:
        assert made[visit] == 200, f"{visit}: the crawl saw nothing there"


@pytest.mark.slow
def test_no_job_or_mail_carries_the_other_tenants_words(
    app: Flask, tenant_a: Tenant, tenant_b: Tenant, worker: Callable[[], None], var: Path
) -> None:
    seeded(app, tenant_a, "milik-sendiri")
    seeded(app, tenant_b, TOKEN)
    worker()
    for folder in var.rglob(str(tenant_a.id)):
        for path in folder.rglob("*"):
            if path.is_file():
                assert TOKEN.encode() not in path.read_bytes(), path


def test_the_crawl_hears_a_canary(app: Flask, tenant_a: Tenant, tenant_b: Tenant) -> None:
    # A crawl that could not fail would prove nothing: here the front page tells of the other tenant.
    view = app.view_functions["web.home"]
    app.view_functions["web.home"] = public(lambda: f"news of {TOKEN}")
    try:
        _, leaks = canary.crawl(
            app,
            all_recipes(app),
            [Visitor("anonymous")],
            own=(tenant_a, seeded(app, tenant_a, "milik-sendiri")),
            foreign=(tenant_b, seeded(app, tenant_b, TOKEN)),
            token=TOKEN,
        )
    finally:
        app.view_functions["web.home"] = view
    assert any(leak.visit == "anonymous GET / own" for leak in leaks)
