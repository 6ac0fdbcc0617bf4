"""The database: is it whole, on a disk of this computer, left alone by cloud folders, and backed up?"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from sqlalchemy import func, select, text

from bulletin.database.backup_record import read_backup_records
from bulletin.database.dialects import is_server_url
from bulletin.database.tables import mailings
from bulletin.doctor.asking.ledger_look import look_at_ledger, read_database_url, read_ledger, require_ledger
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import CannotTellError, Found, Judgement, NotApplicable, Passed, Unknown
from bulletin.settings.proof import Severity
from bulletin.times import format_day

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WEEK: Final = timedelta(days=7)
_OLDEST_SERVER: Final = 150_000  # PostgreSQL 15, as server_version_num has it
_NETWORK_DRIVES: Final = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "network",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "fuse.sshfs",
        "9p",
        "afs",
        "ceph",
        "fuse.davfs",
        "davfs",
    }
)
_CLOUDS: Final = (
    (re.compile(r"onedrive(?: - .+)?", re.IGNORECASE), "OneDrive"),
    (re.compile(r"dropbox(?: \(.+\))?", re.IGNORECASE), "Dropbox"),
    (re.compile(r"icloud ?drive|mobile documents|com~apple~clouddocs", re.IGNORECASE), "iCloud"),
    (re.compile(r"google ?drive|googledrive-.+|my drive", re.IGNORECASE), "Google Drive"),
)
_CLOUD_VARIABLES: Final = {"OneDrive": "OneDrive", "OneDriveCommercial": "OneDrive", "OneDriveConsumer": "OneDrive"}
_MARKERS: Final = {".dropbox": "Dropbox", ".dropbox.cache": "Dropbox"}


@check(
    "DBS01",
    "The database is whole and present",
    family=Family.DATABASE,
    asks={Asks.DATABASE},
    matters="Nothing is sent, because the database knows who has had an issue and who unsubscribed.",
    ask_it="Please put the last good copy of {file} back from a back-up.",
)
def is_whole(case: Case) -> Judgement:
    """The database opens, has no damage, is the one that was used before, and knows as much as it did.

    It is opened for reading only. An upgrade that is still to come isn't a fault: the next command makes it.
    """
    look = case.once(look_at_ledger)
    if look.fault:
        place = str(look.file) if look.file else "the database"
        return Found(what=look.fault, severity=Severity.ERROR, facts={"file": place})
    return Passed() if look.engine or look.is_outdated else NotApplicable()


@check(
    "DBS02",
    "The database is on a disk of this computer",
    family=Family.DATABASE,
    asks={Asks.FILES},
    matters="It can be damaged there, and two computers can't see each other: readers may get an issue twice.",
    ask_it="Please give us a folder on a disk of this computer for {path}, or a PostgreSQL database.",
    fix="Copy it there with `bulletin database backup`, and set BULLETIN_DATABASE_URL.",
)
def is_on_local_disk(case: Case) -> Judgement:
    """The database's file isn't on a network drive (NFS, a Windows share, WebDAV)."""
    path = _find_place(case)
    if path is None:
        return NotApplicable()
    kind = find_mount_kind(path, case.computer.mounts())
    if not kind:
        return Unknown(why="This computer doesn't say on what kind of disk a folder is.")
    if kind not in _NETWORK_DRIVES:
        return Passed(facts={"disk": kind})
    what = "The database is on a network drive."
    return Found(what=what, severity=Severity.ERROR, facts={"path": str(path), "disk": kind})


def find_mount_kind(path: Path, mounts: str) -> str:
    """The kind of file system that `path` is on, by a table of mounts (proc(5)); "" if that isn't known. Pure."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split()
        if len(parts) < 3:
            continue
        place = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), parts[1])
        if (path.as_posix() + "/").startswith(place.rstrip("/") + "/") and len(place) >= len(best):
            best, kind = place, parts[2]
    return kind


def _find_place(case: Case) -> Path | None:
    """The folder of the database's file, or where it will be; None for one on a server."""
    if is_server_url(read_database_url(case)):
        return None
    file = case.once(look_at_ledger).file
    return (file.parent if file else case.workspace.state_folder).absolute()


@check(
    "DBS03",
    "No cloud folder copies the database",
    family=Family.DATABASE,
    asks={Asks.FILES},
    matters="Two copies can differ, and someone gets an issue twice, or after unsubscribing.",
    ask_it="Please give us a folder on this computer that {cloud} doesn't copy.",
    fix="Move the workspace to a folder that {cloud} doesn't copy. Then add --moved to the next `bulletin send`.",
)
def is_left_alone(case: Case) -> Judgement:
    """The database isn't in a folder that OneDrive, Dropbox, iCloud or Google Drive copies while it's in use."""
    path = _find_place(case)
    if path is None:
        return NotApplicable()
    cloud = find_cloud(path, case.computer.environ)
    if not cloud:
        return Passed()
    what = f"{cloud} copies the database while it's in use."
    return Found(what=what, severity=Severity.ERROR, facts={"cloud": cloud})


