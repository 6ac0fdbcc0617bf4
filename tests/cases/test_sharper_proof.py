"""What the proof finds beside spelling: real words, facts, privacy, links, words with care, house style, rule files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bulletin.errors import FaultyFiles
from bulletin.issue.holidays import Nation, describe_day_off, name_holiday
from bulletin.proof.fixes import fix_text
from bulletin.proof.links.hosts import read_target
from bulletin.proof.links.misdirected import (
    explain_editing,
    find_click_tracker,
    find_host_fault,
    find_tail,
    is_meeting,
)
from bulletin.proof.reading.real_words import find_word_slips, read_word_slips
from bulletin.proof.rule import Example
from bulletin.proof.rule_files import read_rule_files
from proof_case import covered, find, make_context, write_issue


def found_words(text: str, code: str) -> list[str]:
    return [covered(finding) for finding in find(text, code)]


# Real words


def test_each_slip_of_the_list_is_found_and_what_looks_like_it_is_left_alone() -> None:
    slips = read_word_slips()

    assert len(slips) > 500
    assert [slip.wrong for slip in slips if not list(find_word_slips(slip.wrong))] == []
    assert [(slip.right, found) for slip in slips for found in find_word_slips(slip.right)] == []


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("Children who are known to there social worker.", "there"),
        ("The manger of the home will call, so ask you line manager.", "manger"),
        ("The pubic can ask questions at the meeting.", "pubic"),
        ("It is for children aged between 11 to 16.", "to"),
        ("Please send back the letter form the school office.", "form"),
        ("Families effected by the floods can apply.", "effected"),
        ("They should of been told.", "of"),
        ("If your worried about a child, call us.", "your"),
        ("Ring our 24 our helpline.", "our"),
        ("Every Child Matters: the Heath visitor calls.", "Heath"),
        ("IF YOUR WORRIED ABOUT A CHILD, CALL US.", "YOUR"),
    ],
)
def test_a_slip_is_found_among_other_words(text: str, slip: str) -> None:
    assert slip in found_words(text, "LANG15")


@pytest.mark.parametrize(
    "text",
    [
        "The form asks which school the child comes from, and from there it goes to the trial team.",
        "Health visitors on the heath at Hampstead Heath took the nature trail.",
        "We advise parents, and their advice helps us to practise what is good practice.",
        "It’s the Board’s role, and its members know who’s who and whose turn it is.",
        "Your working day ends when you’re ready. Between 9am and 5pm we are in.",
        "A one-off event for one of the teams, off the main road.",
        "They were where they wanted to be, and we’re glad that there were so many.",
        "The public affairs manager accepts all, except on Sundays, and the effect affects no one.",
        "An hour in a university, a European unit, a one-to-one talk, an NHS trust and a UK charity.",
        "The DSL’s role, the 1990s, parents’ evenings and two MPs.",
    ],
)
def test_right_words_that_look_like_slips_are_left_alone(text: str) -> None:
    assert [finding.code for finding in find(text) if finding.code in ("LANG15", "LANG16", "LANG17")] == []


def test_a_slip_is_never_fixed_without_a_person() -> None:
    text = write_issue(Example(text="We work with the pubic sector, and heard form a school."))
    example = Example(text="We work with the pubic sector, and heard form a school.")
    assert fix_text(text, find(example), file="issues/2021-05.yaml")[1] == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [("It is a update.", "a"), ("Ask an teacher.", "an"), ("An useful guide.", "An"), ("He is a MP.", "a")],
)
def test_a_and_an_are_told_apart(text: str, words: str) -> None:
    assert found_words(text, "LANG16") == [words]


# Privacy


@pytest.mark.parametrize(
    "text",
    [
        "A 7-year-old girl at Mill Lane Primary School told her teacher about her uncle.",
        "The boy, aged 14, came to school in Sidcup with bruises on both arms.",
        "A Year 9 pupil at Park Hill Academy disclosed abuse by a family friend.",
        "A toddler of two from Welling died. His mother’s partner was arrested.",
        "The child (6) attends St Mary’s, and her father was arrested.",
    ],
)
def test_somebody_who_can_be_told_by_several_details_is_an_error(text: str) -> None:
    findings = find(text, "PRIV10")
    assert [(finding.severity.value, finding.private) for finding in findings] == [("error", True)]


@pytest.mark.parametrize(
    "text",
    [
        "All 7-year-olds at Mill Lane Primary School can bring their parents to the fair.",
        "A girl told her teacher about her uncle. Her school acted at once.",
        "The course at Mill Lane Primary School is for children aged 7 to 11 and their parents.",
        "Any 14-year-old in Sidcup can come, and bring a parent.",
        "The 10-year-old project in Sidcup helps children who were injured.",
    ],
)
def test_details_that_tell_of_nobody_are_left_alone(text: str) -> None:
    assert find(text, "PRIV10") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("All children in the group: bring the form (DOB 14/3/2009).", "14/3/2009"),
        ("The charity helped him (DOB: 3 June 2010).", "3 June 2010"),
        ("Everyone knows D.O.B. 03.06.10 from the file.", "03.06.10"),
        ("The team has dates of birth: 3 June 2010 for one of them.", "3 June 2010"),
    ],
)
def test_after_dob_any_date_is_a_date_of_birth(text: str, words: str) -> None:
    assert found_words(text, "PRIV04") == [words]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Quote crime reference 42/18833/21 when you ring.", "42/18833/21"),
        ("The crime number is 2712345/21.", "2712345/21"),
        ("See CAD 4512/03 for more.", "4512/03"),
        ("It is court case FD21P00345 in the list.", "FD21P00345"),
    ],
)
def test_numbers_of_cases_and_crimes_are_found(text: str, number: str) -> None:
    assert found_words(text, "PRIV03") == [number]


# Links


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://anytown.us5.list-manage.com/track/click?u=1&id=2", "Mailchimp"),
        ("https://lnks.gd/l/eyJhbGciOi.J9", "govDelivery"),
        ("https://links-2.govdelivery.com/CL0/https:%2F%2Fwww.gov.uk", "govDelivery"),
        ("https://anytown.cmail19.com/t/r-l-abc/", "Campaign Monitor"),
        ("https://r20.rs6.net/tn.jsp?f=001", "Constant Contact"),
        ("https://u123.ct.sendgrid.net/ls/click?upn=1", "SendGrid"),
        ("https://us5.campaign-archive.com/?u=1", ""),
        ("https://www.gov.uk/guidance/childcare", ""),
    ],
)
def test_click_trackers_are_told_by_their_service(address: str, name: str) -> None:
    assert find_click_tracker(read_target(address)) == name


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.google.com/document/d/1aB/edit",
        "https://drive.google.com/drive/folders/1aB",
        "https://www.example.org/wp-admin/post.php?post=1",
        "https://www.example.org/news/12/edit",
        "https://www.example.org/?p=12&preview=true",
        "https://forms.office.com/Pages/DesignPageV2.aspx?id=1",
    ],
)
def test_addresses_for_editors_are_found(address: str) -> None:
    assert explain_editing(read_target(address))


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.org/editions/2021",
        "https://docs.google.com/forms/d/e/1FA/viewform",
        "https://www.example.org/administration/plan",
        "https://www.eventbrite.co.uk/e/forum-123",
    ],
)
def test_addresses_for_readers_are_left_alone(address: str) -> None:
    assert not explain_editing(read_target(address))


def test_only_addresses_of_the_meeting_itself_are_meeting_links() -> None:
    open_to_all = (
        "https://zoom.us/j/98765432101",
        "https://us02web.zoom.us/j/1?pwd=a",
        "https://meet.google.com/abc-defg-hij",
    )
    others = (
        "https://zoom.us/meeting/register/tJ0",
        "https://zoom.us/webinar/register/W1",
        "https://www.zoom.us/pricing",
    )
    assert all(is_meeting(read_target(address)) for address in open_to_all)
    assert not any(is_meeting(read_target(address)) for address in others)


@pytest.mark.parametrize(
    ("address", "instead"),
    [
        ("https://www.anytown.gov.co.uk/plan", "www.anytown.gov.uk"),
        ("https://www.anytown.nhs.org.uk", "www.anytown.nhs.uk"),
        ("https://www.example.con/plan", "www.example.com"),
        ("https://www.example.org.ukk", "www.example.org.uk"),
        ("https://www.www.example.org", "www.example.org"),
        ("https://www.example..org/plan", "www.example.org"),
        ("https://ww.example.org/plan", "www.example.org"),
        ("https://www.example.org:99999/", ""),
        ("https://www.example.org:0/", ""),
        ("https://www.example.org:port/", ""),
        ("https://-example.org/", ""),
    ],
)
def test_hosts_and_ports_that_cannot_be_are_found(address: str, instead: str) -> None:
    fault = find_host_fault(address)
    assert fault is not None
    assert fault.instead == instead


@pytest.mark.parametrize(
    "address",
    [
        "https://www.gov.uk/plan",
        "https://www.anytown.gov.uk:8443/",
        "https://www.example.org.uk",
        "https://127.0.0.1/",
        "https://[2001:db8::1]/",
        "https://www.münchen.de/",
        "https://my_pages.example.com/",
        "https://www2.example.org/",
        "https://bbc.co.uk/news",
    ],
)
def test_hosts_that_can_be_are_left_alone(address: str) -> None:
    assert find_host_fault(address) is None


@pytest.mark.parametrize(
    ("address", "tail"),
    [
        ("https://www.example.org/plan)", ")"),
        ("https://www.example.org/plan.", "."),
        ("https://www.example.org/plan”", "”"),
        ("https://www.example.org/plan).", ")."),
        ("https://www.example.org/plan%22", "%22"),
        ("https://en.wikipedia.org/wiki/Neglect_(law)", ""),
        ("https://www.example.org/plan/", ""),
    ],
)
def test_what_belongs_to_the_sentence_is_told_from_the_address(address: str, tail: str) -> None:
    assert address[find_tail(address) :] == tail


# Facts


LIST = """
- kind: training
  title: Training
  introduction: {words}
  items:
    - {{title: Neglect, provider: Us, link: "https://www.example.org/a", on_demand: yes}}
    - {{title: Abuse, provider: Us, link: "https://www.example.org/b", on_demand: yes}}
