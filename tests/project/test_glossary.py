"""Every name of the package is explained in docs/glossary.md, once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

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


def find_missing(name: str) -> list[str]:
    """The parts of a name that have no entry."""
    return [] if name in WORDS else [part for part in name.split("_") if part not in WORDS]


def test_every_room_and_module_is_in_the_glossary() -> None:
    """By its whole name, or by each of its parts: `stop_rule`, or `stop` and `rule`."""
    faults = [
        f"{NAMES[name]}: docs/glossary.md has no entry for `{name}`, nor for its part{'s' * (len(missing) > 1)} "
        f"{', '.join(f'`{part}`' for part in missing)}. Say in one plain sentence what it is."
        for name in sorted(NAMES)
        if (missing := find_missing(name))
    ]

    assert not faults, "\n".join(faults)


def test_a_name_without_an_entry_is_missing() -> None:
    assert find_missing("stop_gobbledygook_rule") == ["gobbledygook"]


def test_the_test_reads_the_whole_package() -> None:
    assert {"errors", "delivery", "ledger", "commands", "send_time"} <= set(NAMES)
    assert not any(Path(name).name[0].isdigit() for name in NAMES)


def test_every_word_has_one_entry() -> None:
    assert [word for word, times in WORDS.items() if times > 1] == []


def test_every_entry_is_short_and_ends() -> None:
    for names, meaning in ENTRIES:
        assert meaning.endswith("."), names
        assert len(meaning) <= 120, names
