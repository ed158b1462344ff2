"""What earlier starts of the demo did, so that the next one can skip it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SampleOfficer:
    """A made-up account of the demo; it carries a role's name, never a person's."""

    login: str
    password: str
    name: str
    role: str
    place: str = ""


@dataclass(slots=True)
class State:
    """var/demo.json: the prepared database and its settings, folder digests, the officers' passwords."""

    path: Path
    prepared: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    applied: dict[str, str] = field(default_factory=dict)
    officers: dict[str, list[SampleOfficer]] = field(default_factory=dict)

    @classmethod
    def read(cls, var: Path) -> State:
        """Reads var/demo.json; what is missing or broken is as if nothing had been done."""
        path = var / "demo.json"
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
            officers = {s: [SampleOfficer(**o) for o in rows] for s, rows in known["officers"].items()}
            return cls(path, known["prepared"], dict(known["settings"]), dict(known["applied"]), officers)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(path)

    def write(self) -> None:
        """Keeps it, readable by its owner only."""
        known = {
            "prepared": self.prepared,
            "settings": self.settings,
            "applied": self.applied,
            "officers": {slug: [asdict(officer) for officer in rows] for slug, rows in self.officers.items()},
        }
        write_private(self.path, json.dumps(known, indent=1))


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        out.write(text)
    fresh.replace(path)
