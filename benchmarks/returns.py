"""Judges ten thousand emails that come back, and prints how they were judged, how long it took and in what memory.

Then `bulletin bounces` reads as many reports from a file and carries them out, in a process of its own.

python benchmarks/returns.py [--number N] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from email.utils import formatdate
from pathlib import Path
from time import perf_counter

from figures import Target, write_table
from preparation import prepare
from senders import SECRET
from sinks import BUILD

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bounces"), str(ROOT / "tests" / "support")]

MOST_SECONDS, MOST_MEMORY = 60, 100  # for ten thousand
# The command, and then the most memory that it has had, in KiB: getrusage would count what we had when we started it.
_PROGRAM = """
import re
from pathlib import Path
from bulletin.cli import main
try:
    main()
finally:
    print(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
"""
_REPORT = """\
From MAILER-DAEMON Mon Nov 30 19:05:43 2026
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounces+{token}@anytown.example.org
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{token}@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_{token}"

--=_{token}
Content-Type: text/plain

This is the mail system at host mx.example.net.

--=_{token}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: User unknown

--=_{token}--

"""


def write_reports(database: Path, path: Path, number: int) -> None:
    """Have a mailing sent to everyone in the database, and write a report about each of the first `number`."""
    from sqlalchemy import select, update

    from bulletin.database.schema import open_database
    from bulletin.database.tables import deliveries
    from bulletin.subscribers.tokens import Purpose, sign_token

    engine, now = open_database(f"sqlite:///{database}"), time.time_ns() // 1_000_000
    with engine.begin() as connection:
        for state in ({"state": "sending", "run": "r", "claimed_at": now}, {"state": "accepted", "run": None}):
            connection.execute(update(deliveries).values(ended_at=now, **state))
        query = select(deliveries.c.id, deliveries.c.subscriber_id, deliveries.c.address).limit(number)
        sent = connection.execute(query.order_by(deliveries.c.id)).all()
    engine.dispose()
    with path.open("w", encoding="utf-8") as file:
        for delivery, person, address in sent:
            token = sign_token(Purpose.RETURN, person, delivery, key=SECRET.encode())
            file.write(_REPORT.format(token=token, address=address, date=formatdate()))


def carry_out(number: int) -> tuple[Target, Target]:
    """The seconds and the megabytes that `bulletin bounces` takes to read and carry out so many reports."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as name:  # on the disk that the project is on
        folder = Path(name)
        preparation = prepare(folder)
        database = preparation.copy(preparation.plan(2 * number))
        write_reports(database, folder / "returned.mbox", number)
        root = folder / "workspace"
        for part in ("issues", "subscribers"):
            shutil.copytree(ROOT / part, root / part)
        shutil.copy(ROOT / "bulletin.yaml", root)
        known = {"BULLETIN_DATABASE_URL": f"sqlite:///{database}", "BULLETIN_SECRET_KEY": SECRET}
        command = [sys.executable, "-c", _PROGRAM, "bounces", "--from", f"mbox:{folder / 'returned.mbox'}", "--yes"]
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        done = subprocess.run(
            [*command, "--workspace", str(root)],
            cwd=ROOT,
            env=os.environ | known,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        seconds, usage = perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    memory, busy = int(done.stdout.split()[-1]) / 1000, usage.ru_utime + usage.ru_stime
    busy -= before.ru_utime + before.ru_stime
    print(f"\n{number:,} reports carried out with {busy:.1f} s of CPU")
    return (
        Target(about="seconds", bound=MOST_SECONDS, measured=seconds, unit=" s", at_most=True),
        Target(about="memory", bound=MOST_MEMORY, measured=memory, unit=" MB", at_most=True),
    )


def main() -> None:
    """Print the confusion table, precision and recall of what suppresses, seconds and megabytes."""
    from confusion import judge_samples
    from corpus import make_samples

    from bulletin.bounces.judgement import judge_email
    from bulletin.bounces.verdict import ReturnClass

    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    samples, sent = make_samples(options.number, options.seed)
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, perf_counter()
    for sample in samples:
        judge_email(sample.message, sent)
    seconds, grown = perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    table = judge_samples(samples, sent)
    print(table.write_table())
    kinds, makers = ({getattr(sample, name) for sample in samples} for name in ("kind", "maker"))
    print(f"\n{len(samples):,} emails of {len(kinds)} kinds, in the forms of {len(makers)} servers and programs.")
    for result in (ReturnClass.GONE, ReturnClass.COMPLAINED, ReturnClass.UNSUBSCRIBED):
        print(f"{result}: precision {table.precision(result):.2%}, recall {table.recall(result):.2%}")
    print(f"wrongly suppressed: {len(table.wrongly_suppressed)}; right in all: {table.accuracy:.2%}")
    size = sum(len(sample.message) for sample in samples) / 1e6
    print(f"{seconds:.1f} s for {size:.0f} MB; {grown / 1024:.0f} MB of memory while judging")
    print(write_table(("reports", "target", "measured", ""), [target.row() for target in carry_out(options.number)]))


main()
