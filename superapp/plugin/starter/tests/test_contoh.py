"""The plugin keeps to the host's contract, and does what it is for."""

from collections.abc import Callable

import pytest
from flask import Flask
from plugins.contoh import service

from superapp.context import Tenant, tenant_scope
from superapp.sdk import SYSTEM, Invalid
from superapp.testing.client import TenantClient
from superapp.testing.contract import PluginContract


class TestContract(PluginContract):
    plugin = "contoh"


def test_citizens_read_what_was_written(
    app: Flask, client: Callable[[Tenant], TenantClient], tenant_a: Tenant, tenant_b: Tenant
) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        service.write("Halo warga")
    assert "Halo warga" in client(tenant_a).get("/contoh/").text
    assert "Halo warga" not in client(tenant_b).get("/contoh/").text


@pytest.mark.parametrize("text", ["", "   ", "x" * 501, "a\x00b"])
def test_a_wrong_note_is_refused_by_name(app: Flask, tenant_a: Tenant, text: str) -> None:
    with app.test_request_context(), tenant_scope(tenant_a, SYSTEM), pytest.raises(Invalid) as caught:
        service.write(text)
    assert [error.field for error in caught.value.errors] == ["text"]
