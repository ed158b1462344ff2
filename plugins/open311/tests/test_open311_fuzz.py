"""No input makes a 5xx, and every answer keeps the spelling that was asked for."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from open311_city import SENT, Georeport

NAMES = st.sampled_from(
    [
        *("service_request_id", "service_code", "status", "start_date", "end_date", "page", "page_size"),
        *("updated_after", "updated_before", "extensions", "jurisdiction_id", "lat", "long", "api_key"),
        *("description", "address_string", "address_id", "email", "phone", "first_name", "media_url"),
        *(
            "attribute[X]",
            "attribute[X][]",
            "attribute[",
            "update_id",
            "updated_datetime",
            "client_request_id",
        ),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", "nan", "inf", "-1", "1e308", "9" * 400, "\x00", "open", "DRAIN.CLOG", "2026-01-01T00:00:00Z"]
    ),
)
PATHS = st.sampled_from(
    ["services", "requests", "servicerequestupdates", "services/{}", "requests/{}", "tokens/{}"]
)
CALM = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_no_question_makes_a_server_error(city: Georeport) -> None:
    city.published()

    @CALM
    @given(PATHS, TEXTS, st.dictionaries(NAMES, TEXTS, max_size=5), st.sampled_from(["xml", "json"]))
    def ask(path: str, word: str, query: dict[str, str], fmt: str) -> None:
        answer = city.http.get(f"/open311/v2/{path.format(_segment(word))}.{fmt}", query_string=_plain(query))
        assert answer.status_code < 500 or answer.status_code == 503, answer.get_data(as_text=True)
        if answer.status_code != 304 and answer.status_code != 308:
            assert answer.content_type.startswith(("text/xml", "application/json"))

    ask()


def test_no_report_makes_a_server_error(city: Georeport) -> None:
    city.settings(per_minute=100_000)

    @CALM
    @given(st.dictionaries(NAMES, TEXTS, max_size=6), st.booleans(), st.sampled_from(["xml", "json"]))
    def send(form: dict[str, str], usual: bool, fmt: str) -> None:
        data = {**(SENT if usual else {}), "api_key": city.key, **_plain(form)}
        for path in ("requests", "servicerequestupdates"):
            answer = city.http.post(f"/open311/v2/{path}.{fmt}", data=data)
            assert answer.status_code < 500, (form, answer.get_data(as_text=True))

    send()


def _plain(given: dict[str, str]) -> dict[str, str]:
    """What a client can put on the wire: no half characters."""
    return {name: value.encode("utf-8", "replace").decode() for name, value in given.items()}


def _segment(word: str) -> str:
    from urllib.parse import quote

    return quote(word.encode("utf-8", "replace"), safe="") or "x"
