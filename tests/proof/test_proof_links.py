from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin.errors import FaultyFiles
from bulletin.proof.finding import Finding
from bulletin.proof.fixes import fix_text
from bulletin.proof.links.hosts import is_public, read_numeric, read_target
from bulletin.proof.links.safe_links import find_wrapper, unwrap
from bulletin.proof.reading.lookalikes import find_lookalikes
from bulletin.proof.registry import find_rules
from bulletin.proof.rule import Example
from proof_case import covered, find, make_context, write_issue

RULES = [rule for code, rule in find_rules().items() if code.startswith("LINK")]


def links(text: str, **more: str) -> list[Finding]:
    return [finding for finding in find(Example(text=text, **more)) if finding.code.startswith("LINK")]


def codes(text: str, **more: str) -> list[str]:
    return [finding.code for finding in links(text, **more)]


def link(address: str, words: str = "our plan for 2021") -> str:
    return f"Read [{words}]({address})."


def fixed(example: Example) -> str:
    """The text of an issue after its safe fixes."""
    text = write_issue(example)
    return fix_text(text, find(example), file="issues/2021-05.yaml")[0]


@pytest.mark.parametrize(
    "words",
    [
        "here",
        "Here.",
        "**here**",
        "Click HERE",
        "click here to read",
        "please click here for more information",
        "Read more …",
        "read more »",
        "find out more",
        "this link",
        "Link",
        "our website",
        "visit",
        "Sign up here",
        "www.example.org",
        "https://www.example.org/plan",
        "example.org/documents/2021/05/action-plan-of-the-partnership.pdf",
        "→",
        "",
    ],
)
def test_words_that_do_not_say_where_a_link_leads_are_found(words: str) -> None:
    assert codes(link("https://www.example.org/plan", words)) == ["LINK01"]


@pytest.mark.parametrize(
    "words",
    [
        "Here to Help",
        "read more about The Big Ask",
        "how to click safely",
        "more places to play",
        "the website of the NSPCC",
        "example.org",
        "Link workers: who they are",
        "Visit the museum",
        "a page",
        "This Girl Can",
    ],
)
def test_words_that_say_something_are_left_alone(words: str) -> None:
    assert codes(link("https://www.example.org/plan", words)) == []


def test_the_titles_of_links_and_the_words_on_buttons_are_read_too() -> None:
    sections = """
    - kind: links
      title: Useful links
      items:
        - {title: Read more, link: "https://www.example.org/plan"}
        - {title: Our plan for 2021, link: "https://www.example.org/plan-2021"}
    """
    (finding,) = find(Example(sections=sections), "LINK01")
    assert covered(finding) == "Read more"


def test_an_unlinked_address_in_a_text_is_found_and_one_in_code_is_not() -> None:
    text = "See https://www.example.org/plan, and not `https://www.example.org/code`."
    (finding,) = links(text)
    assert covered(finding) == "https://www.example.org/plan"
    assert finding.message == "Readers see only an address here."


def test_the_same_words_for_two_targets_are_found_at_the_second() -> None:
    text = f"{link('https://www.example.org/a', 'The plan')}\n\n{link('https://www.example.org/b', 'the plan')}"
    (finding,) = links(text)
    assert finding.code == "LINK02"
    assert covered(finding) == "https://www.example.org/b"
    assert "on line 6" in finding.message


@pytest.mark.parametrize(
    "other", ["https://example.org/plan/", "http://www.example.org/plan", "https://EXAMPLE.org/plan"]
)
def test_two_spellings_of_one_target_are_not_two_targets(other: str) -> None:
    assert "LINK02" not in codes(f"{link('https://www.example.org/plan')} {link(other)}")


def test_a_person_may_be_written_to_and_rung_by_the_same_words() -> None:
    assert codes(f"{link('mailto:jo@example.org', 'Jo Bloggs')} {link('tel:02079460321', 'Jo Bloggs')}") == []


