"""What every route of the website works on: its frame, the database, the keys of links, the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bulletin.database.errors import database_errors
from bulletin.settings.settings import Settings
from bulletin.subscribers.joining.limits import AskingLimit, take_turn
from bulletin.subscribers.tokens import Purpose, sign_token
from bulletin.website.frame import Frame

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, kw_only=True)
class ReaderSite:
    """One website at work. `keys` read links, and the first of them signs; `now` is the time in ms since 1970.

    `wake` is called when an email was put into the outbox, so that it is sent at once.
    """

    frame: Frame
    settings: Settings
    engine: Engine
    keys: Sequence[bytes] = field(repr=False)
    now: Callable[[], int]
    wake: Callable[[], object] = lambda: None

    def find_wait(self, limit: AskingLimit, network: str) -> int:
        """Count a form from a network. For how many seconds no other one is taken from there; 0 if this one is."""
        with database_errors(), self.engine.begin() as connection:
            taken = take_turn(connection, limit, network, now=self.now())
        return 0 if taken else limit.within // 1000

    def find_preferences_path(self, subscriber_id: int) -> str:
        """Where a subscriber chooses what they get, for a page that names no delivery; "" without a key to sign."""
        if not self.keys:
            return ""
        return f"{self.frame.root}/preferences/{sign_token(Purpose.PREFERENCES, subscriber_id, 0, key=self.keys[0])}"
