"""Words reach readers as they are meant. Marks of other programs, notes, examples and hidden characters don't."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from bulletin.edition.markdown.markdown_html import render_blocks_html
from bulletin.edition.markdown.markdown_text import render_blocks_text
from bulletin.errors import FaultyFiles
from bulletin.proof.finding import Finding
from bulletin.proof.rule import Example
from bulletin.settings.proof import Severity
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import SETTINGS
from proof_case import covered, find

WORDS = Path(__file__).parent / "words"
MakeWorkspace = Callable[..., Workspace]


def check_case(make_workspace: MakeWorkspace, name: str) -> list[str]:
    """What a person reads of an input: the places and messages, without source lines and carets."""
    text = (WORDS / f"{name}.yaml").read_text(encoding="utf-8")
    workspace = make_workspace(issues={"2026-12": text})
    done = call("check", "2026-12", "--format", "github", folder=workspace.root)
    assert done.returncode == 1, done.stdout + done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    return [re.sub(r"^.*?line=(\d+),(?:endLine=\d+,)?col=(\d+).*?::", r"\1:\2: ", unquote(line)) for line in told]


def errors_of(example: Example | str) -> list[Finding]:
    return [finding for finding in find(example) if finding.severity is Severity.ERROR]


# The cases of real officers, by the words they read.


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("01-list-in-folded-text", [("10:", "This list becomes one paragraph")]),
        (
            "02-hidden-letter-in-link",
            [("9:51:", "U+200B zero width"), ("9:83:", "U+00AD soft hyphen"), ("9:123:", "U+200B zero width")],
        ),
        (
            "10-bold-marks-left",
            [("9:7:", "“**Who can come?**” as it is typed"), ("9:53:", "“** come along **” as")],
        ),
        (
            "11-link-with-space",
            [("9:28:", "There is a space in the address “tel:+44 1632 960 000”"), ("9:", "my form.pdf”")],
        ),
        ("13-note-inside-text", [("10:7:", "inside the text, so every reader gets it")]),
        (
            "18-merge-tags",
            [
                ("9:12:", "“*|FNAME|*” is a field of another program"),
                ("9:29:", "“%%first_name%%” is a field"),
                ("9:55:", "“[FIRST_NAME]” is a field"),
                ("9:72:", "“##NAME##” is a field"),
            ],
        ),
        (
            "26-typed-bullets",
            [
                ("9:7:", "This bullet is a character of Word’s own"),
                ("12:7:", "A bullet that is typed as a sign makes no list"),
                ("15:7:", "A bullet that is typed as a sign makes no list"),
            ],
        ),
        ("27-no-break-blank-in-structure", [("7:11:", "U+00A0 no-break space")]),
    ],
)
def test_a_case_is_an_error_at_its_column(
    make_workspace: MakeWorkspace, name: str, places: list[tuple[str, str]]
) -> None:
    told = check_case(make_workspace, name)

    assert len(told) == len(places), told
    for line, (place, words) in zip(told, places, strict=True):
        assert line.startswith(place)
        assert words in line


# Other members of the same kinds.


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Come along, **everyone **is welcome.", "**everyone **"),
        ("Read __all about it__now.", "__all about it__"),
        ("Our *news*letter, and *so on.*Then more.", "*so on.*"),
        ("It is _free._Everyone can come.", "_free._"),
        ("The hall is ~~closed~~ open.", "~~closed~~"),
        ("Bring ==a pen==.", "==a pen=="),
        ("Bring ++a pen++.", "++a pen++"),
        ("We meet on Tuesday.[^1]\n\n[^1]: In the hall.", "[^1]"),
        ("Book your place.{.button}", "{.button}"),
        ("The hall`s door is open.", "`"),
        ('Book your place.{target="_blank"}', '{target="_blank"}'),
        ("#Training\n\nCome and learn.", "#Training"),
        ("##What helped\n\nThe nurse came back.", "##What helped"),
        ("The hall is [b]open[/b] again.", "[b]"),
        ("> [!NOTE]\n> The hall is closed.", "[!NOTE]"),
        ("Welcome :tada: to the hall.", ":tada:"),
        ("Support &amp;amp; advice for parents.", "&amp;amp;"),
        ("- [ ] Book your place\n- [x] Tell a friend", "[ ]"),
        ("h2. Training\n\nCome and learn.", "h2. "),
        ("We meet in the hall.\\nPlease come.", "\\n"),
        ("The \uf0e0 arrow leads to the hall.", "\uf0e0"),
    ],
)
def test_a_mark_that_does_nothing_is_the_only_error_there(text: str, at: str) -> None:
    found = errors_of(text)

    assert {finding.code for finding in found} == {"MARK01"}
    assert covered(found[0]) == at


@pytest.mark.parametrize(
    ("field", "at"),
    [
        ("subject: Support &amp; advice for parents", "&amp;"),
        ("subject: Our **big** news", "**big**"),
        ("preview_text: Come <b>along</b> to the hall&nbsp;today", "<b>"),
        ("preview_text: Read [our plan](https://www.example.org/plan) now", "[our plan](https://www.example.org/plan)"),
        ('subject: "# News of the month"', "# "),
        ("subject: • News of the month", "• "),
    ],
)
def test_markup_in_a_plain_field_is_an_error(field: str, at: str) -> None:
    found = errors_of(Example(header=field))

    assert found
    assert found[0].code == "MARK01"
    assert covered(found[0]) == at


@pytest.mark.parametrize(
    "text",
    [
        "**Who can come?** Everyone is *welcome*, and __all__ of it is free.",
        "Tickets cost £5* each.\n\n*Concessions apply.",
        "Put a star \\* or two \\*\\* here, and `**code**` there.",
        "Join in: #SafeguardingWeek and #BexleyTogether.",
        "#SafeguardingWeek #BexleyTogether",
        "It takes ~50 minutes, at 9:30 or so: bring 2 + 2 pens.",
        "Write to first_last_name@example.org, or see https://www.example.org/a_b_c~d#e=f==g.",
        "The panel [sic] met (see page 2). R&D; and Q&A are back.",
        "C++ and a == b are for the code club: `a == b == c`.",
        "A f**k or a s**t in a quotation stays as it was said.",
    ],
)
def test_words_that_only_look_like_marks_are_left_alone(text: str) -> None:
    assert [finding for finding in find(text) if finding.code.startswith("MARK")] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Read [the form](https://www.example.org/my form.pdf).", "https://www.example.org/my%20form.pdf"),
        ("Ring [the duty team](tel:01632 960 000).", "tel:01632960000"),
        ("Write to [the team](mailto:duty team@example.org).", "mailto:dutyteam@example.org"),
        ("Read [the plan] (https://www.example.org/plan).", "right behind the square one"),
        ("Read (the plan)[https://www.example.org/plan].", "[the plan](https://www.example.org/plan)"),
        ("Read [the plan](https://www.example.org/plan and come.", "Write ) at the end"),
        ("Read [the plan][2].", "Write [the plan]"),
        ("Read <https://www.example.org/plan|our plan>.", "Write [our plan](https://www.example.org/plan)."),
        ("Read [our plan|https://www.example.org/plan].", "Write [our plan](https://www.example.org/plan)."),
        ("Read [https://www.example.org/plan our plan].", "Write [our plan](https://www.example.org/plan)."),
        ("We meet on Monday.\n\n[Note]: Cancelled", "Put \\ before the first bracket"),
    ],
)
def test_a_link_that_is_none_says_how_it_works_and_nothing_else_is_said(text: str, words: str) -> None:
    found = errors_of(text)

    assert [finding.code for finding in found] == ["MARK02"]
    assert words in found[0].remedy
    assert not [finding for finding in find(text) if finding.code in ("LANG08", "LINK01", "LANG11")]


@pytest.mark.parametrize(
    "tag",
    [
        "*|FNAME|*",
        "*|IF:FNAME|*",
        "%%first_name%%",
        "%%emailaddr%%",
        "[FIRST_NAME]",
        "##NAME##",
        "%FNAME%",
        "%recipient.name%",
        "[[first name]]",
        "{{contact.first_name}}",
        '{{ first_name | default: "friend" }}',
        "{% if name %}",
        "${name}",
        "{$name}",
        "{!Contact.FirstName}",
        "<%= name %>",
        "%[name]%",
        "[firstname,fallback=friend]",
        "@@name@@",
        "~Contact.FirstName~",
        "«First Name»",
        "{FIRSTNAME|friend}",
        "{ MERGEFIELD Name }",
        "[unsubscribe]",
        "[UNSUBSCRIBE_LINK]",
        "Error! Reference source not found.",
    ],
)
def test_a_field_of_another_mailer_is_an_error_at_its_column(tag: str) -> None:
    found = errors_of(f"Dear {tag} and friends, this is our news.")

    assert [finding.code for finding in found] == ["LANG08"]
    assert covered(found[0]).strip() == tag
    assert found[0].span.column == 8


@pytest.mark.parametrize(
    "text",
    [
        "text: >-\n    We will cover:\n    - online safety\n    - carers",
        "text: We cover\n    - online safety\n    - carers",
        "text: >-\n    We will cover:\n\n    - online safety\n    - carers",
        "text: >-\n    Bring:\n    1. a pen\n    2. a book",
        "text: >\n    We cover:\n    • online safety\n    • carers",
        'text: "We will cover:\n    * online safety\n    * carers"',
    ],
)
def test_a_list_that_yaml_joins_is_one_error_and_no_dash_is_corrected(text: str) -> None:
    found = find(Example(sections=f"- kind: notice\n  title: Champions\n  {text}\n"))

    assert [finding.code for finding in found if finding.severity is Severity.ERROR] == ["MARK03"]
    assert not [finding for finding in found if finding.code in ("LANG12", "LANG05")]
    assert "|" in next(finding.remedy for finding in found if finding.code == "MARK03")


@pytest.mark.parametrize(
    "text",
    [
        "text: >-\n    The course – free for all\n    – takes two hours.",
        "text: >-\n    We will cover:\n\n      - online safety\n      - carers",
        "text: |\n    We will cover:\n    - online safety\n    - carers",
        "text: >-\n    The Board met again, in all on\n    3. May and in June.",
    ],
)
def test_a_list_that_stays_one_and_a_dash_are_left_alone(text: str) -> None:
    assert find(Example(sections=f"- kind: notice\n  title: Champions\n  {text}\n"), "MARK03") == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("\uf0a7 First thing\n\uf0a7 Second thing", "\uf0a7"),
        ("·\xa0 Third thing\n·\xa0 Fourth thing", "·"),
        ("o Fifth thing\no Sixth thing", "o "),
        ("–First thing\n–Second thing", "–"),
        ("1.First thing\n2.Second thing", "1."),
        ("§ First thing\n§ Second thing", "§ "),
        ("We cover: • safety • carers", ": • safety •"),
    ],
)
def test_a_typed_bullet_is_an_error(text: str, at: str) -> None:
    found = errors_of(text)

    assert [finding.code for finding in found] == ["ACC09"]
    assert covered(found[0]) == at


def test_welsh_lines_may_begin_with_o() -> None:
    text = "Daeth ymwelwyr i’r ganolfan newydd y mis hwn, rhai\no Gaerdydd ac Abertawe, a rhai eraill\no Loegr."
    assert find(text, "ACC09") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("| Day | Time | |---|---| | Monday | 9am |", "The rows of this table are on one line."),
        ("| Day | Time |\n|---|\n| Monday | 9am |", "The line of hyphens has 1 part, and the line above it has 2."),
        ("|---|---|\n| Monday | 9am |", "This table has no headings."),
        ("So:\n\n    | Day | Time |\n    |---|---|\n    | Monday | 9am |", "This table is indented"),
        ("| Day | Time |\n| Monday | 9am |", "This is a table drawn with characters"),
    ],
)
def test_what_is_nearly_a_table_in_markdown_is_one_error_that_says_what_it_lacks(text: str, message: str) -> None:
    found = errors_of(text)

    assert [finding.code for finding in found] == ["ACC09"]
    assert found[0].message.startswith(message)


@pytest.mark.parametrize("text", ["| Day | Time |\n|---|---|\n| Monday | 9am |", "Day | Time\n---|---\nMonday | 9am"])
def test_a_table_in_markdown_is_none(text: str) -> None:
    assert errors_of(f"Table: When we are open\n\n{text}") == []


# Notes and hidden characters.


@pytest.mark.parametrize(
    "text",
    [
        "We meet in the hall.\n# check: is it booked?\nPlease come.",
        "We meet. # write: who leads it",
        "#check: is it booked?",
        "## Check : is it booked?",
        "We meet in the hall.\n# proof: ignore LANG05 because it is long",
        "# TODO: ask Sam",
    ],
)
def test_a_note_inside_a_text_is_an_error(text: str) -> None:
    assert "MARK04" in {finding.code for finding in errors_of(text)}


def test_a_number_sign_right_below_a_line_is_a_warning() -> None:
    found = find("We meet in the hall.\n# ask Sam about the hall\nPlease come.", "MARK04")
    assert [finding.severity for finding in found] == [Severity.WARNING]
    assert find("We meet.\n\n# What to bring\n\nA pen.", "MARK04") == []


def faults_of(
    make_workspace: MakeWorkspace, *, issue: str = "", settings: str = SETTINGS
) -> list[tuple[int, int, str]]:
    with pytest.raises(FaultyFiles) as caught:
        make_workspace(settings=settings, issues={"2026-12": issue} if issue else None).load_issue("2026-12")
    return [(fault.line, fault.column, f"{fault.message} {fault.remedy}") for fault in caught.value.faults]


HEAD = (WORDS / "27-no-break-blank-in-structure.yaml").read_text(encoding="utf-8").partition("sections:")[0]


@pytest.mark.parametrize(
    ("sections", "line", "column", "words"),
    [
        ("  - kind: notice\n    title:\xa0Champions\n    text: Hello.\n", 7, 11, "U+00A0 no-break space"),
        ("  - kind: notice\n   \xa0title: Champions\n    text: Hello.\n", 7, 4, "U+00A0 no-break space"),
        ("  - kind: notice\n    title\xa0: Champions\n    text: Hello.\n", 7, 10, "U+00A0 no-break space"),
        ("  - kind: notice\n    title： Champions\n    text: Hello.\n", 7, 10, "U+FF1A fullwidth colon"),
        ("  - kind:\u2003notice\n    title: Champions\n    text: Hello.\n", 6, 10, "U+2003 em space"),
        ("  -\xa0kind: notice\n    title: Champions\n    text: Hello.\n", 6, 4, "U+00A0 no-break space"),
    ],
)
def test_a_blank_that_is_none_in_the_structure_is_named(
    make_workspace: MakeWorkspace, sections: str, line: int, column: int, words: str
) -> None:
    (first, *others) = faults_of(make_workspace, issue=f"{HEAD}sections:\n{sections}")

    assert first[:2] == (line, column)
    assert words in first[2]
    assert others == []


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("https://www.example.org/my\xa0form", "U+00A0 no-break space"),
        ("https://www.exam\xadple.org", "U+00AD soft hyphen"),
        ("https://www.example.org/\u2060x", "U+2060 word joiner"),
        ("https://www.example.org/my form.pdf", "%20"),
        ("tel:+44 1632 960 000 or ask", "Take out the spaces"),
        ("mailto:duty team@example.org", "Take out the space"),
    ],
)
def test_a_character_that_no_address_has_is_named(make_workspace: MakeWorkspace, link: str, words: str) -> None:
    sections = f'  - kind: links\n    title: Links\n    items:\n      - title: A form\n        link: "{link}"\n'
    told = faults_of(make_workspace, issue=f"{HEAD}sections:\n{sections}")

    assert words in told[0][2]
    assert told[0][0] == 10


@pytest.mark.parametrize(
    ("after", "column"),
    [("Anytown\xa0Partnership", 16), ("Anytown Part\xadnership", 21), ("Anytown\u2003Partnership", 16)],
)
def test_settings_have_no_odd_blanks(make_workspace: MakeWorkspace, after: str, column: int) -> None:
    told = faults_of(make_workspace, settings=SETTINGS.replace("Anytown Partnership", after, 1))
    assert [fault[:2] for fault in told] == [(2, column)]


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("name: Anytown Partnership", "name: Anytown &amp; Partnership", "bulletin.yaml:2:17: error MARK01"),
        ("title: Anytown news", "title: Anytown **news**", "bulletin.yaml:8:20: error MARK01"),
        ("about: We", "about: Since 2019, we **do **", "bulletin.yaml:3:25: error MARK01"),
        ("title: Anytown news", "title: News for *|FNAME|*", "bulletin.yaml:8:21: error LANG08"),
        ("about: We", "about: |\n    We\n    # check: is that right?\n    We", "bulletin.yaml:5:5: error MARK04"),
    ],
)
def test_marks_in_settings_that_readers_get_are_errors(
    make_workspace: MakeWorkspace, before: str, after: str, place: str
) -> None:
    workspace = make_workspace(settings=SETTINGS.replace(before, after, 1))
    assert place in call("check", "2021-05", folder=workspace.root).stdout


def test_readers_get_a_space_for_a_blank_that_looks_like_one_and_the_proof_notes_it(
    make_workspace: MakeWorkspace,
) -> None:
    issue = f"{HEAD}sections:\n  - kind: notice\n    title: Champions\n    text: We\xa0meet at 9\xa0am.\n"
    loaded = make_workspace(issues={"2026-12": issue}).load_issue("2026-12")
    found = find("We\xa0meet at 9\xa0am.", "LANG10")

    assert loaded.sections[0].text == "We meet at 9\xa0am."  # type: ignore[union-attr]
    assert [(one.severity, one.replacement, one.column) for one in found] == [(Severity.NOTE, " ", 5)]


# Line ends and bare addresses.

ADDRESS = "Civic Offices\n2 Watling Street\nBexleyheath\nDA6 7AT"
LETTERED = "a) online safety for parents and carers of young children, and\nb) support for carers (c) and\nc) more."
PHONES = "Duty team: 01632 960 001\nOut of hours: 01632 960 002\nduty@example.org"
WRAPPED = (
    "The Executive took eight pieces of work forward in April 2021, from\ninspection to independent scrutiny.\nIt met."
)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (ADDRESS, ADDRESS.split("\n")),
        (PHONES, PHONES.split("\n")),
        (LETTERED, LETTERED.split("\n")),
        ("It is free\nfor everyone.", ["It is free for everyone."]),
        ("It is free\n*for* everyone.", ["It is free for everyone."]),
        (f"{'x' * 45}\nY", ["x" * 45, "Y"]),
        (f"{'x' * 46}\nY", [f"{'x' * 46} Y"]),
        ("- Civic Offices\n  2 Watling Street", ["• Civic Offices", "  2 Watling Street"]),
    ],
)
def test_a_short_line_stays_a_line_in_html_and_text(text: str, lines: list[str]) -> None:
    assert render_blocks_text(text, width=200) == "\n".join(lines)
    assert render_blocks_html(text).count("<br>") == len(lines) - 1


def test_lines_that_were_wrapped_are_joined() -> None:
    assert render_blocks_text(WRAPPED, width=200).startswith(WRAPPED.partition("\nIt")[0].replace("\n", " "))


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        (
            "See www.example.org/plan.",
            'See <a class="a" href="https://www.example.org/plan">www.example.org/plan</a>.',
            "See www.example.org/plan.",
        ),
        (
            "Write to duty_team@example.org (Sam).",
            'Write to <a class="a" href="mailto:duty_team@example.org">duty_team@example.org</a> (Sam).',
            "Write to duty_team@example.org (Sam).",
        ),
        (
            "It (https://www.example.org/a_(b)) helps.",
            'It (<a class="a" href="https://www.example.org/a_(b)">https://www.example.org/a_(b)</a>) helps.',
            "It\nhttps://www.example.org/a_(b)\nhelps.",
        ),
        ("Ask @bexley or `www.example.org`.", None, "Ask @bexley or www.example.org."),
        ("See [www.example.org](https://www.example.org).", None, "See www.example.org.\nhttps://www.example.org"),
    ],
)
def test_a_bare_address_is_a_link(text: str, html: str | None, plain: str) -> None:
    if html:
        assert render_blocks_html(text) == f'<p class="p">{html}</p>\n'
    else:
        assert render_blocks_html(text).count("<a ") == text.count("](")
    assert render_blocks_text(text) == plain


# Our examples.


ELSEWHERE = {"BULLETIN_SMTP_URL": "smtp+starttls://smtp.invalid:587"}
OWN = (
    SETTINGS.replace("Anytown", "Northfield")
    .replace("anytown.example.org", "northfield.gov.uk")
    .replace("AN1 1AA", "NF1 1AA")
)
OWN_ISSUE = """\
month: 2026-12
published: 1 December 2026
subject: Our news for December
preview_text: The champions meet on 9 December 2026.
sections:
  - kind: notice
    title: The champions meet
    text: We meet on Wednesday 9 December 2026 in the hall.
