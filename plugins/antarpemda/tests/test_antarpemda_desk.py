"""The desk's pages, and two folders that name each other."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from plugins.antarpemda import links
from plugins.antarpemda.tests.neighbours import Pair
from plugins.antarpemda.tests.test_antarpemda import DRAFT
from plugins.lapor import service
from plugins.lapor.models import Complaint
from plugins.lapor.service import reference
from plugins.lapor.service.outside import sending
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.db.work import work
from superapp.identity import officers, permit, roles, sessions
from superapp.plugin import onboarding
from superapp.plugin.registry import registry
from superapp.sdk import directory, session
from superapp.tenancy import resolve
from superapp.tenancy.onboard import Refused
from superapp.testing.client import TenantClient

ROOT = Path(__file__).parents[3]


def admin(app: Flask, client: Callable[[Tenant], TenantClient], tenant: Tenant) -> TenantClient:
    """A browser in which an admin is signed in."""
    with app.app_context(), tenant_scope(tenant, SYSTEM), work():
        roles.seed_roles(tenant, registry().permissions.values())
        who, _ = officers.ensure_officer(
            "admin", "Admin", "admin", password="kata sandi yang panjang", second_factor=False
        )
        token, name = sessions.start(who.id, verified=True), permit.cookie_name()
    browser = client(tenant)
    browser.set_cookie(name, token, domain=tenant.host)
    return browser


def send(browser: TenantClient, path: str, **fields: object):  # type: ignore[no-untyped-def]
    """Send a form of the desk."""
    return browser.post(path, data={"csrf_token": browser.token("/meja/akun"), **fields})


def test_one_proposes_the_other_consents_and_ends_it(
    apart: Pair, app: Flask, client: Callable[[Tenant], TenantClient]
) -> None:
    city, province = (admin(app, client, each) for each in (apart.city, apart.province))
    first = city.get("/meja/antarpemda/").get_data(as_text=True)
    assert f'value="{apart.province.slug}"' in first and "Belum ada sambungan" in first
    assert city.get("/meja/antarpemda/buka?slug=uji-b").location.endswith("/meja/antarpemda/uji-b")
    assert city.get("/meja/antarpemda/buka?slug=nusantara").location.endswith("/meja/antarpemda/")
    assert city.get("/meja/antarpemda/nusantara").status_code == 404
    wrong = send(city, "/meja/antarpemda/uji-b", send="1", identity="1", agency="")
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert 'id="f-agency-error"' in page and page.count("checked") == 2
    kept = send(
        city, "/meja/antarpemda/uji-b", send="1", receive="1", agency="BPJN", categories="ROAD.POTHOLE"
    )
    assert kept.status_code == 303
    apart.post_round()
    offered = province.get("/meja/antarpemda/uji-a").get_data(as_text=True)
    assert "sana mengajukan, menunggu Anda" in offered and "Setujui" in offered
    assert send(province, "/meja/antarpemda/uji-a", send="1", receive="1", agency="BPJN").status_code == 303
    apart.post_round()
    for browser, slug in ((city, "uji-b"), (province, "uji-a")):
        told = browser.get(f"/meja/antarpemda/{slug}").get_data(as_text=True)
        assert "tersambung" in told and "menyerahkan dan menerima laporan" in told
    assert send(city, "/meja/antarpemda/uji-b/akhiri", reason="").status_code == 422
    assert send(city, "/meja/antarpemda/uji-b/akhiri", reason="Dipakai ulang nanti.").status_code == 303
    apart.post_round()
    assert "Dipakai ulang nanti." in province.get("/meja/antarpemda/").get_data(as_text=True)
    inbox = send(province, "/meja/antarpemda/uji-a", send="1", agency="BPJN")
    assert inbox.status_code == 303
    assert client(apart.city).get("/meja/antarpemda/").status_code == 303


@pytest.mark.slow
def test_denpasar_and_bali_are_linked_by_their_folders(
    app: Flask, worker: Callable[[], None], client: Callable[[Tenant], TenantClient], tmp_path: Path
) -> None:
    with app.app_context():
        for slug in ("bali", "denpasar"):
            assert onboarding.bring_in(ROOT / "tenants" / slug).created
        bali, denpasar = (resolve.by_slug(slug, fresh=True) for slug in ("bali", "denpasar"))
    assert bali is not None and denpasar is not None
    worker()
    reference.forget()
    with app.app_context(), tenant_scope(denpasar, SYSTEM):
        scope = links.one("bali").scope
        assert scope is not None and (scope.send, scope.receive, scope.identity) == (True, True, False)
        receipt = service.submit(DRAFT)
        service.forward(receipt.id, agency_code="PROV-BALI", text="Jalan provinsi.")
        there = links.destination("bali")
        assert there is not None
        sending.deliver(there.id)
    worker()
    with app.app_context(), tenant_scope(bali, SYSTEM):
        case = session().query(Complaint).one()
        assert (case.area_code, case.channel) == ("51.71", "pemda_denpasar")
        assert {area.level for area in directory.areas().values()} == {"kabupaten", "kota"}
    form = client(bali).get("/lapor/buat").get_data(as_text=True)
    assert "Kabupaten Buleleng" in form and "Kota Denpasar" in form and "Kabupaten atau kota" in form
    assert "Denpasar" in client(bali).get("/lapor/daftar").get_data(as_text=True)

    folder = tmp_path / "bali"
    shutil.copytree(ROOT / "tenants" / "bali", folder)
    (folder / "links.csv").write_text("slug,agency,categories\ndenpasar,DKLH,APA\n")
    with app.app_context(), pytest.raises(Refused) as refused:
        onboarding.bring_in(folder)
    assert [each.column for each in refused.value.findings] == ["agency", "categories"]
