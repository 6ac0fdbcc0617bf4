"""What a file in `sections` declares: a kind of section of the workspace's own, and its fields. Pure."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from bulletin.declaration.declared import Declared
from bulletin.declaration.markup import Problem
from bulletin.declaration.values import Plain, YesOrNo, invalid, invalid_each, one_or_more
from bulletin.issue.item import Feature
from bulletin.issue.own_kinds.value_types import VALUE_TYPES, FieldType
from bulletin.issue.section import BaseSection
from bulletin.issue.traits import NextMonth

MOST_FIELDS = 60  # of a kind, those of its records included; the largest kind of the product has 40
DEEPEST = 3  # records in records

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOUN = re.compile(r"[a-z][a-z ’'-]{0,39}", re.IGNORECASE)

_MEANINGS: Mapping[str, tuple[FieldType, ...]] = {
    "title": (FieldType.LINE, FieldType.NAME),
    "image": (FieldType.PICTURE,),
    "link": (FieldType.LINK,),
    "book": (FieldType.BOOKING,),
    "sessions": (FieldType.SESSION,),
    "items": (FieldType.RECORD, FieldType.POINT),
    "date": (FieldType.DATE,),
    "until": (FieldType.DATE,),
    "closes": (FieldType.DATE,),
    "starts": (FieldType.TIME,),
    "ends": (FieldType.TIME, FieldType.DATE),
}
"""Fields that the program understands by their name: it reads a `date` as a date wherever it meets one."""

_LISTS = ("items", "sessions")
_MAY_BE_REQUIRED = ("image", "link")


class NextIssue(StrEnum):
    """What becomes of a section in next month's draft."""

    LEFT_OUT = "left out"
    EMPTIED = "emptied"
    UPDATED = "updated"
    KEPT = "kept"

    @property
    def trait(self) -> NextMonth:
        """The trait of a kind that says the same."""
        return NextMonth[self.name]


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise invalid(
            f"“{name}” is not a name for a field.",
            "Use small letters, figures and underscores, and begin with a letter: cooking_time.",
        )
    if name in _TAKEN:
        raise invalid(f"The program itself uses the name “{name}”.", f"Choose another name, such as {name}_text.")
    return name


def _list_taken() -> frozenset[str]:
    """The names that a field would hide something by: of what records can do, and of Python."""
    fields = {*BaseSection.model_fields, *Feature.model_fields}
    return (frozenset(dir(BaseModel)) | frozenset(dir(BaseSection)) | {*keyword.kwlist, "groups", "kind"}) - fields


_TAKEN = _list_taken() - {"for", "from"}  # these two are told of as what every section has

FieldName = Annotated[str, AfterValidator(_check_name)]


def _check_noun(noun: str) -> str:
    if not _NOUN.fullmatch(noun):
        raise invalid(f"“{noun}” is not a noun.", "Write one or two words without an article, as in: recipe.")
    return noun


Noun = Annotated[Plain, AfterValidator(_check_noun)]


def _tell(message: str, remedy: str, *below: str) -> Problem:
    """The problem of the field that `below` leads to."""
    return Problem(message=message, remedy=remedy, below=below)


