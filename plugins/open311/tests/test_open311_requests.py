"""Statements 29-62: sending, tokens, lists, single requests, updates both ways, the bulk table."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from open311_city import SENT, Georeport

from plugins.lapor import queries, service
from superapp.context import at_time

BOTH = pytest.mark.parametrize("fmt", ["xml", "json"])
FIELDS = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime"),
    *("expected_datetime", "address", "address_id", "zipcode", "media_url"),
}
PERSON = {
    "email": "warga@uji.example",
    "phone": "081234567890",
    "first_name": "Sekarwangi",
    "last_name": "Tanpanama",
}


def test_both_form_encodings_are_taken(city: Georeport) -> None:
    assert city.post().status_code == 200
    data = {"api_key": city.key, **SENT}
    multipart = city.http.post("/open311/v2/requests.json", data=data, content_type="multipart/form-data")
    assert multipart.status_code == 200


WRONG = [
    ({"service_code": None}, 400, "service_code"),
    ({"service_code": "TIDAK.ADA"}, 404, "service_code"),
    ({"address_string": None}, 400, "lat"),
    ({"lat": "-8.7"}, 400, "long"),
    ({"long": "115.2"}, 400, "lat"),
    ({"lat": "-8.7", "long": "200"}, 400, "long"),
    ({"lat": "satu", "long": "115.2"}, 400, "lat"),
    ({"lat": "nan", "long": "115.2"}, 400, "lat"),
    ({"lat": "51.5", "long": "0.1"}, 400, "lat"),
    ({"description": "a" * 4001}, 400, "description"),
    ({"email": "bukan surel"}, 400, "email"),
    ({"phone": "nol delapan"}, 400, "phone"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
    ({"description": "a\x00b"}, 400, "description"),
    ({"address_id": "99.99"}, 400, "area"),
]


def test_what_is_wrong_is_named_and_nothing_is_made(city: Georeport) -> None:
    for changes, status, named in WRONG:
        answer = city.post(**changes)
        assert answer.status_code == status, changes
        assert named in answer.get_json()[0]["description"]
    assert city.act(lambda: queries.counts()["all"]) == 0


PLACES = [
    {"lat": "-8.70", "long": "115.22", "address_string": None},
    {"lat": "-8.70", "long": "115.22"},
    {"address_id": "51.71.01.1001", "address_string": None},
]


def test_each_way_to_say_where_is_enough(city: Georeport) -> None:
    for place in PLACES:
        assert city.post(**place).status_code == 200, place


@BOTH
def test_the_answer_holds_an_id_and_how_to_follow_it(city: Georeport, fmt: str) -> None:
    answer = city.post(fmt=fmt, **PERSON, device_id="d1", account_id="a1", deviceid="d2")
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "UJI-" in text and "PIN" in text and "token" not in text
    if fmt == "xml":
        assert "<service_requests><request><service_request_id>" in text


def test_a_city_that_answers_with_tokens_gives_the_id_when_asked(city: Georeport) -> None:
    city.settings(answer="token")
    found = city.post().get_json()[0]
    assert "service_request_id" not in found
    told = city.read(f"tokens/{found['token']}")[0]
    assert told["service_request_id"].startswith("UJI-")
    assert told["token"] == found["token"]
    assert city.read("services")[0]["type"] == "batch"


def test_the_same_key_never_makes_two(city: Georeport) -> None:
    first = city.sent(client_request_id="x1")
    assert city.sent(client_request_id="x1") == first
    assert city.sent(client_request_id="x2") != first
    headers = {"Idempotency-Key": "h1"}
    again = [city.post(headers=headers).get_json()[0]["service_request_id"] for _ in range(2)]
    assert again[0] == again[1]
    assert city.sent() != city.sent()


def test_no_get_ever_tells_of_a_person(city: Georeport) -> None:
    number = city.published(**PERSON, device_id="gawai-77")
    for fmt in ("xml", "json"):
        for path in ("requests", f"requests/{number}", "servicerequestupdates"):
            text = city.get(path, fmt, extensions="true").get_data(as_text=True)
            for secret in (*PERSON.values(), "gawai-77"):
                assert secret not in text, (path, fmt, secret)


def test_what_is_not_published_appears_nowhere(city: Georeport) -> None:
    waiting = city.sent()
    secret = city.act(_secret)
    assert city.read("requests") == []
    assert city.read("servicerequestupdates") == []
    for number in (waiting, secret):
        assert city.get(f"requests/{number}").status_code == 404
        assert city.read("requests", service_request_id=number) == []


def _secret() -> str:
    from plugins.lapor.contracts import Draft, Location

    place = Location(address="Jalan Uji 9")
    made = service.submit(
        Draft("complaint", "Rahasia", "Rahasia.", "DRAIN.CLOG", location=place, secret=True)
    )
    service.verify(made.id, version=1)
    return made.number


@BOTH
def test_a_request_carries_all_fields_and_the_promised_day(city: Georeport, fmt: str) -> None:
    number = city.published(lat="-8.70", long="115.22")
    found = city.read(f"requests/{number}", fmt)[0]
    assert set(found) >= FIELDS
    assert found["status"] == "open"
    assert found["agency_responsible"] == "Dinas Pekerjaan Umum dan Penataan Ruang"
    assert float(found["lat"]) == -8.70 and float(found["long"]) == 115.22
    deadlines = city.act(lambda: service.public_view(number).deadlines)
    due = min(each.due_at for each in deadlines if each.step == "resolve")
    assert datetime.fromisoformat(found["expected_datetime"]) == due.replace(microsecond=0)
    assert city.read("requests", fmt)[0] == found


def test_absent_moments_are_left_out(city: Georeport) -> None:
    number = city.published()
    city.act(lambda: service.archive(queries.id_of(number), reason_code="not_public", rule="P", remedy="R"))
    found = city.read(f"requests/{number}")[0]
    assert found["status"] == "closed"
    assert "expected_datetime" not in found
    assert None not in found.values()


def test_lists_narrow_by_ids_codes_and_states(city: Georeport) -> None:
    one, two = city.published(), city.published(service_code="WASTE.PILE")
    city.act(lambda: service.archive(queries.id_of(two), reason_code="abuse", rule="P", remedy="R"))
    ids = lambda **query: {each["service_request_id"] for each in city.read("requests", **query)}  # noqa: E731
    assert ids(service_request_id=f"{one},{two}", status="open", service_code="X") == {one, two}
    assert ids(service_code="DRAIN.CLOG,ROAD.POTHOLE") == {one}
    assert ids(service_code="TIDAK.ADA") == set()
    assert ids(status="open") == {one} and ids(status="closed") == {two}
    assert ids(status="open,closed") == {one, two}


QUESTIONS = [
    {"status": "pending"},
    {"start_date": "kemarin"},
    {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
    {"page": "0"},
    {"page_size": "1001"},
    {"page": "-1"},
    {"start_date": "0001-01-01T00:00:00Z"},
]


def test_a_wrong_question_is_refused(city: Georeport) -> None:
    for query in QUESTIONS:
        assert city.get("requests", **query).status_code == 400, query


def test_dates_are_those_of_receiving_within_ninety_days(city: Georeport) -> None:
    moment = datetime.now(UTC)
    with at_time(moment - timedelta(days=100)):
        old = city.published()
    new = city.published()
    stamp = lambda days: (moment - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: E731
    ids = lambda **query: [each["service_request_id"] for each in city.read("requests", **query)]  # noqa: E731
    assert ids() == [new]
    assert ids(start_date=stamp(110)) == [old]
    assert ids(start_date=stamp(110), end_date=stamp(101)) == []
    assert ids(updated_after=stamp(1)) == [new]
    assert ids(updated_after=stamp(110), updated_before=stamp(90)) == [old]


def test_pages_show_each_once_while_new_ones_arrive(city: Georeport) -> None:
    numbers = [city.published() for _ in range(5)]
    first = city.get("requests", page=1, page_size=2)
    assert 'rel="next"' in first.headers["Link"]
    seen = [each["service_request_id"] for each in first.get_json()]
    numbers.append(city.published())
    for page in (2, 3, 4):
        seen += [each["service_request_id"] for each in city.read("requests", page=page, page_size=2)]
    assert seen == numbers
    assert "Link" not in city.get("requests", page=3, page_size=2).headers


@BOTH
def test_extensions_come_only_when_asked(city: Georeport, fmt: str) -> None:
    number = city.published()
    plain = city.read(f"requests/{number}", fmt)[0]
    full = city.read(f"requests/{number}", fmt, extensions="true")[0]
    assert set(full) - set(plain) == {"extended_attributes", "attributes", "notes"}
    assert full["extended_attributes"]["detailed_status"] == "verified"
    assert [note["type"] for note in full["notes"]] == ["open", "for_triage"]


def test_a_picture_is_fetched_without_what_the_camera_wrote(city: Georeport, worker) -> None:
    from PIL import Image

    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera rahasia"
    Image.new("RGB", (80, 60), "teal").save(picture, "JPEG", exif=exif)
    data = {"api_key": city.key, **SENT, "media": [(io.BytesIO(picture.getvalue()), "satu.jpg")] * 1}
    sent = city.http.post("/open311/v2/requests.json", data=data, content_type="multipart/form-data")
    number = sent.get_json()[0]["service_request_id"]
    worker()
    city.act(lambda: service.verify(queries.id_of(number), version=1))
    url = city.read(f"requests/{number}")[0]["media_url"]
    fetched = city.http.get("/" + url.split("/", 3)[3])
    assert fetched.status_code == 200
    assert fetched.content_type == "image/webp"
    assert b"Kamera rahasia" not in fetched.data


def handled(client: Georeport) -> str:
    number = client.published()
    client.act(lambda: service.dispose(queries.id_of(number), agency_codes=["DPUPR"]))
    return number


def said(number: str, **changes: Any) -> dict[str, Any]:
    return {
        "service_request_id": number,
        "update_id": "u1",
        "status": "IN_PROGRESS",
        "updated_datetime": "2026-11-20T08:00:00Z",
        "description": "Regu berangkat.",
        **changes,
    }


@BOTH
def test_updates_are_told_in_order_with_their_words(worker_key: Georeport, fmt: str) -> None:
    number = handled(worker_key)
    city = worker_key
    city.act(lambda: service.progress(queries.id_of(number), text="Regu berangkat."))
    found = city.read("servicerequestupdates", fmt)
    assert [each["status"] for each in found] == ["OPEN", "FOR_TRIAGE", "INTERNAL_REFERRAL", "IN_PROGRESS"]
    assert found[-1]["description"] == "Regu berangkat."
    assert all(each["service_request_id"] == number and each["update_id"] for each in found)
    assert city.get("servicerequestupdates", start_date="2026-11-01T00:00:00Z").status_code == 400


def test_an_update_of_another_system_is_taken_once(worker_key: Georeport) -> None:
    number = handled(worker_key)
    first = worker_key.post("servicerequestupdates", **said(number))
    assert first.status_code == 200, first.get_data(as_text=True)
    assert first.get_json() == [{"update_id": "u1"}]
    assert worker_key.post("servicerequestupdates", **said(number)).get_json() == [{"update_id": "u1"}]
    told = [each["description"] for each in worker_key.read("servicerequestupdates")]
    assert told.count("Regu berangkat.") == 1


def test_an_older_update_changes_nothing(worker_key: Georeport) -> None:
    number = handled(worker_key)
    worker_key.post("servicerequestupdates", **said(number))
    late = said(number, update_id="u0", updated_datetime="2026-11-19T08:00:00Z", description="Terlambat.")
    assert worker_key.post("servicerequestupdates", **late).status_code == 200
    told = [each["description"] for each in worker_key.read("servicerequestupdates")]
    assert "Terlambat." not in told


WRONG_UPDATES = [
    ({"status": "entah"}, 400),
    ({"update_id": ""}, 400),
    ({"updated_datetime": ""}, 400),
    ({"updated_datetime": "besok"}, 400),
    ({"description": ""}, 400),
    ({"service_request_id": "UJI-2026-999999"}, 404),
    ({"service_request_id": ""}, 400),
]


def test_a_wrong_update_is_refused(worker_key: Georeport) -> None:
    number = handled(worker_key)
    for changes, status in WRONG_UPDATES:
        answer = worker_key.post("servicerequestupdates", **said(number, **changes))
        assert answer.status_code == status, changes


def test_blank_updates_are_the_citys_choice_and_keys_need_the_right(
    worker_key: Georeport, city: Georeport
) -> None:
    number = handled(worker_key)
    assert city.post("servicerequestupdates", **said(number)).status_code == 403
    assert city.post("servicerequestupdates", api_key=None, **said(number)).status_code == 403
    worker_key.settings(blank_updates=True)
    assert worker_key.post("servicerequestupdates", **said(number, description="")).status_code == 200


def test_the_bulk_table_opens_safely(city: Georeport) -> None:
    number = city.published(description="=HYPERLINK(1)\nbaris dua", address_string='Jalan "Kutip", 1')
    answer = city.http.get("/open311/v2/requests.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert row["service_request_id"] == number
    assert row["description"] == "'=HYPERLINK(1)\nbaris dua"
    assert row["address"] == 'Jalan "Kutip", 1'
    assert {"closed_date", "source", "service_subtype"} <= set(row)
