"""The tenant's officers: added with a generated password, switched off, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from superapp.context import current_actor, current_tenant
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import Conflict, FieldError, Invalid, NotFound
from superapp.identity import passwords, roles, sessions
from superapp.identity.audit import record
from superapp.identity.models import Assignment, Officer, Role
from superapp.tenancy.models import Agency, Area

LOGIN_SHORTEST, LOGIN_LONGEST, NAME_LONGEST = 3, 80, 120


@dataclass(frozen=True, slots=True)
class OfficerView:
    """An officer as the list shows them; `role`, `agency` and `area` are names for people."""

    id: UUID
    login: str
    name: str
    role: str
    agency: str
    area: str
    active: bool
    second_factor: bool
    second_factor_required: bool
    must_change: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What a role is given for: nothing (the whole tenant), an agency, or an area."""

    agency_id: UUID | None = None
    area_code: str | None = None


def ensure_officer(
    login: str,
    name: str,
    role: str,
    agency_code: str | None = None,
    area_code: str | None = None,
    password: str | None = None,
    second_factor: bool = True,
) -> tuple[Officer, str | None]:
    """Make sure that this officer exists, is active and holds `role`; safe to repeat.

    Returns the row, and a password when one was generated here (it has to be changed at the first
    sign-in). A given `password` is set as it is. Raises Invalid and NotFound naming what is wrong.
    """
    login = login.strip().lower()
    with work() as unit:
        place = _place(agency_code, area_code)
        officer = unit.scalar(select(Officer).where(Officer.login == login))
        generated = None
        if officer is None:
            _judge(login, name)
            generated = None if password else passwords.generate()
            officer = Officer(login=login, name=name, password_hash="", recovery=[])
            _set_password(officer, password or str(generated), must_change=generated is not None)
            unit.add(officer)
        elif password and not passwords.right(officer.password_hash, password):
            _set_password(officer, password, must_change=False)
        officer.name, officer.agency_id = name, place.agency_id
        officer.totp_required, officer.active = second_factor, True
        unit.flush()
        _assign(officer, role, place)
        record("officer.ensured", "officer", officer.id, role=role)
    return officer, generated


def add(login: str, name: str, role: str, agency_code: str = "", area_code: str = "") -> tuple[UUID, str]:
    """Add an officer from the desk; returns the id and the generated password, shown this once.

    Raises Invalid naming each wrong field, also when the login is taken.
    """
    login = login.strip().lower()
    _judge(login, name)
    if session().scalar(select(Officer.id).where(Officer.login == login)) is not None:
        raise Invalid(
            errors=[FieldError("login", _("Nama masuk ini sudah dipakai. Pilih yang lain."), "taken")]
        )
    officer, generated = ensure_officer(login, name.strip(), role, agency_code or None, area_code or None)
    return officer.id, str(generated)


def switch(officer_id: UUID, *, active: bool) -> None:
    """Switch an officer off, which ends their sign-ins, or on again.

    Raises NotFound, and Conflict for one's own account, so that a tenant never locks itself out.
    """
    with work():
        officer = _known(officer_id)
        if officer_id == current_actor().id:
            raise Conflict(_("Akun Anda sendiri tidak dapat dimatikan."), _("Minta admin lain melakukannya."))
        officer.active = active
        if not active:
            sessions.end_all(officer_id)
        record("officer.on" if active else "officer.off", "officer", officer_id)


def reset(officer_id: UUID, *, second_factor: bool = False) -> str:
    """Give an officer a generated password, shown this once, and end their sign-ins.

    With `second_factor` the authenticator app has to be set up anew too. Raises NotFound.
    """
    generated = passwords.generate()
    with work():
        officer = _known(officer_id)
        _set_password(officer, generated, must_change=True)
        if second_factor:
            officer.totp_secret, officer.totp_step, officer.recovery = "", 0, []
        sessions.end_all(officer_id)
        record("officer.reset", "officer", officer_id, second_factor=second_factor)
    return generated


def set_shortcuts(officer_id: UUID, on: bool) -> None:
    """Switch single-letter keys on or off for an officer."""
    with work():
        _known(officer_id).shortcuts = on


