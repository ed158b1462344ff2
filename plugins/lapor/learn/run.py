"""Training a version: learn, measure on later decisions, keep, and use it when it is not worse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from plugins.lapor.learn.evaluate import judge
from plugins.lapor.learn.history import Decided, decided, examples
from plugins.lapor.learn.measure import Judged, Measures, measure
from plugins.lapor.learn.trainer import train, with_held
from plugins.lapor.models import RoutingModel
from plugins.lapor.service.routing import memory
from plugins.lapor.service.routing.decisions import made_since
from plugins.lapor.service.routing.file import pack
from plugins.lapor.service.routing.model import Model
from plugins.lapor.service.routing.versions import KEEP_FILES, activate, newest
from superapp.sdk import Conflict, audit, current_tenant, log, new_id, now, session, storage, work

LEAST: Final = 60  # decided reports, below which example words alone are learnt
LATER_SHARE: Final = 0.2
TO_COMPARE: Final = 30  # reports that neither version has seen, to judge between them
FRESH, FRESH_SHARE = 50, 0.02  # decisions that have to be new before the schedule trains again


@dataclass(frozen=True, slots=True)
class Made:
    """A version before it is kept."""

    model: Model
    basis: str
    rows: int
    later: list[Judged]
    decided: list[Decided]


def due() -> bool:
    """True when there is no version yet, or enough was decided since the newest."""
    last = newest()
    return last is None or made_since(last[0]) >= max(FRESH, FRESH_SHARE * last[1])


def learn(model_id: UUID | None = None) -> UUID:
    """Train a version from all decisions and keep it; the same id twice trains once.

    It comes into use when on later decisions that neither has learnt from it is right at least as often
    as the present one; else it stays a candidate and says why. Raises Conflict when nothing can be learnt.
    """
    model_id = model_id or new_id()
    if session().scalar(select(RoutingModel.id).where(RoutingModel.id == model_id)) is not None:
        return model_id
    made = _made(decided(), str(model_id))
    present = session().scalars(select(RoutingModel).where(RoutingModel.state == "active")).one_or_none()
    better, note = _compared(made, present)
    data, digest = pack(made.model)
    file = storage.put("lapor_model", data, ".bin")
    try:
        _keep(model_id, made, file, digest, len(data), note, better=better)
    except BaseException:
        storage.delete(file)
        raise
    _drop_old()
    log.get(__name__).info("routing_learnt", model_id=str(model_id), rows=made.rows, active=better)
    return model_id


def _made(history: list[Decided], model_id: str) -> Made:
    tenant_id, owners = current_tenant().id, {each.sample.owner for each in history}
    try:
        if len(history) < LEAST or len(owners) < 2:
            model = train(examples(), tenant_id=tenant_id, model_id=model_id)
            return Made(model, "examples", 0, [], [])
        cut = int(len(history) * (1 - LATER_SHARE))
        words = examples(history[0].sample.day)
        earlier = [each.sample for each in history[:cut]]
        judged, _times = judge(train([*earlier, *words]), [each.sample for each in history[cut:]])
        model = train([*(each.sample for each in history), *words], tenant_id=tenant_id, model_id=model_id)
    except ValueError as error:
        raise Conflict(
            _("Belum ada yang bisa dipelajari."),
            _("Isi contoh kata jenis dan aturan untuk sedikitnya dua unit."),
        ) from error
    heard = [each for each in judged if each.suggested]
    model = with_held(
        model,
        [each.sure for each in heard],
        [each.suggested[0] for each in heard],
        [each.right for each in heard],
    )
    return Made(model, "decisions", len(history), judged, history[cut:])


def _compared(made: Made, present: RoutingModel | None) -> tuple[bool, str]:
    """Whether the new one comes into use, and a sentence about it."""
    if present is None:
        return True, "Versi pertama."
    if made.basis == "examples":
        return present.basis == "examples", "Belum cukup keputusan; dari contoh kata."
    old = memory.load(present.id, present.file, present.digest) if present.file else None
    if old is None:
        return True, "Versi sebelumnya tidak bisa dibaca."
    fresh = [place for place, each in enumerate(made.decided) if _unseen(each.at, present)]
    if len(fresh) < TO_COMPARE and present.basis != "examples":
        return False, f"Baru {len(fresh)} laporan yang lebih baru; perlu {TO_COMPARE} untuk membandingkan."
    theirs, _times = judge(old, [made.decided[place].sample for place in fresh])
    new, before = sum(made.later[place].right for place in fresh), sum(each.right for each in theirs)
    told = f"Pada {len(fresh)} laporan lebih baru: {new} benar, versi sebelumnya {before}."
    return new >= before, told


def _unseen(at: datetime, present: RoutingModel) -> bool:
    return present.learnt_until is None or at > present.learnt_until


def _keep(model_id: UUID, made: Made, file: str, digest: str, size: int, note: str, *, better: bool) -> None:
    moment = now()
    until = max((each.at for each in made.decided), default=None) if made.basis == "decisions" else None
    with work() as unit:
        row = RoutingModel(
            id=model_id,
            state="candidate",
            basis=made.basis,
            trained_at=moment,
            learnt_until=until,
            rows=made.rows,
            later=len(made.later),
            measures=_facts(measure(made.later)) if made.later else {},
            note=note,
            file=file,
            digest=digest,
            size=size,
        )
        unit.add(row)
        unit.flush()
        if better:
            activate(row, "sistem")
        audit.record("lapor.routing.learnt", "routing_model", model_id, rows=made.rows, active=better)


def _facts(found: Measures) -> dict[str, Any]:
    return {
        "first": round(found.first, 4),
        "three": round(found.three, 4),
        "macro_f1": round(found.macro_f1, 4),
        "half": round(found.half, 4),
        "coverage": [[part, round(right, 4), cases] for part, right, cases in found.coverage],
    }


def _drop_old() -> None:
    """Forget the files of old versions; their rows stay, because decisions name them."""
    order = (RoutingModel.trained_at.desc(), RoutingModel.id.desc())
    query = select(RoutingModel.id, RoutingModel.file).where(RoutingModel.state != "active")
    old = session().execute(query.where(RoutingModel.file != "").order_by(*order).offset(KEEP_FILES)).all()
    if not old:
        return
    with work() as unit:
        unit.execute(update(RoutingModel).where(RoutingModel.id.in_([row.id for row in old])).values(file=""))
    for row in old:
        storage.delete(row.file)
