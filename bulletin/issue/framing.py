"""Which part of a picture readers see, and how large: `crop: 4:3`, `focus: top`, `size: small`. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BeforeValidator, WithJsonSchema

from bulletin.declaration.values import invalid, parsed_by

NARROWEST: Final = 4
"""Times as wide as high that a crop may be, or as high as wide: beyond that, too little of a picture is left."""

_RATIO: Final = re.compile(r"([1-9][0-9]{0,2})\s*:\s*([1-9][0-9]{0,2})")
_POINT: Final = re.compile(r"([0-9]{1,3})\s*%\s*,?\s*([0-9]{1,3})\s*%")

_ACROSS: Final = {"left": 0, "right": 100}
_DOWN: Final = {"top": 0, "bottom": 100}
_CENTRE: Final = ("centre", "center", "middle")


class ImageSize(StrEnum):
    """How much of the column a picture takes."""

    SMALL = "small"
    HALF = "half"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class CropRatio:
    """A picture's width to its height: `4:3`."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}:{self.height}"


@dataclass(frozen=True, slots=True)
class Focus:
    """The point that stays in view when a picture is cropped: per cent of its width from the left, of its height down.

    As in CSS (`object-position`), that point of the picture comes to the same point of the part that is kept.
    """

    across: int = 50
    down: int = 50

    def __str__(self) -> str:
        return f"{self.across}% {self.down}%"


CENTRE: Final = Focus()


def parse_ratio(text: str) -> CropRatio:
    """`4:3`, `16:9`, `1:1`. Raises PydanticCustomError."""
    match = _RATIO.fullmatch(text)
    if not match:
        raise invalid(f"“{text}” is not a shape.", "Write width and height in whole numbers, as in 4:3, 16:9 or 1:1.")
    ratio = CropRatio(int(match[1]), int(match[2]))
    if max(ratio.width, ratio.height) > NARROWEST * min(ratio.width, ratio.height):
        raise invalid(
            f"“{text}” leaves too little of a picture.", f"Choose a shape between 1:{NARROWEST} and {NARROWEST}:1."
        )
    return ratio


def parse_focus(text: str) -> Focus:
    """`top`, `bottom`, `left`, `right`, `centre`, two (`top left`), or `30% 20%`. Raises PydanticCustomError."""
    if match := _POINT.fullmatch(text):
        across, down = int(match[1]), int(match[2])
        if max(across, down) <= 100:
            return Focus(across, down)
    if (found := _read_words(text)) is None:
        raise invalid(
            f"“{text}” is not a place in a picture.",
            "Write top, bottom, left, right or centre, or how far from the left and from the top, as in 30% 20%.",
        )
    return found


def _read_words(text: str) -> Focus | None:
    """The place that one or two words mean, in either order; None for others, or for two that exclude each other."""
    words = [word for word in re.split(r"[\s,-]+", text.lower()) if word]
    sides = [word for word in words if word not in _CENTRE]
    across = [_ACROSS[word] for word in sides if word in _ACROSS]
    down = [_DOWN[word] for word in sides if word in _DOWN]
    if len(words) not in (1, 2) or len(across) > 1 or len(down) > 1 or len(across) + len(down) != len(sides):
        return None
    return Focus(*(across or [50]), *(down or [50]))


ACropRatio = Annotated[CropRatio, BeforeValidator(parsed_by(parse_ratio)), WithJsonSchema({"type": "string"})]
AFocus = Annotated[Focus, BeforeValidator(parsed_by(parse_focus)), WithJsonSchema({"type": "string"})]
