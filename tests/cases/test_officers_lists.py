"""Lists that come from other programs: who is added, who is suppressed, and what an officer types and reads."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from anytown import NOON, make_edition
from bulletin.cli.app import make_app
from bulletin.database.schema import open_database
from bulletin.database.states import ScopeKind, SuppressionReason
from bulletin.database.tables import consents, deliveries, memberships, outbox, subscribers
from bulletin.delivery.ledger.start import start_mailing
from bulletin.errors import BulletinError, FaultyFiles, NotFound
from bulletin.subscribers.address import parse_address
from bulletin.subscribers.address_hash import hash_address
from bulletin.subscribers.scope import one_list
from bulletin.subscribers.suppression import find_suppressions
from exports import SAMPLES, write_forms, write_mailchimp, write_workbook
from mailed import databases_closed, run
from wishes import come_back

if TYPE_CHECKING:
    from bulletin.workspace.workspace import Workspace

MakeWorkspace = Callable[..., "Workspace"]
LISTS = {"partners": "email,name\nzoe@example.org,Zoe\n", "schools": "email,name\n"}
LIST, ALL = ScopeKind.LIST, ScopeKind.ALL
OPTED_OUT, BOUNCED, COMPLAINED = SuppressionReason.OPTED_OUT, SuppressionReason.BOUNCED, SuppressionReason.COMPLAINED


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    workspace = make_workspace(lists=LISTS)
    run(workspace, "subscribers", "sync", "--yes")
    return workspace


def read_members(workspace: Workspace, name: str) -> set[str]:
    engine = open_database(workspace)
    query = select(subscribers.c.address).join(memberships).where(memberships.c.list == name)
    with engine.begin() as connection:
        found = set(connection.scalars(query))
    engine.dispose()
    return found


def find_stops(workspace: Workspace, address: str) -> list[tuple[SuppressionReason, ScopeKind]]:
    engine = open_database(workspace)
    with engine.begin() as connection:
        found = find_suppressions(connection, hash_address(connection, parse_address(address).key))
    engine.dispose()
    return [(one.reason, one.scope.kind) for one in found]


def count_emails(workspace: Workspace) -> int:
    """How many emails to one person are to be sent."""
    engine = open_database(workspace)
    with engine.begin() as connection:
        found = connection.scalar(select(func.count()).select_from(outbox)) or 0
    engine.dispose()
    return found


def read_file(workspace: Workspace, name: str = "partners") -> list[dict[str, str]]:
    text = (workspace.root / "subscribers" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def import_file(workspace: Workspace, path: Path, *options: str, name: str = "partners", code: int = 0) -> str:
    return run(workspace, "subscribers", "import", str(path), "--list", name, *options, code=code)


def sample(name: str, folder: Path) -> Path:
    makers = {"mailchimp.zip": write_mailchimp, "form.xlsx": write_forms}
    return makers[name](folder) if name in makers else SAMPLES / name


# --- what each program's export means

EXPORTS = [
    (
        "mailchimp.zip",
        [],
        {"mary"},
        {"max": (OPTED_OUT, LIST), "both": (OPTED_OUT, LIST), "moss": (BOUNCED, ALL)},
    ),
    ("govdelivery.csv", [], {"gwen", "hal"}, {}),
    ("outlook.csv", [], {"olga", "omar"}, {}),
    ("google.csv", [], {"greta", "gina"}, {}),
    ("form.xlsx", [], {"fay"}, {}),
    (
        "listmonk.csv",
        ["--opt-outs", str(SAMPLES / "listmonk-unsubscribed.csv")],
        {"liam"},
        {"lena": (OPTED_OUT, ALL), "lola": (OPTED_OUT, LIST)},
    ),
    ("listmonk.csv", ["--without-opt-outs"], {"liam", "lola"}, {"lena": (OPTED_OUT, ALL)}),
    ("ghost.csv", [], {"gail"}, {"gabe": (OPTED_OUT, ALL)}),
    (
        "campaign-monitor.csv",
        [],
        {"cate"},
        {
            "cole": (OPTED_OUT, LIST),
            "cody": (OPTED_OUT, LIST),
            "cyan": (BOUNCED, ALL),
            "cora": (COMPLAINED, ALL),
            "curt": (OPTED_OUT, ALL),
        },
    ),
    ("phplist.txt", [], {"pete"}, {"pola": (OPTED_OUT, ALL)}),
    ("keila.csv", [], {"kurt"}, {"kate": (OPTED_OUT, ALL), "kyle": (BOUNCED, ALL)}),
    (
        "unknown.csv",
        ["--all-may-be-written-to"],
        {"uma"},
        {"ugo": (OPTED_OUT, ALL), "ulla": (BOUNCED, ALL), "ursa": (COMPLAINED, ALL)},
    ),
]


@pytest.mark.parametrize(("name", "options", "added", "stopped"), EXPORTS)
def test_an_export_adds_who_may_be_written_to_and_suppresses_who_must_not(
    workspace: Workspace,
    tmp_path: Path,
    name: str,
    options: list[str],
    *,
    added: set[str],
    stopped: dict[str, tuple[SuppressionReason, ScopeKind]],
) -> None:
    path = sample(name, tmp_path)
    before = (workspace.root / "subscribers" / "partners.csv").read_bytes()
    said = import_file(workspace, path, *options)
    assert "This was a dry run: nothing was changed." in said
    assert (workspace.root / "subscribers" / "partners.csv").read_bytes() == before
    assert all(find_stops(workspace, f"{one}@example.org") == [] for one in stopped)

    said = import_file(workspace, path, *options, "--yes")
    expected = {f"{one}@example.org" for one in added} | {"zoe@example.org"}
    assert read_members(workspace, "partners") == expected, said
    assert {row["email"] for row in read_file(workspace)} == expected
    assert {one: find_stops(workspace, f"{one}@example.org") for one in stopped} == {
        one: [stop] for one, stop in stopped.items()
    }
    again = import_file(workspace, path, *options, "--yes")
    assert read_members(workspace, "partners") == expected
    assert "0 readers to add to partners." in again


@pytest.mark.parametrize(
    ("name", "into", "words"),
    [
        ("unknown.csv", "partners", "We don’t know which program this is from"),
        ("listmonk.csv", "partners", "listmonk doesn’t export who unsubscribed from a list."),
        ("outlook.csv", "schools", "Outlook contacts has contacts, which says nothing of their consent."),
        ("google.csv", "schools", "Google Contacts has contacts, which says nothing of their consent."),
    ],
)
def test_what_a_file_does_not_say_has_to_be_stated(workspace: Workspace, name: str, into: str, words: str) -> None:
    for options in ((), ("--yes",)):
        said = import_file(workspace, SAMPLES / name, *options, name=into, code=1)
        assert words in said
    assert len(read_members(workspace, into)) == len(read_file(workspace, into))


def test_a_mailchimp_file_with_another_name_is_asked_about(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    shutil.copy(SAMPLES / "mailchimp-subscribed.csv", path)
    said = import_file(workspace, path, "--yes", code=1)
    assert "its name doesn’t say whether these people are subscribed, unsubscribed or cleaned." in said
    import_file(workspace, path, "--yes", "--all-may-be-written-to")
    assert "mary@example.org" in read_members(workspace, "partners")


def test_a_status_that_we_do_not_know_stops_the_import_by_name(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "keila.csv"
    path.write_text((SAMPLES / "keila.csv").read_text().replace("active", "resting"), encoding="utf-8")
    said = import_file(workspace, path, "--yes", code=1)
    assert "“Status” says “resting” for 1 reader (line 2), and we don’t know whether they may be written to." in said
    assert read_members(workspace, "partners") == {"zoe@example.org"}


def test_a_form_without_a_question_of_consent_asks_for_its_column(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        ("Start time", "Completion time", "Work email", "Do you teach?", "Do you want it?"),
        (45000, 45000, "fay@example.org", "Yes", "No"),
        (45000, 45000, "flo@example.org", "No", "Yes"),
    ]
    path = write_workbook(tmp_path / "form.xlsx", rows)
    said = import_file(workspace, path, "--yes", name="schools", code=1)
    assert "Which question asks for consent? Name its column: --columns consent=QUESTION." in said
    import_file(workspace, path, "--yes", "--columns", "consent=Do you want it?", name="schools")
    assert read_members(workspace, "schools") == {"flo@example.org"}


def test_columns_are_shown_with_masked_examples_and_can_be_named(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("Boss,Reader,Called\nb@example.org,r@example.org,Rae Roe\n", encoding="utf-8")
    said = import_file(workspace, path, "--columns", "email=Reader", "--columns", "name=Called", code=1)
    assert "“Reader”: email address" in said
    assert "r…\u2060@example.org (R… R…)" in said
    assert "r@example.org" not in said
    with pytest.raises(BulletinError, match="The file has no column “Raeder”\\. Did you mean “Reader”"):
        import_file(workspace, path, "--columns", "email=Raeder")


def test_a_column_without_a_heading_that_we_know_is_found_by_its_addresses(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "any.csv"
    rows = "".join(f"Person {number};p{number}@example.org\n" for number in range(30))
    path.write_text(f"Wer;Wohin\n{rows}n/a;none\n", encoding="utf-8")
    said = import_file(workspace, path, "--all-may-be-written-to")
    assert "“Wohin”: email address" in said
    assert "30 readers to add to partners." in said


def test_dates_that_could_be_two_days_are_read_day_first_and_shown(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_text("email,Consent date\nd@example.org,03/04/2020\n", encoding="utf-8")
    said = import_file(workspace, path, "--all-may-be-written-to", name="schools")
    assert "Dates are read day first: “03/04/2020” is 3 April 2020." in said


# --- what is written


def test_rows_that_were_there_stay_to_the_letter(workspace: Workspace) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    own = 'sep=;\r\n\r\nName;E-mail;"Notes, all"\r\nZoë;zoe@example.org; "a ""b"""\r\nbad row\r\nlast;l@example.org'
    path.write_bytes(own.encode("cp1252"))
    run(workspace, "subscribers", "sync", "--yes")
    import_file(workspace, SAMPLES / "ghost.csv", "--yes")
    text = path.read_bytes().decode("utf-8-sig")
    assert text == own.replace('all"\r\n', 'all";labels\r\n', 1) + "\r\nGail;gail@example.org;;partners\r\n"


