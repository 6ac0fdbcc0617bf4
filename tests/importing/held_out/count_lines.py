"""Counts how many lines of a draft a careful officer would have to touch, on old bulletins that nothing was tuned on.

Beside each old bulletin here is the issue that a careful officer would write from it (`NAME.yaml`). Both the draft and
that issue are written out alike first: without comments, each paragraph filled anew to 100 letters, so that only words,
fields and their order make a difference. Two figures, both over the lines of the officer's issue:

- **strictly**: lines that are wrong, missing or extra, when both are compared from top to bottom. A wrong line (another
  one is in its place) counts once; a line at another place or depth counts as missing there and extra here.
- **by hand**: what a person does in an editor. A line to change, to write or to delete counts once. A stretch of lines
  that is right, but has to be moved or indented, counts as one.

Run it in the root of a checkout: `python tests/importing/held_out/count_lines.py`.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import yaml

from bulletin.declaration.source import Data, parse_source
from bulletin.importing.draft import draft_from
from bulletin.importing.pictures import take_pictures
from bulletin.importing.reading import read_old

FOLDER = Path(__file__).parent
SUFFIXES = (".html", ".docx", ".pdf", ".txt")
_SHORT = 45  # letters: a line of a text up to this length stays a line, unless the next one begins with a small letter


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What has to be done to one draft; `lines` are those of the officer's issue."""

    name: str
    lines: int
    wrong: int
    missing: int
    extra: int
    touched: int
    marks: int

    @property
    def strictly(self) -> float:
        return (self.wrong + self.missing + self.extra) / self.lines

    @property
    def by_hand(self) -> float:
        return self.touched / self.lines


def find_files(folder: Path = FOLDER) -> list[Path]:
    """The old bulletins of a folder."""
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)


def draft(path: Path) -> str:
    """The draft of an old bulletin."""
    blocks = read_old(path)
    return draft_from(blocks, name=path.name, pictures=take_pictures(blocks, folder=path.parent)).text


def lay_out(text: str) -> list[str]:
    """The lines of an issue, each paragraph filled anew."""
    source = parse_source(text, shown_as="issue.yaml")
    assert not source.faults, source.faults
    return yaml.safe_dump(_fill(source.data), sort_keys=False, allow_unicode=True, width=100).splitlines()


def _fill(data: Data) -> Data:
    if isinstance(data, dict):
        return {name: _fill(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_fill(value) for value in data]
    return "\n\n".join(_fill_paragraph(part) for part in re.split(r"\n\s*\n", (data or "").strip()))


def _fill_paragraph(text: str) -> str:
    """The paragraph with only those line breaks that readers see."""
    lines = [line.rstrip() for line in text.split("\n")]
    filled = lines[0]
    for before, line in pairwise(lines):
        entry = re.match(r" *(?:- |\d+\. |### )", line)
        kept = before.endswith("\\") or (len(before) <= _SHORT and not line.strip()[:1].islower())
        inside = re.match(r" *(?:- |\d+\. )", before) or line.startswith("  ")
        filled = (
            filled.removesuffix("\\")
            + ("\n" if entry or (kept and not inside) else " ")
            + (line if entry else line.strip())
        )
    return filled


def count(name: str, drafted: Sequence[str], wanted: Sequence[str], *, marks: int = 0) -> Figures:
    """The figures of one draft."""
    wrong = missing = extra = 0
    for tag, start, end, first, last in SequenceMatcher(None, drafted, wanted, autojunk=False).get_opcodes():
        if tag != "equal":
            both = min(end - start, last - first)
            wrong, missing, extra = wrong + both, missing + last - first - both, extra + end - start - both
    return Figures(
        name=name,
        lines=len(wanted),
        wrong=wrong,
        missing=missing,
        extra=extra,
        touched=_count_touched(drafted, wanted),
        marks=marks,
    )


def _count_touched(drafted: Sequence[str], wanted: Sequence[str]) -> int:
    """Lines to change, write or delete, and stretches to move or indent."""
    has, needs = Counter(map(_words_of, drafted)), Counter(map(_words_of, wanted))
    other = max((has - needs).total(), (needs - has).total())
    return other + _count_moved(drafted, wanted, has - needs)


def _count_moved(drafted: Sequence[str], wanted: Sequence[str], surplus: Counter[str]) -> int:
    """The stretches of lines that are right but in the wrong place, or at the wrong depth."""
    matches = SequenceMatcher(None, drafted, wanted, autojunk=False).get_matching_blocks()
    placed = {at for match in matches for at in range(match.a, match.a + match.size)}
    left, stretches, inside = Counter(surplus), 0, False
    for at, line in enumerate(drafted):
        words = _words_of(line)
        if at in placed:
            inside = False
        elif left[words] > 0:
            left[words] -= 1
            inside = False
        else:
            stretches += not inside
            inside = True
    return stretches


def _words_of(line: str) -> str:
    return line.strip().removeprefix("- ").strip()


def measure(folder: Path = FOLDER) -> list[Figures]:
    """The figures of all old bulletins of a folder."""
    found = []
    for path in find_files(folder):
        text = draft(path)
        wanted = lay_out(path.with_suffix(".yaml").read_text(encoding="utf-8"))
        found.append(count(path.stem, lay_out(text), wanted, marks=text.count("# check:")))
    return found


def main() -> None:
    """Print the figures."""
    found = measure()
    rows = [f"{'':<14}{'lines':>6}{'wrong':>7}{'missing':>9}{'extra':>7}{'strictly':>10}{'by hand':>9}{'marks':>7}"]
    for one in found:
        row = f"{one.name:<14}{one.lines:>6}{one.wrong:>7}{one.missing:>9}{one.extra:>7}"
        rows.append(f"{row}{one.strictly:>10.0%}{one.by_hand:>9.0%}{one.marks:>7}")
    lines = sum(one.lines for one in found)
    strictly = sum(one.wrong + one.missing + one.extra for one in found) / lines
    rows.append(f"{'all':<14}{lines:>6}{strictly:>33.0%}{sum(one.touched for one in found) / lines:>9.0%}")
    sys.stdout.write("\n".join([*rows, ""]))


if __name__ == "__main__":
    main()
