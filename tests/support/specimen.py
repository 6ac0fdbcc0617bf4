"""An issue with every kind of section and every field, and settings to render it with. Invented, all of it."""

from __future__ import annotations

from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

from bulletin.edition.edition import Edition
from bulletin.edition.rendering import render_edition
from bulletin.edition.theme import Theme
from bulletin.edition.web.anchored import map_anchors
from bulletin.edition.web.archive_site import open_site
from bulletin.edition.web.issue_facts import IssueFacts
from bulletin.edition.web.issue_page import Surroundings, render_body, render_issue_page
from bulletin.edition.web.page_pictures import PageAlbum
from bulletin.issue.model import Issue
from bulletin.issue.sections import section_kinds
from bulletin.settings.settings import Settings
from bulletin.workspace.package_data import theme_folder
from kind_examples import make_example

THEME = Theme(folders=(theme_folder(),))

SETTINGS: dict[str, Any] = {
    "organisation": {
        "name": "Anytown Safeguarding Partnership",
        "about": "We bring *everyone* together who keeps children in Anytown safe.",
        "address": "1 High Street, Anytown AN1 1AA",
        "email": "contact@anytown.example.org",
        "telephone": "01632 960 000",
        "website": "https://www.anytown.example.org",
        "privacy": "https://www.anytown.example.org/privacy",
        "logo": {"file": "logo.png", "alt": "Anytown: safe together", "width": "180"},
    },
    "bulletins": {
        "news": {
            "title": "Anytown safeguarding news",
            "sender": {"name": "Anytown Partnership", "email": "news@anytown.example.org"},
            "reply_to": "contact@anytown.example.org",
            "list_id": "news.anytown.example.org",
            "greeting": "Dear {name},",
            "greeting_unnamed": "Dear colleague,",
            "reason": "You get this because you work with us.",
        }
    },
    "lists": {"partners": {"title": "Partner agencies", "basis": "public-task"}},
    "colours": {"accent": "#8a1c4a"},
    "website": {"url": "https://bulletin.anytown.example.org/"},
}

SECTIONS: list[dict[str, Any]] = [
    {
        "kind": "executive_updates",
        "title": "From the *Executive*",
        "lead": "Independent scrutiny was most of our work in May.",
        "items": [
            {"title": "Scrutiny", "text": "Two reviews are finished.", "follow_up": "2021-07"},
            "We met the [Youth Council](https://youth.example.org/council) and its [chair](mailto:chair@example.org).",
            {
                "text": "Three things changed:\n\n- referrals\n- reviews\n  1. first\n  2. second\n- records",
                "for": "partners",
            },
        ],
        "outlook": "In June we choose next year’s themes.",
    },
    {
        "kind": "priorities",
        "title": "Our priorities",
        "introduction": "Five are open.",
        "items": [
            {
                "number": "6",
                "title": "Getting the basics right",
                "status": "under way",
                "led_by": "Anytown CCG",
                "summary": "The action plan moved on.",
                "milestones": [
                    {"date": "26 April 2021", "text": "Update to the Board", "done": "yes"},
                    {"date": "March 2021", "until": "April 2021", "text": "First sessions"},
                    {"date": "1 May 2021", "text": "Terms agreed", "done": "no"},
                    {"date": "June 2021", "text": "The first phase ends"},
                    {"date": "9 July", "until": "11 July 2021", "text": "A conference for all"},
                    {"date": "2022", "text": "The review"},
                ],
                "next": "Learning is shared from July 2021.",
            },
            {"number": "7", "title": "Neglect", "status": "planned", "summary": "It begins in autumn."},
            {"number": "12", "title": "Exploitation", "status": "delayed", "summary": "The data came late."},
            {"number": "9", "title": "Online safety", "status": "paused", "summary": "It waits for a lead."},
            {"number": "10", "title": "Young carers", "status": "closed", "summary": "The work is done."},
        ],
    },
    {
        "kind": "campaign",
        "title": "Safe summer",
        "status": "planned",
        "image": {"file": "poster.jpg", "alt": "Poster: a lifeguard waves", "caption": "The poster of *phase 1*"},
        "partners": ["Greenfield", "Marshside", "Anytown Pools"],
        "audience": "Families with small children",
        "phase": "1 of 2",
        "ends": "31 August 2021",
        "text": "Water is *fun* and **dangerous**.\n\n# What we do\n\nWe teach.\n\n### How\n\nIn pools.",
        "ask": {
            "text": "Put the poster up where families see it.",
            "button": "Get the poster",
            "link": "https://summer.anytown.example.org/poster?size=a3&lang=en",
        },
        "links": [{"title": "All about it", "link": "https://summer.anytown.example.org", "summary": "For families."}],
        "assets": [
            {"title": "Posters", "link": "https://summer.anytown.example.org/posters", "summary": "A4 and A3"},
            {"title": "A film"},
        ],
    },
    {
        "kind": "group_update",
        "title": "News from the parents",
        "group": "Anytown Parents’ Forum",
        "members": "Parents and carers",
        "introduction": "The Forum met twice.",
        "items": [{"title": "Workshops", "text": "They begin in June."}, "The network has grown to 40 members."],
    },
    {
        "kind": "training",
        "title": "Training offers",
        "introduction": "All free.",
        "items": [
            {
                "title": "Signs of Safety",
                "provider": "Anytown Learning",
                "summary": "The practice framework, for newcomers.",
                "audience": "All partners",
                "on_demand": "yes",
                "link": "https://learning.anytown.example.org/sos",
                "figure": {"value": "24", "label": "professionals have completed it", "date": "April 2021"},
            },
            {
                "title": "First aid",
                "provider": "Anytown Ambulance",
                "sessions": [
                    {"date": "9 June 2021", "starts": "9:30am", "ends": "12:30pm", "place": "Town Hall"},
                    {"date": "14 June 2021", "until": "15 June 2021"},
                ],
                "places": "20",
                "cost": "£10 a head",
                "book": {
                    "how": "Sign in with your work address.",
                    "link": "https://learning.anytown.example.org/aid",
                    "by": "1 June 2021",
                },
            },
        ],
    },
    {
        "kind": "events",
        "title": "Days to keep free",
        "introduction": "Most are online.",
        "items": [
            {
                "title": "Champions’ meeting",
                "date": "9 June 2021",
                "starts": "9:30am",
                "ends": "midday",
                "place": "Online",
                "summary": "Open to all champions.",
                "audience": "Safeguarding champions",
                "link": "https://www.anytown.example.org/champions",
                "book": {"link": "https://www.anytown.example.org/champions/book"},
            },
            {"title": "Summer school", "date": "28 June 2021", "until": "2 July 2021", "starts": "9am"},
            {"title": "Listening days", "date": "14 September 2021", "until": "16 September 2021"},
            {"title": "Annual conference", "date": "November 2021"},
            {"title": "Founders’ day", "date": "13 April"},
        ],
    },
    {
        "kind": "article",
        "title": "Everyone’s turn",
        "byline": "Anytown Education Services",
        "text": "Schools met on 28 April 2021.\n\n> We all listen.\n\nUse `#listen`, or:\n\n    a line of code\n\n"
        '***\n\nRead [the guidance](https://www.anytown.example.org/guidance "Guidance"), '
        "or ring [the desk](tel:01632960000).  \nSee also <https://www.anytown.example.org/more>.",
        "links": [{"title": "The guidance in short", "link": "https://www.anytown.example.org/short"}],
    },
    {
        "kind": "notice",
        "title": "Office hours",
        "text": "We are closed on **31 May 2021**.",
        "links": [{"title": "Out of hours", "link": "tel:01632960999"}],
    },
    {
        "kind": "resources",
        "title": "Guidance and resources",
        "introduction": "New this month.",
        "groups": [
            {
                "title": "Government guidance",
                "items": [
                    {
                        "title": "Remote education",
                        "link": "https://www.gov.uk/remote-education",
                        "publishers": ["Department for Education", "Ofsted"],
                        "date": "24 March 2021",
                        "kind": "guidance",
                        "summary": "For leads in schools.",
                    },
                    {"title": "Looked after children", "link": "https://www.gov.uk/looked-after", "date": "13 April"},
                ],
            },
            {"title": "Reports", "items": [{"title": "A report", "link": "https://www.gov.uk/report"}]},
        ],
    },
    {
        "kind": "links",
        "title": "Useful links",
        "introduction": "Worth keeping.",
        "items": [
            {"title": "Past issues", "link": "https://bulletin.anytown.example.org/issues", "summary": "All of them."}
        ],
    },
    {
        "kind": "about",
        "title": "Who we are",
        "text": "We are a statutory partnership.",
        "items": [
            {"title": "Scrutiny", "text": "How we are looked at.", "link": "https://www.anytown.example.org/scrutiny"},
            {"title": "Structure", "text": "Groups, meetings and reports, from the Board to the working groups."},
            {"title": "Champions", "text": "A network that meets 3 times a year."},
        ],
    },
]

