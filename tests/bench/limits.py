"""The bare limit of a path: exactly the SQL it sent, replayed by pgbench as the app's role."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import ClientCursor

UUID = re.compile(r"'([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})'(::uuid)?")


JSON_ID = re.compile(r'"id": ?"([0-9a-f-]{36})"')


@contextmanager
def captured() -> Iterator[list[str]]:
    """Collect each statement that this process sends through psycopg, parameters filled in."""
    sent: list[str] = []
    original = psycopg.Cursor.execute

    def execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = ClientCursor(self.connection).mogrify(query, params) if params else query
        text = text.decode() if isinstance(text, bytes) else str(text)
        if text.strip():
            sent.append(text.strip().rstrip(";"))
        return original(self, query, params, **options)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        psycopg.Cursor.execute = original  # type: ignore[method-assign]


def script(statements: list[str], *, fresh: set[str] = frozenset()) -> str:  # type: ignore[assignment]
    """A pgbench script of one transaction. Ids in `fresh` were made for new rows: each run makes its own."""
    names: dict[str, str] = {}

    def renew(match: re.Match[str]) -> str:
        value = match[1].replace("-", "")
        if value not in fresh:
            return match[0]
        name = names.setdefault(value, f"r{len(names)}")
        return f"lpad(to_hex(:{name}), 32, '0')::uuid"

    def renew_inside(match: re.Match[str]) -> str:
        name = names.setdefault(match[1].replace("-", ""), f"r{len(names)}")
        return f"\"id\":\"' || lpad(to_hex(:{name}), 32, '0') || '\""

    lines = [UUID.sub(renew, statement).replace("\n", " ") for statement in statements]
    if fresh:
        lines = [JSON_ID.sub(renew_inside, line) for line in lines]
    opening = [f"\\set {name} random(1, 9000000000000000000)" for name in names.values()]
    return "\n".join([*opening, *(f"{line};" for line in lines), "COMMIT;"]) + "\n"


def rate(binaries: Path, url: str, text: str, folder: Path, *, seconds: int = 4, clients: int = 8) -> float:
    """Transactions per second of `text` by pgbench. Raises RuntimeError with pgbench's own words."""
    path = folder / "limit.sql"
    path.write_text(text, encoding="utf-8")
    command = [
        str(binaries / "pgbench"),
        "-n",
        "-M",
        "simple",
        "-c",
        str(clients),
        "-j",
        "2",
        "-T",
        str(seconds),
    ]
    done = subprocess.run(
        [*command, "-f", str(path), url], capture_output=True, text=True, check=False, timeout=120
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if not found or "aborted" in done.stderr:
        raise RuntimeError(f"pgbench: {done.stderr[-600:] or done.stdout[-300:]}")
    return float(found[1])
