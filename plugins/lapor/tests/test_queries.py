"""Lists at the desk and for everybody: right rows, right order, right counts, by index alone."""

from datetime import UTC, datetime, timedelta

import pytest
from lapor_reports import draft
from sqlalchemy import event, text

from plugins.lapor import queries, service
from plugins.lapor.contracts import Filters, Location
from plugins.lapor.jobs import clocks, tidy
from superapp.sdk import BadRequest, NotFound, at_time, session

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BOXES = ("mine", "agency", "referral", "unverified", "priority", "overdue", "all")


@pytest.fixture
def five(acting):
    """Five reports an hour apart: two with DLHK, one with DPUPR, one closed, one secret."""
    with acting():
        receipts = []
        for hour in range(5):
            with at_time(MONDAY + timedelta(hours=hour)):
                receipts.append(service.submit(draft(title=f"Laporan ke-{hour}", secret=hour == 4)))
    with at_time(MONDAY + timedelta(hours=6)), acting("coordinator", "DISKOMINFO"):
        for place, unit in ((0, "DLHK"), (1, "DLHK"), (2, "DPUPR"), (3, "DLHK")):
            service.dispose(receipts[place].id, agency_codes=[unit])
        service.answer(receipts[3].id, text="Selesai.")
    with at_time(MONDAY + timedelta(hours=7)), acting():
        service.confirm(receipts[3].ticket, solved=True)
    return receipts


def titles(box: str, **filters: str) -> list[str]:
    return [row.title[-1] for row in queries.inbox(box, Filters(**filters)).items]


def test_each_role_sees_its_own_boxes(acting, five) -> None:
    with acting("coordinator", "DISKOMINFO"):
        assert titles("unverified") == ["4"]
        assert sorted(titles("all")) == ["0", "1", "2", "4"]
        assert titles("all", status="closed") == ["3"]
    with acting("leader"):
        assert sorted(titles("all")) == ["0", "1", "2"]
    with acting("liaison", "DLHK"):
        assert titles("agency") == ["0", "1"]
        assert titles("unverified") == []
        assert sorted(titles("all", status="closed")) == ["3"]
    with acting("liaison", "INSPEKTORAT"):
        assert all(titles(box) == [] for box in BOXES)


@pytest.mark.parametrize(
    "who", [("coordinator", "DISKOMINFO"), ("leader", ""), ("liaison", "DLHK"), ("liaison", "DPUPR")]
)
def test_the_counts_are_those_of_the_lists(acting, five, who) -> None:
    with at_time(MONDAY + timedelta(days=30)), acting(*who):
        clocks.mark_late()
        counts = queries.counts()
        assert counts == {box: len(queries.inbox(box).items) for box in BOXES}
        assert tidy.drift() == {}


def test_counters_are_set_right_when_they_drifted(acting, five, admin_connection) -> None:
    admin_connection.execute("UPDATE lapor.counter SET value = value + 7 WHERE key = 'open'")
    with acting("coordinator", "DISKOMINFO"):
        assert tidy.drift() == {"open": -7 * shards(admin_connection)}
        tidy.tidy()
        assert tidy.drift() == {}


def shards(connection) -> int:
    return connection.execute("SELECT count(*) FROM lapor.counter WHERE key = 'open'").fetchone()[0]


def test_an_officer_finds_what_was_taken_up_under_mine(acting, five) -> None:
    with acting("liaison", "DLHK"):
        service.progress(five[0].id, text="Menuju lokasi.")
        assert titles("mine") == ["0"]
        assert queries.counts()["mine"] == 1


def test_the_nearest_due_comes_first_and_pages_join_without_a_gap(acting, five) -> None:
    with acting("coordinator", "DISKOMINFO"):
        whole = queries.inbox("all").items
        assert [row.due_at for row in whole] == sorted(row.due_at for row in whole)
        pieces, cursor = [], None
        while True:
            page = queries.inbox("all", cursor=cursor, limit=1)
            pieces += page.items
            cursor = page.next
            if cursor is None:
                break
        assert [row.id for row in pieces] == [row.id for row in whole]
        before, after = queries.neighbours(whole[1].id, "all")
        assert (before, after) == (whole[0].number, whole[2].number)


@pytest.mark.parametrize("cursor", ["x", "%%%", "MjAyNg", "é", "a" * 500])
def test_a_cursor_that_is_none_is_refused(acting, cursor) -> None:
    with acting("coordinator", "DISKOMINFO"), pytest.raises(BadRequest):
        queries.inbox("all", cursor=cursor)


def test_filters_narrow_and_unknown_values_find_nothing(acting, five) -> None:
    with acting("coordinator", "DISKOMINFO"):
        assert len(titles("all", category="WASTE")) == 4
        assert titles("all", category="ROAD") == []
        assert len(titles("all", area="51.71.01")) == 4
        assert titles("all", area="51.71.02") == []
        assert (
            titles("all", channel="phone")
            == titles("all", status="lost")
            == titles("all", agency="NONE")
            == []
        )
        assert titles("all", agency="DPUPR") == ["2"]


