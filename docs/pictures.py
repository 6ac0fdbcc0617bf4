"""Take the pictures in docs/pictures anew: the sample workspace's May 2021 issue, in headless Chromium."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from bulletin.delivery.files import write_edition
from bulletin.edition.making import make_edition
from bulletin.workspace import open_workspace

Scheme = Literal["light", "dark"]

ROOT = Path(__file__).resolve().parents[1]
ISSUE = "2021-05"
WIDTHS = {320: 2400, 640: None, 1280: 2400}  # pixels, and down to where the picture goes: None is the whole page
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
COLOURS = 64  # a page has few; with so many a picture has a third of its size
LARGEST = 400_000  # bytes


def main() -> None:
    """Render the issue as `bulletin render` does, and look at it in every width and both schemes."""
    workspace = open_workspace(ROOT, environ={})
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        list(write_edition(make_edition(workspace, ISSUE), Path(folder), now=datetime.now(UTC)))
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                picture = take_picture(browser, Path(folder) / "email.html", width=width, height=height, scheme=scheme)
                path = ROOT / "docs" / "pictures" / f"may-2021-{width}-{scheme}.png"
                save_small(picture, path)
                print(f"{path.relative_to(ROOT)}  ({path.stat().st_size:,} bytes)")
        browser.close()


def take_picture(browser: Browser, page_file: Path, *, width: int, height: int | None, scheme: Scheme) -> bytes:
    """The page as it looks on a screen of that width, down to `height` or to its end."""
    context = browser.new_context(viewport={"width": width, "height": height or 900}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(page_file.as_uri())
        return page.screenshot(full_page=height is None)
    finally:
        context.close()


def save_small(picture: bytes, path: Path) -> None:
    """Write a picture with the colours that it needs and no more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} has {path.stat().st_size:,} bytes; the most is {LARGEST:,}.")


if __name__ == "__main__":
    main()
