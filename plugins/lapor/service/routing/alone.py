"""Sending a report on without an officer: only where the tenant wants it and measured precision allows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from plugins.lapor.contracts import Draft
from plugins.lapor.service.reference import reference
from plugins.lapor.service.routing import learned, memory
from plugins.lapor.service.routing.model import Model
from plugins.lapor.service.routing.proven import Threshold, threshold
from plugins.lapor.service.routing.version import active
from plugins.lapor.settings import setting
from superapp.sdk import directory


@dataclass(frozen=True, slots=True)
class Alone:
    """The unit that gets it at once, how sure that is, and why it may go."""

    agency_id: UUID
    sure: float
    reason: str


def alone(draft: Draft, agency_id: UUID) -> Alone | None:
    """Why this report may go to its suggested unit without an officer; None when it may not.

    Asked where the tenant wants it at all. Never for what is secret or confidential, never to an
    outside owner, never when the rules name another unit than the model.
    """
    if draft.secret or draft.whistle or _confidential(draft):
        return None
    unit, model, version = directory.agencies().get(agency_id), memory.model(), active()
    if unit is None or unit.is_external or model is None or version is None or version.paused:
        return None
    proven = limit(model)
    told = learned.advice_of(model, draft) if proven is not None else []
    if proven is None or not told or told[0].code != unit.code or told[0].sure < proven.sure:
        return None
    share = f"{proven.right / proven.cases:.0%}"
    count = f"{proven.cases:,}".replace(",", ".")
    reason = f"Diteruskan otomatis: dari {count} laporan dengan keyakinan setinggi ini, {share} benar."
    return Alone(agency_id, told[0].sure, reason)


def limit(model: Model) -> Threshold | None:
    """From which probability on the tenant's target is proven for this model."""
    return _limit(_Key(model), float(str(setting("dispatch_target"))))


class _Key:
    """A model as a key of the cache: by tenant and version, because arrays cannot be hashed."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __hash__(self) -> int:
        return hash((self.model.tenant_id, self.model.id))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.model is other.model


@lru_cache(maxsize=64)
def _limit(key: _Key, target: float) -> Threshold | None:
    return threshold(key.model, target)


def _confidential(draft: Draft) -> bool:
    category = reference().categories.get(draft.category or "")
    return category is not None and category.confidential
