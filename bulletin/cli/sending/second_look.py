"""Asks whether readers should get a second issue of one month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bulletin.cli.terminal import can_ask, confirm, confirm_by_typing
from bulletin.errors import SentThatMonth

if TYPE_CHECKING:
    from bulletin.delivery.ledger.same_month import SameMonth


def agree(question: str, same: SameMonth, *, also_to: int | None, yes: bool, otherwise: str) -> bool:
    """Whether a person says yes. If readers were sent another issue of that month, a yes is to type their number.

    `also_to` is that number, if the command line has it. Raises SentThatMonth if it is wrong or if there is no one to
    ask for it, and otherwise as `confirm` does.
    """
    if also_to is not None and also_to != same.reached:
        raise SentThatMonth(
            f"--also-to says {also_to:,}, but {same.reached:,} of these readers were sent another issue of that month.",
            f"Check the issue and its lists, then add --also-to {same.reached}." if same.reached else "Leave it out.",
        )
    if also_to is not None or not same.reached:
        return confirm(question, yes=yes, otherwise=otherwise)
    if yes or not can_ask():
        raise SentThatMonth(
            " ".join(same.describe()),
            f"If {same.issue} is a second issue that they should get too, add --also-to {same.reached}.",
        )
    return confirm_by_typing(
        f"{question} If they should get a second issue of that month, type {same.reached}",
        str(same.reached),
        otherwise=otherwise,
    )
