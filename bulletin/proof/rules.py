"""All rules, family by family. To add one: write it in its family's file, name it in that file's RULES. Pure."""

from __future__ import annotations

from functools import cache

from bulletin.proof.rule import Rule


@cache
def find_rules() -> dict[str, Rule]:
    """The rules that come with the product, by their codes, in the order in which they are shown."""
    from bulletin.proof import (
        abbreviations,
        accessibility,
        continuity,
        dates,
        ignoring,
        links,
        people,
        privacy,
        promises,
        readability,
        repetition,
        spelling,
        structure,
        terms,
        typography,
        wording,
    )

    months = (continuity, promises, repetition)
    language = (spelling, terms, abbreviations, readability, wording, typography)
    personal = (privacy, people)
    families = (dates, *months, *language, links, accessibility, *personal, structure, ignoring)
    return {rule.code: rule for family in families for rule in family.RULES}