"""


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("We have three courses this month.", True),
        ("We have two courses this month.", False),
        ("We have 3 free courses and others.", False),
        ("There are five online workshops to choose from.", False),
        ("Five short courses are open.", False),
        ("This issue has five short courses.", True),
    ],
)
def test_a_number_of_entries_is_compared_with_the_entries(words: str, *, wrong: bool) -> None:
    assert bool(find(Example(sections=LIST.format(words=words)), "FACT01")) is wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Bring four things:\n\n- a coat\n- a hat\n- a friend", True),
        ("Bring three things:\n\n- a coat\n- a hat\n- a friend", False),
        ("In the last two years we met:\n\n- a coat\n- a hat\n- a friend", False),
        ("At Key Stage 2 we learned:\n\n- to add\n- to read\n- to swim", False),
    ],
)
def test_a_number_before_a_list_is_compared_with_the_list(text: str, *, wrong: bool) -> None:
    assert bool(find(text, "FACT01")) is wrong


@pytest.mark.parametrize(
    "text", ["Please see the attached form.", "The form is enclosed.", "More overleaf.", "See page 3."]
)
def test_what_an_email_does_not_have_is_found(text: str) -> None:
    assert find(text, "FACT02")


@pytest.mark.parametrize(
    "text", ["He is attached to his carer.", "See page 3 of the report.", "A note is attached to the file’s lid."]
)
def test_what_is_elsewhere_is_left_alone(text: str) -> None:
    assert not find(text, "FACT02")


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("subject: 'April 2021: news for schools'", True),
        ("subject: 'News for schools – April 2021'", True),
        ("subject: 'May 2020: news for schools'", True),
        ("subject: 'May 2021: news for schools'", False),
        ("subject: 'What we learned from April'", False),
        ("introduction: Welcome to our April newsletter.", True),
        ("introduction: In the last issue, welcome to the April newsletter stood twice.", False),
    ],
)
def test_the_month_of_another_issue_is_found_at_the_top(header: str, *, wrong: bool) -> None:
    assert bool(find(Example(header=header), "FACT03")) is wrong


# Bank holidays


@pytest.mark.parametrize(
    ("day", "nations"),
    [
        (date(2026, 4, 6), "ewn"),  # Easter Monday
        (date(2026, 1, 2), "s"),
        (date(2022, 1, 4), "s"),  # both days in January were moved
        (date(2026, 3, 17), "n"),
        (date(2024, 3, 18), "n"),  # St Patrick’s Day was on a Sunday
        (date(2026, 7, 13), "n"),
        (date(2026, 8, 3), "s"),
        (date(2026, 8, 31), "ewn"),
        (date(2026, 11, 30), "s"),
        (date(2024, 12, 2), "s"),  # St Andrew’s Day was on a Saturday
        (date(2022, 6, 2), "ewsn"),
        (date(2022, 12, 27), "ewsn"),
        (date(2026, 5, 26), ""),
    ],
)
def test_each_nation_has_its_own_bank_holidays(day: date, nations: str) -> None:
    """Source: gov.uk/bank-holidays."""
    assert "".join(nation.value[0] for nation in Nation if name_holiday(day, nation)) == nations


def test_a_day_off_is_named_with_where_it_is_one() -> None:
    assert describe_day_off(date(2026, 4, 6)) == "Easter Monday in England, Wales and Northern Ireland"
    assert describe_day_off(date(2026, 12, 25)) == "the Christmas Day bank holiday in the United Kingdom"
    assert describe_day_off(date(2026, 11, 29)) == "a Sunday"
    assert describe_day_off(date(2026, 12, 1)) == ""


# Words with care


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She made a lifestyle choice.", "lifestyle choice"),
        ("He is confined to a wheelchair.", "confined to a wheelchair"),
        ("It is for the mentally ill.", "the mentally ill"),
        ("Help for drug addicts and their families.", "drug addicts"),
        ("Services for the homeless in town.", "the homeless"),
    ],
)
def test_words_with_care_are_notes_with_a_source_and_a_better_phrase(text: str, words: str) -> None:
    (finding,) = find(text, "LANG18")
    assert covered(finding) == words
    assert finding.severity.value == "note"
    assert "Better: " in finding.remedy
    assert "Source: " in finding.remedy


@pytest.mark.parametrize(
    "text",
    [
        "The homeless family moved.",
        "The vulnerable child was seen.",
        "Time fits all.",
        "The elderly man’s daughter called.",
    ],
)
def test_words_in_other_uses_are_left_alone(text: str) -> None:
    assert find(text, "LANG18") == []


def test_a_workspace_can_raise_and_silence_them() -> None:
    text = "Our chairman spoke."
    raised = find(Example(text=text, settings="proof: {severities: {LANG18: error}}"), "LANG18")
    silent = find(Example(text=text, settings="proof: {allowed: [chairman]}"), "LANG18")
    assert [finding.severity.value for finding in raised] == ["error"]
    assert silent == []


# House style


@pytest.mark.parametrize(
    ("settings", "text", "codes"),
    [
        ("", "We meet on 4th May 2021, 9am–5pm, and at 5:30pm.", []),
        ("proof: {style: govuk}", "We meet on 4th May 2021, 9am–5pm.", ["LANG20", "LANG19"]),
        ("proof: {style: nhs}", "We meet Monday–Friday.", ["LANG19"]),
        ("proof: {style: govuk, ranges: any, ordinals: any}", "We meet on 4th May 2021, 9am–5pm.", []),
        ("proof: {times: 5.30pm}", "We meet at 5.30pm.", []),
        ("proof: {times: 5.30pm}", "We meet at 5:30pm.", ["LANG13"]),
        ("proof: {times: '5:30pm'}", "We meet at 5.30pm.", ["LANG13"]),
    ],
)
def test_the_house_style_is_chosen_in_the_settings(settings: str, text: str, codes: list[str]) -> None:
    style = ("LANG13", "LANG19", "LANG20", "LANG21")
    assert [one.code for one in find(Example(text=text, settings=settings)) if one.code in style] == codes


# Rule files


EXISTENCE = """\
extends: existence
message: "Don't use '%s'."
level: error
ignorecase: true
tokens:
  - going forward
  - synerg(?:y|ies)