def test_a_cell_that_a_spreadsheet_would_run_is_defused(workspace: Workspace) -> None:
    import_file(workspace, SAMPLES / "outlook.csv", "--yes")
    assert {row["Job Title"] for row in read_file(workspace)} == {None, "Head teacher", "'=cmd|'/c calc'!A1"}


def test_evidence_of_consent_goes_into_the_file_and_the_database(workspace: Workspace, tmp_path: Path) -> None:
    import_file(workspace, write_mailchimp(tmp_path), "--yes", name="schools")
    (row,) = read_file(workspace, "schools")
    assert (row["agreed on"], row["agreed through"]) == ("2015-03-17", "Mailchimp")
    engine = open_database(workspace)
    with engine.begin() as connection:
        (kept,) = connection.execute(select(consents)).all()
    engine.dispose()
    assert (kept.method, kept.list, kept.page, kept.network) == ("import", "schools", "Mailchimp", "203.0.113.0/24")


def test_the_columns_of_evidence_are_those_of_the_settings(make_workspace: MakeWorkspace, tmp_path: Path) -> None:
    workspace = make_workspace(lists={"partners": "email\n", "schools": "email,Joined\n"})
    settings = workspace.root / "bulletin.yaml"
    text = settings.read_text(encoding="utf-8").replace(
        "basis: consent}", "basis: consent, evidence: {when: Joined, how: Source, wording: Question}}"
    )
    settings.write_text(text, encoding="utf-8")
    import_file(workspace, write_forms(tmp_path), "--yes", name="schools")
    (row,) = read_file(workspace, "schools")
    assert (row["Joined"], row["Source"]) == ("2023-03-15", "Microsoft Forms")
    assert row["Question"] == "May we email you our bulletin?"


