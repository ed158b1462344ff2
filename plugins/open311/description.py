"""GeoReport v2 as this server speaks it, for programs that read OpenAPI 3.1."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import orjson

Facts = dict[str, Any]
FORMATS: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


def _texts(*names: str) -> Facts:
    return {name: {"type": "string"} for name in names}


def _list(name: str) -> Facts:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


ERROR: Final[Facts] = {"type": "object", "required": ["code", "description"]}
SCHEMAS: Final[Facts] = {
    "Error": {**ERROR, "properties": _texts("code", "description")},
    "Service": {
        "type": "object",
        "required": ["service_code", "service_name", "metadata", "type", "keywords", "group"],
        "properties": {
            **_texts("service_code", "service_name", "description", "keywords", "group"),
            "metadata": {"type": "boolean"},
            "type": {"enum": ["realtime", "batch", "blackbox"]},
        },
    },
    "Attribute": {
        "type": "object",
        "required": ["variable", "code", "datatype", "required", "order", "description"],
        "properties": {
            **_texts("code", "datatype_description", "description"),
            "variable": {"type": "boolean"},
            "required": {"type": "boolean"},
            "order": {"type": "integer", "minimum": 1},
            "datatype": {
                "enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]
            },
            "values": {"type": "array", "items": {"type": "object", "properties": _texts("key", "name")}},
        },
    },
    "Definition": {
        "type": "object",
        "required": ["service_code", "attributes"],
        "properties": {**_texts("service_code"), "attributes": _list("Attribute")},
    },
    "Request": {
        "type": "object",
        "required": ["service_request_id", "status", "service_code", "requested_datetime"],
        "properties": {
            **_texts("service_request_id", "status_notes", "service_name", "service_code", "description"),
            **_texts("agency_responsible", "service_notice", "address", "address_id", "zipcode", "media_url"),
            **_texts("requested_datetime", "updated_datetime", "expected_datetime"),
            "status": {"enum": ["open", "closed"]},
            "lat": {"type": "number"},
            "long": {"type": "number"},
        },
    },
    "Sent": {
        "type": "object",
        "properties": _texts("service_request_id", "token", "service_notice"),
        "oneOf": [{"required": ["service_request_id"]}, {"required": ["token"]}],
    },
    "Token": {
        "type": "object",
        "required": ["service_request_id", "token"],
        "properties": _texts("service_request_id", "token"),
    },
    "Update": {
        "type": "object",
        "required": ["update_id", "service_request_id", "status", "updated_datetime"],
        "properties": _texts(
            *("update_id", "service_request_id", "status", "updated_datetime", "description"),
            *("media_url", "external_status_code"),
        ),
    },
    "Taken": {"type": "object", "required": ["update_id"], "properties": _texts("update_id")},
    "Discovery": {
        "type": "object",
        "required": ["changeset", "contact", "key_service", "endpoints"],
        "properties": {**_texts("changeset", "contact", "key_service"), "endpoints": {"type": "array"}},
    },
}
MOMENT: Final = {"type": "string", "format": "date-time"}
LISTED: Final = {
    **_texts("service_request_id", "service_code"),
    "status": {"enum": ["open", "closed", "open,closed"]},
    **dict.fromkeys(("start_date", "end_date", "updated_after", "updated_before"), MOMENT),
    "page": {"type": "integer", "minimum": 1, "maximum": 1000},
    "page_size": {"type": "integer", "minimum": 1, "maximum": 1000},
    "extensions": {"enum": ["true", "false"]},
}
PLACE: Final = {
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "long": {"type": "number", "minimum": -180, "maximum": 180},
}
FORM: Final = {
    **_texts("api_key", "service_code", "description", "address_string", "address_id", "email", "phone"),
    **_texts("first_name", "last_name", "device_id", "account_id", "media_url", "client_request_id"),
    **PLACE,
}
UPDATE_FORM: Final = {
    **_texts("api_key", "service_request_id", "update_id", "status", "description"),
    "updated_datetime": MOMENT,
}
# Path, what a GET answers with its query, what a POST takes and answers; `list` tells bare arrays.
PATHS: Final[tuple[tuple[str, str, bool, Facts], ...]] = (
    ("/discovery", "Discovery", False, {}),
    ("/v2/services", "Service", True, PLACE),
    ("/v2/services/{service_code}", "Definition", False, {}),
    ("/v2/requests", "Request", True, LISTED),
    ("/v2/requests/{service_request_id}", "Request", True, {"extensions": LISTED["extensions"]}),
    ("/v2/tokens/{token}", "Token", True, {}),
    (
        "/v2/servicerequestupdates",
        "Update",
        True,
        dict.fromkeys(("start_date", "end_date"), MOMENT),
    ),
)
POSTS: Final[tuple[tuple[str, str, Facts, tuple[str, ...]], ...]] = (
    ("/v2/requests", "Sent", FORM, ("service_code",)),
    (
        "/v2/servicerequestupdates",
        "Taken",
        UPDATE_FORM,
        ("service_request_id", "update_id", "status", "updated_datetime", "description"),
    ),
)


@cache
def document() -> bytes:
    """The whole description. Both spellings of an address are addresses of their own."""
    paths: Facts = {}
    for path, schema, is_list, query in PATHS:
        for spelling in FORMATS:
            paths[f"{path}.{spelling}"] = {"get": _get(path, schema, query, spelling, is_list=is_list)}
    for path, schema, form, required in POSTS:
        for spelling in FORMATS:
            paths[f"{path}.{spelling}"]["post"] = _post(schema, form, required, spelling)
    described = {
        "openapi": "3.1.0",
        "info": {"title": "GeoReport v2", "version": "2.0"},
        "servers": [{"url": "/open311"}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }
    return orjson.dumps(described)


def _get(path: str, schema: str, query: Facts, spelling: str, *, is_list: bool) -> Facts:
    asked = {**query, **_texts("jurisdiction_id")}
    name = path.partition("{")[2].rstrip("}")
    inside = {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    parameters = [{"name": each, "in": "query", "schema": kind} for each, kind in asked.items()]
    statuses = ("400", "404", "429", "503")
    return {
        "parameters": [inside, *parameters] if name else parameters,
        "responses": _responses(schema, spelling, statuses, is_list=is_list),
    }


def _post(schema: str, form: Facts, required: tuple[str, ...], spelling: str) -> Facts:
    body = {"type": "object", "required": list(required), "properties": {**form, **_texts("jurisdiction_id")}}
    statuses = ("400", "403", "404", "413", "429", "503")
    return {
        "requestBody": {"required": True, "content": {each: {"schema": body} for each in FORMS}},
        "responses": _responses(schema, spelling, statuses, is_list=True),
    }


def _responses(schema: str, spelling: str, statuses: tuple[str, ...], *, is_list: bool) -> Facts:
    good = _list(schema) if is_list else {"$ref": f"#/components/schemas/{schema}"}
    found = {"200": _answer("As asked.", good, spelling)}
    return found | {each: _answer("Why not.", _list("Error"), spelling) for each in statuses}


def _answer(words: str, schema: Facts, spelling: str) -> Facts:
    told = schema if spelling == "json" else {"type": "string"}
    return {"description": words, "content": {FORMATS[spelling]: {"schema": told}}}
