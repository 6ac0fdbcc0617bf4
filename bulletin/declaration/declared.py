"""What every declared record has in common: frozen, complete, and strict about unknown fields."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Declared(BaseModel):
    """A record of a file that people edit. `noun` names it in messages: "a priority"."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)

    noun: ClassVar[str]
