"""The fields of every section, and the check that its kind has traits. Pure."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bulletin.declaration.values import Line
from bulletin.issue.item import Image, Item
from bulletin.issue.traits import NOT_IN_TABLES, Traits


class BaseSection(Item):
    """The fields of every section.

    A kind adds `noun`, `kind`, fields of its own, and `traits`. `traits` is not declared here, so the type checker
    reports a kind without it where `sections` reads it. At run time such a class is refused.
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
