"""The whole journey with workers in processes of their own, and with workers that are killed."""

import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from hub.sdk.sim import Fault, FaultKind
from tests.company import a_line
from tests.services.fleet import Fleet, dice, fleet

pytestmark = pytest.mark.slow

ORDERS = 60
KILLS = 15


@pytest.fixture
def on_rabbitmq(tmp_path: Path, postgres_url: str, rabbitmq_url: str) -> Iterator[Fleet]:
    with fleet(tmp_path, database=postgres_url, broker=rabbitmq_url) as made:
        yield made


@pytest.fixture
def on_redis(tmp_path: Path, postgres_url: str, redis_url: str, redis_prefix: str) -> Iterator[Fleet]:
    with fleet(tmp_path, database=postgres_url, broker=redis_url, prefix=redis_prefix.rstrip(":")) as made:
        yield made


@pytest.mark.timeout(240)
def test_two_workers_on_postgresql_and_rabbitmq_do_everything_once(on_rabbitmq: Fleet):
    two_workers_do_everything_once(on_rabbitmq)


@pytest.mark.timeout(240)
def test_two_workers_on_postgresql_and_redis_do_everything_once(on_redis: Fleet):
    two_workers_do_everything_once(on_redis)


def two_workers_do_everything_once(firm: Fleet) -> None:
    firm.stock("berlin", "MUG", 1000)
    busy(firm)
    firm.work(2)

    numbers = [firm.buy(a_line("MUG", 1 + at % 3)) for at in range(ORDERS)]
    firm.wait_for(lambda: firm.shipped(ORDERS), 150)
    firm.bring_parcels()
    firm.wait_for(lambda: firm.orders() == {"completed": ORDERS} and firm.open_effects() == 0, 60)

    assert everything_arrived_once(firm, numbers)
    assert [worker.stop() for worker in firm.workers] == [0, 0]


def busy(firm: Fleet) -> None:
    """Every remote has too much to do now and then."""
    for sim in firm.sims.values():
        sim.fail(Fault(FaultKind.RATE_LIMITED, times=5, skip=10, probability=0.2, seconds=1))


def everything_arrived_once(firm: Fleet, numbers: list[str]) -> bool:
    """Each order was shipped and told once and invoiced once, by the books of those who did it."""
    shipments = [firm.shop.shipments(number) for number in numbers]
    quantities = [sum((shown.quantities["MUG"] for shown in each), Decimal(0)) for each in shipments]
    assert quantities == [Decimal(1 + at % 3) for at in range(len(numbers))]
    assert [len(each) for each in shipments] == [1] * len(numbers)
    assert len([label for label in firm.carrier.labels() if not label.voided]) == len(numbers)
    assert len(firm.ledger.postings()) == len(numbers)
    assert firm.doubled() == []
    assert firm.unsound() == []
    return True
