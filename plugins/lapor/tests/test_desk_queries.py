"""What the desk's shared work asks on every page walks an index, however many rows a government has."""

from sqlalchemy import event, text

from plugins.lapor import queries, service
from plugins.lapor.contracts import Filters
from plugins.lapor.service.deskwork import drafts, links, mentions, presence, views
from plugins.lapor.service.deskwork.start import look
from plugins.lapor.service.kept import steps
from plugins.lapor.tests.lapor_reports import draft
from superapp.sdk import session

MANY = """
INSERT INTO lapor.complaint (tenant_id, id, number, kind, title, body, category_code, address, channel,
    status, agency_id, published, received_at, updated_at, due_step, due_from, due_at)
SELECT t.id, gen_random_uuid(), 'UJI-2020-' || lpad(n::text, 6, '0'), 'complaint', 'Laporan ' || n, 'Isi',
    'WASTE.PILE', '', 'web', CASE WHEN n % 20 = 0 THEN 'received' ELSE 'closed' END, NULL, true,
    now() - n * interval '1 minute', now(), 'verify', now(), now() + interval '3 days'
FROM core.tenant t, generate_series(1, 20000) n WHERE t.slug = 'uji-a';
INSERT INTO lapor.event (tenant_id, id, complaint_id, type, actor_kind, public, at)
SELECT tenant_id, id, id, 'note', 'officer', false, received_at FROM lapor.complaint;
INSERT INTO lapor.mention (tenant_id, id, complaint_id, event_id, agency_id, opens, at, read_at)
SELECT c.tenant_id, c.id, c.id, c.id, a.id, true, c.received_at, now() FROM lapor.complaint c
JOIN core.agency a ON a.tenant_id = c.tenant_id AND a.code = 'DPUPR';
INSERT INTO lapor.link (tenant_id, id, complaint_id, other_id, kind, made_at)
SELECT tenant_id, gen_random_uuid(), id, lead(id) OVER (ORDER BY id), 'related', now()
FROM (SELECT tenant_id, id FROM lapor.complaint ORDER BY id OFFSET 1) c;
INSERT INTO lapor.undo (tenant_id, id, batch_id, complaint_id, officer_id, kind, action, version, made_at)
SELECT tenant_id, gen_random_uuid(), gen_random_uuid(), id, gen_random_uuid(), 'case', 'verify', 2, now()
FROM lapor.complaint;
INSERT INTO lapor.presence (tenant_id, complaint_id, officer_id, seen_at)
SELECT tenant_id, id, gen_random_uuid(), now() FROM lapor.complaint;
INSERT INTO lapor.draft (tenant_id, complaint_id, owner_id, field, text, officer_id, updated_at)
SELECT tenant_id, id, gen_random_uuid(), 'answer-text', 'x', gen_random_uuid(), now() FROM lapor.complaint;
"""
TABLES = ("complaint", "event", "mention", "link", "undo", "presence", "draft")


def test_nothing_of_the_shared_work_reads_a_whole_table(acting, admin_connection) -> None:
    admin_connection.execute(MANY.replace("lead(id) OVER (ORDER BY id)", other()))
    for table in TABLES:
        admin_connection.execute(f"ANALYZE lapor.{table}")
    with acting("coordinator", "DISKOMINFO"):
        case = service.submit(draft())
        views.save("Baru", "own", {"box": "all", "order": "new"})
        views.save("Sampah", "own", {"box": "unverified", "category": "WASTE.PILE"})
        asked = {
            "start": look,
            "mentions": mentions.mentions,
            "links": lambda: links.links_of(case.id),
            "offer": lambda: steps.offer(case.id),
            "present": lambda: presence.present(case.id),
            "drafts": lambda: drafts.drafts_of(case.id),
            "counted": lambda: views.counted(look().views),
            "newest": lambda: queries.inbox("all", Filters(order="new")),
        }
        plans = {name: explained(ask) for name, ask in asked.items()}
    with acting("liaison", "DPUPR"):
        plans["id"] = explained(lambda: queries.id_of("UJI-2020-000777"))
        plans["own mentions"] = explained(mentions.mentions)
        assert len(mentions.mentions()) == mentions.PAGE
    whole = [
        (name, table) for name, plan in plans.items() for table in TABLES if f"Seq Scan on {table}" in plan
    ]
    assert whole == [], "\n".join(plans[name] for name, _ in whole)


def other() -> str:
    """A row's neighbour, itself never."""
    return "coalesce(lead(id) OVER (ORDER BY id), lag(id) OVER (ORDER BY id))"


def explained(ask) -> str:
    """The plans of every statement that `ask` sends, as the app's own role."""
    sent: list[tuple[str, object]] = []

    def note(connection, cursor, statement, parameters, *_) -> None:
        if statement.lstrip().startswith("SELECT"):
            sent.append((statement, parameters))

    engine = session().get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    session().execute(text("SELECT 1"))
    plans = []
    driver = session().connection().connection.dbapi_connection
    for statement, parameters in sent:
        with driver.cursor() as cursor:
            cursor.execute("EXPLAIN " + statement, parameters)
            plans += [line for (line,) in cursor.fetchall()]
    return "\n".join(plans)
