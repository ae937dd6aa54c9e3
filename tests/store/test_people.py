"""Personal data can be read by those who hold the key, found without being shown, and forgotten for good."""

import pytest
from sqlalchemy import select, text, update

from hub.core.people import NOBODY, Address, People, Person, Sealed
from hub.store import people
from hub.store.keyring import Unreadable
from hub.store.people import DataKey, Forgotten
from hub.store.tables import BlobRow, DataKeyRow, PartyRow
from tests.store.builders import NOON, TENANT

ADA = People(
    customer=Person(name="Ada Lovelace", email="Ada@Example.com"),
    shipping_address=Address(name="Ada", line1="St James's Square 12", phone="+44 (0)20 7946-0123"),
    buyer_note="Please ring twice",
)


def a_key(store):
    with store.work(TENANT, "test") as work:
        [key] = people.new_keys(work, 1)
    return key


def put(store, *parties):
    with store.work(TENANT, "test") as work:
        keys = people.new_keys(work, len(parties))
        return keys, list(people.put_parties(work, list(zip(keys, parties, strict=True))))


def test_keys_are_stored_wrapped_and_read_again(store):
    with store.work(TENANT, "test") as work:
        keys = people.new_keys(work, 3)
        rows = work.all(select(DataKeyRow.id, DataKeyRow.wrapped, DataKeyRow.made_at).order_by(DataKeyRow.id))

    assert [key.id for key in keys] == [1, 2, 3]
    assert len({key.key for key in keys}) == 3
    assert [row.made_at for row in rows] == [NOON] * 3
    assert all(key.key not in row.wrapped for key, row in zip(keys, rows, strict=True))
    with store.view(TENANT) as view:
        assert people.data_keys(view, [3, 1, 1]) == {1: keys[0], 3: keys[2]}


def test_files_are_read_again_and_stand_nowhere_in_the_open(store):
    bodies = [b"%PDF-1.7 label of Ada Lovelace", b"", b'{"name": "Ada Lovelace"}' * 100]
    with store.work(TENANT, "test") as work:
        [key] = people.new_keys(work, 1)
        ids = people.put_blobs(work, [(key, "application/pdf", body) for body in bodies])

    with store.view(TENANT) as view:
        assert people.read_blobs(view, ids) == dict(zip(ids, bodies, strict=True))
        assert people.read_blob(view, ids[0]) == bodies[0]
        rows = view.all(select(BlobRow.media, BlobRow.size, BlobRow.body, BlobRow.digest).order_by(BlobRow.id))
    assert [(row.media, row.size) for row in rows] == [("application/pdf", len(body)) for body in bodies]
    assert all(b"Ada" not in row.body for row in rows)
    assert [row.digest for row in rows] == [store.keyring.digest(body) for body in bodies]


def test_nothing_to_store_is_nothing_stored(store):
    with store.work(TENANT, "test") as work:
        assert people.new_keys(work, 0) == []
        assert list(people.put_blobs(work, [])) == []
        assert list(people.put_parties(work, [])) == []
        assert people.read_blobs(work, []) == {}


def test_a_file_that_is_not_there_is_no_empty_file(store):
    with store.view(TENANT) as view, pytest.raises(KeyError):
        people.read_blob(view, 404)


def test_people_are_read_again(store):
    _, ids = put(store, ADA, NOBODY)

    with store.view(TENANT) as view:
        assert people.read_party(view, ids[0]) == ADA
        assert people.read_parties(view, ids) == {ids[0]: ADA, ids[1]: NOBODY}
        sealed = view.scalars(select(PartyRow.sealed))
    assert all(b"Lovelace" not in each for each in sealed)


@pytest.mark.parametrize(
    "asked",
    ["ada@example.com", " ADA@EXAMPLE.COM ", "+442079460123", "020 7946 0123", "0044 20 79460123"],
)
def test_people_are_found_however_one_writes_them(store, asked):
    _, ids = put(store, NOBODY, ADA)

    with store.view(TENANT) as view:
        assert people.find_parties(view, asked) == [ids[1]]


