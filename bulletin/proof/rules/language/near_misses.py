"""Terms: a name or a term that is nearly right. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.term_comparison import fold_letters
from bulletin.proof.rules.language.term_search import Terms, find_near_misses
from bulletin.proof.rules.language.two_names import gather_forms, is_one_thing
from bulletin.settings.proof import Severity


@rule(
    "LANG02",
    "near-miss",
    severity=Severity.WARNING,
    reason="A name that is almost right looks careless to its owners, and searches don’t find it.",
    wrong=[
        Example(text="We met F.LA.R.E. again.", settings="proof:\n  terms: [F.L.A.R.E.]\n", at="F.LA.R.E."),
        Example(text="A multiagency audit begins.", at="multiagency"),
        Example(text="The clinics closed during Covid-10.", at="Covid-10"),
        Example(text="The Learning hub meets.", settings="proof:\n  terms: [Learning Hub]\n", at="Learning hub"),
    ],
    right=[
        Example(
            text="F.L.A.R.E.’s members met the Learning Hub. Multi-agency work continues after COVID-19.",
            settings="proof:\n  terms: [F.L.A.R.E., Learning Hub]\n",
        ),
        Example(text="We are working together to safeguard children."),
    ],
)
def near_miss(context: Context) -> Iterator[Violation]:
    """Words that are almost a name or a term, but not quite."""
    misses = find_near_misses(context)
    forms = context.gather(gather_forms) if misses else {}
    terms = context.gather(Terms) if misses else None
    for miss in misses:
        key = fold_letters(miss.written)
        if terms and key in forms and is_one_thing(forms[key], terms.by_key.get(key)):
            continue
        yield violation_at(
            miss.passage,
            (miss.start, miss.end),
            f"“{miss.written}” is close to “{miss.right}”, but not the same.",
            f"Write “{miss.right}”.",
            replacement=miss.right,
        )


RULES: tuple[Rule, ...] = (near_miss,)