def find_cloud(path: Path, environ: object) -> str:
    """The service that copies what is at `path`: by folder names, by its variables, by its marks; "" for none."""
    for part in path.parts:
        for pattern, name in _CLOUDS:
            if pattern.fullmatch(part):
                return name
    for variable, name in _CLOUD_VARIABLES.items():
        place = environ.get(variable, "") if hasattr(environ, "get") else ""
        if place and path.is_relative_to(Path(place)):
            return name
    for folder in (path, *path.parents):
        for marker, name in _MARKERS.items():
            if (folder / marker).exists():
                return name
    return ""


@check(
    "DBS04",
    "There is a recent back-up",
    family=Family.DATABASE,
    asks={Asks.FILES, Asks.DATABASE},
    matters="If this disk fails, unsubscribes are lost, and readers get emails that they don't want.",
    ask_it="Please back up {folder} each night, and tell us how to get it back.",
    fix="Type: bulletin database backup FILE, with a file on another disk. Keep it where only you can read it.",
)
def has_backup(case: Case) -> Judgement:
    """The newest back-up that `bulletin database backup` made here opens, and is younger than the last issue.

    Or it is less than 7 days old. Back-ups that another program makes aren't known here: look at those yourself.
    """
    if is_server_url(read_database_url(case)):
        return NotApplicable()
    engine = require_ledger(case)
    if engine is None:
        return NotApplicable()
    with read_ledger(engine) as connection:
        last_mailing = connection.scalar(select(func.max(mailings.c.began_at)))
    if last_mailing is None:
        return NotApplicable()  # nothing was sent: there is little to lose yet
    folder = str(case.workspace.state_folder)
    records = read_backup_records(case.workspace.state_folder)
    if not records:
        return Found(what="There is no back-up.", severity=Severity.WARNING, facts={"folder": folder})
    newest = max(records, key=lambda record: record.at)
    return _judge_backup(case, Path(newest.file), newest.at, last_mailing, folder)


def _judge_backup(case: Case, file: Path, at: int, last_mailing: int, folder: str) -> Judgement:
    made = datetime.fromtimestamp(at / 1000, UTC)
    facts = {"folder": folder, "date": format_day(made)}
    if not file.exists():
        what = f"The last back-up, {file}, isn't there any more."
        return Found(what=what, severity=Severity.WARNING, facts=facts)
    if not _opens(file):
        what = f"The last back-up, {file}, can't be opened."
        return Found(what=what, severity=Severity.WARNING, facts=facts)
    if at < last_mailing and case.computer.now - made > _WEEK:
        what = f"The last back-up is from {format_day(made)}."
        return Found(what=what, severity=Severity.WARNING, facts=facts)
    return Passed(facts=facts)


def _opens(file: Path) -> bool:
    try:
        address = f"file:{quote(str(file))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM alembic_version").fetchone()[0])
    except sqlite3.Error:
        return False


@check(
    "DBS05",
    "The database server is the right one",
    family=Family.DATABASE,
    asks={Asks.DATABASE, Asks.SETTINGS},
    matters="Addresses of readers cross the network, and another server could pass for yours.",
    ask_it="Please send us the certificate of the authority that signed the database server's, so that we can connect "
    "with sslmode=verify-full.",
)
def has_checked_server(case: Case) -> Judgement:
    """PostgreSQL is version 15 or later, uses UTF-8, and its certificate is checked (`sslmode=verify-full`).

    A pooler that changes servers with each transaction would lose our locks. A server on this computer needs no TLS.
    """
    url = read_database_url(case)
    if not is_server_url(url):
        return NotApplicable()
    engine = require_ledger(case)
    if engine is None:
        raise CannotTellError("There is no database yet: the first command makes one.")
    host = url.host or ""
    is_here = host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")
    if not is_here and url.query.get("sslmode") != "verify-full":
        return Found(what="The database connection isn't checked.", severity=Severity.WARNING)
    with read_ledger(engine) as connection:
        return _judge_server(connection)


def _judge_server(connection: Connection) -> Judgement:
    version = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0)
    if version < _OLDEST_SERVER:
        return _ask_server(
            f"PostgreSQL {version // 10_000} is too old.", Severity.ERROR, "Please upgrade PostgreSQL to 15 or later."
        )
    encoding = connection.scalar(text("SELECT current_setting('server_encoding')"))
    if encoding != "UTF8":
        ask = "Please make a database with ENCODING 'UTF8' TEMPLATE template0."
        return _ask_server(f"The database keeps text as {encoding}.", Severity.ERROR, ask)
    if not _keeps_session(connection):
        ask = "Please give us a direct connection, or set the pooler to pool_mode = session for us."
        return _ask_server("A pooler changes servers under us.", Severity.ERROR, ask)
    return Passed(facts={"version": version // 10_000})


def _keeps_session(connection: Connection) -> bool:
    """Whether two transactions have the same server process, as our locks need."""
    processes = set()
    for _ in range(3):
        processes.add(connection.scalar(text("SELECT pg_backend_pid()")))
        connection.rollback()
    return len(processes) == 1


def _ask_server(what: str, severity: Severity, ask: str) -> Found:
    return Found(what=what, severity=severity, ask=ask)


CHECKS = (is_whole, is_on_local_disk, is_left_alone, has_backup, has_checked_server)