"""
READERS = {"partners": "email\nalex@northfield.gov.uk\n", "schools": "email\nsam@school.northfield.gov.uk\n"}


def test_check_says_once_that_our_examples_are_left(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2026-11": OWN_ISSUE.replace("2026-12", "2026-11"), "2026-12": OWN_ISSUE})
    done = call("check", folder=workspace.root)
    told = [line for line in done.stdout.splitlines() if "of ours" in line]

    assert len(told) == 1
    assert told[0].startswith("bulletin.yaml:2:9: warning: 8 examples of ours are still in this workspace.")
    assert "bulletin.yaml (lines 2, 3, 4, 5, 8, 9 …)" in done.stdout


def test_a_workspace_of_ones_own_and_the_sample_have_none(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    sample = tmp_path / "sample"
    for name in ("issues", "subscribers"):
        shutil.copytree(sample_folder() / name, sample / name)
    shutil.copy(sample_folder() / "bulletin.yaml", sample)
    own = make_workspace(settings=OWN, issues={"2026-12": OWN_ISSUE}, lists=READERS)

    assert "of ours" not in call("check", folder=own.root).stdout
    assert "of ours" not in call("check", "2021-05", folder=sample).stdout


EXAMPLES_LEFT = {
    "bulletin.yaml:2:9": {"settings": SETTINGS},
    "issues/2026-12.yaml:8:": {"issues": {"2026-12": OWN_ISSUE.replace("the hall.", "the hall (www.example.org).")}},
    "issues/2026-12.yaml:7:": {"issues": {"2026-12": OWN_ISSUE.replace("The champions", "Bexley F.L.A.R.E.")}},
    "subscribers/schools.csv:2:1": {"lists": {**READERS, "schools": "email\noffice@school.example.org\n"}},
}


@pytest.mark.parametrize("place", EXAMPLES_LEFT)
@pytest.mark.parametrize("at", [(), ("--at", "30 November 2027 9:00")], ids=["now", "later"])
def test_our_examples_do_not_go_to_another_computer(
    make_workspace: MakeWorkspace, place: str, at: tuple[str, ...]
) -> None:
    own = {"settings": OWN, "issues": {"2026-12": OWN_ISSUE}, "lists": READERS}
    root = make_workspace(**(own | EXAMPLES_LEFT[place])).root
    done = call("send", "2026-12", *at, "--dry-run", folder=root, environ=ELSEWHERE)
    here = call("send", "2026-12", *at, "--dry-run", folder=root, environ={"BULLETIN_SMTP_URL": "smtp://127.0.0.1:25"})

    assert done.returncode == 1
    assert place in done.stderr
    assert "of ours" not in here.stdout + here.stderr
    assert "no mail can reach" not in here.stdout + here.stderr
