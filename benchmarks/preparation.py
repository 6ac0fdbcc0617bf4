"""What a measurement needs before it begins: the sample edition, and databases with as many people as it takes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bulletin.database.schema import open_database
from bulletin.delivery.message.template import Recipient, build_template
from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.subscribers.address_hash import read_hasher
from bulletin.workspace.workspace import open_workspace
from senders import LIST, MAILING_KEY, run_bulletin

ROOT = Path(__file__).parent.parent
ISSUE = "2021-05"

# A thousand domains, and one in five people at the same one: about what the lists of partnerships look like.
_SUBSCRIBERS = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
    INSERT INTO subscribers (id, hash, address, name, added_at)
    SELECT n, hash_key(address), address, 'Reader ' || n, 0
    FROM (SELECT n, 'reader-' || n || '@' || domain || '.example.org' AS address
          FROM (SELECT n, CASE n % 5 WHEN 0 THEN 'large' ELSE 'place-' || (n % 1000) END AS domain FROM numbers))
"""
_MEMBERSHIPS = """
    INSERT INTO memberships (subscriber_id, list, source, basis, since, details)
    SELECT id, ?, 'file', 'consent', 0, '{}' FROM subscribers
"""


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What is there for all measurements, in `folder`: `edition` is a file, `size` the octets of a message of it."""

    folder: Path
    edition: Path
    size: int

    def plan(self, number: int, *, lists: Sequence[str] = ()) -> Path:
        """A database with a mailing to `number` people who have not been sent anything. Made once.

        With `lists`, some of the people are on these too, and each combination of them gets an edition of its own.
        """
        planned = self.folder / f"planned-{'-'.join([str(number), *lists])}.db"
        if not planned.exists():
            fill_database(planned, number, lists=lists)
            run_bulletin("plan", database=planned, edition=self.edition, lists=list(lists))
        return planned

    def copy(self, source: Path) -> Path:
        """A copy of a database that nobody has open, in place of the last such copy."""
        target = self.folder / "measured.db"
        for leftover in self.folder.glob(f"{target.name}*"):  # of one that was killed
            leftover.unlink()
        shutil.copyfile(source, target)
        with target.open("rb+") as file:
            os.fsync(file.fileno())  # or the sender would pay for it at its first checkpoint
        return target


def prepare(folder: Path) -> Preparation:
    """Render the sample issue, and measure a message of it."""
    edition = make_edition(open_workspace(ROOT, environ={}), ISSUE)
    path = folder / "edition.json"
    path.write_bytes(edition.to_json())
    return Preparation(folder=folder, edition=path, size=_measure_message(edition))


def fill_database(path: Path, number: int, *, lists: Sequence[str] = ()) -> None:
    """Make an SQLite database at `path` in which `number` people are on the list, and some of them on `lists`."""
    engine = open_database(f"sqlite:///{path}")
    with engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        driver.create_function("hash_key", 1, read_hasher(connection), deterministic=True)
        connection.exec_driver_sql(_SUBSCRIBERS, (number,))
        connection.exec_driver_sql(_MEMBERSHIPS, (LIST,))
        for name, every in zip(lists, (3, 5, 7, 11), strict=False):
            connection.exec_driver_sql(f"{_MEMBERSHIPS} WHERE id % ? = 0", (name, every))
    engine.dispose()


def _measure_message(edition: Edition) -> int:
    template = build_template(edition, mailing_key=MAILING_KEY, date=datetime.now(UTC))
    tokens = dict.fromkeys(("token", "mail_token", "preferences_token"), "t" * 40)
    reader = Recipient(1, "reader-1@example.org", "Reader 1", return_token="v" * 27, tag="0" * 16, **tokens)
    return len(template.address_to(reader))
