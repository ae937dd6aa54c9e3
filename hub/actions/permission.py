"""Who may do what. Every verb of this layer asks here first."""

from dataclasses import dataclass
from enum import StrEnum

from hub.core.failures import Refused


class Role(StrEnum):
    """What somebody is in the house. The spine knows the owner."""

    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as it stands in the trail: never a name, always an account."""

    account: str
    role: Role
    tenant: int = 1

    def __str__(self) -> str:
        return f"user:{self.account}"


OWNER = Actor("owner", Role.OWNER)
"""Whoever has the machine has the hub: the actor of the command line."""


def permit(actor: Actor, verb: str) -> None:
    """Raises Refused for somebody who may not."""
    if actor.role is not Role.OWNER:
        raise Refused("permission.refused", verb=verb, account=actor.account)
