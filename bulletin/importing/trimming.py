"""The text that mailers put around a bulletin: browser links, footers, buttons, signatures, disclaimers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, Run, find_words
from bulletin.importing.marking import is_usable
from bulletin.importing.page.furniture import (
    AMOUNT,
    CLOSING,
    DISCLAIMER,
    FURNITURE,
    GREETING,
    HEADER,
    LOOSE,
    MAILERS_LINK,
    MAILERS_OWN,
    PICTURE,
    REACTIONS,
    SOCIAL,
    SOCIAL_WORDS,
    TELEPHONE,
)
from bulletin.importing.patterns import find_dates, find_hours
from bulletin.importing.restoring.tags import TAG, remove_tags

_CONTENTS = re.compile(r"(?:in|inside) this (?:issue|edition|month.s .*|newsletter)\W*|contents\W*", re.IGNORECASE)
_LONGEST = 45  # words: an article may mention these things, but a footer is short
_LONGEST_DISCLAIMER = 260  # words
_LONGEST_ROW = 200  # letters
_LONGEST_SIGNATURE = 9  # blocks
_LONGEST_SIGNED_LINE = 16  # words
_MOST_BETWEEN = 2  # short lines, such as an address, between those of a footer
_FEWEST_HEADERS = 3
KEPT = "is this part of the bulletin, or did the mailer add it?"


def trim(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The bulletin's own blocks, and those that its mailer put around them."""
    groups = list(_group(blocks))
    outside = _find_outside(groups)
    gone: list[bool] = []
    asked: list[bool] = []
    for group, is_outside in zip(groups, outside, strict=True):
        whole, added = _judge(group, outside=is_outside)
        gone += [whole] * len(group)
        asked += [added and not whole] * len(group)
    for index, block in enumerate(blocks[1:], start=1):  # the address below “Our mailing address is:”
        above = blocks[index - 1].text.rstrip()
        if gone[index - 1] and above.endswith(":") and block.role is Role.PARAGRAPH:
            gone[index] = True
    _mark_contents(blocks, gone)
    _mark_headers(blocks, gone)
    _mark_signature(blocks, gone)
    kept = [
        remove_tags(replace(block, check=f"{block.check} {KEPT}".strip()) if is_asked else block)
        for block, is_gone, is_asked in zip(blocks, gone, asked, strict=True)
        if not is_gone
    ]
    return kept, [block for block, is_gone in zip(blocks, gone, strict=True) if is_gone]


