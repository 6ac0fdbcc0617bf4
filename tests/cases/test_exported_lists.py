"""Lists as other programs export them: who has left, what is no name, what was left at an address."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.delivery.copies.catcher import MailCatcher
from bulletin.subscribers.leftovers import find_likely_address, has_leftovers
from bulletin.subscribers.lists import ListFile, read_list
from bulletin.subscribers.names import find_name_fault
from bulletin.subscribers.statuses import Standing, StatusKind, find_status_kind, read_standing
from bulletin.workspace.workspace import Workspace
from command_call import call
from program import towards

CASES = Path(__file__).parent / "lists"

Read = Callable[[str], ListFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str) -> ListFile:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return read_list(path, shown_as="people.csv")

    return read


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[MailCatcher]:
    with MailCatcher(tmp_path / "caught") as catcher:
        yield catcher


def addresses(file: ListFile) -> list[str]:
    return [entry.address.written for entry in file.entries]


def names(file: ListFile) -> dict[str, str]:
    return {entry.address.written: entry.name for entry in file.entries}


def heads(file: ListFile) -> list[str]:
    """The notes, each in its first line."""
    return [str(note).partition("\n")[0] for note in file.notes]


# --- who has left


def test_people_whose_status_says_that_they_have_left_get_no_email() -> None:
    file = read_list(CASES / "07-status-column.csv", shown_as="people.csv")
    assert addresses(file) == ["bob@example.org"]
    wrong = "If that’s wrong, correct the cell, or give the column another heading."
    assert heads(file) == [
        f"people.csv:2:21: “status” says “unsubscribed” for 1 reader (line 2): they get no email. {wrong}",
        f"people.csv:4:23: “status” says “bounced” for 1 reader (line 4): they get no email. {wrong}",
    ]


@pytest.mark.parametrize(
    ("heading", "stops", "keeps"),
    [
        ("Status", ["Unsubscribed", "Cleaned", "Bounced", "blocked", "Non-subscribed", "archived"], ["Subscribed", ""]),
        ("MEMBER_STATUS", ["unsubscribed", "cleaned", "pending"], ["subscribed"]),
        ("Email status", ["Hard bounced", "Opted-out (12/03/2021)", "Suppressed"], ["Active", "Confirmed"]),
        ("status", ["blocklisted", "disabled"], ["enabled"]),  # listmonk
        ("subscribed_to_emails", ["false"], ["true"]),  # Ghost
        ("subscribed", ["no", "No", "n", "0", "FALSE", "✗", "never"], ["yes", "Y", "1", "TRUE", "2021-03-04"]),
        ("Opt-in (Y/N)", ["N"], ["Y"]),
        ("GDPR consent", ["No", "withdrawn", "not given yet"], ["Yes", "12 March 2021"]),
        ("Unsubscribed", ["yes", "TRUE", "1", "x", "2021-03-04 10:11"], ["no", "", "0", "false", "-", "NULL"]),
        ("UNSUB_TIME", ["2021-03-04 10:11:12"], [""]),  # Mailchimp
        ("UNSUB_REASON", ["NORMAL (No reason given)", "No longer interested"], [""]),
        ("CLEAN_TIME", ["2021-03-04 10:11:12"], [""]),
        ("Email Opt Out", ["1"], ["0"]),  # Salesforce
        ("HasOptedOutOfEmail", ["true"], ["false"]),
        ("Unsubscribed from all email", ["true"], ["", "false"]),  # HubSpot
        ("Do not email", ["Yes"], ["No"]),  # CiviCRM, Dynamics
        ("No Bulk Emails (User Opt Out)", ["1"], ["0"]),
        ("EMAIL_BLACKLISTED", ["true"], ["false"]),  # Brevo
        ("Hard bounces", ["3"], ["0"]),
        ("Notes", ["unsubscribed", "Do not contact"], ["Chair of governors", "unsubscribed others by hand for us"]),
    ],
)
def test_other_programs_say_in_many_ways_that_a_person_has_left(
    read: Read, heading: str, stops: list[str], keeps: list[str]
) -> None:
    cells = [*((text, True) for text in stops), *((text, False) for text in keeps)]
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(["email", "name", heading])
    writer.writerows([f"p{number}@example.org", "Pat", text] for number, (text, _) in enumerate(cells))
    file = read(output.getvalue())
    kept = set(addresses(file))
    found = {text: f"p{number}@example.org" not in kept for number, (text, _) in enumerate(cells)}
    assert found == dict(cells)


@pytest.mark.parametrize("heading", ["No", "No.", "Role", "Member", "Newsletter", "Email list", "Left-handed", "Phase"])
def test_a_column_about_other_things_stops_no_one(read: Read, heading: str) -> None:
    file = read(f"email,{heading}\nann@example.org,1\nbob@example.org,no\ncleo@example.org,yes\n")
    assert len(file.entries) == 3


def test_a_status_that_cannot_be_understood_is_named_once_and_the_people_stay(read: Read) -> None:
    file = read("email,status\nann@example.org,Retired\nbob@example.org,subscribed\ncleo@example.org,Retired\n")
    assert len(file.entries) == 3
    (note,) = heads(file)
    said = "“status” says “Retired” or the like for 2 readers (lines 2 and 4), who still get email."
    assert note == (f"people.csv:2:17: {said} We can’t tell whether they have left. If so, write “unsubscribed” there.")


def test_an_empty_answer_beside_a_no_is_named(read: Read) -> None:
    file = read("email,subscribed\nann@example.org,yes\nbob@example.org,no\ncleo@example.org,\n")
    assert addresses(file) == ["ann@example.org", "cleo@example.org"]
    assert heads(file)[0].startswith(
        "people.csv:4:18: “subscribed” is empty for 1 reader (line 4), who still get email."
    )


def test_a_remark_that_somebody_has_left_is_named_with_its_line(read: Read) -> None:
    file = read("email,notes\nann@example.org,asked to be removed on 3 May\nbob@example.org,lovely\n")
    assert len(file.entries) == 2
    assert "“notes” says “asked to be removed on 3 May” for 1 reader (line 2), who still get email." in heads(file)[0]


def test_many_who_have_left_are_one_note_with_the_first_lines(read: Read) -> None:
    rows = "".join(
        f"p{number}@example.org,{'unsubscribed' if number % 2 else 'subscribed'}\n" for number in range(2000)
    )
    file = read(f"email,status\n{rows}")
    assert len(file.entries) == 1000
    assert len(file.notes) == 1
    assert "for 1,000 readers (lines 3, 5, 7, 9, 11 and others)" in heads(file)[0]


MakeWorkspace = Callable[..., Workspace]


def test_who_has_left_by_one_list_gets_no_email_from_another(
    make_workspace: MakeWorkspace, catcher: MailCatcher
) -> None:
    lists = {
        "partners": "email,name,status\nann@example.org,Ann,unsubscribed\nbob@example.org,Bob,subscribed\n",
        "schools": "email,name\nANN@example.org,Ann\ncara@example.org,Cara\n",
    }
    root = make_workspace(lists=lists).root
    done = call("send", "2021-05", "--yes", folder=root, environ=towards(catcher))
    assert done.returncode == 0, done.stderr
    assert sorted(message.recipient for message in catcher.caught) == ["bob@example.org", "cara@example.org"]
    assert "partners: 1 reader (+1 −0, 1 left out)" in done.stdout
    assert "“status” says “unsubscribed” for 1 reader (line 2): they get no email." in done.stderr
    why = "because subscribers/partners.csv says that they have left. If that’s wrong, correct it there."
    words = f"subscribers/schools.csv:2:1: ANN@example.org gets no email from this list either, {why}"
    assert words in " ".join(done.stderr.split())


def test_a_column_that_is_not_used_is_named_once_when_lists_are_synced(make_workspace: MakeWorkspace) -> None:
    lists = {"partners": "email,name,Postcode,Role,\nann@example.org,Ann,AN1,Chair,\nbob@example.org,Bob,AN2,,\n"}
    root = make_workspace(lists={**lists, "schools": "email\n"}).root
    done = call("subscribers", "sync", "--yes", folder=root)
    assert done.stdout.count("  Kept, but not used in emails: “Postcode”, “Role”.\n") == 1


@given(st.sampled_from(list(StatusKind)), st.text(max_size=40))
def test_any_text_in_a_status_column_is_read(kind: StatusKind, text: str) -> None:
    assert read_standing(kind, text) in Standing
    assert find_status_kind(text) in StatusKind


# --- names


def test_what_is_no_name_counts_as_none_and_is_named_with_its_line_and_the_likely_name() -> None:
    file = read_list(CASES / "08-no-names.csv", shown_as="people.csv")
    assert set(names(file).values()) == {""}
    assert len(file.entries) == 9
    said = heads(file)
    assert [int(note.split(":")[1]) for note in said] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    remedy = "Write the name, or empty the cell."
    assert said[0] == f"people.csv:2:15: “NULL” is not a name. It is left out for 1 reader (line 2). {remedy}"
    assert "Did you mean “José”?" in said[6]
    assert "“Jos�” has a letter that was lost." in said[7]
    assert "Did you mean “O'Neil”?" in said[8]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "NULL",
            "null",
            "None",
            "#N/A",
            "#n/a",
            "N/A",
            "n/a",
            "NA",
            "#REF!",
            "#VALUE!",
            "#DIV/0!",
            "Err:508",
            "-",
            "–",
        ),
        *(
            "--",
            ".",
            "?",
            "0",
            "123",
            "undefined",
            "NaN",
            "(blank)",
            "unknown",
            "Not known",
            "TBC",
            "[First Name]",
            "nil",
        ),
        *("*|FNAME|*", "{{first_name}}", "%FNAME%", "<<Name>>", "=A2&B2", "ann@example.org", "First name", "(none)"),
    ],
)
def test_what_programs_and_people_write_for_a_missing_name_is_none(text: str) -> None:
    assert find_name_fault(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Ann",
            "Jo Null",
            "Na Li",
            "Nil Smith",
            "O'Neil",
            "D’Souza",
            "José",
            "Zoë Ångström",
            "漢字",
            "Ó Súilleabháin",
        ),
        *(
            "JOÃO",
            "Ann (Annie) Smith",
            "Dr. A. B. Smith-Jones",
            "X Æ",
            "Siân",
            "Ŵyn",
            "Nguyễn Thị",
            "محمد",
            "Ann & Bob",
        ),
        *("A. Nonymous", "Unknown Smith", "Max 2", "Ms True", "😀", "Test Smith", "Łukasz Żółć", "Smith, Anna"),
    ],
)
def test_a_name_of_a_person_is_left_alone(text: str) -> None:
    assert find_name_fault(text) is None


@pytest.mark.parametrize(
    ("damaged", "likely"),
    [
        ("JosÃ©", "José"),
        ("ZoÃ« Ã…ngstrÃ¶m", "Zoë Ångström"),
        ("SiÃ¢n", "Siân"),
        ("Oâ€™Neil", "O’Neil"),
        ("JosÃƒÂ©", "José"),  # twice over
        ("Jos√©", "José"),  # an old Mac
        ("Nguyá»…n", "Nguyễn"),
        ("O&#39;Neil", "O'Neil"),
        ("Jos&eacute;", "José"),
        ("Smith &amp; Sons", "Smith & Sons"),
        ("O&amp;#39;Neil", "O'Neil"),
    ],
)
def test_a_damaged_name_is_named_with_the_likely_one(damaged: str, likely: str) -> None:
    fault = find_name_fault(damaged)
    assert fault
    assert f"Did you mean “{likely}”?" in fault.remedy


@given(st.sampled_from("áàâäãåçéèêëíîïñóôöõøúûüýŵŷłżšč’"), st.sampled_from(["cp1252", "mac_roman"]))
def test_any_letter_that_was_read_in_another_encoding_is_recognised(letter: str, encoding: str) -> None:
    raw = f"Jo{letter}n".encode()
    try:
        damaged = raw.decode(encoding)
    except UnicodeDecodeError:
        damaged = "".join(chr(octet) if 0x80 <= octet < 0xA0 else bytes([octet]).decode(encoding) for octet in raw)
    fault = find_name_fault(damaged)
    assert fault, damaged


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text: str) -> None:
    fault = find_name_fault(" ".join(text.split()))
    assert fault is None or (fault.message and fault.remedy)


def test_first_and_last_name_are_joined() -> None:
    file = read_list(CASES / "24-first-and-last-name.csv", shown_as="people.csv")
    assert names(file) == {"ann@example.org": "Ann Smith"}
    assert file.notes == ()
    assert file.unused == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("email,Surname,Forename\nann@example.org,Smith,Ann\n", "Ann Smith"),
        ("email,FNAME,LNAME\nann@example.org,Ann,\n", "Ann"),
        ("Email Address,First Name,Last Name\nann@example.org,Ann,NULL\n", "Ann"),
        ("email,first_name\nann@example.org,Ann\n", "Ann"),
        ("email,name,First name,Last name\nann@example.org,,Ann,Smith\n", "Ann Smith"),
        ("email,name,First name,Last name\nann@example.org,Annie,Ann,Smith\n", "Annie"),
        ("email,Display name\nann@example.org,Ann Smith\n", "Ann Smith"),
        ("email,Given name,Family name\nann@example.org, Ann , Smith \n", "Ann Smith"),
    ],
)
def test_a_name_is_found_in_the_columns_that_other_programs_write(read: Read, text: str, name: str) -> None:
    assert names(read(text)) == {"ann@example.org": name}


# --- addresses


@pytest.mark.parametrize(
    "cell",
    [
        "'ann@example.org",
        "=ann@example.org",
        '=HYPERLINK(""mailto:ann@example.org"",""ann@example.org"")',
        "ann@example.org#mailto:ann@example.org#",
        "ann@example.org_x000D_",
        "ann@example.org;",
        "ann&#64;example.org",
        "ann%40example.org",
        "%20ann@example.org",
        "ann@example.orgÂ",
        "ann @ example.org",
        "ann(at)example.org",
        "ann [at] example [dot] org",
        "ann@example,org",
        "SMTP:ann@example.org",
        "[ann@example.org](mailto:ann@example.org)",
        "Ann Smith (ann@example.org)",
        "Ann <ann@example.org>",
        "ann@example.org?subject=Hello",
        "\\u003cann@example.org\\u003e",
        "*ann@example.org",
        "ann@example..org",
    ],
)
def test_what_was_left_at_an_address_is_named_with_the_likely_one(read: Read, cell: str) -> None:
    file = read(f'name,email\nAnn,"{cell}"\n')
    assert file.entries == ()
    (fault,) = file.faults
    assert "ann@example.org" in fault.remedy


@pytest.mark.parametrize("cell", ["#N/A", "NULL", "-", "n/a", "none"])
def test_what_a_spreadsheet_shows_for_a_missing_address_is_a_row_to_delete(read: Read, cell: str) -> None:
    (fault,) = read(f"name,email\nAnn,{cell}\n").faults
    assert fault.remedy == "Write the address, or delete the row."


@pytest.mark.parametrize(
    "address", ["ann@example.org", "o'neil@example.org", "a+b=c@example.org", "x#1@example.org", "zoë@example.org"]
)
def test_a_right_address_is_left_alone(read: Read, address: str) -> None:
    file = read(f"email\n{address}\n")
    assert addresses(file) == [address]
    assert (file.faults, file.notes) == ((), ())


@given(st.text(max_size=80))
def test_no_text_makes_the_search_for_an_address_fail(text: str) -> None:
    likely = find_likely_address(text)
    assert likely is None or likely.written != text
    has_leftovers(text)
