"""Tags of mailers, in place of which they would have put a reader's name or address. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bulletin.importing.blocks import Block, Role, join_runs

TAG = re.compile(
    r"\*\|[A-Z0-9_:]{1,60}\|\*|\{\{[^{}]{1,60}\}\}|\$\{\w{1,40}\}|%%[\w ]{1,40}%%|"
    r"\[\[[\w ]{1,40}\]\]|<<[\w ]{1,40}>>|\[(?:first|last|full)?name[^\[\]]{0,40}\]|«\w{1,40}»"
)
_WITH_BLANK = re.compile(rf"\s*(?:{TAG.pattern})")


def remove_tags(block: Block) -> Block:
    """The block without its tags, and with a question that names them."""
    found = list(dict.fromkeys(TAG.findall(block.text)))
    if not found or block.role in (Role.TABLE, Role.PICTURE):
        return block
    runs = join_runs(replace(run, text=_WITH_BLANK.sub("", run.text)) for run in block.runs)
    named = ", ".join(f"“{tag}”" for tag in found)
    check = f"{block.check} the mailer’s tag {named} is left out. Do the words read well without it?".strip()
    return replace(block, runs=runs, check=check)
