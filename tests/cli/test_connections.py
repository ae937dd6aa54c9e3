"""`hub connectors`, `hub connect`, `hub connection`, `hub pull`, `hub listing`: the outside and its switches."""

import os
import pty
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from hub.core.failures import Misconfigured, Retryable
from hub.registry import Registry
from hub.store.connections import connection_named
from tests.cli.conftest import Desk
from tests.core.builders import a_line
from tests.house import House, url_of

ROOT = Path(__file__).parents[2]
WATCHING = dict.fromkeys(("orders_in", "stock_out", "status_out", "documents_out"), "watch")


def names(hub: Desk) -> list[str]:
    return [each["name"] for each in hub.told("connection", "list")]


def test_connectors_are_listed_for_programs(nowhere):
    listed = nowhere.told("connectors")

    assert {"id", "kind", "capabilities", "grade"} <= set(listed[0])
    assert [each["id"] for each in listed] == [connector.manifest.id for connector in Registry.load().all()]
    [shop] = [each for each in listed if each["id"] == "paper_shop"]
    assert shop["capabilities"] == ["orders", "stock", "dispatch", "cancel"]
    assert shop["grade"] is None


def test_a_broken_plug_in_is_listed_as_broken(nowhere, plugged):
    plugged.joinpath("broken-1.0.dist-info").mkdir()
    plugged.joinpath("broken-1.0.dist-info", "METADATA").write_text(
        "Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n"
    )
    plugged.joinpath("broken-1.0.dist-info", "entry_points.txt").write_text("[crossdock.connectors]\nacme = no_such\n")

    [broken] = [each for each in nowhere.told("connectors") if "broken" in each]

    assert broken == {
        "id": "acme",
        "kind": None,
        "capabilities": [],
        "grade": None,
        "broken": {"code": "registry.plugin_failed", "detail": "ModuleNotFoundError: No module named 'no_such'"},
    }
    assert "✗ acme  the plug-in cannot be loaded" in nowhere.says("connectors")


def test_a_new_connection_only_watches(hub):
    said = hub.says("connect", "paper_shop", "second", "--set", f"base_url={url_of('second')}")

    assert said.splitlines()[0] == "second is connected and only watches: nothing is sent, no order is worked on."
    [found] = [each for each in hub.told("connection", "list") if each["name"] == "second"]
    assert found["flows"] == WATCHING


def test_what_is_watched_begins_when_its_flow_is_turned_on(hub, house):
    hub("connect", "paper_shop", "second", "--set", f"base_url={url_of('second')}", "--cut-over", "2026-11-01")
    house.sell("7001")
    house.books("second").bodies.update(house.books("web").bodies)
    house.books("web").bodies.clear()
    house.settle()
    assert hub.told("order", "show", "7001")["header"]["state"] == "received"
    assert house.books("post").labels == {}

    hub("connection", "set", "second", "--orders-in", "on", "--status-out", "on")
    house.settle()

    assert hub.told("order", "show", "7001")["header"]["state"] == "fulfilled"
    assert len(house.books("second").told) == 1


def test_secrets_come_from_a_file_or_a_variable(hub, house, tmp_path):
    tmp_path.joinpath("token").write_text("from-a-file\n")
    url = ("--set", f"base_url={url_of('second')}")

    hub("connect", "paper_shop", "second", *url, "--secret-file", f"token={tmp_path / 'token'}")
    hub("connect", "paper_shop", "third", *url, "--secret-env", "token=THIRD_TOKEN", THIRD_TOKEN="from-a-variable")

    assert [token_of(house, name) for name in ("second", "third")] == ["from-a-file", "from-a-variable"]
    assert hub.told("connection", "show", "third")["settings"]["token"] == "•••"


def token_of(house: House, name: str) -> str:
    with house.hub.store.view(1) as view:
        return str(house.hub.settings(connection_named(view, name))["token"])


