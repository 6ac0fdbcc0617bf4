"""Ask the DNS, with a time limit. A name server that doesn't answer is told from a name that isn't there."""

from __future__ import annotations

from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Final, Literal, Protocol

from bulletin.doctor.judgement import CannotTellError
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    import dns.resolver

Kind = Literal["A", "AAAA", "MX", "TXT", "PTR", "CNAME"]

_LONGEST_NAME: Final = 253  # octets (RFC 1035, 2.3.4, without the root)


class Resolver(Protocol):
    """What looks names up."""

    def look_up(self, name: str, kind: Kind) -> tuple[str, ...]:
        """The records of a name, sorted; empty if there are none. MX as `10 host`, TXT with its pieces joined.

        Raises CannotTellError if no name server answers.
        """


class DnsResolver:
    """Looks names up at this computer's name servers, or at the one that is given, and remembers the answers."""

    def __init__(self, *, server: str = "", patience: float = 5.0) -> None:
        """`server` is an address, perhaps with a port: `192.0.2.53:5353`. Raises BulletinError for anything else."""
        self._server = server
        self._patience = patience
        self._known: dict[tuple[str, Kind], tuple[str, ...]] = {}
        self._silent = ""  # why the server is not asked again
        self._lock = Lock()
        self._resolver: dns.resolver.Resolver | None = None
        if server:
            _split_server(server)

    def look_up(self, name: str, kind: Kind) -> tuple[str, ...]:
        """As `Resolver.look_up`. A server that did not answer at all isn't asked again."""
        name = name.rstrip(".").lower()
        with self._lock:
            if self._silent:
                raise CannotTellError(self._silent)
            if (name, kind) in self._known:
                return self._known[name, kind]
        found = self._ask(name, kind)
        with self._lock:
            self._known[name, kind] = found
        return found

    def _ask(self, name: str, kind: Kind) -> tuple[str, ...]:
        import dns.exception
        import dns.name
        import dns.resolver

        if not name or len(name) > _LONGEST_NAME:
            return ()
        try:
            answer = self._open().resolve(name, kind, lifetime=self._patience, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return ()
        except (dns.exception.Timeout, OSError):
            with self._lock:
                self._silent = "The name server doesn't answer."
            raise CannotTellError(self._silent) from None
        except (dns.resolver.NoNameservers, dns.exception.DNSException):
            raise CannotTellError(f"The name server has no answer for {name} now (SERVFAIL).") from None
        return tuple(sorted(map(read_record, answer)))

    def _open(self) -> dns.resolver.Resolver:
        import dns.resolver

        if self._resolver is None:
            try:
                resolver = dns.resolver.Resolver(configure=not self._server)
            except dns.resolver.NoResolverConfiguration:
                raise CannotTellError("This computer has no name server.") from None
            if self._server:
                address, port = _split_server(self._server)
                resolver.nameservers, resolver.port = [address], port
            resolver.timeout = self._patience / 2  # for one try: a lost datagram is sent again
            self._resolver = resolver
        return self._resolver


def read_record(record: object) -> str:
    """A record as text. The pieces of a TXT record are one string (RFC 7208, 3.3)."""
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "replace")
    text = str(record).lower()
    return text if text.endswith(" .") else text.rstrip(".")  # a null MX is `0 .` (RFC 7505)


def _split_server(server: str) -> tuple[str, int]:
    """The address and the port of a name server. Raises BulletinError."""
    host, _, port = server.rpartition(":") if server.count(":") == 1 or "]:" in server else (server, "", "53")
    try:
        address = str(ip_address(host.strip("[]")))
        number = int(port)
    except ValueError:
        raise BulletinError(
            f"“{server}” is not the address of a name server.", "Write its number, as in 9.9.9.9 or 192.0.2.53:5353."
        ) from None
    return address, number
