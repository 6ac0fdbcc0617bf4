"""Accessibility: the alternative texts of pictures. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from bulletin.issue.item import Image
from bulletin.issue.passages import Passage
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


def _picture(alt: str, *, caption: str = "") -> str:
    return (
        "- kind: article\n  title: A new garden\n  text: Volunteers have planted lavender.\n"
        f"  image:\n    file: issues/images/garden.png\n    alt: '{alt}'\n"
        + (f"    caption: {caption}\n" if caption else "")
    )


_FILE_NAME = re.compile(
    r"\S{1,120}\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg|heic)\Z|(?:IMG|DSC|DSCN|DSCF|PXL|MVIMG|DJI)[ _-]?\d{3,12}\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(
    {"image", "picture", "photo", "photograph", "graphic", "illustration", "icon", "banner", "header", "screenshot"}
    | {"untitled", "logo", "poster", "alt", "none", "placeholder", "img", "pic", "figure"}
)


@rule(
    "ACC02",
    "alternative-says-nothing",
    severity=Severity.WARNING,
    reason="Readers who can’t see the picture get these words instead. A file name tells them nothing.",
    wrong=[
        Example(sections=_picture("IMG_2043.JPG"), at="IMG_2043.JPG"),
        Example(sections=_picture("Volunteers plant lavender", caption="Volunteers plant lavender"), at="Volunteers"),
    ],
    right=[Example(sections=_picture("Two children water a flower bed", caption="The new garden"))],
)
def alternative_says_nothing(context: Context) -> Iterator[Violation]:
    """Alternative text that is a file name, the word “picture”, or the same as the caption."""
    for passage, image in _alternatives(context):
        alt = image.alt.strip().strip(".")
        stem = PurePosixPath(image.file).stem
        if _FILE_NAME.match(image.alt.strip()) or (alt == stem and not alt.isalpha()):
            message = "This is a file name, not what the picture shows."
        elif alt.casefold() in _SAYS_NOTHING:
            message = f"“{alt}” doesn’t say what the picture shows."
        elif image.caption and alt.casefold() == image.caption.strip().strip(".").casefold():
            message = "This is the same as the caption, so readers who listen hear it twice."
        else:
            continue
        yield violation_at(
            passage, (0, len(passage.prose.text)), message, "Say what readers who can’t see it should know."
        )


def _alternatives(context: Context) -> Iterator[tuple[Passage, Image]]:
    for passage in context.texts:
        if isinstance(passage.record, Image) and passage.field == "alt":
            yield passage, passage.record


_IMAGE_OF = re.compile(
    r"(?:(?:an?|the|this)\s{1,3})?(?:image|picture|pic|photo|photograph|graphic)\s{1,3}(?:of|showing|that shows)\b",
    re.IGNORECASE,
)


@rule(
    "ACC03",
    "alternative-image-of",
    severity=Severity.WARNING,
    reason="A screen reader already says “image”, so readers hear it twice.",
    wrong=[Example(sections=_picture("Photo of two children"), at="Photo of")],
    right=[Example(sections=_picture("Two children take a photo of a flower bed"))],
)
def alternative_image_of(context: Context) -> Iterator[Violation]:
    """Alternative text that begins with “image of”, “photo of” or similar."""
    for passage, _ in _alternatives(context):
        if match := _IMAGE_OF.match(passage.prose.text):
            yield violation_at(
                passage,
                (0, match.end()),
                f"A screen reader already says that this is an image, so “{match[0]}” is heard twice.",
                "Begin with what is in the picture.",
            )


LONGEST_ALTERNATIVE = 150
"""Characters: about ten seconds of listening, which readers can't pause."""


@rule(
    "ACC04",
    "alternative-too-long",
    severity=Severity.WARNING,
    reason="A screen reader reads alternative text in one go, without a place to pause or go back.",
    wrong=[Example(sections=_picture("Children water flowers, " * 7 + "and rest."), at="Children water flowers")],
    right=[Example(sections=_picture("Children water a flower bed"))],
)
def alternative_too_long(context: Context) -> Iterator[Violation]:
    """Alternative text of more than 150 characters."""
    for passage, _ in _alternatives(context):
        if (length := len(passage.prose.text)) > LONGEST_ALTERNATIVE:
            yield violation_at(
                passage,
                (0, length),
                f"This alternative text has {length} characters; listeners follow {LONGEST_ALTERNATIVE} at most.",
                "Put the main point here, and the rest in the text, where everyone can read it.",
            )


RULES: tuple[Rule, ...] = (alternative_says_nothing, alternative_image_of, alternative_too_long)
