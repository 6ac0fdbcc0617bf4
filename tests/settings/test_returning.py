"""`returns:` in bulletin.yaml: what is refused, and in which words."""

from __future__ import annotations

import pytest

from bulletin.declaration.source import parse_source
from bulletin.declaration.validation import validate
from bulletin.errors import FaultyFiles
from bulletin.settings.returning import AfterReading, Returns
from bulletin.settings.settings import Settings
from conftest import SETTINGS


def read(returns: str) -> Returns | None:
    return validate(parse_source(f"{SETTINGS}returns: {returns}\n", shown_as="bulletin.yaml"), Settings).returns


@pytest.mark.parametrize(
    ("returns", "words"),
    [
        ("{address: r@example.org, after: move}", "belong together"),
        ("{address: r@example.org, move_to: Done}", "belong together"),
        ("{address: r@example.org, after: delete, move_to: Done}", "belong together"),
        ("{address: r@example.org, after: burn}", "burn"),
        ("{address: r@example.org, imap: imap.example.org}", "not the address of an IMAP server"),
        ("{address: r@example.org, imap: 'imaps://r:secret@imap.example.org'}", "There is a password"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(returns: str, words: str) -> None:
    with pytest.raises(FaultyFiles) as caught:
        read(returns)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("returns", "after"),
    [
        ("{address: r@example.org}", AfterReading.KEEP),
        ("{address: r@example.org, after: delete}", AfterReading.DELETE),
        ("{address: r@example.org, after: move, move_to: Done}", AfterReading.MOVE),
    ],
)
def test_emails_stay_in_the_mailbox_unless_it_says_so(returns: str, after: AfterReading) -> None:
    found = read(returns)
    assert found is not None
    assert found.after is after
