"""What an editor makes of the schemas: yaml-language-server, which VS Code and most others run, is asked itself."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, Self

import pytest

from broken_issues import BROKEN, SURROUNDINGS
from bulletin.errors import FaultyFiles
from bulletin.issue.sections import section_kinds
from bulletin.workspace.schemas import write_schemas
from checkout import ROOT, TESTS
from conftest import find_program
from issue_files import load_issue
from new_workspace import start_workspace

pytestmark = pytest.mark.slow

SERVER = TESTS / "node/node_modules/yaml-language-server/bin/yaml-language-server"

HEAD = """\
month: 2021-05
published: 4 May 2021
subject: Anytown news for May
preview_text: What we did in April
sections:
"""

# Of these the schema can know all. The other broken issues have faults inside a text (HTML, links), faults that depend
# on another value or file, or are not YAML, of which the server has a view of its own.
STRUCTURAL = [
    "a-list-instead-of-fields",
    "a-text-instead-of-fields",
    "date-without-its-day-or-year",
    "duplicate-key",
    "duplicate-sections",
    "empty-values",
    "figure-without-number",
    "kind-is-a-list",
    "kind-missing",
    "link-without-scheme",
    "list-on-the-line-of-its-name",
    "missing-fields",
    "month-in-words-misspelt",
    "no-sections",
    "published-without-year",
    "resource-faults",
    "sections-empty",
    "sections-not-a-list",
    "text-is-a-list",
    "unknown-kind",
    "unknown-list",
    "yes-as-a-key",
]
# Here the server also says that the field is missing which was misspelt; we say it once.
MISSPELT = ["unknown-field", "unknown-field-at-the-top"]

Message = dict[str, Any]
Complaints = list[tuple[int, str]]


class LanguageServer:
    """yaml-language-server over its standard input and output (LSP 3.17), as an editor in `root` speaks with it."""

    def __init__(self, root: Path, *, schemas: Mapping[str, list[str]]) -> None:
        command = [find_program("node", package="nodejs npm"), str(SERVER), "--stdio"]
        if not SERVER.is_file():
            pytest.fail(f"yaml-language-server is missing. Type: npm ci --prefix {SERVER.parents[3]}")
        self._root = root
        self._settings = {"validate": True, "completion": True, "hover": True, "schemas": schemas}
        self._settings["schemaStore"] = {"enable": False}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)
        self._messages: queue.Queue[Message] = queue.Queue()
        self._numbers = count(1)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        folder = {"uri": self._root.as_uri(), "name": "workspace"}
        document = {
            "completion": {"completionItem": {"snippetSupport": True}},
            "hover": {"contentFormat": ["markdown"]},
        }
        abilities = {"workspace": {"configuration": True, "workspaceFolders": True}, "textDocument": document}
        self._ask(
            "initialize",
            processId=None,
            rootUri=folder["uri"],
            workspaceFolders=[folder],
            capabilities=abilities,
        )
        self._send(method="initialized", params={})
        self._send(method="workspace/didChangeConfiguration", params={"settings": {"yaml": self._settings}})
        return self

    def __exit__(self, *_: object) -> None:
        self._ask("shutdown")
        self._send(method="exit")
        self._process.wait(timeout=30)
        self._listener.join(timeout=30)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def find_complaints(self, files: Mapping[str, str]) -> dict[str, Complaints]:
        """What the server says of each file: line (from 1) and message."""
        awaited = {self._open(name, text): name for name, text in files.items()}
        found: dict[str, Complaints] = {}
        while awaited:
            said = self._await(_says_something_of(awaited))["params"]
            found[awaited.pop(said["uri"])] = [
                (each["range"]["start"]["line"] + 1, each["message"]) for each in said["diagnostics"]
            ]
        return found

    def await_complaint(self, name: str, text: str) -> None:
        """Wait until the server complains of a file, as it will once it has its settings and schemas."""
        uri = self._open(name, text)
        self._await(lambda message: _says_something_of({uri: name})(message) and message["params"]["diagnostics"])

    def complete(self, name: str, text: str) -> dict[str, str]:
        """What the server offers at the end of the text: what is shown, and what it inserts."""
        found = self._ask("textDocument/completion", **self._place(name, text, len(text)))
        return {item["label"]: item.get("insertText") or item["textEdit"]["newText"] for item in found["items"]}

    def hover(self, name: str, text: str, words: str) -> str:
        """What the server says when the mouse is on `words`."""
        found = self._ask("textDocument/hover", **self._place(name, text, text.index(words)))
        return str(found["contents"]["value"])

    def _place(self, name: str, text: str, at: int) -> Message:
        *above, beside = text[:at].split("\n")
        position = {"line": len(above), "character": len(beside)}
        return {"textDocument": {"uri": self._open(name, text)}, "position": position}

    def _open(self, name: str, text: str) -> str:
        uri = (self._root / name).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send(method="textDocument/didOpen", params={"textDocument": document})
        return uri

    def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._send(id=number, method=method, params=params)
        return self._await(lambda message: message.get("id") == number and "method" not in message)["result"]

    def _await(self, wanted: Callable[[Message], bool]) -> Message:
        while not wanted(message := self._messages.get(timeout=30)):
            if "id" in message and "method" in message:
                self._answer(message)
        return message

    def _answer(self, message: Message) -> None:
        asked = message["params"]["items"] if message["method"] == "workspace/configuration" else []
        self._send(id=message["id"], result=[self._settings if each["section"] == "yaml" else None for each in asked])

    def _send(self, **message: Any) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            stream.readline()
            self._messages.put(json.loads(stream.read(length)))


def _says_something_of(uris: Mapping[str, str]) -> Callable[[Message], bool]:
    return lambda message: (
        message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] in uris
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new workspace, as `bulletin init` makes it, with its schemas."""
    folder = tmp_path_factory.mktemp("editor")
    start_workspace(folder, published=date(2021, 5, 4))
    write_schemas(folder / ".bulletin", lists=["partners", "champions", "schools", "everyone"])
    return folder


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[LanguageServer]:
    settings = json.loads((root / ".vscode/settings.json").read_text(encoding="utf-8"))
    with LanguageServer(root, schemas=settings["yaml.schemas"]) as server:
        server.await_complaint("issues/first.yaml", "a field that no issue has: yes\n")
        yield server


