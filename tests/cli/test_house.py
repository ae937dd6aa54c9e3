"""`hub db`, `hub verify`, `hub step`, `hub alarms`, `hub company`: the house itself."""

import sqlite3
import stat

from hub.core.states import OrderState
from hub.pipeline.journey import STEPS
from hub.store import alarms, batches
from hub.store.batches import StepState
from hub.store.verify import CHECKS


def test_a_new_hub_is_made_with_its_key_and_company(nowhere):
    said = nowhere.says("db", "upgrade", "--company", "acme", "--currency", "USD", "--zone", "America/New_York")

    assert said.startswith(f"A new hub is in {nowhere.folder / 'hub.sqlite'}.")
    assert stat.S_IMODE(nowhere.folder.joinpath("hub.key").stat().st_mode) == 0o600
    assert nowhere.told("company") == [
        {"code": "acme", "name": "Main", "currency": "USD", "country": "DE", "zone": "America/New_York"}
    ]
    assert nowhere.told("db", "state")["state"] == "current"


def test_everything_written_stays_in_the_folder(nowhere, tmp_path):
    before = {path for path in tmp_path.rglob("*") if nowhere.folder not in path.parents}

    nowhere("db", "upgrade")
    nowhere("item", "add", "MUG")

    assert {path for path in tmp_path.rglob("*") if nowhere.folder not in path.parents} - before == {nowhere.folder}


def test_upgrading_again_changes_nothing(hub, house):
    house.sell("1001")
    house.settle()

    said = hub.says("db", "upgrade")

    assert said.strip().endswith("is of this release already.")
    assert hub.told("order", "show", "1")["header"]["number"] == "#1001"
    assert [each["code"] for each in hub.told("company")] == ["main"]


def test_a_second_company(hub):
    hub("company", "add", "east", "--name", "East", "--currency", "CNY", "--country", "CN", "--zone", "Asia/Shanghai")

    assert [each["code"] for each in hub.told("company")] == ["east", "main"]


def test_a_sound_hub_is_verified(hub, house):
    house.sell("1001")
    house.settle()

    assert hub.told("verify") == {"ok": True, "checks": [{"name": name, "ok": True, "detail": ""} for name in CHECKS]}
    assert hub.says("verify").splitlines()[-1] == f"All {len(CHECKS)} checks hold."


def test_a_contradiction_is_found_and_ends_with_status_1(hub, house):
    house.hub.store.dispose()
    with sqlite3.connect(house.folder / "hub.sqlite") as database:
        database.execute("UPDATE positions SET on_hand = 11")
    database.close()

    result = hub("verify", status=1)

    assert "✗ what is on hand is the sum of all movements  position 1" in result.stdout
    assert result.stdout.splitlines()[-1] == f"1 of {len(CHECKS)} checks fail."


def test_steps_are_told_in_the_order_of_the_journeys(hub, house):
    house.sell("1001")
    hub("pull")

    found = hub.told("step")

    assert [each["name"] for each in found] == list(STEPS)
    assert {each["name"]: each["due"] for each in found}["review"] == 1
    assert found[1]["from"] == sorted(state.value for state in OrderState)


def test_a_stopped_step_is_set_going(hub, house):
    with house.hub.store.work(1, "test") as work:
        batches.keep_step_state(work, "label", StepState(stopped=True, code="KeyError label:7", strikes=8))
        alarms.open_alarm(work, "step.stopped", "label", {"step": "label", "error": "KeyError label:7"})
    assert "after a correction run hub step resume label" in " ".join(hub.says("alarms").split())
    assert "KeyError label:7" in hub.says("step")

    assert hub.told("step", "resume", "label") == {"step": "label", "orders": 0}

    assert hub.says("alarms").splitlines()[-1] == "All is well."
    assert hub.refuses("step", "resume", "label").startswith("step label is running")
    assert hub.refuses("step", "resume", "labl").startswith("there is no step labl; nearest: label")


def test_mapping_files_are_checked(nowhere):
    found = nowhere.told("mapping", "check")

    assert found["ok"] is True
    assert all(each["flaws"] == [] for each in found["files"])
    assert nowhere.refuses("mapping", "check", "acme").startswith("there is no connector acme")
