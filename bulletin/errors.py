"""The tree of errors. Each says what is wrong and what to do next.

BulletinError                  something that the user can fix; exit code 1
├── FaultyFiles                files that people edit have faults; carries every one
├── NotFound                   a workspace, an issue or a list that is not there
├── ThemeError                 a template of the theme cannot be rendered
├── LeakFound                  an output has what is not for its readers
├── InvalidAddress             not an email address that can be used (also a ValueError)
├── InvalidToken               a link that isn't ours, is damaged, or is for something else (also a ValueError)
├── OlderLists                 list files are older than what another computer synced last: a person must decide
├── MissingPart                what only some need, and is not installed here
├── DatabaseError              the workspace's database cannot be opened, read or written
│   └── LedgerBehind           it lacks something that was in it before, because an older copy was put back, say
├── ApprovalError              somebody can't approve an issue
├── MailboxUnreadable          the mailbox where emails come back can't be read
├── Unwritten                  files cannot be written; all are as they were
├── MailingError               a mailing cannot be started or continued
│   ├── MailingHeld            another process is sending it now
│   ├── HoldLost               its lock was lost, so it has stopped here: others could be sending it
│   ├── UnsubscribePageMissing  our page doesn't answer where its unsubscribe links lead
│   ├── NotApproved            it lacks approvals that bulletin.yaml asks for, or has changed since; says what
│   ├── ScheduledIssueChanged  the issue has changed since it was scheduled; says how
│   │   └── ScheduledListsChanged  its lists have changed; says how many people joined and left
│   ├── SentThatMonth          people on its lists were sent another issue of that month, and no one confirmed a second
│   ├── ScheduleEnded          another process has started the scheduled issue, or a person has unscheduled it
│   ├── MailingPaused          a person has paused it
│   ├── MailingCancelled       a person has cancelled it
│   └── MailingHalted          it has stopped, because too much went wrong
└── RelayError                 the SMTP server cannot be used, or refuses us (not one person)
    └── Unreachable            it cannot be reached, hung up, or asks us to wait: that may pass
Interrupted                    the user pressed Ctrl-C, or the system asked us to stop; exit code 130

Anything else that reaches the edge is our bug; exit code 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One thing wrong in a file that people edit, at its place.

    `line` and `column` count from 1, columns in characters. `width` is how many characters of `excerpt` (the
    source line) the fault covers. `where` is the path in words, as in `sections › 2 (priorities) › title`.
    """

    file: str
    line: int = 0
    column: int = 0
    where: str = ""
    message: str
    remedy: str = ""
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        """`file:line:column: what. What to do.`, then where in words, then the source line with a caret."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{place}: {self.message}" + (f" {self.remedy}" if self.remedy else "")
        if self.where:
            text += f"\n  in {self.where}"
        if self.excerpt.strip():
            text += "\n" + _point_at(self.excerpt, self.line, self.column, self.width)
        return text


def _point_at(excerpt: str, line: int, column: int, width: int, *, longest: int = 110) -> str:
    """The source line with carets under the fault; a long line is shown around the fault only."""
    start = max(0, column - 1 - longest // 2) if len(excerpt) > longest else 0
    shown = excerpt[start : start + longest]
    lead, tail = ("…" if start else ""), ("…" if start + longest < len(excerpt) else "")
    # A tab before the caret stays a tab, so that the caret is under its character at any tab width.
    before = "".join("\t" if char == "\t" else " " for char in shown[: column - 1 - start])
    carets = "^" * max(1, min(width, len(shown) - len(before)))
    gutter = f"{line:>5} | "
    return f"{gutter}{lead}{shown}{tail}\n{' ' * (len(gutter) - 2)}| {' ' * len(lead)}{before}{carets}"


class BulletinError(Exception):
    """Something that the user can fix. `message` says what is wrong, `remedy` what to do next."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".rstrip()


