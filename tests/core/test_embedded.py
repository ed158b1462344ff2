"""The embedded PostgreSQL: found, started, shared, recovered, and gone with its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from superapp.db import binaries, embedded
from superapp.db.binaries import EmbeddedError, find_binaries
from superapp.db.embedded import running

STARTER = """
import sys, time
from pathlib import Path
from superapp.db.embedded import running
with running(Path(sys.argv[1]), fast=True) as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)


@contextmanager
def started_elsewhere(var: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen([sys.executable, "-c", STARTER, str(var)], stdout=subprocess.PIPE, text=True)
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def ends_soon(url: str) -> bool:
    deadline = time.monotonic() + 10
    while answers(url) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not answers(url)


def test_data_outlive_the_server_and_the_socket_does_not(tmp_path: Path) -> None:
    with running(tmp_path, fast=True) as url, psycopg.connect(url, autocommit=True) as link:
        link.execute("CREATE TABLE kept (n int)")
        assert link.info.server_version // 10_000 >= 15
        assert link.execute("SHOW listen_addresses").fetchone() == ("",)
    assert not answers(url)
    with running(tmp_path, fast=True) as url, psycopg.connect(url) as link:
        assert link.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_only_the_owner_enters_the_folders(tmp_path: Path) -> None:
    with running(tmp_path, fast=True):
        for folder in (tmp_path / "postgres" / "data", embedded.socket_folder(tmp_path / "postgres")):
            assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_process_shares_the_server_and_leaves_it_running(tmp_path: Path) -> None:
    with started_elsewhere(tmp_path) as (_, theirs):
        with running(tmp_path, fast=True) as url:
            assert url == theirs
        assert answers(theirs)


def test_the_server_dies_with_a_killed_parent(tmp_path: Path) -> None:
    with started_elsewhere(tmp_path) as (process, url):
        assert answers(url)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if sys.platform == "linux":
            assert ends_soon(url)


def test_a_pid_file_left_by_a_crash_does_not_matter(tmp_path: Path) -> None:
    with running(tmp_path, fast=True):
        pass
    # The number now belongs to a living process that is no PostgreSQL.
    (tmp_path / "postgres" / "data" / "postmaster.pid").write_text(f"{os.getppid()}\n/x\n1\n5432\n\n\n")
    with running(tmp_path, fast=True) as url:
        assert answers(url)


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    var = tmp_path / ("x" * 100)
    with running(var, fast=True) as url:
        assert answers(url)
        folder = embedded.socket_folder(var.resolve() / "postgres")
        assert len(str(folder)) < 80
    assert not folder.exists()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "postgres"
    home.mkdir()
    planted = embedded.socket_folder(home)
    planted.symlink_to(tmp_path)
    try:
        with pytest.raises(EmbeddedError, match="belongs to another user"), running(tmp_path, fast=True):
            pass
    finally:
        planted.unlink()


def test_data_of_another_version_are_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="PostgreSQL 9"), running(tmp_path):
        pass
    assert (data / "PG_VERSION").read_text() == "9\n"


def test_an_interrupted_start_leaves_no_half_made_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = tmp_path / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "junk").write_text("")
    with running(tmp_path, fast=True) as url:
        assert answers(url)
    assert not half.exists()


def test_a_given_database_wins_and_a_dead_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(EmbeddedError, match="DATABASE_URL is set but does not work"), running(tmp_path):
        pass
    assert not (tmp_path / "postgres").exists()


def test_without_any_postgresql_the_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_wheel", lambda: None)
    monkeypatch.setattr(binaries, "_system", list)
    with pytest.raises(EmbeddedError, match="make setup"):
        find_binaries()


@pytest.mark.skipif(os.geteuid() != 0, reason="lowering rights needs root")
def test_root_without_user_namespaces_runs_it_as_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = binaries._runs
    monkeypatch.setattr(binaries, "_runs", lambda command: command[0] != "unshare" and runs(command))
    if binaries._runs(["setpriv", "--reuid=65534", "--clear-groups", "true"]) is False:
        pytest.skip("setpriv is not allowed here")
    with running(tmp_path, fast=True) as url:
        assert answers(url)
    assert (tmp_path / "postgres" / "data").stat().st_uid == binaries.NOBODY
    monkeypatch.undo()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with running(tmp_path, fast=True) as url:
        assert answers(url)
