"""What the benchmark makes of what it measured, and where it writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkout import ROOT


@pytest.fixture(autouse=True)
def _scripts_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))


def test_every_part_has_one_place_in_the_page_and_the_page_around_it_stays(tmp_path: Path) -> None:
    from figures import Section
    from readers import NAME as READERS
    from report import check_places, write_section
    from sending import PARTS
    from startup import NAME

    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    names = ["machine", NAME, READERS, *PARTS]
    check_places(page, names)

    copy = tmp_path / "performance.md"
    copy.write_text(page, encoding="utf-8")
    for name in names:
        write_section(copy, Section(name=name, title="", tables=(f"Table of {name}",)))
    filled = copy.read_text(encoding="utf-8")

    for name in names:
        assert f"<!-- {name} -->\nTable of {name}\n<!-- end of {name} -->" in filled
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert [line for line in filled.splitlines() if line.startswith("#")] == headings


def test_a_page_without_a_place_is_refused_before_anything_is_measured() -> None:
    from report import check_places

    with pytest.raises(ValueError, match="no place for “fast”"):
        check_places("<!-- delay --><!-- end of delay -->", ["delay", "fast"])


def test_a_ratio_is_taken_round_by_round() -> None:
    from figures import find_ratio
    from senders import Run

    def run(rate: float) -> Run:
        return Run(messages=round(rate * 10), seconds=10, cpu=1)

    ours = [run(100), run(20), run(300)]  # the machine was busy in the second round, and idle in the third
    theirs = [run(50), run(10), run(100)]

    assert find_ratio(ours, theirs) == 2


def test_a_target_is_met_at_its_bound_and_not_beyond() -> None:
    from figures import Target

    assert Target(about="rate", bound=0.9, measured=0.9).is_met
    assert not Target(about="rate", bound=0.9, measured=0.899).is_met
    assert Target(about="time", bound=10, measured=10, at_most=True).is_met
    assert not Target(about="time", bound=10, measured=10.01, at_most=True).is_met


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (1, 100), (0.991, 100), (0.001, 1)], ids=str)
def test_a_percentile_is_a_figure_that_was_measured(share: float, expected: int) -> None:
    from readers import find_percentile

    assert find_percentile(list(range(100, 0, -1)), share) == expected


def test_a_click_that_was_not_answered_misses_the_target() -> None:
    from readers import Load, describe

    load = Load(clicks=100, messages=200, seconds=60)
    figures = {"latencies": [1.0] * 6000, "rate": 200.0, "page": 3.0, "memory": 40.0}
    assert all(
        target.is_met for target in describe(load, lost=0, **figures).targets if target.about != "a token checked"
    )
    missed = [target.about for target in describe(load, lost=1, **figures).targets if not target.is_met]
    assert "clicks lost" in missed


def test_the_mailing_outlasts_the_clicks_if_all_who_click_are_left_out() -> None:
    from readers import Load

    load = Load(clicks=100, messages=200, seconds=60)
    assert (load.people - load.clicks * load.seconds) / load.messages > load.seconds


def test_a_request_that_waits_for_the_one_before_is_timed_from_when_it_was_due() -> None:
    """A server that answers each request after 50 ms, asked 100 times a second over one connection."""
    import socketserver
    import threading
    import time

    from clicks import click_all

    class Slow(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while line := self.rfile.readline():
                length = 0
                while (field := self.rfile.readline()) != b"\r\n":
                    if field.lower().startswith(b"content-length:"):
                        length = int(field.partition(b":")[2])
                self.rfile.read(length)
                time.sleep(0.05)
                status = b"404 Not Found" if b"/missing" in line else b"200 OK"
                self.wfile.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Slow) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        paths = [*(f"/{number}" for number in range(9)), "/missing"]
        clicks = click_all(server.server_address[1], paths, rate=100, connections=1)
        server.shutdown()
        thread.join()

    assert [click.status for click in clicks] == [200] * 9 + [404]
    assert clicks[-1].latency >= 10 * 0.05 - 9 / 100 - 0.02  # its own time, and what it waited for the nine before
