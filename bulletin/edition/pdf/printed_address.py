"""How an address reads on paper: as short as it can be typed again, and never broken by us. Pure."""

from __future__ import annotations

from typing import Any, Final

from bulletin.edition.markdown.markdown_text import show_address

LONGEST: Final = 90
"""Characters of an address that may be within a paragraph; a longer one has lines of its own."""


def print_address(address: str) -> str:
    """The address as it is printed: `www.gov.uk/childcare`, `https://thebigask.uk`, `chair@example.org`.

    Without `https://` only if `www.` follows: a reader knows what to do with that. No slash at the end, which a browser
    adds. Nothing invisible is added, which would spoil copying.
    """
    shown = show_address(address)
    if shown.lower().startswith("https://www."):
        shown = shown[len("https://") :]
    return shown if "?" in shown or "#" in shown else shown.rstrip("/")


def describe_link(address: str) -> dict[str, Any]:
    """What a theme needs to know of a link: its `address`, how it is `shown` in print, and whether that is `long`."""
    shown = print_address(address)
    return {"address": address, "shown": shown, "long": len(shown) > LONGEST}
