"""Services give each test a place of its own; unit tests reach nothing."""

import socket

import kombu
import psycopg
import pytest
import redis
from pytest_socket import SocketBlockedError, SocketConnectBlockedError

from tests import servers


def test_unit_tests_open_no_socket():
    with pytest.raises(SocketBlockedError):
        socket.socket()


@pytest.mark.socket
def test_marked_tests_reach_the_loopback_address_only():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

    with socket.socket() as outside, pytest.raises(SocketConnectBlockedError):
        outside.connect(("192.0.2.1", 80))


def test_postgres_is_empty(postgres_url):
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()

    assert tables == (0,)


def test_rabbitmq_passes_a_message(rabbitmq_url):
    with kombu.Connection(rabbitmq_url) as connection, connection.SimpleQueue("orders") as queue:
        queue.put("due")
        message = queue.get(timeout=5)
        message.ack()

    assert message.payload == "due"


def test_redis_names_are_gone_afterwards(redis_url, redis_prefix):
    with servers.redis_names() as prefix, redis.Redis.from_url(redis_url) as client:
        client.set(f"{prefix}order", "due")
        client.set(f"{redis_prefix}order", "due")

    with redis.Redis.from_url(redis_url) as client:
        assert client.exists(f"{prefix}order", f"{redis_prefix}order") == 1


def test_an_absent_server_skips_the_test(monkeypatch):
    monkeypatch.delenv("HUB_REQUIRE_SERVICES", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no answer"):
        servers.absent("no answer")


def test_an_absent_server_fails_the_test_where_it_is_required(monkeypatch):
    monkeypatch.setenv("HUB_REQUIRE_SERVICES", "1")
    with pytest.raises(pytest.fail.Exception, match="no answer"):
        servers.absent("no answer")
