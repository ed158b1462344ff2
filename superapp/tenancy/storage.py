"""Files of a tenant: stored under names that the host makes, in a folder that is the tenant's alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import current_app
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore

from superapp.context import current_tenant
from superapp.db.base import new_id
from superapp.errors import NotFound

NAME = re.compile(r"[a-z0-9_]{2,30}/[0-9a-f]{2}/[0-9a-f-]{36}(\.[a-z0-9]{2,5})?")


def put(kind: str, data: bytes, suffix: str = "") -> str:
    """Keep bytes and return their name, `<kind>/<2 hex>/<uuid>.<suffix>`; nothing of the sender is in it."""
    unique = str(new_id())
    name = f"{kind}/{unique[-2:]}/{unique}{suffix}"
    _store().put(_path(name), data)
    return name


def read(name: str) -> bytes:
    """The bytes kept under `name` for the open tenant. Raises NotFound."""
    try:
        return bytes(_store().get(_path(name)).bytes())
    except (NotFoundError, FileNotFoundError) as error:
        raise NotFound("Berkas ini tidak ada.") from error


def delete(name: str) -> None:
    """Forget a file; one that is gone already is fine."""
    try:
        _store().delete(_path(name))
    except (NotFoundError, FileNotFoundError):
        return


def root(kind: str) -> Path:
    """The host's folder for a plugin's own local files of one kind; it makes one below for each tenant."""
    folder: Path = current_app.extensions["superapp_settings"].var / kind
    return folder


def _path(name: str) -> str:
    if not NAME.fullmatch(name):
        raise NotFound("Berkas ini tidak ada.")
    return f"{current_tenant().id}/{name}"


def _store() -> LocalStore:
    return _open(current_app.extensions["superapp_settings"].var / "files")


@cache
def _open(folder: Path) -> LocalStore:
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)
