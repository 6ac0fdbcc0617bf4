"""Access tokens, for servers that take them in place of a password (XOAUTH2): where from, and for how long.

Microsoft 365: client credentials, by Microsoft's own library. Google, or anything else: a command that prints a token,
as `gcloud auth print-access-token` does. A token is a secret: no error, no representation and no log shows one.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from bulletin.errors import RelayError, Unreachable

MARGIN: Final = 5 * 60
"""Seconds before its end from which a token is renewed: a login begun with it must still succeed."""

COMMAND_LIFE: Final = 10 * 60
"""Seconds for which a command's token is used, since it does not say how long it serves (usually an hour)."""

COMMAND_TIMEOUT: Final = 30
"""Seconds that a command may take."""

MICROSOFT_TIMEOUT: Final = 30
"""Seconds that each answer of Microsoft may take."""

MICROSOFT: Final = "https://login.microsoftonline.com"
_SCOPE: Final = "https://outlook.office365.com/.default"  # whatever the application was granted, as SMTP.SendAsApp

_TOKEN = re.compile(r"[\x21-\x7e]{8,20000}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An access token, and for how many seconds from now it serves."""

    value: str = field(repr=False)
    life: float


class CachedToken:
    """Gives a token, and fetches a new one shortly before the last one ends, or once a server has refused that one.

    `fetch` gets one, or raises RelayError; `clock` tells seconds, and is never set back (time.monotonic). May be called
    from several threads.
    """

    def __init__(self, fetch: Callable[[], Token], *, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._value = ""
        self._renew_at = 0.0
        self._refused = ""  # what a server has refused, until another is fetched
        self._refusal: RelayError | None = None  # in whose words
        self._successor = ""  # what was fetched in its place: the last to be tried, until a server accepts it

    def __call__(self) -> str:
        """Raises RelayError, also if all that there is to be had is the one that a server has just refused."""
        with self._lock:
            now = self._clock()
            if not self._value or self._value == self._refused or now >= self._renew_at:
                self._renew(now)
            return self._value

    def accept(self, token: str) -> None:
        """A server has let us in with this one: should it refuse it later, another may be fetched in its place."""
        if token == self._successor:
            self._successor = ""

    def refuse(self, token: str, error: RelayError) -> bool:
        """A server has refused this one. Whether a new one is worth a try: once, until a server has taken one.

        It waits for no lock: several connections may hear of it at once, while one is being fetched already.
        """
        if token == self._successor:
            self._value = ""
            return False
        if token == self._value:
            self._refused, self._refusal = token, error
        return True

    def _renew(self, now: float) -> None:
        refused, self._refused, self._value = self._refused, "", ""
        token = self._fetch()
        if token.value == refused and self._refusal:
            raise RelayError(self._refusal.message, self._refusal.remedy)
        self._successor = token.value if refused else ""
        # A token that serves for less than the margin serves at least half of its time.
        self._value, self._renew_at = token.value, now + max(token.life - MARGIN, token.life / 2)


def fetch_by_command(command: Sequence[str], *, timeout: float = COMMAND_TIMEOUT) -> Token:
    """The token that `command` prints, and nothing else. One line is taken apart as a shell would; no shell runs it.

    `timeout` in seconds. Raises RelayError, which repeats neither what the command printed nor its arguments.
    """
    words = _take_apart(command)
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)  # noqa: S603 -- the officer's own command
    except FileNotFoundError:
        raise _no_token(words, "there is no such program", "Check its name and path.") from None
    except PermissionError:
        raise _no_token(words, "it may not be run", "Check its permissions.") from None
    except subprocess.TimeoutExpired:
        raise _no_token(words, f"it took longer than {timeout:g} seconds", "Does it wait for somebody?") from None
    except OSError as error:
        raise _no_token(words, error.strerror or "it cannot be run") from None
    if done.returncode:
        raise _no_token(words, f"it ended with code {done.returncode}")
    return Token(value=_read_output(words, done.stdout), life=COMMAND_LIFE)


def _take_apart(command: Sequence[str]) -> Sequence[str]:
    if len(command) > 1:
        return command
    try:
        return shlex.split(command[0])
    except ValueError:
        raise RelayError("The command for the login cannot be read.", "Is a quotation mark left open in it?") from None


def _read_output(words: Sequence[str], output: bytes) -> str:
    token = output.decode("ascii", "replace").strip()
    if not _TOKEN.fullmatch(token):
        problem = "it printed something that is not a token" if token else "it printed nothing"
        raise _no_token(words, problem, "It must print the access token, and nothing else.")
    return token


def _no_token(words: Sequence[str], problem: str, remedy: str = "Run it yourself, and see what it says.") -> RelayError:
    if "=" in words[0]:  # most likely a variable, as a shell would take it, and its value may be a secret
        return RelayError(
            f"The command for the login gave no token: {problem}.",
            "No shell runs it, so it cannot begin with a variable (NAME=value). Put the program first; env is one that "
            "takes variables before another.",
        )
    return RelayError(f"The command for the login, {words[0]}, gave no token: {problem}.", remedy)


class MicrosoftTokens:
    """Tokens of Microsoft's identity platform for an application that logs in as itself (OAuth 2.0, RFC 6749, 4.4).

    `secret` is the application's; `authority` is where Microsoft answers, which differs for national clouds.
    """

    def __init__(self, *, tenant: str, client_id: str, secret: str, authority: str = MICROSOFT) -> None:
        self._tenant = tenant
        self._client_id = client_id
        self._secret = secret
        self._authority = f"{authority}/{tenant}"

    def fetch(self) -> Token:
        """A new token. Raises Unreachable if Microsoft cannot be asked now, RelayError if it refuses."""
        with _in_our_words():
            # A new one each time: msal would repeat the last fault for a minute.
            answer = self._register().acquire_token_for_client(scopes=[_SCOPE])
        if "access_token" not in answer:
            raise self._refused(answer)
        return Token(value=answer["access_token"], life=float(answer.get("expires_in", MARGIN)))

    def _register(self) -> Any:
        import msal

        try:
            return msal.ConfidentialClientApplication(
                self._client_id,
                client_credential=self._secret,
                authority=self._authority,
                instance_discovery=False,  # the authority is ours to choose: nobody else is asked whether it exists
                timeout=MICROSOFT_TIMEOUT,
            )
        except ValueError:
            raise RelayError(
                f"Microsoft's login service does not know the tenant {self._tenant}.", "Check tenant in bulletin.yaml."
            ) from None

    def _refused(self, answer: dict[str, Any]) -> RelayError:
        """In Microsoft's own words, up to where it goes on with numbers for its support."""
        said = str(answer.get("error_description") or answer.get("error") or "no reason given")
        reason = re.split(r"\s(?:Trace ID|Timestamp|Correlation ID)", said)[0].replace(self._secret, "…").strip()
        return RelayError(
            f"Microsoft gives no token to the application {self._client_id}: {reason}",
            "Check tenant and client_id in bulletin.yaml, and that the client secret has not expired.",
        )


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the errors of requests and msal into ours; what they say has addresses in it, and more."""
    import requests
    from msal.exceptions import MsalError

    try:
        yield
    except requests.exceptions.SSLError:
        raise _unreachable("it does not prove who it is") from None
    except requests.Timeout:
        raise _unreachable("it did not answer in time") from None
    except requests.RequestException:
        raise _unreachable("it cannot be reached") from None
    except (MsalError, ValueError):
        raise _unreachable("it has a fault of its own") from None


def _unreachable(reason: str) -> Unreachable:
    return Unreachable(
        f"Microsoft's login service gives no token now: {reason}.", "Check the network, and try again in some minutes."
    )
