"""The API: report, follow with a PIN, handle with a key; the description matches what it does."""

import io
from datetime import date

import pytest
from lapor_reports import PIXEL, draft

from plugins.lapor import plugin, service
from plugins.lapor.api import routes as api
from superapp.identity import keys

CASES = "/api/v1/lapor/complaints"
REPORT = {
    "kind": "complaint",
    "title": "Tumpukan sampah di depan pasar",
    "body": "Sampah menumpuk tiga hari di depan pasar.",
    "category": "WASTE.PILE",
    "occurred_on": "2026-01-02",
    "location": {"lat": -8.7343, "lng": 115.2351, "address": "Jalan Tukad Punggawa", "area": "51.71.01.1001"},
    "reporter": {"name": "Nama Pelapor", "phone": "0812 3456 7890", "email": "pelapor@contoh.id"},
    "anonymous": False,
    "secret": False,
}


@pytest.fixture
def program(client, tenant_a):
    return client(tenant_a)


@pytest.fixture
def key(acting):
    """`key("lapor.verify", ...)` gives the headers of an API key with these permissions."""

    def make(*permissions: str, agency: str = "") -> dict[str, str]:
        known = {each.code for each in plugin.PERMISSIONS}
        with acting():
            _view, full = keys.create("Uji", permissions, 30, known, agency)
        return {"Authorization": f"Bearer {full}"}

    return make


def made(program, **changes):
    answer = program.post(CASES, json={**REPORT, **changes})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def test_a_report_is_answered_with_number_pin_unit_and_deadlines(program, tenant_a) -> None:
    answer = made(program)
    assert set(answer) == {"number", "pin", "status", "agency", "tracking_url", "deadlines"}
    assert answer["status"] == "received"
    assert answer["agency"] == {"code": "DLHK", "name": "Dinas Lingkungan Hidup dan Kebersihan"}
    assert answer["tracking_url"] == f"http://{tenant_a.host}/lapor/lacak/{answer['number']}"
    verify = next(each for each in answer["deadlines"] if each["step"] == "verify")
    assert (verify["amount"], verify["unit"]) == (3, "wd")
    assert date.fromisoformat(verify["due_on"])


def test_the_least_report_is_kind_title_and_body(program) -> None:
    least = {name: REPORT[name] for name in ("kind", "title", "body")}
    assert program.post(CASES, json=least).status_code == 201


