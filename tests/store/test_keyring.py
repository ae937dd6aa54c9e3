"""One key for the hub: made once, never in the open, and nothing sealed can be read or moved without it."""

import base64
import multiprocessing
import random
import stat
import zlib

import pytest

from hub.core.failures import HouseDown
from hub.store.keyring import Keyring, Unreadable, new_data_key, seal, unseal

KEY = bytes(range(32))
OTHER = bytes(reversed(range(32)))


def in_base64(key):
    return base64.b64encode(key).decode()


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path):
    made = Keyring.load(tmp_path, {})

    file = tmp_path / "hub.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(base64.b64decode(file.read_text())) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["hub.key"]
    assert Keyring.load(tmp_path, {}).check == made.check


def test_the_environment_comes_first(tmp_path):
    keyring = Keyring.load(tmp_path, {"HUB_KEY": in_base64(KEY)})

    assert keyring.check == Keyring(KEY).check
    assert list(tmp_path.iterdir()) == []


def test_a_lost_key_is_not_replaced(tmp_path):
    with pytest.raises(HouseDown) as down:
        Keyring.load(tmp_path, {}, first_start=False)

    assert (down.value.code, down.value.params) == ("key.missing", {"path": str(tmp_path / "hub.key")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["short", in_base64(b"x" * 31), in_base64(KEY) + "!", "é" * 32],
    ids=["short", "a byte too few", "a mark too many", "not ASCII"],
)
def test_a_malformed_key_is_named_and_not_shown(tmp_path, text):
    (tmp_path / "hub.key").write_text(text)

    for env, source in (({"HUB_KEY": text}, "HUB_KEY"), ({}, str(tmp_path / "hub.key"))):
        with pytest.raises(HouseDown) as down:
            Keyring.load(tmp_path, env)

        assert (down.value.code, down.value.params) == ("key.malformed", {"source": source, "bytes": 32})


def test_no_key_can_be_made_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(HouseDown) as down:
        Keyring.load(tmp_path / "file", {})

    assert down.value.code == "key.not_writable"


def first_start(folder, answers):
    answers.put(Keyring.load(folder, {}).check)


def test_first_starts_at_once_end_with_one_key(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    starts = [spawn.Process(target=first_start, args=(tmp_path, answers)) for _ in range(3)]
    for start in starts:
        start.start()
    checks = {answers.get(timeout=60) for _ in starts}
    for start in starts:
        start.join()

    assert checks == {Keyring.load(tmp_path, {}).check}
    assert [path.name for path in tmp_path.iterdir()] == ["hub.key"]


def test_the_check_tells_keys_apart():
    assert Keyring(KEY).check == Keyring(KEY).check
    assert Keyring(KEY).check != Keyring(OTHER).check


def test_a_data_key_is_wrapped_for_its_row():
    data_key = new_data_key()
    wrapped = Keyring(KEY).wrap(data_key, about="1/key/7")

    assert data_key not in wrapped
    assert Keyring(KEY).unwrap(wrapped, about="1/key/7") == data_key
    for keyring, about in ((Keyring(OTHER), "1/key/7"), (Keyring(KEY), "1/key/8")):
        with pytest.raises(Unreadable) as unreadable:
            keyring.unwrap(wrapped, about=about)
        assert (unreadable.value.code, unreadable.value.params) == ("sealed.unreadable", {"about": about})


@pytest.mark.parametrize(
    "text", [b"", b"x", b"{}" * 10_000, random.Random(7).randbytes(10_000)], ids=["", "x", "packs", "does not pack"]
)
def test_what_is_sealed_is_read_again(text):
    sealed = seal(KEY, text, about="1/blob/1")

    assert unseal(KEY, sealed, about="1/blob/1") == text
    assert text[:10] not in sealed or len(text) < 10


def test_what_repeats_itself_is_packed():
    assert len(seal(KEY, b'{"line": 1}' * 1000, about="x")) < 200
    assert len(seal(KEY, b"x" * 100, about="x")) == 1 + 12 + 100 + 16


def test_the_same_text_is_never_sealed_alike():
    assert seal(KEY, b"x", about="x") != seal(KEY, b"x", about="x")


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: sealed[:-1],
        lambda sealed: sealed[:5],
        lambda sealed: b"",
        lambda sealed: bytes([3 - sealed[0]]) + sealed[1:],
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: sealed + b"\0",
        zlib.compress,
    ],
    ids=["shorter", "nearly nothing", "nothing", "other form", "one bit", "longer", "packed twice"],
)
def test_what_was_changed_is_not_read(change):
    with pytest.raises(Unreadable):
        unseal(KEY, change(seal(KEY, b"secret", about="x")), about="x")


def test_secrets_of_connections_are_under_the_key_of_the_house():
    sealed = Keyring(KEY).seal_secret(b'{"token": "s3cret"}', about="connection/7")

    assert Keyring(KEY).open_secret(sealed, about="connection/7") == b'{"token": "s3cret"}'
    with pytest.raises(Unreadable):
        Keyring(OTHER).open_secret(sealed, about="connection/7")


def test_indexes_are_blind_and_differ_by_use_and_key():
    keyring = Keyring(KEY)

    assert keyring.blind("ada@example.com") == Keyring(KEY).blind("ada@example.com")
    assert keyring.digest(b"body") == Keyring(KEY).digest(b"body")
    seen = {keyring.blind("x"), keyring.blind("y"), keyring.digest(b"x"), Keyring(OTHER).blind("x"), keyring.check}
    assert len(seen) == 5
    assert {len(index) for index in seen} == {64}
