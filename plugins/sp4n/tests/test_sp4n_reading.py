"""Contracts and answers of strangers: read whole or refused with the line, never a crash."""

from __future__ import annotations

import contextlib
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.lapor.service import validate
from plugins.sp4n import incoming, xml
from plugins.sp4n.contract import STEPS, BadContract, Contract
from plugins.sp4n.contract_reading import default_text, of, read
from plugins.sp4n.transport import National
from superapp.context import SYSTEM, Tenant, tenant_scope

LINES = default_text().splitlines()
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadContract) as bad:
        read(text)
    return [(each.line, each.key) for each in bad.value.faults]


def line_with(words: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if words in line)


def test_the_contract_that_comes_along_tells_every_step() -> None:
    assert of("").steps == STEPS and of("").repeatable


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('nomor_daerah = "{number}"', 'nomor_daerah = "{nomor}"', "send.new.fields.nomor_daerah"),
        ('path = "/laporan"', 'path = "https://lain.example/"', "send.new.path"),
        ('path = "/perubahan"', 'path = "//lain.example"', "pull.path"),
        ('jawaban = "answer"', 'jawaban = "answers"', "pull.types.jawaban"),
        ("batch = 50", "batch = 0", "compare.batch"),
        ('header = "Authorization"', 'heder = "Authorization"', "access.heder"),
        ('closed = "selesai"', "closed = 7", "words.step.closed"),
        ('"Tunda" = ["on_hold"]', '"Tunda" = ["held"]', "words.meaning.Tunda"),
    ],
)
def test_a_fault_names_its_line_and_key(old: str, new: str, key: str) -> None:
    line = line_with(old)
    assert (line, key) in faults(default_text().replace(old, new, 1))


def test_toml_that_is_none_names_its_line() -> None:
    assert faults("title = 'a'\nbody = [") == [(2, "")]
    assert faults("x" * 20_001) == [(0, "")]
    assert faults("a = " + "[" * 5000)[0][1] == ""


@FEW
@given(st.integers(0, len(LINES) - 1), st.text(max_size=40), st.integers(0, 60))
def test_no_garbage_crashes_the_reader(at: int, junk: str, where: int) -> None:
    line = LINES[at]
    broken = [*LINES[:at], line[:where] + junk + line[where:], *LINES[at + 1 :]]
    try:
        assert isinstance(read("\n".join(broken)), Contract)
    except BadContract as bad:
        lines = [each.line for each in bad.faults]
        assert lines and all(a <= b for a, b in pairwise(lines))
        assert all(0 <= each <= len(broken) + 40 for each in lines) and all(e.message for e in bad.faults)


@pytest.fixture
def inside(app: Flask, tenant_a: Tenant):
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        yield


def test_whatever_is_told_becomes_a_report_that_fits_or_nothing(inside: None) -> None:
    contract = of("")
    assert contract.pull is not None
    pull, codes = contract.pull, {National("A", "B"): "ROAD.POTHOLE"}

    @FEW
    @given(st.dictionaries(st.sampled_from(sorted(_leaves(pull.case))), JUNK, max_size=17), JUNK, JUNK)
    def run(leaves: dict[str, object], number: object, at: object) -> None:
        item: dict[str, object] = {"id": "1", "jenis": "disposisi", "nomor": number, "waktu": at}
        for path, value in leaves.items():
            inner: dict[str, object] = item
            *above, last = path.split(".")
            for each in above:
                inner = inner.setdefault(each, {})  # type: ignore[assignment]
            inner[last] = value
        found = incoming.arrival(item, contract, pull, codes)
        if found is not None:
            assert found.draft is not None and found.foreign_id
            validate.check(validate.tidy(found.draft))
        incoming.arrival(number, contract, pull, codes)

    run()


def _leaves(case: object) -> set[str]:
    return set(case.values())  # type: ignore[attr-defined]


def test_a_report_of_theirs_keeps_its_flags_and_loses_what_lies(inside: None) -> None:
    contract = of("")
    assert contract.pull is not None
    report = {
        "judul": "Pohon\u202e tumbang\x00",
        "isi": "x" * 20_000,
        "kategori": {"utama": "A", "sub": "B"},
        "anonim": "ya",
        "rahasia": True,
        "lokasi": {"lintang": "91", "bujur": 115.2, "wilayah": "99.99"},
        "pelapor": {"nama": "Nama", "telepon": "bukan nomor"},
        "unit": "Dinas yang tidak ada",
    }
    item = {"id": 5, "jenis": "disposisi", "nomor": 77, "waktu": "2999-01-01T00:00:00Z", "laporan": report}
    found = incoming.arrival(item, contract, contract.pull, {National("A", "B"): "ROAD.POTHOLE"})
    assert found is not None and found.draft is not None
    draft = found.draft
    assert (draft.title, len(draft.body), draft.category) == ("Pohon tumbang", 10_000, "ROAD.POTHOLE")
    assert draft.anonymous and draft.secret and draft.reporter.name == "" and draft.location.lat is None
    assert found.at.year < 2900 and found.foreign_id == "77" and draft.agency_code is None


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>" * 40 + b"</a>" * 40,
        b"<a>" + b"x" * 200_001 + b"</a>",
        b"<a/>" * 2,
        b"&x;",
        b"",
    ],
)
def test_xml_that_could_harm_is_refused(body: bytes) -> None:
    with pytest.raises(xml.BadXml):
        xml.read(body)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=120) | st.text(max_size=60).map(lambda t: f"<a>{t}</a>".encode("utf-8", "replace")))
def test_no_bytes_crash_the_xml_reader(body: bytes) -> None:
    with contextlib.suppress(xml.BadXml):
        xml.said(xml.read(body), "trackingid")
