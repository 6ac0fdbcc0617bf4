"""Build the documentation's site: `make docs`, or `python docs/building/make.py [FOLDER] [--links]`.

Every warning of Sphinx is an error. With --links it tries every link to another site instead.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx.cmd.build import main as run_sphinx

from sources import ROOT, gather_sources

BUILDING = Path(__file__).parent


def main(arguments: list[str]) -> int:
    """Gather the pages, and let Sphinx make the site of them. Returns Sphinx's exit code: 0 if all is well."""
    links = "--links" in arguments
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    target = (folders or [ROOT / "build/docs"])[0].resolve()
    gather_sources(target / "source")
    builder, place = ("linkcheck", "links") if links else ("html", "site")
    strict = ["-W", "--keep-going", "-n", "-q"]
    options = ["-b", builder, "-c", str(BUILDING), "-d", str(target / "doctrees"), *strict]
    code = run_sphinx([*options, str(target / "source"), str(target / place)])
    if code == 0:
        print(
            f"Every link was tried: {target / place / 'output.txt'}" if links else f"Open {target / place}/index.html"
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
