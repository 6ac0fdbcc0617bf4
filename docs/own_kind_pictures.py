"""The example of docs/kinds.md as a workspace, and pictures of it with and without its templates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser
from saving import PICTURES, ROOT, Scheme, save_small

from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.issue.dates import Month
from bulletin.starting.answers import Answers
from bulletin.starting.first_issue import FirstIssue
from bulletin.starting.starter import Starter, write_starter
from bulletin.workspace.workspace import open_workspace

PAGE = ROOT / "docs" / "kinds.md"
ISSUE = "2026-12"
VIEWS: tuple[tuple[int, Scheme], ...] = ((640, "light"), (390, "dark"))


def write_example(folder: Path, *, templates: bool) -> None:
    """Do in `folder` what the page says: declare the kind, write the section, and add the templates if asked."""
    kind, section, html, text = re.findall(r"```(?:yml|jinja)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    answers = Answers.model_validate({"name": "Northfield Kitchens", "from": "news@northfield.example.org"})
    write_starter(folder, Starter(answers=answers, first=FirstIssue(Month(2026, 12), date(2026, 12, 7))))
    issue = folder / "issues" / f"{ISSUE}.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").rstrip("\n") + f"\n{section}", encoding="utf-8")
    files = {"sections/recipe.yaml": kind}
    if templates:
        files |= {"templates/email/sections/recipe.html.j2": html, "templates/text/sections/recipe.txt.j2": text}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def take_own_kinds(browser: Browser) -> None:
    """The section alone, as a list of its fields and with its template."""
    for name, templates in (("fields", False), ("template", True)):
        with TemporaryDirectory() as folder:
            workspace = Path(folder) / "news"
            write_example(workspace, templates=templates)
            edition = make_edition(open_workspace(workspace, environ={}), ISSUE)
            list(write_edition(edition, Path(folder) / "out", now=datetime.now(UTC)))
            for width, scheme in VIEWS:
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page = context.new_page()
                page.goto((Path(folder) / "out" / "email.html").as_uri())
                picture = page.locator('td:has(> a[id="onion-soup-for-a-cold-day"])').screenshot()
                save_small(picture, PICTURES / f"kind-{name}-{width}-{scheme}.png")
                context.close()
