"""Says how long a mailing will take and when it will end, before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.terminal import count, say
from bulletin.errors import MailingError
from bulletin.times import describe_time, read_local

if TYPE_CHECKING:
    from bulletin.delivery.limits.forecast import Crowd, Forecast, Shortage
    from bulletin.settings.sending import Sending


def announce(issue: str, forecast: Forecast, sending: Sending, *, spread: bool) -> None:
    """Print what to expect. Raises MailingError if it is over today's limit and may not `spread`."""
    from bulletin.delivery.limits.provider_limits import find_allowance
    from bulletin.times import describe_length

    limits = " and ".join(map(str, find_allowance(sending).limits))
    within = f" Your limits: {limits}{_name_source(sending)}." if limits else ""
    if forecast.shortage is None:
        length = describe_length(forecast.ends_at - forecast.now)
        say(f"Sending will take {length}, until {_describe_time(forecast.ends_at, forecast)}.{within}")
        if forecast.crowd:
            say(_describe_crowd(forecast.crowd))
        return
    if not spread:
        raise _refuse(issue, forecast, forecast.shortage, sending)
    _print_days(issue, forecast, forecast.shortage)
    if within:
        say(within.strip())


def _describe_crowd(crowd: Crowd) -> str:
    """Why it takes so long: many readers at one domain."""
    limits = " and ".join(str(meter.rate) for meter in crowd.meters if crowd.number > meter.rate.number)
    slow = f"no more than {limits} are sent to one domain" if limits else "only a few are sent to one domain at once"
    return f"That's because {crowd.number:,} of them are at {crowd.domain}: {slow}."


def _name_source(sending: Sending) -> str:
    """The provider whose limits they are, and their date; empty for the workspace's own limits."""
    from bulletin.delivery.limits.provider_limits import find_preset

    preset = find_preset(sending)
    return f" (the limit of {preset.name}, as of {preset.checked.day} {preset.checked:%B %Y})" if preset else ""


def _refuse(issue: str, forecast: Forecast, shortage: Shortage, sending: Sending) -> MailingError:
    from bulletin.delivery.limits.provider_limits import find_preset

    preset = find_preset(sending)
    more = preset.note if preset and preset.note else "If your provider allows more, set `limits` in bulletin.yaml."
    continues_at = _describe_time(forecast.goes_on_at or forecast.now, forecast)
    some = f"only {shortage.room:,} can be sent now" if shortage.room else f"none can be sent before {continues_at}"
    return MailingError(
        f"{issue} to {count(forecast.number, 'reader')} is over today's limit: "
        f"{describe_used(shortage, _name_source(sending))}, so {some}.",
        f"To send it over several days, until about {_describe_time(forecast.ends_at, forecast)}, add --spread. {more}",
    )


def describe_used(shortage: Shortage, source: str = "") -> str:
    """`30 of 200/day are used`; `source` says whose limit it is."""
    used, is_or_are = (f"{shortage.used:,}", "is" if shortage.used == 1 else "are") if shortage.used else ("none", "is")
    return f"{used} of {shortage.rate}{source} {is_or_are} used"


def _print_days(issue: str, forecast: Forecast, shortage: Shortage) -> None:
    if forecast.today:
        until = _describe_time(forecast.pauses_at or forecast.now, forecast)
        say(f"{forecast.today:,} will be sent now, until about {until}.")
    else:
        say(f"None can be sent now: {describe_used(shortage)}.")
    continues_at, ends = (
        _describe_time(forecast.goes_on_at or forecast.now, forecast),
        _describe_time(forecast.ends_at, forecast),
    )
    say(f"Continue from {continues_at}: bulletin send {issue} --spread. The last will be sent at about {ends}.")


def _describe_time(moment: int, forecast: Forecast) -> str:
    return describe_time(read_local(moment), now=read_local(forecast.now))