def test_the_same_words_for_two_audiences_may_lead_to_two_places() -> None:
    def sections(second: str) -> str:
        return f"""
        - {{kind: notice, title: For partners, for: partners, text: "{link("https://www.example.org/a", "The form")}"}}
        - {{kind: notice, title: For schools, for: {second}, text: "{link("https://www.example.org/b", "The form")}"}}
        """

    assert find(Example(sections=sections("schools"))) == []
    assert [finding.code for finding in find(Example(sections=sections("[schools, partners]")))] == ["LINK02"]


def test_http_is_put_right_only_where_https_is_known_to_work() -> None:
    text = (
        f"{link('http://www.example.org/a')} {link('https://www.example.org/b', 'Our aims')} "
        f"{link('http://www.bexley.gov.uk/c', 'The council')} {link('http://other.example.org/d', 'The others')}"
    )
    assert fixed(Example(text=text)).count("http://") == 1
    assert "http://other.example.org/d" in fixed(Example(text=text))


@pytest.mark.parametrize(
    "address",
    [
        "https://anytown.sharepoint.com/sites/x",
        "https://anytown-my.sharepoint.com/:w:/g/personal/x",
        "https://intranet.anytown.gov.uk/rota",
        "https://staff-intranet.anytown.gov.uk/rota",
        "https://www.intranet.anytown.nhs.uk/",
        "https://files.corp/x",
        "https://printer.lan",
        "https://server.local:8443/x",
        "https://10.1.2.3/x",
        "https://172.31.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.01/",
        "https://100.64.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::192.168.0.1]/",
        "https://teams.microsoft.com/l/channel/19%3aabc",
        "https://onedrive.live.com/edit.aspx?cid=1",
        "https://outlook.office365.com/mail/inbox",
    ],
)
def test_an_address_that_readers_outside_cannot_open_is_found(address: str) -> None:
    assert codes(link(address)) == ["LINK04"]


@pytest.mark.parametrize(
    "address",
    [
        "https://outlook.office365.com/owa/calendar/x/bookings/",
        "https://onedrive.live.com/embed?authkey=abc",
        "https://www.intranet.com/",
        "https://8.8.8.8/",
        "https://www.localgiving.org/",
        "https://support.microsoft.com/sharepoint.com",
        "https://1.2.3.example.org/",
        "https://172.32.0.1/",
    ],
)
def test_an_address_that_everyone_can_open_is_left_alone(address: str) -> None:
    assert codes(link(address)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r"The form is at S:\Shared\Forms\form.docx.", r"S:\Shared\Forms\form.docx"),
        (r"It is at \\\\files01\public\rota today.", r"files01\public\rota"),
        ("Open file:///C:/rota.pdf to see it.", "file:///C:/rota.pdf"),
    ],
)
def test_a_drive_of_ones_own_is_found_in_a_text(text: str, words: str) -> None:
    (finding,) = links(text)
    assert finding.code == "LINK04"
    assert words in covered(finding)


