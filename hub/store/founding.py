"""The first rows of a hub: who it is, which key it has, and its first tenant."""

from sqlalchemy import select

from hub.store.tables import HubRow, TenantRow
from hub.store.work import View, Work


def house(view: View) -> str:
    """Eight letters that tell this hub from any other: a ledger may have met another one before."""
    return (view.scalar(select(HubRow.uid)) or "")[-8:]


def found(work: Work, *, tenant: str) -> None:
    """Note the hub and its key, and the tenant of this work by name; what is there already stays."""
    if work.first(select(HubRow.id)) is None:
        fields = {"uid": work.uid(), "key_check": work.store.keyring.check, "created_at": work.now}
        work.insert(HubRow, [{"id": 1, **fields}])
    work.insert_new(TenantRow, [{"id": work.tenant, "name": tenant, "created_at": work.now}], conflict=("id",))


def tenants(view: View) -> list[int]:
    """Everybody whose work this hub does."""
    return view.scalars(select(TenantRow.id).order_by(TenantRow.id))
