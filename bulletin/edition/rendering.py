"""From an issue to its edition: templates, then CSS inlined, once for each audience. Pure but for the theme's files.

What templates are given (the theme's whole interface):

issue, issue_id                 the issue, and its id
bulletin, organisation          what bulletin.yaml says of them
halves                          the languages of a bilingual issue, each with its own `issue`, `bulletin`,
                                `organisation`, `contents`, `top_story`, `others`, `to_do`, `greeting` and `language`;
                                empty for an issue in one language
greeting                        the slot of the greeting
contents                        the sections, each with an anchor; the top story is the first
top_story, others               the section that comes first with a large heading, or none; and all others
to_do                           what readers need to do, each with `when`, `words`, `link` and `calendar`: the address
                                of a file for their calendar, or ""
to_do_box                       the same with its `heading`; `more_words` and `more_link` lead to what it leaves out
palette                         the colours, light and dark
slots                           the placeholder words for the greeting and a reader's own links: to unsubscribe, and to
                                change what they get (`slots.preferences`, or "" if there is no website)
browser_link                    where the issue is on the website, or ""
useful_link                     where readers say whether it was useful, or "" if they aren't asked
unsubscribe_by_email            whether that link makes an email, because there is no website
picture(file, width=560)        a picture of the workspace, which then travels with the message. Also `crop="4:3"`,
                                `focus="top"`, `most_height=420`, `logo=true`, `play=true` (see `edition.pictures`)
kicker_of, unsaid_of            the words above a section's title, and what they leave unsaid
language                        the language of the issue; set it to that of a section inside one
phrase("By {name}", name=…)     a fixed phrase, by its English words, in that language; `number_phrase` for a number
readers_of                      the lists that an item is for, in words, if it is not for everyone
month, days, when, short_when, step_days, last_day, hours, tile
                                functions that put dates into words in that language (see `edition.languages.speech`)
step_state, status_shape        the states of steps and priorities (see `edition.milestones`)
with_last_day                   the words of a button with the last day behind them
lang_of, tag_of, short_days     the `lang` of a part in another language; a language's tag; whether days are short
lower_first, dial               a description as it reads after "For"; the address that rings a number
arrange_styles                  the style sheets, from both schemes, as what is inlined and what stays
parts_of                        the fields of a section or a record of a kind of your own (see `edition.shown_fields`)

Filters: `markdown` for a Text, `inline` for a Line, `plain` for a Plain and for words of settings, `names` for a list,
`day` for a date; HTML has `entry` (a Text in a list), `led` (a Text with a lead), `cut_at_table` (a Text in two, at its
first table) and `label` (a Plain in an attribute, or where no line ends), plain text has `wrap`, `prefix` and
`underline`. Both have `begin` (words as a line begins with them), and `address` for an address that is shown. All that
put words into an email set them by the typographic rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache, partial

from markupsafe import Markup

from bulletin.edition.calendar.addresses import find_page
from bulletin.edition.contents_list import find_top_story, list_contents
from bulletin.edition.edition import Edition, Letterhead, Slots
from bulletin.edition.inlining import inline_css
from bulletin.edition.mail.halves import Half, make_halves
from bulletin.edition.mail.spoken import make_spoken, make_spoken_filters
from bulletin.edition.mail.teasers import digest_teasers
from bulletin.edition.markdown.markdown_html import (
    cut_at_table,
    render_blocks_html,
    render_entry_html,
    render_inline_html,
    render_led_html,
)
from bulletin.edition.markdown.markdown_text import render_blocks_text, render_inline_text, show_address
from bulletin.edition.milestones import judge_step, shape_of
from bulletin.edition.palette import derive_palette
from bulletin.edition.phrases import dial
from bulletin.edition.pictures.album import Album
from bulletin.edition.shown_fields import list_parts
from bulletin.edition.slots import make_slots
from bulletin.edition.styles import arrange_styles
from bulletin.edition.theme import Theme
from bulletin.edition.typography.kept_together import join_heading_ends, show_plain
from bulletin.edition.typography.typesetting import NO_BREAK, TypeStyle, read_type_style, set_type
from bulletin.edition.wrapping import WIDTH, prefix_lines, tidy_text, underline, wrap_text
from bulletin.errors import ThemeError
from bulletin.issue.model import Issue
from bulletin.languages.catalogue import say
from bulletin.languages.known import ENGLISH, LANGUAGES
from bulletin.settings.settings import Settings

Filters = Mapping[str, Callable[..., object]]


def _as_markup(render: Callable[..., str]) -> Callable[..., Markup]:
    """A filter whose result is HTML already, and is not escaped again: the renderers escape what authors write."""
    return lambda text, *more, **options: Markup(render(text, *more, **options))  # noqa: S704 -- see above


def _show_plain(text: object, style: TypeStyle | None) -> Markup:
    """Plain words as HTML; what is HTML already stays as it is."""
    return text if isinstance(text, Markup) else Markup(show_plain(str(text), style))  # noqa: S704 -- it escapes them


@cache
def _make_html_filters(style: TypeStyle | None) -> Filters:
    """The same filters for the same style, so that templates are compiled once."""
    return {
        **make_spoken_filters(style),
        "markdown": _as_markup(partial(render_blocks_html, style=style)),
        "entry": _as_markup(partial(render_entry_html, style=style)),
        "inline": _as_markup(partial(render_inline_html, style=style)),
        "led": _as_markup(partial(render_led_html, style=style)),
        "cut_at_table": cut_at_table,
        "address": show_address,
        "plain": partial(_show_plain, style=style),
        "label": lambda text: set_type(str(text), style, no_break=False),
    }


@cache
def _make_text_filters(style: TypeStyle | None) -> Filters:
    return {
        **make_spoken_filters(style),
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
    settings = settings.dress(bulletin_name)
    album = Album(pictures)
    slots = make_slots(issue, settings)
    style = read_type_style(settings)
    page = _find_page(settings, bulletin_name, issue_id)
    halves = make_halves(issue, settings, bulletin_name, (slots.greeting, slots.second_greeting), page=page)
    letterhead = _write_letterhead(settings, bulletin_name, halves, whole=digest_teasers(issue) if page else "")
    context = {
        "issue_id": issue_id,
        "palette": derive_palette(settings.colours.accent, settings.colours.warm),
        "slots": slots,
        "unsubscribe_by_email": not letterhead.website,
        "useful_link": _find_useful_page(settings, bulletin_name, issue_id, halves[0].language),
        "browser_link": f"{letterhead.archive}/{issue_id}" if letterhead.archive else "",
        "picture": album.show,
        "halves": halves if len(halves) > 1 else (),
        **_describe(issue, style),
    }
    theme.refuse_former()
    html = theme.render(
        "email/issue.html.j2", filters=_make_html_filters(style), context=context | _take_fields(halves[0])
    )
    html = inline_css(join_heading_ends(html) if style else html, trusted=not theme.is_own)
    text = tidy_text(_render_text(theme, halves, context, style))
    # Its lines have ended where they should. From here on an ordinary space is better: people copy numbers and search.
    text = text.replace(NO_BREAK, " ") if style else text
    require_unsubscribe_link(html, text, slots)
    _require_second_half(html, slots)
    subject = " / ".join(half.issue.subject for half in halves)
    return Edition(
        issue=issue_id,
        subject=set_type(subject, style, no_break=False),
        html=html,
        text=text,
        pictures=album.pictures,
        slots=slots,
        letterhead=letterhead,
    )


def _render_text(theme: Theme, halves: Sequence[Half], context: dict[str, object], style: TypeStyle | None) -> str:
    """The plain text: that of a bilingual issue has one language below the other, and says so at its top."""
    filters = _make_text_filters(style)
    texts = [
        theme.render("text/issue.txt.j2", filters=filters, context=context | _take_fields(half)) for half in halves
    ]
    if len(halves) == 1:
        return texts[0]
    return f"{tell_of_second(halves[1].language)}\n\n" + f"\n\n\n{'=' * WIDTH}\n\n\n".join(texts)


def _find_useful_page(settings: Settings, bulletin_name: str, issue_id: str, language: str) -> str:
    """Its page is in the language of the bulletin, unless its address says another."""
    other = "" if language == settings.bulletins[bulletin_name].language else language
    return settings.website.find_useful_page(issue_id, language=other) if settings.website else ""


def _take_fields(half: Half) -> dict[str, object]:
    """The fields of a half as the variables of a template."""
    return {field.name: getattr(half, field.name) for field in fields(half)}


def describe_issue(issue: Issue, style: TypeStyle | None, language: str) -> dict[str, object]:
    """What other editions than the email show of an issue in one language."""
    contents = list_contents(issue)
    return {
        "issue": issue,
        "language": language,
        "top_story": find_top_story(contents),
        "contents": tuple(sorted(contents, key=lambda entry: not entry.section.top_story)),
        "others": tuple(entry for entry in contents if not entry.section.top_story),
        "readers_of": lambda _: "",
        **_describe(issue, style),
    }


def _describe(issue: Issue, style: TypeStyle | None) -> dict[str, object]:
    """What puts the issue's dates and states into words and shapes."""
    return {
        **make_spoken(style, year=issue.published.year),
        "dial": dial,
        "arrange_styles": arrange_styles,
        "parts_of": list_parts,
        "step_state": partial(judge_step, published=issue.published),
        "status_shape": shape_of,
        "tell_of_second": tell_of_second,
    }


