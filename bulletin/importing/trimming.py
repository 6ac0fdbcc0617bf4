"""The text that mailers put around a bulletin: browser links, footers, social buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bulletin.importing.blocks import Block, Role, find_words

_FURNITURE = re.compile(
    r"""view\s(?:this|it|the)?\s?(?:e-?mail|newsletter|message)?\s?(?:online|in\s(?:your|a|the)\sbrowser)
    | unsubscribe | (?:update|manage|change)\s(?:your\s)?(?:subscription|e-?mail)?\s?preferences
    | why\sdid\sI\sget\sthis | forward\s(?:this\s)?(?:e-?mail\s)?to\sa\s(?:friend|colleague)
    | add\sus\sto\syour\saddress
    | you\s(?:are\sreceiving|received|get)\sthis\s(?:e-?mail|newsletter|message) | all\srights\sreserved | ©\s*\d{4}
    | copyright\s(?:©|\(c\)|\*\||\d) | our\s(?:mailing|postal)\saddress\sis | \*\|[A-Z:_]+\|\*
    | (?:email\s)?powered\sby\smailchimp | having\strouble\s(?:viewing|reading) | follow\sus\son | sent\sto\s\S+@\S+""",
    re.IGNORECASE | re.VERBOSE,
)
_SOCIAL = re.compile(
    r"https?://(?:[\w-]+\.)*(?:facebook|twitter|x|instagram|linkedin|youtube|tiktok|vimeo|threads|bsky)\.(?:com|net|app)/",
    re.IGNORECASE,
)
_SOCIAL_WORDS = {
    "facebook",
    "twitter",
    "x",
    "instagram",
    "linkedin",
    "youtube",
    "tiktok",
    "vimeo",
    "threads",
    "bluesky",
}
_SOCIAL_WORDS |= {"website", "email", "link", "icon", "logo", "share", "tweet", "forward", "follow", "us", "on", "and"}
_CONTENTS = re.compile(r"(?:in|inside) this (?:issue|edition|month.s .*|newsletter)\W*|contents\W*", re.IGNORECASE)
_LONGEST = 45  # words: an article may mention these things, but a footer is short


def trim(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """The bulletin's own blocks, and those that its mailer put around them."""
    gone = [_is_furniture(block) for block in blocks]
    for index, block in enumerate(blocks[1:], start=1):  # the address below “Our mailing address is:”
        above = blocks[index - 1].text.rstrip()
        if gone[index - 1] and above.endswith(":") and block.role is Role.PARAGRAPH:
            gone[index] = True
    _mark_contents(blocks, gone)
    kept = [block for block, is_gone in zip(blocks, gone, strict=True) if not is_gone]
    return kept, [block for block, is_gone in zip(blocks, gone, strict=True) if is_gone]


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


def _is_furniture(block: Block) -> bool:
    words = find_words(block.text)
    if len(words) > _LONGEST or block.role in (Role.HEADING, Role.TABLE):
        return False
    if _FURNITURE.search(block.text):
        return True
    social = _SOCIAL_WORDS.issuperset(words) and bool({"facebook", "twitter", "instagram", "linkedin"} & set(words))
    linked = bool(block.links) and all(_SOCIAL.match(run.link) for run in block.links)
    return (social or (linked and _SOCIAL_WORDS.issuperset(words))) if words else linked
