"""What left is invoiced: one document per order and fulfilment, which together make the order to the cent."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from hub.core.changes import wanted
from hub.core.document import Document
from hub.core.finance import Posting
from hub.core.invoicing import Portion, invoice_for, with_customer
from hub.core.orders import Order
from hub.core.states import OrderState as S
from hub.core.totals import check_totals
from hub.pipeline.facts import Recorded, Withdraw
from hub.pipeline.hub import Hub
from hub.pipeline.units import in_items
from hub.sdk.capabilities import Capability
from hub.store import effects, finance, orders, people
from hub.store.connections import Connection, Flow, Switch, connections
from hub.store.effects import Effect, Plan
from hub.store.finance import Company, Draft
from hub.store.orders import LineState, Summary
from hub.store.shipping import Fulfilment, Leaving
from hub.store.work import Work

Parts = Sequence[tuple[Fulfilment, int]]


def invoice(
    hub: Hub, work: Work, parts: Parts, leaving: Mapping[int, Sequence[Leaving]], served: Sequence[int]
) -> None:
    """Write and plan the invoices of what was handed over. Test orders reach no ledger."""
    known = {number: order for number, order in orders.summaries(work, served).items() if not order.is_test}
    companies = finance.companies(work, {order.company_id for order in known.values()})
    billed = [(f, order) for f, order in parts if order in known and companies[known[order].company_id].ledgers]
    if not billed:
        return
    numbers = sorted({order for _, order in billed})
    before = finance.invoiced(work, [f.id for f, _ in billed], numbers)
    written = finance.receivables(work, numbers)
    sequence = {order: len(found) for order, found in written.items()}
    documents = orders.documents(work, numbers)
    lines = {line.id: line for found in orders.lines_of(work, numbers).values() for line in found}
    rules = connections(work, sorted({known[order].connection_id for order in numbers}))
    drafts = []
    for fulfilment, number in billed:
        sequence[number] += 1
        mine = [line for line in leaving[fulfilment.id] if line.order_id == number]
        portions = _portions(documents[number], mine, lines, before)
        drafts.append(
            _draft(
                hub, work, known[number], documents[number], companies[known[number].company_id],
                rules[known[number].connection_id], portions, sequence[number], fulfilment.id,
            )
        )  # fmt: skip
    _plan(work, drafts, known, companies)


def invoice_goodless(hub: Hub, work: Work, numbers: Sequence[int]) -> None:
    """Orders without goods are invoiced as soon as they are accepted."""
    known = {n: order for n, order in orders.summaries(work, numbers).items() if not order.is_test}
    companies = finance.companies(work, {order.company_id for order in known.values()}) if known else {}
    billed = [order for order in known.values() if companies[order.company_id].ledgers]
    documents = orders.documents(work, [order.id for order in billed])
    rules = connections(work, sorted({order.connection_id for order in billed})) if billed else {}
    drafts = [
        _draft(hub, work, o, documents[o.id], companies[o.company_id], rules[o.connection_id], {}, 1, None)
        for o in billed
    ]
    _plan(work, drafts, known, companies)


def _portions(
    document: Order, mine: Sequence[Leaving], lines: Mapping[int, LineState], before: dict[int, int]
) -> dict[str, Portion]:
    """What of each line is invoiced now; the whole is what the channel's line total pays for."""
    portions: dict[str, Portion] = {}
    for leaving in mine:
        line = document.line(leaving.line_external_id)
        whole = in_items(wanted(line), leaving.factor) if line else lines[leaving.order_line_id].ordered
        done = before.get(leaving.order_line_id, 0)
        now = min(leaving.quantity, max(0, whole - done))
        if now:
            portions[leaving.line_external_id] = Portion(done, now, whole)
        before[leaving.order_line_id] = done + leaving.quantity
    return portions


def _draft(
    hub: Hub,
    work: Work,
    order: Summary,
    document: Order,
    company: Company,
    channel: Connection,
    portions: Mapping[str, Portion],
    sequence: int,
    fulfilment: int | None,
) -> Draft:
    rule = hub.connector(channel).limits.sum_rule
    made = invoice_for(
        document,
        portions,
        key=f"{work.tenant}/order/{order.id}/INV/{sequence}",
        company=company.code,
        sequence=sequence,
        day=_today(work, company),
        rule=rule,
        rounding=check_totals(document, rule).rounding,
        shop=channel.name,
        shipment_ids=() if fulfilment is None else (str(fulfilment),),
    )
    return Draft(order.company_id, order.id, fulfilment, sequence, made)


def _today(work: Work, company: Company) -> date:
    """The company's calendar day on which the goods left."""
    return work.now.astimezone(ZoneInfo(company.zone)).date()


def _plan(work: Work, drafts: Sequence[Draft], known: Mapping[int, Summary], companies: Mapping[int, Company]) -> None:
    numbers = finance.add(work, drafts)
    ledgers = connections(work, sorted({c for company in companies.values() for c in company.ledgers}))
    effects.plan(
        work,
        [
            Plan(
                ledger.id,
                Capability.RECEIVABLE,
                f"order/{draft.order_id}/invoice/{draft.sequence}",
                "receivable",
                number,
                known[draft.order_id].key_id,
                work.now if ledger.switch(Flow.DOCUMENTS_OUT) is Switch.ON else None,
                part_id=draft.order_id,
                lane=known[draft.order_id].lane,
            )
            for number, draft in zip(numbers, drafts, strict=True)
            for ledger in (ledgers[ledger] for ledger in companies[draft.company_id].ledgers[:1])
        ],
    )


def facts(hub: Hub, work: Work, mine: Sequence[Effect]) -> Mapping[int, Document | Withdraw]:
    """The document with its customer, or nothing if the receivable is not open any more."""
    numbers = sorted({effect.subject_id for effect in mine})
    states = finance.by_id(work, numbers)
    documents = finance.documents(work, numbers)
    known = orders.summaries(work, sorted({receivable.order_id for receivable in states.values()}))
    parties = people.read_parties(work, [order.party_id for order in known.values()])
    found: dict[int, Document | Withdraw] = {}
    for effect in mine:
        receivable = states[effect.subject_id]
        order = known[receivable.order_id]
        named = with_customer(documents[effect.subject_id], parties[order.party_id], hub_id=str(order.party_id))
        found[effect.id] = named if receivable.state in {"open", "refused"} else Withdraw("receivable.not_open")
    return found


def record(hub: Hub, work: Work, told: Sequence[Recorded]) -> list[str | None]:
    """The ledger has it: with its number, and settled where nothing is due."""
    mine = finance.by_id(work, [effect.subject_id for effect, _, _ in told])
    postings = {effect.subject_id: result for effect, _, result in told if isinstance(result, Posting)}
    finance.settle(
        work,
        {
            number: ("posted" if mine[number].due > 0 else "settled", posting.number or posting.id)
            for number, posting in postings.items()
        },
    )
    from_ledger = {effect.subject_id: effect.connection_id for effect, _, _ in told}
    finance.name_postings(work, mine, postings, from_ledger)
    orders.awake_in(work, [receivable.order_id for receivable in mine.values()], (S.FULFILLED,))
    return [postings[effect.subject_id].id if effect.subject_id in postings else None for effect, _, _ in told]


def refused(hub: Hub, work: Work, effect: Effect) -> None:
    """A person looks at what the ledger refused; the parcel and the channel do not wait for it."""
    finance.settle(work, {effect.subject_id: ("refused", None)})
    effects.ask(work, effect)
