"""Names which version an approval is for. Pure."""

from __future__ import annotations

_SHOWN = 12  # characters of a digest


def format_reference(digest: str) -> str:
    """The approval reference that people see: the beginning of the digest of what was approved."""
    return digest[:_SHOWN]
