"""A preview that runs while pictures are taken of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import Queue
from threading import Thread

from bulletin.preview.server import Preview, listen
from bulletin.preview.session import PreviewSession


@contextmanager
def run_preview(root: Path, issue: str, *, at: datetime) -> Iterator[str]:
    """The address of a preview of `issue` that runs meanwhile, where it is always `at`."""
    session = PreviewSession(root, clock=lambda: at, environ={})
    answers: Queue[str] = Queue()
    server = Preview(session, sock=listen("127.0.0.1", 0), issue=issue, opened=answers.put)
    thread = Thread(target=server.serve_until_stopped)
    thread.start()
    try:
        yield answers.get(timeout=20)
    finally:
        server.should_exit = True
        thread.join()
