"""What users read is true: each command exists and has help, each YAML block loads, each link leads somewhere."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bulletin.cli.app import make_app
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from checkout import ROOT
from conftest import SETTINGS
from new_workspace import ENOUGH

README = ROOT / "README.md"
GUIDES = [README, *sorted((ROOT / "docs").glob("*.md"))]
DOCUMENTS = sorted([*GUIDES, ROOT / "CONTRIBUTING.md"])


COMMAND = "(?:subscribers |database |theme |token )?[a-z]+"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


YAML_BLOCKS = [
    pytest.param(path, block, id=f"{path.name}-{number}")
    for path in GUIDES
    for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", read(path), re.DOTALL), 1)
]


def find_commands(path: Path) -> set[str]:
    """The commands that a document tells people to type: `check`, `subscribers sync`."""
    spoken = re.findall(r"`(bulletin [^`]+)`|^    (bulletin .+)$", read(path), re.MULTILINE)
    lines = (inline or block for inline, block in spoken)
    return {match[1] for line in lines if (match := re.match(rf"bulletin ({COMMAND})", line))}


def find_options(path: Path) -> set[tuple[str, str]]:
    """Each command with each option that a document gives it."""
    spoken = re.findall(r"`bulletin ([^`]+)`|^    bulletin (.+)$", read(path), re.MULTILINE)
    found = set()
    for line in (inline or block for inline, block in spoken):
        if match := re.match(rf"({COMMAND})", line):
            found |= {(match[1], option) for option in re.findall(r"(?<!\S)--[a-z-]+", line)}
    return found


COMMANDS = sorted({command for path in GUIDES for command in find_commands(path)})
OPTIONS = sorted({pair for path in GUIDES for pair in find_options(path)})


def test_the_readme_is_a_page_for_officers() -> None:
    assert len(read(README).splitlines()) <= 200
    assert {"new", "preview", "check", "test", "approve", "send", "status"} <= find_commands(README)
    assert {"render", "draft", "collect", "schedule", "pause", "subscribers remove"} <= find_commands(README)
    assert len(YAML_BLOCKS) >= 8


@pytest.mark.parametrize(("path", "block"), YAML_BLOCKS)
def test_every_yaml_block_loads(path: Path, block: str) -> None:
    source = parse_source(block, shown_as=path.name)
    if "sections" in (source.data or {}):
        assert len(block.splitlines()) <= 11
        validate(source, Issue)
    else:
        assert isinstance(source.data, dict)
        whole = {**yaml.load(SETTINGS, yaml.BaseLoader), **source.data}
        Settings.model_validate(whole)


def test_the_issue_of_the_readme_is_in_order(tmp_path: Path) -> None:
    block = next(block for block in re.findall(r"```yaml\n(.*?)```", read(README), re.DOTALL) if "sections:" in block)
    workspace = tmp_path / "our-news"
    assert CliRunner().invoke(make_app(), ["init", str(workspace), *ENOUGH]).exit_code == 0
    for issue in (workspace / "issues").glob("*.yaml"):
        issue.unlink()
    (workspace / "issues" / "2026-12.yaml").write_text(block, encoding="utf-8")

    result = CliRunner().invoke(make_app(), ["check", "2026-12", "--workspace", str(workspace)])

    assert result.exit_code == 0
    assert "in order" in result.output, result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_exists_and_has_help(command: str) -> None:
    result = CliRunner().invoke(make_app(), [*command.split(), "--help"])

    assert result.exit_code == 0


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_exists(command: str, option: str) -> None:
    result = CliRunner().invoke(make_app(), [*command.split(), "--help"], env={"COLUMNS": "200"})

    assert option in result.output


@pytest.mark.parametrize("target", ["demo", "test"])
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^    make {target}$", read(README), re.MULTILINE)
    assert re.search(rf"^{target}:", read(ROOT / "Makefile"), re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_to_a_file_and_a_heading(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)[^)]*\)|src=\"([^\"]+)\"", read(document))

    for target in (first or second for first, second in targets):
        if not target.startswith(("https://", "mailto:", "tel:")) and target != "address":
            file, _, anchor = target.partition("#")
            place = document.parent / file if file else document
            assert place.exists(), target
            assert not anchor or anchor in find_anchors(place), target


def find_anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", read(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_guide_is_reached_from_the_readme() -> None:
    reached, left = set[Path](), [README]
    while left:
        document = left.pop()
        if document not in reached:
            reached.add(document)
            links = re.findall(r"\]\(([^)#\s]+\.md)", read(document))
            left += [path for link in links if (path := (document.parent / link).resolve()).exists()]

    assert [path.name for path in GUIDES if path not in reached] == []


@cache
def find_texts() -> str:
    """Every text in the package's modules, one after the other."""
    texts = []
    for path in sorted((ROOT / "bulletin").rglob("*.py")):
        nodes = ast.walk(ast.parse(read(path)))
        texts += [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(texts)


QUOTED = re.findall(r"^\*\*“(.+?)”\*\*", read(ROOT / "docs" / "problems.md"), re.MULTILINE)


@pytest.mark.parametrize("message", QUOTED)
def test_every_message_that_is_explained_is_one_that_can_be_shown(message: str) -> None:
    """Between its “…”, to the letter: so people can search for what they see."""
    for part in re.split(r"\s*…\s*", message):
        assert part.removesuffix(".").strip() in find_texts(), part


SHOWN = [
    *DOCUMENTS,
    ROOT / "CHANGELOG.md",
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    ROOT / "bulletin.yaml",
    *(path for path in sorted((ROOT / "bulletin").rglob("*")) if path.suffix in (".py", ".yaml", ".txt", ".md", ".j2")),
]
INSTALLING = re.compile(r"\b(?:pip3?|pipx|uv|poetry|easy_install)\b[^`\n]*\b(?:install|add|run|upgrade)\b([^`\n]*)")


def test_no_one_is_told_to_install_a_package_of_our_name_from_the_internet() -> None:
    told = [
        (path.name, match[0])
        for path in SHOWN
        for match in INSTALLING.finditer(read(path))
        if re.search(r"(?<![\w/.-])bulletin(?![\w/-])", match[1])
    ]
    assert told == []
    required = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    for names in (required["dependencies"], *required["optional-dependencies"].values()):
        assert not [name for name in names if name.startswith("bulletin")]
