"""Who runs an organisation's email, by the MX records that a name server on this computer has."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.message
import dns.resolver
import dns.rrset
import pytest

from bulletin.settings.sending import Provider
from bulletin.starting.mail_provider import guess_provider, suggest_smtp

RECORDS = {
    "council.gov.uk.": ["0 council-gov-uk.mail.protection.outlook.com.", "10 backup.council.gov.uk."],
    "nhs.net.": ["5 nhs-net.x-v1.mx.microsoft."],
    "charity.org.uk.": ["1 aspmx.l.google.com.", "5 alt1.aspmx.l.google.com."],
    "filtered.org.uk.": ["10 eu-smtp-inbound-1.mimecast.com."],
    "aws.org.uk.": ["10 inbound-smtp.eu-west-2.amazonaws.com."],
}


@pytest.fixture(scope="module")
def resolver() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks a name server with these records. It never answers about silent.org.uk."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=_answer, args=(server,), daemon=True)
    thread.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.getsockname()[1]
    yield resolver
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
        last.sendto(b"", server.getsockname())
    thread.join()
    server.close()


def _answer(server: socket.socket) -> None:
    while True:
        asked, client = server.recvfrom(4096)
        if not asked:
            return
        query = dns.message.from_wire(asked)
        name = query.question[0].name.to_text()
        if name == "silent.org.uk.":
            continue
        response = dns.message.make_response(query)
        if records := RECORDS.get(name):
            response.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *records))
        server.sendto(response.to_wire(), client)


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("council.gov.uk", Provider.MICROSOFT_365),
        ("nhs.net", Provider.MICROSOFT_365),
        ("CHARITY.org.uk", Provider.GOOGLE_WORKSPACE),
        ("aws.org.uk", Provider.AMAZON_SES),
        ("filtered.org.uk", None),
        ("nowhere.org.uk", None),
        ("silent.org.uk", None),
    ],
)
def test_the_provider_is_told_by_where_mail_goes(
    resolver: dns.resolver.Resolver, monkeypatch: pytest.MonkeyPatch, domain: str, provider: Provider | None
) -> None:
    monkeypatch.setattr("bulletin.starting.mail_provider.LONGEST_LOOKUP", 0.3)

    assert guess_provider(f"news@{domain}", resolver) is provider


def test_nothing_is_asked_about_an_example_and_offline_there_is_no_guess() -> None:
    class Asked(dns.resolver.Resolver):
        def resolve(self, *_: object, **__: object) -> dns.resolver.Answer:
            raise OSError

    assert guess_provider("news@northfield.example.org", None) is None
    assert guess_provider("news@council.gov.uk", Asked(configure=False)) is None


def test_a_server_is_suggested_only_where_it_is_the_same_for_all() -> None:
    assert suggest_smtp(Provider.GOOGLE_WORKSPACE, "a@b.uk") == "smtp+starttls://a%40b.uk@smtp.gmail.com:587"
    assert suggest_smtp(Provider.AMAZON_SES, "a@b.uk") == suggest_smtp(None, "a@b.uk") == ""
