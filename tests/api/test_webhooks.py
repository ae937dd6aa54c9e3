"""Deliveries over HTTP: what is stored, and what is refused without a word."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

import httpx
from corner_shop.sim import signed
from sqlalchemy import select

from hub.actions.permission import OWNER
from hub.api.app import application
from hub.sdk.capabilities import WebhookRequest
from hub.store.tables import ConnectionRow, InboxRow
from tests.company import Company, a_line, company

Visit = Callable[[httpx.AsyncClient], Coroutine[None, None, list[httpx.Response]]]


def visited(firm: Company, visit: Visit) -> list[httpx.Response]:
    async def inside() -> list[httpx.Response]:
        transport = httpx.ASGITransport(application(firm.hub, OWNER.tenant))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
            return await visit(client)

    return asyncio.run(inside())


def delivered(firm: Company, deliveries: Sequence[WebhookRequest], to: str = "corner") -> list[int]:
    """The answers to deliveries that arrive all at once."""

    async def visit(client: httpx.AsyncClient) -> list[httpx.Response]:
        posts = [client.post(f"/hooks/{to}", content=each.body, headers=dict(each.headers)) for each in deliveries]
        return await asyncio.gather(*posts)

    return [answer.status_code for answer in visited(firm, visit)]


def stored(firm: Company) -> int:
    return len(firm.rows(select(InboxRow.id)))


def test_a_delivery_is_stored_and_becomes_an_order(firm: Company):
    firm.stock("berlin", "MUG", 5)
    number = firm.buy(a_line("MUG", 2))

    assert delivered(firm, firm.shop.deliveries()) == [202]
    firm.settle()

    assert firm.state(number) == "fulfilled"


def test_a_connection_is_reached_by_its_public_id_too(firm: Company):
    firm.buy()
    [uid] = [row["uid"] for row in firm.rows(select(ConnectionRow.uid).where(ConnectionRow.name == "corner"))]

    assert delivered(firm, firm.shop.deliveries(), to=uid) == [202]
    assert stored(firm) == 1


def test_a_delivery_that_comes_twice_is_stored_once(firm: Company):
    firm.buy()
    [delivery] = firm.shop.deliveries()

    assert delivered(firm, [delivery, delivery]) == [202, 202]
    assert delivered(firm, [delivery]) == [202]
    assert stored(firm) == 1


def test_deliveries_that_come_together_share_commits(tmp_path: Path):
    commits: list[str] = []
    with company(tmp_path, commits=lambda _point, when: commits.append(when)) as firm:
        for _ in range(40):
            firm.buy()
        before = commits.count("after")

        assert delivered(firm, firm.shop.deliveries()) == [202] * 40

        assert stored(firm) == 40
        assert commits.count("after") - before < 40


def test_a_forged_delivery_is_refused_without_a_reason_and_not_stored(firm: Company):
    firm.buy()
    [delivery] = firm.shop.deliveries()
    forged = WebhookRequest(delivery.headers, delivery.body + b" ")

    [answer] = visited(firm, posting("/hooks/corner", forged))

    assert (answer.status_code, answer.content) == (401, b"")
    assert stored(firm) == 0


def test_a_connection_that_expects_no_deliveries_tells_no_more_than_a_forgery(firm: Company):
    assert delivered(firm, [WebhookRequest({}, b"{}")], to="books") == [401]


def test_a_delivery_to_nobody_is_not_found(firm: Company):
    assert delivered(firm, [WebhookRequest({}, b"{}")], to="nobody") == [404]


def test_a_delivery_over_two_megabytes_is_too_long(firm: Company):
    longest, longer = (signed("evt_1", b" " * size, firm.now) for size in (1_999_900, 2_000_001))

    assert delivered(firm, [longer]) == [413]
    assert stored(firm) == 0
    assert delivered(firm, [longest]) == [202]


def test_a_house_that_is_down_asks_to_come_again(firm: Company, tmp_path: Path):
    firm.buy()
    [delivery] = firm.shop.deliveries()
    firm.hub.store.dispose()
    (tmp_path / "hub.sqlite").rename(tmp_path / "away.sqlite")

    [refused] = visited(firm, posting("/hooks/corner", delivery))
    [ill] = visited(firm, asking("/health"))
    (tmp_path / "away.sqlite").rename(tmp_path / "hub.sqlite")
    [stored_now] = visited(firm, posting("/hooks/corner", delivery))
    [well] = visited(firm, asking("/health"))

    assert (refused.status_code, refused.headers["retry-after"], refused.content) == (503, "10", b"")
    assert (ill.status_code, ill.json()) == (503, {"ok": False, "code": "database.empty"})
    assert stored_now.status_code == 202
    assert (well.status_code, well.json()) == (200, {"ok": True})


def test_only_posts_are_deliveries(firm: Company):
    [answer] = visited(firm, asking("/hooks/corner"))

    assert answer.status_code == 405


def posting(path: str, delivery: WebhookRequest) -> Visit:
    async def visit(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.post(path, content=delivery.body, headers=dict(delivery.headers))]

    return visit


def asking(path: str) -> Visit:
    async def visit(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.get(path)]

    return visit
