"""questions.csv, hints.csv and reasons.csv: a row that nobody could use is named before it is brought in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from superapp.plugin import onboarding
from superapp.plugin.registry import registry
from superapp.tenancy.check import check
from superapp.tenancy.folder import load
from superapp.testing.governments import DEFAULT

HEADS = {
    "questions.csv": "category,code,kind,label,options,min,max,valid_from,valid_to",
    "hints.csv": "category,code,when,words,text",
    "reasons.csv": "kind,code,title,rule,remedy,step,link",
}
WRONG = [
    ("questions.csv", "ROAD.POTHOLE,a,choice,Apa?,,,,,", "options", "dua pilihan"),
    ("questions.csv", "ROAD.POTHOLE,a,number,Apa?,,9,2,,", "min", "Batas bawah"),
    ("questions.csv", "ROAD.POTHOLE,a,string,Apa?,Ya|Tidak,,,,", "options", "choice dan several"),
    ("questions.csv", "ROAD.POTHOL,a,string,Apa?,,,,,", "category", "bukan kategori"),
    ("questions.csv", "ROAD.POTHOLE,Pole,string,Apa?,,,,,", "code", "bentuknya"),
    ("questions.csv", "ROAD.POTHOLE,a,list,Apa?,,,,,", "kind", "bukan pilihan"),
    ("hints.csv", ",a,without,,Sebutkan.", "words", "tanpa kata"),
    ("reasons.csv", "archive,a,Alasan,Dasar,Lihat {number}.,,", "remedy", "{number}"),
    ("reasons.csv", "archive,a,Alasan,Dasar,Saran,elsewhere,ftp://x", "link", "tautannya"),
]


@pytest.fixture
def findings(app, request, tmp_path):
    """`findings(file, row, ...)`: what `check` says of the tests' government with these rows in this file."""
    source = request.config.rootpath / request.config.getini("superapp_government") or DEFAULT

    def judge(name: str, *rows: str):
        folder = tmp_path / "uji-a"
        shutil.copytree(Path(source), folder, dirs_exist_ok=True)
        (folder / name).write_text("\n".join([HEADS[name], *rows]) + "\n", encoding="utf-8")
        with app.app_context():
            known = onboarding.catalog(registry())
            return [each for each in check(load(folder, known), known) if each.file == name]

    return judge


@pytest.mark.parametrize(("name", "row", "column", "words"), WRONG)
def test_a_bad_row_is_refused_with_its_line_and_column(findings, name, row, column, words) -> None:
    (found,) = findings(name, row)
    assert (found.line, found.column) == (2, column)
    assert words in str(found)


def test_two_versions_of_one_question_may_not_hold_on_the_same_day(findings) -> None:
    first = "ROAD.POTHOLE,a,string,Apa?,,,,,2026-06-30"
    assert findings("questions.csv", first, "ROAD.POTHOLE,a,string,Apa itu?,,,,2026-07-01,") == []
    (found,) = findings("questions.csv", first, "ROAD.POTHOLE,a,string,Apa itu?,,,,2026-06-30,")
    assert found.line == 3
