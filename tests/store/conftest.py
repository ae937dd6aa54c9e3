import pytest

from tests.store.builders import a_store, founded


@pytest.fixture
def sqlite_url(tmp_path):
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'hub.sqlite'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def fresh_url(request):
    """An empty database, once of each kind."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def store(fresh_url):
    """A hub with one tenant, once on each database."""
    founded(fresh_url)
    with a_store(fresh_url) as store:
        yield store


@pytest.fixture
def sqlite_store(sqlite_url):
    """A hub with one tenant on SQLite."""
    founded(sqlite_url)
    with a_store(sqlite_url) as store:
        yield store


@pytest.fixture
def postgres_store(postgres_url):
    """A hub with one tenant on PostgreSQL."""
    founded(postgres_url)
    with a_store(postgres_url) as store:
        yield store
