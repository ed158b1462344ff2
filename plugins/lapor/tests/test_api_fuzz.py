"""Anything the description allows, and much that it does not, gets an answer that the description knows."""

from collections.abc import Iterable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from lapor_reports import draft
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from plugins.lapor import plugin, service
from plugins.lapor.api import routes as api
from plugins.lapor.service import track
from superapp.identity import keys, rate

EXAMPLES = 50
RIGHTS = frozenset(each.code for each in plugin.PERMISSIONS)
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
pytestmark = pytest.mark.slow


@pytest.fixture
def described(app, tenant_a, monkeypatch):
    """The API as a program finds it on the tenant's host, without the limits on how often one may ask."""
    monkeypatch.setattr(api, "setting", lambda name: 1_000_000)
    monkeypatch.setattr(track, "rate_limit", lambda *_args, **_options: None)
    monkeypatch.setattr(rate, "hit", lambda *_args, **_options: None)

    def on_host(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return app.wsgi_app({**environ, "HTTP_HOST": tenant_a.host}, start)

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", on_host)


@pytest.fixture
def known(acting):
    """A real case with its PIN, and a key that may do everything."""
    with acting():
        made = service.submit(draft())
        _view, key = keys.create("Uji", [each.code for each in plugin.PERMISSIONS], 30, RIGHTS)
    return made.number, {"Authorization": f"Bearer {key}"}, {"Complaint-Pin": made.pin}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_every_operation_answers_as_described(described, known, mode) -> None:
    (number, key, pin), tried = known, 0
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES // 2,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if mode is GenerationMode.POSITIVE:
                case.path_parameters = {"number": number} if case.path_parameters else {}
                case.headers = {**(case.headers or {}), **(key if "/actions/" in case.path else pin)}
            case.call_and_validate(checks=CHECKS)

        ask()
        tried += 1
    assert tried >= 18
