"""A folder becomes a government: all or nothing, again without effect, never over the desk's changes."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select

from superapp.context import Tenant, now, tenant_scope
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import Conflict
from superapp.plugin import onboarding
from superapp.plugin.registry import registry
from superapp.tenancy import folder, resolve
from superapp.tenancy.models import Agency, Area, Holiday
from superapp.tenancy.onboard import Refused
from superapp.web import pages

EXAMPLE = Path(__file__).parents[2] / "tenants" / "_example"
Edit = Callable[[str, str, str], None]


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> Path:
    """The example government's folder, ready to go live as `contoh`."""
    made = tmp_path / "contoh"
    shutil.copytree(EXAMPLE, made)
    return made


@pytest.fixture
def edit(place: Path) -> Edit:
    """`edit(file, old, new)`: change one text in one file."""

    def change(name: str, old: str, new: str) -> None:
        text = (place / name).read_text(encoding="utf-8")
        assert old in text
        (place / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.fixture
def live(app: Flask, place: Path) -> Tenant:
    """The example government, applied."""
    with app.app_context():
        onboarding.bring_in(place)
        tenant = resolve.by_slug("contoh", fresh=True)
    assert tenant is not None
    return tenant


def agency(tenant: Tenant, code: str) -> Agency:
    with tenant_scope(tenant):
        return session().scalars(select(Agency).where(Agency.code == code)).one()


def at_the_desk(tenant: Tenant, code: str, **values: object) -> None:
    with tenant_scope(tenant), work() as opened:
        row = opened.scalars(select(Agency).where(Agency.code == code)).one()
        for name, value in values.items():
            setattr(row, name, value)


def counts_of(admin: psycopg.Connection) -> list[tuple[object, ...]]:
    return admin.execute(
        "SELECT (SELECT count(*) FROM core.tenant), (SELECT count(*) FROM core.host_name),"
        " (SELECT count(*) FROM core.agency), (SELECT count(*) FROM core.area),"
        " (SELECT count(*) FROM core.applied_row), (SELECT count(*) FROM core.role)"
    ).fetchall()


def test_an_applied_folder_answers_on_its_host_name(app: Flask, live: Tenant) -> None:
    with app.app_context():
        assert resolve.by_host("contoh.localhost") == live
    assert (live.name, live.short_code, live.enabled) == ("Kabupaten Contoh", "CTH", {"lapor", "berita"})
    assert live.theme["light"]["brand"] == "#7a1f3d"
    assert live.profile["contact"]["agency"] == "DISKOMINFO"
    response = app.test_client().get("/healthz", headers={"Host": "contoh.localhost"})
    assert response.status_code == 200


def test_a_child_agency_knows_its_parent(app: Flask, live: Tenant) -> None:
    with app.app_context():
        assert agency(live, "DESA-99.01.01.2001").parent_id == agency(live, "KEC-99.01.01").id


def test_applying_again_changes_nothing(app: Flask, live: Tenant, place: Path) -> None:
    with app.app_context():
        report = onboarding.bring_in(place)
        assert not report.changed
        assert report.changes == ()
        assert onboarding.differences(folder.load(place, onboarding.catalog(registry()))) == []


def test_a_dry_run_tells_and_leaves_the_database_as_it_was(
    app: Flask, place: Path, admin_connection: psycopg.Connection
) -> None:
    before = counts_of(admin_connection)
    with app.app_context():
        report = onboarding.bring_in(place, dry_run=True)
        assert resolve.by_slug("contoh", fresh=True) is None
    assert report.changed
    assert counts_of(admin_connection) == before


def test_a_changed_row_is_taken_over(app: Flask, live: Tenant, place: Path, edit: Edit) -> None:
    edit("agencies.csv", "Dinas Perhubungan", "Dinas Perhubungan Darat")
    with app.app_context():
        [change] = onboarding.bring_in(place).changes
        assert (change.action, change.key) == ("update", ("DISHUB",))
        assert agency(live, "DISHUB").name == "Dinas Perhubungan Darat"


def test_what_the_desk_changed_is_kept_until_told_otherwise(
    app: Flask, live: Tenant, place: Path, edit: Edit
) -> None:
    with app.app_context():
        at_the_desk(live, "DISHUB", phone="0361 1")
        edit("agencies.csv", "Dinas Perhubungan", "Dinas Perhubungan Darat")
        [change] = onboarding.bring_in(place).changes
        assert (change.action, change.reason) == ("kept", "diubah di meja")
        assert agency(live, "DISHUB").phone == "0361 1"
        [change] = onboarding.bring_in(place, overwrite=True).changes
        assert change.action == "update"
        assert agency(live, "DISHUB").phone == ""
        assert onboarding.bring_in(place).changes == ()


def test_a_row_the_desk_deleted_stays_away(app: Flask, live: Tenant, place: Path) -> None:
    with app.app_context():
        with tenant_scope(live), work() as opened:
            opened.delete(opened.scalars(select(Holiday)).one())
        [change] = onboarding.bring_in(place).changes
        assert (change.file, change.action) == ("holidays.csv", "kept")


def test_a_row_that_left_the_folder_ends_and_stays_ended(
    app: Flask, live: Tenant, place: Path, edit: Edit
) -> None:
    edit("agencies.csv", "PLN,PT PLN (Persero),PLN,external,,,,ya,,,,contoh\n", "")
    with app.app_context():
        [change] = onboarding.bring_in(place).changes
        assert change.action == "remove"
        ended = agency(live, "PLN").valid_to
        assert ended is not None
        # The day before, where the government is: its day may already be the next one.
        assert ended < now().astimezone(ZoneInfo(live.timezone)).date()
        assert onboarding.bring_in(place).changes == ()
        assert agency(live, "PLN").valid_to == ended


def test_a_row_that_comes_back_to_the_folder_is_valid_again(
    app: Flask, live: Tenant, place: Path, edit: Edit
) -> None:
    line = "PLN,PT PLN (Persero),PLN,external,,,,ya,,,,contoh\n"
    edit("agencies.csv", line, "")
    with app.app_context():
        onboarding.bring_in(place)
        (place / "agencies.csv").open("a", encoding="utf-8").write(line)
        [change] = onboarding.bring_in(place).changes
        assert change.action == "update"
        assert agency(live, "PLN").valid_to is None


def test_an_area_that_left_the_folder_is_reported_and_kept(
    app: Flask, live: Tenant, place: Path, edit: Edit
) -> None:
    edit("areas.csv", "99.01.01.1001,Kelurahan Satu,kelurahan,99.01.01,-6.201,106.801,contoh\n", "")
    with app.app_context():
        [change] = onboarding.bring_in(place).changes
        assert (change.action, change.key) == ("kept", ("99.01.01.1001",))
        with tenant_scope(live):
            assert len(list(session().scalars(select(Area)))) == 3


def test_a_folder_with_a_finding_changes_nothing(
    app: Flask, place: Path, edit: Edit, admin_connection: psycopg.Connection
) -> None:
    edit("routing.csv", "ROAD.POTHOLE,,,DPUPR", "ROAD.POTHOLE,,,DPURP")
    before = counts_of(admin_connection)
    with app.app_context(), pytest.raises(Refused) as caught:
        onboarding.bring_in(place)
    assert [(f.file, f.line, f.column) for f in caught.value.findings] == [("routing.csv", 2, "agency")]
    assert counts_of(admin_connection) == before


def test_a_failure_half_way_leaves_nothing_behind(
    app: Flask, place: Path, admin_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts_of(admin_connection)

    def fail(self: object, tenant: Tenant) -> None:
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(onboarding.Lifecycle, "seed", fail)
    with app.app_context(), pytest.raises(RuntimeError, match="last step"):
        onboarding.bring_in(place)
    assert counts_of(admin_connection) == before


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [('"CTH"', '"UJI"', "UJI"), ("hosts = []", 'hosts = ["uji-a.localhost"]', "uji-a.localhost")],
)
def test_a_name_of_another_government_is_refused(
    app: Flask, tenant_a: Tenant, place: Path, edit: Edit, old: str, new: str, word: str
) -> None:
    edit("tenant.toml", old, new)
    with app.app_context(), pytest.raises(Conflict, match=word):
        onboarding.bring_in(place)


def test_an_exported_folder_checks_and_applies_without_effect(
    app: Flask, live: Tenant, place: Path, tmp_path: Path
) -> None:
    target = tmp_path / "keluar" / "contoh"
    with app.app_context():
        at_the_desk(live, "DISHUB", phone="0361 1")
        names = onboarding.write_out(live, target)
        assert "static/mark.svg" in names
        assert onboarding.bring_in(place).counts["kept"] == 1
        assert onboarding.bring_in(target).changes == ()
        with pytest.raises(Conflict, match="sudah berisi"):
            onboarding.write_out(live, target)


def test_a_plugin_the_desk_switched_off_stays_off(app: Flask, live: Tenant, place: Path) -> None:
    from superapp.plugin import lifecycle

    with app.app_context():
        with tenant_scope(live), work():
            lifecycle.disable(live, "berita")
        [change] = onboarding.bring_in(place).changes
        assert (change.action, change.key) == ("kept", ("plugins", "berita"))
        assert resolve.by_slug("contoh", fresh=True).enabled == {"lapor"}  # type: ignore[union-attr]


def test_a_plugin_that_left_the_folder_is_switched_off(
    app: Flask, live: Tenant, place: Path, edit: Edit
) -> None:
    edit("tenant.toml", '["lapor", "berita"]', '["lapor"]')
    with app.app_context():
        [change] = onboarding.bring_in(place).changes
        assert change.action == "remove"
        assert resolve.by_slug("contoh", fresh=True).enabled == {"lapor"}  # type: ignore[union-attr]
        assert onboarding.bring_in(place).changes == ()


def test_a_redated_rule_leaves_no_overlap_behind(
    app: Flask, live: Tenant, place: Path, edit: Edit, tmp_path: Path
) -> None:
    edit("routing.csv", "2025-12-31", "2026-03-31")
    edit("routing.csv", "2026-01-01", "2026-04-01")
    with app.app_context():
        onboarding.bring_in(place)
        onboarding.write_out(live, tmp_path / "keluar" / "contoh")
        assert onboarding.bring_in(tmp_path / "keluar" / "contoh").changes == ()


@pytest.mark.parametrize("slug", ["denpasar", "banjarmasin", "bali"])
def test_the_cities_go_live_and_come_back_as_they_were(app: Flask, slug: str, tmp_path: Path) -> None:
    source, target = EXAMPLE.parent / slug, tmp_path / slug
    with app.app_context():
        assert onboarding.bring_in(source).created
        tenant = resolve.by_slug(slug, fresh=True)
        assert tenant is not None
        wanted = tomllib.loads((source / "tenant.toml").read_text())["plugins"]
        assert tenant.enabled == set(wanted)
        known = onboarding.catalog(registry())
        names = onboarding.write_out(tenant, target)
        assert onboarding.bring_in(target).changes == ()
        before, after = folder.load(source, known), folder.load(target, known)
        for name in names:
            if name.endswith(".csv"):
                assert sorted(map(str, (r.values for r in before.tables[name]))) == sorted(
                    map(str, (r.values for r in after.tables[name]))
                )


def test_the_desk_shows_a_colour_before_and_after_it_moved(app: Flask, place: Path, edit: Edit) -> None:
    edit("tenant.toml", "#7a1f3d", "#c94f7c")
    with app.app_context():
        [moved] = onboarding.bring_in(place).moved
        tenant = resolve.by_slug("contoh", fresh=True)
        assert tenant is not None
        with app.test_request_context(headers={"Host": "contoh.localhost"}), tenant_scope(tenant):
            page = pages.render("desk/services.html", rows=[], tabs=[], error=None)
    assert "#c94f7c" in page
    assert moved["after"] in page
