"""What bulletin.yaml declares of the public website: its address, what is in front of it, and what its pages say. Pure.

The words of the pages are in the theme, `templates/web/`. What only the organisation can know is here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import quote

from pydantic import AfterValidator, BeforeValidator, Field

from bulletin.declaration.declared import Declared
from bulletin.declaration.values import MailAddress, Plain, Text, WebAddress, YesOrNo, invalid, one_or_more

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


def _check_network(text: str) -> str:
    network = _parse_network(text)
    if network.prefixlen == 0:
        raise invalid(
            f"“{text}” is every computer there is, so anyone could pretend to be another one.",
            "Write the address of your proxy, as in 127.0.0.1 or 10.1.2.0/24.",
        )
    return str(network)


def _parse_network(text: str) -> IPv4Network | IPv6Network:
    from ipaddress import ip_network

    try:
        return ip_network(text)
    except ValueError:
        raise invalid(f"“{text}” is not an address or a network.", _suggest_network(text)) from None


def _suggest_network(text: str) -> str:
    from ipaddress import ip_network

    try:
        return f"Did you mean {ip_network(text, strict=False)}?"
    except ValueError:
        return "Write it in figures, as in 127.0.0.1 or 10.1.2.0/24. A name won't do."


NetworkAddress = Annotated[Plain, AfterValidator(_check_network)]
"""One computer or a network of them, in figures: `127.0.0.1`, `10.1.2.0/24`, `fd00::/8`. Never all of them."""


class Privacy(Declared):
    """What the privacy notice of the website says, beyond what the other settings say already."""

    noun: ClassVar[str] = "the privacy notice"

    contact: MailAddress | None = Field(
        default=None,
        description="Where to ask about personal information. Left out, the organisation's address.",
        examples=["dpo@shield.example.org"],
    )
    officer: Plain | None = Field(
        default=None,
        description="Your data protection officer, as readers should see it.",
        examples=["Data Protection Officer, London Borough of Bexley"],
    )
    registration: Plain | None = Field(
        default=None,
        description="Your registration number with the Information Commissioner's Office.",
        examples=["Z1234567"],
    )
    processors: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(),
        description="Who handles readers' addresses for you, and what for: the mail service, the host.",
        examples=[["Microsoft (sends our emails)", "Anytown Council (runs our server)"]],
    )
    more: Text | None = Field(
        default=None,
        description="What else your notice has to say, such as transfers abroad.",
        examples=["Microsoft keeps your address in the United Kingdom."],
    )


class Website(Declared):
    """The public pages: past issues, and where readers subscribe, choose and unsubscribe."""

    noun: ClassVar[str] = "a website"

    url: WebAddress = Field(
        description="Their address. Set it once the pages are there: every issue links to them.",
        examples=["https://bulletin.example.org"],
    )
    proxies: Annotated[tuple[NetworkAddress, ...], BeforeValidator(one_or_more)] = Field(
        default=(),
        description="The addresses of the web servers in front of the pages, such as nginx. Only they are "
        "believed about who is asking (X-Forwarded-For) and whether it is by https (X-Forwarded-Proto).",
        examples=[["127.0.0.1", "10.1.2.0/24"]],
    )
    metrics_from: Annotated[tuple[NetworkAddress, ...], BeforeValidator(one_or_more)] = Field(
        default=(),
        description="The addresses of the computers that may read /metrics, such as your Prometheus. Left out, "
        "none may without a token.",
        examples=[["10.1.2.3", "10.1.3.0/24"]],
    )
    urgent: Plain | None = Field(
        default=None,
        description="What to do when it can't wait, above the complaint form.",
        examples=["Worried about a child? Don’t use this form. Call 999 in an emergency."],
    )
    private: Plain | None = Field(
        default=None,
        description="What people should leave out of the complaint form, below its question.",
        examples=["Don’t include details about children or families"],
    )
    accessibility: WebAddress | None = Field(
        default=None,
        description="Your accessibility statement.",
        examples=["https://www.example.org/accessibility"],
    )
    useful: YesOrNo = Field(
        default=False,
        description="Whether readers are asked “Was this useful?” at the foot of each issue. The answers are counted, "
        "and no one knows whose they are. It needs `bulletin serve`, and changes what readers see.",
        examples=["yes"],
    )
    privacy: Privacy = Field(
        default=Privacy(),
        description="What the privacy notice at /privacy says of your organisation.",
        examples=[{"contact": "dpo@example.org", "processors": ["Microsoft (sends our emails)"]}],
    )

    def find_useful_page(self, issue: str, *, language: str = "") -> str:
        """Where readers say whether an issue was useful, in a language or the bulletin's; "" if they aren't asked."""
        query = f"?language={language}" if language else ""
        return f"{self.url.rstrip('/')}/useful/{quote(issue)}{query}" if self.useful else ""
