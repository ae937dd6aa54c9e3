"""Services on their usual local ports, and a place of one's own in each, gone when the test is over.

Another address is named by HUB_TEST_POSTGRES, HUB_TEST_RABBITMQ or HUB_TEST_REDIS. A service that does not
answer skips the test; with HUB_REQUIRE_SERVICES=1 it fails it.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn
from uuid import uuid4

import httpx
import kombu
import psycopg
import pytest
import redis
from psycopg import sql

POSTGRES = os.environ.get("HUB_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
RABBITMQ = os.environ.get("HUB_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")
REDIS = os.environ.get("HUB_TEST_REDIS", "redis://127.0.0.1:6379/0")
PATIENCE = 3
"""Seconds that a service has to answer."""


def absent(reason: str) -> NoReturn:
    if os.environ.get("HUB_REQUIRE_SERVICES") == "1":
        pytest.fail(f"required by HUB_REQUIRE_SERVICES: {reason}", pytrace=False)
    pytest.skip(reason)


def random_name() -> str:
    return f"hub_test_{uuid4().hex[:12]}"


@contextmanager
def postgres_database() -> Iterator[str]:
    """URL of an empty database."""
    name = random_name()
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=PATIENCE)
    except psycopg.OperationalError as error:
        absent(f"PostgreSQL does not answer: {str(error).splitlines()[0]}")
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{POSTGRES.rpartition('/')[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def rabbitmq_vhost() -> Iterator[str]:
    """URL of an empty virtual host."""
    try:
        kombu.Connection(RABBITMQ, connect_timeout=PATIENCE).connect().close()
    except OSError as error:
        absent(f"RabbitMQ does not answer: {error}")
    name = random_name()
    _add_vhost(name)
    try:
        yield f"{RABBITMQ.rstrip('/')}/{name}"
    finally:
        _rabbitmq(["delete_vhost", name], "DELETE", f"vhosts/{name}")


def _add_vhost(name: str) -> None:
    added = _rabbitmq(["add_vhost", name], "PUT", f"vhosts/{name}") and _rabbitmq(
        ["set_permissions", "-p", name, "guest", ".*", ".*", ".*"],
        "PUT",
        f"permissions/{name}/guest",
        {"configure": ".*", "write": ".*", "read": ".*"},
    )
    if not added:
        absent("RabbitMQ makes no virtual host: neither rabbitmqctl nor the management plugin can be used")


def _rabbitmq(command: list[str], method: str, path: str, body: dict[str, str] | None = None) -> bool:
    """Ask rabbitmqctl; where it is missing or not allowed, the management plugin."""
    try:
        if subprocess.run(["rabbitmqctl", "-q", *command], capture_output=True, check=False).returncode == 0:
            return True
    except FileNotFoundError:
        pass
    try:
        url = f"http://127.0.0.1:15672/api/{path}"
        return httpx.request(method, url, json=body, auth=("guest", "guest"), timeout=PATIENCE).is_success
    except httpx.TransportError:
        return False


@contextmanager
def redis_names() -> Iterator[str]:
    """Prefix under which no key exists."""
    prefix = f"{random_name()}:"
    with redis.Redis.from_url(REDIS, socket_connect_timeout=PATIENCE, decode_responses=True) as client:
        try:
            client.ping()
        except redis.ConnectionError as error:
            absent(f"Redis does not answer: {error}")
        yield prefix
        for key in client.scan_iter(match=f"{prefix}*", count=1000):
            client.delete(key)