def _group(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Each block with the further lines of its paragraph."""
    group: list[Block] = []
    for block in blocks:
        if group and not block.tight:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _find_outside(groups: Sequence[Sequence[Block]]) -> list[bool]:
    """Which groups are at the head or the foot, where nothing of the bulletin is above or below them."""
    outside = [False] * len(groups)
    for order in (range(len(groups)), range(len(groups) - 1, -1, -1)):
        others = 0
        for index in order:
            words = find_words(" ".join(block.text for block in groups[index]))
            plain = words and not any(map(_mentions, groups[index]))
            others += bool(plain)
            if plain and (len(words) > _LONGEST_SIGNED_LINE or others > _MOST_BETWEEN):
                break
            outside[index] = True
    return outside


def _mentions(block: Block) -> bool:
    """Whether a block has words that mailers add."""
    patterns = (FURNITURE, LOOSE, DISCLAIMER, TAG)
    return any(pattern.search(block.text) for pattern in patterns) or _is_reaction([block], block.text)


def _is_reaction(group: Sequence[Block], text: str) -> bool:
    """Whether a paragraph is only a row of the page's own buttons and counts."""
    return group[0].role is Role.PARAGRAPH and len(text) <= _LONGEST_ROW and bool(REACTIONS.fullmatch(text))


def _judge(group: Sequence[Block], *, outside: bool) -> tuple[bool, bool]:
    """Whether a paragraph is only what a mailer added, and whether it has something of that."""
    first = group[0]
    text = " ".join(block.text for block in group)
    words = find_words(text)
    if first.role in (Role.HEADING, Role.TABLE, Role.PICTURE):
        return first.role is Role.PICTURE and bool(PICTURE.search(text) or _is_social(words, [])), False
    if _is_social(words, [run for block in group for run in block.links]):
        return True, True
    if outside and (_is_reaction(group, text) or (DISCLAIMER.search(text) and len(words) <= _LONGEST_DISCLAIMER)):
        return True, True
    if outside and words and len(words) <= _LONGEST_SIGNED_LINE and _are_mailers(group):
        return True, True
    added = FURNITURE.search(text) or LOOSE.search(text)
    if len(words) > _LONGEST or not (added or TAG.search(text)):
        return False, False
    if TAG.search(text) and GREETING.fullmatch(TAG.sub("", text).strip()):
        return True, True
    return bool(added and not _has_own(group, text) and (outside or FURNITURE.search(text))), bool(added)


def _are_mailers(group: Sequence[Block]) -> bool:
    """Whether all links of a paragraph lead to the mailer's own pages."""
    links = [run.link for block in group for run in block.links]
    return bool(links) and all(MAILERS_OWN.search(link) for link in links)


def _has_own(group: Sequence[Block], text: str) -> bool:
    """Whether a paragraph has a date, hours, a telephone number, an amount, or a link that no mailer would add."""
    said = re.sub(r"(?:©|copyright)\W*(?:\d{4}\W*)+", " ", text, flags=re.IGNORECASE)
    own = [
        run for block in group for run in block.links if not (MAILERS_LINK.search(run.link) or SOCIAL.match(run.link))
    ]
    linked = any(not (FURNITURE.search(run.text) or LOOSE.search(run.text)) and is_usable(run.link) for run in own)
    told = find_dates(said) or find_hours(said)[0] or TELEPHONE.search(said) or AMOUNT.search(said)
    return bool(told or linked)


def _mark_headers(blocks: Sequence[Block], gone: list[bool]) -> None:
    """Mark the lines of a forwarded email at its head: sender, date, receivers."""
    head = [at for at, block in enumerate(blocks[: _FEWEST_HEADERS * 3]) if HEADER.fullmatch(block.text)]
    if len(head) >= _FEWEST_HEADERS and blocks[head[0]].text.lower().startswith(("from", "sent")):
        for at in head:
            gone[at] = True


def _mark_signature(blocks: Sequence[Block], gone: list[bool]) -> None:
    """Mark the signature of an email: the lines from its closing words to the end."""
    left = [at for at, is_gone in enumerate(gone) if not is_gone and blocks[at].role is not Role.PICTURE]
    for at in left[-_LONGEST_SIGNATURE:]:
        if blocks[at].role is not Role.PARAGRAPH or not CLOSING.fullmatch(blocks[at].text.strip()):
            continue
        below = [one for one in left if one > at]
        short = all(
            len(find_words(blocks[one].text)) <= _LONGEST_SIGNED_LINE and blocks[one].role is not Role.HEADING
            for one in below
        )
        if below and short:
            for one in (at, *below):
                gone[one] = True
            return


def _mark_contents(blocks: Sequence[Block], gone: list[bool]) -> None:
    """Mark a list of contents, with its heading, because each edition makes its own."""
    titles = " ".join(block.text.lower() for block in blocks if block.role is Role.HEADING)
    for start, block in enumerate(blocks):
        if not _CONTENTS.fullmatch(block.text.strip()):
            continue
        end = start + 1
        while end < len(blocks) and blocks[end].role is Role.ENTRY:
            end += 1
        listed = [one.text.lower() for one in blocks[start + 1 : end]]
        if listed and sum(text in titles for text in listed) * 2 > len(listed):
            gone[start:end] = [True] * (end - start)


def _is_social(words: Sequence[str], links: Sequence[Run]) -> bool:
    """Whether a line is only the buttons of social networks."""
    social = SOCIAL_WORDS.issuperset(words) and bool({"facebook", "twitter", "instagram", "linkedin"} & set(words))
    linked = bool(links) and all(SOCIAL.match(run.link) for run in links)
    return (social or (linked and SOCIAL_WORDS.issuperset(words))) if words else linked
