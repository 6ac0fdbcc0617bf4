from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.errors import FaultyFiles
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

SERVER = "postgresql+psycopg://news@db.example.org/bulletin"


@pytest.mark.parametrize(
    "address",
    [
        SERVER,
        "postgresql://db.example.org/bulletin?sslmode=verify-full",
        "postgresql+psycopg://news@/bulletin?host=/run/postgresql",
        "sqlite:////srv/bulletin/ledger.db",
    ],
)
def test_bulletin_yaml_says_where_the_database_is(make_workspace: MakeWorkspace, address: str) -> None:
    workspace = make_workspace(settings=f"{SETTINGS}database: {address}\n")

    assert workspace.database_url == address
    assert workspace.may_share_database


def test_the_environment_takes_priority_over_bulletin_yaml(make_workspace: MakeWorkspace) -> None:
    ours = "postgresql+psycopg://news:secret@db.example.org/bulletin"
    workspace = make_workspace(settings=f"{SETTINGS}database: {SERVER}\n", environ={"BULLETIN_DATABASE_URL": ours})

    assert workspace.database_url == ours


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://news:s3cret@db.example.org/bulletin",
        "postgresql://news:s3@cret@db.example.org/bulletin",
        "postgresql://news@db.example.org/bulletin?password=s3cret",
        "postgresql://news@db.example.org/bulletin?sslmode=require&sslpassword=s3cret",
        "postgresql://news@db.example.org/bulletin?PASSWORD=s3cret",
    ],
)
def test_a_password_in_bulletin_yaml_is_refused_with_where_to_put_it(
    make_workspace: MakeWorkspace, address: str
) -> None:
    with pytest.raises(FaultyFiles) as caught:
        make_workspace(settings=f"{SETTINGS}database: {address}\n")

    said = str(caught.value)
    assert "bulletin.yaml:15:11:" in said
    assert "There is a password in this address." in said
    assert "~/.pgpass" in said
    assert "BULLETIN_DATABASE_URL" in said


@pytest.mark.parametrize(
    "address",
    [
        "postgres://news@db.example.org/bulletin",
        "mysql://news@db.example.org/bulletin",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///ledger.db",
        "db.example.org",
    ],
)
def test_what_is_no_address_of_a_lasting_database_is_refused(make_workspace: MakeWorkspace, address: str) -> None:
    with pytest.raises(FaultyFiles, match="This is not the address of a database"):
        make_workspace(settings=f"{SETTINGS}database: {address!r}\n")
