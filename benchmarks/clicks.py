"""One-click requests (RFC 8058) at a steady rate, over several connections that are kept. Knows nothing of bulletin.

The schedule is open: a request is due at its time whatever became of those before. Its latency counts from then, so a
server that stops for a second shows in every request that was due meanwhile, also in those not sent yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

BODY = b"List-Unsubscribe=One-Click"
PATIENCE = 30.0  # seconds for one answer
OK = 200


@dataclass(frozen=True, kw_only=True)
class Click:
    """What became of one request: its path, the status (0 if there was no answer), and seconds since it was due."""

    path: str
    status: int
    latency: float


def click_all(port: int, paths: Sequence[str], *, rate: float, connections: int) -> list[Click]:
    """POST to each path on this computer's `port`, `rate` a second. In the order of the answers."""
    return asyncio.run(_click_all(port, paths, rate=rate, connections=connections))


def open_all(port: int, paths: Sequence[str]) -> list[Click]:
    """GET each path, one after the other on one connection; a request is due once the last was answered."""
    return asyncio.run(_open_all(port, paths))


async def _click_all(port: int, paths: Sequence[str], *, rate: float, connections: int) -> list[Click]:
    begun = perf_counter() + 0.1  # so that all connections are there when the first is due
    schedule = ((begun + number / rate, path) for number, path in enumerate(paths))
    done: list[Click] = []
    clients = [_Client(port) for _ in range(connections)]
    async with asyncio.TaskGroup() as group:
        for client in clients:
            group.create_task(_click(client, schedule, done))
    for client in clients:
        client.close()
    return done


async def _click(client: _Client, schedule: Iterator[tuple[float, str]], done: list[Click]) -> None:
    """Send what is next in the schedule, once it is due, until it is empty."""
    for due, path in schedule:
        await asyncio.sleep(max(0, due - perf_counter()))
        status = await client.ask("POST", path, BODY)
        done.append(Click(path=path, status=status, latency=perf_counter() - due))


async def _open_all(port: int, paths: Sequence[str]) -> list[Click]:
    client, done = _Client(port), []
    for path in paths:
        due = perf_counter()
        status = await client.ask("GET", path)
        done.append(Click(path=path, status=status, latency=perf_counter() - due))
    client.close()
    return done


class _Client:
    """One connection, which is opened again after a failure."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"") -> int:
        """The status of the answer, all of which is read; 0 for none."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        kind = "Content-Type: application/x-www-form-urlencoded\r\n" if body else ""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._exchange(f"{head}{kind}\r\n".encode() + body)
        except (OSError, ValueError, EOFError):  # TimeoutError is an OSError
            self.close()
            return 0

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, request: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        first, *fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        lengths = [field.partition(":")[2] for field in fields if field.startswith("content-length:")]
        await reader.readexactly(int(lengths[0]))
        if "connection: close" in fields:
            self.close()
        return int(first.split()[1])
