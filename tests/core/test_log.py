"""What is written to the log: no phone number, e-mail address, NIK or opening link, however it came in."""

import io
import json
import logging
import sys

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from superapp import log

TOKENS = (
    "0812 3456 7890",
    "081234567890",
    "+62 812-3456-7890",
    "62812.3456.7890",
    "ayu.pelapor@contoh.id",
    "AYU+uji@mail.contoh.co.id",
    "5171011234567890",
    "a1" * 32,
    "b2" * 36,
)
KEPT = (
    "UJI-2026-000123",
    "01a21509-bcc0-7740-90f1-99cecc8c496d",
    "2026-11-25T23:49:09.762704Z",
    "GET /lapor/lacak/UJI-2026-000123 200 12.5 ms",
    "SELECT 1 FROM lapor.complaint WHERE tenant_id = 1",
)


@pytest.fixture
def lines(monkeypatch):
    """`lines()` is the log as a file would hold it."""
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    log.configure("DEBUG")
    yield file.getvalue
    monkeypatch.undo()
    log.configure("ERROR")


@pytest.mark.parametrize("token", TOKENS)
def test_a_persons_number_is_covered_wherever_it_stands(lines, token) -> None:
    logger = structlog.get_logger("uji")
    logger.warning(f"refused {token}", why=f"value '{token}'", deep={"list": [token, {"value": (token,)}]})
    logger.bind(bound=token).info("bound")
    logging.getLogger("library").error("could not send to %s", token)
    for write in (logger.exception, logging.getLogger("library").exception):
        try:
            raise ValueError(f"bad value {token}")
        except ValueError:
            write("failed")
    written = lines()
    assert token not in written and written.count("\n") == 5
    assert written.count(log.MASK) >= 7 and "Traceback" in written
    assert all(json.loads(line)["event"] for line in written.splitlines())


@pytest.mark.parametrize("name", sorted(log.NAMED))
def test_a_field_of_a_person_is_covered_whatever_it_holds(lines, name) -> None:
    structlog.get_logger("uji").warning("seen", **{name: "Ayu"}, deep={name: "Ayu"})
    structlog.get_logger("uji").warning("empty", **{name: ""})
    written = lines()
    assert "Ayu" not in written and f'"{name}": ""' in written


@pytest.mark.parametrize("text", KEPT)
def test_what_an_operator_needs_stays_readable(text) -> None:
    assert log.masked(text) == text
    assert log.masked({"a": [1, 2.5, True, None, text]}) == {"a": [1, 2.5, True, None, text]}


@given(st.text(max_size=30), st.sampled_from(TOKENS), st.text(max_size=30))
def test_no_neighbourhood_brings_a_number_through(before, token, after) -> None:
    text = f"{before} {token} {after}"
    assert token not in log.masked(text)


def test_in_development_the_lines_are_covered_too(monkeypatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    log.configure("INFO", pretty=True)
    structlog.get_logger("uji").info("refused 081234567890", email="ayu@contoh.id")
    try:
        raise ValueError("081234567890")
    except ValueError:
        structlog.get_logger("uji").exception("failed")
    written = file.getvalue()
    monkeypatch.undo()
    log.configure("ERROR")
    assert "081234567890" not in written and "ayu@" not in written and "failed" in written
