"""Many rows quickly, straight into the tables: only the benchmark's own database gets such."""

from __future__ import annotations

import psycopg

CASES = """
INSERT INTO lapor.complaint (
    tenant_id, id, number, kind, title, body, category_code, lat, lng, address, area_code, published, channel,
    status, agency_id, suggested_id, received_at, updated_at, due_step, due_from, due_at, overdue, closed_at, closed_how)
SELECT %(tenant)s, gen_random_uuid(), %(code)s || '-2026-' || lpad(n::text, greatest(6, length(n::text)), '0'), 'complaint',
    'Lampu jalan mati di ruas ' || n, 'Gelap sejak malam ' || n || ', warga meminta perbaikan secepatnya di kata' || n %% 997,
    c.code, -8.65 + (n %% 100) * 0.001, 115.21 + (n %% 77) * 0.001, 'Jalan nomor ' || n, a.code,
    n %% 20 <> 0, 'web',
    CASE WHEN n %% 10 <> 0 THEN 'closed' WHEN n %% 40 = 0 THEN 'received'
         WHEN n %% 40 = 10 THEN 'dispositioned' WHEN n %% 40 = 20 THEN 'in_progress' ELSE 'answered' END,
    g.id, g.id, moment, moment, 'verify', moment, moment + interval '3 days', n %% 10 = 0 AND n %% 40 = 10,
    CASE WHEN n %% 10 <> 0 THEN moment + interval '2 days' END, CASE WHEN n %% 10 <> 0 THEN 'confirmed' ELSE '' END
FROM (SELECT n, now() - n * interval '30 seconds' AS moment FROM generate_series(1, %(rows)s) AS n) AS series
JOIN (SELECT code, row_number() OVER (ORDER BY code) AS k, count(*) OVER () AS of
      FROM lapor.category WHERE tenant_id = %(tenant)s) AS c ON c.k = 1 + n %% c.of
JOIN (SELECT code, row_number() OVER (ORDER BY code) AS k, count(*) OVER () AS of
      FROM core.area WHERE tenant_id = %(tenant)s AND level <> 'kecamatan') AS a ON a.k = 1 + n %% a.of
JOIN (SELECT id, row_number() OVER (ORDER BY code) AS k, count(*) OVER () AS of
      FROM core.agency WHERE tenant_id = %(tenant)s) AS g ON g.k = 1 + n %% g.of
"""
BESIDE = """
INSERT INTO lapor.reporter (tenant_id, complaint_id, salt)
SELECT tenant_id, id, decode(repeat('ab', 16), 'hex') FROM lapor.complaint WHERE tenant_id = %(tenant)s;
INSERT INTO lapor.event (tenant_id, id, complaint_id, type, to_status, actor_kind, at)
SELECT tenant_id, gen_random_uuid(), id, 'received', 'received', 'anonymous', received_at
FROM lapor.complaint WHERE tenant_id = %(tenant)s;
INSERT INTO lapor.number (tenant_id, year, last) VALUES (%(tenant)s, extract(year FROM now())::int, %(rows)s)
ON CONFLICT (tenant_id, year) DO UPDATE SET last = %(rows)s
"""


def cases(admin: psycopg.Connection, tenant_id: int, code: str, rows: int) -> None:
    """Give a tenant that has none `rows` complaints, a tenth of them open, a twentieth not published."""
    have = admin.execute(
        "SELECT 1 FROM lapor.complaint WHERE tenant_id = %s LIMIT 1", (tenant_id,)
    ).fetchone()
    if have:
        return
    values = {"tenant": tenant_id, "code": code, "rows": rows}
    with admin.transaction():
        admin.execute(CASES.encode(), values)
        for statement in BESIDE.split(";\n"):
            admin.execute(statement.encode(), values)
    admin.execute("ANALYZE lapor.complaint, lapor.event, lapor.reporter")


def tenants(admin: psycopg.Connection, count: int) -> None:
    """Bring the number of governments to at least `count`, empty ones beside those that are there."""
    admin.execute(
        """
        WITH made AS (
            INSERT INTO core.tenant (slug, name, short_code, timezone, theme, profile)
            SELECT 'bench-' || n, 'Kota ' || n, 'X' || translate(lpad(n::text, 4, '0'), '0123456789', 'ABCDEFGHIJ'),
                   'Asia/Jakarta', t.theme, t.profile
            FROM generate_series(1, %(count)s) AS n, (SELECT theme, profile FROM core.tenant ORDER BY id LIMIT 1) AS t
            ON CONFLICT DO NOTHING RETURNING id, slug)
        INSERT INTO core.host_name (host, tenant_id, is_primary) SELECT slug || '.localhost', id, true FROM made
        """,
        {"count": count},
    )
    admin.execute(
        """
        INSERT INTO core.tenant_plugin (tenant_id, name, enabled)
        SELECT t.id, p.name, true FROM core.tenant t, (VALUES ('lapor'), ('berita')) AS p(name)
        WHERE t.slug LIKE 'bench-%' ON CONFLICT DO NOTHING
        """
    )
