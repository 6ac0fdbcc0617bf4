"""Articles that continue on another page, and the page numbers: each becomes one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, Run, join_runs
from bulletin.importing.restoring.typed_lists import keep_start

_PAGE = r"(?:the )?(?:(?:next|previous|front|back|last) page|(?:page|p\.?)\s*\d{1,3}|overleaf)"
_ON = re.compile(
    rf"\W*(?:(?:story |article )?continue[sd]|cont[’'.]?d?\.?|turn|more)\s+(?:on|to|over)?\s*{_PAGE}\W*", re.IGNORECASE
)
_FROM = re.compile(rf"\W*(?:continued|cont[’'.]?d?\.?)(?:\s+from\s+{_PAGE})?\W*", re.IGNORECASE)
_NUMBER = re.compile(r"[-–|·\s]*page\s*\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?[-–|·\s]*", re.IGNORECASE)
_END = re.compile(
    rf"\s*[(\[]?(?:continue[sd]|cont[’'.]?d)\s+(?:on|overleaf)\s*(?:{_PAGE})?[)\]]?[.…→»\s]*$", re.IGNORECASE
)
_HEADING = re.compile(
    rf"(?P<title>.*\S)\s*[-–—:,(\[…]*\s*(?:continued|cont[’'.]d)(?:\s+from\s+{_PAGE})?\s*[)\]]?\W*", re.IGNORECASE
)
_CHECK = "a part of this was on another page. Does it belong here?"
_WHAT = "page numbers and “continued” lines"


def join_continued(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with each continued article in one piece. Marks and page numbers become blocks that are left out."""
    made: list[Block] = []
    ends: list[int] = []  # where in `made` the articles end that continue elsewhere, the earliest first
    index = 0
    while index < len(blocks):
        block = blocks[index]
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        if place := _find_place(made, ends, block, after):
            stop = _find_stop(blocks, index + 1, block)
            moved = [one for one in blocks[index + 1 : stop] if not _is_mark(one)]
            marks = [_leave_out(one) for one in (block, *(one for one in blocks[index + 1 : stop] if _is_mark(one)))]
            made[place:place] = _join(made, place, moved)
            made += marks
            ends = [end + (len(moved) if end >= place else 0) for end in ends if end != place]
            index = stop
            continue
        if block.role is not Role.TABLE and _ON.fullmatch(block.text):
            ends.append(len(made))
        made += _read(block, made, ends)
        index += 1
    return made


def _read(block: Block, made: Sequence[Block], ends: list[int]) -> list[Block]:
    """A block, without the mark at its end; or left out, if it is just a mark."""
    if _is_mark(block):
        return [_leave_out(block)]
    end = _END.search(block.text) if block.role is Role.PARAGRAPH else None
    if not end:
        return [block]
    ends.append(len(made) + 1)
    runs = join_runs(keep_start(block.runs, end.start()))
    return [replace(block, runs=runs), Block(role=Role.LEFT_OUT, runs=(Run(text=end[0].strip()),), check=_WHAT)]


def _is_mark(block: Block) -> bool:
    return block.role in (Role.PARAGRAPH, Role.HEADING) and bool(
        _ON.fullmatch(block.text)
        or _NUMBER.fullmatch(block.text)
        or (_FROM.fullmatch(block.text) and len(block.text) > 5)
    )


def _leave_out(block: Block) -> Block:
    return Block(role=Role.LEFT_OUT, runs=block.runs, check=_WHAT)


def _find_place(made: Sequence[Block], ends: Sequence[int], block: Block, after: Block | None) -> int:
    """Where in `made` the article ends that continues with `block`; 0 if none does."""
    if block.role is Role.HEADING and not _is_mark(block):
        match = _HEADING.fullmatch(block.text)
        marked = after is not None and bool(_FROM.fullmatch(after.text)) and after.role is not Role.TABLE
        title = match["title"] if match else block.text if marked else ""
        return _find_end(made, ends, title) if title else 0
    if block.role is Role.PARAGRAPH and _FROM.fullmatch(block.text) and "from" in block.text.lower():
        return ends[0] if ends else 0
    return 0


def _find_end(made: Sequence[Block], ends: Sequence[int], title: str) -> int:
    """The end of the article that has this title, or a title that begins with it."""
    wanted = title.lower().strip(" .…:–-([")
    for start, block in enumerate(made):
        if block.role is Role.HEADING and wanted and block.text.lower().startswith(wanted):
            below = range(start + 1, len(made))
            stop = next(
                (at for at in below if made[at].role is Role.HEADING and made[at].level <= block.level), len(made)
            )
            return next((end for end in ends if start < end <= stop), stop)
    return 0


def _find_stop(blocks: Sequence[Block], start: int, block: Block) -> int:
    """Where the continued part ends: at the next heading that is not below its own."""
    level = block.level if block.role is Role.HEADING else 6
    stops = (at for at in range(start, len(blocks)) if blocks[at].role is Role.HEADING and blocks[at].level <= level)
    return next((at for at in stops if not _is_mark(blocks[at])), len(blocks))


def _join(made: list[Block], place: int, moved: list[Block]) -> list[Block]:
    """The moved blocks; the first one completes the last sentence before it, if that was cut."""
    if moved:
        moved = [replace(moved[0], check=f"{moved[0].check} {_CHECK}".strip()), *moved[1:]]
    words = [at for at in range(place) if made[at].role is not Role.LEFT_OUT]
    last = words[-1] if words else -1
    if not moved or last < 0 or made[last].role is not Role.PARAGRAPH or moved[0].role is not Role.PARAGRAPH:
        return moved
    if made[last].text[-1:] in ".!?:”’)" or not moved[0].text[:1].islower():
        return moved
    runs = join_runs([*made[last].runs, Run(text=" "), *moved[0].runs])
    made[last] = replace(made[last], runs=runs, check=f"{made[last].check} {moved[0].check}".strip())
    return [Block(role=Role.LEFT_OUT, runs=(), check=_WHAT), *moved[1:]]  # so that as many blocks are added
