"""No input makes a 5xx: cases from the description, right and wrong ones, and forms that no client sends.

`OPEN311_CASES=10000 pytest plugins/open311/tests/test_open311_fuzz.py` tries that many in all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import count
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from open311_city import SENT, Georeport
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from superapp.identity import rate

CASES = int(os.environ.get("OPEN311_CASES", "220"))
OPERATIONS = 18
NAMES = st.sampled_from(
    [
        *("service_request_id", "status", "start_date", "page", "extensions", "jurisdiction_id", "lat"),
        *("api_key", "description", "address_string", "address_id", "email", "phone", "media_url"),
        *("attribute[X]", "attribute[width]", "attribute[harm][]", "attribute[since]", "attribute["),
        *("update_id", "updated_datetime", "client_request_id", "service_code"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "nan", "inf", "-1", "1e308", "9" * 400, "\x00", "open", "ROAD.POTHOLE", "2026-01-01T00:00:00Z"]
    ),
)
pytestmark = pytest.mark.slow


def calm(examples: int) -> Any:
    return settings(
        max_examples=max(1, examples),
        deadline=None,
        derandomize=CASES < 1000,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_no_case_of_the_description_makes_a_server_error(
    city: Georeport, monkeypatch: pytest.MonkeyPatch, mode: GenerationMode
) -> None:
    monkeypatch.setattr(rate, "hit", lambda *_args, **_options: None)
    monkeypatch.setattr("plugins.open311.api.rate_limit", lambda *_args, **_options: None)
    number = city.published(service_code="ROAD.POTHOLE", **{"attribute[traffic]": "Bisa"})

    def on_host(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return city.app.wsgi_app({**environ, "HTTP_HOST": city.tenant.host}, start)

    turns = count()
    described, tried, answered = schemathesis.openapi.from_wsgi("/open311/v2/openapi.json", on_host), 0, set()
    for found in described.get_all_operations():
        operation = found.ok()

        @calm(CASES // 3 // OPERATIONS)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if mode is GenerationMode.POSITIVE:
                if isinstance(case.body, dict):
                    case.body |= {"api_key": city.key}
                    # Each second one may be taken: these texts follow rules that no schema can say.
                    if "service_code" in case.body and next(turns) % 2 == 0:
                        case.body = {**SENT, "api_key": city.key, "account_id": case.body["service_code"]}
                if "service_request_id" in (case.path_parameters or {}):
                    case.path_parameters = {"service_request_id": number}
            checks = (not_a_server_error, content_type_conformance, response_schema_conformance)
            answered.add((case.method, case.call_and_validate(checks=checks).status_code))

        ask()
        tried += 1
    assert tried == OPERATIONS
    assert mode is GenerationMode.NEGATIVE or {("GET", 200), ("POST", 200)} <= answered


def test_no_form_makes_a_server_error(city: Georeport) -> None:
    city.settings(per_minute=100_000)

    @calm(CASES // 6)
    @given(st.dictionaries(NAMES, TEXTS, max_size=6), st.booleans(), st.sampled_from(["xml", "json"]))
    def send(form: dict[str, str], usual: bool, fmt: str) -> None:
        data = {**({**SENT, "service_code": "ROAD.POTHOLE"} if usual else {}), "api_key": city.key}
        data |= {name: value.encode("utf-8", "replace").decode() for name, value in form.items()}
        for path in ("requests", "servicerequestupdates"):
            answer = city.http.post(f"/open311/v2/{path}.{fmt}", data=data)
            assert answer.status_code < 500, (form, answer.get_data(as_text=True))
        path = quote(next(iter(data.values())), safe="") or "x"
        answer = city.http.get(f"/open311/v2/requests/{path}.{fmt}", query_string=form)
        assert answer.status_code < 500, (form, answer.get_data(as_text=True))

    send()
