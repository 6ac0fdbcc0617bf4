"""The program as a process, as a person calls it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import forked
from bulletin.delivery.copies.catcher import MailCatcher


def run(
    *arguments: str, folder: Path | None = None, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return forked.run(*arguments, cwd=folder, env={**os.environ, **(environ or {})})


def towards(catcher: MailCatcher) -> dict[str, str]:
    return {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
