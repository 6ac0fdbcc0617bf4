"""The page of a year's review: one file that needs no other, to be read on any screen or printed. Pure."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from bulletin.edition.theme import Theme
from bulletin.edition.web.archive_site import open_site
from bulletin.edition.web.issue_page import Surroundings, render_body
from bulletin.edition.web.page_pictures import PageAlbum
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings


def render_year_page(review: Issue, *, settings: Settings, bulletin_name: str, theme: Theme, made: date) -> str:
    """The whole page. `made` is the day it is written. Raises ThemeError for a faulty template."""
    album = PageAlbum(read=_refuse, base="")
    plain = _leave_out_logos(settings.dress(bulletin_name))
    site = open_site(plain, theme, "", album)
    body = render_body(site, review, album=album, around=Surroundings(today=made), facts_path="")
    sheet = site.files[site.style_address.removeprefix("/")].decode()
    return site.render(
        "review.html.j2",
        path="",
        title=review.subject,
        **body.values,
        bulletin=settings.bulletins[bulletin_name],
        sheet=Markup(sheet),  # noqa: S704 -- a style sheet of the theme
        opening=Markup(body.opening),  # noqa: S704 -- templates made it
        sections=Markup(body.sections),  # noqa: S704 -- templates made it
    )


def _leave_out_logos(settings: Settings) -> Settings:
    organisation = settings.organisation.model_copy(update={"logo": None})
    bulletins = {name: each.model_copy(update={"look": None}) for name, each in settings.bulletins.items()}
    return settings.model_copy(update={"organisation": organisation, "bulletins": bulletins})


def _refuse(path: str) -> bytes:
    """A review has no pictures."""
    raise AssertionError(path)
