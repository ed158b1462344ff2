"""Following a case: by number for everybody, with PIN or ticket for the reporter; claiming from the desk."""

from __future__ import annotations

import re
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from plugins.lapor.contracts import Contact, PublicView, Receipt, ReporterView
from plugins.lapor.models import Complaint, Reporter
from plugins.lapor.service import codes
from plugins.lapor.service.agencies import agency_ref
from plugins.lapor.service.case import UNKNOWN
from plugins.lapor.service.line import write_line
from plugins.lapor.service.validate import clean, contact_errors
from plugins.lapor.service.vault import people
from plugins.lapor.service.vault.crypt import FIELDS
from plugins.lapor.service.views import deadlines_of, public_part, with_deadlines
from plugins.lapor.settings import setting
from plugins.lapor.states import allowed
from superapp.sdk import Invalid, NotFound, now, rate_clear, rate_limit, session, work

NO_MATCH = "Nomor atau PIN tidak cocok."
CHECK_AGAIN = "Periksa lagi struk Anda."
WINDOW_SECONDS = 15 * 60
PER_SOURCE = 30
OFFERED = {"solved": "confirm", "reopen": "reopen", "reply": "reply", "withdraw": "withdraw"}


def enter(number: str, pin: str, *, source: str = "") -> str:
    """The ticket for the right PIN. `source` is the caller's address, for slowing one who tries many numbers.

    Raises NotFound with the same words for a wrong number and a wrong PIN, TooMany after too many tries.
    """
    known = tidy_number(number)
    rate_limit("lapor.pin", known, int(str(setting("pin_tries"))), WINDOW_SECONDS, fail_open=False)
    if source:
        rate_limit("lapor.pin.source", source, PER_SOURCE, WINDOW_SECONDS, fail_open=False)
    found = _with_reporter(Complaint.number == known)
    if found is None or not codes.is_pin(pin, found[0].id, found[1].salt):
        raise NotFound(NO_MATCH, CHECK_AGAIN)
    rate_clear("lapor.pin", known)
    return codes.ticket(found[0].id, found[1].salt)


def public_view(number: str) -> PublicView:
    """What everybody may see. Raises NotFound for an unknown or secret case alike."""
    found = with_deadlines(Complaint.number == tidy_number(number))
    if found is None or found[0].secret:
        raise NotFound(UNKNOWN, CHECK_AGAIN)
    return public_part(found[0], deadlines=found[1], parts=found[2])


def reporter_view(ticket: str) -> ReporterView:
    """The reporter's own view, also of a secret case. Raises NotFound for a ticket that is not good."""
    case, _ = _opened(ticket)
    actions = {OFFERED[each] for each in allowed(case.status, "reporter") if each in OFFERED}  # type: ignore[arg-type]
    return ReporterView(
        case=public_part(case, masked=False, reporter=True),
        secret=case.secret,
        contact=people.kept(case.id).contact,
        actions=tuple(each for each in OFFERED.values() if each in actions),
        question=case.question if case.waiting_for == "reporter" else "",
        confirm_by=case.due_at if case.status == "answered" else None,
    )


def exchange(ticket: str) -> str:
    """The lasting ticket for a link out of a mail, which may be a short one. Raises NotFound."""
    complaint_id = codes.id_in(ticket)
    found = _with_reporter(Complaint.id == complaint_id) if complaint_id else None
    if found is None:
        raise NotFound(NO_MATCH, CHECK_AGAIN)
    case, reporter = found
    good = codes.is_short_ticket if len(ticket) == codes.SHORT else codes.is_ticket
    if not good(ticket, case.id, reporter.salt):
        raise NotFound(_("Tautan ini tidak berlaku lagi."), _("Buka laporan dengan nomor dan PIN."))
    return codes.ticket(case.id, reporter.salt)


def opened_by(ticket: str) -> Complaint:
    """The case that a ticket opens. Raises NotFound."""
    return _opened(ticket)[0]


def correct_contact(ticket: str, contact: Contact) -> None:
    """Replace the reporter's contact; an empty one erases it. Raises Invalid."""
    new = _tidy_contact(contact)
    with work():
        case, _ = _opened(ticket)
        people.put(case.id, new, unknown=case.anonymous or bool(case.whistle))


def claim_info(token: str) -> str:
    """The number of the case that a claim token is for. Raises NotFound for a used, old or wrong one."""
    return _claimable(token)[0].number


def claim(token: str, contact: Contact) -> Receipt:
    """Hand a report that an officer wrote down over to its reporter, once. Raises Invalid, NotFound."""
    new = _tidy_contact(contact)
    with work():
        case, reporter = _claimable(token)
        reporter.claimed_at = now()
        if new != Contact():
            kept = people.kept(case.id).contact  # an empty field leaves what the officer wrote down
            whole = Contact(*(getattr(new, field) or getattr(kept, field) for field in FIELDS))
            people.put(case.id, whole, unknown=case.anonymous or bool(case.whistle))
        write_line(case, "claim", by="reporter")
        return Receipt(
            id=case.id,
            number=case.number,
            pin=codes.pin(case.id, reporter.salt),
            status=case.status,  # type: ignore[arg-type]
            agency=agency_ref(case.agency_id or case.suggested_id),
            tracking_path=f"/lapor/lacak/{case.number}",
            deadlines=deadlines_of(case.id),
            ticket=codes.ticket(case.id, reporter.salt),
        )


def tidy_number(number: str) -> str:
    """A number as it is kept: `dps-2026-123` becomes `DPS-2026-000123`. Raises NotFound for none."""
    text = re.sub(r"\s+", "", number[:40]).upper()
    found = re.fullmatch(r"([A-Z]{2,6})-?(\d{4})-?(\d{1,8})", text)
    if found is None:
        raise NotFound(NO_MATCH, CHECK_AGAIN)
    prefix, year, last = found.groups()
    return f"{prefix}-{year}-{int(last):06d}"


def _tidy_contact(contact: Contact) -> Contact:
    new = Contact(*(clean(getattr(contact, field)) for field in FIELDS))
    if errors := contact_errors(new):
        raise Invalid(errors=errors)
    return new


def _opened(ticket: str) -> tuple[Complaint, Reporter]:
    complaint_id = codes.id_in(ticket)
    found = _with_reporter(Complaint.id == complaint_id) if complaint_id else None
    if found is None or not codes.is_ticket(ticket, found[0].id, found[1].salt):
        raise NotFound(NO_MATCH, CHECK_AGAIN)
    return found


def _claimable(token: str) -> tuple[Complaint, Reporter]:
    complaint_id: UUID | None = codes.id_in(token)
    found = _with_reporter(Complaint.id == complaint_id) if complaint_id else None
    if found is None or not codes.is_claim(token, found[0].id, found[1].salt):
        raise NotFound("Tautan ini tidak berlaku.", "Minta tautan baru kepada petugas.")
    if found[1].claimed_at is not None or found[1].claim_until is None or found[1].claim_until < now():
        raise NotFound("Tautan ini sudah dipakai atau lewat masanya.", "Buka laporan dengan nomor dan PIN.")
    return found


def _with_reporter(condition: object) -> tuple[Complaint, Reporter] | None:
    query = select(Complaint, Reporter).join(Reporter, Reporter.complaint_id == Complaint.id)
    row = session().execute(query.where(condition)).one_or_none()  # type: ignore[arg-type]
    return (row[0], row[1]) if row else None
