"""The sample workspace tells May 2021 as it was, in good English, and writes to nobody real; the starter works."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import BaseModel

from bulletin.declaration.markup import read_blocks
from bulletin.issue.dates import MONTHS, Month, PartialDate
from bulletin.issue.item import Feature, Item, Link
from bulletin.issue.kinds.campaign import Campaign, Phase
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.priorities import Priorities, PriorityStatus
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Training
from bulletin.issue.model import Issue
from bulletin.issue.sections import section_kinds
from bulletin.workspace.package_data import sample_folder
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import examples
from new_workspace import start_workspace

SAMPLE = open_workspace(sample_folder(), environ={})
APRIL, MAY, JUNE = (SAMPLE.load_issue(f"2021-0{month}") for month in (4, 5, 6))
LISTS = sorted(SAMPLE.settings.lists)
RESERVED = re.compile(r"[^@/]*\bexample(\.org|\.com|\.net)?\Z")  # RFC 2606: nobody can ever own these

issues = pytest.mark.parametrize("issue", [APRIL, MAY, JUNE], ids=["April", "May", "June"])


def values_of(value: Any) -> Iterator[Any]:
    """Everything that an issue says, depth first, in the order in which its fields are declared."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from values_of(getattr(value, name))
    elif isinstance(value, tuple):
        for part in value:
            yield from values_of(part)
    elif value is not None:
        yield value


def paragraphs_of(value: Any) -> Iterator[str]:
    """Each paragraph, list entry, title and date, with straight apostrophes and single spaces."""
    for part in values_of(value):
        if isinstance(part, PartialDate | Phase):
            yield str(part)
        elif isinstance(part, str) and not part.startswith(("http", "mailto:")):
            for token in read_blocks(part):
                if token.type == "inline":
                    yield " ".join(token.content.split()).replace("’", "'")


def words_of(value: Any) -> str:
    return "\n".join(paragraphs_of(value))


def sentences_of(value: Any) -> Iterator[str]:
    for paragraph in paragraphs_of(value):
        yield from re.split(r"(?<=[^A-Z][.!?])\s+", paragraph)  # the stops of S.H.I.E.L.D. end no sentence


def promises_of(issue: Issue) -> dict[str, Month]:
    """The title of each item that promises more, and the month that it is promised for."""
    items = (item for item in values_of(issue) if isinstance(item, Item) and item.follow_up)
    return {words_of(getattr(item, "title", "")): item.follow_up for item in items if item.follow_up}


def read_list(name: str) -> list[dict[str, str]]:
    text = (SAMPLE.root / SAMPLE.list_file(name)).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.splitlines()[0] else ","))


# What May 2021 says


def test_may_has_its_ten_sections_in_order() -> None:
    assert [(section.kind, section.title.replace("’", "'")) for section in MAY.sections] == [
        ("executive_updates", "Executive updates"),
        ("priorities", "Learning Hub priorities"),
        ("notice", "Covid-19 resources have moved"),
        ("campaign", "Coping with crying"),
        ("group_update", "Bexley F.L.A.R.E."),
        ("training", "Signs of Safety e-learning for partners"),
        ("article", "Everyone's Invited"),
        ("campaign", "The Big Ask"),
        ("resources", "National guidance and resources"),
        ("links", "Useful links"),
    ]


