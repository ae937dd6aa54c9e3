"""The first rows of a hub: who it is, which key it has, and its first tenant."""

from sqlalchemy import select

from hub.core.ids import token
from hub.store.tables import HubRow, TenantRow
from hub.store.work import View, Work


def house(view: View) -> str:
    """Eight letters that tell this hub from any other: a ledger may have met another one before."""
    if not view.store.house:
        view.store.house = (view.scalar(select(HubRow.uid)) or "")[-8:]
    return view.store.house


def reference(view: View, *about: object) -> str:
    """Sixteen characters by which carriers and channels know a thing of this hub and tenant, and of no other."""
    return token("/".join((f"{house(view)}-{view.tenant}", *map(str, about))))


def found(work: Work, *, tenant: str) -> None:
    """Note the hub and its key, and the tenant of this work by name; what is there already stays."""
    if work.first(select(HubRow.id)) is None:
        fields = {"uid": work.uid(), "key_check": work.store.keyring.check, "created_at": work.now}
        work.insert(HubRow, [{"id": 1, **fields}])
    work.insert_new(TenantRow, [{"id": work.tenant, "name": tenant, "created_at": work.now}], conflict=("id",))


def tenants(view: View) -> list[int]:
    """Everybody whose work this hub does."""
    return view.scalars(select(TenantRow.id).order_by(TenantRow.id))
