"""The trail cannot be changed or left out; limits count what was rolled back, each government for itself."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from superapp.context import Actor, NoTenant
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import TooMany, Unavailable
from superapp.identity import audit, rate
from superapp.identity.models import Audit, Rate

START = datetime(2026, 3, 17, 2, tzinfo=UTC)


def count(model: type) -> int:
    return session().scalar(select(func.count()).select_from(model))


def test_a_line_says_who_did_what_and_stands_with_the_deed(inside, tenant_a):
    actor = Actor(kind="officer", name="Koordinator")
    with inside(tenant_a, actor):
        with work():
            audit.record("thing.done", "thing", 7, amount=3)
        [line], following = audit.page()
    assert (line.actor, line.action, line.object_type, line.object_id) == (
        "Koordinator",
        "thing.done",
        "thing",
        "7",
    )
    assert line.facts == {"amount": 3} and following is None


def test_a_deed_that_is_rolled_back_leaves_no_line(inside, tenant_a):
    with inside(tenant_a):
        with pytest.raises(ZeroDivisionError), work():
            audit.record("thing.done")
            _ = 1 / 0
        assert count(Audit) == 0
        with pytest.raises(RuntimeError, match="work"):
            audit.record("thing.done")


@pytest.mark.parametrize("name", ["password", "reporter_phone", "api_token", "PIN", "nik", "recovery_code"])
def test_personal_and_secret_facts_are_refused(inside, tenant_a, name):
    with inside(tenant_a), work(), pytest.raises(ValueError, match=name):
        audit.record("thing.done", **{name: "x"})


def test_the_web_role_can_neither_change_nor_delete_a_line(inside, tenant_a):
    with inside(tenant_a):
        with work():
            audit.record("thing.done")
        for statement in (
            "UPDATE core.audit SET action = 'x'",
            "DELETE FROM core.audit",
            "TRUNCATE core.audit",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"):
                session().execute(text(statement))
            session().rollback()


def test_the_trail_is_read_page_by_page_without_gaps(inside, tenant_a, tenant_b):
    with inside(tenant_b), work():
        audit.record("other.government")
    with inside(tenant_a):
        with work():
            for number in range(7):
                audit.record("thing.done", "thing", number)
                session().flush()
        seen, key = [], None
        while True:
            entries, key = audit.page(key, 3)
            seen += [entry.object_id for entry in entries]
            if key is None:
                break
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]


def test_the_desk_turns_the_trails_pages(enter, inside, tenant_a):
    browser = enter(tenant_a, "admin")
    with inside(tenant_a), work():
        for number in range(60):
            audit.record("thing.done", "thing", number)
    page = browser.get("/meja/pengaturan/jejak").get_data(as_text=True)
    onward = page.split('rel="next" href="')[1].split('"')[0]
    assert "Masuk dengan sandi" in browser.get(onward).get_data(as_text=True)
    assert browser.get("/meja/pengaturan/jejak?before=kemarin").status_code == 422


def test_a_limit_lets_so_many_through_and_then_says_how_long(inside, tenant_a):
    with inside(tenant_a), time_machine.travel(START, tick=False) as clock:
        for _each in range(3):
            rate.hit("box", "key", 3, 60)
        clock.shift(20)
        with pytest.raises(TooMany) as told:
            rate.hit("box", "key", 3, 60)
        assert told.value.retry_after == 40
        rate.hit("box", "another key", 3, 60)
        rate.hit("another box", "key", 3, 60)
        clock.shift(40)
        rate.hit("box", "key", 3, 60)


def test_limits_are_each_governments_own(inside, tenant_a, tenant_b):
    with inside(tenant_a):
        rate.hit("box", "key", 1, 60)
        with pytest.raises(TooMany):
            rate.hit("box", "key", 1, 60)
    with inside(tenant_b):
        rate.hit("box", "key", 1, 60)


def test_a_hit_counts_although_its_request_is_rolled_back(inside, tenant_a):
    with inside(tenant_a):
        with pytest.raises(ZeroDivisionError), work():
            rate.hit("box", "key", 1, 60)
            _ = 1 / 0
        with pytest.raises(TooMany):
            rate.hit("box", "key", 1, 60)


def test_clearing_forgets_one_key(inside, tenant_a):
    with inside(tenant_a):
        for key in ("one", "two"):
            rate.hit("box", key, 1, 60)
        rate.clear("box", "one")
        rate.hit("box", "one", 1, 60)
        with pytest.raises(TooMany):
            rate.hit("box", "two", 1, 60)


def test_no_address_and_no_name_is_kept(inside, tenant_a):
    with inside(tenant_a):
        rate.hit("box", "203.0.113.7", 5, 60)
        row = session().scalar(select(Rate))
        assert "203" not in row.key and len(row.key) == 32


def test_without_a_scope_nothing_is_counted(app):
    with app.app_context(), pytest.raises(NoTenant):
        rate.hit("box", "key", 1, 60)


def test_a_store_that_is_away_lets_pass_or_closes_as_asked(inside, tenant_a, app, monkeypatch):
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    kept = app.extensions.pop(rate._ENGINE, None)
    try:
        with inside(tenant_a):
            rate.hit("box", "key", 1, 60)
            rate.clear("box", "key")
            with pytest.raises(Unavailable) as told:
                rate.hit("box", "key", 1, 60, fail_open=False)
            assert told.value.retry_after > 0
    finally:
        app.extensions.pop(rate._ENGINE, None)
        if kept is not None:
            app.extensions[rate._ENGINE] = kept


def test_dead_connections_are_replaced_without_losing_the_count(inside, tenant_a, admin_connection):
    with inside(tenant_a):
        rate.hit("box", "key", 2, 60, fail_open=False)
        for each in [rate._engine().raw_connection() for _ in range(3)]:
            each.close()
        admin_connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'superapp-rate'"
        )
        rate.hit("box", "key", 2, 60, fail_open=False)
        with pytest.raises(TooMany):
            rate.hit("box", "key", 2, 60, fail_open=False)


def test_old_counters_are_swept_away(inside, tenant_a):
    with inside(tenant_a), time_machine.travel(START, tick=False) as clock:
        rate.hit("box", "old", 1, 60)
        clock.shift(2 * 86400 + 1)
        rate.hit("box", "new", 1, 60)
        assert rate.sweep() == 1
        assert count(Rate) == 1
