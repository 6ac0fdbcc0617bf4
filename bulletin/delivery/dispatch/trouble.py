"""A relay that takes nothing: since when, in which words, and when a person should hear of it. Pure."""

from __future__ import annotations

from typing import Final

PATIENCE: Final = 10_000
"""ms for which a relay may take nothing before a person hears of it."""


class Trouble:
    """What a relay says while it takes no message. Times are in ms; a person is told once, until it takes one again."""

    def __init__(self) -> None:
        self._since: int | None = None
        self._words = ""
        self._told = False

    def note(self, words: str, *, now: int) -> None:
        """It says this, and takes nothing."""
        self._since = now if self._since is None else self._since
        self._words = words

    def end(self) -> None:
        """It has taken a message, or refused one for good: it works."""
        self._since, self._told = None, False

    def find_words(self, *, now: int) -> str:
        """What is to be told now; "" if nothing is, or it has been told."""
        if self._since is None or self._told or now - self._since < PATIENCE:
            return ""
        self._told = True
        return (
            f"{self._words} No message has got through for {(now - self._since) // 1000} seconds. "
            "bulletin keeps trying, and nothing is lost."
        )
