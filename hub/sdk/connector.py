"""What every connector is: a manifest, a config, limits, and the capabilities it inherits."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Generic, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from hub.core.failures import BadInput
from hub.core.fields import refusal
from hub.core.totals import SumRule
from hub.sdk.addresses import checked_url
from hub.sdk.capabilities import READS, WRITES
from hub.sdk.http import Http
from hub.sdk.mapping import Mapping, Overlay


class Kind(StrEnum):
    """Which side of the hub a connector stands on."""

    SHOP = "shop"
    LOGISTICS = "logistics"
    FINANCE = "finance"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who a connector is.

    `api` is the remote's version it was written for, `simulator` names `module:class` of its simulator;
    `demo` puts it into the demonstration. `mappings` is the package of its mapping files, where that is not
    `mappings.<kind>.<id>`.
    """

    id: str
    kind: Kind
    title: str
    api: str
    sdk: int = 1
    simulator: str | None = None
    demo: bool = False
    mappings: str | None = None

    @property
    def mapping_package(self) -> str:
        """Where the mapping files are."""
        return self.mappings or f"mappings.{self.kind}.{self.id}"


class StockKind(StrEnum):
    """What a channel wants to be told: goods on the shelf, or goods that may still be sold."""

    PHYSICAL = "physical"
    AVAILABLE = "available"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the remote can bear and what it cannot do; the hub plans around it.

    `calls_per_second` and `burst` are the rate budget of one connection, `calls_at_once` the requests
    side by side, `deadline` the total time of one call with all its short repeats, `poll_every` the
    pause between two pulls.
    """

    calls_per_second: Decimal = Decimal(5)
    burst: int = 10
    calls_at_once: int = 4
    deadline: timedelta = timedelta(seconds=30)
    poll_every: timedelta = timedelta(minutes=1)
    sum_rule: SumRule = SumRule.TAX_INCLUDED
    stock: StockKind = StockKind.AVAILABLE
    stock_batch: int = 100
    negative_stock: bool = False
    partial_shipments: bool = True
    currencies: frozenset[str] | None = None


class ConnectorConfig(BaseModel):
    """Settings of one connection; secrets are `SecretStr`. Its JSON schema draws the form.

    A connector whose remote has one address for all gives `base_url` a default. `allow_private` lets a
    connection reach addresses of the house, and plain http.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    base_url: str
    allow_private: bool = False

    @model_validator(mode="after")
    def _base_url_is_sound(self) -> Self:
        try:
            checked_url(self.base_url, allow_private=self.allow_private)
        except BadInput as bad:
            raise refusal(bad.code, field="base_url", value=bad.value) from None
        return self


C = TypeVar("C", bound=ConnectorConfig)


class Connector(Generic[C]):
    """Code for one kind of outside system, bound to one connection's settings and HTTP client."""

    manifest: ClassVar[Manifest]
    config_model: ClassVar[type[ConnectorConfig]]
    limits: ClassVar[Limits] = Limits()
    volatile: ClassVar[frozenset[str]] = frozenset()
    """Keys of a raw document that change by themselves; a document that differs only there says nothing new."""

    def __init__(self, config: C, http: Http, overlay: Overlay | None = None) -> None:
        self.config = config
        self.http = http
        self.overlay = overlay

    def check(self) -> None:
        """One harmless request that proves address and credentials; raises Misconfigured."""
        raise NotImplementedError

    def mapping(self, name: str) -> Mapping:
        """A mapping file of this connector, with the rows that the connection has of its own."""
        return Mapping.load(self.manifest.mapping_package, name, self.overlay)

    @classmethod
    def capabilities(cls) -> tuple[str, ...]:
        """The capabilities this connector inherits, reads first."""
        reads = [name for name, protocol in READS.items() if protocol in cls.__mro__]
        writes = [name.value for name, write in WRITES.items() if write.protocol in cls.__mro__]
        return (*reads, *writes)


AnyConnector: TypeAlias = Connector[Any]
"""A connector of whatever settings: the hub keeps them side by side."""
