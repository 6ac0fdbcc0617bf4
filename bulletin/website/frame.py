"""What all pages have in common: whose they are, where their links lead, how they look. The theme renders them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from bulletin.edition.markdown.markdown_html import render_blocks_html
from bulletin.edition.palette import Palette, derive_palette
from bulletin.edition.phrases import describe_weekday, end_sentence, join_names
from bulletin.edition.theme import Theme
from bulletin.errors import ThemeError
from bulletin.settings.organisation import Organisation
from bulletin.settings.settings import Settings
from bulletin.settings.website import Website

LANGUAGE = "en-GB"
STYLE_SHEET = "style.css"


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What each page needs besides its own view.

    `offers` are the pages that there are, by the first part of their path: `privacy`, `complaint`, `subscribe`. Links
    lead to no others. `find_latest` gives the address of the latest issue of a bulletin, "" if there is none. `report`
    is told what is wrong with a workspace's own templates.
    """

    theme: Theme
    organisation: Organisation
    website: Website
    palette: Palette
    offers: frozenset[str] = frozenset({"privacy"})
    report: Callable[[str], object] = print
    find_latest: Callable[[str], str] = lambda _: ""

    @property
    def root(self) -> str:
        """The path that all others begin with: "" if the website has its host for itself."""
        return urlsplit(self.website.url).path.rstrip("/")

    def render(self, name: str, **values: object) -> str:
        """The template `name` of `templates/web/` with these values.

        A faulty template of the workspace's own is reported, and the one of the product is used: people can
        unsubscribe all the same. Raises ThemeError if that has a fault too.
        """
        context = {**self._shared_values(), **values}
        try:
            return self.theme.render(f"web/{name}", filters=_FILTERS, context=context)
        except ThemeError as error:
            if not self.theme.is_own:
                raise
            self.report(str(error))
            shipped = Theme(folders=self.theme.folders[-1:], settled=True)
            return shipped.render(f"web/{name}", filters=_FILTERS, context=context)

    def _shared_values(self) -> dict[str, object]:
        return {
            "language": LANGUAGE,
            "organisation": self.organisation,
            "website": self.website,
            "root": self.root,
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
