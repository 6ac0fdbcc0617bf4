"""A preview that runs, and pages that look at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, expect

from bulletin.preview.server import Preview, listen
from bulletin.preview.session import PreviewSession

PEOPLE = "email,name\nanna@example.org,Anna Ahmed\nben@example.org,Ben Brown\nnobody@example.org,\n"


@contextmanager
def serve(root: Path, *, environ: dict[str, str] | None = None, issue: str = "2021-05") -> Iterator[str]:
    """The address of a preview that runs meanwhile. It ends in time, however many pages are open."""
    session = PreviewSession(root, clock=lambda: datetime(2021, 5, 4, 10, 2, tzinfo=UTC), environ=environ or {})
    addresses: list[str] = []
    answers = threading.Event()

    def opened(address: str) -> None:
        addresses.append(address)
        answers.set()

    server = Preview(session, sock=listen("127.0.0.1", 0), issue=issue, opened=opened)
    thread = threading.Thread(target=server.serve_until_stopped, daemon=True)
    thread.start()
    assert answers.wait(10), "the preview never answered"
    try:
        yield addresses[0]
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive(), "the preview did not end"


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#status")).not_to_be_empty()
    expect(page.locator("#stage > :not(.coming)")).to_be_visible()


def mail(page: Page) -> FrameLocator:
    return page.frame_locator("iframe:not(.coming)")


def save(root: Path, before: str, after: str, *, issue: str = "2021-05") -> None:
    path = root / "issues" / f"{issue}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


CONTRAST = """() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.body.querySelectorAll("*")) {
    const words = [...element.childNodes].map((node) => node.nodeType === 3 ? node.data.trim() : "").join("");
    if (!words || !element.checkVisibility()) continue;
    const [one, two] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5) poor.push([words.slice(0, 40), contrast]);
  }
  return poor;
}"""


NAMELESS = """() => [...document.querySelectorAll("a, button, input, select, iframe, meter, aside, [role=region]")]
  .filter((it) => it.checkVisibility())
  .filter((it) => !(it.labels?.length || it.textContent.trim() || it.title || it.getAttribute("aria-label")))
  .map((it) => it.outerHTML)"""


SMALL = """() => [...document.querySelectorAll("a:not(.skip), button, input, select")]
  .filter((it) => it.checkVisibility()).map((it) => (it.closest("label") ?? it))
  .map((it) => [it.textContent.trim().slice(0, 30), it.getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 24 || height < 24)"""
