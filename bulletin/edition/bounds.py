"""Limit how much memory, and so how much time, a workspace's own templates may use.

Jinja's sandbox keeps a template from other objects, but not from endless work. Here every node that runs, every value
that is made and every text that is written is paid for from one budget, in bytes, and nothing is ever given back. What
may be too large to be made at all (`'x' * 10**9`) is refused first. No clock is used, so every machine has the same
bounds. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from sys import getsizeof
from typing import Any, NoReturn

from jinja2 import TemplateRuntimeError, nodes, pass_context
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.visitor import NodeTransformer
from pydantic import BaseModel

BUDGET = 200_000_000  # bytes; the sample issue takes less than a hundredth
LARGEST = 5_000_000  # bytes of one value
_NODE = 40  # bytes for each node of a template that runs
_CALL = 500  # bytes for each call
_ENTRY = 60  # bytes for each entry of a list, which is also what counting it is worth
_LARGEST_NUMBER = 10_000  # for a width, a count, a precision
_MOST_BITS = 10_000  # of a whole number
_LONGEST_SLOW = 50_000  # characters for filters that may take the square of them
_SLOW = frozenset({"pprint", "striptags", "title", "urlize", "wordwrap", "xmlattr"})
_SPEND, _CHARGE, _JOIN, _READ = (
    "_spend",
    "_charge",
    "_join",
    "_read",
)  # filters that are in templates once they are priced


class TooMuch(TemplateRuntimeError):
    """A template asks for more than any email needs."""


def _refuse_value() -> NoReturn:
    raise TooMuch("this makes a text or list that is too large for any email")


class _Purse:
    """What one rendering may still use. `records` has the length, as text, of each record that it has met."""

    def __init__(self) -> None:
        self.left = BUDGET
        self.records: dict[int, tuple[object, int]] = {}

    def pay(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooMuch("the theme never ends here, or makes far more than an email can hold")

    def weigh(self, record: object) -> int:
        """How long `record` is, if it is printed. It is kept, so that no other one gets its identity."""
        if id(record) not in self.records:
            self.records[id(record)] = (record, len(repr(record)))
        return self.records[id(record)][1]


_PYDANTICS_OWN = frozenset(dir(BaseModel))

_purse: ContextVar[_Purse] = ContextVar("purse")


@contextmanager
def bounded() -> Iterator[None]:
    """One rendering, with a budget of its own."""
    token = _purse.set(_Purse())
    try:
        yield
    finally:
        _purse.reset(token)


class SafeEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox. Of issues and settings, templates see the fields: pydantic's own methods read files and more."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have `obj.attr`."""
        is_pydantics = attr in _PYDANTICS_OWN and isinstance(obj, BaseModel)
        return not is_pydantics and super().is_safe_attribute(obj, attr, value)

    def add_filters(self, filters: Iterable[tuple[str, Callable[..., Any]]]) -> None:
        """Add filters of ours."""
        self.filters.update(filters)


