"""Who the preview is for: an invented reader, or a person from a list file. Nothing is written or kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bulletin.delivery.copies.export import EXAMPLE_NAME, fill_as_example, make_example
from bulletin.delivery.message.template import Recipient
from bulletin.edition.edition import Edition
from bulletin.errors import NotFound
from bulletin.issue.audience import Audience
from bulletin.languages.known import LANGUAGES
from bulletin.preview.session import PreviewSession
from bulletin.subscribers.lists import ListEntry, read_list

MOST_FOUND = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A person as an email needs them. `key` names them within the preview (`partners:12`, by list and line)."""

    key: str
    name: str
    address: str


INVENTED = Reader(key="", name=EXAMPLE_NAME, address="alex.example@example.org")


def find_readers(session: PreviewSession, list_name: str, words: str) -> list[Reader]:
    """The first people of a list with `words` in their name or address. Raises NotFound, FaultyFiles."""
    wanted = words.casefold().strip()
    found = (reader for reader in _read(session, list_name) if wanted in f"{reader.name} {reader.address}".casefold())
    return [reader for reader, _ in zip(found, range(MOST_FOUND), strict=False)]


def take_reader(session: PreviewSession, key: str) -> Reader:
    """The reader that `key` names; the invented one for "". Raises NotFound, FaultyFiles."""
    if not key:
        return INVENTED
    for reader in _read(session, key.partition(":")[0]):
        if reader.key == key:
            return reader
    raise NotFound("This person is not in the list file any more.", "Choose another reader.")


def find_audience(session: PreviewSession, lists: Sequence[str], key: str) -> Audience:
    """What readers on `lists` are to an issue; or the person that `key` names, with all lists that they are on.

    The code of a language among `lists` is for those who chose it. Raises NotFound, FaultyFiles.
    """
    known = session.workspace.settings.lists
    languages = [name for name in lists if name in LANGUAGES and name not in known]
    lists = [name for name in lists if name not in languages]
    if unknown := [name for name in lists if name not in known]:
        raise NotFound(f"There is no list “{unknown[0]}”.", "Choose one of the lists in bulletin.yaml.")
    names = set(lists)
    if key:
        address = take_reader(session, key).address
        names |= {name for name in known if any(reader.address == address for reader in _read(session, name))}
    return Audience(
        lists=frozenset(names),
        consent=any(known[name].basis.allows_marketing for name in names),
        language=languages[-1] if languages else "",
    )


def fill_for(edition: Edition, reader: Reader) -> tuple[str, str]:
    """The edition's HTML and text as the reader gets them, but with an unsubscribe link that leads nowhere."""
    return fill_as_example(edition, name=reader.name)


def as_recipient(reader: Reader) -> Recipient:
    """The reader as `delivery.message` addresses them, with an unsubscribe link that leads nowhere."""
    return make_example(address=reader.address, name=reader.name)


def _read(session: PreviewSession, list_name: str) -> Iterator[Reader]:
    workspace = session.workspace
    if list_name not in workspace.settings.lists:
        raise NotFound(f"There is no list “{list_name}”.", "Choose one of the lists in bulletin.yaml.")
    shown_as = workspace.list_file(list_name)
    path = workspace.root / shown_as
    if not session.holds(path):
        raise NotFound(f"{shown_as} is outside the workspace.", "The preview reads nothing there.")
    return (_as_reader(list_name, entry) for entry in read_list(path, shown_as=shown_as).entries)


def _as_reader(list_name: str, entry: ListEntry) -> Reader:
    return Reader(key=f"{list_name}:{entry.line}", name=entry.name, address=entry.address.envelope)
