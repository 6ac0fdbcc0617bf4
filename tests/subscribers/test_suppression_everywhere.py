"""Every statement that queues or claims a delivery asks `is_withheld`: shown by the source of the whole package."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import bulletin

PACKAGE = Path(bulletin.__file__).parent
WRITERS = {"update", "insert", "insert_into"}
QUEUED_OR_CLAIMED = {"QUEUED", "SENDING", "queued", "sending"}
PREDICATES = {"is_withheld", "is_withheld_from", "is_withheld_from_any", "_is_withheld"}  # the others ask the first

# A run puts back what it has claimed itself a moment ago, and that claim has asked. The next claim asks again.
PUT_BACK = {
    "ledger.py: _RECORD",
    "ledger.py: _PUT_BACK",
    "shared_ledger.py: _SETTLE",
    "shared_ledger.py: never_left",
}
# This says of a dead worker's messages that they are uncertain. No one is queued by it.
ENDED = "update deliveries set state = 'uncertain',"


def test_every_statement_that_queues_or_claims_a_delivery_uses_the_predicate() -> None:
    found = [
        (f"{path.name}: {name}", asks)
        for path in sorted(PACKAGE.rglob("*.py"))
        if "versions" not in path.parts
        for name, asks in find_statements(path.read_text(encoding="utf-8"))
    ]
    offenders = {name for name, asks in found if not asks}
    assert offenders == PUT_BACK
    assert len(found) - len(offenders) >= 4, "the claim, the start of a mailing and both decisions were found"


def test_no_statement_about_deliveries_is_written_as_text() -> None:
    for path in PACKAGE.rglob("*.py"):
        if "versions" not in path.parts:
            text = path.read_text(encoding="utf-8").lower().replace(ENDED, "")
            assert "update deliveries" not in text, path
            assert "insert into deliveries" not in text, path


@pytest.mark.parametrize(
    "statement",
    [
        "again = update(deliveries).where(deliveries.c.id == 1).values(state=DeliveryState.QUEUED)",
        "again = update(deliveries).values({'state': DeliveryState.SENDING.value})",
        "VALUES = {'state': 'queued'}\nagain = update(deliveries).values(**VALUES)",
        "again = update(deliveries).values(state=bindparam('state_'))",
        "again = update(deliveries).values(state=choose_state())",
        "def queue(connection):\n    return insert_into(connection, deliveries).values(state=DeliveryState.QUEUED)",
        "people = select(literal(DeliveryState.QUEUED.value))\nadd = insert(deliveries).from_select(['state'], people)",
        "BASE = update(deliveries).where(ours)\nagain = BASE.values(state=DeliveryState.QUEUED)",
        "again = tables.deliveries.update().values(state=DeliveryState.QUEUED)",
        "def queue(c):\n    values = {'state': DeliveryState.QUEUED}\n    c.execute(update(deliveries).values(values))",
    ],
)
def test_a_statement_that_forgets_the_predicate_is_found(statement: str) -> None:
    assert [asks for _, asks in find_statements(statement)] == [False]


@pytest.mark.parametrize(
    "statement",
    [
        "again = update(deliveries).where(~is_withheld_from(mailing)).values(state=DeliveryState.QUEUED)",
        "NOT = ~is_withheld_from_any(mailings)\nagain = update(deliveries).where(NOT).values(state='queued')",
    ],
)
def test_a_statement_that_uses_the_predicate_passes(statement: str) -> None:
    assert [asks for _, asks in find_statements(statement)] == [True]


@pytest.mark.parametrize(
    "statement",
    [
        "late = update(deliveries).where(late).values(due_at=latest)",
        "end = update(deliveries).values(state=DeliveryState.WITHDRAWN)",
        "other = update(mailings).values(state=DeliveryState.QUEUED)",
    ],
)
def test_a_statement_that_does_neither_is_let_be(statement: str) -> None:
    assert not list(find_statements(statement))


def find_statements(source: str) -> Iterator[tuple[str, bool]]:
    """The statements that queue or claim a delivery, or may: by their names, and whether each uses the predicate."""
    tree = ast.parse(source)
    named = _find_names(tree)
    for name, node in _list_roots(tree):
        parts = list(_unfold(node, named))
        if _writes_deliveries(parts) and _may_queue(parts):
            yield name, any(_is_call(part, PREDICATES) for part in parts)


def _find_names(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """All that a name is ever given in this module, in whichever scope: what is too much makes nobody pass unseen."""
    named: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        for target in targets if isinstance(node, ast.Assign | ast.AnnAssign) else ():
            if isinstance(target, ast.Name) and isinstance(value, ast.expr):
                named.setdefault(target.id, []).append(value)
    return named


def _list_roots(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The expressions that are complete statements of SQL: such as call `values` or `from_select`, the outermost."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_call(node, {"values", "from_select"}):
            yield _name_of(node, tree), _climb(node, tree)


def _climb(node: ast.expr, tree: ast.AST) -> ast.expr:
    """The whole chain of calls that `node` is a link of: `.where` may come after `.values`."""
    while True:
        above = next((one for one in ast.walk(tree) if isinstance(one, ast.Attribute) and one.value is node), None)
        call = next((one for one in ast.walk(tree) if isinstance(one, ast.Call) and one.func is above), None)
        if above is None or call is None:
            return node
        node = call


def _name_of(node: ast.expr, tree: ast.AST) -> str:
    for statement in ast.walk(tree):
        if isinstance(statement, ast.Assign | ast.AnnAssign) and any(one is node for one in ast.walk(statement)):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            return ast.unparse(target)
    return f"line {node.lineno}"


def _unfold(node: ast.expr, named: dict[str, list[ast.expr]]) -> Iterator[ast.AST]:
    """All parts of an expression, and of what the names in it stand for."""
    waiting: list[ast.AST] = [node]
    seen: set[str] = set()
    while waiting:
        for part in ast.walk(waiting.pop()):
            yield part
            if isinstance(part, ast.Name) and part.id not in seen:
                seen.add(part.id)
                waiting.extend(named.get(part.id, ()))


def _is_call(node: ast.AST, names: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in names


def _writes_deliveries(parts: list[ast.AST]) -> bool:
    for part in parts:
        if isinstance(part, ast.Call) and _is_call(part, WRITERS):
            about = [*part.args, *([part.func.value] if isinstance(part.func, ast.Attribute) else [])]
            if any(ast.unparse(one).rpartition(".")[2] == "deliveries" for one in about):
                return True
    return False


def _may_queue(parts: list[ast.AST]) -> bool:
    """Whether `state` gets such a value, or one that cannot be read here: then it must ask."""
    if any(_is_call(part, {"from_select"}) for part in parts):
        return _names_state(parts)
    return any(_is_queueing(value, parts) for value in _find_states(parts))


def _find_states(parts: list[ast.AST]) -> Iterator[ast.expr]:
    for part in parts:
        if isinstance(part, ast.keyword) and part.arg == "state":
            yield part.value
        if isinstance(part, ast.Dict):
            for key, value in zip(part.keys, part.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "state":
                    yield value


def _is_queueing(value: ast.expr, parts: list[ast.AST]) -> bool:
    words = {one.attr for one in ast.walk(value) if isinstance(one, ast.Attribute)}
    words |= {str(one.value) for one in ast.walk(value) if isinstance(one, ast.Constant)}
    if words & QUEUED_OR_CLAIMED:
        return True
    return "DeliveryState" not in {one.id for one in ast.walk(value) if isinstance(one, ast.Name)} or not parts


def _names_state(parts: list[ast.AST]) -> bool:
    return any(isinstance(part, ast.Constant) and part.value == "state" for part in parts)
