"""Which licences our dependencies have, and which ones we allow: none that binds the people who pass the program on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution
from typing import Final

_SPOKEN: Final = {
    "apache software license": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd": "BSD",
    "bsd license": "BSD",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0",
    "gnu lesser general public license v3 or later (lgplv3+)": "LGPL-3.0-or-later",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
    "zope public license": "ZPL-2.1",
}
"""Names of licences in classifiers and free text, and by SPDX."""

_ALLOWED: Final = re.compile(
    r"MIT|MIT-CMU|MIT-0|BSD|BSD-[234]-Clause|0BSD|ISC|Apache-2\.0|PSF-2\.0|Python-2\.0|Unlicense|Zlib|ZPL-2\.1|CC0-1\.0"
    r"|MPL-2\.0|MPL-1\.1|LGPL-[23]\.[01](?:-only|-or-later)?|LLVM-exception"
)
"""What we allow. The LGPL: we import such libraries as they are, and anyone can put another version in their place."""

BY_HAND: Final = {
    "chunspell": ("MPL-1.1", "its makers let us choose: GPL-2.0, LGPL-2.1 or MPL-1.1, as for Hunspell"),
    "docutils": ("BSD-2-Clause", "builds our documentation; what is under the GPL is a file for Emacs alone"),
    "pypdfium2": ("Apache-2.0 OR BSD-3-Clause", "its metadata says so in words that no list has; PDFium is the same"),
}
"""Licences that metadata doesn't tell in a form we can read, looked up by hand, and why."""


@dataclass(frozen=True, kw_only=True)
class Licence:
    """The licence of one dependency, as SPDX as far as it says. `allowed` is whether we may depend on it."""

    package: str
    version: str
    expression: str
    allowed: bool


def read_licence(distribution: Distribution) -> Licence:
    """The licence of an installed package: from its SPDX expression, else its classifiers, else its free text."""
    name = distribution.metadata["Name"]
    expression = BY_HAND[name.lower()][0] if name.lower() in BY_HAND else _read(distribution)
    return Licence(
        package=name, version=distribution.version, expression=expression or "none told", allowed=is_allowed(expression)
    )


def _read(distribution: Distribution) -> str:
    metadata = distribution.metadata
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = [one for one in metadata.get_all("Classifier", []) if one.startswith("License ::")]
    spoken = [one.rpartition(" :: ")[2] for one in classifiers]
    spoken = [one for one in spoken if one != "OSI Approved"] or str(metadata.get("License") or "").splitlines()[:1]
    return " AND ".join(_SPOKEN.get(one.strip().lower(), one.strip()) for one in spoken)


def is_allowed(expression: str) -> bool:
    """Whether we may depend on what has this SPDX expression: one choice of OR, each part of AND and WITH."""
    choices = re.split(r"\s+OR\s+", expression.replace("(", " ").replace(")", " ").strip())
    return any(all(map(_ALLOWED.fullmatch, re.split(r"\s+(?:AND|WITH)\s+", choice.strip()))) for choice in choices)


def list_refused(licences: Iterable[Licence]) -> list[str]:
    """A line for each package that we may not depend on."""
    return [f"{one.package} {one.version}: {one.expression}" for one in licences if not one.allowed]
