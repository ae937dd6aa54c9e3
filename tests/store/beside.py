"""What another process does to the database of a test: `python -m tests.store.beside WHAT URL`."""

import sys
import threading
import time

from sqlalchemy import select, update

from hub.store.tables import CompanyRow, TenantRow
from tests.store.builders import TENANT, a_company, a_store

WORKS = 20
THREADS = 4


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def hold(store) -> None:
    """Take the turn and keep it until killed, with a row that must not stay."""
    with store.work(TENANT, "beside") as work:
        work.insert(CompanyRow, [a_company(1)])
        say("held")
        time.sleep(60)


def run(store) -> None:
    """Be the sole runner until killed."""
    with store.sole_runner():
        say("running")
        time.sleep(60)


def count(store) -> None:
    """Read a number, write the next one, from several threads, while others read."""
    threads = [threading.Thread(target=turn, args=(store,)) for turn in [count_up] * THREADS + [look] * THREADS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("done")


def count_up(store) -> None:
    """A lost update would be seen in the sum."""
    for _ in range(WORKS):
        with store.work(TENANT, "beside") as work:
            [number] = work.ids(CompanyRow, 1)
            work.insert(CompanyRow, [a_company(number)])
            seen = int(work.scalar(select(TenantRow.name)))
            work.run(update(TenantRow).values(name=str(seen + 1)))


def look(store) -> None:
    """What is read fits together."""
    for _ in range(WORKS):
        with store.view(TENANT) as view:
            rows = len(view.all(select(CompanyRow.id)))
            name = int(view.scalar(select(TenantRow.name)))
            if rows != name:
                say(f"{rows} rows, but {name} counted")


def main(what: str, url: str) -> None:
    with a_store(url) as store:
        {"hold": hold, "run": run, "count": count}[what](store)


if __name__ == "__main__":
    main(*sys.argv[1:])
