"""Blocks from a Word document (.docx), by way of HTML."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from posixpath import normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

from bulletin.declaration.xml_parts import declares_entities, parse_xml
from bulletin.errors import BulletinError
from bulletin.importing.blocks import Block, Role
from bulletin.importing.html_pages import read_html
from bulletin.importing.losses import make_loss, report_missing
from bulletin.importing.page.line_breaks import TAB
from bulletin.importing.restoring.formatting import LARGE, is_struck_run, state_looks

LARGEST_UNPACKED = 50_000_000
LARGEST_PICTURE = 5_000_000
HIGHEST_RATIO = 200
MOST_PARTS = 5_000
_WITH_WORDS = re.compile(r"word/(?:document|(?:foot|end)notes|header\d*|footer\d*|diagrams/data\d*)\.xml")
_CONVERTED = re.compile(r"word/(?:document|footnotes|endnotes)\.xml")
_STYLE_PART = "word/styles.xml"
_HIDDEN = Block(role=Role.LEFT_OUT, runs=(), check="words that are hidden in the document")
_RELATIONS = "word/_rels/document.xml.rels"
_PASSED_OVER = {
    "altChunk": "Another document inside this one. Open it in Word, and paste its text in the right place.",
    "chart": "A chart. If you need it, save it as a picture.",
    "relIds": "A SmartArt drawing. If you need it, save it as a picture.",
    "OLEObject": "An embedded file, such as a workbook. It is not opened.",
    "oMath": "A formula.",
}
"""Elements that the converter skips: their names, and the words for the loss."""

# A document's title is above its headings, so each of those goes one level down.
# Templates give the depth of a list as a style, listed here; Word's own buttons number the depth.
_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        *(f"p[style-name='Heading {n}'] => h{n + 1}:fresh" for n in range(1, 6)),
        *(f"p.{LARGE}{n} => h{n}:fresh" for n in range(1, 5)),
        *(f"p[style-name='List Bullet {n}'] => {'ul|ol > li > ' * (n - 1)}ul > li:fresh" for n in (2, 3)),
        *(f"p[style-name='List Number {n}'] => {'ul|ol > li > ' * (n - 1)}ol > li:fresh" for n in (2, 3)),
    ]
)


def read_docx(data: bytes) -> list[Block]:
    """The blocks of a document. Raises BulletinError if it would unpack to more than a bulletin can be.

    Embedded documents and packages are not opened. Skipped content becomes blocks of `Role.LOST`.
    """
    import mammoth  # type: ignore[import-untyped]  # no stubs; 80 ms, and only those who bring a .docx need it

    with ZipFile(BytesIO(data)) as package:
        _refuse_bombs(package)
        _refuse_entities(package)
        parts, absent = _read_parts(package), list(_find_absent(package))
        styles = parse_xml(package.read(_STYLE_PART), huge=True) if _STYLE_PART in package.namelist() else None
        hidden = state_looks(parts, styles)
        restated = _rewrite(package, {name: parts[name] for name in parts if _CONVERTED.fullmatch(name)})
    drawn = mammoth.images.img_element(_write_source)
    made = mammoth.convert_to_html(restated, convert_image=drawn, style_map=_STYLES, external_file_access=False)
    page = made.value.replace("\t", TAB)  # each tab of a converted document was typed
    blocks = [*(read_html(page.encode()) if page.strip() else []), *([_HIDDEN] if hidden else [])]
    return [*blocks, *absent, *_find_lost(parts, [message.message for message in made.messages], blocks)]


def _rewrite(package: ZipFile, parts: dict[str, etree._Element]) -> BytesIO:
    """The document with some parts changed."""
    written = BytesIO()
    with ZipFile(written, "w") as changed:
        for name in dict.fromkeys(package.namelist()):
            changed.writestr(name, etree.tostring(parts[name]) if name in parts else package.read(name))
    written.seek(0)
    return written


def _read_parts(package: ZipFile) -> dict[str, etree._Element]:
    """The parts of a document that have words, by their names."""
    return {
        name: parse_xml(package.read(name), huge=True) for name in package.namelist() if _WITH_WORDS.fullmatch(name)
    }


def _find_absent(package: ZipFile) -> Iterator[Block]:
    """A loss for each part that the document points to but the file lacks, for example after a broken download."""
    names = set(package.namelist())
    if _RELATIONS in names:
        for relation in parse_xml(package.read(_RELATIONS)):
            target = relation.get("Target") or ""
            name = target.removeprefix("/") if target.startswith("/") else normpath(f"word/{target}")
            if relation.get("TargetMode") != "External" and name not in names and not target.startswith("#"):
                yield make_loss(f"A part of the document that is missing from the file: {target}")


def _find_lost(parts: dict[str, etree._Element], messages: Iterable[str], blocks: Sequence[Block]) -> Iterator[Block]:
    """The losses: content that the converter reports, and words of the document that are in no block."""
    for name, root in parts.items():
        what = "headers or footers" if re.search("header|footer", name) else "text, drawings or notes"
        yield from report_missing(f"Words of the document’s {what}", "\n".join(_find_texts(root)), blocks)
    found = {etree.QName(element).localname for root in parts.values() for element in root.iter(etree.Element)}
    yield from (make_loss(words) for name, words in _PASSED_OVER.items() if name in found)
    for message in dict.fromkeys(messages):
        if "image file" in message or "imagedata" in message:
            yield make_loss("A picture that the document points to but doesn’t have.")
        elif symbol := re.search(r"unsupported character was ignored: char (\w+) in font (.+)", message):
            yield make_loss(f"A symbol (number {symbol[1]} of the font {symbol[2]}).")


def _find_texts(root: etree._Element) -> Iterator[str]:
    """The text of each paragraph, without what is deleted, moved away or struck out."""
    for paragraph in root.iter("{*}p"):
        words = []
        for element in paragraph.iter("{*}t", "{*}tab", "{*}br", "{*}noBreakHyphen"):
            gone = any(etree.QName(one).localname in ("del", "moveFrom") for one in element.iterancestors())
            gone = gone or is_struck_run(element.getparent())
            words.append((element.text or "") if etree.QName(element).localname == "t" and not gone else " ")
        yield "".join(words)


def _write_source(image: Any) -> dict[str, str]:
    """A picture of the document as a data: URI; only a mark if it is too large to import."""
    with image.open() as file:
        content = file.read(LARGEST_PICTURE + 1)
    if len(content) > LARGEST_PICTURE:
        return {"src": "data:,too-large"}
    return {"src": f"data:{image.content_type};base64,{b64encode(content).decode()}"}


def _refuse_bombs(package: ZipFile) -> None:
    """Check the sizes that the package declares. Python never unpacks a part beyond its declared size."""
    parts = package.infolist()
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or unpacked > HIGHEST_RATIO * max(packed, 1):
        raise BulletinError(
            "Unpacked, this document is far larger than a bulletin can be.",
            "If you trust it, remove its large pictures, save it, and try again.",
        )


def _refuse_entities(package: ZipFile) -> None:
    """A part with a document type could make a parser open other files or grow without end. Word writes none."""
    for part in package.infolist():
        if part.filename.endswith((".xml", ".rels")) and declares_entities(package.read(part)):
            raise BulletinError(
                "The document declares entities, which Word never does.",
                "Open it in a word processor, save it as a new .docx, and try again.",
            )
