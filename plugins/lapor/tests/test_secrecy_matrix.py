"""Each field x each view x each role x each flag, by real pages and services: seen exactly as declared."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import secrecy
from click.testing import CliRunner
from desk_people import sits
from PIL import Image
from secrecy import FLAGS, ROLES
from sqlalchemy import select

from plugins.lapor import personal, plugin, queries, service
from plugins.lapor.contracts import Contact, Draft, Filters, Location, Receipt, Upload
from plugins.lapor.models import Photo
from plugins.lapor.service.vault import opening
from superapp import cli, log
from superapp.context import SYSTEM, tenant_scope
from superapp.identity import keys
from superapp.jobs import events
from superapp.sdk import Actor, directory, new_id, session, set_actor

WORD = "Kesaksian"


@dataclass(frozen=True)
class Case:
    """A report and the token of each of its fields."""

    receipt: Receipt
    tokens: dict[str, str]


def written(flag: str, place: int) -> tuple[Draft, dict[str, str]]:
    """A report in which every field carries a token of its own."""
    mark = f"T{place}{flag}"
    tokens = {
        "name": f"Nama{mark}",
        "phone": f"081255500{place}11",
        "email": f"surel{mark}@warga.example".lower(),
        "nik": f"51710112345678{place}9",
        "title": f"Judul{mark}",
        "body": f"Isi{mark}",
        "address": f"Alamat{mark}",
        "point": f"-8.70{place}{place}1",
        "answers": f"Saksi{mark}",
    }
    draft = Draft(
        "complaint",
        f"{WORD} {tokens['title']}",
        f"{tokens['body']} lubang besar di jalan.",
        "ROAD.POTHOLE",
        location=Location(float(tokens["point"]), 115.2351, tokens["address"], "51.71.01.1001"),
        reporter=Contact(*(tokens[each] for each in ("name", "phone", "email", "nik"))),
        answers={"traffic": "Bisa", "witness": tokens["answers"]},
        **FLAGS[flag],
    )
    return draft, tokens


@pytest.fixture
def logged(monkeypatch) -> Iterator[io.StringIO]:
    """The log at its loudest."""
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    log.configure("DEBUG")
    yield file
    monkeypatch.undo()
    log.configure("ERROR")


@pytest.fixture
def cases(app, acting, tenant_a, worker, logged, admin_connection) -> dict[str, Case]:
    """One report for each flag, handed to its unit, with a photo and all jobs done."""
    units = "UPDATE core.agency SET email = 'inspektorat@uji.example' WHERE code = 'INSPEKTORAT'"
    admin_connection.execute(units)
    directory.forget()
    made = {}
    for place, flag in enumerate(FLAGS):
        draft, tokens = written(flag, place)
        picture = io.BytesIO()
        Image.effect_noise((64, 64), 40 + place).save(picture, "PNG")
        with acting():
            receipt = service.submit(draft, [Upload("foto.png", picture.getvalue())])
            photo = session().scalar(select(Photo.id).where(Photo.complaint_id == receipt.id))
        if flag != "whistle":
            with acting("coordinator", "DISKOMINFO"):
                service.dispose(receipt.id, agency_codes=["DLHK"], instruction="Cek di lapangan.")
        made[flag] = Case(receipt, {**tokens, "photos": str(photo), "number": receipt.number})
    worker()
    return made


class Seen:
    """What was seen in which view."""

    def __init__(self, cases: dict[str, Case]) -> None:
        self.cases, self.table = cases, {}

    def note(self, view: str, text: str, *, only: str = "", without: str = "", role: str = "") -> None:
        """Look for every token of every report in a text; `without` is what the visitor typed.

        On a page about one report (`only`) tokens of others are named as such, but for the rows of
        those that the `role` reaches: the page leads on to them.
        """
        row = self.table.setdefault(view, {flag: frozenset() for flag in FLAGS})
        text = text.replace(without, "") if without else text
        for flag, case in self.cases.items():
            found = {field for field, token in case.tokens.items() if token in text or token.lower() in text}
            if only not in ("", flag):
                found -= secrecy.reaching(role, secrecy.LINE)[flag] if role else secrecy.NONE
                found = {f"{field} of {flag}" for field in found}
            row[flag] |= found


def test_everything_is_seen_as_declared_and_nothing_else(
    app, client, acting, tenant_a, cases, admin_connection, logged, tmp_path
) -> None:
    seen = Seen(cases)
    in_public(seen, client(tenant_a))
    as_reporters(seen, client, tenant_a)
    for role, who in ROLES.items():
        at_the_desk(seen, role, sits(app, client, tenant_a, *who))
        by_words(seen, role, who, acting)
    by_two(seen, acting)
    by_program(seen, acting, client(tenant_a))
    left_the_house(seen, app, tenant_a, admin_connection, tmp_path)
    in_the_machine(seen, admin_connection)
    assert logged.getvalue().count("\n") > 5
    seen.note("logs", logged.getvalue())
    wanted = secrecy.declared()
    assert set(seen.table) == set(wanted)
    wrong = [
        f"{view} / {flag}: leaks {sorted(found - wanted[view][flag])}, "
        f"lacks {sorted(wanted[view][flag] - found)}"
        for view, row in seen.table.items()
        for flag, found in row.items()
        if found != wanted[view][flag]
    ]
    assert not wrong, "\n".join(wrong)


def pages(app, prefix: str, *, number: bool) -> list[str]:
    """All GET addresses below a prefix that take nothing, or nothing but a report's number."""
    wanted = {"number"} if number else set()
    rules = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(prefix) and rule.arguments == wanted and "GET" in rule.methods
    ]
    return sorted(rules)


