"""`hub demo`: some days of trading, told at the end."""

import pytest

from hub.store.verify import CHECKS

pytestmark = pytest.mark.slow


def test_the_demonstration_is_told_and_leaves_its_orders(nowhere):
    page = nowhere.says("demo", "--orders", "12")

    assert f"All {len(CHECKS)} checks hold." in page
    assert page.splitlines()[0].split()[0] == "Channel"
    assert nowhere.told("order", "list", "--limit", "1")["orders"][0]["id"] == 12
    assert nowhere.told("verify")["ok"] is True
    assert nowhere.says("order", "show", "1").splitlines()[0].split()[:2] == ["Order", "1"]


def test_a_program_reads_whether_all_went_well(nowhere):
    report = nowhere.told("demo", "--orders", "12")

    assert (report["ok"], report["doubled"]) == (True, [])
    assert sum(channel["orders"] for channel in report["channels"]) == 12