@pytest.mark.parametrize("asked", ["bob@example.com", "ada@example.org", "+49 30 1234567", "", "Ada"])
def test_nobody_is_found_by_what_nobody_has(store, asked):
    put(store, NOBODY, ADA)

    with store.view(TENANT) as view:
        assert people.find_parties(view, asked) == []


def test_a_masked_address_is_no_way_to_find_anybody(store):
    put(store, People(customer=Person(email=Sealed(masked="a***@example.com"))))

    with store.view(TENANT) as view:
        assert view.scalars(select(PartyRow.email_index)) == [None]


def test_a_person_of_another_tenant_is_not_found(store):
    put(store, ADA)

    with store.view(2) as view:
        assert people.find_parties(view, "ada@example.com") == []
        assert people.read_parties(view, [1]) == {}


def test_forgetting_makes_everything_under_the_key_unreadable(store):
    [ada, other], parties = put(store, ADA, ADA)
    with store.work(TENANT, "test") as work:
        [label] = people.put_blobs(work, [(ada, "application/pdf", b"label")])

    with store.work(TENANT, "owner") as work:
        people.forget(work, ada.id)
        with pytest.raises(Forgotten):
            people.read_blob(work, label)

    with store.view(TENANT) as view:
        for read in (
            lambda: people.read_blob(view, label),
            lambda: people.read_blobs(view, [label]),
            lambda: people.read_party(view, parties[0]),
            lambda: people.data_keys(view, [ada.id, other.id]),
        ):
            with pytest.raises(Forgotten) as forgotten:
                read()
            assert (forgotten.value.code, forgotten.value.params) == ("people.forgotten", {"key": ada.id})
        assert people.find_parties(view, "ada@example.com") == [parties[1]]
        assert people.read_party(view, parties[1]) == ADA
        dropped = select(DataKeyRow.dropped_at).where(DataKeyRow.id == ada.id)
        assert view.scalar(dropped) == NOON


def test_a_forgotten_key_stands_nowhere_in_the_file(sqlite_store, tmp_path):
    key = a_key(sqlite_store)
    with sqlite_store.view(TENANT) as view:
        wrapped = view.scalar(select(DataKeyRow.wrapped))
    settle(sqlite_store)
    assert wrapped in (tmp_path / "hub.sqlite").read_bytes()

    with sqlite_store.work(TENANT, "owner") as work:
        people.forget(work, key.id)
    settle(sqlite_store)

    assert wrapped not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def settle(store):
    """Let SQLite carry its log into the file, as it does when the last connection closes."""
    store.dispose()


def test_a_sealed_text_in_another_row_is_not_read(store):
    with store.work(TENANT, "test") as work:
        [key] = people.new_keys(work, 1)
        first, second = people.put_blobs(work, [(key, "text/plain", b"A"), (key, "text/plain", b"B")])
        body = work.scalar(select(BlobRow.body).where(BlobRow.id == first))
        work.run(update(BlobRow).where(BlobRow.id == second).values(body=body))

    with store.view(TENANT) as view:
        assert people.read_blob(view, first) == b"A"
        with pytest.raises(Unreadable):
            people.read_blob(view, second)


def test_a_key_in_another_row_is_not_read(store):
    a_key(store)
    with store.work(TENANT, "test") as work:
        work.run(text("UPDATE data_keys SET id = 9"))

    with store.view(TENANT) as view, pytest.raises(Unreadable):
        people.data_keys(view, [9])


def test_unwrapped_keys_end_with_their_transaction(store):
    with store.work(TENANT, "test") as work:
        [key] = people.new_keys(work, 1)

        assert work.data_keys == {key.id: key.key}

    with store.view(TENANT) as view:
        assert view.data_keys == {}
        assert people.data_keys(view, [key.id]) == {key.id: DataKey(key.id, key.key)}
        assert view.data_keys == {key.id: key.key}
