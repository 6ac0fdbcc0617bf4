"""Whatever a server does at whichever step, and whatever becomes of disk, database and clock: the contract holds.

`contract.check_contract` checks it from the server's own record, after the mailing has been gone on with to its end.

test_dialogue tries every fault at every step without a network, within seconds. Here a fault at a step is tried in one
way of talking, a fault of words at every third step only, and `make soak` tries all of them.
"""

from __future__ import annotations

import shutil
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TypeVar

import pytest
import trustme
from sqlalchemy import Engine, event

from anytown import address_of, begin_mailing
from bulletin.database.schema import open_database
from bulletin.delivery.smtp.connection import Timeouts
from bulletin.delivery.smtp.relay import Security
from bulletin.errors import BulletinError
from conftest import EXAMPLES
from contract import keep_history, most_in_flight
from misbehaving import ALWAYS, Conduct, Fault, MisbehavingServer, Step, serve
from officer import CONNECTIONS, NO_BACK_OFF, PATIENT, Officer

pytestmark = pytest.mark.slow

NAMES = [f"reader-{number}" for number in range(10)]
PEOPLE = [address_of(name) for name in NAMES]
GONE = [address_of("reader-3"), address_of("reader-6")]  # refused by everyone, so that RSET has its turn


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database brought up to the present schema: copying it is faster than making it."""
    path = tmp_path_factory.mktemp("database") / "ledger.db"
    engine = open_database(f"sqlite:///{path}")
    keep_history(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(empty_database: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(empty_database, tmp_path / "ledger.db")
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    event.listen(engine, "checkout", lambda ours, *_: ours.execute("PRAGMA synchronous=OFF"))  # no power fails here
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def _our_authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, authority: trustme.CA) -> None:
    """Certificates of these tests are trusted."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture(autouse=True)
def _either_loop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fault is met by both event loops: half of the cases go by asyncio's own, as where there is no uvloop."""
    case = request.node.callspec.params
    by_asyncio = case.get("always") is case.get("pipelining")
    if "encrypted" in case:
        by_asyncio = case["encrypted"] is Security.TLS
    if by_asyncio:
        monkeypatch.setitem(sys.modules, "uvloop", None)


def impatient_about(fault: Fault) -> Timeouts:
    """Only where the server stalls is the wait short, so that a busy machine is not taken for a stall."""
    if fault.conduct not in (Conduct.STALL, Conduct.SILENCE):
        return PATIENT
    wait = 0.1 if fault.times == ALWAYS else 0.3
    after_the_message = fault.step in (Step.BODY, Step.DOT)
    return replace(PATIENT, message=wait) if after_the_message else replace(PATIENT, step=wait)


STEPS_OF_A_MESSAGE = (Step.MAIL, Step.RCPT, Step.DATA, Step.BODY, Step.DOT)
IN_CLEAR = [step for step in Step if step not in (Step.CLEAR, Step.HANDSHAKE)]
ENCRYPTED = (Step.EHLO, Step.AUTH, *STEPS_OF_A_MESSAGE)
ABRUPT = (Conduct.CUT, Conduct.SILENCE)
HANDSHAKES = (Conduct.CLOSE, Conduct.CUT, Conduct.STALL, Conduct.HALF, Conduct.SILENCE, Conduct.GARBAGE)
WITHIN_TLS = (
    Conduct.ACCEPT,
    Conduct.DEFER,
    Conduct.REFUSE,
    Conduct.CLOSE,
    Conduct.CUT,
    Conduct.STALL,
    Conduct.HALF,
    Conduct.SILENCE,
)


Way = TypeVar("Way")
WAYS = [(pipelining, always) for pipelining in (True, False) for always in (False, True)]
OF_THE_NETWORK = (Conduct.CLOSE, Conduct.CUT, Conduct.STALL, Conduct.HALF, Conduct.SILENCE)


def choose(
    steps: Sequence[Step], conducts: Sequence[Conduct], ways: Sequence[Way]
) -> Iterator[tuple[Step, Conduct, Way]]:
    """Which faults are tried in which ways: each step, each fault and each way in turn."""
    for (place, step), (kind, conduct) in product(enumerate(steps), enumerate(conducts)):
        number = place + kind
        if EXAMPLES > 1:
            yield from ((step, conduct, way) for way in ways)
        elif conduct in OF_THE_NETWORK or number % 3 == 0:
            yield step, conduct, ways[number % len(ways)]


