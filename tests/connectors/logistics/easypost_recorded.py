"""Recorded payloads of the platform: read from where they lie, and their key trees."""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from pathlib import Path

from hub.core.json import JSON, loads

_BODY = re.compile(r"\n      string: '((?:[^']|'')*)'\n")
_STATUS = re.compile(r"\n      code: (\d+)\n")


def recorded(folder: Path, name: str):
    return loads((folder / "logistics" / "easypost" / name).read_bytes())


def answers(folder: Path, name: str):
    """Status and body of each answer in a recording of HTTP traffic (quoted YAML, lines folded)."""
    text = (folder / "logistics" / "easypost" / name).read_text()
    bodies = [re.sub(r"\s*\n\s*", " ", found).replace("''", "'") for found in _BODY.findall(text)]
    return [(int(status), loads(body.encode())) for status, body in zip(_STATUS.findall(text), bodies, strict=True)]


def key_tree(value: JSON, path: str = "") -> Iterator[tuple[str, str]]:
    """Each path with the kinds of value that stand there; elements of a list are one place."""
    if isinstance(value, dict):
        yield path, "object"
        for key, child in value.items():
            yield from key_tree(child, f"{path}.{key}".strip("."))
    elif isinstance(value, list):
        yield path, "list"
        for child in value:
            yield from key_tree(child, f"{path}[]")
    else:
        yield path, _kind(value)


def differences(ours: JSON, theirs: JSON) -> set[str]:
    """Paths that only one of the two has, and those where values are of different kinds; null fits all.

    What lies below a difference is not told.
    """
    mine, other = _tree(ours), _tree(theirs)
    found = dict.fromkeys(other.keys() - mine.keys(), "-")
    found |= dict.fromkeys(mine.keys() - other.keys(), "+")
    for path in mine.keys() & other.keys():
        kinds = mine[path] - {"null"}, other[path] - {"null"}
        if all(kinds) and kinds[0] != kinds[1]:
            found[path] = "~"
    return {f"{mark} {path}" for path, mark in found.items() if not _below(path, found)}


def _below(path: str, others: Collection[str]) -> bool:
    return any(path.startswith((f"{other}.", f"{other}[")) for other in others)


def _tree(value: JSON) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for path, kind in key_tree(value):
        found.setdefault(path, set()).add(kind)
    return found


def _kind(value: JSON) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | Decimal():
            return "number"
        case _:
            return "text"
