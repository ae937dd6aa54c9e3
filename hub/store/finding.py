"""Finding orders by whatever number somebody has in hand."""

from sqlalchemy import or_, select

from hub.store.names import named
from hub.store.people import find_parties
from hub.store.tables import OrderRow
from hub.store.travellers import orders_of
from hub.store.work import View

LONGEST_ID = 18


def find(view: View, number: str) -> list[int]:
    """Orders by our id, the channel's id or number, a tracking or invoice number, an e-mail address; newest first."""
    number = number.strip()
    found = set(_by_own(view, number))
    for name in named(view, number):
        if name.subject == "order":
            found.add(name.subject_id)
        elif name.subject == "fulfilment":
            found.update(orders_of(view, [name.subject_id]))
    if not found and ("@" in number or number.lstrip("+").replace(" ", "").isdigit()):
        found.update(_by_people(view, number))
    return sorted(found, reverse=True)


def _by_own(view: View, number: str) -> list[int]:
    same = [OrderRow.external_id == number, OrderRow.number == number, OrderRow.uid == number]
    if number.isdecimal() and len(number) <= LONGEST_ID:
        same.append(OrderRow.id == int(number))
    return view.scalars(select(OrderRow.id).where(OrderRow.tenant_id == view.tenant, or_(*same)))


def _by_people(view: View, text: str) -> list[int]:
    parties = find_parties(view, text)
    if not parties:
        return []
    return view.scalars(
        select(OrderRow.id).where(OrderRow.tenant_id == view.tenant, view.by_ids(OrderRow.party_id, parties))
    )
