"""What an issue wants in its box “What you need to do”: `to_do: yes`, `all` or `no`. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from bulletin.declaration.values import invalid


class ToDoRows(StrEnum):
    """What the box “What you need to do” has."""

    NONE = "no"  # there is no box
    TASKS = "yes"  # whatever says `do:`
    ALL = "all"  # the other dates as well: events, the ends of bookings, steps that are ahead


_WORDS = {
    "all": ToDoRows.ALL,
    **dict.fromkeys(("yes", "true", "on"), ToDoRows.TASKS),
    **dict.fromkeys(("no", "false", "off"), ToDoRows.NONE),
}


def _read_to_do(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.strip().lower() not in _WORDS:
        raise invalid(f"“{value.strip()}” is neither yes, no nor all.", "Write yes, no or all.")
    return _WORDS[value.strip().lower()]


AToDo = Annotated[ToDoRows, BeforeValidator(_read_to_do)]
"""`yes` for the tasks, `all` for the other dates too, `no` for no box."""
