"""Measures the proof on issues that it was not tuned on, and on a hundred faults planted into them.

Two figures:

- **findings**: what `bulletin check` says of the issues as they are, for each 1,000 words that readers get. They
  are counted as an officer sees them: one that names several places is one. A person has judged each of them in
  `verdicts.yaml` as right, debatable or wrong. A finding without a verdict is named.
- **recall**: how many of the faults of `faults.yaml` are found. Each is planted alone, into a copy of its issue. It is
  found if a finding that was not there before is at its place (its lines, or those of `also`), or names one of its
  words. Where a fault has `codes`, a person has judged which rules really say what is wrong: only theirs count.

Run it in the root of a checkout: `python tests/proof/held_out/measure.py`. Name a folder to measure another set:
`python tests/proof/held_out/measure.py tests/proof/looked_at`. Of each workspace in the folder, the last issue
is measured. `--write` adds the findings that have no verdict to the `verdicts.yaml` of the set, for you to judge;
`--hits` shows what was found of each fault.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bulletin.errors import FaultyFiles
from bulletin.issue.dates import parse_day
from bulletin.proof.formats import write_json
from bulletin.proof.proofing import proof_issue, proof_rest
from bulletin.workspace.workspace import open_workspace

FOLDER = Path(__file__).parent
JUDGED = ("right", "debatable", "wrong")
# What readers don't get as words: names of kinds, addresses, dates and times that are laid out from fields.
_NO_WORDS = {
    *("month", "published", "kind", "status", "number", "date", "until", "starts", "ends", "by", "file", "link"),
    *("done", "on_demand", "places", "value", "follow_up"),
}


@dataclass(frozen=True, kw_only=True)
class Found:
    """One finding, as `bulletin check --format json` writes it. Lines and columns count from 1."""

    code: str
    severity: str
    file: str
    line: int
    end_line: int
    column: int
    message: str
    remedy: str

    @property
    def at(self) -> str:
        """Its place in the issue; that in another file, such as the settings, begins with the file's name."""
        place = f"{self.line}:{self.column}"
        return place if self.in_issue else f"{self.file}:{place}"

    @property
    def in_issue(self) -> bool:
        return self.file.startswith("issues/")


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A fault, and where it is: `start` to `end` are its lines in the issue with it, `was_end` the last one before."""

    name: str
    issue: str
    kind: str
    told: str
    text: str
    words: frozenset[str]
    start: int
    end: int
    was_end: int
    also: tuple[range, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was found of a planted fault: the findings that count, and new ones that don't."""

    planted: Planted
    hits: tuple[Found, ...]
    others: tuple[Found, ...]


# ---------------------------------------------------------------------------------------------- the set


@dataclass(frozen=True)
class HeldOut:
    """A folder of workspaces on which the proof was not tuned, with its faults and verdicts."""

    folder: Path

    @property
    def verdicts(self) -> Path:
        return self.folder / "verdicts.yaml"

    @property
    def faults(self) -> Path:
        return self.folder / "faults.yaml"

    @cached_property
    def issues(self) -> dict[str, str]:
        """The month of the issue that is measured, by the name of its workspace: the last one, in order of months."""
        last = {
            settings.parent.name: max(path.stem for path in settings.parent.glob("issues/*.yaml"))
            for settings in self.folder.glob("*/bulletin.yaml")
        }
        return dict(sorted(last.items(), key=lambda one: one[1]))

    def read_issue(self, name: str) -> str:
        """The issue of a body, as its author meant it."""
        return (self.folder / name / "issues" / f"{self.issues[name]}.yaml").read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------------- running the proof


class Bench:
    """Copies of the workspaces, whose issues may be written over."""

    def __init__(self, held_out: HeldOut, root: Path) -> None:
        self.held_out = held_out
        self.root = root
        for name in held_out.issues:
            copytree(held_out.folder / name, root / name, ignore=ignore_patterns(".bulletin"))

    def proof(self, name: str, text: str) -> list[Found]:
        """What `bulletin check` finds in the issue of body `name`, with `text` as its file.

        The day is that on which the issue is meant to be published, so that the figures are the same next year.
        """
        issue = self.held_out.issues[name]
        path = self.root / name / "issues" / f"{issue}.yaml"
        path.write_text(text, encoding="utf-8")
        told = json.loads(_check(self.root / name, issue, self.held_out.read_issue(name)))
        return [_read_found(one) for one in told["findings"]]


def _check(folder: Path, issue: str, meant: str) -> str:
    """The findings in JSON, as the command makes them. `meant` is the text without faults: it has the right day."""
    workspace = open_workspace(folder)
    today = parse_day(yaml.safe_load(meant)["published"])
    try:
        report = proof_issue(workspace, issue, today=today, lists=workspace.lists_of(issue))
    except FaultyFiles as error:
        return write_json(error.faults, proof_rest(workspace, issue, today=today, faults=error.faults), {}, {})
    return write_json(report.unfit, report.findings, {}, {})


def _read_found(told: dict[str, Any]) -> Found:
    fields = ("code", "severity", "file", "line", "column", "message", "remedy")
    return Found(end_line=max(told["end_line"] or 0, told["line"]), **{name: told[name] for name in fields})