def test_the_same_key_gives_the_first_answer_again(program) -> None:
    first = program.post(CASES, json=REPORT, headers={"Idempotency-Key": "satu"})
    again = program.post(CASES, json=REPORT, headers={"Idempotency-Key": "satu"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    other = program.post(
        CASES, json={**REPORT, "body": "Lain sama sekali."}, headers={"Idempotency-Key": "satu"}
    )
    assert other.status_code == 409


def test_everybody_reads_the_public_view_without_the_reporter(program) -> None:
    answer = program.get(f"{CASES}/{made(program)['number']}")
    assert answer.status_code == 200
    for private in ("Nama Pelapor", "0812", "pelapor@contoh.id"):
        assert private not in answer.get_data(as_text=True)
    assert "actions" not in answer.get_json()


def test_the_pin_opens_the_reporters_view_also_of_a_secret_report(program) -> None:
    report = made(program, secret=True)
    path = f"{CASES}/{report['number']}"
    assert program.get(path).status_code == 404
    own = program.get(path, headers={"Complaint-Pin": report["pin"]}).get_json()
    assert own["secret"] is True
    assert "withdraw" in own["actions"]


def test_wrong_pins_are_slowed_down(program) -> None:
    report = made(program)
    wrong = "000000" if report["pin"] != "000000" else "000001"
    answers = [program.get(f"{CASES}/{report['number']}", headers={"Complaint-Pin": wrong}) for _ in range(6)]
    assert [each.status_code for each in answers] == [404] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_the_public_list_goes_on_by_cursor(acting, program) -> None:
    for count in range(3):
        with acting():
            report = service.submit(draft(title=f"Laporan {count}"))
        with acting("coordinator"):
            service.verify(report.id, version=1)
    first = program.get(f"{CASES}?limit=2").get_json()
    rest = program.get(CASES, query_string={"limit": 2, "cursor": first["next"]}).get_json()
    assert [each["title"] for each in first["items"] + rest["items"]] == [
        "Laporan 2",
        "Laporan 1",
        "Laporan 0",
    ]
    assert rest["next"] is None
    assert program.get(f"{CASES}?category=DRAIN.CLOG").get_json()["items"] == []


def test_photos_are_added_with_the_pin(program) -> None:
    report = made(program)
    path, pin = f"{CASES}/{report['number']}/photos", {"Complaint-Pin": report["pin"]}
    sent = program.post(path, data={"photos": (io.BytesIO(PIXEL), "a.png")}, headers=pin)
    assert sent.status_code == 201
    assert sent.get_json()[0]["state"] == "waiting"
    assert program.post(path, data={"photos": (io.BytesIO(PIXEL), "a.png")}).status_code == 422
    svg = program.post(path, data={"photos": (io.BytesIO(b"<svg/>"), "a.svg")}, headers=pin)
    assert (svg.status_code, svg.get_json()["errors"][0]["field"]) == (422, "photos")


def test_a_case_goes_from_report_to_solved_by_api_alone(program, key) -> None:
    report = made(program)
    case = f"{CASES}/{report['number']}"
    desk = key("lapor.inbox", "lapor.all", "lapor.verify", "lapor.dispose")
    unit = key("lapor.inbox", "lapor.handle", agency="DLHK")
    done = program.post(f"{case}/actions/verify", json={"version": 1}, headers=desk).get_json()
    assert done["status"] == "verified"
    step = {"version": done["version"], "agency_codes": ["DLHK"]}
    done = program.post(f"{case}/actions/dispose", json=step, headers=desk).get_json()
    step = {"version": done["version"], "text": "Truk berangkat."}
    done = program.post(f"{case}/actions/progress", json=step, headers=unit).get_json()
    step = {"version": done["version"], "text": "Sampah sudah diangkut."}
    done = program.post(f"{case}/actions/answer", json=step, headers=unit).get_json()
    assert done["status"] == "answered"
    pin = {"Complaint-Pin": report["pin"]}
    closed = program.post(f"{case}/confirm", json={"solved": True, "rating": 5}, headers=pin)
    assert closed.get_json()["status"] == "closed"
    again = program.post(f"{case}/reopen", json={"reason": "Menumpuk lagi."}, headers=pin)
    assert again.get_json()["status"] == "in_progress"
    told = program.post(f"{case}/reply", json={"text": "Foto menyusul."}, headers=pin)
    assert told.status_code == 200
    assert program.post(f"{case}/withdraw", json={}, headers=pin).get_json()["status"] == "archived"


def test_an_action_needs_a_key_the_permission_and_the_version(program, key) -> None:
    path = f"{CASES}/{made(program)['number']}/actions/verify"
    nobody = program.post(path, json={"version": 1})
    assert nobody.status_code == 401
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    assert program.post(path, json={"version": 1}, headers=key("lapor.inbox")).status_code == 403
    desk = key("lapor.all", "lapor.verify")
    assert program.post(path, json={}, headers=desk).get_json()["errors"][0]["field"] == "version"
    assert program.post(path, json={"version": 9}, headers=desk).status_code == 409
    assert program.post(path, json={"version": 1}, headers=desk).status_code == 200
    assert program.post(path, json={"version": 2}, headers=desk).status_code == 409
    assert program.post(f"{path}x", json={"version": 2}, headers=desk).status_code == 404


def test_a_key_opens_nothing_in_another_government(client, tenant_b, program, key) -> None:
    number, desk = made(program)["number"], key("lapor.inbox", "lapor.all", "lapor.verify")
    there = client(tenant_b)
    assert (
        there.post(f"{CASES}/{number}/actions/verify", json={"version": 1}, headers=desk).status_code == 401
    )
    assert there.get(f"{CASES}/{number}").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "other"}, "kind"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": "x" * 10_001}, "body"),
        ({"body": 7}, "body"),
        ({"category": "NONE"}, "category"),
        ({"occurred_on": "2026-13-01"}, "occurred_on"),
        ({"occurred_on": "2999-01-01"}, "occurred_on"),
        ({"occurred_on": "20260101"}, "occurred_on"),
        ({"location": {"lat": 91, "lng": 115}}, "location.lat"),
        ({"location": {"lat": -8.7, "lng": 1e308}}, "location.lng"),
        ({"location": {"lat": "-8.7", "lng": 115}}, "location.lat"),
        ({"location": {"lat": True, "lng": 115}}, "location.lat"),
        ({"location": {"lat": -8.7}}, "location.lng"),
        ({"location": {"area": "99.99"}}, "location.area"),
        ({"location": {"street": "x"}}, "location.street"),
        ({"reporter": {"email": "bukan"}}, "reporter.email"),
        ({"reporter": {"phone": "ab"}}, "reporter.phone"),
        ({"anonymous": "yes"}, "anonymous"),
        ({"secret": 1}, "secret"),
        ({"number": "DPS-2026-000001"}, "number"),
        ({"status": "closed"}, "status"),
        ({"title": "a\x00b"}, "title"),
        ({"body": "abc \u202e def"}, "body"),
        ({"body": "a" + "\u0301" * 100}, "body"),
    ],
)
def test_each_wrong_field_is_named(program, change, field) -> None:
    refused = program.post(CASES, json={**REPORT, **change})
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    assert field in {each["field"] for each in refused.get_json()["errors"]}


