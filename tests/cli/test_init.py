"""`bulletin init`: the nine questions at a terminal, the same answers as options or in a file, and what is written."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bulletin.cli.commands.write import init
from bulletin.untouched import find_unanswered
from bulletin.workspace.workspace import open_workspace
from checkout import ROOT
from new_workspace import NAME, SENDER
from typed import type_in
from typing_terminal import converse

ENOUGH = ("--name", NAME, "--from", SENDER, "--yes")
MONDAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def _on_a_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "today", lambda: MONDAY)


@pytest.fixture
def logo(tmp_path: Path) -> Path:
    folder = tmp_path / "my pictures"
    folder.mkdir()
    path = folder / "logo.png"
    path.write_bytes(draw_logo("#124d5c"))
    return path


def draw_logo(colour: str, size: tuple[int, int] = (800, 400), kind: str = "PNG") -> bytes:
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1]), fill=colour)
    image.save(written := BytesIO(), kind)
    return written.getvalue()


def new(tmp_path: Path, *options: str) -> tuple[Path, str]:
    folder = tmp_path / "our-news"
    code, said = type_in("init", str(folder), *options)
    assert code == 0, said
    return folder, said


def test_nine_questions_make_a_workspace_with_what_was_answered_in_it(tmp_path: Path, logo: Path) -> None:
    code, screen = converse(
        ["init", "our-news"],
        [
            ("1 Your organisation:", NAME),
            (f"[{NAME} news]:", ""),
            ("3 Readers see it from which address?", "news@gmail.com"),
            ("3 Readers see it from which address?", "news@northfield.example.org"),
            ("4 Where should replies go? [contact@northfield.example.org]", ""),
            ("5 Postal address (Enter to add it later):", "1 High Street, Northfield NF1 1AA"),
            ("6 Who gets it? 1 partners  2 the public  3 staff  4 several [1]:", ""),
            ("  Lawful basis for partners? 1 consent  2 public task  3 not sure [3]:", "2"),
            ("7 Who runs your email? 1 Microsoft 365  2 Google  3 another  4 not sure [4]:", ""),
            ("8 Logo, a PNG or JPEG file (Enter for none):", f"'{logo}'"),
            (f"  Its words, for those who can’t see it [{NAME}]:", ""),
            ("]:", ""),
        ],
        folder=tmp_path,
        environ={"PYTHONPATH": str(ROOT)},
    )

    assert code == 0, screen
    assert screen.startswith("Nine questions. Enter takes the answer in [brackets]; Ctrl-C leaves nothing.\n")
    assert "gmail.com lets no other mail server send in its name" in " ".join(screen.split())
    assert "  This is an example address. You can't send until you change it.\n" in screen
    assert re.search(r"  Accent colour #124d5c: contrast 9\.\d to 1 on white\. In dark mode: #[0-9a-f]{6}\.\n", screen)
    assert re.search(r"9 First issue \[[A-Z]\w+ 20\d\d, published \w+day \d+ \w+\]:", screen)
    assert "Done: our-news has your settings, a first issue and an empty list.\n" in screen
    assert max(len(line) for line in screen.splitlines() if "8 Logo" not in line) <= 80
    settings = open_workspace(tmp_path / "our-news", environ={}).settings
    assert settings.organisation.name == NAME
    assert settings.organisation.address == "1 High Street, Northfield NF1 1AA"
    assert settings.organisation.logo is not None
    assert settings.organisation.logo.alt == NAME
    assert settings.colours.accent == "#124d5c"
    assert settings.lists["partners"].basis == "public-task"
    assert find_unanswered(open_workspace(tmp_path / "our-news", environ={})) == []


def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    code, screen = converse(
        ["init", "our-news"],
        [("1 Your organisation:", NAME), ("news]:", "\x03")],
        folder=tmp_path,
        environ={"PYTHONPATH": str(ROOT)},
    )

    assert code == 130
    assert "Nothing was written." in screen
    assert list(tmp_path.iterdir()) == []


def test_options_that_cannot_be_used_are_all_named(tmp_path: Path) -> None:
    wrong = ("--name", "test", "--from", "a@gmail.com", "--list", "everyone", "--provider", "post", "--logo-alt", " ")
    code, said = type_in("init", str(tmp_path / "new"), *wrong, "--yes")

    assert code == 2
    named = ("--name", "--from", "--list", "--provider", "--logo-alt")
    assert [flag for flag in named if f"{flag}: " not in said] == []
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("given", "named", "other"),
    [((), "Add --name, --from.", "--month"), (("--yes",), "Add --name, --from.", ""), (ENOUGH[:4], "", "--title")],
)
def test_with_no_one_to_ask_what_is_missing_is_named(
    tmp_path: Path, given: tuple[str, ...], named: str, other: str
) -> None:
    code, said = type_in("init", str(tmp_path / "new"), *given)

    assert code == 2
    assert named in said
    assert other in said
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_answered_is_not_there_and_nothing_is_an_example_of_ours(tmp_path: Path) -> None:
    folder, _ = new(tmp_path, *ENOUGH)
    files = [path for path in folder.rglob("*") if path.is_file() and path.parent.name not in (".bulletin", ".vscode")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)

    assert re.findall(r"(?i)anytown|bexley|lorem|[\w.@]*example\.\w+|our-news", text) == []
    assert re.findall(r"MONTH|PUBLISHED|\{[{%]|None", text) == []
    settings = open_workspace(folder, environ={}).settings
    assert (settings.organisation.address, settings.organisation.about, settings.sending.smtp) == (None, None, ())


def test_nothing_is_sent_while_a_note_has_no_answer(tmp_path: Path) -> None:
    folder, _ = new(tmp_path, *ENOUGH)
    told = type_in("check", "--workspace", str(folder))
    refused = type_in("send", "2026-12", "--dry-run", "--workspace", str(folder))
    settings = folder / "bulletin.yaml"
    settings.write_text(re.sub(r" *# write:.*\n", "", settings.read_text(encoding="utf-8")), encoding="utf-8")
    after = type_in("check", "--workspace", str(folder))

    assert told[0] == after[0] == 0
    assert "draft: 2 places to write" in told[1]
    assert "warning: 1 note in bulletin.yaml still asks you something." in " ".join(told[1].split())
    assert "warning" not in after[1]
    assert refused[0] == 1
    assert "bulletin.yaml:34:5: This is still to be answered." in refused[1]


def test_a_file_of_answers_asks_nothing(tmp_path: Path, logo: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        f"name: {NAME}\nfrom: news@northfield.gov.uk\nlist: [partners=public-task, public=consent]\n"
        f"provider: microsoft-365\nlogo: {logo}\nmonth: 8 February 2027\nnation: wales\n",
        encoding="utf-8",
    )
    folder, said = new(tmp_path, "--answers", str(answers), "--yes", "--title", "Northfield news")
    workspace = open_workspace(folder, environ={})

    assert "your settings, a first issue and empty lists." in said
    assert workspace.settings.sending.smtp == ("smtp+starttls://news%40northfield.gov.uk@smtp.office365.com:587",)
    assert workspace.settings.sending.provider == "microsoft-365"
    assert {name: one.basis for name, one in workspace.settings.lists.items()} == {
        "partners": "public-task",
        "public": "consent",
    }
    assert workspace.load_issue("2027-02").published == date(2027, 2, 8)
    assert workspace.load_issue("2027-02").subject == "February 2027: Northfield news"
    with Image.open(folder / "issues/images/logo.png") as image:
        assert image.width == 320
    assert "warning" not in type_in("check", "--workspace", str(folder))[1]


def test_every_fault_of_a_file_of_answers_is_named_at_its_place(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("name: test\nfron: news@northfield.gov.uk\n", encoding="utf-8")
    code, said = type_in("init", str(tmp_path / "new"), "--answers", str(answers), "--yes")

    assert code == 1
    assert "answers.yaml:1:7: Readers would see “test”. Write the real one." in said
    assert "answers.yaml:2:1: “fron” is not a field of the answers. Did you mean “from”?" in said


@pytest.mark.parametrize(
    ("month", "words"),
    [
        ("2026-11", "There is no time left to write an issue for November 2026."),
        ("4 December 2026", "leaves too little time"),
        ("25 December 2026", "is the Christmas Day bank holiday"),
        ("soon", "“soon” is neither a month nor a day."),
    ],
)
def test_a_first_month_that_cannot_be_is_refused(tmp_path: Path, month: str, words: str) -> None:
    code, said = type_in("init", str(tmp_path / "new"), *ENOUGH, "--month", month)

    assert code == 2
    assert words in " ".join(said.split())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no picture", "is not a picture"),
        (draw_logo("red", kind="GIF"), "neither a PNG nor a JPEG"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001, "This logo has 1.0 MB. Save it smaller"),
        (draw_logo("red", (8, 8)), "This logo is 8 pixels wide."),
    ],
)
def test_a_logo_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "logo").write_bytes(content)
    code, said = type_in("init", str(tmp_path / "new"), *ENOUGH, "--logo", str(tmp_path / "logo"))

    assert code == 2
    assert words in said
    assert not (tmp_path / "new").exists()


def test_a_grey_logo_leaves_our_colour_and_a_small_one_its_size(tmp_path: Path) -> None:
    (tmp_path / "logo.jpg").write_bytes(draw_logo("#888888", (100, 40), "JPEG"))
    folder, _ = new(tmp_path, *ENOUGH, "--logo", str(tmp_path / "logo.jpg"))
    settings = open_workspace(folder, environ={}).settings

    assert settings.colours.accent == "#1d5c87"
    assert settings.organisation.logo is not None
    assert (settings.organisation.logo.file, settings.organisation.logo.width) == ("issues/images/logo.jpg", 100)


def test_a_pale_logo_asks_whether_its_darker_colour_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(draw_logo("#ffdd00"))
    options = [*ENOUGH[:4], "--title", "Our news", "--reply-to", "us@northfield.gov.uk", "--address", "1 High Street"]
    code, screen = converse(
        ["init", "our-news", *options, "--list", "staff=public-task", "--provider", "not-sure"],
        [
            ("1 Logo, a PNG or JPEG file (Enter for none):", "logo.png"),
            ("Use it? If not, the accent is our blue. [Y/n]", "n"),
            (f"  Its words, for those who can’t see it [{NAME}]:", "Our sun"),
            ("]:", ""),
        ],
        folder=tmp_path,
        environ={"PYTHONPATH": str(ROOT)},
    )

    assert code == 0, screen
    assert screen.startswith("Two questions.")
    assert "#ffdd00 is too pale to read" in screen
    settings = open_workspace(tmp_path / "our-news", environ={}).settings
    assert settings.colours.accent == "#1d5c87"
    assert settings.organisation.logo is not None
    assert settings.organisation.logo.alt == "Our sun"


def test_lists_and_state_stay_out_of_git_unless_one_says_no_git(tmp_path: Path) -> None:
    folder, _ = new(tmp_path / "with", *ENOUGH)
    without, _ = new(tmp_path / "without", *ENOUGH, "--no-git")

    assert {".bulletin/", "subscribers/"} <= set((folder / ".gitignore").read_text(encoding="utf-8").splitlines())
    assert not (without / ".gitignore").exists()
    assert {path.name for path in (folder / ".bulletin").iterdir()} >= {"issue.schema.json", "bulletin.schema.json"}
    assert (folder / ".vscode/settings.json").is_file()


def test_without_a_folder_it_is_named_after_the_bulletin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert type_in("init", *ENOUGH, "--title", "St. Mary’s: news & views")[0] == 0
    assert (tmp_path / "st-mary-s-news-views/bulletin.yaml").is_file()


def test_what_is_in_the_folder_already_stays(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "minutes.docx").write_bytes(b"mine")

    assert type_in("init", str(tmp_path), *ENOUGH)[0] == 0
    assert (tmp_path / "minutes.docx").read_bytes() == b"mine"
    assert [path for path in tmp_path.iterdir() if path.suffix == ".new"] == []
    code, said = type_in("init", str(tmp_path), *ENOUGH)
    assert (code, "is there already. Choose an empty folder; nothing was written." in said) == (1, True)
