"""The way in: password, then the second factor, then a new password where one was generated."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from superapp.context import Actor
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import FieldError, Invalid, NotFound, TooMany, Unauthorized
from superapp.identity import passwords, rate, sessions, totp
from superapp.identity.audit import record
from superapp.identity.models import LoginSession, Officer

# Five tries a minute slow a person down little; twenty an hour lock the account's door for the rest of it.
PACE = (("login.pace", 5, 60), ("login.lock", 20, 3600))
# Offices share one address.
ADDRESS = ("login.address", 100, 900)
WRONG = "Nama masuk atau sandi tidak cocok."


@dataclass(frozen=True, slots=True)
class Came:
    """Where the request came from; only shortened or hashed forms are kept."""

    address: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A sign-in that was opened: the cookie's token, and "second_factor", "password" or "" as next step."""

    token: str
    must: str


def sign_in(login: str, password: str, came: Came) -> Opened:
    """Check a password and open a sign-in.

    Raises Invalid when login and password do not match, TooMany when there were too many tries,
    Unavailable when tries cannot be counted.
    """
    login = login.strip().lower()
    _count(login, came)
    # What no login can hold (NUL, lone surrogates) is not asked for: the database would refuse the question.
    officer = session().scalar(select(Officer).where(Officer.login == login)) if login.isprintable() else None
    usable = officer is not None and officer.active
    matches = passwords.right(officer.password_hash if officer and usable else "", password)
    if officer is None or not matches:
        if officer is not None:
            with work():
                record("login.refused", "officer", officer.id)
        raise Invalid(WRONG, errors=[FieldError("login", WRONG, "wrong")])
    with work():
        verified = not needs_second_factor(officer)
        if passwords.outdated(officer.password_hash):
            officer.password_hash = passwords.hashed(password)
        token = sessions.start(officer.id, verified=verified, agent=came.agent, address=came.address)
        record("login.password", "officer", officer.id, second_factor=not verified)
    if verified:
        _forget(login)
    return Opened(token, "second_factor" if not verified else "password" if officer.must_change else "")


def needs_second_factor(officer: Officer) -> bool:
    """True when a password alone does not open the desk for this officer."""
    return officer.totp_required or bool(officer.totp_secret)


def second_factor(actor: Actor, code: str, came: Came) -> Opened:
    """Check six digits or a recovery code, and put a full sign-in in the half one's place.

    Raises Invalid when the code is wrong or was used, TooMany, Unavailable, Unauthorized.
    """
    _count(str(actor.id), came)
    with work():
        officer = _waiting(actor)
        used = totp.accept(officer, code)
        record("login.code" if used else "login.code_refused", "officer", officer.id, way=used)
        opened = _rotate(actor, officer, came) if used else None
    if opened is None:
        raise Invalid(
            errors=[
                FieldError("code", "Kode tidak cocok, atau sudah dipakai. Tunggu kode berikutnya.", "wrong")
            ]
        )
    _forget(officer.login, str(actor.id))
    return opened


def set_up_second_factor(actor: Actor, sealed: str, code: str, came: Came) -> tuple[Opened, list[str]]:
    """Confirm an offered secret; returns the full sign-in and the recovery codes, shown this once.

    Raises Invalid when the code is wrong, TooMany, Unavailable, Unauthorized.
    """
    _count(str(actor.id), came)
    with work():
        officer = _waiting(actor)
        if officer.totp_secret:
            raise Unauthorized("Kode masuk sudah terpasang. Masuk dengan kode itu.")
        codes = totp.confirm(officer, sealed, code)
        record("second_factor.set_up", "officer", officer.id)
        opened = _rotate(actor, officer, came)
    _forget(officer.login, str(actor.id))
    return opened, codes


def change_password(actor: Actor, old: str, new: str, came: Came) -> None:
    """Put a new password in the old one's place and end all other sign-ins.

    Raises Invalid when the old one is wrong or the new one too weak, TooMany, Unavailable.
    """
    if actor.id is None:
        raise Unauthorized()
    _count(str(actor.id), came)
    with work():
        officer = totp.lock(actor.id)
        if officer is None:
            raise NotFound()
        if not passwords.right(officer.password_hash, old):
            raise Invalid(errors=[FieldError("old", "Sandi lama tidak cocok.", "wrong")])
        if old == new:
            raise Invalid(errors=[FieldError("new", "Sandi baru harus berbeda dari yang lama.", "same")])
        passwords.judge(new, officer.login, field="new")
        officer.password_hash, officer.must_change = passwords.hashed(new), False
        sessions.end_all(officer.id, keep=actor.session_id)
        record("password.changed", "officer", officer.id)
    _forget(str(actor.id))


def sign_out(actor: Actor) -> None:
    """End the actor's own sign-in; none is no error."""
    if actor.session_id is None:
        return
    with work() as unit:
        opened = unit.scalar(select(LoginSession).where(LoginSession.id == actor.session_id))
        if opened is not None:
            unit.delete(opened)
            record("login.ended", "officer", actor.id)


def _waiting(actor: Actor) -> Officer:
    """The officer of a half sign-in, locked. Raises Unauthorized when nothing waits."""
    officer = totp.lock(actor.id) if actor.id and actor.must == "second_factor" else None
    if officer is None or not officer.active:
        raise Unauthorized()
    return officer


def _rotate(actor: Actor, officer: Officer, came: Came) -> Opened:
    half = session().scalar(select(LoginSession).where(LoginSession.id == actor.session_id))
    if half is None:
        raise Unauthorized()
    session().delete(half)
    token = sessions.start(officer.id, verified=True, agent=came.agent, address=came.address)
    return Opened(token, "password" if officer.must_change else "")


def _count(who: str, came: Came) -> None:
    """Count a try before it is judged, so that many at once cannot slip through. Closed without a store."""
    try:
        for bucket, limit, window_s in PACE:
            rate.hit(bucket, who, limit, window_s, fail_open=False)
        if came.address:
            rate.hit(ADDRESS[0], came.address, ADDRESS[1], ADDRESS[2], fail_open=False)
    except TooMany as error:
        minutes = -(-error.retry_after // 60)
        wait = f"{error.retry_after} detik" if error.retry_after < 60 else f"{minutes} menit"
        raise TooMany(
            f"Terlalu sering mencoba. Coba lagi dalam {wait}.", retry_after=error.retry_after
        ) from error


def _forget(*who: str) -> None:
    for each in who:
        for bucket, _, _ in PACE:
            rate.clear(bucket, each)


def half_way(actor: Actor) -> tuple[UUID, str, bool]:
    """Whom the code page speaks to: (id, login, whether a second factor is set up). Raises Unauthorized."""
    officer = _waiting(actor)
    return officer.id, officer.login, bool(officer.totp_secret)
