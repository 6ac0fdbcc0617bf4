"""Accessibility: what readers who listen, who see little, or who read slowly would stumble over. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bulletin.declaration.colours import LEAST_CONTRAST, measure_contrast
from bulletin.declaration.prose import BlockKind
from bulletin.declaration.source import Span
from bulletin.issue.item import Image
from bulletin.issue.passages import Passage, TextFormat
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.languages import find_other_languages
from bulletin.proof.reporting import violation_at, violation_in_theme
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.theme.css import Declaration, read_theme_styles
from bulletin.proof.theme.theme_files import ThemeFile
from bulletin.settings.proof import Severity

if TYPE_CHECKING:
    from bulletin.edition.palette import Palette


def _picture(alt: str, *, caption: str = "") -> str:
    return (
        "- kind: article\n  title: A new garden\n  text: Volunteers have planted lavender.\n"
        f"  image:\n    file: issues/images/garden.png\n    alt: '{alt}'\n"
        + (f"    caption: {caption}\n" if caption else "")
    )


@rule(
    "ACC01",
    "heading-order",
    severity=Severity.WARNING,
    reason="Those who listen go from heading to heading; a level left out sounds as if something were missing.",
    wrong=[
        Example(text="## What helped\n\nThe nurse came back.\n\n#### At night\n\nNobody came.", at="#### At night"),
        Example(
            files={"templates/email/parts/contents.html.j2": "<h4>In this issue</h4>\n"}, at="<h4>In this issue</h4>"
        ),
    ],
    right=[
        Example(text="## What helped\n\nThe nurse came back.\n\n### At night\n\nNobody came."),
        Example(files={"templates/email/parts/contents.html.j2": "<h2>In this issue</h2>\n"}),
    ],
)
def heading_order(context: Context) -> Iterator[Violation]:
    """A heading that is more than one level below the one before it, in a text or in a theme of your own."""
    for passage in context.texts:
        headings = [block for block in passage.prose.blocks if block.kind is BlockKind.HEADING]
        for before, after in pairwise(headings):
            if after.level > before.level + 1:
                yield Violation(
                    span=_whole_line(passage, after.start),
                    message=f"This heading is of level {after.level}, right below one of level {before.level}.",
                    remedy=f"Write it with {'#' * (before.level + 1)}.",
                )
    yield from _check_theme_headings(context)


def _whole_line(passage: Passage, start: int) -> Span:
    """The line that a heading stands in, with its marks."""
    at = passage.prose.offsets[start]
    begin = passage.written.rfind("\n", 0, at) + 1
    end = passage.written.find("\n", at)
    return passage.locate_written(begin, end if end >= 0 else len(passage.written))


def _check_theme_headings(context: Context) -> Iterator[Violation]:
    """The headings of the rendered e-mail, where the theme is the workspace's own."""
    if not context.own_theme or not context.edition:
        return
    from bulletin.proof.theme.rendered import read_page

    level = 0
    for after, words in read_page(context.edition.html).list_headings():
        if after > level + 1:
            yield violation_in_theme(
                _find_heading(context.own_theme, after),
                rf"<h{after}\b[^\n]*",
                f"“{words}” is a heading of level {after}, and the one before it is of level {level}."
                if level
                else f"The first heading, “{words}”, is of level {after}.",
                f"Make it <h{level + 1}>.",
            )
            return
        level = after


def _find_heading(files: tuple[ThemeFile, ...], level: int) -> ThemeFile:
    return next((file for file in files if f"<h{level}" in file.text), files[0])


