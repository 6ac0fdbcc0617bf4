"""`/complaint`: complain about how personal information is used (Data Protection Act 2018, section 164A). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bulletin.complaints.subject import ComplaintSubject
from bulletin.subscribers.address import Address
from bulletin.web.forms import Form
from bulletin.website.frame import Frame
from bulletin.website.pages.fields import read_address, read_lines

LONGEST_COMPLAINT = 10_000  # characters


class ComplaintFault(StrEnum):
    """What is wrong with the form."""

    NO_TEXT = "no-text"
    LONG_TEXT = "long-text"
    NO_ADDRESS = "no-address"
    BAD_ADDRESS = "bad-address"


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplaintView:
    """The form, as it was filled in."""

    subject: ComplaintSubject | None = None
    text: str = ""
    email: str = ""
    faults: tuple[ComplaintFault, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplaintDoneView:
    """The complaint's reference (`C-7K4M-2P`), and the day by which it is acknowledged."""

    reference: str
    acknowledge_by: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplaintAnswer:
    """What a person entered. `address` is None if it has a fault."""

    subject: ComplaintSubject | None
    text: str
    email: str
    address: Address | None
    faults: tuple[ComplaintFault, ...]


def read_complaint(form: Form) -> ComplaintAnswer:
    """What was entered, with all its faults. No subject is no fault."""
    text, email = read_lines(form.first("text")), form.first("email")
    address = read_address(email)
    found = {
        ComplaintFault.NO_TEXT: not text,
        ComplaintFault.LONG_TEXT: len(text) > LONGEST_COMPLAINT,
        ComplaintFault.NO_ADDRESS: not email,
        ComplaintFault.BAD_ADDRESS: bool(email) and address is None,
    }
    return ComplaintAnswer(
        subject=next((one for one in ComplaintSubject if form.first("about") == one), None),
        text=text,
        email=email,
        address=address,
        faults=tuple(fault for fault, here in found.items() if here),
    )


def render_complaint(frame: Frame, view: ComplaintView) -> str:
    """The form, with its faults. Raises ThemeError, as the next one does."""
    return frame.render("complaint.html.j2", view=view, subjects=tuple(ComplaintSubject), longest=LONGEST_COMPLAINT)


def render_complaint_done(frame: Frame, view: ComplaintDoneView) -> str:
    """We’ve got your complaint."""
    return frame.render("complaint-done.html.j2", view=view)
