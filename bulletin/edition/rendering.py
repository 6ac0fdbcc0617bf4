"""From an issue to its edition: templates, then CSS inlined, once for each audience. Pure but for the theme's files.

What templates are given (the theme's whole interface):

issue, issue_id                 the issue, and its id
bulletin, organisation          what bulletin.yaml says of them
contents                        the sections, each with an anchor; the top story is the first
top_story, others               the section that comes first with a large heading, or none; and all others
to_do                           what readers need to do, each with `when`, `words`, `link` and `calendar`: the address
                                of a file for their calendar, or ""
to_do_box                       the same with its `heading`; `more_words` and `more_link` lead to what it leaves out
palette                         the colours, light and dark
slots                           the placeholder words for the greeting and a reader's own links: to unsubscribe, and to
                                change what they get (`slots.preferences`, or "" if there is no website)
browser_link                    where the issue is on the website, or ""
unsubscribe_by_email            whether that link makes an email, because there is no website
picture(file, width=560)        a picture of the workspace, which then travels with the message. Also `crop="4:3"`,
                                `focus="top"`, `most_height=420`, `logo=true`, `play=true` (see `edition.pictures`)
kicker_of, unsaid_of            the words above a section's title, and what they leave unsaid
readers_of                      the lists that an item is for, in words, if it is not for everyone
days, when, short_when, step_days, last_day, hours, tile, step_state, status_shape
                                functions that put dates and states into words and shapes (see `edition.phrases`)
lower_first, dial               a description as it reads after "For"; the address that rings a number
arrange_styles                  the style sheets, from both schemes, as what is inlined and what stays

Filters: `markdown` for a Text, `inline` for a Line, `plain` for a Plain and for words of settings, `names` for a list,
`day` for a date; HTML has `entry` (a Text in a list), `led` (a Text with a lead), `cut_at_table` (a Text in two, at its
first table) and `label` (a Plain in an attribute, or where no line ends), plain text has `wrap`, `prefix`, `underline`
and `address`. All that put words into an email set them by the typographic rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial

from markupsafe import Markup

from bulletin.edition.calendar.addresses import find_page
from bulletin.edition.contents_list import find_top_story, list_contents
from bulletin.edition.edition import Edition, Letterhead, Slots
from bulletin.edition.inlining import inline_css
from bulletin.edition.kickers import find_readers, find_unsaid, join_kicker
from bulletin.edition.markdown_html import (
    cut_at_table,
    render_blocks_html,
    render_entry_html,
    render_inline_html,
    render_led_html,
)
from bulletin.edition.markdown_text import render_blocks_text, render_inline_text, show_address
from bulletin.edition.milestones import judge_step, shape_of
from bulletin.edition.palette import derive_palette
from bulletin.edition.phrases import (
    date_tile,
    describe_day,
    describe_days,
    describe_hours,
    describe_last_day,
    describe_step_days,
    describe_when,
    describe_when_short,
    dial,
    join_names,
    lower_first,
)
from bulletin.edition.pictures.album import Album
from bulletin.edition.slots import make_slots
from bulletin.edition.styles import arrange_styles
from bulletin.edition.theme import Theme
from bulletin.edition.to_do import gather_to_do
from bulletin.edition.typography.kept_together import join_heading_ends, show_plain
from bulletin.edition.typography.typesetting import NO_BREAK, TypeStyle, read_type_style, set_type
from bulletin.edition.wrapping import prefix_lines, tidy_text, underline, wrap_text
from bulletin.errors import ThemeError
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings

Filters = Mapping[str, Callable[..., object]]


def _as_markup(render: Callable[..., str]) -> Callable[..., Markup]:
    """A filter whose result is HTML already, and is not escaped again: the renderers escape what authors write."""
    return lambda text, *more, **options: Markup(render(text, *more, **options))  # noqa: S704 -- see above


def _show_plain(text: object, style: TypeStyle | None) -> Markup:
    """Plain words as HTML; what is HTML already stays as it is."""
    return text if isinstance(text, Markup) else Markup(show_plain(str(text), style))  # noqa: S704 -- it escapes them


def _set_result(describe: Callable[..., str], style: TypeStyle | None) -> Callable[..., str]:
    """`describe`, whose words are then set: no line ends between its day and its month."""
    return lambda *values, **options: set_type(describe(*values, **options), style)


@cache
def _make_html_filters(style: TypeStyle | None) -> Filters:
    """The same filters for the same style, so that templates are compiled once."""
    return {
        "names": join_names,
        "day": _set_result(describe_day, style),
        "markdown": _as_markup(partial(render_blocks_html, style=style)),
        "entry": _as_markup(partial(render_entry_html, style=style)),
        "inline": _as_markup(partial(render_inline_html, style=style)),
        "led": _as_markup(partial(render_led_html, style=style)),
        "cut_at_table": cut_at_table,
        "plain": partial(_show_plain, style=style),
        "label": lambda text: set_type(str(text), style, no_break=False),
    }


@cache
def _make_text_filters(style: TypeStyle | None) -> Filters:
    return {
        "names": join_names,
        "day": _set_result(describe_day, style),
        "markdown": partial(render_blocks_text, style=style),
        "inline": partial(render_inline_text, style=style),
        "plain": lambda text: set_type(str(text), style),
        "wrap": wrap_text,
        "prefix": prefix_lines,
        "underline": underline,
        "address": show_address,
    }


def render_edition(
    issue: Issue,
    *,
    issue_id: str,
    settings: Settings,
    bulletin_name: str,
    theme: Theme,
    pictures: Callable[[str], bytes],
) -> Edition:
    """The edition of `issue`. `pictures` gives the bytes of a workspace picture by its path.

    Raises ThemeError for a faulty template, BulletinError for a picture that is none.
    """
    album = Album(pictures)
    slots = make_slots(issue, settings)
    style = read_type_style(settings)
    letterhead = _write_letterhead(settings, bulletin_name)
    context = {
        "issue_id": issue_id,
        "bulletin": settings.bulletins[bulletin_name],
        "organisation": settings.organisation,
        "palette": derive_palette(settings.colours.accent, settings.colours.warm),
        "slots": slots,
        "unsubscribe_by_email": not letterhead.website,
        "browser_link": f"{letterhead.archive}/{issue_id}" if letterhead.archive else "",
        "picture": album.show,
        **describe_issue(issue, style, page=_find_page(letterhead, bulletin_name, issue_id)),
        **_describe_readers(issue, settings),
    }
    theme.refuse_former()
    html = theme.render("email/issue.html.j2", filters=_make_html_filters(style), context=context)
    html = inline_css(join_heading_ends(html) if style else html, trusted=not theme.is_own)
    text = tidy_text(theme.render("text/issue.txt.j2", filters=_make_text_filters(style), context=context))
    # Its lines have ended where they should. From here on an ordinary space is better: people copy numbers and search.
    text = text.replace(NO_BREAK, " ") if style else text
    require_unsubscribe_link(html, text, slots)
    return Edition(
        issue=issue_id,
        subject=set_type(issue.subject, style, no_break=False),
        html=html,
        text=text,
        pictures=album.pictures,
        slots=slots,
        letterhead=letterhead,
    )


def describe_issue(issue: Issue, style: TypeStyle | None, *, page: str = "") -> dict[str, object]:
    """The issue, and what puts its dates and states into words and shapes. `page` is its address on the website."""
    contents = list_contents(issue)
    box = gather_to_do(issue, page=page)
    return {
        "issue": issue,
        "top_story": find_top_story(contents),
        "contents": tuple(sorted(contents, key=lambda entry: not entry.section.top_story)),
        "others": tuple(entry for entry in contents if not entry.section.top_story),
        "to_do": box.rows,
        "to_do_box": box,
        "unsaid_of": find_unsaid,
        "days": _set_result(describe_days, style),
        "when": _set_result(partial(describe_when, year=issue.published.year), style),
        "short_when": _set_result(describe_when_short, style),
        "step_days": _set_result(describe_step_days, style),
        "last_day": _set_result(describe_last_day, style),
        "hours": describe_hours,
        "tile": date_tile,
        "lower_first": lower_first,
        "dial": dial,
        "arrange_styles": arrange_styles,
        "step_state": partial(judge_step, published=issue.published),
        "status_shape": shape_of,
    }


def _find_page(letterhead: Letterhead, bulletin_name: str, issue_id: str) -> str:
    """The address of the issue's page; "" without a website."""
    return f"{letterhead.website}/{find_page(bulletin_name, issue_id)}" if letterhead.website else ""


