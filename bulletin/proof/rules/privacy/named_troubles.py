"""Privacy: a person by name beside an illness, a debt or an offence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import read_words
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity

_TROUBLE = re.compile(
    r"\b(?:diagnosed with|suffers? from|recovering from|in remission|treatment for cancer|chemotherapy|sick leave|"
    r"(?:has|had|having) (?:breast |bowel |lung )?cancer|signed off sick|miscarriage|rent arrears|arrears of|evicted|"
    r"eviction|bankrupt|owes £|debts? of £|was (?:arrested|convicted|cautioned)|domestic abuse by|sectioned under|"
    r"overdose)\b"
)
_NAMED = re.compile(
    r"\b(?:(?P<title>Mr|Mrs|Ms|Miss|Mx) [A-Z][\w’'-]+|"
    r"(?P<first>[A-Z][a-z]+) [A-Z][a-z’'-]+)(?![\w’'-]*(?:’s|'s)? [A-Z])"
)


@rule(
    "PRIV11",
    "named-with-trouble",
    severity=Severity.WARNING,
    private=True,
    reason="Health, debts and offences are among the most private facts. Everyone who gets the email will know them.",
    wrong=[
        Example(text="Rosa Meek is leaving because she has been diagnosed with cancer.", at="Rosa Meek"),
        Example(text="The letter on rent arrears that Mrs Okafor got was clear.", at="Mrs Okafor"),
        Example(text="Amir Khan is on sick leave until June 2021.", at="Amir Khan"),
    ],
    right=[
        Example(text="Macmillan helps people who have been diagnosed with cancer. Ann Lee leads the team."),
        Example(text="Ask Rosa Meek for the poster on rent. The letter on rent arrears is new."),
    ],
)
def named_with_trouble(context: Context) -> Iterator[Violation]:
    """A person’s name in one sentence with an illness, a debt or an offence."""
    for passage in context.texts:
        if not _TROUBLE.search(passage.prose.text):
            continue
        for sentence in context.sentences_of(passage):
            if _TROUBLE.search(passage.prose.text, sentence.start, sentence.end):
                for match in _NAMED.finditer(passage.prose.text, sentence.start, sentence.end):
                    if match["title"] or match["first"] in read_words("given_names"):
                        message = f"This sentence tells something very private of {match[0]}."
                        remedy = "Leave out the name or the fact, unless the person has agreed to both in writing."
                        yield violation_at(passage, match, message, remedy)
                        break


RULES: tuple[Rule, ...] = (named_with_trouble,)
