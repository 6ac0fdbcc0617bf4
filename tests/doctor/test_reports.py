"""`bulletin dmarc`: aggregate reports are unpacked within bounds, read, and summed up by who sends in our name."""

from __future__ import annotations

import gzip
import json
import zipfile
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.cli.wording.doctor.dmarc_text import describe_senders
from bulletin.doctor.reports.aggregate_report import AggregateReport, read_aggregate_report
from bulletin.doctor.reports.report_files import ReadReports
from bulletin.doctor.reports.senders import SenderStanding, SenderSummary, sum_up_senders
from bulletin.doctor.reports.unpacking import MOST_UNPACKED, ReportUnreadable, unpack_reports
from command_call import call
from conftest import examples, write_workspace
from dovecot import run_dovecot
from northfield import DOMAIN, SETTINGS

BEGIN = 1_793_491_200  # 1 November 2026, UTC


def write_row(
    address: str = "40.92.0.1",
    number: int = 100,
    *,
    aligned: bool = True,
    signed: str = DOMAIN,
    returned: str = "",
    disposition: str = "none",
    reason: str = "",
) -> str:
    verdict = "pass" if aligned else "fail"
    spf = f"<spf><domain>{returned}</domain><result>pass</result></spf>" if returned else ""
    dkim = f"<dkim><domain>{signed}</domain><result>pass</result></dkim>" if signed else ""
    why = f"<reason><type>{reason}</type></reason>" if reason else ""
    return (
        f"<record><row><source_ip>{address}</source_ip><count>{number}</count><policy_evaluated>"
        f"<disposition>{disposition}</disposition><dkim>{verdict}</dkim><spf>fail</spf>{why}</policy_evaluated></row>"
        f"<identifiers><header_from>{DOMAIN}</header_from></identifiers><auth_results>{dkim}{spf}</auth_results></record>"
    )


def write_report(*rows: str, report_id: str = "1", domain: str = DOMAIN, policy: str = "none", root: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>\n<feedback{root}><report_metadata><org_name>outside.example</org_name>'
        f"<report_id>{report_id}</report_id><date_range><begin>{BEGIN}</begin><end>{BEGIN + 86_399}</end></date_range>"
        f"</report_metadata><policy_published><domain>{domain}</domain><p>{policy}</p></policy_published>"
        f"{''.join(rows)}</feedback>"
    ).encode()


def zip_up(*contents: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(contents):
            archive.writestr(f"{number}.xml", content)
    return packed.getvalue()


def write_email(content: bytes, kind: str = "application/gzip") -> bytes:
    return (
        f"From: reports@outside.example\nSubject: Report Domain: {DOMAIN}\nMIME-Version: 1.0\n"
        f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n"
    ).encode() + b64encode(content)


def read_all(content: bytes) -> list[AggregateReport]:
    return [read_aggregate_report(xml) for xml in list(unpack_reports(content))]


PLAIN = write_report(write_row())


@pytest.mark.parametrize(
    "content",
    [PLAIN, b"\xef\xbb\xbf" + PLAIN, gzip.compress(PLAIN), zip_up(PLAIN), write_email(gzip.compress(PLAIN))],
    ids=["xml", "xml with a mark", "gz", "zip", "email"],
)
def test_a_report_is_read_however_it_is_packed(content: bytes) -> None:
    (report,) = read_all(content)

    assert (report.reporter, report.domain, report.policy) == ("outside.example", DOMAIN, "none")
    assert [(row.address, row.number, row.aligned, row.signed) for row in report.rows] == [
        ("40.92.0.1", 100, True, (DOMAIN,))
    ]


def test_reports_of_the_new_standard_are_in_a_namespace_and_read_alike() -> None:
    (report,) = read_all(write_report(write_row(), root=' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"'))

    assert report.rows[0].number == 100


BOMB = b'<!DOCTYPE f [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + PLAIN.partition(b"?>")[2]
OUTSIDE = b'<!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + PLAIN.partition(b"?>")[2]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (gzip.compress(b" " * (MOST_UNPACKED + 1)), "larger than 20 MB when unpacked"),
        (zip_up(b"<" * (MOST_UNPACKED + 1)), "larger than 20 MB when unpacked"),
        (zip_up(*[b"<" * 3_000_000] * 9), "larger than 20 MB when unpacked"),
        (zip_up(*[PLAIN] * 11), "has 11 files in it"),
        (gzip.compress(PLAIN)[:-20], "damaged"),
        (zip_up(PLAIN)[:-30], "damaged"),
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (PLAIN.decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16"), "neither XML"),
        (b"<feedback><report_metadata></feedback>", "no XML, or damaged"),
        (b"<html/>", "no DMARC report"),
        (b"<feedback/>", "parts missing"),
        (PLAIN.replace(str(BEGIN).encode(), b"soon"), "from when to when"),
        (b"From: a@b\nSubject: Hello\n\nNo report", "the email has no report in it"),
        (b"Hello", "neither XML"),
    ],
)
def test_what_is_no_report_is_refused_within_bounds(content: bytes, why: str) -> None:
    with pytest.raises(ReportUnreadable, match=why):
        read_all(content)


@examples(60)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<", b"\x1f\x8b\x08", b"PK\x03\x04", b"Content-Type: text/xml\n\n<"]),
)
def test_whatever_a_stranger_sends_is_read_or_refused(rest: bytes, begin: bytes) -> None:
    read = ReadReports()
    read.take("it", begin + rest)

    assert not read.reports
    assert all(fault.startswith("it can't be read: ") for fault in read.faults)


