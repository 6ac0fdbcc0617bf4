"""The website of a database as it is served, on a port of this machine; and websites that are none of ours."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sqlalchemy import Engine

from anytown import NOON
from bulletin.website.application import build_application
from bulletin.website.server import WebsiteServer, listen_for_readers
from bulletin.website.unsubscribing import Unsubscribing, name_bulletins
from public_pages import SETTINGS, frame_of, read_settings


@contextmanager
def serve_website(engine: Engine, *keys: bytes, settings: str = SETTINGS) -> Iterator[str]:
    """The address of the pages where readers of this database unsubscribe."""
    page = Unsubscribing(
        frame=frame_of(settings, offers=()),
        engine=engine,
        keys=keys,
        titles=name_bulletins(read_settings(settings)),
        now=lambda: NOON,
    )
    application = build_application(page.frame, [page.route()], write=lambda _line: None)
    sock = listen_for_readers("127.0.0.1", 0)
    server = WebsiteServer(application, sock=sock)
    thread = threading.Thread(target=server.serve_until_stopped, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the website did not end"


Answer = Callable[[BaseHTTPRequestHandler], None]


def answer_with(status: int, *headers: tuple[str, str], body: bytes = b"<h1>Parked</h1>") -> Answer:
    """A website that always answers so."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers:
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def serve_foreign(answer: Answer) -> Iterator[tuple[str, Sequence[str]]]:
    """The address of a website of somebody else, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer(self)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()
