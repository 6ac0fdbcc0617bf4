"""Make what a release leaves behind: a workspace and its ledger, on SQLite and PostgreSQL. See README.md here.

    python tests/released/make.py tests/released/2026-11

It is run with the release itself, through its commands, each at a set time in the past; what a later one needs of it
otherwise is changed then. The mail goes to a server of the tests that answers by name, and keeps its own record.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from bulletin.database.identity import MEMORY_FILE
from postgresql import PostgreSQL, run_postgresql
from scripted import HANG_UP, Server, serve

SETTINGS = """\
organisation:
  name: Anytown Partnership
  about: We keep children safe in Anytown.
  address: 1 High Street, Anytown AN1 1AA
  email: hello@anytown.example.org
bulletins:
  monthly:
    title: Anytown news
    sender: {name: Anytown Partnership, email: news@anytown.example.org}
    lists: [partners]
lists:
  partners: {title: Partner agencies, basis: public-task}
  schools: {title: Schools, basis: consent}
website:
  url: https://news.anytown.example.org
sending:
  connections: 2
  patience: 0 seconds
  grace: GRACE
sign_off:
  needed: 1
  people: [Jo Bloggs, Sam Smith, Ann Other]
"""
GRACE, LONG_GRACE = "12 hours", "9000 days"

ISSUE = """\
month: {month}
published: 2 {name} {year}
{author}subject: Anytown news for {name} {year}
preview_text: What we did, and what comes next.
sections:
  - kind: notice
    title: Office hours in {name}
    text: |
      We are closed on **Fridays**. Write to [the office](mailto:hello@anytown.example.org).
"""

# A theme of its own: what was signed and planned stays the same to the letter when the product's theme changes.
HTML = """\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ bulletin.title }}, {{ issue.month }}</title>
</head>
<body>
<h1>{{ bulletin.title }}, {{ issue.month }}</h1>
<p>{{ slots.greeting }}</p>
{% for section in issue.sections %}
<h2>{{ section.title | inline }}</h2>
{{ section.text | markdown }}
{% endfor %}
<p>{{ organisation.name }}, {{ organisation.address }}. {{ bulletin.reason }}
<a href="{{ slots.unsubscribe }}">Unsubscribe</a></p>
</body>
</html>
"""
TEXT = """\
{{ bulletin.title }}, {{ issue.month }}

{{ slots.greeting }}

{% for section in issue.sections %}
{{ section.title | inline }}

{{ section.text | markdown }}

{% endfor %}
{{ organisation.name }}, {{ organisation.address }}
{{ bulletin.reason | wrap }}

