"""An aggregate report: what one receiver saw of emails that say they are from our domain (RFC 9990; RFC 7489, C).

Both have the same fields; RFC 9990's are in a namespace. A document type is refused, so that no entity can grow or read
files. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from bulletin.doctor.reports.unpacking import ReportUnreadable

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_ROWS: Final = 50_000
_LONGEST: Final = 253  # characters of a value that are kept
_LATEST: Final = 4_102_444_800  # seconds: the year 2100


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRow:
    """Emails of one sender: from which address and how many, and what was found.

    `aligned`: DMARC passed. `signed` and `returned` are the domains for which DKIM and SPF passed. `disposition` is
    `none`, `quarantine` or `reject`; `forwarded`: the receiver knows that someone passed them on.
    """

    address: str
    number: int
    domain: str
    aligned: bool
    disposition: str
    signed: tuple[str, ...] = ()
    returned: tuple[str, ...] = ()
    forwarded: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class AggregateReport:
    """A report: its author, its id there, about which domain with which policy, and from when to when (UTC)."""

    reporter: str
    report_id: str
    domain: str
    policy: str
    begin: datetime
    end: datetime
    rows: tuple[ReportRow, ...]


def read_aggregate_report(content: bytes) -> AggregateReport:
    """The report in an XML file. Raises ReportUnreadable for anything else, and for what no receiver writes."""
    root = _parse(content)
    if _name(root) != "feedback":
        raise ReportUnreadable("it is XML, but no DMARC report")
    metadata, published = _find(root, "report_metadata"), _find(root, "policy_published")
    span = _find(metadata, "date_range") if metadata is not None else None
    if metadata is None or published is None or span is None:
        raise ReportUnreadable("it is a DMARC report with parts missing")
    return AggregateReport(
        reporter=_text(metadata, "org_name") or _text(metadata, "email") or "a mail service",
        report_id=_text(metadata, "report_id"),
        domain=_text(published, "domain").lower().rstrip("."),
        policy=_text(published, "p").lower() or "none",
        begin=_read_time(_text(span, "begin")),
        end=_read_time(_text(span, "end")),
        rows=tuple(_read_rows(root)),
    )


def _parse(content: bytes) -> _Element:
    from lxml import etree

    # Only in UTF-16 and UTF-32 could a document type hide from this, and no receiver writes those.
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise ReportUnreadable("it has a document type in it, as no receiver writes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        raise ReportUnreadable("it is no XML, or damaged") from None


def _read_rows(root: _Element) -> Iterator[ReportRow]:
    for number, record in enumerate(one for one in root if _name(one) == "record"):
        if number >= _MOST_ROWS:
            raise ReportUnreadable(f"it has more than {_MOST_ROWS:,} rows")
        if row := _read_row(record):
            yield row


def _read_row(record: _Element) -> ReportRow | None:
    """A row; None for one without an address and a number."""
    row, identifiers, results = _find(record, "row"), _find(record, "identifiers"), _find(record, "auth_results")
    if row is None:
        return None
    evaluated = _find(row, "policy_evaluated")
    try:
        address = str(ip_address(_text(row, "source_ip")))
        number = int(_text(row, "count"))
    except ValueError:
        return None
    if not 0 < number < 10**10:
        return None
    reasons = {
        _text(one, "type").lower() for one in (evaluated if evaluated is not None else ()) if _name(one) == "reason"
    }
    verdicts = {_text(evaluated, "dkim"), _text(evaluated, "spf")} if evaluated is not None else set()
    return ReportRow(
        address=address,
        number=number,
        domain=(_text(identifiers, "header_from") if identifiers is not None else "").lower(),
        aligned="pass" in {verdict.lower() for verdict in verdicts},
        disposition=_text(evaluated, "disposition").lower() if evaluated is not None else "",
        signed=tuple(_list_passed(results, "dkim")),
        returned=tuple(_list_passed(results, "spf")),
        forwarded=bool(reasons & {"forwarded", "trusted_forwarder", "mailing_list"}),
    )


def _list_passed(results: _Element | None, method: str) -> Iterator[str]:
    """The domains for which a method passed."""
    for one in results if results is not None else ():
        if _name(one) == method and _text(one, "result").lower() == "pass" and (domain := _text(one, "domain")):
            yield domain.lower().rstrip(".")


def _name(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _find(parent: _Element, name: str) -> _Element | None:
    return next((child for child in parent if _name(child) == name), None)


def _text(parent: _Element, name: str) -> str:
    """The text of a child, in one line; "" if it isn't there."""
    child = _find(parent, name)
    return " ".join((child.text or "").split())[:_LONGEST] if child is not None else ""


def _read_time(text: str) -> datetime:
    try:
        seconds = int(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= _LATEST:
        raise ReportUnreadable("it doesn't say from when to when it is")
    return datetime.fromtimestamp(seconds, UTC)