@pytest.fixture(scope="module")
def complaints(server: LanguageServer) -> dict[str, Complaints]:
    names = [*STRUCTURAL, *MISSPELT]
    files = {f"issues/{path.name}": path.read_text(encoding="utf-8") for path in BROKEN if path.stem in names}
    return {Path(name).stem: found for name, found in server.find_complaints(files).items()}


def lines_of_our_faults(name: str) -> set[int]:
    (path,) = [path for path in BROKEN if path.stem == name]
    with pytest.raises(FaultyFiles) as raised:
        load_issue(path, shown_as=path.name, context=SURROUNDINGS)
    return {fault.line for fault in raised.value.faults}


def test_a_new_workspace_is_in_order_in_an_editor(server: LanguageServer, root: Path) -> None:
    names = ["bulletin.yaml", "issues/2021-05.yaml"]

    found = server.find_complaints({name: (root / name).read_text(encoding="utf-8") for name in names})

    assert found == {name: [] for name in names}


def test_the_sample_is_in_order_in_an_editor(server: LanguageServer, root: Path) -> None:
    write_schemas(root / "sample" / ".bulletin", lists=["partners", "champions", "schools"])
    paths = [ROOT / "bulletin.yaml", *sorted((ROOT / "issues").glob("*.yaml"))]
    files = {str(Path("sample") / path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}

    found = server.find_complaints(files)

    assert found == {name: [] for name in files}
    server.await_complaint("sample/issues/wrong.yaml", "a field that no issue has: yes\n")
    assert len(found) >= 3


def test_a_schema_is_found_by_the_first_line_of_a_file_alone(root: Path) -> None:
    text = (root / "issues/2021-05.yaml").read_text(encoding="utf-8").replace("kind: notice", "kind: notise")

    with LanguageServer(root, schemas={}) as server:
        server.await_complaint("issues/2021-06.yaml", text)


@pytest.mark.parametrize("name", STRUCTURAL)
def test_an_editor_finds_faults_of_structure_in_the_lines_in_which_we_do(
    name: str, complaints: dict[str, Complaints]
) -> None:
    assert {line for line, _ in complaints[name]} == lines_of_our_faults(name)


@pytest.mark.parametrize("name", MISSPELT)
def test_an_editor_finds_misspelt_fields_in_the_lines_in_which_we_do(
    name: str, complaints: dict[str, Complaints]
) -> None:
    assert lines_of_our_faults(name) <= {line for line, _ in complaints[name]}


def test_an_editor_tells_the_faults_of_one_kind_only(server: LanguageServer) -> None:
    text = HEAD + "  - kind: notice\n    title: Office hours\n    status: running\n"

    found = server.find_complaints({"issues/one-kind.yaml": text})["issues/one-kind.yaml"]

    assert sorted(found) == [(6, 'Missing property "text".'), (8, "Property status is not allowed.")]


def test_an_editor_says_how_a_value_is_written(server: LanguageServer) -> None:
    text = HEAD.replace("4 May 2021", "early in May") + "  - kind: notice\n    title: [a, list]\n    text: The text\n"

    found = server.find_complaints({"issues/hints.yaml": text})["issues/hints.yaml"]

    assert sorted(found) == [
        (2, "Write day, month and year, as in 4 May 2021."),
        (7, "Write a text in one line."),
    ]


LOOKS_LIKE_ANOTHER_TYPE = f"""{HEAD}\
  - kind: training
    title: 2021
    for: schools
    items:
      - {{title: 1.20, provider: 007, places: 20, on_demand: true}}
      - {{title: Yes, provider: B, places: '20', on_demand: Yes, book: {{by: 2021}}}}
      - {{title: C, provider: C, sessions: [{{date: 2021-06-09, starts: 12:30, ends: 14.30, follow_up: 2021-07}}]}}
  - {{kind: campaign, title: A, text: 1, phase: 1, ask: , image: null, partners: Lewisham}}
  - {{kind: executive_updates, title: A, lead: 1, items: [A text alone, 2021, {{text: A text}}]}}
"""


def test_an_editor_takes_what_looks_like_another_type_as_the_loader_does(
    server: LanguageServer, tmp_path: Path
) -> None:
    path = tmp_path / "2021-05.yaml"
    path.write_text(LOOKS_LIKE_ANOTHER_TYPE, encoding="utf-8")

    assert len(load_issue(path, shown_as=path.name, context=SURROUNDINGS).sections) == 3
    assert server.find_complaints({"issues/types.yaml": LOOKS_LIKE_ANOTHER_TYPE}) == {"issues/types.yaml": []}


def test_an_editor_offers_a_section_of_each_kind_where_one_begins(server: LanguageServer) -> None:
    offered = server.complete("issues/begin.yaml", f"{HEAD}  - ")

    assert "status" not in offered, "a field is offered before its kind is known"
    assert offered["kind"] == "kind: "
    assert offered["notice"].splitlines()[:2] == ["kind: notice", "  title: ${1:Notice}"]
    assert len(offered) == len(section_kinds()) + 2  # `kind` alone, and what the server makes of "a section"


def test_an_editor_offers_the_kinds(server: LanguageServer) -> None:
    assert set(server.complete("issues/kinds.yaml", f"{HEAD}  - kind: ")) == {
        "executive_updates",
        "priorities",
        "campaign",
        "group_update",
        "training",
        "events",
        "article",
        "notice",
        "figures",
        "in_brief",
        "people",
        "vacancies",
        "video",
        "resources",
        "links",
        "about",
    }


def test_an_editor_offers_the_fields_of_the_kind(server: LanguageServer) -> None:
    offered = server.complete("issues/fields.yaml", f"{HEAD}  - kind: campaign\n    ")

    assert {"title", "status", "phase", "ask", "assets", "follow_up", "for"} <= set(offered)
    assert not {"lead", "groups", "byline", "notice"} & set(offered)


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("campaign\n    status: ", {"planned", "running", "finished"}),
        ("priorities\n    items:\n      - status: ", {"planned", "under way", "delayed", "paused", "closed"}),
        ("notice\n    for:\n      - ", {"partners", "champions", "schools", "everyone"}),
    ],
)
def test_an_editor_offers_the_values_that_a_field_can_have(
    section: str, values: set[str], server: LanguageServer
) -> None:
    assert set(server.complete(f"issues/values-{len(section)}.yaml", f"{HEAD}  - kind: {section}")) == values


