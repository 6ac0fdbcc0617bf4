"""The short names of bulletins: each is a folder of issues, and begins the addresses of its pages for ever. Pure."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from bulletin.declaration.values import invalid

REFUSED_NAMES = frozenset(
    {
        *("issues", "search", "topics", "about", "accessibility", "assets", "latest", "feed", "calendar", "pagefind"),
        *("subscribe", "confirm", "preferences", "unsubscribe", "report", "sitemap", "robots", "404", ".well-known"),
        *("privacy", "complaint", "hooks", "style", "useful"),
    }
)
"""Words that begin the address of another page."""

# ISO 639-1: a second language has its pages below its code. With these the archive can always have one.
_LANGUAGES = frozenset(
    re.findall(
        r"\w+",
        """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
        el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is
        it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms
        mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk
        sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi
        yo za zh zu""",
    )
)


def refuse_bulletin_name(name: str) -> str:
    """Why a bulletin can't be called `name`, as its pages would take another page's address; "" if it can."""
    if name in REFUSED_NAMES:
        return f"“{name}” is the address of another page of the website."
    if name in _LANGUAGES:
        return f"“{name}” is the code of a language, below which that language’s pages are."
    return f"“{name}” looks like a year." if re.fullmatch(r"[0-9]{4}", name) else ""


_SHAPE = "^[a-z0-9][a-z0-9-]{0,40}$"


def _check_name(name: str) -> str:
    if not re.fullmatch(_SHAPE, name):
        raise invalid(f"“{name}” can’t be part of an address.", _SPELLING)
    if problem := refuse_bulletin_name(name):
        raise invalid(
            f"A bulletin can’t have this short name: {problem}",
            f"Choose another one, as in {name}-news, and rename its folder in issues/.",
        )
    return name


_SPELLING = "Use up to 41 small letters, figures and hyphens, as in spring-news, for its folder in issues/ as well."

BulletinName = Annotated[str, AfterValidator(_check_name), WithJsonSchema({"type": "string", "pattern": _SHAPE})]
"""The short name of a bulletin: small letters, figures and hyphens, and not the address of another page."""
