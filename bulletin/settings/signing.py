"""What bulletin.yaml declares of DKIM: in whose name emails are signed. Never the key. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import Plain

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"

DomainName = Annotated[Plain, Field(pattern=rf"^{_LABEL}(\.{_LABEL})+$", max_length=253)]
"""A domain of the Internet, in letters, figures and hyphens."""

Selector = Annotated[Plain, Field(pattern=rf"^{_LABEL}(\.{_LABEL})*$", max_length=63)]
"""The name of a key below a domain (RFC 6376, 3.1)."""


class DkimSettings(Declared):
    """Sign emails ourselves (DKIM), for a server that doesn't."""

    noun: ClassVar[str] = "sending with a signature"

    domain: DomainName = Field(
        description="The domain in whose name emails are signed: that of the sender, or one above it.",
        examples=["example.org"],
    )
    selector: Selector = Field(
        default="bulletin",
        description="The name of the key in the domain's DNS. A new key needs a new name.",
        examples=["bulletin"],
    )