def in_public(seen: Seen, visitor) -> None:
    app = visitor.application
    for path in (
        "/",
        "/api/v1/lapor/complaints",
        f"/lapor/daftar?q={WORD}",
        *pages(app, "/lapor/", number=False),
    ):
        seen.note("public lists", visitor.get(path).text)
    for flag, case in seen.cases.items():
        typed = case.receipt.number
        for path in pages(app, "/lapor/", number=True):
            answer = visitor.get(path.replace("<number>", typed), follow_redirects=False)
            if answer.status_code == 200:
                seen.note("public page", answer.text, only=flag)
        shown = visitor.get(f"/lapor/foto/{typed}/{case.tokens['photos']}/thumb").status_code
        assert shown == (200 if flag in ("plain", "anonim") else 404)
        answer = visitor.get(f"/api/v1/lapor/complaints/{typed}")
        seen.note("public API", answer.text if answer.status_code == 200 else "", only=flag)
    # The page itself draws the point on a map; the API names it.
    for flag in ("plain", "anonim"):
        seen.table["public page"][flag] |= {"point"} & seen.table["public API"][flag]


def as_reporters(seen: Seen, client, tenant) -> None:
    for flag, case in seen.cases.items():
        browser, number = client(tenant), case.receipt.number
        browser.get(f"/lapor/buka/{case.receipt.ticket}")
        own = browser.get(f"/lapor/lacak/{number}/saya").text
        with_pin = {"Complaint-Pin": case.receipt.pin}
        read = browser.get(f"/api/v1/lapor/complaints/{number}", headers=with_pin).text
        seen.note("own page", own + read, only=flag)
        seen.note("own data", browser.get(f"/lapor/lacak/{number}/data").text, only=flag)
        form = f"/lapor/lacak/{number}/data"
        copied = browser.submit(f"{form}/salinan", form=form)
        seen.note("own copy", json.dumps(copied.get_json(), ensure_ascii=False), only=flag)


def at_the_desk(seen: Seen, role: str, browser) -> None:
    app = browser.application
    # The host's own pages (officers, trail, settings) are the admin's.
    lists = pages(app, "/meja/" if role == "admin" else "/meja/lapor/", number=False)
    lists.remove("/meja/lapor/identitas")
    token = browser.token("/meja/akun")
    for path in (*lists, "/meja/lapor/?box=all", "/meja/lapor/?box=agency", "/meja/lapor/?box=unverified"):
        seen.note(f"lists: {role}", browser.get(path).text)
    seen.note(f"log: {role}", browser.get("/meja/lapor/identitas").text)
    seen.note(f"words: {role}", browser.get(f"/meja/lapor/?box=all&q={WORD}").text)
    for flag, case in seen.cases.items():
        number, tokens = case.receipt.number, case.tokens
        text = ""
        for path in pages(app, "/meja/lapor/", number=True):
            answer = browser.get(path.replace("<number>", number))
            text += answer.text if answer.status_code == 200 else ""
        seen.note(f"case: {role}", text, only=flag, role=role)
        photo = browser.get(f"/meja/lapor/foto/{tokens['photos']}").status_code
        shown = flag in ("plain", "anonim") or secrecy.reaching(role, secrecy.WHAT)[flag]
        assert photo == (200 if shown and role != "admin" else 403 if role == "admin" else 404)
        asked = {"value": tokens["phone"], "purpose": "uji"}
        text = post(browser, token, "/meja/lapor/identitas/cari", asked)
        seen.note(f"number: {role}", text, without=tokens["phone"])
        text = post(browser, token, f"/meja/lapor/{number}/identitas", {"reveal-purpose": "uji"})
        seen.note(f"identity: {role}", text, only=flag, role=role)


def by_words(seen: Seen, role: str, who: tuple[str, str, str], acting) -> None:
    """The desk's ordinary search for what only the vault knows."""
    seen.note(f"persons: {role}", "")
    with acting(who[0], who[1]):
        for flag, case in seen.cases.items():
            for field in secrecy.WHO:
                found = queries.inbox("all", Filters(search=case.tokens[field])).items
                seen.note(f"persons: {role}", str(found), only=flag)


def post(browser, token: str, path: str, data: dict[str, str]) -> str:
    """Send a form of the desk; the text of a page that came, "" for a refusal."""
    answer = browser.post(path, data={"csrf_token": token, **data})
    return answer.text if answer.status_code == 200 else ""


