"""The pains of rival products: which of them a test speaks of, and which not yet."""

import re
import sys

import pytest

from tests.project.sources import ROOT

PAINS = {
    1: "overselling",
    2: "dead webhooks",
    3: "doubled webhooks",
    4: "events out of order",
    5: "parallel imports",
    6: "one unknown SKU stops all",
    7: "one bad item fails a stock batch",
    8: "later edits ignored",
    9: "leaking reservations",
    10: "partial shipments",
    11: "tracking not shown",
    12: "returns never arrive",
    13: "refund cents",
    14: "exchanges double the balance",
    15: "mixed currencies",
    16: "rounding",
    17: "invoice twice",
    18: "invoice for a cancelled order",
    19: "label twice",
    20: "rate limits stop the sync",
    21: "time zones",
    22: "echo loops",
    23: "stuck jobs",
    24: "one shop per installation",
    25: "bundles",
    26: "backorders not released",
    27: "needless splits",
    28: "merging orders",
    29: "payout lines without an order",
    30: "expired tokens",
    31: "full syncs",
    32: "silent switches",
}
PROMISED = {2, 3, 4, 5, 6, 17, 18, 19, 21, 22, 23}


def spoken_of() -> set[int]:
    """The numbers in names of tests, test_d02_… for the second pain."""
    sources = (file.read_text() for file in ROOT.glob("tests/**/test_*.py"))
    return {int(number) for source in sources for number in re.findall(r"def test_d(\d\d)_", source)}


def test_each_promised_pain_has_a_test(capsys: pytest.CaptureFixture[str]):
    without = {number: pain for number, pain in PAINS.items() if number not in spoken_of()}
    with capsys.disabled():
        listed = ", ".join(f"D{number} {pain}" for number, pain in without.items())
        sys.stdout.write(f"\npains without a test: {listed}\n")

    assert PROMISED & without.keys() == set()


def test_no_test_speaks_of_a_pain_that_is_not_listed():
    assert spoken_of() - PAINS.keys() == set()
