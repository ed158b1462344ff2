"""A small SMTP server for tests: keeps what it gets, and fails where a test wants it to."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """Mails as (sender, reader, text). `answers` maps a verb, or "." for the end of the text, to an
    answer; "" hangs up instead."""

    port: int = 0
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    verbs: list[str] = field(default_factory=list)


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        box: Mailbox = self.server.box  # type: ignore[attr-defined]
        self.say("220 test")
        sender = reader = ""
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb = line.split(" ")[0].upper()
            box.verbs.append(verb)
            answer = box.answers.get(verb, "354 go" if verb == "DATA" else "250 ok")
            if verb == "QUIT" or not answer:
                return
            sender, reader = (line if verb == v else old for v, old in (("MAIL", sender), ("RCPT", reader)))
            self.say(answer)
            if verb == "DATA" and answer.startswith("354"):
                text = self.text()
                end = box.answers.get(".", "250 kept")
                if end.startswith("250") or not end:
                    box.mails.append((sender, reader, text))
                if not end:
                    return
                self.say(end)

    def text(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
            lines.append(line.removeprefix("."))
        return "".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def running() -> Iterator[Mailbox]:
    """A server on a free port of this machine."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        server.daemon_threads = True
        server.box = Mailbox(port=server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.box  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()
