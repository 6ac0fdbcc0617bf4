"""What the last build wrote, so that the next one writes only what differs. It is in the state folder, not public."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from bulletin.declaration.files import read_file
from bulletin.disk import write_state
from bulletin.edition.web.issue_facts import IssueFacts

FOLDER: Final = "archive"
WITHDRAWN: Final = "withdrawn page"
_VERSION: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenFile:
    """A file of the site: the recipe that it was made by, the SHA-256 of its content, and what kind of file it is."""

    recipe: str
    digest: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueMemory:
    """What is remembered of an issue's file, by `key`, the digest of all that it says and is read with.

    `embargo_at` is in ms since 1970. `facts` and `model` (a digest) are None and "" while it isn't public. `is_empty`:
    every part of it is for some readers only.
    """

    key: str
    embargo_at: int
    published: str
    facts: IssueFacts | None = None
    model: str = ""
    is_empty: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """The files of one issue, all made at once by one recipe: its page, its pictures, what is beside it."""

    recipe: str
    files: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """All files of the site by their paths, and what is remembered of the issues."""

    files: Mapping[str, WrittenFile] = field(default_factory=dict)
    issues: Mapping[str, IssueMemory] = field(default_factory=dict)
    bundles: Mapping[str, Bundle] = field(default_factory=dict)


def name_manifest(out: Path) -> str:
    """The file in the state folder that remembers the site in `out`."""
    return f"{FOLDER}/{sha256(str(out.resolve()).encode()).hexdigest()[:16]}.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicFile:
    """A file of the site as a server sees it: its digest, and whether it says that something was taken away."""

    digest: str
    is_withdrawn: bool


def find_manifest_time(state: Path, out: Path) -> int:
    """When the site in `out` was last changed, in ns since 1970; 0 if it was never built."""
    try:
        return (state / name_manifest(out)).stat().st_mtime_ns
    except OSError:
        return 0


def load_public_files(state: Path, out: Path) -> dict[str, PublicFile]:
    """The files of the site by their paths."""
    return {
        path: PublicFile(digest=file.digest, is_withdrawn=file.kind == WITHDRAWN)
        for path, file in load_manifest(state, out).files.items()
    }


def load_texts(state: Path, out: Path) -> dict[str, tuple[str, str]]:
    """The HTML that feeds have of each of the newest issues, with the recipe that it was made by."""
    try:
        values = json.loads(read_file(state / _name_texts(out)))
        return {name: (recipe, html) for name, (recipe, html) in values.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def save_texts(state: Path, out: Path, texts: Mapping[str, tuple[str, str]]) -> None:
    """Write them. Raises Unwritten."""
    write_state(state, _name_texts(out), json.dumps(dict(sorted(texts.items())), ensure_ascii=False).encode())


def _name_texts(out: Path) -> str:
    return name_manifest(out).removesuffix(".json") + "-texts.json"


def load_manifest(state: Path, out: Path) -> Manifest:
    """The manifest of the site in `out`; an empty one if there is none that can be read."""
    try:
        values = json.loads(read_file(state / name_manifest(out)))
        return _read(values) if values["version"] == _VERSION else Manifest()
    except (OSError, ValueError, LookupError, TypeError):
        return Manifest()


def save_manifest(state: Path, out: Path, manifest: Manifest) -> None:
    """Write it. Raises Unwritten."""
    values = {
        "version": _VERSION,
        "files": {path: [each.recipe, each.digest, each.kind] for path, each in sorted(manifest.files.items())},
        "issues": {name: _write_memory(each) for name, each in sorted(manifest.issues.items())},
        "bundles": {name: [each.recipe, list(each.files)] for name, each in sorted(manifest.bundles.items())},
    }
    write_state(state, name_manifest(out), json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode())


def _write_memory(memory: IssueMemory) -> dict[str, Any]:
    values = asdict(memory)
    return {**values, "facts": memory.facts and memory.facts.to_json()}


def _read(values: Mapping[str, Any]) -> Manifest:
    issues = {}
    for name, each in values["issues"].items():
        facts = each.pop("facts")
        issues[name] = IssueMemory(**each, facts=IssueFacts.from_json(facts) if facts else None)
    files = {
        path: WrittenFile(recipe=recipe, digest=digest, kind=kind)
        for path, (recipe, digest, kind) in values["files"].items()
    }
    bundles = {name: Bundle(recipe=recipe, files=tuple(own)) for name, (recipe, own) in values["bundles"].items()}
    return Manifest(files=files, issues=issues, bundles=bundles)
