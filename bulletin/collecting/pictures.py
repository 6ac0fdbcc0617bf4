"""Pictures that lie beside a contribution: they are copied to `issues/images/`, each once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import cast

from bulletin.collecting.contribution import Record
from bulletin.declaration.files import find_remedy, read_file
from bulletin.declaration.source import Data, Source
from bulletin.errors import Fault, FaultyFiles
from bulletin.workspace.picture_kinds import TAKEN_SUFFIXES, is_picture_content, refuse_content

FOLDER = "issues/images"
"""The folder for pictures, from that of bulletin.yaml."""

LARGEST_PICTURE = 20_000_000  # bytes; a photo of a telephone has about 5 MB

_LONGEST_NAME = 100  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureBeside:
    """A picture in the folder of contributions: its file's name, its content, and the path of its copy.

    `is_new` unless the copy is there already, or was made before.
    """

    file: str
    content: bytes
    digest: str
    path: str
    is_new: bool


def is_picture(path: Path) -> bool:
    """Whether a file has the name of a picture that emails can show."""
    return path.suffix.lower() in TAKEN_SUFFIXES


def read_pictures(files: Iterable[Path], *, root: Path, copied: Mapping[str, str]) -> Iterator[PictureBeside | Fault]:
    """Each picture with the path that it is, or will be, copied to in the workspace at `root`; or why it can't be used.

    `copied` are the paths of copies that were made before, by the digest of their content.
    """
    known = dict(copied)
    for path in files:
        try:
            content = _read(path)
        except FaultyFiles as error:
            yield error.faults[0]
            continue
        digest = sha256(content).hexdigest()
        target = known.get(digest) or _choose_path(path, content, root, {one.casefold() for one in known.values()})
        is_new = digest not in known and not (root / target).exists()
        known[digest] = target
        yield PictureBeside(file=path.name, content=content, digest=digest, path=target, is_new=is_new)


def _read(path: Path) -> bytes:
    try:
        content = read_file(path, most=LARGEST_PICTURE + 1)
    except OSError as error:
        raise _fault(path, f"This cannot be read: {error.strerror}.", find_remedy(error)) from error
    if len(content) > LARGEST_PICTURE:
        raise _fault(path, f"This picture has more than {LARGEST_PICTURE // 1_000_000} MB.", "Send a smaller one.")
    if kind := refuse_content(content):
        raise _fault(path, f"This is {kind.name}, whatever its file’s name says.", kind.remedy)
    if not is_picture_content(content):
        raise _fault(path, "This is not a picture, whatever its name says.", "Save it as JPEG or PNG.")
    return content


def _fault(path: Path, message: str, remedy: str) -> FaultyFiles:
    return FaultyFiles([Fault(file=path.name, message=message, remedy=remedy)])


def _choose_path(path: Path, content: bytes, root: Path, taken: Collection[str]) -> str:
    """A path in the folder for pictures that is free, or has this content. `taken` are others, in small letters."""
    stem = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", path.stem))[:_LONGEST_NAME].strip("-.") or "picture"
    number = 1
    while True:
        target = f"{FOLDER}/{stem}{f'-{number}' if number > 1 else ''}{path.suffix.lower()}"
        if target.casefold() not in taken and _is_free(root / target, content):
            return target
        number += 1


def _is_free(path: Path, content: bytes) -> bool:
    try:
        return read_file(path, most=len(content) + 1) == content
    except FileNotFoundError:
        return True
    except OSError:
        return False


def use_pictures(source: Source, pictures: Mapping[str, str]) -> Source:
    """The source with the paths of the copies, where it names a picture that lies beside it. Capitals don't matter."""
    known = {unicodedata.normalize("NFC", name).casefold(): path for name, path in pictures.items()}
    return replace(source, data=_use(source.data, known)) if known else source


def _use(data: Data, known: Mapping[str, str]) -> Data:
    if isinstance(data, list):
        return [_use(value, known) for value in data]
    if not isinstance(data, dict):
        return data
    used: Record = {name: _use(value, known) for name, value in data.items()}
    image = used.get("image")
    if isinstance(image, dict) and isinstance(name := image.get("file"), str):
        bare = re.split(r"[/\\]", unicodedata.normalize("NFC", name.strip()))[-1].casefold()
        used["image"] = cast("Data", {**image, "file": known.get(bare, name)})
    return used
