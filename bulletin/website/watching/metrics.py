"""`/metrics`: how sending is going, for Prometheus (OpenMetrics 1.0). This module owns prometheus_client.

It says how many and since when: no address, no list, no issue, no server's words. It is not for the public: who isn't
let in is told that there is no such page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bulletin.database.states import DeliveryState
from bulletin.errors import DatabaseError
from bulletin.website.guard import visitor_of
from bulletin.website.problems import PageProblem, ProblemKind, busy
from bulletin.website.visitors import Network

if TYPE_CHECKING:
    from prometheus_client import Metric

    from bulletin.website.watching.figures_reader import ScrapedFigures

PATH: Final = "/metrics"
FORM: Final = "application/openmetrics-text; version=1.0.0; charset=utf-8"
_SHARES: Final = (0.5, 0.9, 0.99)


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """The page and what it shows. Those who ask from `networks` may read it, and those whose token says so."""

    read_figures: Callable[[], ScrapedFigures]
    networks: Sequence[Network]
    has_token: Callable[[Request], bool] = lambda _request: False

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET"])

    def answer(self, request: Request) -> Response:
        """The figures of this moment. Raises PageProblem."""
        try:
            if not (visitor_of(request).is_from(self.networks) or self.has_token(request)):
                raise PageProblem(ProblemKind.NOT_FOUND)
            figures = self.read_figures()
        except DatabaseError:
            raise busy() from None
        return Response(write_metrics(figures), headers={"Content-Type": FORM})


def write_metrics(figures: ScrapedFigures) -> bytes:
    """The figures as OpenMetrics 1.0."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.openmetrics.exposition import generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collected(figures))
    written: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return written


@dataclass(frozen=True, eq=False)  # the registry knows it by itself
class _Collected:
    """What the registry of one scrape asks for its metrics."""

    figures: ScrapedFigures

    def collect(self) -> Iterator[Metric]:
        yield from _describe_deliveries(self.figures)
        yield from _describe_mailings(self.figures)
        yield from _describe_surroundings(self.figures)


def _describe_deliveries(figures: ScrapedFigures) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

    states = GaugeMetricFamily("bulletin_deliveries", "Deliveries in the ledger, by state.", labels=["state"])
    for state in DeliveryState:
        states.add_metric([state.value], figures.deliveries.states[state])
    yield states
    yield CounterMetricFamily("bulletin_accepted", "Messages that mail servers accepted.", value=figures.accepted)
    refusals = GaugeMetricFamily(
        "bulletin_refusals",
        "Deliveries that are refused or deferred, by the class of the server's answer (RFC 5321, RFC 3463).",
        labels=["class", "enhanced"],
    )
    for kind, number in sorted(figures.deliveries.refusals.items()):
        refusals.add_metric([kind.code, kind.enhanced], number)
    yield refusals
    yield _describe_latency(figures)


def _describe_latency(figures: ScrapedFigures) -> Metric:
    from prometheus_client import Metric

    latency = Metric(
        "bulletin_acceptance_seconds",
        "From claiming a message to the server's 250, for the last thousand of each mailing in hand.",
        "summary",
    )
    took = [(one.ended_at - one.claimed_at) / 1000 for one in figures.acceptances]
    cuts = quantiles(took, n=100, method="inclusive") if len(took) > 1 else took * 99
    for share in _SHARES if took else ():
        latency.add_sample("bulletin_acceptance_seconds", {"quantile": str(share)}, cuts[round(share * 100) - 1])
    return latency


def _describe_mailings(figures: ScrapedFigures) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    mailings = GaugeMetricFamily("bulletin_mailings", "Mailings with readers still to be tried.", labels=["state"])
    for state in ("sending", "paused", "halted"):
        mailings.add_metric([state], len(getattr(figures.live, state)))
    yield mailings
    yield GaugeMetricFamily(
        "bulletin_oldest_due_seconds",
        "For how long the first delivery of a mailing that isn't stopped could have been tried; 0 if none could.",
        value=_measure_age(figures, figures.live.oldest_due),
    )
    yield GaugeMetricFamily(
        "bulletin_outbox_emails", "Emails of the pages, such as confirmations, to be sent.", value=figures.emails.number
    )
    yield GaugeMetricFamily(
        "bulletin_outbox_oldest_due_seconds",
        "For how long the first of these could have been sent; 0 if there is none.",
        value=_measure_age(figures, figures.emails.oldest_due),
    )


def _describe_surroundings(figures: ScrapedFigures) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    if figures.workers is not None:
        yield GaugeMetricFamily("bulletin_workers", "Workers seen in the last 20 seconds.", value=figures.workers)
    if figures.backed_up_at is not None:
        yield GaugeMetricFamily(
            "bulletin_last_backup_timestamp_seconds",
            "When this computer last made a back-up with `bulletin database backup`.",
            value=figures.backed_up_at / 1000,
        )
    yield GaugeMetricFamily("bulletin_reading_seconds", "How long it took to read these figures.", value=figures.took)


def _measure_age(figures: ScrapedFigures, since: int | None) -> float:
    return 0.0 if since is None else max(0, figures.now - since) / 1000
