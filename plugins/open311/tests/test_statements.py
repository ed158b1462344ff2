"""What a complete GeoReport v2 server does, statement by statement, and the test that shows each.

The table names the test of every statement; those that no other file holds stand below it.
"""

from __future__ import annotations

import importlib
import inspect
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as xml

import pytest
from open311_city import SENT, Georeport
from test_open311_requests import handled, said

from plugins.lapor import queries, service
from plugins.open311 import following
from superapp.context import at_time, tenant_scope

GENERAL, REQUESTS, FUZZ, CLIENTS, HERE = (
    "test_open311_general",
    "test_open311_requests",
    "test_open311_fuzz",
    "test_open311_clients",
    "test_statements",
)
STATEMENTS: dict[int, tuple[str, str]] = {
    1: (GENERAL, "test_each_method_answers_in_both_spellings"),
    2: (GENERAL, "test_each_method_answers_in_both_spellings"),
    3: (GENERAL, "test_lists_are_bare_and_an_empty_one_is_no_error"),
    4: (GENERAL, "test_what_was_written_comes_back_byte_for_byte"),
    5: (GENERAL, "test_moments_carry_seconds_and_an_offset"),
    6: (GENERAL, "test_an_empty_parameter_is_an_absent_one"),
    7: (GENERAL, "test_a_jurisdiction_that_is_asked_for_must_be_named"),
    8: (GENERAL, "test_nothing_of_one_city_is_seen_in_another"),
    9: (GENERAL, "test_a_post_needs_a_good_key_and_a_get_none"),
    10: (HERE, "test_several_errors_are_listed_in_both_spellings"),
    11: (GENERAL, "test_a_crash_keeps_the_spelling_and_says_nothing_of_itself"),
    12: (HERE, "test_over_plain_http_reading_is_sent_on_and_sending_refused"),
    13: (HERE, "test_discovery_is_open_and_whole"),
    14: (HERE, "test_discovery_is_open_and_whole"),
    15: (GENERAL, "test_discovery_tells_where_and_since_when"),
    16: (HERE, "test_the_changeset_moves_with_a_question_too"),
    17: (GENERAL, "test_discovery_tells_where_and_since_when"),
    18: (GENERAL, "test_services_carry_all_fields"),
    19: (HERE, "test_services_narrow_by_place_and_keep_their_codes"),
    20: (HERE, "test_services_narrow_by_place_and_keep_their_codes"),
    21: (HERE, "test_services_narrow_by_place_and_keep_their_codes"),
    22: (GENERAL, "test_a_retired_service_leaves_the_list_but_not_old_requests"),
    23: (HERE, "test_each_service_with_questions_has_one_definition_in_both_spellings"),
    24: (HERE, "test_a_definition_holds_every_field_of_each_attribute"),
    25: (HERE, "test_a_definition_holds_every_field_of_each_attribute"),
    26: (HERE, "test_a_definition_holds_every_field_of_each_attribute"),
    27: (HERE, "test_what_is_information_only_is_never_required_and_ignored_when_sent"),
    28: (HERE, "test_nothing_automated_is_asked"),
    29: (REQUESTS, "test_both_form_encodings_are_taken"),
    30: (REQUESTS, "test_what_is_wrong_is_named_and_nothing_is_made"),
    31: (REQUESTS, "test_each_way_to_say_where_is_enough"),
    32: (HERE, "test_a_wrong_answer_is_refused_by_the_code_of_its_attribute"),
    33: (HERE, "test_answers_are_read_however_their_brackets_are_sent"),
    34: (GENERAL, "test_what_was_written_comes_back_byte_for_byte"),
    35: (REQUESTS, "test_the_answer_holds_an_id_and_how_to_follow_it"),
    36: (HERE, "test_an_answer_holds_an_id_or_a_token_and_never_both"),
    37: (HERE, "test_an_answer_holds_an_id_or_a_token_and_never_both"),
    38: (CLIENTS, "test_three_reports_with_a_picture_and_finds_it"),
    39: (REQUESTS, "test_the_same_key_never_makes_two"),
    40: (REQUESTS, "test_no_get_ever_tells_of_a_person"),
    41: (HERE, "test_a_token_is_answered_at_once_and_tells_nothing_but_the_number"),
    42: (CLIENTS, "test_three_polls_a_token"),
    43: (REQUESTS, "test_lists_narrow_by_ids_codes_and_states"),
    44: (REQUESTS, "test_lists_narrow_by_ids_codes_and_states"),
    45: (REQUESTS, "test_dates_are_those_of_receiving_within_ninety_days"),
    46: (HERE, "test_a_list_without_limits_is_ninety_days_and_a_thousand"),
    47: (REQUESTS, "test_pages_show_each_once_while_new_ones_arrive"),
    48: (REQUESTS, "test_dates_are_those_of_receiving_within_ninety_days"),
    49: (REQUESTS, "test_a_request_carries_all_fields_and_the_promised_day"),
    50: (HERE, "test_a_closed_request_was_updated_when_it_was_closed"),
    51: (REQUESTS, "test_a_request_carries_all_fields_and_the_promised_day"),
    52: (HERE, "test_points_are_numbers_alike_in_both_spellings"),
    53: (REQUESTS, "test_what_is_not_published_appears_nowhere"),
    54: (REQUESTS, "test_a_request_carries_all_fields_and_the_promised_day"),
    55: (HERE, "test_extensions_tell_public_answers_and_all_pictures"),
    56: (HERE, "test_extensions_tell_public_answers_and_all_pictures"),
    57: (REQUESTS, "test_updates_are_told_in_order_with_their_words"),
    58: (HERE, "test_the_window_of_updates_is_inclusive_and_a_wide_one_sees_late_ones"),
    59: (HERE, "test_every_word_of_the_extension_is_taken"),
    60: (HERE, "test_an_update_is_told_again_under_its_senders_id"),
    61: (REQUESTS, "test_an_older_update_changes_nothing"),
    62: (REQUESTS, "test_blank_updates_are_the_citys_choice_and_keys_need_the_right"),
    63: (REQUESTS, "test_the_bulk_table_opens_safely"),
    64: (GENERAL, "test_other_methods_are_named_and_head_works"),
    65: (GENERAL, "test_too_many_are_told_when_to_come_back"),
    66: (FUZZ, "test_no_case_of_the_description_makes_a_server_error"),
}
BOTH = pytest.mark.parametrize("fmt", ["xml", "json"])
POTHOLE = {"service_code": "ROAD.POTHOLE", "attribute[traffic]": "Bisa"}


