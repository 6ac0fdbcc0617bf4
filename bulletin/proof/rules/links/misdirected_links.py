"""Links: addresses copied from the wrong place, and addresses that can't be right. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.proof.context import Context
from bulletin.proof.finding import Violation
from bulletin.proof.links.hosts import read_target
from bulletin.proof.links.misdirected import (
    explain_editing,
    find_click_tracker,
    find_host_fault,
    find_tail,
    is_meeting,
)
from bulletin.proof.links.safe_links import find_wrapper
from bulletin.proof.reporting import violation_at_link
from bulletin.proof.rule import Example, Rule, rule
from bulletin.settings.proof import Severity


@rule(
    "LINK13",
    "click-tracker",
    severity=Severity.WARNING,
    reason="The address was made for one reader of another email. It counts your readers as that one, and can expire.",
    wrong=[
        Example(
            text="Read [their news](https://anytown.us5.list-manage.com/track/click?u=1a2b&id=3c4d&e=5e6f).",
            at="https://anytown.us5.list-manage.com/",
        ),
        Example(text="Read [the guidance](https://lnks.gd/l/eyJhbGciOiJIUzI1NiJ9.abc).", at="https://lnks.gd/"),
    ],
    right=[Example(text="Read [their news](https://us5.campaign-archive.com/?u=1a2b&id=3c4d).")],
)
def click_tracker(context: Context) -> Iterator[Violation]:
    """An address copied from another mailing, which leads through its click tracker."""
    for link in context.links:
        name = find_click_tracker(link.target) if link.target.is_web and not find_wrapper(link.target) else ""
        if name:
            yield violation_at_link(
                link,
                f"This address was copied from an email: it leads through {name}’s click tracker.",
                "Open it, and link to the address where you arrive.",
            )


@rule(
    "LINK14",
    "editing-address",
    severity=Severity.WARNING,
    reason="Readers are asked to sign in, see a page that isn’t finished, or can change your document.",
    wrong=[
        Example(text="Read [our plan](https://docs.google.com/document/d/1aBcD/edit).", at="https://docs.google.com/"),
        Example(
            text="Fill in [the list](https://docs.google.com/spreadsheets/d/1aBcD/edit?usp=sharing).", at="https://"
        ),
        Example(
            text="See [our news](https://www.example.org/wp-admin/post.php?post=12).", at="https://www.example.org/"
        ),
        Example(text="See [the pack](https://drive.google.com/drive/folders/1aBcD).", at="https://drive.google.com/"),
    ],
    right=[
        Example(text="Read [our plan](https://www.example.org/edit-a-thon)."),
        Example(text="Fill in [the form](https://docs.google.com/forms/d/e/1FAIpQL/viewform)."),
        Example(text="Read [our plan](https://docs.google.com/document/d/1aBcD/preview)."),
    ],
)
def editing_address(context: Context) -> Iterator[Violation]:
    """An address for those who edit a page, a form or a document."""
    for link in context.links:
        if link.target.is_web and (what := explain_editing(link.target)):
            yield violation_at_link(
                link,
                f"This address is for editors: it leads to {what}.",
                "Publish or share it for everyone, and link to the address that you get.",
            )


@rule(
    "LINK15",
    "meeting-link",
    severity=Severity.WARNING,
    reason="Anyone who gets this email, even if it was forwarded to them, can walk into the meeting.",
    wrong=[
        Example(text="Join [the forum](https://teams.microsoft.com/l/meetup-join/19%3ameeting).", at="https://teams."),
        Example(text="Join [the forum](https://zoom.us/j/98765432101).", at="https://zoom.us/"),
    ],
    right=[Example(text="Register for [the forum](https://zoom.us/meeting/register/tJ0rc).")],
)
def meeting_link(context: Context) -> Iterator[Violation]:
    """An address that opens an online meeting."""
    for link in context.links:
        if link.target.is_web and is_meeting(link.target):
            yield violation_at_link(
                link,
                "This address opens the meeting itself, for anyone.",
                "Link to a page where people register, and send the address to those who do.",
            )


@rule(
    "LINK16",
    "impossible-host",
    severity=Severity.ERROR,
    reason="The link leads nowhere, or to someone who has registered the slip.",
    wrong=[
        Example(text="Read [our plan](https://www.anytown.gov.co.uk/plan).", at="https://www.anytown.gov.co.uk"),
        Example(text="Read [our plan](https://www.example.org:80800/plan).", at="https://www.example.org:80800"),
        Example(text="Read [our plan](https://www.example.con/plan).", at="https://www.example.con"),
        Example(
            text="Read [our plan](https://www.example.org/planhttps://www.example.org/plan).",
            at="https://www.example.org/plan",
        ),
    ],
    right=[Example(text="Read [our plan](https://www.anytown.gov.uk:8443/plan).")],
)
def impossible_host(context: Context) -> Iterator[Violation]:
    """A host or a port that no website can have, or an address that was pasted twice."""
    for link in context.links:
        if at := _find_second(link.address):
            yield violation_at_link(link, "This address is here twice.", "Delete one of them.", start=at)
            continue
        if link.target.scheme in ("http", "https") and (fault := find_host_fault(link.address)):
            remedy = f"Did you mean {fault.instead}?" if fault.instead else "Open the page, and copy its address."
            yield violation_at_link(link, fault.message, remedy)


def _find_second(address: str) -> int:
    """Where an address begins anew, after one on the same host; 0 if it doesn't. One after a ? may lead there."""
    second = address.find("http", 8)
    if second < 0 or "?" in address[:second] or "://" not in address[second : second + 8]:
        return 0
    same = read_target(address[:second]).bare_host == read_target(address[second:]).bare_host
    return second if same else 0


@rule(
    "LINK17",
    "address-punctuation",
    severity=Severity.WARNING,
    reason="A full stop or a bracket that slipped into the address leads readers to a page that doesn’t exist.",
    wrong=[
        Example(text="Read [our plan](https://www.example.org/plan.).", at="."),
        Example(
            sections="""
            - kind: links
              title: Useful links
              items:
                - {title: Our plan, link: "https://www.example.org/plan)"}
            """,
            at=")",
        ),
    ],
    right=[Example(text="Read [about it](https://en.wikipedia.org/wiki/Neglect_(disambiguation)).")],
)
def address_punctuation(context: Context) -> Iterator[Violation]:
    """An address that ends in a bracket, a full stop or a quotation mark."""
    for link in context.links:
        end = find_tail(link.address) if link.target.is_web else len(link.address)
        if end < len(link.address):
            tail = link.address[end:]
            message = f"This address ends in “{tail}”, which probably belongs to the sentence."
            yield violation_at_link(link, message, "Delete it, and try the link.", start=end)


RULES: tuple[Rule, ...] = (click_tracker, editing_address, meeting_link, impossible_host, address_punctuation)
