"""Write docs/gallery.md and its pictures: all that an email can show, and what remains where something is lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from components import ISSUE_ID, WORKSPACE, Component, list_components
from PIL import Image
from saving import COLOURS, PICTURES, Scheme, save_small

from bulletin.delivery.copies.export import write_edition
from bulletin.edition.build import make_edition
from bulletin.preview.view import View, apply_view
from bulletin.workspace.workspace import open_workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect, Page

PAGE = PICTURES.parent / "gallery.md"
COLUMN = 640  # CSS pixels
WIDEST = 420  # CSS pixels of a picture on the page: two of them beside each other
MARGIN = 14  # around a part of a section

BEGINNING = """\
<!-- Written by docs/gallery.py (`make pictures`). -->
# What an email can show

Each part of an email, in light and dark colours, with what you write for it. Copy a block into your issue and change
its words. [Write an issue](writing.md) says where each field goes. All of it is from one invented issue of November
2026.

"""

LOST = """\
## Where something is lost

Not every mail program shows everything. These are pictures of the same issue:

"""

VIEWS = {
    "phone": ("On a phone", "390 pixels wide."),
    "phone-dark": ("On a phone, with dark colours", "chosen by the reader’s own settings."),
    "no-pictures": ("Without pictures", "their words are there to read."),
    "no-styles": ("Without a style sheet", "as in Gmail with another provider’s account."),
    "word": (
        "In Outlook for Windows",
        "as far as a browser can show it. Corners are square, and nothing is set for phones.",
    ),
    "inverted": ("With every colour inverted", "as some programs do by themselves. The logo keeps a ground around it."),
}
"""The pictures of whole emails, each with its words."""


def take_gallery(browser: Browser) -> None:
    """The page, and all its pictures."""
    components = list_components()
    with TemporaryDirectory() as folder:
        file = _write_issue(Path(folder))
        for scheme in ("light", "dark"):
            _take_components(browser, file, components, scheme)
        _take_views(browser, file)
    PAGE.write_text(BEGINNING + "".join(map(_describe, components)) + LOST + _list_views(), encoding="utf-8")
    print(PAGE.name)


def _write_issue(folder: Path) -> Path:
    edition = make_edition(open_workspace(WORKSPACE, environ={}), ISSUE_ID)
    list(write_edition(edition, folder, now=datetime.now(UTC)))
    return folder / "email.html"


def _take_components(browser: Browser, file: Path, components: tuple[Component, ...], scheme: Scheme) -> None:
    page = browser.new_page(viewport={"width": COLUMN, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    for component in components:
        picture = page.screenshot(full_page=True, clip=_find(page, component))
        save_small(picture, PICTURES / "gallery" / f"{component.slug}-{scheme}.png")
    page.close()


def _find(page: Page, component: Component) -> FloatRect:
    """The rectangle around all parts of a component."""
    whole = page.locator(".section, .notice, .figures")
    words = re.compile(r"^\s*" + r"\s+".join(map(re.escape, component.title.split())))
    section = whole.filter(has=page.locator("h2", has_text=words)) if component.title else page.locator("body")
    parts = section.locator(component.parts) if component.parts else section
    boxes = [box for box in (part.bounding_box() for part in parts.all()) if box and box["height"]]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right, bottom = (max(box[at] + box[size] for box in boxes) for at, size in (("x", "width"), ("y", "height")))
    margin = 0 if right - left >= COLUMN else MARGIN
    return {
        "x": left - margin,
        "y": top - margin,
        "width": right - left + 2 * margin,
        "height": bottom - top + 2 * margin,
    }


def _take_views(browser: Browser, file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    no_pictures = apply_view(source, View(pictures=False), pictures={})
    no_styles = re.sub(r"<style.*?</style>", "", source, flags=re.DOTALL)
    word = apply_view(source, View(word=True), pictures={})
    inverted = source.replace("<html ", '<html style="filter:invert(1) hue-rotate(180deg);background:#ffffff" ', 1)
    for name, html, width, scheme in (
        ("phone", source, 390, "light"),
        ("phone-dark", source, 390, "dark"),
        ("no-pictures", no_pictures, 390, "light"),
        ("no-styles", no_styles, 390, "light"),
        ("word", word, 700, "light"),
        ("inverted", inverted, 390, "light"),
    ):
        file.with_name(f"{name}.html").write_text(html, encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page.goto(file.with_name(f"{name}.html").as_uri())
        save_small(page.screenshot(full_page=True), PICTURES / f"november-{name}.png", colours=2 * COLOURS)
        page.close()


def _describe(component: Component) -> str:
    block = f"```yml\n{component.yaml}\n```\n\n" if component.yaml else ""
    pictures = "\n".join(_show(component, scheme) for scheme in ("light", "dark"))
    return f"## {component.name}\n\n{component.sentence}\n\n{block}{pictures}\n\n"


def _show(component: Component, scheme: Scheme) -> str:
    name, words = f"gallery/{component.slug}-{scheme}.png", f"{component.name} in {scheme} colours"
    with Image.open(PICTURES / name) as picture:
        width = min(picture.width, WIDEST)
    return f'<img src="pictures/{name}" width="{width}" alt="{words}">'


def _list_views() -> str:
    return "".join(f"- [{words}](pictures/november-{name}.png): {rest}\n" for name, (words, rest) in VIEWS.items())
