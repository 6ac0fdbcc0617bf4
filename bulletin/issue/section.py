"""What every section has, whatever its kind. Pure."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bulletin.declaration.values import Line
from bulletin.issue.item import Image, Item
from bulletin.issue.traits import NOT_IN_TABLES, Traits


class BaseSection(Item):
    """What every section has.

    A kind adds `noun`, `kind`, fields of its own, and `traits`. Those are not declared here, so that the type checker
    misses them in a kind that has none (`sections.traits_of` reads them); without them a class is refused.
    """

    title: Line = Field(description="The section's heading.", examples=["Executive updates"])
    image: Annotated[Image | None, NOT_IN_TABLES] = Field(
        default=None,
        description="A picture at the head of the section, with its text alternative.",
        examples=[{"file": "issues/images/poster.png", "alt": "Poster: a parent rocks a crying baby"}],
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Raise TypeError for a kind without traits."""
        super().__pydantic_init_subclass__(**kwargs)
        if not isinstance(vars(cls).get("traits"), Traits):
            raise TypeError(
                f"{cls.__name__} has no traits. Give it `traits: ClassVar[Traits] = Traits(…)`: "
                "CONTRIBUTING.md has a worked example."
            )
