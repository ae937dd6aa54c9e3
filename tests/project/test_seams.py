"""Time, ids and chance enter at one place; what is caught blindly is known."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.project import sources

SEAMS = {
    "hub/core/clock.py": "the clock, the id source and the random source of the house",
    "hub/store/keyring.py": "keys and nonces that somebody can foresee protect nothing, in a simulation either",
}
"""Files that may read the time, make ids, roll dice or sleep, each with its reason."""

TIME_AND_CHANCE = re.compile(
    r"""datetime\.datetime\.(now|utcnow|today) | datetime\.date\.today
      | time\.(time|time_ns|sleep|localtime|gmtime|ctime) | asyncio\.sleep
      | uuid\.uuid\d | os\.urandom | secrets\.\w+
      | random\.(?!Random$)\w+""",
    re.VERBOSE,
)
TIME_IN_SQL = re.compile(
    r"\b(CURRENT_TIMESTAMP|CURRENT_DATE|now\(\)|clock_timestamp\(\)|random\(\)|gen_random_uuid\(\))"
    r"|\b(date|time|datetime|strftime|julianday)\([^)]*'now'",
    re.IGNORECASE,
)

CAUGHT = {
    "hub/registry/discovery.py": "a stranger's code may raise whatever it likes, and never stops the hub",
    "hub/cli/failing.py": "a person is told in one sentence, the log has the rest",
    "hub/pipeline/contained.py": "a stranger's connector may raise whatever it likes, and never ends a worker",
    "hub/pipeline/batches.py": "whatever a row did to its step, the row is set aside and the others go on",
}
"""Files that catch whatever comes, once each, with the reason why nothing narrower would do."""

LOOSE: dict[str, str] = {}
"""Files that pass `dict[str, Any]` on, with the foreign interface that asks for it."""


def house() -> dict[str, ast.Module]:
    return sources.trees("hub", "connectors")


def seams(tree: ast.Module) -> Iterator[tuple[int, str]]:
    yield from ((line, name) for line, name in sources.uses(tree) if TIME_AND_CHANCE.fullmatch(name))
    yield from ((line, text) for line, text in sources.texts(tree) if TIME_IN_SQL.search(text))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not node.args and sources.dotted(node.func).endswith("Random"):
            yield node.lineno, "random.Random() without a seed"


def blind_catches(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(node.type))))
    ]


def loose_types(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and ast.unparse(node) == "dict[str, Any]"
    ]


def test_time_ids_and_chance_come_from_the_clock():
    found = [
        f"{file}:{line} {what}" for file, tree in house().items() if file not in SEAMS for line, what in seams(tree)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("from datetime import datetime as dt\ndt.now(None)", "datetime.datetime.now"),
        ("import datetime\nlater = datetime.datetime.utcnow", "datetime.datetime.utcnow"),
        ("import time\ntime.sleep(1)", "time.sleep"),
        ("from uuid import uuid4\nfield(default_factory=uuid4)", "uuid.uuid4"),
        ("import random\nrandom.choice(items)", "random.choice"),
        ("from random import Random\nRandom()", "random.Random() without a seed"),
        ("text('SELECT now()')", "SELECT now()"),
        ("text(\"SELECT datetime('now')\")", "SELECT datetime('now')"),
    ],
    ids=["now", "utcnow", "sleep", "uuid4", "choice", "unseeded", "sql", "sqlite"],
)
def test_a_read_of_time_or_chance_is_found(source, what):
    assert what in [name for _, name in seams(ast.parse(source))]


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.monotonic()",
        "from random import Random\ndef deal(chance: Random): chance.choice([1])",
        "import random\nrandom.Random(7)",
        "'''What is due is found without now().'''",
        "work.clock.now()",
    ],
    ids=["monotonic", "chance as an argument", "seeded", "docstring", "clock"],
)
def test_the_seam_itself_is_free(source):
    assert list(seams(ast.parse(source))) == []


def test_whatever_comes_is_caught_at_known_places_only():
    allowed = dict.fromkeys(CAUGHT, 1)
    found = {file: lines for file, tree in house().items() if len(lines := blind_catches(tree)) > allowed.get(file, 0)}

    assert found == {}


def test_a_blind_catch_is_found():
    catches = ["except (KeyError, Exception): pass", "except KeyError: pass", "except: pass"]
    source = "".join(f"try: pass\n{catch}\n" for catch in catches)

    assert blind_catches(ast.parse(source)) == [2, 6]


def test_nothing_is_passed_on_untyped():
    found = [f"{file}:{line}" for file, tree in house().items() if file not in LOOSE for line in loose_types(tree)]

    assert found == []
