"""What the DNS says about a domain: SPF, DKIM keys, DMARC, and the name server itself."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.doctor.judgement import CannotTellError
from bulletin.doctor.names.dkim_key import find_dkim_key
from bulletin.doctor.names.dmarc_policy import (
    are_aligned,
    find_dmarc,
    find_dmarc_as_before,
    has_permission,
    parse_dmarc,
    walk_tree,
)
from bulletin.doctor.names.resolver import DnsResolver
from bulletin.doctor.names.spf import SpfResult, evaluate_spf
from bulletin.doctor.names.suffixes import find_organisational_domain
from bulletin.errors import BulletinError
from conftest import examples
from known_names import KnownNames
from name_server import serving_names
from northfield import make_dkim_record

# --- SPF (RFC 7208)

SPF = """
ip.test TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"
a.test TXT "v=spf1 a/24 -all"
a.test A 192.0.2.7
mx.test TXT "v=spf1 mx ~all"
mx.test MX 10 mail.mx.test.
mail.mx.test A 192.0.2.9
in.test TXT "v=spf1 include:ip.test ?all"
neutral.test TXT "v=spf1 include:fails.test"
fails.test TXT "v=spf1 -all"
redirect.test TXT "v=spf1 redirect=ip.test"
macro.test TXT "v=spf1 exists:%{i}.list.test -all"
loop.test TXT "v=spf1 include:loop2.test -all"
loop2.test TXT "v=spf1 include:loop.test -all"
all.test TXT "v=spf1 +all"
typo.test TXT "v=spf1 ip4:192.0.2.1 inculde:ip.test -all"
none.test TXT "hello"
"""


@pytest.mark.parametrize(
    ("domain", "address", "result"),
    [
        ("ip.test", "192.0.2.200", SpfResult.PASS),
        ("ip.test", "2001:db8::1", SpfResult.PASS),
        ("ip.test", "198.51.100.1", SpfResult.FAIL),
        ("a.test", "192.0.2.99", SpfResult.PASS),
        ("mx.test", "192.0.2.9", SpfResult.PASS),
        ("mx.test", "192.0.2.10", SpfResult.SOFTFAIL),
        ("in.test", "192.0.2.1", SpfResult.PASS),
        ("in.test", "198.51.100.1", SpfResult.NEUTRAL),
        ("neutral.test", "192.0.2.1", SpfResult.NEUTRAL),
        ("redirect.test", "192.0.2.1", SpfResult.PASS),
        ("redirect.test", "198.51.100.1", SpfResult.FAIL),
        ("macro.test", "192.0.2.1", SpfResult.UNCLEAR),
        ("loop.test", "192.0.2.1", SpfResult.PERMERROR),
        ("all.test", "192.0.2.1", SpfResult.PASS),
        ("none.test", "192.0.2.1", SpfResult.NONE),
    ],
)
def test_spf_says_whether_an_address_may_send(domain: str, address: str, result: SpfResult) -> None:
    assert evaluate_spf(domain, KnownNames(SPF), address=ip_address(address)).result is result


@pytest.mark.parametrize(
    ("domain", "problem"),
    [("loop.test", "loop.test includes itself"), ("typo.test", "“inculde:ip.test” in the record of typo.test")],
)
def test_a_broken_spf_record_says_what_is_wrong(domain: str, problem: str) -> None:
    report = evaluate_spf(domain, KnownNames(SPF))

    assert report.is_broken
    assert report.problems[0].startswith(problem)


def test_lookups_are_counted_through_all_that_is_included_and_the_dearest_is_named() -> None:
    zone = 'top.test TXT "v=spf1 mx include:wide.test ip4:192.0.2.1 -all"\n'
    zone += f'wide.test TXT "v=spf1 {" ".join(f"a:h{number}.test" for number in range(9))} -all"\n'
    report = evaluate_spf("top.test", KnownNames(zone))

    assert report.lookups == 11
    assert report.costs["include:wide.test"] == 10
    assert report.void == 10
    assert report.is_broken


TERMS = [
    "a",
    "mx",
    "ptr",
    "include:x.test",
    "exists:%{i}.y",
    "ip4:1.2.3.4",
    "ip4:9",
    "redirect=x.test",
    "-all",
    "?",
    "a/99",
]


@examples(60)
@given(st.lists(st.sampled_from(TERMS), max_size=25), st.lists(st.sampled_from(TERMS), max_size=25))
def test_no_spf_record_makes_a_walk_endless_or_fail(own: list[str], other: list[str]) -> None:
    zone = f'top.test TXT "v=spf1 {" ".join(own)}"\nx.test TXT "v=spf1 {" ".join(other)}"\n'
    names = KnownNames(zone)
    report = evaluate_spf("top.test", names, address=ip_address("192.0.2.1"))

    assert report.lookups <= 1000
    assert len(names.asked) <= 1000


# --- DMARC (RFC 9989, RFC 7489)

DMARC = """
_dmarc.council.gov.uk TXT "v=DMARC1; p=reject; sp=quarantine"
_dmarc.trust.org.uk TXT "v=DMARC1; p=none"
_dmarc.schools.trust.org.uk TXT "v=DMARC1; p=quarantine; psd=n"
_dmarc.bank TXT "v=DMARC1; p=reject; psd=y"
_dmarc.two.org.uk TXT "v=DMARC1; p=none"
_dmarc.two.org.uk TXT "v=DMARC1; p=reject"
_dmarc.other.org.uk TXT "p=none; v=DMARC1"
a.org.uk._report._dmarc.reports.net TXT "v=DMARC1"
"""


@pytest.mark.parametrize(
    ("domain", "at", "organisation", "policy"),
    [
        ("council.gov.uk", "council.gov.uk", "council.gov.uk", "reject"),
        ("news.council.gov.uk", "council.gov.uk", "council.gov.uk", "quarantine"),
        ("a.schools.trust.org.uk", "schools.trust.org.uk", "schools.trust.org.uk", "quarantine"),
        ("b.trust.org.uk", "trust.org.uk", "trust.org.uk", "none"),
        ("mail.first.bank", "bank", "first.bank", "reject"),
        ("a.b.c.d.e.f.g.h.i.council.gov.uk", "council.gov.uk", "council.gov.uk", "quarantine"),
    ],
)
def test_the_tree_walk_finds_the_record_and_the_organisation(
    domain: str, at: str, organisation: str, policy: str
) -> None:
    found = find_dmarc(domain, KnownNames(DMARC))

    assert found.record
    assert (found.record.domain, found.organisation) == (at, organisation)
    assert found.record.policy_for(domain) == policy


def test_the_tree_walk_takes_eight_queries_at_most() -> None:
    names = KnownNames(DMARC)
    walk_tree("a.b.c.d.e.f.g.h.i.j.k.l.nowhere.org.uk", names)

    assert len(names.asked) == 8
    assert names.asked[:2] == ["_dmarc.a.b.c.d.e.f.g.h.i.j.k.l.nowhere.org.uk", "_dmarc.i.j.k.l.nowhere.org.uk"]


@pytest.mark.parametrize("domain", ["two.org.uk", "other.org.uk", "none.org.uk"])
def test_two_records_or_one_that_begins_otherwise_are_none(domain: str) -> None:
    names = KnownNames(DMARC)

    assert find_dmarc(domain, names).record is None
    assert find_dmarc_as_before(domain, names).record is None


@pytest.mark.parametrize(
    ("one", "other", "strict", "aligned"),
    [
        ("council.gov.uk", "news.council.gov.uk", False, True),
        ("council.gov.uk", "news.council.gov.uk", True, False),
        ("council.gov.uk", "council.gov.uk", True, True),
        ("council.gov.uk", "trust.org.uk", False, False),
        ("first.gov.uk", "second.gov.uk", False, False),
    ],
)
def test_domains_are_aligned_by_their_organisation(one: str, other: str, *, strict: bool, aligned: bool) -> None:
    assert are_aligned(one, other, KnownNames(DMARC), strict=strict) is aligned


def test_reports_to_others_need_their_permission() -> None:
    names = KnownNames(DMARC)

    assert has_permission("reports.net", "a.org.uk", names)
    assert has_permission("news.a.org.uk", "a.org.uk", names)
    assert not has_permission("reports.net", "b.org.uk", names)


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("news.northfield.gov.uk", "northfield.gov.uk"),
        ("a.b.nhs.uk", "b.nhs.uk"),
        ("office.hill.county.sch.uk", "hill.county.sch.uk"),
        ("news.example.com", "example.com"),
        ("gov.uk", "gov.uk"),
        ("localhost", "localhost"),
    ],
)
def test_the_organisation_is_one_label_below_a_public_suffix(domain: str, organisation: str) -> None:
    assert find_organisational_domain(domain) == organisation


@examples(30)
@given(st.text(max_size=60))
def test_whatever_is_in_a_record_is_parsed(text: str) -> None:
    parsed = parse_dmarc("v=DMARC1;" + text)

    assert parsed is None or parsed["v"] == "DMARC1"


# --- DKIM keys


@pytest.mark.parametrize(
    ("record", "bits", "revoked"),
    [
        (make_dkim_record(), 2048, False),
        ('"v=DKIM1; p="', 0, True),
        ('"v=DKIM1; k=rsa; p=notakey"', 0, False),
        ('"k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="', 256, False),
        ('"p=MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="', 0, False),
    ],
    ids=["rsa", "revoked", "no key", "ed25519", "another kind than it says"],
)
def test_a_dkim_key_is_measured(record: str, bits: int, *, revoked: bool) -> None:
    key = find_dkim_key("s", "a.test", KnownNames(f"s._domainkey.a.test TXT {record}"))

    assert key
    assert (key.bits, key.revoked) == (bits, revoked)


# --- The name server


def test_no_answer_is_not_an_empty_answer_and_is_waited_for_once() -> None:
    with serving_names('here.test TXT "x"', faults={"gone.test": "silent"}) as server:
        resolver = DnsResolver(server=server.address, patience=0.2)

        assert resolver.look_up("here.test", "TXT") == ("x",)
        assert resolver.look_up("here.test", "MX") == ()
        assert resolver.look_up("nowhere.test", "TXT") == ()
        with pytest.raises(CannotTellError):
            resolver.look_up("gone.test", "TXT")
        asked = len(server.asked)
        with pytest.raises(CannotTellError):
            resolver.look_up("other.test", "TXT")
        assert len(server.asked) == asked


@pytest.mark.parametrize("name", ["x" * 64 + ".test", "a..test", "", "x." * 130 + "test", "-.test"])
def test_a_name_that_cannot_be_has_no_records(name: str) -> None:
    with serving_names('here.test TXT "x"') as server:
        assert DnsResolver(server=server.address).look_up(name, "TXT") == ()


@pytest.mark.parametrize("server", ["dns.example.org", "1.2.3.4:port", "1.2.3", "::zz"])
def test_a_name_server_that_is_no_address_is_refused(server: str) -> None:
    with pytest.raises(BulletinError, match="is not the address of a name server"):
        DnsResolver(server=server)
