"""A check of `bulletin doctor`: its id, why it matters, what to ask for, and its function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bulletin.doctor.case import Case
from bulletin.doctor.judgement import (
    CannotTellError,
    Facts,
    Found,
    Judgement,
    NotApplicable,
    NothingToCheckError,
    Passed,
    Unknown,
)
from bulletin.errors import BulletinError


class Family(StrEnum):
    """The groups in which results are shown, in this order. Each is checked at the same time as the others."""

    MAIL_SERVER = "Mail server"
    DOMAIN = "Your domain"
    UNSUBSCRIBING = "Unsubscribing"
    SECRETS = "Secrets"
    DATABASE = "Database"
    LIMITS = "Limits"
    COMPUTER = "This computer"
    THEME = "Theme"
    POLICY = "Policy"


class Asks(StrEnum):
    """What a check has to ask, for its page."""

    SETTINGS = "your settings"
    DNS = "the DNS"
    RELAY = "the mail server"
    MICROSOFT = "Microsoft's login service"
    WEB = "web pages"
    CLOCK = "this computer's clock"
    FILES = "files on this computer"
    GIT = "Git"
    DATABASE = "the database"
    COPY = "a received test copy (`--message`)"


@dataclass(frozen=True, kw_only=True, slots=True)
class DoctorCheck:
    """One check. Calling it with a case returns its judgement.

    `id` never changes once it is published. `title` is what it checks, in a few words. `matters` says why it matters
    to readers. `ask_it` is what to ask IT for, in words to copy; `fix` is what officers can do themselves. The latter
    three have {names} that the facts of a finding fill.
    """

    id: str
    title: str
    family: Family
    asks: frozenset[Asks]
    matters: str
    ask_it: str
    fix: str
    page: str
    run: Callable[[Case], Judgement]

    def __call__(self, case: Case) -> Judgement:
        """Judge a case. What can't be had makes it Unknown."""
        try:
            return self.run(case)
        except NothingToCheckError:
            return NotApplicable()
        except CannotTellError as error:
            return Unknown(why=error.why, until=error.until)
        except BulletinError as error:
            return Unknown(why=error.message)
        except OSError as error:
            return Unknown(why=f"This computer refuses to say: {error.strerror or type(error).__name__}.")


def check(
    id_: str,
    title: str,
    *,
    family: Family,
    asks: Iterable[Asks],
    matters: str,
    ask_it: str = "",
    fix: str = "",
) -> Callable[[Callable[[Case], Judgement]], DoctorCheck]:
    """Turn the decorated function into a DoctorCheck. Its docstring becomes the page."""

    def make(run: Callable[[Case], Judgement]) -> DoctorCheck:
        return DoctorCheck(
            id=id_,
            title=title,
            family=family,
            asks=frozenset(asks),
            matters=matters,
            ask_it=ask_it,
            fix=fix,
            page=run.__doc__ or "",
            run=run,
        )

    return make


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """A check with its judgement, and the words about it: what is wrong, why it matters, what to ask and to do."""

    check: DoctorCheck
    judgement: Judgement

    @property
    def outcome(self) -> str:
        """`passed`, `error`, `warning`, `note`, `unknown` or `not-applicable`."""
        match self.judgement:
            case Found(severity=severity):
                return str(severity)
            case Passed():
                return "passed"
            case Unknown():
                return "unknown"
        return "not-applicable"

    @property
    def what(self) -> str:
        """What is wrong, or why it can't be seen; otherwise empty."""
        match self.judgement:
            case Found(what=what):
                return what
            case Unknown(why=why):
                return why
        return ""

    @property
    def why(self) -> str:
        """Why it matters to readers, where something is wrong."""
        return self._fill(self.judgement.why, self.check.matters) if isinstance(self.judgement, Found) else ""

    @property
    def ask(self) -> str:
        """What to ask IT for, where something is wrong."""
        return self._fill(self.judgement.ask, self.check.ask_it) if isinstance(self.judgement, Found) else ""

    @property
    def fix(self) -> str:
        """What officers can do themselves, where something is wrong."""
        return self._fill(self.judgement.fix, self.check.fix) if isinstance(self.judgement, Found) else ""

    @property
    def facts(self) -> Facts:
        """What was found out."""
        return {} if isinstance(self.judgement, NotApplicable) else self.judgement.facts

    def _fill(self, own: str | None, usual: str) -> str:
        if own is not None:
            return own
        return usual.format_map(self.facts) if "{" in usual else usual
