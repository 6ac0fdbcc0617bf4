"""Makes a logo ready for a new workspace: checked, twice as wide as it is shown, with the colours that it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bulletin.declaration.colours import WHITE, measure_contrast
from bulletin.declaration.files import find_remedy, read_file
from bulletin.edition.palette import derive_palette
from bulletin.edition.pictures.cropping import PictureShape
from bulletin.edition.pictures.logo_colours import LogoColours, find_logo_colours
from bulletin.edition.pictures.opening import measure_upright, open_picture
from bulletin.edition.pictures.shaping import shape_picture
from bulletin.errors import BulletinError

MOST_BYTES: Final = 1_000_000
SHOWN_WIDTH: Final = 160
"""Pixels, as `organisation: logo: width` has it unless set. Twice as many are kept, for sharp screens."""

_PALE: Final = 3.0
"""A colour with less contrast with white becomes another one to the eye when it is made dark enough to read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LogoFile:
    """A logo to be written: its bytes, the suffix of its kind, how wide it is shown, and its colours.

    `colours` is None if it has none but greys.
    """

    content: bytes = field(repr=False)
    suffix: str
    width: int
    colours: LogoColours | None

    @property
    def is_pale(self) -> bool:
        """Whether its colour had to become so much darker that a person should see both."""
        return self.colours is not None and measure_contrast(self.colours.seen_accent, WHITE) < _PALE


def read_logo(typed: str) -> LogoFile:
    """The logo in a file, however a terminal wrote its path. Raises BulletinError if it can't be used."""
    path = find_path(typed)
    try:
        content = read_file(path)
    except OSError as error:
        raise BulletinError(f"“{path}” can’t be read: {error.strerror}.", find_remedy(error)) from error
    if len(content) > MOST_BYTES:
        raise BulletinError(f"This logo has {len(content) / 1e6:.1f} MB.", "Save it smaller: 1 MB at most.")
    with open_picture(str(path), content) as image:
        if image.format not in ("PNG", "JPEG", "MPO"):
            raise BulletinError(f"“{path.name}” is neither a PNG nor a JPEG.", "Save it as one of them.")
        shown = min(SHOWN_WIDTH, measure_upright(image)[0])
    if shown < 16:
        raise BulletinError(f"This logo is {shown} pixels wide.", "Use one of 160 pixels or more.")
    shaped = shape_picture(str(path), content, PictureShape(width=shown), MOST_BYTES)
    return LogoFile(content=shaped.content, suffix=shaped.suffix, width=shown, colours=_find_colours(path, content))


def find_path(typed: str) -> Path:
    """The path that was typed, or dropped on a terminal: in quotation marks, or with a backslash before a space."""
    text = typed.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    path = Path(text).expanduser()
    return path if path.exists() else _unescape(text, path)


def _unescape(text: str, otherwise: Path) -> Path:
    plain = Path(text.replace("\\ ", " ")).expanduser()
    return plain if plain.exists() else otherwise


def _find_colours(path: Path, content: bytes) -> LogoColours | None:
    try:
        return find_logo_colours(str(path), content)
    except BulletinError:  # the picture itself was opened before: it has only greys
        return None


def describe_colours(colours: LogoColours) -> str:
    """`Accent colour #124d5c: contrast 9.4 to 1 on white. In dark mode: #5990a0.`"""
    dark = derive_palette(colours.accent, colours.warm).dark.accent
    contrast = measure_contrast(colours.accent, WHITE)
    return f"Accent colour {colours.accent}: contrast {contrast:.1f} to 1 on white. In dark mode: {dark}."
