"""The demo's database: roles, schemas and migrations, and the settings by which web and worker find it."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import psycopg

import superapp
from superapp.demo_children import DemoError
from superapp.demo_state import State, write_private

ROOT = Path(superapp.__file__).parents[1]


def prepare(admin_url: str, var: Path, port: int, state: State) -> str:
    """Brings the database to the newest state, and the settings into the environment and var/demo.env.

    Does nothing to a database that was prepared by the same migrations. Raises DemoError in one sentence.
    """
    key = _secret_key(var / "secret.key")
    mark = _fingerprint(admin_url, key)
    if state.prepared == mark and _is_there(state.settings.get("SUPERAPP_OPS_URL", "")):
        note = "skipped: no migration is new"
    else:
        note, state.settings = _migrate(admin_url, key)
        state.prepared = mark
        state.write()
    settings = state.settings | {"SUPERAPP_VAR": str(var), "SUPERAPP_PORT": str(port)}
    os.environ.update(settings)
    lines = [f"export {name}='{value}'\n" for name, value in settings.items()]
    write_private(var / "demo.env", "".join(lines))
    return note


def _migrate(admin_url: str, key: str) -> tuple[str, dict[str, str]]:
    from superapp.db import migrate
    from superapp.plugin import registry

    parts = registry.migrated(registry.build(registry.discover()))
    try:
        urls = migrate.prepare(admin_url, key, plugins=parts)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DemoError(
            f"DATABASE_URL must name a role that may create roles and databases: {error}"
        ) from error
    settings = {
        "SUPERAPP_ENV": "development",
        "SUPERAPP_SECRET_KEY": key,
        "SUPERAPP_APP_URL": urls.app,
        "SUPERAPP_OPS_URL": urls.ops,
        "SUPERAPP_OWNER_URL": urls.owner,
        "SUPERAPP_BASE_DOMAIN": "localhost",
    }
    return ", ".join(["core", *(part.schema for part in parts)]), settings


def _is_there(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error:
        return False
    return bool(url)


def _fingerprint(admin_url: str, key: str) -> str:
    """Changes with the server, the key, the plugins, and every file that has a say in the tables."""
    whole = hashlib.sha256(f"{admin_url}\0{key}\0".encode())
    for path in sorted(_sources()):
        whole.update(f"{path}\0".encode() + path.read_bytes())
    return whole.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (ROOT / "migrations").rglob("*.py")
    yield from (ROOT / "superapp" / "db").glob("*.py")
    for point in entry_points(group="superapp.plugins"):
        # The package's place, without running the plugin.
        package = importlib.util.find_spec(point.module.rpartition(".")[0])
        for place in (package.submodule_search_locations or []) if package else []:
            yield from Path(place).glob("manifest.toml")
            yield from Path(place, "migrations").rglob("*.py")


def _secret_key(path: Path) -> str:
    try:
        known = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        known = ""
    if len(known) < 32:
        known = secrets.token_hex(32)
        write_private(path, known + "\n")
    return known
