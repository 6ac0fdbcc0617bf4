"""`bulletin serve`: past issues, the pages where readers subscribe and choose, and the emails that belong to them."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bulletin.cli.archive_keeper import ArchiveKeeper, name_site_folder
from bulletin.cli.clock import now_ms
from bulletin.cli.opening import open_ledger
from bulletin.cli.options import PortOption, WorkspaceOption
from bulletin.cli.terminal import say
from bulletin.errors import BulletinError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.routing import Route
    from starlette.types import ASGIApp

    from bulletin.delivery.sending.outbox_runner import OutboxThread
    from bulletin.website.past_issues import PastIssues
    from bulletin.website.site import ReaderSite
    from bulletin.website.webhooks.receiving import Webhook
    from bulletin.workspace.workspace import Workspace


OFFERS = ("subscribe", "preferences", "privacy", "complaint")
"""The pages that others may link to."""

_NEW_OBJECTS = 2_000
"""Between two searches for cycles: a server that runs for months must not keep as many as a command may (`edge`)."""


def serve(
    *,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="The address to listen on (default: this computer only)."),
    ] = "127.0.0.1",
    port: PortOption = None,
    folder: WorkspaceOption = None,
) -> None:
    """Run the pages where readers subscribe.

    It serves past issues too, and runs until you stop it, behind a web server that has the certificate. Give readers
    its public address as `website: url` in bulletin.yaml: the links in emails lead there. It prints a line for each
    answer, without any name or address. It also sends the emails that belong to the pages, such as “Confirm your
    subscription”.

      bulletin serve                  for a web server on this computer
      bulletin serve --host 0.0.0.0   for one on another computer
    """
    from bulletin.website.server import WebsiteServer, listen_for_readers

    with open_ledger(folder) as (workspace, engine):
        emails = _open_outbox(workspace, engine)
        application = _build(workspace, engine, emails)
        sock = listen_for_readers(host, port)
        listening = f"http://{host if ':' not in host else f'[{host}]'}:{sock.getsockname()[1]}"
        gc.set_threshold(_NEW_OBJECTS)
        with emails.running(), ArchiveKeeper(workspace, say=say).running():
            announce = partial(_announce, workspace, listening)
            WebsiteServer(application, sock=sock, announce=announce).serve_until_stopped()
    say("The pages have stopped.")


def _announce(workspace: Workspace, listening: str) -> None:
    website = workspace.settings.website
    say(f"The pages for readers are at {listening}. Their public address is {website.url if website else ''}")
    if not workspace.has_relay:
        say("No SMTP server is set, so people who subscribe get no email. Set it as for `bulletin send`.")
    say("Press Ctrl-C to stop them.")


def _open_outbox(workspace: Workspace, engine: Engine) -> OutboxThread:
    from bulletin.delivery.sending.outbox_runner import OutboxRunner, OutboxThread

    stop = threading.Event()
    runner = OutboxRunner(workspace=workspace, engine=engine, clock=now_ms, stop=stop, report=say)
    return OutboxThread(runner.run, stop=stop, say=say)


def _build(workspace: Workspace, engine: Engine, emails: OutboxThread) -> ASGIApp:
    from bulletin.subscribers.joining.limits import ANSWERS_OF_NETWORK, CHOICES_OF_NETWORK, COMPLAINTS_OF_NETWORK
    from bulletin.website.answering import Answering
    from bulletin.website.api.calls import Api
    from bulletin.website.application import build_application
    from bulletin.website.choosing import Choosing
    from bulletin.website.complaining import Complaining
    from bulletin.website.confirming import Confirming
    from bulletin.website.pages.choices import list_languages
    from bulletin.website.pages.privacy import find_keeping_times
    from bulletin.website.searching import Searching
    from bulletin.website.static_pages import list_static_routes
    from bulletin.website.subscribing import Subscribing
    from bulletin.website.unsubscribing import Unsubscribing, name_bulletins

    archive = _open_archive(workspace)
    site = _open_site(workspace, engine, emails)
    site = replace(site, frame=replace(site.frame, find_latest=archive.find_latest))
    settings, keeping = site.settings, find_keeping_times(site.settings.retention)
    unsubscribing = Unsubscribing(
        frame=site.frame, engine=engine, keys=site.keys, titles=name_bulletins(settings), now=site.now
    )
    choosing = Choosing(
        frame=site.frame,
        engine=engine,
        keys=site.keys,
        settings=settings,
        now=site.now,
        languages=list_languages(settings),
        find_wait=partial(site.find_wait, CHOICES_OF_NETWORK),
        wake=site.wake,
    )
    complaining = Complaining(
        frame=site.frame,
        engine=engine,
        nation=settings.proof.nation,
        now=site.now,
        find_wait=partial(site.find_wait, COMPLAINTS_OF_NETWORK),
        wake=site.wake,
    )
    routes = [
        unsubscribing.route(),
        Subscribing(site=site).route(),
        Confirming(site=site).route(),
        choosing.route(),
        complaining.route(),
        *list_static_routes(site.frame, settings, keeping=keeping),
    ]
    if settings.website and settings.website.useful:
        waiting = partial(site.find_wait, ANSWERS_OF_NETWORK)
        routes.append(Answering(frame=site.frame, engine=engine, settings=settings, find_wait=waiting).route())
    routes += [*_open_monitoring(workspace, engine, site), *Api(site=site).routes()]
    webhooks = _open_webhooks(workspace, engine, emails)
    routes += [webhook.route() for webhook in webhooks]
    searching = Searching(archive=archive, settings=settings, theme=site.frame.theme)
    routes += [searching.route(), archive.route()]  # the last one answers whatever is left
    return build_application(site.frame, routes, write=say, webhooks=[webhook.path for webhook in webhooks])


def _open_monitoring(workspace: Workspace, engine: Engine, site: ReaderSite) -> list[Route]:
    from bulletin.subscribers.joining.limits import CHOICES_OF_NETWORK
    from bulletin.website.bearer import may_read_metrics
    from bulletin.website.visitors import read_networks
    from bulletin.website.watching.figures_reader import FiguresReader
    from bulletin.website.watching.health import HealthCheck
    from bulletin.website.watching.metrics import Metrics
    from bulletin.website.watching.watch_page import WatchPage

    reader = FiguresReader(engine=engine, folder=workspace.state_folder, now=site.now)
    metrics = Metrics(
        read_figures=reader.read,
        networks=read_networks(site.frame.website.metrics_from),
        has_token=lambda request: may_read_metrics(engine, request, now=site.now()),
    )
    page = WatchPage(
        frame=site.frame,
        engine=engine,
        keys=site.keys,
        now=site.now,
        find_wait=partial(site.find_wait, CHOICES_OF_NETWORK),
    )
    return [HealthCheck(engine=engine).route(), metrics.route(), page.route()]


def _open_archive(workspace: Workspace) -> PastIssues:
    from bulletin.edition.web.addresses import name_base
    from bulletin.website.past_issues import PastIssues

    website = workspace.settings.website
    return PastIssues(
        folder=name_site_folder(workspace),
        state=workspace.state_folder,
        root=name_base(website.url) if website else "",
        first_bulletin=next(iter(workspace.settings.bulletins)),
    )


def _open_webhooks(workspace: Workspace, engine: Engine, emails: OutboxThread) -> list[Webhook]:
    """What the mail services of bulletin.yaml post to. Raises BulletinError if one of them can't be checked."""
    from bulletin.website.webhooks.offering import list_services

    services = list_services(workspace.settings.returns, read_azure_token=workspace.secrets.read_azure_token)
    if not services:
        return []  # what reads returned emails takes 2 MB
    from bulletin.bounces.reading import make_reading
    from bulletin.website.webhooks.receiving import Webhook

    make = partial(make_reading, workspace, engine, report=say, pushed=True)
    return [
        Webhook(service=service, make_reading=lambda now: make(now=now), now=now_ms, wake=emails.wake)
        for service in services
    ]


def _open_site(workspace: Workspace, engine: Engine, emails: OutboxThread) -> ReaderSite:
    from bulletin.subscribers.link_key import list_reading_keys, take_link_key
    from bulletin.website.frame import make_frame
    from bulletin.website.site import ReaderSite

    settings = workspace.settings
    if settings.website is None:
        raise BulletinError(
            "bulletin.yaml has no `website`, so no link in an email leads to these pages.",
            "Write their public address there: website: {url: https://…}",
        )
    take_link_key(workspace, engine, now=now_ms())  # the first thing that is sent may be an email of these pages
    return ReaderSite(
        frame=make_frame(settings, workspace.theme_folders, offers=OFFERS, report=say),
        settings=settings,
        engine=engine,
        keys=list_reading_keys(workspace),
        now=now_ms,
        wake=emails.wake,
    )
