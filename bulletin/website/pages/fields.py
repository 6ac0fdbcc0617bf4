"""What several forms ask for. Pure."""

from __future__ import annotations

from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import Address, parse_address


def read_address(text: str) -> Address | None:
    """The address that was typed; None if it isn't one. The page says so in its own words."""
    try:
        return parse_address(text)
    except InvalidAddress:
        return None
