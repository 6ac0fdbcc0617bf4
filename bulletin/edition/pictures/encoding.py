"""Writes a picture as JPEG or PNG, whichever suits it, in at most so many bytes. Pure.

The same picture gives the same bytes with one release of Pillow.
"""

from __future__ import annotations

from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image as OpenPicture

_QUALITIES: Final = (84, 78, 72, 66, 60, 54, 48, 42)  # of a JPEG, as libjpeg counts; sharp screens hide what is lost
_SMALLEST: Final = 64  # pixels: no picture is made narrower than that to save bytes
_DEARER: Final = 2  # times the bytes of the JPEG that a drawing's PNG may take: its lines are sharp
_COLOURS: Final = 256  # that a PNG's palette has
_MOST_COLOURS: Final = 1 << 14  # of a drawing with smooth edges; photographs have more
_SAMPLE, _FLAT_COLOURS, _FLAT = 128, 16, 0.5  # the pixels of a sample's side; so few colours make half of a drawing
# Of 255: what a palette may change on the whole, and anywhere. Large areas keep their colour; an edge may lose a shade.
_UNSEEN: Final = {"MEDIANCUT": (0.25, 64), "MAXCOVERAGE": (1.0, 8)}


def encode(image: OpenPicture, most: int, *, exact: bool) -> tuple[bytes, str]:
    """The bytes of an RGB or grey picture, and the suffix of its kind: jpg, or png for a drawing of few colours.

    To have at most `most` bytes it loses quality, then pixels. One that isn't `exact` was a JPEG, and stays one: its
    colours are blurred already.
    """
    drawing = exact and _encode_drawing(image)
    if drawing and len(drawing) <= min(most, _DEARER * len(_encode_jpeg(image, _QUALITIES[0]))):
        return drawing, "png"
    while True:
        content = _fit_quality(image, most)
        if len(content) <= most or min(image.size) <= _SMALLEST:
            return content, "jpg"
        image = _shrink(image, sqrt(most / len(content)))


def _fit_quality(image: OpenPicture, most: int) -> bytes:
    """The JPEG of the highest quality that fits, or of the lowest if none does."""
    low, high = 0, len(_QUALITIES) - 1
    content = _encode_jpeg(image, _QUALITIES[low])
    if len(content) <= most:
        return content
    fitting = b""
    while low < high:
        middle = (low + high + 1) // 2
        content = _encode_jpeg(image, _QUALITIES[middle])
        if len(content) <= most:
            fitting, high = content, middle - 1
        else:
            low = middle
    return fitting or content


def _encode_jpeg(image: OpenPicture, quality: int) -> bytes:
    """Baseline, with chroma at half the size: every mail program reads that."""
    written = BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()


def _shrink(image: OpenPicture, scale: float) -> OpenPicture:
    from PIL import Image

    width, height = (max(1, int(side * min(scale, 0.9))) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encode_drawing(image: OpenPicture) -> bytes:
    """The picture as a PNG with a palette; b"" if it is no drawing, or would look different."""
    from PIL import Image

    colours = image.convert("RGB")
    if not _is_flat(image) or not colours.getcolors(_MOST_COLOURS):
        return b""
    for method, (mean, most) in _UNSEEN.items():  # the second is slower, and rarely needed
        drawn = colours.quantize(_COLOURS, Image.Quantize[method], dither=Image.Dither.NONE)
        if _is_like(colours, drawn.convert("RGB"), mean, most):
            written = BytesIO()
            drawn.save(written, "PNG", optimize=True)
            return written.getvalue()
    return b""


def _is_flat(image: OpenPicture) -> bool:
    """Whether few colours make up much of the picture."""
    from PIL import Image

    sample = image.resize((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)
    counts = sorted((count for count, _ in sample.getcolors(_SAMPLE * _SAMPLE) or ()), reverse=True)
    return sum(counts[:_FLAT_COLOURS]) >= _FLAT * _SAMPLE * _SAMPLE


def _is_like(before: OpenPicture, after: OpenPicture, mean: float, most: int) -> bool:
    """Whether no channel differs more than `mean` on the whole, or more than `most` anywhere."""
    from PIL import ImageChops, ImageStat

    statistics = ImageStat.Stat(ImageChops.difference(before, after))
    return max(statistics.mean) <= mean and all(high <= most for _, high in statistics.extrema)
