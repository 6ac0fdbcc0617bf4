"""What every declared record has in common: frozen, complete, and strict about unknown fields."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """A record of a file that people edit. `noun` names it in messages: "a priority".

    `refuses_strays`: whether soft hyphens and odd blanks are faults in a file of it, rather than left out of its texts.
    `also_called`: other words that people write for it where they mean its `kind`.
    """

    # Deferred: a record's validator is built when one is first read, and within that of the file that it is part of.
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, defer_build=True)

    noun: ClassVar[str]
    refuses_strays: ClassVar[bool] = False
    also_called: ClassVar[frozenset[str]] = frozenset()
