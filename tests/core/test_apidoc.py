"""The API's page says what the OpenAPI document says, for the services that a government has on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from superapp.context import Tenant
from superapp.tenancy import resolve
from superapp.web import apidoc

SPEC: dict[str, Any] = {
    "paths": {
        "/api/v1/x/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "post": {
                "summary": "Make a thing.",
                "security": [{"apiKey": []}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
                },
                "responses": {"201": {"description": "made"}, "422": {"description": "wrong"}, "default": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["place"],
                "properties": {
                    "place": {"$ref": "#/components/schemas/Place"},
                    "words": {"type": ["string", "null"], "maxLength": 20},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                },
            },
            "Place": {
                "type": "object",
                "properties": {"lat": {"type": "number", "minimum": -11.5, "maximum": 6.5}},
            },
        }
    },
}


def test_fields_are_told_with_their_path_kind_and_bounds() -> None:
    (made,) = apidoc.operations(SPEC)
    assert (made.method, made.needs_key) == ("POST", True)
    told = {each.name: (each.place, each.kind, each.required, each.words) for each in made.takes}
    assert told == {
        "id": ("path", "string", True, ""),
        "place": ("body", "object", True, ""),
        "place.lat": ("body", "number", False, "-11.5 … 6.5"),
        "words": ("body", "string", False, "≤ 20"),
        "kind": ("body", "string", False, "a | b"),
    }
    assert made.answers == (("201", "made"), ("422", "wrong"))


def test_the_page_lists_every_operation(client: Callable[[Tenant], Any], tenant_a: Tenant) -> None:
    page = client(tenant_a).get("/api/v1/")
    told = client(tenant_a).get("/api/v1/openapi.json").get_json()
    assert page.status_code == 200
    assert "<script>" not in page.text
    for path, methods in told["paths"].items():
        assert path in page.text
        assert all(method.upper() in page.text for method in methods if method != "parameters")


def test_a_service_that_is_off_is_not_described(
    app: Flask, client: Callable[[Tenant], Any], tenant_a: Tenant, monkeypatch: Any
) -> None:
    off = replace(tenant_a, enabled=frozenset())
    monkeypatch.setattr(resolve, "by_host", lambda host: off)
    assert "/api/v1/lapor" not in client(tenant_a).get("/api/v1/").text
