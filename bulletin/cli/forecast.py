"""Say how long a mailing takes and when it ends, before it begins."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bulletin.cli.terminal import count, say
from bulletin.errors import MailingError

if TYPE_CHECKING:
    from bulletin.delivery.forecast import Forecast, Shortage
    from bulletin.settings import Sending


def announce(issue: str, forecast: Forecast, sending: Sending, *, spread: bool) -> None:
    """Tell what to expect. Raises MailingError for a plan that today's quota cannot take, unless `spread` is set."""
    from bulletin.delivery.allowance import find_allowance
    from bulletin.delivery.forecast import describe_length

    if forecast.shortage:
        _announce_days(issue, forecast, forecast.shortage, spread=spread)
        return
    limits = " and ".join(map(str, find_allowance(sending).limits))
    length = describe_length(forecast.ends_at - forecast.now)
    say(f"It takes {length}, until {_tell(forecast.ends_at, forecast)}." + (f" Kept to: {limits}." if limits else ""))


def _announce_days(issue: str, forecast: Forecast, shortage: Shortage, *, spread: bool) -> None:
    goes_on_at, ends = forecast.goes_on_at or forecast.now, _tell(forecast.ends_at, forecast)
    if not spread:
        some = f"only {shortage.room:,} can leave now" if shortage.room else "none can leave now"
        raise MailingError(
            f"{issue} to {count(forecast.number, 'person', 'people')} is more than today's quota: of {shortage.rate} "
            f"{shortage.used:,} are used, so {some}.",
            f"To send it over several days, until about {ends}, add --spread. If your provider allows more, say so by "
            "`limits` in bulletin.yaml.",
        )
    if forecast.today:
        say(f"{forecast.today:,} leave now, until about {_tell(forecast.pauses_at or forecast.now, forecast)}.")
    else:
        say(f"None can leave now: of {shortage.rate} {shortage.used:,} are used.")
    say(f"Go on from {_tell(goes_on_at, forecast)}: bulletin send {issue} --spread. The last leave at about {ends}.")


def _tell(moment: int, forecast: Forecast) -> str:
    from bulletin.delivery.forecast import describe_time

    local = [datetime.fromtimestamp(time / 1000).astimezone() for time in (moment, forecast.now)]
    return describe_time(local[0], now=local[1])
