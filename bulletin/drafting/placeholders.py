"""What a draft still has to be given: the places that say so, and must not reach readers. Pure."""

from __future__ import annotations

from bulletin.declaration.source import Source
from bulletin.errors import Fault

TO_WRITE = "TO WRITE"
"""What stands where a text is to be written. Nothing that says it is sent."""


def find_placeholders(source: Source) -> list[Fault]:
    """A fault for each value of an issue that still says TO WRITE, in the order of the file."""
    texts = ((span, source.text_at(place)) for place, span in source.values.items())
    return [
        source.fault_at(
            source.find_within(span, TO_WRITE),
            "This is still to be written.",
            f"Write it, or delete what it belongs to, so that nothing says {TO_WRITE}.",
        )
        for span, text in texts
        if TO_WRITE in text
    ]
