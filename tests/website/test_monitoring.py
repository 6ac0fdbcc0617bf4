"""What `/health` and `/metrics` say, who may read them, and that the example alerts are about what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from sqlalchemy import Engine, insert, text, update
from starlette.testclient import TestClient

from anytown import NOON, begin_mailing
from bulletin.access.api_tokens import create_token
from bulletin.database.backup_record import keep_backup_record
from bulletin.database.reading import watch
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent, TokenScope
from bulletin.database.tables import deliveries, workers
from bulletin.delivery.ledger.ledger_figures import classify_refusal
from bulletin.delivery.ledger.mailing_events import record_event
from bulletin.website.application import build_application
from bulletin.website.bearer import may_read_metrics
from bulletin.website.visitors import read_networks
from bulletin.website.watching.figures_reader import SETTLED_FOR, FiguresReader
from bulletin.website.watching.health import HealthCheck
from bulletin.website.watching.metrics import FORM, Metrics
from checkout import ROOT
from conftest import on_postgresql, on_sqlite
from public_pages import frame_of

ALERTS = ROOT / "deploy" / "prometheus-alerts.yaml"
MONITOR = "10.1.2.3"
NAMES = ("anna", "ben", "chloe", "dev", "eve", "finn")


class Monitored:
    """The pages of a database, asked by a monitor under a name of its own network."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.now, self.folder = engine, NOON, folder
        self.reader = FiguresReader(engine=engine, folder=folder, now=lambda: self.now)
        metrics = Metrics(
            read_figures=self.reader.read,
            networks=read_networks(["10.1.2.0/24"]),
            has_token=lambda request: may_read_metrics(engine, request, now=self.now),
        )
        routes = [HealthCheck(engine=engine).route(), metrics.route()]
        self.application = build_application(frame_of(), routes, write=lambda _line: None)

    def ask(self, path: str, *, peer: str = MONITOR, **headers: str) -> Any:
        client = TestClient(self.application, base_url="http://web:8526", client=(peer, 4711))
        return client.get(path, headers=headers)

    def read(self) -> dict[str, float]:
        """Each sample of a scrape, by its name and labels."""
        page = self.ask("/metrics")
        assert (page.status_code, page.headers["content-type"]) == (200, FORM)
        return {
            one.name + "".join(f" {value}" for value in one.labels.values()): one.value
            for family in text_string_to_metric_families(page.text)
            for one in family.samples
        }

    def change(self, name: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(deliveries).where(deliveries.c.name == name).values(run=None, **values))


@pytest.fixture
def monitored(database_url: str, tmp_path: Path) -> Iterator[Monitored]:
    engine = open_database(database_url)
    yield Monitored(engine, tmp_path)
    engine.dispose()


def send_some(monitored: Monitored) -> None:
    """Of six readers, three were accepted, one was refused, one is deferred, and one was never tried."""
    begin_mailing(monitored.engine, *NAMES)
    for name, seconds in {"anna": 1, "ben": 2, "chloe": 9}.items():
        monitored.change(name, state="accepted", claimed_at=NOON, ended_at=NOON + 1000 * seconds, reply="250 OK")
    monitored.change("dev", state="refused", reply="550 5.1.1 <…> dev is unknown")
    monitored.change("eve", state="deferred", due_at=NOON + 60_000, reply="451 4.7.1 Try again later")


def test_metrics_count_what_became_of_each_delivery(monitored: Monitored) -> None:
    send_some(monitored)
    monitored.now = NOON + 90_000

    found = monitored.read()

    states = {name.split()[1]: value for name, value in found.items() if name.startswith("bulletin_deliveries ")}
    assert {state: number for state, number in states.items() if number} == {
        "accepted": 3,
        "refused": 1,
        "deferred": 1,
        "queued": 1,
    }
    assert found["bulletin_accepted_total"] == 3
    assert (found["bulletin_refusals 5xx 5.1"], found["bulletin_refusals 4xx 4.7"]) == (1, 1)
    assert found["bulletin_acceptance_seconds 0.5"] == 2
    assert found["bulletin_mailings sending"] == 1
    assert found["bulletin_oldest_due_seconds"] == 90, "finn is due since the mailing began"


