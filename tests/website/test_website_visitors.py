"""Who asks: a proxy that bulletin.yaml names is believed, and no one else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from bulletin.website.visitors import Visitor, find_visitor, read_networks

PROXIES = read_networks(["127.0.0.1", "10.1.2.0/24", "::1"])


def find(peer: str, *forwarded: str, proto: str = "", scheme: str = "http") -> Visitor:
    raw = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    raw += [(b"x-forwarded-proto", proto.encode())] if proto else []
    return find_visitor(peer, scheme, Headers(raw=raw), proxies=PROXIES)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # no proxy of ours: it may write what it likes
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),  # the first one is made up
        ("127.0.0.1", ["198.51.100.1", "203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        ("10.1.2.3", ["127.0.0.1, 10.1.2.4"], "127.0.0.1"),  # all of them are ours
        ("127.0.0.1", ["nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, nonsense"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db8::7]:4711"], "2001:db8::7"),
        ("127.0.0.1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:127.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
)
def test_a_proxys_word_counts_and_a_visitors_does_not(peer: str, forwarded: list[str], address: str) -> None:
    assert str(find(peer, *forwarded).address) == address


@pytest.mark.parametrize(
    ("peer", "proto", "scheme", "secure"),
    [
        ("127.0.0.1", "https", "http", True),
        ("127.0.0.1", "http, https", "http", True),
        ("127.0.0.1", "https, http", "http", False),
        ("127.0.0.1", "", "http", False),
        ("203.0.113.9", "https", "http", False),
        ("203.0.113.9", "http", "https", True),
    ],
)
def test_only_a_proxy_says_that_a_request_came_by_https(peer: str, proto: str, scheme: str, *, secure: bool) -> None:
    assert find(peer, proto=proto, scheme=scheme).secure is secure


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("", ""),
        ("a-unix-socket", ""),
    ],
)
def test_a_network_is_what_one_household_or_office_has(peer: str, network: str) -> None:
    assert find(peer).network == network


@given(st.lists(st.text(st.characters(codec="latin-1"), max_size=20), max_size=4))
def test_whatever_a_visitor_forwards_it_stays_who_it_is(forwarded: list[str]) -> None:
    raw = [(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded]
    headers = Headers(raw=raw)

    assert str(find_visitor("203.0.113.9", "http", headers, proxies=PROXIES).address) == "203.0.113.9"
    assert find_visitor("127.0.0.1", "http", headers, proxies=PROXIES).address is not None
