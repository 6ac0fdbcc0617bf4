"""The looks of a page's elements: hidden, struck out, bold, slanted, raised, and their size. Pure.

A style sheet counts as far as it names a class or an element alone, which is how mailers and Word write them. Rules
for print or for narrow screens (`@media`) don't count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from bulletin.importing.blocks import Run
from bulletin.importing.page.word_lists import is_word_mark

UNSEEN = {"head", "script", "style", "template", "noscript", "title", "svg", "object", "iframe", "select"}
_DISPLAY = re.compile(r"(?<![\w-])display\s*:\s*([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?![.\d])|"
    r"(?:max-height|font-size)\s*:\s*[01](?:px)?\s*(?:[;!]|\Z)",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_SIZE = re.compile(r"font(?:-size)?\s*:[^;]*?(\d{1,3}(?:\.\d+)?)(px|pt|em|rem|%)", re.IGNORECASE)
_FONT_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}  # of <font size>, in pixels
_PIXELS_IN_A_POINT = 4 / 3
USUAL_SIZE = 16.0  # pixels, as browsers begin with
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?\.[\w-]+|[a-z][a-z0-9]*", re.IGNORECASE)
_NOT_RULES = re.compile(r"/\*.*?\*/|<!--|-->|@(?:import|charset|namespace)[^;{}]*;", re.DOTALL)
_LARGEST_SHEET = 400_000  # letters
_STRUCK_TAGS = ("s", "strike", "del")

Sheet = Mapping[str, str]


def read_sheets(roots: Iterable[etree._Element]) -> Sheet:
    """The declarations of a page's style sheets, by the class (`.x`, `p.x`) or element that they are for."""
    text = "\n".join(style.text or "" for root in roots for style in root.iter("style"))
    found: dict[str, str] = {}
    for selectors, declarations in _find_rules(_NOT_RULES.sub(" ", text[:_LARGEST_SHEET])):
        for selector in map(str.strip, selectors.split(",")):
            if _SELECTOR.fullmatch(selector):
                found[selector.lower()] = f"{found.get(selector.lower(), '')};{declarations}"
    return found


def _find_rules(text: str) -> Iterator[tuple[str, str]]:
    """The rules of a sheet outside its @-rules."""
    depth, start = 0, 0
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0:
            rule, start = text[start : match.end()], match.end()
            if "@" not in rule.partition("{")[0] and (parts := _RULE.search(rule)):
                yield parts[1], parts[2]


def style_of(element: etree._Element, sheet: Sheet) -> str:
    """All declarations for an element; its own come first, since the first that fits is taken."""
    tag, names = str(element.tag).lower(), (element.get("class") or "").lower().split()
    keys = [key for name in names for key in (f"{tag}.{name}", f".{name}")]
    return ";".join([element.get("style") or "", *(sheet[key] for key in (*keys, tag) if key in sheet)])


def is_hidden(element: etree._Element, style: str) -> bool:
    """Whether a browser hides an element's words."""
    display = _DISPLAY.search(style)
    gone = display is not None and display[1].lower() == "none"
    return gone or element.get("hidden") is not None or bool(_HIDDEN.search(style))


def is_unseen(element: etree._Element, sheet: Sheet) -> bool:
    """Whether readers don't see an element's words, because it is hidden or has other content than words."""
    return str(element.tag) in UNSEEN or is_hidden(element, style_of(element, sheet))


def is_struck(element: etree._Element, style: str) -> bool:
    """Whether an element's words are struck out."""
    return str(element.tag) in _STRUCK_TAGS or bool(_STRUCK.search(style))


def find_seen(element: etree._Element, sheet: Sheet) -> Iterator[str]:
    """The words that readers see, without those that are struck out."""
    if is_word_mark(element) or is_unseen(element, sheet) or is_struck(element, style_of(element, sheet)):
        return
    yield element.text or ""
    for child in element:
        yield from find_seen(child, sheet)
        yield child.tail or ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """The look that an element passes to the elements inside it. `size` is in pixels, `raised` is super, sub or ""."""

    link: str = ""
    strong: bool = False
    slanted: bool = False
    struck: bool = False
    raised: str = ""
    size: float = USUAL_SIZE

    def inside(self, element: etree._Element, sheet: Sheet) -> Look:
        """The look inside an element."""
        tag, style = str(element.tag), style_of(element, sheet)
        address = (element.get("href") or "").strip() if tag == "a" else ""
        raised = _RAISED.search(style)
        return Look(
            link=address or self.link,
            strong=self.strong or tag in ("b", "strong") or bool(_BOLD.search(style)),
            slanted=self.slanted or tag in ("i", "em") or bool(_SLANTED.search(style)),
            struck=self.struck or is_struck(element, style),
            raised={"sup": "super", "sub": "sub"}.get(tag, raised[1].lower() if raised else self.raised),
            size=self._measure(element, style),
        )

    def _measure(self, element: etree._Element, style: str) -> float:
        if found := _SIZE.search(style):
            number, unit = float(found[1]), found[2].lower()
            scale = {"pt": _PIXELS_IN_A_POINT, "em": self.size, "rem": USUAL_SIZE, "%": self.size / 100}.get(unit, 1.0)
            return number * scale
        if element.tag == "font":
            return _FONT_SIZES.get((element.get("size") or "").strip("+"), self.size)
        return self.size

    def run(self, text: str) -> Run:
        """Words in this look."""
        return Run(text=text, link=self.link, strong=self.strong, slanted=self.slanted)
