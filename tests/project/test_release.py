"""What `make release` refuses: a file that Git doesn't know, one that is missing, a licence that we don't allow."""

from __future__ import annotations

import re
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from checkout import ROOT

sys.path.insert(0, str(ROOT / "release"))  # scripts, and no package

from contents import METADATA, judge_sdist, judge_wheel
from licences import BY_HAND, is_allowed, list_refused, read_licence
from pythons import SUPPORTED, find_pythons

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TRACKED = {"bulletin/errors.py", "templates/web/style.css", "subscribers/partners.csv", "bulletin.yaml", "tests/a.py"}
IN_THE_WHEEL = {
    "bulletin/errors.py",
    "bulletin/theme/web/style.css",
    "bulletin/sample/subscribers/partners.csv",
    "bulletin/sample/bulletin.yaml",
    *(f"ebulletin-0.1.0.dist-info/{name}" for name in METADATA),
}


def make_wheel(folder: Path, names: set[str]) -> Path:
    path = folder / "ebulletin-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(names):
            archive.writestr(name, "")
    return path


def make_sdist(folder: Path, names: set[str]) -> Path:
    path = folder / "ebulletin-0.1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in sorted(names):
            archive.addfile(tarfile.TarInfo(f"ebulletin-0.1.0/{name}"))
    return path


def test_a_wheel_has_what_git_knows_where_it_belongs(tmp_path: Path) -> None:
    assert judge_wheel(make_wheel(tmp_path, IN_THE_WHEEL), TRACKED) == []


def test_a_list_of_real_readers_that_lies_in_the_folder_is_not_published(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, {*IN_THE_WHEEL, "bulletin/sample/subscribers/readers.csv"})
    sdist = make_sdist(tmp_path, {"PKG-INFO", "subscribers/partners.csv", "subscribers/readers.csv"})

    assert judge_wheel(wheel, TRACKED) == [
        "ebulletin-0.1.0-py3-none-any.whl has bulletin/sample/subscribers/readers.csv, which Git doesn't know"
    ]
    assert judge_sdist(sdist, TRACKED, {"subscribers"}) == [
        "ebulletin-0.1.0.tar.gz has subscribers/readers.csv, which Git doesn't know"
    ]


def test_a_template_that_is_missing_is_named(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, IN_THE_WHEEL - {"bulletin/theme/web/style.css"})

    assert judge_wheel(wheel, TRACKED) == ["ebulletin-0.1.0-py3-none-any.whl lacks bulletin/theme/web/style.css"]


@pytest.mark.parametrize(
    "expression", ["MIT", "MIT OR GPL-2.0", "(Apache-2.0 OR BSD-3-Clause) AND MIT", "LGPL-3.0-only", "MPL-2.0"]
)
def test_licences_that_leave_everyone_free_are_allowed(expression: str) -> None:
    assert is_allowed(expression)


@pytest.mark.parametrize(
    "expression", ["GPL-3.0-or-later", "AGPL-3.0", "MIT AND GPL-2.0", "", "as you like", "SSPL-1.0"]
)
def test_licences_that_bind_or_that_no_one_can_read_are_refused(expression: str) -> None:
    assert not is_allowed(expression)


def find_dependencies() -> dict[str, Distribution]:
    """Everything that the package and its extras bring, at any depth, as it is installed here."""
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *(name for extra in extras if extra != "test" for name in extras[extra])]
    left, found = [(Requirement(name), "") for name in wanted], dict[str, Distribution]()
    while left:
        requirement, extra = left.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        known = name in found
        found[name] = distribution(name)
        for extra in {"", *requirement.extras} if not known or requirement.extras else ():
            left += [(Requirement(one), extra) for one in found[name].requires or ()]
    return found


def test_every_dependency_has_a_licence_that_we_allow_and_a_version_that_is_pinned() -> None:
    found = find_dependencies()
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)

    assert len(found) > 50
    assert list_refused(map(read_licence, found.values())) == []
    assert found.keys() - {re.sub(r"[-_.]+", "-", name).lower() for name in pinned} == set()
    assert BY_HAND.keys() <= found.keys()


def test_the_classifiers_name_every_python_that_a_release_is_tried_on() -> None:
    named = {one.rpartition(" ")[2] for one in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", one)}

    assert named <= set(SUPPORTED)
    assert PROJECT["requires-python"] == f">={SUPPORTED[0]}"


def test_the_python_that_runs_the_tests_is_found_and_a_name_that_leads_nowhere_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = "{}.{}".format(*sys.version_info)
    (tmp_path / "shim").mkdir()
    (tmp_path / "real").mkdir()
    shim, real = tmp_path / "shim" / f"python{here}", tmp_path / "real" / f"python{here}"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o700)
    real.symlink_to(Path(sys.base_prefix) / "bin" / f"python{here}")
    monkeypatch.setenv("PATH", f"{shim.parent}:{real.parent}:/bin")

    assert find_pythons()[here] == real


CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
VERSIONS = re.findall(r"^## (.+)$", CHANGELOG, re.MULTILINE)


def test_the_changelog_has_its_versions_in_order_each_with_its_day() -> None:
    first, *released = VERSIONS if VERSIONS[0] == "Unreleased" else ("Unreleased", *VERSIONS)
    numbers = [tuple(map(int, re.findall(r"\d+", one.partition(" – ")[0]))) for one in released]

    assert first == "Unreleased"
    assert [one for one in released if not re.fullmatch(r"\d+\.\d+\.\d+ – \d{4}-\d{2}-\d{2}", one)] == []
    assert numbers == sorted(numbers, reverse=True)


def test_the_changelog_says_what_was_added_changed_fixed_or_removed_in_whole_sentences() -> None:
    kinds = set(re.findall(r"^### (.+)$", CHANGELOG, re.MULTILINE))
    entries = re.findall(r"^- (.+(?:\n  .+)*)", CHANGELOG, re.MULTILINE)

    assert kinds <= {"Added", "Changed", "Deprecated", "Fixed", "Removed", "Security"}
    assert len(entries) > 100
    assert [one for one in entries if not re.search(r"[.?!”)]$", one)] == []


def test_each_version_has_its_part_of_the_page_on_upgrading() -> None:
    page = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)

    for version in VERSIONS:
        wanted = "The next version" if version == "Unreleased" else version.partition(" ")[0]
        assert [one for one in headings if one.startswith(wanted)], wanted
