"""The registry of all rules. To add a rule, write it in its family's module and name it in that RULES. Pure."""

from __future__ import annotations

from functools import cache

from bulletin.proof.rule import Rule


@cache
def find_rules() -> dict[str, Rule]:
    """The rules that come with the product, by code, in the order in which they are listed."""
    from bulletin.proof import ignore_comments
    from bulletin.proof.rules.accessibility import (
        alternatives,
        capitals,
        contrast,
        data_tables,
        emoji,
        films,
        foreign_words,
        headings,
        printing,
        typed_layout,
    )
    from bulletin.proof.rules.bilingual import parity, translations
    from bulletin.proof.rules.calendars import calendar_dates
    from bulletin.proof.rules.dates import (
        bank_holidays,
        date_order,
        deadlines,
        impossible_days,
        relative_months,
        tenses,
        weekdays,
        years,
    )
    from bulletin.proof.rules.facts import (
        announcements,
        bookings,
        clashes,
        counts,
        edition_counts,
        progress,
        publication,
        sums,
    )
    from bulletin.proof.rules.language import (
        abbreviations,
        careful_words,
        dashes,
        doubled_words,
        house_style,
        near_misses,
        quotation_marks,
        readability,
        real_words,
        spaces,
        spelling,
        times,
        two_names,
        wording,
    )
    from bulletin.proof.rules.links import (
        closed_links,
        contact_links,
        insecure_links,
        link_detours,
        link_words,
        live_links,
        misdirected_links,
        mistyped_links,
        own_pages,
    )
    from bulletin.proof.rules.mail import email, former_templates, mail_clients, mail_parts, pictures, plain_kinds, spam
    from bulletin.proof.rules.marks import broken_links, folded_lists, left_marks, private_notes
    from bulletin.proof.rules.months import (
        figures,
        follow_ups,
        priorities,
        promises,
        repeated_entries,
        skipped_months,
        unchanged_text,
    )
    from bulletin.proof.rules.privacy import combinations, named_troubles, people, personal_data
    from bulletin.proof.rules.structure import (
        brevity,
        buttons,
        kickers,
        missing_parts,
        repeated_titles,
        section_length,
        section_order,
        tasks,
        teasers,
        withdrawn_issue,
        word_budget,
    )

    dates = (weekdays, tenses, relative_months, years, date_order, deadlines, impossible_days, bank_holidays)
    months = (priorities, skipped_months, figures, follow_ups, promises, unchanged_text, repeated_entries)
    facts = (counts, announcements, clashes, bookings, progress, publication, sums, edition_counts)
    words = (
        spelling,
        doubled_words,
        near_misses,
        two_names,
        abbreviations,
        readability,
        wording,
        real_words,
        careful_words,
    )
    typography = (spaces, quotation_marks, dashes, times, house_style)
    links = (
        link_words,
        insecure_links,
        closed_links,
        link_detours,
        misdirected_links,
        mistyped_links,
        contact_links,
        live_links,
        own_pages,
    )
    accessibility = (
        headings,
        alternatives,
        capitals,
        emoji,
        contrast,
        foreign_words,
        typed_layout,
        data_tables,
        films,
        printing,
    )
    personal = (personal_data, people, combinations, named_troubles)
    mail = (email, pictures, mail_clients, mail_parts, former_templates, plain_kinds, spam)
    structure = (
        *(missing_parts, section_order, section_length, repeated_titles, tasks, brevity, buttons, kickers),
        *(teasers, word_budget, withdrawn_issue),
    )
    marks = (left_marks, broken_links, folded_lists, private_notes)
    bilingual = (parity, translations)
    families = (
        *dates,
        calendar_dates,
        *months,
        *facts,
        *words,
        *typography,
        *links,
        *accessibility,
        *personal,
        *mail,
        *structure,
        *marks,
        *bilingual,
        ignore_comments,
    )
    return {rule.code: rule for family in families for rule in family.RULES}