@pytest.mark.parametrize("text", [r"Choose yes\no or and\or.", "The ratio is A: B.", "On the file: nothing."])
def test_what_only_looks_like_a_drive_is_left_alone(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("host", "meant"),
    [
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0300.0250.1", "192.168.0.1"),
        ("192.168.257", "192.168.1.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_an_ip_address_is_read_in_every_notation(host: str, meant: str) -> None:
    assert read_numeric(host) == ip_address(meant)


@pytest.mark.parametrize(
    "host", ["example.org", "1.2.3.4.5", "256.1.1.1", "08.1.1.1", "1..2", "", "0xg.1", "1.2.3.256"]
)
def test_a_name_is_not_taken_for_an_ip_address(host: str) -> None:
    assert read_numeric(host) is None


@pytest.mark.parametrize(
    "address",
    """
    0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 169.254.1.1 172.16.0.1 192.168.0.1 192.0.2.1 198.18.0.1 224.0.0.1 240.0.0.1
    255.255.255.255 192.88.99.1 :: ::1 ::7f00:1 fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 ::ffff:127.0.0.1
    2002:7f00:1:: 2002:a00:1:: 64:ff9b::a00:1 64:ff9b:1::1 2001::1 2001:db8::1
    """.split(),  # noqa: SIM905 -- addresses alone are read more easily
)
def test_what_is_not_on_the_internet_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "151.101.0.144", "2a00:1450:4009::1", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_what_is_on_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["https://bit.ly/3x", "http://www.tinyurl.com/x", "https://t.co/x", "https://goo.gl/abc"]
)
def test_shortened_addresses_are_found(address: str) -> None:
    assert "LINK05" in codes(link(address))


@pytest.mark.parametrize(
    "address", ["https://bit.ly/", "https://goo.gl/maps/x", "https://youtu.be/x", "https://orbit.ly/x"]
)
def test_what_is_no_shortened_address_is_left_alone(address: str) -> None:
    assert codes(link(address)) == []


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        ("https://x.example.org/?utm_source=a&utm_medium=b", "https://x.example.org/"),
        ("https://x.example.org/?a=1&utm_source=a", "https://x.example.org/?a=1"),
        ("https://x.example.org/?utm_source=a&a=1", "https://x.example.org/?a=1"),
        ("https://x.example.org/?a=1&fbclid=x&b=2", "https://x.example.org/?a=1&b=2"),
        ("https://x.example.org/?utm_source=a&b=2&gclid=x#part", "https://x.example.org/?b=2#part"),
        ("https://x.example.org/?mc_eid=1#part", "https://x.example.org/#part"),
    ],
)
def test_tracking_is_taken_out_and_nothing_else(address: str, clean: str) -> None:
    assert set(codes(link(address))) == {"LINK06"}
    assert f"]({clean})" in fixed(Example(text=link(address)))
    sections = f'- kind: links\n  title: Links\n  items: [{{title: The plan, link: "{address}"}}]'
    assert f'"{clean}"' in fixed(Example(sections=sections))


@pytest.mark.parametrize("query", ["page=2", "fatherclid=1", "utmost=1", "q=utm_source", "si=1", "id=gclid"])
def test_a_parameter_that_the_page_may_need_is_left_alone(query: str) -> None:
    assert codes(link(f"https://x.example.org/?{query}")) == []


def _base64(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("address", "inner"),
    [
        (
            "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fp%3Fa%3D1&data=0",
            "https://www.example.org/p?a=1",
        ),
        (
            "https://urldefense.proofpoint.com/v1/url?u=https://www.example.org/p&k=x",
            "https://www.example.org/p",
        ),
        (
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.org_a-2Db-5Fc-3Fd-3D1&d=D&c=C",
            "https://www.example.org/a-b_c?d=1",
        ),
        ("https://urldefense.com/v3/__https://www.example.org/p__;!!x!y$", "https://www.example.org/p"),
        (
            f"https://urldefense.com/v3/__https://www.example.org/p*a=1**Bend__;{_base64('?xyz')}!!x!y$",
            "https://www.example.org/p?a=1xyzend",
        ),
        ("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwww.example.org%2fp&c=E,1", "https://www.example.org/p"),
        (
            f"https://eu-west-1.protection.sophos.com?d=example.org&u={_base64('https://www.example.org/p')}&i=1",
            "https://www.example.org/p",
        ),
        ("https://secure-web.cisco.com/1abc/https%3A%2F%2Fwww.example.org%2Fp", "https://www.example.org/p"),
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fwww.example.org%2Fp", "https://www.example.org/p"),
        (
            "https://nam.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fx.org__%3B!!x",
            "https://x.org",
        ),
    ],
)
def test_the_address_inside_a_wrapper_is_the_fix(address: str, inner: str) -> None:
    assert unwrap(address) == inner
    assert find_wrapper(read_target(address))
    assert f'"{inner}"' in fixed(
        Example(sections=f'- kind: links\n  title: Links\n  items: [{{title: The plan, link: "{address}"}}]')
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://protect-eu.mimecast.com/s/AbCdEf",
        "https://url.uk.m.mimecastprotect.com/s/AbCdEf",
        "https://eur02.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://eur02.safelinks.protection.outlook.com/?data=0",
        "https://urldefense.com/v3/__https://www.example.org/*p__;!!x",
        "https://urldefense.com/v3/__https://www.example.org/*p__;%%%!!x",
    ],
)
def test_a_wrapper_that_cannot_be_read_is_found_and_not_guessed_at(address: str) -> None:
    (finding,) = links(link(address))
    assert (finding.code, finding.replacement) == ("LINK07", None)
    assert "arrive" in finding.remedy


