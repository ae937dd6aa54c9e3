import subprocess
import sys
from pathlib import Path

import pytest

from hub.core.failures import BadInput, Refused
from hub.registry import Broken, Registry, discovery
from hub.sdk.plugin import hookimpl
from tests.registry.offers import Acme, NoManifest, Unwritten, named, no_settings, plugin, raising
from tests.sdk.kiosk import Kiosk, KioskSim


def a_registry(**plugins) -> Registry:
    return Registry(discovery.offered(name, load) for name, load in plugins.items())


def test_connectors_are_found_by_their_id():
    registry = a_registry(acme=plugin(Acme), more=plugin(named("beta"), named("gamma")))

    assert registry.get("acme") is Acme
    assert [connector.manifest.id for connector in registry.all()] == ["acme", "beta", "gamma"]
    assert registry.broken == ()


def test_a_listed_connector_says_what_it_can_do():
    assert a_registry(acme=plugin(Acme)).listed() == [
        {
            "id": "acme",
            "kind": "shop",
            "title": "Acme Storefront",
            "api": "2026-01",
            "capabilities": ["stock"],
            "grade": None,
            "simulator": False,
            "demo": False,
        }
    ]


def test_an_unknown_connector_brings_the_nearest_names():
    registry = a_registry(acme=plugin(Acme), other=plugin(named("acme2"), named("zeta")))

    with pytest.raises(BadInput) as unknown:
        registry.get("acm")

    assert unknown.value.params == {"field": "connector", "value": "acm", "near": "acme, acme2"}


PROMISES = "fetch_orders, find_order, find_void, pull_orders, read_void, reread_orders, send_void, to_order, void_once"
BROKEN = {
    "import fails": (raising(ImportError("No module 'x'")), "registry.plugin_failed", "ImportError: No module 'x'"),
    "syntax": (raising(SyntaxError("invalid syntax")), "registry.plugin_failed", "SyntaxError: invalid syntax"),
    "exits": (raising(SystemExit(3)), "registry.plugin_failed", "SystemExit: 3"),
    "two lines": (raising(RuntimeError("two\n  lines")), "registry.plugin_failed", "RuntimeError: two lines"),
    "empty offer": (plugin(), "registry.offers_nothing", ""),
    "no hook": (lambda: sys, "registry.offers_nothing", ""),
    "a text": (plugin("acme"), "registry.no_connector", "'acme'"),
    "another class": (plugin(KioskSim), "registry.no_connector", "<class 'tests.sdk.kiosk.KioskSim'>"),
    "no manifest": (plugin(NoManifest), "registry.no_manifest", "NoManifest"),
    "no id": (plugin(named("Not An Id")), "registry.no_manifest", "Acme_Not An Id"),
    "later SDK": (plugin(named("later", sdk=2)), "registry.other_sdk", "later: 2"),
    "no settings": (plugin(no_settings()), "registry.no_settings", "acme"),
    "unwritten": (plugin(Unwritten), "registry.incomplete", f"unwritten: {PROMISES}"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plug_in_is_listed_with_its_reason_and_harms_no_other(case):
    load, reason, detail = BROKEN[case]
    registry = a_registry(bad=load, acme=plugin(Acme))

    assert registry.broken == (Broken("bad", reason, detail),)
    assert registry.get("acme") is Acme


def test_a_hook_that_fails_is_a_broken_plug_in():
    @hookimpl
    def crossdock_connectors():
        raise ZeroDivisionError("oops")

    module = type(sys)("failing")
    vars(module)["crossdock_connectors"] = crossdock_connectors

    assert a_registry(bad=lambda: module).broken == (
        Broken("bad", "registry.plugin_failed", "ZeroDivisionError: oops"),
    )


def test_an_id_belongs_to_whoever_came_first():
    registry = a_registry(first=plugin(Acme), second=plugin(named("acme"), named("beta")))

    assert registry.get("acme") is Acme
    assert registry.broken == (Broken("second", "registry.id_taken", "acme: tests.registry.offers"),)
    assert [connector.manifest.id for connector in registry.all()] == ["acme", "beta"]


def test_a_simulator_is_found_by_its_connector():
    registry = a_registry(kiosk=plugin(Kiosk), acme=plugin(Acme))

    assert registry.simulator("kiosk") is KioskSim
    with pytest.raises(BadInput) as none:
        registry.simulator("acme")
    assert none.value.code == "connector.no_simulator"


def test_the_built_in_connectors_are_sound():
    registry = Registry.load()

    assert registry.broken == ()


def test_a_stranger_is_found_beside_the_built_in_ones():
    registry = Registry.load(more=[("kiosk", plugin(Kiosk))])

    assert registry.get("kiosk") is Kiosk


STRANGER = """
from hub.sdk.plugin import hookimpl
from hub.sdk.connector import Connector, ConnectorConfig, Kind, Manifest

class Corner(Connector[ConnectorConfig]):
    manifest = Manifest(id="corner", kind=Kind.SHOP, title="Corner shop", api="1", mappings="corner_crossdock")
    config_model = ConnectorConfig

@hookimpl
def crossdock_connectors():
    return [Corner]
"""


def a_distribution(folder: Path, name: str, module: str, source: str) -> None:
    (folder / f"{module}.py").write_text(source)
    facts = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(f"[crossdock.connectors]\n{name} = {module}\n")


def listed_with(folder: Path) -> tuple[list[str], list[str]]:
    program = (
        "from hub.registry import Registry; registry = Registry.load();"
        "print(*(row['id'] for row in registry.listed())); print(*(broken.name for broken in registry.broken))"
    )
    environment = {"PYTHONPATH": f"{folder}:{discovery.HOUSE}", "PATH": ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    ids, broken = done.stdout.split("\n")[:2]
    return ids.split(), broken.split()


def test_a_distribution_of_its_own_is_found_by_its_entry_point(tmp_path):
    a_distribution(tmp_path, "corner-shop", "corner_crossdock", STRANGER)
    a_distribution(tmp_path, "broken-shop", "broken_crossdock", "import nothing_of_this_name")

    ids, broken = listed_with(tmp_path)

    assert "corner" in ids
    assert "broken-shop" in broken


@pytest.mark.parametrize("package", ["connectors", "mappings"])
def test_a_foreign_package_in_our_place_is_refused(tmp_path, monkeypatch, package):
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text("raise AssertionError('foreign code ran')")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)

    with pytest.raises(Refused) as refused:
        Registry.load()

    assert refused.value.params == {
        "package": package,
        "path": str(tmp_path / package),
        "expected": str(discovery.HOUSE / package),
    }


def test_a_missing_package_is_refused(monkeypatch):
    monkeypatch.setattr(discovery, "OURS", ("connectors_that_are_gone",))

    with pytest.raises(Refused) as refused:
        discovery.refuse_foreign_packages()

    assert refused.value.params["path"] == ""
