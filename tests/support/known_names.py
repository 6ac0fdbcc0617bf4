"""A resolver that knows the records of a text, as `name_server` reads them; for tests that need no server."""

from __future__ import annotations

import dns.name
import dns.rdatatype

from bulletin.doctor.names.resolver import Kind, read_record
from name_server import read_records


class KnownNames:
    """Looks names up in a text, and keeps the names that it was asked for."""

    def __init__(self, zone: str) -> None:
        self._records = read_records(zone)
        self.asked: list[str] = []

    def look_up(self, name: str, kind: Kind) -> tuple[str, ...]:
        self.asked.append(name)
        found = self._records.get((dns.name.from_text(name), dns.rdatatype.from_text(kind)), ())
        return tuple(sorted(map(read_record, found)))
