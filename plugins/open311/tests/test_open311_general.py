"""Statements 1-22: spellings, errors, keys, jurisdictions, discovery, services."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree as xml

import pytest
from open311_city import Georeport, made

from superapp.context import SYSTEM, tenant_scope
from superapp.identity import keys
from superapp.tenancy import resolve

BOTH = pytest.mark.parametrize("fmt", ["xml", "json"])
READS = ("services", "services/DRAIN.CLOG", "requests", "servicerequestupdates")


def test_each_method_answers_in_both_spellings(city: Georeport) -> None:
    for path, fmt in itertools.product(READS, ("xml", "json")):
        _answers(city, path, fmt)


def _answers(city: Georeport, path: str, fmt: str) -> None:
    answer = city.get(path, fmt)
    assert answer.status_code == 200
    kind = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}[fmt]
    assert answer.content_type == kind
    if fmt == "xml":
        assert answer.data.startswith(b"<?xml version=") and b"encoding='utf-8'" in answer.data.replace(
            b'"', b"'"
        )
        assert b"xmlns" not in answer.data
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert city.get(path, "yaml").status_code == 404


def test_lists_are_bare_and_an_empty_one_is_no_error(city: Georeport) -> None:
    assert city.read("requests") == []
    assert city.get("requests", "xml").data.endswith(b"<service_requests />")
    assert isinstance(city.read("services/DRAIN.CLOG"), dict)


@BOTH
def test_what_was_written_comes_back_byte_for_byte(city: Georeport, fmt: str) -> None:
    said = "Got mampet.\nJalan Kartini 9/é/🚧 <b>bukan markah</b> & lainnya"
    number = city.published(description=said, address_string="Jalan Kartini 9/é/🚧")
    found = city.read(f"requests/{number}", fmt)[0]
    assert found["description"] == said
    assert found["address"] == "Jalan Kartini 9/é/🚧"


def test_moments_carry_seconds_and_an_offset(city: Georeport) -> None:
    number = city.published()
    found = city.read(f"requests/{number}")[0]
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00")
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert stamp.fullmatch(found[name]), name
    for given in ("2026-01-01T00:00:00Z", "2026-01-01T08:00:00+08:00", "2026-01-01T08:00:00 08:00"):
        end = given.replace("2026-01", "2026-02")
        assert city.get("requests", start_date=given, end_date=end).status_code == 200


def test_an_empty_parameter_is_an_absent_one(city: Georeport) -> None:
    number = city.published()
    asked = dict.fromkeys(("service_code", "status", "start_date", "end_date", "page", "jurisdiction_id"), "")
    assert [each["service_request_id"] for each in city.read("requests", **asked)] == [number]


def test_a_jurisdiction_that_is_asked_for_must_be_named(city: Georeport) -> None:
    city.settings(jurisdiction_id="uji.go.id")
    for path in (*READS, "requests/UJI-2026-000001", "tokens/abc"):
        assert city.get(path).status_code == 400
        assert city.get(path, jurisdiction_id="lain.go.id").status_code == 404
        right = city.get(path, jurisdiction_id="uji.go.id")
        assert right.status_code in {200, 404}
        assert "jurisdiction" not in right.get_data(as_text=True)


def test_posts_keep_to_the_jurisdiction_too_and_a_single_one_is_not_asked(city: Georeport) -> None:
    assert city.post(jurisdiction_id="apa.saja").status_code == 200
    city.settings(jurisdiction_id="uji.go.id")
    assert city.post().status_code == 400
    assert city.post(jurisdiction_id="lain.go.id").status_code == 404
    assert city.post(jurisdiction_id="uji.go.id").status_code == 200


def test_nothing_of_one_city_is_seen_in_another(city: Georeport, app, tenant_b, client) -> None:
    other = made(app, tenant_b, client, "open311.write")
    number = other.published()
    assert city.get(f"requests/{number}").status_code == 404
    assert city.read("requests") == []
    assert city.post(api_key=other.key).status_code == 403
    other.settings(answer="token")
    token = other.post().get_json()[0]["token"]
    assert city.get(f"tokens/{token}").status_code == 404


def test_a_post_needs_a_good_key_and_a_get_none(city: Georeport) -> None:
    for key in (None, "", "uji_salah_kunci", "bukan kunci"):
        refused = city.post(api_key=key)
        assert refused.status_code == 403
        assert refused.get_json()[0]["code"] == "403"
    assert city.get("services").status_code == 200


def test_a_revoked_key_and_one_without_the_right_are_refused(city: Georeport, app, tenant_a, client) -> None:
    assert made(app, tenant_a, client, "lapor.inbox").post().status_code == 403
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        for each in keys.listing():
            keys.revoke(each.id)
    assert city.post().status_code == 403


@BOTH
def test_errors_have_the_shape_of_the_standard_and_name_the_parameter(city: Georeport, fmt: str) -> None:
    answer = city.post(fmt=fmt, service_code="", address_string=None)
    assert answer.status_code == 400
    found = (
        answer.get_json()
        if fmt == "json"
        else [{part.tag: part.text for part in each} for each in xml.fromstring(answer.data).findall("error")]
    )
    assert set(found[0]) == {"code", "description"}
    assert "service_code" in found[0]["description"]


def test_not_found_keeps_the_spelling(city: Georeport) -> None:
    paths = ("tidak-ada", "services/TIDAK.ADA", "requests/UJI-2026-999999", "tokens/x")
    for path, fmt in itertools.product(paths, ("xml", "json")):
        answer = city.get(path, fmt)
        assert answer.status_code == 404
        assert (b"<errors>" in answer.data) == (fmt == "xml")


def test_a_crash_keeps_the_spelling_and_says_nothing_of_itself(city: Georeport, monkeypatch) -> None:
    monkeypatch.setattr("plugins.open311.catalogue.services", lambda kind: 1 / 0)
    answer = city.get("services")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.get_data(as_text=True)
    assert answer.get_json()[0]["code"] == "500"


def test_other_methods_are_named_and_head_works(city: Georeport) -> None:
    refused = city.http.put("/open311/v2/requests.json")
    assert refused.status_code == 405
    assert {"GET", "POST", "HEAD"} <= set(refused.headers["Allow"].split(", "))
    assert refused.get_json()[0]["code"] == "405"
    only = city.http.post("/open311/v2/services.xml")
    assert only.status_code == 405 and "POST" not in only.headers["Allow"]
    head = city.http.head("/open311/v2/services.json")
    assert head.status_code == 200 and head.data == b""


def test_a_post_from_a_page_of_another_site_is_refused(city: Georeport) -> None:
    answer = city.post(headers={"Origin": "https://lain.example"})
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_cookie_of_an_officer_is_no_key(city: Georeport, app, tenant_a) -> None:
    from superapp.db.work import work
    from superapp.identity import officers, permit, sessions

    with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
        who, _ = officers.ensure_officer("koor", "Koordinator", "coordinator", second_factor=False)
        city.http.set_cookie(
            permit.cookie_name(), sessions.start(who.id, verified=True), domain=tenant_a.host
        )
    assert city.post(api_key=None).status_code == 403


def test_too_many_are_told_when_to_come_back(city: Georeport) -> None:
    city.settings(per_minute=1)
    assert city.post().status_code == 200
    answer = city.post()
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json()[0]["code"] == "429"


def test_unchanged_lists_are_told_by_their_mark(city: Georeport) -> None:
    mark = city.get("services").headers["ETag"]
    again = city.http.get("/open311/v2/services.json", headers={"If-None-Match": mark})
    assert again.status_code == 304


@BOTH
def test_discovery_tells_where_and_since_when(city: Georeport, fmt: str) -> None:
    answer = city.http.get(f"/open311/discovery.{fmt}")
    found = answer.get_json() if fmt == "json" else None
    if found is None:
        root = xml.fromstring(answer.data)
        assert [child.tag for child in root] == ["changeset", "contact", "key_service", "endpoints"]
        endpoint = {each.tag: each.text for each in root.find("endpoints/endpoint")}  # type: ignore[union-attr]
        formats = [each.text for each in root.findall("endpoints/endpoint/formats/format")]
    else:
        endpoint = found["endpoints"][0]
        formats = endpoint["formats"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["type"] == "production"
    assert "text/xml" in formats
    path = "/" + endpoint["url"].split("/", 3)[3]
    assert city.http.get(f"{path}/services.xml").status_code == 200


def test_the_changeset_moves_when_a_service_changes_and_only_then(city: Georeport, admin_connection) -> None:
    from datetime import UTC, datetime, timedelta

    from plugins.lapor.service import reference
    from superapp.context import at_time

    def changeset(days: int) -> str:
        reference.forget()
        with at_time(datetime(2026, 3, 17, tzinfo=UTC) + timedelta(days=days)):
            return str(city.http.get("/open311/discovery.json").get_json()["changeset"])

    first = changeset(0)
    assert changeset(1) == first
    admin_connection.execute(
        "UPDATE lapor.category SET name = 'Got tersumbat' WHERE code = 'DRAIN.CLOG' AND tenant_id = %s",
        (city.tenant.id,),
    )
    later = changeset(2)
    assert later > first
    assert changeset(3) == later


def test_services_carry_all_fields(city: Georeport) -> None:
    for found in (city.read("services"), city.read("services", "xml")):
        codes = [each["service_code"] for each in found]
        assert len(codes) == len(set(codes)) > 3
        for each in found:
            assert set(each) == {
                *("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
            }
            assert each["metadata"] in (True, False, "true", "false")
            assert each["type"] == "realtime"
    drain = next(each for each in city.read("services") if each["service_code"] == "DRAIN.CLOG")
    assert drain["keywords"] == "got mampet,selokan,saluran tersumbat"


def test_a_retired_service_leaves_the_list_but_not_old_requests(city: Georeport, admin_connection) -> None:
    from plugins.lapor.service import reference

    number = city.published()
    admin_connection.execute("UPDATE lapor.category SET valid_to = '2020-01-01' WHERE code = 'DRAIN.CLOG'")
    reference.forget()
    resolve.forget()
    assert "DRAIN.CLOG" not in [each["service_code"] for each in city.read("services")]
    assert city.read(f"requests/{number}")[0]["service_name"] == "Got atau drainase mampet"
    assert city.post().status_code == 404
