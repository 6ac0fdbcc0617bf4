"""A relay that accepts nothing: since when, with which reply, and when to tell a person. Pure."""

from __future__ import annotations

from typing import Final

PATIENCE: Final = 10_000
"""ms for which a relay may accept nothing before a person is told."""


class RelayTrouble:
    """What a relay says while it accepts no message. Times are in ms. A person is told once, until it accepts one."""

    def __init__(self) -> None:
        self._since: int | None = None
        self._words = ""
        self._told = False

    def note(self, words: str, *, now: int) -> None:
        """Note what the relay says while it accepts nothing."""
        self._since = now if self._since is None else self._since
        self._words = words

    def end(self) -> None:
        """End the trouble: the relay has accepted a message, or refused one for good."""
        self._since, self._told = None, False

    def find_words(self, *, now: int) -> str:
        """The text to tell a person now; "" if there is none, or it has been told."""
        if self._since is None or self._told or now - self._since < PATIENCE:
            return ""
        self._told = True
        return (
            f"{self._words} No message has been accepted for {(now - self._since) // 1000} seconds. "
            "bulletin keeps trying, and nothing is lost."
        )
