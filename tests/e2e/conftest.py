from collections.abc import Iterator

import pytest

from tests.e2e import servers
from tests.e2e.tryton.ledger import Tryton
from tests.e2e.vendure.shop import Vendure

SERVERS = {"vendure", "tryton"}
PATIENCE = 600
"""Seconds for a test that may be the first of all, for which the servers are installed."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a server of others is an end-to-end test; the hub comes last, for it changes the stock."""
    for item in items:
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker("e2e")
            item.add_marker("socket")
            item.add_marker(pytest.mark.timeout(PATIENCE))
    items.sort(key=lambda item: item.path.name == "test_journey.py")


@pytest.fixture(scope="session")
def vendure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendure]:
    """A shop with goods in stock and no order yet."""
    with servers.vendure(tmp_path_factory.mktemp("vendure")) as shop:
        yield shop


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """A ledger with open fiscal years and no invoice yet."""
    with servers.tryton(tmp_path_factory.mktemp("tryton")) as ledger:
        yield ledger
