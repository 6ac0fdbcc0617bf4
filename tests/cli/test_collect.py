"""`bulletin collect`, as a person types it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
import typer
from lxml import etree
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner, Result

from bulletin.cli.commands.write.collect import collect
from bulletin.errors import BulletinError, FaultyFiles, NotFound
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.events import Events
from bulletin.issue.kinds.links import Links
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Training
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

CONTRIBUTORS = """\
contributors:
  health: {organisation: Anytown Health, email: news@health.example.org, sections: [training, events]}
  police: {organisation: Anytown Police, email: news@police.example.org, sections: [events]}
  fire-and-rescue: {organisation: Fire & Rescue, email: news@fire.example.org}
deadline_days: 10
"""

JUNE = """\
# The June issue: mine, and I like my comments.
month: 2021-06
published: 1 June 2021
subject: Anytown news for June
preview_text: What we did in May

sections:
  # First what cannot wait.
  - kind: notice
    title: Office hours
    text: We are closed on **31 May 2021**.   # check with Sam

  - kind: events
    title: Days to keep free
    items:
      # always first
      - title: Board meeting
        date: 9 June 2021

  - kind: links
    title: Links
    items: [{title: Past issues, link: "https://news.anytown.example.org"}]
"""

HEALTH = """\
from: health
sections:
  - kind: training
    title: Training from Health
    items:
      - title: Safe sleeping
        provider: Anytown Health
        on_demand: yes
        summary: |
          You learn:

          - what helps
          - whom to ask
  - kind: events
    title: Events
    items:
      - title: "Coffee morning: all welcome"
        date: 16 June 2021
