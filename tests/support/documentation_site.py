"""The documentation as a site: built once for all tests that look at it, however many processes run them."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from filelock import FileLock

from checkout import ROOT

BUILDING = 540  # seconds that it may take, where other tests use the same processors


@dataclass(frozen=True, kw_only=True)
class BuiltSite:
    """The folder of the site, what Sphinx was given, and what Sphinx said."""

    folder: Path
    source: Path
    said: str
    code: int

    def list_pages(self) -> list[str]:
        """The paths of its pages, without those that Sphinx makes for itself."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The site, from the process that came first."""
    base = tmp_path_factory.getbasetemp()
    target = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "documentation"
    with FileLock(f"{target}.lock"):
        said, code = target / "said.txt", target / "code.txt"
        if not code.is_file():
            command = [sys.executable, str(ROOT / "docs/building/make.py"), str(target)]
            ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=BUILDING)
            said.write_text(ran.stdout + ran.stderr, encoding="utf-8")
            code.write_text(str(ran.returncode), encoding="utf-8")
    return BuiltSite(
        folder=target / "site",
        source=target / "source",
        said=said.read_text(encoding="utf-8"),
        code=int(code.read_text(encoding="utf-8")),
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 -- as the library names it
        """Print nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that left before it had the whole page."""


@pytest.fixture(scope="session")
def site_address(built_site: BuiltSite) -> Any:
    """Where a plain web server shows the site."""
    server = _Server(("127.0.0.1", 0), partial(_Quiet, directory=str(built_site.folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
