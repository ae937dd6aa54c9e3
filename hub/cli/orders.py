"""`hub order`: what is on its way, one order's story, and what a person can do about it."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import inbox
from hub.actions import orders as ordering
from hub.actions.permission import OWNER
from hub.cli.desk import Desk, area, verb
from hub.cli.opening import looking, working
from hub.cli.screen import Page, answer, moment
from hub.cli.story import answers_of, tell
from hub.core.failures import BadInput, Refused
from hub.core.states import OrderState
from hub.core.text import nearest
from hub.store import finding
from hub.store.reading.orders import OrderFilter, OrderSeen, latest_numbers, open_holds, orders
from hub.store.reading.story import story
from hub.store.work import View

app = area("Orders: what is on its way, one order's story, and what can be done about it.")

MOST, FEW = 5000, 5

Number = Annotated[str, typer.Argument(help="Our number of the order, or any other number it has anywhere.")]


@app.command("list")
@verb
def list_orders(
    desk: Desk,
    state: Annotated[OrderState | None, typer.Option(help="Only orders in this state.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only orders of this connection.")] = None,
    held: Annotated[bool, typer.Option("--held", help="Only orders that wait for a person or a fact.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 25,
    before: Annotated[int | None, typer.Option(help="Go on below this order, where a list ended.")] = None,
) -> None:
    """The newest orders, and why those that wait do."""
    with looking(desk) as view:
        found = orders(view, OrderFilter(state, channel, held, before), limit)
    more = found[-1].id if len(found) == limit else None
    answer(desk, {"orders": found, "before": more}, lambda page: _draw(page, found, more))


def _draw(page: Page, found: Sequence[OrderSeen], more: int | None = None) -> None:
    columns = ("Order", "Number", "Channel", "State", "Placed", "Total", "Waits for")
    table = page.table(*columns, right=("Order", "Total"), fold=("Waits for",))
    rows = [
        (
            each.id,
            each.number,
            each.channel,
            page.state("cancelling" if each.is_cancelling else each.state),
            moment(each.placed_at or each.received_at),
            each.total,
            _waits(page, each),
        )
        for each in found
    ]
    page.rows(table, rows, "No order fits. New ones come with: hub pull")
    if more is not None:
        page.say(Text(f"{page.word('More')}: hub order list --before {more}", style="bright_black"))


def _waits(page: Page, order: OrderSeen) -> Text:
    return Text("; ".join(page.said(hold) for hold in order.holds), style="yellow")


@app.command("show")
@verb
def show(
    desk: Desk,
    number: Number,
    answers: Annotated[bool, typer.Option("--answers", help="With what carriers, ledgers and channels said.")] = False,
) -> None:
    """One order's story: journey, lines, why this location, parcels, effects, invoices, and who did what when."""
    with working(desk) as hub, hub.store.view(OWNER.tenant) as view:
        found = story(view, one(view, number))
        said = answers_of(hub, view, found) if answers else {}
    value = {**found._asdict(), "answers": said} if answers else found
    answer(desk, value, lambda page: tell(page, found, said))


@app.command("find")
@verb
def find(desk: Desk, number: Annotated[str, typer.Argument(help="Any number, or an e-mail address.")]) -> None:
    """Orders by whatever number somebody has in hand; channels are asked for what the hub does not know."""
    with working(desk) as hub:
        known = ordering.find(hub, OWNER, number)
        if not known:
            inbox.take_in(hub, OWNER)
        with hub.store.view(OWNER.tenant) as view:
            found = orders(view, OrderFilter(ids=tuple(known or finding.find(view, number))), MOST)
    answer(desk, {"orders": found}, lambda page: _draw(page, found))


@app.command("retry")
@verb
def retry(desk: Desk, number: Number) -> None:
    """Try again what stands still: failed steps, refused labels, postings and messages."""
    with working(desk) as hub:
        with hub.store.view(OWNER.tenant) as view:
            order = one(view, number)
        done = ordering.retry(hub, OWNER, order)
    told = "Set going again: {count}" if done else "Nothing of this order stands still."
    answer(desk, {"order": order, "retried": done}, lambda page: page.say(page.word(told).format(count=done)))


@app.command("cancel")
@verb
def cancel(
    desk: Desk,
    number: Number,
    reason: Annotated[str, typer.Option(help="Why; it stands in the trail, so no names.")] = "merchant",
) -> None:
    """Cancel what has not left; what has can only come back."""
    with working(desk) as hub:
        with hub.store.view(OWNER.tenant) as view:
            order = one(view, number)
        ordering.cancel(hub, OWNER, order, reason=reason)
    told = "Order {order} is being cancelled, as far as it has not left."
    answer(desk, {"order": order, "cancelling": True}, lambda page: page.say(page.word(told).format(order=order)))


@app.command("release")
@verb
def release(
    desk: Desk,
    number: Number,
    hold: Annotated[str | None, typer.Argument(help="Which hold; the only one, if it has one.")] = None,
) -> None:
    """End a hold: a person has looked, and the order goes on."""
    with working(desk) as hub:
        with hub.store.view(OWNER.tenant) as view:
            order = one(view, number)
            code = hold or _only_hold(view, order)
        ordering.release_hold(hub, OWNER, order, code)
    told = "Order {order} goes on."
    answer(desk, {"order": order, "released": code}, lambda page: page.say(page.word(told).format(order=order)))


def one(view: View, number: str) -> int:
    """The order that somebody means. Our own number goes first; of several others one must be named."""
    known = finding.find(view, number)
    if number.isdecimal() and int(number) in known:
        return int(number)
    if not known:
        near = nearest(number, latest_numbers(view, MOST))
        raise BadInput("order.not_here", field="order", value=number, nearest=near)
    if len(known) > 1:
        listed = ", ".join(map(str, known[:FEW]))
        raise Refused("order.ambiguous", value=number, count=len(known), orders=listed)
    return known[0]


def _only_hold(view: View, order: int) -> str:
    """Raises Refused for an order with no hold, or with several that must be named."""
    codes = dict.fromkeys(hold.code for hold in open_holds(view, [order]).get(order, ()))
    if len(codes) != 1:
        raise Refused("order.which_hold" if codes else "order.not_held", order=order, holds=", ".join(codes))
    return next(iter(codes))