class BoundedEnvironment(SafeEnvironment):
    """The sandbox in which everything is paid for. Use it within `bounded`."""

    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, finalize=_print)
        del self.globals["lipsum"]  # another text each time, of any length
        self.filters = {name: _guard(name, function) for name, function in self.filters.items()}
        self.filters |= {_SPEND: _spend, _CHARGE: _charge, _JOIN: _join, _READ: _read}
        self.tests = {name: _paid(function) for name, function in self.tests.items()}  # type: ignore[arg-type]  # Jinja types them loosely
        self.concat = _concat  # type: ignore[method-assign]  # what Jinja has there is "".join

    def add_filters(self, filters: Iterable[tuple[str, Callable[..., Any]]]) -> None:
        """Add filters of ours: what they return may be an issue's whole text, and is paid for."""
        self.filters.update({name: _paid(function) for name, function in filters})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        priced = _Pricer().visit(super()._parse(source, name, filename))
        priced.set_environment(self)
        return priced  # type: ignore[no-any-return]  # Jinja's visitors return anything

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute, after making sure that the result is not too large."""
        _ask_before_computing(operator, left, right)
        return _take(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 -- Jinja's
        """Call a function or method, after making sure that the result is not too large."""
        _purse.get().pay(_CALL)
        _ask_before_calling(__obj, args, kwargs)
        return _take(super().call(__context, __obj, *args, **kwargs))


class _Pricer(NodeTransformer):
    """Writes into a template what it costs: each run of a body, and each value that is put together."""

    def _price_body(self, node: Any) -> Any:
        cost = _count(node)
        self.generic_visit(node)
        node.body.insert(0, nodes.ExprStmt(_apply(_SPEND, nodes.Const(cost), node.lineno), lineno=node.lineno))
        return node

    visit_Template = visit_Block = visit_Macro = visit_CallBlock = _price_body  # noqa: N815 -- Jinja's names

    def visit_For(self, node: nodes.For) -> Any:  # noqa: N802
        cost = _count(node)
        self._price_body(node)
        if node.test is not None:
            node.test = nodes.And(_apply(_SPEND, nodes.Const(cost), node.lineno), node.test, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> Any:  # noqa: N802
        self.generic_visit(node)
        return _apply(_JOIN, nodes.List(node.nodes, lineno=node.lineno), node.lineno)

    def _price_value(self, node: Any) -> Any:
        self.generic_visit(node)
        return node if getattr(node, "ctx", "load") != "load" else _apply(_CHARGE, node, node.lineno)

    def visit_Getitem(self, node: nodes.Getitem) -> Any:  # noqa: N802
        return self._price_value(node) if isinstance(node.arg, nodes.Slice) else self.generic_visit(node)

    def visit_Compare(self, node: nodes.Compare) -> Any:  # noqa: N802
        self.generic_visit(node)
        node.expr = _apply(_READ, node.expr, node.lineno)
        for operand in node.ops:
            operand.expr = _apply(_READ, operand.expr, node.lineno)
        return node

    visit_List = visit_Tuple = visit_Dict = _price_value  # noqa: N815


def _apply(name: str, node: nodes.Expr, line: int) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=line)


def _count(node: nodes.Node) -> int:
    """What the nodes of `node` cost."""
    found = [node]
    for each in found:  # grows
        found.extend(each.iter_child_nodes())
    return _NODE * len(found)


@pass_context  # so that it is not computed once and for all when the template is compiled
def _spend(_: Context, cost: int) -> bool:
    _purse.get().pay(cost)
    return True


@pass_context
def _charge(_: Context, value: Any) -> Any:
    return _take(value)


@pass_context
def _read(_: Context, value: Any) -> Any:
    """The value, of which all is looked at."""
    _purse.get().pay(getsizeof(value))
    return value


@pass_context
def _join(context: Context, parts: list[Any]) -> Any:
    """What `~` means."""
    _take(parts)
    return _take(markup_join(parts) if context.eval_ctx.autoescape else str_join(parts))


def _print(value: Any) -> Any:
    """What `{{ value }}` writes. Escaping may make five characters of one."""
    size = _measure(value)
    _purse.get().pay(size if size < 1_000 else 5 * size)
    return value


def _concat(parts: Iterable[str]) -> str:
    """The parts of a template, or of a block of it, as one text: no longer than any value may be."""
    kept: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        if length > LARGEST:
            _refuse_value()
        kept.append(part)
    _purse.get().pay(length)
    return "".join(kept)


def _take(value: Any) -> Any:
    """The value, paid for. What comes one by one is brought together, so that it can be weighed."""
    if isinstance(value, Iterator):
        value = list(value)
    size = _measure(value)
    if size > LARGEST:
        _refuse_value()
    _purse.get().pay(size)
    return value


def _measure(value: Any) -> int:
    """How many bytes a value takes, or would take if it were printed; stops counting above LARGEST."""
    if isinstance(value, str | bytes | int):
        return getsizeof(value)
    size = 0
    waiting = [value]
    while waiting and size <= LARGEST:
        entry = waiting.pop()
        size += _ENTRY
        if isinstance(entry, str | bytes | int):
            size += getsizeof(entry)
        elif isinstance(entry, Mapping):
            waiting.extend(entry)
            waiting.extend(entry.values())
        elif isinstance(entry, list | tuple | set | frozenset):
            waiting.extend(entry)
        elif isinstance(entry, BaseModel):
            size += _purse.get().weigh(entry)
    return size


def _paid(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def paid(*args: Any, **options: Any) -> Any:
        _refuse_numbers([*args[1:], *options.values()])
        _purse.get().pay(sum(getsizeof(arg) for arg in args))
        result = function(*args, **options)
        _purse.get().pay(_measure(result))
        return result

    return paid


def _guard(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter of Jinja's that asks first whether what it makes could be too large, or take too long."""
    first = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def guarded(*args: Any, **options: Any) -> Any:
        value, others = args[first], [*args[first + 1 :], *options.values()]
        size = _measure(value)
        _purse.get().pay(size)
        _refuse_numbers(others)
        if name in _SLOW and size > _LONGEST_SLOW:
            _refuse_value()
        if name == "format":
            _ask_before_formatting(str(value), others)
        elif name in ("replace", "indent", "join", "tojson"):
            _refuse_product(size, others)
        elif name == "sum" and any(isinstance(other, list | tuple) for other in others):
            _purse.get().pay(size * len(list(value)))  # each sum of lists is copied for the next
        return _take(function(*args, **options))

    return guarded


