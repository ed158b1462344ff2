"""The services that can be asked for: the government's kinds of matter, in GeoReport's words."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from plugins.lapor.contracts import CategoryView
from plugins.lapor.contracts.door import DOOR
from plugins.open311 import definitions
from plugins.open311.models import Changeset
from superapp.sdk import NotFound, current_tenant, now, session, use, work

SERVICES = "services"


def services(kind: str) -> list[dict[str, Any]]:
    """All services of today; `kind` is realtime or batch."""
    return [_service(each, kind) for each in use(DOOR).categories()]


def known(code: str) -> CategoryView:
    """The service of this code. Raises NotFound."""
    found = next((each for each in use(DOOR).categories() if each.code == code), None)
    if found is None:
        raise NotFound(_("service_code %(code)s tidak ada.", code=code[:60]))
    return found


def definition(code: str) -> dict[str, Any]:
    """What a service asks beside the usual. Raises NotFound."""
    found = known(code).code
    return {"service_code": found, "attributes": definitions.attributes(found)}


def changeset() -> datetime:
    """When services or definitions last changed: a moment that moves then, and only then."""
    told = [services(""), [definition(each.code) for each in use(DOOR).categories()]]
    digest = hashlib.sha256(orjson.dumps(told)).hexdigest()
    kept = session().scalars(select(Changeset).where(Changeset.name == SERVICES)).one_or_none()
    if kept is not None and kept.digest == digest:
        return kept.changed_at
    moment = now()
    made = insert(Changeset).values(
        tenant_id=current_tenant().id, name=SERVICES, digest=digest, changed_at=moment
    )
    with work() as unit:
        unit.execute(
            made.on_conflict_do_update(
                index_elements=["tenant_id", "name"],
                set_={"digest": made.excluded.digest, "changed_at": made.excluded.changed_at},
                where=Changeset.digest != made.excluded.digest,
            )
        )
        kept = unit.scalars(
            select(Changeset).where(Changeset.name == SERVICES).execution_options(populate_existing=True)
        ).one()
    return kept.changed_at


def _service(each: CategoryView, kind: str) -> dict[str, Any]:
    return {
        "service_code": each.code,
        "service_name": each.name,
        "description": each.question,
        "metadata": bool(use(DOOR).questions_of(each.code)),
        "type": kind,
        "keywords": ",".join(word.replace(",", " ") for word in each.examples),
        "group": each.group,
    }
