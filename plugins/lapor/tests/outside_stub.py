"""A register of somebody else on 127.0.0.1 that fails in every way there is, and a connector to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask import Flask

from plugins.lapor.contracts.outside import Busy, Destination, Parcel, Pulled, Pushed, Refused, Unsure
from plugins.lapor.service import reference
from superapp.context import Tenant
from superapp.plugin import registry
from superapp.sdk import outbound
from tests.core.plugins_made import plugin

SECONDS = 0.2  # that the connector waits for an answer
# What may go wrong with one request. `_after`: it was taken all the same.
FAULTS = (
    *("500", "500_after", "503", "reset", "reset_after", "timeout", "timeout_after"),
    *("drip_after", "garbage_after", "error200", "die", "die_after"),
)


class Died(BaseException):
    """The worker was killed."""


@dataclass
class Stub:
    """What the register took, in its order: idempotency key, number and step. `faults` go one a request."""

    repeatable: bool = True
    url: str = ""
    faults: list[str] = field(default_factory=list)
    taken: list[tuple[str, str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # destination's key, a request
    pages: list[Pulled] = field(default_factory=list)  # what `lapor_pull` gets, a page a call
    over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self) -> str:
        """The next fault; "" is none."""
        with self.lock:
            return self.faults.pop(0) if self.faults else ""

    def put(self, key: str, told: Mapping[str, str]) -> tuple[int, dict[str, str]]:
        """Take a step of a case, once a key where repeats are recognised."""
        with self.lock:
            line = (key, told["number"], told["step"])
            name = f"S-{told['number'][-6:]}"
            known = line in self.taken
            if known and self.repeatable:
                return 200, {"id": name}
            self.taken.append(line)
            return 200, {"id": name}

    def hooks(self) -> dict[str, Callable[..., Any]]:
        """The connector, for tests.core.plugins_made.plugin: it judges answers as connectors should."""

        def lapor_push(tenant: Tenant, parcel: Parcel) -> Pushed | None:
            return self.push(parcel) if parcel.destination.plugin == "kantor" else None

        def lapor_pull(tenant: Tenant, destination: Destination, cursor: Mapping[str, Any]) -> Pulled | None:
            if destination.plugin != "kantor" or not self.pages:
                return None
            return self.pages.pop(0)

        return {"lapor_push": lapor_push, "lapor_pull": lapor_pull}

    def push(self, parcel: Parcel) -> Pushed:
        """As `lapor_push`."""
        self.asked.append(parcel.destination.key)
        fault = self.fault()
        if fault == "die":
            raise Died
        told = {"number": parcel.case.number, "step": parcel.step, "fault": fault}
        headers = {"Idempotency-Key": str(parcel.id), "Content-Type": "application/json"}
        try:
            reply = outbound.send(
                "POST", self.url, headers=headers, content=json.dumps(told).encode(), seconds=SECONDS
            )
        except outbound.NotSent as error:
            raise Busy(str(error)) from error
        except outbound.Uncertain as error:
            raise Unsure(str(error)) from error
        if fault == "die_after":
            raise Died
        return _read(reply)


def _read(reply: outbound.Reply) -> Pushed:
    if reply.status in (429, 503):
        raise Busy(str(reply.status))
    if reply.status >= 500:
        raise Unsure(str(reply.status))
    if reply.status >= 400:
        raise Refused(str(reply.status))
    try:
        told = json.loads(reply.body)
    except ValueError as error:
        raise Unsure("unreadable") from error
    if told.get("error"):
        raise Busy(told["error"])
    return Pushed(str(told["id"]))


@contextmanager
def served(stub: Stub) -> Iterator[Stub]:
    """The register on a free port, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fault, _, after = told["fault"].partition("_")
            taken = (200, {"id": ""})
            if after or fault in ("", "die"):
                taken = stub.put(self.headers["Idempotency-Key"], told)
            self._say(fault, taken)

        def _say(self, fault: str, taken: tuple[int, dict[str, str]]) -> None:
            if fault == "reset":
                self.close_connection = True
                self.connection.close()
                return
            if fault == "timeout":
                stub.over.wait(SECONDS * 2)
                return
            status, body = (int(fault), b"down") if fault.isdigit() else (200, json.dumps(taken[1]).encode())
            if fault == "garbage":
                body = b"<html>Maaf</html>"
            if fault == "error200":
                body = json.dumps({"error": "sibuk"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if fault == "drip":
                for piece in body:
                    self.wfile.write(bytes([piece]))
                    self.wfile.flush()
                    if stub.over.wait(SECONDS / 3):
                        return
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):  # the other end hung up, as it should
                return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    stub.url = f"http://127.0.0.1:{server.server_port}/laporan"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def switched_on(
    app: Flask, tenant: Tenant, folder: Path, hooks: Mapping[str, Callable[..., Any]]
) -> Iterator[Tenant]:
    """The government with a connector named `kantor` on."""
    reference.forget()
    kept = app.extensions["superapp_plugins"]
    made = plugin(folder, "kantor", requires="lapor", **hooks)
    app.extensions["superapp_plugins"] = registry.build([*registry.discover(), made])
    try:
        with app.app_context():
            yield replace(tenant, enabled=tenant.enabled | {"kantor"})
    finally:
        app.extensions["superapp_plugins"] = kept
