"""What users read is true: each command exists and has help, each YAML block loads, each file is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bulletin.cli.app import app
from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.issue.model import Issue
from bulletin.settings.settings import Settings
from checkout import ROOT
from conftest import SETTINGS

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
README = (ROOT / "README.md").read_text(encoding="utf-8")

YAML_BLOCKS = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
SPOKEN = [
    inline or block for inline, block in re.findall(r"`(bulletin [^`]+)`|^    (bulletin .+)$", README, re.MULTILINE)
]
COMMANDS = sorted({match[1] for line in SPOKEN if (match := re.match(r"bulletin ((?:subscribers )?[a-z]+)", line))})


def test_the_readme_has_yaml_and_commands_to_test() -> None:
    assert len(YAML_BLOCKS) >= 3
    assert {"check", "render", "send", "status", "subscribers remove"} <= set(COMMANDS)


@pytest.mark.parametrize("block", YAML_BLOCKS)
def test_every_yaml_block_of_the_readme_loads(block: str) -> None:
    source = parse_source(block, shown_as="README.md")
    if "sections" in (source.data or {}):
        assert len(block.splitlines()) <= 11
        validate(source, Issue)
    else:
        assert isinstance(source.data, dict)
        whole = {**yaml.load(SETTINGS, yaml.BaseLoader), **source.data}
        Settings.model_validate(whole)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_exists_and_has_help(command: str) -> None:
    result = CliRunner().invoke(app, [*command.split(), "--help"])

    assert result.exit_code == 0


@pytest.mark.parametrize("target", ["demo", "test"])
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_to_a_file(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)|src=\"([^\"]+)\"", text)

    for target in (first or second for first, second in targets):
        if not target.startswith(("https://", "mailto:")) and target != "address":
            assert (document.parent / target).exists(), target


def test_the_map_of_the_code_names_only_modules_that_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    modules = r"`?\b(declaration|issue|edition|subscribers|approval|delivery|database|cli)[./](?!md\b)(\w+)"
    for room, module in re.findall(modules, text):
        folder = ROOT / "bulletin" / room
        assert (folder / f"{module}.py").exists() or (folder / module).exists(), f"{room}/{module}"


SHOWN = [
    *DOCUMENTS,
    ROOT / "CHANGELOG.md",
    ROOT / "Makefile",
    ROOT / "pyproject.toml",
    ROOT / "bulletin.yaml",
    *(path for path in sorted((ROOT / "bulletin").rglob("*")) if path.suffix in (".py", ".yaml", ".txt", ".md", ".j2")),
]
INSTALLING = re.compile(r"\b(?:pip3?|pipx|uv|poetry|easy_install)\b[^`\n]*\b(?:install|add|run|upgrade)\b([^`\n]*)")


def test_nobody_is_told_to_install_a_package_of_our_name_from_the_internet() -> None:
    told = [
        (path.name, match[0])
        for path in SHOWN
        for match in INSTALLING.finditer(path.read_text(encoding="utf-8"))
        if re.search(r"(?<![\w/.-])bulletin(?![\w/-])", match[1])
    ]
    assert told == []
    required = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for names in (required["dependencies"], *required["optional-dependencies"].values()):
        assert not [name for name in names if name.startswith("bulletin")]
