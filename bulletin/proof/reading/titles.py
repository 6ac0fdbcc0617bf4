"""Tell which words belong to a name or a title that others chose: an Act, a quoted title, the words of a link. Pure.

House style and jargon are about the author's own words. “The Safeguarding Vulnerable Groups Act 2006” is written as
its own publisher writes it.
"""

from __future__ import annotations

import re

from bulletin.issue.passages import Passage

_WORD = r"[A-Z][\w’'&-]*"
_SMALL = r"(?:of|and|the|for|to|in|on|with|a|an|\(|or)"
_NAMED = (
    "Act|Acts|Bill|Bills|Regulations|Order|Code|Directive|Convention|Charter|Measure|Rules|Guidance|Strategy|Framework|"
    "Programme|Programmes|Plan|Review|Inquiry|Report|Scheme|Standards|Award|Awards|Forum|Conference|Week|Day"
)
_ACT = re.compile(
    rf"\b{_WORD}(?:[ ,]+(?:{_WORD}|{_SMALL}|\([A-Z][^()\n]{{1,60}}\)|[0-9]{{4}}))* (?:{_NAMED})\b(?: [0-9]{{4}}\b)?"
)
_QUOTED = re.compile(r"“[^”\n]{2,300}”|‘[^’\n]{2,300}’(?!\w)|\"[^\"\n]{2,300}\"")
_EMPHASIS = re.compile(r"(?<![\w*_\\])([*_])(?=[^\s*_])[^*_\n]{2,200}(?<=[^\s\\])\1(?![\w*_])")
_LEAST_WORDS = 3  # of a link that may be a title
_REACH = 300  # characters around the words that are looked at


def is_in_title(passage: Passage, start: int, end: int) -> bool:
    """Whether the words `prose.text[start:end]` are inside a name or title of others, or in a quotation."""
    text, offsets = passage.prose.text, passage.prose.offsets
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    for pattern in (_ACT, _QUOTED):
        if any(
            match.start() <= start - first and end - first <= match.end()
            for match in pattern.finditer(text[first:last])
        ):
            return True
    for link in passage.prose.links:
        if (
            link.start <= start
            and end <= link.end
            and len(link.text.split()) >= _LEAST_WORDS
            and link.text[:1].isupper()
        ):
            return True
    begin, finish = offsets[start], offsets[end - 1] + 1
    low = max(0, begin - _REACH)
    around = passage.written[low : finish + _REACH]
    return any(match.start() < begin - low and finish - low < match.end() for match in _EMPHASIS.finditer(around))
