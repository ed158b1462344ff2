"""Connecting at the desk and by command, mapping categories, editing the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from plugins.lapor.contracts.outside import OUTSIDE
from plugins.sp4n import categories, cli
from plugins.sp4n.contract_reading import default_text
from plugins.sp4n.sandbox import Sandbox
from plugins.sp4n.transport import National
from superapp.cli import inside as opened
from superapp.context import SYSTEM, Tenant, tenant_scope
from superapp.identity import officers, roles
from superapp.plugin.registry import registry
from superapp.sdk import use
from superapp.tenancy import resolve

PASSWORD = "kata sandi yang panjang"


@pytest.fixture
def admin(app: Flask, tenant_a: Tenant, client: Callable[[Tenant], Any]) -> Any:
    with app.app_context(), tenant_scope(tenant_a):
        roles.seed_roles(tenant_a, registry().permissions.values())
        officers.ensure_officer("admin", "Admin", "admin", password=PASSWORD, second_factor=False)
    browser = client(tenant_a)
    browser.submit("/meja/masuk", {"login": "admin", "password": PASSWORD})
    return browser


def connection(app: Flask) -> Any:
    with app.app_context():
        fresh = resolve.by_slug("uji-a", fresh=True)
        assert fresh is not None
        with tenant_scope(fresh, SYSTEM):
            return next(iter(use(OUTSIDE).destinations("sp4n")), None), fresh.settings["sp4n"]


def test_an_admin_connects_tries_and_ends(
    app: Flask, admin: Any, sandbox: Sandbox, worker: Callable[[], None]
) -> None:
    wrong = admin.submit("/meja/sp4n/", {"base_url": "https://10.0.0.1/api", "takes": "categories"})
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422 and "Isi token" in page and "https://10.0.0.1/api" in page
    inner = {"base_url": "https://10.0.0.1", "token": "x", "takes": "all", "transport": "modern"}
    assert "jaringan dalam" in admin.submit("/meja/sp4n/", inner).get_data(as_text=True)
    given = {
        "transport": "modern",
        "base_url": sandbox.modern,
        "token": sandbox.token("uji-a"),
        "takes": "forwarded",
        "agency_code": "BPJN",
    }
    assert admin.submit("/meja/sp4n/", given).status_code == 303
    there, kept = connection(app)
    assert there.repeatable and "answer" in there.steps and there.agency_code == "BPJN"
    assert sandbox.token("uji-a") not in kept["token"], "sealed"
    again = {**given, "token": "", "transport": "legacy", "base_url": sandbox.legacy}
    assert admin.submit("/meja/sp4n/", again).status_code == 303
    changed, _ = connection(app)
    assert changed.id == there.id and changed.steps == ("new",) and not changed.repeatable
    admin.submit("/meja/sp4n/uji", {}, form="/meja/sp4n/")
    assert "sedang diuji" in admin.get("/meja/sp4n/").get_data(as_text=True)
    worker()
    shown = admin.get("/meja/sp4n/").get_data(as_text=True)
    assert "Menjawab dengan 3 topik." in shown and sandbox.token("uji-a") not in shown
    assert admin.submit("/meja/sp4n/putus", {"reason": " "}, form="/meja/sp4n/").status_code == 422
    assert admin.submit("/meja/sp4n/putus", {"reason": "Uji selesai"}, form="/meja/sp4n/").status_code == 303
    assert connection(app)[0] is None
    assert admin.submit("/meja/sp4n/putus", {"reason": "lagi"}, form="/meja/sp4n/").status_code == 409


def test_categories_are_mapped_at_the_desk(app: Flask, admin: Any, tenant_a: Tenant) -> None:
    assert "belum dipetakan" in admin.get("/meja/sp4n/kategori").get_data(as_text=True)
    half = admin.submit("/meja/sp4n/kategori", {"main-WASTE.PILE": "", "sub-WASTE.PILE": "SAMPAH"})
    assert half.status_code == 422 and 'value="SAMPAH"' in half.get_data(as_text=True)
    given = {
        "main-WASTE.PILE": " LINGKUNGAN  HIDUP ",
        "sub-WASTE.PILE": "SAMPAH",
        "main-ROAD.POTHOLE": "",
        "sub-ROAD.POTHOLE": "",
        "main-TIDAK.ADA": "X",
    }
    assert admin.submit("/meja/sp4n/kategori", given).status_code == 303
    with app.app_context(), tenant_scope(tenant_a, SYSTEM):
        assert categories.pair_of("WASTE.PILE") == National("LINGKUNGAN HIDUP", "SAMPAH")
        assert categories.pair_of("ROAD.POTHOLE") == National()
        assert categories.codes()[National("LINGKUNGAN HIDUP", "SAMPAH")] == "WASTE.PILE"
        categories.save({"DRAIN.CLOG": National("LINGKUNGAN HIDUP", "SAMPAH")})
        assert National("LINGKUNGAN HIDUP", "SAMPAH") not in categories.codes(), "two of ours: not clear"


def test_a_contract_is_judged_line_by_line_and_kept_whole(app: Flask, admin: Any, sandbox: Sandbox) -> None:
    given = {"base_url": sandbox.modern, "token": "kotak-pasir-uji-a", "takes": "all"}
    admin.submit("/meja/sp4n/", {**given, "transport": "modern"})
    bad = default_text().replace("{title}", "{judul}")
    line = next(n for n, each in enumerate(bad.splitlines(), 1) if "{judul}" in each)
    for what in ("save", "check"):
        answer = admin.submit("/meja/sp4n/kontrak", {"contract": bad, "what": what})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422 and f"Baris {line}" in page and "{judul}" in page
    own = default_text().replace('idempotency = "Idempotency-Key"', 'idempotency = ""').replace("\n", "\r\n")
    fine = admin.submit("/meja/sp4n/kontrak", {"contract": own, "what": "check"}).get_data(as_text=True)
    assert "Belum disimpan" in fine and connection(app)[1]["contract"] == ""
    assert admin.submit("/meja/sp4n/kontrak", {"contract": own, "what": "save"}).status_code == 303
    there, kept = connection(app)
    assert not there.repeatable and "\r" not in kept["contract"]
    admin.submit("/meja/sp4n/kontrak", {"contract": "", "what": "default"})
    there, kept = connection(app)
    assert there.repeatable and kept["contract"] == ""


def test_a_command_connects_with_the_sandbox(
    app: Flask, tenant_a: Tenant, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("superapp.cli.app", lambda: app)
    run = CliRunner().invoke
    asked = ["connect", "--tenant", "uji-a", "--url", sandbox.url, "--agency", "BPJN"]
    made = run(cli.group, asked, obj=opened)
    assert made.exit_code == 0 and "uji-a is connected" in made.output
    assert connection(app)[0].facts["url"] == sandbox.modern
    for wrong in (["--tenant", "tidak-ada"], ["--tenant", "uji-a", "--agency", "TIDAK"]):
        refused = run(cli.group, ["connect", *wrong], obj=opened)
        assert refused.exit_code == 1 and refused.output.startswith("Error: ")


def test_the_sandbox_keeps_its_state_and_refuses_another_file(tmp_path: Any) -> None:
    from plugins.sp4n.sandbox.nation import Nation

    kept = tmp_path / "keadaan.json"
    nation = Nation(kept)
    number = nation.dispose("uji", title="A", body="B")
    nation.say(number, "selesai", "", rating=4)
    again = Nation(kept)
    assert again.dump() == nation.dump() and again.report(number).status == "Selesai"
    kept.write_text("[1]")
    with pytest.raises(ValueError, match="bukan berkas"):
        Nation(kept)


def test_a_trainer_plays_the_nation_on_its_page(app: Flask, sandbox: Sandbox) -> None:
    import httpx2

    with httpx2.Client(base_url=sandbox.url) as browser:
        given = {"instansi": "uji-a", "judul": "<b>Lubang</b>", "isi": "Di jalan.", "anonim": "1"}
        number = browser.post("/latihan/disposisi", data=given).headers["Location"].removeprefix("/#n")
        told = browser.post(f"/latihan/{number}/kabar", data={"jenis": "jawaban", "teks": "Sudah."})
        assert told.status_code == 303
        page = browser.get("/").text
        assert "&lt;b&gt;Lubang" in page and "Sudah." in page and "anonim" in page
        foreign = browser.post("/latihan/disposisi", data=given, headers={"Origin": "https://lain.example"})
        unknown = browser.post("/latihan/1/kabar", data={"jenis": "jawaban"})
        strange = browser.post("/latihan/gangguan", data={"gangguan": "gempa"})
        assert [each.status_code for each in (foreign, unknown, strange)] == [404, 404, 422]
        assert len(browser.get("/latihan/keadaan.json").json()["changes"]) == 2
