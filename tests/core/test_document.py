"""Documents: frozen, exact about unknown fields, readable years later, refused by place and code."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from hub.core.document import (
    Document,
    Facts,
    Native,
    NewerDocument,
    Part,
    bad_inputs,
    read,
    upcast,
    write,
)
from hub.core.failures import BadInput
from hub.core.fields import Code, Flag, MaybeText, Text
from hub.core.json import JSON
from tests.core.builders import a_line, an_order, zoe


class Parcel(Document):
    """The third form of a document that once had a weight in pounds, and later a name called title."""

    schema_number = 3

    name: Text
    grams: int
    fragile: Flag = False
    note: MaybeText = None
    codes: tuple[Code, ...] = ()


@upcast(Parcel, 1)
def pounds_to_grams(parcel: dict[str, JSON]) -> dict[str, JSON]:
    pounds = parcel.pop("pounds")
    assert isinstance(pounds, int | Decimal)
    return {**parcel, "grams": int(pounds * Decimal("453.592"))}


@upcast(Parcel, 2)
def title_to_name(parcel: dict[str, JSON]) -> dict[str, JSON]:
    return {"name": parcel.pop("title"), **parcel}


def faults(model: type[Document], values: object) -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    return [(bad.code, bad.field, bad.value) for bad in bad_inputs(caught.value)]


def test_documents_never_change() -> None:
    parcel = Parcel(name="box", grams=1)

    with pytest.raises(ValidationError):
        parcel.name = "bag"  # type: ignore[misc]  # frozen, as the test shows
    assert hash(an_order(people=zoe())) == hash(an_order(people=zoe()))


def test_what_equals_its_default_is_not_written() -> None:
    assert write(Parcel(name="box", grams=1, fragile=False, note=None)) == b'{"name":"box","grams":1}'


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        (3, b'{"name":"box","grams":907}'),
        (2, b'{"title":"box","grams":907}'),
        (1, b'{"title":"box","pounds":2}'),
        (1, b'{"title":"box","pounds":2.0}'),
    ],
)
def test_former_versions_are_still_read(schema: int, body: bytes) -> None:
    assert read(Parcel, schema, body) == Parcel(name="box", grams=907)


def test_a_newer_version_is_left_to_a_newer_worker() -> None:
    with pytest.raises(NewerDocument) as caught:
        read(Parcel, 4, b"{}")

    assert caught.value.params == {"kind": "Parcel", "schema": 4, "known": 3}


def test_every_fault_is_told_with_its_place() -> None:
    values = {"grams": "1", "fragile": "yes", "colour": "red", "codes": ["", "x" * 256, 7], "note": 5}

    assert faults(Parcel, values) == [
        ("field.missing", "name", "dict"),
        ("field.wrong_type", "fragile", "yes"),
        ("field.wrong_type", "note", ""),
        ("field.empty", "codes.0", ""),
        ("field.too_long", "codes.1", "x" * 39 + "…"),
        ("field.wrong_type", "codes.2", "7"),
        ("field.unknown", "colour", "red"),
    ]


def test_a_fault_deep_inside_has_its_whole_path() -> None:
    order = an_order().model_dump(mode="json")
    order["lines"] = [{"id": "1", "quantity": 1, "line_total": "1.00 EUR"}, {"id": "2", "quantity": 0}]

    with pytest.raises(ValidationError) as caught:
        type(an_order()).model_validate(order)

    assert [(bad.code, bad.field, bad.value) for bad in bad_inputs(caught.value)] == [
        ("quantity.not_positive", "lines.1.quantity", "0"),
        ("field.missing", "lines.1.line_total", "dict"),
    ]


def test_accepting_raises_the_first_fault() -> None:
    with pytest.raises(BadInput) as caught:
        Parcel.accept({"name": "box", "grams": 1, "note": 1})

    assert (caught.value.code, caught.value.field) == ("field.wrong_type", "note")


@pytest.mark.parametrize("blank", ["", "   ", "\n", None])
def test_a_blank_text_is_absent(blank: str | None) -> None:
    assert Parcel.accept({"name": "box", "grams": 1, "note": blank}).note is None


def test_outer_blanks_of_texts_go() -> None:
    parcel = Parcel.accept({"name": " box ", "grams": 1, "note": " a\nb "})

    assert (parcel.name, parcel.note) == ("box", "a\nb")


def test_facts_of_a_platform_are_kept_word_for_word() -> None:
    facts = Facts({"weight": Decimal("1.50"), "tags": ["a", None, {"deep": True}], "count": 3})
    part = Part(native=Native(id="gid://shop/1"), metadata=facts)

    assert dict(facts) == {"weight": "1.50", "tags": ["a", None, {"deep": True}], "count": 3}
    assert read(Part, 1, write(part)) == part
    assert part == Part.accept({"native": {"id": "gid://shop/1"}, "metadata": facts})
    assert hash(part) == hash(read(Part, 1, write(part)))


@pytest.mark.parametrize("facts", [{"price": 1.5}, {"at": object()}, [], "x", {1: "a"}])
def test_facts_hold_json_without_floats(facts: object) -> None:
    with pytest.raises(BadInput) as caught:
        Part.accept({"metadata": facts})

    assert (caught.value.code, caught.value.field) == ("field.wrong_type", "metadata")


def test_an_order_is_stored_without_its_people() -> None:
    order = an_order(a_line(), people=zoe())
    stored, kept_apart = write(order, without={"people"}), write(order.people)

    assert b"people" not in stored
    assert b"Berlin" not in stored
    whole = read(type(order), 1, stored).model_copy(update={"people": read(type(order.people), 1, kept_apart)})
    assert whole == order
