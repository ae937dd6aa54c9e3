"""Each invariant is broken on purpose, and exactly its check says so."""

import re
import shutil
import sqlite3

import pytest

from hub.actions import orders
from hub.actions.permission import OWNER
from hub.core.failures import InDoubt
from hub.core.reasons import wording
from hub.core.tracking import TrackingStatus
from hub.store.verify import CHECKS, verify
from tests.core.builders import a_line, an_event
from tests.house import House, a_house, opened


def live_a_while(house: House) -> None:
    """Orders delivered, partly shipped, waiting to be handed over, unmapped, held, cancelled, and one in doubt."""
    house.locate("hall", rank=3, carrier="post", hands_over="hand")
    house.shelve("CUP", 3, "hall")
    house.shelve("CAP", 2)
    house.sell("1001")
    house.settle()
    [label] = house.books("post").labels
    house.books("post").scans[f"PP{label[1:9]}"] = [an_event(TrackingStatus.DELIVERED, "2026-11-03T10:00:00Z")]
    house.sell("1002", a_line("CAP", quantity=5))
    house.sell("1003", a_line("CUP", quantity=2))
    house.sell("1004", a_line("CUP", quantity=5))
    house.sell("1005", a_line("MYSTERY"))
    house.sell("1006", total="12.34")
    house.settle()
    house.books("books").trouble.append(InDoubt("http.timed_out", host="books.paper.test"))
    house.sell("1007")
    house.settle()
    orders.cancel(house.hub, OWNER, 5, reason="no longer wanted")
    house.settle()


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """The folder of a hub that has seen everything once."""
    folder = tmp_path_factory.mktemp("lived")
    with a_house(folder) as house:
        live_a_while(house)
    return folder


@pytest.fixture
def failing(lived, tmp_path):
    """The checks that fail after some statements on a copy of the database: {name: detail}."""

    def after(script: str) -> dict[str, str]:
        file = tmp_path / "hub.sqlite"
        shutil.copy(lived / "hub.sqlite", file)
        database = sqlite3.connect(file)
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.executescript(script)
        database.close()
        with opened(lived, file) as store, store.view(1) as view:
            return {check.name: check.detail for check in verify(view) if not check.ok}

    return after


SALE = "SELECT id FROM movements WHERE key LIKE 'sale/%' ORDER BY id LIMIT 1"
COPIED_SHIPMENT = """
    CREATE TEMP TABLE copied AS SELECT * FROM shipments WHERE id = 1;
    UPDATE copied SET id = 99, effect_id = 2;
    INSERT INTO shipments SELECT * FROM copied
"""
GAP = """
    INSERT INTO events (tenant_id, id, subject, subject_id, seq, name, actor, params, at)
    VALUES (1, 9999, 'order', 3, 8, 'order.held', 'user:owner', '{}', '2026-11-02T08:30:00.000000+00:00')
"""
LEFT = """
    INSERT INTO batches (tenant_id, id, step, rows, part, begun, started_at)
    VALUES (1, 9, 'label', '[1]', 1, 1, '2026-11-02T08:30:00.000000+00:00')
"""

