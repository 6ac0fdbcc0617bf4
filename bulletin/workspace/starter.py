"""Start a workspace: copy the starter with the month filled in, and write a snippet for each kind of section."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bulletin.disk import File, write_all
from bulletin.errors import BulletinError
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.holidays import Nation
from bulletin.issue.snippets import write_code_snippets
from bulletin.rights import OWNER_ALONE
from bulletin.workspace.package_data import starter_folder

_LISTS = "subscribers"  # the folder of the lists
_SNIPPETS = ".vscode/bulletin.code-snippets"


def make_workspace(folder: Path, *, published: date, nation: Nation = Nation.ENGLAND) -> Month:
    """Write the starter to `folder` and return the month of its first issue, which comes out on `published`.

    The settings say that the bank holidays of `nation` count. The lists are for their owner alone. Raises BulletinError
    if something of a workspace is there already, or cannot be written: nothing is ever overwritten, and nothing is left
    then of what was made.
    """
    month = Month(published.year, published.month)
    words = {
        "MONTH_NAME": str(month),
        "MONTH": month.id,
        "NATION": nation.value,
        "PUBLISHED": str(PartialDate(published.year, published.month, published.day)),
    }
    files = {_target(folder, path, month): path for path in sorted(starter_folder().rglob("*")) if path.is_file()}
    snippets = folder / _SNIPPETS
    if taken := [path for path in (*files, snippets) if path.exists()]:
        raise BulletinError(f"{taken[0]} is there already.", "Choose an empty folder; nothing was written.")
    write_all(
        [
            File(
                path=target,
                content=_fill(source.read_text(encoding="utf-8"), words).encode(),
                rights=OWNER_ALONE if target.parent == folder / _LISTS else None,
                new=True,
            )
            for target, source in files.items()  # those of the folder itself first: the lists' rights are not its
        ]
        + [File(path=snippets, content=write_code_snippets().encode(), rights=None, new=True)],
        remedy="Choose another folder.",
    )
    return month


def _target(folder: Path, source: Path, month: Month) -> Path:
    """Where a starter's file goes: `gitignore` gets its dot, MONTH becomes the month."""
    place = source.relative_to(starter_folder())
    name = ".gitignore" if place.name == "gitignore" else place.name.replace("MONTH", month.id)
    return folder / place.parent / name


def _fill(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():  # MONTH_NAME before MONTH, which is its beginning
        text = text.replace(word, value)
    return text
