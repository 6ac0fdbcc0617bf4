"""Find where in its file each paragraph of an email comes from, by comparing their words. Pure.

The renderer knows nothing of this, and the email is the one that is sent. Words that occur once on the page and once in
the file belong together. For the rest, sections and entries come in the same order in both. Words of the theme or the
settings aren't in the issue's file, and have no place.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bulletin.declaration.source import Place, Source
from bulletin.edition.contents_list import list_contents
from bulletin.edition.typography.typesetting import TypeStyle, set_type
from bulletin.issue.model import Issue
from bulletin.preview.blocks import Element, Outline, TextBlock, read_outline, read_paragraphs
from bulletin.preview.passages import ShownPassage, list_passages

SHORT = 16  # characters: so few may be anywhere, and count only beside a tag or a separator
_SEPARATORS = (" · ", ", ", " and ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A passage, and the characters of a block that show it. `at` orders matches as the page does."""

    passage: ShownPassage
    block: TextBlock
    at: tuple[int, int]
    end: int

    @property
    def begin(self) -> int:
        return self.at[1]


def mark_lines(html: str, issue: Issue, source: Source) -> str:
    """`html` with `data-line` (and `data-until`) on what comes from the issue's file, and otherwise as it was.

    Where one block shows several values, each after the first has a `span` of its own.
    """
    outline = read_outline(html)
    return _annotate(html, outline, list(_match_issue(outline, issue, source)), issue, source)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextPart:
    """Some of an email's plain text, and the lines that it comes from; 0 for what the theme says."""

    text: str
    first: int = 0
    last: int = 0


