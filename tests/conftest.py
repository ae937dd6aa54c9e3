import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
SERVICES = {
    "postgres_url": "postgres",
    "rabbitmq_url": "rabbitmq",
    "redis_url": "redis",
    "redis_prefix": "redis",
}
ON_THE_NETWORK = {"socket", "e2e", "bench", *SERVICES.values()}

hypothesis.settings.register_profile("hub", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("hub")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for a service carries its mark; only marked tests reach the loop-back address."""
    for item in items:
        asked_for = set(getattr(item, "fixturenames", ()))
        for name in sorted(asked_for & SERVICES.keys()):
            item.add_marker(SERVICES[name])
        if ON_THE_NETWORK & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """An empty PostgreSQL database of this test."""
    with servers.postgres_database() as url:
        yield url


@pytest.fixture
def rabbitmq_url() -> Iterator[str]:
    """An empty RabbitMQ virtual host of this test."""
    with servers.rabbitmq_vhost() as url:
        yield url


@pytest.fixture
def redis_url(redis_prefix: str) -> str:
    """Redis, of which this test uses the names under `redis_prefix` only."""
    return servers.REDIS


@pytest.fixture
def redis_prefix() -> Iterator[str]:
    """The beginning of every Redis key of this test."""
    with servers.redis_names() as prefix:
        yield prefix


@pytest.fixture(scope="session")
def fixtures_dir() -> Path:
    """Payloads that other people's systems have really sent; they are not part of the project."""
    folder = Path(os.environ.get("HUB_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if not folder.is_dir():
        pytest.skip("no recorded payloads of third parties; HUB_FIXTURES names their folder")
    return folder
