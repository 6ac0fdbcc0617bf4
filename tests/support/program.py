"""The program as a process, as a person calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bulletin.delivery.copies.catcher import MailCatcher


def run(
    *arguments: str, folder: Path | None = None, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bulletin", *arguments],
        cwd=folder,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def towards(catcher: MailCatcher) -> dict[str, str]:
    return {"BULLETIN_SMTP_URL": f"smtp://127.0.0.1:{catcher.port}"}