# A fact a line, under the title of the section that must carry it.
FACTS = {
    "Executive updates": """
        action plan
        Joint Targeted Area Inspection
        independent scrutiny
        June 2021
        multi-agency discharge protocol
        “virtual” Section 11 visits
        3 relevant agencies
        (Cafcass)
        National Probation Service
        Bexley Leisure Services
        “multi-agency safeguarding reforms”
        Department for Education
        Everyone's Invited
        Learning Hub
        26 April 2021
        In May 2021 the national Child Safeguarding Practice Review Panel
        second Annual Report
        Local Child Safeguarding Practice Reviews
        Serious Case Reviews
        Rapid Reviews
        Yearly Reports
        third annual report
        January 2022
    """,
    "Learning Hub priorities": """
        the Hub's recommendations
        Update to the Partnership Board
        first sessions
        March and April 2021
        some of the most vulnerable
        First phase ends
        share recommendations and learning
        Membership and scope settled
        Hub starts
    """,
    "Covid-19 resources have moved": """
        separate monthly e-bulletin
        children, families and professionals
        From May 2021
    """,
    "Coping with crying": """
        Greenwich
        Lewisham
        struggle to respond to their baby's crying
        Phase 1 is complete
        key websites, organisations and apps
        In May 2021 a web resource goes on the websites of all 3 partnerships
        the June 2021 issue, with the plans for phase 2
    """,
    "Bexley F.L.A.R.E.": """
        S.H.I.E.L.D. supports F.L.A.R.E.
        working group meets regularly
        Signs of Safety, the voluntary sector, LB Bexley Professional Standards and parent champions
        development plan
        Parent Champion Network
        Bexley Moorings
        A grant to Bexley
        Mayor of London's office (Violence Reduction Unit)
        adolescent vulnerability
        training programme and a schedule of workshops
        guidance and local resources
        identity of its own
        trauma-informed practice for carers
        contextual risk and exploitation
        online safety
        throughout Covid-19
        virtually, in group meetings, workshops and network meetings
        practice priorities
        guidance, protocols, reflective discussions, learning outcomes and recommendations
        staff inductions, on the restorative approach
        co-facilitate training for practitioners
        Tavistock Clinic
    """,
    "Signs of Safety e-learning for partners": """
        Me Learning
        Signs of Safety practice framework
        All partners
        launched in September 2020
    """,
    "Everyone's Invited": """
        On 27 April 2021 the Executive met LB Bexley Education Services
        media campaign
        28 April 2021, the Designated Safeguarding Leads (DSL) Network for schools met
        how schools would respond
        guidance and support
        the DSL at any school, LB Bexley Education Services, or the Police
    """,
    "The Big Ask": """
        Dame Rachel de Souza, the Children's Commissioner for England
        the largest survey of children in England
        what concerns them and what they hope for
        thebigask.uk
        share the survey in your organisation
        Posters
        Social media posts
        Activity packs
        the footballer Marcus Rashford
        between children and their potential
        solutions
        goals for the country
    """,
    "Useful links": """
        Previous S.H.I.E.L.D. e-bulletins
        latest S.H.I.E.L.D. Training e-bulletin
        second bulletin, with issues of its own
    """,
}


@pytest.mark.parametrize(
    ("title", "fact"), [(title, line.strip()) for title, facts in FACTS.items() for line in facts.strip().splitlines()]
)
def test_may_carries_every_fact_in_its_section(title: str, fact: str) -> None:
    section = next(section for section in MAY.sections if section.title.replace("’", "'") == title)
    assert fact in words_of(section)


def test_may_has_eight_points_from_the_executive_and_seven_from_flare() -> None:
    executive, flare = MAY.sections[0], MAY.sections[4]
    assert executive.kind == "executive_updates"
    assert isinstance(flare, GroupUpdate)
    assert (len(executive.items), len(flare.items)) == (8, 7)


def test_the_priorities_have_their_numbers_states_and_dates() -> None:
    section = MAY.sections[1]
    assert isinstance(section, Priorities)
    found = {
        item.number: (
            item.status,
            [str(step.date) + (f" to {step.until}" if step.until else "") for step in item.milestones],
        )
        for item in section.items
    }
    assert found == {
        6: (PriorityStatus.UNDER_WAY, ["26 April 2021"]),
        7: (PriorityStatus.UNDER_WAY, ["March 2021 to April 2021", "May 2021", "June 2021", "July 2021"]),
        8: (PriorityStatus.PLANNED, ["May 2021", "June 2021"]),
    }
    assert [item.title for item in section.items] == [
        "Getting basic child protection right",
        "Identifying and better understanding the young people the partnership is most worried about",
        (
            "Identifying and better understanding mental health of children, young people and families in the light of "
            "Covid-19, and the services there to support them"
        ),
    ]
    assert section.items[2].led_by == "Clinical Commissioning Group (CCG)"


def test_the_module_shows_that_24_professionals_completed_it() -> None:
    section = MAY.sections[5]
    assert isinstance(section, Training)
    course = section.items[0]
    assert course.title == "Signs of Safety for Partner Agencies and Professionals"
    assert course.on_demand
    assert course.figure is not None
    assert (course.figure.value, course.figure.label) == ("24", "professionals have completed it so far")


def test_the_big_ask_asks_the_reader_one_thing() -> None:
    section = MAY.sections[7]
    assert isinstance(section, Campaign)
    assert section.ask is not None
    assert section.ask.link == "https://thebigask.uk"
    assert section.ask.text.startswith("Please share")


def test_may_promises_more_on_scrutiny_and_on_crying_for_june() -> None:
    assert promises_of(MAY) == {"Independent scrutiny": Month(2021, 6), "Coping with crying": Month(2021, 6)}


