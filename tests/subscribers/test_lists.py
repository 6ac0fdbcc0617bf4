from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import FaultyFiles, NotFound
from bulletin.subscribers import lists, rows
from bulletin.subscribers.lists import read_list
from bulletin.subscribers.names import find_name_fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from bulletin.subscribers.lists import ListFile

    Read = Callable[[str | bytes], ListFile]

SHOWN = "partners.csv"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a list from its text (saved as UTF-8) or its bytes."""

    def read(content: str | bytes) -> ListFile:
        path = tmp_path / "partners.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_list(path, shown_as=SHOWN)

    return read


def people(file: ListFile) -> list[tuple[int, str, str]]:
    return [(entry.line, entry.address.written, entry.name) for entry in file.entries]


def refuse(read: Read, content: str | bytes) -> str:
    with pytest.raises(FaultyFiles) as caught:
        read(content)
    return str(caught.value)


ANNA = (2, "anna@example.org", "Anna Smith")


@pytest.mark.parametrize(
    "content",
    [
        "email,name\nanna@example.org,Anna Smith\n",
        "email,name\nanna@example.org,Anna Smith",
        "email,name\r\nanna@example.org,Anna Smith\r\n",
        "email,name\ranna@example.org,Anna Smith\r",
        "email;name\nanna@example.org;Anna Smith\n",
        "email\tname\nanna@example.org\tAnna Smith\n",
        "name,email\nAnna Smith,anna@example.org\n",
        "E-mail,Name\nanna@example.org,Anna Smith\n",
        "EMAIL ADDRESS,FULL NAME\nanna@example.org,Anna Smith\n",
        "e_mail , Full-Name \n anna@example.org , Anna Smith \n",
        '"email","name"\n"anna@example.org","Anna Smith"\n',
        'email, name\nanna@example.org, "Anna Smith"\n',
        "email,name,,\nanna@example.org,Anna Smith,,\n",
        "email,name\nanna@example.org,Anna Smith,,,\n",
        "email,name\nanna@example.org,Anna Smith\n\n,\n  ,\n\n",
        "email,name\nmailto:anna@example.org,Anna Smith\n",
        "email,name\nMAILTO:anna@example.org,Anna Smith\n",
        "email,name\n\u00a0anna@example.org\u00a0,\u00a0Anna\u00a0 Smith\u00a0\n",
        'email,name\nanna@example.org,"Anna\nSmith"\n',
        "\ufeffemail,name\nanna@example.org,Anna Smith\n",
    ],
)
def test_the_ways_in_which_people_and_excel_write_a_list_are_all_read(read: Read, content: str) -> None:
    file = read(content)
    assert people(file) == [ANNA]
    assert (file.faults, file.notes) == ((), ())
    assert file.entries[0].details == {}


def test_a_list_needs_no_names(read: Read) -> None:
    assert people(read("email\nanna@example.org\nbea@example.org\n")) == [
        (2, "anna@example.org", ""),
        (3, "bea@example.org", ""),
    ]


def test_a_list_may_be_empty_below_its_headings(read: Read) -> None:
    assert read("email,name\n").entries == ()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_the_first_line_declares(read: Read, separator: str) -> None:
    content = f"sep={separator}\r\nemail{separator}name\r\nanna@example.org{separator}Anna Smith\r\n"
    assert people(read(content)) == [(3, "anna@example.org", "Anna Smith")]


def test_the_separator_is_not_looked_for_inside_quoted_headings(read: Read) -> None:
    file = read('"notes, remarks, or, whatever";email\nfriend;anna@example.org\n')
    assert file.entries[0].details == {"notes, remarks, or, whatever": "friend"}


def test_blank_lines_above_the_headings_are_passed_over_and_counted(read: Read) -> None:
    assert people(read("\n\nemail,name\nanna@example.org,Anna Smith\n")) == [(4, "anna@example.org", "Anna Smith")]


def test_further_columns_are_kept_by_their_headings(read: Read) -> None:
    file = read("Organisation,email,Role in it,\nBexley Council,anna@example.org,,by hand\n")
    assert file.entries[0].details == {"Organisation": "Bexley Council", "column 4": "by hand"}


def test_a_further_column_keeps_its_line_breaks(read: Read) -> None:
    file = read('email,address\nanna@example.org,"1 High Street\r\nAnytown\u200b"\n')
    assert file.entries[0].details == {"address": "1 High Street\nAnytown"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_letters_outside_ascii_are_read_from_every_unicode_encoding(read: Read, encoding: str) -> None:
    file = read("email\tname\nzoë@example.org\tZoë Ångström 漢字 🏴󠁧󠁢󠁥󠁮󠁧󠁿\n".encode(encoding))
    assert people(file) == [(2, "zoë@example.org", "Zoë Ångström 漢字 🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    assert file.notes == ()


def test_excels_plain_csv_is_read_and_its_first_doubtful_word_pointed_out(read: Read) -> None:
    file = read(
        "email,name\nanna@example.org,Anna\nzoe@example.org,Zoë O’Hara\nrene@example.org,René\n".encode("cp1252")
    )
    assert [entry.name for entry in file.entries] == ["Anna", "Zoë O’Hara", "René"]
    place, doubt = "partners.csv:3:17", "“Zoë” is the first word that depends on it."
    remedy = "If the word looks right, all is well. If not, save the file as “CSV UTF-8”."
    assert "\n".join(map(str, file.notes)).splitlines() == [
        f"{place}: This file does not say how its letters are stored; {doubt} {remedy}",
        "    3 | zoe@example.org,Zoë O’Hara",
        "      |                 ^^^",
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('"Smith, Anna"', "Smith, Anna"),
        ('"Anna ""Annie"" Smith"', 'Anna "Annie" Smith'),
        ('Anna "Annie" Smith', 'Anna "Annie" Smith'),
        ('"Anna\r\nBcc: bea@example.org"', "Anna Bcc: bea@example.org"),
        ('"Anna\rSmith\u2028Jones\x0bBrown"', "Anna Smith Jones Brown"),
        ("Anna \u202egnp.exe", "Anna gnp.exe"),
        ("An\u200bna\u00ad \ufeffSmith\x07", "Anna Smith"),
        ("👩\u200d👩\u200d👧 Family ❤\ufe0f", "👩\u200d👩\u200d👧 Family ❤\ufe0f"),
        ("{{ name }} <b>", "{{ name }} <b>"),
        ("n" * 300, "n" * 300),
        ("O'Neill-Ó Súilleabháin (Dr.)", "O'Neill-Ó Súilleabháin (Dr.)"),
        ("Anna =1+1", "Anna =1+1"),
    ],
)
def test_a_name_loses_what_cannot_be_seen_and_nothing_else(read: Read, written: str, name: str) -> None:
    file = read(f"email,name,organisation\nanna@example.org,{written},Council\n")
    assert [(entry.name, entry.details) for entry in file.entries] == [(name, {"organisation": "Council"})]


def test_every_row_that_cannot_be_used_is_named_and_the_others_are_used(read: Read) -> None:
    file = read(
        "email,name\n"
        "anna@example.org,Anna\n"
        "bea.example.org,Bea\n"
        "carl@example.org,Carl\n"
        ",Dora\n"
        "ANNA@EXAMPLE.ORG,Anna again\n"
        '"eve@example.org","Eve\nAdams",one more\n'
        "fay@example.org,Fay\n"
    )
    assert [entry.address.key for entry in file.entries] == ["anna@example.org", "carl@example.org", "fay@example.org"]
    quote = "Put a cell that has “,” in it between quotation marks."
    assert "\n".join(map(str, file.faults)).splitlines() == [
        "partners.csv:3:1: “bea.example.org” has no @ in it. Write the whole address, as in anna@example.org.",
        "    3 | bea.example.org,Bea",
        "      | ^^^^^^^^^^^^^^^",
        "partners.csv:5:1: There is no address here. Write one, as in anna@example.org.",
        "    5 | ,Dora",
        "      | ^",
        "partners.csv:6:1: “ANNA@EXAMPLE.ORG” is already in line 2. Delete one of the two rows.",
        "    6 | ANNA@EXAMPLE.ORG,Anna again",
        "      | ^^^^^^^^^^^^^^^^",
        f"partners.csv:8:8: This row has more cells than there are headings: 3 for 2. {quote}",
        '    8 | Adams",one more',
        "      |        ^^^^^^^^",
    ]


def test_a_fault_points_to_its_cell_whatever_stands_before_it(read: Read) -> None:
    fault = read('name;role;email\n"Smith; ""Anna""";  "a; b";anna@example\n').faults[0]
    assert (fault.line, fault.column, fault.width) == (2, 28, len("anna@example"))


