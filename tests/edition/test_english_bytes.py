"""English emails are, to the byte, what they were before phrases came from a catalogue."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.edition.rendering import render_edition
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import open_workspace
from checkout import TESTS
from specimen import SETTINGS, THEME, read_picture

KEPT = TESTS / "edition" / "english_bytes.json"
"""The digests of HTML and text, slots named alike. `WRITE=1` writes them anew, where a change is meant."""

ISSUES = TESTS / "edition" / "english_issues.json"
"""Ten random issues with every kind of section, as `random_issues` wrote them once."""


def open_edition(folder: Path, issue_id: str) -> Edition:
    return make_edition(open_workspace(folder, environ={}), issue_id)


def render_random(data: dict[str, Any], *, website: bool) -> Edition:
    settings = {key: value for key, value in SETTINGS.items() if key != "website" or website}
    return render_edition(
        Issue.model_validate(data),
        issue_id="2021-06",
        settings=Settings.model_validate(settings),
        bulletin_name="news",
        theme=THEME,
        pictures=read_picture,
    )


def list_editions() -> Iterator[tuple[str, Edition]]:
    yield "May 2021", open_edition(sample_folder(), "2021-05")
    yield "November 2026", open_edition(TESTS / "edition" / "november", "2026-11")
    for number, data in enumerate(json.loads(ISSUES.read_text(encoding="utf-8"))):
        yield f"random {number}", render_random(data, website=number % 2 == 1)


def name_slots_alike(edition: Edition, content: str) -> str:
    slots = edition.slots
    for name, slot in (("greeting", slots.greeting), ("out", slots.unsubscribe), ("choose", slots.preferences)):
        content = content.replace(slot, name) if slot else content
    return content


def digest(edition: Edition) -> list[str]:
    parts = (edition.html, edition.text, edition.subject)
    return [sha256(name_slots_alike(edition, part).encode()).hexdigest()[:16] for part in parts]


@pytest.mark.slow
def test_english_is_what_it_was_to_the_byte() -> None:
    found = {name: digest(edition) for name, edition in list_editions()}
    if os.environ.get("WRITE"):
        KEPT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert found == kept
