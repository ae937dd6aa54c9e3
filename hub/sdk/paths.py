"""Paths of mapping files: a JMESPath, below the row's own node or, after `$.`, below the whole document.

Nearly every path is plain (`customer.address[0].city`); those become closures, ten times as fast as an
expression. A path that leads nowhere answers `None`, as JMESPath does.
"""

import re
from collections.abc import Callable
from typing import TypeAlias, cast

import jmespath
from jmespath.exceptions import JMESPathError

from hub.core.json import JSON

Get: TypeAlias = Callable[[JSON, JSON], JSON]
"""Takes the row's node and the whole document."""

_STEP = re.compile(r"""(?:\.|^)(?:([A-Za-z_]\w*)|"([^"\\]+)")|\[(-?\d+)\]""", re.ASCII)


class BrokenPath(ValueError):
    """Not a JMESPath; the text says where it breaks."""


def compiled(path: str) -> Get:
    """A function that follows the path. Raises BrokenPath."""
    if path in {"$", "@"}:
        return (lambda _, root: root) if path == "$" else (lambda node, _: node)
    if path.startswith("$."):
        follow = _follow(path[2:])
        return lambda _, root: follow(root)
    follow = _follow(path)
    return lambda node, _: follow(node)


def _follow(path: str) -> Callable[[JSON], JSON]:
    steps = _steps(path)
    if steps is None:
        return _expression(path)
    if len(steps) == 1:
        return _one(steps[0])
    return _many(steps)


def _steps(path: str) -> list[str | int] | None:
    """The names and numbers of a plain path, nothing for a real expression."""
    found = list(_STEP.finditer(path))
    if not found or "".join(step[0] for step in found) != path:
        return None
    return [step[1] or step[2] or int(step[3]) for step in found]


def _one(key: str | int) -> Callable[[JSON], JSON]:
    if isinstance(key, int):
        return _many([key])
    return lambda node: node.get(key) if isinstance(node, dict) else None


def _many(steps: list[str | int]) -> Callable[[JSON], JSON]:
    def follow(node: JSON) -> JSON:
        for step in steps:
            if isinstance(node, dict) and isinstance(step, str):
                node = node.get(step)
            elif isinstance(node, list) and isinstance(step, int) and -len(node) <= step < len(node):
                node = node[step]
            else:
                return None
        return node

    return follow


def _expression(path: str) -> Callable[[JSON], JSON]:
    try:
        search = jmespath.compile(path).search
    except JMESPathError as error:
        raise BrokenPath(str(error).splitlines()[0]) from None
    return lambda node: cast("JSON", search(node))