def _find_page(settings: Settings, bulletin_name: str, issue_id: str) -> str:
    """The address of the issue's page; "" without a website."""
    return f"{settings.website.url.rstrip('/')}/{find_page(bulletin_name, issue_id)}" if settings.website else ""


def tell_of_second(language: str) -> str:
    """What readers of the second language of an issue see at its top, in theirs: `English below`."""
    return say(f"{LANGUAGES[language].english_name} below", language)


def _require_second_half(html: str, slots: Slots) -> None:
    """Raises ThemeError if a workspace's own theme shows one language of a bilingual issue."""
    if slots.second_greeting and slots.second_greeting not in html:
        raise ThemeError(
            "The theme's email/issue.html.j2 shows only one language of a bilingual issue.",
            "Compare it with the one that comes with the product, which goes through `halves`.",
        )


def require_unsubscribe_link(html: str, text: str, slots: Slots) -> None:
    """Every reader can unsubscribe, even with a workspace's own theme (PECR regulation 23)."""
    for name, content in (("email/issue.html.j2", html), ("text/issue.txt.j2", text)):
        if slots.unsubscribe not in content:
            raise ThemeError(
                f"The theme's {name} has no unsubscribe link.",
                "Put {{ slots.unsubscribe }} where readers will find it.",
            )


def _write_letterhead(settings: Settings, bulletin_name: str, halves: Sequence[Half], *, whole: str) -> Letterhead:
    bulletin = halves[0].bulletin
    website = settings.website.url.rstrip("/") if settings.website else ""
    sender_domain = bulletin.sender.email.rpartition("@")[2]
    second = halves[1].bulletin if len(halves) > 1 else None
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
        language=halves[0].language if halves[0].language != ENGLISH else "",
        second_greeting=second.greeting if second else "",
        second_greeting_unnamed=second.greeting_unnamed if second else "",
        whole=whole,
    )
