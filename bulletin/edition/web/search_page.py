"""The page that searches past issues: its form, and what was found. Pure.

On any web server a script of ours searches the index in the browser, and the form is hidden without scripts. Where
`bulletin serve` answers, the same form asks the server, and the results are in the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any, Final, Self
from urllib.parse import urlencode

from markupsafe import Markup

from bulletin.edition.theme import Theme
from bulletin.edition.web.addresses import SEARCH, SEARCH_INDEX
from bulletin.edition.web.archive_pages import tell_kind
from bulletin.edition.web.archive_site import SEARCH_POLICY, ArchiveSite
from bulletin.edition.web.page_pictures import ASSETS, PagePicture
from bulletin.edition.web.search_records import SearchRecord
from bulletin.languages.known import ENGLISH
from bulletin.settings.settings import Settings

AT_ONCE: Final = 10
"""Results that are shown first, and then with each click."""

MOST_SHOWN: Final = 200
"""Results in one page of the server."""

CHOICES: Final = ("bulletin", "year", "kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchChoices:
    """What can be chosen by: for each of `CHOICES` the values, each with its words. `indexes` are their names."""

    bulletin: tuple[tuple[str, str], ...]
    year: tuple[tuple[str, str], ...]
    kind: tuple[tuple[str, str], ...]
    indexes: tuple[str, ...]

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `asdict` and JSON made of it."""
        return cls(
            **{name: tuple((value, words) for value, words in values[name]) for name in CHOICES},
            indexes=tuple(values["indexes"]),
        )


def list_choices(settings: Settings, records: Iterable[SearchRecord], *, indexes: Iterable[str]) -> SearchChoices:
    """The bulletins, years and kinds that there are records of."""
    found: dict[str, set[str]] = {name: set() for name in CHOICES}
    for record in records:
        for name in CHOICES:
            found[name].add(getattr(record, name))
    return SearchChoices(
        bulletin=tuple((name, each.title) for name, each in settings.bulletins.items() if name in found["bulletin"]),
        year=tuple((year, year) for year in sorted(found["year"], reverse=True)),
        kind=tuple(sorted(((kind, tell_kind(kind)) for kind in found["kind"]), key=lambda each: each[1])),
        indexes=tuple(indexes),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchAssets:
    """The addresses of the page's own style sheet and script, and their content by path."""

    style: str
    script: str
    files: Mapping[str, bytes]


def make_assets(site: ArchiveSite) -> SearchAssets:
    """Both, from the theme. Raises ThemeError."""
    files = {}
    for name in ("search.css", "search.js"):
        content = site.theme.render(f"web/archive/{name}", filters={}, context={}).encode()
        stem, _, suffix = name.partition(".")
        files[f"{ASSETS}{stem}.{sha256(content).hexdigest()[:12]}.{suffix}"] = content
    style, script = map(site.address, files)
    return SearchAssets(style=style, script=script, files=files)


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchForm:
    """What someone looks for: words, and a value of each of `CHOICES` or ""."""

    words: str = ""
    bulletin: str = ""
    year: str = ""
    kind: str = ""

    def write_query(self, *, shown: int) -> str:
        """The query that asks for as many results."""
        given = {"q": self.words, **{name: getattr(self, name) for name in CHOICES if getattr(self, name)}}
        return urlencode({**given, "shown": str(shown)})


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundRecord:
    """A result: its record, and its excerpt in pieces, each with whether it is a word that was looked for."""

    record: SearchRecord
    excerpt: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchAnswer:
    """What the server found: how many in all, and the first of them."""

    total: int
    results: Sequence[FoundRecord]


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchFrame:
    """What the page is made of apart from the settings and the theme, as the last build had it."""

    style: str
    script: str
    choices: SearchChoices
    site: Mapping[str, Any]

    @classmethod
    def of(cls, site: ArchiveSite, assets: SearchAssets, choices: SearchChoices) -> Self:
        """From a build."""
        known = {each.name: getattr(site, each.name) for each in fields(site) if each.type in ("bool", "str")}
        logo = asdict(site.logo) if site.logo else None
        return cls(style=assets.style, script=assets.script, choices=choices, site={**known, "logo": logo})

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `asdict` and JSON made of it. Raises LookupError or TypeError for what is none."""
        return cls(**{**values, "choices": SearchChoices.from_json(values["choices"])})

    def open_site(self, settings: Settings, theme: Theme) -> ArchiveSite:
        """The site of that build."""
        logo = self.site["logo"]
        known = {name: value for name, value in self.site.items() if name != "logo"}
        return replace(
            ArchiveSite(settings=settings, theme=theme, url=known["url"]),
            **known,
            logo=PagePicture(**logo) if logo else None,
        )


def render_search(
    site: ArchiveSite, frame: SearchFrame, *, form: SearchForm | None = None, answer: SearchAnswer | None = None
) -> str:
    """The page. With a `form` it is the server's: the form can be seen at once, and the `answer` is in it."""
    given = form or SearchForm()
    shown = len(answer.results) if answer else 0
    left = min(AT_ONCE, answer.total - shown) if answer and shown < MOST_SHOWN else 0
    return site.in_language(ENGLISH).render(
        "search.html.j2",
        path=SEARCH,
        languages=(),  # there is no other
        title="Search past issues",
        policy=SEARCH_POLICY,
        search_style=frame.style,
        search_script=frame.script,
        indexes=" ".join(site.address(f"{SEARCH_INDEX}{name}/") for name in frame.choices.indexes),
        at_once=AT_ONCE,
        choices=frame.choices,
        served=form is not None,
        unlisted=answer is not None,  # what someone found is no page for search engines
        form=given,
        answer=answer,
        results=[_describe(site, each) for each in answer.results] if answer else [],
        left=left,
        more=f"{site.address(SEARCH)}?{given.write_query(shown=shown + left)}#page__result-{shown + 1}" if left else "",
        has_topics=site.has_topics,
    )


def _describe(site: ArchiveSite, found: FoundRecord) -> dict[str, object]:
    excerpt = Markup("").join(
        Markup("<mark>{}</mark>").format(words) if marked else words for words, marked in found.excerpt
    )
    record = found.record
    return {
        "address": site.address(record.path),
        "title": record.title,
        "where": record.where,
        "language": record.language,
        "excerpt": excerpt,
    }