def test_a_list_without_a_file_gets_one(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(lists={"schools": "email\n"})
    import_file(workspace, SAMPLES / "keila.csv", "--yes")
    assert read_file(workspace) == [{"email": "kurt@example.org", "first_name": "Kurt", "last_name": "Kay"}]
    run(workspace, "subscribers", "undo", "--yes")
    assert read_file(workspace) == []


def test_hidden_rows_of_a_workbook_are_told(workspace: Workspace, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [["email"], ["a@example.org"], ["b@example.org"]], hidden=[3])
    said = import_file(workspace, path, "--all-may-be-written-to")
    assert "1 hidden in the workbook, and read as the others" in said


def test_a_sheet_is_chosen_by_number_or_name(workspace: Workspace, tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [["email"], ["a@example.org"]])
    assert "1 reader to add" in import_file(workspace, path, "--sheet", "Sheet", "--all-may-be-written-to")
    with pytest.raises(FaultyFiles, match="No column has email addresses"):
        import_file(workspace, path, "--sheet", "2")
    with pytest.raises(FaultyFiles, match=r"The sheets are: 1 \(Sheet\), 2 \(Notes\)"):
        import_file(workspace, path, "--sheet", "3")


# --- suppressions from another service


def test_a_list_of_addresses_alone_can_be_suppressed(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("zoe@example.org\nyan@example.org\nnot an address\n", encoding="utf-8")
    said = run(workspace, "subscribers", "import", str(path), "--suppress", "--yes")
    assert "2 new suppressions." in said
    assert find_stops(workspace, "yan@example.org") == [(OPTED_OUT, ALL)]
    assert find_stops(workspace, "zoe@example.org") == [(OPTED_OUT, ALL)]
    assert run(workspace, "subscribers", "import", str(path), "--suppress", "--yes").count("0 new suppressions.") == 1


def test_who_may_be_written_to_by_the_file_itself_is_not_suppressed(workspace: Workspace) -> None:
    run(workspace, "subscribers", "import", str(SAMPLES / "keila.csv"), "--suppress", "--list", "partners", "--yes")
    assert find_stops(workspace, "kurt@example.org") == []
    assert find_stops(workspace, "kyle@example.org") == [(BOUNCED, ALL)]


def test_suppressions_are_listed_as_a_table(workspace: Workspace) -> None:
    run(workspace, "subscribers", "remove", "zoe@example.org", "--yes")
    headings, row, *_ = run(workspace, "subscribers", "list", "--suppressed", "--format", "csv").splitlines()
    assert headings == "email,reason,since"
    assert row.startswith("zoe@example.org,opted out,")


# --- taking it back


def test_undo_restores_the_file_and_leaves_what_was_suppressed(workspace: Workspace, tmp_path: Path) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    before = path.read_bytes()
    import_file(workspace, write_mailchimp(tmp_path), "--yes")
    said = run(workspace, "subscribers", "undo", "--yes")
    assert "audience_export.zip was imported to partners on " in said
    assert "− mary@example.org (Mary May)" in said
    assert path.read_bytes() == before
    assert read_members(workspace, "partners") == {"zoe@example.org"}
    assert find_stops(workspace, "max@example.org") == [(OPTED_OUT, LIST)]
    assert list((workspace.state_folder / "lists-before-import").iterdir()) == []
    assert "Nothing was imported that could be undone." in run(workspace, "subscribers", "undo", "--yes", code=1)


def test_undo_keeps_what_was_edited_since(workspace: Workspace) -> None:
    import_file(workspace, SAMPLES / "ghost.csv", "--yes")
    path = workspace.root / "subscribers" / "partners.csv"
    edited = path.read_bytes() + b"new@example.org,New\r\n"
    path.write_bytes(edited)
    refused = r"has changed since ghost\.csv was imported, so the import can’t be undone"
    with pytest.raises(BulletinError, match=refused):
        run(workspace, "subscribers", "undo", "--yes")
    assert path.read_bytes() == edited


def test_the_former_file_is_for_its_owner_alone(workspace: Workspace) -> None:
    import_file(workspace, SAMPLES / "ghost.csv", "--yes")
    (kept,) = (workspace.state_folder / "lists-before-import").iterdir()
    assert kept.stat().st_mode & 0o077 == 0


# --- one person


def test_a_person_is_added_as_a_line_of_the_file(workspace: Workspace) -> None:
    said = run(workspace, "subscribers", "add", "Sam@example.org", "--list", "partners", "--name", "Sam Smith")
    assert said.endswith("Added Sam@example.org to partners.\n")
    assert read_file(workspace)[-1] == {"email": "Sam@example.org", "name": "Sam Smith"}
    assert "Sam@example.org" in read_members(workspace, "partners")
    again = run(workspace, "subscribers", "add", "sam@example.org", "--list", "partners")
    assert again == "sam@example.org is in subscribers/partners.csv already.\n"
    with pytest.raises(NotFound, match="There is no list “partner”"):
        run(workspace, "subscribers", "add", "sam@example.org", "--list", "partner")


def test_what_a_person_asked_is_kept_as_evidence_for_a_list_of_consent(workspace: Workspace) -> None:
    run(workspace, "subscribers", "add", "s@example.org", "--list", "schools", "--asked", "phoned 3 March")
    assert read_file(workspace, "schools")[0]["agreed through"] == "phoned 3 March"
    with pytest.raises(BulletinError, match="The note has an @ in it"):
        run(workspace, "subscribers", "add", "s@example.org", "--list", "schools", "--asked", "by s@example.org")


def test_a_suppressed_person_is_not_added_and_the_way_back_is_named(workspace: Workspace) -> None:
    run(workspace, "subscribers", "remove", "zoe@example.org", "--yes")
    with pytest.raises(BulletinError, match=r"ZOE@example\.org is suppressed, so nothing was changed.*--asked"):
        run(workspace, "subscribers", "add", "ZOE@example.org", "--list", "schools")
    assert read_members(workspace, "schools") == set()


def test_a_suppressed_person_who_asked_gets_one_email_to_confirm(workspace: Workspace) -> None:
    run(workspace, "subscribers", "remove", "zoe@example.org", "--yes")
    said = run(workspace, "subscribers", "add", "zoe@example.org", "--list", "schools", "--asked", "phoned 3 March")
    assert "gets one email in which they can confirm" in said
    assert read_members(workspace, "schools") == set()
    assert find_stops(workspace, "zoe@example.org") == [(OPTED_OUT, ALL)]
    with pytest.raises(BulletinError, match="was sent such an email less than a day ago"):
        run(workspace, "subscribers", "add", "zoe@example.org", "--list", "schools", "--asked", "phoned again")
    assert count_emails(workspace) == 1


def test_a_suppressed_person_is_not_asked_to_confirm_where_no_page_is_there_for_it(workspace: Workspace) -> None:
    settings = workspace.root / "bulletin.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").partition("website:")[0], encoding="utf-8")
    run(workspace, "subscribers", "remove", "zoe@example.org", "--yes")
    with pytest.raises(BulletinError, match=r"no `website`, so no link would lead anywhere"):
        run(workspace, "subscribers", "add", "zoe@example.org", "--list", "schools", "--asked", "phoned 3 March")
    assert count_emails(workspace) == 0


