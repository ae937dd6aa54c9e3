"""Receivables as rows, and what was invoiced of each line."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, select

from hub.core.document import read, write
from hub.core.finance import FinanceDocument, Posting
from hub.store.names import Name, name
from hub.store.tables import CompanyRow, ConnectionRow, FulfilmentLineRow, FulfilmentRow, ReceivableRow
from hub.store.work import View, Work


class Receivable(NamedTuple):
    """An invoice or credit note of an order."""

    id: int
    company_id: int
    order_id: int
    fulfilment_id: int | None
    kind: str
    sequence: int
    state: str
    currency: str
    total: int
    due: int
    number: str | None


RECEIVABLE = tuple(getattr(ReceivableRow, name) for name in Receivable._fields)


def receivables(view: View, orders: Iterable[int]) -> dict[int, list[Receivable]]:
    """All receivables of these orders, first to last."""
    wanted = sorted(set(orders))
    found: dict[int, list[Receivable]] = {order: [] for order in wanted}
    rows = view.all(
        select(*RECEIVABLE)
        .where(ReceivableRow.tenant_id == view.tenant, view.by_ids(ReceivableRow.order_id, wanted))
        .order_by(ReceivableRow.order_id, ReceivableRow.sequence)
    )
    for row in rows:
        found[row.order_id].append(Receivable(*row))
    return found


def by_id(view: View, ids: Sequence[int]) -> dict[int, Receivable]:
    """These receivables."""
    rows = view.all(
        select(*RECEIVABLE).where(ReceivableRow.tenant_id == view.tenant, view.by_ids(ReceivableRow.id, ids))
    )
    return {row.id: Receivable(*row) for row in rows}


def documents(view: View, ids: Sequence[int]) -> dict[int, FinanceDocument]:
    """Their documents, without customers."""
    rows = view.all(
        select(ReceivableRow.id, ReceivableRow.schema, ReceivableRow.document).where(
            ReceivableRow.tenant_id == view.tenant, view.by_ids(ReceivableRow.id, ids)
        )
    )
    return {row.id: read(FinanceDocument, row.schema, row.document.encode()) for row in rows}


class Draft(NamedTuple):
    """A receivable to be written."""

    company_id: int
    order_id: int
    fulfilment_id: int | None
    sequence: int
    document: FinanceDocument


def add(work: Work, drafts: Sequence[Draft]) -> list[int]:
    """Write receivables; answers their ids."""
    numbers = list(work.ids(ReceivableRow, len(drafts))) if drafts else []
    work.insert(
        ReceivableRow,
        [
            {
                "id": number,
                "company_id": draft.company_id,
                "order_id": draft.order_id,
                "fulfilment_id": draft.fulfilment_id,
                "kind": draft.document.kind.value,
                "sequence": draft.sequence,
                "state": "open",
                "currency": draft.document.currency,
                "total": draft.document.totals.gross.minor,
                "due": draft.document.totals.due.minor,
                "rounding": draft.document.totals.rounding.minor,
                "number": None,
                "schema": FinanceDocument.schema_number,
                "document": write(draft.document).decode(),
                "made_at": work.now,
            }
            for number, draft in zip(numbers, drafts, strict=True)
        ],
    )
    return numbers


def invoiced(view: View, fulfilments: Sequence[int], orders: Sequence[int]) -> dict[int, int]:
    """What left with earlier fulfilments per order line: {order line: quantity}; `fulfilments` do not count."""
    gone = select(ReceivableRow.fulfilment_id).where(
        ReceivableRow.tenant_id == view.tenant,
        view.by_ids(ReceivableRow.order_id, orders),
        ReceivableRow.fulfilment_id.is_not(None),
    )
    rows = view.all(
        select(FulfilmentLineRow.order_line_id, func.sum(FulfilmentLineRow.quantity))
        .join(
            FulfilmentRow,
            and_(
                FulfilmentRow.tenant_id == FulfilmentLineRow.tenant_id,
                FulfilmentRow.id == FulfilmentLineRow.fulfilment_id,
            ),
        )
        .where(
            FulfilmentLineRow.tenant_id == view.tenant,
            FulfilmentRow.id.in_(gone),
            ~view.by_ids(FulfilmentRow.id, fulfilments),
        )
        .group_by(FulfilmentLineRow.order_line_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def settle(work: Work, states: Mapping[int, tuple[str, str | None]]) -> None:
    """New states and ledger numbers of receivables."""
    work.update(
        ReceivableRow,
        [{"id": key, "state": state, "number": number} for key, (state, number) in sorted(states.items())],
    )


class Company(NamedTuple):
    """A legal entity: its code, the zone of its calendar, and its ledger connection."""

    id: int
    code: str
    zone: str
    ledgers: tuple[int, ...]


def companies(view: View, ids: Iterable[int]) -> dict[int, Company]:
    """Companies with their ledgers."""
    wanted = sorted(set(ids))
    ledgers = view.all(
        select(ConnectionRow.company_id, ConnectionRow.id)
        .where(
            ConnectionRow.tenant_id == view.tenant,
            view.by_ids(ConnectionRow.company_id, wanted),
            ConnectionRow.kind == "finance",
            ConnectionRow.documents_out != "off",
        )
        .order_by(ConnectionRow.id)
    )
    rows = view.all(
        select(CompanyRow.id, CompanyRow.code, CompanyRow.zone).where(
            CompanyRow.tenant_id == view.tenant, view.by_ids(CompanyRow.id, wanted)
        )
    )
    return {
        row.id: Company(row.id, row.code, row.zone, tuple(each.id for each in ledgers if each.company_id == row.id))
        for row in rows
    }


def name_postings(
    work: Work, mine: Mapping[int, Receivable], postings: Mapping[int, Posting], ledgers: Mapping[int, int]
) -> None:
    """The ledger's numbers lead back to the order."""
    name(
        work,
        [
            Name(ledgers[number], "order", mine[number].order_id, kind, value)
            for number, posting in postings.items()
            for kind, value in (("invoice", posting.number), ("posting", posting.id))
            if value
        ],
    )
