"""One process that begins a mailing, or sends one, and measures itself. Started by `senders.py`; prints JSON.

python bulletin_sender.py plan|send '{"database": …, "edition": …, "port": …, "connections": …}'
"""

from __future__ import annotations

import gc
import json
import re
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from bulletin.database.schema import open_database
from bulletin.declaration.rates import Rate
from bulletin.delivery.dispatch.run import send_mailing
from bulletin.delivery.dispatch.supervision import Callbacks, Control, SendOptions
from bulletin.delivery.ledger.mailing import find_mailed_issues, find_mailings
from bulletin.delivery.ledger.start import start_mailing
from bulletin.delivery.limits.pace import MeasuredPace
from bulletin.delivery.limits.policies import Route
from bulletin.delivery.limits.provider_limits import Allowance
from bulletin.delivery.limits.stop_rule import RefusalRule
from bulletin.delivery.message.dkim import DkimSigner
from bulletin.delivery.message.signing_key import prepare_signature
from bulletin.delivery.smtp.relay import parse_relay
from bulletin.edition.audiences import AudienceEdition
from bulletin.edition.edition import Edition
from bulletin.edition.edition_set import EditionSet, name_audience
from bulletin.issue.audience import Audience
from bulletin.workspace.workspace import open_workspace
from senders import LIST, MAILING_KEY, SECRET

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bulletin.delivery.ledger.counts import Counts
    from bulletin.delivery.ledger.mailing import Mailing


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to do. `edition` is a file; with `lists`, each combination of them gets one of its own.

    The rest is for sending only. `rate`: messages a second at most, 0 for any. `dkim_key`: a key file.
    """

    database: str
    edition: str = ""
    lists: Sequence[str] = ()
    port: int = 0
    connections: int = 0
    rate: int = 0
    dkim_key: str = ""


def plan(engine: Engine, job: Job) -> Callable[[], object]:
    """What freezes everybody on the list into a mailing."""
    edition = Edition.from_json(Path(job.edition).read_bytes())
    editions = make_editions(edition, job.lists) if job.lists else edition
    return partial(start_mailing, engine, editions, lists=[LIST, *job.lists], key=MAILING_KEY, now=now_ms())


def make_editions(edition: Edition, lists: Sequence[str]) -> EditionSet:
    """An edition for each combination of lists, which says whose it is."""
    audiences = [
        Audience(lists=frozenset(some)) for size in range(len(lists) + 1) for some in combinations(lists, size)
    ]
    return EditionSet(
        editions=tuple(
            AudienceEdition(
                number=number,
                audience=audience,
                signatures=(audience,),
                words=name_audience(audience),
                edition=replace(edition, text=f"{edition.text}\nOnly for: {name_audience(audience)}\n"),
                items=(),
            )
            for number, audience in enumerate(audiences, 1)
        ),
        lists=tuple(lists),
    )


def send(engine: Engine, job: Job) -> Callable[[], Counts]:
    """What sends a mailing that was planned, or goes on with it, as `bulletin send` does it."""
    (issue,) = find_mailed_issues(engine)
    return partial(dispatch, engine, find_mailings(engine, issue)[-1], job)


def dispatch(engine: Engine, mailing: Mailing, job: Job) -> Counts:
    """The one place that knows how the product is asked to send: nothing is tried again."""
    relay = parse_relay(f"smtp://127.0.0.1:{job.port}")
    limits = (Rate(job.rate, timedelta(seconds=1)),) if job.rate else ()
    allowance = Allowance(limits=limits, connections=job.connections, domain_limit=job.connections)
    return send_mailing(
        engine,
        mailing,
        routes=[Route(relay=relay, pace=MeasuredPace.load(engine, relay, allowance, now=now_ms()))],
        stop_rule=RefusalRule(stop_at=0.05, stop_after=20),
        options=SendOptions(secret=SECRET.encode(), run="measured", signer=open_signer(job)),
        control=Control(clock=now_ms, stop=threading.Event()),
        observer=Callbacks(),
    )


def open_signer(job: Job) -> DkimSigner | None:
    """What signs the messages, if they are to be signed."""
    if not job.dkim_key:
        return None
    sign = prepare_signature(Path(job.dkim_key).read_bytes())
    return DkimSigner(domain="example.org", selector="bulletin", sign=sign)


def open_ledger(database: Path) -> Engine:
    """The database as the ledger of a workspace, which keeps a mark of it."""
    root = Path(tempfile.mkdtemp(dir=database.parent))
    sample = open_workspace(ROOT, environ={"BULLETIN_DATABASE_URL": f"sqlite:///{database}"})
    return open_database(replace(sample, root=root))


def now_ms() -> int:
    """The time now, in ms since 1970."""
    return time.time_ns() // 1_000_000


def read_peak() -> int:
    """The most memory this program has had, in KiB: getrusage would count what its parent had before it began."""
    match = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(match[1]) if match else 0


def spend_cpu() -> float:
    """Seconds of CPU that this process has used, with all its threads, in the kernel as well."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Do the job, and print what it took: seconds, CPU, the most memory before and in all (KiB), how many accepted."""
    job = Job(**json.loads(sys.argv[2]))
    gc.set_threshold(50_000, 10, 10)  # as the command line does
    engine = open_ledger(Path(job.database))
    work = {"plan": plan, "send": send}[sys.argv[1]](engine, job)
    print("ready", flush=True)
    idle, cpu, begun = read_peak(), spend_cpu(), time.perf_counter()
    counts = work()
    seconds, cpu = time.perf_counter() - begun, spend_cpu() - cpu
    accepted = getattr(counts, "accepted", 0)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "idle": idle, "peak": read_peak(), "accepted": accepted}))
    engine.dispose()


if __name__ == "__main__":
    main()
