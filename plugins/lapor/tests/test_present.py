"""How deadlines are told: the golden cases in boxes and in words, in both languages."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from plugins.lapor import clock, present
from superapp.sdk import at_time, tenant_scope

ZONE = ZoneInfo("Asia/Makassar")
NATIONAL = clock.WorkingTime()


def promised(start: date, amount: int):
    began = datetime(start.year, start.month, start.day, 19, 42, tzinfo=ZONE)
    return clock.due(began, amount, "wd", NATIONAL, ZONE, step="verify")


@pytest.fixture
def told(app, tenant_a):
    """The tenant's page on 26 March 2026, read in Indonesian."""
    here = replace(tenant_a, timezone="Asia/Makassar")
    with app.test_request_context("/"), tenant_scope(here), at_time(datetime(2026, 3, 26, 10, tzinfo=ZONE)):
        yield


def test_the_strip_shows_start_holidays_days_and_end(told) -> None:
    strip = present.day_strip(promised(date(2026, 3, 17), 3))
    assert [(day.kind, day.label, day.under) for day in strip] == [
        ("start", "17", "masuk"),
        ("skipped", "18–24", "Nyepi, Idul Fitri"),
        ("counted", "25", "hari 1"),
        ("counted", "26", "hari 2"),
        ("due", "27", "batas"),
    ]
    assert [day.label for day in strip if day.today] == ["26"]


def test_the_answer_is_marked_instead_of_today(told) -> None:
    strip = present.day_strip(promised(date(2026, 3, 17), 3), date(2026, 3, 25))
    assert [(day.label, day.under) for day in strip if day.today] == [("25", "dijawab")]


def test_the_sentence_says_the_same_in_words(told) -> None:
    assert present.sentence(promised(date(2026, 3, 17), 3)) == (
        "3 hari kerja sejak 17 Maret. Libur Nyepi dan Idul Fitri, 18–24 Maret, tidak dihitung."
    )
    assert present.sentence(promised(date(2026, 7, 2), 3)) == (
        "3 hari kerja sejak 2 Juli. Sabtu dan Minggu tidak dihitung."
    )
    assert present.sentence(promised(date(2026, 7, 6), 2)) == "2 hari kerja sejak 6 Juli."


def test_a_long_promise_fits_on_a_phone_and_loses_no_day(told) -> None:
    deadline = promised(date(2026, 3, 17), 14)
    strip = present.day_strip(deadline)
    assert len(strip) <= present.MOST_BOXES
    assert (strip[0].kind, strip[-1].kind) == ("start", "due")
    assert [day.label for day in strip if day.today] == ["26"]
    counted = sum(day.kind in {"counted", "due"} for day in strip)
    between = sum(int(day.under.split()[0]) for day in strip if day.kind == "gap")
    assert counted + between == 14


def test_days_are_written_out_and_carry_another_year(told) -> None:
    assert present.long_day(date(2026, 3, 27)) == "Jumat, 27 Maret"
    assert present.long_day(date(2027, 1, 4)) == "Senin, 4 Januari 2027"
    assert present.moment(datetime(2026, 3, 26, 15, 10, tzinfo=ZONE)) == "Kamis, 26 Maret, 15.10"


@pytest.mark.parametrize(
    ("reason", "short"),
    [
        ("Cuti Bersama Hari Suci Nyepi", "Nyepi"),
        ("Hari kedua dari Hari Raya Idul Fitri (perkiraan)", "Idul Fitri"),
        ("Hari Lahir Pancasila", "Hari Lahir Pancasila"),
        ("Penampahan Galungan", "Penampahan Galungan"),
    ],
)
def test_holidays_have_the_names_people_use(reason, short) -> None:
    assert present.short_reason(reason) == short
