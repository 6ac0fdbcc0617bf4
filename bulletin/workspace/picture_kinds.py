"""Which kinds of file can be made into a picture that every mail program shows, and what to do about others. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

TAKEN_SUFFIXES: Final = frozenset(
    (".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".avif", ".tif", ".tiff", ".bmp")
)
"""Of the kinds that emails show, and of those that are converted."""

HEAD: Final = 1000
"""As many bytes of a file say what it is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedKind:
    """A kind of file that can't be a picture of an email: its name for people, and what to do.

    `is_picture`: whether it is one, but of a kind that can't be converted.
    """

    name: str
    remedy: str = "Open it in a picture program, and save it as JPEG or PNG."
    is_picture: bool = True


_HEIC = RefusedKind(
    name="HEIC, as iPhones save photos, which most mail programs don’t show",
    remedy="Save it as JPEG. For new photos, choose this on the iPhone: Settings, Camera, Formats, Most Compatible.",
)
_SVG = RefusedKind(
    name="SVG, a drawing that most mail programs don’t show",
    remedy="Open it in a drawing program or a browser, and save it as PNG, 1,280 pixels wide.",
)
_PDF = RefusedKind(name="a PDF, not a picture", remedy="Save the page that you mean as PNG or JPEG.", is_picture=False)
_FILM = RefusedKind(
    name="a film, which emails can’t show",
    remedy="Put it on a website, link to that, and use a still as the picture.",
    is_picture=False,
)
_DOCUMENT = RefusedKind(
    name="a document, not a picture",
    remedy="Open it, right-click the picture in it, and save that as a picture.",
    is_picture=False,
)
_PHOTOSHOP = RefusedKind(name="a file of Photoshop")
_RAW = RefusedKind(name="a camera’s raw file")
_OTHER = RefusedKind(name="of a kind that can’t be converted")

_BY_SUFFIX: Final[Mapping[str, RefusedKind]] = MappingProxyType(
    dict.fromkeys((".heic", ".heif", ".hif"), _HEIC)
    | dict.fromkeys((".svg", ".svgz"), _SVG)
    | dict.fromkeys((".mp4", ".mov", ".m4v", ".webm", ".avi", ".wmv"), _FILM)
    | dict.fromkeys((".docx", ".doc", ".pptx", ".ppt", ".pub", ".odt", ".odp"), _DOCUMENT)
    | dict.fromkeys((".cr2", ".cr3", ".nef", ".arw", ".dng", ".raf", ".orf"), _RAW)
    | dict.fromkeys((".eps", ".ai", ".emf", ".wmf", ".ico", ".jxl", ".jp2", ".xcf"), _OTHER)
    | {".pdf": _PDF, ".psd": _PHOTOSHOP}
)

_BY_START: Final = (
    (b"%PDF", _PDF),
    (b"8BPS", _PHOTOSHOP),
    (b"PK\x03\x04", _DOCUMENT),
    (b"\xd0\xcf\x11\xe0", _DOCUMENT),
    (b"\x1aE\xdf\xa3", _FILM),
    (b"%!PS", _OTHER),
    (b"\x00\x00\x01\x00", _OTHER),  # an icon
    (b"\xd7\xcd\xc6\x9a", _OTHER),  # WMF
    (b"\xff\x0a", _OTHER),  # JPEG XL
    (b"\x00\x00\x00\x0cJXL ", _OTHER),
    (b"\x00\x00\x00\x0cjP  ", _OTHER),  # JPEG 2000
)
# ISO/IEC 14496-12, 4.3: the brands of a file are what it says to be. HEIC and AVIF both say mif1 (23008-12, 10.2).
_OF_HEIC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_OF_AVIF = frozenset((b"avif", b"avis"))


_TAKEN_STARTS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")


def is_picture_content(content: bytes) -> bool:
    """Whether a file can be made into a picture of an email, by its first bytes, whatever its name says."""
    if content[4:8] == b"ftyp":
        return _read_brands(content) is None
    return content.startswith(_TAKEN_STARTS) or (content.startswith(b"RIFF") and content[8:12] == b"WEBP")


def refuse_suffix(suffix: str) -> RefusedKind | None:
    """The kind of a file that can't be a picture by its suffix, with its dot; None if it may be one, or isn't known."""
    return _BY_SUFFIX.get(suffix.lower())


def refuse_content(content: bytes) -> RefusedKind | None:
    """The kind of a file that can't be a picture, by its first bytes; None if it may be one, or isn't known."""
    if content[4:8] == b"ftyp":
        return _read_brands(content)
    for start, kind in _BY_START:
        if content.startswith(start):
            return kind
    head = content[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return _SVG if head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!")) and b"<svg" in head) else None


def _read_brands(content: bytes) -> RefusedKind | None:
    size = min(int.from_bytes(content[:4]), HEAD)
    brands = {content[at : at + 4] for at in (8, *range(16, size, 4))}
    if brands & _OF_AVIF:
        return None
    return _HEIC if brands & _OF_HEIC else _FILM
