"""`bulletin token`: making, seeing and revoking tokens for other programs, and what was done with them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bulletin.errors import BulletinError, NotFound
from bulletin.workspace.workspace import Workspace
from mailed import run

MakeWorkspace = Callable[..., Workspace]


def test_a_token_is_shown_once_listed_revoked_and_logged(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    assert "There are no tokens" in run(workspace, "token", "list")

    made = run(workspace, "token", "create", "form", "--scope", "subscribe", "--scope", "status", "--days", "9")

    text = made.splitlines()[0]
    assert re.fullmatch(r"bulletin_[0-9a-f]{56}", text)
    assert "only time that you see it" in " ".join(made.split())
    listed = run(workspace, "token", "list")
    assert text not in listed
    assert f"form ({text[:15]}…): status, subscribe. Works until" in listed
    with pytest.raises(BulletinError, match="already"):
        run(workspace, "token", "create", "form", "--scope", "metrics")

    assert "doesn’t work any more" in run(workspace, "token", "revoke", "form")
    assert "Revoked at" in run(workspace, "token", "list")
    with pytest.raises(NotFound, match="No token called"):
        run(workspace, "token", "revoke", "form")
    logged = run(workspace, "token", "log", "form").splitlines()
    assert [re.sub(r"^.*  (.*?) by .*", r"\1", line) for line in logged] == ["form: created", "form: revoked"]


@pytest.mark.parametrize("arguments", [["a@b", "--scope", "status"], ["form", "--scope", "send"], ["form"]])
def test_a_token_has_a_name_without_an_address_and_scopes_that_there_are(
    make_workspace: MakeWorkspace, arguments: list[str]
) -> None:
    run(make_workspace(), "token", "create", *arguments, code=2)
