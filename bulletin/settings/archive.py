"""What bulletin.yaml declares of the web archive. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import Plain, YesOrNo, one_or_more


class ArchiveSettings(Declared):
    """The web archive of past issues."""

    noun: ClassVar[str] = "the web archive"

    listed: YesOrNo = Field(
        default=True,
        description="no asks search engines to leave all of it out.",
        examples=["no"],
    )


TopicWords = Annotated[tuple[Plain, ...], BeforeValidator(one_or_more), Field(min_length=1)]
"""The words by which a topic is recognised: one, or a list."""
