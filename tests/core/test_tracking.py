"""Where a parcel is: the same story, in whatever order and however often it is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.document import read, write
from hub.core.times import At, Basis, iso
from hub.core.tracking import (
    FINAL,
    Tracking,
    TrackingEvent,
    TrackingReason,
    TrackingReport,
    TrackingStatus,
    fold,
    fold_parcels,
)
from tests.core.builders import an_event

S = TrackingStatus
NOON = datetime(2026, 5, 8, 12, tzinfo=UTC)


def at(hours: float) -> str:
    return (NOON + timedelta(hours=hours)).isoformat()


def story(*steps: tuple[TrackingStatus, float]) -> list[TrackingEvent]:
    return [an_event(status, at(hours)) for status, hours in steps]


def status(*steps: tuple[TrackingStatus, float]) -> TrackingStatus:
    return fold(story(*steps)).status


def test_nothing_is_known_yet() -> None:
    assert fold([]) == Tracking(status=S.PENDING)


def test_the_newest_event_wins_whenever_it_arrives() -> None:
    events = story((S.OUT_FOR_DELIVERY, 20), (S.INFO_RECEIVED, 0), (S.IN_TRANSIT, 10), (S.PICKED_UP, 1))
    tracking = fold(events)

    assert (tracking.status, tracking.status_at, tracking.terminal, tracking.handed_over) == (
        S.OUT_FOR_DELIVERY,
        iso(at(20)),
        False,
        True,
    )


def test_of_two_at_one_instant_the_higher_rank_wins() -> None:
    assert status((S.DELIVERED, 5), (S.OUT_FOR_DELIVERY, 5), (S.IN_TRANSIT, 5)) is S.DELIVERED


def test_a_label_is_not_a_parcel_in_hand() -> None:
    assert not fold(story((S.INFO_RECEIVED, 0))).handed_over
    assert not fold(story((S.PENDING, 0))).handed_over


@pytest.mark.parametrize("late", [S.INFO_RECEIVED, S.PICKED_UP, S.IN_TRANSIT, S.EXCEPTION, S.ATTEMPTED])
def test_late_scans_do_not_undo_a_delivery(late: TrackingStatus) -> None:
    tracking = fold(story((S.DELIVERED, 10), (late, 11)))

    assert (tracking.status, tracking.delivered_at, tracking.ignored) == (S.DELIVERED, iso(at(10)), 1)


@pytest.mark.parametrize("later", [S.RETURNING, S.RETURNED, S.OUT_FOR_DELIVERY])
def test_what_takes_a_parcel_away_again_is_believed(later: TrackingStatus) -> None:
    assert fold(story((S.DELIVERED, 10), (later, 11))).status is later
    assert fold(story((S.DELIVERED, 10), (later, 11))).delivered_at is None


def test_a_parcel_found_damaged_after_delivery() -> None:
    damaged = an_event(S.EXCEPTION, at(11), reason="damaged")
    tracking = fold([*story((S.DELIVERED, 10)), damaged])

    assert (tracking.status, tracking.reason) == (S.EXCEPTION, TrackingReason.DAMAGED)


def test_after_two_days_a_scan_is_no_late_one() -> None:
    assert status((S.DELIVERED, 10), (S.IN_TRANSIT, 58)) is S.DELIVERED
    assert status((S.DELIVERED, 10), (S.IN_TRANSIT, 58.1)) is S.IN_TRANSIT
    assert status((S.DELIVERED, 10), (S.INFO_RECEIVED, 99)) is S.DELIVERED


def test_the_first_delivery_is_the_delivery() -> None:
    assert fold(story((S.DELIVERED, 10), (S.DELIVERED, 99))).delivered_at == iso(at(10))


@pytest.mark.parametrize("final", sorted(FINAL))
def test_only_a_person_leads_a_parcel_back_from_the_end(final: TrackingStatus) -> None:
    tracking = fold(story((S.IN_TRANSIT, 0), (final, 10), (S.DELIVERED, 20)))

    assert (tracking.status, tracking.contradicted_by) == (final, S.DELIVERED)


def test_late_scans_of_a_returned_parcel_ask_nobody() -> None:
    assert fold(story((S.RETURNED, 10), (S.IN_TRANSIT, 11))).contradicted_by is None
    assert fold(story((S.RETURNED, 10), (S.IN_TRANSIT, 99))).contradicted_by is S.IN_TRANSIT


def test_a_voided_parcel_that_moves_asks_a_person() -> None:
    assert fold(story((S.CANCELLED, 10), (S.PICKED_UP, 11))).contradicted_by is S.PICKED_UP


def test_unknown_codes_are_never_in_transit() -> None:
    assert status((S.UNKNOWN, 5)) is S.UNKNOWN
    assert status((S.UNKNOWN, 5), (S.PICKED_UP, 6)) is S.PICKED_UP
    assert status((S.PICKED_UP, 4), (S.UNKNOWN, 5)) is S.PICKED_UP
    assert status((S.PICKED_UP, 4), (S.PENDING, 5)) is S.PICKED_UP


def test_a_number_is_used_again() -> None:
    earlier = story((S.DELIVERED, -24 * 90), (S.INFO_RECEIVED, -24))
    tracking = fold(earlier, shipped_at=NOON)

    assert (tracking.status, tracking.events, tracking.ignored) == (S.INFO_RECEIVED, 2, 1)


def test_a_time_without_zone_is_read_where_it_happened() -> None:
    local = an_event(S.DELIVERED, "2026-05-08 14:00:00", place={"city": "Berlin", "zone": "Europe/Berlin"})
    tracking = fold([local, *story((S.OUT_FOR_DELIVERY, 0.5))])

    assert tracking.status is S.OUT_FOR_DELIVERY
    assert fold([local]).status_at == At(
        "2026-05-08 14:00:00", datetime(2026, 5, 8, 12, tzinfo=UTC), Basis.ASSUMED, "Europe/Berlin"
    )


def test_a_time_without_zone_is_read_like_its_neighbours() -> None:
    near = an_event(S.OUT_FOR_DELIVERY, "2026-05-08T13:00:00+02:00")
    far = an_event(S.PICKED_UP, "2026-05-01T13:00:00-07:00")
    local = an_event(S.DELIVERED, "2026-05-08 14:00:00")

    assert fold([far, local, near], home_zone="Asia/Shanghai").status_at == At(
        "2026-05-08 14:00:00", datetime(2026, 5, 8, 12, tzinfo=UTC), Basis.ASSUMED
    )


def test_a_time_without_zone_or_neighbours_is_read_at_home() -> None:
    local = an_event(S.DELIVERED, "2026-05-08 20:00:00")

    assert fold([local], home_zone="Asia/Shanghai").status_at == At(
        "2026-05-08 20:00:00", datetime(2026, 5, 8, 12, tzinfo=UTC), Basis.ASSUMED, "Asia/Shanghai"
    )
    assert fold([local]).status_at == iso("2026-05-08 20:00:00")


@pytest.mark.parametrize(
    ("undated", "expected"), [(S.INFO_RECEIVED, S.IN_TRANSIT), (S.DELIVERED, S.DELIVERED), (S.LOST, S.LOST)]
)
def test_a_bare_day_stands_where_its_rank_belongs(undated: TrackingStatus, expected: TrackingStatus) -> None:
    events = [an_event(undated, "2026-05-08"), *story((S.PICKED_UP, 1), (S.IN_TRANSIT, 5))]

    assert fold(events).status is expected


def test_the_carrier_s_id_tells_an_event_from_another() -> None:
    same = [an_event(S.IN_TRANSIT, at(1), event_id="e1"), an_event(S.IN_TRANSIT, at(2), event_id="e1")]
    apart = [an_event(S.IN_TRANSIT, at(1), place={"city": city}) for city in ("Berlin", "Paris")]

    assert fold(same).events == 1
    assert fold(apart).events == 2


def test_reports_are_kept_whole() -> None:
    report = TrackingReport.accept(
        {
            "tracking_number": "003404",
            "carrier": "dhl",
            "events": [an_event(S.EXCEPTION, "2026-05-08T10:00:00", reason="customs_hold", place={"country": "DE"})],
            "estimated_delivery": {"at": "2026-05-10", "until": "2026-05-12"},
            "signed_by": {"masked": "Z. M."},
        }
    )

    assert read(TrackingReport, 1, write(report)) == report
    assert report.estimated_delivery is not None
    assert report.estimated_delivery.is_window


@pytest.mark.parametrize(
    ("parcels", "expected"),
    [
        ([S.DELIVERED, S.DELIVERED], S.DELIVERED),
        ([S.DELIVERED, S.OUT_FOR_DELIVERY], S.OUT_FOR_DELIVERY),
        ([S.IN_TRANSIT, S.EXCEPTION, S.DELIVERED], S.EXCEPTION),
        ([S.DELIVERED, S.LOST], S.LOST),
        ([S.IN_TRANSIT, S.LOST], S.IN_TRANSIT),
        ([], S.PENDING),
    ],
)
def test_a_shipment_is_as_far_as_its_worst_parcel(parcels: list[TrackingStatus], expected: TrackingStatus) -> None:
    shipment = fold_parcels([Tracking(status=found) for found in parcels])

    assert shipment.status is expected
    assert {found: shipment.counts[found] for found in parcels} == {found: parcels.count(found) for found in parcels}


times = st.integers(-100, 100).map(at) | st.sampled_from(
    ["2026-05-08", "2026-05-08 13:00", "2026-05-09T01:00:00+02:00"]
)
events = st.builds(
    an_event, st.sampled_from(TrackingStatus), times, event_id=st.sampled_from([None, None, None, "e1", "e2"])
)


@given(st.lists(events, max_size=8), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(told: list[TrackingEvent], chance: Any) -> None:
    again = [*told, *told]
    chance.shuffle(again)

    assert fold(again, shipped_at=NOON) == fold(told, shipped_at=NOON)


@given(st.lists(events, max_size=8))
def test_the_end_is_kept_until_a_person_comes(told: list[TrackingEvent]) -> None:
    tracking = fold(told)

    assert (tracking.contradicted_by is None) or tracking.status in FINAL
    assert (tracking.delivered_at is not None) is (tracking.status is S.DELIVERED)
    assert tracking.ignored < max(tracking.events, 1)
