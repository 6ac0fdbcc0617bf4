"""Microsoft Graph: sends whole messages from one mailbox of Microsoft 365, without SMTP.

`sendMail` with the message as MIME in base64, since JSON has no room for List-Unsubscribe. The recipient is the one in
the message's To. 202 is the only answer that says that Microsoft has it. Source: Microsoft's page “user: sendMail”,
and “Microsoft Graph throttling guidance” for 429, 503 and Retry-After.
"""

from __future__ import annotations

import re
import ssl
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from bulletin.delivery.smtp.outcome import ACCEPTED, DEFERRED, REFUSED, UNCERTAIN, Outcome, make_outcome
from bulletin.delivery.transport.transport import ask_for_pause
from bulletin.errors import RelayError, Unreachable

if TYPE_CHECKING:
    from requests import Response

    from bulletin.delivery.smtp.relay import Tokens

GRAPH: Final = "https://graph.microsoft.com"
SCOPE_PATH: Final = "/.default"
"""Behind the service's address: all that the application was granted, such as Mail.Send."""

LARGEST: Final = 4_000_000
"""Octets of a message in base64 that Microsoft takes in one request."""

TIMEOUTS: Final = (30.0, 120.0)
"""Seconds to connect, and between two pieces of an answer."""

USUAL_WAIT: Final = 30.0
"""Seconds to send nothing if Microsoft asks for a pause and does not say how long."""

LONGEST_WAIT: Final = 3600.0
"""The longest pause in seconds; then we ask again."""

_ABOUT_PERSON: Final = ("ErrorInvalidRecipients", "ErrorInvalidSmtpAddress", "ErrorRecipientNotFound")
_PAUSES: Final = (429, 503, 509)


class GraphTransport:
    """Sends from `mailbox`, with tokens for Graph. `url` is the service's address, which differs in national clouds."""

    def __init__(
        self, *, mailbox: str, tokens: Tokens, url: str = GRAPH, timeouts: tuple[float, float] = TIMEOUTS
    ) -> None:
        self._mailbox = mailbox
        self._tokens = tokens
        self._address = f"{url}/v1.0/users/{quote(mailbox, safe='@')}/sendMail"
        self._timeouts = timeouts

    def deliver(self, sender: str, recipient: str, message: bytes) -> Outcome:  # noqa: ARG002 -- To says who gets it
        """Send one message, as `Transport` has it."""
        body = b64encode(message)
        if len(body) > LARGEST:
            raise self._too_large()
        token = self._tokens()
        answer = self._post(body, token)
        if not isinstance(answer, Outcome) and answer.status_code == 401:
            error = self._refused_login(answer)
            if not self._tokens.refuse(token, error):
                raise error
            token = self._tokens()
            answer = self._post(body, token)
        if isinstance(answer, Outcome):
            return answer
        if answer.status_code == 401:
            error = self._refused_login(answer)
            self._tokens.refuse(token, error)
            raise error
        self._tokens.accept(token)
        return self._judge(answer)

    def _post(self, body: bytes, token: str) -> Response | Outcome:
        """The answer, or what is known without one. Raises Unreachable, RelayError: nothing was sent."""
        import requests

        headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
        try:
            # A connection of its own for each message: one that was kept could be lost just as the message leaves.
            return requests.post(
                self._address, data=body, headers=headers, timeout=self._timeouts, allow_redirects=False
            )
        except requests.exceptions.InvalidURL:
            raise RelayError(
                "The address of Microsoft Graph can't be used.", "Check `graph:` in bulletin.yaml."
            ) from None
        except requests.RequestException as error:
            if _find_cause(error, ssl.SSLCertVerificationError):
                raise RelayError(
                    "Microsoft Graph can't prove its identity.",
                    "Something between may be reading along: a proxy, say. Ask your IT colleagues. If it uses your "
                    "organisation's own certificate, name its file in REQUESTS_CA_BUNDLE.",
                ) from None
            if _never_connected(error):
                raise Unreachable(
                    "Microsoft Graph can't be reached.", "Check the network, and try again in some minutes."
                ) from None
            return make_outcome(UNCERTAIN, "The connection to Microsoft Graph was lost before its answer came.")

    def _judge(self, answer: Response) -> Outcome:
        """What an answer means for the message. Raises RelayError if it means all of them."""
        status, code = answer.status_code, _read_code(answer)
        words = f"{status} {code}: {_read_words(answer)}".replace(" :", ":")
        if status == 202:
            return make_outcome(ACCEPTED, "202 Accepted")
        if status in _PAUSES:
            reply = f"{status} Too many requests, or too busy. {code}".strip()
            return ask_for_pause(DEFERRED, reply, wait=_read_wait(answer))
        if status == 413 or code == "ErrorMessageSizeExceeded":
            raise self._too_large()
        if status in (403, 404):
            raise self._refused_mailbox(words)
        if status == 400 and code not in _ABOUT_PERSON and "Submission" in code:
            raise RelayError(f"Microsoft doesn't let this mailbox send now: {words}", "Ask your IT colleagues why.")
        if 400 <= status < 500 and status not in (408, 409):
            return make_outcome(REFUSED, words)
        return make_outcome(UNCERTAIN, f"Microsoft Graph answered {words}")

    def _too_large(self) -> RelayError:
        return RelayError(
            "The message is larger than Microsoft Graph takes: 3 MB at most.",
            "Make the pictures smaller (bulletin check), or send by SMTP.",
        )

    def _refused_login(self, answer: Response) -> RelayError:
        return RelayError(
            f"Microsoft Graph doesn't accept our login: {_read_words(answer)}",
            "Ask your IT colleagues whether the application may still send as this mailbox (Mail.Send).",
        )

    def _refused_mailbox(self, words: str) -> RelayError:
        return RelayError(
            f"Microsoft Graph doesn't let us send as {self._mailbox}: {words}",
            "Ask your IT colleagues to let the application send as this mailbox: “Application Mail.Send” by RBAC for "
            "Applications, for this mailbox alone. Check `mailbox` in bulletin.yaml.",
        )


def _find_cause(error: BaseException | None, kind: type[BaseException] | tuple[type[BaseException], ...]) -> bool:
    """Whether an error of this kind is what it goes back to."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, kind):
            return True
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return False


def _never_connected(error: BaseException) -> bool:
    """Whether not one octet can have left. In doubt, the message may have."""
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

    return _find_cause(error, (ConnectTimeoutError, NewConnectionError))


def _read_error(answer: Response) -> dict[str, Any]:
    with suppress(ValueError, AttributeError):
        error = answer.json().get("error")
        return error if isinstance(error, dict) else {}
    return {}


def _read_code(answer: Response) -> str:
    return re.sub(r"[^\w.]", "", str(_read_error(answer).get("code") or ""))[:80]


def _read_words(answer: Response) -> str:
    said = str(_read_error(answer).get("message") or "no reason given")
    return " ".join(said.split())[:300]


def _read_wait(answer: Response) -> float:
    """Seconds of Retry-After, which has seconds or a date (RFC 9110, 10.2.3)."""
    given = answer.headers.get("Retry-After", "").strip()
    wait = USUAL_WAIT
    if re.fullmatch(r"\d{1,9}", given):
        wait = float(given)
    else:
        with suppress(ValueError, TypeError):
            wait = (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds()
    return min(max(wait, 0.0), LONGEST_WAIT)
