"""Limits in working hours against a slow reading of the same rules: every minute is asked one by one."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.lapor import clock
from superapp.sdk import calendar

ZONE = ZoneInfo("Asia/Jayapura")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OWN = calendar.Calendar({date(2026, 3, 26): "Hari jadi kota"})  # beside Nyepi and Idulfitri, 18 to 24 March
FIRST, LAST = date(2026, 3, 12), date(2026, 4, 6)


def week(*hours: tuple[int, int], days: range = range(1, 6), **more: object) -> tuple[clock.Shift, ...]:
    return tuple(clock.Shift(day, opens, closes, **more) for day in days for opens, closes in hours)


PLANS = [
    (),
    week((450, 720), (780, 930)),
    (*week((480, 960)), clock.Shift(6, 540, 721)),
    week((0, 1440), days=range(1, 8), on_holidays=True),
    (*week((480, 900)), *week((1000, 1060), days=range(1, 8), on_holidays=True, first=date(2026, 3, 20))),
    week((480, 840), last=date(2026, 3, 25)),
]
moments = st.builds(
    lambda day, minute: datetime(day.year, day.month, day.day) + minute * MINUTE,
    st.dates(FIRST, LAST),
    st.one_of(st.integers(0, 1439), st.sampled_from([0, 450, 479, 480, 720, 780, 959, 960, 961, 1439])),
)
pauses = st.lists(
    st.builds(
        lambda began, n, why: clock.Pause(began, began + n * MINUTE, why),
        moments,
        st.integers(0, 4000),
        st.sampled_from(["Menunggu warga", "Menunggu instansi"]),
    ),
    max_size=2,
)
WORKS = [clock.WorkingTime(OWN, plan) for plan in PLANS]
ASKED: dict[tuple[int, date], bytes] = {}
works = st.sampled_from(WORKS)
slow = settings(max_examples=60, deadline=None, derandomize=True)


def aware(wall: datetime) -> datetime:
    return wall.replace(tzinfo=ZONE).astimezone(UTC)


def hours_of(work: clock.WorkingTime, day: date) -> bytes:
    """For each minute of a day whether the office works, as the rule reads; asked once and kept."""
    known = ASKED.get((id(work), day))
    if known is None:
        speaking = [s for s in work.shifts if (s.first or day) <= day <= (s.last or day)]
        off = work.days.holiday(day) is not None
        if speaking:
            today = [s for s in speaking if s.weekday == day.isoweekday() and (s.on_holidays or not off)]
            known = bytes(any(s.opens <= minute < s.closes for s in today) for minute in range(1440))
        else:
            known = bytes(not off and day.isoweekday() <= 5 and 480 <= minute < 960 for minute in range(1440))
        ASKED[id(work), day] = known
    return known


def is_open(work: clock.WorkingTime, at: datetime) -> bool:
    return bool(hours_of(work, at.date())[at.hour * 60 + at.minute])


def works_on(work: clock.WorkingTime, day: date) -> bool:
    return any(hours_of(work, day))


def minutes(
    work: clock.WorkingTime, start: datetime, stops: list[clock.Pause], step: int = 1
) -> Iterator[datetime]:
    """The beginning of each minute that counts, from `start` on; with -1 backwards."""
    at = start if step == 1 else start - MINUTE
    while True:
        if is_open(work, at) and not any(stop.began <= at < stop.ended for stop in stops):
            yield at
        at += step * MINUTE


@slow
@given(works, moments, st.integers(1, 24), pauses)
def test_a_limit_ends_with_its_last_minute(work, start, hours, stops) -> None:
    found = clock.due(aware(start), hours, "h", work, ZONE, pauses=stops, step="verify", document="SE 1")
    counting = minutes(work, start, stops)
    used = [next(counting) for _ in range(60 * hours)]
    end = used[-1] + MINUTE
    assert found.due_at == aware(end)
    a_day = Counter(at.date() for at in used)
    assert dict(zip(found.days_counted, found.minutes, strict=True)) == a_day
    assert list(found.days_counted) == sorted(a_day)
    between = [start.date() + n * DAY for n in range((used[-1].date() - start.date()).days + 1)]
    assert [each.day for each in found.skipped] == [day for day in between if day not in a_day]
    for each in found.skipped:
        waited = {stop.reason for stop in stops if stop.began.date() <= each.day <= stop.ended.date()}
        named = work.days.reason(each.day)
        if not works_on(work, each.day):
            assert each.reason == (named or "di luar jam kerja")
        else:
            assert each.reason in (waited or {"di luar jam kerja"})
    assert (found.step, found.amount, found.unit, found.document) == ("verify", hours, "h", "SE 1")
    assert found.started_at == aware(start) and found.due_on == end.date()


@slow
@given(works, moments, moments)
def test_minutes_between_are_those_that_one_can_count(work, one, other) -> None:
    first, last = sorted((one, other))
    counted = 0
    at = first
    while at < last:
        counted += is_open(work, at)
        at += MINUTE
    assert clock.minutes_between(aware(first), aware(last), work, ZONE) == counted
    assert clock.minutes_between(aware(last), aware(first), work, ZONE) == -counted


@slow
@given(works, moments, st.integers(1, 30))
def test_a_rung_before_leaves_so_many_hours(work, end, hours) -> None:
    found = clock.rung_at(aware(end), clock.Rung(1, "liaison", "before", hours, "h"), work, ZONE)
    counting = minutes(work, end, [], -1)
    assert found == aware([next(counting) for _ in range(60 * hours)][-1])


@slow
@given(works, moments, st.integers(0, 12))
def test_a_rung_before_in_days_stands_where_the_office_opens(work, end, amount) -> None:
    found = clock.rung_at(aware(end), clock.Rung(1, "liaison", "before", amount, "wd"), work, ZONE)
    if amount == 0:
        assert found == aware(end)
        return
    back = (end.date() - n * DAY for n in range(200))
    day = [day for day in back if works_on(work, day)][amount]
    midnight = datetime(day.year, day.month, day.day)
    assert found == aware(next(minutes(work, midnight, [])))
    assert clock.rung_at(aware(end), clock.Rung(1, "x", "after", amount, "wd"), work, ZONE) == (
        clock.due(aware(end), amount, "wd", work, ZONE).due_at
    )


@slow
@given(works, st.dates(FIRST, LAST), st.integers(-20, 20))
def test_working_days_between_are_those_that_one_can_count(work, day, away) -> None:
    other = day + away * DAY
    first, last = sorted((day, other))
    counted = sum(works_on(work, first + n * DAY) for n in range(1, (last - first).days + 1))
    assert work.between(day, other) == (counted if away >= 0 else -counted)
    assert (work.reason(day) is None) == works_on(work, day)


@slow
@given(works, moments, st.integers(1, 16), moments)
def test_a_clock_in_hours_reads_as_full_as_its_minutes(work, start, hours, moment) -> None:
    due_at = clock.due(aware(start), hours, "h", work, ZONE).due_at
    found = clock.read("running", aware(start), due_at, aware(moment), work, ZONE, unit="h")
    rest = clock.minutes_between(aware(moment), due_at, work, ZONE)
    share = min(1.0, max(0.0, 1 - rest / (60 * hours)))
    last, today = due_at.astimezone(ZONE).date(), moment.date()
    assert found.left == work.between(today, last)
    if aware(moment) > due_at:
        assert (found.state, found.share, found.today) == ("late", 1.0, today == last)
    elif today == last:
        assert (found.state, found.share, found.today) == ("near", max(share, 0.9), True)
    else:
        assert (found.state, found.share, found.today) == ("ok", share, False)


@pytest.mark.parametrize("unit", ["h", "wd"])
def test_where_nobody_ever_works_nothing_is_due(unit: str) -> None:
    never = clock.WorkingTime(OWN, week((480, 960), days=range(0, 0)) or (clock.Shift(9, 480, 960),))
    start = aware(datetime(2026, 3, 12, 9))
    with pytest.raises(clock.NoWorkingTime, match="2026-03-1"):
        clock.due(start, 1, unit, never, ZONE)
    with pytest.raises(clock.NoWorkingTime, match="2026-03-1"):
        clock.rung_at(start, clock.Rung(1, "x", "before", 1, unit), never, ZONE)


def test_hours_that_say_nothing_of_holidays_are_closed_then() -> None:
    usual = clock.WorkingTime(OWN, week((480, 960)))
    assert usual.spans(date(2026, 3, 25)) == ((480, 960),)
    assert usual.spans(date(2026, 3, 26)) == () and usual.reason(date(2026, 3, 26)) == "Hari jadi kota"
