"""Ask a web page, as a mail service does: no cookie, no login, and no redirection is followed."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Final
from urllib.parse import urlsplit

from bulletin.doctor.judgement import CannotTellError
from bulletin.doctor.outside.dialler import Dialler, describe_certificate_fault, is_offline, read_certificate_end

_MOST: Final = 256 << 10  # octets of a page that are read


class PageUnreachable(Exception):
    """The page can't be reached, and why, in a sentence."""


class CertificateWrong(PageUnreachable):
    """The server's certificate isn't right."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageAnswer:
    """What a page answers. Names of headers are in small letters. `certificate_end` is None for http."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    certificate_end: datetime | None = None


class _Connection(HTTPConnection):
    """A connection by a dialler of ours, with TLS for https."""

    def __init__(self, dialler: Dialler, host: str, port: int, *, encrypted: bool, patience: float) -> None:
        super().__init__(host, port, timeout=patience)
        self._dialler = dialler
        self._encrypted = encrypted
        self._patience = patience
        self.certificate_end: datetime | None = None

    def connect(self) -> None:
        self.sock = self._dialler.dial(self.host, self.port, patience=self._patience)
        if self._encrypted:
            wrapped = self._dialler.context.wrap_socket(self.sock, server_hostname=self.host)
            self.certificate_end = read_certificate_end(wrapped)
            self.sock = wrapped


def ask_page(
    dialler: Dialler,
    method: str,
    url: str,
    *,
    body: bytes = b"",
    content_type: str = "",
    patience: float,
) -> PageAnswer:
    """The answer of a page. Raises PageUnreachable, and CannotTellError where this computer is offline."""
    parts = urlsplit(url)
    host, encrypted = parts.hostname or "", parts.scheme == "https"
    headers = {"User-Agent": "bulletin doctor", "Cache-Control": "no-cache", "Connection": "close"}
    if content_type:
        headers["Content-Type"] = content_type
    try:
        port = parts.port or (443 if encrypted else 80)
        connection = _Connection(dialler, host, port, encrypted=encrypted, patience=patience)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body or None, headers)
            answer = connection.getresponse()
            return PageAnswer(
                status=answer.status,
                headers={name.lower(): value for name, value in answer.getheaders()},
                body=answer.read(_MOST),
                certificate_end=connection.certificate_end,
            )
        finally:
            connection.close()
    except ssl.SSLCertVerificationError as error:
        raise CertificateWrong(describe_certificate_fault(host, error)) from None
    except OSError as error:
        if is_offline(error):
            raise CannotTellError("This computer is offline.") from None
        raise PageUnreachable(f"{host} doesn't answer.") from None
    except (HTTPException, ValueError):
        raise PageUnreachable(f"{host} answers something that isn't a web page.") from None
