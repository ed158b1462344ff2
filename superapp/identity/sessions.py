"""Sign-ins of officers: rows on the server, a random token in the cookie. 3 h idle, 12 h at most."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from superapp.context import Actor, now
from superapp.db.engine import session
from superapp.db.work import work
from superapp.errors import NotFound
from superapp.identity.audit import record
from superapp.identity.models import Assignment, LoginSession, Officer, Role
from superapp.identity.seal import digest, keyed

IDLE = timedelta(hours=3)
ABSOLUTE = timedelta(hours=12)
HALFWAY = timedelta(minutes=15)
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """A sign-in as its owner sees it. Times are in UTC."""

    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def start(officer_id: UUID, *, verified: bool, agent: str = "", address: str = "") -> str:
    """Open a sign-in inside of `work()` and return its token, which is kept nowhere else.

    One that still waits for its second factor lives 15 minutes.
    """
    token = secrets.token_urlsafe(32)
    moment = now()
    session().add(
        LoginSession(
            token_hash=digest(token),
            officer_id=officer_id,
            verified=verified,
            agent=short_agent(agent),
            address_hash=keyed("address", address)[:16] if address else "",
            created_at=moment,
            seen_at=moment,
            expires_at=moment + (ABSOLUTE if verified else HALFWAY),
        )
    )
    return token


def actor_of(token: str) -> Actor | None:
    """Who holds `token` in this tenant, by one query; None when unknown, idle, expired or switched off."""
    moment = now()
    rows = (
        session()
        .execute(
            select(LoginSession, Officer, Assignment, Role)
            .join(
                Officer,
                (Officer.tenant_id == LoginSession.tenant_id) & (Officer.id == LoginSession.officer_id),
            )
            .outerjoin(
                Assignment,
                (Assignment.tenant_id == Officer.tenant_id) & (Assignment.officer_id == Officer.id),
            )
            .outerjoin(Role, (Role.tenant_id == Assignment.tenant_id) & (Role.code == Assignment.role_code))
            .where(
                LoginSession.token_hash == digest(token),
                LoginSession.expires_at > moment,
                LoginSession.seen_at > moment - IDLE,
                Officer.active,
            )
            .order_by(Assignment.id)
        )
        .all()
    )
    if not rows:
        return None
    opened, officer = rows[0][0], rows[0][1]
    given = [(assignment, role) for _, _, assignment, role in rows if role is not None]
    if moment - opened.seen_at > TOUCH:
        _touch(opened.id, moment)
    must = "second_factor" if not opened.verified else "password" if officer.must_change else ""
    return Actor(
        kind="officer",
        id=officer.id,
        name=given[0][1].title if given else officer.name,
        permissions=frozenset() if must else frozenset(p for _, role in given for p in role.permissions),
        agency_id=next((a.agency_id for a, _ in given if a.agency_id), officer.agency_id),
        area_codes=tuple(sorted({a.area_code for a, _ in given if a.area_code})),
        roles=tuple(role.code for _, role in given),
        session_id=opened.id,
        must=must,
    )


def _touch(session_id: UUID, moment: datetime) -> None:
    with work() as unit:
        unit.execute(update(LoginSession).where(LoginSession.id == session_id).values(seen_at=moment))


def of_officer(officer_id: UUID) -> list[Listed]:
    """The officer's open sign-ins, the latest used first."""
    moment = now()
    query = (
        select(LoginSession)
        .where(
            LoginSession.officer_id == officer_id,
            LoginSession.verified,
            LoginSession.expires_at > moment,
            LoginSession.seen_at > moment - IDLE,
        )
        .order_by(LoginSession.seen_at.desc())
    )
    return [Listed(r.id, r.agent, r.created_at, r.seen_at, r.expires_at) for r in session().scalars(query)]


def revoke(session_id: UUID, officer_id: UUID) -> None:
    """End one of the officer's own sign-ins. Raises NotFound when it is not theirs or is over."""
    with work() as unit:
        ended = unit.execute(
            delete(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.officer_id == officer_id)
            .returning(LoginSession.id)
        ).all()
        if not ended:
            raise NotFound("Sesi ini sudah berakhir.")
        record("session.ended", "officer", officer_id)


def end_all(officer_id: UUID, keep: UUID | None = None) -> None:
    """End the officer's sign-ins but `keep`, inside of `work()`: after a new password or a switch-off."""
    query = delete(LoginSession).where(LoginSession.officer_id == officer_id)
    session().execute(query.where(LoginSession.id != keep) if keep else query)


def sweep() -> int:
    """Delete this tenant's sign-ins that are over; returns how many."""
    moment = now()
    with work() as unit:
        swept = unit.execute(
            delete(LoginSession)
            .where((LoginSession.expires_at < moment) | (LoginSession.seen_at < moment - IDLE))
            .returning(LoginSession.id)
        ).all()
    return len(swept)


def short_agent(agent: str) -> str:
    """Browser and system in two words ("Firefox, Android"): enough to know one's own device again."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    )
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    found = [next((name for mark, name in known if mark in agent), "") for known in (browsers, systems)]
    return ", ".join(part for part in found if part)
