"""The types that a field of a declared kind may have: those of the product's own kinds, with examples. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from bulletin.declaration.values import Line, LinkAddress, MailAddress, Text, WebAddress, WholeNumber, YesOrNo
from bulletin.issue.dates import ADate, ADay, AMonth, ATime
from bulletin.issue.item import Booking, Contact, Figure, Image, Link, Name, Organisation, Points, Session
from bulletin.issue.section import Quotation


class FieldType(StrEnum):
    """What a field holds."""

    LINE = "line"  # one line, which may hold *emphasis*
    TEXT = "text"  # Markdown: paragraphs, lists, links
    NAME = "name"  # of a person, a group or a place: the proof accepts its spelling
    ORGANISATION = "organisation"  # its name: the proof then accepts it in every text
    NUMBER = "number"  # a whole number
    YES_OR_NO = "yes or no"
    CHOICE = "choice"  # one of `choices`
    DATE = "date"  # a day, a month or a year: 24 March 2021, March 2021
    DAY = "day"  # a whole date
    MONTH = "month"
    TIME = "time"
    WEB_ADDRESS = "web address"  # https://
    LINK = "link"  # https://, mailto: or tel:
    EMAIL = "email"  # an email address
    PICTURE = "picture"
    CONTACT = "contact"  # a person to ask, with an address or a number
    BOOKING = "booking"  # how to take part
    SESSION = "session"  # a day with its hours and place
    FIGURE = "figure"  # a number worth showing large
    QUOTATION = "quotation"
    POINT = "point"  # an entry of a list of points
    PAGE = "page"  # a link with a title
    RECORD = "record"  # fields of its own


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueType:
    """The annotation of a type, and an example of what people write for it."""

    annotation: Any
    example: Any


_POINT = get_args(get_args(Points)[0])[0]

VALUE_TYPES = {
    FieldType.LINE: ValueType(annotation=Line, example="A few words"),
    FieldType.TEXT: ValueType(annotation=Text, example="A sentence or two."),
    FieldType.NAME: ValueType(annotation=Name, example="Jo Bloggs"),
    FieldType.ORGANISATION: ValueType(annotation=Organisation, example="Anytown Council"),
    FieldType.NUMBER: ValueType(annotation=WholeNumber, example="4"),
    FieldType.YES_OR_NO: ValueType(annotation=YesOrNo, example="yes"),
    FieldType.DATE: ValueType(annotation=ADate, example="9 June 2021"),
    FieldType.DAY: ValueType(annotation=ADay, example="9 June 2021"),
    FieldType.MONTH: ValueType(annotation=AMonth, example="2021-06"),
    FieldType.TIME: ValueType(annotation=ATime, example="9:30am"),
    FieldType.WEB_ADDRESS: ValueType(annotation=WebAddress, example="https://www.example.org"),
    FieldType.LINK: ValueType(annotation=LinkAddress, example="https://www.example.org"),
    FieldType.EMAIL: ValueType(annotation=MailAddress, example="jo@example.org"),
    FieldType.PICTURE: ValueType(
        annotation=Image, example={"file": "issues/images/poster.png", "alt": "What the picture shows"}
    ),
    FieldType.CONTACT: ValueType(annotation=Contact, example={"name": "Jo Bloggs", "email": "jo@example.org"}),
    FieldType.BOOKING: ValueType(annotation=Booking, example={"link": "https://www.example.org/book"}),
    FieldType.SESSION: ValueType(annotation=Session, example={"date": "9 June 2021", "starts": "9:30am"}),
    FieldType.FIGURE: ValueType(
        annotation=Figure, example={"value": "24", "label": "people came", "date": "April 2021"}
    ),
    FieldType.QUOTATION: ValueType(annotation=Quotation, example={"text": "It helped me.", "name": "Danielle"}),
    FieldType.POINT: ValueType(annotation=_POINT, example="A sentence or two."),
    FieldType.PAGE: ValueType(annotation=Link, example={"title": "Guidance", "link": "https://www.example.org"}),
}
"""All types but choices and records, which a field defines itself."""
