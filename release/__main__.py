"""Build what is published into dist/, and prove that it works where nothing else is installed: `make release`.

The wheel and the sdist have exactly what Git knows, and come out the same to the byte when they are built again. The
wheel works on each Python that is here. Sizes and licences are within bounds. An SBOM says what it depends on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from contents import judge_sdist, judge_wheel, list_tracked
from installed import list_installed, measure
from licences import list_refused, read_licence
from pythons import find_pythons

ROOT: Final = Path(__file__).resolve().parents[1]
DIST: Final = ROOT / "dist"
PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
CORE_LIMIT: Final = 120_000_000  # bytes by RECORD, without what Python compiles
ALL_LIMIT: Final = 350_000_000
SBOM_TOOL: Final = "cyclonedx-bom==7.5.0"

ANSWERS: Final = """\
name: Northfield Safeguarding Partnership
title: Northfield news
from: news@northfield.example.org
list: [partners=public-task]
"""
"""What a newcomer answers to `bulletin init`."""


class ReleaseError(Exception):
    """Why this can't be published."""


def run(*command: str | Path, folder: Path = ROOT, **environ: str) -> str:
    """What a command prints. Raises ReleaseError with all that it said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BULLETIN_"))}
    done = subprocess.run(command, cwd=folder, env=clean | environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def build(source: Path, out: Path) -> tuple[Path, Path]:
    """The wheel and the sdist of a source tree. Their times are those of the last commit, so each build is the same."""
    moment = run("git", "log", "-1", "--format=%ct").strip()
    run(sys.executable, "-m", "hatchling", "build", "--directory", out, folder=source, SOURCE_DATE_EPOCH=moment)
    (wheel,), (sdist,) = out.glob("*.whl"), out.glob("*.tar.gz")
    return wheel, sdist


def check_contents(wheel: Path, sdist: Path) -> None:
    """Raises ReleaseError for each file that is missing or too much."""
    tracked, tops = list_tracked(ROOT), set(PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"])
    if faults := judge_wheel(wheel, tracked) + judge_sdist(sdist, tracked, tops):
        raise ReleaseError("\n".join(faults))


def check_again(wheel: Path, sdist: Path, folder: Path) -> None:
    """Build both from the sdist alone. Raises ReleaseError unless they are the same to the byte."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    again = build(folder / sdist.name.removesuffix(".tar.gz"), folder / "again")
    for one, other in zip((wheel, sdist), again, strict=True):
        if digest(one) != digest(other):
            raise ReleaseError(f"{one.name} isn't the same when it is built from its sdist.")


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def install(python: Path, environment: Path, *wanted: str) -> Path:
    """Install into a new environment, pinned by constraints.txt; return the folder of its programs."""
    run(python, "-m", "venv", environment)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, *wanted, PIP_CONSTRAINT=str(ROOT / "constraints.txt"))
    return programs


def try_wheel(programs: Path, folder: Path) -> None:
    """Use the installed command as a newcomer does. Raises ReleaseError if it can't be used so."""
    command = programs / "bulletin"
    folder.mkdir()
    if PROJECT["project"]["name"] not in run(command, "version", folder=folder):
        raise ReleaseError("bulletin version doesn't say the name of the package.")
    if "each got exactly one" not in run(command, "demo", folder=folder):
        raise ReleaseError("bulletin demo doesn't prove that each reader got exactly one.")
    (folder / "answers.yaml").write_text(ANSWERS, encoding="utf-8")
    run(command, "init", "our-news", "--answers", "answers.yaml", "--yes", folder=folder)
    run(command, "check", folder=folder / "our-news")


def check_size(environment: Path, limit: int, what: str) -> None:
    """Print the size of an environment. Raises ReleaseError if it is over `limit` bytes."""
    packages = list_installed(environment)
    size = sum(map(measure, packages))
    print(f"{what}: {size / 1e6:.1f} MB of {limit / 1e6:.0f} allowed, {len(packages)} packages")
    if size > limit:
        largest = sorted(((measure(one), one.metadata["Name"]) for one in packages), reverse=True)[:8]
        raise ReleaseError(f"{what} is too large. Largest: {', '.join(f'{n} {s / 1e6:.1f}' for s, n in largest)}")


