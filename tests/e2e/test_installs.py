"""Servers of others are installed once; where that is not possible, the tests say so."""

from pathlib import Path

import pytest

from tests.e2e import installs


@pytest.fixture
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(installs, "CACHE", tmp_path / "cache")
    file = tmp_path / "pins.txt"
    file.write_text("shop==1")
    return file


def test_what_is_installed_is_kept_until_the_pins_change(pins):
    made: list[Path] = []
    first = installs._installed("shop", pins, made.append)
    again = installs._installed("shop", pins, made.append)

    pins.write_text("shop==2")
    other = installs._installed("shop", pins, made.append)

    assert first == again
    assert made == [first, other]


def test_a_broken_installation_is_made_again(pins):
    def fail(folder: Path) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        installs._installed("shop", pins, fail)

    made: list[Path] = []
    folder = installs._installed("shop", pins, made.append)

    assert made == [folder]


def test_without_npm_there_is_no_shop(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("HUB_REQUIRE_SERVICES", raising=False)

    with pytest.raises(pytest.skip.Exception, match="Vendure needs node, which is not installed"):
        installs.node_modules()


def test_without_npm_there_is_no_shop_where_it_is_required(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HUB_REQUIRE_SERVICES", "1")

    with pytest.raises(pytest.fail.Exception, match="Vendure needs node, which is not installed"):
        installs.node_modules()


def test_what_npm_or_pip_say_is_the_reason(tmp_path, monkeypatch):
    monkeypatch.delenv("HUB_REQUIRE_SERVICES", raising=False)

    with pytest.raises(pytest.skip.Exception, match="sh installs nothing: no network"):
        installs._run("sh", "-c", "echo no network; exit 1", cwd=tmp_path)