def test_an_editor_knows_bulletin_yaml_as_well(server: LanguageServer) -> None:
    text = "organisation:\n  nam: Anytown\nlists:\n  schools:\n    title: Schools\n    basis: "

    assert set(server.complete("settings/bulletin.yaml", text)) == {
        "consent",
        "public-task",
        "contract",
        "legitimate-interests",
        "soft-opt-in",
    }
    found = server.find_complaints({"other/bulletin.yaml": text})
    assert (2, "Property nam is not allowed.") in found["other/bulletin.yaml"]


def test_an_editor_says_what_a_field_is_for_and_gives_an_example(server: LanguageServer) -> None:
    text = f"{HEAD}  - kind: campaign\n    title: A campaign\n    phase: 1 of 2\n    status: running\n"

    phase, status = (server.hover(f"issues/hover-{words}.yaml", text, f"{words}:") for words in ("phase", "status"))

    assert "The phase it is in." in phase
    assert "Example:\n\n```yaml\n1 of 2\n```" in phase
    assert "`planned`" in status
    assert "`finished`" in status


def test_the_lock_file_holds_no_address_of_a_package_index() -> None:
    lock = json.loads((SERVER.parents[3] / "package-lock.json").read_text(encoding="utf-8"))

    assert all(package["integrity"] for name, package in lock["packages"].items() if name)
    assert not any("resolved" in package for package in lock["packages"].values())
