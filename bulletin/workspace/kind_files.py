"""The kinds of section that a workspace declares itself: the files in its folder `sections`.

They are read whenever an issue is. A file that says the same gives the same model, so records that are read one after
the other can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bulletin.declaration.files import find_files, find_remedy, is_folder, read_file
from bulletin.declaration.source import decode, parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.own_kinds.kind_file import KindFile, find_misnamed_kind
from bulletin.issue.own_kinds.kind_model import make_model
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import OwnKinds, section_kinds

FOLDER = "sections"
MOST_KINDS = 40
LARGEST_KIND = 50_000  # bytes; one with 60 fields has 6,000
_SUFFIX = ".yaml"


def list_kind_names(root: Path) -> tuple[str, ...]:
    """The names of the kinds in the workspace `root`, in order: those of their files, whatever these hold."""
    return tuple(path.stem for path in find_kind_files(root))


def find_kind_files(root: Path) -> list[Path]:
    """The files in `sections`, in order."""
    folder = root / FOLDER
    return sorted(path for path in find_files(folder) if path.suffix == _SUFFIX) if is_folder(folder) else []


def read_kinds(root: Path) -> OwnKinds:
    """The kinds that the files in `sections` declare now. Raises FaultyFiles with every fault in all of them."""
    models: list[type[BaseSection]] = []
    faults: list[Fault] = []
    paths = find_kind_files(root)
    for path in paths[:MOST_KINDS]:
        try:
            models.append(_read_kind(path))
        except FaultyFiles as error:
            faults += error.faults
    faults += _find_common_faults(paths, models)
    if faults:
        raise FaultyFiles(faults)
    return tuple(models)


def _read_kind(path: Path) -> type[BaseSection]:
    shown_as = f"{FOLDER}/{path.name}"
    misnamed = find_misnamed_kind(path.stem, section_kinds())
    faults = [Fault(file=shown_as, message=misnamed.message, remedy=misnamed.remedy)] if misnamed else []
    try:
        declared = _parse_kind(_read_lines(path, shown_as), shown_as)
    except FaultyFiles as error:
        raise FaultyFiles([*faults, *error.faults]) from None
    if faults:
        raise FaultyFiles(faults)
    return _make_model(path.stem, declared)


def _read_lines(path: Path, shown_as: str) -> bytes:
    """The bytes of a file. Raises FaultyFiles if it can't be read."""
    try:
        return read_file(path, most=LARGEST_KIND + 1)
    except OSError as error:
        message = f"This cannot be read: {error.strerror}."
        raise FaultyFiles([Fault(file=shown_as, message=message, remedy=find_remedy(error))]) from error


@lru_cache(maxsize=256)
def _parse_kind(content: bytes, shown_as: str) -> str:
    """What a file declares, as JSON. It is read for each issue, so the same bytes are parsed once."""
    if len(content) > LARGEST_KIND:
        message = f"This file has more than {LARGEST_KIND:,} bytes."
        raise FaultyFiles(
            [Fault(file=shown_as, message=message, remedy="A kind needs less. Delete what is no part of it.")]
        )
    source = parse_source(decode(content, shown_as=shown_as), shown_as=shown_as)
    return validate(source, KindFile).model_dump_json(by_alias=True)


@lru_cache(maxsize=256)
def _make_model(kind: str, declared: str) -> type[BaseSection]:
    """The model of a kind; the same one for the same declaration, so that comments don't matter."""
    return make_model(kind, KindFile.model_validate_json(declared))


def _find_common_faults(paths: list[Path], models: list[type[BaseSection]]) -> Iterator[Fault]:
    """Too many kinds, and words that two kinds are called by."""
    if len(paths) > MOST_KINDS:
        message = f"There are {len(paths)} kinds of section here; the most is {MOST_KINDS}."
        yield Fault(file=f"{FOLDER}/{paths[MOST_KINDS].name}", message=message, remedy="Delete those that no one uses.")
    known = {word: kind for kind, model in section_kinds().items() for word in (kind, *model.also_called)}
    known |= {model.__name__: model.__name__ for model in models}
    for model in models:
        for word in sorted(model.also_called):
            if word in known:
                message = f"“{word}” means the kind {known[word]} already."
                file = f"{FOLDER}/{model.__name__}{_SUFFIX}"
                yield Fault(file=file, message=message, remedy="Delete it from `also_called:`.")
            known[word] = model.__name__