def test_metrics_name_no_one_and_no_issue(monitored: Monitored) -> None:
    send_some(monitored)

    page = monitored.ask("/metrics").text

    assert not re.search(r"@|2021-05|list-|example|unknown|Anytown", page)
    assert not any(name in page for name in NAMES)


def test_a_paused_mailing_is_not_late_and_a_halted_one_is_seen(monitored: Monitored) -> None:
    begin_mailing(monitored.engine, "anna")
    monitored.now = NOON + 5000
    record_event(monitored.engine, 1, MailingEvent.PAUSED, now=monitored.now)
    paused = monitored.read()
    record_event(monitored.engine, 1, MailingEvent.RESUMED, now=monitored.now)
    monitored.now += 1000
    resumed = monitored.read()
    record_event(monitored.engine, 1, MailingEvent.HALTED, now=monitored.now)
    halted = monitored.read()

    assert (paused["bulletin_mailings paused"], paused["bulletin_oldest_due_seconds"]) == (1, 0)
    assert (resumed["bulletin_mailings sending"], resumed["bulletin_oldest_due_seconds"]) == (1, 1)
    assert (halted["bulletin_mailings halted"], halted["bulletin_oldest_due_seconds"]) == (1, 0)


@on_sqlite
def test_the_counter_never_falls_and_bounces_had_been_accepted(monitored: Monitored) -> None:
    send_some(monitored)
    monitored.read()
    monitored.change("anna", state="bounced")
    bounced = monitored.read()
    with monitored.engine.begin() as connection:
        connection.execute(text("DELETE FROM deliveries WHERE name = 'ben'"))

    assert bounced["bulletin_accepted_total"] == monitored.read()["bulletin_accepted_total"] == 3


@on_sqlite
def test_mailings_that_are_done_are_counted_anew_after_a_while(monitored: Monitored) -> None:
    begin_mailing(monitored.engine, "anna")
    monitored.change("anna", state="uncertain")
    before = monitored.read()
    monitored.change("anna", state="accepted", reply="A person decided: delivered.")
    soon = monitored.read()
    monitored.now += SETTLED_FOR

    assert before["bulletin_deliveries uncertain"] == soon["bulletin_deliveries uncertain"] == 1
    assert monitored.read()["bulletin_deliveries uncertain"] == 0


@on_sqlite
def test_no_one_who_sends_waits_for_a_scrape(monitored: Monitored) -> None:
    """A reading that takes long holds no lock that a sender needs."""
    begin_mailing(monitored.engine, "anna")
    with watch(monitored.engine) as connection:
        connection.execute(text("SELECT count(*) FROM deliveries")).scalar_one()
        monitored.change("anna", state="accepted")
        still = connection.execute(text("SELECT state FROM deliveries")).scalar_one()

    assert still == "queued"
    assert monitored.read()["bulletin_deliveries accepted"] == 1


@on_postgresql
def test_workers_that_were_just_seen_are_counted(monitored: Monitored) -> None:
    before = monitored.read()["bulletin_workers"]
    now = text("(extract(epoch FROM clock_timestamp()) * 1000)::bigint")
    with monitored.engine.begin() as connection:
        row = {"host": "a", "pid": 1, "user": "u", "began_at": 1}
        connection.execute(insert(workers).values(**row, seen_at=now))
        connection.execute(insert(workers).values(**row, seen_at=1))

    assert (before, monitored.read()["bulletin_workers"]) == (0, 1)


