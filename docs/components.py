"""What an email can show, for the gallery: each component with a sentence, what to write for it, and where it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[1]
WORKSPACE = ROOT / "tests" / "edition" / "november"
ISSUE_ID = "2026-11"


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """A part of an email: its name, a sentence on it, the YAML that makes it, and how to find it in the HTML.

    `title` is that of its section: then `parts` is looked for in that section only. Without `parts` the picture shows
    the whole section.
    """

    name: str
    sentence: str
    yaml: str
    title: str = ""
    parts: str = ""

    @property
    def slug(self) -> str:
        """The name of its pictures."""
        return re.sub(r"[^a-z]+", "-", self.name.lower())


def list_components() -> tuple[Component, ...]:
    """All of them, in the order of an email."""
    return (*_list_beginning(), *_list_sections(), *_list_fields(), *_list_end())


def _list_beginning() -> tuple[Component, ...]:
    return (
        Component(
            name="Masthead",
            sentence="Your bulletin’s name, its month and your logo, from `bulletin.yaml`.",
            yaml=_settings("  logo:"),
            parts=".strip, .mast",
        ),
        Component(
            name="Top story",
            sentence="`top_story: yes` puts one section first, with a large heading and a picture from edge to edge.",
            yaml=_section("One front door"),
            parts=".top",
        ),
        Component(
            name="What you need to do",
            sentence="Every `do:` in the issue, by date. Write it on a section or on an item.",
            yaml=_item("Section 11 audit"),
            parts=".do",
        ),
        Component(
            name="Contents",
            sentence="The titles of your sections. It’s made for you from four sections on.",
            yaml="",
            parts=".plain .h, .jump",
        ),
    )


def _list_sections() -> tuple[Component, ...]:
    return (
        _kind("Executive updates", "What your executive worked on, point by point, and what it looks ahead to."),
        _kind("Figures", "Two to four large numbers, each with what it counts.", title="The year so far"),
        _kind("Priorities", "Each with its status, its dated steps and what comes next.", title="Learning Hub"),
        _kind("Notice", "Something short that readers must not miss.", title="Our office is closed"),
        _kind("Campaign", "How it’s going, and the one thing that you ask of readers.", title="Every sleep"),
        _kind("Group update", "What a group has been doing, with a quotation.", title="Parents and carers"),
        _kind("Training", "Courses, with the days of each in rows.", title="Training in"),
        _kind("Events", "Days to keep free. A day to book by is added to the button."),
        _kind("Article", "A text to read, here with a picture beside it and a table.", title="What 340"),
        _kind("Film", "The play button is drawn onto your picture.", title="Seven minutes on"),
        _kind("News in brief", "Short news, two beside each other, with or without pictures."),
        _kind("People", "Who has come or goes, and how to reach them."),
        _kind(
            "Vacancies",
            "Posts, with the day they close. A post that has closed isn’t in the next draft.",
            title="Vacancy",
        ),
        _kind("Resources", "What others published, in groups.", title="National guidance"),
        _kind("Links", "Useful addresses, the same every month.", title="Useful links"),
        _kind("About", "Who you are, at the end of every issue.", title="About us"),
    )


def _list_fields() -> tuple[Component, ...]:
    return (
        Component(
            name="Kicker",
            sentence="A few words above a heading. Some kinds have one of their own; `kicker: no` removes it.",
            yaml=_field("One front door", "kicker"),
            parts=".above .kicker, .above .lead",
        ),
        Component(
            name="Button",
            sentence="`button:` turns the `link:` beside it into a button. Begin with a verb.",
            yaml=_field("What 340", "link", "button"),
            title="What 340",
            parts=".outline",
        ),
        Component(
            name="Picture",
            sentence="`size:` is small, half or full. It’s cropped and scaled for you.",
            yaml=_field("What 340", "image"),
            title="What 340",
            parts=".w268 .frame",
        ),
        Component(
            name="Quotation",
            sentence="What a person said. The quotation marks are added for you.",
            yaml=_field("Parents and carers", "quote"),
            title="Parents and carers",
            parts=".bar, .barred",
        ),
        Component(
            name="Table",
            sentence="Write it in any `text:`, with a line for its caption above it. On phones each row is a block.",
            yaml=_table(),
            title="What 340",
            parts=".tcap, .th, .rh, .td",
        ),
    )


def _list_end() -> tuple[Component, ...]:
    return (
        Component(
            name="Signature",
            sentence="`signed:` at the top of the issue: a last word, and who signs.",
            yaml=_top_level("signed"),
            parts=".section:has(img[width='72'])",
        ),
        Component(
            name="Help strip",
            sentence="Who to ring, in every issue, from `bulletin.yaml`.",
            yaml=_settings("  help:"),
            parts=".help",
        ),
        Component(
            name="Foot",
            sentence="Your address, your pages, why people get this, and how to unsubscribe, from `bulletin.yaml`.",
            yaml=_settings("  social:"),
            parts=".foot",
        ),
    )


def _kind(name: str, sentence: str, *, title: str = "") -> Component:
    """A kind of section, shown whole."""
    return Component(name=name, sentence=sentence, yaml=_section(title or name), title=title or name)


def _read_issue() -> str:
    return (WORKSPACE / "issues" / f"{ISSUE_ID}.yaml").read_text(encoding="utf-8")


def _section(title: str) -> str:
    """The section whose title begins so, as it is in the file."""
    entries = re.split(r"^(?=  - kind:)", _read_issue(), flags=re.MULTILINE)
    pattern = re.compile(rf'^    title: "?{re.escape(title)}', re.MULTILINE)
    return dedent(next(entry for entry in entries if pattern.search(entry))).strip()


def _field(title: str, *names: str) -> str:
    """Some fields of a section."""
    fields = re.split(r"^(?=  [a-z_]+:)", _section(title), flags=re.MULTILINE)
    return dedent("".join(field for field in fields if field.strip().partition(":")[0] in names)).strip()


def _item(title: str) -> str:
    """An item of a section, by the beginning of its title."""
    items = re.split(r"^(?=      - )", _read_issue(), flags=re.MULTILINE)
    return dedent(next(item for item in items if item.startswith(f"      - title: {title}"))).strip()


def _table() -> str:
    """The article's text from the caption of its table on."""
    return dedent(_field("What 340", "text")[_field("What 340", "text").index("  Table:") :]).strip()


def _top_level(name: str) -> str:
    fields = re.split(r"^(?=[a-z_]+:)", _read_issue(), flags=re.MULTILINE)
    return next(field for field in fields if field.startswith(f"{name}:")).strip()


def _settings(beginning: str) -> str:
    """A field of the organisation with the lines that belong to it, below `organisation:`."""
    lines = (WORKSPACE / "bulletin.yaml").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(beginning))
    rest = lines[first + 1 :]
    more = next((number for number, line in enumerate(rest) if not line.startswith("    ")), len(rest))
    return "\n".join(["organisation:", lines[first], *rest[:more]])