"""

POLICE = """\
Title,Date,Starts,Place,Book.link
Open day,19 June 2021,10am,"Station, High Street",https://police.example.org/open
Talk on fraud,2021-06-22,14:00,Online,
"""


def invoke(*arguments: str, folder: Path) -> Result:
    app = typer.Typer()
    app.command()(collect)
    return CliRunner().invoke(app, [*arguments, "--workspace", str(folder)])


def run(*arguments: str, folder: Path, exit_code: int = 0) -> str:
    result = invoke(*arguments, folder=folder)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.stdout


@pytest.fixture
def place(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=SETTINGS + CONTRIBUTORS, issues={"2021-06": JUNE})


def send_in(place: Workspace, **files: str) -> None:
    """Put files, named by keyword (`health_yaml`), where contributions arrive."""
    folder = place.root / "issues/2021-06/contributions"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem.replace('_', '-')}.{suffix}").write_text(text, encoding="utf-8")


def issue_text(place: Workspace) -> str:
    return place.issue_path("2021-06").read_text(encoding="utf-8")


def test_contributions_are_placed_in_their_sections_and_all_that_was_there_stays(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH, police_events_csv=POLICE)
    said = run("2021-06", folder=place.root)
    june = place.load_issue("2021-06")

    assert [(section.kind, section.title) for section in june.sections] == [
        ("notice", "Office hours"),
        ("events", "Days to keep free"),
        ("links", "Links"),
        ("training", "Training from Health"),
    ]
    events, training = june.sections[1], june.sections[3]
    assert isinstance(events, Events)
    assert isinstance(training, Training)
    titles = [event.title for event in events.items]
    assert titles == ["Board meeting", "Coffee morning: all welcome", "Open day", "Talk on fraud"]
    assert training.items[0].summary == "You learn:\n\n- what helps\n- whom to ask"
    assert set(JUNE.splitlines()) <= set(issue_text(place).splitlines())
    assert "+ “Open day” at “Days to keep free”" in said


def test_who_sent_more_words_than_a_contributor_may_is_named(place: Workspace) -> None:
    settings = place.root / "bulletin.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "budget: {contributor: 20}\n", encoding="utf-8")
    long = HEALTH.replace("- whom to ask", f"- {' '.join(['word'] * 24)}")
    send_in(place, health_yaml=long, police_events_csv=POLICE)
    said = run("2021-06", folder=place.root)

    assert "Anytown Health sent 40 words, 20 over. Shorten them, or ask for fewer." in said
    assert "Anytown Police sent" not in said


def test_what_is_placed_is_signed_above_it(place: Workspace) -> None:
    send_in(place, police_events_csv=POLICE)
    run(folder=place.root)
    lines = issue_text(place).splitlines()
    at = lines.index("      - title: Open day")

    assert lines[at - 1].startswith("      # from Anytown Police, police-events.csv (")


def test_the_same_command_again_changes_nothing(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH, police_events_csv=POLICE)
    run(folder=place.root)
    once = issue_text(place)
    said = run(folder=place.root)

    assert issue_text(place) == once
    assert "police-events.csv: nothing new, 2 items already there" in said


def test_what_the_officer_edits_or_deletes_is_not_placed_again(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH, police_events_csv=POLICE)
    run(folder=place.root)
    edited = issue_text(place).replace("Safe sleeping", "Sleeping safely").replace("19 June 2021", "20 June 2021")
    place.issue_path("2021-06").write_text(edited, encoding="utf-8")
    run(folder=place.root)

    assert issue_text(place) == edited


def test_what_is_added_to_a_contribution_later_is_all_that_is_placed(place: Workspace) -> None:
    send_in(place, police_events_csv=POLICE)
    run(folder=place.root)
    send_in(place, police_events_csv=POLICE + "Fun run,26 June 2021,,,\n")
    said = run(folder=place.root)

    assert "1 item placed, 2 items already there" in said
    assert issue_text(place).count("- title: Open day") == issue_text(place).count("- title: Fun run") == 1


def test_what_its_sender_has_changed_is_told_and_not_placed_beside_the_old(place: Workspace) -> None:
    send_in(place, police_events_csv=POLICE)
    run(folder=place.root)
    once = issue_text(place)
    send_in(place, police_events_csv=POLICE.replace("19 June", "26 June"))
    said = run(folder=place.root, exit_code=1)

    assert "“Open day” from Anytown Police has changed:\n  police-events.csv was saved again on " in said
    assert "  date: “19 June 2021” → “26 June 2021”\n" in said
    assert said.endswith("To make these changes, run: bulletin collect 2021-06 --yes\n")
    assert issue_text(place) == once


def test_a_list_in_brackets_is_added_to_as_well(place: Workspace) -> None:
    send_in(place, police_links_csv="title,link\nReport it,https://police.example.org\n")
    run(folder=place.root)
    links = place.load_issue("2021-06").sections[2]

    assert isinstance(links, Links)
    assert [link.title for link in links.items] == ["Past issues", "Report it"]


def test_figures_and_dates_are_written_as_a_person_writes_them(place: Workspace) -> None:
    send_in(place, police_events_csv=POLICE)
    run(folder=place.root)

    assert "        date: 19 June 2021\n        starts: 10am\n" in issue_text(place)


def test_the_same_item_in_two_files_is_placed_once(place: Workspace) -> None:
    yaml = "from: police\nkind: events\nitems:\n  - title: Talk on fraud\n    date: 22 June 2021\n"
    send_in(place, police_yaml=yaml, police_events_csv="title,date\nTalk on fraud,22 June 2021\n")
    run(folder=place.root)

    assert issue_text(place).count("Talk on fraud") == 1


def test_a_faulty_item_is_told_in_words_and_the_others_are_placed(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH.replace("16 June", "31 June"), police_events_csv=POLICE)
    said = run(folder=place.root, exit_code=1)

    assert "health.yaml:18:15: “31 June 2021” does not exist: June 2021 has 30" in said
    assert "Open day" in issue_text(place)
    assert "Safe sleeping" in issue_text(place)
    assert "Coffee morning" not in issue_text(place)


def test_it_says_who_is_awaited_and_until_when(place: Workspace) -> None:
    send_in(place, health_yaml="from: health\nkind: events\nitems: [{title: Fair, date: 9 June 2021}]\n")
    said = run(folder=place.root)

    assert "The deadline for June 2021 is Saturday 22 May 2021, " in said
    assert said[said.index("No reply yet:") :].splitlines()[1:4] == [
        "  - Anytown Health <news@health.example.org>: training",
        "  - Anytown Police <news@police.example.org>: events",
        "  - Fire & Rescue <news@fire.example.org>",
    ]


def test_what_was_sent_with_faults_is_not_called_awaited(place: Workspace) -> None:
    send_in(place, june_yaml=HEALTH.replace("16 June", "31 June"), police_events_csv="title,date\nTalk,soon\n")
    said = run(folder=place.root, exit_code=1)

    assert said[said.index("Sent, with faults to fix:") :].splitlines() == [
        "Sent, with faults to fix:",
        "  - Anytown Health <news@health.example.org>: june.yaml",
        "  - Anytown Police <news@police.example.org>: police-events.csv",
        "No reply yet:",
        "  - Fire & Rescue <news@fire.example.org>",
        "issues/2021-06.yaml is updated. See it with: bulletin preview 2021-06",
    ]


def test_a_faulty_contribution_is_told_even_where_the_senders_others_are_in_order(place: Workspace) -> None:
    send_in(place, police_events_csv=POLICE, police_links_csv="title,link\nUs,police\n")
    said = run(folder=place.root, exit_code=1)

    assert "  - Anytown Police <news@police.example.org>: police-links.csv" in said


def test_formulas_saved_without_values_hold_their_row_back(make_workspace: MakeWorkspace) -> None:
    contributors = "contributors:\n  police: {organisation: Anytown Police, email: news@police.example.org}\n"
    place = make_workspace(settings=SETTINGS + contributors, issues={"2021-06": JUNE})
    folder = place.root / "issues/2021-06/contributions"
    folder.mkdir(parents=True)
    book = Workbook()
    book.worksheets[0].title = "events"
    for row in (["title", "date"], ["Open day", "19 June 2021"], ['="Talk"', '="22 June 2021"']):
        book.worksheets[0].append(row)
    book.save(folder / "police.xlsx")
    said = run(folder=place.root, exit_code=1)

    assert "A formula has no saved value in cells A3, B3, so its result is unknown. Open the workbook" in said
    assert "Sent, with faults to fix:\n  - Anytown Police <news@police.example.org>: police.xlsx" in said
    assert "Everyone has sent" not in said
    assert "Open day" in issue_text(place)
    assert "Talk" not in issue_text(place)


CAMPAIGN = {
    "title": "Lock it or lose it",
    "text": "Thieves try doors. Most find one that is open.",
    "status": "running",
    "phase": "1 of 2",
    "ends": "30 June 2021",
    "ask.text": "Put up the poster.",
    "ask.button": "Get the poster",
    "ask.link": "https://police.example.org/poster",
}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_campaign_comes_as_a_row_of_a_table(suffix: str, place: Workspace) -> None:
    folder = place.root / "issues/2021-06/contributions"
    folder.mkdir(parents=True)
    if suffix == "csv":
        rows = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (CAMPAIGN, CAMPAIGN.values()))
        (folder / "police-campaign.csv").write_text(rows, encoding="utf-8")
    else:
        book = Workbook()
        book.worksheets[0].title = "campaign"
        for row in (CAMPAIGN, CAMPAIGN.values()):
            book.worksheets[0].append(list(row))
        book.save(folder / "police.xlsx")
    run(folder=place.root)
    section = place.load_issue("2021-06").sections[-1]

    assert isinstance(section, Campaign)
    assert (section.title, str(section.phase), section.status) == ("Lock it or lose it", "Phase 1 of 2", "running")
    assert section.ask is not None
    assert (section.ask.button, section.ask.link) == ("Get the poster", "https://police.example.org/poster")
    assert "  # from Anytown Police, police" in issue_text(place)


def test_a_fault_in_a_campaigns_row_is_at_its_cell(place: Workspace) -> None:
    send_in(place, police_campaign_csv="title,text,phase\nLock it,Doors.,3 of 2\n")

    assert "police-campaign.csv:2:16: “3 of 2” is not a phase" in run(folder=place.root, exit_code=1)


def test_a_dry_run_changes_nothing(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH)
    said = run("--dry-run", folder=place.root)

    assert "+ “Safe sleeping” as a new section “Training from Health”" in said
    assert issue_text(place) == JUNE


def test_what_does_not_go_together_with_the_issue_is_refused(place: Workspace) -> None:
    own = JUNE + (
        "\n  - kind: priorities\n    title: Priorities\n    items:\n"
        "      - {number: 6, title: Neglect, status: planned, summary: It begins.}\n"
    )
    place.issue_path("2021-06").write_text(own, encoding="utf-8")
    send_in(place, health_priorities_csv="number,title,status,summary\n6,Another,planned,It begins.\n")
    said = run(folder=place.root, exit_code=1)

    assert "It doesn’t fit into issues/2021-06.yaml: Two priorities have the number 6." in said
    assert issue_text(place) == own


def test_what_is_for_some_lists_only_is_not_put_where_everybody_reads_it(place: Workspace) -> None:
    yaml = HEALTH.replace("title: Events\n", "title: Events\n    for: schools\n")
    send_in(place, health_yaml=yaml)
    run(folder=place.root)

    assert [section.for_ for section in place.load_issue("2021-06").sections if section.kind == "events"] == [
        (),
        ("schools",),
    ]


def test_words_that_have_no_place_are_named(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH.replace("title: Events\n", "title: Events\n    introduction: All free.\n"))

    assert "  - not added: introduction of “Events”" in run(folder=place.root)


def test_resources_go_below_the_heading_that_the_issue_has_or_one_of_their_own(place: Workspace) -> None:
    groups = "      - {title: Reports, items: [{title: Old, link: 'https://a.example'}]}\n"
    own = JUNE + f"\n  - kind: resources\n    title: Resources\n    groups:\n{groups}"
    place.issue_path("2021-06").write_text(own, encoding="utf-8")
    rows = "title,link,group\nNew,https://b.example,reports\nTool,https://c.example,Tools\n"
    send_in(place, police_resources_csv=rows)
    said = run(folder=place.root)
    section = place.load_issue("2021-06").sections[-1]

    assert isinstance(section, Resources)
    assert [(group.title, [one.title for one in group.items]) for group in section.groups] == [
        ("Reports", ["Old", "New"]),
        ("Tools", ["Tool"]),
    ]
    assert issue_text(place).count("# from Anytown Police, police-resources.csv (") == 2
    assert "+ “Tool” at “Resources”" in said


def test_an_issue_with_faults_is_to_be_mended_first(place: Workspace) -> None:
    place.issue_path("2021-06").write_text(JUNE.replace("9 June", "39 June"), encoding="utf-8")
    send_in(place, health_yaml=HEALTH)

    with pytest.raises(FaultyFiles, match="39 June"):
        run(folder=place.root)


def test_the_ends_of_lines_stay_those_of_the_issue(place: Workspace) -> None:
    place.issue_path("2021-06").write_bytes(JUNE.replace("\n", "\r\n").encode())
    send_in(place, health_yaml=HEALTH)
    run(folder=place.root)
    written = place.issue_path("2021-06").read_bytes()

    assert written.count(b"\r\n") == written.count(b"\n") > JUNE.count("\n")


def test_contributions_are_no_issues(place: Workspace) -> None:
    send_in(place, health_yaml=HEALTH)

    assert list(place.issue_ids()) == ["2021-06"]


def test_without_contributors_anybody_may_send_and_nobody_is_awaited(make_workspace: MakeWorkspace) -> None:
    place = make_workspace(issues={"2021-06": JUNE})
    send_in(place, health_yaml=HEALTH)
    said = run(folder=place.root)

    assert "health, health.yaml: 2 items placed" in said
    assert "bulletin.yaml has no `contributors:`" in said


def test_without_an_issue_there_is_nothing_to_collect_for(make_workspace: MakeWorkspace) -> None:
    place = make_workspace()
    place.issue_path("2021-05").unlink()

    with pytest.raises(NotFound, match="There is no issue yet"):
        run(folder=place.root)


def test_a_blank_form_is_written_for_each_contributor_and_never_over_another(place: Workspace) -> None:
    said = run("--forms", folder=place.root)
    forms = place.root / "issues/2021-06/contributions/forms"
    before = {path.name: path.read_bytes() for path in forms.iterdir()}
    again = run("--forms", folder=place.root)

    assert sorted(before) == sorted(
        f"{name}.{suffix}" for name in ("health", "police", "fire-and-rescue") for suffix in ("yaml", "xlsx")
    )
    assert said.count(" is written.") == again.count(" already exists.") == 6
    assert {path.name: path.read_bytes() for path in forms.iterdir()} == before


def test_a_form_in_yaml_loads_once_its_example_is_used(place: Workspace) -> None:
    run("--forms", folder=place.root)
    form = (place.root / "issues/2021-06/contributions/forms/health.yaml").read_text(encoding="utf-8")
    used = [
        line.replace("  # ", "  ", 1)
        for line in form.partition("  # Its fields:")[0].splitlines()
        if not line.startswith("  # Training offers")
    ]
    send_in(place, health_yaml="\n".join(used) + "\n")
    run(folder=place.root)

    assert "by 22 May 2021, as health.yaml." in form
    assert place.load_issue("2021-06").sections[-1].kind == "training"


def test_a_form_as_a_workbook_has_a_sheet_for_each_kind_and_is_taken_in_when_it_is_filled_in(place: Workspace) -> None:
    run("--forms", folder=place.root)
    contributions = place.root / "issues/2021-06/contributions"
    book = load_workbook(contributions / "forms/health.xlsx")
    assert book.sheetnames == ["How to fill in", "training", "events"]
    headings = [cell.value for cell in book["training"][1]]
    assert headings[:2] == ["title *", "provider *"]
    choices = {str(one.sqref): one.formula1 for one in book["training"].data_validations.dataValidation}
    assert '"yes,no"' in choices.values()
    for name, value in {"title *": "Safe sleeping", "provider *": "Us", "on_demand": "yes"}.items():
        book["training"].cell(row=3, column=headings.index(name) + 1).value = value
    book.save(contributions / "health.xlsx")
    said = run(folder=place.root)

    training = place.load_issue("2021-06").sections[-1]
    assert isinstance(training, Training)
    assert [course.title for course in training.items] == ["Safe sleeping"]
    assert "Anytown Health <news@health.example.org>: events" in said


def test_forms_are_for_somebody(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(BulletinError, match="no contributors to write a form for"):
        run("--forms", folder=make_workspace().root)


def test_a_kind_that_does_not_exist_cannot_be_expected(make_workspace: MakeWorkspace) -> None:
    with pytest.raises(FaultyFiles, match="“event” is not a kind of section"):
        make_workspace(settings=SETTINGS + CONTRIBUTORS.replace("[events]", "[event]"))


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def test_a_form_as_a_workbook_is_what_its_own_parts_say(place: Workspace) -> None:
    """The parts as any program reads them: notes, choices, widths, a heading that stays, and cells that are text."""
    run("--forms", folder=place.root)
    with ZipFile(place.root / "issues/2021-06/contributions/forms/health.xlsx") as package:
        parts = {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith("xml")}
        assert package.testzip() is None
    sheet = parts["xl/worksheets/sheet2.xml"]
    order = [etree.QName(element).localname for element in sheet]
    (pane,) = sheet.iter(f"{SHEET}pane")
    choices = list(sheet.iter(f"{SHEET}dataValidation"))

    assert [one for one in ("sheetViews", "cols", "sheetData", "dataValidations") if one in order] == sorted(
        set(order) & {"sheetViews", "cols", "sheetData", "dataValidations"}, key=order.index
    )
    assert (pane.get("state"), pane.get("topLeftCell")) == ("frozen", "A2")
    assert {one.findtext(f"{SHEET}formula1") for one in choices} == {'"yes,no"'}
    # Excel calls a file with more damaged
    assert all(len(one.findtext(f"{SHEET}formula1") or "") <= 255 for one in choices)
    assert all(float(column.get("width", "0")) >= 20 for column in sheet.iter(f"{SHEET}col"))
    notes = [name for name in parts if "comments" in name]
    assert len(notes) == 2
    assert all("".join(note.itertext()).strip() for name in notes for note in parts[name].iter(f"{SHEET}comment"))