def test_each_resource_has_its_group_publishers_and_date() -> None:
    section = MAY.sections[8]
    assert isinstance(section, Resources)
    found = [
        (group.title, entry.title.replace("’", "'"), ", ".join(entry.publishers), str(entry.date))
        for group in section.groups
        for entry in group.items
    ]
    guidance, reports, toolkits = "Government guidance", "National reports", "Resources and toolkits"
    education, library = "Department for Education", "House of Commons Library"
    health = "Department of Health and Social Care, Cabinet Office"
    assert found == [
        (guidance, "Coronavirus: remote education", education, "24 March 2021"),
        (guidance, "Modern slavery: how to identify and support victims", "Home Office", "1 April 2021"),
        (guidance, "Looked after children", library, "13 April 2021"),
        (guidance, "Child mental health: suicide prevention", library, "21 April 2021"),
        (
            guidance,
            "Sexual abuse in schools: helpline and Ofsted review",
            f"{education}, NSPCC Learning",
            "1 April 2021",
        ),
        (reports, "Child sexual abuse and exploitation", "Centre for Social Justice", "29 March 2021"),
        (reports, "Children and young people's mental health", health, "27 March 2021"),
        ("Articles", "Coronavirus: guidance for schools", "NSPCC Learning", "14 April 2021"),
        (toolkits, "Social work practice", "Community Care", "29 March 2021"),
        (toolkits, "Online safety", "LSE", "7 April 2021"),
    ]
    assert len({entry.link for group in section.groups for entry in group.items}) == len(found)


# How both issues say it


@issues
def test_no_sentence_has_more_than_25_words(issue: Issue) -> None:
    assert [sentence for sentence in sentences_of(issue) if len(sentence.split()) > 25] == []


SLIPS = {
    "a name without its stops": r"F\.LA|FLARE|SHIELD",
    "Covid without its 19": r"(?i:\bcovid\b)(?!-19)|COVID",
    "multi-agency without its hyphen": r"(?i)\bmulti ?agency\b",
    "a month that depends on the reading": r"(?i)\b(this|next|last) (month|week|year)\b",
    "a date without its year": rf"\b\d{{1,2}} ({'|'.join(MONTHS)})\b(?! 20\d\d)",
    "a link that says nothing": r"(?i)\bclick\b|\[(here|this|link)\]",
    "straight quotation marks": r"\"",
    "a space before a stop": r" [,.;:]",
}


@issues
@pytest.mark.parametrize("slip", SLIPS)
def test_no_slip_of_the_source_stands_in_the_sample(issue: Issue, slip: str) -> None:
    assert [paragraph for paragraph in paragraphs_of(issue) if re.search(SLIPS[slip], paragraph)] == []


def test_each_slip_is_known_when_it_is_met() -> None:
    text = 'F.LA.R.E., Covid-10, multiagency, next month, on 13 April, see [here](https://www.example.org) for "more" .'
    assert [slip for slip, pattern in SLIPS.items() if not re.search(pattern, text)] == []


@issues
def test_an_abbreviation_is_explained_where_it_is_first_met(issue: Issue) -> None:
    text = words_of(issue)
    first_met = {match[2]: bool(match[1]) for match in reversed(list(re.finditer(r"(\(?)\b([A-Z]{2,})\b(?!\.)", text)))}
    assert [abbreviation for abbreviation, explained in first_met.items() if not explained] == []


@issues
def test_one_link_text_leads_to_one_place(issue: Issue) -> None:
    places: dict[str, set[str]] = {}
    for link in values_of(issue):
        if isinstance(link, Link):
            places.setdefault(link.title, set()).add(link.link)
    assert [title for title, addresses in places.items() if len(addresses) > 1] == []


@issues
def test_subject_and_preview_text_fit_an_inbox(issue: Issue) -> None:
    assert len(issue.subject) <= 60
    assert len(issue.preview_text) <= 90


def test_each_issue_comes_out_on_the_first_working_tuesday_of_its_month() -> None:
    assert [(issue.month, issue.published) for issue in (APRIL, MAY, JUNE)] == [
        (Month(2021, 4), date(2021, 4, 6)),  # 5 April 2021 was Easter Monday
        (Month(2021, 5), date(2021, 5, 4)),  # 3 May 2021 was the early May bank holiday
        (Month(2021, 6), date(2021, 6, 1)),
    ]


# That the two issues fit together


