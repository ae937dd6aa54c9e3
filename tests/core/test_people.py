"""Personal data: classified, in one place, and whole where a platform seals it."""

from collections.abc import Iterator
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from hub.core.document import read, write
from hub.core.failures import BadInput
from hub.core.orders import Order
from hub.core.people import NOBODY, Address, Destination, Gift, People, Person, Privacy, Sealed, TaxId
from tests.core.builders import an_order, zoe

PLAIN = {
    "kind", "url", "id", "legacy_id", "connection", "scheme", "language", "match_key", "pickup_point_ref",
    "province_code", "check_messages", "key", "type", "payment_id", "group_id", "line_id", "country",
    "masked", "value", "cipher", "oaid", "key_ref",
}  # fmt: skip
"""Texts among the people that say nothing about them; those of `Sealed` are personal by where they stand."""


def models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


def reachable(root: type[BaseModel], *, without: frozenset[str] = frozenset()) -> set[type[BaseModel]]:
    found, waiting = set(), [root]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.add(model)
            fields = (field for name, field in model.model_fields.items() if model is not root or name not in without)
            waiting += [inner for field in fields for inner in models(field.annotation)]
    return found


def privacy(model: type[BaseModel], name: str) -> Privacy | None:
    field = model.model_fields[name]
    marks = [mark for mark in (*field.metadata, *_marks(field.annotation)) if isinstance(mark, Privacy)]
    return marks[0] if marks else None


def _marks(annotation: object) -> Iterator[object]:
    if get_origin(annotation) is Annotated:
        yield from annotation.__metadata__  # type: ignore[attr-defined]  # Annotated has it
    if get_origin(annotation) in {Union, UnionType}:
        for inner in get_args(annotation):
            yield from _marks(inner)


def is_text(annotation: Any) -> bool:
    return annotation is str or any(is_text(inner) for inner in get_args(annotation))


def test_every_text_about_a_person_has_a_class() -> None:
    unclassified = {
        name
        for model in reachable(People)
        for name, field in model.model_fields.items()
        if is_text(field.annotation) and privacy(model, name) is None
    }

    assert unclassified == PLAIN


def test_an_order_without_people_has_no_personal_field() -> None:
    personal = [
        (model.__name__, name)
        for model in reachable(Order, without=frozenset({"people"}))
        for name in model.model_fields
        if privacy(model, name) is not None
    ]

    assert personal == []


@pytest.mark.parametrize(
    ("model", "name", "expected"),
    [
        (Person, "name", Privacy.IDENTITY),
        (Person, "email", Privacy.CONTACT),
        (Address, "line1", Privacy.ADDRESS),
        (Address, "latitude", Privacy.ADDRESS),
        (People, "source_ip", Privacy.BEHAVIOUR),
        (TaxId, "value", Privacy.IDENTITY),
        (Person, "language", None),
    ],
)
def test_classes_of_fields(model: type[BaseModel], name: str, expected: Privacy | None) -> None:
    assert privacy(model, name) is expected


def test_what_a_platform_seals_is_kept_whole() -> None:
    sealed = {"masked": "张**", "cipher": "AES$…", "oaid": "1W2x", "expires_at": "2026-06-01T00:00:00Z"}
    person = Person.accept({"name": sealed, "phone": {"masked": "138****0000"}, "email": "a@example.org"})

    assert read(Person, 1, write(person)) == person
    assert isinstance(person.name, Sealed)
    assert (str(person.name), person.name.oaid, person.email) == ("张**", "1W2x", "a@example.org")


@pytest.mark.parametrize("name", [7, ["Zoë"], {"mask": "Z**"}])
def test_what_is_no_personal_text_is_refused_without_showing_it(name: object) -> None:
    with pytest.raises(BadInput) as caught:
        Person.accept({"name": name})

    assert (caught.value.code, caught.value.field, caught.value.value) == ("field.wrong_type", "name", "")


def test_coordinates_are_rounded_to_eleven_centimetres() -> None:
    assert Address.accept({"latitude": "52.1"}).latitude == Decimal("52.1")
    assert Address.accept({"latitude": Decimal("52.520006599999")}).latitude == Decimal("52.520007")
    with pytest.raises(BadInput) as caught:
        Address.accept({"longitude": Decimal(1000)})
    assert (caught.value.code, caught.value.value) == ("address.no_coordinate", "")


@pytest.mark.parametrize("country", ["Germany", "de", "DEU", ""])
def test_countries_are_two_capital_letters(country: str) -> None:
    with pytest.raises(BadInput) as caught:
        Address.accept({"country": country})

    assert (caught.value.code, caught.value.field) == ("field.wrong_form", "country")


def test_a_group_goes_to_its_own_address_or_to_the_order_s() -> None:
    paris = Address(city="Paris", country="FR")
    people = zoe().model_copy(update={"destinations": (Destination(group_id="2", address=paris),)})

    assert people.destination("2") == paris
    assert people.destination("1") == people.shipping_address
    assert NOBODY.destination(None) is None


def test_an_order_names_nobody_until_told() -> None:
    assert an_order().people == People()
    assert an_order(people={"gift": {"message": "Alles Gute!", "sender": "Zoë"}}).people.gift == Gift(
        message="Alles Gute!", sender="Zoë"
    )


def test_nobody_knows_whether_a_house_is_a_home_until_told() -> None:
    assert Address().residential is None
    assert Address.accept({"type": "residential"}).residential is True
    assert Address.accept({"type": "locker"}).residential is False
