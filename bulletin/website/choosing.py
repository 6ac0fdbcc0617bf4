"""`/preferences/TOKEN` at work: a GET shows what a reader gets, a POST saves what they changed.

Saved, the page is shown again at an address that ends in `?saved`, so that loading it once more saves nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bulletin.database.errors import database_errors
from bulletin.database.reading import begin_snapshot
from bulletin.database.states import WishKind
from bulletin.errors import DatabaseError, InvalidToken
from bulletin.settings.joining import may_join_at_once
from bulletin.subscribers.address import find_domain
from bulletin.subscribers.choosing.present_choices import find_chooser, find_present_choices
from bulletin.subscribers.choosing.saving import AddedBulletin, AddedList, ChangedChoices, save_change
from bulletin.subscribers.joining.bulletins import find_bulletins
from bulletin.subscribers.masking import mask_address
from bulletin.subscribers.scope import find_declared_bulletins
from bulletin.subscribers.tokens import Purpose, read_token, sign_token, unsubscribe_url
from bulletin.subscribers.wishes import TEXT_ONLY
from bulletin.times import read_local
from bulletin.website.frame import Frame
from bulletin.website.guard import form_of, visitor_of
from bulletin.website.pages.choices import (
    BulletinTitle,
    LanguageChoice,
    ListChoice,
    choose_language,
    describe_list,
    list_bulletins,
)
from bulletin.website.pages.preferences import (
    MailFormat,
    PreferencesAnswer,
    PreferencesView,
    ShownChoices,
    list_breaks,
    read_preferences,
    render_preferences,
    write_bulletin_choice,
    write_choice,
)
from bulletin.website.problems import PageProblem, ProblemKind, busy, too_many

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from bulletin.settings.settings import Settings
    from bulletin.subscribers.choosing.present_choices import Carriers, Chooser, PresentChoices
    from bulletin.subscribers.tokens import LinkToken

PATH = "/preferences/{token}"


def never_wait(_network: str) -> int:
    """No limit."""
    return 0


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """The page and what it works on. The first of `keys` signs, all of them read; `now` is the time in ms since 1970.

    `languages` are those that there are editions in. `find_wait` counts a form that comes from a network, and says for
    how many seconds no other one is taken from there: 0 to take this one. `wake` is called when an email was put into
    the outbox, so that it is sent at once.
    """

    frame: Frame
    engine: Engine
    keys: Sequence[bytes]
    settings: Settings
    now: Callable[[], int]
    languages: tuple[LanguageChoice, ...] = ()
    find_wait: Callable[[str], int] = never_wait
    wake: Callable[[], object] = lambda: None

    def route(self) -> Route:
        """Where it is served. The function waits for the database, so it runs in a thread of its own."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    def answer(self, request: Request) -> Response:
        """Show the page, or save what the form says. Raises PageProblem."""
        written = request.path_params["token"]
        try:
            token = read_token(written, Purpose.PREFERENCES, self.keys)
            if request.method != "POST":
                return self._show(token, saved="saved" in request.query_params)
            if wait := self.find_wait(visitor_of(request).network):
                raise too_many(wait)
            return self._save(token, request)
        except InvalidToken:
            raise PageProblem(ProblemKind.BROKEN_LINK) from None
        except DatabaseError:
            raise busy() from None

    def _show(self, token: LinkToken, *, saved: bool) -> Response:
        with begin_snapshot(self.engine) as connection:
            page = _Page.open(connection, self, token)
        return HTMLResponse(render_preferences(page.frame, replace(page.view, saved=saved)))

    def _save(self, token: LinkToken, request: Request) -> Response:
        """Nothing is rendered in the transaction that writes, so it keeps no one else waiting."""
        with begin_snapshot(self.engine) as connection:
            page = _Page.open(connection, self, token)
        answer = read_preferences(form_of(request), page.view.lists, page.view.bulletins)
        if answer.faults:
            return HTMLResponse(render_preferences(page.frame, page.fill_in(answer)), status_code=422)
        change = page.find_change(answer)
        with database_errors(), self.engine.begin() as connection:
            chooser = _find_known(connection, token)
            save_change(connection, chooser, change, carriers=find_carriers(self.settings), now=self.now())
        if change.added or change.added_bulletins:
            self.wake()
        return RedirectResponse(f"{self.frame.root}/preferences/{request.path_params['token']}?saved", status_code=303)


