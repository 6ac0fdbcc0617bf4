"""A name server for tests: zones as text, over UDP and TCP, with faults for names."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

MOST_BY_UDP = 1232  # octets: a longer answer is asked for by TCP


@dataclass
class NameServer:
    """Its address, the names that it was asked for, and how: `udp` or `tcp`."""

    address: str
    records: dict[tuple[dns.name.Name, int], Any]
    faults: Mapping[str, str]
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def answer(self, query: bytes, way: str) -> bytes | None:
        """The answer; None for none at all (the fault `silent`). Another fault is `servfail`."""
        message = dns.message.from_wire(query)
        question = message.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked.append((name, dns.rdatatype.to_text(question.rdtype), way))
        fault = self.faults.get(name, self.faults.get("*", ""))
        if fault == "silent":
            return None
        answer = dns.message.make_response(message, recursion_available=True)
        if fault == "servfail":
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer.to_wire()
        self._fill(answer, question)
        wire = answer.to_wire()
        if way == "udp" and len(wire) > MOST_BY_UDP:
            answer.answer.clear()
            answer.flags |= dns.flags.TC
            wire = answer.to_wire()
        return wire

    def _fill(self, answer: dns.message.Message, question: Any) -> None:
        found = self.records.get((question.name, question.rdtype))
        if found is not None:
            answer.answer.append(found)
        elif not any(name.is_subdomain(question.name) for name, _ in self.records):
            answer.set_rcode(dns.rcode.NXDOMAIN)


def read_records(zone: str) -> dict[tuple[dns.name.Name, int], Any]:
    """The record sets of a text: `name TYPE data`, one a line; names from the root, without the last dot."""
    sets: dict[tuple[dns.name.Name, int], Any] = {}
    for line in filter(None, map(str.strip, zone.splitlines())):
        name, kind, data = line.split(None, 2)
        rows = dns.rrset.from_text(dns.name.from_text(name), 60, "IN", kind, data)
        key = (rows.name, rows.rdtype)
        if key in sets:
            sets[key].update(rows)
        else:
            sets[key] = rows
    return sets


@contextmanager
def serving_names(zone: str, *, faults: Mapping[str, str] | None = None) -> Iterator[NameServer]:
    """A name server on 127.0.0.1 with these records."""
    udp = tcp = None
    for _ in range(20):
        tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _TcpHandler)
        try:
            udp = socketserver.ThreadingUDPServer(tcp.server_address[:2], _UdpHandler)
        except OSError:  # another program has that port for UDP
            tcp.server_close()
            continue
        break
    assert udp
    assert tcp
    host, port = tcp.server_address[:2]
    server = NameServer(f"{host}:{port}", read_records(zone), faults or {})
    threads = []
    for one in (udp, tcp):
        one.names = server  # type: ignore[attr-defined]
        one.daemon_threads = True
        threads.append(threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True))
        threads[-1].start()
    try:
        yield server
    finally:
        for one in (udp, tcp):
            one.shutdown()
            one.server_close()
        for thread in threads:
            thread.join(10)


class _UdpHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        query, way_back = self.request
        if (answer := self.server.names.answer(query, "udp")) is not None:  # type: ignore[attr-defined]
            way_back.sendto(answer, self.client_address)


class _TcpHandler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        connection: socket.socket = self.request
        (length,) = struct.unpack("!H", connection.recv(2))
        if (answer := self.server.names.answer(connection.recv(length), "tcp")) is not None:  # type: ignore[attr-defined]
            connection.sendall(struct.pack("!H", len(answer)) + answer)
