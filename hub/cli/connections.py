"""`hub connectors`, `hub connect`, `hub connection`, `hub pull`: the outside systems and their switches."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import connections, inbox
from hub.actions.permission import OWNER
from hub.cli import settings as given_settings
from hub.cli.desk import Desk, area, verb
from hub.cli.failing import tell
from hub.cli.opening import looking, working
from hub.cli.screen import Page, answer, bar, moment
from hub.cli.settings import AllowPrivate, FromFile, FromVariable, Given, Settings
from hub.core.json import JSON
from hub.pipeline.hub import Hub
from hub.registry import Registry, refusals, secret_settings
from hub.sdk.connector import AnyConnector
from hub.sdk.redaction import HIDDEN
from hub.store.connections import Flow, Switch, connection_named
from hub.store.reading.connections import ConnectionSeen
from hub.store.reading.connections import connections as seen
from hub.store.reading.said import Said

app = area("Connections: how they fare, and what runs over them.")

Name = Annotated[str, typer.Argument(help="The name of the connection.")]
CutOver = Annotated[
    datetime | None,
    typer.Option("--cut-over", help="What was placed before this time (UTC) is history: kept, never worked on."),
]
Unchecked = Annotated[bool, typer.Option("--unchecked", help="Without asking the other side whether it fits.")]
FLOWS = {
    Flow.ORDERS_IN: "orders in",
    Flow.STOCK_OUT: "stock out",
    Flow.STATUS_OUT: "status out",
    Flow.DOCUMENTS_OUT: "documents out",
}
OF_KIND = {
    "shop": (Flow.ORDERS_IN, Flow.STOCK_OUT, Flow.STATUS_OUT),
    "logistics": (Flow.DOCUMENTS_OUT,),
    "finance": (Flow.DOCUMENTS_OUT,),
}


@verb
def connectors(desk: Desk) -> None:
    """Kinds of outside systems that the hub can talk to; broken plug-ins are named with the reason."""
    registry = Registry.load()
    sound = registry.listed()
    broken: list[dict[str, JSON]] = [
        {"id": each.name, "kind": None, "capabilities": [], "grade": None,
         "broken": {"code": each.reason, "detail": each.detail}}
        for each in registry.broken
    ]  # fmt: skip
    answer(desk, [*sound, *broken], lambda page: _draw_connectors(page, sound, registry))


def _draw_connectors(page: Page, sound: Sequence[Mapping[str, JSON]], registry: Registry) -> None:
    table = page.table("Connector", "Kind", "Of", "Can", "Grade", fold=("Can",))
    rows = [
        (each["id"], page.word(str(each["kind"])), each["title"], _listed(each["capabilities"]), each["grade"] or "–")
        for each in sound
    ]
    page.rows(table, rows, "No connector is installed.")
    for each in registry.broken:
        reason = page.said(Said(each.reason, {}))
        page.say(Text.assemble((f"✗ {each.name}", "red"), f"  {reason}  ", (each.detail, "bright_black")))


def _listed(names: JSON) -> str:
    return ", ".join(map(str, names)) if isinstance(names, list) else ""


@verb
def connect(
    desk: Desk,
    connector: Annotated[str, typer.Argument(help="Which kind of system; hub connectors lists them.")],
    name: Annotated[str, typer.Argument(help="How you will call this account.")],
    given: Given = None,
    secret_file: FromFile = None,
    secret_env: FromVariable = None,
    company: Annotated[str, typer.Option(help="The company that it belongs to.")] = "main",
    test: Annotated[bool, typer.Option("--test/--live", help="Test orders reach no ledger.")] = False,
    cut_over: CutOver = None,
    allow_private: AllowPrivate = False,
    unchecked: Unchecked = False,
) -> None:
    """Connect an account. At first it only watches: nothing is sent, no order is worked on."""
    with working(desk) as hub:
        kind = hub.registry.get(connector)
        settings = given_settings.gathered(
            kind, given or (), secret_file or (), secret_env or (), allow_private=allow_private, language=desk.language
        )
        settings = given_settings.with_secrets(kind, settings)
        _refuse(desk, kind, settings)
        connections.connect(
            hub, OWNER, name, connector=connector, settings=settings, company=company, is_test=test,
            cut_over_at=_utc(cut_over), check=not unchecked,
        )  # fmt: skip
    answer(desk, {"connection": name, "flows": dict.fromkeys(Flow, Switch.WATCH)}, lambda page: _welcome(page, name))


def _refuse(desk: Desk, kind: type[AnyConnector], settings: Settings) -> None:
    """Everything wrong with settings, a sentence each."""
    found = refusals(kind, settings)
    for bad in found[:-1]:
        tell(desk, bad)
    if found:
        raise found[-1]


def _welcome(page: Page, name: str) -> None:
    page.say(
        page.word("{name} is connected and only watches: nothing is sent, no order is worked on.").format(name=name)
    )
    page.say(Text(f"hub pull {name}\nhub connection set {name} --orders-in on", style="bright_black"))


def _utc(at: datetime | None) -> datetime | None:
    return at if at is None or at.tzinfo is not None else at.replace(tzinfo=UTC)


@app.command("list")
@verb
def list_connections(desk: Desk) -> None:
    """All connections: their switches, and what waits on them."""
    with looking(desk) as view:
        found = seen(view)
    answer(desk, found, lambda page: _draw(page, found))


def _draw(page: Page, found: Sequence[ConnectionSeen]) -> None:
    table = page.table("Connection", "Connector", "Flows", "Heard", "Waits", "State", fold=("Flows", "Waits", "State"))
    rows = [
        (
            each.name,
            each.connector,
            _flows(page, each),
            moment(each.heard_at)[5:],
            _waits(page, each),
            _fares(page, each),
        )
        for each in found
    ]
    page.rows(table, rows, "Nothing is connected yet. Kinds: hub connectors; then: hub connect")


def _flows(page: Page, each: ConnectionSeen) -> Text:
    """The switches of those flows that this kind of system has."""
    shown = [Text.assemble(f"{page.word(FLOWS[flow])} ", page.state(each.flows[flow])) for flow in OF_KIND[each.kind]]
    return Text(", ").join(shown)


def _waits(page: Page, each: ConnectionSeen) -> str:
    counts = {"effects": each.open_effects, "parked": each.parked, "unmapped": each.unmapped}
    return ", ".join(f"{count} {page.word(name)}" for name, count in counts.items() if count)


def _fares(page: Page, each: ConnectionSeen) -> Text:
    if each.paused_at is not None:
        paused = Said("connection.paused", {"connection": each.name, "code": each.paused_code})
        return Text(page.said(paused), style="red")
    if each.open_until is not None:
        return Text(f"{page.word('rests until')} {moment(each.open_until)}", style="yellow")
    return Text(page.word("test") if each.is_test else "")


@app.command("show")
@verb
def show(desk: Desk, name: Name) -> None:
    """One connection with its settings; secrets are not shown."""
    with working(desk) as hub:
        with hub.store.view(OWNER.tenant) as view:
            stored = connection_named(view, name)
            found = next(each for each in seen(view) if each.name == name)
        settings = _covered(hub, stored.connector, hub.settings(stored))
    answer(desk, {**found._asdict(), "settings": settings}, lambda page: _draw_one(page, found, settings))


def _covered(hub: Hub, connector: str, settings: Mapping[str, JSON]) -> Settings:
    secrets = secret_settings(hub.registry.get(connector))
    return {key: HIDDEN if key in secrets else value for key, value in settings.items()}


def _draw_one(page: Page, found: ConnectionSeen, settings: Settings) -> None:
    _draw(page, [found])
    table = page.table("Setting", "Value", fold=("Value",))
    rows = [(key, str(value)) for key, value in settings.items()]
    facts = [(page.word("company"), found.company), (page.word("cut-over"), f"{moment(found.cut_over_at)} UTC")]
    page.say("")
    page.rows(table, [*facts, *rows], "")


@app.command("set")
@verb
def set_connection(
    desk: Desk,
    name: Name,
    orders_in: Annotated[Switch | None, typer.Option(help="Whether orders are worked on.")] = None,
    stock_out: Annotated[Switch | None, typer.Option(help="Whether it is told what is in stock.")] = None,
    status_out: Annotated[Switch | None, typer.Option(help="Whether it is told what was shipped.")] = None,
    documents_out: Annotated[Switch | None, typer.Option(help="Whether labels are bought, documents posted.")] = None,
    given: Given = None,
    secret_file: FromFile = None,
    secret_env: FromVariable = None,
    cut_over: CutOver = None,
    allow_private: AllowPrivate = False,
    unchecked: Unchecked = False,
) -> None:
    """Turn flows on, off, or to watching; or change settings, which ends a pause."""
    wanted = (orders_in, stock_out, status_out, documents_out)
    flows = {flow: switch for flow, switch in zip(FLOWS, wanted, strict=True) if switch is not None}
    with working(desk) as hub:
        with hub.store.view(OWNER.tenant) as view:
            kind = hub.registry.get(connection_named(view, name).connector)
        settings = given_settings.gathered(
            kind, given or (), secret_file or (), secret_env or (), allow_private=allow_private, language=desk.language
        )
        if not (flows or settings or cut_over):
            raise typer.BadParameter("say what to change: a flow, --set, a secret or --cut-over.")
        if settings or cut_over:
            connections.change(
                hub, OWNER, name, settings=settings, cut_over_at=_utc(cut_over), check=not unchecked
            )  # fmt: skip
        connections.switch(hub, OWNER, name, flows)
        with hub.store.view(OWNER.tenant) as view:
            found = next(each for each in seen(view) if each.name == name)
    answer(desk, found, lambda page: _draw(page, [found]))


@app.command("check")
@verb
def check(desk: Desk, name: Name) -> None:
    """Ask the other side, harmlessly, whether address and credentials fit."""
    with working(desk) as hub, bar(desk, "asking", None):
        connections.check(hub, OWNER, name)
    answer(desk, {"connection": name, "ok": True}, lambda page: page.say(page.word("It answers, and knows us.")))


@app.command("resume")
@verb
def resume(desk: Desk, name: Name) -> None:
    """End the pause of a connection whose settings are right again."""
    with working(desk) as hub:
        connections.resume(hub, OWNER, name)
    answer(desk, {"connection": name, "resumed": True}, lambda page: page.say(page.word("It goes on.")))


@verb
def pull(
    desk: Desk, names: Annotated[list[str] | None, typer.Argument(help="Which connections; all for none.")] = None
) -> None:
    """Read channels here and now; what came in becomes orders at once."""
    with working(desk) as hub:
        found = []
        with bar(desk, "reading", None) as told:
            for at, each in enumerate(connections.pull(hub, OWNER, names or ()), start=1):
                told(at, each.channel)
                found.append(each)
        inbox.take_in(hub, OWNER)
    answer(desk, found, lambda page: _draw_pulled(page, found))


def _draw_pulled(page: Page, found: Sequence[connections.Pulled]) -> None:
    table = page.table("Connection", "New documents", "State", right=("New documents",), fold=("State",))
    rows = [(each.channel, each.documents, Text(each.failure or "", style="red")) for each in found]
    page.rows(table, rows, "Nothing to read: no shop is connected, or a worker reads it just now.")
