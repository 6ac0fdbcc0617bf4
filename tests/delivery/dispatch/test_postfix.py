"""All of `bulletin send` against a real Postfix: encrypted, logged in, with people whom it refuses or puts off."""

from __future__ import annotations

import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from bulletin.database.schema import open_database
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import Delivery, list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.workspace.workspace import Workspace
from command_call import call as run
from command_process import start_sending
from conftest import SETTINGS
from forked import Program
from postfix import DOMAINS, Postfix, run_postfix

pytestmark = pytest.mark.slow

READERS = [f"reader-{number:03}@{DOMAINS[number % 2]}" for number in range(120)]
PUT_OFF = "450 4.2.1 This mailbox is being moved"
RETRIES = "[1 second, 1 second, 2 seconds, 2 seconds, 4 seconds]"
SENDING = f"sending: {{domain_share: 100%, retries: {RETRIES}, patience: 0 seconds}}\n"
PATIENT = SENDING.replace("patience: 0 seconds", "patience: 1 minute")


@pytest.fixture(scope="module")
def relay() -> Iterator[Postfix]:
    """A Postfix for all tests here that need no other; each writes to people of its own."""
    others = [f"{name}@example.org" for name in ("anna", "ben", "cleo", "dora", "emil")]
    with run_postfix(*READERS, *others) as postfix:
        yield postfix


@pytest.fixture
def make(make_workspace: Callable[..., Workspace]) -> Callable[..., Workspace]:
    def make(*people: str, sending: str = SENDING) -> Workspace:
        return make_workspace(
            settings=SETTINGS + sending, lists={"partners": "\n".join(["email,name", *people]), "schools": "email"}
        )

    return make


def log_of(workspace: Workspace, number: int = 0) -> Path:
    return workspace.root.with_name(f"log-{number}.txt")


def start(workspace: Workspace, environ: Mapping[str, str], number: int = 0) -> Program:
    """Start `bulletin send`, which writes to a log with this number."""
    log_of(workspace, number).write_text("")
    return start_sending(workspace, environ, log_of(workspace, number))


def send(workspace: Workspace, environ: Mapping[str, str], *, code: int = 0) -> str:
    """What `bulletin send` says; it ends with `code`."""
    process = start(workspace, environ)
    try:
        ended = process.wait(60)
    finally:
        process.kill()
    words = log_of(workspace).read_text()
    assert ended == code, words
    return " ".join(words.split())


def look(workspace: Workspace) -> dict[str, Delivery]:
    engine = open_database(workspace.database_url)
    found = {one.address: one for one in list_deliveries(engine, find_mailings(engine, "2021-05"))}
    engine.dispose()
    return found


def states(deliveries: Mapping[str, Delivery]) -> dict[str, str]:
    return {address: delivery.state.value for address, delivery in deliveries.items()}


def arrived(relay: Postfix, people: Iterable[str]) -> Counter[str]:
    counts = relay.count_messages()
    return Counter({address: counts[address] for address in people if counts[address]})


