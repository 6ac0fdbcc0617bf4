"""An email address as strangers may see it: `j…@schools.example.net`. Pure."""

from __future__ import annotations

_WORD_JOINER = "\u2060"  # so that no line ends between the ellipsis and the @


def mask_address(address: str) -> str:
    """The first letter or figure, an ellipsis, and the domain: enough for its owner, and too little for anyone else."""
    local, _, domain = address.rpartition("@")
    first = next((character for character in local if character.isalnum()), "")
    return f"{first}…{_WORD_JOINER}@{domain}"
