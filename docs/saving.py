"""Save a picture of a page with the colours that it needs and no more."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image

Scheme = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
COLOURS = 64  # a page has few; with so many a picture has a third of its size
EXACT = 24  # of them as they are: grounds and letters must not change their hue
LARGEST = 400_000  # bytes


def save_small(picture: bytes, path: Path, *, colours: int = COLOURS) -> None:
    """Write it, and print its name and size. Raises SystemExit if it is too large for the repository."""
    path.parent.mkdir(parents=True, exist_ok=True)
    reduce_colours(Image.open(BytesIO(picture)).convert("RGB"), colours).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes; the most is {LARGEST:,}.")
    print(f"{path.relative_to(ROOT)}  ({path.stat().st_size:,} bytes)")


def reduce_colours(picture: Image.Image, colours: int) -> Image.Image:
    """With the most frequent colours exactly, and others from all over what there is."""
    pixels = _read_pixels(picture)
    frequent = [colour for colour, _ in Counter(pixels).most_common(EXACT)]
    others = picture.quantize(colours - EXACT, method=Image.Quantize.MAXCOVERAGE).convert("RGB")
    palette = list(dict.fromkeys([*frequent, *_read_pixels(others)]))
    nearest = {pixel: _find_nearest(pixel, palette) for pixel in set(pixels)}
    reduced = Image.frombytes("P", picture.size, bytes(nearest[pixel] for pixel in pixels))
    reduced.putpalette([channel for colour in palette for channel in colour])
    return reduced


def _read_pixels(picture: Image.Image) -> list[tuple[int, int, int]]:
    content = picture.tobytes()
    return list(zip(content[::3], content[1::3], content[2::3], strict=True))


def _find_nearest(pixel: tuple[int, int, int], palette: list[tuple[int, int, int]]) -> int:
    """The number of the nearest colour. Pillow's own search may miss it by four steps of a channel."""
    return min(
        range(len(palette)), key=lambda number: sum((a - b) ** 2 for a, b in zip(pixel, palette[number], strict=True))
    )
