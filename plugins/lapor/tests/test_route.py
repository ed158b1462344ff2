"""Who gets a report: the rule that fits best on the day, and always somebody."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import Location, Routing
from plugins.lapor.service import reference
from plugins.lapor.service.routing import route
from plugins.lapor.service.time import sla
from superapp.sdk import at_time, current_tenant, directory, new_id


def owner(report) -> str:
    found = route.route(report)
    assert found is not None
    return found.routing.agency_code


def test_the_more_specific_rule_wins(acting) -> None:
    pothole = draft(category="ROAD.POTHOLE")
    with acting():
        assert owner(pothole) == "DPUPR"
        assert owner(replace(pothole, location=Location(area_code="51.71.02.1001"))) == "BPJN"
        assert owner(draft(category="INFO.REQUEST")) == "DISKOMINFO"


@pytest.fixture
def with_rule(monkeypatch):
    """Add one rule to the tenant's."""

    def add(code: str, **changes: object) -> None:
        known = reference.reference()
        plain = reference.Rule(
            new_id(), None, None, None, directory.agencies_by_code()[code].id, 0, "", None, None, ""
        )
        extended = replace(known, rules=(*known.rules, replace(plain, **changes)))
        monkeypatch.setattr(route, "reference", lambda: extended)

    return add


def test_a_rule_for_a_kecamatan_covers_its_villages_and_no_others(acting, with_rule) -> None:
    with acting():
        with_rule("KEC-SELATAN", category_code="WASTE.PILE", area_code="51.71.01")
        assert owner(draft()) == "KEC-SELATAN"
        assert owner(draft(location=Location(area_code="51.71.02.1001"))) == "DLHK"
        assert owner(draft(location=Location())) == "DLHK"


def test_a_rule_holds_from_its_first_to_its_last_local_day(acting, with_rule) -> None:
    with acting():
        with_rule(
            "DPUPR",
            category_code="WASTE.PILE",
            kind="complaint",
            valid_from=date(2026, 3, 2),
            valid_to=date(2026, 3, 3),
        )
        for moment, unit in (
            (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), "DLHK"),
            (datetime(2026, 3, 1, 16, 0, tzinfo=UTC), "DPUPR"),
            (datetime(2026, 3, 3, 15, 59, tzinfo=UTC), "DPUPR"),
            (datetime(2026, 3, 3, 16, 0, tzinfo=UTC), "DLHK"),
        ):
            with at_time(moment):
                assert owner(draft()) == unit


def test_among_equals_the_higher_priority_wins(acting, with_rule) -> None:
    with acting():
        with_rule("DPUPR", category_code="WASTE.PILE", priority=5)
        assert owner(draft()) == "DPUPR"


def test_another_plugins_answer_comes_first_unless_it_names_nobody(acting, monkeypatch) -> None:
    from superapp.sdk import Answer

    answers = iter([Routing("DPUPR", "Aset Dinas PUPR", 0.8), Routing("NOBODY", "?", 1.0)])
    monkeypatch.setattr(route, "first", lambda *_, **__: Answer("assets", next(answers)))
    with acting():
        found = route.route(draft())
        assert found is not None and (found.plugin, found.routing.agency_code) == ("assets", "DPUPR")
        assert owner(draft()) == "DLHK"


def test_whistle_blowing_asks_no_other_plugin(acting, monkeypatch) -> None:
    def never(*_, **__):
        raise AssertionError("a plugin was asked")

    monkeypatch.setattr(route, "first", never)
    with acting():
        assert owner(draft(category="INTEGRITY.EXTORTION")) == "INSPEKTORAT"


def test_the_case_keeps_why_it_was_routed_so(acting) -> None:
    with acting():
        receipt = service.submit(draft())
    with acting("coordinator", "DISKOMINFO"):
        seen = service.desk_view(receipt.id)
    assert seen.routing["reason"] == "Sampah diangkut DLHK."
    assert seen.routing["by"] == "lapor" and seen.routing["rule_id"]
    assert seen.suggestions[0].agency.code == "DLHK" and seen.suggestions[0].strength == 3
    assert "sampah" in seen.suggestions[0].words


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({}, 14),
        ({"kind": "aspiration"}, 5),
        ({"kind": "information"}, 10),
        ({"category": "INTEGRITY.EXTORTION"}, 60),
    ],
)
def test_the_limit_of_the_kind_or_category_applies(acting, changes, amount) -> None:
    with acting():
        found = sla.deadlines(draft(**changes), datetime(2026, 3, 2, tzinfo=UTC), ("resolve",))
    assert [each.amount for each in found] == [amount]
    assert all(each.document for each in found)


def test_the_national_clock_and_the_tenants_run_side_by_side(acting, monkeypatch) -> None:
    with acting():
        known = reference.reference()
        own = reference.Limit("resolve", "tenant", None, None, "WASTE.PILE", 3, "wd", None, None, "Perwali")
        monkeypatch.setattr(sla, "reference", lambda: replace(known, limits=(*known.limits, own)))
        found = sla.deadlines(draft(), datetime(2026, 3, 2, tzinfo=UTC), ("resolve",))
    assert [(each.authority, each.amount) for each in found] == [("tenant", 3), ("national", 14)]


def test_a_tenant_without_limits_gets_the_national_ones(acting, admin_connection) -> None:
    admin_connection.execute("DELETE FROM lapor.time_limit")
    with acting():
        assert current_tenant()
        steps = {each.step for each in reference.reference().limits}
    assert steps == {"verify", "follow_up", "resolve", "confirm"}
