"""Tells systemd that the worker is ready, alive, or stopping (sd_notify(3)): a datagram, and no library.

Without systemd it does nothing.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import Final

READY: Final = "READY=1"
ALIVE: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"


def notify(state: str) -> None:
    """Send one of these states to where NOTIFY_SOCKET says; a first @ means a name that is no file."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place.startswith(("/", "@")) or not hasattr(socket, "AF_UNIX"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as there:
        there.sendto(state.encode(), "\0" + place[1:] if place.startswith("@") else place)
