"""The version of the theme that a template was written for: a former one would give half an email. Pure.

Each template and style sheet of an email says it in its first line: `{# theme 2 #}`, `/* theme 2 */`.
"""

from __future__ import annotations

import re

VERSION = 2

_MARK = re.compile(r"\s*(?:\{#-?|/\*)\s*theme\s+(\d+)\b", re.IGNORECASE)

_WHOLE = ("email/issue.html.j2", "text/issue.txt.j2")
_REFERENCE = re.compile(r"\{%-?\s*(?:include|import|from|extends)\b")

REPLACED = {
    "email/style.css": "a style sheet for each component, in email/styles",
    "email/dark.css": "the dark colours that are worked out from the sheets in email/styles",
    "email/parts/bar.html.j2": "email/parts/masthead.html.j2 and email/parts/foot.html.j2",
    "email/parts/ways-out.html.j2": "email/parts/foot.html.j2",
    "email/parts/marks.html.j2": "a template for each component, in email/components",
}
"""The files of the former theme that are gone, each with what replaced it."""


def is_former(name: str, text: str) -> bool:
    """Whether a file that takes the place of the product's `name` (`email/parts/foot.html.j2`) is of another version.

    The name of a file that the former theme had and this one has not is enough. A whole email that takes nothing from
    the product depends on no version of it.
    """
    if name in _WHOLE and not _REFERENCE.search(text):
        return False
    mark = _MARK.match(text)
    return name in REPLACED or mark is None or int(mark[1]) != VERSION


def tell_replacement(name: str) -> str:
    """What the product has now in the place of its former file `name`."""
    return REPLACED.get(name, f"the new {name}")