def _refuse_numbers(values: Iterable[Any]) -> None:
    for value in values:
        if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
            raise TooMuch(f"a number here is larger than {_LARGEST_NUMBER:,}")


def _refuse_product(size: int, others: Iterable[Any]) -> None:
    """What is at each place of a text or list may be there as often as it has characters."""
    most = max((value if isinstance(value, int) else _grow(value) for value in others), default=0)
    if size * most > 10 * LARGEST:
        _refuse_value()


def _grow(value: Any) -> int:
    """How much larger a text or list becomes by each `value` in it."""
    return _measure(value) - (getsizeof(value[:0]) if isinstance(value, str | bytes) else 0)


def _ask_before_computing(operator: str, left: Any, right: Any) -> None:
    whole = isinstance(left, int) and isinstance(right, int)
    if operator == "*" and whole:
        too_much = left.bit_length() + right.bit_length() > _MOST_BITS
    elif operator == "*":
        times, value = (left, right) if isinstance(left, int) else (right, left)
        too_much = isinstance(times, int) and times * _grow(value) > LARGEST
    else:
        too_much = operator == "**" and whole and left.bit_length() * right > _MOST_BITS
    if too_much:
        _refuse_value()
    if operator == "%" and isinstance(left, str | bytes):
        _ask_before_formatting(left if isinstance(left, str) else left.decode("latin-1"), [right])


_WIDE = re.compile(r"%[^%a-zA-Z]{0,40}[0-9]{5}|\{[^{}]{0,100}[0-9]{5}|\{[^{}]{0,100}\{|%[^%a-zA-Z]{40}")


def _ask_before_formatting(text: str, values: list[Any]) -> None:
    """`'%1000000000d' % 1`, `'{:1000000000}'.format(1)`, and what takes its widths from elsewhere."""
    if "*" in text:
        _refuse_numbers(entry for value in values for entry in (value if isinstance(value, tuple) else [value]))
    places = text.count("%") + text.count("{")
    if _WIDE.search(text) or len(text) + places * _measure(values) > LARGEST:
        _refuse_value()


def _ask_before_calling(function: Any, args: tuple[Any, ...], options: Mapping[str, Any]) -> None:
    values = [*args, *options.values()]
    if function is safe_range:  # has bounds of its own
        return
    _refuse_numbers(values)
    owner = getattr(getattr(function, "__wrapped__", function), "__self__", None)
    if not isinstance(owner, str | bytes):
        return
    name = getattr(function, "__name__", "")
    size = _measure(owner)
    _purse.get().pay(size)
    if name in ("format", "format_map") and isinstance(owner, str):
        _ask_before_formatting(owner, values)
    elif name == "join":
        _refuse_product(_measure(values), [owner])
    elif name in ("replace", "expandtabs", "translate"):
        _refuse_product(size, values)
