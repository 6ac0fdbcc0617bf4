"""What is installed in an environment: its packages, and how much of the disk they take."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Final

TOOLS: Final = ("pip", "setuptools", "wheel")
"""What an environment has by itself."""


def list_installed(environment: Path) -> list[Distribution]:
    """The packages in a virtual environment, by name, without its own tools."""
    (folder,) = {path.resolve() for path in environment.glob("lib*/**/site-packages") if path.parent.name != "site"}
    found = [one for one in distributions(path=[str(folder)]) if one.metadata["Name"].lower() not in TOOLS]
    return sorted(found, key=lambda one: one.metadata["Name"].lower())


def measure(distribution: Distribution) -> int:
    """Bytes of a package's files by its RECORD. What Python compiles of them later isn't counted: it differs."""
    files = (Path(str(file.locate())) for file in distribution.files or () if file.suffix != ".pyc")
    return sum(path.stat().st_size for path in files if path.is_file())
