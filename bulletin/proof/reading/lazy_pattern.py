"""Regular expressions that are compiled when a text first has what they need. Pure.

To compile one takes a millisecond or more, there are hundreds, and most issues have few of the words that they are for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache


class LazyPattern:
    """A pattern, and texts of which each match has one: `needs`. Without any, it may match everywhere.

    What `needs` has in small letters is found in capitals too, anything else only as it is written.
    """

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG, *, needs: Sequence[str] = ()) -> None:
        self._pattern, self._flags = pattern, flags
        self._folded = [text for text in needs if text == text.casefold()]
        self._written = [text for text in needs if text != text.casefold()]

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern itself, which is the `re` of a match."""
        return re.compile(self._pattern, self._flags)

    def may_match(self, text: str) -> bool:
        """Whether a text has one of the texts that a match needs."""
        if not (self._folded or self._written):
            return True
        plain = _fold(text)
        return any(one in plain for one in self._folded) or any(one in text for one in self._written)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """The matches in a text, in order."""
        return self.compiled.finditer(text) if self.may_match(text) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in a text."""
        return self.compiled.search(text) if self.may_match(text) else None


@lru_cache(maxsize=256)
def _fold(text: str) -> str:
    return text.casefold()