def test_who_is_there_gets_it_once_who_is_not_is_named_with_postfixs_words_and_who_is_put_off_is_tried_again(
    make: Callable[..., Workspace], relay: Postfix
) -> None:
    workspace = make("anna@example.org,Anna Ångström", "ben@example.org", "cleo@example.org", "nobody@example.org")
    relay.answer({"cleo@example.org": PUT_OFF})
    send(workspace, relay.environ, code=1)
    first = look(workspace)

    assert states(first) == {
        "anna@example.org": "accepted",
        "ben@example.org": "accepted",
        "cleo@example.org": "deferred",
        "nobody@example.org": "refused",
    }
    refusal = "550 5.1.1 <n…@example.org>: Recipient address rejected: User unknown in virtual mailbox table"
    assert first["nobody@example.org"].reply == refusal
    deferral = "450 4.2.1 <c…@example.org>: Recipient address rejected: This mailbox is being moved"
    assert first["cleo@example.org"].reply == deferral
    told = run("status", "2021-05", folder=workspace.root).stdout
    assert re.search(rf"^    nobody@example\.org .*{re.escape(refusal)}$", told, re.MULTILINE)

    relay.answer({})
    workspace.root.joinpath("bulletin.yaml").write_text(SETTINGS + PATIENT)
    send(workspace, relay.environ)
    assert states(look(workspace))["cleo@example.org"] == "accepted"
    boxes = relay.read_mailboxes()
    assert {address: len(boxes[address]) for address in first if address in boxes} == {
        "anna@example.org": 1,
        "ben@example.org": 1,
        "cleo@example.org": 1,
    }
    (message,) = boxes["anna@example.org"]
    assert str(message["To"]) == "Anna Ångström <anna@example.org>"
    assert str(message["From"]) == "Anytown Partnership <news@anytown.example.org>"
    named, domain = first["anna@example.org"].message_id.split("…")
    assert re.fullmatch(rf"{re.escape(named)}[0-9a-f]{{16}}{re.escape(domain)}", message["Message-ID"])
    assert message["Return-Path"] == "<news@anytown.example.org>"
    assert message["List-Unsubscribe"].startswith("<https://news.anytown.example.org/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "with ESMTPSA" in message["Received"]  # encrypted, and logged in
    text = message.get_body(("plain",))
    assert text is not None
    assert "We are closed on 3 May 2021." in text.get_content()


def test_a_password_that_postfix_does_not_know_is_told_in_words_and_loses_nobody(
    make: Callable[..., Workspace], relay: Postfix
) -> None:
    workspace = make("dora@example.org")
    words = send(workspace, relay.environ_for("wrong"), code=1)

    assert "535 5.7.8 Error: authentication failed" in words
    assert "Check the username and the password in BULLETIN_SMTP_URL." in words
    assert states(look(workspace)) == {"dora@example.org": "queued"}
    send(workspace, relay.environ)
    assert arrived(relay, ["dora@example.org"]) == {"dora@example.org": 1}


def test_a_certificate_that_nobody_here_trusts_is_told_in_words_before_the_password_leaves(
    make: Callable[..., Workspace], relay: Postfix
) -> None:
    workspace = make("emil@example.org")
    environ = relay.environ
    del environ["SSL_CERT_FILE"]
    words = send(workspace, environ, code=1)

    assert "certificate" in words
    assert "name its file in SSL_CERT_FILE" in words
    assert states(look(workspace)) == {"emil@example.org": "queued"}
    assert arrived(relay, ["emil@example.org"]) == {}


def test_a_sender_killed_while_postfix_takes_its_mail_loses_nobody_and_mails_nobody_twice(
    make: Callable[..., Workspace], relay: Postfix
) -> None:
    workspace = make(*READERS)
    moments = sorted(random.SystemRandom().sample(range(5, 90), 4))
    print(f"moments of killing: {moments}")  # noqa: T201 -- to repeat what failed
    for moment in moments:
        process = start(workspace, relay.environ)
        wait_until_accepted(workspace, process, moment)
        process.kill()
        assert process.wait() == -9, log_of(workspace).read_text()
    last = start(workspace, relay.environ)
    assert last.wait(60) in (0, 1), log_of(workspace).read_text()

    found = look(workspace)
    received = arrived(relay, READERS)
    uncertain = {address for address, delivery in found.items() if delivery.state == "uncertain"}
    assert sorted(found) == sorted(READERS)
    assert set(states(found).values()) <= {"accepted", "uncertain"}
    assert max(received.values()) == 1
    assert set(received) >= set(READERS) - uncertain  # whoever is said to have it has it
    assert len(uncertain) <= 4 * len(moments)


def test_of_two_senders_at_once_one_reaches_everybody_by_postfix_and_the_other_nobody(
    make: Callable[..., Workspace],
) -> None:
    people = READERS[:8]
    workspace = make(*people)
    slow = {"smtpd_data_restrictions": "sleep 4"}  # before each message, so that neither is done when the other begins
    with run_postfix(*people, options=slow) as relay:
        senders = [start(workspace, relay.environ, number) for number in range(2)]
        codes = [sender.wait(60) for sender in senders]
        words = [log_of(workspace, number).read_text() for number in range(2)]
        received = relay.count_messages()
        log = relay.log

    assert sorted(codes) == [0, 1], words
    assert "2021-05 is being sent already" in words[codes.index(1)]
    assert received == Counter(people)
    delivered = re.findall(r"postfix/virtual\[\d+\]: \w+: to=<([^>]+)>,.* status=sent", log)
    assert Counter(delivered) == Counter(people)
    assert set(states(look(workspace)).values()) == {"accepted"}


def wait_until_accepted(workspace: Workspace, sender: Program, number: int) -> None:
    """Until the ledger says that Postfix has taken so many, or the sender has ended."""
    engine = open_database(workspace.database_url)
    while sender.poll() is None and count_states(engine, find_mailings(engine, "2021-05")).accepted < number:
        with suppress(subprocess.TimeoutExpired):
            sender.wait(0.01)
    engine.dispose()


@pytest.mark.parametrize(
    ("limits", "complaints"),
    [
        # 421 to the third connection; and hanging up (421) on whoever names two people who are not there
        (
            {"smtpd_client_connection_count_limit": "2", "smtpd_hard_error_limit": "2", "smtpd_recipient_limit": "1"},
            ("Connection concurrency limit exceeded", "too many errors"),
        ),
        # 450 4.7.1 to the seventh message within two seconds
        (
            {"smtpd_client_message_rate_limit": "6", "anvil_rate_time_unit": "2s"},
            ("Message delivery request rate limit exceeded",),
        ),
    ],
)
def test_a_relay_with_narrow_limits_gets_everybodys_message_all_the_same(
    make: Callable[..., Workspace], limits: dict[str, str], complaints: tuple[str, ...]
) -> None:
    people = READERS[:9]
    strangers = [f"stranger-{number}@example.org" for number in range(5)]
    workspace = make(*strangers, *people, sending=PATIENT)
    with run_postfix(*people, options=limits) as relay:
        send(workspace, relay.environ)
        assert relay.count_messages() == Counter(people)
        assert [words for words in complaints if words not in relay.log] == []
    found = look(workspace)
    assert {address for address, state in states(found).items() if state == "accepted"} == set(people)
    assert {address for address, state in states(found).items() if state == "refused"} == set(strangers)
    assert all("User unknown in virtual mailbox table" in found[address].reply for address in strangers)


def test_a_message_larger_than_postfix_takes_is_told_in_words_and_reaches_nobody(
    make: Callable[..., Workspace],
) -> None:
    workspace = make("anna@example.org", "ben@example.org")
    with run_postfix("anna@example.org", "ben@example.org", options={"message_size_limit": "3000"}) as relay:
        words = send(workspace, relay.environ, code=1)
        assert relay.count_messages() == {}
    assert "3,000" in words or "3000" in words
    assert set(states(look(workspace)).values()) <= {"queued", "refused"}
