"""Rule files of a workspace, in its folder `proof/`, in the form of the prose linter Vale.

Two of Vale's kinds work: `existence` (words to keep out) and `substitution` (words, and what to write instead). See
https://vale.sh/docs/checks/existence and https://vale.sh/docs/checks/substitution. Keys that only matter to Vale
(`scope`, `link`, `action`, `vocab`) are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from zlib import crc32

from bulletin.declaration.source import Data, Source, read_source
from bulletin.errors import FaultyFiles
from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Rule
from bulletin.proof.vocabulary import own_texts
from bulletin.settings.proof import Severity

FOLDER: Final = "proof"
_PREFIX = "VALE"
_CODES = range(10, 100)
_LEVELS = {"suggestion": Severity.NOTE, "warning": Severity.WARNING, "error": Severity.ERROR}
_KINDS = ("existence", "substitution")


@dataclass(frozen=True, kw_only=True, slots=True)
class _RuleFile:
    """What a rule file says. `instead` has what to write for each group of `pattern`; "" for words to keep out."""

    pattern: re.Pattern[str]
    instead: Mapping[str, str]
    exceptions: frozenset[str]
    message: str


def read_rule_files(root: Path) -> list[Rule]:
    """The rules in `proof/` of the workspace at `root` and the folders in it, in the order of their names.

    A rule's code is the file's `code:`, or VALE and two figures that follow from its name. Raises FaultyFiles.
    """
    folder = root / FOLDER
    if not folder.is_dir():
        return []
    paths = sorted(path for suffix in ("*.yml", "*.yaml") for path in folder.rglob(suffix) if path.is_file())
    taken: set[str] = set()
    return [_read_rule(path, root, taken) for path in paths]


def _read_rule(path: Path, root: Path, taken: set[str]) -> Rule:
    name = path.relative_to(root).as_posix()
    source = read_source(path, shown_as=name)
    if source.faults:
        raise FaultyFiles(source.faults)
    data = source.data if isinstance(source.data, dict) else {}
    kind = str(data.get("extends", ""))
    if kind not in _KINDS:
        raise _fail(source, "extends", f"“{kind}” rules can’t be used here.", "Write existence or substitution.")
    level = str(data.get("level", "suggestion"))
    if level not in _LEVELS:
        raise _fail(source, "level", f"“{level}” is not a level.", f"Write one of: {', '.join(_LEVELS)}.")
    rule_file = _read_substitution(source, data) if kind == "substitution" else _read_existence(source, data)
    code = str(data.get("code", "")) or _make_code(name, taken)
    if not re.fullmatch(r"[A-Z]{3,5}[0-9]{2}", code):
        raise _fail(source, "code", f"“{code}” is not the code of a rule.", "Write it as in OWN01.")
    taken.add(code)
    return Rule(
        code=code,
        name=re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") or "rule",
        severity=_LEVELS[level],
        reason=f"A rule of this workspace, in {name}.",
        wrong=(),
        right=(),
        check=partial(_find, rule_file),
    )


def _make_code(name: str, taken: set[str]) -> str:
    """A code that stays the same while the file keeps its name."""
    first = crc32(name.encode()) % len(_CODES)
    numbers = [*_CODES[first:], *_CODES[:first]]
    return next(code for number in numbers if (code := f"{_PREFIX}{number}") not in taken)


def _fail(source: Source, key: str, message: str, remedy: str) -> FaultyFiles:
    span = source.values.get((key,)) or source.values.get(()) or next(iter(source.values.values()))
    return FaultyFiles([source.fault_at(span, message, remedy)])


def _list(data: Data) -> list[str]:
    return [str(entry) for entry in data] if isinstance(data, list) else [str(data)] if data else []


def _is_yes(data: Data) -> bool:
    return str(data).lower() in ("true", "yes", "on")


def _read_existence(source: Source, data: Mapping[str, Data]) -> _RuleFile:
    tokens = _list(data.get("tokens"))
    raw = "".join(_list(data.get("raw")))
    if not tokens and not raw:
        raise _fail(source, "extends", "This rule names no words.", "Add `tokens:` with the words to keep out.")
    joined = "|".join(f"(?:{token})" for token in tokens)
    words = joined if _is_yes(data.get("nonword")) else rf"(?<!\w)(?:{joined})(?!\w)"
    return _make(source, data, raw + (words if tokens else ""), {})


def _read_substitution(source: Source, data: Mapping[str, Data]) -> _RuleFile:
    swap = data.get("swap")
    if not isinstance(swap, dict) or not swap:
        raise _fail(source, "extends", "This rule names no words.", "Add `swap:` with the words, and what to write.")
    groups = {f"swap{number}": (str(words), str(instead)) for number, (words, instead) in enumerate(swap.items())}
    joined = "|".join(f"(?P<{group}>{_without_groups(words)})" for group, (words, _) in groups.items())
    pattern = joined if _is_yes(data.get("nonword")) else rf"(?<!\w)(?:{joined})(?!\w)"
    return _make(source, data, pattern, {group: instead for group, (_, instead) in groups.items()})


def _without_groups(pattern: str) -> str:
    """A pattern whose plain groups don’t count, so that the group of its entry is the last."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _make(source: Source, data: Mapping[str, Data], pattern: str, instead: Mapping[str, str]) -> _RuleFile:
    try:
        compiled = re.compile(pattern, re.IGNORECASE if _is_yes(data.get("ignorecase")) else 0)
    except re.error as error:
        key = "swap" if instead else "tokens"
        raise _fail(source, key, f"A pattern here can’t be read: {error.msg}.", "Correct it.") from None
    exceptions = frozenset(word.casefold() for word in _list(data.get("exceptions")))
    return _RuleFile(
        pattern=compiled, instead=instead, exceptions=exceptions, message=str(data.get("message", "")).strip()
    )


def _find(rule_file: _RuleFile, context: Context) -> Iterator[Violation]:
    for passage, match in context.matches(rule_file.pattern, texts=own_texts(context)):
        found = match[0]
        if not found.strip() or found.casefold() in rule_file.exceptions:
            continue
        instead = rule_file.instead.get(match.lastgroup or "", "")
        choices = [choice for choice in instead.split("|") if choice]
        if found in choices:
            continue
        message = _fill_in(rule_file.message, [instead.replace("|", "” or “"), found] if instead else [found])
        remedy = f"Write “{'” or “'.join(choices)}”." if choices else ""
        replacement = choices[0] if len(choices) == 1 else None
        yield violation_at(passage, match, message or f"“{found}” isn’t used here.", remedy, replacement=replacement)


def _fill_in(message: str, values: Sequence[str]) -> str:
    """The message with the values in the place of its %s, in their order."""
    for value in values:
        message = message.replace("%s", value, 1)
    return message if not message or message.endswith((".", "?", "!")) else f"{message}."
