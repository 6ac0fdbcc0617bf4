"""Pagefind in a process of its own: it is given records one by one, and gives back the files of their index.

It speaks by its pipes (`--service`): each message is JSON in base64, ended by a comma. One thread writes while another
reads, or the pipes would fill up and both sides would wait. No folder is given to it, so it reads no page.
"""

from __future__ import annotations

import json
import subprocess
import threading
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from bulletin.edition.web.search_records import SearchRecord
from bulletin.errors import BulletinError
from bulletin.languages.known import ENGLISH, WELSH, tag_of
from bulletin.parts import Part
from bulletin.publishing.search.index_order import order_index

MOST_SECONDS: Final = 120.0
"""By the clock. The records of 200 issues take two seconds of computing."""

ENGLISH_INDEX: Final = "en"
OTHER_INDEX: Final = "other"
"""The index of what is in any other language: its words are taken as they are, without their endings cut off."""

_LANGUAGES: Final = {ENGLISH_INDEX: ENGLISH, OTHER_INDEX: WELSH}  # Pagefind cuts no endings off Welsh words
_PROGRAM: Final = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json")
_DATA: Final = ("fragment/", "index/", "filter/")
_PIECE: Final = 1 << 16


def tell_index(language: str) -> str:
    """The index that a record in a language (a tag) belongs to."""
    return ENGLISH_INDEX if language in (ENGLISH, tag_of(ENGLISH)) else OTHER_INDEX


def index_records(records: Sequence[SearchRecord], *, seconds: float = MOST_SECONDS) -> dict[str, bytes]:
    """The files of the indexes that browsers search, by their path: `en/pagefind.js`. The same for the same records.

    Raises MissingPart, and BulletinError if the program fails or takes more than `seconds`.
    """
    parted: defaultdict[str, list[SearchRecord]] = defaultdict(list)
    for record in records:
        parted[tell_index(record.language)].append(record)
    made: dict[str, bytes] = {}
    for name, own in sorted(parted.items()):
        messages = [_open_index(name), *(_describe(record, _LANGUAGES[name]) for record in own), _ASK_FOR_FILES]
        files = {file["path"]: b64decode(file["content"]) for file in _Service(seconds).run(messages)}
        needed = {path: content for path, content in files.items() if _is_needed(path, name)}
        made |= {f"{name}/{path}": content for path, content in order_index(needed).items()}
    return made


def _open_index(name: str) -> dict[str, Any]:
    return {"type": "NewIndex", "config": {"force_language": _LANGUAGES[name], "write_playground": False}}


_ASK_FOR_FILES: Final[dict[str, Any]] = {"type": "GetFiles", "index_id": 0}


def _describe(record: SearchRecord, language: str) -> dict[str, Any]:
    return {
        "type": "AddRecord",
        "index_id": 0,
        "url": record.path,
        "content": record.shown_text or record.title,
        "language": language,
        "meta": {"title": record.title, "where": record.where, "lang": record.language},
        "sort": {"month": record.month},
        "filters": {"bulletin": [record.bulletin], "year": [record.year], "kind": [record.kind]},
    }


def _is_needed(path: str, index: str) -> bool:
    """Whether our page loads a file of an index. Pagefind has pages and styles of its own beside those."""
    program = f"wasm.{'en' if index == ENGLISH_INDEX else 'unknown'}.pagefind"
    return path in (*_PROGRAM, program) or path.startswith(_DATA) or path.endswith(".pf_meta")


def _find_program() -> Path:
    try:
        import pagefind_bin
    except ImportError:
        raise Part.SEARCH.report_missing() from None
    try:
        return Path(pagefind_bin.get_executable())
    except FileNotFoundError as error:
        raise Part.SEARCH.report_missing() from error


class _Service:
    """One run of the program. It is ended after so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._late = threading.Event()
        self._writer: threading.Thread | None = None

    def run(self, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Send all messages; the files that answer the last one."""
        command = [str(_find_program()), "--service"]
        try:
            process = subprocess.Popen(  # noqa: S603 -- the program of a library that is installed
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise _fail(f"it can't be started ({error.strerror})") from error
        with process:
            timer = threading.Timer(self._seconds, self._stop, [process])
            timer.start()
            try:
                return self._talk(process, messages)
            except (ValueError, LookupError, TypeError) as error:
                raise _fail("its answer can't be read") from error
            finally:
                timer.cancel()
                process.kill()
                self._end_writing(process.stdin)

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        self._late.set()
        process.kill()

    def _end_writing(self, pipe: IO[bytes] | None) -> None:
        """Wait for the writer, which the end of the program has stopped; what it couldn't send is dropped."""
        if self._writer:
            self._writer.join()
        with suppress(OSError):
            if pipe:
                pipe.close()

    def _talk(self, process: subprocess.Popen[bytes], messages: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        sent, answers = process.stdin, process.stdout
        assert sent is not None  # noqa: S101 -- both are pipes
        assert answers is not None  # noqa: S101
        self._writer = threading.Thread(target=_write_all, args=(sent, messages), daemon=True)
        self._writer.start()
        for answer in _read_answers(answers):
            payload = answer["payload"]
            if payload["type"] == "Error":
                raise _fail(f"it says: {payload['message']}")
            if answer["message_id"] == len(messages) - 1:
                return list(payload["files"])
        raise _fail(f"it takes more than {self._seconds:g} seconds" if self._late.is_set() else "it ended too early")


def _write_all(pipe: IO[bytes], messages: Sequence[Mapping[str, Any]]) -> None:
    with suppress(OSError, ValueError):  # it has ended: the reader says so
        for number, message in enumerate(messages):
            pipe.write(b64encode(json.dumps({"message_id": number, "payload": message}).encode()) + b",")
        pipe.flush()


def _read_answers(pipe: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Each answer, until the program ends."""
    begun: list[bytes] = []
    while piece := pipe.read1(_PIECE):  # type: ignore[attr-defined]  # a pipe of Popen is buffered
        *ended, rest = piece.split(b",")
        for end in ended:
            yield json.loads(b64decode(b"".join([*begun, end])))
            begun.clear()
        begun.append(rest)


def _fail(reason: str) -> BulletinError:
    return BulletinError(
        f"The index for searching can't be made: {reason}.",
        "Try again. If it fails again, remove pagefind-bin: the archive is then built without search.",
    )
