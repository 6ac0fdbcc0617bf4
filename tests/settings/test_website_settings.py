"""What bulletin.yaml says of the website: every value that could let somebody in, or mislead, is refused in words."""

from __future__ import annotations

import pytest

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.settings.joining import is_closed, may_join_at_once
from bulletin.settings.settings import Settings
from bulletin.settings.website import Website
from conftest import SETTINGS


def read(text: str) -> Settings:
    return validate(parse_source(text, shown_as="bulletin.yaml"), Settings)


def fault_of(text: str) -> str:
    with pytest.raises(FaultyFiles) as raised:
        read(text)
    assert len(raised.value.faults) == 1
    return str(raised.value)


def declare(lines: str) -> Website:
    website = read(f"{SETTINGS}{lines}").website
    assert website is not None
    return website


def test_without_more_than_an_address_nothing_is_believed_and_nothing_claimed() -> None:
    website = declare("")

    assert website.proxies == ()
    assert (website.urgent, website.private, website.accessibility) == (None, None, None)
    assert website.privacy.processors == ()


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("127.0.0.1", "127.0.0.1/32"),
        ("10.1.2.0/24", "10.1.2.0/24"),
        ("'::1'", "::1/128"),
        ("fd00::/8", "fd00::/8"),
        ("[127.0.0.1]", "127.0.0.1/32"),
    ],
)
def test_proxies_are_named_by_address(written: str, network: str) -> None:
    assert declare(f"  proxies: {written}\n").proxies == (network,)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("proxy.example.org", "“proxy.example.org” is not an address or a network. Write it in figures"),
        ("10.1.2.3/24", "Did you mean 10.1.2.0/24?"),
        ("0.0.0.0/0", "is every computer there is"),
        ("'::/0'", "is every computer there is"),
        ("'*'", "is not an address or a network"),
        ("300.1.1.1", "is not an address or a network"),
    ],
)
def test_a_proxy_that_is_none_is_refused(written: str, words: str) -> None:
    assert words in fault_of(f"{SETTINGS}  proxies: [{written}]\n")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("accessibility: on request", "is not a web address"),
        ("privacy: {contact: somebody}", "is not an email address"),
        ("privacy: {offficer: Jo}", "Did you mean “officer”?"),
        ("urgent: ''", "is empty"),
    ],
)
def test_what_readers_would_see_is_checked(field: str, words: str) -> None:
    assert words in fault_of(f"{SETTINGS}  {field}\n")


def open_list(written: str) -> str:
    return SETTINGS.replace("basis: consent}", f"basis: consent, open: {written}}}")


@pytest.mark.parametrize(
    ("written", "domain", "at_once"),
    [
        ("['*.gov.uk', nhs.net]", "bexley.gov.uk", True),
        ("['*.gov.uk', nhs.net]", "nhs.net", True),
        ("['*.gov.uk', nhs.net]", "gov.uk", False),
        ("['*.gov.uk', nhs.net]", "mail.nhs.net", False),
        ("['*.gov.uk']", "evilgov.uk", False),
        ("'@Police.UK'", "POLICE.uk", True),
        ("'*'", "gmail.com", True),
        ("[]", "nhs.net", False),
        ("closed", "closed", False),
    ],
)
def test_a_list_says_who_joins_at_once(written: str, domain: str, *, at_once: bool) -> None:
    open_to = read(open_list(written)).lists["schools"].open

    assert may_join_at_once(domain, open_to) is at_once
    assert is_closed(open_to) is (written == "closed")


def test_a_list_is_closed_unless_it_says_otherwise() -> None:
    assert is_closed(read(SETTINGS).lists["schools"].open)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("anyone", "“anyone” is not a part of email addresses. Write what comes after the @"),
        ("['*gov.uk']", "is not a part of email addresses"),
        ("['-a.uk']", "is not a part of email addresses"),
        ("[closed, nhs.net]", "A list is closed, or open to some."),
    ],
)
def test_a_list_open_to_nothing_that_exists_is_refused(written: str, words: str) -> None:
    assert words in fault_of(open_list(written))
