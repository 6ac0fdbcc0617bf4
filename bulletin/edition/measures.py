"""What an edition weighs, and how long it takes to read. Pure."""

from __future__ import annotations

from dataclasses import dataclass

GMAIL_CLIPS = 102_400  # bytes of HTML; Gmail cuts a longer email there, and readers lose its foot
NEAR_CLIPPING = 90_000  # the rest leaves room for a correction or a forwarding note
WORDS_A_MINUTE = 238  # adults reading English silently: Brysbaert, Journal of Memory and Language 109 (2019)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measures:
    """Bytes of HTML beside the most that Gmail shows, words of plain text, and minutes of reading (1 at least)."""

    bytes: int
    most_bytes: int
    words: int
    minutes: int


def measure(html: str, text: str) -> Measures:
    """The measures of an email's two forms."""
    words = len(text.split())
    return Measures(
        bytes=len(html.encode()),
        most_bytes=GMAIL_CLIPS,
        words=words,
        minutes=max(1, round(words / WORDS_A_MINUTE)),
    )
