"""Terms: a name or a term that is nearly right. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.reading.lexicon import is_place, is_word
from bulletin.proof.reporting import violation_at
from bulletin.proof.rule import Example, Rule, rule
from bulletin.proof.rules.language.name_search import find_name_slips
from bulletin.proof.rules.language.name_uses import NameSlip
from bulletin.proof.rules.language.term_comparison import NearMiss, fold_letters
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
        Example(text="Marian Oyelaran chairs the group. We thank Marion Oyelaran for her work.", at="Marion Oyelaran"),
        Example(
            text="We met in Thornbridge. The hub is in Thornbridge, too, and Thornebridge is near.", at="Thornebridge"
        ),
    ],
    right=[
        Example(
            text="F.L.A.R.E.’s members met the Learning Hub. Multi-agency work continues after COVID-19.",
            settings="proof:\n  terms: [F.L.A.R.E., Learning Hub]\n",
        ),
        Example(text="We are working together to safeguard children."),
        Example(text="Ann Lee and Anne Wood came in June with Jane Smith, and John Smyth came later."),
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
            replacement=miss.right if _is_same(miss, terms) else None,
        )
    told = {(id(miss.passage), place) for miss in misses for place in range(miss.start, miss.end)}
    for slip in find_name_slips(context):
        if told.isdisjoint((id(slip.use.passage), place) for place in range(slip.use.start, slip.use.end)):
            yield _tell_slip(slip)


def _tell_slip(slip: NameSlip) -> Violation:
    use, other = slip.use, slip.other
    accept = "If both are right, accept it: bulletin check --accept " + next(
        word for word in use.text.split() if word not in other.text.split()
    )
    return violation_at(
        use.passage,
        (use.start, use.end),
        f"“{use.text}” is close to “{other.text}” {other.where}, but not the same.",
        f"Write “{other.text}” if you mean it. {accept}" if slip.sure else f"Choose one form. {accept}",
    )


def _is_same(miss: NearMiss, terms: Terms | None) -> bool:
    """Whether only the form is wrong, so that writing it right can’t change what is meant.

    The letters are the same, in words that mean nothing else; or a word that is in no dictionary is one letter off a
    term that the workspace chose. Another number, or another word, is for a person to decide.
    """
    written, right = miss.written, miss.right
    words = [word for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", written) if word not in right]
    if fold_letters(written) == fold_letters(right):
        is_plain_word = written.islower() and not right.islower()  # “the big ask” may be just that
        return not is_plain_word and not _is_other(written, right)
    term = terms.by_key.get(fold_letters(right)) if terms else None
    same_figures = re.findall(r"[0-9]", written) == re.findall(r"[0-9]", right)
    declared = term is not None and term.declared
    return declared and same_figures and bool(words) and not any(is_word(word) or is_place(word) for word in words)


def _is_other(written: str, right: str) -> bool:
    """Whether one word without its hyphen or full stops is another word: “resign” is not “re-sign”."""
    return written.isalpha() and not right.isalpha() and is_word(written.lower())


RULES: tuple[Rule, ...] = (near_miss,)
