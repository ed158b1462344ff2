"""What other servers answer, in the shapes that are met, and what each failure means for a parcel."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open311_far import Far, answering

from plugins.lapor.contracts.outside import Busy, CaseRef, Refused, Unsure
from plugins.open311.client import asking, following, wire
from plugins.open311.client.servers import Peer
from superapp.testing.host import Host

MARKS = ("service_request_id", "token")


@pytest.fixture(scope="module")
def far() -> Iterator[Far]:
    with answering() as told:
        yield told


@pytest.fixture
def peer(superapp_host: Host, far: Far) -> Iterator[Peer]:
    """The other server; none of this asks the database, so none is made anew."""
    far.answers.clear()
    far.heard.clear()
    with superapp_host.app.app_context():
        yield Peer(uuid4(), uuid4(), far.url, "kota.go.id", "k1", "json", False, {}, {}, {})


@pytest.mark.parametrize(
    ("body", "number", "token"),
    [
        ('[{"service_request_id": "SR-1", "service_notice": "x"}]', "SR-1", ""),
        ('[{"service_request_id": 638344, "account_id": null}]', "638344", ""),
        ('{"service_requests": [{"service_request_id": 7}]}', "7", ""),
        ('{"service_requests": {"request": {"token": "t-9", "service_request_id": null}}}', "", "t-9"),
        ('[[{"token": "t-9"}]]', "", "t-9"),
        ('\ufeff[{"service_request_id": "", "token": "t-9"}]', "", "t-9"),
        ("<service_requests><request><token>t-9</token></request></service_requests>", "", "t-9"),
        (
            '<?xml version="1.0" encoding="utf-8"?>\n<service_requests type="array"><request>'
            "<service_request_id> 007 </service_request_id></request></service_requests>",
            "007",
            "",
        ),
    ],
)
def test_the_shapes_of_an_answer_are_one(peer: Peer, far: Far, body: str, number: str, token: str) -> None:
    far.says("POST", "/requests.json", body)
    found = asking.post(peer, "requests", [("description", "Got é")], "k", MARKS)
    assert wire.text(found, "service_request_id") == number
    assert wire.text(found, "token") == token
    [form] = far.forms("/requests.json")
    assert form == {"description": "Got é", "jurisdiction_id": "kota.go.id", "api_key": "k1"}


ERRORS = '[{"code": 400, "description": "service_code is unknown"}]'


@pytest.mark.parametrize(
    ("status", "body", "headers", "meaning", "words"),
    [
        (400, ERRORS, {}, Refused, "service_code is unknown"),
        (400, f"[{ERRORS}]", {}, Refused, "service_code is unknown"),
        (403, '{"errors": [{"code": "403", "description": "key"}]}', {}, Refused, "key"),
        (
            404,
            "<errors><error><code>404</code><description>gone</description></error></errors>",
            {},
            Refused,
            "gone",
        ),
        (422, "bukan apa-apa", {}, Refused, "422"),
        (301, "", {"Location": "http://169.254.169.254/"}, Refused, "301"),
        (429, "", {"Retry_After": "120"}, Busy, "429"),
        (503, ERRORS, {"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Busy, "unknown"),
        (500, "<html>crash</html>", {}, Unsure, "500"),
        (502, "", {}, Unsure, "502"),
        (504, "", {}, Unsure, "504"),
        (200, "<html><p>Selamat datang</p></html>", {}, Unsure, "200"),
        (200, "", {}, Unsure, "200"),
        (200, "[]", {}, Unsure, "200"),
        (200, '<!DOCTYPE a [<!ENTITY b "c">]><a><token>&b;</token></a>', {}, Unsure, "200"),
        (0, "", {}, Unsure, ""),
    ],
)
def test_each_failure_means_what_it_is(
    peer: Peer,
    far: Far,
    status: int,
    body: str,
    headers: dict[str, str],
    meaning: type[Exception],
    words: str,
) -> None:
    if status:
        far.says("POST", "/requests.json", body, status, **headers)
    else:
        far.answers[("POST", "/requests.json")] = "cut"
    with pytest.raises(meaning) as raised:
        asking.post(peer, "requests", [], "k", MARKS)
    assert words in str(raised.value)
    if status == 429:
        assert raised.value.after == 120  # type: ignore[attr-defined]


def test_nobody_there_is_busy_and_a_slow_one_is_unsure(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket
    from dataclasses import replace

    with pytest.raises(Busy):
        asking.post(replace(peer, endpoint="http://127.0.0.1:9"), "requests", [], "k", MARKS)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(asking, "SECONDS", 0.2)
        slow = replace(peer, endpoint=f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(Unsure):
            asking.post(slow, "requests", [], "k", MARKS)
        with pytest.raises(Busy):
            asking.get(slow, "requests", {}, MARKS)


def ref(foreign_id: str, last_word: str = "") -> CaseRef:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return CaseRef(
        uuid4(), "UJI-2026-000001", "forwarded", foreign_id, "", True, False, moment, None, last_word
    )


def test_states_are_news_once_and_odd_values_do_no_harm(peer: Peer, far: Far) -> None:
    requests = [
        '{"service_request_id": 1, "status": "open", "status_notes": null, "updated_datetime": null}',
        '{"service_request_id": 2, "status": "OPEN", "status_notes": "Dijadwalkan\\u0000",'
        ' "updated_datetime": "2026-11-20T08:00:00-05:00"}',
        '{"service_request_id": 3, "status": "closed", "updated_datetime": "9999-12-31T00:00:00Z"}',
        '{"service_request_id": 4, "status": "entah", "updated_datetime": "kemarin"}',
        '{"service_request_id": 99, "status": "closed"}',
    ]
    far.says("GET", "/requests.json", f"[{','.join(requests)}]")
    far.says("GET", "/requests/5.json", '[{"service_request_id": "5", "status": "closed"}]')
    found = {each.foreign_id: each for each in following._states(peer, [ref(str(n)) for n in range(1, 7)])}
    assert set(found) == {"2", "3", "5"}
    assert (found["2"].news, found["2"].text, found["2"].word) == (
        "progress",
        "Dijadwalkan",
        "open: Dijadwalkan",
    )
    assert found["2"].at == datetime(2026, 11, 20, 13, tzinfo=UTC)
    assert found["3"].news == "answer" and found["3"].at.year < 2200, "nothing of the future"
    again = following._states(peer, [ref("2", "open: Dijadwalkan"), ref("3", "closed")])
    assert again == []
    asked = [given for method, path, given in far.heard if path == "/requests.json"]
    assert asked[0]["service_request_id"] == "1,2,3,4,5,6" and "api_key" not in asked[0]


def test_a_server_that_knows_less_is_followed_all_the_same(peer: Peer, far: Far) -> None:
    from dataclasses import replace

    far.says("GET", "/requests.json", "one at a time", 400)
    far.says("GET", "/requests/5.json", '[{"service_request_id": "5", "status": "closed"}]')
    assert [each.news for each in following._states(peer, [ref("5")])] == ["answer"]
    far.says("GET", "/tokens/t1.json", "<html>", 500)
    waiting = replace(ref(""), second_id="t1")
    assert list(following._numbers(peer, [waiting])) == []
    far.says("GET", "/tokens/t1.json", '[{"token": "t1", "service_request_id": null}]')
    assert list(following._numbers(peer, [waiting])) == [], "not ready yet"
    far.says("GET", "/tokens/t1.json", '[{"token": "t1", "service_request_id": 9}]')
    [found] = following._numbers(peer, [waiting])
    assert (found.news, found.foreign_id, found.number) == ("number", "9", "UJI-2026-000001")
    assert asking.get(peer, "servicerequestupdates", {}, ("update_id",)) is None


def test_updates_of_others_are_left_out(peer: Peer, far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        ("u1", "A", "IN_PROGRESS", "Regu berangkat"),
        ("u2", "A", "OPEN", "Diterima"),
        ("u3", "A", "NOT_COUNCILS_RESPONSIBILITY", ""),
        ("u4", "B", "FIXED", "milik orang lain"),
        ("", "A", "FIXED", ""),
        ("u5", "A", "IN_PROGRESS", "yang kami kirim sendiri"),
    ]
    body = "".join(
        f"<request_update><update_id>{a}</update_id><service_request_id>{b}</service_request_id>"
        f"<status>{c}</status><description>{d}</description><updated_datetime/></request_update>"
        for a, b, c, d in lines
    )
    xml = f"<service_requests_updates>{body}</service_requests_updates>"
    far.says("GET", "/servicerequestupdates.json", xml)
    monkeypatch.setattr(following, "_known", lambda peer, ids: ids & {"A"})
    monkeypatch.setattr(following, "_ours", lambda peer, ids: {"u5"})
    found = following._updates(peer, {}, datetime(2026, 11, 20, tzinfo=UTC))
    assert [(each.id, each.news) for each in found] == [("update:u1", "progress"), ("update:u3", "return")]


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * 40 + b"</a>" * 40,
        b"[" * 3000,
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>&b;</a>",
        b'<?xml version="1.0" encoding="tidak-ada"?><a/>',
        b"NaN",
    ],
)
def test_what_no_server_of_good_will_sends_is_refused(body: bytes) -> None:
    with pytest.raises(wire.Unreadable):
        wire.records(body, MARKS)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.one_of(st.binary(max_size=200), st.text('<>/a&;![]{}":, 0\x00', max_size=80).map(str.encode)))
def test_any_bytes_are_records_or_unreadable(body: bytes) -> None:
    try:
        found = wire.records(body, ("a",))
    except wire.Unreadable:
        return
    assert all(len(wire.text(each, "a")) <= wire.TEXT_MOST for each in found)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10))
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TREES)
def test_any_tree_gives_bounded_texts(tree: object) -> None:
    for each in wire.chosen(tree, ("a",)):
        assert isinstance(wire.text(each, "a", 5), str) and len(wire.text(each, "a", 5)) <= 5
        wire.moment(each, "a"), wire.truth(each, "b")
