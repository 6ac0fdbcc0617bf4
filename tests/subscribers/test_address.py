from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import find_envelope, parse_address, suggest_domain


def explain(text: str) -> str:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "anna@example.org",
        "anna.smith+bulletin@example.org",
        "o'neill@example.org",
        "a_b-c@sub.sub.example.org",
        "!#$%&'*+/=?^_`{|}~@example.org",
        "1@example.org",
        "a" * 64 + "@example.org",
    ],
)
def test_a_plain_address_is_kept_to_the_letter(text: str) -> None:
    address = parse_address(text)
    assert (address.written, address.envelope, address.key) == (text, text, text)
    assert not address.needs_smtputf8


def test_capital_letters_stay_in_the_address_and_do_not_make_it_another() -> None:
    address = parse_address("Anna.Smith@Example.ORG")
    assert address.written == "Anna.Smith@Example.ORG"
    assert address.envelope == "Anna.Smith@example.org"
    assert address.key == "anna.smith@example.org"


def test_a_plus_tag_makes_another_address() -> None:
    assert parse_address("anna+news@example.org").key != parse_address("anna@example.org").key


def test_an_international_domain_is_written_to_by_its_a_labels() -> None:
    address = parse_address("anna@Bücher.example")
    assert address.written == "anna@Bücher.example"
    assert address.envelope == address.key == "anna@xn--bcher-kva.example"
    assert not address.needs_smtputf8
    assert parse_address("ANNA@XN--BCHER-KVA.example").key == address.key


def test_letters_outside_ascii_before_the_at_need_smtputf8() -> None:
    address = parse_address("Jöhn@bücher.example")
    assert address.envelope == "Jöhn@xn--bcher-kva.example"
    assert address.key == "jöhn@xn--bcher-kva.example"
    assert address.needs_smtputf8


def test_a_letter_and_its_accent_are_the_same_as_the_accented_letter() -> None:
    composed, apart = parse_address("josé@example.org"), parse_address("jose\u0301@example.org")
    assert composed.key == apart.key
    assert composed.envelope == apart.envelope


@pytest.mark.parametrize(
    "around", ["  {}\t", "\u00a0{}\u00a0", "\ufeff{}\u200b", "{}\r\n", "\u202a{}\u202c", "\u2060{}"]
)
def test_what_cannot_be_seen_around_an_address_is_left_out(around: str) -> None:
    assert parse_address(around.format("anna@example.org")).written == "anna@example.org"


