"""What several forms ask for. Pure."""

from __future__ import annotations

from bulletin.declaration.characters import remove_hidden
from bulletin.errors import InvalidAddress
from bulletin.subscribers.address import Address, parse_address


def read_address(text: str) -> Address | None:
    """The address that was typed; None if it isn't one. The page says so in its own words."""
    try:
        return parse_address(text)
    except InvalidAddress:
        return None


def read_line(text: str) -> str:
    """A text of one line, such as a name: without characters that no one sees, and with single spaces."""
    return " ".join(remove_hidden(text).split())


def read_lines(text: str) -> str:
    """A text that may have several lines: without characters that no one sees, and with our own line ends."""
    return remove_hidden(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
