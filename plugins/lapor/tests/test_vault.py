"""Who reported, in the vault: locked for each person, opened by few, erased for good."""

import time

import pytest
from lapor_reports import draft

from plugins.lapor import personal, service
from plugins.lapor.contracts import Contact
from plugins.lapor.service.vault import access, crypt, keys, people, rights, search
from superapp.sdk import BrokenSeal, Conflict, Forbidden, Invalid, TooMany, session

WHO = Contact("Ayu Pelapor", "0812-3456-7890", "ayu@contoh.id", "5171011234567890")
TABLES = ("complaint", "reporter", "event", "idempotency", "vault_contact", "vault_person", "vault_access")


def told(**changes: object) -> object:
    return service.submit(draft(reporter=WHO, **changes))


def persons(connection) -> list:
    query = "SELECT id, wrapped IS NOT NULL, link IS NOT NULL FROM lapor.vault_person ORDER BY created_at, id"
    return connection.execute(query).fetchall()


def test_nothing_of_a_contact_stands_in_plain_in_any_table(acting, admin_connection) -> None:
    with acting():
        receipt = service.submit(draft(reporter=WHO), idempotency_key="k")
        assert service.reporter_view(receipt.ticket).contact == WHO
    kept = "".join(str(admin_connection.execute(f"SELECT * FROM lapor.{t}").fetchall()) for t in TABLES)
    for part in ("Ayu Pelapor", "81234567890", "3456", "ayu@contoh.id", "5171011234567890"):
        assert part not in kept and part.encode().hex() not in kept


def test_a_report_without_contact_costs_no_key(acting, admin_connection) -> None:
    with acting():
        receipt = service.submit(draft())
        assert people.kept(receipt.id) == people.Kept() and not people.has_contact(receipt.id)
    assert persons(admin_connection) == []
    assert admin_connection.execute("SELECT count(*) FROM lapor.vault_key").fetchone() == (0,)


def test_the_same_number_is_locked_with_the_same_persons_key(acting, admin_connection) -> None:
    with acting():
        first = told()
        second = service.submit(draft(reporter=Contact("Ayu", "+62 812 3456 7890")))
        third = service.submit(draft(reporter=Contact("Lain", "", "ayu@contoh.id")))
        fourth = service.submit(draft(reporter=Contact("", "", "AYU@contoh.id")))
        contacts = [people.kept(each.id).contact for each in (first, second, third, fourth)]
    assert [each.name for each in contacts] == ["Ayu Pelapor", "Ayu", "Lain", ""]
    assert contacts[1].email == ""  # what a neighbour left under the number is not shown here
    assert len(persons(admin_connection)) == 2
    rows = admin_connection.execute(
        "SELECT person_id FROM lapor.vault_contact ORDER BY complaint_id"
    ).fetchall()
    assert rows[0] == rows[1] != rows[2] == rows[3]


@pytest.mark.parametrize("how", [{"anonymous": True}, {"category": "INTEGRITY.EXTORTION"}, {"whistle": True}])
def test_who_wants_to_stay_unknown_is_linked_to_nothing(acting, admin_connection, how) -> None:
    with acting():
        told()
        hidden = [told(**how), told(**how)]
        assert all(people.kept(each.id).contact == WHO for each in hidden)
    assert [row[1:] for row in persons(admin_connection)] == [(True, True), (True, False), (True, False)]
    tags = "SELECT count(phone_tag), count(email_tag), count(nik_tag) FROM lapor.vault_contact"
    assert admin_connection.execute(tags).fetchone() == (1, 1, 1)


