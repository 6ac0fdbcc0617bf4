"""Language: words that blame victims, or that the people meant no longer want. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import read_list
from bulletin.proof.reading.phrases import PhraseList
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.vocabulary import own_texts
from bulletin.settings.proof import Severity


class _Care(NamedTuple):
    better: str
    why: str
    source: str
    forms: tuple[str, ...]


@rule(
    "LANG18",
    "words-with-care",
    severity=Severity.NOTE,
    reason="Words can blame a child for what others did, or make people their illness. Those who read them remember.",
    wrong=[
        Example(text="She was putting herself at risk.", at="putting herself at risk"),
        Example(text="The course is about people who committed suicide.", at="committed suicide"),
        Example(text="The centre is open to the disabled and their carers.", at="the disabled"),
    ],
    right=[
        Example(text="She was at risk from adults."),
        Example(text="The vulnerable children were seen, and the blind man as well."),
        Example(text="Our chairman spoke.", settings="proof:\n  allowed: [chairman]\n"),
    ],
)
def words_with_care(context: Context) -> Iterator[Violation]:
    """A word or phrase that experts advise against. To use one, add it to `proof: allowed:` in bulletin.yaml."""
    allowed = {" ".join(entry.lower().split()) for entry in context.settings.proof.allowed}
    for passage in own_texts(context):
        text = passage.prose.text
        for found in _open_list().find(text):
            if allowed.isdisjoint(found.value.forms):
                written = text[found.start : found.end]
                message = f"Take care with “{written}”. {found.value.why}"
                remedy = f"Better: {found.value.better}. Source: {found.value.source}."
                yield violation_at(passage, (found.start, found.end), message, remedy)


@cache
def _open_list() -> PhraseList[_Care]:
    entries = read_list("care")
    sources = {name[1:]: title for name, _, title in (entry.partition(" ") for entry in entries if entry[0] == "@")}
    phrases: dict[str, _Care] = {}
    for entry in entries:
        if " ;; " in entry:
            phrases |= _read_entry(entry, sources)
    return PhraseList(phrases)


def _read_entry(entry: str, sources: Mapping[str, str]) -> Mapping[str, _Care]:
    head, why, source = (part.strip() for part in entry.split(" ;; "))
    written, _, better = head.partition(" = ")
    forms = tuple(form.strip() for form in written.split(",") if form.strip())
    care = _Care(better, why, sources[source], tuple(form.rstrip("*") for form in forms))
    return dict.fromkeys(forms, care)


RULES: tuple[Rule, ...] = (words_with_care,)