class FaultyFiles(BulletinError):
    """Files that people edit have faults; `faults` has every one, in the order of the files."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(f"{count} fault{'s' if count != 1 else ''} found.", "Fix each and run the same command again.")

    def __str__(self) -> str:
        return "\n\n".join(str(fault) for fault in self.faults)


class NotFound(BulletinError):
    """A workspace, an issue or a list that is not there."""


class ThemeError(BulletinError):
    """A template of the theme cannot be rendered."""


class LeakFound(BulletinError):
    """An output has something that is not for its readers: words, an address, an anchor, a picture's name."""


class InvalidAddress(BulletinError, ValueError):
    """Not an email address that can be used."""


class InvalidToken(BulletinError, ValueError):
    """A token that was not signed here, was altered or cut, or is for another purpose."""


class OlderLists(BulletinError):
    """List files are older than what another computer synced last, and no person has agreed to use them."""


class MissingPart(BulletinError):
    """What only some commands need is not installed here. The message says what to type."""


class DatabaseError(BulletinError):
    """The workspace's database cannot be opened, read or written."""


class LedgerBehind(DatabaseError):
    """The database lacks something that was in it before: it was put back from an older copy, say."""


class ApprovalError(BulletinError):
    """Somebody can't approve an issue."""


class MailboxUnreadable(BulletinError):
    """The mailbox where emails come back can't be read."""


class Unwritten(BulletinError):
    """Files cannot be written; all are as they were. `strerror` is why, in the system's words."""

    def __init__(self, message: str, remedy: str = "", *, strerror: str) -> None:
        super().__init__(message, remedy)
        self.strerror = strerror


class MailingError(BulletinError):
    """A mailing cannot be started or continued."""


class MailingHeld(MailingError):
    """Another process is sending this mailing now."""


class HoldLost(MailingError):
    """The lock on this mailing was lost, so it has stopped here: others could be sending it."""


class UnsubscribePageMissing(MailingError):
    """The page where readers unsubscribe doesn't answer at the address that a mailing's links lead to."""


class NotApproved(MailingError):
    """A mailing lacks approvals that it needs. `changes` says, in lines, what has changed since the last one."""

    def __init__(self, message: str, remedy: str, *, changes: Iterable[str] = ()) -> None:
        super().__init__(message, remedy)
        self.changes = tuple(changes)

    def __str__(self) -> str:
        return _list_changes(self.message, self.changes, self.remedy) if self.changes else super().__str__()


class ScheduledIssueChanged(MailingError):
    """An issue has changed since it was scheduled. `changes` has a line for each change; none if unknown."""

    def __init__(self, message: str, remedy: str, *, changes: Iterable[str] = ()) -> None:
        super().__init__(message, remedy)
        self.changes = tuple(changes)

    def __str__(self) -> str:
        if not self.changes:
            return f"{self.message}. {self.remedy}"
        return _list_changes(f"{self.message}:", self.changes, self.remedy)


class ScheduledListsChanged(ScheduledIssueChanged):
    """A scheduled issue's lists have changed too much, or have rows that cannot be used. `changes` has a line each."""


def _list_changes(message: str, changes: Iterable[str], remedy: str) -> str:
    return "\n".join((message, "", *(f"  {line}".rstrip() for line in changes), "", remedy))


class SentThatMonth(MailingError):
    """People would get a second issue of one month, and no person has confirmed that."""


class ScheduleEnded(MailingError):
    """The scheduled issue was started, rescheduled or unscheduled a moment ago."""


class MailingPaused(MailingError):
    """A person has paused this mailing."""


class MailingCancelled(MailingError):
    """A person has cancelled this mailing."""


class MailingHalted(MailingError):
    """This mailing has stopped, before more could go wrong."""


class RelayError(BulletinError):
    """The SMTP server cannot be used, or refuses us (and not one person)."""


class Unreachable(RelayError):
    """The relay cannot be reached, hung up, or asks us to wait."""


class Interrupted(Exception):
    """The user pressed Ctrl-C, or the system asked us to stop. What was in flight has been recorded."""
