"""What it costs to sign each message (DKIM): CPU a message, and the rate into a real Postfix. Run by `make bench`.

The sample issue with a key of 2048 bits. Postfix queues each message and discards it afterwards. Signed and unsigned
mailings take turns; the ratio is taken within each round.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bulletin.delivery.copies.export import make_example
from bulletin.delivery.message.dkim import DkimSigner, TemplateSigner
from bulletin.delivery.message.signing_key import make_key, prepare_signature
from bulletin.delivery.message.template import build_template
from bulletin.edition.edition import Edition
from figures import Section, Target, compare_runs, count_rounds, find_ratio, run_in_turn, write_table
from preparation import Preparation, prepare
from real_postfix import PostfixRelay, run_postfix
from senders import Run, Sender, bulletin_sender
from sinks import check_programs

REPEATS = 1000
LONGEST = 120  # seconds after which no further round begins
UNSIGNED, SIGNED = "unsigned", "signed"


def measure_cpu(preparation: Preparation, key: bytes) -> float:
    """Seconds of CPU that a signature adds to a message: the least of three rounds."""
    edition = Edition.from_json(preparation.edition.read_bytes())
    template = build_template(edition, mailing_key="k3y", date=datetime.now(UTC))
    signer = TemplateSigner(
        DkimSigner(domain="example.org", selector="bulletin", sign=prepare_signature(key)), template
    )
    chunks = template.chunks_for(make_example(address="reader@example.org", name="Reader"))
    return min(_time(lambda: signer.write_field(chunks, at=0)) for _ in range(3))


def _time(act: Callable[[], object]) -> float:
    begun = time.process_time()
    for _ in range(REPEATS):
        act()
    return (time.process_time() - begun) / REPEATS


def measure(preparation: Preparation, *, rounds: int, messages: int, connections: int) -> Section:
    """All of it."""
    key = preparation.folder / "dkim.pem"
    key.write_bytes(make_key())
    planned = preparation.plan(messages)
    copy = partial(preparation.copy, planned)
    plain = bulletin_sender(copy, messages=messages, connections=connections)
    signed = bulletin_sender(copy, messages=messages, connections=connections, dkim_key=key)
    with run_postfix() as postfix:
        senders = {UNSIGNED: partial(_send, plain, postfix), SIGNED: partial(_send, signed, postfix)}
        runs = run_in_turn(rounds, senders, seconds=LONGEST, clock=time.monotonic)
    cpu = measure_cpu(preparation, key.read_bytes()) * 1000
    targets = (
        Target(about="CPU of a signature", bound=0.7, measured=cpu, unit=" ms", at_most=True),
        Target(about="signed into Postfix, of unsigned", bound=0.8, measured=find_ratio(runs[SIGNED], runs[UNSIGNED])),
    )
    tables = (
        compare_runs(runs, ceilings=(UNSIGNED,)),
        write_table(("a signature", "CPU"), [(f"on {preparation.size:,} octets", f"{cpu:.2f} ms")]),
        count_rounds(runs),
    )
    return Section(name="signing", title="Signed into a real Postfix", tables=tables, targets=targets)


def _send(sender: Sender, postfix: PostfixRelay) -> Run:
    postfix.await_empty()
    return sender(postfix.port)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=3000, metavar="N", help="in each mailing (%(default)s)")
    parser.add_argument("--connections", type=int, default=8, metavar="N", help="to Postfix at once (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="(%(default)s)")
    options = parser.parse_args()
    check_programs(["postfix"])
    with tempfile.TemporaryDirectory() as folder:
        preparation = prepare(Path(folder))
        section = measure(
            preparation, rounds=options.rounds, messages=options.messages, connections=options.connections
        )
    print(f"### {section.title}\n\n{section}")


if __name__ == "__main__":
    main()
