"""A person's lines in list files: found in every spelling, cut out, and nothing else of the file changed."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.errors import FaultyFiles
from bulletin.personal_data.list_lines import ListSearch, find_keys, search_file
from bulletin.subscribers.address import parse_address
from conftest import examples

SAM = parse_address("sam@example.org")


def search(path: Path, text: str, *, address: str = SAM.written) -> ListSearch:
    path.write_bytes(text.encode())
    return search_file(path, parse_address(address), shown_as="list.csv")


SPELLINGS = {
    "as it is": ("sam@example.org", "sam@example.org"),
    "capital letters": ("SAM@Example.ORG", "sam@example.org"),
    "spaces around": ("  sam@example.org  ", "sam@example.org"),
    "a name around": ('"Sam <sam@example.org>"', "sam@example.org"),
    "mailto": ("mailto:sam@example.org", "sam@example.org"),
    "quotation marks": ('"sam@example.org"', "sam@example.org"),
    "a full stop after it": ("sam@example.org.", "sam@example.org"),
    "a domain in its own letters": ("sam@bücher.example", "sam@xn--bcher-kva.example"),
    "a domain in A-labels": ("sam@xn--bcher-kva.example", "sam@bücher.example"),
    "decomposed letters": ("zoe\u0308@example.org", "zo\u00eb@example.org"),
}


@pytest.mark.parametrize(("written", "address"), SPELLINGS.values(), ids=SPELLINGS)
def test_a_line_is_found_in_every_spelling(tmp_path: Path, written: str, address: str) -> None:
    found = search(tmp_path / "list.csv", f"email,name\nben@example.org,Ben\n{written},Sam\n", address=address)
    assert [one.line for one in found.own] == [3]
    assert found.cut().decode() == "email,name\nben@example.org,Ben\n"


OTHERS = (
    "samantha@example.org",
    "sam@example.com",
    "notsam@example.org",
    "sam@sub.example.org",
    "sam+news@example.org",
)


@pytest.mark.parametrize("other", OTHERS)
def test_a_line_of_somebody_else_is_not(tmp_path: Path, other: str) -> None:
    found = search(tmp_path / "list.csv", f"email,name\n{other},sam\n")
    assert (found.own, found.mentions) == ((), ())


def test_a_line_about_somebody_else_that_has_the_address_is_named_and_left(tmp_path: Path) -> None:
    text = "email,manager\nben@example.org,sam@example.org\nsam@example.org,zoe@example.org\n"
    found = search(tmp_path / "list.csv", text)
    assert [one.line for one in found.own] == [3]
    assert found.mentions == (2,)
    assert found.cut().decode() == "email,manager\nben@example.org,sam@example.org\n"


def test_every_line_of_theirs_goes_also_a_second_one_and_those_with_line_breaks(tmp_path: Path) -> None:
    text = 'name;email;note\nSam;sam@example.org;"one\ntwo\nthree"\nBen;ben@example.org;\nSam;SAM@example.org;x\n'
    found = search(tmp_path / "list.csv", text)
    assert [(one.line, one.last) for one in found.own] == [(2, 4), (6, 6)]
    assert found.own[0].cells == {"name": "Sam", "email": "sam@example.org", "note": "one\ntwo\nthree"}
    assert found.cut().decode() == "name;email;note\nBen;ben@example.org;\n"


def test_a_row_that_cant_be_read_is_named(tmp_path: Path) -> None:
    found = search(tmp_path / "list.csv", 'email,name\n"sam@example.org,Sam\nben@example.org,Ben\n')
    assert found.own == ()
    assert found.mentions == (2,)


def test_a_file_that_is_no_list_says_why(tmp_path: Path) -> None:
    with pytest.raises(FaultyFiles, match="No column is headed"):
        search(tmp_path / "list.csv", "who,where\nsam@example.org,Hull\n")


FORMS = {
    "UTF-8": ("utf-8", b""),
    "UTF-8 with a mark": ("utf-8", codecs.BOM_UTF8),
    "UTF-16, little end first": ("utf-16-le", codecs.BOM_UTF16_LE),
    "UTF-16, big end first": ("utf-16-be", codecs.BOM_UTF16_BE),
    "Windows-1252": ("cp1252", b""),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_rest_of_the_file_stays_as_it_is_to_the_byte(tmp_path: Path, form: str, end: str) -> None:
    encoding, mark = FORMS[form]
    lines = ["sep=;", "email;name", "zoe@example.org;Zoë “Z” Smith", "", "sam@example.org;Sam", ' "ben@example.org";B']
    path = tmp_path / "list.csv"
    path.write_bytes(mark + end.join(lines).encode(encoding))
    found = search_file(path, SAM, shown_as="list.csv")
    left = [line for line in lines if "sam@" not in line]
    assert found.cut() == mark + end.join(left).encode(encoding)


CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)


@examples(150)
@given(
    st.lists(st.tuples(st.sampled_from(["sam", "SAM", "ben", "zoe", "samantha"]), CELL), max_size=8),
    st.sampled_from(["quoted", "plain"]),
)
def test_of_any_file_only_their_rows_go(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], how: str
) -> None:
    def write(name: str, cell: str) -> str:
        doubled = cell.replace('"', '""')
        return f'"{name}@example.org","{doubled}"\n' if how == "quoted" else f"{name}@example.org,x\n"

    path = tmp_path_factory.mktemp("list") / "list.csv"
    path.write_bytes(("email,note\n" + "".join(write(*row) for row in rows)).encode())
    found = search_file(path, SAM, shown_as="list.csv")
    if how == "quoted" and found.mentions:
        return  # a cell that looks like a row of its own: the row isn't cut, and is named
    others = "email,note\n" + "".join(write(*row) for row in rows if row[0].lower() != "sam")
    assert found.cut().decode() == others


@given(st.text(max_size=300))
def test_any_text_is_looked_through(text: str) -> None:
    assert all("@" in key for key in find_keys(text))
