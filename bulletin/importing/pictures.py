"""The pictures of an old bulletin, as files for the workspace. Nothing is fetched from the network."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from bulletin.declaration.files import is_file, is_inside, read_file
from bulletin.importing.blocks import Block, Role

LARGEST_PICTURE = 5_000_000  # bytes
MOST_PIXELS = 25_000_000  # a phone's photo has half as many; a decompression bomb has thousands of times more
MOST_PICTURES = 60
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "GIF": "gif", "WEBP": "webp", "AVIF": "avif", "TIFF": "tif", "BMP": "bmp"}
_DATA = re.compile(r"data:[\w/+.-]*;base64,(?P<content>[A-Za-z0-9+/=\s]*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedPicture:
    """A picture that can be imported, or (`refused`, in words) the reason why it can't."""

    content: bytes = b""
    suffix: str = ""
    refused: str = ""

    def name(self, alt: str) -> str:
        """The name of its file, made from its words and its content, so that no two pictures share one."""
        words = "-".join(re.findall(r"[a-z0-9]+", alt.lower())[:5]) or "picture"
        return f"{words[:50]}-{sha256(self.content).hexdigest()[:6]}.{self.suffix}"


def take_pictures(blocks: Iterable[Block], *, folder: Path) -> Mapping[str, ImportedPicture]:
    """The pictures of the blocks, by their source. A saved page has its pictures in `folder` or below it."""
    sources = dict.fromkeys(block.source for block in blocks if block.role is Role.PICTURE and block.source)
    taken = {source: _take(source, folder) for source in list(sources)[:MOST_PICTURES]}
    late = ImportedPicture(refused=f"only the first {MOST_PICTURES} pictures are imported")
    return {source: taken.get(source, late) for source in sources}


def _take(source: str, folder: Path) -> ImportedPicture:
    if source.startswith("pdf:"):
        return ImportedPicture(refused="pictures of a PDF are not imported")
    if match := _DATA.fullmatch(source):
        try:
            return _examine(b64decode(match["content"]))
        except NotBase64:
            return ImportedPicture(refused="it is damaged")
    if source.startswith("data:"):
        return ImportedPicture(refused="it is larger than 5 MB, or of a kind that email programs can’t show")
    if re.match(r"(?:[a-z][a-z0-9+.-]*:|//)", source, re.IGNORECASE):
        return ImportedPicture(refused="it is on another server, and nothing is fetched from the network")
    return _read_file(folder, unquote(source.partition("?")[0]))


def _read_file(folder: Path, name: str) -> ImportedPicture:
    """A picture beside the page, where a browser saved it. Files elsewhere are not opened."""
    try:
        if not is_inside(folder / name, folder) or not is_file(folder / name):
            return ImportedPicture(refused="its file is not beside the page")
        return _examine(read_file(folder / name, most=LARGEST_PICTURE + 1))
    except OSError:
        return ImportedPicture(refused="its file can’t be read")


def _examine(content: bytes) -> ImportedPicture:
    """Check a picture by its header alone, without unpacking it."""
    from warnings import catch_warnings, simplefilter

    from PIL import Image, UnidentifiedImageError  # 30 ms, and only those who bring pictures need it

    if len(content) > LARGEST_PICTURE:
        return ImportedPicture(refused="it is larger than 5 MB")
    try:
        with catch_warnings():
            simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=list(_SUFFIXES)) as image:
                pixels, suffix = image.width * image.height, _SUFFIXES[str(image.format)]
    except UnidentifiedImageError:
        return ImportedPicture(refused="it is not a picture that can be converted")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return ImportedPicture(refused="it is damaged, or far too large")
    if pixels > MOST_PIXELS:
        return ImportedPicture(refused=f"it has more than {MOST_PIXELS // 1_000_000} million pixels")
    return ImportedPicture(content=content, suffix=suffix)
