"""Whatever is sent in whatever order: an answer in words, never an error, never two reports of one draft."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from plugins.lapor.contracts import Location, Upload
from plugins.lapor.models import Complaint
from plugins.lapor.tests.lapor_reports import PIXEL
from plugins.percakapan.contracts import Sender
from plugins.percakapan.tests.talking import Citizen
from superapp.context import SYSTEM, tenant_scope
from superapp.sdk import save_settings, session
from superapp.testing import governments

WORDS = st.sampled_from(
    [
        "kirim",
        "batal",
        "menu",
        "status",
        "baru",
        "lewati",
        "ubah",
        "rahasiakan nama",
        "1",
        "2",
        "3",
        "halo",
        "bantuan",
        "got mampet di Jalan Pipit No 3",
        "ada lubang, jalan rusak",
        "usul: taman kota",
        "kebakaran!",
        "Selatan",
        "UJI-2026-000001",
        "UJI-2026-000001 123456 masih mampet juga",
        "rahasia\x00\ud800\u202e",
        "{number} %s",
    ]
)
TEXTS = st.one_of(WORDS, WORDS, WORDS, st.text(alphabet=st.characters(), max_size=40))
NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([-8.7, 115.2])
PLACES = st.builds(Location, NUMBERS | st.none(), NUMBERS | st.none(), st.text(max_size=10))
PHOTOS = st.lists(st.sampled_from([Upload("a", PIXEL), Upload("b", b"x")]), max_size=2).map(tuple)
CODES = st.sampled_from(
    ["", "", "send::", "rate:UJI-2026-000001:5", "solved:X", "to:UJI-2026-000001", "?", ":"]
)
MESSAGE = st.tuples(st.just("says"), TEXTS, CODES, st.none() | PLACES, PHOTOS)
STEP = st.one_of(
    MESSAGE,
    st.tuples(st.just("press"), st.integers(0, 2)),
    st.tuples(st.just("press"), st.integers(0, 2)),
    st.tuples(st.just("repeat")),
)
LIMITS = {"sender_limit": 10_000, "report_limit": 1000, "tenant_limit": 1_000_000}
SETTINGS = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_no_sequence_of_messages_ends_in_an_error(app: Any, tenant_a: Any) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        save_settings(tenant_a, "percakapan", LIMITS)
    tenant = governments.read_pair(app)[0]
    people, ids = count(1), count(1)

    @SETTINGS
    @given(st.lists(STEP, min_size=4, max_size=12))
    def run(steps: list[Any]) -> None:
        citizen = Citizen(app, tenant, Sender("whatsapp", f"62800{next(people):08d}"))
        last: tuple[str, dict[str, Any]] = ("halo", {"id": "first"})
        for step in steps:
            reports, receipts = _reports(citizen), "PIN: "
            if step[0] == "repeat":
                before = citizen.says(last[0], **last[1])
                assert citizen.says(last[0], **last[1]) == before
                assert _reports(citizen) == reports
                continue
            choices = [each for said in citizen.heard for each in said.choices]
            if step[0] == "press":
                code = choices[step[1] % len(choices)].code if choices else ""
                last = ("", {"choice": code})
            else:
                last = (step[1], {"choice": step[2], "location": step[3], "photos": step[4]})
            last[1]["id"] = f"h-{next(ids)}"
            said = citizen.says(last[0], **last[1])
            assert said or not citizen.heard
            assert all(len(each.title) <= 20 for one in citizen.heard for each in one.choices)
            assert all(len(each.code) <= 100 for one in citizen.heard for each in one.choices)
            assert _reports(citizen) - reports == said.count(receipts)

    run()


def _reports(citizen: Citizen) -> int:
    with citizen.inside():
        return int(session().scalar(select(func.count(Complaint.id))) or 0)
