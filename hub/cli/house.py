"""`hub alarms`, `hub verify`, `hub step`, `hub company`, `hub db`: the house itself."""

from collections.abc import Collection, Sequence
from typing import Annotated

import typer
from rich.text import Text

from hub.actions import connections, steps
from hub.actions.permission import OWNER
from hub.cli.desk import Desk, area, verb
from hub.cli.opening import begin, looking, shown, stored_at, working
from hub.cli.screen import Page, answer, bar, moment
from hub.core.states import OrderState
from hub.pipeline.journey import STEPS
from hub.store.alarms import Alarm
from hub.store.alarms import alarms as raised
from hub.store.migrate import State, known, state
from hub.store.reading import connections as reading
from hub.store.reading.connections import StepSeen
from hub.store.reading.said import Said
from hub.store.travellers import due
from hub.store.verify import CHECKS, Check
from hub.store.verify import verify as look_at_all

step = area("Steps of the journeys: what each takes, and whether it runs.")
company = area("Companies that sell, ship and post.")
db = typer.Typer(help="The database of the hub.", no_args_is_help=True, rich_markup_mode="rich")
MANY = 1000


@verb
def alarms(desk: Desk) -> None:
    """What a person must look at, oldest first, each with what to do."""
    with looking(desk) as view:
        found = raised(view)
    answer(desk, [_alarm(each) for each in found], lambda page: _draw_alarms(page, found))


def _alarm(alarm: Alarm) -> dict[str, object]:
    return {"raised_at": alarm.raised_at, "subject": alarm.subject, "reason": Said(alarm.code, alarm.params)}


def _draw_alarms(page: Page, found: Sequence[Alarm]) -> None:
    table = page.table("Since", "Alarm", "What to do", fold=("What to do",))
    rows = [(each.raised_at, Text(each.code, style="red"), page.said(Said(each.code, each.params))) for each in found]
    page.rows(table, rows, "All is well.")


@verb
def verify(desk: Desk) -> None:
    """Check every invariant of the database, and the seals of the trail."""
    found: list[Check] = []
    with looking(desk) as view, bar(desk, "checking", len(CHECKS)) as told:
        for check in look_at_all(view):
            found.append(check)
            told(len(found), "")
    ok = all(check.ok for check in found)
    answer(desk, {"ok": ok, "checks": found}, lambda page: draw_checks(page, found))
    if not ok:
        raise typer.Exit(1)


def draw_checks(page: Page, found: Sequence[Check]) -> None:
    """A line per invariant, and the sum of it."""
    for check in found:
        mark = Text("✓ ", style="green") if check.ok else Text("✗ ", style="bold red")
        page.say(mark + Text(page.said(Said(f"check.{check.name}", {}))) + Text(_offenders(check), style="red"))
    broken = sum(not check.ok for check in found)
    told = "{broken} of {count} checks fail." if broken else "All {count} checks hold."
    style = "bold red" if broken else "bold green"
    page.say(Text(page.word(told).format(broken=broken, count=len(found)), style=style))


def _offenders(check: Check) -> str:
    return f"  {check.detail}" if check.detail else ""


@step.command("list")
@verb
def list_steps(desk: Desk) -> None:
    """The steps in the order of the journeys, and how much is due at each."""
    with looking(desk) as view:
        fares = reading.steps(view)
        waiting = {name: len(due(view, each.traveller, each.starts, MANY, MANY)) for name, each in STEPS.items()}
    value = [
        {"name": name, "of": each.traveller.name, "from": sorted(each.starts), "to": sorted(each.ends),
         "due": waiting[name], **_known(fares.get(name))}
        for name, each in STEPS.items()
    ]  # fmt: skip
    answer(desk, value, lambda page: _draw_steps(page, fares, waiting))


def _known(seen: StepSeen | None) -> dict[str, object]:
    return (seen or StepSeen(None, None, 0))._asdict()


