"""What Sphinx reads: the pages of docs as they are, with links that lead to other files of the project made right.

On the code host the same pages work by themselves, so nothing in them is written for Sphinx alone. What only the site
needs is added here: the lists of pages behind each door, and the line “Also called”.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import Final

import yaml

from reference import write_reference
from site_map import sort_pages

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"

ELSEWHERE: Final = {
    "README.md": "project/readme.md",
    "CHANGELOG.md": "project/changes.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "LICENSE": "project/LICENSE",
}
"""Pages of the project's top folder, and where they are in the site."""

TITLES: Final = {"project/readme": "What bulletin does", "rules/README": "Rules of the proof"}
"""What the menu calls a page, where its own title says too little there."""

_HEAD: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_LINK: Final = re.compile(r"(\]\(|src=\")([^)\"\s#]+)(#[^)\"\s]*)?([)\"])")
_LISTED: Final = (
    "rules/",
    "checks/",
    "reference/commands/",
    "reference/sections/",
)  # each has a first page with a list of them


def gather_sources(target: Path) -> list[str]:
    """Write all that Sphinx reads to the folder `target`, and return the pages, without suffix."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(DOCS / "pictures", target / "pictures")
    for path in sorted(DOCS.rglob("*.md")):
        place = path.relative_to(DOCS).as_posix()
        _write(target / place, fit_page(path.read_text(encoding="utf-8"), f"docs/{place}"))
    for name, place in ELSEWHERE.items():
        if (ROOT / name).is_file():
            _write(target / place, fit_page((ROOT / name).read_text(encoding="utf-8"), name))
    write_reference(target / "reference", gallery=(DOCS / "gallery.md").read_text(encoding="utf-8"))
    pages = [path.relative_to(target).with_suffix("").as_posix() for path in sorted(target.rglob("*.md"))]
    _add_lists(target, pages)
    return pages


def fit_page(text: str, place: str) -> str:
    """A page for the site. `place` is its file in the project; its links are relative to that."""
    here = PurePosixPath(_find_place(place))

    def lead(match: re.Match[str]) -> str:
        before, target, anchor, after = match[1], match[2], match[3] or "", match[4]
        file = os.path.normpath(PurePosixPath(place).parent / target)
        if "://" in target or target.startswith("mailto:") or not (ROOT / file).is_file():
            return match[0]
        return f"{before}{os.path.relpath(_find_place(file), here.parent)}{anchor}{after}"

    return _LINK.sub(lead, text) + _write_other_names(text)


def _find_place(file: str) -> str:
    """Where a file of the project is in the site's sources."""
    return ELSEWHERE.get(file) or (file.removeprefix("docs/") if file.startswith("docs/") else f"../{file}")


def _write_other_names(text: str) -> str:
    """What else people call it, where they and the search find it."""
    head = _HEAD.match(text)
    keywords = (yaml.safe_load(head[1]) or {}).get("keywords") if head else None
    return f"\n{{.also-called}}\nAlso called: {keywords}\n" if keywords else ""


def _add_lists(target: Path, pages: list[str]) -> None:
    """The menu, written to the first page: a list for each door."""
    doors = sort_pages(page for page in pages if not _is_listed_inside(page) and page != "index")
    menu = "".join(_write_list(title, behind) for title, behind in doors.items())
    first = target / "index.md"
    first.write_text(first.read_text(encoding="utf-8") + menu, encoding="utf-8")
    for page in filter(_is_listed_inside, pages):
        path = target / f"{page}.md"
        path.write_text(f"---\norphan: true\n---\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


def _is_listed_inside(page: str) -> bool:
    """Whether a page is in the list of a first page of its own, and so not in the menu, which would be too long."""
    return page.startswith(_LISTED) and not page.endswith(("/README", "/index"))


def _write_list(title: str, pages: list[str]) -> str:
    return f"\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "".join(map(_write_entry, pages)) + "```\n"


def _write_entry(page: str) -> str:
    title = TITLES.get(page)
    return f"{title} </{page}>\n" if title else f"/{page}\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
