"""Every name of the package is explained in docs/glossary.md, once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from checkout import ROOT

PACKAGE = ROOT / "bulletin"
NO_NAMES = PACKAGE / "database" / "migrations" / "versions"  # their names are sentences, in order

ENTRY = re.compile(r"^\| (`[^|]+?) \| (.+) \|$", re.MULTILINE)
ENTRIES = ENTRY.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
WORDS = Counter(word for names, _ in ENTRIES for word in re.findall(r"`([^`]+)`", names))


def find_names() -> dict[str, str]:
    """Each name of a room or module, and the first path that has it."""
    names: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if NO_NAMES not in path.parents:
            own = path.relative_to(PACKAGE).with_suffix("").parts
            for name in own:
                if not name.startswith("__"):
                    names.setdefault(name, str(path.relative_to(ROOT)))
    return names


NAMES = find_names()


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_room_and_module_is_in_the_glossary(name: str) -> None:
    """By its whole name, or by each of its parts: `stop_rule`, or `stop` and `rule`."""
    missing = [] if name in WORDS else [part for part in name.split("_") if part not in WORDS]

    assert not missing, (
        f"{NAMES[name]}: docs/glossary.md has no entry for `{name}`, nor for its part{'s' * (len(missing) > 1)} "
        f"{', '.join(f'`{part}`' for part in missing)}. Say in one plain sentence what it is."
    )


def test_the_test_reads_the_whole_package() -> None:
    assert {"errors", "delivery", "ledger", "commands", "send_time"} <= set(NAMES)
    assert not any(Path(name).name[0].isdigit() for name in NAMES)


def test_every_word_has_one_entry() -> None:
    assert [word for word, times in WORDS.items() if times > 1] == []


def test_every_entry_is_short_and_ends() -> None:
    for names, meaning in ENTRIES:
        assert meaning.endswith("."), names
        assert len(meaning) <= 120, names
