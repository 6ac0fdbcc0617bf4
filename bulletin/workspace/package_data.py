"""What travels with the package: the default theme, the starter workspace, the sample, the glossary.

In an installed package they lie inside it (pyproject.toml puts them there); in a checkout the theme and the sample
are the repository's own folders.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_CHECKOUT = _PACKAGE.parent


def theme_folder() -> Path:
    """The default theme: email/ and text/."""
    inside = _PACKAGE / "theme"
    return inside if inside.is_dir() else _CHECKOUT / "templates"


def sample_folder() -> Path:
    """The sample workspace: bulletin.yaml, issues/, subscribers/ (among others, in a checkout)."""
    inside = _PACKAGE / "sample"
    return inside if inside.is_dir() else _CHECKOUT


def glossary_file() -> Path:
    """What each word means, as Markdown."""
    inside = _PACKAGE / "glossary.md"
    return inside if inside.is_file() else _CHECKOUT / "docs" / "glossary.md"


def starter_folder() -> Path:
    """What `bulletin init` writes, with a person's answers filled in."""
    return _PACKAGE / "starter"
