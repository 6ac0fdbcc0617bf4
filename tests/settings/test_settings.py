from __future__ import annotations

from datetime import timedelta

import pytest

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.issue.item import ValidationContext
from bulletin.settings.settings import Settings
from conftest import SETTINGS


def read(text: str) -> Settings:
    lists = ValidationContext(lists=frozenset({"partners", "schools"}))
    return validate(parse_source(text, shown_as="bulletin.yaml"), Settings, context=lists)


def fault_of(text: str) -> str:
    with pytest.raises(FaultyFiles) as raised:
        read(text)
    assert len(raised.value.faults) == 1
    return str(raised.value)


def test_what_is_left_out_has_a_sensible_value() -> None:
    settings = read(SETTINGS)

    assert settings.sending.connections == 4
    assert settings.sending.retries[0] == timedelta(minutes=1)
    assert settings.bulletins["monthly"].greeting == "Hello {name},"


def test_lengths_of_time_are_written_in_words() -> None:
    sending = "sending:\n  patience: 1 hour\n  retries: [30 seconds, 5 minutes]\n"

    assert read(SETTINGS + sending).sending.retries == (timedelta(seconds=30), timedelta(minutes=5))


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("30/minute", "30/minute"),
        ("1 / second", "1/second"),
        ("500 per hour", "500/hour"),
        ("10,000 a day", "10,000/day"),
        ("10000/day", "10,000/day"),
    ],
)
def test_rates_are_written_as_people_say_them(text: str, rate: str) -> None:
    (limit,) = read(f"{SETTINGS}sending:\n  limits:\n  - {text}\n").sending.limits

    assert str(limit) == rate


def test_shares_are_written_in_per_cent() -> None:
    sending = read(f"{SETTINGS}sending: {{stop_at: 2.5 %, domain_share: 100%}}\n").sending

    assert (sending.stop_at, sending.domain_share) == (0.025, 1)


def test_one_smtp_server_needs_no_dash_and_several_keep_their_order() -> None:
    one = read(f"{SETTINGS}sending: {{smtp: 'smtp://a.example.org'}}\n")
    two = read(f"{SETTINGS}sending:\n  smtp:\n  - smtps://b@b.example.org\n  - smtp://a.example.org\n")

    assert one.sending.smtp == ("smtp://a.example.org",)
    assert two.sending.smtp == ("smtps://b@b.example.org", "smtp://a.example.org")


def test_a_login_by_token_is_declared_without_any_secret() -> None:
    text = "sending:\n  login:\n    kind: microsoft\n    tenant: example.org\n    client_id: 0000-1111\n"
    login = read(SETTINGS + text).sending.login

    assert login is not None
    assert (login.kind, login.tenant, login.client_id) == ("microsoft", "example.org", "0000-1111")


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        ("colours: {accent: blue}", "“blue” is not a colour."),
        ("colours:\n  accent: #1d5c87", "Everything from this # on would be left out"),
        ("colours: {accent: '#ffcc00'}", "too pale: its contrast with white is 1.5 to 1"),
        ("sending: {connections: 0}", "must be at least 1"),
        ("sending: {connections: 400}", "must be at most 128"),
        ("sending: {patience: long}", "“long” is not a length of time."),
        ("sending: {smtp: mail.example.org}", "This is not the address of an SMTP server."),
        ("sending: {smtp: 'smtps://me:secret@mail.example.org'}", "BULLETIN_SMTP_URL"),
        ("sending: {smtp: 'smtps://me:sec/ret@mail.example.org'}", "There is a password in this address."),
        ("sending: {smtp: 'smtps://me:sec@ret@mail.example.org'}", "There is a password in this address."),
        ("sending: {smtp: 'smtps://me:/@mail.example.org'}", "There is a password in this address."),
        ("approval: {needed: 3, people: [Jo Bloggs, Sam Smith]}", "3 people have to approve, and only 2 may."),
        ("approval: {people: [Jo Bloggs, jo  bloggs]}", "“Jo Bloggs” is named twice. Name each person once."),
        ("approval: {needed: -1}", "“-1” is not a whole number."),
        ("approval: {needed: 10}", "must be at most 9"),
        ("approval: {by: Jo Bloggs}", "“by” is not a field of the approval."),
        ("sending: {limits: 30 an hour or so}", "“30 an hour or so” is not a rate. Write it as in 1/second"),
        ("sending: {limits: 0/minute}", "“0/minute” is not a rate."),
        ("sending: {limits: [30/minute, 40/minute]}", "40/minute is the second limit for the same length of time."),
        ("sending: {stop_at: 5}", "“5” is not a share of a whole. Write it in per cent, as in 5%"),
        ("sending: {domain_share: 0%}", "above 0%, at most 100%"),
        ("sending: {stop_after: 0}", "must be at least 1"),
        ("sending: {provider: outlook}", "microsoft-365"),
        ("sending: {smtp: [smtp://mail.example.org, mail.example.org]}", "This is not the address of an SMTP server."),
        ("sending: {login: {kind: command}}", "This login has no command."),
        ("sending: {login: {kind: microsoft, tenant: example.org}}", "This login needs tenant and client_id."),
        ("sending: {login: {kind: command, command: x, tenant: y}}", "tenant and client_id belong to kind: microsoft."),
        (
            "sending: {login: {kind: microsoft, command: x, tenant: example.org, client_id: 0-0}}",
            "A command belongs to kind: command.",
        ),
        ("sending: {login: {kind: microsoft, client_secret: x}}", "client_secret"),
        (f"returns: {{address: {'r' * 29}@example.org, verp: yes}}", "at most 28 characters before the @"),
        (f"returns: {{address: {'r' * 64}@example.org, verp: yes}}", "64 characters before the @"),
        ("color: {accent: '#123456'}", "Did you mean “colours”?"),
    ],
)
def test_a_fault_says_what_to_write(addition: str, words: str) -> None:
    assert words in fault_of(f"{SETTINGS}{addition}\n")


@pytest.mark.parametrize(("local", "verp"), [("r" * 28, "yes"), ("r" * 64, "no"), ("bounces+news", "yes")])
def test_a_return_address_has_room_for_a_token(local: str, verp: str) -> None:
    returns = read(f"{SETTINGS}returns: {{address: {local}@example.org, verp: {verp}}}\n").returns

    assert returns is not None
    assert (returns.address, returns.verp) == (f"{local}@example.org", verp == "yes")


def test_nobody_has_to_sign_unless_it_is_asked_for_and_then_one_person_has_to() -> None:
    assert read(SETTINGS).approval.needed == 0
    assert read(SETTINGS + "approval: {people: Jo Bloggs}\n").approval.needed == 1


def test_a_bulletin_names_only_lists_that_are_declared() -> None:
    text = SETTINGS.replace("    title: Anytown news\n", "    title: Anytown news\n    lists: [partner]\n")

    assert "Did you mean “partners”?" in fault_of(text)


def test_a_short_name_is_small_letters_figures_and_hyphens() -> None:
    fault = fault_of(SETTINGS.replace("  schools:", "  Our Schools:"))

    assert "“Our Schools” cannot be used here." in fault
    assert "bulletin.yaml:12:3" in fault


def test_a_greeting_says_where_the_name_goes() -> None:
    text = SETTINGS.replace("    title: Anytown news\n", "    title: Anytown news\n    greeting: Hello,\n")

    assert "needs {name} or {first_name} once" in fault_of(text)
