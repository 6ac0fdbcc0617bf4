"""Update what mail programs support from caniemail.com's data: `make clients` (needs npm and the network)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "bulletin" / "proof" / "client_support"
PACKAGE = "caniemail"

CLIENTS = {
    "outlook.windows": "Outlook for Windows",
    "outlook.outlook-com": "Outlook.com",
    "outlook.macos": "Outlook for Mac",
    "outlook.ios": "Outlook on iPhones",
    "outlook.android": "Outlook on Android",
    "gmail.desktop-webmail": "Gmail",
    "gmail.ios": "Gmail on iPhones",
    "gmail.android": "Gmail on Android",
    "apple-mail.macos": "Apple Mail",
    "apple-mail.ios": "Mail on iPhones",
    "samsung-email.android": "Samsung Email",
}
"""The programs that readers of a bulletin use most, by their names in the data."""


def main() -> None:
    """Fetch the package, and write what each program lacks."""
    with tempfile.TemporaryDirectory() as folder:
        # The package is downloaded as a file, not installed, so none of its code runs.
        command = ["npm", "pack", "--silent", f"{PACKAGE}@{sys.argv[1] if len(sys.argv) > 1 else 'latest'}"]
        done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 -- as above
        name = done.stdout.split()[-1]
        with tarfile.open(Path(folder) / name) as package:
            data = json.loads(_read(package, "data/caniemail.json"))
            version = json.loads(_read(package, "package.json"))["version"]
    features = {feature["slug"]: entry for feature in data["data"] if (entry := _reduce(feature))}
    support = {
        "origin": f"caniemail.com’s data of {data['last_update_date'][:10]}, from the npm package {PACKAGE} {version}",
        "licence": "MIT: see LICENSE beside this file",
        "clients": CLIENTS,
        "features": dict(sorted(features.items())),
    }
    lines = json.dumps(support, ensure_ascii=False, indent=1)
    lines = re.sub(r"\n {3,}", " ", re.sub(r"\n {2,3}\]", "]", lines))
    (FOLDER / "support.json").write_text(re.sub(r"\n {2}\}", " }", lines) + "\n", encoding="utf-8")
    print(f"{len(features)} features that a program lacks, {support['origin']}.")


def _read(package: tarfile.TarFile, name: str) -> bytes:
    file = package.extractfile(f"package/{name}")
    if file is None:
        raise SystemExit(f"The package no longer has {name}. Find where it keeps its data now.")
    return file.read()


def _reduce(feature: dict[str, Any]) -> dict[str, Any] | None:
    """A feature's title and the programs whose latest version lacks it, if one does."""
    lack = [name for name in CLIENTS if _latest(feature["stats"], name).startswith("n")]
    return {"title": feature["title"], "lack": lack} if lack else None


def _latest(stats: dict[str, Any], client: str) -> str:
    """`y`, `n`, `a` (almost) or `u` (unknown), perhaps with the number of a note; the data list versions by age."""
    family, _, platform = client.partition(".")
    versions = stats.get(family, {}).get(platform, {})
    return str(list(versions.values())[-1]) if versions else "u"


if __name__ == "__main__":
    main()