# --- who is on a list


def test_lists_are_counted_and_shown_with_where_people_come_from(workspace: Workspace) -> None:
    run(workspace, "subscribers", "remove", "zoe@example.org", "--yes")
    said = run(workspace, "subscribers", "list")
    assert "partners: 1 reader (1 from its file, 0 from the website), 1 suppressed" in said
    assert "schools: 0 readers" in said
    shown = run(workspace, "subscribers", "list", "partners")
    assert shown.startswith("zoe@example.org (Zoe), from the file, since ")
    assert "suppressed" in shown
    table = run(workspace, "subscribers", "list", "partners", "--format", "csv").splitlines()
    assert table[0] == "email,name,from,basis,since,suppressed,paused"
    assert table[1].startswith("zoe@example.org,Zoe,file,public-task,")


@pytest.mark.parametrize("name", ["=1+1", "+44", "-2+3", "@SUM(A1)", " =1"])
def test_a_table_of_people_never_starts_a_formula(workspace: Workspace, name: str) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    path.write_text(f"email,name,Role\n+zoe@example.org,A {name},{name}\n", encoding="utf-8")
    run(workspace, "subscribers", "sync", "--yes")
    table = run(workspace, "subscribers", "list", "partners", "--format", "csv").splitlines()
    assert table[1].startswith("'+zoe@example.org,")


