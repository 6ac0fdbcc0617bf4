"""What only some commands need is a part of its own; without it one sentence says what to type."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bulletin import PUBLISHED_NAME
from bulletin.database.engine import connect_database
from bulletin.delivery.message.signing_key import make_key
from bulletin.delivery.smtp.event_loop import make_event_loop
from bulletin.delivery.smtp.oauth import MicrosoftTokens
from bulletin.errors import MissingPart
from bulletin.importing.pdf import read_pdf
from bulletin.parts import Part, has_part, require_part
from bulletin.website.webhooks.sendgrid import SendGrid
from bulletin.website.webhooks.ses import AmazonSes
from checkout import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def read_nothing(address: str) -> bytes:
    raise OSError(address)


@pytest.mark.parametrize(
    ("module", "use", "words"),
    [
        ("pdfplumber", lambda: read_pdf(b"%PDF-1.7"), 'Reading PDFs needs one more part: pip install "NAME[read-pdf]"'),
        (
            "psycopg",
            lambda: connect_database("postgresql+psycopg://localhost/ledger"),
            'A database on PostgreSQL needs one more part: pip install "NAME[postgres]"',
        ),
        (
            "msal",
            lambda: MicrosoftTokens(tenant="example.org", client_id="0000", secret="s3cret"),
            'Logging in to Microsoft 365 needs one more part: pip install "NAME[microsoft]"',
        ),
        (
            "cryptography",
            SendGrid(public_key="MFkwEwYH").require_key,
            'Checking what SendGrid and Amazon SES report needs one more part: pip install "NAME[webhooks]"',
        ),
        (
            "cryptography",
            AmazonSes(topic="arn:aws:sns:eu-west-2:123456789012:returns", fetch=read_nothing).require_key,
            'Checking what SendGrid and Amazon SES report needs one more part: pip install "NAME[webhooks]"',
        ),
        ("typst", lambda: require_part(Part.PDF), 'Making PDFs needs one more part: pip install "NAME[pdf]"'),
        (
            "pagefind_bin",
            lambda: require_part(Part.SEARCH),
            'Search on your website needs one more part: pip install "NAME[search]"',
        ),
        ("cryptography", make_key, 'Signing emails (DKIM) needs one more part: pip install "NAME[dkim]"'),
        (
            "procrastinate",
            lambda: require_part(Part.WORKERS),
            'Sending from several computers needs one more part: pip install "NAME[workers]"',
        ),
    ],
)
def test_what_needs_a_part_that_is_missing_says_what_to_type(
    module: str, use: Callable[[], object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingPart) as refused:
        use()

    assert str(refused.value) == words.replace("NAME", PUBLISHED_NAME)


def test_where_pipx_keeps_the_program_the_command_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(Path("/home/jo/.local/share/pipx/venvs/ebulletin")))

    assert 'pipx runpip ebulletin install "ebulletin[pdf]"' in str(Part.PDF.report_missing())


def test_without_the_fast_part_mail_leaves_by_the_loop_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    loop = make_event_loop()
    loop.close()

    assert type(loop).__module__.startswith("asyncio")


def test_every_extra_but_what_nothing_needs_has_its_sentence_and_its_row() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")

    assert {part.extra for part in Part} == EXTRAS.keys() - {"docs", "fast", "test"}
    assert [extra for extra in EXTRAS.keys() - {"docs", "test"} if f"| `{extra}` |" not in page] == []


def test_the_tests_have_every_part() -> None:
    wanted = {name for extra, names in EXTRAS.items() if extra != "test" for name in names}

    assert wanted <= set(EXTRAS["test"])
    assert all(has_part(part) for part in Part)


def test_the_package_has_one_published_name() -> None:
    assert PROJECT["name"] == PUBLISHED_NAME
    assert f"pipx install {PUBLISHED_NAME}\n" in (ROOT / "README.md").read_text(encoding="utf-8")
