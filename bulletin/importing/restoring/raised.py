"""Raised and lowered words: figures and signs as the characters that Unicode has for them. Pure."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FIGURES = re.compile(r"[0-9+\-−=()n\s]*[0-9n][0-9+\-−=()n\s]*")
_ORDINAL = re.compile(r"\s*(?:st|nd|rd|th|TM|SM|[®™℠*†‡ªº])\s*", re.IGNORECASE)


def raise_words(text: str, raised: str) -> str:
    """The text as it is shown above (`super`) or below (`sub`) the line. Other words stay as they are."""
    if not _FIGURES.fullmatch(text):
        return text
    return text.translate(_RAISED if raised == "super" else _LOWERED)


def loses_place(text: str) -> bool:
    """Whether words would read differently once they aren't raised any more: `rose` with a raised `a`, not `1st`."""
    return bool(text.strip()) and not _FIGURES.fullmatch(text) and not _ORDINAL.fullmatch(text)
