"""The demo as a person meets it: from an empty folder to an answer, and nothing left after Ctrl-C."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from superapp.demo_children import DemoError, refuse_taken_port
from superapp.demo_data import digest
from superapp.demo_state import SampleOfficer, State

ROOT = Path(__file__).parents[2]
# The demo gives its processes 25 seconds and PostgreSQL 30; a crowded machine is slow to leave each of them.
END_SECONDS = 90
RUN = "import sys; from superapp.cli import main; sys.argv.insert(1, 'demo'); main()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def demo(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SUPERAPP_", "DATABASE_URL"))}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, "--port", str(port), "--var", str(var)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def said_until(process: subprocess.Popen[str], words: str) -> str:
    """Output up to the line that holds `words`; everything when it ends before."""
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            break
    return said


def get(port: int, path: str, host: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def processes_of(var: Path) -> list[str]:
    """Command lines of living processes that name the demo's folder, in words or in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = folder.joinpath("cmdline").read_bytes() + folder.joinpath("environ").read_bytes()
        except OSError:
            continue
        if str(var).encode() in told and int(folder.name) != os.getpid():
            found.append(told.split(b"\0\0")[0].decode(errors="replace")[:200])
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="counts processes in /proc")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_from_nothing_answers_and_leaves_no_process(tmp_path: Path, end: signal.Signals) -> None:
    port = free_port()
    with demo(tmp_path, port) as process:
        said = said_until(process, "Ctrl-C stops everything.")
        assert "Ready in" in said, said
        assert f"http://denpasar.localhost:{port}" in said and f"http://banjarmasin.localhost:{port}" in said
        assert f"http://bali.localhost:{port}" in said
        status, ready = get(port, "/readyz", "localhost")
        assert (status, json.loads(ready)["worker"]) == (200, "ok"), ready
        assert get(port, "/", "denpasar.localhost")[0] == 200
        assert get(port, "/", "nowhere.localhost")[0] == 421
        password = State.read(tmp_path).officers["denpasar"][0].password
        assert password in said
        assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0
        assert processes_of(tmp_path)
        process.send_signal(end)
        assert process.wait(END_SECONDS) == 0
    deadline = time.monotonic() + 20
    while processes_of(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_of(tmp_path) == []

    with demo(tmp_path, port) as process:
        again = said_until(process, "Ctrl-C stops everything.")
        assert again.count("skipped") == 3, again
        assert password in again
        process.send_signal(end)
        assert process.wait(END_SECONDS) == 0


def test_a_taken_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(DemoError, match=r"^Port \d+ is taken: .*PORT=8123"):
            refuse_taken_port(taken.getsockname()[1])


def test_the_command_ends_with_1_when_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with demo(tmp_path, taken.getsockname()[1]) as process:
            said = process.stdout.read()
            assert process.wait(20) == 1
    assert said.count("\n") == 1 and "is taken" in said
    assert not (tmp_path / "postgres").exists()


def test_a_folder_counts_as_changed_when_any_of_its_files_is(tmp_path: Path) -> None:
    folder = tmp_path / "denpasar"
    shutil.copytree(ROOT / "tenants" / "denpasar", folder)
    before = digest(folder)
    assert digest(folder) == before
    with (folder / "agencies.csv").open("a") as table:
        table.write("X,X,X,dinas,,,,,,,,\n")
    assert digest(folder) != before


def test_state_survives_and_a_broken_file_is_as_if_nothing_was_done(tmp_path: Path) -> None:
    officer = SampleOfficer("koordinator", "secret", "Koordinator", "Koordinator")
    state = State(tmp_path / "demo.json", "mark", {"A": "b"}, {"denpasar": "d"}, {"denpasar": [officer]})
    state.write()
    assert State.read(tmp_path) == state
    for broken in ("", "[]", '{"officers": {"x": [{"y": 1}]}}'):
        state.path.write_text(broken)
        assert State.read(tmp_path) == State(state.path)
