"""The API's description as a page: read from the same OpenAPI document, without any script."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app

from superapp.context import current_tenant
from superapp.identity.permit import public
from superapp.plugin.gate import is_open
from superapp.web import fastlane, pages

bp = Blueprint("apidoc", __name__)

EXTENSION = "superapp_api"
FRESH_SECONDS = 5.0
DEEPEST = 4
Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One value that goes in or comes out; `name` carries its path, such as `location.lat`."""

    name: str
    place: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one address."""

    id: str
    method: str
    path: str
    title: str
    words: str
    needs_key: bool
    takes: tuple[Field, ...]
    gives: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]


@bp.get("/api/v1/")
@public
def page() -> Response:
    """Every operation that this tenant's plugins offer."""
    spec: Spec = current_app.extensions[EXTENSION].spec.to_dict()
    groups: dict[str, list[Operation]] = {}
    for each in operations(spec):
        groups.setdefault(each.path.split("/")[3], []).append(each)
    offered = {name: found for name, found in groups.items() if is_open(current_tenant(), name)}
    body = pages.render("api.html", groups=offered).encode()
    response = Response(body, content_type="text/html; charset=utf-8")
    response.set_etag(hashlib.sha256(body).hexdigest()[:20])
    return fastlane.keep(response, FRESH_SECONDS)


def operations(spec: Spec) -> Iterator[Operation]:
    """The operations of an OpenAPI document, in its order."""
    for path, methods in spec["paths"].items():
        shared = methods.get("parameters", [])
        for method, told in methods.items():
            if method != "parameters":
                yield _operation(spec, path, method.upper(), told, shared)


def _operation(spec: Spec, path: str, method: str, told: Spec, shared: list[Spec]) -> Operation:
    parameters = [_parameter(spec, each) for each in [*shared, *told.get("parameters", [])]]
    body = [field for schema in _contents(told.get("requestBody", {})) for field in fields(spec, schema)]
    answers = sorted(
        (str(code), answer) for code, answer in told.get("responses", {}).items() if code != "default"
    )
    good: Spec = next((answer for code, answer in answers if code.startswith("2")), {})
    return Operation(
        id=f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}".lower(),
        method=method,
        path=path,
        title=told.get("summary", ""),
        words=told.get("description", ""),
        needs_key=bool(told.get("security")),
        takes=(*parameters, *body),
        gives=tuple(field for schema in _contents(good) for field in fields(spec, schema)),
        answers=tuple((code, answer.get("description", "")) for code, answer in answers),
    )


def _parameter(spec: Spec, told: Spec) -> Field:
    told = _resolve(spec, told)
    schema = _resolve(spec, told.get("schema", {}))
    required, words = told.get("required", False), told.get("description", "") or _bounds(schema)
    return Field(told["name"], told["in"], _kind(schema), required, words)


def _contents(told: Spec) -> list[Spec]:
    return [media["schema"] for media in told.get("content", {}).values() if "schema" in media]


def fields(spec: Spec, schema: Spec, before: str = "", depth: int = 0) -> Iterator[Field]:
    """The fields of a schema, those inside of objects and lists with their path in front."""
    schema = _resolve(spec, schema)
    if _kind(schema) == "array":
        yield from fields(spec, schema.get("items", {}), f"{before}[]" if before else "[]", depth)
        return
    needed = schema.get("required", [])
    for name, told in schema.get("properties", {}).items():
        inner = _resolve(spec, told)
        path = f"{before}.{name}" if before else name
        yield Field(
            path, "body", _kind(inner), name in needed, inner.get("description", "") or _bounds(inner)
        )
        if depth < DEEPEST and _kind(inner) in {"object", "array"}:
            yield from fields(spec, inner, path, depth + 1)


def _resolve(spec: Spec, told: Spec) -> Spec:
    """Follow a reference; of several choices take the first that says something beside null."""
    for key in ("allOf", "anyOf", "oneOf"):
        if key in told:
            told = next((each for each in told[key] if each.get("type") != "null"), {})
    while "$ref" in told:
        place: Any = spec
        for step in told["$ref"].removeprefix("#/").split("/"):
            place = place[step]
        told = place
    return told


def _kind(schema: Spec) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    if isinstance(kind, list):
        kind = next((each for each in kind if each != "null"), "")
    return str(kind)


def _bounds(schema: Spec) -> str:
    """What a value may be, in signs that need no translation."""
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"] if each not in (None, ""))
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None or high is not None:
        return f"{'' if low is None else low} … {'' if high is None else high}".strip()
    if "maxLength" in schema:
        return f"≤ {schema['maxLength']}"
    return str(schema.get("format", ""))
