"""Foreign times: the instant where it can be known, and never one that was made up."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.document import Document, read, write
from hub.core.failures import BadInput
from hub.core.times import At, Basis, Precision, assumed, in_zone, iso, mail_date, unix


class Placed(Document):
    at: At


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # mypy sees tzinfo given twice


@pytest.mark.parametrize(
    ("raw", "instant", "basis"),
    [
        ("2026-05-08T02:34:17Z", utc(2026, 5, 8, 2, 34, 17), Basis.UTC),
        ("2026-05-08T02:34:17.123Z", utc(2026, 5, 8, 2, 34, 17, 123000), Basis.UTC),
        ("2026-05-08T02:34:17+08:00", utc(2026, 5, 7, 18, 34, 17), Basis.OFFSET),
        ("2026-05-08 02:34:17-0330", utc(2026, 5, 8, 6, 4, 17), Basis.OFFSET),
        ("2026-05-08T02:34:17", None, Basis.UNKNOWN),
        ("2026-05-08 02:34", None, Basis.UNKNOWN),
        ("2026-05-08", None, Basis.DATE),
        ("20260508", None, Basis.DATE),
    ],
)
def test_what_has_no_zone_keeps_none(raw: str, instant: datetime | None, basis: Basis) -> None:
    assert iso(raw) == At(raw, instant, basis)


@pytest.mark.parametrize(
    "raw", ["0001-01-01 00:00:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1989-12-31", "2100-01-01"]
)
def test_sentinels_for_never_are_no_times(raw: str) -> None:
    with pytest.raises(BadInput) as caught:
        iso(raw)

    assert (caught.value.code, caught.value.value) == ("time.implausible", raw)


@pytest.mark.parametrize("raw", ["", "yesterday", "2026-13-01", "2026-02-30T10:00:00Z", "10:00:00", "08.05.2026"])
def test_what_is_no_time_is_refused(raw: str) -> None:
    with pytest.raises(BadInput) as caught:
        iso(raw)

    assert caught.value.code == "time.not_a_time"


def test_a_wall_clock_of_a_known_place() -> None:
    assert in_zone("2026-05-08 10:00:00", "Asia/Shanghai") == At(
        "2026-05-08 10:00:00", utc(2026, 5, 8, 2), Basis.ZONE, "Asia/Shanghai"
    )
    assert in_zone("2026-05-08T10:00:00+01:00", "Asia/Shanghai") == iso("2026-05-08T10:00:00+01:00")
    assert in_zone("2026-05-08", "Asia/Shanghai") == iso("2026-05-08")


def test_a_time_that_the_clock_skips_is_refused() -> None:
    with pytest.raises(BadInput) as caught:
        in_zone("2026-03-29 02:30:00", "Europe/Berlin")

    assert (caught.value.code, caught.value.params["zone"]) == ("time.in_gap", "Europe/Berlin")


def test_a_time_that_the_clock_shows_twice_must_be_told_apart() -> None:
    with pytest.raises(BadInput) as caught:
        in_zone("2026-10-25 02:30:00", "Europe/Berlin")
    assert caught.value.code == "time.shown_twice"

    assert in_zone("2026-10-25 02:30:00", "Europe/Berlin", fold=0).utc == utc(2026, 10, 25, 0, 30)
    assert in_zone("2026-10-25 02:30:00", "Europe/Berlin", fold=1).utc == utc(2026, 10, 25, 1, 30)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../../etc/passwd", "Europe"])
def test_unknown_places_have_no_clock(zone: str) -> None:
    with pytest.raises(BadInput) as caught:
        in_zone("2026-05-08 10:00:00", zone)

    assert caught.value.code == "time.unknown_zone"


def test_a_guess_is_called_one() -> None:
    guessed = assumed(iso("2026-10-25 02:30:00"), "Europe/Berlin")

    assert (guessed.utc, guessed.basis, guessed.zone) == (
        utc(2026, 10, 25, 0, 30),
        Basis.ASSUMED,
        "Europe/Berlin",
    )


def test_unix_times() -> None:
    assert unix(1_778_207_657) == At("1778207657", utc(2026, 5, 8, 2, 34, 17), Basis.UTC)
    assert unix("1778207657250", per_second=1000).utc == utc(2026, 5, 8, 2, 34, 17, 250000)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (0, "time.implausible"),
        ("", "time.not_a_time"),
        ("soon", "time.not_a_time"),
        (10**20, "time.not_a_time"),
    ],
)
def test_unix_times_that_are_none(raw: int | str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        unix(raw)

    assert caught.value.code == code


def test_dates_of_mails() -> None:
    assert mail_date("Tue, 20 Nov 2012 00:00:00 +0000").utc == utc(2012, 11, 20)
    assert mail_date("Tue, 20 Nov 2012 00:00:00 -0000") == At("Tue, 20 Nov 2012 00:00:00 -0000", None, Basis.UNKNOWN)
    with pytest.raises(BadInput):
        mail_date("Tuesday")


@pytest.mark.parametrize(
    ("at", "precision"),
    [
        (iso("2026-05-08"), Precision.DATE),
        (iso("2026-05-08 10:00"), Precision.MINUTE),
        (iso("2026-05-08T10:00+02:00"), Precision.MINUTE),
        (iso("2026-05-08T10:00:00Z"), Precision.SECOND),
        (iso("20260508T100000Z"), Precision.SECOND),
        (unix(1_778_207_657), Precision.SECOND),
    ],
)
def test_precision_is_what_was_written(at: At, precision: Precision) -> None:
    assert at.precision is precision


def test_times_in_documents() -> None:
    shanghai = in_zone("2026-05-08 10:00:00", "Asia/Shanghai")
    placed = Placed(at=shanghai)

    assert write(placed) == b'{"at":"2026-05-08T02:00:00+00:00 zone Asia/Shanghai 2026-05-08 10:00:00"}'
    assert read(Placed, 1, write(placed)) == placed
    assert Placed.accept({"at": "2026-05-08T02:00:00Z"}).at == iso("2026-05-08T02:00:00Z")
    assert Placed.accept({"at": utc(2026, 5, 8, 2)}).at.utc == utc(2026, 5, 8, 2)


@pytest.mark.parametrize("value", [1_778_207_657, None, datetime(2026, 5, 8), ["2026"]])  # noqa: DTZ001
def test_documents_refuse_what_is_no_time(value: object) -> None:
    with pytest.raises(BadInput) as caught:
        Placed.accept({"at": value})

    assert (caught.value.code, caught.value.field) == ("time.not_a_time", "at")


moments = st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30))  # noqa: DTZ001
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, offsets)
def test_the_instant_is_that_of_the_offset(moment: datetime, offset: timezone) -> None:
    aware = moment.replace(tzinfo=offset)
    at = iso(aware.isoformat())

    assert at.utc == aware
    assert At.read(str(at)) == at


@given(moments, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"]))
def test_a_wall_clock_reads_what_was_written_or_is_refused(moment: datetime, zone: str) -> None:
    with suppress(BadInput):
        at = in_zone(moment.isoformat(), zone)
        assert at.utc is not None
        assert at.utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == moment
        assert At.read(str(at)) == at


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(BadInput):
        At.read(text)
