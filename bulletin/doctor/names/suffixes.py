"""The organisation's domain by the way of RFC 7489: one label below a public suffix. Pure.

The list of public suffixes (publicsuffix.org) has ten thousand entries. These are those under which British public
bodies, charities and firms have names; everywhere else the last label counts as the suffix. RFC 9989 needs no list.
"""

from __future__ import annotations

from typing import Final

_SUFFIXES: Final = frozenset(
    {
        *("ac.uk", "co.uk", "gov.uk", "ltd.uk", "me.uk", "net.uk", "nhs.uk", "org.uk", "plc.uk", "police.uk"),
        *("service.gov.uk", "gov.scot", "service.gov.scot"),
        *("com.au", "gov.au", "org.au", "co.nz", "govt.nz", "org.nz", "gov.ie", "gov.je", "gov.gg", "gov.im", "co.im"),
        *("onmicrosoft.com", "azurecomm.net", "github.io", "azurewebsites.net"),
    }
)
_WILD: Final = frozenset({"sch.uk"})  # each name below it is a suffix: county.sch.uk

_FREE: Final = frozenset(
    {
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "hotmail.co.uk", "live.com", "live.co.uk"),
        *("msn.com", "yahoo.com", "yahoo.co.uk", "ymail.com", "aol.com", "aol.co.uk", "icloud.com", "me.com"),
        *("mac.com", "btinternet.com", "btopenworld.com", "sky.com", "talktalk.net", "virginmedia.com", "ntlworld.com"),
        *("gmx.com", "gmx.co.uk", "mail.com", "proton.me", "protonmail.com", "zoho.com", "outlook.co.uk"),
    }
)


def find_organisational_domain(domain: str) -> str:
    """The domain of the organisation that `domain` belongs to, by public suffixes (RFC 7489, 3.2)."""
    labels = domain.split(".")
    for number in range(len(labels)):
        suffix = ".".join(labels[number:])
        if suffix in _SUFFIXES or ".".join(labels[number + 1 :]) in _WILD or number == len(labels) - 1:
            return ".".join(labels[max(number - 1, 0) :])
    return domain


def is_free_mail(domain: str) -> bool:
    """Whether a domain gives anyone an address: a bulletin from there can't pass for the organisation's."""
    return domain in _FREE
