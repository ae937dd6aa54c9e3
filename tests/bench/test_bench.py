import json

import pytest
from typer.testing import CliRunner

from hub.bench.measures import Measured
from hub.bench.run import Skipped, run
from hub.cli.app import app

FIELDS = ["name", "database", "floor", "hub", "ratio", "aim"]


def bench(*options):
    return CliRunner().invoke(app, ["bench", "--size", "tiny", "--rounds", "1", *options])


@pytest.mark.postgres
def test_a_list_of_ratios_for_programs_on_both_databases(postgres_url):
    answer = bench("--only", "backlog", "--json", "--postgres", postgres_url)

    found = json.loads(answer.stdout)
    assert [(row["name"], row["database"], row["aim"]) for row in found] == [
        ("backlog, orders/s", "postgresql", 0.5),
        ("backlog, orders/s", "sqlite", 0.35),
    ]
    assert [list(row) for row in found] == [sorted(FIELDS)] * 2
    assert all(abs(row["ratio"] - row["hub"] / row["floor"]) < 0.01 for row in found)


@pytest.mark.socket
def test_a_server_that_is_not_there_is_left_out_with_the_reason():
    answer = bench("--only", "import", "--postgres", "postgresql://postgres@127.0.0.1:1/postgres")

    assert answer.exit_code == 0
    assert answer.stderr == "postgresql: database.unreachable\n"
    assert "import, seconds" in answer.stdout
    assert "import: orders stored in the inbox as a backfill" in answer.stdout


def test_an_unknown_measure_is_refused():
    answer = bench("--only", "speed")

    assert answer.exit_code != 0
    assert "only" in answer.stderr


@pytest.mark.socket
@pytest.mark.parametrize("only", ["latency", "effects", "messages"])
def test_every_measure_runs(only):
    found = list(run("tiny", 1, only, "postgresql://postgres@127.0.0.1:1/postgres"))

    assert found[0] == Skipped("postgresql", "database.unreachable")
    assert [each.database for each in found if isinstance(each, Measured)] == ["sqlite"]


@pytest.mark.postgres
@pytest.mark.socket
def test_floor_and_hub_write_the_same_facts(postgres_url, tmp_path):
    from hub.bench.company import TENANT
    from hub.bench.places import postgres
    from hub.store.verify import verify

    with postgres(tmp_path, postgres_url) as stand:
        stand.warm(400)
        with stand.company.hub.store.view(TENANT) as view:
            assert [check.name for check in verify(view) if not check.ok] == []
            counted = view.connection.exec_driver_sql("SELECT state, count(*) FROM orders GROUP BY state").all()

    assert counted == [("routed", 800)]
