"""The proof that no edition has what is not for its readers, on the bytes of each output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent

import pytest

from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.edition.leaks.fingerprints import Fingerprints
from bulletin.edition.leaks.leak_proof import find_edition_leaks, open_leak_proof, require_no_leak
from bulletin.edition.leaks.leak_search import find_leaks
from bulletin.edition.leaks.output_words import read_html_words, split_words
from bulletin.edition.theme import Theme
from bulletin.errors import LeakFound
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.model import Issue
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from specimen import picture

MakeWorkspace = Callable[..., Workspace]

SCHOOLS = Audience(lists=frozenset({"schools"}))
ISSUE = """\
month: 2021-05
published: 4 May 2021
subject: {subject}
preview_text: What we did in April
introduction: {introduction}
sections:
  - kind: events
    title: Dates to keep
    items:
      - title: Open forum in the library
        date: 9 June 2021
        summary: Read about it at [our page](https://www.example.org/forum).
        audience: Parents
      - title: Term dates for leads
        date: 10 June 2021
        for: schools
        summary: >-
          Bring the *new* register of attendance, and the keys of your school’s server room.
          More is [on this page](https://www.example.org/leads-only).
        contact: {{name: Asha Rahman, email: asha.rahman@example.org}}
        image: {{file: rota-of-leads.png, alt: A table of rooms}}
"""


def make(make_workspace: MakeWorkspace, *, subject: str = "News for May", introduction: str = "Welcome.") -> Workspace:
    text = ISSUE.format(subject=subject, introduction=introduction)
    workspace = make_workspace(settings=SETTINGS, issues={"2021-05": text})
    (workspace.root / "rota-of-leads.png").write_bytes(picture(size=(8, 8)))
    return workspace


class Made:
    """An issue, what everyone gets of it, and what must not be in that."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.issue: Issue = workspace.load_issue("2021-05")
        self.public = self.issue.for_audience(PUBLIC)
        proof = open_leak_proof(self.issue, settings=workspace.settings, theme=Theme(folders=workspace.theme_folders))
        assert proof
        self.fingerprints: Fingerprints = proof.make(self.public)
        self.edition: Edition = make_edition(workspace, "2021-05")

    def refuse(self, **changed: str) -> str:
        """What is said of the public edition with a change."""
        with pytest.raises(LeakFound) as found:
            require_no_leak(replace(self.edition, **changed), self.public, self.fingerprints)  # type: ignore[arg-type]
        return str(found.value)

    def finds(self, text: str) -> bool:
        return bool(list(find_leaks(text, self.fingerprints, output="it")))


@pytest.fixture
def made(make_workspace: MakeWorkspace) -> Made:
    return Made(make(make_workspace))


def test_the_edition_of_everyone_is_free_and_the_one_for_schools_is_full_of_it(made: Made) -> None:
    schools = make_edition(made.workspace, "2021-05", audience=SCHOOLS)

    assert not list(find_edition_leaks(made.edition, made.public, made.fingerprints))
    outputs = {leak.output for leak in find_edition_leaks(schools, made.public, made.fingerprints)}
    assert outputs == {"the HTML", "the plain text", "a picture’s name"}


LEAKS = {
    "five words": "<p>so bring the new register of attendance</p>",
    "words in other letters": "<p>BRING THE “NEW” REGISTER OF all</p>",
    "words with invisible signs": "<p>the keys of your school&rsquo;s ser&shy;ver\u00a0room</p>",
    "words with marks inside": "<p>the k<b>e</b>ys of <a href='https://x.example.org'>your school</a>’s server</p>",
    "a title of four words": "<h2>Term dates for leads</h2>",
    "a person": "<p>Ask Asha Rahman.</p>",
    "an email address": "<a href='mailto:asha.rahman@example.org'>Ask</a>",
    "a web address": "<a href='https://www.example.org/leads-only'>More</a>",
    "a text alternative": "<img src='x.png' alt='A table of rooms'>",
    "a picture": "<img src='https://www.example.org/assets/rota-of-leads-0123abcd.png' alt=''>",
    "an anchor": "<a id='term-dates-for-leads'></a>",
    "a link to an anchor": "<a href='https://www.example.org/issues/2021-05#term-dates-for-leads'>Dates</a>",
    "the head": "<head><meta name='description' content='Term dates for leads'></head>",
    "a comment": "<!-- Term dates for leads -->",
    "a comment for Outlook": "<!--[if mso]><v:rect href='https://www.example.org/leads-only'></v:rect><![endif]-->",
    "an address that is coded": "<a href='mailto:?subject=Term%20dates%20for%20leads'>Write</a>",
}


@pytest.mark.parametrize("html", LEAKS.values(), ids=LEAKS)
def test_it_is_found_wherever_a_page_has_it(made: Made, html: str) -> None:
    said = made.refuse(html=made.edition.html.replace("<body", f"{html}<body", 1))

    assert said.startswith("The HTML has “")
    assert "for readers who may not see the item “" in said
    assert "If another text has these words too, reword one. If not, a template of your theme shows them." in said


@pytest.mark.parametrize(
    "text",
    [
        "Bring the new register\nof attendance",
        "See https://www.example.org/leads-only.",
        "Write to asha.rahman@example.org",
        "• Term dates\n  for leads",
        "rota-of-leads.png",
    ],
)
def test_it_is_found_in_plain_text(made: Made, text: str) -> None:
    assert made.finds(text)
    assert made.refuse(text=f"{made.edition.text}\n\n{text}").startswith("The plain text has “")


@pytest.mark.parametrize(
    "text",
    [
        "Term dates are here",
        "Thursday 10 June 2021",
        "https://www.example.org/leads-only/more and https://www.example.org/",
        "For parents, with leads",
        "Bring the new register.\n\nOf attendance we say nothing.",
        "attendance of register new the Bring",
    ],
)
def test_what_only_looks_alike_is_not_found(made: Made, text: str) -> None:
    assert not made.finds(text)


@pytest.mark.parametrize(
    ("introduction", "words"),
    [("We list the term dates for leads.", "term dates for leads"), ("Ask Asha Rahman about June.", "asha rahman")],
)
def test_a_text_for_everyone_may_not_tell(make_workspace: MakeWorkspace, introduction: str, words: str) -> None:
    workspace = make(make_workspace, introduction=introduction)
    with pytest.raises(LeakFound) as found:
        make_edition(workspace, "2021-05")

    assert f"The introduction has “{words}” for readers who may not see the item “Term dates for leads”." in str(
        found.value
    )
    assert found.value.remedy == "Reword it: everyone reads it. Or remove `for:` or `marketing:` from the item."
    assert make_edition(workspace, "2021-05", audience=SCHOOLS).html


def test_the_subject_may_not_tell(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(LeakFound, match="The subject has “term dates for leads”"):
        make_edition(make(make_workspace, subject="May - term dates for leads"), "2021-05")


def test_a_template_that_shows_more_is_refused(make_workspace: MakeWorkspace) -> None:
    """A theme of one's own may have the words itself: that is what they are for. It can't have an address."""
    workspace = make(make_workspace)
    part = workspace.root / "templates" / "email" / "parts" / "help.html.j2"
    part.parent.mkdir(parents=True)
    part.write_text('{# theme 2 #}\n<a href="https://www.example.org/leads-only">Leads</a>\n', encoding="utf-8")

    with pytest.raises(LeakFound, match=r"The HTML has “https://www\.example\.org/leads-only”"):
        make_edition(workspace, "2021-05")


def test_words_that_an_item_for_everyone_has_too_and_those_of_the_theme_are_free(make_workspace: MakeWorkspace) -> None:
    text = dedent("""\
        month: 2021-05
        published: 4 May 2021
        subject: News for May
        preview_text: What we did in April
        sections:
          - {kind: notice, title: Read more, text: Ring the office on Monday or Tuesday., for: schools}
          - {kind: notice, title: What you need to do, text: For parents., for: schools}
          - kind: article
            title: Office hours
            text: You can ring the office on Monday or Tuesday.
            links: [{title: The page, link: "https://www.example.org/page"}]
          - {kind: campaign, title: Week, text: It begins., audience: Parents}
        """)
    made = Made(make_workspace(settings=SETTINGS, issues={"2021-05": text}))

    assert not made.finds("Read more\n\nWhat you need to do\n\nFor parents\n\nRing the office on Monday or Tuesday")
    assert made.edition.html


def test_an_issue_for_everyone_costs_nothing_and_those_who_get_all_have_nothing_to_prove(
    make_workspace: MakeWorkspace,
) -> None:
    workspace = make(make_workspace)
    issue, theme = workspace.load_issue("2021-05"), Theme(folders=workspace.theme_folders)
    proof = open_leak_proof(issue, settings=workspace.settings, theme=theme)

    assert proof
    assert not proof.make(issue.for_audience(SCHOOLS))
    assert open_leak_proof(issue.for_audience(PUBLIC), settings=workspace.settings, theme=theme) is None


def test_the_words_of_a_page_are_read_whole(made: Made) -> None:
    assert "unbroken" in split_words(read_html_words("<p>un<a href='https://x.example.org'>bro</a>ken</p>"))
    assert read_html_words("<p>one</p><p>two<br>three</p>").split("\n")[1:4:2] == ["one", "two three"]
    assert made.fingerprints.with_tokens({"abc@host": "A date"}).tokens["abc@host"] == "A date"