def test_lines_are_counted_through_cells_of_several_lines(read: Read) -> None:
    file = read('email,name\r\nanna@example.org,"Anna\r\n\r\nSmith"\r\nbea@example.org,Bea\r\ncarl,Carl\r\n')
    assert [entry.line for entry in file.entries] == [2, 5]
    assert [fault.line for fault in file.faults] == [6]


def test_a_row_too_short_for_its_address_is_a_fault_at_its_end(read: Read) -> None:
    fault = read("name,role,email\nAnna,lead\n").faults[0]
    assert (fault.line, fault.column, fault.message) == (2, 10, "There is no address here.")


MARKS = "The quotation marks in this row do not pair up, so it cannot be told where its cells end."


@pytest.mark.parametrize(
    "slip",
    [
        '"Bea',  # never closed
        '"Bea" Brown',
        '"Bea "Bee" Brown"',
    ],
)
def test_a_stray_quotation_mark_costs_its_own_row_only(read: Read, slip: str) -> None:
    others = "".join(f"p{number}@example.org,Pat {number}\n" for number in range(5000))
    file = read(f'email,name\nbea@example.org,{slip}\n{others}zoe@example.org,"Zoe, PhD"\n')
    assert len(file.entries) == 5001
    assert [(fault.line, fault.column, fault.message) for fault in file.faults] == [(2, 17, MARKS)]