# A kind that was added since is here with the examples of its fields.
SECTIONS[-1:-1] = [
    make_example(kind) | {"title": f"The first {kind.replace('_', ' ')}"}
    for kind in section_kinds()
    if kind not in {section["kind"] for section in SECTIONS}
]

ISSUE: dict[str, Any] = {
    "month": "2021-05",
    "published": "4 May 2021",
    "subject": "May: priorities & a safe summer",
    "preview_text": "What we did in April, and <what> comes next.",
    "introduction": "Welcome to the **May** issue.",
    "sections": SECTIONS,
}


@cache
def picture(form: str = "PNG", *, size: tuple[int, int] = (1200, 600)) -> bytes:
    """A real picture, of one colour."""
    content = BytesIO()
    Image.new("RGB", size, "#336699").save(content, form)
    return content.getvalue()


def read_picture(path: str) -> bytes:
    """Any picture that the specimen names."""
    return picture("JPEG" if path.endswith(".jpg") else "PNG")


def render(
    *, issue: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, theme: Theme = THEME
) -> Edition:
    """The specimen's edition, with top-level fields of the issue or the settings replaced (None takes one away)."""
    return render_edition(
        Issue.model_validate({**ISSUE, **(issue or {})}),
        issue_id="news/2021-05",
        settings=Settings.model_validate({**SETTINGS, **(settings or {})}),
        bulletin_name="news",
        theme=theme,
        pictures=read_picture,
    )


def render_page(*, issue: dict[str, Any] | None = None, today: date = date(2021, 5, 4)) -> str:
    """The specimen's page in the web archive, with fields of the issue replaced, as it is on a day."""
    shown = Issue.model_validate({**ISSUE, **(issue or {})})
    album = PageAlbum(read=read_picture, base="")
    site = open_site(Settings.model_validate(SETTINGS), THEME, "https://bulletin.anytown.example.org", album)
    around = Surroundings(today=today, anchors=map_anchors(shown))
    body = render_body(site, shown, album=album, around=around, facts_path="news/2021-05/")
    facts = IssueFacts(
        id="2021-05",
        bulletin="news",
        name="2021-05",
        subject=shown.subject,
        preview_text=shown.preview_text,
        published=shown.published.isoformat(),
        minutes=body.minutes,
    )
    return render_issue_page(site, shown, facts, body, album=album, around=around)