@dataclass(frozen=True, kw_only=True)
class _Page:
    """The page of one reader at one moment."""

    site: Choosing
    view: PreferencesView
    language: str

    @classmethod
    def open(cls, connection: Connection, site: Choosing, token: LinkToken) -> _Page:
        """Raises PageProblem for someone who isn't known any more."""
        chooser = _find_known(connection, token)
        present = find_present_choices(connection, chooser, find_carriers(site.settings))
        view = _describe_choices(site, chooser, present)
        language = site.frame.in_language(present.wishes.language).language
        view = replace(
            view,
            lists=tuple(one.in_language(language) for one in view.lists),
            bulletins=tuple(one.in_language(language) for one in view.bulletins),
            unsubscribe_all=_write_leaving(site, token),
        )
        return cls(site=site, view=view, language=present.wishes.language)

    @property
    def frame(self) -> Frame:
        """What is around it, in the language that the reader chose."""
        return self.site.frame.in_language(self.language)

    def fill_in(self, answer: PreferencesAnswer) -> PreferencesView:
        """The form as it was filled in, with its faults."""
        return replace(
            self.view,
            lists=tuple(replace(one, chosen=one.name in answer.ticked) for one in self.view.lists),
            bulletins=tuple(replace(one, chosen=one.name in answer.bulletins) for one in self.view.bulletins),
            mail_format=answer.mail_format,
            languages=choose_language(self.view.languages, answer.language),
            name=answer.name,
            was=answer.was or self.view.was,
            faults=answer.faults,
        )

    def find_change(self, answer: PreferencesAnswer) -> ChangedChoices:
        """What the form says otherwise than it did when it was opened: an old copy of it changes nothing else."""
        was = answer.was or self.view.was
        choices = {one.name: one for one in self.view.lists}
        titles = {one.name: one.title for one in self.view.bulletins}
        keys = dict(zip(self.site.settings.bulletins, find_declared_bulletins(self.site.settings), strict=True))
        return ChangedChoices(
            added=tuple(self._add(choices[name]) for name in answer.ticked if name not in was.lists),
            left=tuple(name for name in answer.unticked if name in was.lists),
            unticked=answer.unticked,
            added_bulletins=tuple(
                self._add_bulletin(keys[name], titles[name]) for name in answer.bulletins if name not in was.bulletins
            ),
            left_bulletins=tuple(keys[name] for name in answer.refused_bulletins if name in was.bulletins),
            unticked_bulletins=tuple(keys[name] for name in answer.refused_bulletins),
            wishes=dict(self._find_wishes(answer, was)),
        )

    def _add(self, choice: ListChoice) -> AddedList:
        words = write_choice(self.frame, choice)
        return AddedList(name=choice.name, title=choice.title, basis=choice.basis, wording=words)

    def _add_bulletin(self, key: str, title: str) -> AddedBulletin:
        return AddedBulletin(key=key, title=title, wording=write_bulletin_choice(self.frame, title))

    def _find_wishes(self, answer: PreferencesAnswer, was: ShownChoices) -> Mapping[WishKind, str]:
        wishes: dict[WishKind, str] = {}
        if answer.mail_format is not was.mail_format:
            wishes[WishKind.FORMAT] = TEXT_ONLY if answer.mail_format is MailFormat.PLAIN else ""
        if answer.language in {one.code for one in self.view.languages} - {was.language}:
            wishes[WishKind.LANGUAGE] = answer.language
        if answer.name != was.name:
            wishes[WishKind.NAME] = answer.name
        if answer.pause_months:
            until = next(one.until for one in self.view.breaks if one.months == answer.pause_months)
            wishes[WishKind.PAUSE] = until.isoformat()
        elif answer.pause_months == 0 and was.pause:
            wishes[WishKind.PAUSE] = ""
        return wishes


