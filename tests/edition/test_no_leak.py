"""Random issues with random marks at every depth: no output has a word of a part that is not for its readers.

Each text is a word of its own, so that it can be looked for in the bytes of an output, decoded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin.comparison.difference import compare_issues
from bulletin.declaration.declared import Declared
from bulletin.delivery.copies.export import show_edition
from bulletin.edition.audiences import divide_issue, list_signatures
from bulletin.edition.build import EditionMaker
from bulletin.edition.edition import Edition
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.item import Item
from bulletin.issue.model import Issue
from bulletin.issue.passages import walk_records
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from random_issues import random_sections
from specimen import picture

MakeWorkspace = Callable[..., Workspace]

LISTS = ("partners", "schools", "champions")
TITLES = {"partners": "Partner agencies", "schools": "Schools", "champions": "Champions"}
HEAD = {"month": "2021-05", "published": "4 May 2021", "subject": "News for May", "preview_text": "What we did"}
NOON = datetime(2021, 5, 4, 12, tzinfo=UTC)


@st.composite
def marked_issues(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Issue:
    """A few sections of any kind, each record of them with or without `for:` and `marketing:`."""
    sections = draw(random_sections())[: draw(st.integers(1, 5))]
    marks = st.tuples(st.sets(st.sampled_from(LISTS)) | st.just(set()), st.sampled_from((False, False, False, True)))
    whole = Issue.model_validate({**HEAD, "sections": sections})
    return mark(whole, lambda: draw(marks))


def mark(record: Any, draw: Callable[[], tuple[set[str], bool]]) -> Any:
    """The same record with marks on every item in it."""
    changed: dict[str, Any] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, tuple):
            changed[name] = tuple(mark(each, draw) if isinstance(each, Declared) else each for each in value)
        elif isinstance(value, Declared):
            changed[name] = mark(value, draw)
    if isinstance(record, Item):
        lists, marketing = draw()
        changed |= {"for_": tuple(sorted(lists)), "marketing": marketing}
    return record.model_copy(update=changed)


def sees(audience: Audience, record: Item) -> bool:
    """The rule, told once more: on a list that it names, and with consent if it is marketing."""
    on_a_list = not record.for_ or any(name in audience.lists for name in record.for_)
    return on_a_list and (audience.consent or not record.marketing)


def list_words(record: Any, audience: Audience, *, hidden: bool = False) -> Iterator[tuple[str, bool]]:
    """Each word of the issue, and whether the audience may not see it."""
    hidden = hidden or (isinstance(record, Item) and not sees(audience, record))
    for name in type(record).model_fields:
        value = getattr(record, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Declared):
                yield from list_words(each, audience, hidden=hidden)
            elif isinstance(each, str):
                yield from ((word, hidden) for word in re.findall(r"word[0-9]+x", each))


def find_hidden(issue: Issue, audience: Audience) -> set[str]:
    """The words that an audience may see nowhere."""
    words = list(list_words(issue, audience))
    return {word for word, hidden in words if hidden} - {word for word, hidden in words if not hidden}


def list_outputs(edition: Edition) -> Mapping[str, str]:
    """Every output of an edition, decoded."""
    files = show_edition(edition, now=NOON)
    message = message_from_bytes(files["message.eml"], policy=default)
    parts = {
        f"message.eml {number} {part.get_content_type()}": str(part.items()) + str(part.get_content())
        for number, part in enumerate(message.walk())
        if not part.is_multipart()
    }
    return {
        "email.html": files["email.html"].decode(),
        "email.txt": files["email.txt"].decode(),
        "headers": str(message.items()),
        "names": " ".join(files),
        "json": json.dumps(json.loads(edition.to_json())),
        **parts,
    }


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    from bulletin.workspace.workspace import open_workspace

    root = tmp_path_factory.mktemp("workspace")
    more = SETTINGS.replace("  schools:", "  champions: {title: Champions, basis: consent}\n  schools:")
    (root / "bulletin.yaml").write_text(f"{more}editions: 200\n", encoding="utf-8")
    (root / "issues").mkdir()
    (root / "poster.png").write_bytes(picture(size=(8, 8)))
    return open_workspace(root, environ={})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_no_output_has_what_is_not_for_its_readers(workspace: Workspace, data: st.DataObject) -> None:
    whole = data.draw(marked_issues())
    signatures = list_signatures(whole, LISTS)
    some = data.draw(st.lists(st.sampled_from(signatures), min_size=1, max_size=2, unique=True))
    parts = divide_issue(whole, {PUBLIC, *some}, lists=LISTS, titles=TITLES, most=200)
    maker = EditionMaker(workspace, "2021-05", whole)
    for part in parts:
        for signature in part.signatures:
            hidden = find_hidden(whole, signature)
            for name, output in list_outputs(maker.make(part.issue)).items():
                assert not {word for word in hidden if word in output}, name
            told = "\n".join(compare_issues(whole.for_audience(PUBLIC), part.issue).describe())
            assert not {word for word in hidden if word in told}, "diff"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_what_is_left_of_an_issue_is_what_is_for_its_readers_and_keeps_its_anchors(data: st.DataObject) -> None:
    whole = data.draw(marked_issues())
    audience = Audience(lists=frozenset(data.draw(st.sets(st.sampled_from(LISTS)))), consent=data.draw(st.booleans()))
    pruned = whole.for_audience(audience)
    records = {record.place: record.value for record in walk_records(whole)}

    for record in walk_records(pruned):
        if record.place:
            before = pruned.origin_of(record.place)
            assert type(records[before]) is type(record.value)
            around = [records[before[:end]] for end in range(1, len(before) + 1) if before[:end] in records]
            assert all(sees(audience, each) for each in around if isinstance(each, Item))
            assert pruned.anchors.get(record.place) == whole.anchors.get(before)
    assert pruned.for_audience(audience) == pruned


def test_the_outputs_of_other_readers_do_have_it(workspace: Workspace) -> None:
    """So the property above looks in the right places."""
    sections = [
        {"kind": "notice", "title": "word0x", "text": "word1x"},
        {"kind": "notice", "title": "word2x", "text": "word3x", "for": "schools"},
    ]
    issue = Issue.model_validate({**HEAD, "sections": sections})
    outputs = list_outputs(EditionMaker(workspace, "2021-05", issue).make(issue))

    assert find_hidden(issue, PUBLIC) == {"word2x", "word3x"}
    assert [name for name, output in outputs.items() if "word3x" in output] == [
        *("email.html", "email.txt", "json"),
        *(name for name in outputs if name.endswith(("text/plain", "text/html"))),
    ]
