"""Days off from CSV and iCal: read, shown before they are taken in, taken in once."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from superapp.cli_days import group
from superapp.context import Tenant, tenant_scope
from superapp.db.work import work
from superapp.tenancy import dayfile
from superapp.tenancy.dayfile import DayOff

ICAL = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Setneg//SKB//ID
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20280327
DTEND;VALUE=DATE:20280329
SUMMARY:Cuti Bersama Idul Fitri
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20281226
SUMMARY:Cuti Bersama Natal
END:VEVENT
END:VCALENDAR
"""


def event(body: str) -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\n{body}\nEND:VEVENT\nEND:VCALENDAR\n"
    return text.encode()


def test_ical_gives_one_day_for_each_date_with_the_kind_that_was_said() -> None:
    days, findings = dayfile.read("skb.ics", ICAL.encode(), kind="cuti_bersama", document="SKB 2028")
    assert findings == []
    assert days == [
        DayOff(date(2028, 3, 27), "Cuti Bersama Idul Fitri", "cuti_bersama", True, "SKB 2028"),
        DayOff(date(2028, 3, 28), "Cuti Bersama Idul Fitri", "cuti_bersama", True, "SKB 2028"),
        DayOff(date(2028, 12, 26), "Cuti Bersama Natal", "cuti_bersama", True, "SKB 2028"),
    ]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("DTSTART;VALUE=DATE:20280101\nSUMMARY:Tahunan\nRRULE:FREQ=YEARLY", "berulang"),
        ("DTSTART:20280101T080000Z\nSUMMARY:Rapat", "sehari penuh"),
        ("SUMMARY:Tanpa hari", "sehari penuh"),
        ("DTSTART;VALUE=DATE:20280101", "kosong"),
        ("DTSTART;VALUE=DATE:20280105\nDTEND;VALUE=DATE:20280101\nSUMMARY:Mundur", "tidak berakhir"),
        ("DTSTART;VALUE=DATE:20280101\nDTEND;VALUE=DATE:20290101\nSUMMARY:Setahun", "tidak berakhir"),
    ],
)
def test_an_event_that_is_no_run_of_whole_days_is_named_and_nothing_is_guessed(body: str, word: str) -> None:
    days, findings = dayfile.read("skb.ics", event(body))
    assert days == []
    assert [(each.column, word in each.problem) for each in findings] == [("acara ke-1", True)]


def test_csv_says_the_line_of_what_it_cannot_read() -> None:
    days, findings = dayfile.read(
        "a.csv", b"day,name,stops_clock\n2028-01-02,Hari Jadi,ya\n2028-13-01,Salah,ya\n"
    )
    assert [each.name for each in days] == ["Hari Jadi"]
    assert [(each.file, each.line, each.column) for each in findings] == [("a.csv", 3, "day")]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "kolom wajib"),
        (b"\xff\xfe", "UTF-8"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "iCal"),
        (b"day,name\n", "satu hari"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_remedy(data: bytes, word: str) -> None:
    days, findings = dayfile.read("x", data)
    assert days == []
    assert word in str(findings[0])
    assert findings[0].remedy


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_answered_with_findings(data: bytes) -> None:
    dayfile.read("x.csv", data)
    dayfile.read("x.ics", b"BEGIN:VCALENDAR\n" + data)


@given(
    st.lists(st.tuples(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from(["A", "B, C", 'D"E'])))
)
def test_what_is_written_reads_the_same(pairs: list[tuple[date, str]]) -> None:
    days = sorted({DayOff(day, name) for day, name in pairs}, key=lambda each: (each.day, each.name))
    again, findings = dayfile.read("x.csv", dayfile.to_csv(days).encode())
    assert again == days or (not days and findings)


def test_what_would_change_is_shown_and_taking_it_in_twice_changes_nothing(
    app: Flask, tenant_a: Tenant
) -> None:
    days = [
        DayOff(date(2026, 3, 17), "Penampahan Galungan", "local", False),
        DayOff(date(2026, 12, 25), "Natal kota"),
    ]
    with app.app_context(), tenant_scope(tenant_a):
        assert [(each.action, each.also) for each in dayfile.compare(days)] == [
            ("changed", ""),
            ("new", "Hari Raya Natal"),
        ]
        with work():
            assert len(dayfile.take_in(days)) == 2
        with work():
            assert dayfile.take_in(days) == []
        assert [each.name for each in dayfile.listed(2026)] == ["Penampahan Galungan", "Natal kota"]
        with work():
            assert dayfile.take_out(date(2026, 12, 25), "Natal kota")
            assert not dayfile.take_out(date(2026, 12, 25), "Natal kota")


def test_the_command_shows_first_and_writes_all_or_nothing(
    app: Flask, tenant_a: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("superapp.cli.app", lambda: app)
    file = tmp_path / "skb.ics"
    file.write_text(ICAL, encoding="utf-8")
    base = ["import", str(file), "--tenant", tenant_a.slug, "--kind", "cuti_bersama"]
    shown = CliRunner().invoke(group, [*base, "--dry-run"])
    assert "uji-a: rencana, 3 berubah, 0 sama" in shown.output
    assert "+ 2028-03-27 Cuti Bersama Idul Fitri" in shown.output
    done = CliRunner().invoke(group, base)
    assert "uji-a: 3 berubah, 0 sama" in done.output
    assert "uji-a: 0 berubah, 3 sama" in CliRunner().invoke(group, base).output
    assert '"action": "same"' in CliRunner().invoke(group, [*base, "--json"]).output
    file.write_text("day,name\n2028-99-99,Salah\n", encoding="utf-8")
    refused = CliRunner().invoke(group, base)
    assert (refused.exit_code, "skb.ics:2" in refused.output) == (1, True)
    assert CliRunner().invoke(group, ["import", str(file), "--tenant", "tidak-ada"]).exit_code == 1
    with app.app_context(), tenant_scope(tenant_a):
        assert len(dayfile.listed(2028)) == 3
