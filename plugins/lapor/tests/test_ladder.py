"""The ladder: a warning before a limit, the next higher one after it, each once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lapor_reports import draft
from sqlalchemy import select, text

from plugins.lapor import clock, queries, service
from plugins.lapor.jobs import clocks as jobs
from plugins.lapor.models import CaseEvent, Complaint, RungSent
from plugins.lapor.service import reference
from plugins.lapor.service.time import climb
from superapp.sdk import at_time, current_tenant, session

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10.00 WITA; verification is due on Thursday the 5th
LADDER = [
    ("verify", 1, "agency", "before", 1, "wd", "email", ""),
    ("verify", 2, "coordinator", "after", 0, "wd", "desk", ""),
    ("verify", 3, "leader", "after", 2, "wd", "email", "sekda@uji.example"),
]


def at(day: int, hour: int = 12) -> datetime:
    """A moment in March 2026 on the wall in WITA."""
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def ladder(acting):
    """The three rungs above, in force."""
    with acting():
        for step, level, who, relation, amount, unit, channel, address in LADDER:
            session().execute(
                text(
                    "INSERT INTO lapor.ladder_rung (tenant_id, id, step, level, who, relation, amount, unit,"
                    " channel, address) VALUES (:tenant, gen_random_uuid(), :step, :level, :who, :relation,"
                    " :amount, :unit, :channel, :address)"
                ),
                {
                    "tenant": current_tenant().id,
                    "step": step,
                    "level": level,
                    "who": who,
                    "relation": relation,
                    "amount": amount,
                    "unit": unit,
                    "channel": channel,
                    "address": address,
                },
            )
        session().commit()
    reference.forget()


@pytest.fixture
def receipt(acting, ladder):
    with at_time(MONDAY), acting():
        return service.submit(draft())


@pytest.fixture
def sent(monkeypatch) -> list:
    messages: list = []
    monkeypatch.setattr(climb, "notify", messages.append)
    return messages


def told(receipt) -> list[tuple[str, int, str]]:
    query = select(CaseEvent).where(
        CaseEvent.complaint_id == receipt.id, CaseEvent.type.in_(["warn", "escalate"])
    )
    rows = session().scalars(query.order_by(CaseEvent.at, CaseEvent.id))
    return [(row.type, row.data["level"], row.data["who"]) for row in rows]


def test_each_rung_is_told_when_it_comes_and_only_once(acting, receipt, sent) -> None:
    expected = [
        (at(3), 0),
        (at(4, 7), 0),
        (at(4, 8), 1),
        (at(5), 1),
        (at(6, 0), 2),
        (at(9), 2),
        (at(10, 0), 3),
        (at(20), 3),
    ]
    for moment, count in expected:
        with at_time(moment), acting():
            jobs.climb_ladder()
            jobs.climb_ladder()
            assert len(told(receipt)) == count, moment
    with acting():
        assert told(receipt) == [
            ("warn", 1, "Diskominfo"),
            ("escalate", 2, "Koordinator"),
            ("escalate", 3, "Pimpinan"),
        ]
    assert [(each.channel, each.to) for each in sent] == [
        ("email", "kominfo@uji.example"),
        ("email", "sekda@uji.example"),
    ]
    assert len({each.key for each in sent}) == 2


def test_the_reporter_does_not_see_it_but_the_list_of_the_desk_says_how_far_it_went(
    acting, receipt, sent
) -> None:
    with at_time(at(10)), acting():
        jobs.mark_late()
        jobs.climb_ladder()
        assert {"warn", "escalate"}.isdisjoint(
            {each.type for each in service.public_view(receipt.number).timeline}
        )
    with at_time(at(10)), acting("coordinator", "DISKOMINFO"):
        row = queries.inbox("all").items[0]
        assert (row.rung, row.rung_who) == (3, "Pimpinan")
        notes = service.desk_view(receipt.id).notes
        assert [each.type for each in notes if each.type == "escalate"] == ["escalate"] * 2
        service.dispose(receipt.id, agency_codes=["DLHK"])
        assert queries.inbox("all").items[0].rung == 0, "another promise begins at the foot"


def test_what_is_done_or_waits_is_not_escalated(acting, receipt, sent) -> None:
    with at_time(at(3)), acting("coordinator", "DISKOMINFO"):
        service.hold(receipt.id, reason="Menunggu BPN")
    with at_time(at(20)), acting():
        jobs.climb_ladder()
        assert told(receipt) == []
    with at_time(at(20)), acting("coordinator", "DISKOMINFO"):
        service.resume(receipt.id)
        service.dispose(receipt.id, agency_codes=["DLHK"])
    with at_time(at(27)), acting():
        jobs.climb_ladder()
        assert told(receipt) == []


def test_a_worker_that_dies_between_mark_and_commit_tells_nobody_twice(
    acting, receipt, sent, monkeypatch
) -> None:
    real = climb.emit

    def dies(_event) -> None:
        raise KeyboardInterrupt

    with at_time(at(4)), acting():
        monkeypatch.setattr(climb, "emit", dies)
        with pytest.raises(KeyboardInterrupt):
            jobs.climb_ladder()
        assert session().scalars(select(RungSent)).all() == []
        assert told(receipt) == []
        monkeypatch.setattr(climb, "emit", real)
        jobs.climb_ladder()
        jobs.climb_ladder()
        assert told(receipt) == [("warn", 1, "Diskominfo")]
    assert len(sent) == 1


def test_a_secret_title_stays_inside_of_the_message(acting, ladder, sent) -> None:
    with at_time(MONDAY), acting():
        service.submit(draft(title="Pungli di loket tiga", secret=True))
    with at_time(at(4)), acting():
        jobs.climb_ladder()
    assert len(sent) == 1
    assert "Pungli" not in sent[0].subject + sent[0].text


def test_the_unit_that_has_the_case_is_told_by_its_own_address(acting, receipt) -> None:
    with acting():
        unit = session().get(Complaint, (current_tenant().id, receipt.id)).suggested_id
        rung = next(row for row in reference.reference().rungs if (row.step, row.level) == ("verify", 1))
        assert climb.receiver(rung, unit) == ("DLHK", "dlhk@uji.example")
        assert climb.receiver(rung, None) == ("Diskominfo", "kominfo@uji.example")
        other = reference.RungRow("verify", 2, "DPUPR", "after", 1, "wd", "whatsapp", "", None, None, "")
        assert climb.receiver(other, unit) == ("Dinas PUPR", "0361 100002")
        role = reference.RungRow("verify", 2, "coordinator", "after", 1, "wd", "email", "", None, None, "")
        assert climb.receiver(role, unit) == ("Koordinator", "kominfo@uji.example")
        gone = reference.RungRow("verify", 2, "HILANG", "after", 1, "wd", "email", "x@y.id", None, None, "")
        assert climb.receiver(gone, unit) == ("HILANG", "x@y.id")


def rung(level: int, who: str, relation: str, amount: int, unit: str = "wd") -> clock.Rung:
    return clock.Rung(level, who, relation, amount, unit)


@pytest.mark.parametrize(
    ("rungs", "wrong"),
    [
        ([], []),
        ([rung(1, "agency", "before", 1), rung(2, "agency", "after", 0), rung(3, "leader", "after", 3)], []),
        ([rung(2, "agency", "after", 1)], [(2, 2, "gap")]),
        ([rung(1, "agency", "after", 1), rung(3, "leader", "after", 2)], [(3, 1, "gap")]),
        ([rung(1, "agency", "after", 1), rung(2, "leader", "before", 1)], [(2, 1, "early")]),
        ([rung(1, "agency", "after", 1), rung(2, "leader", "after", 1)], [(2, 1, "early")]),
        ([rung(1, "agency", "after", 1), rung(1, "coordinator", "after", 1)], []),
        ([rung(1, "agency", "after", 9, "h"), rung(2, "leader", "after", 1)], [(2, 1, "early")]),
        ([rung(1, "agency", "after", 7, "h"), rung(2, "leader", "after", 1)], []),
        (
            [
                rung(1, "agency", "before", 1),
                rung(2, "coordinator", "after", 0),
                rung(3, "agency", "after", 2),
            ],
            [(3, 1, "cycle")],
        ),
    ],
)
def test_a_ladder_climbs_without_gap_and_without_a_circle(rungs, wrong) -> None:
    assert [(one.level, other.level, why) for one, other, why in clock.unordered(rungs)] == wrong


WITA = climb.ZoneInfo("Asia/Makassar")
PLAIN = clock.WorkingTime()


@pytest.mark.parametrize(
    ("one", "moment"),
    [
        (rung(1, "x", "before", 1), at(4, 8)),
        (rung(1, "x", "before", 3), at(2, 8)),
        (rung(1, "x", "before", 4), datetime(2026, 2, 27, 0, tzinfo=UTC)),
        (rung(1, "x", "before", 3, "d"), at(2, 8)),
        (rung(1, "x", "before", 5, "d"), datetime(2026, 2, 28, 0, tzinfo=UTC)),
        (rung(1, "x", "before", 2, "h"), at(5, 14)),
        (rung(1, "x", "before", 8, "h"), at(5, 8)),
        (rung(1, "x", "before", 10, "h"), at(4, 14)),
        (rung(1, "x", "after", 0), at(5, 23) + timedelta(minutes=59, seconds=59)),
        (rung(1, "x", "before", 0), at(5, 23) + timedelta(minutes=59, seconds=59)),
        (rung(1, "x", "after", 2), at(9, 23) + timedelta(minutes=59, seconds=59)),
        (rung(1, "x", "after", 2, "h"), at(6, 10)),
    ],
)
def test_the_moment_of_a_rung(one, moment) -> None:
    due = clock.end_of(at(5).astimezone(WITA).date(), WITA)
    assert clock.rung_at(due, one, PLAIN, WITA) == moment


@settings(deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)),
    st.integers(0, 20),
    st.sampled_from(["wd", "d", "h"]),
)
def test_more_before_is_never_later_and_more_after_never_earlier(wall, amount, unit) -> None:
    due = clock.end_of(wall.date(), WITA)

    def moment(relation: str, more: int) -> datetime:
        return clock.rung_at(due, rung(1, "x", relation, amount + more, unit), PLAIN, WITA)

    assert moment("before", 1) <= moment("before", 0) <= due <= moment("after", 0) <= moment("after", 1)