# ---------------------------------------------------------------------------------------------- words


def count_words(text: str) -> int:
    """How many words of an issue readers get, without addresses, dates of fields and names of kinds."""
    return sum(len(re.findall(r"[^\W_]+(?:[’'.,-][^\W_]+)*", words)) for words in _find_texts(yaml.safe_load(text)))


def _find_texts(data: object, name: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _find_texts(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from _find_texts(value, name)
    elif isinstance(data, str) and name not in _NO_WORDS:
        yield data


# ---------------------------------------------------------------------------------------------- planted faults


def read_planted(held_out: HeldOut) -> list[Planted]:
    """The faults of the list, each planted into its issue. Raises ValueError if the place of one is not unique."""
    entries = yaml.safe_load(held_out.faults.read_text(encoding="utf-8"))
    return [_plant(entry, held_out.read_issue(entry["issue"])) for entry in entries]


def _plant(entry: dict[str, Any], meant: str) -> Planted:
    old, new = entry["old"], entry["new"]
    if meant.count(old) != 1:
        raise ValueError(f"{entry['name']}: “{old}” is {meant.count(old)} times in {entry['issue']}.")
    same = _count_same(old, new)
    tail = _count_same(old[same:][::-1], new[same:][::-1])
    at = meant.index(old) + same
    text = meant.replace(old, new)
    return Planted(
        name=entry["name"],
        issue=entry["issue"],
        kind=entry["kind"],
        told=entry["told"],
        text=text,
        words=frozenset(_long_words(new) - _long_words(meant)),
        start=_line_at(meant, at),
        end=_line_at(text, at + len(new) - same - tail),
        was_end=_line_at(meant, at + len(old) - same - tail),
        also=tuple(_lines_of(text, place) for place in entry.get("also", ())),
        codes=tuple(entry.get("codes", ())),
    )


def _count_same(one: str, other: str) -> int:
    """How many letters two texts have in common at their beginnings."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _lines_of(text: str, place: str) -> range:
    at = text.index(place)
    return range(_line_at(text, at), _line_at(text, at + len(place.rstrip("\n"))) + 1)


def _long_words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{5,}", text))


def find_new(before: Sequence[Found], after: Sequence[Found], planted: Planted) -> list[Found]:
    """The findings that came with a fault. Those of other lines are the same if only their line's number changed."""
    known = Counter(_identify(one, planted.start, planted.was_end, 0) for one in before)
    moved = planted.end - planted.was_end
    new = []
    for one in after:
        what = _identify(one, planted.start, planted.end, moved)
        if known[what]:
            known[what] -= 1
        else:
            new.append(one)
    return new


def _identify(found: Found, start: int, end: int, moved: int) -> tuple[str, str, int]:
    """A finding without what a fault on another line changes. All lines of the fault count as one."""
    line = found.line
    if found.in_issue and line >= start:
        line = start if line <= end else line - moved
    return found.code, f"{found.file}: {found.message}", line


def _fits(found: Found, planted: Planted) -> bool:
    """Whether a new finding is at the place of a fault, or names it, and is by a rule that counts for it."""
    lines = range(found.line, found.end_line + 1) if found.in_issue else range(0)
    places = (range(planted.start, planted.end + 1), *planted.also)
    there = any(line in place for line in lines for place in places)
    named = planted.words & _long_words(found.message + " " + found.remedy)
    return bool(there or named) and (not planted.codes or found.code in planted.codes)


def judge(planted: Planted, before: Sequence[Found], after: Sequence[Found]) -> Result:
    """What was found of a fault."""
    new = find_new(before, after, planted)
    hits = tuple(one for one in new if _fits(one, planted))
    return Result(planted=planted, hits=hits, others=tuple(one for one in new if one not in hits))


# ---------------------------------------------------------------------------------------------- verdicts


def read_verdicts(held_out: HeldOut) -> dict[tuple[str, str, str], str]:
    """What a person said of each finding: by issue, code and place (`line:column`)."""
    entries = yaml.safe_load(held_out.verdicts.read_text(encoding="utf-8")) or []
    for entry in entries:
        if entry["verdict"] in JUDGED and not entry.get("because"):
            raise ValueError(f"{entry['issue']} {entry['code']} at {entry['at']}: say why it is {entry['verdict']}.")
    return {(entry["issue"], entry["code"], str(entry["at"])): entry["verdict"] for entry in entries}


def add_to_verdicts(held_out: HeldOut, unjudged: Iterable[tuple[str, Found]]) -> None:
    """Write the findings that have no verdict at the end of the file, for a person to judge."""
    lines = []
    for issue, one in unjudged:
        lines.append(f'- {{issue: {issue}, code: {one.code}, at: "{one.at}", verdict: unjudged, because: ""}}\n')
        lines.extend(f"  # {line}\n" for line in f"{one.message} {one.remedy}".strip().splitlines())
    with held_out.verdicts.open("a", encoding="utf-8") as file:
        file.writelines(lines)


# ---------------------------------------------------------------------------------------------- the tables


def lay_out_findings(
    held_out: HeldOut, clean: dict[str, list[Found]], verdicts: dict[tuple[str, str, str], str]
) -> list[str]:
    """How many findings each issue has, and how they were judged, in all and for each 1,000 words."""
    rows = [f"{'':<12}{'words':>7}{'findings':>10}{'errors':>8}{'warnings':>10}{'notes':>7}{'per 1,000':>11}"]
    words = {name: count_words(held_out.read_issue(name)) for name in clean}
    for name, found in clean.items():
        rows.append(f"{name:<12}{_count_findings(found, words[name])}")
    everything = [one for found in clean.values() for one in found]
    total = sum(words.values())
    rows.extend([f"{'all':<12}{_count_findings(everything, total)}", ""])
    given = Counter(verdicts.get((name, one.code, one.at), "unjudged") for name in clean for one in clean[name])
    rows.extend(
        f"{verdict:<12}{given[verdict]:>5}{given[verdict] * 1000 / total:>8.2f} per 1,000 words"
        for verdict in (*JUDGED, "unjudged")
    )
    return rows


def _count_findings(found: Sequence[Found], words: int) -> str:
    of = Counter(one.severity for one in found)
    counts = f"{words:>7,}{len(found):>10}{of['error']:>8}{of['warning']:>10}{of['note']:>7}"
    return f"{counts}{len(found) * 1000 / words:>11.1f}"


def lay_out_recall(results: Sequence[Result]) -> list[str]:
    """How many faults of each kind were found."""
    of, found = Counter(one.planted.kind for one in results), Counter(one.planted.kind for one in results if one.hits)
    rows = [f"{'':<12}{'planted':>9}{'found':>7}{'share':>8}"]
    rows.extend(f"{kind:<12}{of[kind]:>9}{found[kind]:>7}{found[kind] / of[kind]:>8.0%}" for kind in of)
    rows.append(f"{'all':<12}{of.total():>9}{found.total():>7}{found.total() / of.total():>8.0%}")
    return rows


def lay_out_faults(results: Iterable[Result], *, hits: bool) -> Iterator[str]:
    """The faults that were not found, with what came up elsewhere; with `hits`, also those that were."""
    for one in results:
        if hits or not one.hits:
            yield f"{'found ' if one.hits else 'MISSED'} {one.planted.name} ({one.planted.issue}): {one.planted.told}"
            yield from (f"    {found.code} {found.at} {found.message}" for found in one.hits)
            yield from (f"    elsewhere: {found.code} {found.at} {found.message}" for found in one.others)


def lay_out_unjudged(unjudged: Sequence[tuple[str, Found]]) -> Iterator[str]:
    """The findings that have no verdict yet."""
    if unjudged:
        yield f"{len(unjudged)} findings have no verdict in verdicts.yaml. --write adds them, for you to judge:"
        yield from (f"    {name}:{one.at} {one.code} {one.severity}: {one.message}" for name, one in unjudged)


# ---------------------------------------------------------------------------------------------- all of it


def measure(held_out: HeldOut) -> tuple[dict[str, list[Found]], list[Result]]:
    """What is found in the issues as they are, and of each fault."""
    with TemporaryDirectory() as folder:
        bench = Bench(held_out, Path(folder))
        planted = read_planted(held_out)
        clean = {name: bench.proof(name, held_out.read_issue(name)) for name in held_out.issues}
        results = [judge(one, clean[one.issue], bench.proof(one.issue, one.text)) for one in planted]
    return clean, results


def find_unjudged(clean: dict[str, list[Found]], verdicts: dict[tuple[str, str, str], str]) -> list[tuple[str, Found]]:
    """The findings in the issues as they are that no person has judged."""
    return [
        (name, one)
        for name, found in clean.items()
        for one in found
        if verdicts.get((name, one.code, one.at)) not in JUDGED
    ]


def main() -> None:
    """Print the tables. Exit 1 while findings have no verdict."""
    asked = argparse.ArgumentParser(description="Measures the proof on issues that it was not tuned on.")
    asked.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="the set (default: that beside this file)")
    asked.add_argument("--write", action="store_true", help="add the findings without a verdict to verdicts.yaml")
    asked.add_argument("--hits", action="store_true", help="show what was found of each fault")
    options = asked.parse_args()
    held_out = HeldOut(options.folder)
    if not (held_out.issues and held_out.faults.is_file()):
        asked.error(f"{options.folder} is no set. Name a folder with workspaces, faults.yaml and verdicts.yaml.")
    clean, results = measure(held_out)
    verdicts = read_verdicts(held_out)
    unjudged = find_unjudged(clean, verdicts)
    rows = [*lay_out_findings(held_out, clean, verdicts), "", *lay_out_recall(results), ""]
    rows.extend([*lay_out_faults(results, hits=options.hits), "", *lay_out_unjudged(unjudged)])
    sys.stdout.write("\n".join([*rows, ""]))
    if options.write:
        add_to_verdicts(held_out, (one for one in unjudged if (one[0], one[1].code, one[1].at) not in verdicts))
    sys.exit(1 if unjudged else 0)


if __name__ == "__main__":
    main()
