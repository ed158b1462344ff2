"""The tenant's active model in this process: read once for each version, the least used dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final
from uuid import UUID

from plugins.lapor.service.routing import version as versions
from plugins.lapor.service.routing.file import Refused, unpack
from plugins.lapor.service.routing.health import marks
from plugins.lapor.service.routing.model import Model
from superapp.sdk import NotFound, current_tenant, log, storage

MOST_BYTES: Final = 48_000_000


_models: OrderedDict[tuple[int, UUID], Model | None] = OrderedDict()
_lock = threading.Lock()


def model() -> Model | None:
    """The open tenant's model; None without one, or when its file was refused."""
    version = versions.active()
    if version is None:
        return None
    place = (current_tenant().id, version.id)
    with _lock:
        if place in _models:
            _models.move_to_end(place)
            return _models[place]
    made = load(version.id, version.file, version.digest)
    with _lock:
        _models[place] = made
        while sum(each.size for each in _models.values() if each) > MOST_BYTES and len(_models) > 1:
            _models.popitem(last=False)
    return made


def load(model_id: UUID, file: str, digest: str) -> Model | None:
    """Read one version; None when it is refused, which is logged and makes the plugin unwell."""
    tenant = current_tenant()
    try:
        found = unpack(storage.read(file), tenant_id=tenant.id, model_id=str(model_id), digest=digest)
    except (Refused, NotFound) as error:
        log.get(__name__).error("routing_model_refused", model_id=str(model_id), reason=str(error))
        _mark(tenant.id, refused=True)
        return None
    _mark(tenant.id, refused=False)
    return found


def forget() -> None:
    """Drop this process's copies, after a change made here."""
    versions.forget()
    with _lock:
        _models.clear()


def _mark(tenant_id: int, *, refused: bool) -> None:
    folder = marks()
    mark = folder / str(tenant_id)
    if refused:
        folder.mkdir(parents=True, exist_ok=True)
        mark.touch()
    elif mark.exists():
        mark.unlink(missing_ok=True)
