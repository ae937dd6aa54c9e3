"""Personal data at rest: sealed parties and files under data keys that can be dropped.

Whoever forgets a person drops a key; every party, body, label, request and answer under it is then noise,
in the backups that follow too. A data key is unwrapped at most once per transaction and kept no longer.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import select, update

from hub.core.document import read, write
from hub.core.failures import HubError
from hub.core.people import People, Person, Sealed
from hub.core.text import norm
from hub.store.keyring import new_data_key, seal, unseal
from hub.store.tables import BlobRow, DataKeyRow, PartyRow
from hub.store.work import View, Work


class Forgotten(HubError):
    """The key of this person or subject was dropped: nobody can read it any more."""


class DataKey(NamedTuple):
    """The key of one person or subject, unwrapped."""

    id: int
    key: bytes


def new_keys(work: Work, count: int) -> list[DataKey]:
    """Keys for new persons or subjects."""
    keys = [DataKey(number, new_data_key()) for number in work.ids(DataKeyRow, count)]
    wrap = work.store.keyring.wrap
    work.insert(
        DataKeyRow,
        [
            {"id": key.id, "wrapped": wrap(key.key, about=_about(work, "key", key.id)), "made_at": work.now}
            for key in keys
        ],
    )
    work.data_keys.update(keys)
    return keys


def data_keys(view: View, ids: Iterable[int]) -> dict[int, DataKey]:
    """Keys of subjects that exist. Raises Forgotten for one that was dropped."""
    wanted = set(ids)
    found = _unwrapped(view, wanted)
    for number in wanted - found.keys():
        raise Forgotten("people.forgotten", key=number)
    return found


def put_blobs(work: Work, files: Sequence[tuple[DataKey, str, bytes]]) -> Sequence[int]:
    """Store files, each under a key: (key, media type, body)."""
    numbers = work.ids(BlobRow, len(files)) if files else ()
    digest = work.store.keyring.digest
    work.insert(
        BlobRow,
        [
            {
                "id": number,
                "key_id": key.id,
                "digest": digest(body),
                "media": media,
                "size": len(body),
                "body": seal(key.key, body, about=_about(work, "blob", number)),
                "made_at": work.now,
            }
            for number, (key, media, body) in zip(numbers, files, strict=True)
        ],
    )
    return numbers


def read_blob(view: View, number: int) -> bytes:
    """Raises Forgotten, or KeyError where there is no such file."""
    return read_blobs(view, [number])[number]


def read_blobs(view: View, ids: Iterable[int]) -> dict[int, bytes]:
    """The bodies of files. Raises Forgotten when the key of one was dropped."""
    rows = view.all(
        select(BlobRow.id, BlobRow.key_id, BlobRow.body).where(
            BlobRow.tenant_id == view.tenant, view.by_ids(BlobRow.id, ids)
        )
    )
    keys = data_keys(view, (row.key_id for row in rows))
    return {row.id: _opened(view, keys[row.key_id], row.body, "blob", row.id) for row in rows}


def put_parties(work: Work, parties: Sequence[tuple[DataKey, People]]) -> Sequence[int]:
    """Store the people of orders, each under a key, and how they are found again."""
    numbers = work.ids(PartyRow, len(parties)) if parties else ()
    work.insert(
        PartyRow,
        [
            {
                "id": number,
                "key_id": key.id,
                "sealed": seal(key.key, _stored(people), about=_about(work, "party", number)),
                "email_index": _index(work, _email(people)),
                "phone_index": _index(work, _phone(people)),
                "made_at": work.now,
            }
            for number, (key, people) in zip(numbers, parties, strict=True)
        ],
    )
    return numbers


def read_party(view: View, number: int) -> People:
    """Raises Forgotten, or KeyError where there is no such party."""
    return read_parties(view, [number])[number]


def read_parties(view: View, ids: Iterable[int]) -> dict[int, People]:
    """The people of orders. Raises Forgotten when a key of one was dropped."""
    rows = view.all(
        select(PartyRow.id, PartyRow.key_id, PartyRow.sealed).where(
            PartyRow.tenant_id == view.tenant, view.by_ids(PartyRow.id, ids)
        )
    )
    keys = data_keys(view, (row.key_id for row in rows))
    return {row.id: _people(_opened(view, keys[row.key_id], row.sealed, "party", row.id)) for row in rows}


def find_parties(view: View, text: str) -> list[int]:
    """Parties with this e-mail address or telephone number, in whatever way it is written."""
    column = PartyRow.email_index if "@" in text else PartyRow.phone_index
    index = _index(view, norm(text) if "@" in text else _digits(text))
    if index is None:
        return []
    found = select(PartyRow.id).where(PartyRow.tenant_id == view.tenant, column == index)
    return view.scalars(found.order_by(PartyRow.id))


def forget(work: Work, key_id: int) -> None:
    """Drop a key: what was sealed under it cannot be read any more, nor found by address or number."""
    work.update(DataKeyRow, [{"id": key_id, "wrapped": None, "dropped_at": work.now}])
    work.run(
        update(PartyRow)
        .where(PartyRow.tenant_id == work.tenant, PartyRow.key_id == key_id)
        .values(email_index=None, phone_index=None)
    )
    work.data_keys.pop(key_id, None)


def _unwrapped(view: View, wanted: Collection[int]) -> dict[int, DataKey]:
    unknown = [number for number in wanted if number not in view.data_keys]
    if unknown:
        rows = view.all(
            select(DataKeyRow.id, DataKeyRow.wrapped).where(
                DataKeyRow.tenant_id == view.tenant,
                view.by_ids(DataKeyRow.id, unknown),
                DataKeyRow.wrapped.is_not(None),
            )
        )
        unwrap = view.store.keyring.unwrap
        view.data_keys |= {row.id: unwrap(row.wrapped, about=_about(view, "key", row.id)) for row in rows}
    return {number: DataKey(number, view.data_keys[number]) for number in wanted if number in view.data_keys}


def _opened(view: View, key: DataKey, sealed: bytes, kind: str, number: int) -> bytes:
    return unseal(key.key, sealed, about=_about(view, kind, number))


def _about(view: View, kind: str, number: int) -> str:
    return f"{view.tenant}/{kind}/{number}"


def _stored(people: People) -> bytes:
    """The number of the schema stands in front: a party has no column for it."""
    return b"%d\n%b" % (people.schema_number, write(people))


def _people(stored: bytes) -> People:
    schema, _, body = stored.partition(b"\n")
    return read(People, int(schema), body)


def _index(view: View, text: str) -> str | None:
    return view.store.keyring.blind(f"{view.tenant}/{text}") if text else None


def _email(people: People) -> str:
    return next((norm(text) for person in _persons(people) if (text := _plain(person.email))), "")


def _phone(people: People) -> str:
    return next((_digits(text) for person in _persons(people) if (text := _plain(person.phone))), "")


def _persons(people: People) -> Iterable[Person]:
    return filter(None, (people.customer, people.shipping_address, people.billing_address))


def _plain(text: str | Sealed | None) -> str | None:
    return text.value if isinstance(text, Sealed) else text


def _digits(text: str) -> str:
    """The last seven digits: `+49 (0) 30 / 123-45` and `030 12345` are one number."""
    return "".join(filter(str.isdecimal, text))[-7:]
