"""A worker process of a test: as `hub worker`, on a clock that runs faster than the wall's.

Arguments: folder, speed, the time on the clock (ISO 8601) and on the wall (Unix seconds) when it was started.
"""

import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from hub.cli.serving import cranked, told_to_stop
from hub.core.clock import FastClock, system_chance
from hub.pipeline.celery import working
from hub.pipeline.hub import Hub
from hub.registry import Registry
from hub.store.engine import Store
from hub.store.keyring import Keyring


def main(folder: str, speed: str, start: str, wall: str) -> None:
    passed = timedelta(seconds=(time.time() - float(wall)) * float(speed))
    clock = FastClock(datetime.fromisoformat(start) + passed, float(speed))
    keyring = Keyring.load(Path(folder), {}, first_start=False)
    store = Store(os.environ["HUB_DATABASE"], keyring=keyring, clock=clock, chance=system_chance())
    hub = Hub(store, Registry.load(), clock)
    with told_to_stop() as stop, store.sole_runner(), cranked(hub, os.environ) as crank, working(hub, crank, every=0.2):
        sys.stdout.write("The worker runs.\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
