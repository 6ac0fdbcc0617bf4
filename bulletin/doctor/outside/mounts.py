"""Which disks this computer has, and of which kind: a table as Linux writes it (proc(5)), on every system."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from string import ascii_uppercase
from typing import Final

_REMOTE: Final = 4  # DRIVE_REMOTE, as GetDriveTypeW says it
_PATIENCE: Final = 5  # seconds


def read_mounts() -> str:
    """A line for each disk: what, where, of which kind; "" if the system doesn't say."""
    if sys.platform == "win32":
        return _list_drives()
    with suppress(OSError):
        return Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=_PATIENCE, check=True)
        return read_mac_mounts(done.stdout)
    return ""


def read_mac_mounts(printed: str) -> str:
    """The table from what `mount` prints on a Mac: `//jo@server/share on /Volumes/share (smbfs, nodev)`. Pure."""
    rows = re.findall(r"^(.+) on (.+) \((\w+)[,)]", printed, re.MULTILINE)
    return "\n".join(" ".join(part.replace(" ", r"\040") for part in row) for row in rows)


def _list_drives() -> str:
    """The drives of Windows: `network` for those of other computers."""
    if sys.platform != "win32":
        return ""
    import ctypes

    find_kind = ctypes.windll.kernel32.GetDriveTypeW
    kinds = {letter: find_kind(letter + ":" + chr(92)) for letter in ascii_uppercase}  # as in C: and a backslash
    return "\n".join(
        f"{letter}: {letter}: {'network' if kind == _REMOTE else 'local'}" for letter, kind in kinds.items()
    )