def test_an_unknown_reporter_stays_unlinked_when_first_and_when_corrected(acting, admin_connection) -> None:
    with acting():
        first = told(anonymous=True)
        assert [row[1:] for row in persons(admin_connection)] == [(True, False)]
        named = told()
        service.correct_contact(first.ticket, Contact("Lain", WHO.phone))
        people.make_unknown(named.id)
        again = told()
        assert people.kept(named.id).contact == people.kept(again.id).contact == WHO
    rows = admin_connection.execute(
        "SELECT c.complaint_id, c.person_id, p.link IS NOT NULL, c.phone_tag IS NOT NULL "
        "FROM lapor.vault_contact c JOIN lapor.vault_person p ON p.id = c.person_id"
    ).fetchall()
    assert {row[0]: row[2:] for row in rows} == {
        first.id: (False, False),
        named.id: (False, False),
        again.id: (True, True),
    }
    assert len({row[1] for row in rows}) == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lapor.vault_contact SET name = phone",
        "UPDATE lapor.vault_contact c SET name = o.name FROM lapor.vault_contact o "
        "WHERE o.complaint_id <> c.complaint_id",
        "UPDATE lapor.vault_contact c SET person_id = p.id FROM lapor.vault_person p "
        "WHERE p.id <> c.person_id",
        "UPDATE lapor.vault_person p SET wrapped = o.wrapped FROM lapor.vault_person o WHERE o.id <> p.id",
    ],
)
def test_a_ciphertext_that_was_moved_does_not_open(acting, admin_connection, change) -> None:
    with acting():
        receipts = [told(), service.submit(draft(reporter=Contact("B", "0813 1111 2222")))]
        admin_connection.execute(change)
        for receipt in receipts:
            with pytest.raises(BrokenSeal):
                people.kept(receipt.id)


def test_a_key_of_another_government_opens_nothing(acting, tenant_b, admin_connection) -> None:
    with acting():
        told()
    with acting(tenant=tenant_b):
        theirs = told()
    for table in ("vault_key", "vault_person"):
        admin_connection.execute(
            f"UPDATE lapor.{table} b SET wrapped = a.wrapped FROM lapor.{table} a "
            "WHERE a.tenant_id < b.tenant_id" + (" AND a.use = b.use" if table == "vault_key" else "")
        )
        with acting(tenant=tenant_b), pytest.raises(BrokenSeal):
            keys.forget()
            people.kept(theirs.id)


def test_correcting_a_contact_destroys_the_key_that_nobody_needs(acting, admin_connection) -> None:
    with acting():
        first, second = told(), told()
        service.correct_contact(first.ticket, Contact("Ayu", "0813 1111 2222"))
        assert [row[1] for row in persons(admin_connection)] == [True, True]
        service.correct_contact(second.ticket, Contact("Ayu", "0813 1111 2222"))
        assert people.kept(second.id).contact == Contact("Ayu", "0813 1111 2222")
        assert people.kept(first.id).contact.phone == "0813 1111 2222"
    assert [row[1] for row in persons(admin_connection)] == [False, True]


def test_erasing_one_report_leaves_the_others_of_the_person_readable(acting, admin_connection) -> None:
    with acting():
        first, second, third = told(), told(), told()
        old = persons(admin_connection)[0][0]
        assert people.forget(first.id, how="reporter")
        assert not people.forget(first.id, how="reporter")
        assert people.kept(first.id).erased_how == "reporter" and people.kept(first.id).contact == Contact()
        assert people.kept(second.id).contact == people.kept(third.id).contact == WHO
        fourth = told()
        assert service.reporter_view(first.ticket).case.number == first.number
        assert service.enter(first.number, first.pin) == first.ticket
        service.reply(first.ticket, text="Masih di sana.")
    living = [row[0] for row in persons(admin_connection) if row[1]]
    assert old not in living and len(living) == 1
    used = admin_connection.execute(
        "SELECT DISTINCT person_id FROM lapor.vault_contact WHERE erased_at IS NULL AND complaint_id <> %s",
        (first.id,),
    ).fetchall()
    assert used == [(living[0],)] and fourth


def test_a_contact_given_after_erasing_is_kept_again(acting) -> None:
    with acting():
        receipt = told()
        service.correct_contact(receipt.ticket, Contact())
        assert not people.has_contact(receipt.id)
        service.correct_contact(receipt.ticket, WHO)
        assert people.kept(receipt.id) == people.Kept(WHO)


def test_a_restored_ciphertext_stays_noise_once_its_key_is_gone(acting, admin_connection) -> None:
    with acting():
        receipt = told()
        backup = admin_connection.execute("SELECT name FROM lapor.vault_contact").fetchone()
        people.forget(receipt.id, how="request")
        admin_connection.execute(
            "UPDATE lapor.vault_contact SET erased_at = NULL, erased_how = '', name = %s", backup
        )
        assert people.kept(receipt.id).contact == Contact()


