"""Pictures of every kind, made by Pillow: what leaves is upright, cropped, scaled, opaque, sRGB, and light."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from random import Random
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat

from bulletin.edition.pictures.album import (
    HEAVIEST,
    HEAVIEST_TOGETHER,
    LEAST,
    Album,
    share_bytes,
    take_picture,
    with_picture_files,
)
from bulletin.edition.pictures.cropping import PictureShape, plan_cut
from bulletin.errors import BulletinError
from bulletin.issue.framing import CropRatio, Focus, parse_focus
from specimen import picture, render

TOP, BRIEF, PORTRAIT = CropRatio(20, 9), CropRatio(16, 9), CropRatio(1, 1)


def draw_photo(size: tuple[int, int], *, mode: str = "RGB") -> Image.Image:
    """Blobs of many colours and sizes, with some grain: as hard to write as a photograph."""
    random = Random(1)
    image = Image.new("RGB", size)
    for side in (4, 16, 64, 128):
        layer = Image.frombytes("RGB", (side, side), random.randbytes(3 * side * side))
        image = Image.blend(image, layer.resize(size, Image.Resampling.BICUBIC), 0.35 if side > 4 else 1.0)
    return image.convert(mode)


def draw_chart(size: tuple[int, int], *, mode: str = "RGB") -> Image.Image:
    """Bars and rings with smooth edges."""
    large = Image.new("RGB", (size[0] * 2, size[1] * 2), "white")
    pen = ImageDraw.Draw(large)
    for at, colour in enumerate(("#1d5c87", "#8f4100", "#1f6b3a", "#171e25", "#f0b06a")):
        left = at * size[0] // 3
        pen.rectangle((left, size[1] // (at + 1), left + size[0] // 5, size[1] * 2), fill=colour)
        pen.ellipse((left, 20, left + size[0] // 5, 20 + size[0] // 5), outline=colour, width=9)
    return large.resize(size, Image.Resampling.LANCZOS).convert(mode)


def write(image: Image.Image, form: str, **options: object) -> bytes:
    content = BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def read(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@cache
def photo(form: str = "JPEG", size: tuple[int, int] = (1600, 1200), mode: str = "RGB") -> bytes:
    return write(draw_photo(size, mode=mode), form)


def difference(one: Image.Image, other: Image.Image) -> float:
    """How much two pictures differ on the whole, of 255."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


# --- kinds of file