BROKEN = {
    "stock_on_hand": ("UPDATE positions SET on_hand = on_hand + 1 WHERE id = 1", "position 1"),
    "stock_reserved": ("UPDATE positions SET reserved = reserved - 1 WHERE id = 2", "position 2"),
    "stock_items": ("UPDATE movements SET item_id = 2 WHERE id = 1", "movement 1"),
    "lines_reserved": ("UPDATE order_lines SET reserved = 1000000 WHERE id = 2", "line 2"),
    "lines_planned": ("UPDATE order_lines SET planned = 2000000 WHERE id = 4", "line 4"),
    "lines_handed_over": ("UPDATE order_lines SET handed_over = 1000000 WHERE id = 2", "line 2"),
    "orders_state": ("UPDATE orders SET state = 'routed' WHERE id = 7", "order 7 (routed), 1 like it"),
    "orders_holds": ("UPDATE orders SET open_holds = 0 WHERE id = 6", "order 6"),
    "fulfilments_reserved": (
        "UPDATE reservations SET fulfilment_line_id = 3 WHERE id = 4",
        "fulfilment 3, fulfilment 4",
    ),
    "fulfilments_sold": (f"UPDATE movements SET target = 'scrap' WHERE id = ({SALE})", "fulfilment 1"),
    "fulfilments_label": (COPIED_SHIPMENT, "fulfilment 1"),
    "receivables_sum": ("UPDATE receivables SET total = total - 1 WHERE id = 1", "order 1"),
    "effects_state": ("UPDATE effects SET lease_until = sent_at WHERE id = 1", "effect 1"),
    "effects_key": ("UPDATE effects SET token = 'HAAAAAAAAAAAAAAA' WHERE id = 4", "effect 4"),
    "effects_order": ("UPDATE effects SET after_id = 12 WHERE id = 13", "effect 13"),
    "effects_watched": ("UPDATE effects SET watched = 'watch' WHERE id = 2", "effect 2"),
    "feeds_version": ("UPDATE feeds SET sent_version = version + 1 WHERE id = 3", "feed 3"),
    "inbox_applied": ("UPDATE inbox SET order_id = NULL WHERE id = 2", "entry 2"),
    "inbox_due": ("UPDATE inbox SET due_at = received_at WHERE id = 7", "entry 7"),
    "events_numbered": (GAP, "order 3"),
    "seals": ("UPDATE events SET actor = 'user:nobody' WHERE id = 1", "seal.changed 1"),
    "references": ("UPDATE listings SET item_id = 77 WHERE id = 1", "listings 1"),
    "database": (
        "UPDATE locations SET hands_over = 'drone' WHERE id = 1",
        "CHECK constraint failed in locations",
    ),
    "batches": (LEFT, "batch 9"),
}
"""A statement that breaks one invariant, and whom its check names."""

UNIQUE = {
    "receivables_once": ("receivables", "uq_receivables", "total = 0", "order 1"),
    "effects_once": ("effects", "uq_effects", "request_id = request_id", "effect 1"),
}
"""What a constraint forbids: table, constraint, what the copy of row 1 says otherwise, and whom the check names."""


def test_a_hub_that_lived_is_sound(failing):
    assert failing("") == {}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_invariant_is_seen_by_its_check_alone(failing, name):
    script, detail = BROKEN[name]

    assert failing(script) == {name: detail}


def test_a_line_that_returned_more_than_left_is_seen_by_the_file_as_well(failing):
    found = failing("UPDATE order_lines SET returned = 3000000 WHERE id = 2")

    assert found == {"lines_bounds": "line 2", "database": "CHECK constraint failed in order_lines"}


@pytest.mark.parametrize("name", UNIQUE)
def test_a_second_row_under_one_key_is_seen_where_the_constraint_is_gone(failing, lived, name):
    table, constraint, change, detail = UNIQUE[name]
    database = sqlite3.connect(lived / "hub.sqlite")
    [(made,)] = database.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
    database.close()
    loose, cut = re.subn(rf",\s*CONSTRAINT {constraint}\w* UNIQUE \([^)]*\)", "", made)
    assert cut == 1

    script = f"""
        PRAGMA legacy_alter_table = ON;
        ALTER TABLE {table} RENAME TO former;
        {loose};
        INSERT INTO {table} SELECT * FROM former;
        UPDATE former SET id = 99, {change} WHERE id = 1;
        INSERT INTO {table} SELECT * FROM former WHERE id = 99;
        DROP TABLE former;
    """

    assert failing(script) == {name: detail}


def test_every_check_is_broken_by_some_test_and_has_words():
    assert set(CHECKS) == {*BROKEN, *UNIQUE, "lines_bounds"}
    assert [name for name in CHECKS if wording(f"check.{name}") is None] == []


def test_many_offenders_are_named_by_the_first_five_and_their_number(failing):
    found = failing("UPDATE effects SET token = 'HAAAAAAAAAAAAAAA'; UPDATE orders SET open_holds = 7")

    assert found == {
        "effects_key": "effect 1, effect 2, effect 3, effect 4, effect 5, 13 in all",
        "orders_holds": "order 1, order 2, order 3, order 4, order 5, 7 in all",
    }


@pytest.mark.postgres
def test_a_hub_that_lived_on_postgresql_is_sound(postgres_url, tmp_path):
    with a_house(tmp_path, postgres_url) as house:
        live_a_while(house)

        with house.hub.store.view(1) as view:
            assert [check for check in verify(view) if not check.ok] == []
