"""The options of `bulletin send` and `bulletin schedule` as one value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typer


@dataclass(frozen=True, kw_only=True)
class SendRequest:
    """The options as they were typed. Each field is named like its option."""

    lists: tuple[str, ...] = ()
    newcomers: bool = False
    left_out: bool = False
    at: str = ""
    spread: bool = False
    resend_refused: bool = False
    to: tuple[str, ...] = ()
    moved: bool = False
    new_database: bool = False
    new_key: bool = False
    also_to: int | None = None
    log: Path | None = None
    dry_run: bool = False
    yes: bool = False
    here: bool = False
    defer: bool = False

    def require_consistent(self) -> None:
        """Raises BadParameter for options that contradict each other."""
        if self.left_out and self.newcomers:
            raise typer.BadParameter(
                "--left-out and --newcomers are for different readers. Send to one, then to the other."
            )
        if self.here and self.defer:
            raise typer.BadParameter("--here sends from this computer, --defer leaves it to workers: choose one.")
        if self.to and not self.resend_refused:
            raise typer.BadParameter(
                "--to goes with --resend-refused. One copy to anyone: bulletin test ISSUE --to ADDRESS"
            )
        if self.new_key and self.at:
            raise typer.BadParameter("--new-key applies now: leave out --at.")
        if self.resend_refused and (self.at or self.newcomers or self.left_out or self.lists):
            raise typer.BadParameter(
                "--resend-refused applies now, and only to readers who were refused: leave out --at, --list, "
                "--newcomers and --left-out."
            )