_FILE_NAME = re.compile(
    r"\S{1,120}\.(?:jpe?g|png|gif|webp|bmp|tiff?|svg|heic)\Z|(?:IMG|DSC|DSCN|DSCF|PXL|MVIMG|DJI)[ _-]?\d{3,12}\b",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(
    {"image", "picture", "photo", "photograph", "graphic", "illustration", "icon", "banner", "header", "screenshot"}
    | {"untitled", "logo", "poster", "alt", "none", "placeholder", "img", "pic", "figure"}
)


@rule(
    "ACC02",
    "alternative-says-nothing",
    severity=Severity.WARNING,
    reason="Those who do not see the picture get these words instead of it: a file name tells them nothing.",
    wrong=[
        Example(sections=_picture("IMG_2043.JPG"), at="IMG_2043.JPG"),
        Example(sections=_picture("Volunteers plant lavender", caption="Volunteers plant lavender"), at="Volunteers"),
    ],
    right=[Example(sections=_picture("Two children water a flower bed", caption="The new garden"))],
)
def alternative_says_nothing(context: Context) -> Iterator[Violation]:
    """A picture's alternative that is a file name, the word “picture”, or its caption over again."""
    for passage, image in _alternatives(context):
        alt = image.alt.strip().strip(".")
        stem = PurePosixPath(image.file).stem
        if _FILE_NAME.match(image.alt.strip()) or (alt == stem and not alt.isalpha()):
            message = "This is the name of a file, not what the picture says."
        elif alt.casefold() in _SAYS_NOTHING:
            message = f"“{alt}” does not say what the picture says."
        elif image.caption and alt.casefold() == image.caption.strip().strip(".").casefold():
            message = "This says the same as the caption: those who listen hear it twice."
        else:
            continue
        yield violation_at(
            passage, (0, len(passage.prose.text)), message, "Write what somebody who does not see it should know."
        )


def _alternatives(context: Context) -> Iterator[tuple[Passage, Image]]:
    for passage in context.texts:
        if isinstance(passage.record, Image) and passage.field == "alt":
            yield passage, passage.record


_IMAGE_OF = re.compile(
    r"(?:(?:an?|the|this)\s{1,3})?(?:image|picture|pic|photo|photograph|graphic)\s{1,3}(?:of|showing|that shows)\b",
    re.IGNORECASE,
)


@rule(
    "ACC03",
    "alternative-image-of",
    severity=Severity.WARNING,
    reason="A screen reader says “image” by itself; after it, “image of” is heard twice.",
    wrong=[Example(sections=_picture("Photo of two children"), at="Photo of")],
    right=[Example(sections=_picture("Two children take a photo of a flower bed"))],
)
def alternative_image_of(context: Context) -> Iterator[Violation]:
    """A picture's alternative that begins with “image of”, “photo of” or the like."""
    for passage, _ in _alternatives(context):
        if match := _IMAGE_OF.match(passage.prose.text):
            yield violation_at(
                passage,
                (0, match.end()),
                f"A screen reader says by itself that it is an image: “{match[0]}” is heard twice.",
                "Begin with what is in it.",
            )


LONGEST_ALTERNATIVE = 150
"""Letters: about ten seconds of listening, which cannot be paused as a text can."""


@rule(
    "ACC04",
    "alternative-too-long",
    severity=Severity.WARNING,
    reason="A text alternative is heard in one go, without stops to go back to.",
    wrong=[Example(sections=_picture("Children water flowers, " * 7 + "and rest."), at="Children water flowers")],
    right=[Example(sections=_picture("Children water a flower bed"))],
)
def alternative_too_long(context: Context) -> Iterator[Violation]:
    """A picture's alternative of more than 150 letters."""
    for passage, _ in _alternatives(context):
        if (length := len(passage.prose.text)) > LONGEST_ALTERNATIVE:
            yield violation_at(
                passage,
                (0, length),
                f"This alternative has {length} letters; {LONGEST_ALTERNATIVE} are as much as one can listen to.",
                "Say the gist here, and the rest in the text, where everybody can read it.",
            )


_CAPITALS = re.compile(
    r"(?<![\w.&@/-])[A-Z]{1,40}(?:['’][A-Z]{0,40})?(?:[ \n][A-Z]{1,40}(?:['’][A-Z]{0,40})?)*(?![\w&@/-]|\.\w)"
)
_FEWEST_CAPITALS = 3
_LONG_WORD = 12


@rule(
    "ACC05",
    "all-capitals",
    severity=Severity.WARNING,
    reason="Capitals take away the shape of words, and some screen readers spell them; to many they are shouting.",
    wrong=[
        Example(text="PLEASE READ THIS BEFORE YOU BOOK. Places go fast.", at="PLEASE READ THIS BEFORE YOU BOOK"),
        Example(sections="- {kind: notice, title: ANNOUNCEMENT, text: We now open at 8am.}", at="ANNOUNCEMENT"),
    ],
    right=[
        Example(text="Please **read this** before you book."),
        Example(text="The NHS, the DfE and F.L.A.R.E. met MASH and CAMHS."),
    ],
)
def all_capitals(context: Context) -> Iterator[Violation]:
    """Three words or more in capitals, or one of twelve letters or more. Abbreviations are left alone."""
    known = frozenset(
        word for term in (*context.settings.proof.terms, *context.settings.proof.abbreviations) for word in term.split()
    )
    for passage in context.texts:
        if passage.field == "author":
            continue
        codes = passage.prose.codes
        for match in _CAPITALS.finditer(passage.prose.text):
            if _shouts(match[0].split(), known) and not any(start <= match.start() < end for start, end in codes):
                yield violation_at(
                    passage,
                    match,
                    "These words are in capitals.",
                    "Write them in small letters, and stress them with **…** if they matter most.",
                )


def _shouts(words: list[str], known: frozenset[str]) -> bool:
    if len(words) < _FEWEST_CAPITALS:
        return any(len(word) >= _LONG_WORD and word not in known for word in words)
    spoken = [word for word in words if len(word) >= 4 and word not in known and not _VOWELS.isdisjoint(word)]
    return len(spoken) >= 2 and (any(len(word) >= 6 for word in spoken) or not _SMALL_WORDS.isdisjoint(words))


_VOWELS = frozenset("AEIOUY")
_SMALL_WORDS = frozenset(
    {"A", "ALL", "AND", "ARE", "AT", "BE", "BY", "DO", "FOR", "FROM", "IN", "IS", "NO", "NOT", "NOW", "OF", "ON", "OR"}
    | {"OUR", "PLEASE", "THE", "THIS", "TO", "UP", "WE", "WITH", "YOU", "YOUR"}
)

# A picture sign with its skin tone or variant, or several that are joined into one; or the two letters of a flag.
_SIGN = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}|"
    "[\u203c\u2049\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001f300-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff\u20e3]{0,3}"
    "(?:\u200d[\u2600-\u27bf\U0001f300-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]{0,2}){0,6})"
)
_SIGNS = re.compile(rf"{_SIGN}(?:[ ]?{_SIGN}){{2,}}")
_FIRST_SIGN = re.compile(rf"{_SIGN}(?:[ ]?{_SIGN})*")


