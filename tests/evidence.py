"""Run the tests of accessibility, and write down what they tested for the accessibility statement: `make evidence`.

Nothing is written if one of them fails.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS / "support"), str(TESTS / "publishing")]

import test_archive_in_browser as pages  # noqa: E402 -- found by the path above

from bulletin import __version__  # noqa: E402 -- after the path
from bulletin.edition.web.tested_pages import EVIDENCE_FILE, PAGES, PDFS, digest_templates  # noqa: E402 -- as above
from bulletin.workspace.package_data import theme_folder  # noqa: E402 -- as above

PAGE_TESTS = "publishing/test_archive_in_browser.py"
PDF_TESTS = "edition/pdf/test_verapdf.py"
CLAIMS = (
    "zoom in up to 400% without the text spilling off the screen",  # 1280 pixels at 400% are 320
    "read it in light or dark colours, as your device is set",
    "read all issues with scripts switched off",
)


def main() -> int:
    """Write the file, if all tests pass. Return the exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", str(TESTS / PAGE_TESTS), str(TESTS / PDF_TESTS)],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        return done.returncode
    compliant = len(re.findall(r"^PASSED .*::test_what_we_make_is_compliant\[", done.stdout, re.MULTILINE))
    EVIDENCE_FILE.write_text(json.dumps(describe(compliant), indent=1) + "\n", encoding="utf-8")
    return 0


def describe(pdfs: int) -> dict[str, object]:
    """What was tested, as the statement tells it. `pdfs`: how many were compliant."""
    axe = json.loads((TESTS / "node/node_modules/axe-core/package.json").read_text(encoding="utf-8"))["version"]
    pom = (TESTS / "verapdf/pom.xml").read_text(encoding="utf-8")
    found = re.search(r"<artifactId>validation-model[^<]*</artifactId>\s*<version>([^<]+)", pom)
    folders = (theme_folder(),)
    return {
        "made_on": datetime.now(ZoneInfo("Europe/London")).date().isoformat(),
        "version": __version__,
        "page_templates": digest_templates(folders, PAGES),
        "pdf_templates": digest_templates(folders, PDFS),
        "pages": {
            "tool": "axe-core",
            "version": axe,
            "standard": "WCAG 2.2 AA",
            "kinds": len({re.sub(r"\d{4}-\d\d", "MONTH", path) for path in pages.PAGES}),
            "pages": len(pages.PAGES),
            "widths": [pages.NARROWEST, pages.PHONE, pages.DESK],
            "schemes": ["light", "dark"],
        },
        "pdfs": {"tool": "veraPDF", "version": found[1] if found else "", "standard": "PDF/UA-1", "files": pdfs},
        "claims": list(CLAIMS),
    }


if __name__ == "__main__":
    sys.exit(main())
