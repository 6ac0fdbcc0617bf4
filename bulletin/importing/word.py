"""Blocks from a Word document (.docx), by way of HTML."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block
from bulletin.importing.web import read_html

LARGEST_UNPACKED = 50_000_000
LARGEST_PICTURE = 5_000_000
HIGHEST_RATIO = 200
MOST_PARTS = 5_000

# A document's title stands above its headings, so each of those goes one level down.
# Lists whose depth is a style, as templates have them, are told here; Word's own buttons number the depth.
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        *(f"p[style-name='Heading {n}'] => h{n + 1}:fresh" for n in range(1, 6)),
        *(f"p[style-name='List Bullet {n}'] => {'ul|ol > li > ' * (n - 1)}ul > li:fresh" for n in (2, 3)),
        *(f"p[style-name='List Number {n}'] => {'ul|ol > li > ' * (n - 1)}ol > li:fresh" for n in (2, 3)),
    ]
)


def read_docx(data: bytes) -> list[Block]:
    """The blocks of a document. Raises BulletinError for one that would unpack to more than a bulletin can be.

    Documents and packages that are embedded in it are not opened.
    """
    import mammoth  # type: ignore[import-untyped]  # no stubs; 80 ms, and only those who bring a .docx need it

    with ZipFile(BytesIO(data)) as package:
        _refuse_bombs(package)
        _refuse_entities(package)
    drawn = mammoth.images.img_element(_write_source)
    page = mammoth.convert_to_html(
        BytesIO(data), convert_image=drawn, style_map=_STYLES, external_file_access=False
    ).value
    return read_html(page.encode()) if page.strip() else []


def _write_source(image: Any) -> dict[str, str]:
    """A picture of the document as a data: URI; a mark alone for one that is too large to take over."""
    with image.open() as file:
        content = file.read(LARGEST_PICTURE + 1)
    if len(content) > LARGEST_PICTURE:
        return {"src": "data:,too-large"}
    return {"src": f"data:{image.content_type};base64,{b64encode(content).decode()}"}


def _refuse_bombs(package: ZipFile) -> None:
    """By what the package declares; Python never unpacks a part beyond it."""
    parts = package.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 1):
        raise BulletinError(
            "The document would unpack to far more than a bulletin can be.",
            "If you trust it, take its large pictures out, save it again, and try once more.",
        )


def _refuse_entities(package: ZipFile) -> None:
    """A part with a document type could make a parser open other files or grow without end. Word writes none."""
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels")):
            content = package.read(part).replace(b"\0", b"").upper()  # UTF-16 has a zero beside each letter
            if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
                raise BulletinError(
                    "The document declares entities, which Word never does.",
                    "Open it in a word processor, save it as a new .docx, and try again.",
                )
