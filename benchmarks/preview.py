"""How long after a save the preview shows it: from the file's new content to the browser's next paint. `make bench`.

The bound is what the product promises: 0.3 s. Medians of twenty saves of the sample's May 2021 issue after two that
warm everything up, in headless Chromium, with the mail alone and with the file beside it.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory

from bulletin.preview.server import Preview, listen
from bulletin.preview.session import PreviewSession
from bulletin.workspace.package_data import sample_folder

try:
    from playwright.sync_api import Page, sync_playwright
except ImportError:
    sys.exit("The preview is measured in a browser: type `make test` once, which installs what that needs.")

ISSUE = "2021-05"
RUNS = 20
BOUND = 0.30  # seconds
WORDS = "We asked how the Hub’s work is going."
# The time (milliseconds since 1970) at which the words are on the screen: two animation frames after they are there.
PAINTED = """(words) => new Promise((resolve) => {
  const look = () => {
    const page = document.querySelector("iframe:not(.coming)")?.contentDocument;
    if (page?.body?.textContent.includes(words)) {
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now())));
    } else requestAnimationFrame(look);
  };
  look();
})"""


@contextmanager
def serve(root: Path) -> Iterator[str]:
    """The address of a preview that runs meanwhile."""
    answers: Queue[str] = Queue()
    session = PreviewSession(root, clock=lambda: datetime.now(UTC), environ={})
    server = Preview(session, sock=listen("127.0.0.1", 0), issue=ISSUE, opened=answers.put)
    thread = threading.Thread(target=server.serve_until_stopped)
    thread.start()
    try:
        yield answers.get(timeout=20)
    finally:
        server.should_exit = True
        thread.join()


def measure(page: Page, issue: Path) -> list[float]:
    """Seconds from each save to the paint that shows it."""
    text = issue.read_text(encoding="utf-8")
    seconds = []
    for number in range(RUNS + 2):
        words = f"We asked {number} times how the work is going."
        content = text.replace(WORDS, words)
        begun = time.time()
        issue.write_text(content, encoding="utf-8")
        seconds.append(page.evaluate(PAINTED, words) / 1000 - begun)
        time.sleep(0.2)  # people do not save faster, and what is said after the paint is not measured
    issue.write_text(text, encoding="utf-8")
    return seconds[2:]


def main() -> None:
    """Print a table: medians, and whether each is within its bound."""
    print(f"{'save → paint':<28}{'median':>9}{'fastest':>9}{'slowest':>9}{'bound':>9}")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder) / "workspace"
        shutil.copytree(sample_folder(), root)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        with serve(root) as address:
            for name, query in (("the mail", ""), ("the mail and its file", "?beside=file")):
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(address + query)
                page.locator("#stage > iframe:not(.coming)").wait_for()
                seconds = measure(page, root / "issues" / f"{ISSUE}.yaml")
                page.close()
                median = statistics.median(seconds)
                figures = "".join(f"{figure:>8.3f}s" for figure in (median, min(seconds), max(seconds), BOUND))
                print(f"{name:<28}{figures}{'' if median <= BOUND else '  over'}")
        browser.close()


if __name__ == "__main__":
    main()
