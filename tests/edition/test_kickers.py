"""What an email says about the readers of a part that is not for everyone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bulletin.edition.build import make_edition
from bulletin.edition.edition import Edition
from bulletin.issue.audience import find_widest
from bulletin.workspace.workspace import Workspace
from conftest import SETTINGS

MakeWorkspace = Callable[..., Workspace]

HEAD = "month: 2021-05\npublished: 4 May 2021\nsubject: News\npreview_text: What we did\nsections:\n"
LINK = "link: 'https://example.org/x'"
PARTS = {
    "section": "{kind: notice, title: T, text: W., for: schools}",
    "section with a kicker": "{kind: article, kicker: From June, title: T, text: W., for: schools}",
    "top story": "{kind: article, title: T, text: W., top_story: yes, for: schools}",
    "event": "{kind: events, title: T, items: [{title: E, date: 9 June 2021, for: schools}]}",
    "course": "{kind: training, title: T, items: [{title: C, provider: P, on_demand: yes, for: schools}]}",
    "priority": "{kind: priorities, title: T, items: [{number: 1, title: P, status: planned, summary: W., "
    "for: schools}]}",
    "milestone": "{kind: priorities, title: T, items: [{number: 1, title: P, status: planned, summary: W., "
    "milestones: [{date: June 2021, text: M, for: schools}]}]}",
    "link": f"{{kind: links, title: T, items: [{{title: L, {LINK}, for: schools}}]}}",
    "more to read": f"{{kind: article, title: T, text: W., links: [{{title: L, {LINK}, for: schools}}]}}",
    "point": "{kind: group_update, title: T, group: G, items: [{text: W., for: schools}]}",
    "session": "{kind: training, title: T, items: [{title: C, provider: P, sessions: [{date: 9 June, for: schools}]}]}",
    "card": "{kind: about, title: T, text: W., items: [{title: C, text: W., for: schools}]}",
    "asset": "{kind: campaign, title: T, text: W., assets: [{title: A, for: schools}]}",
    "ask": f"{{kind: campaign, title: T, text: W., ask: {{text: W., button: B, {LINK}, for: schools}}}}",
    "group": f"{{kind: resources, title: T, groups: [{{title: G, for: schools, items: [{{title: R, {LINK}}}]}}]}}",
    "resource": f"{{kind: resources, title: T, groups: [{{title: G, items: [{{title: R, {LINK}, for: schools}}]}}]}}",
    "brief": "{kind: in_brief, title: T, items: [{title: B, text: W., for: schools}]}",
    "person": "{kind: people, title: T, items: [{name: N, for: schools}]}",
    "vacancy": "{kind: vacancies, title: T, items: [{title: V, closes: 9 June 2021, for: schools}]}",
    "figure": "{kind: figures, title: T, items: [{value: 1, label: A, for: schools}, {value: 2, label: B}]}",
    "film": f"{{kind: video, title: T, {LINK}, for: schools}}",
}


def render(make_workspace: MakeWorkspace, section: str) -> Edition:
    workspace = make_workspace(settings=SETTINGS, issues={"2021-05": f"{HEAD}  - {section}\n"})
    audience = find_widest(workspace.load_issue("2021-05"))
    return make_edition(workspace, "2021-05", audience=audience)


@pytest.mark.parametrize("section", PARTS.values(), ids=PARTS)
def test_a_part_that_is_not_for_everyone_says_so_once(make_workspace: MakeWorkspace, section: str) -> None:
    edition = render(make_workspace, section)

    for form in (edition.html, edition.text):
        assert form.lower().count("for schools") == 1
    without = render(make_workspace, section.replace(", for: schools", "").replace(" for: schools,", ""))
    assert "schools" not in without.html + without.text


@pytest.mark.parametrize("section", PARTS.values(), ids=PARTS)
def test_kicker_no_leaves_it_out_of_a_section_and_all_in_it(make_workspace: MakeWorkspace, section: str) -> None:
    edition = render(
        make_workspace, section.replace("kicker: From June, ", "").replace("title: T", "title: T, kicker: no")
    )

    assert "schools" not in (edition.html + edition.text).lower()


def test_what_is_in_a_part_for_the_same_lists_does_not_say_it_again(make_workspace: MakeWorkspace) -> None:
    items = "[{title: E, date: 9 June 2021, for: schools}, {title: F, date: 9 June 2021, for: [partners, schools]}]"
    edition = render(make_workspace, f"{{kind: events, title: T, for: schools, items: {items}}}")

    assert edition.text.count("For schools") == 1
    assert edition.text.count("For partner agencies and schools") == 1