Unsubscribe:
{{ slots.unsubscribe }}
"""

PARTNERS = (
    "amira",
    "bogdan",
    "carys",
    "dmitri",
    "eilidh",
    "farid",
    "greta",
    "hassan",
    "ines",
    "jakub",
    "keira",
    "liam",
)
SCHOOLS = ("mabel", "nikhil", "orla", "piotr", "quincy", "rhian", "keira", "liam")
OPTED_OUT = "liam"  # before anything was sent
OPTS_OUT = "keira"  # while 2021-03 is paused

MONTHS = (*(f"2021-{month:02}" for month in range(1, 13)), "2022-01")
KILLED = "2021-12"
AUTHORS = {"2021-10": "Sam Smith"}

UNKNOWN = "550 5.1.1 User unknown"
LATER = "451 4.7.1 Greylisted, try again later"

# `bulletin`, at a set time: the clock at the edge is the only one that tells the day.
COMMAND = """
import socket, sys, time
socket.gethostname = lambda: "office"
real, began, then = time.time_ns, time.time_ns(), int(sys.argv.pop(1)) * 1_000_000
time.time_ns = lambda: then + real() - began
from bulletin.cli import main
main()
"""


def at(day: str, time: str = "09:00") -> int:
    """A time in ms since 1970."""
    return int(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC).timestamp() * 1000)


@dataclass
class Gate:
    """Lets the first few messages through, and keeps those after them waiting until it is opened."""

    most: int
    came: int = 0
    opened: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def pass_by(self, _name: str) -> None:
        with self.changed:
            self.came += 1
            held = self.came > self.most
            self.changed.notify_all()
        if held:
            self.opened.wait()

    def await_held(self, number: int) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.came >= self.most + number, timeout=60)


@dataclass
class Office:
    """Whoever types the commands, in the workspace `root` whose database is at `url` ("": its own file)."""

    root: Path
    url: str = ""
    had: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def state(self) -> Path:
        return self.root / ".bulletin"

    def start(self, now: int, *arguments: str, port: int = 1) -> subprocess.Popen[str]:
        environ = os.environ | {"TZ": "UTC", "LOGNAME": "jo", "BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        if self.url:
            environ |= {"BULLETIN_DATABASE_URL": self.url}
        command = [sys.executable, "-c", COMMAND, str(now), *arguments, "--workspace", str(self.root)]
        return subprocess.Popen(command, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def type(self, now: int, *arguments: str, port: int = 1, code: int = 0) -> None:
        process = self.start(now, *arguments, port=port)
        said, _ = process.communicate()
        if process.returncode != code:
            raise SystemExit(f"bulletin {' '.join(arguments)} ended with {process.returncode}:\n{said}")

    @contextmanager
    def mail_server(
        self, issue: str, script: dict[str, list[str]], gate: Callable[[str], object] = lambda _name: None
    ) -> Iterator[Server]:
        """A server that answers so; whom it then says to have got is kept, and whose message came in unanswered."""
        with serve(script, on_message=gate) as server:
            yield server
        record = self.had.setdefault(issue, {"accepted": [], "unanswered": []})
        record["accepted"] += sorted(server.kept)
        record["unanswered"] += sorted(set(server.arrived) - set(server.kept))

    def send(self, issue: str, script: dict[str, list[str]], *, code: int, day: str = "02") -> None:
        with self.mail_server(issue, script) as server:
            now = at(f"{issue}-{day}")
            self.type(now, "send", issue, "--yes", port=server.server_address[1], code=code)

    def send_and(self, command: str, issue: str, script: dict[str, list[str]]) -> None:
        """Pause or cancel it while two messages are on their way."""
        gate = Gate(most=5)
        with self.mail_server(issue, script, gate.pass_by) as server:
            sender = self.start(at(f"{issue}-02"), "send", issue, "--yes", port=server.server_address[1])
            gate.await_held(2)
            yes = ["--yes"] * (command == "cancel")
            self.type(at(f"{issue}-02", "09:01"), command, issue, "--note", "there is a mistake in it", *yes)
            gate.opened.set()
            sender.communicate()

    def send_and_kill(self, issue: str, script: dict[str, list[str]]) -> None:
        """End the sender, as a power cut would, while two messages are on their way."""
        gate = Gate(most=5)
        with self.mail_server(issue, script, gate.pass_by) as server:
            sender = self.start(at(f"{issue}-02"), "send", issue, "--yes", port=server.server_address[1])
            gate.await_held(2)
            os.kill(sender.pid, signal.SIGKILL)
            sender.communicate()
            server.handle_error = lambda *_: None  # type: ignore[method-assign] -- nobody is there to be answered
            gate.opened.set()


def write_workspace(root: Path) -> None:
    texts = {
        "bulletin.yaml": SETTINGS.replace("GRACE", GRACE),
        "templates/email/issue.html.j2": HTML,
        "templates/text/issue.txt.j2": TEXT,
        "subscribers/partners.csv": list_people(PARTNERS),
        "subscribers/schools.csv": list_people(SCHOOLS),
    }
    texts |= {f"issues/{month}.yaml": write_issue(month) for month in MONTHS}
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def list_people(names: tuple[str, ...]) -> str:
    return "email,name\n" + "".join(f"{name}@example.org,{name.capitalize()}\n" for name in names)


def write_issue(month: str) -> str:
    day = datetime.fromisoformat(f"{month}-02").replace(tzinfo=UTC)
    author = f"author: {AUTHORS[month]}\n" if month in AUTHORS else ""
    return ISSUE.format(month=month, name=f"{day:%B}", year=day.year, author=author)


def live(office: Office) -> None:
    """A year of mailings, each of which is left in another state. What each is left in stands in README.md."""
    office.type(at("2021-01-01"), "subscribers", "sync", "--yes")
    office.type(at("2021-01-01"), "subscribers", "remove", f"{OPTED_OUT}@example.org", "--note", "by telephone")
    for month in MONTHS:
        office.type(at(f"{month}-01"), "approve", month, "--by", "Jo Bloggs", "--yes")

    office.send("2021-01", {"bogdan": [LATER], "carys": [UNKNOWN]}, code=1)
    office.send("2021-01", {}, code=0, day="03")

    office.send("2021-02", {name: [HANG_UP] for name in ("amira", "dmitri", "greta")}, code=1)
    office.type(at("2021-02-03"), "resolve", "2021-02", "amira@example.org", "--delivered")

    office.send_and("pause", "2021-03", {"carys": [UNKNOWN]})
    office.type(at("2021-03-03"), "subscribers", "remove", f"{OPTS_OUT}@example.org", "--note", "by post")

    office.send_and("cancel", "2021-04", {"amira": [HANG_UP], "bogdan": [UNKNOWN]})

    office.send("2021-05", {"dmitri": [LATER], "eilidh": [LATER], "farid": [UNKNOWN]}, code=1)

    with office.mail_server("2021-06", {}) as server:
        server.mail_reply = "550 5.7.1 Sender refused"
        office.type(at("2021-06-02"), "send", "2021-06", "--yes", port=server.server_address[1], code=1)

    office.type(at("2021-07-01"), "schedule", "2021-07", "--at", "2 July 2021 9:00", "--yes")
    with office.mail_server("2021-07", {}) as server:
        office.type(at("2021-07-02", "09:02"), "run", port=server.server_address[1], code=1)  # 2021-05 waits too long

    office.type(at("2021-08-01"), "schedule", "2021-08", "--at", "2 August 2021 9:00", "--yes")

    settings = office.root / "bulletin.yaml"
    settings.write_text(SETTINGS.replace("GRACE", LONG_GRACE), encoding="utf-8")
    office.type(at("2021-09-01"), "schedule", "2021-09", "--at", "2 September 2021 9:00", "--yes")
    settings.write_text(SETTINGS.replace("GRACE", GRACE), encoding="utf-8")

    office.type(at("2021-10-01"), "schedule", "2021-10", "--at", "2 October 2021 9:00", "--yes")
    office.type(at("2021-10-01", "10:00"), "unschedule", "2021-10")

    # Cancelled; and then somebody who was uncertain was to be sent it again, and the server said “later”.
    office.send_and("cancel", "2021-11", {"amira": [HANG_UP], "bogdan": [HANG_UP]})
    office.type(at("2021-11-03"), "resolve", "2021-11", "amira@example.org", "--resend")
    office.send("2021-11", {"amira": [LATER]}, code=1, day="04")

    changed = office.root / "issues/2022-01.yaml"
    changed.write_text(changed.read_text(encoding="utf-8").replace("Fridays", "Mondays"), encoding="utf-8")

    office.send_and_kill(KILLED, {"carys": [UNKNOWN]})


def make_on_sqlite(work: Path, out: Path) -> None:
    """The file as the killed sender leaves it; and the same once it was opened again and closed in order."""
    office = Office(root=work / "sqlite")
    write_workspace(office.root)
    live(office)
    left, whole = out / "killed", out / "sqlite"
    keep_state(office, left)
    for name in ("ledger.db", "ledger.db-wal"):
        compress(office.state / name, left)
    keep_state(office, whole)
    with sqlite3.connect(office.state / "ledger.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    compress(office.state / "ledger.db", whole)
    keep_workspace(office, out)


def make_on_postgresql(server: PostgreSQL, work: Path, out: Path) -> None:
    office = Office(root=work / "postgresql", url=server.make_empty_database())
    write_workspace(office.root)
    office.state.mkdir()
    shutil.copy(out / "sqlite/secret.key", office.state)
    live(office)
    keep_state(office, out / "postgresql")
    dump = subprocess.run(
        ["pg_dump", "--no-owner", "--no-privileges", "--dbname", office.url.replace("+psycopg", "")],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # What only this version of PostgreSQL's programs, or later ones, can read.
    dump = re.sub(r"^(\\(un)?restrict .*|SET transaction_timeout = .*)\n", "", dump, flags=re.MULTILINE)
    (out / "postgresql/ledger.sql").write_text(dump, encoding="utf-8")
    had = json.loads((out / "had.json").read_text(encoding="utf-8"))
    (out / "had.json").write_text(json.dumps({"sqlite": had, "postgresql": office.had}, indent=1) + "\n", "utf-8")


def compress(file: Path, folder: Path) -> None:
    (folder / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def keep_state(office: Office, folder: Path) -> None:
    """The state folder, but for the database and who was sending; where it stands is told where it is used."""
    shutil.copytree(office.state, folder, ignore=shutil.ignore_patterns("ledger.db*", "*.lock", f"{KILLED}.json"))
    home = json.loads((folder / MEMORY_FILE).read_text(encoding="utf-8"))
    (folder / MEMORY_FILE).write_text(json.dumps(home | {"place": "PLACE"}) + "\n", encoding="utf-8")


def keep_workspace(office: Office, out: Path) -> None:
    shutil.copytree(office.root, out / "workspace", ignore=shutil.ignore_patterns(".bulletin"))
    (out / "had.json").write_text(json.dumps(office.had), encoding="utf-8")


def main() -> None:
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, run_postgresql() as server:
        make_on_sqlite(Path(folder), out)
        make_on_postgresql(server, Path(folder), out)


if __name__ == "__main__":
    main()