def _find_known(connection: Connection, token: LinkToken) -> Chooser:
    """The person a link names. Raises PageProblem for someone who isn't known any more, or was erased."""
    chooser = find_chooser(connection, token)
    if chooser is None or not chooser.address:
        raise PageProblem(ProblemKind.BROKEN_LINK)
    return chooser


def _describe_choices(site: Choosing, chooser: Chooser, present: PresentChoices) -> PreferencesView:
    """What they get now, as the page shows it."""
    now, wishes = site.now(), present.wishes
    today = read_local(now).date()
    is_old = not chooser.may_add(now=now)
    view = PreferencesView(
        masked=mask_address(chooser.address),
        lists=(lists := _list_choices(site.settings, chooser, present, is_old=is_old)),
        bulletins=_list_bulletins(site, lists, present, is_old=is_old),
        mail_format=MailFormat.PLAIN if wishes.text_only else MailFormat.PICTURES,
        languages=choose_language(site.languages, wishes.language),
        paused_until=wishes.paused_until if wishes.paused_until and wishes.paused_until > today else None,
        breaks=list_breaks(today),
        name=chooser.name if wishes.name is None else wishes.name,
        unsubscribe_all="",
        gets_nothing=not present.received,
        is_old=is_old,
    )
    return replace(view, was=_note_shown(view))


def _note_shown(view: PreferencesView) -> ShownChoices:
    """What the form shows as chosen when it is opened."""
    return ShownChoices(
        lists=tuple(one.name for one in view.lists if one.chosen),
        bulletins=tuple(one.name for one in view.bulletins if one.chosen),
        mail_format=view.mail_format,
        language=next((one.code for one in view.languages if one.chosen), ""),
        pause=view.paused_until.isoformat() if view.paused_until else "",
        name=view.name,
    )


def _list_choices(
    settings: Settings, chooser: Chooser, present: PresentChoices, *, is_old: bool
) -> tuple[ListChoice, ...]:
    """Their own lists, and those that they may join at once; in the order of bulletin.yaml.

    A link that is old adds none, so only those are shown that they get. Where a person has to approve, `/subscribe` is
    the way.
    """
    domain = find_domain(chooser.address)
    return tuple(
        describe_list(settings, name, chosen=name in present.received)
        for name, declared in settings.lists.items()
        if name in present.received or (not is_old and (name in present.own or may_join_at_once(domain, declared.open)))
    )


def _list_bulletins(
    site: Choosing, lists: Sequence[ListChoice], present: PresentChoices, *, is_old: bool
) -> tuple[BulletinTitle, ...]:
    """The bulletins that go to these lists, if they are several; those that they left only if the link can add them."""
    keys = find_declared_bulletins(site.settings)
    frame = site.frame.in_language(present.wishes.language)
    shown = [
        replace(one, chosen=key not in present.stopped)
        for key, one in zip(keys, list_bulletins(site.settings, find_latest=frame.lead_to_latest), strict=True)
        if any(one.name in each.bulletins for each in lists) and not (is_old and key in present.stopped)
    ]
    return tuple(shown) if len(shown) > 1 else ()


def _write_leaving(site: Choosing, token: LinkToken) -> str:
    """The way to leave everything. Anyone who may choose may leave as well."""
    leaving = sign_token(Purpose.UNSUBSCRIBE, token.subscriber_id, token.delivery_id or 0, key=site.keys[0])
    return f"{unsubscribe_url(site.frame.root, leaving)}?all"


def find_carriers(settings: Settings) -> Carriers:
    """The bulletins that go to each list, by the names that the journal of suppressions has for them.

    A list that no bulletin names may be sent any of them, if a person says so.
    """
    everything = tuple(find_declared_bulletins(settings))
    return {name: tuple(find_bulletins(settings, [name])) or everything for name in settings.lists}
