"""Working days: the known cases, and laws that hold for every day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.lapor import clock
from superapp.sdk import calendar

NATIONAL = calendar.Calendar()
WITA = ZoneInfo("Asia/Makassar")
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
days = st.dates(date(2024, 1, 1), date(2027, 6, 30))
amounts = st.integers(1, 60)


def noon(day: date, zone: ZoneInfo = WITA) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone)


def due_on(day: date, amount: int, unit: str = "wd", **more: object) -> date:
    found = clock.due(noon(day), amount, unit, NATIONAL, WITA, **more).due_on
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (date(2026, 3, 17), 3, date(2026, 3, 27)),
        (date(2025, 3, 27), 5, date(2025, 4, 14)),
        (date(2026, 12, 23), 5, date(2027, 1, 4)),
    ],
)
def test_the_known_cases(start: date, amount: int, end: date) -> None:
    assert due_on(start, amount) == end


def test_a_deadline_says_which_days_counted_and_why_others_did_not() -> None:
    found = clock.due(noon(date(2026, 3, 17)), 3, "wd", NATIONAL, WITA)
    assert [day.day for day in found.days_counted] == [25, 26, 27]
    assert [skip.day.day for skip in found.skipped] == [18, 19, 20, 21, 22, 23, 24]
    assert found.skipped[1].reason == "Hari Suci Nyepi"
    assert "Cuti Bersama" in found.skipped[0].reason


def test_the_due_day_ends_at_its_last_local_second() -> None:
    found = clock.due(noon(date(2026, 3, 2)), 1, "wd", NATIONAL, WITA)
    assert found.due_at == datetime(2026, 3, 3, 15, 59, 59, tzinfo=UTC)


def test_late_in_the_evening_is_still_the_local_day() -> None:
    evening = datetime(2026, 3, 2, 23, 30, tzinfo=WITA)
    assert clock.due(evening, 1, "wd", NATIONAL, WITA).due_on == date(2026, 3, 3)


def test_the_tenants_own_day_stops_the_clock_and_is_named() -> None:
    own = calendar.Calendar({date(2026, 3, 3): "Hari Jadi"})
    found = clock.due(noon(date(2026, 3, 2)), 1, "wd", own, WITA)
    assert found.due_on == date(2026, 3, 4)
    assert [(skip.day, skip.reason) for skip in found.skipped] == [(date(2026, 3, 3), "Hari Jadi")]


def test_calendar_days_count_weekends_and_holidays() -> None:
    assert due_on(date(2026, 3, 17), 10, "d") == date(2026, 3, 27)


@pytest.mark.parametrize(("amount", "unit"), [(0, "wd"), (366, "wd"), (3, "h")])
def test_a_limit_that_makes_no_sense_is_refused(amount: int, unit: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        clock.due(noon(date(2026, 3, 2)), amount, unit, NATIONAL, WITA)


def test_a_pause_moves_the_due_day_by_its_working_days() -> None:
    monday = date(2026, 3, 2)
    stop = clock.Pause(date(2026, 3, 3), date(2026, 3, 5), "menunggu pelapor")
    assert due_on(monday, 3) == date(2026, 3, 5)
    assert due_on(monday, 3, pauses=[stop]) == date(2026, 3, 9)


def test_a_pause_that_begins_on_the_due_day_still_helps() -> None:
    monday, due = date(2026, 3, 2), date(2026, 3, 5)
    assert due_on(monday, 3, pauses=[clock.Pause(due, due + timedelta(days=1))]) == date(2026, 3, 6)


def test_a_pause_within_one_day_changes_nothing() -> None:
    same = date(2026, 3, 4)
    assert due_on(date(2026, 3, 2), 3, pauses=[clock.Pause(same, same)]) == date(2026, 3, 5)


@given(days, amounts)
def test_a_longer_limit_never_ends_earlier(day: date, amount: int) -> None:
    assert due_on(day, amount + 1) > due_on(day, amount)


@given(days, amounts, st.integers(1, 30))
def test_a_later_start_never_ends_earlier(day: date, amount: int, later: int) -> None:
    assert due_on(day + timedelta(days=later), amount) >= due_on(day, amount)


@given(days, st.integers(1, 30), st.integers(1, 30))
def test_limits_add_up(day: date, one: int, other: int) -> None:
    assert due_on(due_on(day, one), other) == due_on(day, one + other)


@given(days, amounts, st.sampled_from(ZONES), st.integers(0, 23))
def test_only_the_local_date_of_the_start_matters(day: date, amount: int, zone: ZoneInfo, hour: int) -> None:
    start = datetime(day.year, day.month, day.day, hour, tzinfo=zone)
    assert clock.due(start, amount, "wd", NATIONAL, zone).due_on == due_on(day, amount)


@given(days, amounts)
def test_every_day_up_to_the_end_is_either_counted_or_explained(day: date, amount: int) -> None:
    found = clock.due(noon(day), amount, "wd", NATIONAL, WITA)
    told = sorted([*found.days_counted, *(skip.day for skip in found.skipped)])
    assert told == [day + timedelta(days=n) for n in range(1, len(told) + 1)]
    assert len(found.days_counted) == amount
    assert NATIONAL.between(day, found.due_on or day) == amount


@given(days, amounts, days, st.integers(0, 20))
def test_a_pause_never_brings_the_end_nearer(day: date, amount: int, begin: date, length: int) -> None:
    stop = clock.Pause(begin, begin + timedelta(days=length))
    assert due_on(day, amount, pauses=[stop]) >= due_on(day, amount)


@pytest.mark.parametrize(
    ("now", "state", "text"),
    [
        (date(2026, 3, 2), "ok", "sisa 3 hari kerja"),
        (date(2026, 3, 4), "ok", "sisa 1 hari kerja"),
        (date(2026, 3, 5), "near", "batas hari ini"),
        (date(2026, 3, 9), "late", "lewat 2 hari kerja"),
    ],
)
def test_the_chip_tells_the_working_days_that_are_left(now: date, state: str, text: str) -> None:
    due = clock.due(noon(date(2026, 3, 2)), 3, "wd", NATIONAL, WITA)
    found = clock.chip("running", due.started_at, due.due_at, noon(now), NATIONAL, WITA)
    assert (found.state, found.text) == (state, text)


def test_on_a_weekend_after_the_due_day_the_chip_is_late_without_a_number() -> None:
    due = clock.due(noon(date(2026, 3, 5)), 1, "wd", NATIONAL, WITA)
    found = clock.chip("running", due.started_at, due.due_at, noon(date(2026, 3, 7)), NATIONAL, WITA)
    assert (found.state, found.text) == ("late", "lewat batas")


def test_a_paused_chip_names_whom_it_waits_for() -> None:
    due = clock.due(noon(date(2026, 3, 2)), 3, "wd", NATIONAL, WITA)
    later = noon(date(2026, 4, 2))
    waiting = {
        who: clock.chip("paused", due.started_at, due.due_at, later, NATIONAL, WITA, waiting_for=who).text
        for who in ("reporter", "institution")
    }
    assert waiting == {"reporter": "menunggu pelapor", "institution": "menunggu instansi lain"}
