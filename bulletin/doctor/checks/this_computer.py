"""This computer: its Python, its clock, its disk, and the timer that sends what is scheduled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final

from bulletin.delivery.plans.last_run import read_last_run
from bulletin.delivery.plans.schedule import find_schedules
from bulletin.doctor.asking.ledger_look import require_ledger
from bulletin.doctor.case import PATIENCE, Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.checks.unsubscribe_page import open_website
from bulletin.doctor.judgement import CannotTellError, Found, Judgement, NotApplicable, Passed
from bulletin.doctor.outside.page_client import PageUnreachable, ask_page
from bulletin.errors import BulletinError
from bulletin.settings.proof import Severity
from bulletin.times import describe_length, format_day

# Until when each version gets security fixes (devguide.python.org/versions, checked on 1 December 2026).
_SUPPORTED: Final = {
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
}
_HALF_A_YEAR: Final = timedelta(days=180)
_GIGABYTE: Final = 1_000_000_000
_LITTLE: Final = 100_000_000  # octets: an issue may not be recorded to its end
_FAST: Final = timedelta(seconds=60)
_WRONG: Final = timedelta(seconds=300)
_RUN_EVERY: Final = timedelta(minutes=15)


@check(
    "SYS01",
    "Python gets security fixes",
    family=Family.COMPUTER,
    asks={Asks.SETTINGS},
    matters="A known hole could let others at the addresses of your readers.",
    ask_it="Please install Python 3.13 or later on this computer.",
)
def has_supported_python(case: Case) -> Judgement:
    """This Python gets security fixes for half a year more."""
    ends = _SUPPORTED.get(case.computer.python)
    version = ".".join(map(str, case.computer.python))
    if ends is None or ends - case.computer.now.date() > _HALF_A_YEAR:
        return Passed(facts={"python": version})
    is_over = ends <= case.computer.now.date()
    when = f"{'has had no security fixes since' if is_over else 'gets no security fixes after'} {format_day(ends)}"
    return Found(what=f"Python {version} {when}.", severity=Severity.WARNING)


@check(
    "SYS02",
    "The clock is right",
    family=Family.COMPUTER,
    asks={Asks.CLOCK, Asks.WEB},
    matters="Scheduled issues go out at the wrong time, and logins by token fail.",
    ask_it="Please switch on time sync on this computer.",
)
def has_right_clock(case: Case) -> Judgement:
    """The clock differs by a minute at most from that of your website. Five minutes are an error."""
    told = _ask_time(case)
    if told is None:
        return NotApplicable()
    difference = case.computer.now - told
    if abs(difference) <= _FAST:
        return Passed()
    severity = Severity.ERROR if abs(difference) >= _WRONG else Severity.WARNING
    way = "fast" if difference > timedelta() else "slow"
    what = f"This computer's clock is {_tell_difference(abs(difference))} {way}."
    return Found(what=what, severity=severity)


def _tell_difference(difference: timedelta) -> str:
    minutes = round(difference.total_seconds() / 60)
    return f"{minutes:,} minutes" if minutes > 1 else f"{difference.total_seconds():.0f} seconds"


def _ask_time(case: Case) -> datetime | None:
    """The time by the Date of a page of yours (RFC 9110, 6.6.1); None if there is no page to ask."""
    settings = case.workspace.settings
    organisation = settings.organisation
    try:
        if settings.website:
            page = case.once(open_website)
        elif url := str(organisation.website or organisation.privacy or ""):
            page = ask_page(case.dialler, "HEAD", url, patience=PATIENCE)
        else:
            return None
        return parsedate_to_datetime(page.headers.get("date", "")).astimezone(UTC)
    except PageUnreachable:
        raise CannotTellError("No page of yours answers, so there is no other clock to compare with.") from None
    except ValueError:
        raise CannotTellError("Your website doesn't say what time it is.") from None


@check(
    "SYS03",
    "There is room on the disk",
    family=Family.COMPUTER,
    asks={Asks.FILES},
    matters="Sending stops when the disk is full.",
    ask_it="Please make room on the disk of {path}: 1 GB at least.",
)
def has_room(case: Case) -> Judgement:
    """The disk has 1 GB free, and three times what the database takes."""
    folder = case.workspace.state_folder if case.workspace.state_folder.exists() else case.workspace.root
    used = sum(file.stat().st_size for file in _list_files(folder)) if folder != case.workspace.root else 0
    free = case.computer.free(folder)
    facts: dict[str, str | int] = {"path": str(folder), "free": free}
    if free >= max(_GIGABYTE, 3 * used):
        return Passed(facts=facts)
    severity = Severity.ERROR if free < max(_LITTLE, used) else Severity.WARNING
    return Found(what=f"{free // 1_000_000:,} MB are free.", severity=severity, facts=facts)


def _list_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


@check(
    "SYS04",
    "Scheduled issues are sent",
    family=Family.COMPUTER,
    asks={Asks.DATABASE, Asks.FILES},
    matters="It won't be sent.",
    ask_it="Please let a timer (cron, systemd or the Task Scheduler) run `bulletin run` in {folder} every 5 minutes.",
)
def runs_what_is_scheduled(case: Case) -> Judgement:
    """While an issue is scheduled, `bulletin run` has run on this computer in the last 15 minutes."""
    engine = require_ledger(case)
    if engine is None:
        return NotApplicable()
    try:
        waiting = find_schedules(engine)
    except BulletinError as error:
        raise CannotTellError(error.message) from None
    if not waiting:
        return NotApplicable()
    last = read_last_run(case.workspace.state_folder)
    now = round(case.computer.now.timestamp() * 1000)
    if last is not None and now - last <= _RUN_EVERY.total_seconds() * 1000:
        return Passed()
    when = "has never run here" if last is None else f"last ran {describe_length(now - last)} ago"
    what = f"{waiting[0].issue} is scheduled, but `bulletin run` {when}."
    return Found(what=what, severity=Severity.ERROR, facts={"folder": str(case.workspace.root)})


CHECKS = (has_supported_python, has_right_clock, has_room, runs_what_is_scheduled)
