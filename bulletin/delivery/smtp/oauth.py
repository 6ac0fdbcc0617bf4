"""OAuth 2 access tokens, for servers that accept them in place of a password (XOAUTH2).

Microsoft 365: client credentials, with Microsoft's own library. Google, or any other: a command that prints a token,
such as `gcloud auth print-access-token`. A token is a secret: no error, representation or log shows one.
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
from bulletin.parts import Part, require_part

MARGIN: Final = 5 * 60
"""Seconds before its end when a token is renewed: a login that begins with it must still succeed."""

COMMAND_LIFE: Final = 10 * 60
"""Seconds for which a command's token is used: the command does not say when it expires (usually in an hour)."""

COMMAND_TIMEOUT: Final = 30
"""Seconds that a command may take."""

MICROSOFT_TIMEOUT: Final = 30
"""Seconds that each response from Microsoft may take."""

MICROSOFT: Final = "https://login.microsoftonline.com"
SCOPE: Final = "https://outlook.office365.com/.default"
"""What a token is for: all that the application was granted for mail, such as SMTP.SendAsApp."""

_TOKEN = re.compile(r"[\x21-\x7e]{8,20000}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """An access token, and how many seconds it lasts from now."""

    value: str = field(repr=False)
    life: float


class CachedToken:
    """Keeps a token, and fetches a new one shortly before it expires, or once a server has refused it.

    `fetch` fetches one, or raises RelayError; `clock` is monotonic, in seconds. May be called from several threads.
    """

    def __init__(self, fetch: Callable[[], Token], *, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = Lock()
        self._value = ""
        self._renew_at = 0.0
        self._refused = ""  # the token that a server refused, until another is fetched
        self._refusal: RelayError | None = None  # the error for it
        self._successor = ""  # its replacement: the last one to try, until a server accepts it

    def __call__(self) -> str:
        """Return a token. Raises RelayError, also if the only token available is the one that was just refused."""
        with self._lock:
            now = self._clock()
            if not self._value or self._value == self._refused or now >= self._renew_at:
                self._renew(now)
            return self._value

    def accept(self, token: str) -> None:
        """Hear that a server accepted the token: if it refuses it later, a new one may be fetched."""
        if token == self._successor:
            self._successor = ""

    def refuse(self, token: str, error: RelayError) -> bool:
        """Hear that a server refused the token; return whether to try a new one: once, until a server accepts one.

        This takes no lock: several connections may call it while a token is being fetched.
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
        # A token that lasts for less than the margin is used for half of its time.
        self._value, self._renew_at = token.value, now + max(token.life - MARGIN, token.life / 2)


def fetch_by_command(command: Sequence[str], *, timeout: float = COMMAND_TIMEOUT) -> Token:
    """Run `command`, and return the token that it prints. One line is split as a shell would; no shell runs it.

    `timeout` in seconds. Raises RelayError, which shows neither the output of the command nor its arguments.
    """
    words = _take_apart(command)
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, check=False)  # noqa: S603 -- the officer's own command
    except FileNotFoundError:
        raise _no_token(words, "there is no such program", "Check its name and path.") from None
    except PermissionError:
        raise _no_token(words, "you don't have permission to run it", "Check its permissions.") from None
    except subprocess.TimeoutExpired:
        raise _no_token(words, f"it took longer than {timeout:g} seconds", "Does it wait for input?") from None
    except OSError as error:
        raise _no_token(words, error.strerror or "it can't be run") from None
    if done.returncode:
        raise _no_token(words, f"it ended with code {done.returncode}")
    return Token(value=_read_output(words, done.stdout), life=COMMAND_LIFE)


def _take_apart(command: Sequence[str]) -> Sequence[str]:
    if len(command) > 1:
        return command
    try:
        return shlex.split(command[0])
    except ValueError:
        raise RelayError(
            "The command for the login can't be read.", "Check that each quotation mark in it is closed."
        ) from None


def _read_output(words: Sequence[str], output: bytes) -> str:
    token = output.decode("ascii", "replace").strip()
    if not _TOKEN.fullmatch(token):
        problem = "it printed something that isn't a token" if token else "it printed nothing"
        raise _no_token(words, problem, "It must print the access token, and nothing else.")
    return token


def _no_token(words: Sequence[str], problem: str, remedy: str = "Run it yourself to see what it says.") -> RelayError:
    if "=" in words[0]:  # probably a shell variable, and its value may be a secret
        return RelayError(
            f"The command for the login gave no token: {problem}.",
            "No shell runs it, so it can't begin with a variable (NAME=value). Begin with the program, or with env and "
            "the variables.",
        )
    return RelayError(f"The command for the login, {words[0]}, gave no token: {problem}.", remedy)


class MicrosoftTokens:
    """Tokens from Microsoft for an application that logs in as itself (OAuth 2.0, RFC 6749, 4.4).

    `secret` is the application's; `authority` is Microsoft's login address, which differs in national clouds.
    Raises MissingPart without Microsoft's library: at once, and not when a mailing has begun.
    """

    def __init__(
        self, *, tenant: str, client_id: str, secret: str, authority: str = MICROSOFT, scope: str = SCOPE
    ) -> None:
        require_part(Part.MICROSOFT)
        self._tenant = tenant
        self._client_id = client_id
        self._secret = secret
        self._authority = f"{authority}/{tenant}"
        self._scope = scope

    def fetch(self) -> Token:
        """Fetch a new token. Raises Unreachable if Microsoft does not respond, RelayError if it refuses."""
        with _in_our_words():
            # A new application each time: msal would repeat its last error for a minute.
            answer = self._register().acquire_token_for_client(scopes=[self._scope])
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
                instance_discovery=False,  # we choose the authority: no other server is asked whether it exists
                timeout=MICROSOFT_TIMEOUT,
            )
        except ValueError:
            raise RelayError(
                f"Microsoft's login service doesn't know the tenant {self._tenant}.", "Check tenant in bulletin.yaml."
            ) from None

    def _refused(self, answer: dict[str, Any]) -> RelayError:
        """Make the error from Microsoft's own text, without the numbers for its support."""
        said = str(answer.get("error_description") or answer.get("error") or "no reason given")
        reason = re.split(r"\s(?:Trace ID|Timestamp|Correlation ID)", said)[0].replace(self._secret, "…").strip()
        return RelayError(
            f"Microsoft refused a token for the application {self._client_id}: {reason}",
            "Check tenant and client_id in bulletin.yaml, and that the client secret hasn't expired.",
        )


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the errors of requests and msal into ours: their texts contain addresses, and more."""
    import requests
    from msal.exceptions import MsalError

    try:
        yield
    except requests.exceptions.SSLError:
        raise _unreachable("it can't prove its identity") from None
    except requests.Timeout:
        raise _unreachable("it didn't answer in time") from None
    except requests.RequestException:
        raise _unreachable("it can't be reached") from None
    except (MsalError, ValueError):
        raise _unreachable("it has a problem of its own") from None


def _unreachable(reason: str) -> Unreachable:
    return Unreachable(
        f"Microsoft's login service isn't giving a token now: {reason}.",
        "Check the network, and try again in some minutes.",
    )
