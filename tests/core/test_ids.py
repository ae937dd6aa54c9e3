"""Ids that sort, keys that name business facts, tokens that fit narrow fields."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.clock import seeded_chance
from hub.core.failures import BadInput
from hub.core.ids import effect_key, token, uuid7, uuid7_of

NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)


def test_the_sample_of_the_standard() -> None:
    """RFC 9562, appendix A.6."""
    bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F

    assert uuid7_of(0x017F22E279B0, bits) == UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")


def test_ids_sort_by_time() -> None:
    chance = seeded_chance(1)
    ids = [uuid7(NOON + timedelta(milliseconds=step), chance) for step in range(100)]

    assert ids == sorted(ids)
    assert {found.version for found in ids} == {7}
    assert {found.variant for found in ids} == {"specified in RFC 4122"}


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_every_time_and_chance_makes_a_version_seven(milliseconds: int, bits: int) -> None:
    found = uuid7_of(milliseconds, bits)

    assert (found.version, found.int >> 80) == (7, milliseconds)


def test_the_same_facts_make_the_same_key_and_token() -> None:
    key = effect_key("acme", "shop-1/order/1001/shipment/2", "booking", 1)

    assert key == "acme/shop-1/order/1001/shipment/2/booking/1"
    assert token(key) == token(key)
    assert token(key) != token(effect_key("acme", "shop-1/order/1001/shipment/2", "booking", 2))


def test_a_token_fits_narrow_fields() -> None:
    assert token("acme/order/1/booking/1") == "HRKHNKMC35TPZB2E"


@pytest.mark.parametrize(
    ("tenant", "subject", "capability", "generation"),
    [
        ("", "order/1", "void", 1),
        ("a/b", "order/1", "void", 1),
        ("a", "", "void", 1),
        ("a", "order/1", "x/y", 1),
        ("a", "order/1", "void", 0),
    ],
)
def test_keys_that_could_be_taken_for_another_are_refused(
    tenant: str, subject: str, capability: str, generation: int
) -> None:
    with pytest.raises(BadInput) as caught:
        effect_key(tenant, subject, capability, generation)

    assert caught.value.code == "effect.bad_key"