@examples(40)
@given(st.integers(0, len(PLAIN) - 1), st.binary(max_size=6))
def test_a_report_with_a_piece_changed_is_read_or_refused(at: int, piece: bytes) -> None:
    read = ReadReports()
    read.take("it", PLAIN[:at] + piece + PLAIN[at + len(piece) :])

    assert len(read.reports) + len(read.faults) == 1


def sum_up(*rows: str, policy: str = "none") -> SenderSummary:
    return sum_up_senders(read_all(write_report(*rows, policy=policy)), domains=[DOMAIN])


def test_senders_are_told_apart_by_what_they_prove() -> None:
    summary = sum_up(
        write_row(number=900),
        write_row("13.1.1.1", 50, signed="northfield.onmicrosoft.com", aligned=True),
        write_row("198.2.1.1", 30, aligned=False, signed="mcsv.net", returned="bounce.mcsv.net"),
        write_row("198.2.1.2", 10, aligned=False, signed="mcsv.net", disposition="quarantine"),
        write_row("5.5.5.5", 4, aligned=False, signed="", disposition="reject"),
        write_row("6.6.6.6", 3, aligned=False, signed="", returned="list.other.org", reason="mailing_list"),
    )

    assert [(one.standing, one.name, one.emails) for one in summary.senders] == [
        (SenderStanding.OURS, "your own mail server", 900),
        (SenderStanding.OURS, "Microsoft 365 (northfield.onmicrosoft.com)", 50),
        (SenderStanding.SERVICE, "Mailchimp (mcsv.net)", 40),
        (SenderStanding.FORWARDED, "other.org", 3),
        (SenderStanding.STRANGER, "5.5.5.5", 4),
    ]
    lines = list(describe_senders(summary, domain=DOMAIN))
    assert lines[0] == f"{DOMAIN}, 1 November 2026: 997 emails in your name, by the reports of 1 mail service."
    assert "  Mailchimp (mcsv.net): 40 emails from 2 addresses, 10 junked" in lines
    assert "  5.5.5.5: 4 emails, 4 refused" in lines
    assert lines[-1].startswith("Ask IT about the senders that aren't in order")


@pytest.mark.parametrize(
    ("policy", "advice"), [("none", "from p=none to p=quarantine"), ("reject", "There is nothing to do.")]
)
def test_clean_reports_say_what_may_follow(policy: str, advice: str) -> None:
    assert advice in list(describe_senders(sum_up(write_row(), policy=policy), domain=DOMAIN))[-1]


@pytest.mark.parametrize("short", [1, 0])  # seconds: some receivers end with midnight
def test_a_month_of_reports_says_from_when_to_when(short: int) -> None:
    later = write_report(write_row(), report_id="9").replace(str(BEGIN).encode(), str(BEGIN + 28 * 86_400).encode())
    later = later.replace(str(BEGIN + 86_399).encode(), str(BEGIN + 30 * 86_400 - short).encode())
    summary = sum_up_senders([*read_all(PLAIN), *read_all(later)], domains=[DOMAIN])

    assert next(describe_senders(summary, domain=DOMAIN)).startswith(f"{DOMAIN}, 1 to 30 November 2026: 200 emails")


def test_a_report_counts_once_and_only_if_it_is_about_us() -> None:
    reports = [
        *read_all(PLAIN),
        *read_all(PLAIN),
        *read_all(write_report(write_row(), report_id="2", domain=f"news.{DOMAIN}")),
        *read_all(write_report(write_row(), report_id="3", domain="other.org.uk")),
    ]

    assert sum_up_senders(reports, domains=[DOMAIN]).emails == 200


def test_the_command_reads_a_folder_and_a_mailbox_alike(tmp_path: Path) -> None:
    root = write_workspace(tmp_path / "northfield", settings=SETTINGS).root
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.xml.gz").write_bytes(gzip.compress(PLAIN))
    (folder / "b.zip").write_bytes(b"PK\x03\x04 not really")
    maildir = tmp_path / "mail"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    (maildir / "new" / "1.x").write_bytes(write_email(gzip.compress(PLAIN)))
    (maildir / "new" / "2.x").write_bytes(b"From: a@b\nSubject: Re: Northfield news\n\nThank you!")

    by_file = call("dmarc", str(folder), "--json", folder=root)
    by_mail = call("dmarc", "--from", f"maildir:{maildir}", folder=root)

    assert by_file.returncode == 0
    data = json.loads(by_file.stdout)
    assert (data["emails"], data["policy"], len(data["unreadable"])) == (100, "none", 1)
    assert by_mail.stdout.startswith(f"{DOMAIN}, 1 November 2026: 100 emails in your name")
    assert by_mail.stderr == ""
    assert len(list((maildir / "new").iterdir())) == 2


def test_reports_are_read_in_the_mailbox_where_emails_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_workspace(tmp_path / "northfield", settings=SETTINGS).root
    with run_dovecot() as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        server.put(write_email(zip_up(PLAIN), "application/zip"), b"From: a@b\nSubject: Returned\n\nNo such user")
        before = server.describe()
        done = call("dmarc", folder=root, environ={"BULLETIN_IMAP_URL": server.url()})

        assert server.describe() == before
    assert done.stdout.startswith(f"{DOMAIN}, 1 November 2026: 100 emails in your name")


def test_without_files_and_mailbox_it_says_what_to_name(tmp_path: Path) -> None:
    done = call("dmarc", folder=write_workspace(tmp_path / "northfield", settings=SETTINGS).root)

    assert done.returncode == 1
    assert "There are no reports to read. Name a file or a folder: bulletin dmarc FOLDER." in done.stderr
