"""Likeness: what it finds on a made-up city, what it ignores, and that an index finds it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text

from plugins.lapor.service.alike import likeness, offers, prints, twins
from plugins.lapor.service.alike.likeness import FOR_CITIZENS, FOR_OFFICERS, score
from plugins.lapor.service.alike.marks import Marks, folded, marks, neighbours, street_hash
from superapp.sdk import session, work
from tests.bench.neighbours import told

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def said(words: str, **changes) -> Marks:
    place = {"lat": -8.65, "lng": 115.21, "address": "Jl. Gatot Subroto", "category": "LIGHT.OUT", "at": DAY}
    return marks(words, **{**place, **changes})


def measured(seed: int, incidents: int = 700) -> dict[float, tuple[float, float]]:
    """By threshold: how many repeats the likest offers hold, and how many of the first offers are right."""
    rows = told(incidents, seed)
    found = [
        marks(r.text, category=r.category, at=r.at, lat=r.lat, lng=r.lng, address=r.address) for r in rows
    ]
    cells, streets, best = defaultdict(list), defaultdict(list), defaultdict(list)
    for n, mine in enumerate(found):
        near = {m for cell in (neighbours(mine.cell) if mine.cell else ()) for m in cells[cell][-40:]}
        near |= set(streets[mine.street][-40:]) if mine.street else set()
        best[n] = sorted(
            ((score(mine, found[m]), rows[m].incident == rows[n].incident) for m in near), reverse=True
        )[:3]
        if mine.cell:
            cells[mine.cell].append(n)
        if mine.street:
            streets[mine.street].append(n)
    known: set[int] = set()
    repeats = [n for n, row in enumerate(rows) if row.incident in known or known.add(row.incident)]
    answers = {}
    for least in (FOR_CITIZENS, FOR_OFFICERS):
        hits = sum(any(right and points >= least for points, right in best[n]) for n in repeats)
        firsts = [each[0][1] for each in best.values() if each and each[0][0] >= least]
        answers[least] = (hits / len(repeats), sum(firsts) / len(firsts))
    return answers


def test_repeats_are_found_and_offers_are_mostly_right() -> None:
    found = measured(seed=11)
    assert found[FOR_CITIZENS][0] >= 0.8 and found[FOR_CITIZENS][1] >= 0.7
    assert found[FOR_OFFICERS][0] >= 0.88 and found[FOR_OFFICERS][1] >= 0.6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PJU padam di depan SPBU", "lampu jalan mati dpn pom bensin"),
        ("Jalan berlubang besar", "jln bolong gede"),
        ("Selokan tersumbat sampah", "got mampet sampah"),
    ],
)
def test_the_same_thing_by_another_name_is_folded_into_one(one, other) -> None:
    assert len(set(folded(one)) & set(folded(other))) >= 2


def test_numbers_of_persons_and_links_leave_no_mark() -> None:
    left = folded("Hubungi 081234567890 atau a@b.example, lihat https://x.example/y NIK 5171011234567890")
    assert not any(sign.isdigit() or "@" in sign or "example" in sign for sign in left)


@pytest.mark.parametrize(
    "address", ["Jalan Gatot Subroto, depan SPBU", "Jl. Gatot Subroto no 12", "depan bank jln gatot subroto"]
)
def test_a_street_is_the_same_however_it_is_written(address) -> None:
    assert street_hash(address) == street_hash("Gatot Subroto")


@given(st.text(max_size=300), st.floats(-11, 6), st.floats(95, 141), st.text(max_size=80))
def test_any_text_and_place_has_marks_within_their_bounds(words, lat, lng, address) -> None:
    found = said(words, lat=lat, lng=lng, address=address)
    assert len(found.words) <= 600 and len(found.spot) <= 200 and 0 <= score(found, found) <= 1
    for number in (found.cell, found.street, found.digest, found.band_a, found.band_b):
        assert number is None or -(2**63) <= number < 2**63


@given(st.floats(0, 2000), st.floats(0, 2000))
def test_farther_away_is_never_more_alike(near, far) -> None:
    here = said("lampu mati tiga tiang di depan pasar")
    ways = sorted((near, far))
    one, other = (said("lampu mati tiga tiang di depan pasar", lat=-8.65 + way / 111_000) for way in ways)
    assert score(here, one) >= score(here, other)


FILL = """
INSERT INTO lapor.complaint (tenant_id, id, number, kind, title, body, category_code, address, channel,
    status, published, received_at, updated_at, due_step, due_from, due_at)
SELECT t.id, gen_random_uuid(), 'UJI-2020-' || lpad(n::text, 6, '0'), 'complaint', 'Laporan ' || n,
    'Isi laporan ' || n, 'WASTE.PILE', '', 'web',
    CASE WHEN n % 10 = 0 THEN 'received' ELSE 'closed' END, true,
    now() - n * interval '1 minute', now(), 'resolve', now(), now() + interval '1 day'
FROM core.tenant t, generate_series(1, 30000) n WHERE t.slug = 'uji-a';
INSERT INTO lapor.likeness (tenant_id, complaint_id, cell, street, digest, band_a, band_b, category_code,
    lat, lng, words, live, received_at)
SELECT tenant_id, id, 617700169958293503 + (random() * 900)::int, (random() * 900)::int,
    (random() * 9000)::int,
    (random() * 9000)::int, (random() * 9000)::int, category_code, -8.7, 115.2, 'sampah numpuk pasar bau',
    status = 'received', received_at
FROM lapor.complaint;
"""


def test_neighbours_come_through_an_index_as_the_apps_own_role(acting, admin_connection) -> None:
    for statement in FILL.split(";\n"):
        admin_connection.execute(statement)
    admin_connection.execute("ANALYZE lapor.complaint, lapor.likeness")
    sent: list[tuple[str, object]] = []

    def note(connection, cursor, statement, parameters, *_) -> None:
        if "lapor.likeness" in statement and statement.lstrip().startswith("SELECT"):
            sent.append((statement, parameters))

    with acting("coordinator", "DISKOMINFO"):
        engine = session().get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            mine = said("sampah menumpuk di depan pasar bau sekali sejak senin")
            likeness.alike(mine, least=0.0)
            likeness.same_text(mine, since=DAY)
            offers.near("sampah numpuk pasar", category=None, lat=-8.7, lng=115.2, address="Jalan Uji")
            with work():
                twins.find()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert len(sent) >= 4
        driver = session().connection().connection.dbapi_connection
        for statement, parameters in sent:
            with driver.cursor() as cursor:
                cursor.execute("EXPLAIN " + statement, parameters)
                plan = "\n".join(line for (line,) in cursor.fetchall())
            if "CROSS JOIN LATERAL" not in statement:  # the nightly look walks the window as a whole
                assert "Seq Scan" not in plan, plan
            assert "likeness_" in plan


def test_lost_marks_of_another_government_stay_lost(acting, tenant_b) -> None:
    with acting(tenant=tenant_b):
        assert prints.mend() == 0
        assert session().execute(text("SELECT count(*) FROM lapor.likeness")).scalar_one() == 0
