"""Save a picture of a page with the colours that it needs and no more."""

from __future__ import annotations

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
    counted = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    frequent = [channel for _, colour in counted[:EXACT] for channel in (colour if isinstance(colour, tuple) else ())]
    others = picture.quantize(colours - EXACT, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*frequent, *others[: 3 * (colours - EXACT)]])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)
