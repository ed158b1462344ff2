"""manifest.toml beside a plugin: who it is, and which SDK it was written for."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

API = "1.2"  # of superapp.sdk; a number of its own, not the host's version
KEYS = {"name", "title", "description", "api", "requires", "schema", "personal_data"}


class ManifestError(ValueError):
    """The manifest cannot be used; the message names the file, the key and the remedy."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plugin's card. `schema` is its PostgreSQL schema, empty when it keeps no tables."""

    name: str
    title: str
    description: str
    api: str
    requires: tuple[str, ...]
    schema: str
    personal_data: tuple[str, ...]
    folder: Path


def load(folder: Path) -> Manifest:
    """Read and judge `folder/manifest.toml`. Raises ManifestError."""
    path = folder / "manifest.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(f"{path}: {error}") from error
    if unknown := sorted(set(raw) - KEYS):
        raise ManifestError(f"{path}: unknown key {unknown[0]}; known are {', '.join(sorted(KEYS))}.")
    manifest = Manifest(
        name=_text(path, raw, "name"),
        title=_text(path, raw, "title"),
        description=str(raw.get("description", "")),
        api=_text(path, raw, "api"),
        requires=tuple(raw.get("requires", ())),
        schema=str(raw.get("schema", "")),
        personal_data=tuple(raw.get("personal_data", ())),
        folder=folder,
    )
    for value in filter(None, (manifest.name, manifest.schema)):
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", value):
            raise ManifestError(f"{path}: {value!r} has to be lower-case letters, digits and underscores.")
    if manifest.schema in {"core", "jobs", "public"}:
        raise ManifestError(f"{path}: the schema {manifest.schema} is the host's; take the plugin's name.")
    return _judge_api(path, manifest)


def _judge_api(path: Path, manifest: Manifest) -> Manifest:
    try:
        fits = SpecifierSet(manifest.api).contains(API)
    except InvalidSpecifier as error:
        raise ManifestError(f'{path}: api = "{manifest.api}" is no range; write ">=1.0,<2".') from error
    if not fits:
        raise ManifestError(f"{path}: written for SDK {manifest.api}, this host offers {API}.")
    return manifest


def _text(path: Path, raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise ManifestError(f"{path}: {name} is missing; it is a text.")
    return value
