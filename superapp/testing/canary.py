"""The canary crawl: each route x role x method of one tenant, with the other tenant's token as canary.

A route without a recipe fails, so that a new page cannot be forgotten. A plugin brings its recipes
and seeds in `plugins/<name>/tests/canary.py`:

    RECIPES = {"berita.page": Recipe(params=("slug",)), "berita_desk.save": Recipe(form={"title": "x"})}
    def seed(token: str) -> dict[str, str]:      # in the open tenant's scope; every text carries token
        return {"slug": ..., "article_id": ...}

Seeds name the values that fill a route's parameters. Each route is visited as the first tenant with
its own values and with the other tenant's; the other's token anywhere in an answer is a leak, and
so is an own page that differs when another tenant's value was given but still answers 2xx.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from superapp.context import Tenant
from superapp.identity.permit import declared, is_open

Seeds = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to visit an endpoint. `params` maps a route's variables to names of seeds (same name when
    a tuple is given); `form`, `json`, `query` and `headers` may hold `{seed}` references. `shared`
    names variables whose values both tenants know, such as the name of a plugin."""

    params: Mapping[str, str] | tuple[str, ...] = ()
    form: Mapping[str, str] | None = None
    json: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    foreign_ok: bool = False  # the address may answer 2xx to a foreign value without knowing it


@dataclass(frozen=True, slots=True)
class Visitor:
    """A role in the crawl: cookies and headers that sign it in on the first tenant's host."""

    name: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leak:
    """Where the canary sang: the visit, and the text around it."""

    visit: str
    excerpt: str


def unknown(app: Flask, recipes: Mapping[str, Recipe]) -> list[str]:
    """Routes that need a recipe and have none: those with variables, or that take a body."""
    missing = []
    for rule, methods in routes(app):
        needs = bool(rule.arguments) or methods != ["GET"]
        if needs and rule.endpoint not in recipes:
            missing.append(f"{','.join(methods)} {rule.rule} ({rule.endpoint})")
    return sorted(missing)


def stale(app: Flask, recipes: Mapping[str, Recipe]) -> list[str]:
    """Recipes of routes that are no more."""
    return sorted(set(recipes) - {rule.endpoint for rule, _ in routes(app)})


LAST = ("desk.sign_out", "desk.settings.switch_off")


def _visits(app: Flask) -> list[tuple[Rule, str]]:
    """Reading before writing, and what ends the visitor's own sign-in at the very end."""
    found = [(rule, method) for rule, methods in routes(app) for method in methods]
    return sorted(found, key=lambda visit: (visit[0].endpoint in LAST, visit[1] != "GET"))


def routes(app: Flask) -> Iterator[tuple[Rule, list[str]]]:
    """Every route but static files, with its methods."""
    for rule in app.url_map.iter_rules():
        if not is_open(rule.endpoint):
            yield rule, sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def crawl(
    app: Flask,
    recipes: Mapping[str, Recipe],
    visitors: list[Visitor],
    *,
    own: tuple[Tenant, Seeds],
    foreign: tuple[Tenant, Seeds],
    token: str,
) -> tuple[dict[str, int], list[Leak]]:
    """Visit everything; returns the status of each visit and the leaks found."""
    made: dict[str, int] = {}
    leaks: list[Leak] = []
    for visitor in visitors:
        for rule, method in _visits(app):
            recipe = recipes.get(rule.endpoint, Recipe())
            for seeds, is_foreign in ((own[1], False), (foreign[1], True)):
                if is_foreign and not rule.arguments and not _mentions(recipe):
                    continue
                answer = _visit(app, own[0], visitor, rule, method, recipe, seeds)
                where = f"{visitor.name} {method} {rule.rule} {'foreign' if is_foreign else 'own'}"
                made[where] = answer.status_code
                leaks += _judge(where, answer, token, is_foreign and not recipe.foreign_ok, rule, recipe)
    return made, leaks


def _visit(
    app: Flask, tenant: Tenant, visitor: Visitor, rule: Rule, method: str, recipe: Recipe, seeds: Seeds
) -> Any:
    client = app.test_client()
    for name, value in visitor.cookies.items():
        client.set_cookie(name, value, domain=tenant.host)
    names = recipe.params if isinstance(recipe.params, Mapping) else {n: n for n in recipe.params}
    values = {v: recipe.shared.get(v) or seeds[names.get(v, v)] for v in rule.arguments}
    adapter = app.url_map.bind(tenant.host)
    path = adapter.build(rule.endpoint, values, method=method)
    fill = seeds.__getitem__
    options: dict[str, Any] = {"query_string": _filled(recipe.query, fill)} if recipe.query else {}
    if method != "GET":
        if recipe.json is not None:
            options["json"] = _filled(recipe.json, fill)
        else:
            options["data"] = _filled(recipe.form or {}, fill)
    headers = {**visitor.headers, **_filled(recipe.headers, fill), "Host": tenant.host}
    return client.open(path, method=method, headers=headers, **options)


def _filled(value: Any, fill: Any) -> Any:
    if isinstance(value, str):
        return fill(value[1:-1]) if value.startswith("{") and value.endswith("}") else value
    if isinstance(value, Mapping):
        return {name: _filled(inner, fill) for name, inner in value.items()}
    return [_filled(inner, fill) for inner in value] if isinstance(value, list) else value


def _mentions(recipe: Recipe) -> bool:
    return "{" in repr((recipe.form, recipe.json, recipe.query, recipe.headers))


def _judge(where: str, answer: Any, token: str, foreign: bool, rule: Rule, recipe: Recipe) -> Iterator[Leak]:
    text = answer.get_data(as_text=True) + "\n" + str(answer.headers)
    place = text.find(token)
    if place >= 0:
        yield Leak(where, text[max(0, place - 80) : place + 80])
    elif foreign and set(rule.arguments) - set(recipe.shared) and answer.status_code < 300:
        yield Leak(where, f"a foreign value answers {answer.status_code}")
    elif answer.status_code >= 500:
        yield Leak(where, f"answers {answer.status_code}: {text[:160]}")


def guarded(app: Flask) -> dict[str, tuple[str, ...]]:
    """Endpoint -> what it declares, for tests that walk permissions."""
    found = {}
    for rule, methods in routes(app):
        for method in methods:
            found[f"{method} {rule.rule}"] = declared(app.view_functions[rule.endpoint], method) or ()
    return found
