"""Calling plugins: only those that are on, in a fixed order, each one's failure its own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest
from flask import Flask
from sqlalchemy import select

from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import PluginRefused
from superapp.jobs.events import defer, emit
from superapp.plugin import hookspecs, registry
from superapp.plugin.contracts import Event, JobSpec, Tile
from superapp.plugin.gate import is_open
from superapp.plugin.hooks import ask, call_one, first
from superapp.plugin.hookspecs import spec, superapp_home_tiles, superapp_tenant_enabling
from superapp.plugin.registry import Registry
from superapp.tenancy import resolve
from superapp.tenancy.models import Agency
from tests.core.plugins_made import plugin

SWITCH = "INSERT INTO core.tenant_plugin VALUES (%s, %s, true, '{}')"


def tile(key: str) -> Tile:
    return Tile(key, key, key, "/", "grid")


def add(code: str) -> None:
    session().add(Agency(code=code, name=code, short_name=code, kind="dinas"))
    session().flush()


def codes() -> set[str]:
    return set(session().scalars(select(Agency.code).where(Agency.code.like("UJI-%"))))


def writes_and_raises(tenant: Tenant) -> None:
    add("UJI-GAGAL")
    raise RuntimeError("broken on purpose")


def writes(tenant: Tenant) -> Tile:
    add("UJI-BAIK")
    return tile("baik")


@pytest.fixture
def swap(app: Flask) -> Iterator[object]:
    """Put other plugins into the app for one test."""
    kept = app.extensions["superapp_plugins"]

    def put(*found: object) -> Registry:
        app.extensions["superapp_plugins"] = registry.build(found)  # type: ignore[arg-type]
        return app.extensions["superapp_plugins"]

    yield put
    app.extensions["superapp_plugins"] = kept


def on(tenant: Tenant, *names: str) -> Tenant:
    return replace(tenant, enabled=frozenset(names))


def test_answers_come_in_a_fixed_order_from_those_that_are_on(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path
) -> None:
    swap(
        plugin(tmp_path, "zebra", superapp_home_tiles=lambda tenant: tile("z")),
        plugin(tmp_path, "angsa", requires="zebra", superapp_home_tiles=lambda tenant: tile("a")),
        plugin(tmp_path, "merak", superapp_home_tiles=lambda tenant: tile("m")),
        plugin(tmp_path, "bisu", superapp_home_tiles=lambda tenant: None),
    )
    tenant = on(tenant_a, "angsa", "zebra", "bisu")
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        answers = ask(superapp_home_tiles, tenant=tenant)
        one = first(superapp_home_tiles, tenant=tenant)
    assert [(a.plugin, a.value.key) for a in answers] == [("zebra", "z"), ("angsa", "a")]
    assert one is not None and one.plugin == "zebra"


def test_skip_leaves_one_out_undoes_its_writes_and_keeps_the_rest(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path
) -> None:
    swap(
        plugin(tmp_path, "awal", superapp_home_tiles=writes_and_raises),
        plugin(tmp_path, "baik", superapp_home_tiles=writes),
    )
    tenant = on(tenant_a, "awal", "baik")
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        with work():
            add("UJI-SEBELUM")
            answers = ask(superapp_home_tiles, tenant=tenant)
        assert [a.plugin for a in answers] == ["baik"]
        assert codes() == {"UJI-SEBELUM", "UJI-BAIK"}


def test_skip_survives_a_statement_that_the_database_refuses(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path
) -> None:
    def twice(tenant: Tenant) -> None:
        add("UJI-DUA")
        add("UJI-DUA")

    swap(plugin(tmp_path, "ganda", superapp_home_tiles=twice))
    tenant = on(tenant_a, "ganda")
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        with work():
            add("UJI-SEBELUM")
            assert ask(superapp_home_tiles, tenant=tenant) == []
            add("UJI-SESUDAH")
        assert codes() == {"UJI-SEBELUM", "UJI-SESUDAH"}


def test_skip_takes_back_what_was_queued_too(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path, admin_connection
) -> None:
    def queues_and_raises(tenant: Tenant) -> None:
        defer("satu.kerja", key="gagal")
        raise RuntimeError("broken on purpose")

    def queues(tenant: Tenant) -> None:
        defer("satu.kerja", key="baik")

    jobs = [JobSpec("satu.kerja", print)]
    swap(
        plugin(tmp_path, "dua", superapp_home_tiles=queues),
        plugin(tmp_path, "satu", superapp_jobs=lambda: jobs, superapp_home_tiles=queues_and_raises),
        plugin(tmp_path, "tiga", superapp_home_tiles=queues),
    )
    tenant = on(tenant_a, "satu", "dua", "tiga")
    with app.app_context(), tenant_scope(tenant, SYSTEM), work():
        ask(superapp_home_tiles, tenant=tenant)
    rows = admin_connection.execute(
        "SELECT args->'ids'->>'key' FROM jobs.procrastinate_jobs WHERE args->'ids' ? 'key'"
    ).fetchall()
    assert rows == [("baik",), ("baik",)]


def test_raise_passes_the_error_on_and_undoes_everything(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path
) -> None:
    def refuse(tenant: Tenant) -> None:
        add("UJI-GAGAL")
        raise PluginRefused("Belum siap.")

    swap(plugin(tmp_path, "keras", superapp_tenant_enabling=refuse))
    tenant = on(tenant_a, "keras")
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        with pytest.raises(PluginRefused), work():
            add("UJI-SEBELUM")
            ask(superapp_tenant_enabling, tenant=tenant)
        assert codes() == set()


def test_call_one_reaches_a_plugin_that_is_still_off(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path
) -> None:
    heard: list[str] = []
    swap(plugin(tmp_path, "baru", superapp_tenant_enabling=lambda tenant: heard.append(tenant.slug)))
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        call_one(superapp_tenant_enabling, "baru", tenant=tenant_a)
        assert call_one(superapp_home_tiles, "baru", tenant=tenant_a) is None
    assert heard == [tenant_a.slug]


def test_a_plugin_may_offer_hooks_to_others(app: Flask, swap, tenant_a: Tenant, tmp_path: Path) -> None:
    offers = ModuleType("offers")

    @spec("ask")
    def made_greet(tenant: Tenant, name: str) -> str | None:
        """When: greeting. None: silence. Example: `return "Halo"`."""

    offers.made_greet = made_greet  # type: ignore[attr-defined]
    swap(
        plugin(tmp_path, "tuan", superapp_hookspecs=lambda: offers),
        plugin(tmp_path, "tamu", requires="tuan", made_greet=lambda tenant, name: f"Halo {name}"),
    )
    tenant = on(tenant_a, "tuan", "tamu")
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        (answer,) = ask(made_greet, tenant=tenant, name="warga")
    assert (answer.plugin, answer.value) == ("tamu", "Halo warga")


def test_an_implementation_may_take_fewer_arguments(
    app: Flask, swap, tenant_a: Tenant, tmp_path: Path
) -> None:
    swap(plugin(tmp_path, "ringkas", superapp_page_slot=lambda slot: slot))
    tenant = on(tenant_a, "ringkas")
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        (answer,) = ask(hookspecs.superapp_page_slot, tenant=tenant, slot="home.news")
    assert answer.value == "home.news"


def test_a_quarantined_plugin_is_open_to_nobody(app: Flask, swap, tenant_a: Tenant, tmp_path: Path) -> None:
    made = swap(plugin(tmp_path, "satu"))
    with app.app_context():
        assert is_open(on(tenant_a, "satu"), "satu") and not is_open(on(tenant_a), "satu")
        made.quarantine("satu", "its pages failed")
        assert not is_open(on(tenant_a, "satu"), "satu")


def test_a_job_that_raises_stays_in_the_queue_with_its_attempt_and_the_next_one_runs(
    app: Flask, swap, worker, tenant_a: Tenant, tmp_path: Path, admin_connection
) -> None:
    ran: list[str] = []

    def works(key: str) -> None:
        ran.append(key)

    def fails(key: str) -> None:
        works(key)
        raise RuntimeError("broken on purpose")

    swap(
        plugin(
            tmp_path, "kerja",
            superapp_jobs=lambda: [JobSpec("kerja.gagal", fails), JobSpec("kerja.baik", works)],
        )
    )  # fmt: skip
    admin_connection.execute(
        "INSERT INTO core.tenant_plugin VALUES (%s, 'kerja', true, '{}')", (tenant_a.id,)
    )
    with app.app_context():
        resolve.forget()
        with tenant_scope(tenant_a, SYSTEM), work():
            defer("kerja.gagal", key="gagal")
            defer("kerja.baik", key="baik")
    worker()
    assert sorted(ran) == ["baik", "gagal"]
    rows = admin_connection.execute(
        "SELECT args->>'job', status::text, attempts FROM jobs.procrastinate_jobs"
        " WHERE starts_with(args->>'job', 'kerja.') ORDER BY 1"
    ).fetchall()
    assert rows == [("kerja.baik", "succeeded", 1), ("kerja.gagal", "todo", 1)]


def test_a_listener_that_raises_does_not_keep_another_from_hearing(
    app: Flask, swap, worker, tenant_a: Tenant, tmp_path: Path, admin_connection
) -> None:
    @dataclass(frozen=True)
    class Rang(Event):
        type: ClassVar[str] = "lonceng.rang"
        times: int = 0

    heard: list[object] = []

    def breaks(tenant: Tenant, event: Event) -> None:
        raise RuntimeError("broken on purpose")

    swap(
        plugin(tmp_path, "lonceng", superapp_event_types=lambda: [Rang]),
        plugin(tmp_path, "rusak", superapp_event=breaks),
        plugin(tmp_path, "sehat", superapp_event=lambda tenant, event: heard.append(event)),
        plugin(tmp_path, "mati", superapp_event=lambda tenant, event: heard.append("off")),
    )
    for name in ("lonceng", "rusak", "sehat"):
        admin_connection.execute(
            "INSERT INTO core.tenant_plugin VALUES (%s, %s, true, '{}')", (tenant_a.id, name)
        )
    with app.app_context():
        resolve.forget()
        fresh = resolve.by_slug(tenant_a.slug)
        assert fresh is not None
        with tenant_scope(fresh, SYSTEM), work():
            emit(Rang(times=3))
    worker()
    assert heard == [Rang(times=3)]


def test_an_event_that_nobody_declared_is_refused(app: Flask, tenant_a: Tenant) -> None:
    with app.app_context(), tenant_scope(tenant_a, SYSTEM), work():
        with pytest.raises(ValueError, match="superapp_event_types"):
            emit(Event())
        with pytest.raises(ValueError, match="superapp_jobs"):
            defer("tiada.kerja")
