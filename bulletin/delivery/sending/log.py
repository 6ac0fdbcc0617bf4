"""A log for programs: one JSON object a line, without personal data.

It has no address, no name, and no text of a server, which may contain either: only the codes, and their meaning in our
words. `delivery` is a delivery's id in the ledger: people with access to it can look up the subscriber there.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any, Final

from bulletin.declaration.characters import show_hidden
from bulletin.delivery.ledger.ledger import Result
from bulletin.delivery.ledger.mailing import Mailing
from bulletin.delivery.ledger.refusal_reasons import find_reason
from bulletin.delivery.smtp.classification import read_status
from bulletin.delivery.smtp.outcome import Fate
from bulletin.disk import make_private_file, make_private_folder
from bulletin.errors import BulletinError, Interrupted
from bulletin.rights import OWNER_ALONE, Rights
from bulletin.times import format_rfc3339

_STATES: Final = {Fate.UNSENT: "queued"}  # other fates have the names of their states


class DeliveryLog:
    """Writes the results of mailings to a file. It never stops a mailing: a failed write is reported once.

    Each turn of a mailing is written at once, as whole lines. So several processes may write to one file, and it may be
    moved meanwhile.
    """

    def __init__(self, path: Path, *, clock: Callable[[], int], rights: Rights = OWNER_ALONE) -> None:
        """`clock` tells ms since 1970; a new file gets `rights`.

        Raises BulletinError if the file cannot be opened for writing.
        """
        try:
            make_private_folder(path.parent, rights)
            handler = _Handler(path, rights)
        except OSError as error:
            raise BulletinError(f"Can't write the log {path}: {error.strerror}.", "Choose another file.") from error
        handler.setFormatter(_Formatter())
        # Not from logging's tree by name: no one else may write to it, and it writes to no other handler.
        self._logger = logging.Logger("bulletin.delivery", logging.INFO)  # noqa: LOG001 -- see above
        self._logger.addHandler(handler)
        self._handler = handler
        self._clock = clock

    def close(self) -> None:
        """Close the file."""
        self._handler.close()

    @contextmanager
    def follow(self, mailing: Mailing) -> Iterator[Callable[[Iterable[Result]], None]]:
        """Yield a function that logs results of `mailing`; its beginning and its end are logged too."""
        self._write([self._note(mailing, "started")])
        try:
            yield lambda results: self._write([self._describe(mailing, result) for result in results])
        except (BulletinError, Interrupted) as error:
            self._write([self._note(mailing, "stopped", why=type(error).__name__)])
            raise
        self._write([self._note(mailing, "finished")])

    def _write(self, lines: Sequence[dict[str, object]]) -> None:
        if lines:
            self._logger.info("", extra={"lines": lines})

    def _note(self, mailing: Mailing, event: str, **more: object) -> dict[str, object]:
        return {
            "time": format_rfc3339(self._clock()),
            "event": event,
            "mailing": mailing.key,
            "issue": mailing.issue,
            **more,
        }

    def _describe(self, mailing: Mailing, result: Result) -> dict[str, object]:
        fate = result.outcome.fate
        status = read_status(result.outcome.reply)
        found: dict[str, object] = {
            "time": format_rfc3339(self._clock()),
            "event": "delivery",
            "mailing": mailing.key,
            "delivery": result.candidate.id,
            "state": _STATES.get(fate, fate.value),
            "attempt": result.candidate.attempts + 1,
            "took_ms": result.took,
            "code": status.code or None,
            "enhanced": ".".join(map(str, status.enhanced)) if any(status.enhanced) else None,
        }
        if fate in (Fate.REFUSED, Fate.DEFERRED):
            found["reason"] = find_reason(result.outcome.reply).words
        return found


@contextmanager
def open_log(
    path: Path | None, *, clock: Callable[[], int], rights: Rights = OWNER_ALONE
) -> Iterator[DeliveryLog | None]:
    """Open a log at `path` for the `with` block; None without a path. Raises as DeliveryLog does."""
    if path is None:
        yield None
        return
    log = DeliveryLog(path, clock=clock, rights=rights)
    try:
        yield log
    finally:
        log.close()


class _Formatter(logging.Formatter):
    """Formats a record's `lines`, each as a JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        lines: Sequence[dict[str, object]] = record.__dict__["lines"]
        return "\n".join(map(json.dumps, lines))


class _Handler(WatchedFileHandler):
    """A file that is opened again after it has been moved, and reports a failed write once, in a sentence."""

    _told = False

    def __init__(self, path: Path, rights: Rights) -> None:
        self._rights = rights
        super().__init__(path, encoding="utf-8")

    def _open(self) -> TextIOWrapper:
        make_private_file(Path(self.baseFilename), self._rights)
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # its folder is gone, or no longer accessible
            self.handleError(record)

    def close(self) -> None:
        with suppress(OSError):  # buffered lines that failed before fail again
            super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 -- logging's own name
        if not self._told:
            self._told = True
            fault: Any = sys.exc_info()[1]
            why = getattr(fault, "strerror", None) or type(fault).__name__
            words = f"Can't write the log {self.baseFilename}: {why}. The mailing continues."
            print(show_hidden(words), file=sys.stderr)  # noqa: T201 -- a mailing may be sent without a terminal
