"""What bulletin.yaml declares of Microsoft Graph: which mailbox sends. Never the secret. Pure."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import MailAddress, Plain

Tenant = Annotated[Plain, Field(pattern=r"^[A-Za-z0-9.-]{1,253}$")]
ClientId = Annotated[Plain, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
ServiceUrl = Annotated[Plain, Field(pattern=r"^https://[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?$")]


class GraphAccount(Declared):
    """Send by Microsoft Graph instead of SMTP, from one mailbox of Microsoft 365."""

    noun: ClassVar[str] = "sending by Graph"

    mailbox: MailAddress = Field(description="The mailbox that sends.", examples=["news@example.org"])
    tenant: Tenant = Field(
        description="Your organisation's tenant in Microsoft Entra: its ID, or one of its domains.",
        examples=["example.org"],
    )
    client_id: ClientId = Field(
        description="The application (client) ID. Its secret is in BULLETIN_CLIENT_SECRET.",
        examples=["00000000-0000-0000-0000-000000000000"],
    )
    url: ServiceUrl = Field(
        default="https://graph.microsoft.com",
        description="The address of Graph, which differs in national clouds.",
        examples=["https://graph.microsoft.us"],
    )
    login_url: ServiceUrl = Field(
        default="https://login.microsoftonline.com",
        description="The address of Microsoft's login service, which differs in national clouds.",
        examples=["https://login.microsoftonline.us"],
    )
