"""Say how long a mailing takes and when it ends, before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.terminal import count, say
from bulletin.errors import MailingError
from bulletin.times import describe_time, read_local

if TYPE_CHECKING:
    from bulletin.delivery.limits.forecast import Crowd, Forecast, Shortage
    from bulletin.settings.sending import Sending


def announce(issue: str, forecast: Forecast, sending: Sending, *, spread: bool) -> None:
    """Tell what to expect. Raises MailingError for a plan that today's quota cannot take, unless `spread` is set."""
    from bulletin.delivery.limits.provider_limits import find_allowance
    from bulletin.times import describe_length

    limits = " and ".join(map(str, find_allowance(sending).limits))
    kept_to = f" Kept to: {limits}{_name_source(sending)}." if limits else ""
    if forecast.shortage is None:
        length = describe_length(forecast.ends_at - forecast.now)
        say(f"It takes {length}, until {_describe_time(forecast.ends_at, forecast)}.{kept_to}")
        if forecast.crowd:
            say(_describe_crowd(forecast.crowd))
        return
    if not spread:
        raise _refuse(issue, forecast, forecast.shortage, sending)
    _print_days(issue, forecast, forecast.shortage)
    if kept_to:
        say(kept_to.strip())


def _describe_crowd(crowd: Crowd) -> str:
    """Why it takes so long: many at one domain."""
    limits = " and ".join(str(meter.rate) for meter in crowd.meters if crowd.number > meter.rate.number)
    kept_to = f"no more than {limits} leave for one domain" if limits else "few leave for one domain at once"
    return f"That is because {crowd.number:,} of them are at {crowd.domain}: {kept_to}."


def _name_source(sending: Sending) -> str:
    """Whose limits they are, and as of when, unless they are the workspace's own."""
    from bulletin.delivery.limits.provider_limits import find_preset

    preset = find_preset(sending)
    return f" (what {preset.name} allows, as of {preset.checked.day} {preset.checked:%B %Y})" if preset else ""


def _refuse(issue: str, forecast: Forecast, shortage: Shortage, sending: Sending) -> MailingError:
    from bulletin.delivery.limits.provider_limits import find_preset

    preset = find_preset(sending)
    more = (
        preset.note if preset and preset.note else "If your provider allows more, say so by `limits` in bulletin.yaml."
    )
    goes_on_at = _describe_time(forecast.goes_on_at or forecast.now, forecast)
    some = f"only {shortage.room:,} can leave now" if shortage.room else f"none can leave before {goes_on_at}"
    return MailingError(
        f"{issue} to {count(forecast.number, 'person', 'people')} is more than today's quota: "
        f"{describe_used(shortage, _name_source(sending))}, so {some}.",
        f"To send it over several days, until about {_describe_time(forecast.ends_at, forecast)}, add --spread. {more}",
    )


def describe_used(shortage: Shortage, source: str = "") -> str:
    """`of 200/day 30 are used`; `source` says whose limit it is."""
    used = f"{shortage.used:,} {'is' if shortage.used == 1 else 'are'}" if shortage.used else "none is"
    return f"of {shortage.rate}{source} {used} used"


def _print_days(issue: str, forecast: Forecast, shortage: Shortage) -> None:
    if forecast.today:
        say(
            f"{forecast.today:,} leave now, until about {_describe_time(forecast.pauses_at or forecast.now, forecast)}."
        )
    else:
        say(f"None can leave now: {describe_used(shortage)}.")
    goes_on_at, ends = (
        _describe_time(forecast.goes_on_at or forecast.now, forecast),
        _describe_time(forecast.ends_at, forecast),
    )
    say(f"Go on from {goes_on_at}: bulletin send {issue} --spread. The last leave at about {ends}.")


def _describe_time(moment: int, forecast: Forecast) -> str:
    return describe_time(read_local(moment), now=read_local(forecast.now))
