"""Record what would be sent now, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Any

from bulletin import __version__
from bulletin.approval.authors import find_strangers
from bulletin.approval.contents import PDF_THEME, Provenance, Snapshot, take_contents
from bulletin.approval.public_files import digest_public_files
from bulletin.edition.edition import Edition
from bulletin.edition.edition_set import EditionSet, make_set
from bulletin.edition.theme import Theme, find_files
from bulletin.errors import FaultyFiles, ThemeError
from bulletin.issue.unreached import find_unreached
from bulletin.workspace.workspace import Workspace

_NOT_SEEN = ("lists",)  # of a bulletin's settings: an approval names its lists itself


def take_snapshot(workspace: Workspace, editions: Edition | EditionSet, *, lists: Sequence[str]) -> Snapshot:
    """What an approval of these editions for `lists` would cover.

    Raises FaultyFiles if the issue now has faults, names an author who is unknown, or would be empty for some of
    `lists`.
    """
    kept = make_set(editions)
    issue, source = workspace.read_issue(kept.issue)
    people = workspace.settings.approval.people
    if unfit := (*find_strangers(issue, source, people), *find_unreached(issue, source, lists)):
        raise FaultyFiles(unfit)
    return Snapshot(
        contents=take_contents(
            kept, lists=lists, authors=issue.author, published=digest_public_files(workspace, kept.issue, issue)
        ),
        provenance=Provenance(
            source="\n".join(source.first_lines),
            settings=dict(_list_settings(workspace, kept.issue)),
            theme=_hash_theme(workspace),
            version=__version__,
        ),
    )


def _list_settings(workspace: Workspace, issue_id: str) -> Iterator[tuple[str, str]]:
    """Each setting that an issue's readers can see, by its place."""
    bulletin = workspace.bulletin_of(issue_id)
    settings = workspace.settings.dress(bulletin)
    yield from _flatten("organisation", settings.organisation.model_dump(mode="json"))
    seen = settings.bulletins[bulletin].model_dump(mode="json", exclude=set(_NOT_SEEN))
    yield from _flatten(f"bulletins › {bulletin}", seen)
    yield from _flatten("colours", settings.colours.model_dump(mode="json"))
    yield from _flatten("website", settings.website.model_dump(mode="json") if settings.website else None)
    yield from _flatten("returns › address", settings.returns.address if settings.returns else None)


def _flatten(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, below in value.items():
            yield from _flatten(f"{place} › {name}", below)
    elif value is not None:
        yield place, str(value)


def _hash_theme(workspace: Workspace) -> dict[str, str]:
    """The SHA-256 of each file of the theme; the workspace's own files replace the product's."""
    found: dict[str, str] = {}
    for folder in reversed(workspace.theme_folders):
        for path in find_files(folder):
            found[path.relative_to(folder).as_posix()] = sha256(path.read_bytes()).hexdigest()
    return found | dict(_hash_pdf_theme(workspace))


def _hash_pdf_theme(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """The same of what PDFs are made by; nothing if the theme can't be used for them."""
    from bulletin.edition.pdf.pdf_theme import find_pdf_theme

    with suppress(ThemeError):
        for name, path in find_pdf_theme(Theme(folders=workspace.theme_folders)).files.items():
            yield f"{PDF_THEME}{name}", sha256(path.read_bytes()).hexdigest()
