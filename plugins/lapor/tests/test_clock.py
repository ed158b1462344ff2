"""Working days and hours: the known cases, and laws that hold for every day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.lapor import clock
from superapp.sdk import calendar

NATIONAL = clock.WorkingTime()
WITA = ZoneInfo("Asia/Makassar")
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
days = st.dates(date(2024, 1, 1), date(2027, 6, 30))
amounts = st.integers(1, 60)


def noon(day: date, zone: ZoneInfo = WITA) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


def stop(begin: date, end: date, reason: str = "Jeda") -> clock.Pause:
    """A pause from noon to noon."""
    return clock.Pause(noon(begin).replace(tzinfo=None), noon(end).replace(tzinfo=None), reason)


def due_on(day: date, amount: int, unit: str = "wd", **more: object) -> date:
    found = clock.due(noon(day), amount, unit, NATIONAL, WITA, **more).due_on
    assert found is not None
    return found


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (date(2026, 3, 17), 3, date(2026, 3, 27)),
        (date(2025, 3, 27), 5, date(2025, 4, 14)),
        (date(2026, 12, 23), 5, date(2027, 1, 4)),
    ],
)
def test_the_known_cases(start: date, amount: int, end: date, zone: ZoneInfo) -> None:
    assert clock.due(noon(start, zone), amount, "wd", NATIONAL, zone).due_on == end


def test_a_deadline_says_which_days_counted_and_why_others_did_not() -> None:
    found = clock.due(noon(date(2026, 3, 17)), 3, "wd", NATIONAL, WITA)
    assert [day.day for day in found.days_counted] == [25, 26, 27]
    assert [skip.day.day for skip in found.skipped] == [18, 19, 20, 21, 22, 23, 24]
    assert found.skipped[1].reason == "Hari Suci Nyepi"
    assert "Cuti Bersama" in found.skipped[0].reason


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_due_day_ends_at_its_last_local_second(zone: ZoneInfo) -> None:
    found = clock.due(noon(date(2026, 3, 2), zone), 1, "wd", NATIONAL, zone)
    assert found.due_at.tzinfo is UTC
    assert found.due_at.astimezone(zone).replace(tzinfo=None) == datetime(2026, 3, 3, 23, 59, 59)


def test_what_a_deadline_was_made_for_stays_on_it() -> None:
    began = noon(date(2026, 3, 2))
    found = clock.due(began, 2, "d", NATIONAL, WITA, step="verify", authority="tenant", document="Perwali 1")
    assert (found.step, found.authority, found.document) == ("verify", "tenant", "Perwali 1")
    assert (found.started_at, found.amount, found.unit, found.minutes) == (began, 2, "d", ())
    plain = clock.due(began, 2, "d", NATIONAL, WITA)
    assert (plain.step, plain.authority, plain.document) == ("", "national", "")


def test_late_in_the_evening_is_still_the_local_day() -> None:
    evening = datetime(2026, 3, 2, 23, 30, tzinfo=WITA)
    assert clock.due(evening, 1, "wd", NATIONAL, WITA).due_on == date(2026, 3, 3)


def test_the_tenants_own_day_stops_the_clock_and_is_named() -> None:
    own = clock.WorkingTime(calendar.Calendar({date(2026, 3, 3): "Hari Jadi"}))
    found = clock.due(noon(date(2026, 3, 2)), 1, "wd", own, WITA)
    assert found.due_on == date(2026, 3, 4)
    assert [(skip.day, skip.reason) for skip in found.skipped] == [(date(2026, 3, 3), "Hari Jadi")]


def test_calendar_days_count_weekends_and_holidays() -> None:
    assert due_on(date(2026, 3, 17), 10, "d") == date(2026, 3, 27)


@pytest.mark.parametrize(("amount", "unit"), [(0, "wd"), (366, "wd"), (-1, "h"), (3, "x"), (3, "")])
def test_a_limit_that_makes_no_sense_is_refused(amount: int, unit: str) -> None:
    with pytest.raises(ValueError, match=f"not {amount} {unit}"):
        clock.due(noon(date(2026, 3, 2)), amount, unit, NATIONAL, WITA)


def test_the_longest_and_the_shortest_limit_are_allowed() -> None:
    assert due_on(date(2026, 3, 2), 365, "d") == date(2027, 3, 2)
    assert due_on(date(2026, 3, 2), 1, "d") == date(2026, 3, 3)


def test_a_pause_moves_the_due_day_by_its_working_days() -> None:
    monday = date(2026, 3, 2)
    paused = stop(date(2026, 3, 3), date(2026, 3, 5), "menunggu pelapor")
    assert due_on(monday, 3) == date(2026, 3, 5)
    assert due_on(monday, 3, pauses=[paused]) == date(2026, 3, 9)
    told = clock.due(noon(monday), 3, "wd", NATIONAL, WITA, pauses=[paused]).skipped
    assert [skip.reason for skip in told] == ["menunggu pelapor", "menunggu pelapor", "Sabtu", "Minggu"]


def test_a_pause_that_begins_on_the_due_day_still_helps() -> None:
    monday, due = date(2026, 3, 2), date(2026, 3, 5)
    assert due_on(monday, 3, pauses=[stop(due, due + timedelta(days=1))]) == date(2026, 3, 6)


def test_a_pause_also_stops_calendar_days() -> None:
    assert due_on(date(2026, 3, 2), 3, "d", pauses=[stop(date(2026, 3, 3), date(2026, 3, 5))]) == date(
        2026, 3, 7
    )


def test_nothing_is_due_where_every_day_is_off() -> None:
    class Never(calendar.Calendar):
        def reason(self, day: date) -> str | None:
            return "libur"

    with pytest.raises(clock.NoWorkingTime, match="Only 0 of 1 days"):
        clock.due(noon(date(2026, 3, 2)), 1, "wd", clock.WorkingTime(Never()), WITA)


@settings(deadline=None)
@given(days, st.one_of(amounts, st.just(364)), st.sampled_from(["wd", "d"]))
def test_a_longer_limit_never_ends_earlier(day: date, amount: int, unit: str) -> None:
    assert due_on(day, amount + 1, unit) > due_on(day, amount, unit)


@settings(deadline=None)
@given(days, amounts, st.integers(1, 30), st.sampled_from(["wd", "d"]))
def test_a_later_start_never_ends_earlier(day: date, amount: int, later: int, unit: str) -> None:
    assert due_on(day + timedelta(days=later), amount, unit) >= due_on(day, amount, unit)


@settings(deadline=None)
@given(days, st.integers(1, 30), st.integers(1, 30), st.sampled_from(["wd", "d"]))
def test_limits_add_up(day: date, one: int, other: int, unit: str) -> None:
    assert due_on(due_on(day, one, unit), other, unit) == due_on(day, one + other, unit)


@settings(deadline=None)
@given(days, amounts, st.sampled_from(ZONES), st.integers(0, 23))
def test_only_the_local_date_of_the_start_matters(day: date, amount: int, zone: ZoneInfo, hour: int) -> None:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=zone)
    assert clock.due(start, amount, "wd", NATIONAL, zone).due_on == due_on(day, amount)


@settings(deadline=None)
@given(days, amounts)
def test_every_day_up_to_the_end_is_either_counted_or_explained(day: date, amount: int) -> None:
    found = clock.due(noon(day), amount, "wd", NATIONAL, WITA)
    told = sorted([*found.days_counted, *(skip.day for skip in found.skipped)])
    assert told == [day + timedelta(days=n) for n in range(1, len(told) + 1)]
    assert len(found.days_counted) == amount
    assert NATIONAL.between(day, found.due_on or day) == amount


@settings(deadline=None)
@given(days, amounts, st.integers(-5, 90), st.integers(0, 20))
def test_a_pause_moves_the_end_by_exactly_the_days_that_it_took(
    day: date, amount: int, after: int, length: int
) -> None:
    begin = day + timedelta(days=after)
    end = begin + timedelta(days=length)
    plain, paused = due_on(day, amount), due_on(day, amount, pauses=[stop(begin, end)])
    taken = [
        one
        for one in (begin + timedelta(days=n) for n in range(length))
        if day < one <= paused and NATIONAL.reason(one) is None
    ]
    assert NATIONAL.between(plain, paused) == len(taken)


@settings(deadline=None)
@given(days, amounts, st.integers(0, 30), st.sampled_from(["wd", "d", "h"]))
def test_an_empty_pause_changes_nothing(day: date, amount: int, after: int, unit: str) -> None:
    here = day + timedelta(days=after)
    assert due_on(day, amount, unit, pauses=[stop(here, here)]) == due_on(day, amount, unit)
    plain = clock.due(noon(day), amount, unit, NATIONAL, WITA)
    assert clock.due(noon(day), amount, unit, NATIONAL, WITA, pauses=[stop(here, here)]) == plain


DUE = clock.due(noon(date(2026, 3, 2)), 3, "wd", NATIONAL, WITA)  # Thursday the 5th
SECOND = timedelta(seconds=1)


def reading(moment: datetime, state: str = "running", **more: object) -> tuple[str, int, bool]:
    found = clock.read(state, DUE.started_at, DUE.due_at, moment, NATIONAL, WITA, **more)
    return found.state, found.left, found.today


def test_a_clock_turns_near_and_late_at_its_very_moment() -> None:
    warned = noon(date(2026, 3, 4))
    assert reading(warned - SECOND, near_from=warned) == ("ok", 1, False)
    assert reading(warned, near_from=warned) == ("near", 1, False)
    assert reading(warned) == ("ok", 1, False)
    assert reading(noon(date(2026, 3, 5))) == reading(DUE.due_at) == ("near", 0, True)
    assert reading(DUE.due_at + SECOND) == ("late", -1, False)


def test_a_clock_that_rests_or_ended_is_neither_near_nor_late() -> None:
    after = noon(date(2026, 3, 9))
    assert reading(after, "paused") == ("paused", -2, False)
    assert reading(after, "done") == ("done", -2, False)
    assert reading(noon(date(2026, 3, 5)), "paused") == ("paused", 0, True)
    assert reading(noon(date(2026, 3, 5)), "done") == ("done", 0, True)
    assert reading(after, unit="d") == ("late", -4, False)
    late = clock.read("running", DUE.started_at, DUE.due_at, after, NATIONAL, WITA)
    done = clock.read("done", DUE.started_at, DUE.due_at, noon(date(2026, 3, 3)), NATIONAL, WITA)
    near = clock.read("running", DUE.started_at, DUE.due_at, DUE.due_at, NATIONAL, WITA)
    rests = clock.read("paused", DUE.started_at, DUE.due_at, noon(date(2026, 3, 3)), NATIONAL, WITA)
    assert (late.share, done.share, near.share, round(rests.share, 3)) == (1.0, 1.0, 1.0, 0.333)


@pytest.mark.parametrize(
    ("relation", "amount", "unit", "weight"),
    [("before", 2, "wd", -16), ("after", 2, "d", 16), ("after", 3, "h", 3), ("before", 3, "h", -3)],
)
def test_rungs_are_weighed_in_working_hours(relation: str, amount: int, unit: str, weight: int) -> None:
    assert clock.Rung(1, "x", relation, amount, unit).weight == weight


def test_the_same_people_on_one_level_or_the_next_are_no_circle() -> None:
    both = [
        clock.Rung(1, "agency", "after", 1, "wd"),
        clock.Rung(2, "leader", "after", 2, "wd"),
        clock.Rung(2, "agency", "after", 2, "wd"),
    ]
    beside = [
        clock.Rung(1, "agency", "after", 1, "wd"),
        clock.Rung(1, "leader", "after", 1, "wd"),
        clock.Rung(2, "agency", "after", 2, "wd"),
    ]
    for rungs in (both, beside):
        assert [why for _one, _other, why in clock.unordered(rungs)] == []


def test_values_of_the_clock_are_frozen() -> None:
    for value, name in (
        (clock.Rung(1, "x", "after", 1, "wd"), "level"),
        (stop(date(2026, 3, 2), date(2026, 3, 3)), "reason"),
        (NATIONAL, "shifts"),
        (clock.read("done", DUE.started_at, DUE.due_at, DUE.due_at, NATIONAL, WITA), "left"),
        (clock.Shift(1, 0, 1), "opens"),
    ):
        with pytest.raises(AttributeError):
            setattr(value, name, getattr(value, name))
