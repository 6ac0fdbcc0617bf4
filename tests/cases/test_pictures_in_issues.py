"""Pictures as officers name them in an issue: which are taken, what leaves, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.workspace.workspace import Workspace
from command_call import call
from conftest import ISSUE

MakeWorkspace = Callable[..., Workspace]

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>\n'


def put(workspace: Workspace, name: str, content: bytes) -> None:
    path = workspace.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def draw(form: str, size: tuple[int, int] = (1500, 1000), **options: object) -> bytes:
    random, content = Random(form), BytesIO()
    image = Image.frombytes("RGB", (60, 40), random.randbytes(7200)).resize(size, Image.Resampling.BICUBIC)
    image.save(content, form, **options)
    return content.getvalue()


def render(make_workspace: MakeWorkspace, content: bytes, *, name: str = "garden.jpg", more: str = "") -> Edition:
    line = f"    image: {{file: issues/images/{name}, alt: A bed of lavender{more}}}\n"
    workspace = make_workspace(issues={"2021-05": ISSUE + line})
    put(workspace, f"issues/images/{name}", content)
    return make_edition(workspace, "2021-05")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("garden.jpg", draw("JPEG", (4000, 3000), quality=98)),
        ("garden.webp", draw("WEBP")),
        ("garden.AVIF", draw("AVIF", speed=10)),
        ("garden.tif", draw("TIFF")),
        ("garden.bmp", draw("BMP")),
        ("garden.jfif", draw("JPEG")),
        ("garden.png", draw("WEBP")),
    ],
)
def test_a_picture_of_many_kinds_leaves_as_a_jpeg_of_at_most_120_kb(
    make_workspace: MakeWorkspace, name: str, content: bytes
) -> None:
    (taken,) = render(make_workspace, content, name=name).pictures
    assert taken.media_type == "image/jpeg"
    assert len(taken.content) <= 120_000
    assert taken.width == 560


@pytest.mark.parametrize(
    ("more", "size"),
    [
        ("", (560, 373)),
        (", size: half", (268, 179)),
        (", size: small", (168, 112)),
        (", crop: 16:9", (560, 315)),
        (", size: small, crop: 1:1, focus: top left", (168, 168)),
        (", crop: 1:2", (210, 420)),
    ],
)
def test_the_issue_says_how_a_picture_is_shown(make_workspace: MakeWorkspace, more: str, size: tuple[int, int]) -> None:
    edition = render(make_workspace, draw("JPEG"), more=more)
    (taken,) = edition.pictures
    assert (taken.width, taken.height) == size
    assert f'src="cid:{taken.cid}" width="{size[0]}"' in edition.html


def test_a_picture_with_a_link_leads_there_in_both_forms(make_workspace: MakeWorkspace) -> None:
    edition = render(make_workspace, draw("JPEG"), more=", link: 'https://www.example.org/garden'")
    assert 'href="https://www.example.org/garden"' in edition.html
    assert "https://www.example.org/garden" in edition.text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("photo.heic", HEIC, "is HEIC, as iPhones save photos"),
        ("photo.HEIF", HEIC, "Settings, Camera, Formats, Most Compatible."),
        ("photo.jpg", HEIC, "Save it as JPEG. For new photos, choose this on the iPhone"),
        ("logo.svg", SVG, "is SVG, a drawing that most mail programs don’t show."),
        ("logo.png", SVG, "save it as PNG, 1,280 pixels wide."),
        ("film.mp4", b"\0\0\0\x18ftypmp42", "is a film, which emails can’t show."),
        ("poster.pdf", b"%PDF-1.7", "is a PDF, not a picture."),
        ("poster.png", draw("PNG")[:3000], "is not a picture, or it is damaged."),
        ("poster.png", b"hello", "Open it in a picture program, and save it as JPEG or PNG."),
    ],
)
def test_what_cannot_be_shown_is_an_error_at_its_field_with_what_to_do(
    make_workspace: MakeWorkspace, name: str, content: bytes, words: str
) -> None:
    line = f"    image:\n      file: issues/images/{name}\n      alt: A bed of lavender\n"
    workspace = make_workspace(issues={"2021-05": ISSUE + line})
    put(workspace, f"issues/images/{name}", content)
    done = call("check", "2021-05", folder=workspace.root)
    said = " ".join((done.stdout + done.stderr).replace("│", " ").split())
    assert done.returncode == 1
    assert words in said
    number = (ISSUE + line).splitlines().index(f"      file: issues/images/{name}") + 1
    assert f":{number}:" in said


def test_two_renders_of_one_issue_are_the_same_edition(make_workspace: MakeWorkspace) -> None:
    content = draw("JPEG")
    assert render(make_workspace, content).digest == render(make_workspace, content).digest
