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
LARGEST = 400_000  # bytes


def save_small(picture: bytes, path: Path, *, colours: int = COLOURS) -> None:
    """Write it, and print its name and size. Raises SystemExit if it is too large for the repository."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(picture)).convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes; the most is {LARGEST:,}.")
    print(f"{path.relative_to(ROOT)}  ({path.stat().st_size:,} bytes)")