def test_search_finds_by_word_beginnings_address_and_number(acting, five) -> None:
    with acting():
        service.submit(
            draft(title="Pohon tumbang", body="Menimpa kabel", location=Location(address="Jalan Waribang"))
        )
    with acting("coordinator", "DISKOMINFO"):
        assert [row.title for row in queries.inbox("all", Filters(search="pohon tumb")).items] == [
            "Pohon tumbang"
        ]
        assert [row.title for row in queries.inbox("all", Filters(search="WARIBANG")).items] == [
            "Pohon tumbang"
        ]
        assert titles("all", search=five[2].number) == ["2"]
        assert titles("all", search=str(int(five[3].number[-6:]))) == ["3"]
        for odd in ("' | !", "a:*&", "((", "%", "'; DROP", "\\", "***"):
            assert titles("all", search=odd) == []
    with acting("liaison", "DPUPR"):
        assert queries.inbox("all", Filters(search="pohon")).items == ()


def test_search_sees_no_other_government(acting, five, tenant_b) -> None:
    with acting("coordinator", "DISKOMINFO", tenant=tenant_b):
        assert queries.inbox("all", Filters(search="laporan")).items == ()
        assert session().execute(text("SELECT count(*) FROM lapor.search('laporan', 10)")).scalar() == 0


def test_ids_are_given_only_for_cases_the_actor_may_see(acting, five) -> None:
    with acting("liaison", "DLHK"):
        assert queries.id_of(five[0].number) == five[0].id
        for hidden in (five[2].number, five[4].number, "UJI-2026-999999"):
            with pytest.raises(NotFound):
                queries.id_of(hidden)
    with acting(), pytest.raises(NotFound):
        queries.id_of(five[0].number)


def test_the_public_list_is_newest_first_and_only_what_was_verified(acting, five) -> None:
    with acting():
        service.submit(draft(title="Belum diperiksa"))
        shown = queries.public_list().items
        assert [row.title[-1] for row in shown] == ["3", "2", "1", "0"]
        first = queries.public_list(limit=3)
        assert [row.title[-1] for row in queries.public_list(cursor=first.next).items] == ["0"]


def test_figures_keep_their_base(acting, five) -> None:
    with at_time(MONDAY + timedelta(days=1)), acting():
        found = queries.figures(months=1)
    assert (found.received, found.open, found.closed, found.on_time) == (5, 4, 1, 1)


FILL = """
INSERT INTO lapor.complaint (tenant_id, id, number, kind, title, body, category_code, address, channel,
    status,
    agency_id, published, overdue, received_at, updated_at, due_step, due_from, due_at, closed_at, closed_how)
SELECT t.id, gen_random_uuid(), 'UJI-2020-' || lpad(n::text, 6, '0'), 'complaint', 'Laporan ' || n,
    'Isi laporan ' || md5(n::text), 'WASTE.PILE', '', 'web',
    CASE WHEN n % 20 = 0 THEN 'in_progress' WHEN n % 97 = 0 THEN 'received' ELSE 'closed' END,
    CASE WHEN n % 97 <> 0 THEN (SELECT id FROM core.agency a WHERE a.tenant_id = t.id AND code = 'DLHK') END,
    n % 97 <> 0, n % 400 = 0, now() - n * interval '1 minute', now(), 'resolve',
    now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '14 days', NULL, ''
FROM core.tenant t, generate_series(1, 40000) n WHERE t.slug = 'uji-a'
"""
LISTS = {
    "all": lambda: queries.inbox("all"),
    "unverified": lambda: queries.inbox("unverified"),
    "overdue": lambda: queries.inbox("overdue"),
    "closed": lambda: queries.inbox("all", Filters(status="closed")),
    "word": lambda: queries.inbox("all", Filters(search="c4ca4238a0b923820dcc509a6f75849b")),
    "number": lambda: queries.inbox("all", Filters(search="UJI-2020-000777")),
    "public": queries.public_list,
    "public word": lambda: queries.public_list(Filters(search="c81e728d9d4c2f636f067f89cc14862c")),
    "counts": queries.counts,
    "view": lambda: service.public_view("UJI-2020-000001"),
}


def test_no_list_reads_a_whole_table_of_a_large_government(acting, admin_connection) -> None:
    admin_connection.execute(FILL)
    admin_connection.execute("ANALYZE lapor.complaint")
    plans: dict[str, str] = {}
    with acting("coordinator", "DISKOMINFO"):
        for name, ask in LISTS.items():
            plans[name] = explained(ask)
    with acting("liaison", "DLHK"):
        plans["agency"] = explained(lambda: queries.inbox("agency"))
    whole = [name for name, plan in plans.items() if "Seq Scan on complaint" in plan]
    assert whole == []
    assert not [
        name for name, plan in plans.items() if name in {"all", "overdue", "public"} and "Sort" in plan
    ]


def explained(ask) -> str:
    """The plans of every statement that `ask` sends, as the app's own role."""
    sent: list[tuple[str, object]] = []

    def note(connection, cursor, statement, parameters, *_) -> None:
        if "FROM lapor.complaint" in statement or "lapor.search" in statement:
            sent.append((statement, parameters))

    engine = session().get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert ask() is not None
    finally:
        event.remove(engine, "before_cursor_execute", note)
    plans = []
    driver = session().connection().connection.dbapi_connection
    for statement, parameters in sent:
        with driver.cursor() as cursor:
            cursor.execute("EXPLAIN " + statement, parameters)
            plans += [line for (line,) in cursor.fetchall()]
    return "\n".join(plans)