@rule(
    "ACC06",
    "strings-of-emoji",
    severity=Severity.WARNING,
    reason="A screen reader says each by its name: “party popper, balloon, balloon”, before it comes to your words.",
    wrong=[
        Example(text="The garden is open 🌻🌻🌻 to everyone.", at="🌻🌻🌻"),
        Example(header="subject: 🎉 Ten years of the family centre", at="🎉"),
    ],
    right=[Example(text="The garden is open 🌻 to everyone.")],
)
def strings_of_emoji(context: Context) -> Iterator[Violation]:
    """Three picture signs or more in a row, or one at the beginning of the subject."""
    for passage in context.texts:
        text = passage.prose.text
        for match in () if text.isascii() else _SIGNS.finditer(text):
            yield violation_at(
                passage, match, "A screen reader says each of these by its name.", "Keep one, after the words."
            )
        first = _FIRST_SIGN.match(text) if passage.place == ("subject",) else None
        if first:
            yield violation_at(
                passage, (0, first.end()), "The subject begins with a picture sign.", "Begin with the words."
            )


_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB = re.compile(r"rgb\(\s{0,9}(\d{1,3})\s{0,9},\s{0,9}(\d{1,3})\s{0,9},\s{0,9}(\d{1,3})\s{0,9}\)", re.IGNORECASE)
_FROM_PALETTE = re.compile(r"\{\{-?\s{0,9}palette\.((?:light\.|dark\.)?[a-z_]{1,20})\s{0,9}-?\}\}")
_NAMED = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "yellow": "#ffff00", "blue": "#0000ff"}
_GREYS = {"gray": "#808080", "grey": "#808080", "silver": "#c0c0c0", "lightgray": "#d3d3d3", "lightgrey": "#d3d3d3"}
_ENOUGH_FOR_LARGE = 3.0  # WCAG 2.2, success criterion 1.4.3: from 24 px, or 18.66 px if it is bold
_PIXELS = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)px")


