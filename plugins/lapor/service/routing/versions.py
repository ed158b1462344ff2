"""Choosing among the versions of the learned model: list, use another one, go back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from plugins.lapor.contracts.routing import ModelState, ModelView
from plugins.lapor.models import RoutingModel
from superapp.sdk import (
    Conflict,
    NotFound,
    after_commit,
    audit,
    current_actor,
    defer,
    new_id,
    now,
    session,
    work,
)

KEEP_FILES: Final = 10


def versions(most: int = 20) -> tuple[ModelView, ...]:
    """The newest versions first."""
    order = (RoutingModel.trained_at.desc(), RoutingModel.id.desc())
    return tuple(view(row) for row in session().scalars(select(RoutingModel).order_by(*order).limit(most)))


def view(row: RoutingModel) -> ModelView:
    """A row as a value."""
    told = row.measures
    return ModelView(
        id=row.id,
        state=cast(ModelState, row.state),
        basis=row.basis,
        trained_at=row.trained_at,
        rows=row.rows,
        later=row.later,
        first=told.get("first"),
        three=told.get("three"),
        half=told.get("half"),
        note=row.note,
        usable=bool(row.file),
        paused=bool(told.get("paused")),
        activated_at=row.activated_at,
        activated_by=row.activated_by,
    )


def use(model_id: UUID) -> ModelView:
    """Let this version give the suggestions from now on.

    Raises NotFound, and Conflict when its file was dropped or is refused; the present one stays then.
    """
    from plugins.lapor.service.routing import memory

    with work() as unit:
        row = unit.scalars(
            select(RoutingModel).where(RoutingModel.id == model_id).with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound(_("Versi ini tidak ada."))
        if not row.file or memory.load(row.id, row.file, row.digest) is None:
            raise Conflict(_("Berkas versi ini tidak bisa dipakai."), _("Pilih versi lain, atau latih lagi."))
        activate(row, current_actor().name or "sistem")
        audit.record("lapor.routing.use", "routing_model", row.id, rows=row.rows)
    return view(row)


def back() -> ModelView:
    """Use the version that was in use before the present one. Raises Conflict when there is none."""
    query = select(RoutingModel).where(
        RoutingModel.state == "retired", RoutingModel.file != "", RoutingModel.activated_at.is_not(None)
    )
    before = session().scalars(query.order_by(RoutingModel.retired_at.desc()).limit(1)).one_or_none()
    if before is None:
        raise Conflict(_("Tidak ada versi sebelumnya."), _("Latih model lebih dahulu."))
    return use(before.id)


def activate(row: RoutingModel, by: str) -> None:
    """Make this the one in use; belongs inside of work(). The database allows one at a time."""
    from plugins.lapor.service.routing import memory

    moment = now()
    retire = update(RoutingModel).where(RoutingModel.state == "active", RoutingModel.id != row.id)
    session().execute(retire.values(state="retired", retired_at=moment))
    row.state, row.activated_at, row.activated_by, row.retired_at = "active", moment, by, None
    row.measures = {key: value for key, value in row.measures.items() if key != "paused"}
    session().flush()
    after_commit(memory.forget)


def pause(reason: str) -> None:
    """Forbid the version in use to send on alone, because it was wrong too often; inside of work()."""
    from plugins.lapor.service.routing import memory

    row = session().scalars(select(RoutingModel).where(RoutingModel.state == "active")).one_or_none()
    if row is not None and not row.measures.get("paused"):
        row.measures = {**row.measures, "paused": reason}
        after_commit(memory.forget)


def ask_for_training() -> None:
    """Let the worker train a version now; asking twice trains once."""
    with work():
        defer("lapor.learn", once="learn", asked=str(new_id()))
        audit.record("lapor.routing.train", "routing_model")


def newest() -> tuple[datetime, int] | None:
    """When the newest version was trained, and on how many decisions; None without any."""
    order = (RoutingModel.trained_at.desc(), RoutingModel.id.desc())
    found: Any = (
        session()
        .execute(select(RoutingModel.trained_at, RoutingModel.rows).order_by(*order).limit(1))
        .first()
    )
    return (found.trained_at, found.rows) if found else None