@on_sqlite
def test_the_last_backup_is_told_where_one_is_known(monitored: Monitored) -> None:
    assert "bulletin_last_backup_timestamp_seconds" not in monitored.read()
    keep_backup_record(monitored.folder, monitored.folder / "copy.db", now=NOON)

    assert monitored.read()["bulletin_last_backup_timestamp_seconds"] == NOON / 1000


@on_sqlite
def test_metrics_are_not_there_for_the_public(monitored: Monitored) -> None:
    assert monitored.ask("/metrics", peer="203.0.113.9").status_code == 404
    forged = {"X-Forwarded-For": MONITOR}
    assert monitored.ask("/metrics", peer="203.0.113.9", **forged).status_code == 404
    behind = {"X-Forwarded-For": "203.0.113.9"}
    assert monitored.ask("/metrics", peer="127.0.0.1", **behind).status_code == 404, "a proxy’s visitor isn’t the proxy"


@on_sqlite
def test_a_token_for_metrics_lets_a_monitor_in_from_anywhere(monitored: Monitored) -> None:
    with monitored.engine.begin() as connection:
        tokens = {
            scope: create_token(connection, scope, [scope], now=NOON, expires_at=NOON + 1000)
            for scope in (TokenScope.METRICS, TokenScope.STATUS)
        }
    statuses = [
        monitored.ask("/metrics", peer="203.0.113.9", Authorization=f"Bearer {token}").status_code
        for token in tokens.values()
    ]
    monitored.now += 1000
    late = monitored.ask("/metrics", peer="203.0.113.9", Authorization=f"Bearer {tokens[TokenScope.METRICS]}")

    assert (statuses, late.status_code) == ([200, 404], 404)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("550 5.1.1 unknown", ("5xx", "5.1")),
        ("452 Too many recipients", ("4xx", "")),
        ("We gave up after 5 attempts: 451 4.3.2 busy", ("4xx", "4.3")),
        ("The connection was lost", ("", "")),
    ],
)
def test_a_refusal_is_known_by_its_code_alone(reply: str, kind: tuple[str, str]) -> None:
    assert tuple(classify_refusal(reply)) == kind


def test_health_is_well_or_says_why_not(monitored: Monitored) -> None:
    assert (monitored.ask("/health").status_code, monitored.ask("/health").text) == (200, "All is well.\n")
    for version, why in {"0001": "older than this program", "9999": "newer version of this program"}.items():
        with monitored.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :new"), {"new": version})
        page = monitored.ask("/health")
        assert page.status_code == 503
        assert why in page.text


@on_sqlite
def test_health_says_that_the_database_does_not_answer(monitored: Monitored, tmp_path: Path) -> None:
    monitored.engine.dispose()
    (tmp_path / "ledger.db").write_bytes(b"This is no database. " * 300)

    page = monitored.ask("/health", peer="203.0.113.9")

    assert (page.status_code, page.text) == (503, "The database doesn’t answer.\n")


def _read_rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]


@on_postgresql
def test_each_alert_is_about_metrics_that_are_there(monitored: Monitored) -> None:
    send_some(monitored)
    keep_backup_record(monitored.folder, monitored.folder / "copy.db", now=NOON)
    there = {name.split()[0] for name in monitored.read()}

    named = {name for rule in _read_rules() for name in re.findall(r"bulletin_\w+", rule["expr"])}

    assert named
    assert named <= there
    assert {rule["annotations"]["do"] for rule in _read_rules()}


def test_each_alert_fires_for_its_trouble_and_for_no_other(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    assert promtool, "Install it: apt-get install --no-install-recommends prometheus"
    cases = tmp_path / "alerts_at_work.yaml"
    written = Path(__file__).with_name("alerts_at_work.yaml").read_text(encoding="utf-8")
    cases.write_text(written.replace("FOLDER", str(ALERTS.parent)), encoding="utf-8")
    assert all(rule["alert"] in written for rule in _read_rules())

    call = [promtool, "test", "rules", str(cases)]
    done = subprocess.run(call, check=False, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr
