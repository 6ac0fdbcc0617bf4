"""The list of the kinds of section. To add one: a class in `kinds`, its name in `Section`, and three templates. Pure.

CONTRIBUTING.md has a worked example. Each kind has its own fields, so each can have its own form.

A workspace may declare further kinds (`own_kinds`). They are handed in as `own`, the models of those kinds: what is
read for one workspace never knows the kinds of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache, lru_cache
from operator import getitem
from typing import Annotated, Any, TypeAlias, TypeVar, Union, cast, get_args

from pydantic import Field, create_model

from bulletin.declaration.declared import Declared
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


OwnKinds: TypeAlias = tuple[type[Declared], ...]
"""The models of the kinds that a workspace declares itself."""

M = TypeVar("M", bound=Declared)


@cache
def _built_in_kinds() -> dict[str, type[Section]]:
    return name_kinds(get_args(get_args(Section)[0]))


def name_kinds(models: Iterable[type[Declared]]) -> dict[str, type[Section]]:
    """The models of kinds of section by the word that `kind:` has for each, in their order."""
    return {get_args(model.model_fields["kind"].annotation)[0]: cast("type[Section]", model) for model in models}


def section_kinds(own: OwnKinds = ()) -> Mapping[str, type[Section]]:
    """The kinds of section with their models, in the order that messages list them: the product's, then `own`."""
    return {**_built_in_kinds(), **name_kinds(own)} if own else _built_in_kinds()


def with_kinds(model: type[M], own: OwnKinds) -> type[M]:
    """The model of a file whose `sections` may be of the kinds `own` as well; the model itself if there are none.

    The same arguments give the same class, so two records that were read one after the other can be compared.
    """
    return cast("type[M]", _add_to_model(model, own)) if own else model


@lru_cache(maxsize=32)
def _add_to_model(model: type[Declared], own: OwnKinds) -> type[Declared]:
    sections = copy(model.model_fields["sections"])
    sections.annotation = _add_kinds(sections.annotation, own)
    fields: dict[str, Any] = {"sections": (sections.annotation, sections)}
    return create_model(model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **fields)


def _add_kinds(annotation: Any, own: OwnKinds) -> Any:
    """`tuple[Section, ...]` with more members in its union."""
    section, ellipsis = get_args(annotation)
    union, *metadata = get_args(section)
    alias: Any = tuple  # these types are known only when this runs
    members = getitem(Union, (*get_args(union), *own))
    return alias[getitem(Annotated, (members, *metadata)), ellipsis]


@cache
def _find_traits() -> dict[type[BaseSection], Traits]:
    return {model: model.traits for model in _built_in_kinds().values()}


def traits_of(section: BaseSection) -> Traits:
    """The traits of this section's kind, which may be a workspace's own."""
    model = type(section)
    return _find_traits().get(model) or cast("Traits", vars(model)["traits"])


def stays_the_same(section: BaseSection) -> bool:
    """Whether a section is meant to be the same every month."""
    return traits_of(section).next_month is NextMonth.KEPT


def has_entries(model: type[BaseSection]) -> bool:
    """Whether sections of this kind are made of entries (`items`, or `groups` of them)."""
    return bool({"items", "groups"} & set(model.model_fields))
