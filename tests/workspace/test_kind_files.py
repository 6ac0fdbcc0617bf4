"""A workspace with a kind of section of its own: all that the product does with a section, it does with this one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from bulletin.errors import FaultyFiles
from bulletin.preview.session import PreviewSession
from bulletin.workspace.kind_files import MOST_KINDS
from bulletin.workspace.schemas import ensure_schemas
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS, write_workspace
from own_kinds import ISSUE, RECIPE, write_kinds
from typed import type_in

MakeWorkspace = Callable[..., Workspace]

CONTRIBUTORS = "contributors:\n  health: {organisation: Anytown Health, email: a@b.example.org, sections: [recipe]}\n"


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    """With a recipe in its issue."""
    made = make_workspace(issues={"2021-05": ISSUE})
    write_kinds(made.root, recipe=RECIPE)
    return made


def do(workspace: Workspace, *arguments: str) -> str:
    code, said = type_in(*arguments, "--workspace", str(workspace.root))
    assert code in (0, 1), said
    return said


def test_it_is_checked_and_the_lack_of_a_template_is_told(workspace: Workspace) -> None:
    said = do(workspace, "check", "2021-05", "--notes")

    assert "“recipe” has no template for HTML and plain text: its fields are listed instead." in said
    assert "templates/email/sections/recipe.html.j2" in said


def test_its_texts_are_proofed_and_its_names_known(workspace: Workspace) -> None:
    path = workspace.issue_path("2021-05")
    path.write_text(path.read_text("utf-8").replace("Chop the onions.", "Chop the the onons."), encoding="utf-8")
    said = do(workspace, "check", "2021-05")

    assert "onons" in said
    assert "the the" in said
    assert "Ffion" not in said.partition("How easy")[0]


def test_a_number_of_its_entries_that_is_wrong_is_noticed(workspace: Workspace) -> None:
    path = workspace.issue_path("2021-05")
    told = ISSUE.replace("    serves: 4\n", "    serves: 4\n    introduction: It takes four steps.\n")
    path.write_text(told, encoding="utf-8")

    assert "2 entries are in this section" in do(workspace, "check", "2021-05", "--notes")


def test_a_word_may_not_be_the_name_of_another_kind(workspace: Workspace) -> None:
    write_kinds(workspace.root, poem=RECIPE.replace("dish", "Recipe"))

    with pytest.raises(FaultyFiles, match="“recipe” means the kind recipe already"):
        workspace.read_own_kinds()


def test_another_workspace_never_knows_it(workspace: Workspace, tmp_path: Path) -> None:
    workspace.load_issue("2021-05")
    other = write_workspace(tmp_path / "other", issues={"2021-05": ISSUE})

    with pytest.raises(FaultyFiles, match="“recipe” is not a kind of section"):
        other.load_issue("2021-05")


def test_the_next_issue_asks_for_it_again(workspace: Workspace) -> None:
    do(workspace, "new", "2021-06")
    draft = (workspace.root / "issues/2021-06.yaml").read_text("utf-8")
    section = yaml.safe_load(draft)["sections"][0]

    assert section["items"] == [{"text": "TO WRITE"}]
    assert section["ingredients"] == ["TO WRITE"]
    assert "# write: what you need." in draft
    assert "cook" not in section


def test_what_has_changed_in_it_is_told(workspace: Workspace) -> None:
    text = ISSUE.replace("2021-05", "2021-06").replace("4 May", "1 June").replace("serves: 4", "serves: 6")
    workspace.issue_path("2021-06").write_text(text.replace("slowly", "gently"), encoding="utf-8")
    said = do(workspace, "diff", "2021-06", "2021-05")

    assert "serves: 4 → 6" in said.replace("“", "").replace("”", "")
    assert "step" in said


def test_a_contribution_may_have_it(workspace: Workspace) -> None:
    (workspace.root / "bulletin.yaml").write_text(SETTINGS + CONTRIBUTORS, encoding="utf-8")
    do(workspace, "collect", "2021-05", "--forms")
    form = next(workspace.root.rglob("health.yaml"))
    assert "serves: 4" in form.read_text("utf-8")
    assert "text (needed): What to do." in form.read_text("utf-8")

    (form.parents[1] / "health.yaml").write_text(
        "from: health\nsections:\n  - kind: recipe\n    title: Onion soup\n    serves: 4\n    ingredients: [leeks]\n"
        "    items:\n      - text: Serve it hot.\n",
        encoding="utf-8",
    )
    do(workspace, "collect", "2021-05")

    assert [step.text for step in workspace.load_issue("2021-05").sections[0].items] == [  # type: ignore[union-attr]
        "Chop the onions.",
        "Cook them slowly.",
        "Serve it hot.",
    ]


def test_settings_may_name_it_as_what_a_contributor_sends(workspace: Workspace) -> None:
    (workspace.root / "bulletin.yaml").write_text(SETTINGS + CONTRIBUTORS, encoding="utf-8")
    assert open_workspace(workspace.root, environ={}).settings.contributors["health"].sections == ("recipe",)

    (workspace.root / "sections/recipe.yaml").unlink()
    with pytest.raises(FaultyFiles, match="“recipe” is not a kind of section"):
        open_workspace(workspace.root, environ={})


def test_editors_get_schemas_that_know_it(workspace: Workspace) -> None:
    ensure_schemas(workspace)

    assert '"recipe"' in (workspace.state_folder / "issue.schema.json").read_text("utf-8")
    assert (workspace.state_folder / "kind.schema.json").exists()


def test_the_preview_picks_up_a_changed_kind_while_it_runs(workspace: Workspace) -> None:
    session = PreviewSession(workspace.root, clock=lambda: datetime(2021, 5, 1, tzinfo=UTC), environ={})
    assert session.show("2021-05").faults == ()

    write_kinds(workspace.root, recipe=RECIPE.replace("medium, hard", "fiendish").replace("easy, ", "simple, "))
    session.touch()
    assert "“easy” is not a difficulty." in session.show("2021-05").faults[0].message

    write_kinds(workspace.root, recipe="description: [\n")
    session.touch()
    assert session.show("2021-05").faults[0].file == "sections/recipe.yaml"

    write_kinds(workspace.root, recipe=RECIPE.replace("We cook it on", "Cooked on"))
    session.touch()
    showing = session.show("2021-05")
    assert showing.faults == ()
    assert showing.good
    assert "Cooked on" in showing.good.edition.html


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("events", "The product has a kind “events” of its own."),
        ("Recipe", "“Recipe” is not a name for a kind of section."),
        ("my-recipe", "“my-recipe” is not a name for a kind of section."),
        ("about", "The product has a kind “about” of its own."),
    ],
)
def test_a_file_with_a_name_that_cannot_be_is_refused(workspace: Workspace, name: str, said: str) -> None:
    write_kinds(workspace.root, **{name: RECIPE.replace("also_called: dish\n", "")})

    with pytest.raises(FaultyFiles) as caught:
        workspace.read_own_kinds()
    assert [(fault.file, fault.message) for fault in caught.value.faults] == [(f"sections/{name}.yaml", said)]


def test_faults_of_all_files_are_told_at_once(workspace: Workspace) -> None:
    write_kinds(workspace.root, quiz="fields: {}\n", poem="description: A poem.\nalso_called: dish\nfields: []\n")

    with pytest.raises(FaultyFiles) as caught:
        workspace.load_issue("2021-05")
    assert {fault.file for fault in caught.value.faults} == {"sections/quiz.yaml", "sections/poem.yaml"}
    assert len(caught.value.faults) >= 3


def test_a_word_means_one_kind(workspace: Workspace) -> None:
    write_kinds(workspace.root, meal=RECIPE, film_club=RECIPE.replace("dish", "film"))

    with pytest.raises(FaultyFiles) as caught:
        workspace.read_own_kinds()
    assert [fault.message for fault in caught.value.faults] == [
        "“film” means the kind video already.",
        "“dish” means the kind meal already.",
    ]


def test_there_is_a_limit_to_kinds(workspace: Workspace) -> None:
    plain = RECIPE.replace("also_called: dish\n", "")
    write_kinds(workspace.root, **{f"kind_{number}": plain for number in range(MOST_KINDS)})

    with pytest.raises(FaultyFiles, match=f"{MOST_KINDS + 1} kinds of section"):
        workspace.read_own_kinds()


def test_the_same_file_gives_the_same_model_and_another_file_another_one(workspace: Workspace) -> None:
    first = workspace.load_issue("2021-05")

    assert workspace.load_issue("2021-05") == first
    write_kinds(workspace.root, recipe=RECIPE.replace("cook:", "chef:").replace("next_month: emptied\n", ""))
    assert workspace.read_own_kinds()[0] is not type(first.sections[0])


def test_its_template_is_checked_like_any_other(workspace: Workspace) -> None:
    folder = workspace.root / "templates" / "email" / "sections"
    folder.mkdir(parents=True)
    template = '<p style="display:flex;position:fixed">Serves {{ section.serves }}</p>\n'
    (folder / "recipe.html.j2").write_text(template, encoding="utf-8")

    assert "templates/email/sections/recipe.html.j2" in do(workspace, "check", "2021-05", "--notes")
