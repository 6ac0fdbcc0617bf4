"""Read an old bulletin's file into blocks, or say in words why it can't be read."""

from __future__ import annotations

import re
from pathlib import Path

from bulletin.declaration.files import NotAFile, find_remedy, read_file
from bulletin.errors import BulletinError, NotFound
from bulletin.importing.blocks import Block, Role
from bulletin.importing.losses import find_unreadable
from bulletin.importing.plain import read_text
from bulletin.importing.sandbox import MOST_MEMORY, MOST_SECONDS, Unreadable, read_apart

LARGEST_FILE = 30_000_000
_SUFFIXES = {
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".txt": "txt",
    ".text": "txt",
    ".md": "txt",
    ".pdf": "pdf",
    ".pub": "pub",
}
_NAMES = {
    "docx": "a Word document (.docx)",
    "html": "a web page (.html)",
    "txt": "plain text (.txt)",
    "pdf": "a PDF",
    "pub": "a Publisher file (.pub)",
    "old": "a file of an older Office program, such as .doc",
    "rtf": "rich text (.rtf)",
}
_AS_DOCX = "Open it in Word or LibreOffice, save it as a Word document (.docx), and try again."
_AS_PAGE = "Open it in a browser, save it as a complete web page (.html), and try again."
_REMEDIES = {
    **dict.fromkeys((".doc", ".dot", ".rtf", ".odt", ".wps", ".wpd", ".docm"), _AS_DOCX),
    ".pages": "Open it in Pages, export it as a Word document (.docx), and try again.",
    **dict.fromkeys((".mht", ".mhtml", ".xhtml", ".webarchive"), _AS_PAGE),
    **dict.fromkeys((".eml", ".msg"), "Open it in your email program, save it as a web page (.html), and try again."),
    **dict.fromkeys((".ppt", ".pptx", ".indd", ".idml", ".odg"), "Export it as a PDF, and try again."),
}
"""What to do with files of other types, by the endings of their names."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how files of Office began before 2007, and those of Publisher still


def read_old(path: Path, *, seconds: float = MOST_SECONDS, memory: int = MOST_MEMORY) -> list[Block]:
    """The blocks of an old bulletin. Parts that couldn't be read become blocks of `Role.LOST`.

    Raises NotFound if there is no such file. Raises BulletinError if its type is unknown or not what its name says, if
    it is damaged or could harm the computer, or if it needs more than `seconds` or `memory` (bytes).
    """
    data = _read_bytes(path)
    kind = _find_kind(path, data)
    try:
        blocks = read_text(data) if kind == "txt" else read_apart(kind, data, seconds=seconds, memory=memory)
    except Unreadable as error:
        raise BulletinError(
            f"{path} is damaged: it can’t be read as {_NAMES[kind]}.",
            "Open it in the program that made it and save it again, or copy its text into a .txt file.",
        ) from error
    except BulletinError as error:
        raise BulletinError(f"{path}: {error.message}", error.remedy) from error
    # A line of invisible characters has nothing to import.
    seen = [block for block in blocks if block.text.strip() or block.source or block.role is Role.LEFT_OUT]
    return [*seen, *find_unreadable(seen)]


def _read_bytes(path: Path) -> bytes:
    try:
        data = read_file(path, most=LARGEST_FILE + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.", "Check the path of the old bulletin.") from None
    except NotAFile as error:
        raise BulletinError(
            f"{path} cannot be read: {error.strerror}.", "Check the path of the old bulletin."
        ) from None
    except OSError as error:
        raise BulletinError(f"{path} cannot be read: {error.strerror}.", find_remedy(error)) from error
    if len(data) > LARGEST_FILE:
        raise BulletinError(
            f"{path} is larger than {LARGEST_FILE // 1_000_000} MB.", "Remove its pictures, and try again."
        )
    if not data.strip():
        raise BulletinError(f"{path} is empty.", "Choose the file of an old bulletin.")
    return data


def _find_kind(path: Path, data: bytes) -> str:
    """The type of a file by its name, if its first bytes agree."""
    named = _SUFFIXES.get(path.suffix.lower())
    if named is None:
        remedy = _REMEDIES.get(path.suffix.lower(), "Save it as .docx, .html, .txt or .pdf, and try again.")
        raise BulletinError(f"Files of this type can’t be imported: {path}.", remedy)
    found = _sniff(data)
    found = "pub" if (named, found) == ("pub", "old") else found
    if found != named and not (found == "txt" and named == "html"):
        if named == "txt" and found == "html":
            return "txt"
        what = _NAMES.get(found, "something else")
        remedy = _AS_DOCX if found in ("old", "rtf") else "Give it the right ending, or save it again."
        raise BulletinError(f"{path} is called {_NAMES[named]}, but is {what}.", remedy)
    return named


def _sniff(data: bytes) -> str:
    """The type of a file by its first bytes."""
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "txt"
    if data.startswith((_OLE, b"{\\rtf")):
        return "old" if data.startswith(_OLE) else "rtf"
    if b"\0" in data[:4096]:
        return "unknown"
    return (
        "html" if re.search(rb"<(!doctype html|html|body|table|div|p|h[1-6])\b", data[:4096], re.IGNORECASE) else "txt"
    )