def test_every_statement_has_a_test_that_asserts() -> None:
    assert sorted(STATEMENTS) == list(range(1, 67))
    for number, (module, name) in STATEMENTS.items():
        test = getattr(importlib.import_module(module), name)
        assert "assert" in inspect.getsource(test) or "_answers(" in inspect.getsource(test), number


@BOTH
def test_several_errors_are_listed_in_both_spellings(city: Georeport, fmt: str) -> None:
    answer = city.post(fmt=fmt, email="bukan surel", phone="nol delapan")
    assert answer.status_code == 400
    if fmt == "json":
        told = answer.get_json()
    else:
        root = xml.fromstring(answer.data)
        assert root.tag == "errors" and {each.tag for each in root} == {"error"}
        told = [{part.tag: part.text for part in each} for each in root]
    assert len(told) == 2
    assert all(set(each) == {"code", "description"} for each in told)


def test_over_plain_http_reading_is_sent_on_and_sending_refused(
    city: Georeport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(city.app.config, "SESSION_COOKIE_SECURE", True)
    moved = city.get("services")
    assert moved.status_code == 301 and moved.headers["Location"].startswith("https://")
    assert city.post().status_code == 403


@BOTH
def test_discovery_is_open_and_whole(city: Georeport, fmt: str) -> None:
    city.settings(jurisdiction_id="uji.go.id", contact="kontak@uji.example")
    answer = city.http.get(f"/open311/discovery.{fmt}")
    assert answer.status_code == 200
    assert city.http.get(f"/open311/v2/discovery.{fmt}").data == answer.data
    names = {"changeset", "contact", "key_service", "endpoints"}
    inner = {"specification", "url", "changeset", "type", "formats"}
    if fmt == "json":
        assert set(answer.get_json()) == names and set(answer.get_json()["endpoints"][0]) == inner
        assert "application/json" in answer.get_json()["endpoints"][0]["formats"]
        return
    root = xml.fromstring(answer.data)
    assert {each.tag for each in root} == names
    assert {each.tag for each in root.findall("endpoints/endpoint")[0]} == inner
    assert [each.text for each in root.iter("format")] == ["text/xml", "application/json"]


def test_the_changeset_moves_with_a_question_too(city: Georeport, admin_connection: Any) -> None:
    from plugins.lapor.service import reference

    def changeset(days: int) -> str:
        reference.forget()
        with at_time(datetime(2026, 3, 17, tzinfo=UTC) + timedelta(days=days)):
            return str(city.http.get("/open311/discovery.json").get_json()["changeset"])

    first = changeset(0)
    assert changeset(1) == first
    admin_connection.execute("UPDATE lapor.question SET label = 'Berapa lebar?' WHERE code = 'width'")
    assert changeset(2) > first


def test_services_narrow_by_place_and_keep_their_codes(city: Georeport) -> None:
    all_codes = [each["service_code"] for each in city.read("services")]
    assert all(isinstance(each, str) for each in all_codes)
    assert [each["service_code"] for each in city.read("services", lat="-8.7", long="115.2")] == all_codes
    assert city.read("services", lat="51.5", long="0.1") == []
    assert city.get("services", "xml", lat="51.5", long="0.1").data.endswith(b"<services />")
    assert city.get("services", lat="x", long="0.1").status_code == 400


def test_each_service_with_questions_has_one_definition_in_both_spellings(city: Georeport) -> None:
    told = {each["service_code"]: each["metadata"] for each in city.read("services")}
    assert told["ROAD.POTHOLE"] is True and told["DRAIN.CLOG"] is False
    for code in (each for each, has in told.items() if has):
        found, other = city.read(f"services/{code}"), city.read(f"services/{code}", "xml")
        assert found["service_code"] == other["service_code"] == code
        names = [each["code"] for each in found["attributes"]]
        assert names == [each["code"] for each in other["attributes"]] and names
        for one, two in zip(found["attributes"], other["attributes"], strict=True):
            assert str(one["required"]).lower() == two["required"] and str(one["order"]) == two["order"]
            assert one.get("values", []) == two.get("values", [])
    assert city.get("services/TIDAK.ADA").status_code == 404


def test_a_definition_holds_every_field_of_each_attribute(city: Georeport) -> None:
    found = city.read("services/ROAD.POTHOLE")["attributes"]
    fields = {
        *("variable", "code", "datatype", "required", "datatype_description", "order", "description"),
    }
    kinds = {each["code"]: each["datatype"] for each in found}
    assert kinds == {
        "width": "number",
        "traffic": "singlevaluelist",
        "since": "datetime",
        "harm": "multivaluelist",
        "witness": "text",
        "close_up": "string",
    }
    for each in found:
        listed = each["datatype"].endswith("valuelist")
        assert set(each) == (fields | {"values"} if listed else fields)
        assert isinstance(each["variable"], bool) and isinstance(each["required"], bool)
        if listed:
            assert all(set(value) == {"key", "name"} for value in each["values"])
    orders = [each["order"] for each in found]
    assert orders == sorted(set(orders)) and min(orders) > 0


def test_what_is_information_only_is_never_required_and_ignored_when_sent(
    city: Georeport, admin_connection: Any
) -> None:
    from plugins.lapor.service import reference

    admin_connection.execute("UPDATE lapor.question SET required = true WHERE code = 'close_up'")
    reference.forget()
    found = {each["code"]: each for each in city.read("services/ROAD.POTHOLE")["attributes"]}
    assert found["close_up"]["variable"] is False and found["close_up"]["required"] is False
    assert city.post(**POTHOLE, **{"attribute[close_up]": "apa saja"}).status_code == 200


def test_nothing_automated_is_asked(city: Georeport) -> None:
    found = city.read("services/ROAD.POTHOLE")["attributes"]
    assert all("automated" not in each for each in found)  # our own systems fill in nothing by themselves


WRONG = (
    ({"attribute[traffic]": None}, "traffic"),
    ({"attribute[traffic]": "Entah"}, "traffic"),
    ({"attribute[width]": "lebar"}, "width"),
    ({"attribute[width]": "nan"}, "width"),
    ({"attribute[since]": "kemarin"}, "since"),
    ({"attribute[since]": "2099-01-01T00:00:00Z"}, "since"),
    ({"attribute[harm][]": "Lain"}, "harm"),
)


def test_a_wrong_answer_is_refused_by_the_code_of_its_attribute(city: Georeport) -> None:
    for changes, named in WRONG:
        answer = city.post(**{**POTHOLE, **changes})
        assert answer.status_code == 400, changes
        assert named in answer.get_json()[0]["description"]
    assert city.act(lambda: queries.counts()["all"]) == 0
    # One that nobody asked is ignored, or refused where the city is strict.
    assert city.post(**POTHOLE, **{"attribute[lain]": "x"}).status_code == 200
    city.settings(strict=True)
    refused = city.post(**POTHOLE, **{"attribute[lain]": "x"})
    assert refused.status_code == 400 and "lain" in refused.get_json()[0]["description"]


def test_answers_are_read_however_their_brackets_are_sent(city: Georeport) -> None:
    from plugins.lapor.service.coach.answers import of_case

    fields = [
        ("api_key", city.key),
        ("service_code", "ROAD.POTHOLE"),
        ("address_string", "Jalan+Uji+3"),
        ("description", "Lubang+besar."),
        ("attribute%5Btraffic%5D", "Bisa"),
        ("attribute[width]", "1.284"),
        ("attribute[since]", "2026-11-20T17:30:00Z"),
        ("attribute[harm][]", "Macet"),
        ("attribute%5Bharm%5D%5B%5D", "Motor+jatuh"),
    ]
    body = "&".join(f"{name}={value}" for name, value in fields)
    with at_time(datetime(2026, 11, 24, tzinfo=UTC)):
        sent = city.http.post(
            "/open311/v2/requests.json", data=body, content_type="application/x-www-form-urlencoded"
        )
    assert sent.status_code == 200, sent.get_data(as_text=True)
    number = sent.get_json()[0]["service_request_id"]
    kept = {each.code: each.value for each in city.act(lambda: of_case(queries.id_of(number)))}
    assert kept == {
        "traffic": ("Bisa",),
        "width": ("1.284",),
        "since": ("2026-11-21",),
        "harm": ("Motor jatuh", "Macet"),
    }


def test_an_answer_holds_an_id_or_a_token_and_never_both(city: Georeport) -> None:
    realtime = city.post().get_json()
    assert [set(each) & {"service_request_id", "token"} for each in realtime] == [{"service_request_id"}]
    assert {each["type"] for each in city.read("services")} == {"realtime"}
    city.settings(answer="token")
    batch = city.post().get_json()
    assert [set(each) & {"service_request_id", "token"} for each in batch] == [{"token"}]
    assert {each["type"] for each in city.read("services")} == {"batch"}, "a black box is never offered"


def test_a_token_is_answered_at_once_and_tells_nothing_but_the_number(city: Georeport) -> None:
    city.settings(answer="token")
    token = city.post().get_json()[0]["token"]
    [told] = city.read(f"tokens/{token}")
    assert set(told) == {"service_request_id", "token"} and told["service_request_id"]
    assert city.get(f"requests/{told['service_request_id']}").status_code == 404, "not published yet"
    assert city.get("tokens/0").status_code == 404


def test_a_list_without_limits_is_ninety_days_and_a_thousand(city: Georeport) -> None:
    with city.app.app_context(), tenant_scope(city.tenant):
        window = following.asked({})
    assert window.limit == 1000 and window.until - window.since == timedelta(days=90)
    assert window.oldest_first is False


def test_a_closed_request_was_updated_when_it_was_closed(city: Georeport) -> None:
    number = city.published()
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    with at_time(moment):
        city.act(lambda: service.archive(queries.id_of(number), reason_code="abuse", rule="P", remedy="R"))
    [found] = city.read(f"requests/{number}")
    assert found["status"] == "closed" and found["status_notes"] == "Diarsipkan"
    assert datetime.fromisoformat(found["updated_datetime"]) == moment


def test_points_are_numbers_alike_in_both_spellings(city: Georeport) -> None:
    number = city.published(lat="-8.70", long="115.22")
    [one], [two] = city.read(f"requests/{number}"), city.read(f"requests/{number}", "xml")
    assert isinstance(one["lat"], float) and isinstance(one["long"], float)
    assert (str(one["lat"]), str(one["long"])) == (two["lat"], two["long"])
    without = city.published()
    for fmt in ("json", "xml"):
        assert not {"lat", "long"} & set(city.read(f"requests/{without}", fmt)[0])


def test_extensions_tell_public_answers_and_all_pictures(city: Georeport, worker: Any) -> None:
    from PIL import Image

    def picture(colour: str) -> tuple[io.BytesIO, str]:
        made = io.BytesIO()
        Image.effect_noise((64, 48), 60).convert("RGB").save(made, "JPEG")
        return io.BytesIO(made.getvalue()), f"{colour}.jpg"

    data = {**SENT, **POTHOLE, "api_key": city.key, "attribute[witness]": "Ibu Sari"}
    data |= {"attribute[width]": "40", "media": [picture("a"), picture("b")]}
    sent = city.http.post("/open311/v2/requests.json", data=data, content_type="multipart/form-data")
    number = sent.get_json()[0]["service_request_id"]
    worker()
    city.act(lambda: service.verify(queries.id_of(number), version=1))
    for fmt in ("json", "xml"):
        [found] = city.read(f"requests/{number}", fmt, extensions="true")
        told = {each["label"]: each["value"] for each in found["attributes"]} if fmt == "json" else {}
        assert fmt == "xml" or told["Berapa lebar lubangnya?"] == "40 cm"
        assert "Ibu Sari" not in repr(found), "not a public question"
        urls = found["extended_attributes"]["media_urls"]
        assert len(urls) == 2 and found["media_url"] == urls[0]
    for url in urls:
        assert city.http.get("/" + url.split("/", 3)[3]).status_code == 200


def test_the_window_of_updates_is_inclusive_and_a_wide_one_sees_late_ones(worker_key: Georeport) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    with at_time(moment):
        number = handled(worker_key)
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    told = worker_key.read("servicerequestupdates", start_date=stamp, end_date=stamp)
    assert {each["service_request_id"] for each in told} == {number}
    late = said(number, updated_datetime=(moment - timedelta(hours=5)).isoformat())
    assert worker_key.post("servicerequestupdates", **late).status_code == 200
    begin = (moment - timedelta(hours=23)).strftime("%Y-%m-%dT%H:%M:%SZ")
    end = (moment + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    wide = worker_key.read("servicerequestupdates", start_date=begin, end_date=end)
    assert "Regu berangkat." in [each["description"] for each in wide]
    assert worker_key.get("servicerequestupdates", end_date=end).status_code == 400


def test_every_word_of_the_extension_is_taken(worker_key: Georeport) -> None:
    number, moment = handled(worker_key), datetime(2026, 11, 20, tzinfo=UTC)
    words = [
        *("unchanged", "open", "in_progress", "planned", "action_scheduled", "investigating", "duplicate"),
        *("not_councils_responsibility", "no_further_action", "internal_referral", "cancelled", "reopen"),
        "for_triage",
    ]
    for place, word in enumerate(words):
        at = (moment + timedelta(minutes=place)).isoformat()
        update = said(number, update_id=word, status=word.upper(), updated_datetime=at, description=word)
        answer = worker_key.post("servicerequestupdates", **update)
        assert answer.status_code == 200, (word, answer.get_data(as_text=True))
    told = [each["description"] for each in worker_key.read("servicerequestupdates")]
    assert told[-len(words) :] == words
    known = {each["status"].lower() for each in worker_key.read("servicerequestupdates")}
    assert known <= {*words, "closed", "fixed"}


def test_an_update_is_told_again_under_its_senders_id(worker_key: Georeport) -> None:
    number = handled(worker_key)
    for _ in range(2):
        answer = worker_key.post("servicerequestupdates", fmt="xml", **said(number, update_id="u-77"))
        assert answer.status_code == 200 and b"<update_id>u-77</update_id>" in answer.data
    told = worker_key.read("servicerequestupdates")
    assert [each["update_id"] for each in told].count("u-77") == 1
    assert told[-1]["update_id"] == "u-77" and told[-1]["description"] == "Regu berangkat."
    assert len({each["update_id"] for each in told}) == len(told)
