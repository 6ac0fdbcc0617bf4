"""Accessibility: what the font of the PDF can't print. Pure but for the font, which travels with the package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from bulletin.edition.pdf.fonts import find_common_characters
from bulletin.edition.pdf.unprintable import Lack, Unprintable, find_unprintable
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity
from bulletin.workspace.package_data import theme_folder

_NOT_PRINTED = ("alt", "author", "preview_text", "subject")
_WEBSITE = "website: {url: https://news.example.org}\n"


@rule(
    "ACC16",
    "words-not-in-print",
    severity=Severity.WARNING,
    reason="The PDF has no letters of that script, so it says “Read this on the web” in place of the words.",
    wrong=[
        Example(settings=_WEBSITE, text="Our leaflet is in Punjabi: ਪੰਜਾਬੀ ਵਿੱਚ.", at="ਪੰਜਾਬੀ ਵਿੱਚ"),
        Example(settings=_WEBSITE, text="Read it in Urdu, اردو, or in Polish.", at="اردو"),
        Example(settings=_WEBSITE, text="In Chinese: 中文", at="中文"),
    ],
    right=[
        Example(settings=_WEBSITE, text="Mae’r adroddiad ar gael yn Gymraeg: gŵyl, tŷ. Ακρόπολη, Привет, żółć."),
        Example(settings=_WEBSITE, text="The garden is open 🌻 to everyone."),
    ],
)
def words_not_in_print(context: Context) -> Iterator[Violation]:
    """Words in a script that the font of the PDF doesn't have."""
    for passage, found in _find_all(context, Lack.PASSAGE):
        yield violation_at(
            passage,
            (found.start, found.end),
            "The PDF can’t print this script. It says “Read this on the web” instead.",
            "Put these words on a page of their own, and link to it in English.",
        )


@rule(
    "ACC17",
    "signs-not-in-print",
    severity=Severity.NOTE,
    reason="The PDF prints the name of an emoji in brackets, which may not be the word that you would choose.",
    wrong=[
        Example(settings=_WEBSITE, text="The garden is open 🌻 to everyone.", at="🌻"),
        Example(settings=_WEBSITE, text="Go to Settings ⮕ Privacy.", at="⮕"),
        Example(settings=_WEBSITE, text="Well done 👍🏽", at="👍🏽"),
    ],
    right=[
        Example(
            settings=_WEBSITE, text="It costs £5 – or €6 – at 20 °C, with “quotes”, ½ an hour, a tick ✓ and → arrows."
        ),
        Example(settings=_WEBSITE, header="subject: The garden is open 🌻"),
    ],
)
def signs_not_in_print(context: Context) -> Iterator[Violation]:
    """An emoji, or another sign that the font of the PDF doesn't have."""
    for passage, found in _find_all(context, Lack.SIGN):
        if found.instead.startswith("["):
            signs = passage.prose.text[found.start : found.end]
            yield violation_at(
                passage,
                (found.start, found.end),
                f"The PDF can’t print “{signs}”. It says “{found.instead}” instead.",
                "That may be fine. If not, write it in words.",
            )


def _find_all(context: Context, lack: Lack) -> Iterator[tuple[Passage, Unprintable]]:
    """The stretches of a kind. A PDF is for the website, so without one there are none."""
    for passage in context.texts if context.settings.website else ():
        text = passage.prose.text
        if not text.isascii() and passage.field not in _NOT_PRINTED:
            for found in find_unprintable(text, _read_characters(), note=""):
                if found.lack is lack:
                    yield passage, found


@cache
def _read_characters() -> frozenset[int]:
    """The characters of the fonts that come with the product."""
    fonts = sorted((theme_folder() / "pdf" / "fonts").glob("*.ttf"))
    return find_common_characters(path.read_bytes() for path in fonts)


RULES: tuple[Rule, ...] = (words_not_in_print, signs_not_in_print)
