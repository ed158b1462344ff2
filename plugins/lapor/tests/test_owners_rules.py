"""Rules and units with their dates: trying them, changing them, reorganisations, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.lapor import owner_files
from plugins.lapor.desk.inbox import thousands
from plugins.lapor.service import reference
from plugins.lapor.service.owners import rules, tester
from plugins.lapor.service.owners.judge import Passing, Span, circles
from plugins.lapor.tests.desk_people import sits
from superapp.sdk import Forbidden, Invalid, Row, directory

DESK = ("coordinator", "DISKOMINFO")
DAY = date(2026, 3, 2)


def whys(tried: tester.Tried) -> dict[str, str]:
    return {each.agency.code: each.why for each in tried.verdicts if each.agency}


def begin(**changes):
    facts = {"agency": "DISKOMINFO", "valid_from": DAY, "document": "Perwali 7/2026"}
    return rules.add_rule(**{**facts, **changes})


def test_the_tester_says_which_rule_speaks_and_why_others_do_not(acting) -> None:
    with acting(*DESK):
        begin(category="ROAD.POTHOLE", valid_from=date(2030, 1, 1), valid_to=date(2030, 2, 1), priority=5)
        begin(agency="INSPEKTORAT", category="ROAD.POTHOLE", kind="aspiration", priority=6)
        reference.forget()
        tried = tester.attempt(DAY, category="ROAD.POTHOLE", area="51.71.01.1001")
        assert tried.speaks is not None and tried.speaks.agency.code == "DPUPR"
        found = whys(tried)
        assert (found["DPUPR"], found["BPJN"]) == ("speaks", "area")
        assert (found["DISKOMINFO"], found["INSPEKTORAT"]) == ("dates", "kind")
        there = whys(tester.attempt(DAY, category="ROAD.POTHOLE", area="51.71.02.1001"))
        assert (there["BPJN"], there["DPUPR"]) == ("speaks", "less_specific")


def test_the_tester_guesses_the_category_and_takes_the_nearest_village(acting) -> None:
    with acting(*DESK):
        tried = tester.attempt(DAY, text="Tumpukan sampah menumpuk", lat=-8.7343, lng=115.2351)
        assert (tried.category, tried.area, tried.guessed, tried.nearest) == (
            "WASTE.PILE",
            "51.71.01.1001",
            True,
            True,
        )
        for wrong in ({"area": "99"}, {"kind": "x"}, {"category": "X"}, {"lat": 1.0}):
            with pytest.raises(Invalid):
                tester.attempt(DAY, **wrong)


def test_a_rule_ends_and_another_begins_but_never_two_at_once(acting) -> None:
    with acting(*DESK):
        first = begin(category="WASTE.PILE", area="51.71.01", priority=3)
        with pytest.raises(Invalid) as refused:
            begin(agency="DPUPR", category="WASTE.PILE", area="51.71.01", priority=3)
        assert "Dinas Komunikasi dan Informatika" in refused.value.errors[0].message
        rules.end_rule(first, last=date(2026, 6, 30))
        with pytest.raises(Invalid):
            rules.end_rule(first, last=date(2026, 7, 30))
        begin(
            agency="DPUPR",
            category="WASTE.PILE",
            area="51.71.01",
            priority=3,
            valid_from=date(2026, 7, 1),
        )


def test_a_rule_may_not_outlive_its_unit_nor_a_unit_its_rules(acting) -> None:
    with acting(*DESK):
        with pytest.raises(Invalid) as refused:
            rules.close_agency("DLHK", last=date(2026, 12, 31), document="Perda 1/2026")
        assert "Tumpukan sampah" in refused.value.errors[0].message
        assert rules.reorganise(
            giver="DLHK", taker="DPUPR", on=date(2027, 1, 1), document="Perda 1/2026", move_rules=True
        )
        rules.close_agency("DLHK", last=date(2026, 12, 31), document="Perda 1/2026")
        directory.forget()
        with pytest.raises(Invalid) as closed:
            begin(agency="DLHK", category="DRAIN.CLOG", priority=9, valid_from=date(2026, 6, 1))
        assert closed.value.errors[0].field == "agency"
        reference.forget()
        later = tester.attempt(date(2027, 1, 1), category="WASTE.PILE")
        assert later.speaks.agency.code == "DPUPR" and later.speaks.rule.document == "Perda 1/2026"
        assert tester.attempt(date(2026, 12, 31), category="WASTE.PILE").speaks.agency.code == "DLHK"


def test_a_reorganisation_goes_to_a_unit_that_exists_and_not_in_a_circle(acting) -> None:
    with acting(*DESK):
        on = date(2026, 5, 1)
        rules.reorganise(giver="DLHK", taker="DPUPR", on=on, document="Perda 1", move_rules=False)
        with pytest.raises(Invalid) as refused:
            rules.reorganise(giver="DPUPR", taker="DLHK", on=on, document="Perda 2", move_rules=False)
        assert "Perda 1" in refused.value.errors[0].message
        with pytest.raises(Invalid):
            rules.reorganise(giver="DLHK", taker="", on=None, document="Perda 2")


def test_only_who_sets_rules_may(acting) -> None:
    with acting("liaison", "DLHK"):
        for deed in (begin, lambda: rules.close_agency("DLHK", last=DAY, document="x")):
            with pytest.raises(Forbidden):
                deed()


@pytest.mark.parametrize("role", ["coordinator", "admin"])
def test_the_pages_of_rules_and_units(app, client, tenant_a, role) -> None:
    browser = sits(app, client, tenant_a, role, "DISKOMINFO")
    for path in ("aturan", "aturan?lama=1", "unit"):
        assert browser.get(f"/meja/lapor/{path}").status_code == 200
    page = browser.get("/meja/lapor/aturan/coba?text=sampah+menumpuk&date=2026-03-02")
    assert "aturan ini yang dipakai" in page.text and "Dinas Lingkungan Hidup" in page.text
    assert browser.get("/meja/lapor/aturan/coba?date=kemarin").status_code == 422
    token = browser.token("/meja/akun")
    form = {"csrf_token": token, "agency": "DLHK", "valid_from": "2026-01-01", "document": ""}
    refused = browser.post("/meja/lapor/aturan", data=form)
    assert refused.status_code == 422
    made = browser.post(
        "/meja/lapor/aturan",
        data={**form, "document": "Perwali 9", "category": "DRAIN.CLOG", "priority": "4"},
    )
    assert made.status_code == 303
    assert "Perwali 9" in browser.get("/meja/lapor/aturan").text
    assert thousands(1284) == "1.284"


def row(line: int, **values) -> Row:
    blank = {"valid_from": None, "valid_to": None, "category": None}
    return Row(line, {**blank, **values})


def test_a_folder_with_rules_beyond_their_unit_is_refused_with_the_row_named() -> None:
    tables = {
        "agencies.csv": [row(2, code="A", valid_to=date(2025, 12, 31)), row(3, code="B")],
        "categories.csv": [row(2, code="X", valid_to=date(2025, 6, 1))],
        "routing.csv": [
            row(2, agency="A"),
            row(3, agency="B"),
            row(4, agency="B", category="X", valid_to=date(2025, 6, 1)),
            row(5, agency="B", category="X"),
        ],
    }
    found = list(owner_files.rules_hold(tables))
    assert [(each.line, each.column) for each in found] == [(2, "agency"), (5, "category")]
    assert "2026-01-01" in found[0].problem and "2025-12-31" in found[0].remedy


def test_a_folder_with_reorganisations_in_a_circle_is_refused_with_the_row_named() -> None:
    tables = {
        "agencies.csv": [row(2, code="A", valid_to=date(2020, 1, 1)), row(3, code="B"), row(4, code="C")],
        "reorganisations.csv": [
            {"line": 2, "from": "B", "to": "A", "on": date(2021, 1, 1)},
            {"line": 3, "from": "B", "to": "C", "on": date(2022, 1, 1)},
            {"line": 4, "from": "C", "to": "B", "on": date(2022, 1, 1)},
        ],
    }
    tables["reorganisations.csv"] = [
        row(each.pop("line"), **each) for each in map(dict, tables["reorganisations.csv"])
    ]
    found = [(each.line, each.column) for each in owner_files.reorganisations_lead_on(tables)]
    assert (2, "to") in found and {(3, "from"), (4, "from")} <= set(found)


DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2020, 2, 1)))
SPANS = st.builds(Span, DAYS, DAYS).filter(lambda s: not (s.start and s.end and s.end < s.start))


@given(SPANS, SPANS)
def test_a_span_reaches_beyond_another_on_exactly_a_day_that_the_other_lacks(one: Span, other: Span) -> None:
    day = one.beyond(other)
    every = [date(2019, 12, 1 + n) for n in range(31)] + [
        date.fromordinal(date(2020, 1, 1).toordinal() + n) for n in range(60)
    ]
    missing = [each for each in every if one.holds(each) and not other.holds(each)]
    assert (day is None) == (not missing)
    if day is not None:
        assert one.holds(day) and not other.holds(day)
    assert one.overlaps(other) == any(one.holds(each) and other.holds(each) for each in every)


@given(
    st.permutations("ABCDE"), st.lists(st.dates(date(2020, 1, 1), date(2022, 1, 1)), min_size=4, max_size=4)
)
def test_a_chain_never_is_a_circle_and_closing_it_always_is(units, days) -> None:
    days = sorted(days)
    chain = [Passing(one, two, day) for one, two, day in zip(units, units[1:], days, strict=False)]
    assert circles(chain) == []
    assert circles([*chain, Passing(units[-1], units[0], days[-1])])


def test_a_matter_may_come_back_on_a_later_day() -> None:
    lamps = [
        Passing("A", "B", date(2019, 1, 1), "LIGHT.OUT"),
        Passing("B", "C", date(2021, 1, 1), "LIGHT.OUT"),
        Passing("C", "A", date(2022, 1, 1), "LIGHT.OUT"),
    ]
    assert circles(lamps) == []
    assert circles([Passing("A", "A", date(2019, 1, 1), "LIGHT.OUT")]) == [0]