def cut_text(text: str, issue: Issue, source: Source) -> list[TextPart]:
    """An email's plain text in parts, each from the same lines of the issue's file. Joined, they are the text."""
    blocks = read_paragraphs(text)
    found = {match.block.begins[0]: match.passage for match in reversed(_match_text(blocks, issue, source))}
    parts = []
    starts = [0, *(block.begins[0] for block in blocks[1:])] if blocks else [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        passage = found.get(start)
        parts.append(
            TextPart(text=text[start:end], first=passage.first, last=passage.last)
            if passage
            else TextPart(text=text[start:end])
        )
    return parts


def _match_text(blocks: Sequence[TextBlock], issue: Issue, source: Source) -> list[Match]:
    """What is where in plain text. It has no anchors, but its contents list names each section's title first."""
    passages = list_passages(source, issue)
    titles = [it for it in passages if it.place[2:] == ("title",) and it.place[0] == "sections"]
    contents = [replace(it, place=("contents", it.place[1])) for it in titles] if len(titles) > 1 else []
    return sorted(match_passages(blocks, [*contents, *passages]), key=lambda match: match.at)


def _match_issue(outline: Outline, issue: Issue, source: Source) -> Iterator[Match]:
    """Look for each section's passages at its anchor, and for the others in the rest of the email."""
    parts: defaultdict[int, list[ShownPassage]] = defaultdict(list)
    for passage in list_passages(source, issue):
        parts[-1 if passage.is_task else _section_of(passage.place)].append(passage)
    homes = _find_homes(outline, issue)
    sections = {number for number in homes.values() if number >= 0}
    for number in {-1, *sections}:
        blocks = [block for block in outline.blocks if homes.get(id(block), -1) == number]
        here = [passage for part, of_it in parts.items() if part == number or part not in sections for passage in of_it]
        yield from match_passages(blocks, here if number < 0 else parts[number])


def _section_of(place: Place) -> int:
    return place[1] if len(place) > 1 and place[0] == "sections" and isinstance(place[1], int) else -1


def _find_homes(outline: Outline, issue: Issue) -> dict[int, int]:
    """The number of the section that each block is in, by the block's identity."""
    homes: dict[int, int] = {}
    for number, entry in enumerate(list_contents(issue)):
        anchor = outline.anchors.get(entry.anchor)
        if anchor is None or anchor.parent is None:
            continue
        for block in outline.blocks:
            if anchor.begin <= block.begins[0] < anchor.parent.end:
                homes[id(block)] = number  # the last anchor before a block counts
    return homes


def match_passages(blocks: Sequence[TextBlock], passages: Iterable[ShownPassage]) -> list[Match]:
    """Which passage is where. Long ones are found first, and limit where the others can be."""
    board = _Board(blocks)
    groups: defaultdict[str, list[ShownPassage]] = defaultdict(list)
    for passage in passages:
        groups[_find_shown(board, passage.words)].append(passage)
    unclear = []
    for words in sorted(groups, key=len, reverse=True):
        spots = board.find(words)
        if len(spots) == len(groups[words]):
            for passage, spot in zip(groups[words], spots, strict=True):
                board.put(passage, spot)
        else:
            unclear.append(words)
    for words in unclear:
        for passage in groups[words]:
            board.put_best(passage, words)
    return board.matches


def _find_shown(board: _Board, words: str) -> str:
    """`words`, folded, in the form in which the page has them: three dots or two hyphens may have been set."""
    folded = _fold(words)
    if ("..." in words or "--" in words) and not board.find(folded):
        return _fold(set_type(words, TypeStyle(), no_break=False))
    return folded


@dataclass(frozen=True, kw_only=True, slots=True)
class _Spot:
    block: int
    begin: int
    end: int
    rank: int  # how many of its two sides have a tag beside them


class _Board:
    """Blocks, and what has been found in them. No character is taken twice."""

    def __init__(self, blocks: Sequence[TextBlock]) -> None:
        self._blocks = blocks
        self._words = [_fold(block.words) for block in blocks]
        self._taken: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self.matches: list[Match] = []

    def find(self, words: str) -> list[_Spot]:
        """Where `words` are alone and are not taken yet."""
        return [
            spot
            for number, within in enumerate(self._words)
            if words in within
            for spot in self._find_in(number, words)
            if not any(begin < spot.end and spot.begin < end for begin, end in self._taken[number])
        ]

    def _find_in(self, number: int, words: str) -> Iterator[_Spot]:
        within, edges = self._words[number], self._blocks[number].edges
        begin = within.find(words)
        while begin >= 0:
            end = begin + len(words)
            spot = _Spot(block=number, begin=begin, end=end, rank=(begin in edges) + (end in edges or end + 1 in edges))
            if _stands_alone(within, spot):
                yield spot
                begin = within.find(words, end)
            else:
                begin = within.find(words, begin + 1)

    def put(self, passage: ShownPassage, spot: _Spot) -> None:
        insort(self._taken[spot.block], (spot.begin, spot.end))
        at = (spot.block, spot.begin)
        self.matches.append(Match(passage=passage, block=self._blocks[spot.block], at=at, end=spot.end))

    def put_best(self, passage: ShownPassage, words: str) -> None:
        """Put `passage` where it is most clearly alone, between what must come before it and after it, if anywhere."""
        order = [(_compare(match.passage, passage), match.at) for match in self.matches]
        low = max((at for sign, at in order if sign < 0), default=(-1, 0))
        high = min((at for sign, at in order if sign > 0), default=(len(self._blocks), 0))
        spots = [spot for spot in self.find(words) if low < (spot.block, spot.begin) < high]
        if spots:
            self.put(passage, max(spots, key=lambda spot: spot.rank))  # of equals, the first


def _stands_alone(within: str, spot: _Spot) -> bool:
    """Whether whole words are at `spot`, and, if they are few, whether they are a part of their own."""
    before, after = within[: spot.begin], within[spot.end :]
    if before[-1:].isalnum() and within[spot.begin].isalnum():
        return False
    if after[:1].isalnum() and within[spot.end - 1].isalnum():
        return False
    if spot.end - spot.begin >= SHORT or spot.rank:
        return True
    return before.endswith(_SEPARATORS) and after.startswith(_SEPARATORS)


def _compare(one: ShownPassage, other: ShownPassage) -> int:
    """-1 if `one` must come before `other`, 1 if after it, 0 if the theme may choose: tasks are in order of time."""
    if one.is_task or other.is_task:
        return 0
    if one.place == other.place:
        return (one.part > other.part) - (one.part < other.part)
    for step, other_step in zip(one.place, other.place, strict=False):
        if step != other_step:
            if isinstance(step, int) and isinstance(other_step, int):
                return -1 if step < other_step else 1
            return 0
    return 0


_PLAIN = str.maketrans("“”‘’–\u00a0", "\"\"''- ")


def _fold(words: str) -> str:
    """`words` in small letters and plain marks, each at its place: themes may change capitals, typography marks."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in words.translate(_PLAIN))


def _annotate(html: str, outline: Outline, matches: list[Match], issue: Issue, source: Source) -> str:
    marks = _Marks(html)
    for match in sorted(matches, key=lambda match: match.block.begins[match.begin]):
        marks.mark_words(match)
    for element, line in (*_locate_links(outline, matches, issue, source), *_locate_pictures(outline, source)):
        marks.mark_element(element, line, line)
    return marks.write()


def _locate_links(
    outline: Outline, matches: list[Match], issue: Issue, source: Source
) -> Iterator[tuple[Element, int]]:
    """The line of each link: that of its words if they are a value, or else that of its address.

    So is that of a block in which there is a link and nothing else: an entry of the contents.
    """
    titles = {
        f"#{entry.anchor}": span.line
        for number, entry in enumerate(list_contents(issue))
        if (span := source.values.get(("sections", number, "title")))
    }
    addresses: defaultdict[str, list[int]] = defaultdict(list)
    for place, span in source.values.items():
        if place and place[-1] == "link":
            addresses[source.text_at(place)].append(span.line)
    for link in outline.links:
        address = link.element.attributes["href"]
        found = addresses[address]
        written = found.pop(0) if len(found) > 1 else next(iter(found), 0)  # the last of them is for more
        around = next((it for it in matches if it.block is link.block and it.begin <= link.begin < it.end), None)
        if around and link.end <= around.end:
            span = source.values[around.passage.place]
            exact = source.find_within(span, address).line if link.end - link.begin < around.end - around.begin else 0
            yield link.element, max(exact, around.passage.first)
        elif line := titles.get(address, written):
            yield link.element, line
            if (link.begin, link.end) == (0, len(link.block.words)):
                yield link.block.element, line


def _locate_pictures(outline: Outline, source: Source) -> Iterator[tuple[Element, int]]:
    alternatives: defaultdict[str, list[int]] = defaultdict(list)
    for place, span in source.values.items():
        if place and place[-1] == "alt":
            alternatives[_fold(source.text_at(place))].append(span.line)
    for picture in outline.pictures:
        if lines := alternatives[_fold(picture.attributes.get("alt", ""))]:
            yield picture, lines.pop(0)


class _Marks:
    """What is put into a copy of the HTML."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._marked: set[int] = set()
        self._inserted: list[tuple[int, int, str]] = []

    def mark_element(self, element: Element, first: int, last: int) -> None:
        if element.insert not in self._marked:
            self._marked.add(element.insert)
            self._inserted.append((element.insert, 0, _attributes(first, last)))

    def mark_words(self, match: Match) -> None:
        """The block, if this is the first value in it; else exactly these words, in each text node of theirs."""
        passage, block = match.passage, match.block
        if block.element.insert not in self._marked:
            self.mark_element(block.element, passage.first, passage.last)
            return
        for begin, end in _text_nodes(block, match.begin, match.end):
            self._inserted.append((begin, 1, f"<span{_attributes(passage.first, passage.last)}>"))
            self._inserted.append((end, -1, "</span>"))

    def write(self) -> str:
        pieces, at = [], 0
        for offset, _, text in sorted(self._inserted):
            pieces += [self._html[at:offset], text]
            at = offset
        return "".join([*pieces, self._html[at:]])


def _text_nodes(block: TextBlock, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the characters from `begin` to `end` are in the HTML, in one piece for each text node."""
    start = begin
    for number in range(begin + 1, end + 1):
        if number == end or block.nodes[number] != block.nodes[start]:
            if block.words[start:number].strip():
                yield block.begins[start], block.ends[number - 1]
            start = number


def _attributes(first: int, last: int) -> str:
    until = f' data-until="{last}"' if last != first else ""
    return f' data-line="{first}"{until}'