def by_two(seen: Seen, acting) -> None:
    view = "identity by two: inspector"
    seen.note(view, "")
    for flag, case in seen.cases.items():
        with acting("inspector", "INSPEKTORAT") as first:
            try:
                opening.ask(case.receipt.id, purpose="uji")
                (wish,) = opening.wishes(case.receipt.id)
            except Exception:
                continue
            set_actor(Actor("officer", new_id(), "inspector", first.permissions, first.agency_id))
            opening.decide(wish.id, grant=True)
            set_actor(first)
            seen.note(view, str(opening.look(wish.id)[1]), only=flag)


def by_program(seen: Seen, acting, program) -> None:
    every = [each.code for each in plugin.PERMISSIONS]
    with acting():
        _, key = keys.create("Uji", every, 30, set(every), "")
    headers = {"Authorization": f"Bearer {key}"}
    for flag, case in seen.cases.items():
        answer = program.get(f"/api/v1/lapor/complaints/{case.receipt.number}", headers=headers)
        seen.note("API with a key", answer.text if answer.status_code == 200 else "", only=flag)


def left_the_house(seen: Seen, app, tenant, connection, folder) -> None:
    tasks = "SELECT args->>'payload' FROM jobs.procrastinate_jobs WHERE args->>'hook' = 'superapp_deliver'"
    payloads = [json.loads(row[0]) for row in connection.execute(tasks)]
    with app.app_context(), tenant_scope(tenant, SYSTEM):
        for message in map(events.opened, payloads):
            view = "mail to the reporter" if message.to.endswith("@warga.example") else "mail to a unit"
            seen.note(view, f"{message.to}\n{message.subject}\n{message.text}\n{message.html}")
        for flag, case in seen.cases.items():
            copy = personal.export(case.tokens["phone"])
            seen.note("person export", json.dumps(copy.data, ensure_ascii=False), only=flag)
    seen.note("tenant export", exported(app, tenant, folder))


def exported(app, tenant, folder) -> str:
    """The tenant's folder as `superapp tenant export` writes it, all files in one text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "app", lambda: app)
        done = CliRunner().invoke(cli.main, ["tenant", "export", tenant.slug, str(folder / "folder")])
    assert done.exit_code == 0, done.output
    files = [path for path in (folder / "folder").rglob("*") if path.is_file()]
    return "".join(path.read_text("utf-8", "replace") for path in files)


def in_the_machine(seen: Seen, connection) -> None:
    jobs = connection.execute("SELECT task_name, args::text FROM jobs.procrastinate_jobs").fetchall()
    told = [args for task, args in jobs if task == "superapp:event" or '"hook": "superapp_event"' in args]
    seen.note("event arguments", "\n".join(told))
    seen.note("job arguments", "\n".join(args for _, args in jobs))
    names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'lapor'").fetchall()
    for (name,) in sorted(names):
        view = "vault tables" if name.startswith("vault_") else "case tables"
        rows = connection.execute(f"SELECT row_to_json(t)::text FROM lapor.{name} t").fetchall()
        seen.note(view, "\n".join(row[0] for row in rows))
    others = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('core', 'surel', 'berita')"
    ).fetchall()
    for schema, name in sorted(others):
        rows = connection.execute(f"SELECT row_to_json(t)::text FROM {schema}.{name} t").fetchall()
        text = "\n".join(row[0] for row in rows)
        assert not [f for c in seen.cases.values() for f in secrecy.WHO if c.tokens[f] in text], (
            f"{schema}.{name}"
        )


def test_one_more_report_is_counted_only_where_it_may_be_seen(acting) -> None:
    who = {
        role: (name, unit, {"area_codes": (area,)} if area else {})
        for role, (name, unit, area) in ROLES.items()
    }
    counted: dict[str, dict[str, bool]] = {role: {} for role in (*ROLES, "everybody's figures")}
    for place, flag in enumerate(FLAGS):
        before = numbers(acting, who)
        draft, _ = written(flag, place)
        with acting():
            receipt = service.submit(draft)
        if flag != "whistle":
            with acting("coordinator", "DISKOMINFO"):
                service.dispose(receipt.id, agency_codes=["DLHK"])
        for role, after in numbers(acting, who).items():
            counted[role][flag] = after != before[role]
    assert counted == secrecy.COUNTED


def numbers(acting, who) -> dict[str, object]:
    """All numbers that each role can read."""
    found: dict[str, object] = {}
    for role, (name, unit, _) in who.items():
        with acting(name, unit):
            found[role] = queries.counts()
    with acting():
        found["everybody's figures"] = queries.figures(12)
    return found


def test_the_table_speaks_of_every_role_and_flag() -> None:
    assert set(secrecy.REACH) == set(ROLES)
    assert all(set(row) == set(FLAGS) for row in secrecy.declared().values())
    held = {name for each in plugin.PERMISSIONS for name in each.roles}
    assert held <= {name for name, _, _ in ROLES.values()}
