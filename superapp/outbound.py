"""Talking to other servers, from jobs only: bounded in time and size, never to an address inside.

A tenant or a stranger names the address, so a name is looked up once, every address behind it is
judged, and the connection goes to that very address: a name that answers differently a moment later
gains nothing. Redirects are not followed.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app

from superapp.config import Settings

CONNECT_SECONDS, WHOLE_SECONDS = 4.0, 15.0
MOST_BYTES = 1_000_000


class NotSent(Exception):
    """Nothing arrived for sure: sending again does no harm. The message says what was in the way."""


class Uncertain(Exception):
    """It was sent and no whole answer came: it may have arrived."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    seconds: float = WHOLE_SECONDS,
    most: int = MOST_BYTES,
) -> Reply:
    """One request, its whole answer within `seconds` and `most` bytes.

    Raises NotSent for an address that may not or cannot be reached, Uncertain when the answer broke
    off, came too slowly or was too large.
    """
    import httpx2  # in the worker only: the web sends nothing

    target, name = _aim(url)
    end = time.monotonic() + seconds
    timeout = httpx2.Timeout(min(seconds, WHOLE_SECONDS), connect=min(seconds, CONNECT_SECONDS))
    told = {**(headers or {}), "Host": name}
    extensions = {"sni_hostname": name.partition(":")[0]}
    try:
        with (
            httpx2.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
            client.stream(method, target, headers=told, content=content, extensions=extensions) as answer,
        ):
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > most or time.monotonic() > end:
                    raise Uncertain("The answer is too large or comes too slowly.")
            return Reply(answer.status_code, dict(answer.headers), bytes(body))
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.UnsupportedProtocol) as error:
        raise NotSent(type(error).__name__) from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise Uncertain(type(error).__name__) from error


def judge(url: str) -> str:
    """Why this address can never be asked: `address`, `scheme` or `inside`; "" when it may be.

    Looks no name up, so that a page may call it; `send` judges what stands behind the name.
    """
    try:
        host, _ = _read(url)
        if _literal(host):
            _refuse_inside([host])
    except NotSent as error:
        return str(error)
    return ""


def _aim(url: str) -> tuple[str, str]:
    """The address with its name replaced by the judged IP address, and the name. Raises NotSent."""
    import httpx2

    host, port = _read(url)
    found = _addresses(host, port)
    _refuse_inside(found)
    parsed = httpx2.URL(url)
    return str(parsed.copy_with(host=found[0])), parsed.netloc.decode()


def _read(url: str) -> tuple[str, int]:
    """Host and port. Raises NotSent for an address that is none, or of another kind than the web's."""
    import httpx2

    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise NotSent("address") from error
    schemes = {"https", "http"} if _inside_ok() else {"https"}
    if parsed.scheme not in schemes or parsed.userinfo:
        raise NotSent("scheme")
    if not parsed.host:
        raise NotSent("address")
    return parsed.host, parsed.port or (443 if parsed.scheme == "https" else 80)


def _refuse_inside(addresses: list[str]) -> None:
    for each in addresses:
        if not (_outside(each) or (_inside_ok() and ipaddress.ip_address(each).is_loopback)):
            raise NotSent("inside")


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent("unknown") from error
    return [str(each[4][0]).partition("%")[0] for each in found]


def _outside(address: str) -> bool:
    """True for an address of the open internet; one that wraps an inner address is judged by that."""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    judged = mapped or parsed
    return judged.is_global and not judged.is_multicast


def _inside_ok() -> bool:
    """This very machine may be asked in development and tests, where the other side is a sandbox."""
    settings: Settings = current_app.extensions["superapp_settings"]
    return settings.env != "production"
