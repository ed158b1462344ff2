"""Keys that change, identities whose time is over: nothing is lost on the way, and nothing stays behind."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from lapor_reports import draft

from plugins.lapor import service
from plugins.lapor.contracts import Contact
from plugins.lapor.jobs import vault as jobs
from plugins.lapor.service.vault import keys, people, retain, rotate
from superapp import cli
from superapp.sdk import BrokenSeal, at_time, now, session

WHO = Contact("Ayu Pelapor", "0812 3456 7890", "ayu@contoh.id")
NEW = "n" * 40
MARCH = datetime(2026, 3, 31, 3, tzinfo=UTC)


def five() -> list:
    return [service.submit(draft(reporter=Contact(f"W{n}", f"0812 0000 000{n}"))) for n in range(5)]


def versions(connection) -> list:
    query = "SELECT version, wrapped IS NOT NULL FROM lapor.vault_key WHERE use = 'wrap' ORDER BY version"
    return connection.execute(query).fetchall()


def held(connection) -> list:
    query = "SELECT key_version, count(*) FROM lapor.vault_person GROUP BY 1 ORDER BY 1"
    return connection.execute(query).fetchall()


def test_rotation_goes_on_where_it_was_cut_short_and_retires_the_old_version(
    acting, admin_connection, monkeypatch
) -> None:
    monkeypatch.setattr(rotate, "BATCH", 2)
    with acting():
        made = five()
        assert rotate.begin() == 2 and rotate.state() == rotate.State(2, (1, 2), 5)
        assert rotate._batch() == 2
        assert held(admin_connection) == [(1, 3), (2, 2)]
        assert all(people.kept(each.id).contact.name for each in made)
        sixth = service.submit(draft(reporter=WHO))
        seen: list[int] = []
        assert rotate.carry_on(seen.append) == 3 and seen == [2, 3]
        assert held(admin_connection) == [(2, 6)]
        assert rotate.retire() == ()  # a process may still hold the old one
        assert versions(admin_connection) == [(1, True), (2, True)]
        with at_time(now() + rotate.LET_GO + timedelta(seconds=1)):
            assert rotate.retire() == (1,) and rotate.retire() == ()
        assert versions(admin_connection) == [(1, False), (2, True)]
        keys.forget()
        assert [people.kept(each.id).contact.name for each in (*made, sixth)] == [
            *(f"W{n}" for n in range(5)),
            WHO.name,
        ]
        assert rotate.state() == rotate.State(2, (2,), 0)


def test_an_old_version_stays_while_somebody_hangs_on_it(acting, admin_connection) -> None:
    with acting():
        five()
        rotate.begin()
        with at_time(now() + rotate.LET_GO * 2):
            assert rotate.retire() == ()
            jobs.carry_on()
    assert versions(admin_connection) == [(1, False), (2, True)] and held(admin_connection) == [(2, 5)]


def test_another_process_learns_of_a_new_version_when_it_meets_it(acting, monkeypatch) -> None:
    with acting():
        receipt = service.submit(draft(reporter=WHO))
        stale = keys.ring()
        rotate.begin()
        rotate.carry_on()
        keys._shelf()[stale.tenant_id] = (float("inf"), stale)
        assert people.kept(receipt.id).contact == WHO
        with pytest.raises(BrokenSeal):
            keys.unwrap_person(receipt.id, 9, b"")


def test_the_job_of_the_vault_does_nothing_when_nothing_is_to_be_done(acting, admin_connection) -> None:
    with acting():
        jobs.carry_on()
        assert rotate.state() == rotate.State(0, (), 0)
        five()
        jobs.carry_on()
    assert versions(admin_connection) == [(1, True)]


def test_a_persons_destroyed_key_does_not_come_back_by_rotation(acting, admin_connection) -> None:
    with acting():
        receipt = service.submit(draft(reporter=WHO))
        people.forget(receipt.id, how="request")
        rotate.begin()
        assert rotate.carry_on() == 0
    assert held(admin_connection) == [(1, 1)]


def test_a_new_host_secret_opens_with_the_old_one_listed_and_then_without(app, acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        receipt = service.submit(draft(reporter=WHO, channel="phone"))
    old = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=[old])
    with acting():
        keys.forget()
        assert people.kept(receipt.id).contact == WHO
        assert service.enter(receipt.number, receipt.pin) != receipt.ticket
        assert service.reporter_view(receipt.ticket).contact == WHO
        assert service.exchange(receipt.ticket) and service.claim_info(receipt.claim_token) == receipt.number
        assert rotate.wrap_anew() == 2 and rotate.wrap_anew() == 0
    app.config.update(SECRET_KEY_FALLBACKS=[])
    with acting():
        keys.forget()
        assert people.kept(receipt.id).contact == WHO
    app.config.update(SECRET_KEY="x" * 40)
    with acting(), pytest.raises(BrokenSeal, match="SUPERAPP_OLD_SECRET_KEYS"):
        keys.forget()
        people.kept(receipt.id)


def test_the_commands_rotate_rewrap_and_tell(app, acting, tenant_a, monkeypatch) -> None:
    with acting():
        five()
    monkeypatch.setattr(cli, "app", lambda: app)

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli.main, ["lapor", "vault", *words, "--tenant", tenant_a.slug])
        assert done.exit_code == 0, done.output
        return done.stdout.strip()

    assert run("rotate") == "version 2: 5 persons wrapped anew; the worker retires the old version"
    assert run("status") == "current 2, living 1, 2, persons on old versions 0"
    assert run("rewrap") == "0 keys wrapped with the present secret"
    wrong = CliRunner().invoke(cli.main, ["lapor", "vault", "status", "--tenant", "atlantis"])
    assert wrong.exit_code == 1 and "atlantis" in wrong.output


def test_a_command_outside_of_superapp_says_so(tenant_a) -> None:
    from plugins.lapor.vault_commands import group

    done = CliRunner().invoke(group, ["status", "--tenant", tenant_a.slug])
    assert done.exit_code == 1 and "superapp" in done.output


@pytest.mark.parametrize(
    ("day", "months", "told"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
    ],
)
def test_months_are_counted_back_to_the_last_day_there_is(day, months, told) -> None:
    assert retain.before(datetime(*day, tzinfo=UTC), months) == datetime(*told, tzinfo=UTC)


def test_identities_are_destroyed_after_the_months_of_their_class(acting, monkeypatch, caplog) -> None:
    months = {f"keep_{name}_months": 0 for name in retain.CLASSES} | {"keep_complaint_months": 6}
    monkeypatch.setattr(retain, "setting", months.__getitem__)
    monkeypatch.setattr(retain, "BATCH", 1)
    with at_time(MARCH), acting("coordinator", "DISKOMINFO"):
        gone = [service.submit(draft(reporter=WHO)) for _ in range(2)]
        kept = [
            service.submit(draft(reporter=WHO, kind="aspiration")),
            service.submit(draft(reporter=WHO, whistle=True)),
            service.submit(draft(reporter=WHO)),
        ]
        for receipt in (*gone, *kept[:2]):
            service.withdraw(receipt.ticket)
        opened = service.submit(draft(reporter=WHO))
        service.withdraw(opened.ticket)
        service.reopen(opened.ticket, reason="Masih ada")
    with acting():
        with at_time(MARCH + timedelta(days=182)):
            assert retain.shred() == 0
        with at_time(MARCH + timedelta(days=185)):
            jobs.shred()
            assert [people.kept(each.id).erased_how for each in gone] == ["retention"] * 2
            assert [people.kept(each.id).contact for each in (*kept, opened)] == [WHO] * 4
            assert service.reporter_view(gone[0].ticket).contact == Contact()
            months["keep_whistle_months"] = 1
            assert retain.shred() == 1
        session().expire_all()
        assert people.kept(kept[1].id).erased_how == "retention"
