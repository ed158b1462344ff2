"""Following a case without an account: what a number, a PIN and a ticket open, and what they do not."""

import pytest
from lapor_reports import draft

from plugins.lapor import queries, service
from plugins.lapor.contracts import Contact
from superapp.sdk import NotFound, TooMany


def test_the_public_view_carries_no_personal_data(acting) -> None:
    secret = Contact("Nama Pelapor", "0812 3456 7890", "pelapor@contoh.id")
    with acting():
        receipt = service.submit(
            draft(
                reporter=secret,
                body="Hubungi saya di 0812-3456-7890 atau pelapor@contoh.id, NIK 5171011234567890.",
            )
        )
        seen = repr(service.public_view(receipt.number))
    for part in ("0812", "pelapor@contoh.id", "Nama Pelapor", "5171011234567890", receipt.pin):
        assert part not in seen
    assert "[disamarkan]" in seen


def test_the_right_pin_opens_the_reporters_view(acting) -> None:
    with acting():
        receipt = service.submit(draft(reporter=Contact("", "", "pelapor@contoh.id")))
        ticket = service.enter(receipt.number.lower().replace("-", " "), f" {receipt.pin} ")
        assert ticket == receipt.ticket
        assert service.reporter_view(ticket).contact.email == "pelapor@contoh.id"


def test_a_wrong_pin_and_an_unknown_number_are_told_alike(acting) -> None:
    with acting():
        receipt = service.submit(draft())
        wrong = "000000" if receipt.pin != "000000" else "000001"
        messages = set()
        for number, pin in ((receipt.number, wrong), ("UJI-2026-999999", receipt.pin), ("tidak ada", "1")):
            with pytest.raises(NotFound) as refused:
                service.enter(number, pin)
            messages.add(str(refused.value))
    assert len(messages) == 1


def test_guessing_a_pin_is_slowed_down_even_for_the_right_one(acting) -> None:
    with acting():
        receipt = service.submit(draft())
        wrong = "000000" if receipt.pin != "000000" else "000001"
        for _ in range(5):
            with pytest.raises(NotFound):
                service.enter(receipt.number, wrong)
        with pytest.raises(TooMany) as slowed:
            service.enter(receipt.number, receipt.pin)
        assert slowed.value.retry_after > 0
        assert service.reporter_view(receipt.ticket)


def test_right_pins_are_never_slowed(acting) -> None:
    with acting():
        receipt = service.submit(draft())
        for _ in range(12):
            service.enter(receipt.number, receipt.pin)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1] + "0123456789abcdef"[int(t[-1], 16) - 1], lambda t: "", lambda t: t * 2]
)
def test_a_ticket_that_was_changed_opens_nothing(acting, change) -> None:
    with acting():
        receipt = service.submit(draft())
        for step in (
            service.reporter_view,
            lambda t: service.reply(t, text="x"),
            service.withdraw,
            lambda t: service.claim(t, Contact()),
        ):
            with pytest.raises(NotFound):
                step(change(receipt.ticket))


def test_a_ticket_opens_only_its_own_case_and_government(acting, tenant_b) -> None:
    with acting():
        first, second = service.submit(draft()), service.submit(draft())
        with pytest.raises(NotFound):
            service.reporter_view(second.ticket[:32] + first.ticket[32:])
    with acting(tenant=tenant_b):
        service.submit(draft())
        for ticket in (first.ticket, second.ticket):
            with pytest.raises(NotFound):
                service.reporter_view(ticket)
        with pytest.raises(NotFound):
            service.public_view(first.number)
        with pytest.raises(NotFound):
            service.enter(first.number, first.pin)


def test_a_secret_case_has_no_public_page_and_is_in_no_public_list(acting) -> None:
    with acting():
        receipt = service.submit(draft(secret=True))
        with pytest.raises(NotFound):
            service.public_view(receipt.number)
        assert service.reporter_view(receipt.ticket).secret
    with acting("coordinator", "DISKOMINFO"):
        service.dispose(receipt.id, agency_codes=["DLHK"])
    with acting():
        assert queries.public_list().items == ()


def test_the_reporter_can_erase_the_own_contact(acting, admin_connection) -> None:
    with acting():
        receipt = service.submit(draft(reporter=Contact("A", "0812 3456 7890", "a@contoh.id")))
        service.correct_contact(receipt.ticket, Contact())
        assert service.reporter_view(receipt.ticket).contact == Contact()
    row = "SELECT name, phone, email, nik, phone_tag, email_tag, erased_how FROM lapor.vault_contact"
    assert admin_connection.execute(row).fetchone() == (b"", b"", b"", b"", None, None, "reporter")
    assert admin_connection.execute("SELECT wrapped FROM lapor.vault_person").fetchall() == [(None,)]


def test_no_pin_or_token_is_kept_in_plain(acting, admin_connection) -> None:
    with acting("coordinator", "DISKOMINFO"):
        receipt = service.submit(draft(channel="phone"), idempotency_key="k")
    tables = ("complaint", "reporter", "event", "idempotency", "deadline")
    kept = "".join(str(admin_connection.execute(f"SELECT * FROM lapor.{t}").fetchall()) for t in tables)
    assert receipt.claim_token and receipt.claim_token not in kept
    assert f"'{receipt.pin}'" not in kept
    assert receipt.ticket not in kept
