from __future__ import annotations

from contextlib import suppress
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin.delivery.smtp.relay import Relay, Security, parse_relay
from bulletin.errors import RelayError


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example.org", Security.PLAIN, 25),
        ("smtp+starttls://mail.example.org", Security.STARTTLS, 587),
        ("smtps://mail.example.org", Security.TLS, 465),
        ("SMTPS://mail.example.org:2465/", Security.TLS, 2465),
        ("  smtp://mail.example.org:2525\n", Security.PLAIN, 2525),
    ],
)
def test_the_scheme_says_how_to_encrypt_and_which_port_is_usual(url: str, security: Security, port: int) -> None:
    assert parse_relay(url) == Relay(host="mail.example.org", port=port, security=security)


def test_username_and_password_are_percent_decoded() -> None:
    relay = parse_relay("smtps://anna%40example.org:p%C3%A4ss%2F%3A%40%25+word@mail.example.org")

    assert (relay.username, relay.password) == ("anna@example.org", "päss/:@%+word")


@pytest.mark.parametrize("password", ["p@ss", "p:ss", "@", ":@:", "p%40%2Fss"])
def test_what_is_clear_without_a_code_may_stand_in_a_password(password: str) -> None:
    relay = parse_relay(f"smtps://user:{password}@mail.example.org:2465")

    assert (relay.host, relay.port, relay.username) == ("mail.example.org", 2465, "user")
    assert relay.password == unquote(password)


def test_a_username_may_come_without_its_password() -> None:
    relay = parse_relay("smtp+starttls://bulletin@mail.example.org")

    assert (relay.username, relay.password) == ("bulletin", "")


def test_an_ipv6_address_stands_in_brackets() -> None:
    relay = parse_relay("smtp://[::1]:2525")

    assert (relay.host, relay.port, str(relay)) == ("::1", 2525, "[::1]:2525")


def test_neither_its_words_nor_its_representation_show_the_password() -> None:
    relay = parse_relay("smtps://bulletin:s3cret@mail.example.org")

    assert str(relay) == "mail.example.org:465"
    assert "s3cret" not in repr(relay)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "doesn't begin with smtp:// or smtp+starttls:// or smtps://"),
        ("mail.example.org:25", "doesn't begin with"),
        ("https://mail.example.org", "doesn't begin with"),
        ("smtp://", "names no server"),
        ("smtps://user:s3cret@", "names no server"),
        ("smtps://user:s3cret@mail..example.org", "“mail..example.org”, that can't exist"),
        ("smtps://user:s3cret@mail.example.org:smtp", "a port that is not a number from 1 to 65535"),
        ("smtps://user:s3cret@mail.example.org:99999", "a port that is not a number from 1 to 65535"),
        ("smtps://user:s3cret@mail.example.org:0", "a port that is not a number from 1 to 65535"),
        ("smtps://user:s3cret/x@mail.example.org", "has a / in the password. Write %2F in its place."),
        ("smtps://user:/s3cret@mail.example.org:465", "has a / in the password. Write %2F in its place."),
        ("smtps://user:s3cret?x@mail.example.org", "has a ? in the password. Write %3F in its place."),
        ("smtps://user:s3cret#x@mail.example.org", "has a # in the password. Write %23 in its place."),
        ("smtps://user:s3cret[x@mail.example.org", "has a [ in the password. Write %5B in its place."),
        ("smtps://user:s3cret@x/y@mail.example.org", "has a / in the password. Write %2F in its place."),
        ("smtps://us/er:s3cret@mail.example.org", "has a / in the username. Write %2F in its place."),
        ("smtps://user:s3cret x@mail.example.org", "In a password, a space is %20"),
        ("smtps://user:s3cret%A3@mail.example.org", "a % code that isn't UTF-8"),
        ("smtps://user:s3cret@[::1", "can't be read"),
        ("smtps://user:s3cret@mail.example.org/path", "has something after the port"),
    ],
)
def test_what_is_no_smtp_address_is_refused_in_words_that_repeat_no_password(url: str, words: str) -> None:
    with pytest.raises(RelayError) as refused:
        parse_relay(url)

    assert words in str(refused.value)
    assert refused.value.remedy
    assert "s3cret" not in str(refused.value)


@given(st.text(max_size=40).map("smtps://user:s3cret".__add__))
@example("smtps://user:s3cret@[x]")
@example("smtps://user:s3cret@℀.example.org")
def test_any_text_is_either_a_relay_or_refused_in_words(url: str) -> None:
    with suppress(RelayError):
        relay = parse_relay(url)
        assert relay.host
        assert 1 <= relay.port <= 65535


def test_a_password_is_never_sent_in_clear_to_another_machine() -> None:
    with pytest.raises(RelayError, match="would cross the network unencrypted") as refused:
        parse_relay("smtp://bulletin:s3cret@mail.example.org")

    assert "smtp+starttls://" in refused.value.remedy
    assert "s3cret" not in str(refused.value)
    with pytest.raises(RelayError):
        Relay(host="192.0.2.1", port=25, security=Security.PLAIN, username="bulletin", password="s3cret")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "[::1]"])
def test_a_login_without_encryption_is_for_this_machine_only(host: str) -> None:
    assert parse_relay(f"smtp://bulletin:s3cret@{host}").username == "bulletin"
    assert parse_relay(f"smtp://{host}").is_local


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1", "localhost.example.org"])
def test_a_server_elsewhere_is_not_local(host: str) -> None:
    assert not parse_relay(f"smtp://{host}").is_local


def test_a_host_name_may_be_in_capitals() -> None:
    assert Relay(host="LOCALHOST", port=25, security=Security.PLAIN, username="bulletin", password="s3cret").is_local
