"""How long `bulletin check` takes for a long issue beside two years of earlier ones, as a whole process.

The bound is what the product promises on two slow cores: an issue of 70 KB beside 24 earlier ones within 1.5 s, all but
the live links. The texts are the right ones that the tests hold the proof to. Medians of five runs after one that warms
the disk's cache.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from proof_texts import right_items, right_sentences, write_issue  # noqa: E402

RUNS = 5
BOUND = 1.5
LONG, USUAL = 70_000, 25_000  # characters of the issue that is read, and of each before it
EARLIER = 24


def write_workspace(folder: Path) -> str:
    """Two years of issues up to a long one, whose id is returned."""
    chance = random.Random(2021)  # noqa: S311 -- the same texts each time
    shutil.copytree(ROOT / "issues/images", folder / "issues/images")
    shutil.copytree(ROOT / "subscribers", folder / "subscribers")
    shutil.copy(ROOT / "bulletin.yaml", folder)
    for number in range(EARLIER + 1):
        year, month = 2019 + (number + 4) // 12, (number + 4) % 12 + 1
        text = write_long_issue(chance, f"{year}-{month:02}", LONG if number == EARLIER else USUAL)
        (folder / f"issues/{year}-{month:02}.yaml").write_text(text, encoding="utf-8")
    return f"{year}-{month:02}"


def write_long_issue(chance: random.Random, month: str, length: int) -> str:
    """An issue of at least so many characters."""
    sentences = [sentence for below in right_sentences().values() for sentence in below]
    items = [item for below in right_items().values() for item in below]
    sections = chance.sample(items, 12)
    text = ""
    while len(text) < length:
        paragraphs = [" ".join(chance.sample(sentences, 6)) for _ in range(5)]
        title = f"Article {len(sections)} of {month}"
        sections.append({"kind": "article", "title": title, "text": "\n\n".join(paragraphs)})
        head = {"month": month, "published": f"{month}-04"}
        text = write_issue(sections, header=head)
    return text


def main() -> None:
    """Print one line: the median, and whether it is within its bound."""
    with tempfile.TemporaryDirectory() as name:
        issue = write_workspace(Path(name))
        command = [sys.executable, "-m", "bulletin", "check", issue, "--workspace", name]
        seconds = []
        for _ in range(RUNS + 1):
            begun = time.perf_counter()
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
            seconds.append(time.perf_counter() - begun)
    median = statistics.median(seconds[1:])
    verdict = "" if median <= BOUND else "  over"
    print(f"check of 70 KB beside {EARLIER} issues: median {median:.2f} s, bound {BOUND:.2f} s{verdict}")


if __name__ == "__main__":
    main()
