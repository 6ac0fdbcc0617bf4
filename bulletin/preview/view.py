"""Views of an email's HTML: light or dark, with or without pictures, as Outlook's Word engine has it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bulletin.preview.outlook import render_as_outlook

_SCHEME = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_BOTH_SCHEMES = re.compile(r"(color-schemes?\b[^;}>]*?)\blight dark\b", re.IGNORECASE)
_LINK = re.compile(r"<a(?=\s[^>]*?href=[\"']?(?:https?|mailto|tel):)", re.IGNORECASE)
_PICTURE_SOURCE = re.compile(r"(<img\b[^>]*?)\ssrc=(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.IGNORECASE)
_ALWAYS, _NEVER = "(min-width:0)", "(max-width:0)"


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """How the email is looked at."""

    dark: bool = False
    pictures: bool = True
    word: bool = False


def apply_view(html: str, view: View, *, pictures: Mapping[str, str]) -> str:
    """An email's HTML for the preview's frame. Links open beside it; `pictures` has an address for each content id."""
    if view.word:  # it ignores an email's own dark colours
        html = render_as_outlook(html)
    if not view.pictures:  # without a source, a browser shows the picture's alternative text
        html = _PICTURE_SOURCE.sub(r"\1", html)
    html = _choose_scheme(html, "dark" if view.dark else "light")
    for cid, address in pictures.items():
        html = html.replace(f"cid:{cid}", address)
    return _LINK.sub('<a target="_blank"', html)


def _choose_scheme(html: str, scheme: str) -> str:
    """Decide the media queries and declarations that ask for a scheme, instead of the editor's own computer."""
    decided = _SCHEME.sub(lambda query: _ALWAYS if query[1].lower() == scheme else _NEVER, html)
    return _BOTH_SCHEMES.sub(rf"\g<1>{scheme}", decided)