def test_a_secret_is_never_an_argument(hub):
    said = hub.misused("connect", "paper_shop", "second", "--set", f"base_url={url_of('x')}", "--set", "token=abc")

    assert "token is a secret: leave it out to be asked for it, or give it by --secret-file or --secret-env" in said
    assert "abc" not in said
    assert names(hub) == ["books", "post", "web"]


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("--secret-file", "token=/no/such"), ("secret.no_file", "token")),
        (("--secret-env", "token=NO_SUCH"), ("secret.no_variable", "token")),
        (("--set", "shopid=3"), ("field.unknown", "shopid")),
        (("--set", "shop_id=three"), ("field.invalid", "shop_id")),
        (("--set", "base_url=https://10.0.0.1"), ("url.private", "base_url")),
        (("--set", "base_url=http://shop.test"), ("url.scheme", "base_url")),
        (("--set", "base_url=https://user:s3same@shop.test"), ("url.credentials", "base_url")),
        (("--company", "mian"), ("company.unknown", "company")),
    ],
    ids=["no file", "no variable", "unknown", "wrong", "private", "plain", "credentials", "unknown company"],
)
def test_what_is_wrong_with_settings_is_told_by_name(hub, words, refusal):
    given = ("connect", "paper_shop", "second", "--set", f"base_url={url_of('second')}", *words)

    code, params = hub.refusal(*given)

    assert (code, params["field"]) == refusal
    assert refusal[1] in hub.refuses(*given)
    assert "s3same" not in hub.refuses(*given)
    assert names(hub) == ["books", "post", "web"]


def test_every_wrong_setting_is_told(hub):
    said = hub.refuses("connect", "paper_shop", "second", "--set", "shop_id=three", "--set", "shopid=3")

    assert [line.removeprefix("hub: ").split()[0] for line in said.splitlines()] == ["shop_id", "shopid"]


def test_a_name_is_taken_once(hub):
    refused = hub.refuses("connect", "paper_shop", "web", "--set", f"base_url={url_of('other')}")

    assert refused.startswith("there is a connection web already")


def test_an_unknown_connector_is_refused_with_the_nearest(hub):
    assert hub.refuses("connect", "paper_shp", "second").startswith(
        "there is no connector paper_shp; nearest: paper_shop"
    )


def test_wrong_credentials_connect_nothing(hub, tmp_path):
    tmp_path.joinpath("token").write_text("wrong")
    given = ("--set", f"base_url={url_of('second')}", "--secret-file", f"token={tmp_path / 'token'}")

    assert hub.refuses("connect", "paper_shop", "second", *given).startswith(
        "paper.test does not accept the credentials: wrong token"
    )
    assert names(hub) == ["books", "post", "web"]


@pytest.fixture
def locked(plugged):
    """A shop that cannot be connected without a password is installed."""
    places = plugged / "paper_trade-1.0.dist-info" / "entry_points.txt"
    places.write_text(f"{places.read_text()}locked = tests.cli.locked\n")
    return plugged


