"""Pictures that leave are upright by their own bytes, and say nothing but what they show."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps, PngImagePlugin

from bulletin.edition.pictures.album import take_picture
from bulletin.edition.pictures.metadata import remove_metadata

ON_ITS_SIDE = (Path(__file__).parent / "16-picture-on-its-side.jpg").read_bytes()
ORIENTATION, POSITION = 0x0112, 0x8825
SECRETS = (b"Exif", b"eXIf", b"http://ns.adobe.com", b"XML:com.adobe.xmp", b"Jo Bloggs", b"ftypmp42", b"GPS")


def draw(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    image.paste("blue", (size[0] // 2, 0, size[0], size[1] // 2))
    return image.convert(mode)


def encode(form: str, orientation: int = 1, mode: str = "RGB", **options: object) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x013B] = "Jo Bloggs"
    exif.get_ifd(POSITION).update({1: "N", 2: (51.0, 27.0, 0.0), 3: "E", 4: (0.0, 9.0, 0.0)})
    content = BytesIO()
    draw(mode).save(content, form, exif=exif, **options)
    return content.getvalue()


def read(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def are_alike(one: Image.Image, other: Image.Image) -> bool:
    """As far as a second compression as a JPEG may change them."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    return one.size == other.size and max(high for _, high in difference.getextrema()) < 60


def test_a_photo_on_its_side_leaves_upright() -> None:
    taken = take_picture("issues/images/garden.jpg", ON_ITS_SIDE)
    image = read(taken.content)
    assert image.size == (taken.width, taken.height) == (200, 400)
    assert not image.getexif()
    assert are_alike(image, ImageOps.exif_transpose(read(ON_ITS_SIDE)))


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_in_the_bytes_and_no_position_is(form: str, orientation: int) -> None:
    before = encode(form, orientation)
    taken = take_picture("a", before)
    image = read(taken.content)
    assert are_alike(image, ImageOps.exif_transpose(read(before)))
    assert not image.getexif()
    assert not any(secret in taken.content for secret in SECRETS)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_photo_in_other_colours_is_turned_too(mode: str) -> None:
    before = encode("JPEG", 6, mode)
    image = read(take_picture("a.jpg", before).content)
    assert image.mode in ("L", "RGB")
    small = (4, 6)  # where colours meet, a JPEG blurs them
    assert are_alike(image.resize(small), ImageOps.exif_transpose(read(before)).convert("RGB").resize(small))


def test_an_upright_photo_keeps_every_pixel_and_is_not_compressed_again() -> None:
    before = encode("JPEG", 1, icc_profile=b"profile" * 9, comment=b"Jo Bloggs", progressive=True)
    taken = take_picture("a.jpg", before)
    assert not any(secret in taken.content for secret in SECRETS)
    assert ImageChops.difference(read(before), read(taken.content)).getbbox() is None
    assert read(taken.content).info["icc_profile"] == b"profile" * 9


def test_the_film_behind_a_moving_photo_stays_here() -> None:
    before = encode("JPEG") + b"\0\0\0\x18ftypmp42 a film with its position, GPS"
    assert not any(secret in take_picture("a.jpg", before).content for secret in SECRETS)


def test_a_photo_with_others_behind_it_as_phones_write_it_is_one_photo() -> None:
    content = BytesIO()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    draw().save(content, "MPO", save_all=True, append_images=[draw()], exif=exif)
    taken = take_picture("a.jpg", content.getvalue())
    assert (taken.media_type, taken.width, taken.height) == ("image/jpeg", 40, 60)
    assert getattr(read(taken.content), "n_frames", 1) == 1


def test_texts_in_a_png_and_a_gif_stay_here() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Jo Bloggs")
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>51.45 N</x:xmpmeta>", zip=True)
    png, gif = BytesIO(), BytesIO()
    draw("RGBA").save(png, "PNG", pnginfo=texts, dpi=(300, 300))
    draw("P").save(gif, "GIF", comment=b"Jo Bloggs")
    for content in (png.getvalue(), gif.getvalue()):
        taken = take_picture("a", content)
        assert not any(secret in taken.content for secret in SECRETS)
        assert (
            ImageChops.difference(read(content).convert("RGBA"), read(taken.content).convert("RGBA")).getbbox() is None
        )


def test_a_gif_that_moves_still_does() -> None:
    content = BytesIO()
    frames = [draw("P"), ImageOps.mirror(draw("P"))]
    frames[0].save(content, "GIF", save_all=True, append_images=frames[1:], loop=0, duration=200, comment=b"Jo Bloggs")
    image = read(take_picture("a.gif", content.getvalue()).content)
    assert image.n_frames == 2
    assert image.info["loop"] == 0


def test_a_picture_without_metadata_is_the_same_to_the_byte() -> None:
    for form, mode in (("JPEG", "RGB"), ("PNG", "RGBA"), ("GIF", "P")):
        content = BytesIO()
        draw(mode).save(content, form)
        assert take_picture("a", content.getvalue()).content == content.getvalue()


@given(st.sampled_from(["JPEG", "PNG", "GIF"]), st.integers(0, 600), st.binary(max_size=30))
def test_bytes_that_cannot_be_followed_come_back_as_they_are_or_shorter(form: str, at: int, noise: bytes) -> None:
    content = BytesIO()
    draw("P" if form == "GIF" else "RGB").save(content, form)
    damaged = content.getvalue()[:at] + noise + content.getvalue()[at + len(noise) :]
    assert len(remove_metadata(damaged)) <= len(damaged)


@given(st.sampled_from([b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"GIF89a", b""]), st.binary(max_size=300))
def test_any_bytes_are_followed_to_an_end(head: bytes, rest: bytes) -> None:
    assert len(remove_metadata(head + rest)) <= len(head + rest)
