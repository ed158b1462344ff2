"""A client of GeoReport: asks in one spelling, sends with a key, reads the answer as plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as xml

from flask import Flask

from plugins.lapor.service import reference
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import keys
from superapp.plugin import lifecycle
from superapp.plugin.registry import registry
from superapp.tenancy import resolve
from superapp.testing.client import TenantClient

SENT = {
    "service_code": "DRAIN.CLOG",
    "description": "Got mampet di depan pasar sejak Senin.",
    "address_string": "Jalan Uji 3",
}


@dataclass
class Georeport:
    """One city's endpoint as a client sees it."""

    app: Flask
    tenant: Tenant
    http: TenantClient
    key: str = ""

    def get(self, path: str, fmt: str = "json", **query: Any) -> Any:
        """The raw answer of a GET below /open311/v2."""
        return self.http.get(f"/open311/v2/{path}.{fmt}", query_string=query)

    def read(self, path: str, fmt: str = "json", **query: Any) -> Any:
        """The values of an answer that has to be 200."""
        answer = self.get(path, fmt, **query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json() if fmt == "json" else values(xml.fromstring(answer.data))

    def post(self, path: str = "requests", fmt: str = "json", headers: Any = None, **form: Any) -> Any:
        """The raw answer of a POST with this client's key."""
        data = {"api_key": self.key, **(SENT if path == "requests" else {}), **form}
        data = {name: value for name, value in data.items() if value is not None}
        return self.http.post(f"/open311/v2/{path}.{fmt}", data=data, headers=headers or {})

    def sent(self, **form: Any) -> str:
        """The id of a new request."""
        answer = self.post(**form)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return str(answer.get_json()[0]["service_request_id"])

    def act(self, deed: Callable[[], Any]) -> Any:
        """Do something as the system behind the scenes."""
        with self.app.app_context(), tenant_scope(self.tenant, SYSTEM):
            return deed()

    def published(self, **form: Any) -> str:
        """The id of a new request that an officer has verified."""
        from plugins.lapor import queries, service

        number = self.sent(**form)
        self.act(lambda: service.verify(queries.id_of(number), version=1))
        return number

    def settings(self, **changes: Any) -> None:
        """Change the tenant's settings of Open311."""
        self.act(lambda: lifecycle.save_settings(self.tenant, "open311", changes))
        resolve.forget()


def values(element: xml.Element) -> Any:
    """XML as plain values: items of a list where the children share one singular name."""
    if len(element) == 0:
        return element.text or ""
    if element.tag.endswith("s") and {child.tag for child in element} <= {
        *("service", "request", "attribute", "value", "error", "endpoint", "format", "note"),
        *("request_update", "media_url"),
    }:
        return [values(child) for child in element]
    return {child.tag: values(child) for child in element}


def made(app: Flask, tenant: Tenant, client: Any, *permissions: str) -> Georeport:
    """A client with a key of its own."""
    reference.forget()
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        _, key = keys.create("uji", permissions, 30, registry().permissions)
    return Georeport(app, tenant, client(tenant), key)
