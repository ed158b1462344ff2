"""Taking a report in: one answer, one number, one owner, or nothing at all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from lapor_reports import PIXEL, draft
from sqlalchemy import event, text

from plugins.lapor import queries, service
from plugins.lapor.contracts import Contact, Location, Upload
from plugins.lapor.service import reference, store
from superapp.sdk import Conflict, Invalid, NotFound, at_time, session


def test_a_report_gets_number_pin_owner_and_times(acting) -> None:
    with acting():
        receipt = service.submit(draft())
        assert receipt.number.startswith("UJI-") and receipt.number.endswith("-000001")
        assert len(receipt.pin) == 6 and receipt.pin.isdigit()
        assert receipt.agency is not None and receipt.agency.code == "DLHK"
        assert {each.step for each in receipt.deadlines} == {"verify", "resolve"}
        assert receipt.tracking_path == f"/lapor/lacak/{receipt.number}"
        assert receipt.claim_token is None


def test_numbers_count_up_per_government_and_year(acting, tenant_b) -> None:
    from datetime import UTC, datetime

    with acting():
        numbers = [service.submit(draft()).number for _ in range(3)]
        with at_time(datetime(2031, 12, 31, 15, 59, tzinfo=UTC)):
            last = service.submit(draft()).number
        with at_time(datetime(2031, 12, 31, 16, 1, tzinfo=UTC)):
            newyear = service.submit(draft()).number
    with acting(tenant=tenant_b):
        theirs = service.submit(draft()).number
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003"]
    assert (last, newyear) == ("UJI-2031-000001", "UJI-2032-000001")
    assert theirs.startswith("UJB-") and theirs.endswith("000001")


def test_the_same_key_gives_the_first_answer_again(acting) -> None:
    with acting():
        first = service.submit(draft(), idempotency_key="k-1")
        again = service.submit(draft(), idempotency_key="k-1")
        assert again.repeated
        assert replace(again, repeated=False) == first
        assert queries.inbox("all").items == ()  # a citizen has no inbox
        assert service.submit(draft()).number.endswith("000002")


def test_the_same_key_with_another_report_is_refused(acting) -> None:
    with acting():
        service.submit(draft(), idempotency_key="k-1")
        with pytest.raises(Conflict):
            service.submit(draft(body="Sesuatu yang lain sama sekali"), idempotency_key="k-1")


def test_a_key_belongs_to_its_government(acting, tenant_b) -> None:
    with acting():
        service.submit(draft(), idempotency_key="k-1")
    with acting(tenant=tenant_b):
        assert not service.submit(draft(), idempotency_key="k-1").repeated


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "x" * 10_001}, "body"),
        ({"title": "x" * 201}, "title"),
        ({"kind": "rumour"}, "kind"),
        ({"category": "NO.SUCH"}, "category"),
        ({"channel": "pigeon"}, "channel"),
        ({"channel": "phone"}, "channel"),
        ({"agency_code": "DLHK"}, "agency"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"body": "nul \x00"}, "body"),
        ({"body": "lone \ud800"}, "body"),
        ({"title": "a\u202eb"}, "title"),
        ({"body": "a" + "\u0301" * 100}, "body"),
        ({"location": Location(lat=-8.7)}, "location.lng"),
        ({"location": Location(lat=float("nan"), lng=115.0)}, "location.lat"),
        ({"location": Location(lat=1e308, lng=115.0)}, "location.lat"),
        ({"location": Location(lat=-8.7, lng=0.0)}, "location.lng"),
        ({"location": Location(area_code="99.99")}, "location.area"),
        ({"reporter": Contact(email="nobody")}, "reporter.email"),
        ({"reporter": Contact(phone="call me")}, "reporter.phone"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(acting, admin_connection, changes, field) -> None:
    with acting(), pytest.raises(Invalid) as refused:
        service.submit(draft(**changes))
    assert [each.field for each in refused.value.errors] == [field]
    assert admin_connection.execute("SELECT count(*) FROM lapor.complaint").fetchone() == (0,)
    assert admin_connection.execute("SELECT count(*) FROM lapor.number").fetchone() == (0,)


def test_a_failure_at_any_statement_leaves_a_whole_report_or_none(acting, admin_connection) -> None:
    def count(table: str) -> int:
        return admin_connection.execute(f"SELECT count(*) FROM lapor.{table}").fetchone()[0]

    refused = 0
    for place in range(40):
        reference.forget()
        with acting(), failing_at(place) as failed, suppress(RuntimeError):
            service.submit(draft(), [Upload("a.png", PIXEL)], idempotency_key=f"k-{place}")
        made = count("complaint")
        refused += made != place + 1 - refused
        assert count("reporter") == count("photo") == count("idempotency") == count("event") == made
        assert count("deadline") == 2 * made
        if not failed:
            break
    assert not failed
    assert refused >= 5


@contextmanager
def failing_at(place: int) -> Iterator[list[str]]:
    """Every statement up to `place` goes through, that one does not."""
    engine, seen, failed = session().get_bind(), [], []

    def count(connection, cursor, statement, *_) -> None:
        seen.append(statement)
        if len(seen) == place + 1:
            failed.append(statement)
            raise RuntimeError("the disk is full")

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield failed
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_an_unknown_category_is_guessed_from_the_words(acting) -> None:
    with acting():
        receipt = service.submit(
            draft(category=None, title="", body="Ada lubang besar, aspal mengelupas di sini.")
        )
        assert receipt.agency is not None and receipt.agency.code == "DPUPR"
        assert service.public_view(receipt.number).category_code == "ROAD.POTHOLE"
    with acting("coordinator", "DISKOMINFO"):
        seen = service.desk_view(receipt.id)
    assert seen.routing["guessed"] is True
    assert "lubang" in seen.suggestions[0].words


def test_what_nobody_understands_goes_to_the_main_door(acting) -> None:
    with acting():
        receipt = service.submit(draft(category=None, title="", body="Saya ingin menyampaikan sesuatu."))
    assert receipt.agency is not None and receipt.agency.code == "DISKOMINFO"


def test_extortion_is_secret_by_itself_and_goes_straight_to_the_inspectorate(acting) -> None:
    with acting():
        receipt = service.submit(draft(category="INTEGRITY.EXTORTION", body="Diminta uang pelicin di loket."))
        with pytest.raises(NotFound):
            service.public_view(receipt.number)
        assert service.reporter_view(receipt.ticket).secret
    assert receipt.status == "dispositioned"
    for role, unit in (("liaison", "DPUPR"), ("coordinator", "DISKOMINFO"), ("liaison", "INSPEKTORAT")):
        with acting(role, unit), pytest.raises(NotFound):
            service.desk_view(receipt.id)
    with acting("inspector", "INSPEKTORAT"):
        assert service.desk_view(receipt.id).secret


def test_a_title_is_taken_from_the_first_sentence(acting) -> None:
    with acting():
        receipt = service.submit(draft(title="", body="Got mampet. Air naik ke jalan."))
        assert service.public_view(receipt.number).title == "Got mampet"


def test_a_desk_entry_can_be_claimed_once_by_its_reporter(acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        receipt = service.submit(draft(channel="phone"))
    assert receipt.claim_token
    with acting():
        assert service.claim_info(receipt.claim_token) == receipt.number
        claimed = service.claim(receipt.claim_token, Contact("", "0812 3456 789", ""))
        assert claimed.pin == receipt.pin
        assert service.reporter_view(claimed.ticket).contact.phone == "0812 3456 789"
        with pytest.raises(NotFound):
            service.claim(receipt.claim_token, Contact())


def test_an_officer_can_address_an_entry_to_a_unit(acting) -> None:
    with acting("coordinator", "DISKOMINFO"):
        receipt = service.submit(draft(channel="whatsapp", agency_code="DPUPR"))
        seen = service.desk_view(receipt.id)
    assert receipt.status == seen.case.status == "dispositioned"
    assert [each.agency.code for each in seen.assignments] == ["DPUPR"]


def test_the_whole_write_is_one_statement(acting, monkeypatch) -> None:
    sent: list[str] = []
    real = store.write

    def counting(values):
        sent.append("write")
        return real(values)

    monkeypatch.setattr(store, "write", counting)
    with acting():
        service.submit(draft())
        assert sent == ["write"]
        kept = session().execute(text("SELECT key, sum(value) FROM lapor.counter GROUP BY key")).all()
    assert {key for key, _ in kept if not key.startswith("month:")} == {"all", "open", "unverified"}


def test_a_number_grows_past_six_digits_without_losing_one(acting) -> None:
    with acting():
        first = service.submit(draft()).number
        session().execute(text("UPDATE lapor.number SET last = 999999"))
        session().commit()
        assert service.submit(draft()).number == f"{first[:-6]}1000000"
