"""Sign-offs: what voids one, what does not, in which words; who counts, and who may sign."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text, update

from bulletin.approval import snapshot as snapshots
from bulletin.approval.approvals import Approval, find_approvals, load_snapshot, record_approval
from bulletin.approval.changes import describe_changes
from bulletin.approval.contents import Snapshot
from bulletin.approval.requirement import admit_approver, assess_approval, find_approval_status, require_approval
from bulletin.approval.snapshot import take_snapshot
from bulletin.database.schema import open_database
from bulletin.database.tables import approvals
from bulletin.edition.build import make_edition
from bulletin.errors import ApprovalError, DatabaseError, NotApproved
from bulletin.settings.approval import ApprovalRules
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import SETTINGS
from specimen import picture

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

ISSUE_ID = "2021-05"
NOON = 1_620_126_000_000  # 4 May 2021, 11:00 UTC
LOGO = "  logo: {file: logo.png, alt: Anytown}\n"
WITH_LOGO = SETTINGS.replace("bulletins:", f"{LOGO}bulletins:", 1)
ONE = "approval: {needed: 1}\n"
TWO = "approval: {needed: 2}\n"


@pytest.fixture
def workspace(make_workspace: MakeWorkspace, tmp_path: Path) -> Workspace:
    """A workspace that asks for one sign-off, with a logo and a file of the theme of its own."""
    root = tmp_path / "workspace"
    (root / "templates" / "email").mkdir(parents=True)
    (root / "logo.png").write_bytes(picture())
    return make_workspace(settings=WITH_LOGO + ONE)


@pytest.fixture
def engine(workspace: Workspace, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The workspace's database; a test that asks for `database_url` as well is run with that, of each kind."""
    own = "database_url" in request.fixturenames
    engine = open_database(request.getfixturevalue("database_url") if own else workspace.database_url)
    yield engine
    engine.dispose()


def look(workspace: Workspace, *, lists: tuple[str, ...] = ()) -> Snapshot:
    """What there is to sign now, with all files read anew."""
    now = open_workspace(workspace.root, environ={})
    return take_snapshot(now, make_edition(now, ISSUE_ID), lists=lists or now.lists_of(ISSUE_ID))


def sign(workspace: Workspace, engine: Engine, *names: str) -> list[Approval]:
    return [record_approval(engine, look(workspace), name=name, now=NOON) for name in names or ["Jo Bloggs"]]


def demand(workspace: Workspace, engine: Engine) -> tuple[Approval, ...]:
    now = open_workspace(workspace.root, environ={})
    return require_approval(now, engine, look(workspace)).counted


def refusal_of(workspace: Workspace, engine: Engine) -> str:
    with pytest.raises(NotApproved) as raised:
        demand(workspace, engine)
    return str(raised.value)


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


# --- what the website would show


def use_own_template(workspace: Workspace, name: str, old: str, new: str) -> None:
    """A file of the theme in the workspace, with a change."""
    own = workspace.root / "templates" / name
    own.parent.mkdir(parents=True, exist_ok=True)
    content = (workspace.theme_folders[-1] / name).read_text(encoding="utf-8")
    assert old in content
    own.write_text(content.replace(old, new, 1), encoding="utf-8")


DATED = """\
  - kind: events
    title: Days to keep free
    items: [{title: Conference, date: 9 June 2021, starts: 9:30am, ends: midday}]
"""


@pytest.mark.parametrize(
    ("name", "change", "differs"),
    [
        ("web/archive/issue.html.j2", ("<link", '<link data-own="yes"'), "web page"),
        ("web/archive/style.css", ("{", "{ outline: 0;"), "web page"),
        ("web/archive/sections/notice.html.j2", ("{{", "<hr>{{"), "web page"),
        ("pdf/issue.typ", ("\n", "\n// our own\n"), "PDF"),
    ],
)
def test_a_template_of_the_website_that_changes_voids_it_and_is_named(
    workspace: Workspace, engine: Engine, name: str, change: tuple[str, str], differs: str
) -> None:
    sign(workspace, engine)
    assert demand(workspace, engine)
    use_own_template(workspace, name, *change)
    refused = refusal_of(workspace, engine)

    assert "so that approval no longer counts" in refused
    assert f"On the website, the {differs} would be different." in refused
    assert refused.count("On the website") == 1
    assert f"{name} has changed" in refused


