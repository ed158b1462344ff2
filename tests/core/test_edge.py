"""What the edge answers before any service is asked: hosts, headers, sizes, foreign senders, faults."""

from collections.abc import Callable

import psycopg
import pytest
from flask import Flask

from superapp.context import Tenant
from superapp.identity.permit import public
from superapp.testing.client import TenantClient

Client = Callable[[Tenant], TenantClient]


def test_an_unknown_host_is_421_for_people_and_programs(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/", headers={"Host": "nowhere.example"})
    assert (page.status_code, page.mimetype) == (421, "text/html")
    answer = client.get("/api/v1/openapi.json", headers={"Host": "nowhere.example"})
    assert (answer.status_code, answer.mimetype) == (421, "application/problem+json")
    assert {"type", "title", "status", "detail", "instance"} <= answer.json.keys()


def test_health_answers_on_any_host(app: Flask) -> None:
    assert app.test_client().get("/healthz", headers={"Host": "10.0.0.7"}).data == b"ok\n"
    ready = app.test_client().get("/readyz", headers={"Host": "10.0.0.7"}).json
    assert (ready["database"], ready["migrations"], ready["quarantined"]) == ("ok", "ok", {})
    assert ready["status"] == "degraded", "no worker runs here, and that is said"


@pytest.mark.parametrize("path", ["/", "/tidak-ada", "/tema.css"])
def test_security_headers_stand_on_pages_and_errors(client: Client, tenant_a: Tenant, path: str) -> None:
    headers = client(tenant_a).get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Request-Id"]


def test_a_post_without_token_is_403_and_changes_nothing(client: Client, tenant_a: Tenant) -> None:
    report = {
        "kind": "complaint",
        "body": "Sampah menumpuk sejak Senin.",
        "address": "Jl. Uji 1",
        "key": "uji",
    }
    assert client(tenant_a).post("/lapor/buat", data=report).status_code == 403
    assert client(tenant_a).get("/api/v1/lapor/complaints").json["items"] == []


@pytest.mark.parametrize("disposition", ["form-data", 'form-data; filename="a.jpg"'])
def test_a_part_without_a_name_is_left_out(client: Client, tenant_a: Tenant, disposition: str) -> None:
    browser = client(tenant_a)
    token = browser.token("/lapor/buat")
    lines = [
        ("form-data; name=csrf_token", token),
        ("form-data; name=body", "Sampah menumpuk sejak Senin."),
        (disposition, "tanpa nama"),
    ]
    body = "".join(f"--x\r\nContent-Disposition: {head}\r\n\r\n{text}\r\n" for head, text in lines)
    answer = browser.post(
        "/lapor/buat", data=f"{body}--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 422
    assert "Sampah menumpuk sejak Senin." in answer.get_data(as_text=True)


def test_a_post_from_a_foreign_origin_is_403(client: Client, tenant_a: Tenant) -> None:
    browser = client(tenant_a)
    data = {"csrf_token": browser.token("/meja/masuk"), "lang": "en"}
    assert browser.post("/pilihan", data=data, headers={"Origin": "http://evil.example"}).status_code == 403
    own = f"http://{tenant_a.host}"
    assert browser.post("/pilihan", data=data, headers={"Origin": own}).status_code == 303


def test_a_preference_never_leads_to_another_site(client: Client, tenant_a: Tenant) -> None:
    for evil in ("http://evil.example/", "//evil.example", "/\\evil.example"):
        answer = client(tenant_a).submit("/pilihan", {"lang": "en", "next": evil}, form="/meja/masuk")
        assert answer.status_code == 303
        assert answer.headers["Location"] == "/"


def test_a_body_over_a_megabyte_is_413(client: Client, tenant_a: Tenant) -> None:
    answer = client(tenant_a).post("/pilihan", data=b"x" * 1_000_001, content_type="text/plain")
    assert answer.status_code == 413


def test_a_form_session_of_another_tenant_is_a_stranger(
    client: Client, tenant_a: Tenant, tenant_b: Tenant
) -> None:
    browser = client(tenant_a)
    token = browser.token("/meja/masuk")
    cookie = browser.get_cookie("superapp_form", domain=tenant_a.host)
    assert cookie is not None
    browser.at(tenant_b).set_cookie("superapp_form", cookie.value, domain=tenant_b.host)
    answer = browser.post("/meja/masuk", data={"csrf_token": token, "login": "x", "password": "y"})
    assert answer.status_code == 403


def test_a_crash_says_that_it_is_ours_and_names_the_request(
    client: Client, tenant_a: Tenant, app: Flask
) -> None:
    view = app.view_functions["web.home"]

    @public
    def broken() -> str:
        raise ZeroDivisionError("secret detail")

    app.view_functions["web.home"] = broken
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        answer = client(tenant_a).get("/")
    finally:
        app.view_functions["web.home"] = view
        app.config["PROPAGATE_EXCEPTIONS"] = None
    assert answer.status_code == 500
    assert "secret detail" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_without_a_database_it_is_503_and_says_when_to_come_back(
    client: Client, tenant_a: Tenant, admin_connection: psycopg.Connection
) -> None:
    from superapp.tenancy import resolve

    name = admin_connection.info.dbname
    server = admin_connection.info.get_parameters() | {"dbname": "postgres"}
    with psycopg.connect(**server, autocommit=True) as above:
        above.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        admin_connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        resolve.forget()
        try:
            answer = client(tenant_a).get("/")
            ready = client(tenant_a).get("/readyz")
        finally:
            above.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert (ready.status_code, ready.json["database"]) == (503, "away")
    assert client(tenant_a).get("/").status_code == 200


@pytest.mark.parametrize(("idle_s", "status"), [(0.0, 200), (3600.0, 503)], ids=["idle", "just used"])
def test_a_connection_that_lay_idle_is_asked_before_it_is_used(
    client: Client,
    tenant_a: Tenant,
    admin_connection: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    idle_s: float,
    status: int,
) -> None:
    from superapp.db import engine

    assert client(tenant_a).get("/lapor/daftar").status_code == 200
    admin_connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid()"
    )
    monkeypatch.setattr(engine, "IDLE_SECONDS", idle_s)
    assert client(tenant_a).get("/lapor/daftar").status_code == status
    monkeypatch.setattr(engine, "IDLE_SECONDS", 0.0)
    assert client(tenant_a).get("/lapor/daftar").status_code == 200
