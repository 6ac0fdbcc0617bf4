"""The stop rule: whether a mailing must halt, and why, in a sentence for officers. Pure.

It halts when the server says that we are the problem: every further message would be refused, and harm our reputation.
It also halts when too many people are refused: then the list is probably wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bulletin.delivery.smtp.classification import RefusalCategory, categorise_refusal
from bulletin.delivery.smtp.outcome import ACCEPTED, REFUSED, Outcome

MAX_DOUBTFUL: Final = 3
"""Consecutive refusals by policy, with none accepted between, after which the mailing halts."""

_HAPPENED: Final = {
    RefusalCategory.SENDER: "The server doesn't let us use this sender's address",
    RefusalCategory.LOGIN: "The server wants another login",
    RefusalCategory.REPUTATION: "The server treats our mail as spam",
    RefusalCategory.AUTHENTICITY: "The server can't confirm that the mail is ours (SPF, DKIM, DMARC or reverse DNS)",
    RefusalCategory.QUOTA: "We have sent more than the provider allows",
    RefusalCategory.POLICY: f"{MAX_DOUBTFUL} in a row were refused by a rule of the server",
}

_REMEDIES: Final = {
    RefusalCategory.SENDER: "Check the sender's address in bulletin.yaml, and that this account may send as it.",
    RefusalCategory.LOGIN: "Check the username in the server's address, and the password or token.",
    RefusalCategory.REPUTATION: (
        "Before you send more, ask the people who run your email whether the server is on a block list."
    ),
    RefusalCategory.AUTHENTICITY: (
        "Ask the people who run your domain's DNS to let this server send for it (SPF, DKIM, DMARC)."
    ),
    RefusalCategory.QUOTA: (
        "Wait until the provider lets you send again, and set `limits` in bulletin.yaml to what it allows."
    ),
    RefusalCategory.POLICY: "Ask the people who run the server what the rule is.",
}

_AFTERWARDS: Final = "Then run the same command again: it continues with the readers who are left."


@dataclass(kw_only=True)
class RefusalRule:
    """The stop rule of one run. It hears each outcome, in order.

    A mailing halts once at least `stop_after` people, and a share `stop_at` of all results, are refused. `accepted` and
    `refused` begin with the numbers before this run.
    """

    stop_at: float
    stop_after: int
    accepted: int = 0
    refused: int = 0
    _doubts: int = field(default=0, init=False)

    def note(self, outcome: Outcome) -> str:
        """Why the mailing must halt now, in a sentence; "" if it may continue."""
        if outcome.fate is ACCEPTED:
            self.accepted += 1
            self._doubts = 0
        elif outcome.fate is REFUSED:
            self.refused += 1
            return self._judge_refusal(outcome.reply)
        return ""

    def _judge_refusal(self, reply: str) -> str:
        matter = categorise_refusal(reply)
        self._doubts += matter is RefusalCategory.POLICY
        if matter is RefusalCategory.PERSON or (matter is RefusalCategory.POLICY and self._doubts < MAX_DOUBTFUL):
            return self._judge_number(reply)
        return f"{_HAPPENED[matter]}: “{reply}”. {_REMEDIES[matter]} {_AFTERWARDS}"

    def _judge_number(self, reply: str) -> str:
        ended = self.accepted + self.refused
        if self.refused < self.stop_after or self.refused < self.stop_at * ended:
            return ""
        return (
            f"{self.refused:,} of {ended:,} were refused ({self.refused / ended:.0%}), the last one with “{reply}”. "
            f"Check that this is the right list, and that it is up to date. {_AFTERWARDS}"
        )
