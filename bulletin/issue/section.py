"""What every section has, whatever its kind. Pure."""

from __future__ import annotations

from pydantic import Field

from bulletin.declaration.values import Line
from bulletin.issue.item import Image, Item


class BaseSection(Item):
    """What every section has."""

    title: Line = Field(description="The section's heading.", examples=["Executive updates"])
    image: Image | None = Field(
        default=None,
        description="A picture at the head of the section, with its text alternative.",
        examples=[{"file": "issues/images/poster.png", "alt": "Poster: a parent rocks a crying baby"}],
    )
