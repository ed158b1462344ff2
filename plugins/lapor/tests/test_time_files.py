"""shifts.csv, ladder.csv and limits.csv: what cannot be is refused with its row."""

from datetime import date
from pathlib import Path

import pytest

from plugins.lapor import tenant_files, time_files
from superapp.sdk import Finding
from superapp.tenancy.files import Row
from superapp.tenancy.folder import rows_of

ROOT = Path(__file__).parents[3] / "tests" / "data" / "government"
SHIFT_HEAD = "agency,weekday,opens,closes,on_holidays,valid_from,valid_to"
RUNG_HEAD = "step,level,who,when,amount,unit,channel,to,valid_from,valid_to"


def read(file, *lines: str) -> tuple[list[Row], list[Finding]]:
    found: list[Finding] = []
    return list(rows_of(file, "\n".join(lines) + "\n", found)), found


def shifts(*lines: str) -> list[tuple[int, str]]:
    rows, found = read(time_files.SHIFTS, SHIFT_HEAD, *lines)
    assert found == []
    return [(each.line, each.problem) for each in time_files.hours_fit({"shifts.csv": rows})]


def rungs(*lines: str) -> list[tuple[int, str, str]]:
    rows, found = read(time_files.LADDER, RUNG_HEAD, *lines)
    agencies, _ = read(time_files.LADDER, RUNG_HEAD)
    assert found == []
    known = {"ladder.csv": rows, "agencies.csv": [Row(2, {"code": "DLHK"})], "none": agencies}
    return [(each.line, each.column, each.problem) for each in time_files.rungs_fit(known)]


def test_hours_that_fit_are_taken() -> None:
    assert (
        shifts(",1,08:00,12:00,,,", ",1,13:00,16:00,,,", "DLHK,1,06:00,14:00,,,", ",7,22:00,24:00,ya,,") == []
    )
    assert shifts(",1,08:00,16:00,,,2026-06-30", ",1,07:00,15:00,,2026-07-01,") == []


@pytest.mark.parametrize(
    ("lines", "line", "word"),
    [
        ((",1,16:00,08:00,,,",), 2, "tutup 08:00 sebelum buka 16:00"),
        ((",1,08:00,08:00,,,",), 2, "tutup"),
        ((",1,08:00,12:00,,,", ",1,11:00,16:00,,,"), 3, "bertumpuk dengan baris 2 untuk semua unit"),
        (("DLHK,2,08:00,12:00,,,2026-07-01", "DLHK,2,08:30,16:00,,2026-07-01,"), 3, "untuk DLHK"),
        ((",1,08:00,16:00,,2026-03-03,2026-03-05",), 2, "hari itu tidak ada"),
        (
            ("DLHK,4,08:00,16:00,,2026-01-01,2026-01-07", "DLHK,3,08:00,16:00,,2026-01-08,2026-01-14"),
            2,
            "tidak ada jam kerja selama pekan mulai 2026-01-02",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused_with_their_row(lines, line, word) -> None:
    found = shifts(*lines)
    assert [each[0] for each in found] == [line]
    assert word in found[0][1]


@pytest.mark.parametrize("cell", ["8:00", "24:30", "25:00", "08.00", "pagi"])
def test_an_hour_is_written_with_four_digits(cell) -> None:
    _, found = read(time_files.SHIFTS, SHIFT_HEAD, f",1,{cell},24:00,,,")
    assert [(each.line, each.column) for each in found] == [(2, "opens")]


def test_a_ladder_that_climbs_is_taken() -> None:
    assert (
        rungs(
            "resolve,1,agency,before,2,wd,email,,,",
            "resolve,2,coordinator,after,0,wd,desk,,,",
            "resolve,3,leader,after,5,wd,email,sekda@uji.example,,",
            "verify,1,DLHK,after,2,h,desk,,,",
        )
        == []
    )


def test_a_ladder_may_become_another_one_by_date() -> None:
    assert (
        rungs(
            "resolve,1,agency,after,1,wd,desk,,,2026-06-30",
            "resolve,1,coordinator,after,2,wd,desk,,2026-07-01,",
            "resolve,2,agency,after,3,wd,desk,,2026-07-01,",
        )
        == []
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("verify,1,camat,after,1,wd,desk,,,",), (2, "who", "'camat' bukan peran")),
        (("verify,1,leader,after,1,wd,email,,,",), (2, "to", "tidak punya alamat email")),
        (("verify,1,agency,before,0,wd,desk,,,",), (2, "amount", "0 sebelum batas")),
        (("verify,2,agency,after,1,wd,desk,,,",), (2, "level", "tingkat 1 tidak ada")),
        (
            ("verify,1,agency,after,2,wd,desk,,,", "verify,2,leader,after,1,wd,desk,,,"),
            (3, "level", "tidak lebih lambat dari tingkat di baris 2"),
        ),
        (
            (
                "verify,1,agency,before,1,wd,desk,,,",
                "verify,2,leader,after,0,wd,desk,,,",
                "verify,3,agency,after,2,wd,desk,,,",
            ),
            (4, "level", "kembali ke agency, yang sudah diberi tahu di baris 2"),
        ),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_with_its_row(lines, found) -> None:
    line, column, word = found
    told = rungs(*lines)
    assert [(each[0], each[1]) for each in told] == [(line, column)]
    assert word in told[0][2]


def test_limits_of_one_class_may_not_overlap_but_classes_stand_side_by_side() -> None:
    assert tenant_files.LIMITS.subject == ("step", "authority", "kind", "class", "category")
    text = (ROOT / "limits.csv").read_text(encoding="utf-8")
    rows, found = read(tenant_files.LIMITS, *text.splitlines())
    assert found == []
    classes = {row["class"]: row["amount"] for row in rows if row["step"] == "resolve" and row["class"]}
    assert classes == {"normative": 5, "standard": 14, "supervisory": 60}
    assert all(row["valid_from"] is None or isinstance(row["valid_from"], date) for row in rows)
