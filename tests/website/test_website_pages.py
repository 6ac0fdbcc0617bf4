"""The pages: exact words, nothing that could name somebody, and links to what exists."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from bulletin.complaints.subject import ComplaintSubject
from bulletin.errors import ThemeError
from bulletin.settings.organisation import Basis
from bulletin.web.forms import Form
from bulletin.website.pages.choices import BulletinTitle, Check, ListChoice, describe_list, find_open_lists
from bulletin.website.pages.complaint import ComplaintFault, read_complaint
from bulletin.website.pages.preferences import (
    Break,
    MailFormat,
    PreferencesFault,
    list_breaks,
    read_preferences,
)
from bulletin.website.pages.privacy import describe_privacy, render_privacy
from bulletin.website.pages.subscribe import SubscribeFault, read_subscribe, write_agreement
from bulletin.website.pages.unsubscribe import (
    LeavingReason,
    StopChoice,
    UnsubscribeAct,
    UnsubscribedView,
    read_act,
    read_reason,
    read_scope,
    render_unsubscribed,
)
from bulletin.website.problems import PageProblem, ProblemKind, answer_problem, render_problem
from public_pages import KEEPING, MASKED, PAGES, SETTINGS, TOKEN, frame_of, read_settings

FRAME = frame_of()
SETTINGS_READ = read_settings()
OPEN = find_open_lists(SETTINGS_READ)


def words_of(name: str) -> str:
    """What a reader sees of a page, with single spaces."""
    tree = html.fromstring(PAGES[name](FRAME))
    return " ".join(tree.find("body").text_content().replace("\u2060", "").split())


# --- all pages


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_heading_and_is_named_by_it(name: str) -> None:
    tree = html.fromstring(PAGES[name](FRAME))
    (heading,) = tree.findall(".//h1")
    title = tree.findtext(".//title")

    error = "Error: " if name.endswith(("-faults", "-empty")) else ""
    assert title == f"{error}{heading.text_content()} – Bexley S.H.I.E.L.D."
    assert tree.get("lang") == "en-GB"


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_script_a_foreign_picture_or_a_style_of_its_own(name: str) -> None:
    page = PAGES[name](FRAME)

    assert not re.search(r"<(script|img|iframe|style|object|svg)\b|\sstyle=|\son\w+=|javascript:|data:", page)
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)">', page) == ["/style.css"]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_puts_two_full_stops_in_a_row(name: str) -> None:
    assert ".." not in words_of(name)


@pytest.mark.parametrize("name", PAGES)
def test_no_title_has_a_token_or_an_address_and_no_page_a_whole_address(name: str) -> None:
    page = PAGES[name](FRAME)
    title = html.fromstring(page).findtext(".//title") or ""

    assert "@" not in title
    assert TOKEN not in title
    assert "jo.bloggs@schools.example.net" not in page


@pytest.mark.parametrize("name", PAGES)
def test_each_id_is_there_once_and_each_reference_leads_to_one(name: str) -> None:
    tree = html.fromstring(PAGES[name](FRAME))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    referred = [link[1:] for link in tree.xpath("//a/@href") if link.startswith("#")]
    referred += [one for ids_of in tree.xpath("//@aria-describedby") for one in ids_of.split()]
    referred += list(tree.xpath("//label/@for"))

    assert len(ids) == len(set(ids))
    assert set(referred) <= set(ids)


@pytest.mark.parametrize("name", [name for name in PAGES if name != "privacy"])
def test_links_lead_only_to_pages_that_there_are(name: str) -> None:
    bare = frame_of(SETTINGS.replace("  accessibility: https://www.shield.example.org/accessibility\n", ""), offers=())
    links = html.fromstring(PAGES[name](bare)).xpath("//a/@href")

    assert "/privacy" not in links
    assert "/complaint" not in links
    assert not [link for link in links if "accessibility" in link]
    if not name.startswith("check-your-email"):  # it comes after the form itself
        assert "/subscribe" not in links


HOSTILE = "<b>\"&'{{ 7 * 7 }}"


def test_what_people_type_is_text_on_every_page() -> None:
    view = UnsubscribedView(masked=HOSTILE, title=HOSTILE)
    page = render_unsubscribed(FRAME, view)

    assert "<b>" not in page
    assert "49" not in page
    assert HOSTILE in html.fromstring(page).text_content()


def test_an_odd_address_of_the_organisation_is_one_link() -> None:
    frame = frame_of(SETTINGS.replace("email: shield@shield.example.org", "email: news?&team+1@shield.example.org"))
    links = html.fromstring(PAGES["problem-broken-link"](frame)).xpath("//a/@href")

    assert "mailto:news%3F%26team+1@shield.example.org" in links
    assert "mailto:news%3F%26team+1@shield.example.org?subject=Unsubscribe" in links


# --- the workspace's own templates


def test_a_workspace_can_replace_any_page_and_the_style_sheet(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    (own / "web").mkdir(parents=True)
    (own / "web" / "check-your-email.html.j2").write_text(
        '{% extends "web/page.html.j2" %}{% set title = "Look" %}{% block main %}<h1>{{ title }}</h1>{% endblock %}',
        encoding="utf-8",
    )
    (own / "web" / "style.css").write_text("body{color:{{ palette.light.ink }}}", encoding="utf-8")
    frame = frame_of(folders=[own])

    assert "<h1>Look</h1>" in PAGES["check-your-email"](frame)
    assert re.fullmatch(r"body\{color:#[0-9a-f]{6}\}", frame.render("style.css"))
    for name, page in PAGES.items():
        assert page(frame), name  # all of them within the bounds for templates of a workspace


def test_a_faulty_template_of_a_workspace_keeps_no_one_from_unsubscribing(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    (own / "web").mkdir(parents=True)
    (own / "web" / "page.html.j2").write_text("{{ nothing.at.all }}", encoding="utf-8")
    told: list[str] = []
    frame = frame_of(folders=[own], report=told.append)

    assert PAGES["unsubscribe"](frame) == PAGES["unsubscribe"](FRAME)
    assert "page.html.j2:1" in told[0]


def test_there_is_an_answer_even_if_no_template_works(tmp_path: Path) -> None:
    told: list[str] = []
    frame = replace(FRAME, theme=replace(FRAME.theme, folders=(tmp_path,)), report=told.append)
    answer = answer_problem(frame, PageProblem(ProblemKind.BUSY, retry_after=120))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "120")
    assert bytes(answer.body).endswith(b"To unsubscribe, email shield@shield.example.org")
    assert "there is no template" in told[0]
    with pytest.raises(ThemeError):
        render_problem(frame, ProblemKind.BUSY)


def test_the_style_sheet_is_small_and_has_the_organisations_colour() -> None:
    sheet = FRAME.render("style.css")

    assert len(sheet.encode()) <= 5_000
    assert "--fill:#17505f" in sheet
    assert "prefers-color-scheme:dark" in sheet
    assert "forced-colors" in sheet
    assert "@import" not in sheet
    assert "url(" not in sheet


def test_mistakes_have_the_warm_colour_of_the_settings() -> None:
    own = frame_of(SETTINGS.replace("accent: '#17505f'", "accent: '#17505f', warm: '#9c1f4d'"))

    assert "--warm:#9c1f4d" in own.render("style.css")
    assert "--warm:#8f4100" in FRAME.render("style.css")


# --- exact words, page by page


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("subscribe", "Get our bulletin by email"),
        ("subscribe", "S.H.I.E.L.D. e-bulletin brings news, training and resources"),
        ("subscribe", "We send it once a month. It’s free. Every email has a link to unsubscribe."),
        ("subscribe", "Which lists do you want to join?"),
        ("subscribe", "Training dates and resources. Once a month."),
        ("subscribe", "Once a month. We check requests from other addresses and reply within 5 working days."),
        ("subscribe", "We’ll only use this to send you the bulletin"),
        ("subscribe", "So we can greet you"),
        ("subscribe-faults", "There is a problem"),
        ("subscribe-faults", "Error: Select at least one list"),
        ("subscribe-faults", "Error: Enter an email address in the right format, like name@example.org"),
        ("subscribe-faults", "Error: Name must be 100 characters or fewer"),
        ("subscribe-empty", "Error: Enter an email address"),
        ("subscribe-several", "Training etc. Once a month."),
        ("subscribe-closed", "You can’t join by yourself at the moment. Email us."),
        ("address-check", "You entered jo.bloggs@gmail.con. Which address is right?"),
        (
            "check-your-email",
            "If you can join with that address, you’ll get an email from us in the next few minutes.",
        ),
        (
            "check-your-email",
            "Select the link in that email to finish. You have 7 days.",
        ),
        (
            "check-your-email",
            "Unsubscribed in the past? Open the last bulletin you got and select “Change what you get”, or email us.",
        ),
        ("confirm", "You asked us to send these to j…@schools.example.net: Safeguarding champions, once a month"),
        (
            "confirm",
            "Not you? Close this page. We won’t email this address again, and we’ll delete it by Friday 12 March 2027.",
        ),
        ("welcome", "You’re subscribed We’ll send S.H.I.E.L.D. e-bulletin to j…@schools.example.net."),
        ("welcome", "The next issue is due in the first week of April."),
        ("welcome-short", "We’ll send S.H.I.E.L.D. e-bulletin and Training etc. to j…@schools.example.net."),
        ("waiting", "You asked to join Schools & colleges etc. We check requests for this list and email you within"),
        ("waiting", "within 5 working days, by Friday 12 March 2027."),
        ("waiting", "If we can’t add you, we’ll say why and delete your details."),
        ("waiting-several", "Safeguarding champions and Schools & colleges etc. We check requests for these lists"),
        ("not-added", "We couldn’t add you This list is for staff of schools in Bexley. We’ve deleted your details."),
        ("preferences", "These choices are for j…@schools.example.net."),
        ("preferences", "Once a month. You get this because you work with us."),
        ("preferences", "Good for some screen readers and slow connections"),
        ("preferences", "Pause for 1 month Until Monday 5 April 2027"),
        ("preferences", "Stop all emails Unsubscribe from everything"),
        ("preferences-saved", "We’ve saved your choices."),
        ("preferences-saved", "Paused until Tuesday 1 June 2027. The next issue after that will reach you."),
        ("preferences-saved", "Stay paused Until Tuesday 1 June 2027 Start again now"),
        ("preferences-faults", "Error: Select at least one list, or unsubscribe from everything"),
        ("preferences-nothing", "You get nothing at the moment."),
        ("preferences-nothing", "Language English Cymraeg"),
        ("unsubscribe", "This is for j…@schools.example.net. What do you want to stop?"),
        ("unsubscribe", "S.H.I.E.L.D. e-bulletin You get this once a month Everything from Bexley S.H.I.E.L.D."),
        ("unsubscribe", "Want fewer emails, or a break? Change what you get"),
        ("unsubscribe-only-one", "We’ll stop sending you Training etc. Unsubscribe"),
        ("unsubscribe-old-link", "We’ll stop sending you everything from Bexley S.H.I.E.L.D. Unsubscribe"),
        (
            "unsubscribed",
            "We won’t send S.H.I.E.L.D. e-bulletin to j…@schools.example.net again. You don’t need to do",
        ),
        ("unsubscribed", "If an issue is being sent right now, one more email may still arrive."),
        ("unsubscribed", "Unsubscribed by mistake? Undo"),
        ("unsubscribed", "Why did you leave? (optional) We count the answers. We don’t keep them with your name."),
        ("unsubscribed-all", "We won’t email j…@schools.example.net again. You don’t need to do anything else."),
        ("unsubscribed-all", "Thank you. We’ve counted your answer."),
        ("unsubscribed-forgotten", "You’ve unsubscribed We won’t email you again."),
        ("already", "We stopped sending S.H.I.E.L.D. e-bulletin to j…@schools.example.net on Wednesday 3 March 2027."),
        ("already", "Still getting it? Another of your addresses may be on our list. Tell us and we’ll stop it."),
        ("again", "We’ll keep sending S.H.I.E.L.D. e-bulletin to j…@schools.example.net."),
        ("privacy", "Bexley S.H.I.E.L.D. sends S.H.I.E.L.D. e-bulletin. We’re responsible for the information we use"),
        ("privacy", "whether each issue was sent and accepted, for 24 months"),
        ("privacy", "Safeguarding champions You agreed (consent)."),
        ("privacy", "We need to keep partners informed as part of our public task."),
        ("privacy", "Microsoft (sends our emails)"),
        ("privacy", "We don’t track whether you open our emails or follow links."),
        ("privacy", "Email dpo@shield.example.org. We’ll answer within one month."),
        ("privacy", "You can complain to us. We’ll confirm that we have your complaint within 30 days"),
        ("complaint", "Use this form, or email us, phone 020 7946 0000 or write. We’ll confirm that we have your"),
        ("complaint", "Worried about a child? Don’t use this form. Call 999 in an emergency."),
        ("complaint", "Don’t include details about children or families"),
        ("complaint-faults", "Error: Tell us what happened"),
        ("complaint-empty", "Error: Enter an email address, or phone us on 020 7946 0000"),
        ("complaint-empty", "Error: Tell us what happened in 10,000 characters or fewer"),
        ("complaint-done", "Your reference is C-7K4M-2P."),
        ("problem-broken-link", "This link doesn’t work Part of it may be missing."),
        ("problem-broken-link", "To unsubscribe now, email shield@shield.example.org from the address that gets the"),
        (
            "problem-expired-link",
            "This link has expired A link to confirm a subscription works for some days only. We’ve deleted",
        ),
        (
            "problem-too-many",
            "Try again later There have been too many requests from your network. Try again in an hour.",
        ),
        ("problem-too-many", "We haven’t saved anything you entered on the last page."),
        ("problem-busy", "Sorry, there is a problem We haven’t saved your choice."),
        ("problem-busy", "To unsubscribe without waiting, email shield@shield.example.org"),
        ("problem-foreign-form", "Open this page from our website"),
        ("problem-too-large", "Shorten your message"),
        ("problem-not-found", "Page not found"),
    ],
)
def test_a_page_says(name: str, words: str) -> None:
    assert words in words_of(name)


def test_a_privacy_notice_says_only_what_bulletin_yaml_knows() -> None:
    settings = SETTINGS[: SETTINGS.index("  proxies:")]
    page = render_privacy(frame_of(settings, offers=("privacy",)), describe_privacy(read_settings(settings), KEEPING))
    words = " ".join(html.fromstring(page).text_content().split())

    assert "registration number" not in words
    assert "data protection officer" not in words
    assert "Who else handles your information" not in words
    assert "Email shield@shield.example.org. We’ll answer within one month." in words
    assert "complain to us by email" in words


# --- what people agree to


CONSENT = (
    "If you select “Subscribe”, you agree that Bexley S.H.I.E.L.D. may email you this bulletin. "
    "You can change your mind at any time."
)
PUBLIC_TASK = "We’ll add you because we need to keep partners informed. You can leave at any time."


def test_consent_is_asked_for_only_where_it_is_the_basis() -> None:
    champions, schools = OPEN

    assert write_agreement(FRAME, [champions]) == (CONSENT,)
    assert write_agreement(FRAME, [schools]) == (PUBLIC_TASK,)
    assert write_agreement(FRAME, OPEN) == (
        f"Safeguarding champions: {CONSENT}",
        f"Schools & colleges etc.: {PUBLIC_TASK}",
    )
    for basis in Basis:
        (line,) = write_agreement(FRAME, [replace(champions, basis=basis)])
        assert ("you agree" in line) == (basis is Basis.CONSENT)


def test_consent_names_the_bulletins_where_there_are_several() -> None:
    champions, schools = OPEN
    both = tuple(
        BulletinTitle(name=name, title=title, pace="weekly") for name, title in (("a", "News"), ("b", "Extra"))
    )
    to_one, to_both = replace(champions, bulletins=("b",)), replace(champions, bulletins=("a", "b"))

    def agreed(*lists: ListChoice, bulletins: Sequence[BulletinTitle] = both) -> str:
        (line,) = write_agreement(FRAME, lists, bulletins)
        return line.partition("may email you ")[2].partition(" You can")[0]

    assert agreed(to_one) == "Extra."
    assert agreed(to_both) == "News and Extra."
    assert agreed(to_both, replace(to_one, name="other")) == "the bulletins that go to the lists you choose."
    assert agreed(to_one, bulletins=both[1:]) == "this bulletin."
    assert [line.partition(":")[0] for line in write_agreement(FRAME, (to_both, schools), both)] == [
        champions.title,
        schools.title,
    ]


def test_the_page_shows_the_very_words_that_are_kept_as_evidence() -> None:
    for line in write_agreement(FRAME, OPEN):
        assert line in words_of("subscribe")


# --- what people enter


def form(*fields: tuple[str, str]) -> Form:
    return Form(fields=fields)


def test_all_faults_of_a_subscription_are_told_at_once() -> None:
    answer = read_subscribe(form(("email", "jo.bloggs@schools"), ("name", "J" * 101), ("list", "partners")), OPEN)

    assert answer.faults == (SubscribeFault.NO_LIST, SubscribeFault.BAD_ADDRESS, SubscribeFault.LONG_NAME)
    assert read_subscribe(form(), OPEN).faults == (SubscribeFault.NO_LIST, SubscribeFault.NO_ADDRESS)


def test_a_subscription_has_only_open_lists_each_once() -> None:
    fields = [("list", name) for name in ("schools", "partners", "schools", "champions", "nothing")]
    answer = read_subscribe(form(*fields, ("email", " jo@example.org "), ("name", " Jo  \r\n Bloggs ")), OPEN)

    assert (answer.lists, answer.email, answer.name) == (("schools", "champions"), "jo@example.org", "Jo Bloggs")
    assert answer.faults == ()


@pytest.mark.parametrize(
    ("email", "suggested"),
    [
        ("jo.bloggs@gmail.con", "jo.bloggs@gmail.com"),
        ("jo@nhs.ne", "jo@nhs.net"),
        ("jo@bexley.govuk", "jo@bexley.gov.uk"),
        ("jo@hotmial.com", "jo@hotmail.com"),
        ("jo@gmail.com", None),
        ("jo@", None),
    ],
)
def test_a_slip_of_the_finger_is_asked_about_once(email: str, suggested: str | None) -> None:
    fields = (("list", "champions"), ("email", email))

    assert read_subscribe(form(*fields), OPEN).suggest_address() == suggested
    assert read_subscribe(form(*fields, ("checked", "yes")), OPEN).suggest_address() is None


LISTS = tuple(describe_list(SETTINGS_READ, name, chosen=True) for name in ("champions", "schools"))


def test_preferences_are_of_the_lists_that_the_form_showed() -> None:
    fields = [("shown", "champions"), ("shown", "partners"), ("list", "champions"), ("list", "schools")]
    answer = read_preferences(form(*fields, ("format", "text"), ("pause", "3"), ("name", "Jo")), LISTS)

    assert (answer.ticked, answer.unticked) == (("champions",), ())
    assert (answer.mail_format, answer.pause_months, answer.name) == (MailFormat.PLAIN, 3, "Jo")
    assert answer.faults == ()


@pytest.mark.parametrize(
    ("pause", "months"), [("none", 0), ("1", 1), ("6", 6), ("keep", None), ("2", None), ("", None)]
)
def test_a_pause_that_is_not_offered_changes_nothing(pause: str, months: int | None) -> None:
    assert read_preferences(form(("pause", pause)), LISTS).pause_months == months


def test_preferences_without_a_list_are_a_fault() -> None:
    answer = read_preferences(form(("shown", "champions"), ("name", "J" * 101)), LISTS)

    assert answer.faults == (PreferencesFault.NO_LIST, PreferencesFault.LONG_NAME)
    assert answer.unticked == ("champions",)


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (date(2027, 3, 5), [date(2027, 4, 5), date(2027, 6, 5), date(2027, 9, 5)]),
        (date(2027, 12, 31), [date(2028, 1, 31), date(2028, 3, 31), date(2028, 6, 30)]),
        (date(2027, 11, 30), [date(2027, 12, 30), date(2028, 2, 29), date(2028, 5, 30)]),
    ],
)
def test_a_break_ends_on_the_same_day_of_a_later_month(today: date, until: list[date]) -> None:
    breaks = [Break(months=months, until=day) for months, day in zip((1, 3, 6), until, strict=True)]

    assert list_breaks(today) == tuple(breaks)


@pytest.mark.parametrize(
    ("fields", "act", "scope"),
    [
        ((("act", "stop"), ("scope", "all")), UnsubscribeAct.STOP, StopChoice.ALL),
        ((("act", "undo"),), UnsubscribeAct.UNDO, StopChoice.BULLETIN),
        ((("act", "reason"),), UnsubscribeAct.REASON, StopChoice.BULLETIN),
        ((("List-Unsubscribe", "One-Click"),), UnsubscribeAct.STOP, StopChoice.BULLETIN),
        ((("act", "anything"), ("scope", "nothing")), UnsubscribeAct.STOP, StopChoice.BULLETIN),
        ((), UnsubscribeAct.STOP, StopChoice.BULLETIN),
    ],
)
def test_a_form_that_is_not_clear_unsubscribes(
    fields: tuple[tuple[str, str], ...], act: UnsubscribeAct, scope: StopChoice
) -> None:
    assert read_act(form(*fields)) is act
    assert read_scope(form(*fields), otherwise=StopChoice.BULLETIN) is scope


@pytest.mark.parametrize(("given", "reason"), [("too-many", LeavingReason.TOO_MANY), ("rude", None), ("", None)])
def test_a_reason_is_one_of_five(given: str, reason: LeavingReason | None) -> None:
    assert read_reason(form(("reason", given))) is reason


def test_a_complaint_needs_words_and_an_address_and_no_subject() -> None:
    assert read_complaint(form()).faults == (ComplaintFault.NO_TEXT, ComplaintFault.NO_ADDRESS)
    long = read_complaint(form(("text", "x" * 10_001), ("email", "jo")))
    assert long.faults == (ComplaintFault.LONG_TEXT, ComplaintFault.BAD_ADDRESS)
    good = read_complaint(form(("about", "wrong"), ("text", " a\r\nb "), ("email", "jo@example.org")))
    assert (good.subject, good.text, good.faults) == (ComplaintSubject.WRONG, "a\nb", ())


@given(st.lists(st.tuples(st.sampled_from(["list", "email", "name", "shown", "pause", "text", "about"]), st.text())))
def test_whatever_is_entered_there_is_an_answer(fields: list[tuple[str, str]]) -> None:
    given = form(*fields)

    assert read_subscribe(given, OPEN).lists is not None
    assert read_preferences(given, LISTS).ticked is not None
    assert read_complaint(given).faults is not None


# --- lists as people choose among them


def test_a_list_says_whether_a_person_checks_requests() -> None:
    text = SETTINGS.replace('open: ["*.sch.uk", "*.gov.uk"]', "open: []")

    assert [choice.check for choice in OPEN] == [Check.NONE, Check.OTHERS]
    assert [choice.check for choice in find_open_lists(read_settings(text))] == [Check.NONE, Check.ALL]
    assert [choice.chosen for choice in find_open_lists(SETTINGS_READ, chosen=["schools"])] == [False, True]


def test_the_pages_load_nothing_heavy() -> None:
    script = (
        "import sys\n"
        "import bulletin.website.server, bulletin.website.application, bulletin.website.pages.subscribe\n"
        "import bulletin.website.pages.complaint, bulletin.website.pages.preferences, bulletin.website.pages.privacy\n"
        "heavy = 'premailer lxml cssutils sqlalchemy alembic PIL aiosmtpd typst pygal smtplib'.split()\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_masked_addresses_do_not_break_at_the_ellipsis() -> None:
    assert "…\u2060@" in MASKED
