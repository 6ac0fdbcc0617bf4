"""What others may read: passwords in files, the state folder, lists of readers in Git."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bulletin.declaration.files import read_file
from bulletin.doctor.asking.repository import list_ever_tracked, list_tracked, read_tracked
from bulletin.doctor.case import Case
from bulletin.doctor.check import Asks, Family, check
from bulletin.doctor.judgement import Found, Judgement, NotApplicable, Passed, Unknown
from bulletin.exposure import find_exposed_state
from bulletin.rights import KNOWN_HERE
from bulletin.settings.proof import Severity

_MOST_READ: Final = 1 << 20  # octets of a file that are looked through
_MOST_FILES: Final = 2_000
_SECRET: Final = re.compile(
    rb"(?:smtp|imap|postgresql)[a-z0-9+]*://[^\s:@/\"']+:(?!(?i:password|pass|secret|\xe2\x80\xa6|\.\.\.)@|\$)"
    rb"[^\s@\"']+@(?!(?:[\w.-]+\.)?example\b|localhost|127\.|\[::1)"
    rb"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"
    rb"|BULLETIN_(?:SECRET_KEY|SECRET_KEY_OLD|CLIENT_SECRET|AZURE_WEBHOOK_TOKEN)\s*[=:]\s*[\"']?[^\s\"'$<\xe2]{8,}",
)
_LIKELY: Final = ("*.yaml", "*.yml", "*.env", ".env", "*.sh", "*.ps1", "*.bat", "*.cmd", "*.txt", "*.toml", "*.service")
_NEVER_IN_GIT: Final = (".bulletin/", "exports/")
_EXAMPLE: Final = re.compile(rb"@(?:[^\s,;@\"']+\.)?(?:example\.(?:org|com|net)|example|invalid|test)\b", re.IGNORECASE)


@check(
    "SEC03",
    "No password is in a file that people share",
    family=Family.SECRETS,
    asks={Asks.FILES, Asks.GIT},
    matters="Everyone who has the folder has it.",
    ask_it="A password or key was in the file {file}, which several people have. Please change it.",
    fix="Delete it from the file. Put it into an environment variable, or into a file that only you can read.",
)
def keeps_secrets_out(case: Case) -> Judgement:
    """No file that Git tracks has a password, a secret or a private key. Without Git, no file of the workspace."""
    names = list_tracked(case)
    files = [case.workspace.root / name for name in names] if names else list(_list_likely(case.workspace.root))
    for file in files[:_MOST_FILES]:
        if _has_secret(case, file):
            shown = file.relative_to(case.workspace.root).as_posix()
            return Found(what=f"A password or key is in {shown}.", severity=Severity.ERROR, facts={"file": shown})
    return Passed()


def _list_likely(root: Path) -> Iterator[Path]:
    for folder in (root, root / "issues", root / "subscribers"):
        for pattern in _LIKELY:
            yield from (path for path in sorted(folder.glob(pattern)) if path.is_file() and not path.is_symlink())


def _has_secret(case: Case, file: Path) -> bool:
    try:
        if not file.is_file() or file.stat().st_size > _MOST_READ:
            return False
        content = read_file(file)
    except OSError:
        return False
    own = case.workspace.environ.get("BULLETIN_SECRET_KEY", "").strip().encode()
    return bool(_SECRET.search(content)) or (len(own) >= 16 and own in content)


@check(
    "SEC04",
    "Only you can read what the program remembers",
    family=Family.SECRETS,
    asks={Asks.FILES},
    matters="Addresses of readers and the secret key are there.",
    fix="Type: chmod -R go-rwx {path}",
)
def keeps_state_private(case: Case) -> Judgement:
    """Other users of this computer can't read `.bulletin/`, or the file with the client secret.

    With `state_group:` in bulletin.yaml, a group may.
    """
    if not KNOWN_HERE:
        return Unknown(why="This computer doesn't say who else can read a file.")
    paths = [exposed.path for exposed in find_exposed_state(case.workspace) if exposed.open]
    secret = case.workspace.environ.get("BULLETIN_CLIENT_SECRET_FILE", "")
    if secret and _is_readable(Path(secret)):
        paths.append(Path(secret))
    if not paths:
        return Passed()
    path = str(paths[0])
    what = f"Others on this computer can read {path}."
    return Found(what=what, severity=Severity.WARNING, facts={"path": path})


def _is_readable(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o007)
    except OSError:
        return False


@check(
    "SEC05",
    "No list of readers is in Git",
    family=Family.SECRETS,
    asks={Asks.GIT},
    matters="Readers' addresses travel with each copy of the folder.",
    ask_it="Is our Git repository private? Please purge the file {file} from its whole history.",
    fix="So that Git leaves them out, write a line with subscribers/ and one with .bulletin/ to .gitignore.",
)
def keeps_lists_out_of_git(case: Case) -> Judgement:
    """Git tracks no list with real addresses and nothing of `.bulletin/`, now or in its history.

    Lists with example addresses alone don't count.
    """
    tracked = list_tracked(case)
    if tracked is None:
        return NotApplicable()
    if now := next((name for name in tracked if _is_private(case, name)), ""):
        return Found(what=f"{now} is in Git now.", severity=Severity.ERROR, facts={"file": now})
    if before := next((name for name in list_ever_tracked(case) if _was_private(case, name)), ""):
        what = f"{before} is in Git's history."
        return Found(what=what, severity=Severity.WARNING, facts={"file": before}, fix="")
    return Passed()


def _is_list(case: Case, name: str) -> bool:
    files = {case.workspace.list_file(one) for one in case.workspace.settings.lists}
    return name in files or (name.startswith("subscribers/") and name.endswith((".csv", ".xlsx")))


def _is_private(case: Case, name: str) -> bool:
    if name.startswith(_NEVER_IN_GIT):
        return True
    try:
        return _is_list(case, name) and _has_real_address(read_file(case.workspace.root / name))
    except OSError:
        return False


def _was_private(case: Case, name: str) -> bool:
    if name.startswith(_NEVER_IN_GIT):
        return True
    return _is_list(case, name) and _has_real_address(read_tracked(case, name))


def _has_real_address(content: bytes) -> bool:
    return content.count(b"@") > len(_EXAMPLE.findall(content))


CHECKS = (keeps_secrets_out, keeps_state_private, keeps_lists_out_of_git)
