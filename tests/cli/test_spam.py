from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.delivery.copies.spam_score import read_report
from bulletin.errors import BulletinError
from bulletin.workspace.workspace import Workspace, open_workspace
from checkout import ROOT
from conftest import find_program
from mailed import run


@pytest.mark.slow
def test_the_may_2021_issue_is_far_from_spam() -> None:
    find_program("spamassassin", package="spamassassin")
    from datetime import UTC, datetime

    from bulletin.delivery.copies.export import show_edition
    from bulletin.delivery.copies.spam_score import score_message
    from bulletin.edition.build import make_edition

    edition = make_edition(open_workspace(ROOT, environ={}), "2021-05")
    report = score_message(show_edition(edition, now=datetime.now(UTC))["message.eml"])

    assert report.points < 1.0, report.hits
    assert report.hits


def test_what_spamassassin_says_is_read_with_the_worst_first() -> None:
    said = (
        "X-Spam-Status: Yes, score=6.4 required=5.0 tests=A_B\n\nContent analysis details:   (6.4 points)\n\n"
        " pts rule name              description\n---- ---------------------- ---------\n"
        "-0.1 GOOD_SIGN              Something good\n"
        " 6.5 MONEY_NOW              BODY: Asks for money\n                            now\n"
    )
    report = read_report(said)

    assert report.points == 6.4
    assert [(hit.points, hit.test, hit.words) for hit in report.hits] == [
        (6.5, "MONEY_NOW", "BODY: Asks for money now"),
        (-0.1, "GOOD_SIGN", "Something good"),
    ]
    with pytest.raises(BulletinError, match="can't be read"):
        read_report("nothing of the kind")


def test_where_it_is_missing_a_person_is_told_how_to_get_it(
    make_workspace: Callable[..., Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BulletinError, match="SpamAssassin isn't on this computer"):
        run(workspace, "check", "2021-05", "--spam")
