"""Each deadline explains itself: start, days, pauses, moves, hours, in both views."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from desk_people import behind, lies, sits
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from plugins.lapor import clock, clock_words, present, service
from plugins.lapor.service.time import recount
from superapp.sdk import at_time, calendar, current_tenant, session, tenant_scope

WITA = ZoneInfo("Asia/Makassar")
MONDAY = datetime(2026, 3, 2, 10, tzinfo=WITA)
OFFICE = clock.WorkingTime()
SPLIT = clock.WorkingTime(
    shifts=tuple(clock.Shift(day, *span) for day in range(1, 6) for span in ((480, 720), (780, 960)))
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1)).map(lambda wall: wall.replace(tzinfo=WITA))
works = st.sampled_from([OFFICE, SPLIT])


def wall(moment: datetime) -> str:
    return f"{moment.astimezone(WITA):%d %H.%M}"


@pytest.mark.parametrize(
    ("start", "hours", "work", "end"),
    [
        (MONDAY, 4, OFFICE, "02 14.00"),
        (MONDAY, 6, OFFICE, "02 16.00"),
        (MONDAY, 7, OFFICE, "03 09.00"),
        (MONDAY.replace(hour=6), 1, OFFICE, "02 09.00"),
        (MONDAY.replace(hour=18), 1, OFFICE, "03 09.00"),
        (MONDAY, 4, SPLIT, "02 15.00"),
        (datetime(2026, 3, 17, 15, 30, tzinfo=WITA), 1, OFFICE, "25 08.30"),
    ],
)
def test_hours_count_only_while_the_office_is_open(start, hours, work, end) -> None:
    assert wall(clock.due(start, hours, "h", work, WITA).due_at) == end


def test_a_limit_in_hours_says_minutes_and_days_off() -> None:
    found = clock.due(datetime(2026, 3, 17, 15, 30, tzinfo=WITA), 2, "h", OFFICE, WITA)
    assert (found.days_counted, found.minutes) == ((date(2026, 3, 17), date(2026, 3, 25)), (30, 90))
    assert [skip.day.day for skip in found.skipped] == list(range(18, 25))
    late = clock.due(MONDAY.replace(hour=20), 1, "h", OFFICE, WITA)
    assert [(skip.day.day, skip.reason) for skip in late.skipped] == [(2, "di luar jam kerja")]


def test_a_pause_stops_hours_by_the_minute_and_says_whom_they_waited_for() -> None:
    def paused(*spans: tuple[int, int]) -> clock.Pause:
        begin, end = (datetime(2026, 3, 2) + timedelta(hours=each) for each in spans[0])
        return clock.Pause(begin, end, "menunggu BPN")

    def end(*pauses: clock.Pause) -> str:
        return wall(clock.due(MONDAY, 4, "h", OFFICE, WITA, pauses=pauses).due_at)

    assert end(paused((11, 13))) == "02 16.00"
    assert end(paused((11, 13)), paused((14, 15))) == "03 09.00"
    assert end(paused((14, 15)), paused((11, 13))) == "03 09.00", "in any order"
    assert end(paused((1, 9))) == end(paused((17, 30))) == end() == "02 14.00"
    assert end(paused((9, 11))) == "02 15.00"
    whole = clock.due(MONDAY, 4, "h", OFFICE, WITA, pauses=[paused((11, 64))])
    assert [(skip.day.day, skip.reason) for skip in whole.skipped] == [
        (3, "menunggu BPN"),
        (4, "menunggu BPN"),
    ]
    assert wall(whole.due_at) == "05 11.00"


@settings(deadline=None)
@given(moments, st.integers(1, 40), works)
def test_a_longer_limit_in_hours_never_ends_earlier_and_limits_add_up(start, hours, work) -> None:
    one = clock.due(start, hours, "h", work, WITA).due_at
    assert clock.due(start, hours + 1, "h", work, WITA).due_at > one
    assert clock.due(one, 3, "h", work, WITA).due_at == clock.due(start, hours + 3, "h", work, WITA).due_at
    assert clock.minutes_between(start.replace(second=0, microsecond=0), one, work, WITA) in (
        hours * 60,
        hours * 60 + 1,
    )


@settings(deadline=None)
@given(moments, st.integers(1, 40), st.integers(0, 5000), works)
def test_a_later_start_in_hours_never_ends_earlier(start, hours, minutes, work) -> None:
    later = start + timedelta(minutes=minutes)
    assert clock.due(later, hours, "h", work, WITA).due_at >= clock.due(start, hours, "h", work, WITA).due_at


@settings(deadline=None)
@given(moments, st.integers(1, 40), st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]))
def test_the_hour_on_the_wall_is_the_same_in_each_zone(start, hours, name) -> None:
    zone = ZoneInfo(name)
    here = clock.due(start, hours, "h", OFFICE, WITA).due_at.astimezone(WITA).replace(tzinfo=None)
    there = clock.due(start.replace(tzinfo=zone), hours, "h", OFFICE, zone).due_at.astimezone(zone)
    assert there.replace(tzinfo=None) == here


@settings(deadline=None)
@given(moments, st.integers(1, 40), st.integers(-50, 200), st.integers(0, 100))
def test_a_pause_moves_the_hour_by_exactly_the_minutes_that_it_took(start, hours, after, length) -> None:
    start = start.replace(second=0, microsecond=0)
    begin = start + timedelta(hours=after)
    end = begin + timedelta(hours=length)
    stop = clock.Pause(begin.replace(tzinfo=None), end.replace(tzinfo=None))
    plain = clock.due(start, hours, "h", OFFICE, WITA).due_at
    paused = clock.due(start, hours, "h", OFFICE, WITA, pauses=[stop]).due_at
    taken = clock.minutes_between(min(max(begin, start), paused), min(max(end, start), paused), OFFICE, WITA)
    assert clock.minutes_between(plain, paused, OFFICE, WITA) == taken


def test_minutes_between_turn_their_sign() -> None:
    assert clock.minutes_between(MONDAY, MONDAY + timedelta(hours=3), OFFICE, WITA) == 180
    assert clock.minutes_between(MONDAY + timedelta(hours=3), MONDAY, OFFICE, WITA) == -180
    assert clock.minutes_between(MONDAY, MONDAY + timedelta(days=1), OFFICE, WITA) == 480


def test_hours_of_a_unit_hold_for_their_time_and_on_holidays_where_they_say_so() -> None:
    shifts = (
        clock.Shift(6, 480, 720, date(2026, 3, 1), date(2026, 3, 31)),
        clock.Shift(4, 0, 1440, on_holidays=True),
    )
    work = clock.WorkingTime(shifts=shifts)
    saturday, thursday = date(2026, 3, 7), date(2026, 3, 19)
    assert (work.reason(saturday), work.spans(saturday)) == (None, ((480, 720),))
    assert (work.reason(thursday), work.spans(thursday)) == (None, ((0, 1440),)), "Nyepi, but on duty"
    assert work.reason(date(2026, 3, 2)) == "di luar jam kerja"
    assert work.reason(date(2026, 3, 8)) == "Minggu"
    assert work.reason(date(2026, 4, 4)) == "Sabtu"
    old = clock.WorkingTime(shifts=(clock.Shift(1, 480, 720, last=date(2025, 12, 31)),))
    assert old.spans(date(2026, 3, 3)) == (clock.OFFICE,)
    assert old.spans(date(2026, 3, 7)) == old.spans(date(2026, 3, 19)) == ()
    assert work.between(date(2026, 3, 8), date(2026, 3, 1)) == -2
    assert work.between(date(2026, 3, 1), date(2026, 3, 1)) == 0


def test_nothing_in_hours_is_due_or_lies_before_where_nothing_opens() -> None:
    never = clock.WorkingTime(shifts=(clock.Shift(1, 480, 480),))
    with pytest.raises(clock.NoWorkingTime, match="of 2 hours are left"):
        clock.due(MONDAY, 2, "h", never, WITA)
    with pytest.raises(clock.NoWorkingTime, match="No 2 working hours"):
        clock.rung_at(MONDAY, clock.Rung(1, "x", "before", 2, "h"), never, WITA)

    class Never(calendar.Calendar):
        def reason(self, day: date) -> str | None:
            return "libur"

    with pytest.raises(clock.NoWorkingTime, match="No 2 working days"):
        clock.rung_at(MONDAY, clock.Rung(1, "x", "before", 2, "wd"), clock.WorkingTime(Never()), WITA)


def chip(now: datetime, amount: int, unit: str, *, state="running", near=None, how=""):
    due = clock.due(MONDAY, amount, unit, OFFICE, WITA)
    found = clock.read(state, due.started_at, due.due_at, now, OFFICE, WITA, unit=unit, near_from=near)
    return clock_words.chip(found, due.due_at, WITA, unit, "reporter", how)


@pytest.mark.parametrize(
    ("now", "amount", "unit", "state", "words"),
    [
        (MONDAY, 3, "wd", "ok", "sisa 3 hari kerja"),
        (MONDAY + timedelta(days=2), 3, "wd", "ok", "sisa 1 hari kerja"),
        (MONDAY + timedelta(days=3), 3, "wd", "near", "batas hari ini"),
        (MONDAY + timedelta(days=7), 3, "wd", "late", "lewat 2 hari kerja"),
        (MONDAY + timedelta(days=5), 4, "wd", "late", "lewat batas"),
        (MONDAY, 3, "d", "ok", "sisa 3 hari"),
        (MONDAY + timedelta(days=6), 3, "d", "late", "lewat 3 hari"),
        (MONDAY, 4, "h", "near", "sampai 14.00"),
        (MONDAY, 12, "h", "ok", "sampai 3 Mar, 14.00"),
        (MONDAY + timedelta(hours=5), 4, "h", "late", "lewat sejak 14.00"),
        (MONDAY + timedelta(days=1), 4, "h", "late", "lewat 1 hari kerja"),
    ],
)
def test_the_chip_tells_days_or_the_hour(app, now, amount, unit, state, words) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        found = chip(now, amount, unit)
    assert (found.state, found.text, found.unit) == (state, words, unit)


def test_the_share_grows_from_nothing_to_all() -> None:
    def share(now: datetime, amount: int, unit: str) -> float:
        due = clock.due(MONDAY, amount, unit, OFFICE, WITA)
        return clock.read("running", MONDAY, due.due_at, now, OFFICE, WITA, unit=unit).share

    assert share(MONDAY, 4, "wd") == share(MONDAY, 4, "d") == share(MONDAY, 12, "h") == 0
    assert share(MONDAY + timedelta(days=1), 4, "wd") == share(MONDAY + timedelta(days=1), 4, "d") == 0.25
    assert share(MONDAY + timedelta(hours=3), 12, "h") == 0.25
    assert share(MONDAY + timedelta(days=4), 4, "wd") == 1.0
    assert share(MONDAY - timedelta(days=9), 4, "wd") == 0


def test_a_clock_is_near_from_the_first_warning_on_and_rests_or_ends_in_words(app) -> None:
    with app.test_request_context(headers={"Accept-Language": "id"}):
        assert chip(MONDAY, 3, "wd", near=MONDAY + timedelta(hours=1)).state == "ok"
        near = chip(MONDAY + timedelta(hours=1), 3, "wd", near=MONDAY + timedelta(hours=1))
        assert (near.state, near.text, near.share) == ("near", "sisa 3 hari kerja", 0.9)
        assert chip(MONDAY + timedelta(days=90), 3, "wd", state="paused").text == "menunggu pelapor"
        assert chip(MONDAY, 3, "wd", state="done", how="automatic").text == "selesai otomatis"
        assert chip(MONDAY, 3, "wd", state="done").share == 1.0
        weekend = chip(MONDAY + timedelta(days=4), 5, "d", near=None)
        assert (weekend.state, weekend.text) == ("ok", "sisa 1 hari")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert chip(MONDAY, 3, "wd").text == "3 working days left"


def test_the_sentence_tells_pauses_apart_from_holidays(app, tenant_a) -> None:
    stop = clock.Pause(datetime(2026, 3, 3, 9), datetime(2026, 3, 5, 9), "menunggu BPN")
    with app.test_request_context(headers={"Accept-Language": "id"}), tenant_scope(tenant_a), at_time(MONDAY):
        found = present.sentence(clock.due(MONDAY, 3, "wd", OFFICE, WITA, pauses=[stop]))
        assert found == (
            "3 hari kerja sejak 2 Maret. Jam berhenti 3–4 Maret, menunggu BPN. "
            "Sabtu dan Minggu tidak dihitung."
        )
        assert (
            present.sentence(clock.due(MONDAY, 4, "h", OFFICE, WITA)) == "4 jam kerja sejak 2 Maret, 10.00."
        )


def test_a_moved_day_is_told_to_citizen_and_officer(app, client, tenant_a) -> None:
    with at_time(datetime(2026, 3, 2, 2, tzinfo=UTC)):
        receipt = lies(app, tenant_a, "DLHK")
        with behind(app, tenant_a):
            service.hold(receipt.id, reason="Menunggu izin", party="Balai Sungai")
            service.resume(receipt.id)
            session().execute(
                text(
                    "INSERT INTO core.holiday (tenant_id, day, name, kind)"
                    " VALUES (:tenant, '2026-03-04', 'Hari Jadi', 'local')"
                ),
                {"tenant": current_tenant().id},
            )
            session().commit()
            recount.keep_up()
            recount.walk(recount.latest().id)
    page = client(tenant_a).get(f"/lapor/lacak/{receipt.number}").get_data(as_text=True)
    assert "Batas waktu dihitung ulang" in page
    assert "2026-03-04 Hari Jadi libur" in page
    assert "Tindak lanjut pertama (nasional): dari 9 Mar menjadi 10 Mar" in page
    assert "menunggu Balai Sungai" in page
    case = sits(app, client, tenant_a, "coordinator", "DISKOMINFO").get(f"/meja/lapor/{receipt.number}")
    shown = case.get_data(as_text=True)
    assert "Riwayat jam" in shown
    assert "Jam berhenti: menunggu Balai Sungai" in shown
    assert "Dihitung dengan kalender versi" in shown