def test_a_date_that_only_calendars_have_voids_it(workspace: Workspace, engine: Engine) -> None:
    path = workspace.issue_path(ISSUE_ID)
    path.write_text(path.read_text(encoding="utf-8") + DATED, encoding="utf-8")
    sign(workspace, engine)
    edit(path, "ends: midday", "ends: 1pm")

    assert "On the website, the calendar files would be different." in refusal_of(workspace, engine)


def test_a_correction_and_another_day_leave_it_valid(workspace: Workspace, engine: Engine) -> None:
    """They come after the approval."""
    sign(workspace, engine)
    path = workspace.issue_path(ISSUE_ID)
    correction = "corrections: [{on: 30 May 2021, text: It was told wrongly.}]\n"
    path.write_text(path.read_text(encoding="utf-8") + correction, encoding="utf-8")

    assert demand(workspace, engine)


def test_what_an_earlier_release_approved_without_the_website_stays_approved(
    workspace: Workspace, engine: Engine
) -> None:
    now = look(workspace)
    earlier = replace(now, contents=now.contents.of_emails)
    assert "published" not in earlier.contents.to_values()
    record_approval(engine, earlier, name="Jo Bloggs", now=NOON)

    assert demand(workspace, engine)


def test_a_page_that_can_not_be_made_is_a_change_of_its_own(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    use_own_template(workspace, "web/archive/issue.html.j2", "<link", "{{ nothing.there }}<link")

    assert "On the website, the web page can’t be made now." in refusal_of(workspace, engine)


def test_it_says_what_it_covers(workspace: Workspace) -> None:
    assert look(workspace).contents.coverage == "the email, the web page and the PDF"


# --- what voids a sign-off


ISSUE_FILE = f"issues/{ISSUE_ID}.yaml"
SEEN = {
    "a word": (ISSUE_FILE, "closed", "open", "text: “We are closed on **3 May 2021**.” → “We are open on"),
    "the subject": (ISSUE_FILE, "news for May", "news, May", "subject: “Anytown news for May” → “Anytown news, May”"),
    "the preview text": (ISSUE_FILE, "in April", "in March", "preview text: “What we did in April” → “What we did"),
    "the sender's name": (
        "bulletin.yaml",
        "sender: {name: Anytown Partnership",
        "sender: {name: Anytown",
        "bulletins › monthly › sender › name: “Anytown Partnership” → “Anytown”",
    ),
    "the sender's address": ("bulletin.yaml", "news@anytown", "post@anytown", "sender › email: “news@anytown.example"),
    "where answers go": (
        "bulletin.yaml",
        "    title: Anytown news",
        "    reply_to: us@anytown.example.org\n    title: Anytown news",
        "bulletins › monthly › reply_to is new: “us@anytown.example.org”",
    ),
    "the greeting": (
        "bulletin.yaml",
        "    title: Anytown news",
        "    greeting: Hi {name}!\n    title: Anytown news",
        "bulletins › monthly › greeting: “Hello {name},” → “Hi {name}!”",
    ),
    "the address of the organisation": ("bulletin.yaml", "1 High", "2 High", "organisation › address: “1 High Street"),
    "the website": ("bulletin.yaml", "https://news.", "https://old.", "website › url: “https://news.anytown"),
    "the accent colour": (
        "bulletin.yaml",
        "website:",
        "colours: {accent: '#123456'}\nwebsite:",
        "colours › accent: “#1d5c87” → “#123456”",
    ),
    "one more of the bulletin's lists": (
        "bulletin.yaml",
        "  schools: {",
        "  parents: {title: Parents, basis: consent}\n  schools: {",
        "The lists that it goes to:\n    parents is new",
    ),
    "who wrote it": (ISSUE_FILE, "published:", "author: Sam Smith\npublished:", "author is new: “Sam Smith”"),
}


@pytest.mark.parametrize("change", SEEN.values(), ids=SEEN)
def test_any_change_of_what_readers_see_voids_it_and_is_named(
    workspace: Workspace, engine: Engine, change: tuple[str, str, str, str]
) -> None:
    file, old, new, words = change
    sign(workspace, engine)
    assert demand(workspace, engine)
    edit(workspace.root / file, old, new)

    said = refusal_of(workspace, engine)
    assert f"{ISSUE_ID} has changed since Jo Bloggs (4 May 2021, " in said
    assert words in said
    assert f"bulletin approve {ISSUE_ID} --by NAME" in said


def test_the_bytes_of_a_picture_void_it(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    (workspace.root / "logo.png").write_bytes(picture(size=(1200, 700)))

    said = refusal_of(workspace, engine)
    assert "Pictures:\n    “logo” is a different picture now" in said
    assert "The issue" not in said


def test_a_file_of_the_theme_voids_it_and_is_named_with_the_words_that_it_changed(
    workspace: Workspace, engine: Engine
) -> None:
    sign(workspace, engine)
    text_theme = workspace.root / "templates" / "text"
    text_theme.mkdir()
    ours = workspace.theme_folders[-1] / "text" / "issue.txt.j2"
    version, _, rest = ours.read_text(encoding="utf-8").partition("\n")
    (text_theme / "issue.txt.j2").write_text(f"{version}\nIN HASTE\n\n{rest}", encoding="utf-8")

    said = refusal_of(workspace, engine)
    assert "The theme, in templates/:\n    text/issue.txt.j2 has changed" in said
    assert "In its plain text only:\n    now: “IN HASTE”" in said


def test_a_file_of_any_folder_of_the_theme_voids_it_and_is_named(workspace: Workspace, engine: Engine) -> None:
    """Whatever a template may include: also what is shared by several themes, behind a link."""
    house = workspace.root / "house"
    house.mkdir()
    note = house / "note.html.j2"
    note.write_text("<p>Office: room 1</p>", encoding="utf-8")
    templates = workspace.root / "templates"
    (templates / "shared").symlink_to(house, target_is_directory=True)
    (house / "back").symlink_to(house, target_is_directory=True)
    (templates / "email" / "back").symlink_to(templates, target_is_directory=True)
    add_to_theme(workspace, "email/parts/guide.html.j2", "{% include 'shared/note.html.j2' %}")
    sign(workspace, engine)
    edit(note, "room 1", "room 2")

    said = refusal_of(workspace, engine)
    assert "The theme, in templates/:\n    shared/note.html.j2 has changed\n" in said
    assert "rendered in another way" not in said
    assert "now: “Office: room 2”" in said


WHISTLE = """\
  - kind: notice
    title: Whistleblowing
    text: >-
      This is about conduct. Councillor Smith has been suspended. Ring 020 7946 0000.
"""


def test_every_word_of_what_is_new_is_shown(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    path = workspace.root / ISSUE_FILE
    path.write_text(path.read_text(encoding="utf-8") + WHISTLE, encoding="utf-8")

    said = refusal_of(workspace, engine)
    assert "New notice section: “Whistleblowing”" in said
    assert "now: “This is about conduct. Councillor Smith has been suspended. Ring 020 7946 0000.”" in said


def test_every_word_of_what_is_gone_is_shown(workspace: Workspace, engine: Engine) -> None:
    path = workspace.root / ISSUE_FILE
    before = path.read_text(encoding="utf-8")
    path.write_text(before + WHISTLE, encoding="utf-8")
    sign(workspace, engine)
    path.write_text(before, encoding="utf-8")

    assert "was: “This is about conduct. Councillor Smith has been suspended. Ring 020 7946 0000.”" in refusal_of(
        workspace, engine
    )


def test_every_word_of_a_text_that_was_rewritten_is_shown_once(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    edit(
        workspace.root / ISSUE_FILE,
        "We are closed on **3 May 2021**.",
        "Come in. The door is open. Ring 020 7946 0000.",
    )

    said = refusal_of(workspace, engine)
    assert said.count("now: “Come in. The door is open. Ring 020 7946 0000.”") == 1
    assert "In its plain text only" not in said


def test_every_word_of_a_setting_is_shown(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    edit(
        workspace.root / "bulletin.yaml",
        "We keep children safe in Anytown.",
        "We did. Then we stopped. Ring 020 7946 0000.",
    )

    said = refusal_of(workspace, engine)
    assert "organisation › about: “We keep children safe in Anytown.” → “We did. Then we stopped. Ring 020" in said


def test_where_a_link_leads_is_shown(workspace: Workspace, engine: Engine) -> None:
    edit(workspace.root / ISSUE_FILE, "closed", "[closed](https://a.example.org)")
    sign(workspace, engine)
    edit(workspace.root / ISSUE_FILE, "https://a.example.org", "https://b.example.org")

    assert "now: “We are closed <https://b.example.org> on 3 May 2021.”" in refusal_of(workspace, engine)


def test_words_that_a_theme_adds_are_shown_beside_those_that_an_editor_changes(
    workspace: Workspace, engine: Engine
) -> None:
    sign(workspace, engine)
    add_to_theme(workspace, "email/parts/guide.html.j2", "<p>Ring 020 7946 0000.</p>")
    edit(workspace.root / ISSUE_FILE, "closed", "open")

    said = refusal_of(workspace, engine)
    assert "The theme, in templates/:\n    email/parts/guide.html.j2 has changed" in said
    assert "now: “Ring 020 7946 0000.”" in said
    assert "now: “We are open on 3 May 2021.”" in said


def test_words_in_the_html_alone_are_words(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    add_to_theme(workspace, "email/parts/guide.html.j2", "<p>Ring 020 7946 0000.</p>")

    said = refusal_of(workspace, engine)
    assert "now: “Ring 020 7946 0000.”" in said
    assert "The words of the email are the same" not in said


def add_to_theme(workspace: Workspace, file: str, markup: str) -> None:
    path = workspace.root / "templates" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((workspace.theme_folders[-1] / file).read_text(encoding="utf-8") + markup, encoding="utf-8")


def test_where_outlooks_own_button_leads_is_among_the_words(workspace: Workspace, engine: Engine) -> None:
    button = "<!--[if mso]><v:roundrect href='https://a.example.org'><center>Book</center></v:roundrect><![endif]-->"
    add_to_theme(workspace, "email/parts/guide.html.j2", button)
    sign(workspace, engine)
    edit(workspace.root / "templates" / "email" / "parts" / "guide.html.j2", "//a.example", "//b.example")

    said = refusal_of(workspace, engine)
    assert "was: “<https://a.example.org>”" in said
    assert "now: “<https://b.example.org>”" in said
    assert "The words of the email are the same" not in said


def test_a_style_of_the_theme_changes_the_look_and_no_words(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    add_to_theme(workspace, "email/styles/text.css", "\n.p { color: #111111; }\n")

    said = refusal_of(workspace, engine)
    assert "email/styles/text.css has changed" in said
    assert "The words of the email are the same, but it looks different. Look at it in the preview" in said


def test_lists_alone_change_neither_the_words_nor_the_look(workspace: Workspace) -> None:
    said = describe_changes(look(workspace, lists=("partners",)), look(workspace))

    assert said == ("The lists that it goes to:", "  schools is new")


def test_a_list_that_was_not_signed_for_voids_it(workspace: Workspace, engine: Engine) -> None:
    record_approval(engine, look(workspace, lists=("partners",)), name="Jo Bloggs", now=NOON)

    assert require_approval(workspace, engine, look(workspace, lists=("partners",))).complete
    assert "The lists that it goes to:\n    schools is new" in refusal_of(workspace, engine)
    with pytest.raises(NotApproved, match=f"bulletin approve {ISSUE_ID} --by NAME --list schools"):
        require_approval(workspace, engine, look(workspace, lists=("schools",)))


def test_an_approval_for_several_lists_covers_each_of_them(workspace: Workspace, engine: Engine) -> None:
    (signed,) = sign(workspace, engine)

    for lists in (("partners",), ("schools",)):
        assert require_approval(workspace, engine, look(workspace, lists=lists)).given == (signed,)
    edit(workspace.root / ISSUE_FILE, "closed", "open")
    with pytest.raises(NotApproved, match="has changed since"):
        require_approval(workspace, engine, look(workspace, lists=("partners",)))


def test_it_covers_no_list_whose_readers_would_see_anything_else(workspace: Workspace) -> None:
    signed, wanted = look(workspace).contents, look(workspace, lists=("partners",)).contents

    assert signed.covers(wanted)
    assert not wanted.covers(signed)
    others = (
        replace(wanted, author="Sam Smith"),
        replace(wanted, subject="Another"),
        replace(wanted, html=(*wanted.html, "For partners.")),
        replace(wanted, text=(*wanted.text, "For partners.")),
        replace(wanted, letterhead={**wanted.letterhead, "list": "Partner agencies"}),
        replace(wanted, pictures={}),
    )
    assert not any(signed.covers(other) for other in others)


def test_two_people_are_needed_for_some_of_the_lists_too(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(settings=SETTINGS + TWO)
    engine = open_database(workspace.database_url)
    narrow = look(workspace, lists=("partners",))
    record_approval(engine, look(workspace), name="Jo Bloggs", now=NOON)
    record_approval(engine, look(workspace), name="Jo Bloggs", now=NOON, confirmed=["more"])
    record_approval(engine, narrow, name="Jo Bloggs", now=NOON)
    assert not find_approval_status(workspace, engine, narrow.contents).complete

    record_approval(engine, narrow, name="Sam Smith", now=NOON)
    assert find_approval_status(workspace, engine, narrow.contents).complete
    assert not find_approval_status(workspace, engine, look(workspace).contents).complete
    engine.dispose()


def test_what_was_altered_in_the_database_covers_nothing(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine)
    edit(workspace.root / ISSUE_FILE, "closed", "open")
    with engine.begin() as connection:
        connection.execute(update(approvals).values(contents=look(workspace).to_bytes()))

    assert not find_approval_status(workspace, engine, look(workspace, lists=("partners",)).contents).given


def test_another_version_of_the_program_that_renders_otherwise_voids_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look(workspace)
    monkeypatch.setattr(snapshots, "__version__", "99.0")
    after = look(workspace)
    assert before.contents.digest == after.contents.digest
    contents = {**vars(after.contents), "text": (*after.contents.text, "\n\nAn advertisement.")}
    contents.pop("digest")
    other = Snapshot(contents=type(after.contents)(**contents), provenance=after.provenance)

    said = "\n".join(describe_changes(before, other))
    assert "rendered differently: bulletin was version " in said
    assert "and is 99.0" in said
    assert "now: “An advertisement.”" in said


NOT_SEEN = {
    "one less of the bulletin's lists": (
        "bulletin.yaml",
        "    title: Anytown news",
        "    lists: [partners]\n    title: Anytown news",
    ),
    "a comment in the issue": (ISSUE_FILE, "sections:", "# Ask Anna about this.\nsections:"),
    "quotation marks of YAML": (ISSUE_FILE, "title: Office hours", "title: 'Office hours'"),
    "a comment in the settings": ("bulletin.yaml", "lists:\n", "lists:  # all of them\n"),
    "the number of connections": ("bulletin.yaml", "website:", "sending: {connections: 9}\nwebsite:"),
    "the lawful basis of a list": ("bulletin.yaml", "basis: consent", "basis: public-task"),
    "lists in another order": (
        "bulletin.yaml",
        "    title: Anytown news",
        "    lists: [schools, partners]\n    title: Anytown news",
    ),
    "a contributor": (
        "bulletin.yaml",
        "website:",
        "contributors: {health: {organisation: Health, email: a@example.org}}\nwebsite:",
    ),
}


@pytest.mark.parametrize(("file", "old", "new"), NOT_SEEN.values(), ids=NOT_SEEN)
def test_what_readers_do_not_see_voids_nothing(
    workspace: Workspace, engine: Engine, file: str, old: str, new: str
) -> None:
    signed = sign(workspace, engine)
    edit(workspace.root / file, old, new)

    assert list(demand(workspace, engine)) == signed


def test_a_file_of_the_theme_that_changes_nothing_in_the_mail_voids_nothing(
    workspace: Workspace, engine: Engine
) -> None:
    sign(workspace, engine)
    (workspace.root / "templates" / "email" / "unused.html.j2").write_text("{# for later #}")

    assert demand(workspace, engine)


def test_what_is_changed_back_is_what_was_signed(workspace: Workspace, engine: Engine) -> None:
    signed = sign(workspace, engine)
    edit(workspace.root / ISSUE_FILE, "closed", "open")
    refusal_of(workspace, engine)
    edit(workspace.root / ISSUE_FILE, "open", "closed")

    assert list(demand(workspace, engine)) == signed


def test_an_author_cannot_write_what_a_slot_is_signed_as(workspace: Workspace) -> None:
    before = look(workspace).contents
    edit(workspace.root / ISSUE_FILE, "We are closed", "greeting We are closed")
    after = look(workspace).contents

    assert before.text[1::2] == after.text[1::2]
    assert set(after.text[1::2]) == {"greeting", "unsubscribe", "preferences"}
    assert before.digest != after.digest


def test_an_issue_that_was_signed_in_a_notation_read_no_more_is_told_without_a_traceback(workspace: Workspace) -> None:
    old = look(workspace)
    making = type(old.provenance)(
        source="month: {}\nflavour: mint\n",
        settings=old.provenance.settings,
        theme=old.provenance.theme,
        version=old.provenance.version,
    )
    edit(workspace.root / ISSUE_FILE, "closed", "open")

    said = describe_changes(Snapshot(contents=old.contents, provenance=making), look(workspace))
    assert "read it as if it were new" in "\n".join(said)


# --- who counts


def test_without_any_rule_nobody_needs_to_sign(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    engine = open_database(workspace.database_url)

    assert demand(workspace, engine) == ()
    sign(workspace, engine)
    assert [one.name for one in demand(workspace, engine)] == ["Jo Bloggs"]
    engine.dispose()


def test_an_issue_that_nobody_signed_is_refused(workspace: Workspace, engine: Engine) -> None:
    said = refusal_of(workspace, engine)

    assert said.startswith(f"{ISSUE_ID} has not been approved. It needs approval by 1 person.")


@pytest.mark.usefixtures("database_url")
def test_one_person_who_signs_twice_counts_once(workspace: Workspace, engine: Engine) -> None:
    edit(workspace.root / "bulletin.yaml", ONE, TWO)
    first, second = sign(workspace, engine, "Jo Bloggs", "  JO   bloggs ")

    assert first.id == second.id
    assert "still needs approval by 1 more person. So far it was approved by Jo Bloggs (" in refusal_of(
        workspace, engine
    )
    sign(workspace, engine, "Sam Smith")
    assert [one.name for one in demand(workspace, engine)] == ["Jo Bloggs", "Sam Smith"]


@pytest.mark.parametrize("people", [["Jo Bloggs"], ["Jo Bloggs", "JO BLOGGS"], ["Jo Bloggs", "Ｊｏ Bloggs"]])
def test_rows_of_one_person_count_once_however_they_are_spelt(workspace: Workspace, people: list[str]) -> None:
    contents = look(workspace).contents
    rows = [
        Approval(id=at, issue=ISSUE_ID, digest=contents.digest, name=name, approved_at=NOON, confirmed=())
        for at, name in enumerate(people)
    ]

    assert not assess_approval(ApprovalRules(needed=2), contents, rows).complete
    assert assess_approval(ApprovalRules(needed=1), contents, rows).complete


def test_the_authors_sign_off_alone_is_not_enough(workspace: Workspace, engine: Engine) -> None:
    edit(workspace.root / ISSUE_FILE, "published:", "author: Jo Bloggs\npublished:")
    contents = look(workspace).contents
    with pytest.raises(ApprovalError, match="jo bloggs wrote 2021-05, so their approval alone"):
        admit_approver(ApprovalRules(needed=1), contents, "jo bloggs")

    assert "approval by 1 person other than Jo Bloggs, who wrote it." in refusal_of(workspace, engine)
    sign(workspace, engine, "Jo Bloggs")
    assert "still needs approval by 1 other person. So far it was approved" in refusal_of(workspace, engine)
    sign(workspace, engine, "Sam Smith")
    assert demand(workspace, engine)


def test_the_author_is_one_of_several(workspace: Workspace, engine: Engine) -> None:
    edit(workspace.root / ISSUE_FILE, "published:", "author: Jo Bloggs\npublished:")
    edit(workspace.root / "bulletin.yaml", ONE, TWO)

    assert admit_approver(ApprovalRules(needed=2), look(workspace).contents, "Jo Bloggs") == "Jo Bloggs"
    sign(workspace, engine, "Jo Bloggs")
    assert "approval by 1 other person." in refusal_of(workspace, engine)
    sign(workspace, engine, "Sam Smith")
    assert len(demand(workspace, engine)) == 2


def test_only_those_whom_the_settings_name_may_sign_and_as_it_is_written_there(workspace: Workspace) -> None:
    rules, contents = ApprovalRules(people=("Jo Bloggs", "Zoë O’Neil")), look(workspace).contents

    assert admit_approver(rules, contents, " zoë  o’NEIL") == "Zoë O’Neil"
    with pytest.raises(ApprovalError, match=r"The people who can are: Jo Bloggs, Zoë O’Neil"):
        admit_approver(rules, contents, "Sam Smith")


def test_who_may_sign_no_more_does_not_count_any_more(workspace: Workspace, engine: Engine) -> None:
    sign(workspace, engine, "Jo Bloggs")
    edit(workspace.root / "bulletin.yaml", ONE, "approval: {people: [Sam Smith]}\n")

    refusal_of(workspace, engine)


@pytest.mark.parametrize("name", ["", "  ", "123", "Jo\nBloggs", "Jo\x1b[31m", "J" * 200])
def test_what_is_no_name_signs_nothing(workspace: Workspace, name: str) -> None:
    with pytest.raises(ApprovalError, match="is not a name"):
        admit_approver(ApprovalRules(), look(workspace).contents, name)


# --- what is kept


@pytest.mark.usefixtures("database_url")
def test_a_sign_off_keeps_who_when_what_and_which_findings_stand(workspace: Workspace, engine: Engine) -> None:
    seen = look(workspace)
    signed = record_approval(engine, seen, name="Jo Bloggs", now=NOON, confirmed=["PRIV06: the mobile is the office’s"])

    assert find_approvals(engine, ISSUE_ID) == (signed,)
    assert signed.confirmed == ("PRIV06: the mobile is the office’s",)
    kept = load_snapshot(engine, signed)
    assert kept.contents.digest == signed.digest == seen.contents.digest
    assert kept.provenance.source == (workspace.root / ISSUE_FILE).read_text(encoding="utf-8")


def test_who_lets_one_more_finding_stand_signs_again(workspace: Workspace, engine: Engine) -> None:
    seen = look(workspace)
    first = record_approval(engine, seen, name="Jo Bloggs", now=NOON, confirmed=["one"])

    assert record_approval(engine, seen, name="Jo Bloggs", now=NOON + 1, confirmed=[]) == first
    assert record_approval(engine, seen, name="Jo Bloggs", now=NOON + 1, confirmed=["one", "two"]).id != first.id


@pytest.mark.parametrize("damage", ["x'00'", "x'789c0300000000010000'", "zeroblob(9)"])
def test_what_was_altered_in_the_database_is_not_believed(workspace: Workspace, engine: Engine, damage: str) -> None:
    (signed,) = sign(workspace, engine)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE approvals SET contents = {damage}"))

    with pytest.raises(DatabaseError, match="has altered what Jo Bloggs approved"):
        load_snapshot(engine, signed)


def test_other_contents_under_the_same_digest_are_not_believed(workspace: Workspace, engine: Engine) -> None:
    (signed,) = sign(workspace, engine)
    edit(workspace.root / ISSUE_FILE, "closed", "open")
    with engine.begin() as connection:
        connection.execute(update(approvals).values(contents=look(workspace).to_bytes()))

    with pytest.raises(DatabaseError, match="has altered"):
        load_snapshot(engine, signed)


def test_people_who_sign_at_the_same_moment_all_count_and_each_once(
    workspace: Workspace, engine: Engine, database_url: str
) -> None:
    seen = look(workspace)
    names = [f"Person {letter}" for letter in "ABCDEFGH"] * 2
    gate = threading.Barrier(len(names), timeout=60)

    def sign_at_once(name: str) -> None:
        own = open_database(database_url)
        gate.wait()
        record_approval(own, seen, name=name, now=NOON)
        own.dispose()

    threads = [threading.Thread(target=sign_at_once, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(approvals)) == 8
    assert len(find_approval_status(workspace, engine, seen.contents).counted) == 8