@pytest.mark.parametrize(
    "address",
    ["https://www.google.com/search?q=https://x.org", "https://www.mimecast.com/s/", "https://www.trendmicro.com/"],
)
def test_the_scanners_own_pages_are_not_wrappers(address: str) -> None:
    assert codes(link(address)) == []


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("us", "mailto:mailto:us@example.org"),
        ("us", "mailto:www.us@example.org"),
        ("us", "mailto:us@example.org,"),
        ("us", "mailto:us@example..org"),
        ("us", "mailto:us%20@example.org"),
        ("us", "mailto:us@example.org."),
        ("us", "mailto:us@-example.org"),
        ("us", "mailto:us@example.0rg"),
        ("news@example.org", "mailto:nwes@example.org"),
        ("the duty desk", "tel:0207946"),
        ("the duty desk", "tel:020794603211"),
        ("the duty desk", "tel:79460321"),
        ("the duty desk", "tel:+4402079460321"),
        ("the duty desk", "tel:+1"),
        ("020 7946 0321", "tel:02079460312"),
        ("+44 20 7946 0321", "tel:02079460312"),
        ("www.example.org/plan", "https://www.other.org/plan"),
    ],
)
def test_slips_in_links_to_people_are_found(words: str, address: str) -> None:
    found = codes(link(address, words))
    assert "LINK08" in found
    assert set(found) <= {"LINK01", "LINK08"}


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("News@Example.org", "mailto:news@example.org?subject=Hello%20you"),
        ("the Welsh team", "mailto:news@example.cymru"),
        ("0800 1111", "tel:08001111"),
        ("999", "tel:999"),
        ("116 123", "tel:116123"),
        ("020 7946 0321", "tel:+442079460321"),
        ("+44 (0)20 7946 0321", "tel:020-7946-0321"),
        ("01204 12345", "tel:0120412345"),
        ("0800 123456", "tel:0800123456"),
        ("our French partners", "tel:+33 1 23 45 67 89"),
        ("gov.uk", "https://www.gov.uk/childcare"),
        ("learning.example.org", "https://example.org/learning"),
        ("Node.js", "https://nodejs.org/"),
    ],
)
def test_right_links_to_people_are_left_alone(words: str, address: str) -> None:
    assert codes(link(address, words)) == []


def _often(domain: str) -> str:
    return f"{link(f'https://{domain}/a', 'Our plan')} {link(f'https://{domain}/b', 'Our aims')} "


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("def.gov.uk", "dfe.gov.uk"),
        ("www.sheild.example.org", "www.shield.example.org"),
        ("lulabytrust.org.uk", "www.lullabytrust.org.uk"),
        ("thebigasks.uk", "thebigask.uk"),
        ("bexley.gvo.uk", "bexley.gov.uk"),
        ("qov.uk", "www.gov.uk"),
    ],
)
def test_a_domain_one_slip_off_one_in_use_is_found(wrong: str, right: str) -> None:
    text = _often(right) + link(f"https://{wrong}/c", "Our team")
    (finding,) = links(text)
    assert finding.code == "LINK09"
    assert covered(finding) == f"https://{wrong}/c"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bbc.co.uk", "bbk.co.uk"),
        ("form.council.example.org", "forms.council.example.org"),
        ("server1.example.org", "server2.example.org"),
        ("example.org.uk", "example.co.uk"),
        ("bexley.gov.uk", "bromley.gov.uk"),
        ("10.0.0.1", "10.0.0.2"),
    ],
)
def test_domains_that_are_merely_alike_are_left_alone(one: str, other: str) -> None:
    assert "LINK09" not in codes(_often(one) + link(f"https://{other}/c", "Our team"))


def test_of_two_that_are_used_alike_neither_is_called_wrong() -> None:
    assert codes(link("https://barnards.org/a") + link("https://barnrads.org/b", "Our aims")) == []