exceptions:
  - Synergy
"""
SUBSTITUTION = """\
extends: substitution
message: "Use '%s' instead of '%s'."
level: warning
ignorecase: true
swap:
  service users?: people we support
  (?:e-mail|electronic mail): email
  kids: children|young people
"""


def check(root: Path, text: str) -> list[tuple[str, str, str, str, str | None]]:
    context = make_context(Example(text=text))
    rules = read_rule_files(root)
    return [
        (rule.name, rule.severity.value, found.message, found.remedy, found.replacement)
        for rule in rules
        for found in rule(context)
    ]


def test_rule_files_in_vales_form_are_rules_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "proof" / "House").mkdir(parents=True)
    (tmp_path / "proof" / "House" / "Jargon.yml").write_text(EXISTENCE)
    (tmp_path / "proof" / "terms.yaml").write_text(SUBSTITUTION)
    assert check(tmp_path, "Going forward, service users send an E-mail. Kids see no synergy.") == [
        ("jargon", "error", "Don't use 'Going forward'.", "", None),
        (
            "terms",
            "warning",
            "Use 'people we support' instead of 'service users'.",
            "Write “people we support”.",
            "people we support",
        ),
        ("terms", "warning", "Use 'email' instead of 'E-mail'.", "Write “email”.", "email"),
        (
            "terms",
            "warning",
            "Use 'children” or “young people' instead of 'Kids'.",
            "Write “children” or “young people”.",
            None,
        ),
    ]


def test_a_code_stays_the_same_when_another_file_comes(tmp_path: Path) -> None:
    (tmp_path / "proof").mkdir()
    (tmp_path / "proof" / "terms.yml").write_text(SUBSTITUTION)
    before = {rule.name: rule.code for rule in read_rule_files(tmp_path)}
    (tmp_path / "proof" / "a.yml").write_text(EXISTENCE)
    assert {rule.name: rule.code for rule in read_rule_files(tmp_path)}["terms"] == before["terms"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("extends: occurrence\nmax: 3\n", "“occurrence” rules can’t be used here."),
        ("extends: existence\n", "This rule names no words."),
        ("extends: existence\nlevel: grave\ntokens: [a]\n", "“grave” is not a level."),
        ("extends: substitution\nswap:\n  '(a': b\n", "A pattern here can’t be read"),
        ("extends: existence\ntokens: [a]\ncode: own-1\n", "“own-1” is not the code of a rule."),
        ("extends: [\n", ""),
    ],
)
def test_a_rule_file_that_cannot_be_used_is_a_fault_at_its_place(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "proof").mkdir()
    (tmp_path / "proof" / "wrong.yml").write_text(content)
    with pytest.raises(FaultyFiles) as caught:
        read_rule_files(tmp_path)
    assert caught.value.faults[0].file == "proof/wrong.yml"
    assert words in str(caught.value)


def test_a_workspace_without_rule_files_has_none(tmp_path: Path) -> None:
    assert read_rule_files(tmp_path) == []


# A whole newsletter: quiet as it is, and with one fault at a time

NEWSLETTER = (Path(__file__).parent / "newsletter.yaml").read_text(encoding="utf-8")
HEAD = """\
subject: "May 2025: our new website, Child M and Walk to School Week"
preview_text: What the board looked at in March, and dates for your diary.
"""


def find_in_newsletter(sections: str = NEWSLETTER, *, header: str = HEAD, published: str = "1 May 2025") -> list[str]:
    example = Example(sections=sections, header=header, month="2025-05", published=published)
    return [finding.code for finding in find(example)]


def test_a_right_newsletter_has_no_findings() -> None:
    assert find_in_newsletter() == []


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ("It found four things", "It found three things", "FACT01"),
        ("the forum starts at 9:30am", "the forum starts at 10am", "FACT07"),
        ("To book, write to training@example.org.", "Come along.", "FACT10"),
        ("See the page below the menu", "See the attached poster", "FACT02"),
        ("ends: 23 May 2025", "ends: 23 April 2025", "FACT12"),
        ("https://walk.example.org/poster", "https://walk.example.gov.co.uk/poster", "LINK16"),
        ("https://learning.example.org/courses/trauma", "https://teams.microsoft.com/l/meetup-join/19%3a", "LINK15"),
        ("https://learning.example.org/courses/child-q", "https://docs.google.com/document/d/1abc/edit", "LINK14"),
        ("Child M and his family", "a 7-year-old at Hill Lane School hurt by his uncle, and injured", "PRIV10"),
        ("The disco was a success", "The boy (DOB 3/4/2012) was a success", "PRIV04"),
        ("Their parents can come too.", "There parents can come too.", "LANG15"),
        ("Their parents can come too.", "Their parents can come to.", "LANG15"),
        ("No one could have known", "No one could of known", "LANG15"),
        ("inform our analysis", "inform there analysis", "LANG15"),
        ("an author", "a author", "LANG16"),
        ("answer questions", "answer the disabled", "LANG18"),
    ],
)
def test_one_fault_in_a_newsletter_is_found(right: str, wrong: str, code: str) -> None:
    assert right in NEWSLETTER
    assert code in find_in_newsletter(NEWSLETTER.replace(right, wrong, 1))


@pytest.mark.parametrize(
    ("header", "published", "code"),
    [
        ("subject: 'April 2025: our new website and Child M'", "1 May 2025", "FACT03"),
        ("subject: 'May 2025: our new website and Safer Internet Day'", "1 May 2025", "FACT04"),
        ("subject: 'May 2025: our four courses and two campaigns'", "1 May 2025", "FACT01"),
        ("subject: 'May 2025: our new website'", "5 May 2025", "FACT14"),
    ],
)
def test_a_fault_at_the_top_of_a_newsletter_is_found(header: str, published: str, code: str) -> None:
    assert code in find_in_newsletter(header=header, published=published)