def test_two_stray_quotation_marks_do_not_swallow_the_rows_between_them(read: Read) -> None:
    file = read('email,name\nanna@example.org,"Anna\nbea@example.org,Bea\ncarl@example.org,Carl"\n')
    assert people(file) == [(3, "bea@example.org", "Bea"), (4, "carl@example.org", 'Carl"')]
    assert [(fault.line, fault.message) for fault in file.faults] == [(2, MARKS)]


def test_a_probable_slip_in_a_domain_is_noted_and_the_row_used(read: Read) -> None:
    file = read("name,email\nAnna,anna@gmial.com\n")
    assert len(file.entries) == 1
    assert [str(note).partition("\n")[0] for note in file.notes] == [
        "partners.csv:2:6: “anna@gmial.com” may be mistyped. Did you mean gmail.com?"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "partners.csv: This file is empty."),
        ("\n\n ;;\n", "partners.csv: This file is empty."),
        ("name,emial\nAnna,anna@example.org\n", ":1:6: No column is headed “email”. Perhaps “emial” is meant for it."),
        ("Name,Work e-mail\n", ":1:6: No column is headed “email”. Perhaps “Work e-mail” is meant for it."),
        ("first,second\n", ":1:1: No column is headed “email”. Write email in the first line"),
        ("anna@example.org,Anna\n", ":1:1: The first line has an address, “anna@example.org”, and no headings."),
        ("Anna;anna@example.org\n", ":1:6: The first line has an address, “anna@example.org”, and no headings."),
        ("email,E-mail address\n", ":1:7: Two columns mean the same: “email” and “E-mail address”."),
        ("email,Role,ROLE\n", ":1:12: Two columns mean the same: “Role” and “ROLE”."),
        ('email,"name\nanna@example.org,Anna\n', ":1:7: The quotation marks in this row do not pair up"),
        (b"PK\x03\x04" + bytes(100), "This is a workbook, not a CSV file, whatever its name says. In Excel, choose"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "This is a workbook, not a CSV file, whatever its name says."),
        ("email\nanna@example.org\n".encode("utf-16-le"), "This file cannot be read as text."),
        (b"email\n\x81\x8d\n", "This file cannot be read as text."),
        (b"\xff\xfee", "This file cannot be read as text."),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(read: Read, content: str | bytes, words: str) -> None:
    assert words in refuse(read, content)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    with path.open("wb") as file:
        file.truncate(rows.LARGEST_FILE + 1)  # a hole: takes no room on the disk
    with pytest.raises(FaultyFiles, match=r"This file has 200,000,001 bytes; the most is 200,000,000\."):
        read_list(path, shown_as=SHOWN)


def test_a_file_with_nothing_but_faults_is_given_up(read: Read) -> None:
    content = "email\n" + "no address\n" * (lists.MOST_FAULTS + 1)
    assert "More than 20,000 rows of this file cannot be used. Is it the right file?" in refuse(read, content)


def test_a_missing_file_is_not_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        read_list(tmp_path / "partners.csv", shown_as=SHOWN)
    assert caught.value.message == "There is no list file partners.csv."
    assert (
        caught.value.remedy == "Make the file, with email,name in its first line, or correct its name in bulletin.yaml."
    )


def test_a_folder_is_not_a_list(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"partners.csv cannot be read: it is a folder, not a file\."):
        read_list(tmp_path, shown_as=SHOWN)


_cell = st.text(st.sampled_from("ab ,;\"\n\r'é😀{<="), max_size=12)


@given(st.lists(st.tuples(_cell, _cell), max_size=8), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_whatever_a_spreadsheet_writes_is_read_back_row_for_row(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]], quoting: int
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting)  # type: ignore[arg-type] # typeshed wants the literal
    writer.writerow(["email", "name", "notes"])
    writer.writerows([f"p{number}@example.org", *pair] for number, pair in enumerate(cells))
    path = tmp_path_factory.mktemp("lists") / "partners.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    file = read_list(path, shown_as=SHOWN)
    assert file.faults == ()
    names = [" ".join(name.split()) for name, _ in cells]
    assert [entry.name for entry in file.entries] == ["" if find_name_fault(name) else name for name in names]
    kept = [entry.details.get("notes", "").split() for entry in file.entries]
    assert kept == [notes.split() for _, notes in cells]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_are_refused_in_words(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("lists") / "partners.csv"
    path.write_bytes(b"email,name\n" + content)
    try:
        file = read_list(path, shown_as=SHOWN)
    except FaultyFiles as error:
        faults = error.faults
    else:
        faults = file.faults
    assert all(fault.message and fault.remedy for fault in faults)
