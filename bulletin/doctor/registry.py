"""The registry of all checks. To add one, write it in its family's module and name it in that CHECKS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from bulletin.doctor.check import DoctorCheck
from bulletin.errors import NotFound


@cache
def find_checks() -> Mapping[str, DoctorCheck]:
    """All checks by id, in the order in which they are shown."""
    from bulletin.doctor.checks import (
        leaked_files,
        ledger_safety,
        mail_addresses,
        mail_server,
        microsoft_login,
        own_templates,
        promises,
        reader_numbers,
        secret_keys,
        sender_records,
        signing_records,
        this_computer,
        unsubscribe_page,
    )

    checks = (
        *microsoft_login.FIRST_CHECKS,
        *mail_server.CHECKS,
        *microsoft_login.CHECKS,
        *mail_server.LATER_CHECKS,
        *sender_records.CHECKS,
        *signing_records.CHECKS,
        *mail_addresses.CHECKS,
        *unsubscribe_page.CHECKS,
        *secret_keys.CHECKS,
        *leaked_files.CHECKS,
        *ledger_safety.CHECKS,
        *reader_numbers.CHECKS,
        *this_computer.CHECKS,
        *own_templates.CHECKS,
        *promises.CHECKS,
    )
    return {check.id: check for check in checks}


def choose_checks(words: Iterable[str]) -> tuple[DoctorCheck, ...]:
    """The checks that a person names: ids (`DNS05`), or the letters of several (`DNS`); all if they name none.

    Raises NotFound for a word that is neither.
    """
    known = find_checks()
    chosen: set[str] = set()
    for word in words:
        wanted = word.strip().upper()
        found = {id_ for id_ in known if id_ == wanted or id_.rstrip("0123456789") == wanted}
        if not found:
            groups = ", ".join(dict.fromkeys(id_.rstrip("0123456789") for id_ in known))
            raise NotFound(f"There's no check “{word}”.", f"Name one, such as DNS05, or a group: {groups}.")
        chosen |= found
    return tuple(check for check in known.values() if check.id in chosen or not chosen)