@rule(
    "ACC07",
    "contrast-too-low",
    severity=Severity.ERROR,
    reason="Words that hardly stand out from their ground are lost to many, and to all on a phone in the sun.",
    wrong=[
        Example(
            files={"templates/email/style.css": ".kicker{color:#9aa4ad;background-color:#ffffff}\n"},
            at="color:#9aa4ad",
        ),
        Example(
            files={"templates/email/dark.css": ".press{background-color:{{ palette.dark.fill }};color:#ffffff}\n"},
            at="color:#ffffff",
        ),
    ],
    right=[
        Example(files={"templates/email/style.css": ".kicker{color:#4d5257;background-color:#ffffff}\n"}),
        Example(files={"templates/email/style.css": ".h1{font-size:40px;color:#808080;background-color:#ffffff}\n"}),
        Example(files={"templates/email/style.css": ".kicker{color:#9aa4ad}\n"}),
    ],
)
def contrast_too_low(context: Context) -> Iterator[Violation]:
    """A colour in a style sheet of your own beside a ground that it does not stand out from: 4.5 to 1, 3 if large.

    The colours that are derived from your accent reach that by themselves, in the light and in the dark.
    """
    if not context.own_theme:
        return
    from bulletin.edition.palette import derive_palette

    palette = derive_palette(context.settings.colours.accent)
    for file in context.own_theme:
        styles = read_theme_styles(file.text, is_style=file.is_style)
        declared = [one for one in styles if isinstance(one, Declaration) and one.name in _LOOKS]
        for _, together in groupby(declared, key=lambda one: one.block):
            by_name = {one.name: one for one in together}
            yield from _check_contrast(file, by_name, palette)


_LOOKS = frozenset({"color", "background", "background-color", "font-size", "font-weight"})


def _check_contrast(file: ThemeFile, by_name: dict[str, Declaration], palette: Palette) -> Iterator[Violation]:
    words, ground = by_name.get("color"), by_name.get("background-color") or by_name.get("background")
    if words is None or ground is None:
        return
    colour, behind = (_read_colour(file.text[one.start : one.end], palette) for one in (words, ground))
    if colour and behind:
        contrast = measure_contrast(colour, behind)
        least = _ENOUGH_FOR_LARGE if _is_large(by_name) else LEAST_CONTRAST
        if contrast < least:
            yield violation_in_theme(
                file,
                (words.start, words.end),
                f"{colour} on {behind} has a contrast of {contrast:.1f} to 1; readers need {least:g} to 1.",
                "Make one darker or the other lighter, or take both from the palette.",
            )


def _read_colour(declaration: str, palette: Palette) -> str:
    """The colour of a declaration as `#rrggbb`; "" where it is none that can be told."""
    value = declaration.partition(":")[2].replace("!important", "").strip()
    if match := _FROM_PALETTE.fullmatch(value):
        found: object = palette
        for name in match[1].split("."):
            found = getattr(found, name, "")
        return found if isinstance(found, str) else ""
    if _HEX.fullmatch(value):
        return (value if len(value) == 7 else "#" + "".join(char * 2 for char in value[1:])).lower()
    if match := _RGB.fullmatch(value):
        return "#" + "".join(f"{min(255, int(channel)):02x}" for channel in match.groups())
    return (_NAMED | _GREYS).get(value.lower(), "")


def _is_large(by_name: dict[str, Declaration]) -> bool:
    size = _PIXELS.match(by_name["font-size"].value) if "font-size" in by_name else None
    bold = "font-weight" in by_name and by_name["font-weight"].value[:4] in ("bold", "700", "800", "900")
    return size is not None and float(size[1]) >= (18.66 if bold else 24)


@rule(
    "ACC08",
    "language-not-marked",
    severity=Severity.WARNING,
    reason="A screen reader reads everything here with an English voice; other languages come out as noise.",
    wrong=[
        Example(text="Vous trouverez toutes les informations sur notre site.", at="Vous trouverez"),
        Example(text="ਜੇ ਤੁਹਾਨੂੰ ਆਪਣੇ ਬੱਚੇ ਲਈ ਮਦਦ ਚਾਹੀਦੀ ਹੈ ਤਾਂ ਸਾਨੂੰ ਫ਼ੋਨ ਕਰੋ।", at="ਜੇ ਤੁਹਾਨੂੰ"),
    ],
    right=[
        Example(text="Our leaflet is also in [French](https://www.example.org/fr) and in Punjabi (ਪੰਜਾਬੀ)."),
        Example(text="Parents like the café, the crèche and the à la carte menu."),
    ],
)
def language_not_marked(context: Context) -> Iterator[Violation]:
    """Five words or more in another language than English."""
    for passage in context.texts:
        if passage.field != "author":
            for stretch in find_other_languages(passage.prose):
                yield violation_at(
                    passage,
                    (stretch.start, stretch.end),
                    f"These words are {stretch.written}, and a screen reader would read them as English.",
                    "Put them on a page or in a document of their own, and link to it in English.",
                )