@pytest.mark.parametrize("name", ["kind", "title", "body"])
def test_each_missing_field_is_named(program, name) -> None:
    refused = program.post(CASES, json={key: value for key, value in REPORT.items() if key != name})
    assert [each["field"] for each in refused.get_json()["errors"]] == [name]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, ""),
        (b"", 400, ""),
        (b"\xff\xfe", 400, ""),
        (b"[" * 5000 + b"]" * 5000, 400, ""),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 400, ""),
        (b"[]", 422, "_schema"),
        (b"null", 422, "_schema"),
        (b'{"kind":"complaint","title":"\\ud800","body":"b"}', 422, "title"),
        (b'{"kind":"complaint","title":"a\\u0000","body":"b"}', 422, "title"),
        (
            b'{"kind":"complaint","title":"a","body":"b","location":{"lat":NaN,"lng":115}}',
            422,
            "location.lat",
        ),
        (
            b'{"kind":"complaint","title":"a","body":"b","location":{"lat":Infinity,"lng":1}}',
            422,
            "location.lat",
        ),
        (b'{"kind":"complaint","body":"' + b"x" * 1_000_001 + b'"}', 413, ""),
    ],
)
def test_a_body_that_cannot_be_used_gets_a_clear_answer(program, body, status, field) -> None:
    refused = program.post(CASES, data=body, content_type="application/json")
    assert refused.status_code == status
    problem = refused.get_json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:superapp:problem:")
    if field:
        assert problem["errors"][0]["field"] == field


def test_another_content_type_is_refused(program) -> None:
    assert program.post(CASES, data="kind=complaint", content_type="text/plain").status_code == 400


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "status=gone", "limt=1", "cursor=" + "x" * 201]
)
def test_a_wrong_query_is_refused(program, query) -> None:
    assert program.get(f"{CASES}?{query}").status_code == 422


@pytest.mark.parametrize("key_", ["", "x" * 201, "dua kata"])
def test_a_wrong_idempotency_key_is_refused(program, key_) -> None:
    refused = program.post(CASES, json=REPORT, headers={"Idempotency-Key": key_})
    assert refused.get_json()["errors"][0]["field"] == "Idempotency-Key"


def test_reports_without_a_key_are_slowed_down(program, monkeypatch) -> None:
    monkeypatch.setattr(api, "setting", lambda name: 1)
    assert [program.post(CASES, json=REPORT).status_code for _ in range(2)] == [201, 429]


def test_the_description_names_every_operation_with_its_errors(program) -> None:
    told = program.get("/api/v1/openapi.json").get_json()
    assert told["openapi"].startswith("3.1")
    submit = told["paths"][CASES]["post"]
    assert {"201", "400", "409", "413", "422", "429"} <= set(submit["responses"])
    assert "application/problem+json" in submit["responses"]["422"]["content"]
    assert f"{CASES}/{{number}}/actions/verify" in told["paths"]
    verify = told["paths"][f"{CASES}/{{number}}/actions/verify"]["post"]
    assert verify["security"] == [{"apiKey": []}]
