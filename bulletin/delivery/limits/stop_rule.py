"""The verdict: whether a mailing must stop by itself, and why, in words for whoever runs it. Pure.

It must when the server says that we are the problem, because then everybody else would be refused too and our name
would suffer; and when too many people are refused, because then the list, or something that nobody thought of, is
wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from bulletin.delivery.smtp.classification import Matter, find_matter
from bulletin.delivery.smtp.outcome import ACCEPTED, REFUSED, Outcome

DOUBTS: Final = 3
"""So many refusals by policy in a row, with nobody accepted in between, are no longer about persons."""

_HAPPENED: Final = {
    Matter.SENDER: "The server does not let us send as this sender",
    Matter.LOGIN: "The server wants another login",
    Matter.REPUTATION: "We, our server or our words are taken for spam",
    Matter.AUTHENTICITY: "The mail cannot be proved to be ours (SPF, DKIM, DMARC or reverse DNS)",
    Matter.QUOTA: "We have sent more than the provider allows",
    Matter.POLICY: f"{DOUBTS} in a row were refused by a rule of the server",
}

_REMEDIES: Final = {
    Matter.SENDER: "Check the sender's address in bulletin.yaml, and that this account may send as it.",
    Matter.LOGIN: "Check the username in the server's address, and the password or token.",
    Matter.REPUTATION: "Ask those who run your mail whether the server is on a block list, before you go on.",
    Matter.AUTHENTICITY: "Ask those who run your domain's DNS to let this server send for it (SPF, DKIM, DMARC).",
    Matter.QUOTA: "Wait until the provider lets you send again, and set `limits` in bulletin.yaml to what it allows.",
    Matter.POLICY: "Ask those who run the server what the rule is.",
}

_AFTERWARDS: Final = "Once it is mended, the same command goes on with those who are left."


@dataclass(kw_only=True)
class Verdict:
    """Told each outcome of one run of a mailing, in their order.

    `stop_at` (a share) of those whose fate is known may be refused, and in any case fewer than `stop_after` people.
    `accepted` and `refused` are how many were before this run.
    """

    stop_at: float
    stop_after: int
    accepted: int = 0
    refused: int = 0
    _doubts: int = field(default=0, init=False)

    def note(self, outcome: Outcome) -> str:
        """Why the mailing must stop now, in words; "" if it may go on."""
        if outcome.fate is ACCEPTED:
            self.accepted += 1
            self._doubts = 0
        elif outcome.fate is REFUSED:
            self.refused += 1
            return self._judge_refusal(outcome.reply)
        return ""

    def _judge_refusal(self, reply: str) -> str:
        matter = find_matter(reply)
        self._doubts += matter is Matter.POLICY
        if matter is Matter.PERSON or (matter is Matter.POLICY and self._doubts < DOUBTS):
            return self._judge_number(reply)
        return f"{_HAPPENED[matter]}: “{reply}”. {_REMEDIES[matter]} {_AFTERWARDS}"

    def _judge_number(self, reply: str) -> str:
        ended = self.accepted + self.refused
        if self.refused < self.stop_after or self.refused < self.stop_at * ended:
            return ""
        return (
            f"{self.refused:,} of {ended:,} were refused ({self.refused / ended:.0%}), the last one with “{reply}”. "
            f"Is this the right list, and is it up to date? {_AFTERWARDS}"
        )
