"""The provider's limits against the size of the lists."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from bulletin.delivery.limits.forecast import Forecast, foresee
from bulletin.delivery.limits.meter import Meter
from bulletin.delivery.limits.provider_limits import find_allowance
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed
from bulletin.doctor.readers import BULK, count_declared_readers
from bulletin.settings.proof import Severity
from bulletin.times import describe_length

_LATENCY: Final = 200.0  # ms that a usual server takes for one message


@check(
    "LIM01",
    "An issue reaches everyone within a day",
    family=Family.LIMITS,
    asks={Asks.SETTINGS, Asks.FILES},
    matters="The last readers get it days after the first.",
    ask_it="We send to {readers} readers, once a month. Which higher limit can we have than {limit}?",
    fix="Or spread the issue over several days: bulletin send ISSUE --spread",
)
def fits_into_limits(case: Case) -> Judgement:
    """By the provider's limits, the readers of all lists get an issue in one run, without waiting for the next day."""
    readers = case.once(count_declared_readers).people
    allowance = find_allowance(case.workspace.settings.sending)
    if not allowance.limits or not readers:
        return NotApplicable()
    now = round(case.computer.now.timestamp() * 1000)
    meters = [Meter(rate) for rate in allowance.limits]
    forecast = foresee(readers, meters, now=now, latency=_LATENCY, connections=allowance.connections)
    limit = min(map(str, (rate for rate in allowance.limits if rate == max(allowance.limits, key=_find_period))))
    facts: dict[str, str | int] = {"readers": f"{readers:,}", "limit": limit}
    if not forecast.spread:
        return Passed(facts={**facts, "takes": describe_length(forecast.ends_at - now)})
    return Found(what=_tell(readers, limit, forecast), severity=Severity.WARNING, facts=facts)


def _find_period(rate: object) -> int:
    return int(getattr(rate, "milliseconds", 0))


def _tell(readers: int, limit: str, forecast: Forecast) -> str:
    end = datetime.fromtimestamp(forecast.ends_at / 1000, UTC)
    day = f"{end:%A} {end.day} {end:%B}"
    taken = describe_length(forecast.ends_at - forecast.now)
    return f"{readers:,} readers at {limit} take {taken}: the last get it on {day}."


@check(
    "LIM02",
    "You aren't a bulk sender",
    family=Family.LIMITS,
    asks={Asks.FILES},
    matters="Once you are one, you are one for good: SPF, DKIM, DMARC and one-click unsubscribing have to be right, or "
    "your emails are refused.",
    ask_it="We send to more than 5,000 readers at {service}. Please keep SPF, DKIM and DMARC of {domain} in order.",
)
def is_no_bulk_sender(case: Case) -> Judgement:
    """Fewer than 5,000 readers are at Gmail, and fewer than 5,000 at Outlook.com.

    Both hold senders of more to stricter rules, and Gmail never forgets it.
    """
    services = case.once(count_declared_readers).services
    for service, number in services.items():
        if number >= BULK:
            return Found(
                what=f"{number:,} readers at {service} make you a bulk sender.",
                severity=Severity.NOTE,
                facts={"service": service, "domain": case.domain},
            )
    return Passed()


CHECKS = (fits_into_limits, is_no_bulk_sender)
