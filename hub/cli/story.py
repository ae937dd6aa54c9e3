"""One order as a person reads it: from the storefront to the invoice, with every reason."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from hub.cli.screen import Page, cell, moment, second
from hub.core import json
from hub.core.failures import BadInput, HubError
from hub.core.json import JSON
from hub.core.states import ORDER_FOLLOWS
from hub.core.states import OrderState as S
from hub.pipeline.hub import Hub
from hub.registry import secret_settings
from hub.sdk.redaction import Redactor
from hub.store import people
from hub.store.connections import connection_named
from hub.store.reading.effects import EffectSeen
from hub.store.reading.said import Said
from hub.store.reading.shipping import FulfilmentSeen, ParcelSeen, ShipmentSeen
from hub.store.reading.story import EventSeen, HoldSeen, LineSeen, Story
from hub.store.work import View

DIM, LOUD = "bright_black", "bold"
PATH = (S.RECEIVED, S.ACCEPTED, S.RESERVED, S.ROUTED, S.FULFILLING, S.FULFILLED, S.COMPLETED)
CAME_TO: Mapping[str, S] = {
    **{f"order.{state.value}": state for state in S},
    "order.watched": S.RECEIVED,
    "order.short": S.BACKORDERED,
    "order.nothing_to_ship": S.FULFILLED,
    "order.history": S.ARCHIVED,
    "order.not_ours": S.ARCHIVED,
    "order.shipped_elsewhere": S.ARCHIVED,
}
"""The state that an event speaks of."""

MARKS = {"confirmed": "✓", "withdrawn": "–", "refused": "✗", "in_doubt": "?"}
Answers = Mapping[str, JSON]
"""What the other side said, by the key of the effect."""


def tell(page: Page, found: Story, answers: Answers) -> None:
    """All parts that have something in them."""
    page.say(_header(page, found), "", _journey(page, found))
    parts: dict[str, list[RenderableType]] = {
        "Waits for": [_hold(page, hold) for hold in found.holds if hold.closed_at is None],
        "Lines": [_lines(page, found.lines)],
        "Fulfilments": [_fulfilment(page, each) for each in found.fulfilments],
        "Outside": [_effect(page, each, answers) for each in found.effects],
        "Invoices": [_receivables(page, found)] if found.receivables else [],
        "Known as": [_names(page, found)],
        "What happened": [_timeline(page, found)],
    }
    for title, inside in parts.items():
        if inside:
            heading = Text(page.word(title), style="bold cyan")
            page.say("", heading, Padding(Group(*inside), (0, 0, 0, 2)))


def _header(page: Page, found: Story) -> RenderableType:
    header = found.header
    top = Table.grid(expand=True)
    top.add_column()
    top.add_column(justify="right")
    title = Text.assemble((f"{page.word('Order')} {header.id}", LOUD), f"  {header.number} · ", (header.channel, LOUD))
    top.add_row(title, Text.assemble(page.state(header.state), style=LOUD))
    facts = [
        f"{page.word('placed')} {moment(header.placed_at) or '?'} UTC",
        str(header.total),
        f"{page.word('company')} {header.company}",
        *([page.word("test order")] if header.is_test else []),
        *([] if header.is_ours else [page.word("shipped by the marketplace")]),
    ]
    address = page.word("erased") if header.is_erased else header.ship_to or page.word("nobody")
    to = Text.assemble((f"{page.word('ship to')} ", DIM), address)
    return Group(top, Rule(style=DIM), Text(" · ".join(facts), style=DIM), to)


def _journey(page: Page, found: Story) -> RenderableType:
    """The states of the path: been there, here, not yet."""
    times: dict[S, datetime] = {}
    for event in found.events:
        if event.subject == "order" and (state := CAME_TO.get(event.fact.code)):
            times[state] = event.at
    here = S(found.header.state)
    if found.events:
        times.setdefault(here, found.events[-1].at)
    path = list(PATH)
    if here not in path:
        last = max((at for at, state in enumerate(path) if state in times), default=0)
        path.insert(last + 1, here)
    grid = Table.grid(padding=(0, 1, 0, 0))
    for _ in path:
        grid.add_column(no_wrap=True)
    first = min(times.values(), default=None)
    been = set(path[: path.index(here)]) | set(times)
    if not ORDER_FOLLOWS[here] - {S.ARCHIVED}:
        path = [state for state in path if state in been]
    grid.add_row(*(_stage(page, state, here, been) for state in path))
    grid.add_row(*(Text(f"  {_shortly(times.get(state), first)}", style=DIM) for state in path))
    return grid


def _shortly(at: datetime | None, first: datetime | None) -> str:
    """The time of day, or the day where it is another one than the first."""
    if at is None or first is None:
        return ""
    return f"{at:%H:%M}" if at.date() == first.date() else f"{at:%m-%d}"


def _stage(page: Page, state: S, here: S, been: Collection[S]) -> Text:
    name = page.word(state.value)
    if state is here:
        return Text.assemble(("● ", page.state(state.value).style), page.state(state.value), style=LOUD)
    return Text(f"✓ {name}") if state in been else Text(f"○ {name}", style=DIM)


def _hold(page: Page, hold: HoldSeen) -> RenderableType:
    where = f"{page.word('line')} {hold.line_no}: " if hold.line_no is not None else ""
    since = f"  ({page.word('since')} {moment(hold.opened_at)}, {hold.reason.code})"
    return Text.assemble(("! ", "bold yellow"), where, page.said(hold.reason), (since, DIM))


def _lines(page: Page, lines: Sequence[LineSeen]) -> RenderableType:
    """Counters that are zero everywhere are left out."""
    counters: dict[str, list[Decimal]] = {
        "Ordered": [each.ordered for each in lines],
        "Open": [each.open for each in lines],
        "Reserved": [each.reserved for each in lines],
        "Planned": [each.planned for each in lines],
        "Shipped": [each.handed_over for each in lines],
        "Cancelled": [each.cancelled for each in lines],
        "Returned": [each.returned for each in lines],
    }
    shown = {name: values for name, values in counters.items() if name == "Ordered" or any(values)}
    table = page.table("#", "Article", "Title", *shown, "Total", right=("#", *shown, "Total"), fold=("Title",))
    for at, line in enumerate(lines):
        numbers = [str(values[at]) if values[at] else "·" for values in shown.values()]
        article = line.sku or line.external_id
        article += "" if line.item in {None, article} else f" → {line.item}"
        style = "" if line.carries_stock else DIM
        table.add_row(cell(line.line_no), article, line.title, *numbers, cell(line.total), style=style)
    return table


def _fulfilment(page: Page, found: FulfilmentSeen) -> RenderableType:
    head = Text.assemble((f"F{found.id} ", LOUD), (found.location, LOUD), "  ", page.state(found.state))
    inside = Table.grid(padding=(0, 2, 0, 0))
    inside.add_column(style=DIM, no_wrap=True)
    inside.add_column()
    inside.add_row(page.word("goods"), ", ".join(f"{each.quantity} × {each.sku}" for each in found.goods))
    inside.add_row(page.word("why here"), page.said(found.why.chosen))
    for lost in found.why.rejected:
        inside.add_row(f"{page.word('not')} {lost.location}", page.said(lost.reason))
    if found.why.flip is not None:
        inside.add_row(page.word("would flip it"), page.said(found.why.flip))
    for shipment in found.shipments:
        inside.add_row(page.word("label"), _shipment(page, shipment))
        for parcel in shipment.parcels:
            inside.add_row(page.word("parcel"), _parcel(page, parcel))
    return Group(head, Padding(inside, (0, 0, 1, 3)))


def _shipment(page: Page, found: ShipmentSeen) -> Text:
    parts = [f"{found.carrier} {found.service}".strip(), str(found.cost or ""), moment(found.booked_at)]
    return Text.assemble(page.state(found.state), "  ", " · ".join(filter(None, parts)))


def _parcel(page: Page, found: ParcelSeen) -> RenderableType:
    head = Text.assemble((found.tracking_number, LOUD), "  ", page.state(found.status), "  ")
    head.append(found.tracking_url or "", style=DIM)
    scans = [
        Text.assemble(
            (f"{moment(scan.at) or scan.raw}  ", DIM), page.state(scan.status), f"  {scan.place}  {scan.description}"
        )
        for scan in found.scans
    ]
    return Group(head, *scans)


def _effect(page: Page, found: EffectSeen, answers: Answers) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=1)
    grid.add_column(min_width=11)
    grid.add_column(min_width=10)
    grid.add_column(min_width=9)
    grid.add_column()
    state = page.word("watched") if found.watched else page.state(found.state)
    mark = Text(MARKS.get(found.state, "·"), style=page.state(found.state).style)
    at = found.settled_at or found.sent_at or found.made_at
    facts = [second(at), f"{found.attempt} ×" if found.attempt > 1 else "", found.reference or ""]
    grid.add_row(mark, page.word(found.capability), found.connection, state, "  ".join(filter(None, facts)))
    under: list[RenderableType] = [Text(found.key + _due(page, found), style=DIM)]
    if found.reason is not None:
        under.append(Text(page.said(worded(found)), style="yellow"))
    if found.key in answers:
        under.append(Padding(Text(pretty(answers[found.key])), (0, 0, 1, 2)))
    return Group(grid, Padding(Group(*under), (0, 0, 0, 3)))


def worded(found: EffectSeen) -> Said:
    """The reason of an effect, with its key for the remedy."""
    reason = found.reason or Said("", {})
    return Said(reason.code, {"key": found.key, "capability": found.capability, **reason.params})


def _due(page: Page, found: EffectSeen) -> str:
    parts = [f"{page.word('due')} {second(found.due_at)}"] if found.due_at else []
    parts += [f"{page.word('after')} {found.after}"] if found.after else []
    return "".join(f" · {part}" for part in parts)


def _receivables(page: Page, found: Story) -> RenderableType:
    table = page.table("#", "Document", "State", "Total", "Due", "Number", right=("#", "Total", "Due"))
    for each in found.receivables:
        kind = page.word(each.kind.replace("_", " "))
        table.add_row(str(each.sequence), kind, page.state(each.state), cell(each.total), cell(each.due), each.number)
    return table


def _names(page: Page, found: Story) -> RenderableType:
    """Every number, by who knows it."""
    known: dict[str, list[str]] = {found.header.channel: [found.header.number, found.header.external_id]}
    for name in found.names:
        known.setdefault(name.connection, []).append(f"{name.value} ({page.word(name.kind)})")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style=DIM)
    for connection, values in known.items():
        grid.add_row(connection, ", ".join(dict.fromkeys(values)))
    grid.add_row(page.word("here"), f"{found.header.id}, {found.header.uid}")
    return grid


def _timeline(page: Page, found: Story) -> RenderableType:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style=DIM, no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_column(style=DIM, no_wrap=True)
    for at, whom, sentence, actor in _facts(page, found):
        grid.add_row(second(at), whom, sentence, actor)
    return grid


def _facts(page: Page, found: Story) -> Iterator[tuple[datetime, str, str, str]]:
    """Events, and the ends of holds between them."""
    holds = {hold.reason.code: hold.reason for hold in found.holds}
    facts = [(event.at, _whom(event), page.said(_fact(page, event, holds)), event.actor) for event in found.events]
    facts += [
        (hold.closed_at, "", f"{page.word('hold ended')}: {hold.reason.code}", hold.closed_by or "")
        for hold in found.holds
        if hold.closed_at is not None
    ]
    yield from sorted(facts, key=lambda fact: fact[0])


def _whom(event: EventSeen) -> str:
    return f"F{event.subject_id}" if event.subject == "fulfilment" else ""


def _fact(page: Page, event: EventSeen, holds: Mapping[str, Said]) -> Said:
    """An event with what its sentence needs: the words of a hold, or that articles are not mapped."""
    code, params = event.fact
    if code == "order.held":
        hold = str(params.get("code", ""))
        return Said(code, {"why": page.said(holds.get(hold, Said(hold, {})))})
    if code == "order.short" and not params.get("item"):
        return Said("order.waits_for_listing", {})
    return event.fact


def answers_of(hub: Hub, view: View, found: Story) -> dict[str, JSON]:
    """What the other side said to each effect, without the secrets of its connection."""
    said: dict[str, JSON] = {}
    hide = {name: _redactor(hub, view, name) for name in {effect.connection for effect in found.effects}}
    for effect in found.effects:
        if effect.answer_id is not None:
            said[effect.key] = _opened(view, effect.answer_id, hide[effect.connection])
    return said


def _redactor(hub: Hub, view: View, name: str) -> Redactor:
    connection = connection_named(view, name)
    hidden = secret_settings(hub.registry.get(connection.connector))
    return Redactor(str(value) for key, value in hub.settings(connection).items() if key in hidden)


def _opened(view: View, blob: int, hide: Redactor) -> JSON:
    try:
        text = hide(people.read_blob(view, blob).decode(errors="replace"))
    except HubError as error:
        return {"code": error.code}
    try:
        return json.loads(text.encode())
    except BadInput:
        return text


def pretty(tree: JSON, indent: str = "") -> str:
    """JSON on as few lines as can be read."""
    if isinstance(tree, dict) and tree:
        return "\n".join(_branches(((f"{key}: ", value) for key, value in tree.items()), indent))
    if isinstance(tree, list) and tree:
        return "\n".join(_branches((("- ", value) for value in tree), indent))
    return indent + (tree if isinstance(tree, str) else json.dumps(tree).decode())


def _branches(children: Iterable[tuple[str, JSON]], indent: str) -> Iterator[str]:
    for head, child in children:
        if isinstance(child, dict | list) and child:
            yield f"{indent}{head}\n{pretty(child, indent + '  ')}"
        else:
            yield f"{indent}{head}{pretty(child)}"