def test_a_persons_rights_find_all_reports_also_anonymous_ones(acting, tenant_b) -> None:
    with acting(tenant=tenant_b):
        other = told()
    with acting():
        open_, hidden = told(), told(anonymous=True)
        service.submit(draft(reporter=Contact("Lain", "0813 1111 2222"), anonymous=True))
        for value in ("+62 812 3456 7890", "AYU@contoh.id", "5171 0112 3456 7890"):
            copy = personal.export(value)
            assert copy is not None
            assert {each["number"] for each in copy.data["reports"]} == {open_.number, hidden.number}
        assert copy.data["reports"][0]["nik"] == WHO.nik
        assert personal.export("0899 0000 0000") is None and personal.export("Ayu") is None
        assert personal.erase("ayu@contoh.id") == 2
        assert personal.erase("ayu@contoh.id") is None
        assert personal.export("ayu@contoh.id") is None
        assert access.looks_at(open_.id)[0].what == "erase"
    with acting(tenant=tenant_b):
        assert people.kept(other.id).contact == WHO


def test_unlinked_contacts_are_walked_in_parts(acting, monkeypatch) -> None:
    monkeypatch.setattr(rights, "BATCH", 2)
    with acting():
        made = {told(anonymous=True).id for _ in range(5)}
        assert {found for found, _ in rights.under("ayu@contoh.id")} == made


def test_a_whole_number_finds_named_reports_and_leaves_a_line_with_the_reporter(
    acting, admin_connection
) -> None:
    with acting():
        named, hidden, blown = told(), told(anonymous=True), told(whistle=True)
    with acting("coordinator", "DISKOMINFO"):
        found = search.find("+62 812 3456 7890", purpose="Pelapor menelepon tanpa nomor laporan")
        assert [hit.number for hit in found] == [named.number]
        for part in ("0812 3456", "812345678", "ayu@contoh", "%", "ayu@contoh.id%"):
            try:
                assert search.find(part, purpose="uji") == ()
            except Invalid as error:
                assert error.errors[0].field == "value"
        with pytest.raises(Invalid) as refused:
            search.find("0812 3456 7890", purpose=" ")
        assert refused.value.errors[0].field == "purpose"
    with acting():
        assert [(each.what, each.role) for each in access.looks_at(named.id)] == [("search", "coordinator")]
        assert access.looks_at(hidden.id) == access.looks_at(blown.id) == ()
    trail = str(admin_connection.execute("SELECT facts FROM core.audit").fetchall())
    assert "81234567890" not in trail and "phone" in trail
    with acting("inspector", "INSPEKTORAT"):
        assert search.find("0812 3456 7890", purpose="uji") == ()


@pytest.mark.parametrize("who", [("liaison", "DLHK"), ("operator", ""), ("leader", ""), ("auditor", "")])
def test_nobody_else_searches_for_persons(acting, who) -> None:
    with acting():
        told()
    with acting(*who), pytest.raises(Forbidden):
        search.find("0812 3456 7890", purpose="uji")


def test_searching_for_persons_is_slowed_down(acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        for _ in range(search.TRIES):
            search.find("0812 3456 7890", purpose="uji")
        with pytest.raises(TooMany):
            search.find("0812 3456 7890", purpose="uji")


def test_opening_is_refused_before_anything_is_written(acting, admin_connection) -> None:
    with acting():
        receipt = told()
    with acting("coordinator", "DISKOMINFO"):
        with pytest.raises(Invalid):
            service.reveal(receipt.id, purpose="")
        with pytest.raises(Conflict):
            from plugins.lapor.service.vault import opening

            opening.ask(receipt.id, purpose="uji")
    assert admin_connection.execute("SELECT count(*) FROM lapor.vault_access").fetchone() == (0,)


def test_locking_a_person_takes_microseconds(acting) -> None:
    with acting():
        receipt = told()
        began = time.perf_counter()
        for _ in range(200):
            people.sealed(receipt.id, WHO, unknown=False)
        assert (time.perf_counter() - began) / 200 < 0.002


def test_opened_keys_are_kept_for_a_while_and_read_again_after(acting, monkeypatch) -> None:
    with acting():
        told()
        ring = keys.ring()
        assert keys.ring() is ring and crypt.KEY_BYTES == len(ring.index) == len(ring.wraps[1])
        assert ring.index.hex() not in repr(ring)
        monkeypatch.setattr(keys.time, "monotonic", lambda: time.perf_counter() + 10**9)
        assert keys.ring() is not ring and keys.ring() == ring


def test_the_keys_of_an_undone_report_stay_good(acting) -> None:
    with acting():
        with pytest.raises(RuntimeError):
            from superapp.sdk import work

            with work():
                told()
                raise RuntimeError
        first = told()
        keys.forget()
        session().expire_all()
        assert people.kept(first.id).contact == WHO
