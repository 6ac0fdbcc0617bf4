"""Where an issue tells readers what is not for them: all that `render` and `send` would refuse, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bulletin.declaration.prose import read_line
from bulletin.declaration.source import Place, Span
from bulletin.declaration.validation import describe_place
from bulletin.edition.build import EditionMaker, divide_by_audience
from bulletin.edition.leaks.leak_proof import FOR_ALL, advise, describe_leak
from bulletin.edition.leaks.leak_search import Leak
from bulletin.errors import BulletinError, Fault
from bulletin.issue.audience import PUBLIC, Audience
from bulletin.issue.item import Item
from bulletin.proof.context import Context
from bulletin.workspace.workspace import Workspace

_FIELDS = dict(zip(FOR_ALL, ("subject", "preview_text", "introduction"), strict=True))
_SECTIONS: Place = ("sections",)


def find_leak_faults(workspace: Workspace, context: Context, *, lists: Sequence[str]) -> Iterator[Fault]:
    """A fault for each leak in an edition of a mailing to `lists`, or in the public one.

    One too if the issue makes more editions than bulletin.yaml allows.
    """
    try:
        audiences = _list_audiences(workspace, context, lists)
    except BulletinError as error:
        yield _make_fault(context, _SECTIONS, _find_key(context, _SECTIONS), error.message, error.remedy)
        return
    told: set[tuple[str, str, str]] = set()
    for leak in _find_leaks(workspace, context, audiences):
        key = (leak.item, leak.words)  # the HTML has what the introduction has
        if (*key, _FIELDS.get(leak.output, "")) not in told:
            told |= {(*key, _FIELDS.get(leak.output, "")), (*key, "")}
            place, span = _locate(context, leak)
            yield _make_fault(context, place, span, describe_leak(leak), advise([leak]))


def _list_audiences(workspace: Workspace, context: Context, lists: Sequence[str]) -> list[Audience]:
    """The smallest audience of each edition, the public first."""
    parts = divide_by_audience(workspace, context.issue, lists=lists)
    return list(dict.fromkeys([PUBLIC, *(part.audience for part in parts)]))


def _find_leaks(workspace: Workspace, context: Context, audiences: Sequence[Audience]) -> Iterator[Leak]:
    maker = EditionMaker(workspace, context.id, context.issue)
    for audience in audiences:
        try:
            leaks = maker.list_leaks(context.issue.for_audience(audience))
        except BulletinError:
            return  # `bulletin render` reports a theme that can't be rendered
        yield from leaks


def _locate(context: Context, leak: Leak) -> tuple[Place, Span]:
    """Where the issue writes the words for everyone; if it doesn't, where the item is that they are of."""
    field = _FIELDS.get(leak.output)
    if field is None:
        place = next(_find_items(context, leak.item), _SECTIONS)
        return place, context.span(*place)
    words = re.compile(r"[\W_]+".join(map(re.escape, leak.words.split())), re.IGNORECASE)
    for passage in context.passages:
        if passage.place[0] == field and (found := words.search(passage.prose.text)):
            return passage.place, passage.locate(*found.span())
    return (field,), context.span(field)


def _find_items(context: Context, name: str) -> Iterator[Place]:
    for record in context.records:
        item = record.value
        title = getattr(item, "title", None) or getattr(item, "name", None) or ""
        if isinstance(item, Item) and title and read_line(title).text == name:
            yield record.place


def _find_key(context: Context, place: Place) -> Span:
    return context.source.keys.get(place, context.span(*place))


def _make_fault(context: Context, place: Place, span: Span, message: str, remedy: str) -> Fault:
    return context.source.fault_at(span, message, remedy, where=describe_place(context.source, place))
