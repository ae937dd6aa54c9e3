"""A parent writes, its forked child writes, the parent writes again: run by test_engine."""

import os
import sys

from hub.store.tables import CompanyRow
from tests.store.beside import say
from tests.store.builders import TENANT, a_company, a_store, companies


def main(url: str) -> None:
    with a_store(url) as store:
        with store.work(TENANT, "parent") as work:
            work.insert(CompanyRow, [a_company(1)])
        if os.fork() == 0:
            say(f"child {list(companies(store))}")
            with store.work(TENANT, "child") as work:
                work.insert(CompanyRow, [a_company(2)])
            store.dispose()
            os._exit(0)
        os.wait()
        say(f"parent {list(companies(store))}")


if __name__ == "__main__":
    main(sys.argv[1])
