"""The report: its numbers are the ledger's, nobody is in it, and everybody can read it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pdfplumber
import pytest
from lxml import html as markup
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, update

from anytown import NOON
from axe import SCHEMES, Scheme, find_violations, open_page
from bulletin.database.schema import open_database
from bulletin.database.states import MailingEvent
from bulletin.database.tables import deliveries, editions
from bulletin.delivery.ledger.counts import Counts
from bulletin.delivery.ledger.mailing_events import CANCELLED
from bulletin.delivery.record.certificate import certify
from bulletin.delivery.record.report import FEWEST_PEOPLE, MOST_DOMAINS, MOST_ISSUES, group_domains, make_report
from bulletin.delivery.record.report_page import describe_report
from bulletin.errors import BulletinError, MailingError
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS
from mailed import ACCEPTED, FULL, LATER, QUEUED, UNCERTAIN, UNKNOWN, happen, mail, run

pytestmark = pytest.mark.slow

MakeWorkspace = Callable[..., Workspace]

FATES = [
    *((f"anna-{number}", ACCEPTED) for number in range(20)),
    *((f"gone-{number}", UNKNOWN) for number in range(4)),
    ("fiona", FULL),
    ("dora", UNCERTAIN),
    ("ed", LATER),
]


BOUNCED = {"state": "bounced", "attempts": 1, "ended_at": NOON, "reply": "550 5.1.1 User unknown"}
WITHDRAWN = {"state": "withdrawn", "ended_at": NOON}
CUT_OFF = WITHDRAWN | {"reply": CANCELLED}


@pytest.fixture
def workspace(make_workspace: MakeWorkspace) -> Workspace:
    return make_workspace(settings=SETTINGS + "colours: {accent: '#17505f'}\n")


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    engine = open_database(workspace.database_url)
    yield engine
    engine.dispose()


def report(workspace: Workspace, issue: str = "2021-05") -> Path:
    out = workspace.root / "out" / "report.html"
    run(workspace, "report", issue, "--out", str(out))
    return out


def table(path: Path, chapter: str) -> list[list[str]]:
    page = markup.parse(str(path), parser=markup.HTMLParser(encoding="utf-8"))
    rows = page.xpath(f"//section[@aria-labelledby='{chapter}']//tbody/tr")
    return [[cell.text_content() for cell in row] for row in rows]


def chapter(path: Path, key: str) -> str:
    page = markup.parse(str(path), parser=markup.HTMLParser(encoding="utf-8"))
    (section,) = page.xpath(f"//section[@aria-labelledby='{key}']")
    return str(markup.tostring(section, encoding="unicode"))


def words(path: Path, key: str) -> str:
    return str(markup.fromstring(chapter(path, key)).text_content())


# --- its numbers


def test_the_counts_are_the_ledgers(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)

    assert table(report(workspace), "states") == [
        ["Accepted by the mail server", "20", "74.1%"],
        ["Deferred, to be retried", "1", "3.7%"],
        ["Refused by the mail server", "5", "18.5%"],
        ["Uncertain: it may have arrived", "1", "3.7%"],
        ["In all", "27", ""],
    ]


def test_reasons_are_in_words_the_most_frequent_first_and_it_has_their_codes(
    workspace: Workspace, engine: Engine
) -> None:
    mail(engine, FATES)
    page = report(workspace)

    first, second = table(page, "reasons")
    assert first[0].startswith("No such address. Correct the address")
    assert first[1:] == ["4"]
    assert second[0].startswith("The mailbox is full.")
    assert second[1:] == ["1"]
    assert table(page, "codes") == [["No such address", "5.1.1", "4"], ["The mailbox is full", "5.2.2", "1"]]


def test_domains_are_counted_and_the_small_ones_only_together(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    with engine.begin() as connection:
        for name, domain in (("anna-1", "own.example"), ("gone-0", "home.example")):
            connection.execute(update(deliveries).where(deliveries.c.name == name).values(address=f"{name}@{domain}"))

    assert table(report(workspace), "domains") == [
        ["example.org", "25", "19", "1", "5"],
        ["2 smaller domains", "2", "1", "0", "1"],
    ]
    assert "2 smaller domains: 2;" in report(workspace).read_text(encoding="utf-8").replace(": 2.", ": 2;")
    assert "home.example" not in report(workspace).read_text(encoding="utf-8")


def test_where_no_domain_can_be_named_it_says_so_without_a_chart(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", ACCEPTED)])
    page = report(workspace)

    assert table(page, "domains") == []
    assert "2 people are at 1 domain (the part after the @). None has 3 people or more, so none is named." in words(
        page, "domains"
    )


def test_the_numbers_beside_a_domain_add_up_and_each_colour_is_explained(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [*FATES, *((f"olga-{number}", WITHDRAWN) for number in range(3))])
    page = report(workspace)

    (row,) = table(page, "domains")
    _, people, *parts = row
    assert sum(map(int, parts)) == int(people) == 30
    drawn = set(re.findall(r'class="part (\w+)"', chapter(page, "domains")))
    explained = set(re.findall(r'<li class="(\w+)">', chapter(page, "domains")))
    assert drawn == explained == {"good", "waiting", "bad", "past"}
    assert set(re.findall(r'<li class="(\w+)">', chapter(report(workspace), "domains"))) == drawn


def test_whom_a_cancelling_left_out_is_told_from_those_who_opted_out(workspace: Workspace, engine: Engine) -> None:
    mailing = mail(engine, [("anna", ACCEPTED), ("ben", WITHDRAWN), ("cara", CUT_OFF), ("dora", CUT_OFF)])
    happen(engine, mailing, MailingEvent.CANCELLED, "by jo@example.org on desk")
    page = report(workspace)

    assert ["Withdrawn before their turn", "1", "25.0%"] in table(page, "states")
    assert ["Left out when it was cancelled", "2", "50.0%"] in table(page, "states")
    assert "<dt>Cancelled</dt><dd>4 May 2021, " in page.read_text(encoding="utf-8")
    assert "opted out" not in page.read_text(encoding="utf-8")
    assert "jo@example.org" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("event", "words"), [(MailingEvent.PAUSED, "Paused"), (MailingEvent.HALTED, "Stopped automatically")]
)
def test_a_mailing_that_waits_for_a_person_says_so(
    workspace: Workspace, engine: Engine, event: MailingEvent, words: str
) -> None:
    mailing = mail(engine, [("anna", ACCEPTED), ("ben", QUEUED)])
    happen(engine, mailing, event, "550 5.7.1 <ben@example.org>")

    page = report(workspace).read_text(encoding="utf-8")
    assert re.search(rf"<dt>{words}</dt><dd>4 May 2021, \d\d:\d\d; it waits for someone to resume", page)
    assert "5.7.1" not in page


def test_nobody_is_told_to_send_again_what_was_cancelled(workspace: Workspace, engine: Engine) -> None:
    mailing = mail(engine, [("anna", UNKNOWN), ("ben", CUT_OFF)])
    happen(engine, mailing, MailingEvent.CANCELLED)

    assert "--resend-refused" not in report(workspace).read_text(encoding="utf-8")


def test_of_whom_a_person_decided_it_does_not_say_that_the_server_did(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    run(workspace, "resolve", "2021-05", "dora@example.org", "--delivered")

    states = table(report(workspace), "states")
    assert ["Accepted by the mail server", "20", "74.1%"] in states
    assert ["Arrived, as a person decided", "1", "3.7%"] in states


def test_when_it_went_leaves_out_those_of_whom_a_person_decided(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna", ACCEPTED), ("ben", UNCERTAIN | {"ended_at": NOON + 60_000})])
    run(workspace, "resolve", "2021-05", "ben@example.org", "--delivered")

    assert "The server took 1 message within one second, on " in words(report(workspace), "times")


def test_where_what_is_kept_was_altered_it_says_so_and_ends_with_1(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    with engine.begin() as connection:
        connection.execute(update(editions).values(content=b"no zlib"))
    out = workspace.root / "report.html"

    said = run(workspace, "report", "2021-05", "--out", str(out), code=1)
    assert "has been altered since it was sent. See what: bulletin certificate 2021-05" in said
    assert "Do not rely on this report" in out.read_text(encoding="utf-8")


def test_of_many_domains_the_largest_are_named() -> None:
    domains = [(f"{number:02}.example", Counts(accepted=FEWEST_PEOPLE + number)) for number in range(MOST_DOMAINS + 5)]
    named = group_domains([*domains, ("own.example", Counts(accepted=FEWEST_PEOPLE - 1))])

    assert [one.name for one in named[:2]] == ["14.example", "13.example"]
    assert len(named) == MOST_DOMAINS + 1
    assert (named[-1].name, named[-1].domains) == ("", 6)
    assert sum(one.counts.total for one in named) == sum(counts.total for _, counts in domains) + FEWEST_PEOPLE - 1


def test_the_time_line_counts_what_was_accepted_when(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    with engine.begin() as connection:
        for number in range(20):
            of_person = deliveries.c.name == f"anna-{number}"
            connection.execute(update(deliveries).where(of_person).values(ended_at=NOON + number * 30_000))

    rows = table(report(workspace), "times")
    assert [number for _, number in rows] == ["2"] * 10
    assert re.fullmatch(r"\d\d:00", rows[0][0])


@pytest.fixture
def computer_in_london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("computer_in_london")
def test_the_day_of_each_message_is_the_users_own_also_where_the_clock_was_changed_meanwhile(
    workspace: Workspace, engine: Engine
) -> None:
    moments = (datetime(2026, 10, 20, 10, tzinfo=UTC), datetime(2026, 11, 3, 10, tzinfo=UTC))
    fates = [ACCEPTED | {"ended_at": round(moment.timestamp() * 1000)} for moment in moments]
    mail(engine, [("anna", fates[0]), ("ben", fates[1])])

    assert table(report(workspace), "times") == [["20 Oct", "1"], ["3 Nov", "1"]]


def test_what_took_less_than_a_minute_has_no_rate(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    assert table(report(workspace), "times") == []
    assert "The server took 20 messages within one second, on 4 May 2021 at " in words(report(workspace), "times")
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "anna-1").values(ended_at=NOON + 10_000))

    assert [number for _, number in table(report(workspace), "times")] == ["19", "1"]
    assert "a minute" not in words(report(workspace), "times")


def test_an_issue_is_held_against_those_of_its_bulletin_before_it(workspace: Workspace, engine: Engine) -> None:
    for number in range(1, 8):
        mail(engine, [(f"reader-{one}", ACCEPTED) for one in range(number)], issue=f"2021-{number:02}")
    mail(engine, [("trainer", ACCEPTED)], issue="training/2021-05")
    mail(engine, [("late", ACCEPTED)], issue="2021-08")

    rows = table(report(workspace, "2021-07"), "issues")
    assert [row[0] for row in rows] == [f"2021-{number:02}" for number in range(8 - MOST_ISSUES, 8)]
    assert rows[-1] == ["2021-07", "7", "7", "0", "0"]
    assert table(report(workspace, "training/2021-05"), "issues") == []


def test_what_is_left_to_do_stands_in_it_with_the_commands(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    page = report(workspace).read_text(encoding="utf-8")

    for command in ("send 2021-05", "status 2021-05 --who uncertain", "send 2021-05 --resend-refused"):
        assert f"<code>bulletin {command}</code>" in page
    mail(engine, [("anna-0", ACCEPTED)], issue="2021-06")
    without = report(workspace, "2021-06").read_text(encoding="utf-8")
    assert "What is left to do" not in without
    assert "Nothing needs doing" in without


# --- its levels: for a manager, for the record, for IT

LEFT_OUT = [("anna", UNKNOWN), ("ben", CUT_OFF), ("cara", WITHDRAWN)]
ALL_LEVELS = ["manager", "record", "technical"]


def level(path: Path, key: str) -> str:
    page = markup.parse(str(path), parser=markup.HTMLParser(encoding="utf-8"))
    (section,) = page.xpath(f"//main/div/section[@aria-labelledby='{key}']")
    return " ".join(section.text_content().split())


def prepare_level(engine: Engine, fates: list[tuple[str, dict[str, object]]]) -> str:
    """Mails to those and gives the digest of the edition."""
    mailing = mail(engine, fates)
    if any(fate is CUT_OFF for _, fate in fates):
        happen(engine, mailing, MailingEvent.CANCELLED)
    (record,) = certify(engine, "2021-05", now=NOON).records
    return record.digest


@pytest.mark.parametrize(
    "fates", [FATES, LEFT_OUT, [("anna", ACCEPTED)], [("anna", UNCERTAIN), ("ben", FULL), ("cara", QUEUED)]]
)
def test_only_the_third_level_has_commands_digests_codes_and_times_by_the_second(
    workspace: Workspace, engine: Engine, fates: list[tuple[str, dict[str, object]]]
) -> None:
    digest = prepare_level(engine, fates)
    page = report(workspace)
    *above, technical = (level(page, key) for key in ALL_LEVELS)

    for words in above:
        assert not re.search(r"bulletin (send|status|certificate)|--\w|\b\d\.\d\.\d\b|SHA-256|Message-ID", words)
        assert not re.search(r"\d\d:\d\d:\d\d", re.sub(r", on \d+ \w+ \d{4}, [\d:]+ \w+", "", words))
        assert digest not in words
    assert digest in technical
    assert "bulletin status 2021-05" in technical
    assert "bulletin certificate 2021-05 --out certificate.html" in technical


@pytest.mark.parametrize("fates", [FATES, LEFT_OUT, [("anna", UNCERTAIN), ("ben", FULL), ("cara", QUEUED)]])
def test_each_task_of_a_manager_has_its_command_for_it(
    workspace: Workspace, engine: Engine, fates: list[tuple[str, dict[str, object]]]
) -> None:
    prepare_level(engine, fates)
    described = describe_report(make_report(engine, "2021-05", now=NOON), publisher="Anytown", lists={})
    page = report(workspace)

    assert described.tasks
    for task in described.tasks:
        assert task.words in level(page, "manager")
        assert f"{task.purpose}{task.command}" in level(page, "technical")


def test_a_manager_gets_one_chart_and_what_went_to_how_many_and_when(workspace: Workspace, engine: Engine) -> None:
    mail(engine, [("anna-0", ACCEPTED)], issue="2021-04")
    mail(engine, FATES)
    page = report(workspace)
    described = level(page, "manager")

    assert "20 of 27 messages accepted by the mail server. Accepted for 19 people more than 2021-04." in described
    assert "Begun 4 May 2021" in re.sub(r"(Begun)", r"\1 ", described)
    tree = markup.parse(str(page), parser=markup.HTMLParser(encoding="utf-8"))
    assert len(tree.xpath("//section[@aria-labelledby='manager']//figure")) == 1


@pytest.mark.parametrize(
    ("fates", "event", "words"),
    [
        ([("anna", ACCEPTED)], None, "Finished"),
        ([("anna", ACCEPTED), ("ben", QUEUED)], None, "Under way"),
        ([("anna", ACCEPTED), ("ben", QUEUED)], MailingEvent.HALTED, "Stopped: it waits for someone to resume it"),
        ([("anna", ACCEPTED), ("ben", CUT_OFF)], MailingEvent.CANCELLED, "Cancelled"),
        ([("anna", UNKNOWN)], None, "Finished"),
    ],
)
def test_a_chip_says_where_the_issue_is(
    workspace: Workspace,
    engine: Engine,
    fates: list[tuple[str, dict[str, object]]],
    event: MailingEvent | None,
    words: str,
) -> None:
    mailing = mail(engine, fates)
    if event:
        happen(engine, mailing, event)
    tree = markup.parse(str(report(workspace)), parser=markup.HTMLParser(encoding="utf-8"))

    assert [chip.text_content() for chip in tree.xpath("//p[contains(@class, 'state')]")] == [words]


def test_the_record_has_the_version_the_lists_and_those_who_left_before_their_turn(
    workspace: Workspace, engine: Engine
) -> None:
    mail(engine, [*FATES, ("olga", WITHDRAWN)])
    page = report(workspace)

    assert ["Subject", "Anytown news, 2021-05"] in table(page, "version")
    assert ["Approved by", "no one: approval wasn’t asked for"] in table(page, "version")
    assert ["Kept with this record", "the version that was sent, unaltered"] in table(page, "version")
    assert ["People, each once", "28"] in table(page, "lists")
    assert ["Withdrawn before their turn: they unsubscribed, bounced or complained", "1"] in table(page, "lists")


def test_what_was_not_sent_has_no_report(engine: Engine) -> None:
    with pytest.raises(MailingError, match="there is nothing to report"):
        make_report(engine, "2021-05", now=NOON)


def test_a_file_that_cannot_be_written_is_told(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    (workspace.root / "file").touch()
    with pytest.raises(BulletinError, match="cannot be written"):
        run(workspace, "report", "2021-05", "--out", str(workspace.root / "file" / "report.html"))


# --- nobody is in it, and it stands alone


def test_no_address_no_name_and_none_of_the_servers_words_are_in_it(workspace: Workspace, engine: Engine) -> None:
    mail(engine, FATES)
    page = report(workspace).read_text(encoding="utf-8")
    words = re.sub(r"@(page|media)\b", "", page)

    assert "@" not in words.replace("behind the @.", "")
    for name, _ in FATES:
        assert not re.search(rf"\b{name}\b", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    assert "User unknown" not in page


def test_it_runs_nothing_fetches_nothing_and_escapes_what_people_wrote(workspace: Workspace, engine: Engine) -> None:
    path = workspace.root / "bulletin.yaml"
    settings = path.read_text(encoding="utf-8").replace("Anytown Partnership", "'<script>alert(1)</script>'", 1)
    path.write_text(settings, encoding="utf-8")
    mail(engine, FATES)
    page = report(workspace).read_text(encoding="utf-8")

    assert "&lt;script&gt;" in page
    assert not re.search(r"<script|<link|<img|src=|href=|url\(|@import|onload", page)
    assert set(re.findall(r"https?://[^\"\s]+", page)) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


# --- everybody can read it


@pytest.fixture
def written(workspace: Workspace, engine: Engine) -> Path:
    """A report with all that there can be in one."""
    for issue in ("2021-03", "2021-04"):
        mail(engine, [("anna-0", ACCEPTED), ("anna-1", UNKNOWN), ("anna-2", BOUNCED)], issue=issue)
    mailing = mail(engine, [*FATES, ("olga", WITHDRAWN), ("otto", CUT_OFF)])
    happen(engine, mailing, MailingEvent.CANCELLED)
    with engine.begin() as connection:
        connection.execute(update(deliveries).where(deliveries.c.name == "anna-1").values(ended_at=NOON + 10_000))
    return report(workspace)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_runs_over(written: Path, browser: Browser, width: int, scheme: Scheme) -> None:
    with open_page(browser, width=width, scheme=scheme) as page:
        page.goto(written.as_uri())
        page.get_by_text("Commands, digests, codes and times").click()
        assert find_violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 1280])
def test_each_chart_is_one_picture_with_a_name_and_a_table_beside_it(
    written: Path, browser: Browser, width: int
) -> None:
    with open_page(browser, width=width, scheme="light") as page:
        page.goto(written.as_uri())
        page.get_by_text("Commands, digests, codes and times").click()
        chapters = page.locator("section.chapter").all()
        assert len(chapters) == 6
        for chapter in chapters:
            assert chapter.get_by_role("table").count() == 1
            if "codes" in (chapter.get_attribute("class") or ""):
                continue
            pictures = chapter.get_by_role("img").all()
            assert len(pictures) in (1, 2)
            for picture in pictures:
                assert re.match(r"(Bars|Columns): ", picture.get_attribute("aria-label") or "")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_words_of_a_chart_do_not_shrink_with_the_screen(written: Path, browser: Browser, width: int) -> None:
    script = """() => [...document.querySelectorAll(".chart")].filter(chart => chart.getBoundingClientRect().width)
      .map(chart => chart.getBoundingClientRect().width / chart.viewBox.baseVal.width)"""
    with open_page(browser, width=width, scheme="light") as page:
        page.goto(written.as_uri())
        assert min(page.evaluate(script)) > 0.75


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_word_of_a_chart_stands_within_it_and_nothing_is_blank_below(
    workspace: Workspace, engine: Engine, browser: Browser, width: int
) -> None:
    mail(engine, FATES)
    long = "-".join(["safeguarding"] * 4) + "-partnership.example.org"
    with engine.begin() as connection:
        for number in range(3):
            of_person = deliveries.c.name == f"gone-{number}"
            connection.execute(update(deliveries).where(of_person).values(address=f"{number}@{long}"))
    script = """() => [...document.querySelectorAll(".chart.bars")].map(chart => [chart, chart.getBoundingClientRect()])
      .filter(([_, box]) => box.width).map(([chart, box]) => {
        const within = [...chart.querySelectorAll("tspan, .part")].map(node => node.getBoundingClientRect())
        const end = side => Math.max(...within.map(one => one[side]))
        return [Math.min(...within.map(one => one.top)) - box.top, box.right - end("right"), box.bottom - end("bottom")]
      })"""
    with open_page(browser, width=width, scheme="light") as page:
        page.goto(report(workspace).as_uri())
        for above, beside, below in page.evaluate(script):
            assert above > -1
            assert beside > -1
            assert -1 < below < 5
        assert long[-30:] in page.content()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("last", ["2026-12-safeguarding-week-special-edition", "newsletter" * 5, "2026-12"])
def test_however_an_issue_is_called_the_table_stays_in_its_card_and_the_labels_of_a_chart_apart(
    workspace: Workspace, engine: Engine, browser: Browser, width: int, last: str
) -> None:
    earlier = [f"2026-{month:02}" for month in range(7, 11)]
    for issue in (*earlier, "winternewsfromallofusinthepartnership", last):
        mail(engine, [("anna", ACCEPTED), ("ben", BOUNCED), ("cara", UNKNOWN)], issue=issue)
    over = """() => [...document.querySelectorAll(".issues table, .issues td, .issues th")].map(node =>
      node.getBoundingClientRect().right - document.querySelector(".issues .beside").getBoundingClientRect().right)"""
    between = """() => [...document.querySelectorAll(".issues .chart")].flatMap(chart => {
        const labels = [...chart.querySelectorAll(".axis.x text")].filter(label => label.textContent)
        const boxes = labels.map(label => label.getBoundingClientRect()).filter(box => box.width)
        return boxes.slice(1).map((box, index) => box.left - boxes[index].right)
      })"""
    with open_page(browser, width=width, scheme="light") as page:
        page.goto(report(workspace, last).as_uri())
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        assert max(page.evaluate(over)) < 1
        assert min(page.evaluate(between)) > 2
        assert page.locator(".issues").get_by_role("row").count() == 7
        assert page.get_by_role("rowheader", name=last, exact=True).is_visible()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_part_of_a_chart_stands_out_from_its_ground(written: Path, browser: Browser, scheme: Scheme) -> None:
    from bulletin.declaration.colours import measure_contrast

    seen = (
        "part.matches('.waiting') ? getComputedStyle(part).stroke : getComputedStyle(part).fill"  # that one is hollow
    )
    script = f"""() => [...document.querySelectorAll(".chart .part")].map(part => {seen})
      .concat(getComputedStyle(document.querySelector(".card")).backgroundColor)"""
    with open_page(browser, width=1280, scheme=scheme) as page:
        page.goto(written.as_uri())
        *parts, ground = (as_hex(colour) for colour in page.evaluate(script))
    assert len(set(parts)) >= 3
    assert all(measure_contrast(part, ground) >= 3 for part in parts)  # WCAG 2.2, 1.4.11


def as_hex(colour: str) -> str:
    return "#" + "".join(f"{int(channel):02x}" for channel in re.findall(r"\d+", colour)[:3])


def test_it_prints_black_on_white_whatever_the_screen(written: Path, browser: Browser) -> None:
    with open_page(browser, width=1280, scheme="dark") as page:
        page.goto(written.as_uri())
        page.emulate_media(media="print")
        assert ground_of(page) == "rgb(255, 255, 255)"
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_third_level_is_folded_on_a_screen_and_open_on_paper(
    written: Path, browser: Browser, tmp_path: Path
) -> None:
    command = "bulletin send 2021-05"
    with open_page(browser, width=1280, scheme="light") as page:
        page.goto(written.as_uri())
        assert not page.get_by_text(command).first.is_visible()
        page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
        page.get_by_text("Commands, digests, codes and times").click()
        assert page.get_by_text(command).first.is_visible()
    with pdfplumber.open(tmp_path / "report.pdf") as pages:
        texts = [page.extract_text() for page in pages.pages]
    assert command in texts[-1]
    assert "Codes of the refusals" in texts[-1]
    headings = ["How it went", "For the record", "For IT"]  # each begins a page, so that the first can be handed on
    assert [[heading for heading in headings if heading in text] for text in (texts[0], texts[-1])] == [
        ["How it went"],
        ["For IT"],
    ]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_smallest_letters_of_a_report_are_16_px(written: Path, browser: Browser, width: int) -> None:
    script = """() => [...document.querySelectorAll("body *")].filter(node => !node.closest("svg"))
      .map(node => parseFloat(getComputedStyle(node).fontSize))"""
    with open_page(browser, width=width, scheme="light") as page:
        page.goto(written.as_uri())
        page.get_by_text("Commands, digests, codes and times").click()
        assert min(page.evaluate(script)) >= 16


def test_its_colours_are_those_of_the_settings(make_workspace: MakeWorkspace) -> None:
    colours = {"accent": "#6b2e7a", "warm": "#9c1f4d"}
    workspace = make_workspace(settings=f"{SETTINGS}colours: {colours}\n")
    engine = open_database(workspace.database_url)
    mail(engine, FATES)
    engine.dispose()
    run(workspace, "certificate", "2021-05", "--out", str(workspace.root / "record.html"))

    for page in (report(workspace), workspace.root / "record.html"):
        text = page.read_text(encoding="utf-8")
        for name, colour in colours.items():
            assert f"--{name}: {colour};" in text


def ground_of(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
