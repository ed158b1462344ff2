"""The short memory in front of Flask gives the same answer to the same question only."""

from typing import Any

import pytest
from flask import Flask, Response, request

from superapp.web import fastlane


@pytest.fixture
def counted() -> tuple[Flask, list[str]]:
    app, calls = Flask("counted"), []

    @app.get("/")
    def page() -> Response:
        calls.append(request.host)
        response = Response(f"{request.host} {request.cookies.get('lang')} {len(calls)}")
        response.set_etag(str(len(calls)))
        if request.args.get("cookie"):
            response.set_cookie("x", "y")
        return fastlane.keep(response, 0.0 if request.args.get("stale") else 60.0)

    app.wsgi_app = fastlane.FastLane(app.wsgi_app)  # type: ignore[method-assign]
    return app, calls


def get(app: Flask, path: str = "/", **headers: str) -> Any:
    return app.test_client(use_cookies=False).get(path, headers=headers)


def test_the_second_reader_gets_the_first_ones_page(counted: tuple[Flask, list[str]]) -> None:
    app, calls = counted
    assert get(app, Host="a.test").data == get(app, Host="a.test").data
    assert len(calls) == 1


def test_hosts_languages_and_queries_are_kept_apart(counted: tuple[Flask, list[str]]) -> None:
    app, calls = counted
    for headers in ({"Host": "a.test"}, {"Host": "b.test"}, {"Host": "a.test", "Cookie": "lang=en"}):
        assert get(app, **headers).data.startswith(headers["Host"].encode())
    get(app, "/?q=1", Host="a.test")
    assert len(calls) == 4


def test_an_unchanged_page_is_304(counted: tuple[Flask, list[str]]) -> None:
    app, _ = counted
    etag = get(app, Host="a.test").headers["ETag"]
    again = app.test_client().get("/", headers={"Host": "a.test", "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_answers_with_cookies_and_stale_ones_are_asked_anew(counted: tuple[Flask, list[str]]) -> None:
    app, calls = counted
    for path in ("/?cookie=1", "/?cookie=1", "/?stale=1", "/?stale=1"):
        get(app, path, Host="a.test")
    assert len(calls) == 4


def test_a_bearer_of_a_key_passes_by(counted: tuple[Flask, list[str]]) -> None:
    app, calls = counted
    get(app, Host="a.test")
    get(app, Host="a.test", Authorization="Bearer x")
    assert len(calls) == 2


def test_a_reader_who_has_the_page_fills_the_memory_for_the_others(counted: tuple[Flask, list[str]]) -> None:
    app, calls = counted
    first = get(app, "/?stale=1", Host="a.test")
    again = get(app, "/?stale=1", **{"Host": "a.test", "If-None-Match": '"2"'})
    assert (first.status_code, again.status_code) == (200, 304), "also when nothing is kept"
    get(app, **{"Host": "b.test", "If-None-Match": '"gone"'})
    get(app, **{"Host": "b.test", "If-None-Match": '"gone"'})
    assert calls.count("b.test") == 1
