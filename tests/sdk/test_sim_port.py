"""A simulator on a port of this machine, behind a real server."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from hub.core.clock import SystemClock
from hub.core.failures import InDoubt, Rejected
from hub.sdk.http import Http
from hub.sdk.sim import Fault, FaultKind
from tests.sdk.kiosk import KioskSim
from tests.sdk.remotes import a_clock, a_local_client

pytestmark = pytest.mark.socket


@pytest.fixture
def kiosk() -> Iterator[tuple[KioskSim, Http]]:
    sim = KioskSim()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(sim.asgi(a_clock()), log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        http = a_local_client(listening.getsockname()[1], clock=SystemClock())
        yield sim, http.with_headers({"authorization": "Bearer s3cret"})
        http.close()
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def test_a_simulator_answers_on_a_port(kiosk):
    sim, http = kiosk

    answer = http.write("POST", "/v1/sales", json={"reference": "ü"}, params={"a": "b"}).json()

    assert str(answer) == "{'number': 1, 'price': Decimal('2.50')}"
    assert sim.books() == {"sale": ("ü",)}
    with pytest.raises(Rejected):
        http.read("GET", ("v1", "sales", "a/b"))


@pytest.mark.parametrize("kind", [FaultKind.RESET_AFTER, FaultKind.TIMED_OUT_AFTER, FaultKind.TORN])
def test_faults_of_the_network_cut_the_connection(kiosk, kind):
    sim, http = kiosk
    sim.fail(Fault(kind))

    with pytest.raises(InDoubt):
        http.write("POST", "/v1/sales", json={"reference": "A"}).json()

    assert sim.books() == {"sale": ("A",)}
    assert http.read("GET", "/v1/sales/A").status == 200


def test_a_slow_answer_comes(kiosk):
    sim, http = kiosk
    sim.fail(Fault(FaultKind.SLOW, seconds=30))

    assert http.write("POST", "/v1/sales", json={"reference": "A"}).status == 201
