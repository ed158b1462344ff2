"""News of others: once, only forward, whatever the order; and nothing of theirs can break us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outside_stub import Stub, switched_on
from register import STEPS
from sqlalchemy import func, select
from test_outside_core import DRAFT

from plugins.lapor import service
from plugins.lapor.contracts import Receipt, Upload
from plugins.lapor.contracts.outside import Arrival, Destination, Pulled, Taken
from plugins.lapor.models import ArrivalRow, Assignment, CaseEvent, OutsideRef
from plugins.lapor.service.outside import destinations, numbers, pulling, sending, taking, tidying
from superapp.context import ANONYMOUS, SYSTEM, Tenant, at_time, current_actor, set_actor, tenant_scope
from superapp.sdk import Agency, directory, now, session, work

STUB = Stub()
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
# What the owner there tells of one case, by minutes after it got it; a `return` after an answer is nonsense
# of theirs, and so is progress after it.
STORY: tuple[tuple[str, int], ...] = (
    ("progress", 10),
    ("progress", 20),
    ("question", 30),
    ("answer", 40),
    ("progress", 50),
)


@pytest.fixture
def tenant(app: Flask, tenant_a: Tenant, tmp_path: Path) -> Iterator[Tenant]:
    STUB.pages.clear()
    with (
        switched_on(app, tenant_a, tmp_path, STUB.hooks()) as known,
        tenant_scope(known, SYSTEM),
    ):
        yield known


def connected(agency: str = "BPJN", key: str = "satu") -> Destination:
    return destinations.connect("kantor", key, title=f"Kantor {key}", agency_code=agency, steps=STEPS)


def handed(there: Destination, foreign_id: str, agency: str = "BPJN") -> Receipt:
    """A case that they have and know by this number."""
    receipt = service.submit(DRAFT)
    service.forward(receipt.id, agency_code=agency, text="Jalan nasional.")
    taking.take(
        there.id,
        Arrival(f"n-{foreign_id}", now(), foreign_id=foreign_id, number=receipt.number, news="number"),
    )
    return receipt


def lines(complaint_id: UUID, kind: str) -> list[CaseEvent]:
    query = select(CaseEvent).where(CaseEvent.complaint_id == complaint_id, CaseEvent.type == kind)
    return list(session().scalars(query.order_by(CaseEvent.at, CaseEvent.id)))


def counted(complaint_id: UUID) -> int:
    return len([*lines(complaint_id, "hear"), *lines(complaint_id, "heard_answer")])


def model(order: list[tuple[str, int]]) -> tuple[str, int]:
    """The rule in plain words: state, and how many pieces counted, by order of arrival."""
    newest, answered, applied = -1, False, 0
    for news, minute in order:
        if answered or (minute < newest and news != "answer"):
            continue
        applied, newest, answered = applied + 1, max(newest, minute), news == "answer"
    return ("answered" if answered else "forwarded"), applied


@FEW
@given(order=st.permutations(STORY), doubled=st.sets(st.integers(0, 4)))
def test_in_any_order_and_doubled_the_case_only_goes_forward(
    tenant: Tenant, order: list[tuple[str, int]], doubled: set[int]
) -> None:
    there = connected()
    name = f"L{now().timestamp()}"
    receipt, began = handed(there, name), now()
    wanted = [
        Arrival(f"{name}:{minute}", began + timedelta(minutes=minute), foreign_id=name, news=news, text=news)
        for news, minute in order
    ]
    with at_time(began + timedelta(hours=2)):
        told = [taking.take(there.id, each) for each in wanted]
        again = [taking.take(there.id, wanted[n]) for n in sorted(doubled)]
    assert all(each.repeated for each in again)
    status, applied = model(order)
    assert service.desk_view(receipt.id).case.status == status == "answered"
    assert sum(each.applied for each in told) == applied == counted(receipt.id)
    assert len(lines(receipt.id, "outside_kept")) == len(STORY) - applied  # nothing is lost


def nasty() -> dict[str, Arrival]:
    """News as careless systems write them: each counts, once."""
    told, soon = {"foreign_id": "L1", "news": "progress", "text": "e"}, now()
    return {
        "no id": Arrival("", soon, **told),
        "NUL": Arrival("a\x00b", soon, **{**told, "foreign_id": "L1\x00", "text": "a\x00b\ud800"}),
        "10 MB": Arrival("x" * 4000, soon, **{**told, "text": "ab " * 3_500_000}),
        "1970": Arrival("e1", datetime(1970, 1, 1, tzinfo=UTC), **told),
        "year 1": Arrival("e2", datetime(1, 1, 1), **told),
        "future": Arrival("e3", datetime(9999, 12, 31, 23), **told),
        "picture": Arrival("e4", soon, **told, photos=(Upload("a.jpg", b"no"),)),
        "empty fields": Arrival("e6", None, **told, word=None, who=None, photos=None),  # type: ignore[arg-type]
        "no words": Arrival("e5", soon, **{**told, "text": ""}),
    }


def test_nothing_that_they_tell_breaks_us_or_bars_later_news(tenant: Tenant) -> None:
    there = connected()
    receipt = handed(there, "L1")
    news = nasty()
    for name, each in news.items():
        assert taking.take(there.id, each).applied, name
        assert taking.take(there.id, each).repeated, name
    assert counted(receipt.id) == len(news)
    for each in (
        Arrival("u1", now(), foreign_id="L1", news="terbang", text="Entah."),  # type: ignore[arg-type]
        Arrival("u2", now(), foreign_id="L1"),
        Arrival("u3", now(), news="answer", text="Tanpa nomor."),
        Arrival("u4", now(), foreign_id="L9", draft=replace(DRAFT, body="a\x00b" * 9000)),
        Arrival("u5", now(), draft=DRAFT),
    ):
        told = taking.take(there.id, each)
        assert not told.applied and told.why
    assert taking.take(there.id, Arrival("end", now(), foreign_id="L1", news="answer", text="Ya.")).applied


def test_a_web_hook_may_take_inside_of_its_own_work_and_as_anybody(tenant: Tenant) -> None:
    there = connected()
    receipt = handed(there, "L1")
    set_actor(ANONYMOUS)
    with work():  # one that counts, one that is kept, one that counts: the refused one undoes only itself
        one = taking.take(there.id, Arrival("w1", now(), foreign_id="L1", news="progress", text="Satu."))
        two = taking.take(there.id, Arrival("w2", now(), foreign_id="L1", news="solved", text="Dua."))
        three = taking.take(there.id, Arrival("w3", now(), foreign_id="L1", news="answer", text="Tiga."))
    assert current_actor() is ANONYMOUS
    set_actor(SYSTEM)
    assert (one.applied, two.applied, three.applied) == (True, False, True)
    session().expire_all()
    assert (counted(receipt.id), len(lines(receipt.id, "outside_kept"))) == (2, 1)
    query = select(ArrivalRow.arrival_id, ArrivalRow.applied).where(ArrivalRow.arrival_id.like("w%"))
    assert dict(tuple(row) for row in session().execute(query)) == {"w1": True, "w2": False, "w3": True}


def test_each_register_answers_its_own_part(tenant: Tenant) -> None:
    with work() as unit:
        unit.add(Agency(code="PLN", name="PLN", short_name="PLN", kind="external", is_external=True))
    directory.forget()
    outside = ["BPJN", "PLN"]
    there = {code: connected(code, code) for code in outside}
    receipt = service.submit(DRAFT)
    service.verify(receipt.id)
    service.dispose(receipt.id, agency_codes=outside)

    def tells(code: str, name: str, news: str, text: str = "Bagian kami.") -> Taken:
        named = {"foreign_id": f"L-{code}", "number": receipt.number}
        return taking.take(there[code].id, Arrival(name, now(), **named, news=news, text=text))  # type: ignore[arg-type]

    assert tells("BPJN", "0", "number").applied and tells("PLN", "0", "number").applied
    assert tells("BPJN", "1", "answer").applied
    assert not tells("BPJN", "2", "progress").applied
    assert service.desk_view(receipt.id).case.status == "forwarded"
    assert tells("PLN", "1", "answer").applied
    case = service.desk_view(receipt.id).case
    assert case.status == "answered"
    assert {unit.external_id for unit in case.units} == {"L-BPJN", "L-PLN"}
    assert len(lines(receipt.id, "sent_outside")) == 2


def test_a_number_that_comes_later_is_read_in_the_one_line(tenant: Tenant) -> None:
    there = connected()
    receipt = service.submit(DRAFT)
    service.forward(receipt.id, agency_code="BPJN", text="Jalan nasional.")
    with work():
        case = service.case.locked(receipt.id)
        ref = numbers.ref_of(there.id, receipt.id)
        target = destinations.one(there.id)
        assert ref is not None
        numbers.tell_sent(case, target, ref)
    assert [line.data["external_id"] for line in lines(receipt.id, "sent_outside")] == [""]
    for news in ("number", "progress"):
        taking.take(
            there.id, Arrival(news, now(), foreign_id="L7", number=receipt.number, news=news, text="Ya.")
        )
    taking.take(there.id, Arrival("other", now(), foreign_id="L8", number=receipt.number, news="number"))
    assert len(lines(receipt.id, "sent_outside")) == 1
    shown = [each for each in service.public_view(receipt.number).timeline if each.type == "sent_outside"]
    assert [(each.data["to"], each.data["external_id"]) for each in shown] == [("Kantor satu", "L7")]
    assert "destination" not in shown[0].data
    other = service.submit(DRAFT)
    service.forward(other.id, agency_code="BPJN", text="Jalan nasional.")
    with work():
        stranger = numbers.ref_of(there.id, other.id)
        assert stranger is not None
        numbers.learn_number(stranger, "L7")  # one of theirs is one of ours
    assert stranger.foreign_id == ""


def test_pages_come_again_and_in_the_wrong_order_and_count_once(tenant: Tenant) -> None:
    there = connected()
    receipt = handed(there, "L1")
    news = [
        Arrival(f"p{n}", now() - timedelta(minutes=9 - n), foreign_id="L1", news="progress", text=f"{n}")
        for n in range(4)
    ]
    STUB.pages[:] = [
        Pulled(news[2:], {"after": 4}, more=True),
        Pulled([*news[2:], *news[:2]], {"after": 4}, more=True),
        Pulled([], {"after": 4}),
    ]
    pulling.pull(there.id)
    assert counted(receipt.id) == 2 and len(lines(receipt.id, "outside_kept")) == 2
    assert session().scalar(select(func.count()).select_from(ArrivalRow)) == 5
    row = destinations.one(there.id)
    assert row.cursor == {"after": 4} and row.pulled_at is not None


def test_old_words_go_and_what_came_stays_known(tenant: Tenant) -> None:
    there = connected()
    handed(there, "L1")
    news = Arrival(
        "old", now(), foreign_id="L1", news="progress", text="Telepon saya di rumah.", word="Proses"
    )
    taking.take(there.id, news)
    with at_time(now() + timedelta(days=181)):
        assert tidying.tidy() == 1
        assert tidying.tidy() == 0
        assert taking.take(there.id, news).repeated
    row = session().scalars(select(ArrivalRow).where(ArrivalRow.arrival_id == "old")).one()
    session().refresh(row)
    assert (row.text, row.word, row.foreign_id) == ("", "", "L1")
    with at_time(now() + timedelta(days=401)):
        sending.deliver(there.id)
        tidying.tidy()
    assert session().scalars(select(OutsideRef.foreign_id)).one() == "L1"
    assert session().scalar(select(func.count()).select_from(Assignment)) == 1
