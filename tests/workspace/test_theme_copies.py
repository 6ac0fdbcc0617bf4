"""`bulletin theme`: templates that are copied into a workspace, and colours that are taken from a logo."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bulletin import __version__
from bulletin.declaration.colours import WHITE, measure_contrast
from bulletin.declaration.source import parse_source
from bulletin.edition.build import make_edition
from bulletin.edition.palette import DEFAULT_WARM
from bulletin.edition.pictures.logo_colours import find_logo_colours
from bulletin.edition.theme_version import is_former
from bulletin.errors import BulletinError, NotFound
from bulletin.settings.colour_lines import find_look, write_colours
from bulletin.workspace.package_data import theme_folder
from bulletin.workspace.theme_copies import copy_template, list_templates
from bulletin.workspace.workspace import Workspace, open_workspace
from conftest import ISSUE
from typed import type_in

MakeWorkspace = Callable[..., Workspace]


def draw(*colours: str) -> bytes:
    """A logo on white with a bar in each colour, the first of which is the largest."""
    image = Image.new("RGB", (200, 100), "white")
    pen = ImageDraw.Draw(image)
    for number, colour in enumerate(colours):
        pen.rectangle((0, 25 * number, 190 - 60 * number, 25 * number + 20), fill=colour)
    content = BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def test_every_file_of_the_theme_is_listed() -> None:
    names = [template.name for template in list_templates(Path("/nowhere"))]

    assert "email/parts/foot.html.j2" in names
    assert "web/style.css" in names
    assert len(names) == sum(path.suffix in (".j2", ".css") for path in theme_folder().rglob("*"))


@pytest.mark.parametrize("name", [template.name for template in list_templates(Path("/nowhere"))])
def test_a_copy_says_its_version_and_is_as_good_as_the_one_it_was_made_of(name: str, tmp_path: Path) -> None:
    copy = copy_template(tmp_path, name, version="7.1")
    text = copy.read_text(encoding="utf-8")

    assert copy == tmp_path / "templates" / name
    assert "copied from bulletin 7.1" in text.partition("\n")[0]
    if name.startswith(("email/", "text/")):
        assert not is_former(name, text)
    original = (theme_folder() / name).read_text(encoding="utf-8")
    assert original.partition("\n")[2] in text


def test_an_edition_with_copies_of_every_template_is_the_same(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace(issues={"2021-05": ISSUE})
    before = make_edition(workspace, "2021-05")
    for template in list_templates(workspace.root):
        copy_template(workspace.root, template.name, version="7.1")
    after = make_edition(workspace, "2021-05")

    assert (after.html, after.text) == (before.html, before.text)


@pytest.mark.parametrize("name", ["email/parts/foot.html.j2", "templates/email/parts/foot.html.j2", "parts/foot"])
def test_a_file_is_never_overwritten(name: str, tmp_path: Path) -> None:
    copy = copy_template(tmp_path, name, version="7.1")
    copy.write_text("mine", encoding="utf-8")

    with pytest.raises(BulletinError, match=r"email/parts/foot\.html\.j2 is there already"):
        copy_template(tmp_path, name, version="7.1")
    assert copy.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("email/parts/fot.html.j2", "Did you mean email/parts/foot.html.j2"),
        ("foot", "“foot” may be any of these: email/parts/foot.html.j2"),
        ("../../etc/passwd", "has no file"),
        ("/etc/passwd", "has no file"),
    ],
)
def test_a_file_that_is_not_in_the_theme_is_not_copied(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        copy_template(tmp_path, name, version="7.1")

    assert said in f"{caught.value.message} {caught.value.remedy}"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("colours", "accent", "warm"),
    [
        (("#1d5c87", "#8f2a00"), "#1d5c87", "#8f2a00"),
        (("#17505f",), "#17505f", DEFAULT_WARM),
        (("#5fb4e8", "#ffcc00"), "darker", "darker"),
        (("#c8102e", "#00a3e0"), "#c8102e", DEFAULT_WARM),  # the accent is warm itself, the other is cold
        (("#7a00ff", "#ff9900", "#00c000"), "#7a00ff", "darker"),
    ],
)
def test_colours_of_a_logo_can_be_read(colours: tuple[str, ...], accent: str, warm: str) -> None:
    found = find_logo_colours("logo.png", draw(*colours))

    assert found.seen_accent == colours[0]
    for name, colour, seen in ((accent, found.accent, found.seen_accent), (warm, found.warm, found.seen_warm)):
        assert measure_contrast(colour, WHITE) >= 4.5
        assert colour == name or (name == "darker" and colour != seen)


def test_a_grey_logo_and_what_is_no_picture_are_refused() -> None:
    with pytest.raises(BulletinError, match="no colours but black, white and greys"):
        find_logo_colours("logo.png", draw("#222222", "#999999"))
    with pytest.raises(BulletinError):
        find_logo_colours("logo.png", b"no picture")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\n", 'a: 1\n\ncolours:\n  accent: "#111111"\n  warm: "#222222"\n'),
        (
            'colours:   # ours\n    accent: "#1d5c87"  # the logo\nb: 2\n',
            'colours:   # ours\n    warm: "#222222"\n    accent: "#111111"  # the logo\nb: 2\n',
        ),
        ("colours: # none yet\nb: 2\n", 'colours: # none yet\n  accent: "#111111"\n  warm: "#222222"\nb: 2\n'),
        ("colours: {accent: '#1d5c87', warm: '#8f4100'}\n", 'colours: {accent: "#111111", warm: "#222222"}\n'),
    ],
)
def test_colours_are_written_and_all_else_stays(before: str, after: str) -> None:
    source = parse_source(before, shown_as="bulletin.yaml")

    assert "\n".join(write_colours(source, {"accent": "#111111", "warm": "#222222"})) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "  training:   # ours\n    title: T\n",
            '  training:   # ours\n    look:\n      accent: "#111111"\n    title: T\n',
        ),
        (
            "  training:\n    title: T\n    look:\n      tagline: Courses\n",
            '  training:\n    title: T\n    look:\n      accent: "#111111"\n      tagline: Courses\n',
        ),
        (
            "  training:\n    look: {accent: '#1d5c87'}\n",
            '  training:\n    look: {accent: "#111111"}\n',
        ),
    ],
)
def test_colours_of_one_bulletin_are_written_to_its_look(before: str, after: str) -> None:
    source = parse_source(f"bulletins:\n  news: {{}}\n{before}lists: {{}}\n", shown_as="bulletin.yaml")

    written = "\n".join(write_colours(source, {"accent": "#111111"}, place=find_look("training")))
    assert written == f"bulletins:\n  news: {{}}\n{after}lists: {{}}\n"


@pytest.mark.parametrize("written", ["  training: {title: T}\n", "  training:\n    look: {tagline: T}\n"])
def test_a_look_in_one_line_is_left_to_the_officer(written: str) -> None:
    source = parse_source(f"bulletins:\n{written}", shown_as="bulletin.yaml")

    with pytest.raises(BulletinError, match="in one line"):
        write_colours(source, {"accent": "#111111"}, place=find_look("training"))


def test_colours_in_one_line_are_left_to_the_officer() -> None:
    source = parse_source("colours: {accent: '#1d5c87'}\n", shown_as="bulletin.yaml")

    with pytest.raises(BulletinError, match="in one line") as caught:
        write_colours(source, {"accent": "#111111", "warm": "#222222"})
    assert '`warm: "#222222"`' in caught.value.remedy


def test_the_commands_say_what_they_did(make_workspace: MakeWorkspace) -> None:
    workspace = make_workspace()
    (workspace.root / "logo.png").write_bytes(draw("#5fb4e8"))
    settings = workspace.root / "bulletin.yaml"
    settings.write_bytes(settings.read_bytes().replace(b"\n", b"\r\n"))
    where = ("--workspace", str(workspace.root))

    assert "email/parts/foot.html.j2\n" in type_in("theme", "list", *where)[1]
    code, said = type_in("theme", "copy", "parts/foot", *where)
    assert (code, "templates/email/parts/foot.html.j2 is now yours" in said) == (0, True)
    assert "email/parts/foot.html.j2  (yours)\n" in type_in("theme", "list", *where)[1]
    assert f"bulletin {__version__}" in (workspace.root / "templates/email/parts/foot.html.j2").read_text("utf-8")

    code, said = type_in("theme", "colours", "logo.png", *where)
    assert (code, "made darker" in said, "add --write" in said) == (0, True, True)
    assert "colours:" not in settings.read_text("utf-8")
    assert type_in("theme", "colours", "logo.png", "--write", *where)[0] == 0
    assert b"colours:\r\n" in settings.read_bytes()
    assert open_workspace(workspace.root, environ={}).settings.colours.accent != "#1d5c87"
    assert type_in("theme", "colours", "gone.png", *where)[0] == 1

    of_one = ("--bulletin", "monthly", "logo.png", "--write", *where)
    assert "below bulletins › monthly › look." in type_in("theme", "colours", *of_one)[1]
    assert open_workspace(workspace.root, environ={}).settings.dress("monthly").colours.accent != "#1d5c87"
    assert type_in("theme", "colours", "--bulletin", "gone", "logo.png", *where)[0] == 1
