"""The formatting of a Word document that its converter doesn't read, restated in a form that it does.

Hidden words are removed. Struck-out and raised words, and the words of fields, are stated on the words themselves.
Paragraphs in large letters become headings if the document has no headings of its own. Names are those of ECMA-376,
part 1, chapter 17. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFF = ("0", "false", "off", "none")
_WORDS = tuple(f"{{{_W}}}{name}" for name in ("t", "tab", "br", "sym", "noBreakHyphen", "drawing", "pict"))
_DEEPEST = 12  # styles that are based on each other
LARGE = "BulletinLarge"
"""The start of the style identifiers that large paragraphs get; a number from 1 (the largest) follows."""
_USUAL_SIZE = 22  # half-points: Word's own
_LARGER = 1.15  # times the most frequent size
_LONGEST_HEADING = 110  # letters
_MOST_LEVELS = 4
_HEADING_STYLES = ("heading", "title")


def state_looks(parts: Mapping[str, etree._Element], styles: etree._Element | None) -> bool:
    """Change the parts of a document in place. True if words were hidden in it."""
    book = _StyleBook(styles)
    hidden = False
    for root in parts.values():
        for field in list(root.iter(_name("fldSimple"))):
            field.tag = _name("smartTag")  # the converter reads the words inside this one
        for run in list(root.iter(_name("r"))):
            if book.has(run, "vanish") or book.has(run, "specVanish"):
                hidden = _remove_words(run) or hidden
            if book.has(run, "strike") or book.has(run, "dstrike"):
                _state(run, "strike", "true")
            if raised := book.value(run, "vertAlign"):
                _state(run, "vertAlign", raised)
    for name, root in parts.items():
        if name == "word/document.xml":
            _raise_large(root, book)
    return hidden


def is_struck_run(run: etree._Element | None) -> bool:
    """Whether the words of a run are struck out, once `state_looks` has stated it."""
    found = None if run is None else run.find(f"{_name('rPr')}/{_name('strike')}")
    return found is not None and _is_on(found)


def _name(local: str) -> str:
    return f"{{{_W}}}{local}"


def _is_on(element: etree._Element) -> bool:
    return (element.get(_name("val")) or "true").lower() not in _OFF


def _remove_words(run: etree._Element) -> bool:
    """Remove the words of a run. Its marks of fields stay, since others may depend on them."""
    words = [element for element in run.iter(*_WORDS) if element.getparent() is run]
    for element in words:
        run.remove(element)
    return bool(words)


def _state(run: etree._Element, name: str, value: str) -> None:
    """Set a property on a run itself."""
    properties = run.find(_name("rPr"))
    if properties is None:
        properties = etree.Element(_name("rPr"))
        run.insert(0, properties)
    found = properties.find(_name(name))
    element = etree.SubElement(properties, _name(name)) if found is None else found
    element.set(_name("val"), value)


class _StyleBook:
    """The styles of a document, and what a run has of its own or by them."""

    def __init__(self, styles: etree._Element | None) -> None:
        found = () if styles is None else styles.iter(_name("style"))
        self._styles = {style.get(_name("styleId")) or "": style for style in found}
        default = (
            None if styles is None else styles.find(f"{_name('docDefaults')}/{_name('rPrDefault')}/{_name('rPr')}")
        )
        self._default = default
        self._normal = next((key for key, style in self._styles.items() if _is_default(style)), "")

    def has(self, run: etree._Element, name: str) -> bool:
        """Whether a property of yes or no is on for a run."""
        found = self._find(run, name)
        return found is not None and _is_on(found)

    def value(self, run: etree._Element, name: str) -> str:
        """The value of a run's property; "" without one."""
        found = self._find(run, name)
        return "" if found is None else found.get(_name("val")) or ""

    def heads(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph's style is one of headings."""
        for style in self._chain(_find_style(paragraph, "p")):
            named = style.find(_name("name"))
            name = "" if named is None else (named.get(_name("val")) or "").lower()
            if name.startswith(_HEADING_STYLES) or style.find(f"{_name('pPr')}/{_name('outlineLvl')}") is not None:
                return True
        return False

    def _find(self, run: etree._Element, name: str) -> etree._Element | None:
        """A property of a run: its own, of its style, of its paragraph's style, or of the document."""
        for properties in self._sources(run):
            if properties is not None and (found := properties.find(_name(name))) is not None:
                return found
        return None

    def _sources(self, run: etree._Element) -> Iterator[etree._Element | None]:
        yield run.find(_name("rPr"))
        yield from (style.find(_name("rPr")) for style in self._chain(_find_style(run, "r")))
        paragraph = next(run.iterancestors(_name("p")), None)
        named = "" if paragraph is None else _find_style(paragraph, "p")
        yield from (style.find(_name("rPr")) for style in self._chain(named or self._normal))
        yield self._default

    def _chain(self, identifier: str) -> Iterator[etree._Element]:
        """A style, and those that it is based on."""
        for _ in range(_DEEPEST):
            style = self._styles.get(identifier)
            if style is None:
                return
            yield style
            based = style.find(_name("basedOn"))
            identifier = "" if based is None else based.get(_name("val")) or ""


def _is_default(style: etree._Element) -> bool:
    return style.get(_name("type")) == "paragraph" and (style.get(_name("default")) or "0") not in _OFF


def _find_style(element: etree._Element, kind: str) -> str:
    found = element.find(f"{_name(f'{kind}Pr')}/{_name(f'{kind}Style')}")
    return "" if found is None else found.get(_name("val")) or ""


def _raise_large(root: etree._Element, book: _StyleBook) -> None:
    """Give large short paragraphs a style of their own by their size, the largest first."""
    paragraphs = list(root.iter(_name("p")))
    if any(book.heads(paragraph) for paragraph in paragraphs):
        return
    sizes = [_measure(paragraph, book) for paragraph in paragraphs]
    letters = Counter[int]()
    for paragraph, size in zip(paragraphs, sizes, strict=True):
        letters[size] += len(_text(paragraph))
    usual = letters.most_common(1)[0][0] if letters else _USUAL_SIZE
    large = [
        (paragraph, size)
        for paragraph, size in zip(paragraphs, sizes, strict=True)
        if size >= usual * _LARGER and 0 < len(_text(paragraph).strip()) <= _LONGEST_HEADING
    ]
    _style_large(large, sorted({size for _, size in large}, reverse=True)[:_MOST_LEVELS])


def _style_large(large: Sequence[tuple[etree._Element, int]], levels: Sequence[int]) -> None:
    for paragraph, size in large:
        if size not in levels or paragraph.find(f"{_name('pPr')}/{_name('numPr')}") is not None:
            continue
        properties = paragraph.find(_name("pPr"))
        if properties is None:
            properties = etree.Element(_name("pPr"))
            paragraph.insert(0, properties)
        for style in properties.findall(_name("pStyle")):
            properties.remove(style)
        style = etree.Element(_name("pStyle"))
        style.set(_name("val"), f"{LARGE}{levels.index(size) + 1}")
        properties.insert(0, style)


def _measure(paragraph: etree._Element, book: _StyleBook) -> int:
    """The size of most letters of a paragraph, in half-points."""
    sizes = Counter[int]()
    for run in paragraph.iter(_name("r")):
        written = book.value(run, "sz")
        sizes[int(written) if written.isdecimal() else _USUAL_SIZE] += len(_text(run).strip())
    return sizes.most_common(1)[0][0] if sizes else 0


def _text(element: etree._Element) -> str:
    return "".join(one.text or "" for one in element.iter(_name("t")))
