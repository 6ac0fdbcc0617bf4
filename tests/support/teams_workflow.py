"""A workflow of Teams: a real server with a certificate of its own, and what was posted to it."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme


@dataclass
class Workflow:
    """`status` is what it answers with, and `headers` what it adds to that."""

    address: str = ""
    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    posted: list[Any] = field(default_factory=list)

    @property
    def subjects(self) -> list[str]:
        return [one["attachments"][0]["content"]["body"][0]["text"] for one in self.posted]

    @property
    def words(self) -> str:
        return json.dumps(self.posted, ensure_ascii=False)


@contextmanager
def run_workflow(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[Workflow]:
    """One that this process trusts."""
    workflow = Workflow()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            workflow.posted.append(json.loads(body))
            self.send_response(workflow.status)
            for name, value in workflow.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    authority = trustme.CA()
    folder.mkdir(exist_ok=True)
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    patch.setenv("REQUESTS_CA_BUNDLE", str(folder / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.daemon_threads = True
        server.block_on_close = False
        workflow.address = f"https://localhost:{server.server_address[1]}/workflows/secret"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield workflow
        finally:
            server.shutdown()
            thread.join()
