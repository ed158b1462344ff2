"""The API: OpenAPI 3.1 from marshmallow schemas, strict JSON in, problem+json out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import flask_smorest
import orjson
from flask import Flask
from webargs.flaskparser import FlaskParser

from superapp.errors import BadRequest, FieldError, Invalid
from superapp.identity.permit import public
from superapp.plugin.contracts import Mount
from superapp.web import apidoc

DEPTH_LIMIT = 12
F = TypeVar("F", bound=Callable[..., Any])


class StrictParser(FlaskParser):
    """Reads JSON with orjson: NaN, NUL, lone surrogates and deep nesting get an answer, not a crash."""

    DEFAULT_VALIDATION_STATUS = 422

    def load_json(self, req: Any, schema: Any) -> Any:
        """The body as Python values. Raises BadRequest when it is no JSON, Invalid when it is no text."""
        if not req.mimetype.endswith("json"):
            raise BadRequest(detail="Kirim JSON dengan Content-Type: application/json.")
        data = req.get_data(cache=True)
        try:
            body = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            judge(_leniently(data))
            raise BadRequest("JSON tidak dapat dibaca.", str(error)) from error
        judge(body)
        return body

    def handle_error(self, error: Any, req: Any, schema: Any, **options: Any) -> Any:
        """Raise Invalid naming each missing, unknown or wrong field."""
        raise Invalid(errors=flatten(error.messages)) from error


def _leniently(data: bytes) -> Any:
    """What Python's reader takes as JSON (NaN, lone surrogates), so that the answer can name the field."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadRequest("JSON tidak dapat dibaca.", str(error)[:200]) from error


def judge(value: Any, path: str = "", depth: int = 0) -> None:
    """Refuse what no column can hold: NUL characters and nesting deeper than the schemas know."""
    if depth > DEPTH_LIMIT:
        raise BadRequest("JSON terlalu dalam.", f"Batasnya {DEPTH_LIMIT} tingkat.")
    if isinstance(value, str):
        if "\x00" in value:
            raise Invalid(errors=[FieldError(path or "body", "Hapus karakter NUL.", "nul")])
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise Invalid(errors=[FieldError(path or "body", "Hapus karakter yang terpotong.", "surrogate")])
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Invalid(errors=[FieldError(path or "body", "Tulis angka biasa.", "number")])
    elif isinstance(value, dict):
        for name, inner in value.items():
            judge(name, path, depth + 1)
            judge(inner, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            judge(inner, f"{path}[{place}]", depth + 1)


def flatten(messages: Any, path: str = "") -> list[FieldError]:
    """marshmallow's nested messages as one list; the location of the body is left out of the names."""
    if isinstance(messages, dict):
        found: list[FieldError] = []
        for name, inner in messages.items():
            outer = path == "" and name in {"json", "query", "form", "files", "headers"}
            found += flatten(inner, path if outer else f"{path}.{name}" if path else str(name))
        return found
    texts = messages if isinstance(messages, list) else [messages]
    return [FieldError(path or "body", str(text), _code(str(text))) for text in texts]


def _code(message: str) -> str:
    if message.startswith("Missing data"):
        return "required"
    return "unknown" if message.startswith("Unknown field") else "invalid"


class ApiBlueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A blueprint of the API; its views take and give what their schemas say."""

    ARGUMENTS_PARSER = StrictParser()

    if TYPE_CHECKING:  # flask-smorest brings no types; these keep those of the views

        def get(self, rule: str, **options: Any) -> Callable[[F], F]: ...
        def post(self, rule: str, **options: Any) -> Callable[[F], F]: ...
        def doc(self, **facts: Any) -> Callable[[F], F]: ...
        def arguments(self, schema: Any, **options: Any) -> Callable[[F], Callable[..., Any]]: ...
        def response(self, status: int, schema: Any = None, **options: Any) -> Callable[[F], F]: ...
        def alt_response(self, status: int, **options: Any) -> Callable[[F], F]: ...


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest without its own error answers: the edge has the one map."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave all errors to superapp.web.edge."""


def install(app: Flask, mounts: list[Mount]) -> Api:
    """Serve the plugins' APIs and their description at /api/v1/openapi.json and /api/v1/."""
    app.config.update(
        API_TITLE="superapp",
        API_VERSION="1.0",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Api(app)
    api.spec.components.security_scheme("apiKey", {"type": "http", "scheme": "bearer"})
    for mounted in mounts:
        api.register_blueprint(mounted.blueprint)
    app.extensions[apidoc.EXTENSION] = api
    views: dict[str, Any] = app.view_functions
    describe = views["api-docs.openapi_json"]

    def description() -> Any:
        return describe()

    views["api-docs.openapi_json"] = public(description)
    return api
