"""Microsoft Graph as a way out: each documented answer, and the promise of sending."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bulletin.database.schema import open_database
from bulletin.database.states import DeliveryState
from bulletin.delivery.ledger.counts import count_states
from bulletin.delivery.ledger.deliveries import list_deliveries
from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.sending.relays import open_relays
from bulletin.delivery.smtp.outcome import Fate, Outcome
from bulletin.delivery.transport.graph import GraphTransport
from bulletin.delivery.transport.opening import open_mailer
from bulletin.delivery.transport.transport import PauseAsked, ServiceRelay
from bulletin.errors import BulletinError, RelayError, Unreachable
from bulletin.workspace.workspace import Workspace, open_workspace
from command_call import call as run
from command_process import start_sending, wait_until_in_flight
from conftest import SETTINGS
from graph_server import (
    ACCEPT,
    BROKEN,
    BUSY,
    DENIED,
    EXPIRED,
    HALF,
    LOST_AFTER,
    LOST_BEFORE,
    MAILBOX,
    NO_SUCH_PERSON,
    STALL,
    TOO_LARGE,
    GraphServer,
    Reaction,
    run_graph,
)

KILLS = 3
PEOPLE = [f"reader-{number:03}@example.org" for number in range(60)]
LETTER = b"To: anna@example.org\r\nSubject: May\r\nList-Unsubscribe: <https://example.org/u>\r\n\r\nNews.\r\n"
RETRIES = "retries: [1 second], patience: 1 minute"


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[GraphServer]:
    with run_graph(tmp_path) as server:
        yield server


@pytest.fixture
def workspace(make_workspace: Callable[..., Workspace], graph: GraphServer) -> Workspace:
    return make_workspace(
        settings=f"{SETTINGS}sending: {{{graph.settings}, {RETRIES}}}\n",
        lists={"partners": "\n".join(["email", *PEOPLE]), "schools": "email"},
        environ=graph.environ,
    )


@pytest.fixture
def relay(workspace: Workspace, graph: GraphServer, monkeypatch: pytest.MonkeyPatch) -> ServiceRelay:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(graph.bundle))
    (relay,) = open_relays(workspace)
    assert isinstance(relay, ServiceRelay)
    return relay


def deliver(relay: ServiceRelay) -> Outcome:
    return open_mailer(relay).deliver(MAILBOX, "anna@example.org", LETTER)


def test_a_message_arrives_as_it_was_written(graph: GraphServer, relay: ServiceRelay) -> None:
    assert deliver(relay) == Outcome(Fate.ACCEPTED, "202 Accepted")
    assert graph.arrivals == [LETTER]


@pytest.mark.parametrize(
    ("reaction", "fate", "words"),
    [
        (NO_SUCH_PERSON, Fate.REFUSED, "400 ErrorInvalidRecipients: At least one recipient is not valid."),
        (BUSY, Fate.DEFERRED, "429 Too many requests, or too busy. ApplicationThrottled"),
        (replace(BUSY, status=503), Fate.DEFERRED, "503 Too many requests"),
        (LOST_AFTER, Fate.UNCERTAIN, "was lost before its answer came"),
        (LOST_BEFORE, Fate.UNCERTAIN, "was lost before its answer came"),
        (HALF, Fate.UNCERTAIN, "was lost before its answer came"),
        (BROKEN, Fate.UNCERTAIN, "500 ErrorInternalServerError"),
        (replace(BROKEN, status=504), Fate.UNCERTAIN, "504"),
        (Reaction(status=200), Fate.UNCERTAIN, "200"),  # a proxy's page, say
        (Reaction(status=302, headers={"Location": "https://example.org"}), Fate.UNCERTAIN, "302"),
    ],
)
def test_each_answer_has_its_meaning(
    graph: GraphServer, relay: ServiceRelay, reaction: Reaction, fate: Fate, words: str
) -> None:
    graph.react = lambda _number, _recipient: reaction
    outcome = deliver(relay)

    assert outcome.fate is fate
    assert words in outcome.reply
    assert "\n" not in outcome.reply


@pytest.mark.parametrize(
    ("given", "least", "most"),
    [("7", 7, 7), ("", 30, 30), ("Fri, 01 Jan 2100 00:00:00 GMT", 3600, 3600), ("soon", 30, 30), ("0", 0, 0)],
)
def test_how_long_microsoft_asks_to_wait_is_kept(
    graph: GraphServer, relay: ServiceRelay, given: str, least: float, most: float
) -> None:
    graph.react = lambda _number, _recipient: replace(BUSY, headers={"Retry-After": given} if given else {})

    outcome = deliver(relay)
    assert isinstance(outcome, PauseAsked)
    assert least <= outcome.wait <= most


def test_a_token_that_has_expired_is_renewed_once_and_the_message_leaves_once(
    graph: GraphServer, relay: ServiceRelay
) -> None:
    deliver(relay)
    graph.tokens_refused.add("token-1")

    assert deliver(relay).fate is Fate.ACCEPTED
    assert (graph.tokens_given, len(graph.arrivals)) == (2, 2)


@pytest.mark.parametrize(
    ("reaction", "words", "remedy"),
    [
        (EXPIRED, "doesn't accept our login: Lifetime validation failed.", "Mail.Send"),
        (DENIED, "doesn't let us send as news@anytown.example.org: 403 ErrorAccessDenied", "RBAC for Applications"),
        (TOO_LARGE, "larger than Microsoft Graph takes", "Make the pictures smaller"),
    ],
)
def test_what_means_all_messages_is_told_with_what_to_do(
    graph: GraphServer, relay: ServiceRelay, reaction: Reaction, words: str, remedy: str
) -> None:
    graph.react = lambda _number, _recipient: reaction
    with pytest.raises(RelayError, match=words) as refused:
        deliver(relay)
    assert remedy in refused.value.remedy
    assert not graph.arrivals


def test_a_message_that_is_too_large_is_not_even_sent(graph: GraphServer, relay: ServiceRelay) -> None:
    with pytest.raises(RelayError, match="3 MB at most"):
        open_mailer(relay).deliver(MAILBOX, "anna@example.org", LETTER + b"x" * 3_000_000)
    assert graph.requests == 0


def test_a_service_out_of_reach_leaves_the_message_unsent() -> None:
    class Tokens:
        def __call__(self) -> str:
            return "token"

    transport = GraphTransport(mailbox=MAILBOX, tokens=Tokens(), url="https://localhost:1")  # type: ignore[arg-type]
    with pytest.raises(Unreachable, match="can't be reached"):
        transport.deliver(MAILBOX, "anna@example.org", LETTER)


def test_a_service_that_can_not_prove_its_identity_gets_nothing(
    graph: GraphServer, relay: ServiceRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(relay)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(RelayError, match="can't prove its identity"):
        deliver(relay)
    assert len(graph.arrivals) == 1


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ("smtp: smtp://localhost", "Both smtp and graph are set."),
        ("login: {kind: command, command: x}", "A login belongs to smtp."),
        ("dkim: {domain: anytown.example.org}", "Microsoft signs emails itself"),
    ],
)
def test_what_does_not_go_with_graph_is_told(workspace: Workspace, graph: GraphServer, extra: str, words: str) -> None:
    (workspace.root / "bulletin.yaml").write_text(f"{SETTINGS}sending: {{{graph.settings}, {extra}}}\n")
    with pytest.raises(BulletinError, match=words):
        open_workspace(workspace.root, environ={})


def test_without_the_secret_nothing_begins(workspace: Workspace) -> None:
    with pytest.raises(BulletinError, match="needs the application's client secret"):
        open_relays(open_workspace(workspace.root, environ={}))


def test_an_smtp_server_in_the_environment_takes_priority(workspace: Workspace) -> None:
    (relay,) = open_relays(open_workspace(workspace.root, environ={"BULLETIN_SMTP_URL": "smtp://localhost:25"}))

    assert str(relay) == "localhost:25"


# --- the promise, with the real command


def read_states(workspace: Workspace) -> dict[str, DeliveryState]:
    engine = open_database(workspace.database_url)
    try:
        return {one.address: one.state for one in list_deliveries(engine, find_mailings(engine, "2021-05"))}
    finally:
        engine.dispose()


@pytest.mark.slow
def test_a_sender_by_graph_killed_at_any_moment_loses_nobody_and_mails_nobody_twice(
    workspace: Workspace, graph: GraphServer, tmp_path: Path
) -> None:
    chance = random.Random()
    log = tmp_path / "log.txt"
    engine = open_database(workspace.database_url)
    in_flight: set[str] = set()
    for kill in range(KILLS):
        process = start_sending(workspace, graph.environ, log)
        moment = 5 + 15 * kill + chance.randrange(8)
        while len(graph.arrivals) < moment and process.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.005)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(0, 0.02))
        process.kill()
        assert process.wait() == -9, log.read_text()
        flying = list_deliveries(engine, find_mailings(engine, "2021-05"), states=[DeliveryState.SENDING])
        in_flight |= {delivery.address for delivery in flying}
        assert len(flying) <= 4
    engine.dispose()
    assert start_sending(workspace, graph.environ, log).wait(120) in (0, 1), log.read_text()

    states, received = read_states(workspace), graph.recipients()
    assert max(received.values()) == 1
    assert sorted(states) == PEOPLE
    assert set(states.values()) <= {"accepted", "uncertain"}
    assert {address for address, state in states.items() if state == "uncertain"} == in_flight
    assert {address for address, state in states.items() if state == "accepted"} <= set(received)
    assert set(received) <= set(states)


@pytest.mark.slow
def test_whatever_graph_answers_the_ledger_says_what_is_known(
    workspace: Workspace, graph: GraphServer, tmp_path: Path
) -> None:
    """A pause, an expired token, refused people, lost answers; each person's first answer is one of these."""
    conduct = {5: BUSY, 9: LOST_AFTER, 14: HALF, 20: NO_SUCH_PERSON, 26: LOST_BEFORE, 33: replace(BUSY, status=503)}
    struck: dict[str, Reaction] = {}

    def react(number: int, recipient: str) -> Reaction:
        if number == 45:
            graph.tokens_refused.add("token-1")
        reaction = conduct.get(number, ACCEPT)
        if reaction is not ACCEPT:
            struck[recipient] = reaction
        return reaction

    graph.react = react
    log = tmp_path / "log.txt"
    assert start_sending(workspace, graph.environ, log).wait(200) == 1, log.read_text()

    states, received = read_states(workspace), graph.recipients()
    lost = {address for address, reaction in struck.items() if reaction in (LOST_AFTER, HALF, LOST_BEFORE)}
    refused = {address for address, reaction in struck.items() if reaction is NO_SUCH_PERSON}
    assert len(struck) == len(conduct)
    assert {address for address, state in states.items() if state == "uncertain"} == lost
    assert {address for address, state in states.items() if state == "refused"} == refused
    assert {address for address, state in states.items() if state == "accepted"} == set(PEOPLE) - lost - refused
    assert max(received.values()) == 1
    assert graph.tokens_given == 2
    said = run("status", "2021-05", folder=workspace.root).stdout
    assert "400 ErrorInvalidRecipients" in said


@pytest.mark.slow
def test_a_second_ctrl_c_names_what_was_in_flight(workspace: Workspace, graph: GraphServer, tmp_path: Path) -> None:
    graph.react = lambda _number, _recipient: STALL
    log = tmp_path / "log.txt"
    process = start_sending(workspace, graph.environ, log)
    wait_until_in_flight(4, process, workspace.database_url)
    process.send_signal(2)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.send_signal(2)
    assert process.wait(60) == 130, log.read_text()

    engine = open_database(workspace.database_url)
    counts = count_states(engine, find_mailings(engine, "2021-05"))
    engine.dispose()
    assert (counts.sending, counts.uncertain, counts.accepted) == (0, 4, 0)


@pytest.mark.slow
def test_what_stops_a_mailing_leaves_everyone_queued(workspace: Workspace, graph: GraphServer, tmp_path: Path) -> None:
    graph.react = lambda _number, _recipient: DENIED
    log = tmp_path / "log.txt"

    assert start_sending(workspace, graph.environ, log).wait(60) == 1
    assert "doesn't let us send as news@anytown.example.org" in " ".join(log.read_text().split())
    assert Counter(read_states(workspace).values()) == {"queued": len(PEOPLE)}
