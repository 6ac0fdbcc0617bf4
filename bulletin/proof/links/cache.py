"""Keep in a file which links were good lately, so that a second check doesn't request them again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from bulletin.disk import write_state
from bulletin.errors import Unwritten
from bulletin.proof.links.link_status import LinkState, LinkStatus

FILE = "links.json"
_FRESH = timedelta(hours=24)


@dataclass(frozen=True)
class LinkCache:
    """A file of statuses, each with its time. If it can't be read or written, links are checked without it."""

    path: Path

    def recall(self, address: str, *, now: datetime) -> LinkStatus | None:
        """The status of an address, if it was good less than a day ago. A page that was not is asked for again."""
        entry = self._entries.get(address)
        return _read(entry, now=now) if entry else None

    def keep(self, statuses: Mapping[str, LinkStatus], *, now: datetime) -> None:
        """Store the good ones of these beside those that are still fresh."""
        fresh = {address: entry for address, entry in self._entries.items() if _read(entry, now=now)}
        good = {address: status for address, status in statuses.items() if status.state is LinkState.GOOD}
        fresh |= {address: {**asdict(status), "asked": now.isoformat()} for address, status in good.items()}
        with suppress(Unwritten):
            write_state(self.path.parent, self.path.name, json.dumps(fresh, ensure_ascii=False).encode())
        self._entries.clear()
        self._entries.update(fresh)

    @cached_property
    def _entries(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


def _read(entry: Any, *, now: datetime) -> LinkStatus | None:
    """The status of an entry; None if it is stale, from the future, or not in our format."""
    try:
        status = LinkStatus(
            state=LinkState(entry["state"]),
            why=str(entry["why"]),
            hops=tuple(str(hop) for hop in entry["hops"]),
            permanent=bool(entry["permanent"]),
        )
        age = now - datetime.fromisoformat(entry["asked"])
    except (KeyError, TypeError, ValueError):
        return None
    return status if status.state is LinkState.GOOD and timedelta(0) <= age <= _FRESH else None