def hold_to_the_contract(engine: Engine, server: MisbehavingServer, *, timeouts: Timeouts) -> None:
    """Send until all is over, with the fault and then without it; decide the uncertain, and send the rest."""
    fault = server.fault
    assert fault
    with serve(server):
        officer = Officer(engine, begin_mailing(engine, *NAMES), server, back_off=NO_BACK_OFF)
        with suppress(BulletinError):  # in words: anything else is a fault of the program
            officer.send(timeouts=timeouts)
        server.heal()
        officer.send_to_the_end()
        struck = server.strikes if fault.conduct is not Conduct.ACCEPT else 0
        refused = PEOPLE if fault.conduct is Conduct.REFUSE else GONE
        ledger = officer.check(
            most_uncertain=struck if fault.step in (*STEPS_OF_A_MESSAGE, Step.EHLO) else 0,
            may_be_refused=tuple(refused),
        )
        assert server.strikes > 0, "the fault was never reached"
        assert most_in_flight(engine) <= CONNECTIONS

        officer.resolve(ledger)
        officer.send_to_the_end()
        officer.check(most_uncertain=0, may_be_refused=tuple(refused), sent_again=tuple(PEOPLE))
        assert max(server.kept().values(), default=1) == 1  # a person who looks at the server's log mails nobody twice


@pytest.mark.parametrize(
    ("step", "conduct", "pipelining", "always"),
    [
        pytest.param(
            step,
            conduct,
            pipelining,
            always,
            id="-".join((step, conduct, "pipelining" if pipelining else "lock-step", "always" if always else "once")),
        )
        for step, conduct, (pipelining, always) in choose(IN_CLEAR, [one for one in Conduct if one not in ABRUPT], WAYS)
    ],
)
def test_whatever_the_server_does_at_any_step_the_contract_holds(
    engine: Engine, server_context: ssl.SSLContext, step: Step, conduct: Conduct, *, pipelining: bool, always: bool
) -> None:
    first = 3 if step in STEPS_OF_A_MESSAGE and not always else 0
    fault = Fault(step=step, conduct=conduct, first=first, times=ALWAYS if always else 1)
    server = MisbehavingServer(
        fault=fault,
        pipelining=pipelining,
        torn=always,
        context=server_context if step is Step.STARTTLS else None,
        gone=GONE,
        asks_for_nothing=always and step is not Step.RSET,  # there, nothing has to be reset
    )
    hold_to_the_contract(engine, server, timeouts=impatient_about(fault))


@pytest.mark.parametrize("conduct", ABRUPT, ids=lambda conduct: conduct.value)
@pytest.mark.parametrize("step", IN_CLEAR, ids=lambda step: step.value)
def test_a_connection_that_is_cut_or_falls_silent_within_a_reply_costs_no_more_than_any_other(
    engine: Engine, server_context: ssl.SSLContext, step: Step, conduct: Conduct
) -> None:
    fault = Fault(step=step, conduct=conduct, first=3 if step in STEPS_OF_A_MESSAGE else 0)
    context = server_context if step is Step.STARTTLS else None
    server = MisbehavingServer(fault=fault, context=context, gone=GONE)
    hold_to_the_contract(engine, server, timeouts=impatient_about(fault))


@pytest.mark.parametrize(
    ("step", "conduct", "encrypted"),
    [
        pytest.param(step, conduct, encrypted, id=f"{step}-{conduct}-{encrypted.name}")
        for step, conduct, encrypted in choose(ENCRYPTED, WITHIN_TLS, [Security.STARTTLS, Security.TLS])
    ],
)
def test_whatever_the_server_does_at_any_step_under_encryption_the_contract_holds(
    engine: Engine, server_context: ssl.SSLContext, step: Step, conduct: Conduct, *, encrypted: Security
) -> None:
    first = 3 if step in STEPS_OF_A_MESSAGE else 0
    fault = Fault(step=step, conduct=conduct, first=first)
    server = MisbehavingServer(fault=fault, context=server_context, security=encrypted, gone=GONE)
    hold_to_the_contract(engine, server, timeouts=impatient_about(fault))


@pytest.mark.parametrize(
    ("encrypted", "times"), [(Security.STARTTLS, 1), (Security.TLS, ALWAYS)], ids=["STARTTLS-once", "TLS-always"]
)
@pytest.mark.parametrize("conduct", HANDSHAKES, ids=lambda conduct: conduct.value)
def test_whatever_becomes_of_a_tls_handshake_nobodys_message_has_left(
    engine: Engine, server_context: ssl.SSLContext, conduct: Conduct, *, encrypted: Security, times: int
) -> None:
    fault = Fault(step=Step.HANDSHAKE, conduct=conduct, times=times)
    server = MisbehavingServer(fault=fault, context=server_context, security=encrypted, gone=GONE)
    hold_to_the_contract(engine, server, timeouts=impatient_about(fault))
