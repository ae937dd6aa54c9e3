"""The whole journey with two workers in processes of their own, over either broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.sdk.sim import Fault, FaultKind
from tests.company import a_line
from tests.services.fleet import Fleet, everything_arrived_once, fleet

pytestmark = pytest.mark.slow

ORDERS = 60


@pytest.fixture
def on_rabbitmq(tmp_path: Path, postgres_url: str, rabbitmq_url: str) -> Iterator[Fleet]:
    with fleet(tmp_path, database=postgres_url, broker=rabbitmq_url) as made:
        yield made


@pytest.fixture
def on_redis(tmp_path: Path, postgres_url: str, redis_url: str, redis_prefix: str) -> Iterator[Fleet]:
    with fleet(tmp_path, database=postgres_url, broker=redis_url, prefix=redis_prefix.rstrip(":")) as made:
        yield made


@pytest.mark.timeout(420)
def test_two_workers_on_postgresql_and_rabbitmq_do_everything_once(on_rabbitmq: Fleet):
    two_workers_do_everything_once(on_rabbitmq)


@pytest.mark.timeout(420)
def test_two_workers_on_postgresql_and_redis_do_everything_once(on_redis: Fleet):
    two_workers_do_everything_once(on_redis)


def two_workers_do_everything_once(firm: Fleet) -> None:
    firm.stock("berlin", "MUG", 1000)
    busy(firm)
    firm.work(2)

    numbers = [firm.buy(a_line("MUG", 1 + at % 3)) for at in range(ORDERS)]
    firm.wait_for(lambda: firm.shipped(ORDERS), 240)
    firm.bring_parcels()
    firm.wait_for(lambda: firm.orders() == {"completed": ORDERS} and firm.open_effects() == 0, 120)

    assert everything_arrived_once(firm, numbers)
    assert [worker.stop() for worker in firm.workers] == [0, 0]


def busy(firm: Fleet) -> None:
    """Every remote has too much to do now and then."""
    for sim in firm.sims.values():
        sim.fail(Fault(FaultKind.RATE_LIMITED, times=2, skip=10, probability=0.2, seconds=1))