@pytest.mark.parametrize(
    ("text", "words", "remedy"),
    [
        ("anna.example.org", "has no @ in it.", "Write the whole address, as in anna@example.org."),
        ("anna smith@example.org", "has a space in it.", "Take the space out, or write what belongs there."),
        ('"anna smith"@example.org', "has a space in it.", "Take the space out, or write what belongs there."),
        ("anna@@example.org", "has more than one @.", "Keep the one before the domain."),
        ("anna@home@example.org", "has more than one @.", "Keep the one before the domain."),
        ("anna＠example.org", "has “＠” in it, which is not the usual @.", "Type the @ again."),
        ("@example.org", "has nothing before its @.", "Write the whole address, as in anna@example.org."),
        ("anna@", "has nothing after its @.", "Write the whole address, as in anna@example.org."),
        ("anna@example", "breaks off after “example”.", "Write the whole domain, as in anna@example.org."),
        ("anna@example.org.", "ends with a full stop.", "Take it out."),
        ("anna.@example.org", "has a full stop too many, at the @ or at its beginning.", "Take it out."),
        (".anna@example.org", "has a full stop too many, at the @ or at its beginning.", "Take it out."),
        ("anna@.example.org", "has a full stop too many, at the @ or at its beginning.", "Take it out."),
        ("anna@example..org", "has two full stops side by side.", "Take one out."),
        ("anna@example,org", "has a comma in it.", "Perhaps a full stop is meant."),
        ("Anna <anna@example.org>", "is more than an address.", "Write only “anna@example.org”."),
        ("<anna@example.org>", "is more than an address.", "Write only “anna@example.org”."),
        ("a@example.org; b@example.org", "is more than one address.", "Write one address in each line."),
        ("a@example.org b@example.org", "is more than one address.", "Write one address in each line."),
        ("a@example.org,b@example.org", "is more than one address.", "Write one address in each line."),
        ('"anna"@example.org', "has quotation marks in it.", "Write the address without them."),
        (
            "anna@[192.0.2.1]",
            "has an IP address for its domain.",
            "Write the domain's name, as in anna@example.org.",
        ),
        (
            "anna@office.local",
            "is inside “.local”, which has no mail from outside.",
            "Ask for the address that the person uses outside their own network.",
        ),
        (
            "ａnna@example.org",
            "has “ａ” in it, which looks like “a” but is another character.",
            "If “a” is meant, type the address again.",
        ),
        (
            "oﬃce@example.org",
            "has “ﬃ” in it, which looks like “ffi” but is another character.",
            "If “ffi” is meant, type the address again.",
        ),
        (
            "anna@my_school.example",
            "cannot be an address: the part after the @-sign contains invalid characters: '_'.",
            "Check how it is spelt.",
        ),
        (
            "a" * 65 + "@example.org",
            "is too long before its @: 64 letters are the most.",
            "Check how it is spelt.",
        ),
        (
            "ö" * 33 + "@example.org",
            "cannot be an address: it is too long before the @.",
            "Check how it is spelt.",
        ),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_words(text: str, words: str, remedy: str) -> None:
    assert explain(text) == f"“{text}” {words} {remedy}"


@pytest.mark.parametrize("text", ["", " \u00a0 ", "\ufeff"])
def test_a_missing_address_is_said_to_be_missing(text: str) -> None:
    assert explain(text) == "There is no address here. Write one, as in anna@example.org."


@pytest.mark.parametrize(
    ("text", "shown", "character"),
    [
        ("an\u200bna@example.org", "an·na@example.org", "zero width space"),
        ("anna\u202e@example.org", "anna·@example.org", "right-to-left override"),
        ("an\x07na@example.org", "an·na@example.org", "control character"),
    ],
)
def test_an_invisible_character_is_named(text: str, shown: str, character: str) -> None:
    words = f"“{shown}” has an invisible character in it ({character})."
    assert explain(text) == f"{words} Type the address again."


def test_a_line_break_cannot_smuggle_a_header_in() -> None:
    words = "“anna··Bcc: bea@example.org” has a space in it."
    assert explain("anna\r\nBcc: bea@example.org") == f"{words} Take the space out, or write what belongs there."


@pytest.mark.parametrize("text", ["a" * 500, "@" + "," * 1_000_000, "a" * 1_000_000 + "@example.org"])
def test_an_endless_address_is_refused_at_once_and_not_repeated_in_full(text: str) -> None:
    assert len(explain(text)) < 200


def test_the_whole_address_has_at_most_254_octets() -> None:
    domain = ".".join(["d" * 60] * 3)
    assert parse_address("a" * 60 + f"@{domain}.example").written
    assert "too long" in explain("a" * 64 + f"@{domain}.example")


# Few letters, and those that matter, so that most addresses are nearly right: there verdicts could differ.
_plainly = st.text(st.sampled_from("aZ09.-_+'!@ \t\"<>\\"), max_size=70)
_nearly = st.text(st.sampled_from("aZ09.-_+'!@ \t\"<>\\äßｆ\u0301\u200dα漢"), max_size=70)
_domains = st.one_of(
    st.sampled_from(
        ["example.org", "EXAMPLE.ORG", "bücher.example", "xn--bcher-kva.example", "a.test", "d" * 63 + ".uk"]
    ),
    st.text(st.sampled_from("aB0-.üx_"), max_size=30),
    st.from_regex(r"([a-zA-Z0-9-]{1,63}\.){1,5}[a-z]{2,3}", fullmatch=True),
)


@given(_plainly, _domains.filter(str.isascii))
@example("a" * 64, ".".join(["d" * 62] * 3))
@example("a", "xn--.org")
@example("a", "b@c.org")
def test_the_short_road_for_plain_addresses_gives_the_same_verdict_as_email_validator(local: str, domain: str) -> None:
    text = f"{local}@{domain}"
    assume(text.strip() == text)
    try:
        expected = validate_email(text, strict=True, check_deliverability=False)
    except EmailNotValidError:
        assert explain(text)
    else:
        assert parse_address(text).envelope == f"{local}@{expected.ascii_domain}"


@given(_nearly, _domains)
def test_nothing_is_taken_that_email_validator_refuses(local: str, domain: str) -> None:
    try:
        address = parse_address(f"{local}@{domain}")
    except InvalidAddress:
        return
    valid = validate_email(address.written, strict=True, check_deliverability=False)
    assert address.envelope.rpartition("@")[2] == valid.ascii_domain
    assert address.needs_smtputf8 == (valid.ascii_local_part is None)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_is_refused_in_words(text: str) -> None:
    try:
        address = parse_address(text)
    except InvalidAddress as error:
        shown = str(error)
    else:
        shown = address.key
    assert shown.isprintable()


@given(_nearly, _domains)
def test_every_spelling_of_an_address_has_the_same_key_and_envelope(local: str, domain: str) -> None:
    try:
        address = parse_address(f"{local}@{domain}")
    except InvalidAddress:
        return
    for spelling in (address.written, f" {address.written} ", address.envelope):
        assert parse_address(spelling).key == address.key
        assert find_envelope(spelling) == address.envelope
    assert len(address.key) <= 320


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("gmail.con", "gmail.com"),
        ("gmial.com", "gmail.com"),
        ("gmail.co", "gmail.com"),
        ("gnail.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"),
        ("hotmail.co.ik", "hotmail.co.uk"),
        ("outlok.com", "outlook.com"),
        ("yahooo.co.uk", "yahoo.co.uk"),
        ("icoud.com", "icloud.com"),
        ("btintenet.com", "btinternet.com"),
        ("nhs.ne", "nhs.net"),
        ("anytown.gov.u", "anytown.gov.uk"),
        ("school.anytown.sch.ku", "school.anytown.sch.uk"),
        ("charity.example.con", "charity.example.com"),
    ],
)
def test_a_slip_of_the_fingers_in_a_domain_is_noticed(written: str, meant: str) -> None:
    assert suggest_domain(parse_address(f"anna@{written}")) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *(
            "gmail.com",
            "mail.com",
            "ymail.com",
            "cloud.com",
            "nhs.net",
            "nhs.uk",
            "nhs.scot",
            "example.org",
            "hotmail.fr",
        ),
        *("yahoo.ca", "outlook.ie", "bexley.gov.uk", "anytown.sch.uk", "met.police.uk", "company.co", "bbc.co.uk"),
        *("gov.wales", "parliament.uk", "example.community", "example.om", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_that_is_right_is_left_in_peace(domain: str) -> None:
    assert suggest_domain(parse_address(f"anna@{domain}")) is None
