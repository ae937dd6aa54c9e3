from collections.abc import Callable, Sequence

import pytest

from hub.core.failures import Retryable
from hub.sdk.paging import Piece, Slice, by_cursor, by_number, by_offset


def read(pieces) -> list[str]:
    """All rows of a list; a reader sees `last` exactly once, at the end."""
    rows: list[str] = []
    ends: list[bool] = []
    for piece in pieces:
        rows += piece.rows
        ends.append(piece.last)
    assert ends == [False] * (len(ends) - 1) + [True]
    return rows


def failing(pieces) -> tuple[str, list[Piece[str]]]:
    """The code of the failure, and the pieces that were given out before it."""
    given: list[Piece[str]] = []
    with pytest.raises(Retryable) as failed:
        given.extend(pieces)
    return failed.value.code, given


def letters(count: int) -> list[str]:
    return [f"row{number}" for number in range(count)]


def offsets(rows: Sequence[str], *, size: int = 3, total: bool = True) -> Callable[[int], Slice[str]]:
    return lambda offset: Slice(rows[offset : offset + size], len(rows) if total else None)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 20])
@pytest.mark.parametrize("total", [True, False])
def test_a_quiet_list_is_read_to_its_end_by_offset(count, total):
    assert read(by_offset(offsets(letters(count), total=total), str)) == letters(count)


def test_a_list_that_grows_at_its_end_is_complete_once_its_total_is_reached():
    rows = letters(4)

    def fetch(offset: int) -> Slice[str]:
        found = Slice(rows[offset : offset + 3], len(rows))
        rows.append(f"row{len(rows)}")
        return found

    assert read(by_offset(fetch, str)) == letters(5)


@pytest.mark.parametrize(
    "change", [lambda rows: rows.insert(0, "new"), lambda rows: rows.pop(0)], ids=["a row more", "a row less"]
)
@pytest.mark.parametrize("total", [True, False])
def test_a_list_that_moves_while_it_is_read_is_a_failed_read(change, total):
    rows = letters(9)

    def fetch(offset: int) -> Slice[str]:
        found = Slice(rows[offset : offset + 3], len(rows) if total else None)
        if offset == 0:
            change(rows)
        return found

    code, given = failing(by_offset(fetch, str))

    assert code == "paging.shifted"
    assert given == [Piece(["row0", "row1", "row2"], last=False)]


def test_a_remote_that_ignores_the_offset_is_a_failed_read():
    code, given = failing(by_offset(lambda _: Slice(["a", "b"], 10), str))

    assert code == "paging.shifted"
    assert len(given) == 1


def test_a_list_that_falls_short_of_its_total_is_a_failed_read():
    code, _ = failing(by_offset(lambda offset: Slice(letters(5)[offset : offset + 3], 6), str))

    assert code == "paging.total"


def test_a_page_that_comes_back_empty_is_a_failed_read():
    code, _ = failing(by_offset(lambda offset: Slice(["a", "b"] if offset == 0 else [], 5), str))

    assert code == "paging.shifted"


def test_a_list_without_end_is_a_failed_read():
    code, given = failing(by_offset(lambda offset: Slice([str(offset), str(offset + 1)]), str, most_pages=5))

    assert code == "paging.endless"
    assert not any(piece.last for piece in given)


def test_the_same_row_twice_in_a_page_is_a_failed_read():
    code, _ = failing(by_offset(lambda _: Slice(["a", "b", "a"]), str))

    assert code == "paging.shifted"


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6])
@pytest.mark.parametrize("total", [True, False])
def test_a_quiet_list_is_read_to_its_end_by_number(count, total):
    rows = letters(count)

    def fetch(number: int) -> Slice[str]:
        return Slice(rows[(number - 1) * 3 : number * 3], count if total else None)

    assert read(by_number(fetch, str)) == rows


def test_page_numbers_may_begin_at_zero():
    rows = letters(4)

    assert read(by_number(lambda number: Slice(rows[number * 3 : number * 3 + 3], 4), str, first=0)) == rows


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ([Slice(["a", "b"]), Slice(["b", "c"])], "paging.shifted"),
        ([Slice(["a", "b"]), Slice(["a", "b"])], "paging.repeated"),
        ([Slice(["a", "b"], 4), Slice(["c"], 3)], "paging.shifted"),
        ([Slice(["a", "b"], 4), Slice(["c"], 4), Slice([], 4)], "paging.total"),
        ([Slice(["a"], 0)], "paging.total"),
        ([Slice([], 7)], "paging.total"),
    ],
)
def test_numbered_pages_that_do_not_fit_are_a_failed_read(pages, code):
    waiting = iter([*pages, Slice(["x"]), Slice([])])

    found, given = failing(by_number(lambda _: next(waiting), str))

    assert found == code
    assert not any(piece.last for piece in given)


def test_numbered_pages_without_end_are_a_failed_read():
    code, _ = failing(by_number(lambda number: Slice([str(number)]), str, most_pages=4))

    assert code == "paging.endless"


def chain(*pages: Slice[str]) -> Callable[[str | None], Slice[str]]:
    starts = [None, *(page.next for page in pages)]
    known = dict(zip(starts, pages, strict=False))
    return lambda cursor: known[cursor]


def test_a_list_is_read_by_cursor_to_where_none_is_left():
    fetch = chain(Slice(["a", "b"], next="2"), Slice([], next="3"), Slice(["c"], 3))

    assert read(by_cursor(fetch, str)) == ["a", "b", "c"]


def test_a_cursor_that_was_kept_is_gone_on_with():
    fetch = chain(Slice(["a"], next="2"), Slice(["b"], next=""))

    assert read(by_cursor(fetch, str, start="2")) == ["b"]


def test_an_empty_list_is_complete():
    assert read(by_cursor(chain(Slice([])), str)) == []


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        ([Slice(["a"], next="1"), Slice(["b"], next="1")], "paging.repeated"),
        ([Slice(["a"], next="1"), Slice(["a"], next="2")], "paging.repeated"),
        ([Slice(["a", "b"], next="1"), Slice(["b", "c"], next="2")], "paging.shifted"),
        ([Slice(["a"], 3, next="1"), Slice(["b"], 3)], "paging.total"),
    ],
)
def test_cursors_that_lead_in_a_circle_or_astray_are_a_failed_read(pages, code):
    found, given = failing(by_cursor(chain(*pages), str))

    assert found == code
    assert not any(piece.last for piece in given)


def test_cursors_without_end_are_a_failed_read():
    code, _ = failing(by_cursor(lambda cursor: Slice([f"{cursor}"], next=f"{cursor}x"), str, most_pages=6))

    assert code == "paging.endless"


def test_a_failure_of_the_remote_goes_through():
    def fetch(offset: int) -> Slice[str]:
        if offset:
            raise Retryable("http.timed_out")
        return Slice(["a", "b"], 4)

    code, given = failing(by_offset(fetch, str))

    assert code == "http.timed_out"
    assert given == [Piece(["a", "b"], last=False)]