def test_a_domain_is_held_against_the_settings_and_the_last_issues_too() -> None:
    assert codes(link("https://www.anytwon.example.org/plan")) == ["LINK09"]
    assert codes(link("mailto:jo@anytwon.example.org", "Jo Bloggs")) == ["LINK09"]
    before = f"- {{kind: notice, title: Links, text: '{_often('www.kooth.com')}'}}"
    assert codes(link("https://www.koouth.com/"), before=before) == ["LINK09"]


def test_an_address_in_a_list_in_brackets_or_in_a_folded_text_is_fixed_in_its_place() -> None:
    wrapped = "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.org%2Fa%2Cb&data=0"
    flow = f"- {{kind: notice, title: A plan, text: We plan., links: [{{title: The plan, link: {wrapped}}}]}}"
    (finding,) = find(Example(sections=flow), "LINK07")
    assert finding.replacement is None  # the comma inside would end the address there
    folded = "- kind: notice\n  title: A plan\n  text: >\n    We have\n    a [plan](https://x.example.org/?utm_id=1)\n"
    assert "[plan](https://x.example.org/)\n" in fixed(Example(sections=folded))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Read [our plan](https://x.example.org/?a=1&amp;utm_id=2).", "our plan"),
        ("Read [our plan][1].\n\n[1]: https://x.example.org/?utm_id=2", "our plan"),
        ("Read [our plan](<https://x.example.org/?utm_id=2>).", "?utm_id=2"),
        ('Read [our plan](https://x.example.org/?utm_id=2 "The plan").', "?utm_id=2"),
        ("- Read\n  - [our plan](https://x.example.org/?utm_id=2)", "?utm_id=2"),
    ],
)
def test_a_link_is_found_however_markdown_lets_it_be_written(text: str, at: str) -> None:
    (finding,) = links(text)
    assert covered(finding) == at
    assert (finding.replacement == "") is at.startswith("?")


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=40),
    st.from_regex(r"(https?://|mailto:|tel:)[^\s<>()\\]{1,60}", fullmatch=True),
)
def test_no_words_and_no_address_make_a_rule_fail(words: str, address: str) -> None:
    text = "".join(char for char in words if char.isprintable() and char not in "<>[]\\`!") or "x"
    try:
        context = make_context(Example(text=f"A [{text}]({address}) b."))
    except FaultyFiles:
        return  # what the model refuses is not proofed
    for rule in RULES:
        list(rule(context))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_no_address_makes_its_reader_fail(text: str) -> None:
    for address in (
        f"https://{text}",
        f"https://urldefense.com/v3/{text}",
        f"https://x.protection.sophos.com/?u={text}",
    ):
        unwrap(address)
        read_target(address)
    read_numeric(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda n: " ".join(f"[the page](https://www.example.org/{i})" for i in range(n)),
        lambda n: "\n\n".join(f"[page {i}](http://host{i % 977}abcdef.example.org/?utm_a={i})" for i in range(n)),
        lambda n: f"[x](https://www.example.org/?{'utm_source=a&b=1&' * n})",
        lambda n: f"[{'1 (' * n}](https://www.example.org/)",
        lambda n: f"[x](https://urldefense.com/v3/__https://{'**A' * n}.org__;{'A' * n}!!)",
        lambda n: "S:\\a" + "\\b" * n + " S:\\a" * n + "file:" * n,
    ],
)
def test_time_grows_with_the_text_and_not_faster(make) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    def measure(n: int) -> float:
        context = make_context(Example(text=make(n)))
        _ = context.links
        start = time.process_time()
        for rule in RULES:
            list(rule(context))
        return time.process_time() - start

    measure(100)
    assert measure(4000) < 16 * max(measure(1000), 0.05)


@pytest.mark.slow
def test_many_domains_are_compared_in_time_that_grows_with_their_number() -> None:
    domains = {f"{first}{middle:x}{first}name.org": 2 for first in "abcdef" for middle in range(3000)}
    start = time.process_time()
    find_lookalikes([f"x{domain}" for domain in domains], domains)
    assert time.process_time() - start < 10
