"""The differences between two records of the same kind, field by field, in the words of an approver. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from bulletin.comparison.rewording import describe_rewording, quote_beginning
from bulletin.declaration.declared import Declared
from bulletin.declaration.translated import Translated, list_versions
from bulletin.issue.audience import name_all
from bulletin.issue.dates import Month, PartialDate
from bulletin.issue.item import YES, Item
from bulletin.issue.section import NO_KICKER
from bulletin.languages.known import name_language

_WORDS = {
    "alt": "text alternative",
    "book": "booking",
    "by": "last day",
    "closes": "closing date",
    "do": "task",
    "ends": "end",
    "from_": "first day",
    "how": "instructions",
    "image": "picture",
    "led_by": "lead organisation",
    "link_text": "words of the link",
    "next": "next step",
    "quote": "quotation",
    "signed": "signature",
    "starts": "start",
    "to_do": "box “What you need to do”",
    "until": "end date",
    "value": "",  # a figure's value is the figure
}
"""The words for a field whose own name would not be clear. A field inside another is called by both."""


def describe_changes(before: Declared | None, after: Declared | None, *, within: str = "") -> Iterator[str]:
    """Each field that differs, in words; long texts take several lines. Lists of items are left to `difference`.

    None means that there is no such record; `within` is the name of the field that holds the records.
    """
    record = after if before is None else before
    # A kind's own fields come first; every item inherits its readers and its promise.
    for name in sorted(type(record).model_fields if record else (), key=Item.model_fields.__contains__):
        old, new = getattr(before, name, None), getattr(after, name, None)
        if old != new and (_is_given(old) or _is_given(new)) and not (holds_items(old) or holds_items(new)):
            yield from _describe_change(name, old, new, within=within)


def describe_terms(item: Item) -> Iterator[str]:
    """The readers of an item, if it is not for everyone, and its promise; also those of a part of it, as an ask."""
    if item.for_:
        yield _name_readers(item.for_)
    if item.marketing:
        yield "marketing, for readers who agreed to it"
    if item.follow_up:
        yield f"promises more in {item.follow_up}"
    for name in type(item).model_fields:
        if isinstance(part := getattr(item, name), Item):
            yield from (f"{name} {term}" for term in describe_terms(part))


def holds_items(value: Any) -> bool:
    """Whether a field's value is a list of items, which are compared one by one."""
    return isinstance(value, tuple) and any(isinstance(entry, Item) for entry in value)


def _is_given(value: Any) -> bool:
    return value is not None and value != ()


def _describe_change(name: str, old: Any, new: Any, *, within: str) -> Iterator[str]:
    if isinstance(old, Translated) or isinstance(new, Translated):
        yield from _describe_versions(name, old, new, within=within)
        return
    label = _join(within, _WORDS.get(name, name.replace("_", " "))) or "number"
    if name == "for_":
        yield _join(within, _describe_readers(old or (), new or ()))
    elif name == "top_story":
        yield "now the top story" if new else "no longer the top story"
    elif name == "marketing":
        yield _join(within, "now marketing, for readers who agreed to it" if new else "no longer marketing")
    elif name == "teaser" and YES in (old, new):
        yield "emails now have its beginning" if new else "emails now have all of it"
    elif name == "kicker" and NO_KICKER in (old, new):
        yield _describe_no_kicker(label, old, new)
    elif name == "follow_up":
        yield _join(within, _describe_promise(old, new))
    elif name == "author" and isinstance(old or new, tuple):
        yield from _describe_change(name, *(name_all(names or ()) or None for names in (old, new)), within=within)
    elif isinstance(old, Declared) or isinstance(new, Declared):
        yield from describe_changes(old, new, within=label)
    elif isinstance(old, tuple) or isinstance(new, tuple):
        yield f"{label}: {_describe_entries(old or (), new or ())}"
    elif not (_is_text(old) or _is_text(new)):
        yield f"{label}: {_show(old)} → {_show(new)}"
    elif old is None:
        yield f"{label} is new: {quote_beginning(new)}"
    elif new is None:
        yield f"{label} is gone; it was {quote_beginning(old)}"
    else:
        yield describe_rewording(label, old, new)


def _describe_versions(name: str, old: str | None, new: str | None, *, within: str) -> Iterator[str]:
    """What has changed in each language of a text; one that was written once is the same in all."""
    known = [dict(list_versions(value)) for value in (old, new) if isinstance(value, Translated)]
    for code in dict.fromkeys(code for versions in known for code in versions):
        was, now = (_find_version(value, code) for value in (old, new))
        if was != now:
            yield from _describe_change(name, was, now, within=_join(within, name_language(code)))


def _find_version(value: str | None, language: str) -> str | None:
    return value.versions.get(language) if isinstance(value, Translated) else value


def _describe_no_kicker(label: str, old: str | None, new: str | None) -> str:
    """`no` is not a kicker's words: it leaves out that of the section's kind."""
    was, now = (
        "left out" if each == NO_KICKER else _quote(each) if each else "that of its kind" for each in (old, new)
    )
    return f"{label}: {was} → {now}"


def _quote(words: str) -> str:
    return f"“{words}”"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, StrEnum)


def _join(*words: str) -> str:
    return " ".join(word for word in words if word)


def _describe_readers(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    return f"now {_name_readers(new)}; it was {_name_readers(old)}"


def _name_readers(lists: tuple[str, ...]) -> str:
    return f"only for {', '.join(lists)}" if lists else "for everyone"


def _describe_promise(old: Month | None, new: Month | None) -> str:
    if new is None:
        return f"no longer promises more in {old}"
    return f"now promises more in {new}" + (f", not in {old}" if old else "")


def _describe_entries(old: tuple[object, ...], new: tuple[object, ...]) -> str:
    added, removed = Counter(new) - Counter(old), Counter(old) - Counter(new)
    words = [f"“{entry}” added" for entry in added.elements()]
    words += [f"“{entry}” removed" for entry in removed.elements()]
    return ", ".join(words) or "the same in another order"


def _show(value: object) -> str:
    match value:
        case None:
            return "not said"
        case bool():
            return "yes" if value else "no"
        case date():
            return str(PartialDate(value.year, value.month, value.day))
        case _:
            return str(value)
