"""What a mail server's log says of uncertain messages: readers that it names by Message-ID have got theirs."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bulletin.delivery.ledger.mailing import find_mailings
from bulletin.delivery.ledger.resolution import record_named
from bulletin.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import Engine

# Postfix logs the Message-ID while it reads a message, and a line of its queue manager once it has taken it over.
_READ_BY_POSTFIX: Final = re.compile(r"cleanup\[\d+\]: ([0-9A-Za-z]+): (?:resent-)?message-id=")
_TAKEN_BY_POSTFIX: Final = re.compile(r"qmgr\[\d+\]: ([0-9A-Za-z]+): from=")


def resolve_by_log(engine: Engine, issue: str, log: Path) -> int:
    """Record as delivered who is uncertain in `issue` and named in the file `log`, which may be compressed (.gz).

    Returns how many. Raises NotFound if the file can't be read, DatabaseError.
    """
    mailings = {mailing.key: mailing.id for mailing in find_mailings(engine, issue)}
    try:
        with (gzip.open if log.suffix == ".gz" else open)(log, "rt", encoding="utf-8", errors="replace") as file:
            named = find_named(file, mailings)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotFound(
            f"The log {log} can't be read: {reason}.", "Name the mail server's log, or a copy of it."
        ) from error
    return sum(record_named(engine, mailings[key], people) for key, people in named.items())


def find_named(lines: Iterable[str], keys: Collection[str]) -> dict[str, set[int]]:
    """By the key of a mailing, the numbers of the readers whose Message-ID a log has.

    Of a log of Postfix only what its queue manager has taken over: a message that was broken off while it was read has
    a line with its Message-ID too.
    """
    named: dict[str, set[int]] = {key: set() for key in keys}
    if not keys:
        return named
    ours = re.compile(rf"(?<![0-9A-Za-z])({'|'.join(map(re.escape, keys))})\.(\d+)(?=[.@])")
    begun: dict[str, list[tuple[str, int]]] = {}
    for line in lines:
        if taken := _TAKEN_BY_POSTFIX.search(line):
            for key, person in begun.pop(taken[1], ()):
                named[key].add(person)
        elif found := [(key, int(person)) for key, person in ours.findall(line)]:
            if read := _READ_BY_POSTFIX.search(line):
                begun[read[1]] = found
            else:
                for key, person in found:
                    named[key].add(person)
    return named
