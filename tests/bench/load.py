"""A small closed-loop HTTP client: N kept-alive connections to 127.0.0.1 for some seconds, then the facts."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run saw: answers per second, latencies in seconds, statuses, bytes of one answer."""

    rate: float
    p50: float
    p95: float
    p99: float
    statuses: dict[int, int]
    size: int

    @property
    def good(self) -> float:
        """The share of answers below 400."""
        total = sum(self.statuses.values())
        return sum(count for status, count in self.statuses.items() if status < 400) / max(total, 1)


def run(port: int, make: Callable[[int], bytes], seconds: float, connections: int = CONNECTIONS) -> Facts:
    """Send `make(n)` over and over on each connection; a first quarter second is not counted."""
    return asyncio.run(_run(port, make, seconds, connections))


async def _run(port: int, make: Callable[[int], bytes], seconds: float, connections: int) -> Facts:
    begin = time.perf_counter() + 0.25
    end = begin + seconds
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    numbers = iter(range(10**9))
    size = 0

    async def one() -> None:
        nonlocal size
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            while (started := time.perf_counter()) < end:
                writer.write(make(next(numbers)))
                status, body, closing = await _answer(reader)
                finished = time.perf_counter()
                if started >= begin and finished <= end:
                    latencies.append(finished - started)
                    statuses[status] += 1
                    size = body
                if closing:
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
        finally:
            writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    latencies.sort()
    at = lambda share: latencies[min(len(latencies) - 1, int(len(latencies) * share))] if latencies else 0.0  # noqa: E731
    return Facts(len(latencies) / seconds, at(0.5), at(0.95), at(0.99), dict(statuses), size)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lowered = head.lower()
    length = 0
    place = lowered.find(b"content-length:")
    if place >= 0:
        length = int(lowered[place + 15 : lowered.index(b"\r\n", place)])
        if length:
            await reader.readexactly(length)
    return status, length, b"connection: close" in lowered


def get(host: str, path: str, **headers: str) -> bytes:
    """A GET request as bytes."""
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{extra}\r\n".encode()


def post(host: str, path: str, body: bytes, **headers: str) -> bytes:
    """A POST request with a JSON body as bytes."""
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n{extra}\r\n".encode() + body
