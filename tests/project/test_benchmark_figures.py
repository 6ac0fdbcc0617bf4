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
    from report import check_places, write_section
    from sending import PARTS
    from startup import NAME

    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    names = ["machine", NAME, *PARTS]
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
