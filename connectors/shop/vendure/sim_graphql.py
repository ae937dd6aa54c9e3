"""As much GraphQL as a simulated Admin API needs: one operation, its variables, what it selects, and lists.

Lists behave as the shop's own: filters with strict times, sort keys in the order of the schema and not of the
request, and rows that are alike in any order.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias, cast

from hub.core.clock import Chance
from hub.core.json import JSON, loads

Tree: TypeAlias = Mapping[str, "Node"]
Node: TypeAlias = JSON | Tree | Sequence["Node"] | Callable[[Mapping[str, JSON]], "Node"]
"""What may be selected: plain values, objects, lists, and fields that take arguments."""

MOST: Final = 1000
"""The `adminListQueryLimit` of a shop that nobody configured."""

_TOKEN: Final = re.compile(r'\.{3}|[!$():={}\[\]]|"(?:[^"\\]|\\.)*"|-?\d+|\w+')
_SORTED_BY: Final = ("id", "createdAt", "updatedAt", "orderPlacedAt", "code", "state")


class Refused(Exception):
    """A request that is refused as a whole: the text and the code of its error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Selected:
    """A selected field, or with `on` the fields that only one type has."""

    name: str = ""
    on: str = ""
    arguments: Mapping[str, JSON] = field(default_factory=dict)
    fields: tuple["Selected", ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or mutation, with its variables filled in."""

    kind: str
    name: str
    fields: tuple[Selected, ...]


def parse(text: str, variables: Mapping[str, JSON]) -> Operation:
    """The one operation of a request. Raises Refused for what is no GraphQL."""
    try:
        return _Reader(text, variables).operation()
    except IndexError:
        raise Refused("GRAPHQL_PARSE_FAILED", "Syntax Error: Unexpected <EOF>.") from None


def answer(node: Node, fields: Sequence[Selected]) -> JSON:
    """What is selected of a node, all of it where nothing is (free JSON). Raises Refused for an unknown field."""
    if isinstance(node, Mapping) and fields:
        return dict(_picked(node, fields))
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [answer(each, fields) for each in node]
    return cast("JSON", node)


def page(trees: Sequence[Tree], options: JSON, chance: Chance) -> Tree:
    """A list as its options want it."""
    wanted = options if isinstance(options, dict) else {}
    take, skip = _number(wanted, "take", MOST), _number(wanted, "skip", 0)
    if take > MOST:
        raise Refused("USER_INPUT_ERROR", f"Cannot take more than {MOST} results from a list query")
    found = [tree for tree in trees if fits(tree, wanted.get("filter"))]
    found.sort(key=lambda _: chance.random())
    sort = wanted.get("sort")
    for name in reversed(_SORTED_BY):
        if isinstance(sort, dict) and name in sort:
            found.sort(key=lambda tree: _rank(tree[name]), reverse=sort[name] == "DESC")
    return {"items": found[skip : skip + take], "totalItems": len(found)}


def fits(tree: Tree, wanted: JSON) -> bool:
    """Whether a row passes a filter: every condition of it, and one of those under `_or`."""
    if not isinstance(wanted, dict):
        return True
    return all(
        any(fits(tree, one) for one in condition)
        if name == "_or" and isinstance(condition, list)
        else all(_holds(tree[name], kind, value) for kind, value in cast("dict[str, JSON]", condition).items())
        for name, condition in wanted.items()
    )


def _holds(value: Node, kind: str, wanted: JSON) -> bool:
    return _OPERATORS[kind](value, wanted)


_OPERATORS: Final[Mapping[str, Callable[[Node, JSON], bool]]] = {
    "eq": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in cast("list[JSON]", wanted),
    "notIn": lambda value, wanted: value not in cast("list[JSON]", wanted),
    "isNull": lambda value, wanted: (value is None) is wanted,
    "after": lambda value, wanted: value is not None and _moment(value) > _moment(wanted),
    "before": lambda value, wanted: value is not None and _moment(value) < _moment(wanted),
}


def _moment(value: Node) -> datetime:
    return datetime.fromisoformat(str(value))


def _rank(value: Node) -> tuple[bool, int, str]:
    """Numbers by size, nothing first."""
    text = str(value or "")
    return value is not None, int(text) if text.isdigit() else 0, text


def _number(options: Mapping[str, JSON], name: str, usual: int) -> int:
    value = options.get(name)
    return value if isinstance(value, int) else usual


def _picked(tree: Tree, fields: Sequence[Selected]) -> Iterator[tuple[str, JSON]]:
    for one in fields:
        if one.on:
            if one.on == tree.get("__typename") or (one.on == "ErrorResult" and "errorCode" in tree):
                yield from _picked(tree, one.fields)
            continue
        if one.name not in tree:
            message = f'Cannot query field "{one.name}" on type "{tree.get("__typename", "Object")}".'
            raise Refused("GRAPHQL_VALIDATION_FAILED", message)
        node = tree[one.name]
        yield one.name, answer(node(one.arguments) if callable(node) else node, one.fields)


class _Reader:
    """Reads tokens from left to right; commas and blanks mean nothing."""

    def __init__(self, text: str, variables: Mapping[str, JSON]) -> None:
        self._tokens = _TOKEN.findall(text)
        self._variables = variables
        self._at = 0

    def operation(self) -> Operation:
        kind = self._next() if self._tokens[0] != "{" else "query"
        name = self._next() if self._tokens[self._at] not in {"{", "("} else ""
        if self._tokens[self._at] == "(":
            self._at = self._tokens.index(")", self._at) + 1
        return Operation(kind, name, self._fields())

    def _next(self) -> str:
        token: str = self._tokens[self._at]
        self._at += 1
        return token

    def _comes(self, token: str) -> bool:
        if self._tokens[self._at] != token:
            return False
        self._at += 1
        return True

    def _fields(self) -> tuple[Selected, ...]:
        found: list[Selected] = []
        self._next()
        while not self._comes("}"):
            if self._comes("..."):
                self._next()
                found.append(Selected(on=self._next(), fields=self._fields()))
            else:
                found.append(self._field())
        return tuple(found)

    def _field(self) -> Selected:
        name = self._next()
        arguments = self._pairs(")") if self._comes("(") else {}
        return Selected(name, "", arguments, self._fields() if self._tokens[self._at] == "{" else ())

    def _pairs(self, end: str) -> Mapping[str, JSON]:
        """`name: value` up to the closing bracket."""
        pairs: dict[str, JSON] = {}
        while not self._comes(end):
            name = self._next()
            self._comes(":")
            pairs[name] = self._value()
        return pairs

    def _value(self) -> JSON:
        token = self._next()
        if token == "$":  # noqa: S105 - a mark of GraphQL
            return self._variables.get(self._next())
        if token == "{":  # noqa: S105
            return dict(self._pairs("}"))
        if token[0] == '"' or token.lstrip("-").isdigit() or token in {"true", "false", "null"}:
            return loads(token.encode())
        return token