_CELLS = re.compile(r"[^|\s][^|\n]*")
_GAP = re.compile(r"(?<=\S)(?:[ \t]{3,}|\t)(?=\S)")
_LONE_BULLET = re.compile(r"^[ \t]*([•·▪◦‣●○■□►–—-])[ \t]*$")
_TYPED_BULLET = re.compile(r"^[ \t]*([•▪◦‣●○■□►])[ \t\xa0]*\S")


@rule(
    "ACC09",
    "drawn-with-characters",
    severity=Severity.WARNING,
    reason="Lines and columns made of signs fall apart in a mail, and are read out sign by sign.",
    wrong=[
        Example(text="| Day | Morning |\n| Monday | 9am |\n| Friday | closed |", at="| Day | Morning |"),
        Example(text="Age          Morning     Whole day\nBabies       £31         £58", at="Age          Morning"),
        Example(text="The workshops will cover:\n\n•\nsafe sleep\n•\nhome visits", at="•"),
    ],
    right=[
        Example(text="- On Mondays: 9am to midday\n- On Fridays: closed"),
        Example(text="Call 01632 960 000 | Monday to Friday"),
    ],
)
def drawn_with_characters(context: Context) -> Iterator[Violation]:
    """A table of |, tabs or spaces; bullets that were torn from their texts, or typed as signs."""
    for passage in context.texts:
        if passage.format is TextFormat.TEXT:
            lines = _list_lines(passage.written)
            yield from _check_tables(passage, lines)
            yield from _check_bullets(passage, lines)


def _list_lines(text: str) -> list[tuple[int, str]]:
    """Each line with its place in the text."""
    lines, at = [], 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    return lines


def _check_tables(passage: Passage, lines: list[tuple[int, str]]) -> Iterator[Violation]:
    for columns, together in groupby(lines, key=lambda line: _count_columns(line[1])):
        rows = list(together)
        start, line = rows[0]
        fewest = 2 if columns > 2 or line.lstrip().startswith("|") else 3
        if columns > 1 and len(rows) >= fewest:
            begin = start + len(line) - len(line.lstrip())
            yield Violation(
                span=passage.locate_written(begin, start + len(line.rstrip())),
                message=f"This is a table drawn with characters: {len(rows)} rows, {columns} columns.",
                remedy="Write a sentence or an entry of a list for each row, or link to a page that has the table.",
            )


def _count_columns(line: str) -> int:
    """How many columns a line is drawn in; 0 if it is none of a table."""
    if line.count("|") >= 2 or (line.count("|") == 1 and " | " in line):
        return len(_CELLS.findall(line))
    return len(_GAP.findall(line.strip())) + 1 if _GAP.search(line.strip()) else 0


def _check_bullets(passage: Passage, lines: list[tuple[int, str]]) -> Iterator[Violation]:
    """One violation on the first bullet of a text that is no list's."""
    for start, line in lines:
        lone, typed = _LONE_BULLET.match(line), _TYPED_BULLET.match(line)
        if match := (lone if lone and lone[1] not in "-–—" else None) or typed:
            yield Violation(
                span=passage.locate_written(start + match.start(1), start + match.end(1)),
                message="This bullet was torn from its text, and makes no list."
                if lone
                else "A bullet that is typed as a sign makes no list: readers get one long line.",
                remedy="Begin each entry with a hyphen, a space and its words, on one line.",
            )
            return


RULES: tuple[Rule, ...] = (
    heading_order,
    alternative_says_nothing,
    alternative_image_of,
    alternative_too_long,
    all_capitals,
    strings_of_emoji,
    contrast_too_low,
    language_not_marked,
    drawn_with_characters,
)
