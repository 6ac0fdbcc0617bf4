"""What all pages have in common: whose they are, where their links lead, how they look. The theme renders them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from bulletin.declaration.translated import choose_language
from bulletin.edition.languages.speech import speak
from bulletin.edition.markdown.markdown_html import render_blocks_html
from bulletin.edition.palette import Palette, derive_palette
from bulletin.edition.phrases import describe_weekday, end_sentence, join_names
from bulletin.edition.theme import Theme
from bulletin.errors import ThemeError
from bulletin.issue.dates import PartialDate
from bulletin.languages.known import ENGLISH, LANGUAGES, tag_of
from bulletin.settings.organisation import Organisation
from bulletin.settings.settings import Settings
from bulletin.settings.website import Website

_IN_ENGLISH: Final = (
    "privacy.html.j2",
    "complaint.html.j2",
    "complaint-done.html.j2",
    "problem.html.j2",
    "watch.html.j2",
    "watch-ask.html.j2",
)
"""The pages that are in English for everyone: what they say of the law needs a translation that a lawyer has read, and
the page to watch a mailing is for the office, whose commands are in English."""

STYLE_SHEET = "style.css"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What each page needs besides its own view.

    `offers` are the pages that there are, by the first part of their path: `privacy`, `complaint`, `subscribe`. Links
    lead to no others. `find_latest` gives the address of the latest issue of a bulletin, in a language if there is one,
    and "" if there is none. `report` is told what is wrong with a workspace's own templates. `language` is that of the
    pages that are translated; `is_chosen`: whether a reader chose it, and not the bulletin.
    """

    theme: Theme
    organisation: Organisation
    website: Website
    palette: Palette
    offers: frozenset[str] = frozenset({"privacy"})
    report: Callable[[str], object] = print
    find_latest: Callable[[str, str], str] = lambda _bulletin, _language: ""
    language: str = ENGLISH
    is_chosen: bool = False

    def in_language(self, language: str) -> Frame:
        """The same for a reader who chose a language; as it is for one who chose none."""
        return replace(self, language=language, is_chosen=True) if language in LANGUAGES else self

    @property
    def query(self) -> str:
        """What an address ends in so that its page is in the language chosen here; "" for the bulletin's own."""
        return f"?language={self.language}" if self.is_chosen else ""

    def lead_to_latest(self, bulletin: str) -> str:
        """The address of the latest issue of a bulletin; "" if there is none."""
        return self.find_latest(bulletin, self.language)

    @property
    def root(self) -> str:
        """The path that all others begin with: "" if the website has its host for itself."""
        return urlsplit(self.website.url).path.rstrip("/")

    def render(self, name: str, **values: object) -> str:
        """The template `name` of `templates/web/` with these values.

        A faulty template of the workspace's own is reported, and the one of the product is used: people can
        unsubscribe all the same. Raises ThemeError if that has a fault too.
        """
        context = {**self._shared_values(ENGLISH if name in _IN_ENGLISH else self.language), **values}
        try:
            return self.theme.render(f"web/{name}", filters=_FILTERS, context=context)
        except ThemeError as error:
            if not self.theme.is_own:
                raise
            self.report(str(error))
            shipped = Theme(folders=self.theme.folders[-1:], settled=True)
            return shipped.render(f"web/{name}", filters=_FILTERS, context=context)

    def _shared_values(self, language: str) -> dict[str, object]:
        speech = speak(language)
        return {
            "tag": tag_of(language),
            "phrase": speech.say,
            "number_phrase": speech.say_number,
            "weekday": speech.weekday,
            "names": speech.names,
            "soft": lambda day: speech.soft(PartialDate(day.year, day.month, day.day)),
            "organisation": choose_language(self.organisation, language),
            "website": self.website,
            "root": self.root,
            "query": self.query,
            "offers": self.offers,
            "palette": self.palette,
        }


def make_frame(
    settings: Settings, folders: Sequence[Path], *, offers: Collection[str], report: Callable[[str], object] = print
) -> Frame:
    """The frame of a workspace's website, with the templates in `folders`.

    Raises ValueError if the settings declare no website.
    """
    if settings.website is None:
        raise ValueError("bulletin.yaml declares no website.")
    return Frame(
        theme=Theme(folders=tuple(folders), settled=True),
        organisation=settings.organisation,
        website=settings.website,
        palette=derive_palette(settings.colours.accent, settings.colours.warm),
        offers=frozenset(offers),
        report=report,
        language=next(iter(settings.bulletins.values())).language,
    )


def _capitalise(words: str) -> str:
    """`words` as a sentence begins; other capitals stay."""
    return words[:1].upper() + words[1:]


def _write_mail_link(address: str) -> str:
    """A link to write to `address` (RFC 6068): `?` and `&` in it are not the link's own."""
    return f"mailto:{quote(address, safe='@+')}"


def _render_markdown(text: str) -> Markup:
    return Markup(render_blocks_html(text))  # noqa: S704 -- it escapes what authors write


_FILTERS: Mapping[str, Callable[..., object]] = {
    "begin": _capitalise,
    "end": end_sentence,
    "mailto": _write_mail_link,
    "markdown": _render_markdown,
    "names": join_names,
    "weekday": describe_weekday,
}