# --- what a sync names


def test_role_addresses_are_named_once_with_their_lines(workspace: Workspace) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    rows = "".join(f"info@school-{number}.example.org\n" for number in range(25))
    path.write_text(f"email\nzoe@example.org\n{rows}", encoding="utf-8")
    said = run(workspace, "subscribers", "sync", "--dry-run")
    assert said.count("No one person’s address, it seems: info@school-0.example.org (line 3), ") == 1
    assert "info@school-19.example.org (line 22) and 5 more." in said


def test_addresses_that_may_be_mistyped_are_named_up_to_twenty_and_counted(workspace: Workspace) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    path.write_text("email\n" + "".join(f"p{number}@gmail.con\n" for number in range(25)), encoding="utf-8")
    said = run(workspace, "subscribers", "sync", "--dry-run")
    assert said.count("Did you mean gmail.com?") == 20
    assert "5 more addresses may be mistyped." in said


def test_each_kind_of_change_is_named_with_its_first_twenty_and_their_lines(workspace: Workspace) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    people = [f"p{number}@example.org" for number in range(30)]
    path.write_text("email,name\nzoe@example.org,Zo\n" + "\n".join(people), encoding="utf-8")
    said = run(workspace, "subscribers", "sync", "--dry-run")
    assert "  + p0@example.org, line 3\n" in said
    assert "  … and 10 more new\n" in said
    assert "  ~ zoe@example.org: name “Zoe” → “Zo”, line 2\n" in said


