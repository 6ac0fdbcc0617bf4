"""Compares what a wheel and an sdist hold with what the repository has. A file too many could be somebody's list."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Final

PLACES: Final = {
    "bulletin/": "bulletin/",
    "templates/": "bulletin/theme/",
    "issues/": "bulletin/sample/issues/",
    "subscribers/": "bulletin/sample/subscribers/",
    "bulletin.yaml": "bulletin/sample/bulletin.yaml",
}
"""Where the wheel has what the repository keeps at its top. All else stays out."""

METADATA: Final = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


def list_tracked(root: Path) -> set[str]:
    """The files that Git knows, relative to `root`. Raises CalledProcessError where there is no repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.split("\0") if name and (root / name).is_file()}


def place_in_wheel(tracked: set[str]) -> set[str]:
    """The names in the wheel of all that belongs there."""
    return {
        place + name.removeprefix(start) if start.endswith("/") else place
        for name in tracked
        for start, place in PLACES.items()
        if (name.startswith(start) if start.endswith("/") else name == start)
    }


def judge_wheel(wheel: Path, tracked: set[str]) -> list[str]:
    """What is missing in a wheel, or too much in it, a line each."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    folder = "-".join(wheel.name.split("-")[:2]) + ".dist-info"
    wanted = place_in_wheel(tracked) | {f"{folder}/{name}" for name in METADATA}
    return _compare(wheel, names, wanted)


def judge_sdist(sdist: Path, tracked: set[str], wanted_tops: set[str]) -> list[str]:
    """What is missing in an sdist, or too much in it. `wanted_tops` names the files and folders at its top."""
    with tarfile.open(sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    wanted = {name for name in tracked if name.partition("/")[0] in wanted_tops}
    return _compare(sdist, names - {"PKG-INFO"}, wanted | ({".gitignore"} & names))


def _compare(file: Path, names: set[str], wanted: set[str]) -> list[str]:
    missing = [f"{file.name} lacks {name}" for name in sorted(wanted - names)]
    return missing + [f"{file.name} has {name}, which Git doesn't know" for name in sorted(names - wanted)]
