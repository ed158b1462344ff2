"""superapp lapor routing evaluate: any table is read or refused with a reason, the same result each time."""

import csv
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from routing_texts import samples

from plugins.lapor.learn.commands import group
from plugins.lapor.learn.measure import Judged, measure
from plugins.lapor.learn.table import BadTable, day_of, read


@pytest.fixture
def table(tmp_path):
    """Writes rows as a CSV file."""

    def write(rows, heading=("text", "agency", "created_at"), delimiter=",", encoding="utf-8"):
        path = tmp_path / "laporan.csv"
        with path.open("w", encoding=encoding, newline="", errors="replace") as file:
            csv.writer(file, delimiter=delimiter).writerows([heading, *rows])
        return path

    return write


ROWS = [(each.report.text, each.owner, each.day.isoformat()) for each in samples()]


def run(*arguments: str):
    return CliRunner().invoke(group, ["evaluate", *arguments])


def test_the_later_part_is_measured_and_the_same_each_time(table) -> None:
    path = str(table(ROWS))
    found = json.loads(run(path, "--json").output)
    assert (found["earlier"], found["later"]) == (192, 48)
    assert found["top1"] >= 0.7 and found["top1"] <= found["top3"] <= 1
    assert sum(unit["cases"] for unit in found["labels"].values()) == 48
    assert found["coverage"][-1] == {"share": 1.0, "precision": found["top1"], "cases": 48}
    again = json.loads(run(path, "--json").output)
    assert {key: again[key] for key in ("top1", "top3", "macro_f1", "surest_half", "coverage", "labels")} == {
        key: found[key] for key in ("top1", "top3", "macro_f1", "surest_half", "coverage", "labels")
    }
    shown = run(path, "--train-share", "0.5").output
    assert "120 earlier reports" in shown and "surest half" in shown


def test_columns_are_found_by_heading_or_by_what_is_in_them(table) -> None:
    assert read(table(ROWS)).columns["time"] == "created_at"
    odd = [(day, owner, text) for text, owner, day in ROWS]
    found = read(table(odd, ("kolom a", "kolom b", "kolom c"), ";")).columns
    assert (found["text"], found["label"], found["time"]) == ("kolom c", "kolom b", "kolom a")
    found = read(table(odd, ("a", "unit", "isi")), text="isi", label="unit", time="a").columns
    assert (found["text"], found["label"], found["time"]) == ("isi", "unit", "a")


def test_rows_are_put_in_the_order_of_their_days(table) -> None:
    days = [each.day for each in read(table(ROWS[::-1])).samples]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-27", "2026-03-27"),
        ("2026-03-27T10:00:00+08:00", "2026-03-27"),
        ("2026/03/27 10:00", "2026-03-27"),
        ("27/03/2026", "2026-03-27"),
        ("Jumat, 27 Maret 2026", "2026-03-27"),
        ("5 Agu 2025", "2025-08-05"),
        ("31/31/2026", None),
        ("kemarin", None),
        ("", None),
    ],
)
def test_days_as_people_write_them(value, day) -> None:
    found = day_of(value)
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ([], [], "no rows"),
        (ROWS[:20], [], "at least 50"),
        ([(text, "SATU", day) for text, _, day in ROWS], [], "one unit only"),
        ([(text, f"U{n}", day) for n, (text, _, day) in enumerate(ROWS)], [], "that is no unit"),
        (
            ROWS,
            ["--text", "uraian"],
            "no column 'uraian' (--text). The columns are: text, agency, created_at",
        ),
        (ROWS, ["--text", "agency"], "both name 'agency'"),
        ([(text, unit, "kapan-kapan") for text, unit, _ in ROWS], ["--time", "created_at"], "first row 1"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_what_to_do(table, rows, options, said) -> None:
    answer = run(str(table(rows)), *options)
    assert answer.exit_code == 1 and said in answer.output
    assert "Traceback" not in answer.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"satu\nx\n", "one column"),
        (b"PK\x03\x04\0\0", "no text file"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, said) -> None:
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadTable, match=said):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read(table, encoding) -> None:
    rows = [(f"{text} café", unit, day) for text, unit, day in ROWS]
    found = read(table(rows, encoding=encoding))
    assert len(found.samples) == len(ROWS)
    assert all(each.report.text.endswith("café") for each in found.samples)
    assert bool(found.notices) == (encoding == "cp1252")


def test_measures_are_those_of_a_small_case_by_hand() -> None:
    judged = [
        Judged(("A", "B", "C"), 0.9, "A"),
        Judged(("A", "B", "C"), 0.8, "B"),
        Judged(("B", "C", "A"), 0.7, "B"),
        Judged(("B", "C", "A"), 0.6, "D"),
    ]
    found = measure(judged)
    assert (found.first, found.three, found.half) == (0.5, 0.75, 0.5)
    assert found.units["B"].recall == 0.5 and found.units["D"].recall == 0
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.5 + 0) / 3)


def test_it_needs_no_tenant_and_no_database(table) -> None:
    script = (
        "import sys; sys.argv=['superapp','lapor','routing','evaluate',sys.argv[1],'--json'];"
        "from superapp.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(table(ROWS))],
        env={"PATH": "/usr/bin", "PYTHONPATH": ":".join(sys.path), "DATABASE_URL": "postgresql://nowhere/x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["later"] == 48
