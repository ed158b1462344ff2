"""A small IMAP server over TLS for tests: one folder, with a certificate of its own."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Folder:
    """Mails by UID. `sizes` may lie about a size; `deaf` names a verb that is answered NO."""

    port: int = 0
    validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    deaf: str = ""
    certificate: Path = Path()


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def handle(self) -> None:
        box: Folder = self.server.box  # type: ignore[attr-defined]
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _space, words = line.partition(" ")
            verb = words.partition(" ")[0].upper()
            box.said.append(words if verb != "LOGIN" else "LOGIN")
            if box.deaf and box.deaf in words:
                self.say(f"{tag} NO refused")
                continue
            self.answer(box, verb, words)
            self.say(f"{tag} OK done")
            if verb == "LOGOUT":
                return

    def answer(self, box: Folder, verb: str, words: str) -> None:
        if verb == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1")
        elif verb == "SELECT":
            self.say(f"* {len(box.mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {box.validity}] valid")
            self.say(f"* OK [UIDNEXT {max(box.mails, default=0) + 1}] next")
        elif words.upper().startswith("UID SEARCH"):
            first = int(re.search(r"UID (\d+):", words.removeprefix("UID SEARCH"))[1])  # type: ignore[index]
            last = max(box.mails, default=0)
            found = [uid for uid in sorted(box.mails) if uid >= first or uid == last]
            self.say(f"* SEARCH {' '.join(map(str, found))}")
        elif words.upper().startswith("UID FETCH"):
            self.fetch(box, words)
        elif words.upper().startswith("UID STORE"):
            box.seen.add(int(words.split()[2]))

    def fetch(self, box: Folder, words: str) -> None:
        uid = int(words.split()[2])
        raw = box.mails.get(uid)
        if raw is None:
            return
        if "RFC822.SIZE" in words:
            self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {box.sizes.get(uid, len(raw))})")
            return
        if "HEADER" in words:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    """Hangs up quietly where a client does not trust the certificate."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def running(folder: Path) -> Iterator[Folder]:
    """A server on a free port of this machine; its certificate lies in `folder`."""
    box = Folder(certificate=_certificate(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(box.certificate)
    with Server(("127.0.0.1", 0), Talk) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.box = box  # type: ignore[attr-defined]
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path
