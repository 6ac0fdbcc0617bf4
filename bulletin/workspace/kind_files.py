"""The kinds of section that a workspace declares itself: the files in its folder `sections`.

They are read whenever an issue is. A file that says the same gives the same model, so records that are read one after
the other can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from bulletin.declaration.files import find_files, is_folder
from bulletin.declaration.source import Source, read_source
from bulletin.declaration.validation import validate
from bulletin.errors import Fault, FaultyFiles
from bulletin.issue.own_kinds.kind_file import KindFile, find_misnamed_kind
from bulletin.issue.own_kinds.kind_model import make_model
from bulletin.issue.section import BaseSection
from bulletin.issue.sections import OwnKinds, section_kinds

FOLDER = "sections"
MOST_KINDS = 40
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
        source = read_source(path, shown_as=shown_as)
        declared = _validate(source)
    except FaultyFiles as error:
        raise FaultyFiles([*faults, *error.faults]) from None
    if faults:
        raise FaultyFiles(faults)
    return _make_model(path.stem, declared)


def _validate(source: Source) -> KindFile:
    return validate(source, KindFile)


def _find_common_faults(paths: list[Path], models: list[type[BaseSection]]) -> Iterator[Fault]:
    """Too many kinds, and words that two kinds are called by."""
    if len(paths) > MOST_KINDS:
        message = f"There are {len(paths)} kinds of section here; the most is {MOST_KINDS}."
        yield Fault(file=f"{FOLDER}/{paths[MOST_KINDS].name}", message=message, remedy="Delete those that no one uses.")
    known = {word: kind for kind, model in section_kinds().items() for word in (kind, *model.also_called)}
    for model in models:
        for word in sorted(model.also_called):
            if word in known:
                message = f"“{word}” means the kind {known[word]} already."
                file = f"{FOLDER}/{model.__name__}{_SUFFIX}"
                yield Fault(file=file, message=message, remedy="Delete it from `also_called:`.")
            known[word] = model.__name__


@lru_cache(maxsize=256)
def _make_model_of(kind: str, declared: str) -> type[BaseSection]:
    return make_model(kind, KindFile.model_validate_json(declared))


def _make_model(kind: str, declared: KindFile) -> type[BaseSection]:
    """The model of a kind; the same one for the same declaration."""
    return _make_model_of(kind, declared.model_dump_json(by_alias=True))
