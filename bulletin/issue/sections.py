"""The list of the kinds of section. To add one: a class in `kinds`, its name in `Section`, and three templates. Pure.

CONTRIBUTING.md has a worked example. Each kind has its own fields, so each can have its own form.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, get_args

from pydantic import Field

from bulletin.issue.kinds.about import About
from bulletin.issue.kinds.article import Article
from bulletin.issue.kinds.campaign import Campaign
from bulletin.issue.kinds.events import Events
from bulletin.issue.kinds.executive_updates import ExecutiveUpdates
from bulletin.issue.kinds.figures import Figures
from bulletin.issue.kinds.group_update import GroupUpdate
from bulletin.issue.kinds.in_brief import InBrief
from bulletin.issue.kinds.links import Links
from bulletin.issue.kinds.notice import Notice
from bulletin.issue.kinds.people import People
from bulletin.issue.kinds.priorities import Priorities
from bulletin.issue.kinds.resources import Resources
from bulletin.issue.kinds.training import Training
from bulletin.issue.kinds.vacancies import Vacancies
from bulletin.issue.kinds.video import Video
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth, Traits

Section = Annotated[
    ExecutiveUpdates
    | Priorities
    | Campaign
    | GroupUpdate
    | Training
    | Events
    | Article
    | Notice
    | Figures
    | InBrief
    | People
    | Vacancies
    | Video
    | Resources
    | Links
    | About,
    Field(discriminator="kind"),
]


@cache
def section_kinds() -> dict[str, type[Section]]:
    """The kinds of section with their models, in the order that messages list them."""
    members = get_args(get_args(Section)[0])
    return {get_args(member.model_fields["kind"].annotation)[0]: member for member in members}


@cache
def _find_traits() -> dict[type[BaseSection], Traits]:
    return {model: model.traits for model in section_kinds().values()}


def traits_of(section: BaseSection) -> Traits:
    """The traits of this section's kind."""
    return _find_traits()[type(section)]


def stays_the_same(section: BaseSection) -> bool:
    """Whether a section is meant to be the same every month."""
    return traits_of(section).next_month is NextMonth.KEPT


def has_entries(model: type[BaseSection]) -> bool:
    """Whether sections of this kind are made of entries (`items`, or `groups` of them)."""
    return bool({"items", "groups"} & set(model.model_fields))
