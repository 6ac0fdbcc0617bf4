"""Prove that no file of an issue has what is for some readers only, before any of them is put in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bulletin.edition.leaks.fingerprints import Fingerprints
from bulletin.edition.leaks.leak_proof import find_common_leaks, open_leak_proof, require_none
from bulletin.edition.leaks.leak_search import Leak, find_leaks
from bulletin.edition.leaks.output_words import read_html_words
from bulletin.edition.theme import Theme
from bulletin.issue.model import Issue

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

_TEXTS = (".ics", ".xml", ".json", ".txt")


def require_public(
    workspace: Workspace, theme: Theme, issue_id: str, public: Issue, files: Mapping[str, tuple[bytes, str]]
) -> None:
    """Raise LeakFound if a file has words, addresses or names of items that `public`, what everyone may see, lacks.

    `files` has the content and the kind of each file of the issue by its path. It costs nothing where all is public.
    """
    whole = workspace.load_issue(issue_id)
    proof = open_leak_proof(whole, settings=workspace.settings, theme=theme)
    if proof is None:
        return
    fingerprints = proof.make(public)
    require_none([*find_common_leaks(public, fingerprints), *_find_in_files(files, fingerprints)])


def _find_in_files(files: Mapping[str, tuple[bytes, str]], fingerprints: Fingerprints) -> Iterator[Leak]:
    for path, (content, _) in files.items():
        yield from find_leaks(path, fingerprints, output=f"the name of {path}", by_line=True)
        if path.endswith(".html"):
            words = read_html_words(content.decode())
            yield from find_leaks(words, fingerprints, output=f"the page {path}", by_line=True)
        elif path.endswith(_TEXTS):
            text = content.decode().replace("\r\n ", "")  # calendar lines as they were before folding
            yield from find_leaks(text, fingerprints, output=f"the file {path}", by_line=True)
