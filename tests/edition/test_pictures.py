from __future__ import annotations

import re
from io import BytesIO
from zlib import crc32

import pytest
from PIL import Image

from bulletin.edition.pictures import Album, take_picture, with_picture_files
from bulletin.errors import BulletinError
from specimen import picture, render


@pytest.mark.parametrize(
    ("form", "media_type", "suffix"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("GIF", "image/gif", "gif")],
)
def test_png_jpeg_and_gif_are_taken_and_known_by_their_content(form: str, media_type: str, suffix: str) -> None:
    taken = take_picture("issues/images/My poster!.dat", picture(form), width=560)
    assert taken.media_type == media_type
    assert re.fullmatch(rf"my-poster-[0-9a-f]{{8}}\.{suffix}", taken.file_name)


@pytest.mark.parametrize(
    ("size", "width", "shown"),
    [
        ((1200, 600), 560, (560, 280)),
        ((300, 200), 560, (300, 200)),
        ((440, 120), 220, (220, 60)),
        ((2000, 1), 560, (560, 1)),
    ],
)
def test_a_picture_is_never_shown_larger_than_it_is_nor_wider_than_asked_and_keeps_its_proportions(
    size: tuple[int, int], width: int, shown: tuple[int, int]
) -> None:
    taken = take_picture("a.png", picture(size=size), width=width)
    assert (taken.width, taken.height) == shown


def test_a_photograph_that_its_camera_turned_has_the_proportions_that_readers_see() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = BytesIO()
    Image.new("RGB", (400, 200)).save(content, "JPEG", exif=exif)
    taken = take_picture("a.jpg", content.getvalue())
    assert (taken.width, taken.height) == (200, 400)


def test_the_same_bytes_have_the_same_content_id_under_any_name_and_others_another() -> None:
    one, same, other = (
        take_picture(name, picture(size=size)) for name, size in (("a", (9, 9)), ("b", (9, 9)), ("a", (9, 8)))
    )
    assert one.cid == same.cid != other.cid
    assert re.fullmatch(r"[0-9a-f]{24}@[a-z]+", one.cid)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"not a picture",
        picture()[:200],
        picture("WEBP"),
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["empty", "svg", "text", "cut short", "webp", "head only"],
)
def test_what_is_not_a_whole_picture_is_refused_by_its_path_and_with_what_to_do(content: bytes) -> None:
    with pytest.raises(BulletinError, match=r"“issues/images/poster\.png” .* Save it again as PNG, JPEG or GIF\."):
        take_picture("issues/images/poster.png", content)


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_picture_of_absurd_size_is_refused_before_it_fills_the_memory(side: int) -> None:
    head = b"IHDR" + side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    png = picture(size=(1, 1))
    content = png[:12] + head + crc32(head).to_bytes(4, "big") + png[33:]
    with pytest.raises(BulletinError, match=r"“a\.png” has too many pixels\. Make it smaller"):
        take_picture("a.png", content)


def test_a_picture_that_stands_twice_travels_once() -> None:
    album = Album(lambda _: picture())
    assert album.take("a.png").cid == album.take("b.png", width=100).cid
    assert len(album.pictures) == 1


def test_every_picture_of_an_edition_travels_with_it_and_is_shown_by_it() -> None:
    edition = render()
    shown = re.findall(r'src="cid:([^"]+)"', edition.html)
    assert sorted(shown) == sorted(picture.cid for picture in edition.pictures)
    assert len(shown) == 2


def test_on_disk_pictures_are_files_beside_the_page() -> None:
    edition = render()
    html = with_picture_files(edition.html, edition)
    assert "cid:" not in html
    assert all(f'src="{picture.file_name}"' in html for picture in edition.pictures)