def test_a_secret_that_is_needed_is_asked_for_without_showing_it(locked, house):
    """On a terminal; what is typed is neither echoed nor printed."""
    house.hub.store.dispose()
    ours, theirs = pty.openpty()
    env = {**os.environ, "HUB_DIR": str(house.folder), "PYTHONPATH": f"{ROOT}:{locked}", "NO_COLOR": "1"}
    command = [sys.executable, "-c", "from hub.cli.app import main; main()", "connect", "locked_shop", "second"]
    arguments = [*command, "--set", f"base_url={url_of('x')}"]
    running = subprocess.Popen(arguments, cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    try:
        wait_for_silence(ours)
        os.write(ours, b"open sesame\n")
        running.wait(60)
    finally:
        running.kill()
        running.wait()
    os.close(theirs)
    shown = everything(ours)

    assert b"second is connected" in shown
    assert b"sesame" not in shown
    assert running.returncode == 0


def wait_for_silence(terminal: int) -> None:
    """Until what is typed is not shown any more."""
    for _ in range(600):
        if not termios.tcgetattr(terminal)[3] & termios.ECHO:
            return
        time.sleep(0.1)
    pytest.fail("nobody asks for a password")


def everything(terminal: int) -> bytes:
    """What stands on a terminal that everybody has left."""
    shown = b""
    try:
        while chunk := os.read(terminal, 1000):
            shown += chunk
    except OSError:
        pass
    os.close(terminal)
    return shown


def test_without_a_terminal_a_needed_secret_is_refused_by_name(locked, hub):
    code, params = hub.refusal("connect", "locked_shop", "second", "--set", f"base_url={url_of('x')}")

    assert (code, params["field"]) == ("secret.missing", "password")


def test_flows_are_turned_one_by_one(hub):
    found = hub.told("connection", "set", "web", "--orders-in", "watch", "--stock-out", "off")

    assert found["flows"] == {"orders_in": "watch", "stock_out": "off", "status_out": "on", "documents_out": "on"}


def test_nothing_to_set_is_a_wrong_use(hub):
    assert "say what to change" in hub.misused("connection", "set", "web")


def test_new_settings_end_a_pause(hub, house):
    house.books("web").trouble.append(Misconfigured("http.unauthorised", host="web.paper.test", detail="gone"))
    house.settle()
    assert hub.told("connection", "show", "web")["paused_code"] == "http.unauthorised"
    assert "hub connection resume web" in " ".join(hub.says("alarms").split())
    [alarm] = hub.told("alarms")
    assert (alarm["reason"]["code"], alarm["subject"]) == ("connection.paused", "web")

    hub("connection", "set", "web", "--secret-env", "token=NEW", NEW="n3w-token")

    assert hub.told("connection", "show", "web")["paused_at"] is None
    assert hub.told("alarms") == []
    assert token_of(house, "web") == "n3w-token"


def test_a_pause_is_ended_by_hand(hub, house):
    house.books("web").trouble.append(Misconfigured("http.unauthorised", host="web.paper.test", detail="gone"))
    house.settle()

    assert hub.says("connection", "resume", "web") == "It goes on.\n"
    assert hub.told("connection", "show", "web")["paused_at"] is None


def test_a_connection_is_checked(hub):
    assert hub.says("connection", "check", "web") == "It answers, and knows us.\n"


def test_an_unknown_connection_is_refused_with_the_nearest(hub):
    assert hub.refuses("connection", "check", "wep").startswith("there is no connection wep; nearest: web")


def test_pulling_brings_orders_at_once(hub, house):
    house.sell("1001")

    assert hub.told("pull") == [{"channel": "web", "documents": 1, "failure": None}]
    assert hub.told("order", "show", "1001")["header"]["state"] == "received"


def test_a_channel_that_cannot_be_read_says_why(hub, house):
    house.books("web").trouble.append(Retryable("http.timed_out", host="web.paper.test"))

    assert hub.told("pull", "web") == [{"channel": "web", "documents": 0, "failure": "http.timed_out"}]


def test_a_listing_is_mapped_by_its_factor(hub, house):
    house.sell("1001", a_line("SIXPACK", quantity=2))
    house.settle()
    assert [each["external_id"] for each in hub.told("listing", "list", "--unmapped")] == ["SIXPACK"]

    said = hub.says("listing", "map", "web", "SIXPACK", "MUG", "--factor", "6")

    assert said == "SIXPACK is MUG; orders that go on: 1\n"
    house.settle()
    assert hub.told("order", "show", "1001")["lines"][0]["ordered"] == "12"
    assert hub.told("listing", "list", "web")[-1]["factor"] == "6"


def test_a_factor_that_is_no_number_is_refused(hub):
    code, params = hub.refusal("listing", "map", "web", "X", "MUG", "--factor", "six")

    assert (code, params["field"]) == ("number.not_a_number", "factor")


def test_an_unknown_item_is_refused_with_the_nearest(hub):
    assert hub.refuses("listing", "map", "web", "X", "MUGG").startswith("there is no item MUGG; nearest: MUG")