def test_a_jump_of_more_than_a_fifth_of_a_list_is_asked_about_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workspace.root / "subscribers" / "partners.csv"
    path.write_text("email\n" + "".join(f"p{number}@example.org\n" for number in range(30)), encoding="utf-8")
    run(workspace, "subscribers", "sync", "--yes")
    path.write_text("email\n" + "".join(f"p{number}@example.org\n" for number in range(20)), encoding="utf-8")
    monkeypatch.setattr("bulletin.cli.terminal.can_ask", lambda: True)
    with databases_closed():
        typed = CliRunner().invoke(
            make_app(), ["subscribers", "sync", "--workspace", str(workspace.root)], input="y\nn\n"
        )
    assert "partners had 30 readers, and 10 would leave it. Is that right?" in typed.output
    assert typed.exit_code == 1
    assert len(read_members(workspace, "partners")) == 30


def test_the_words_that_people_agreed_to_are_no_status(make_workspace: MakeWorkspace) -> None:
    words = "You may email me. I know that I can be unsubscribed at any time"
    rows = f"email,agreed on,agreed through,agreed to\nann@example.org,2024-01-02,form,{words}\n"
    workspace = make_workspace(lists={"partners": "email\n", "schools": rows})
    said = run(workspace, "subscribers", "sync", "--dry-run")
    assert "who still get email" not in said
    assert "+1 −0" in said


# --- no way back but the person's own