def shortcuts_on(officer_id: UUID | None) -> bool:
    """Whether single-letter keys work for this officer. The sign-in's query has read the row already."""
    officer = session().get(Officer, (current_tenant().id, officer_id)) if officer_id else None
    return officer is None or officer.shortcuts


def listing() -> list[OfficerView]:
    """All officers, active ones first, by name."""
    query = (
        select(Officer, Role.title, Agency.short_name, Area.name)
        .outerjoin(
            Assignment, (Assignment.tenant_id == Officer.tenant_id) & (Assignment.officer_id == Officer.id)
        )
        .outerjoin(Role, (Role.tenant_id == Assignment.tenant_id) & (Role.code == Assignment.role_code))
        .outerjoin(Agency, (Agency.tenant_id == Officer.tenant_id) & (Agency.id == Officer.agency_id))
        .outerjoin(Area, (Area.tenant_id == Assignment.tenant_id) & (Area.code == Assignment.area_code))
        .order_by(Officer.active.desc(), Officer.name, Officer.login, Assignment.id)
    )
    found: dict[UUID, OfficerView] = {}
    for officer, title, agency, area in session().execute(query):
        before = found.get(officer.id)
        found[officer.id] = view(
            officer,
            ", ".join(filter(None, dict.fromkeys([before.role if before else "", title or ""]))),
            agency or "",
            ", ".join(filter(None, dict.fromkeys([before.area if before else "", area or ""]))),
        )
    return list(found.values())


def one(officer_id: UUID) -> OfficerView:
    """One officer. Raises NotFound."""
    for found in listing():
        if found.id == officer_id:
            return found
    raise NotFound(_("Petugas ini tidak ada."))


def view(officer: Officer, role: str = "", agency: str = "", area: str = "") -> OfficerView:
    """The row as a value."""
    return OfficerView(
        officer.id,
        officer.login,
        officer.name,
        role,
        agency,
        area,
        officer.active,
        bool(officer.totp_secret),
        officer.totp_required,
        officer.must_change,
    )


def _known(officer_id: UUID) -> Officer:
    officer = session().get(Officer, (current_tenant().id, officer_id), with_for_update=True)
    if officer is None:
        raise NotFound(_("Petugas ini tidak ada."))
    return officer


def _judge(login: str, name: str) -> None:
    errors = []
    if (
        not LOGIN_SHORTEST <= len(login) <= LOGIN_LONGEST
        or not login.isascii()
        or not login.isprintable()
        or " " in login
    ):
        errors.append(
            FieldError(
                "login",
                _("Pakai 3 sampai 80 huruf atau angka tanpa spasi, atau alamat email dinas."),
                "login",
            )
        )
    if not 1 <= len(name.strip()) <= NAME_LONGEST or not name.isprintable():
        errors.append(FieldError("name", _("Isi jabatan, paling banyak 120 huruf."), "name"))
    if errors:
        raise Invalid(errors=errors)


def _set_password(officer: Officer, password: str, *, must_change: bool) -> None:
    passwords.judge(password, officer.login)
    officer.password_hash, officer.must_change = passwords.hashed(password), must_change


def _place(agency_code: str | None, area_code: str | None) -> Place:
    agency_id = None
    if agency_code:
        agency_id = session().scalar(select(Agency.id).where(Agency.code == agency_code))
        if agency_id is None:
            raise Invalid(
                errors=[FieldError("agency_code", _("Unit %(code)s tidak ada.", code=agency_code), "unknown")]
            )
    if area_code and session().scalar(select(Area.code).where(Area.code == area_code)) is None:
        raise Invalid(
            errors=[FieldError("area_code", _("Wilayah %(code)s tidak ada.", code=area_code), "unknown")]
        )
    return Place(agency_id, area_code or None)


def _assign(officer: Officer, role: str, place: Place) -> None:
    """Let the officer hold exactly this role for this place."""
    roles.known(role)
    held = list(session().scalars(select(Assignment).where(Assignment.officer_id == officer.id)))
    wanted = (role, place.agency_id, place.area_code)
    for assignment in held:
        if (assignment.role_code, assignment.agency_id, assignment.area_code) != wanted:
            session().delete(assignment)
    if wanted not in {(a.role_code, a.agency_id, a.area_code) for a in held}:
        session().add(
            Assignment(
                officer_id=officer.id, role_code=role, agency_id=place.agency_id, area_code=place.area_code
            )
        )
