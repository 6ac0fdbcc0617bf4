"""Removes what a picture's file says besides the picture: where and when it was taken, its author, a thumbnail.

A phone writes the place into each photo, to a few metres, and editors keep it. What is needed to show the picture
stays, such as its colour profile; no pixel is changed. Pure.

Formats: JPEG (ITU-T T.81, annex B), PNG (W3C PNG, third edition, 5 and 11), GIF89a (23 to 26).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_JPEG, _PNG, _GIF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a")


def remove_metadata(content: bytes) -> bytes:
    """A whole PNG, JPEG or GIF without its metadata; anything that can't be followed comes back as it is."""
    pieces = None
    if content.startswith(_JPEG):
        pieces = _cut_jpeg(content)
    elif content.startswith(_PNG):
        pieces = _cut_png(content)
    elif content.startswith(_GIF):
        pieces = _cut_gif(content)
    if pieces is None:
        return content
    try:
        return b"".join(pieces)
    except (IndexError, ValueError):
        return content


# --- JPEG: segments, each with a marker; and the scans, which have no length

_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment
_SOS, _EOI = 0xDA, 0xD9
_APP, _COM = range(0xE0, 0xF0), 0xFE
# JFIF, the colour profile, and what Adobe says about the colours: without them it looks different.
_KEPT = {0xE0: (b"JFIF\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
_END_OF_SCAN = re.compile(rb"\xff+(?!\xff)[^\x00\xd0-\xd7]", re.DOTALL)


def _cut_jpeg(content: bytes) -> Iterator[bytes]:
    """The segments to keep. What follows the end, such as the film of a moving photo, is left out."""
    yield _JPEG
    at = 2
    while True:
        at = _skip_fill(content, at)
        marker = content[at + 1]
        if marker == _EOI:
            yield content[at : at + 2]
            return
        length = 0 if marker in _ALONE else int.from_bytes(_take(content, at + 2, 2))
        end = at + 2 + length
        segment = _take(content, at, end - at)
        if marker == _SOS:
            found = _END_OF_SCAN.search(content, end)
            if found is None:  # cut short, but shown all the same
                yield content[at:]
                return
            end = found.start()
            segment = content[at:end]
        if not (marker == _COM or (marker in _APP and not segment[4:].startswith(_KEPT.get(marker, ())))):
            yield segment
        at = end


def _skip_fill(content: bytes, at: int) -> int:
    """Where the next marker begins: any number of 0xFF may stand before it. Raises ValueError."""
    if content[at] != 0xFF:
        raise ValueError(at)
    while content[at + 1] == 0xFF:
        at += 1
    return at


# --- PNG: chunks

# What shows the picture: pixels, colours, movement. Texts, Exif, times and what programs keep of their own are not.
_CHUNKS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"cHRM", b"gAMA", b"iCCP"))
_CHUNKS |= frozenset((b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"cICP", b"mDCV", b"cLLI"))


def _cut_png(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        length, kind = int.from_bytes(_take(content, at, 4)), _take(content, at + 4, 4)
        chunk = _take(content, at, 12 + length)
        if kind in _CHUNKS:
            yield chunk
        if kind == b"IEND":
            return
        at += len(chunk)


# --- GIF: blocks, those of an extension in sub-blocks

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _cut_gif(content: bytes) -> Iterator[bytes]:
    at = 13 + _colours(content[10])
    yield _take(content, 0, at)
    while (block := content[at]) != _TRAILER:
        if block == _EXTENSION:
            label = content[at + 1]
            end = _end_of_sub_blocks(content, at + 2)
            unwanted = label == _COMMENT or (label == _APPLICATION and content[at + 3 : at + 14] not in _LOOPS)
        elif block == _IMAGE:
            data = at + 10 + _colours(content[at + 9])
            end, unwanted = _end_of_sub_blocks(content, data + 1), False
        else:
            raise ValueError(block)
        if not unwanted:
            yield content[at:end]
        at = end
    yield content[at : at + 1]


def _colours(flags: int) -> int:
    """How many octets the colour table takes that the flags tell of."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_sub_blocks(content: bytes, at: int) -> int:
    while size := content[at]:
        at += 1 + size
    return at + 1


def _take(content: bytes, at: int, length: int) -> bytes:
    """Raises ValueError where the content ends before that."""
    piece = content[at : at + length]
    if len(piece) < length:
        raise ValueError(at)
    return piece