def check_licences(environment: Path, out: Path) -> None:
    """Write the licences of all dependencies to `out`. Raises ReleaseError for those that we don't allow."""
    licences = [read_licence(one) for one in list_installed(environment)]
    lines = [f"{one.package} {one.version}: {one.expression}" for one in licences]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"Licences of {len(licences)} packages: {out.name}")
    if refused := list_refused(licences):
        raise ReleaseError("Licences that we don't allow, or can't read:\n" + "\n".join(refused))


def write_sbom(environment: Path, out: Path, folder: Path) -> None:
    """Write a CycloneDX 1.6 list of what is installed. What writes it has an environment of its own."""
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin/python", "-m", "pip", "install", "--quiet", SBOM_TOOL, PIP_CONSTRAINT="")
    asked = ("environment", environment / "bin/python", "--output-reproducible", "--of", "JSON", "--sv", "1.6")
    run(folder / "bin/cyclonedx-py", *asked, "--output-file", out)
    print(f"SBOM: {out.name}, {out.stat().st_size / 1000:.0f} KB")


def release(folder: Path) -> None:
    """Do it all. Raises ReleaseError at the first thing that keeps this from being published."""
    shutil.rmtree(DIST, ignore_errors=True)
    wheel, sdist = build(ROOT, DIST)
    check_contents(wheel, sdist)
    check_again(wheel, sdist, folder)
    for path in (wheel, sdist):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, SHA-256 {digest(path)}, the same from the sdist")
    pythons = find_pythons()
    for version, python in pythons.items():
        if python is None:
            print(f"Python {version}: not on this computer, so not tried")
            continue
        try_wheel(install(python, folder / version, str(wheel)), folder / f"work-{version}")
        print(f"Python {version}: installed; version, demo, init and check work")
    tried = [version for version, python in pythons.items() if python]
    if len(tried) < 2:
        raise ReleaseError("A release is tried on two versions of Python at least. Install another, with pyenv or uv.")
    check_size(folder / tried[0], CORE_LIMIT, "Without extras")
    extras = ",".join(sorted(PROJECT["project"]["optional-dependencies"].keys() - {"docs", "test"}))
    everything = folder / "everything"
    install(pythons[tried[0]] or Path(sys.executable), everything, f"{wheel}[{extras}]")
    check_size(everything, ALL_LIMIT, "With all extras")
    check_licences(everything, DIST / "licences.txt")
    write_sbom(everything, DIST / f"{wheel.name.removesuffix('-py3-none-any.whl')}.cdx.json", folder / "sbom")


def main(arguments: Sequence[str] = ()) -> int:
    """Release, and say why not. `arguments` may name a folder to work in; otherwise one is made and removed."""
    try:
        if arguments:
            release(Path(arguments[0]))
        else:
            with tempfile.TemporaryDirectory(prefix="bulletin-release-") as folder:
                release(Path(folder))
    except ReleaseError as error:
        print(f"Not ready to publish. {error}", file=sys.stderr)
        return 1
    missing = list(list_left())
    print("".join(f"Before you publish: {one}\n" for one in missing) + f"{'Rehearsed' if missing else 'Ready'}: {DIST}")
    return 0


def list_left() -> Iterator[str]:
    """What a person has to do before this is published, though all of it works."""
    (version,) = re.findall(r'^__version__ = "(.+)"$', (ROOT / "bulletin/__init__.py").read_text("utf-8"), re.MULTILINE)
    if not re.search(rf"^## {re.escape(version)} – ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE):
        yield f"give CHANGELOG.md the heading “## {version} – ” with the day."
    if run("git", "status", "--porcelain").strip():
        yield "commit what has changed."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
