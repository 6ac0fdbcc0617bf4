from __future__ import annotations

import socket

import pytest

from conftest import RealWorldError


def test_the_guard_keeps_other_machines_out_of_reach() -> None:
    with socket.socket() as connection, pytest.raises(RealWorldError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 25))
