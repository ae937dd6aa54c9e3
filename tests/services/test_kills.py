"""Processes that are killed while orders flow: nothing is lost and nothing doubled."""

import time
from pathlib import Path

import pytest

from hub.pipeline.celery import MEMORY
from hub.sdk.sim import Fault, FaultKind
from tests.company import a_line
from tests.services.fleet import Fleet, dice, everything_arrived_once, fleet

pytestmark = pytest.mark.slow

ORDERS = 60
KILLS = 16
SPEED = 8
"""So much faster runs the clock where leases of the dead must end."""

AFTERMATH = (FaultKind.RESET_AFTER, FaultKind.ERROR_AFTER, FaultKind.TORN, FaultKind.UNAVAILABLE, FaultKind.RESET)


@pytest.mark.timeout(480)
def test_workers_killed_in_a_loop_lose_and_double_nothing(tmp_path: Path, postgres_url: str, rabbitmq_url: str):
    with fleet(tmp_path, database=postgres_url, broker=rabbitmq_url, speed=SPEED) as firm:
        killed_in_a_loop(firm, workers=2, seed=11)


@pytest.mark.socket
@pytest.mark.timeout(480)
def test_a_hub_on_sqlite_killed_in_a_loop_loses_and_doubles_nothing(tmp_path: Path):
    with fleet(tmp_path, database=f"sqlite:///{tmp_path / 'hub.sqlite'}", broker=MEMORY, speed=SPEED) as firm:
        killed_in_a_loop(firm, workers=1, seed=12)


def killed_in_a_loop(firm: Fleet, *, workers: int, seed: int) -> None:
    chance = dice(seed)
    firm.stock("berlin", "MUG", 1000)
    for sim in firm.sims.values():
        sim.fail(*(Fault(kind, times=1, skip=chance.randrange(5, 60), where="^(POST|PUT)") for kind in AFTERMATH))
    firm.work(workers)

    numbers: list[str] = []
    for kill in range(KILLS):
        while len(numbers) < ORDERS * (kill + 1) // KILLS:
            numbers.append(firm.buy(a_line("MUG", 1 + len(numbers) % 3)))
        worker = firm.workers[kill % workers]
        worker.wait_until_it_runs()
        time.sleep(chance.uniform(0.3, 1.5))
        worker.kill()
        worker.start()
    firm.wait_for(lambda: firm.shipped(ORDERS), 240)
    firm.bring_parcels()
    firm.wait_for(lambda: firm.orders() == {"completed": ORDERS} and firm.open_effects() == 0, 120)

    assert everything_arrived_once(firm, numbers)
