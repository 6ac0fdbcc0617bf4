"""Lists as other programs write them: a person is erased from each, and the rest of the file is as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bulletin.database.schema import open_database
from bulletin.personal_data.erasure import erase_person, plan_erasure
from bulletin.personal_data.list_lines import find_keys, search_file
from bulletin.subscribers.address import parse_address
from bulletin.workspace.workspace import Workspace

LISTS = Path(__file__).parent / "lists"
GIVEN = sorted(LISTS.glob("*.csv"))

OURS = {
    "Outlook": (
        '"Title","First Name","Email Address"\r\n"Ms","Anna","anna@example.org"\r\n"Mr","Ben","ben@example.org"\r\n'
    ),
    "a German Excel": "sep=;\r\nVorname;E-Mail\r\nÄnne;anna@example.org\r\nJörg;ben@example.org\r\n",
    "Mailchimp": (
        "Email Address,First Name,NOTES\nben@example.org,Ben,\n"
        'anna@example.org,Anna,"asked for ""large"" print\nand rang"\nzoe@example.org,Zoe,\n'
    ),
    "no end of the last line": "email\nben@example.org\nanna@example.org",
    "blank lines": "email,name\n\nanna@example.org,Anna\n\n\nben@example.org,Ben\n",
    "tabs": "name\temail\nAnna\tanna@example.org\nBen\tben@example.org\n",
}


def find_people(path: Path) -> list[str]:
    return sorted(find_keys(path.read_bytes().decode("utf-8-sig", "replace")))


@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.stem)
def test_each_person_of_a_given_list_can_be_erased_from_it(path: Path, tmp_path: Path) -> None:
    people = find_people(path)
    assert people
    for key in people:
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        found = search_file(copy, parse_address(key), shown_as=path.name)
        assert found.own, key
        copy.write_bytes(found.cut())
        assert find_people(copy) == [one for one in people if one != key]
        lines = path.read_bytes().splitlines(keepends=True)
        kept = copy.read_bytes().splitlines(keepends=True)
        assert [line for line in lines if line in kept] == kept


@pytest.mark.parametrize("text", OURS.values(), ids=OURS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_person_of_a_list_from_another_program_can_be_erased_from_it(
    make_workspace: Callable[..., Workspace], text: str, encoding: str
) -> None:
    workspace = make_workspace(lists={"partners": "email\n", "schools": "email\n"})
    file = workspace.root / "subscribers/partners.csv"
    file.write_bytes(text.encode(encoding))
    anna = parse_address("anna@example.org")
    engine = open_database(workspace)
    assert plan_erasure(engine, workspace, anna).own_files
    erase_person(engine, workspace, anna, now=1)
    engine.dispose()
    left = file.read_bytes().decode(encoding)
    assert "anna" not in left.lower()
    assert "ben@example.org" in left
    assert all(line in text for line in left.splitlines())
