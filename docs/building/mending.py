"""What Furo's pages lack for people who use a keyboard or a screen reader. Pure."""

from __future__ import annotations

import re
from typing import Final

_MENDED: Final = (
    # A heading needs its level.
    (re.compile(r'role="heading"(?! aria-level)'), 'role="heading" aria-level="2"'),
    # What scrolls sideways can be scrolled by keys.
    (re.compile(r"<pre>"), '<pre tabindex="0">'),
    (
        re.compile(r'<div class="table-wrapper([^"]*)">'),
        r'<div class="table-wrapper\1" role="group" aria-label="Table" tabindex="0">',
    ),
    # Two parts of one kind need names.
    (re.compile(r'<aside class="sidebar-drawer">'), '<aside class="sidebar-drawer" aria-label="All pages">'),
    (re.compile(r'<aside class="toc-drawer'), '<aside aria-label="On this page" class="toc-drawer'),
    (re.compile(r'<header class="mobile-header">'), '<header class="mobile-header" aria-label="Top of the page">'),
)


def mend_html(text: str) -> str:
    """A page of Furo with levels, names and places for the keyboard. Mending it again changes nothing."""
    for pattern, better in _MENDED:
        text = pattern.sub(better, text)
    return text