class FieldDeclaration(Declared):
    """A field of a kind of section, or of its records."""

    noun: ClassVar[str] = "a field"

    type: FieldType = Field(description="What the field holds.", examples=["line"])
    description: Plain = Field(
        description="What to write there, in a sentence: messages and editors show it.",
        examples=["How many people it feeds."],
    )
    label: Plain | None = Field(
        default=None,
        description="The words before the value, where no template says how to show it. Left out, its name.",
        examples=["Serves"],
    )
    required: YesOrNo = Field(default=False, description="yes if no section may lack it.", examples=["yes"])
    list_: YesOrNo = Field(default=False, alias="list", description="yes for several of them.", examples=["yes"])
    example: Plain | None = Field(default=None, description="What people may write there.", examples=["4"])
    choices: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(), description="The allowed words, for a `choice`.", examples=[["easy", "hard"]]
    )
    noun_: Noun | None = Field(
        default=None, alias="noun", description="What one of the records is called, for a `record`.", examples=["step"]
    )
    fields: dict[FieldName, FieldDeclaration] = Field(
        default_factory=dict,
        description="The fields of a `record`.",
        examples=[{"text": {"type": "text", "description": "What to do."}}],
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if problems := [*self._find_misfits(), *_find_misnamed(self.fields, Feature if self.list_ else None)]:
            raise invalid_each(problems)
        return self

    def _find_misfits(self) -> Iterator[Problem]:
        """What doesn't go with its type."""
        is_record, is_choice = self.type is FieldType.RECORD, self.type is FieldType.CHOICE
        if is_record and not self.fields:
            yield _tell("“fields” is missing in a record.", "Write its fields below `fields:`.", "type")
        if is_choice and len(set(self.choices)) < max(len(self.choices), 2):
            below = "choices" if self.choices else "type"
            yield _tell("A choice needs two different choices.", "Write `choices: [easy, hard]`.", below)
        if self.fields and not is_record:
            yield _tell("“fields” is for a record.", "Write `type: record`, or delete it.", "fields")
        if self.choices and not is_choice:
            yield _tell("“choices” is for a choice.", "Write `type: choice`, or delete it.", "choices")
        if self.noun_ and not is_record:
            yield _tell("“noun” is for a record.", "Write `type: record`, or delete it.", "noun")
        if self.example and (problem := self._refuse_example()):
            yield _tell(f"This example is no {self.type}: {problem}", "Correct the example.", "example")

    def _refuse_example(self) -> str:
        """Why the example can't be a value of this field; "" if it can."""
        if self.type is FieldType.CHOICE:
            return "" if self.example in self.choices else "it is not among the choices."
        known = VALUE_TYPES.get(self.type)
        if known is None or not isinstance(known.example, str):
            return "it has several fields, and examples are made from theirs."
        try:
            TypeAdapter(known.annotation).validate_python(self.example)
        except ValidationError as error:
            return str(error.errors(include_url=False)[0]["msg"])
        return ""


def _find_misnamed(fields: Mapping[str, FieldDeclaration], shared: type[Declared] | None) -> Iterator[Problem]:
    """Fields with a name that means something else. `shared` has those that are there in any case."""
    given = {field.alias or name for name, field in shared.model_fields.items()} if shared else set()
    for name, field in fields.items():
        below = ("fields", name)
        if name in given and name not in _MAY_BE_REQUIRED:
            yield _tell(f"The program itself uses the name “{name}”.", _SHARED, *below)
        elif name in ("for", "from"):
            yield _tell(f"The program itself uses the name “{name}”.", "Choose another name.", *below)
        elif (meant := _MEANINGS.get(name)) and field.type not in meant:
            words = " or ".join(meant)
            yield _tell(f"“{name}” must be a {words}, as in all sections.", _RENAME, *below, "type")
        elif name in _MEANINGS and field.list_ is not (name in _LISTS):
            words = "a list: write `list: yes`" if name in _LISTS else "one value: delete `list:`"
            yield _tell(f"“{name}” must be {words}.", _RENAME, *below)


_SHARED = "Delete it: every section and every entry has such a field already. Or choose another name."
_RENAME = "Correct that, or give the field another name."


class KindFile(Declared):
    """A kind of section that a workspace declares. Its name is that of its file."""

    noun: ClassVar[str] = "a kind of section"

    description: Plain = Field(
        description="What such a section is, in a sentence: editors show it.", examples=["A dish to cook together."]
    )
    noun_: Noun | None = Field(
        default=None,
        alias="noun",
        description="What one such section is called in messages, without “section”. Left out, its name.",
        examples=["recipe"],
    )
    words: Annotated[tuple[Plain, ...], BeforeValidator(one_or_more)] = Field(
        default=(),
        alias="also_called",
        description="Other words that people may write after `kind:`.",
        examples=[["dish"]],
    )
    next_month: NextIssue = Field(
        default=NextIssue.LEFT_OUT,
        description="What becomes of it in next month's draft: left out, emptied, updated or kept.",
        examples=["emptied"],
    )
    one_of_a_kind: YesOrNo = Field(
        default=False, description="yes if an issue has one such section at most.", examples=["yes"]
    )
    links_recur: YesOrNo = Field(
        default=False, description="yes if its addresses may come again every month.", examples=["yes"]
    )
    in_blank_forms: YesOrNo = Field(default=False, description="yes to offer it to contributors.", examples=["yes"])
    fields: Annotated[dict[FieldName, FieldDeclaration], Field(min_length=1)] = Field(
        description="Its fields, beside those that every section has, in the order that readers see them.",
        examples=[{"serves": {"type": "number", "description": "How many people it feeds."}}],
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        problems = [*_find_misnamed(self.fields, BaseSection)]
        if (count := _count(self.fields)) > MOST_FIELDS:
            problems.append(_tell(f"{count} fields are too many; the most is {MOST_FIELDS}.", "Delete some.", "fields"))
        if _measure_depth(self.fields) > DEEPEST:
            problems.append(
                _tell(f"Records are more than {DEEPEST} levels deep.", "Put fewer records into records.", "fields")
            )
        if problems:
            raise invalid_each(problems)
        return self


def _count(fields: Mapping[str, FieldDeclaration]) -> int:
    return sum(1 + _count(field.fields) for field in fields.values())


def _measure_depth(fields: Mapping[str, FieldDeclaration]) -> int:
    return max((1 + _measure_depth(field.fields) for field in fields.values() if field.fields), default=0)


def find_article(noun: str) -> str:
    """`a recipe`, `an exhibition`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def list_examples(fields: Mapping[str, FieldDeclaration]) -> dict[str, Any]:
    """What people must write of these fields, by their examples; of fields that are all optional, the first."""
    needed = {name: field for name, field in fields.items() if field.required} or dict([next(iter(fields.items()))])
    return {name: make_example(field) for name, field in needed.items()}


def make_example(field: FieldDeclaration) -> Any:
    """What people may write for a field: its own example, or that of its type."""
    if field.type is FieldType.RECORD:
        one: Any = list_examples(field.fields)
    elif field.type is FieldType.CHOICE:
        one = field.example or field.choices[0]
    else:
        one = field.example or VALUE_TYPES[field.type].example
    return [one] if field.list_ else one


def find_misnamed_kind(name: str, taken: Container[str]) -> Problem | None:
    """What is wrong with the name of a kind's file; `taken` are the names of the product's kinds."""
    if name in taken:
        return Problem(
            message=f"The product has a kind “{name}” of its own.",
            remedy="Give this file another name. To change how the product shows its kind, change the template.",
        )
    if not _NAME.fullmatch(name):
        return Problem(
            message=f"“{name}” is not a name for a kind of section.",
            remedy="Use small letters, figures and underscores, and begin with a letter: recipe.yaml.",
        )
    return None
