"""A workspace whose issues were sent, and its web archive in a folder."""

from __future__ import annotations

import http.server
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from sqlalchemy import Engine

from anytown import NOON, begin_mailing
from bulletin.publishing.archive import ArchiveReport, build_archive
from bulletin.workspace.workspace import Workspace

MAY = """\
month: 2021-05
published: 4 May 2021
subject: "May 2021: neglect, and a safe summer"
preview_text: What we did in April
introduction: Welcome to the **May** issue.
sections:
  - kind: notice
    title: Office hours
    text: We are closed on **3 May 2021**.
    do: Read the hours
    by: 10 May 2021
  - kind: events
    title: Days to keep free
    items:
      - title: Conference on neglect
        date: 9 June 2021
        starts: 9:30am
        do: Book a place
        by: 1 June 2021
        link: https://www.example.org/conference
      - title: For schools only
        date: 10 June 2021
        for: [schools]
"""


def edit(workspace: Workspace, issue: str, *changes: tuple[str, str]) -> None:
    """Change words in an issue's file."""
    path = workspace.issue_path(issue)
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def build(
    workspace: Workspace, engine: Engine, out: Path, *, now: int = NOON + 86_400_000, **options: Any
) -> ArchiveReport:
    """Build the archive as it is on 5 May 2021, or at another time."""
    return build_archive(workspace, engine, out, now=now, **options)


def send(engine: Engine, *issues: str) -> None:
    """Send issues to someone, on 4 May 2021."""
    for issue in issues:
        begin_mailing(engine, f"anna-{len(issue)}", issue=issue)


def snapshot(out: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of a site with its content, and the time at which it was last written."""
    return {
        path.relative_to(out).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def find_broken_links(out: Path, *, url: str, besides: tuple[str, ...] = ()) -> list[str]:
    """Each link, picture, sheet and script of the site that leads to nothing in it, with the page that has it."""
    pages = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    ids = {name: set(re.findall(r'\bid="([^"]+)"', text)) for name, text in pages.items()}
    broken = []
    for name, text in pages.items():
        here = f"{url}/{name.removesuffix('index.html')}"
        for link in re.findall(r'\b(?:href|src|content)="([^"]+)"', text):
            target = urljoin(here, link) if link.startswith(("/", "#", "http", ".")) else ""
            if target.startswith(f"{url}/"):
                parts = urlsplit(target[len(url) :])
                file = parts.path.lstrip("/")
                file = f"{file}index.html" if not file or file.endswith("/") else file
                there = (out / file).is_file() or (out / file / "index.html").is_file()  # a host adds the slash
                missing = not there and parts.path not in besides
                here_too = parts.path in besides or parts.fragment in ids.get(file, set())
                if missing or (parts.fragment and not here_too):
                    broken.append(f"{name}: {link}")
    return broken


@contextmanager
def show(out: Path) -> Iterator[str]:
    """The site on a plain web server, as any host shows it."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, directory=os.fspath(out), **options)

        def log_message(self, *_arguments: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def write_yaml(values: dict[str, Any]) -> str:
    """A file of these values, without YAML's anchors."""
    whole = type("Whole", (yaml.SafeDumper,), {"ignore_aliases": lambda _self, _data: True})
    return yaml.dump(values, Dumper=whole, sort_keys=False, allow_unicode=True)