def _describe_readers(issue: Issue, settings: Settings) -> dict[str, object]:
    """What says that a part is for some readers only."""
    readers_of = find_readers(issue, settings.list_titles)
    return {"readers_of": readers_of, "kicker_of": lambda section: join_kicker(section, readers_of(section))}


def require_unsubscribe_link(html: str, text: str, slots: Slots) -> None:
    """Every reader can unsubscribe, even with a workspace's own theme (PECR regulation 23)."""
    for name, content in (("email/issue.html.j2", html), ("text/issue.txt.j2", text)):
        if slots.unsubscribe not in content:
            raise ThemeError(
                f"The theme's {name} has no unsubscribe link.",
                "Put {{ slots.unsubscribe }} where readers will find it.",
            )


def _write_letterhead(settings: Settings, bulletin_name: str) -> Letterhead:
    bulletin = settings.bulletins[bulletin_name]
    website = settings.website.url.rstrip("/") if settings.website else ""
    sender_domain = bulletin.sender.email.rpartition("@")[2]
    return Letterhead(
        sender_name=bulletin.sender.name,
        sender_address=bulletin.sender.email,
        reply_to=bulletin.reply_to or bulletin.sender.email,
        list_id=bulletin.list_id or f"{bulletin_name}.{sender_domain}",
        list_title=bulletin.title,
        owner=settings.organisation.email,
        archive=f"{website}/issues" if website else "",
        website=website,
        greeting=bulletin.greeting,
        greeting_unnamed=bulletin.greeting_unnamed,
        returns=settings.returns.address if settings.returns else "",
    )
