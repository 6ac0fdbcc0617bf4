"""Find the features of HTML and CSS that a template uses, under the names in caniemail.com's data. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bulletin.proof.theme.css import (
    Declaration,
    Prelude,
    Tag,
    cover_between,
    cover_jinja,
    read_tags,
    read_theme_styles,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """One use of a feature: its name, its place, and the at-rules around it.

    `spared` if an earlier declaration in the same block replaces it where it is not supported.
    """

    feature: str
    start: int
    end: int
    within: tuple[str, ...] = ()
    spared: bool = False


def find_uses(text: str, *, is_style: bool) -> Iterator[Use]:
    """Every use of a feature in the source of a style sheet or template.

    Leaves out code that only Outlook for Windows reads (conditional comments) or only Outlook on the web reads (its
    own attributes): that is written on purpose.
    """
    block, before = -1, set[str]()
    for style in read_theme_styles(text, is_style=is_style):
        if isinstance(style, Prelude):
            yield from _read_prelude(style)
            continue
        if style.block != block:
            block, before = style.block, set()
        if "[data-ogs" not in style.selector:
            yield from _read_declaration(style, before)
        before.add(style.name)
    if not is_style:
        for tag in read_tags(cover_between(cover_jinja(text), "<!--", "-->")):
            yield from _read_tag(tag)


_AT = re.compile(r"@([a-z-]{1,30})")
_PSEUDO = re.compile(r"(::?)([a-z-]{2,30})")
_OLD_ELEMENTS = frozenset({"before", "after", "first-line", "first-letter"})


def _read_prelude(prelude: Prelude) -> Iterator[Use]:
    if match := _AT.match(prelude.text):
        yield _use_style(f"css-at-{match[1]}", prelude)
        return
    for match in _PSEUDO.finditer(prelude.text):
        kind = "element" if match[1] == "::" or match[2] in _OLD_ELEMENTS else "class"
        yield _use_style(f"css-pseudo-{kind}-{match[2]}", prelude)
    if "&" in prelude.text:
        yield _use_style("css-nesting", prelude)


def _use_style(feature: str, style: Declaration | Prelude, *, spared: bool = False) -> Use:
    return Use(feature=feature, start=style.start, end=style.end, within=style.within, spared=spared)


_UNIT = re.compile(r"(?<![\w#.-])[\d.]{1,9}(rem|vh|vw|vmin|vmax|ch|ex)\b")
_FUNCTION = re.compile(r"\b([a-z-]{2,20})\(")
_FUNCTIONS = {
    "var": "css-variables",
    "calc": "css-unit-calc",
    "rgba": "css-rgba",
    "hsla": "css-rgba",
    "clamp": "css-function-clamp",
    "min": "css-function-min",
    "max": "css-function-max",
    "light-dark": "css-function-light-dark",
    "linear-gradient": "css-linear-gradient",
    "radial-gradient": "css-radial-gradient",
    "conic-gradient": "css-conic-gradient",
    **dict.fromkeys(("lab", "lch", "oklab", "oklch", "hwb", "color-mix"), "css-modern-color"),
}
_KEYWORDS = {
    ("display", "flex"): "css-display-flex",
    ("display", "inline-flex"): "css-display-flex",
    ("display", "grid"): "css-display-grid",
    ("display", "inline-grid"): "css-display-grid",
}
# Properties with values that have no effect.
_IDLE = {
    "position": frozenset({"static", "relative"}),
    "float": frozenset({"none"}),
    "visibility": frozenset({"visible"}),
}
_RENAMED = {
    "row-gap": "css-gap",
    "column-gap": "css-gap",
    "columns": "css-column-count",
    "mask": "css-mask-image",
    **{f"{box}-{way}": f"css-{box}-inline-block" for box in ("margin", "padding") for way in ("inline", "block")},
    **{
        f"{box}-{way}-{end}": f"css-{box}-{way}-start-end"
        for box in ("margin", "padding")
        for way in ("inline", "block")
        for end in ("start", "end")
    },
    **dict.fromkeys(("left", "right", "top", "bottom"), "css-left-right-top-bottom"),
}
_IMAGES = re.compile(r"\.(svg|webp|avif|apng|bmp|tiff?|heic|ico|mp4)(?=[\"')?#\s]|\Z)", re.IGNORECASE)


def _read_declaration(style: Declaration, before: set[str]) -> Iterator[Use]:
    """The features of one declaration; `before` are the properties that its block has already set."""
    value = style.value.lower().replace("!important", "").strip()
    stands = {style.name, "background-color"} if style.name.startswith("background") else {style.name}
    spared = not stands.isdisjoint(before)
    if style.name.startswith("--"):
        yield _use_style("css-variables", style)
    elif not style.name.startswith(("-", "mso-")) and value not in _IDLE.get(style.name, ()):
        yield _use_style(_RENAMED.get(style.name, f"css-{style.name}"), style, spared=spared)
    if feature := _KEYWORDS.get((style.name, value)):
        yield _use_style(feature, style)
    found = [f"css-unit-{match[1]}" for match in _UNIT.finditer(value)]
    found += [_FUNCTIONS[match[1]] for match in _FUNCTION.finditer(value) if match[1] in _FUNCTIONS]
    found += [_name_image(match[1]) for match in _IMAGES.finditer(value) if "url(" in value]
    yield from (_use_style(feature, style, spared=spared) for feature in dict.fromkeys(found))


def _name_image(suffix: str) -> str:
    return "image-" + {"tif": "tiff", "heic": "heif"}.get(suffix.lower(), suffix.lower())


_ATTRIBUTES = frozenset({"hidden", "srcset", "background", "popover"})
_PICTURES = frozenset({"src", "background"})


def _read_tag(tag: Tag) -> Iterator[Use]:
    values = {name: value for name, value, _ in tag.attributes}
    kind = values.get("type", "text" if tag.name == "input" else "submit").lower()
    name = f"html-{tag.name}-{kind}" if tag.name in ("input", "button") else f"html-{tag.name}"
    if tag.name != "link" or values.get("rel", "").lower() == "stylesheet":
        yield Use(feature=name, start=tag.start, end=tag.end)
    for attribute, value, start in tag.attributes:
        end = start + max(1, len(value))
        if attribute in _ATTRIBUTES:
            yield Use(feature=f"html-{attribute}", start=start, end=end)
        if attribute in _PICTURES:
            if value.startswith("data:"):
                yield Use(feature="image-base64", start=start, end=end)
            for match in _IMAGES.finditer(value):
                yield Use(feature=_name_image(match[1]), start=start, end=end)
