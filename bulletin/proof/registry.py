"""All rules, family by family. To add one: write it in its family's file, name it in that file's RULES. Pure."""

from __future__ import annotations

from functools import cache

from bulletin.proof.rule import Rule


@cache
def find_rules() -> dict[str, Rule]:
    """The rules that come with the product, by their codes, in the order in which they are shown."""
    from bulletin.proof import ignore_comments, mail_parts
    from bulletin.proof.rules import (
        abbreviations,
        accessibility,
        contact_links,
        continuity,
        dates,
        email,
        links,
        live_links,
        mail_clients,
        people,
        pictures,
        privacy,
        promises,
        readability,
        repetition,
        spam,
        spelling,
        structure,
        terms,
        typography,
        wording,
    )

    months = (continuity, promises, repetition)
    language = (spelling, terms, abbreviations, readability, wording, typography)
    addresses = (links, contact_links, live_links)
    personal = (privacy, people)
    mail = (email, pictures, mail_clients, mail_parts, spam)
    families = (dates, *months, *language, *addresses, accessibility, *personal, *mail, structure, ignore_comments)
    return {rule.code: rule for family in families for rule in family.RULES}
