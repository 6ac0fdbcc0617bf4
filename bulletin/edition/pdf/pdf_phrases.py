"""The fixed phrases of a PDF's theme in the languages of an issue. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bulletin.edition.languages.speech import speak
from bulletin.languages.known import ENGLISH

PHRASES: Final = (
    *("Ask {name}: {ways}", "Book a place", "Book by {date}.", "By {name}", "Closes", "Corrected on {date}."),
    *("For", "For {readers}", "Group", "Hours", "In this issue", "Interviews", "Led by {name}", "Looking ahead"),
    *("More on {title}", "Next:", "On demand, at any time", "Page {n} of {m}", "Pay", "Place", "Priority {n}"),
    *("Privacy notice and complaints", "Published {date}", "Read more", "Ready to use", "This issue on the web"),
    *("Until", "Watch the film", "What you need to do", "With"),
    *("Planned", "Under way", "Delayed", "Paused", "Closed"),  # states of priorities
    *("done", "past", "now", "to come", "late"),  # of steps
    *("Guidance", "Report", "Briefing", "Research", "Article", "News", "Toolkit", "Template"),  # kinds of resources
    *("Video", "Podcast", "Website"),
)
"""What a theme says by `say`. One that a catalogue lacks is said in English."""

_PAIR: Final = "{a} and {b}"


def list_phrases(languages: Collection[str]) -> dict[str, dict[str, str]]:
    """The phrases in each of `languages` by their English words, and how it joins two names. English needs none."""
    others = sorted(language for language in set(languages) if language not in ("", ENGLISH))
    return {language: _translate(language) for language in others}


def _translate(language: str) -> dict[str, str]:
    speech = speak(language)
    return {phrase: speech.say(phrase) for phrase in PHRASES} | {_PAIR: speech.names(["{a}", "{b}"])}