class Office:
    """A workspace on a database of either kind, with someone who has left and someone who hasn't."""

    LEFT = "ann@bücher.example"

    def __init__(self, workspace: Workspace, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.workspace, self.folder, self.patch = workspace, folder, patch
        self.file = workspace.root / "subscribers" / "partners.csv"

    def run(self, *arguments: str) -> str:
        return run(self.workspace, "subscribers", *arguments)

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")

    def export(self, text: str) -> str:
        path = self.folder / "export.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def bring(self, spelling: str) -> None:
        self.write("email\nzoe@example.org\n")
        self.run("sync", "--yes")
        self.write(f"email\nzoe@example.org\n{spelling}\n")
        self.run("sync", "--yes")

    def reach(self, key: str) -> set[str]:
        """Who would be sent an issue now."""
        engine = open_database(self.workspace)
        mailing = start_mailing(engine, make_edition(f"2021-{key}"), lists=["partners"], key=f"key{key}", now=NOON)
        with engine.begin() as connection:
            query = select(deliveries.c.address).where(deliveries.c.mailing_id == mailing.id)
            found = {address.casefold() for address in connection.scalars(query)}
        engine.dispose()
        return found

    def confirm(self) -> None:
        engine = open_database(self.workspace)
        with engine.begin() as connection:
            hash_ = hash_address(connection, parse_address(self.LEFT).key)
            come_back(connection, hash_, one_list("partners"), now=10**13)
        engine.dispose()


def bring_by_import(office: Office) -> None:
    office.write("email\nzoe@example.org\n")
    office.run("sync", "--yes")
    path = office.export(f"email\n{office.LEFT}\nnew@example.org\n")
    office.run("import", path, "--list", "partners", "--all-may-be-written-to", "--yes")


def bring_by_undo(office: Office) -> None:
    """The import after they left takes them off the file; undoing it puts the former file back."""
    path = office.export("email\nnew@example.org\n")
    office.run("import", path, "--list", "partners", "--all-may-be-written-to", "--yes")
    office.run("undo", "--yes")


def bring_by_undoing_an_import_that_suppressed(office: Office) -> None:
    path = office.export(f"email,status\n{office.LEFT},unsubscribed\nnew@example.org,active\n")
    office.run("import", path, "--list", "partners", "--all-may-be-written-to", "--yes")
    office.run("undo", "--yes")


def bring_by_add(office: Office) -> None:
    office.write("email\nzoe@example.org\n")
    office.run("sync", "--yes")
    with pytest.raises(BulletinError, match="is suppressed"):
        office.run("add", office.LEFT, "--list", "partners", "--name", "Ann")


def bring_by_new_list(office: Office) -> None:
    settings = office.workspace.root / "bulletin.yaml"
    text = settings.read_text(encoding="utf-8")
    kept = office.file.read_bytes()
    settings.write_text(text.replace("  partners: {title: Partner agencies, basis: public-task}\n", ""))
    office.file.unlink()
    office.run("sync", "--yes")
    settings.write_text(text, encoding="utf-8")
    office.file.write_bytes(kept)
    office.run("sync", "--yes")


def bring_by_old_file(office: Office) -> None:
    kept = office.file.read_bytes()
    office.write("email\nzoe@example.org\n")
    office.run("sync", "--yes")
    office.file.write_bytes(kept)
    office.run("sync", "--yes")


def bring_with_new_keys(office: Office) -> None:
    office.patch.setenv("BULLETIN_SECRET_KEY", "a new key of links, long enough to be one")
    for key in office.workspace.state_folder.glob("*.key"):
        key.unlink()
    office.bring(office.LEFT)


WAYS: dict[str, Callable[[Office], None]] = {
    "sync": lambda office: office.run("sync", "--yes") and None,
    "import": bring_by_import,
    "add": bring_by_add,
    "an edit of the file": lambda office: office.bring(office.LEFT),
    "undo": bring_by_undo,
    "undo of what suppressed": bring_by_undoing_an_import_that_suppressed,
    "a list made anew": bring_by_new_list,
    "the former file put back": bring_by_old_file,
    "capital letters": lambda office: office.bring("ANN@BÜCHER.EXAMPLE"),
    "the domain in letters of the DNS": lambda office: office.bring("Ann@xn--bcher-kva.example"),
    "new keys": bring_with_new_keys,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_brings_an_address_back_but_the_persons_own_confirmation(
    make_workspace: MakeWorkspace, tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("BULLETIN_DATABASE_URL", database_url)
    lists = {"partners": f"email,name\nzoe@example.org,Zoe\n{Office.LEFT},Ann\n", "schools": "email\n"}
    workspace = make_workspace(lists=lists, environ={"BULLETIN_DATABASE_URL": database_url})
    office = Office(workspace, tmp_path, monkeypatch)
    office.run("sync", "--yes")
    office.run("remove", office.LEFT)

    WAYS[way](office)
    assert office.LEFT not in {address.replace("xn--bcher-kva", "bücher") for address in office.reach("06")}
    assert "zoe@example.org" in office.reach("07")

    office.confirm()
    office.write(f"email\nzoe@example.org\n{office.LEFT}\n")
    office.run("sync", "--yes")
    assert office.LEFT in office.reach("08")
