"""Letters between governments: once, in order, sealed, read by the receiver alone; refused ones return."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from superapp.context import SYSTEM, Tenant, current_tenant, tenant_scope
from superapp.db.engine import session
from superapp.errors import Conflict, NotFound
from superapp.jobs import across
from superapp.plugin import lifecycle, registry
from superapp.plugin.contracts import JobSpec
from superapp.sdk import Agency, governments, post, storage, work
from superapp.tenancy import resolve
from tests.core.plugins_made import plugin

PICTURE = b"RIFF....WEBPVP8 gambar"


@dataclass
class Box:
    """What a plugin named `pos` read and got back, and where; `refuses` makes it raise."""

    read: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    back: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refuses: str = ""
    agencies: set[str] = field(default_factory=set)

    def hear(self, **told: Any) -> None:
        if self.refuses:
            raise Conflict(self.refuses)
        self.agencies |= {each.name for each in session().query(Agency)}
        self.read.append((current_tenant().slug, told))

    def returned(self, **told: Any) -> None:
        self.back.append((current_tenant().slug, told))


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def pair(
    app: Flask, tenant_a: Tenant, tenant_b: Tenant, tmp_path: Path, box: Box
) -> Iterator[tuple[Tenant, Tenant]]:
    jobs = [JobSpec("pos.hear", box.hear, across=True, returned=box.returned), JobSpec("pos.own", box.hear)]
    kept = app.extensions["superapp_plugins"]
    made = plugin(tmp_path, "pos", superapp_jobs=lambda: jobs)
    app.extensions["superapp_plugins"] = registry.build([*registry.discover(), made])
    for tenant in (tenant_a, tenant_b):
        with inside(app, tenant):
            lifecycle.enable(tenant, "pos")
    yield tenant_a, tenant_b
    app.extensions["superapp_plugins"] = kept


@contextmanager
def inside(app: Flask, tenant: Tenant) -> Iterator[None]:
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        yield


def test_a_letter_is_read_once_in_order_and_in_the_receivers_scope(
    app: Flask,
    pair: tuple[Tenant, Tenant],
    box: Box,
    worker: Callable[[], None],
    admin_connection: psycopg.Connection,
) -> None:
    here, there = pair
    with inside(app, here):
        assert [each.slug for each in governments()] == [there.slug]
        with work():
            for number in range(5):
                post(there.slug, "pos.hear", {"n": number, "word": "rahasia-surat"}, order="k")
            post(there.slug, "pos.hear", {"n": 9}, letter="same", enclosed=[PICTURE])
            post(there.slug, "pos.hear", {"n": 10}, letter="same", enclosed=[PICTURE])
        with pytest.raises(ZeroDivisionError), work():
            post(there.slug, "pos.hear", {"n": 99})
            raise ZeroDivisionError
    waiting = admin_connection.execute("SELECT args::text FROM jobs.procrastinate_jobs").fetchall()
    assert "rahasia-surat" not in str(waiting), "what waits is sealed"
    worker()
    assert {slug for slug, _ in box.read} == {there.slug}
    assert [told["n"] for _, told in box.read if told["n"] < 9] == [0, 1, 2, 3, 4]
    once = [told for _, told in box.read if told["letter"] == "same"]
    assert len(once) == 1 and once[0]["sender"] == here.slug and once[0]["enclosed"] == (PICTURE,)
    assert len(box.read) == 6
    with inside(app, there):
        assert box.agencies == {each.name for each in session().query(Agency)}
    with inside(app, here), pytest.raises(NotFound):
        storage.read("letter/00/01890000-0000-7000-8000-000000000000")
    assert [p for p in (storage_of(app) / str(here.id) / "letter").rglob("*") if p.is_file()] == [], (
        "no picture stays behind"
    )


def storage_of(app: Flask) -> Path:
    return app.extensions["superapp_settings"].var / "files"


def test_what_is_refused_comes_back_and_a_closed_door_says_so(
    app: Flask, pair: tuple[Tenant, Tenant], box: Box, worker: Callable[[], None]
) -> None:
    here, there = pair
    box.refuses = "Tidak ada sambungan."
    with inside(app, here), work():
        post(there.slug, "pos.hear", {"n": 1}, letter="one")
    worker()
    with inside(app, there):
        lifecycle.disable(there, "pos")
    with inside(app, here), work():
        post(there.slug, "pos.hear", {"n": 2}, letter="two")
    worker()
    assert box.read == []
    expected = {"receiver": there.slug, "letter": "one", "n": 1, "why": "Tidak ada sambungan."}
    assert box.back == [
        (here.slug, expected),
        (here.slug, {**expected, "letter": "two", "n": 2, "why": "closed"}),
    ]


def test_who_is_not_there_and_what_no_letter_holds(app: Flask, pair: tuple[Tenant, Tenant]) -> None:
    here, there = pair
    with inside(app, here), work():
        for slug in ("nusantara", here.slug):
            with pytest.raises(NotFound):
                post(slug, "pos.hear", {})
        with pytest.raises(ValueError, match="takes no letters"):
            post(there.slug, "pos.own", {})
        wrong: list[dict[str, Any]] = [
            {"sender": "pusat"},
            {"letter": "x"},
            {"Nama": "x"},
            {"x": 1.5},
            {"x": ["y"]},
            {"x": "y" * 20_001},
            {"x": 2**60},
            {f"x{n}": "y" * 19_000 for n in range(6)},
            {f"x{n}": 1 for n in range(61)},
        ]
        for payload in wrong:
            with pytest.raises(ValueError):
                post(there.slug, "pos.hear", payload)
        with pytest.raises(ValueError):
            post(there.slug, "pos.hear", {}, enclosed=[b"x"] * 11)
        with pytest.raises(ValueError):
            post(there.slug, "pos.hear", {}, letter="a b")


def test_a_letter_that_was_changed_or_put_into_another_box_is_not_read(
    app: Flask, pair: tuple[Tenant, Tenant], box: Box, admin_connection: psycopg.Connection
) -> None:
    here, there = pair
    with inside(app, here), work():
        post(there.slug, "pos.hear", {"n": 1})
    [(job, sealed)] = admin_connection.execute(
        "SELECT args->>'job', args->>'sealed' FROM jobs.procrastinate_jobs WHERE args ? 'sealed'"
    ).fetchall()
    raw = bytearray(base64.urlsafe_b64decode(sealed))
    raw[40] ^= 1
    for tenant_id, name, text in (
        (there.id, job, base64.urlsafe_b64encode(raw).decode()),
        (here.id, job, sealed),
        (there.id, "pos.own", sealed),
    ):
        with pytest.raises(ValueError):
            across.read(app, tenant_id, name, text)
    assert box.read == []
    across.read(app, there.id, job, sealed)
    across.read(app, there.id, job, sealed)
    assert len(box.read) == 1
    with app.app_context():
        assert resolve.by_id(there.id) is not None