FORMS = {
    "PNG": ("RGB", {}),
    "JPEG": ("RGB", {"quality": 95}),
    "JPEG, progressive": ("RGB", {"quality": 95, "progressive": True}),
    "JPEG, grey": ("L", {}),
    "JPEG, CMYK": ("CMYK", {"quality": 95}),
    "GIF": ("P", {}),
    "WEBP": ("RGB", {"quality": 90}),
    "AVIF": ("RGB", {"quality": 80, "speed": 10}),
    "TIFF": ("RGB", {}),
    "TIFF, CMYK": ("CMYK", {"compression": "tiff_lzw"}),
    "TIFF, packed": ("RGB", {"compression": "tiff_adobe_deflate"}),
    "BMP": ("RGB", {}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_photograph_of_any_kind_leaves_as_a_jpeg_of_twice_its_width_in_120_kb(form: str) -> None:
    mode, options = FORMS[form]
    source = draw_photo((1600, 1200), mode=mode)
    taken = take_picture("issues/images/My poster!.dat", write(source, form.partition(",")[0], **options))
    assert taken.media_type == "image/jpeg"
    assert re.fullmatch(r"my-poster-[0-9a-f]{8}\.jpg", taken.file_name)
    assert (taken.width, taken.height) == (560, 420)
    image = read(taken.content)
    assert image.mode in ("RGB", "L")
    assert len(taken.content) <= HEAVIEST
    assert image.width == 1120
    assert difference(image, source.convert("RGB").resize(image.size, Image.Resampling.LANCZOS)) < 9


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP"])
def test_a_drawing_of_few_colours_leaves_as_a_png_that_looks_the_same(form: str) -> None:
    source = draw_chart((1400, 900)).quantize(256) if form == "GIF" else draw_chart((1400, 900))
    options = {"quality": 100, "lossless": True} if form == "WEBP" else {"quality": 100} if form == "AVIF" else {}
    taken = take_picture("chart", write(source, form, **options))
    assert (taken.media_type, taken.width, taken.height) == ("image/png", 560, 360)
    image = read(taken.content)
    assert (image.mode, image.size) == ("P", (1120, 720))
    assert len(taken.content) < 40_000
    assert difference(image, source.convert("RGB").resize(image.size, Image.Resampling.LANCZOS)) < 2
    assert image.convert("RGB").getpixel((1119, 719)) == (255, 255, 255)


def test_the_colour_of_a_large_area_stays_what_it_is() -> None:
    """A palette must not move a wall's grey, however many other colours there are."""
    source = draw_chart((1200, 800))
    source.paste("#b8b3ac", (0, 0, 1200, 500))
    source.paste(draw_photo((300, 300)), (900, 500))
    for form, options in (("PNG", {}), ("JPEG", {"quality": 92}), ("WEBP", {"quality": 80})):
        image = read(take_picture("a", write(source, form, **options)).content).convert("RGB")
        assert image.getpixel((500, 200)) == pytest.approx((0xB8, 0xB3, 0xAC), abs=2)


def test_a_jpeg_stays_a_jpeg() -> None:
    assert take_picture("a", write(draw_chart((1400, 900)), "JPEG")).media_type == "image/jpeg"


def test_a_grey_photograph_of_16_bits_has_the_same_greys() -> None:
    ramp = Image.frombytes("I;16", (256, 100), b"".join((at * 257).to_bytes(2, "little") for at in range(256)) * 100)
    for form in ("PNG", "TIFF"):
        image = read(take_picture("ramp", write(ramp, form)).content).convert("L")
        assert [image.getpixel((at, 50)) for at in (0, 64, 128, 255)] == pytest.approx([0, 64, 128, 255], abs=2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "LAB", "YCbCr", "I", "F", "I;16"])
def test_every_way_of_writing_colours_can_be_read(mode: str) -> None:
    image = Image.new("RGB", (300, 200), "#404040")
    if mode == "LAB":
        source = ImageCms.profileToProfile(
            image, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    else:
        source = image.convert("L").convert(mode) if mode in ("I", "F", "I;16") else image.convert(mode)
    form = "PNG" if mode in ("LA", "P", "RGBA") else "TIFF"
    assert read(take_picture("a", write(source, form)).content).size == (300, 200)


def test_a_picture_of_a_wide_gamut_has_the_same_colours_in_srgb() -> None:
    """A profile whose red and green are swapped against sRGB shows whether it was followed."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132])
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    odd = bytes(profile).replace("sRGB".encode("utf-16-be"), "odd!".encode("utf-16-be")).replace(b"sRGB", b"odd!")
    for form in ("JPEG", "PNG", "TIFF", "WEBP"):
        content = write(Image.new("RGB", (64, 64), (220, 30, 30)), form, icc_profile=odd)
        shown = read(take_picture("a", content).content)
        assert "icc_profile" not in shown.info
        red_part, green_part, _ = shown.convert("RGB").getpixel((32, 32))
        assert red_part < 60
        assert green_part > 180


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_what_is_transparent_is_on_white(mode: str) -> None:
    source = Image.new("RGBA", (400, 200), (0, 0, 0, 0))
    source.paste((20, 20, 20, 255), (100, 50, 300, 150))
    if mode == "P":
        source = source.quantize(16)
    content = write(source if mode != "LA" else source.convert("LA"), "PNG")
    image = read(take_picture("a", content).content)
    assert "A" not in image.getbands()
    assert "transparency" not in image.info
    assert image.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    assert image.convert("RGB").getpixel((200, 100)) == (20, 20, 20)


def draw_film(frames: int, side: int = 160) -> list[Image.Image]:
    return [Image.frombytes("L", (side, side), Random(n).randbytes(side * side)) for n in range(frames)]


def write_film(frames: list[Image.Image], form: str) -> bytes:
    return write(frames[0], form, save_all=True, append_images=frames[1:], duration=200, loop=0)


@pytest.mark.parametrize(("frames", "form", "moving"), [(2, "GIF", True), (9, "GIF", False), (2, "WEBP", False)])
def test_a_small_gif_still_moves_and_of_any_other_film_the_first_frame_is_sent(
    frames: int,
    form: str,
    moving: bool,  # noqa: FBT001 -- a parameter of the test
) -> None:
    drawn = draw_film(frames)
    taken = take_picture("a", write_film(drawn, form))
    image = read(taken.content)
    assert getattr(image, "n_frames", 1) == (frames if moving else 1)
    assert (taken.media_type == "image/gif") == moving
    assert len(taken.content) <= HEAVIEST
    assert difference(image, drawn[0]) < (1 if moving else 30)


def test_a_film_that_is_cropped_stands_still() -> None:
    content = write_film(draw_film(2), "GIF")
    taken = take_picture("a", content, PictureShape(ratio=BRIEF))
    assert (taken.media_type, taken.width, taken.height) == ("image/jpeg", 160, 90)


def test_of_a_tiff_of_several_pages_the_first_is_sent() -> None:
    pages = [Image.new("RGB", (80, 60), colour) for colour in ("#102030", "#ffffff")]
    content = write(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert read(take_picture("a", content).content).convert("RGB").getpixel((40, 30)) == (0x10, 0x20, 0x30)


# --- what can't be one


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a picture, or it is damaged. Open it in a picture program, and save it as JPEG or PNG."),
        (b"not a picture", "is not a picture, or it is damaged."),
        (picture()[:200], "is not a picture, or it is damaged."),
        (photo()[:9000], "is not a picture, or it is damaged."),
        (b"\x89PNG\r\n\x1a\n", "is not a picture, or it is damaged."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is SVG, a drawing that most mail programs don’t show."),
        (b'<?xml version="1.0"?><!-- by hand --><svg/>', "is SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "Settings, Camera, Formats, Most Compatible."),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1miafMiHB", "is HEIC, as iPhones save photos"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0isommp42", "is a film, which emails can’t show. Put it on a website"),
        (b"%PDF-1.7", "is a PDF, not a picture. Save the page that you mean as PNG or JPEG."),
        (b"PK\x03\x04", "is a document, not a picture."),
        (b"8BPS\0\1", "is a file of Photoshop."),
    ],
)
def test_what_cannot_be_a_picture_is_refused_by_its_path_and_with_what_to_do(content: bytes, message: str) -> None:
    with pytest.raises(BulletinError) as raised:
        take_picture("issues/images/poster.png", content)
    assert "“issues/images/poster.png” is " in str(raised.value)
    assert message in str(raised.value)


@pytest.mark.parametrize("side", [10_000, 20_000])
def test_a_picture_of_absurd_size_is_refused_before_it_fills_the_memory(side: int) -> None:
    head = b"IHDR" + side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    png = picture(size=(1, 1))
    content = png[:12] + head + crc32(head).to_bytes(4, "big") + png[33:]
    with pytest.raises(BulletinError, match=r"“a\.png” has too many pixels: 90 million is the most\. Save it smaller"):
        take_picture("a.png", content)


SMALL = {
    form: write(Image.new("P" if form == "GIF" else "RGB", (40, 30)), form)
    for form in ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
}


@given(st.sampled_from(sorted(SMALL)), st.integers(0, 1200), st.binary(max_size=60))
def test_a_damaged_file_is_a_picture_or_is_refused_in_words(form: str, at: int, noise: bytes) -> None:
    damaged = SMALL[form][:at] + noise + SMALL[form][at + len(noise) :]
    with suppress(BulletinError):
        assert take_picture("a", damaged).content


# --- sizes and shapes


@pytest.mark.parametrize(
    ("size", "width", "shown", "sent"),
    [
        ((1200, 600), 560, (560, 280), (1120, 560)),
        ((700, 350), 560, (560, 280), (700, 350)),
        ((300, 200), 560, (300, 200), (300, 200)),
        ((440, 120), 220, (220, 60), (440, 120)),
        ((2000, 1), 560, (560, 1), (560, 1)),
        ((3000, 2000), 640, (640, 427), (1280, 853)),
        ((3000, 2000), 900, (900, 600), (1280, 853)),
    ],
)
def test_a_picture_has_twice_the_shown_pixels_if_it_has_them_and_is_never_enlarged(
    size: tuple[int, int], width: int, shown: tuple[int, int], sent: tuple[int, int]
) -> None:
    taken = take_picture("a.png", picture(size=size), PictureShape(width=width))
    assert (taken.width, taken.height) == shown
    assert read(taken.content).size == sent


@pytest.mark.parametrize(
    ("size", "most", "shown"),
    [((1200, 1800), 420, (280, 420)), ((1600, 1200), 420, (560, 420)), ((1600, 400), 420, (560, 140))],
)
def test_a_picture_without_a_ratio_is_made_smaller_and_loses_nothing(
    size: tuple[int, int], most: int, shown: tuple[int, int]
) -> None:
    taken = take_picture("a.png", picture(size=size), PictureShape(most_height=most))
    assert (taken.width, taken.height) == shown


def draw_map(size: tuple[int, int]) -> Image.Image:
    """Each pixel says where it is: red from the left, green from the top."""
    across, down = Image.linear_gradient("L").rotate(90).resize(size), Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (across, down, Image.new("L", size)))


@pytest.mark.parametrize(
    ("ratio", "focus", "first", "last"),
    [
        ("1:1", "centre", (25, 0), (75, 100)),
        ("1:1", "left", (0, 0), (50, 100)),
        ("1:1", "right", (50, 0), (100, 100)),
        ("1:1", "30% 20%", (15, 0), (65, 100)),
        ("4:1", "centre", (0, 25), (100, 75)),
        ("4:1", "top", (0, 0), (100, 50)),
        ("4:1", "bottom left", (0, 50), (100, 100)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_cropped_to_its_ratio_around_its_focus(
    form: str, ratio: str, focus: str, first: tuple[int, int], last: tuple[int, int]
) -> None:
    album = Album(lambda _: write(draw_map((2000, 1000)), form))
    taken = album.show("a", width=400, crop=ratio, focus=focus)
    image = read(taken.content).convert("RGB")
    assert image.width * int(ratio[2]) == image.height * int(ratio[0])
    for point, wanted in (((2, 2), first), ((image.width - 3, image.height - 3), last)):
        red, green, _ = image.getpixel(point)
        assert (red / 2.55, green / 2.55) == pytest.approx(wanted, abs=3)


SHAPES = st.builds(
    PictureShape,
    width=st.integers(20, 640),
    ratio=st.one_of(st.none(), st.builds(CropRatio, st.integers(1, 40), st.integers(1, 40))),
    focus=st.builds(Focus, st.integers(0, 100), st.integers(0, 100)),
    most_height=st.one_of(st.none(), st.integers(20, 420)),
    logo=st.booleans(),
)


@given(st.tuples(st.integers(4, 9000), st.integers(4, 9000)), SHAPES)
def test_a_cut_stays_inside_and_never_enlarges(size: tuple[int, int], shape: PictureShape) -> None:
    cut = plan_cut(size, shape)
    left, top, right, bottom = cut.box
    assert 0 <= left < right <= size[0] + 0.01
    assert 0 <= top < bottom <= size[1] + 0.01
    assert cut.inner[0] <= max(1, right - left + 0.01)
    assert cut.inner[1] <= bottom - top + 1
    assert cut.inner[0] <= 1280
    assert cut.inner[1] <= 2561
    assert cut.shown[0] <= max(shape.width, 17)
    assert cut.shown[1] <= max(shape.most_height or 10**9, 17)


def test_a_logo_is_on_white_with_8_pixels_around_within_its_width() -> None:
    source = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    source.paste((29, 92, 135, 255), (0, 0, 600, 200))
    source.putpixel((0, 0), (0, 0, 0, 0))
    taken = take_picture("logo.png", write(source, "PNG"), PictureShape(width=195, most_height=56, logo=True))
    image = read(taken.content).convert("RGB")
    assert (taken.media_type, taken.height) == ("image/png", 56)
    assert image.size == (2 * taken.width, 2 * taken.height)
    inside = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    assert inside == (16, 16, image.width - 16, image.height - 16)
    assert image.getpixel((image.width // 2, image.height // 2)) == (29, 92, 135)


def test_the_still_of_a_film_has_the_disc_in_its_middle_and_nothing_else() -> None:
    content = write(Image.new("RGB", (1280, 720), "#b8b4ac"), "PNG")
    taken = take_picture("still.png", content, PictureShape(ratio=BRIEF, play=True))
    image = read(taken.content).convert("RGB")
    assert image.size == (1120, 630)
    left, top, right, bottom = ImageChops.difference(image, Image.new("RGB", image.size, "#b8b4ac")).getbbox()
    assert (right - left, bottom - top) == (170, 170)
    assert (left + right) // 2 == 560
    assert (top + bottom) // 2 == 315
    assert image.getpixel((560, 315)) == (255, 255, 255)  # the triangle
    assert max(image.getpixel((560, 250))) < 0x30  # the disc


def test_a_disc_leaves_something_of_a_small_still() -> None:
    taken = take_picture("still.png", picture(size=(100, 80)), PictureShape(play=True))
    assert (taken.width, taken.height) == (100, 80)


def test_a_photograph_that_its_camera_turned_is_cropped_as_readers_see_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = draw_map((1200, 1600)).transpose(Image.Transpose.ROTATE_90)
    taken = take_picture(
        "a.jpg", write(lying, "JPEG", exif=exif, quality=95), PictureShape(ratio=TOP, focus=parse_focus("top"))
    )
    assert (taken.width, taken.height) == (560, 252)
    image = read(taken.content).convert("RGB")
    assert image.getpixel((3, 3))[1] < 12
    assert image.getpixel((3, image.height - 3))[1] == pytest.approx(255 * 0.3375, abs=8)


# --- bytes


def test_a_photo_of_a_telephone_leaves_in_120_kb() -> None:
    content = write(draw_photo((5000, 3750)), "JPEG", quality=97)
    assert len(content) > 2_000_000
    taken = take_picture("a.jpg", content, PictureShape(most_height=420))
    assert len(taken.content) <= HEAVIEST
    assert read(taken.content).width > 560


def test_a_picture_that_needs_it_loses_quality_then_pixels() -> None:
    noise = Image.frombytes("RGB", (1200, 900), Random(3).randbytes(1200 * 900 * 3))
    taken = take_picture("a.png", write(noise, "PNG"))
    assert len(taken.content) <= HEAVIEST
    assert (taken.width, taken.height) == (560, 420)
    assert 400 < read(taken.content).width < 1120


@pytest.mark.parametrize(
    ("sizes", "most"),
    [
        ([], HEAVIEST),
        ([HEAVIEST] * 5, HEAVIEST),
        ([HEAVIEST] * 6, 100_000),
        ([10_000] * 10 + [HEAVIEST] * 10, 50_000),
        ([HEAVIEST] * 100, LEAST),
        ([1000] * 600, HEAVIEST),
    ],
)
def test_what_some_pictures_do_not_need_is_left_to_the_others(sizes: list[int], most: int) -> None:
    assert share_bytes(sizes) == most


@given(st.lists(st.integers(1, HEAVIEST), max_size=60))
def test_shared_bytes_are_within_the_limit_unless_each_would_have_too_few(sizes: list[int]) -> None:
    most = share_bytes(sizes)
    assert most == LEAST or sum(min(size, most) for size in sizes) <= HEAVIEST_TOGETHER


def test_the_pictures_of_an_edition_have_600_kb_together() -> None:
    def read_noise(path: str) -> bytes:
        return write(Image.frombytes("RGB", (600, 400), Random(path).randbytes(720_000)), "PNG")

    album = Album(read_noise)
    shown = [album.take(f"{n}.png") for n in range(9)]
    sent = album.pictures
    assert [picture.cid for picture in sent] == [picture.cid for picture in shown]
    assert [(picture.width, picture.height) for picture in sent] == [(600 * 560 // 600, 373)] * 9
    assert sum(len(picture.content) for picture in shown) > HEAVIEST_TOGETHER
    assert sum(len(picture.content) for picture in sent) <= HEAVIEST_TOGETHER
    assert min(len(picture.content) for picture in sent) > 40_000
    assert len({picture.file_name for picture in sent}) == 9


def test_a_light_picture_of_the_right_size_is_not_compressed_again() -> None:
    for form, mode in (("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGB"), ("GIF", "P")):
        content = write(draw_chart((560, 300), mode=mode), form)
        assert take_picture("a", content).content == content


# --- an edition


def test_the_same_bytes_have_the_same_content_id_under_any_name_and_others_another() -> None:
    one, same, other = (
        take_picture(name, picture(size=size)) for name, size in (("a", (9, 9)), ("b", (9, 9)), ("a", (9, 8)))
    )
    assert one.cid == same.cid != other.cid
    assert re.fullmatch(r"[0-9a-f]{24}@[a-z]+", one.cid)


@pytest.mark.parametrize("draw", [draw_photo, draw_chart])
def test_the_same_picture_in_the_same_shape_is_the_same_to_the_byte(
    draw: Callable[[tuple[int, int]], Image.Image],
) -> None:
    content = write(draw((900, 700)), "PNG")
    first = take_picture("a.png", content, PictureShape(ratio=BRIEF))
    for number in range(130):  # more than are kept
        take_picture("b.png", SMALL["PNG"], PictureShape(width=100 + number))
    assert take_picture("a.png", content, PictureShape(ratio=BRIEF)) == first


def test_a_picture_that_is_shown_twice_travels_once_and_in_two_shapes_twice() -> None:
    album = Album(lambda _: photo())
    assert album.take("a.png").cid == album.take("b.png").cid
    assert len(album.pictures) == 1
    assert album.show("a.png", crop="1:1", width=96).cid != album.take("a.png").cid
    assert [(one.width, one.height) for one in album.pictures] == [(560, 420), (96, 96)]


def test_a_picture_is_made_once_for_many_renders(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = take_picture("a.jpg", photo(), PictureShape(width=333))
    monkeypatch.setattr(Image, "open", None)
    assert take_picture("a.jpg", photo(), PictureShape(width=333)) == taken


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