def test_may_keeps_what_april_promised_for_it() -> None:
    kept = {
        "Section 11 visits": "We reviewed what “virtual” Section 11 visits found",
        "Everyone's Invited": "On 27 April 2021 the Executive met LB Bexley Education Services.",
        "Identifying and better understanding the young people the partnership is most worried about": "May 2021",
        "Covid-19 resources are moving": "Covid-19 resources have moved",
        "Coping with crying": "In May 2021 a web resource goes on the websites of all 3 partnerships.",
        "Designated Safeguarding Leads (DSL) Network": "Designated Safeguarding Leads (DSL) Network for schools met",
    }
    assert promises_of(APRIL) == dict.fromkeys(kept, MAY.month)
    assert [words for words in kept.values() if words not in words_of(MAY)] == []


def test_both_issues_give_a_priority_the_same_name_and_dates() -> None:
    steps = []
    for issue in (APRIL, MAY):
        section = issue.sections[1]
        assert isinstance(section, Priorities)
        steps.append(
            {(it.number, it.title, step.text, step.date, step.until) for it in section.items for step in it.milestones}
        )
    assert steps[0] < steps[1]


def test_the_two_issues_together_show_at_least_eleven_kinds_of_section() -> None:
    assert len({section.kind for issue in (APRIL, MAY) for section in issue.sections}) >= 11


# The settings, the lists, the logo


def test_the_accent_stands_out_from_white() -> None:
    channels = [int(SAMPLE.settings.colours.accent[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_the_logo_is_sharp_and_small() -> None:
    logo = SAMPLE.settings.organisation.logo
    assert logo is not None
    with Image.open(SAMPLE.root / logo.file) as picture:
        assert picture.width == 2 * logo.width
    assert (SAMPLE.root / logo.file).stat().st_size < 15_000


def test_the_sample_can_write_to_nobody_real() -> None:
    people = [row["email"] for name in LISTS for row in read_list(name)]
    ours = re.findall(r"[\w.+-]+@[\w.-]+\w", (SAMPLE.root / "bulletin.yaml").read_text(encoding="utf-8"))
    assert people
    assert ours
    assert [address for address in people + ours if not RESERVED.match(address.rpartition("@")[2])] == []


@pytest.mark.parametrize("name", LISTS)
def test_each_list_names_a_handful_of_people_once(name: str) -> None:
    addresses = [row["email"] for row in read_list(name)]
    assert 8 <= len(addresses) <= 15
    assert len(set(addresses)) == len(addresses)


def test_the_lists_hold_what_real_lists_hold() -> None:
    rows = [row for name in LISTS for row in read_list(name)]
    addresses = Counter(row["email"] for row in rows)
    assert sum(count > 1 for count in addresses.values()) >= 3  # people on two lists
    assert any("'" in address for address in addresses)
    assert any("+" in address for address in addresses)
    assert any(not address.rpartition("@")[2].isascii() for address in addresses)
    assert any(not row["name"].replace("’", "").isascii() for row in rows)
    assert any(not row["name"] for row in rows)


# What June 2021 says


def test_june_comes_back_to_all_that_may_promised_for_it() -> None:
    titles = words_of(JUNE)
    for promised, month in promises_of(MAY).items():
        assert month == JUNE.month
        assert promised in titles


def test_june_shows_what_may_was_written_without() -> None:
    assert {section.kind for section in JUNE.sections} >= {"figures", "in_brief"}
    assert [section.title for section in JUNE.sections if section.top_story] == [
        "Coping with crying moves on to phase 2"
    ]
    assert [part.do for part in values_of(JUNE) if isinstance(part, Feature) and part.do]
    assert [part.button for part in values_of(JUNE) if isinstance(part, Feature) and part.button]


# The starter


def test_the_starter_names_every_kind_of_section(tmp_path: Path) -> None:
    start(tmp_path, date(2026, 11, 24))
    notes = [line for line in (tmp_path / "issues" / "2026-11.yaml").read_text("utf-8").splitlines() if line[:1] == "#"]
    assert set(section_kinds()) <= set(re.findall(r"\w+", "\n".join(notes)))
    assert f"There are {len(section_kinds())}:" in "\n".join(notes)


@examples(15)
@given(published=st.dates(min_value=date(2025, 1, 1), max_value=date(2060, 12, 31)))
def test_the_starter_is_in_order_whenever_it_is_made(tmp_path_factory: pytest.TempPathFactory, published: date) -> None:
    workspace = start(tmp_path_factory.mktemp("starter"), published)
    issue = workspace.load_issue(f"{published:%Y-%m}")
    assert issue.published == published
    assert str(issue.month) in issue.subject
    assert 4 <= len({section.kind for section in issue.sections}) <= 5
    assert [sentence for sentence in sentences_of(issue) if len(sentence.split()) > 25] == []


def start(folder: Path, published: date) -> Workspace:
    start_workspace(folder, published=published)
    return open_workspace(folder, environ={})