def _draw_steps(page: Page, fares: dict[str, StepSeen], waiting: dict[str, int]) -> None:
    table = page.table("Step", "Of", "From", "To", "Due", "State", right=("Due",), fold=("From", "To", "State"))
    rows = []
    for name, each in STEPS.items():
        seen = fares.get(name, StepSeen(None, None, 0))
        stopped = f"{page.word('stopped')} {moment(seen.stopped_at)}: {seen.error}" if seen.stopped_at else ""
        ways = (_states(page, each.starts), _states(page, each.ends))
        rows.append((name, page.word(each.traveller.name), *ways, waiting[name], Text(stopped, style="red")))
    page.rows(table, rows, "")


def _states(page: Page, states: Collection[str]) -> str:
    """Names of states; all there are is any."""
    if len(states) == len(OrderState):
        return page.word("any")
    return ", ".join(page.word(state.replace("_", " ")) for state in sorted(states))


@step.command("resume")
@verb
def resume(desk: Desk, name: Annotated[str, typer.Argument(help="The step that stopped.")]) -> None:
    """Let a step work again that stopped by its own fault; what it had set aside is due again."""
    with working(desk) as hub:
        done = steps.resume(hub, OWNER, name)
    told = "{step} works again; orders that are due again: {count}"
    answer(desk, {"step": name, "orders": done}, lambda page: page.say(page.word(told).format(step=name, count=done)))


@company.command("list")
@verb
def list_companies(desk: Desk) -> None:
    """All companies."""
    with looking(desk) as view:
        found = reading.companies(view)
    columns = ("Company", "Name", "Currency", "Country", "Time zone")
    answer(desk, found, lambda page: page.rows(page.table(*columns, fold=("Name",)), found, "There is no company."))


@company.command("add")
@verb
def add_company(
    desk: Desk,
    code: Annotated[str, typer.Argument(help="How you will call it.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    currency: Annotated[str, typer.Option(help="The currency of its books.")],
    country: Annotated[str, typer.Option(help="Two letters.")],
    zone: Annotated[str, typer.Option(help="Its time zone, which dates its invoices.")],
) -> None:
    """Add a company; one that exists stays as it is."""
    with working(desk) as hub:
        connections.found_hub(hub, OWNER, tenant=name, company=code, currency=currency, country=country, zone=zone)
    answer(desk, {"company": code}, lambda page: page.say(page.word("{code} is there.").format(code=code)))


@db.callback()
def database() -> None:
    """The database of the hub."""


@db.command("upgrade")
@verb
def upgrade(
    desk: Desk,
    code: Annotated[str, typer.Option("--company", help="A new hub: the code of its first company.")] = "main",
    name: Annotated[str, typer.Option(help="A new hub: the name of its first company.")] = "Main",
    currency: Annotated[str, typer.Option(help="A new hub: the company's currency.")] = "EUR",
    country: Annotated[str, typer.Option(help="A new hub: the company's country.")] = "DE",
    zone: Annotated[str, typer.Option(help="A new hub: the company's time zone, which dates its invoices.")] = "UTC",
) -> None:
    """Bring the database to this release; where there is none, make a new hub with its key."""
    with bar(desk, "upgrading", None):
        before = begin(desk, company=code, name=name, currency=currency, country=country, zone=zone)
    where = shown(stored_at(desk))
    told = {
        State.EMPTY: "A new hub is in {where}. Its key is {key}: keep a copy, without it personal data is lost.",
        State.CURRENT: "{where} is of this release already.",
        State.OLDER: "{where} is of this release now.",
    }[before]
    value = {"before": before, "where": where, "revision": known()[-1]}
    key = desk.folder / "hub.key"
    answer(desk, value, lambda page: page.say(page.word(told).format(where=where, key=key)))


@db.command("state")
@verb
def database_state(desk: Desk) -> None:
    """How the database compares with this release: empty, older, current or newer."""
    url = stored_at(desk)
    found = state(url)
    value = {"state": found, "where": shown(url), "revision": known()[-1]}
    answer(desk, value, lambda page: page.say(f"{shown(url)}: {page.word(found.value)}"))
