"""Every reason and refusal of the hub in English and Chinese.

The hub stores codes with parameters; a face renders them here. `{name}` in a text is a parameter.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from hub.core.failures import Parameter


class Language(StrEnum):
    """Languages that faces speak."""

    EN = "en"
    ZH = "zh"


class Wording(NamedTuple):
    """One code in both languages."""

    en: str
    zh: str


ORDERS: Mapping[str, Wording] = {
    "order.received": Wording("taken over from the channel", "已从渠道接收"),
    "order.accepted": Wording("passed the review", "审核通过"),
    "order.reserved": Wording("all open lines are promised", "所有未完成行已预留库存"),
    "order.short": Wording("{missing} of {item} are missing", "{item} 缺少 {missing}"),
    "order.routed": Wording("the shipping locations are chosen", "已选定发货仓库"),
    "order.fulfilling": Wording("the first fulfilment is released", "首个发货单已下达"),
    "order.fulfilled": Wording("everything left the house", "已全部发出"),
    "order.completed": Wording("delivered and settled", "已送达并结清"),
    "order.archived": Wording("finished and put away", "已归档"),
    "order.cancelled": Wording("cancelled by {by}", "已由 {by} 取消"),
    "order.changed": Wording("changed by the channel", "渠道修改了订单"),
    "order.history": Wording("placed before the cut-over: kept, not worked on", "切换时间之前的订单：保留，不处理"),
    "order.test": Wording("a test order: reaches no ledger", "测试订单：不进入账务"),
}

TABLES: tuple[Mapping[str, Wording], ...] = (ORDERS,)


def wording(code: str) -> Wording | None:
    """The two texts of a code, `None` for a code of a remote system."""
    for table in TABLES:
        if found := table.get(code):
            return found
    return None


def render(code: str, params: Mapping[str, Parameter], language: Language = Language.EN) -> str:
    """The sentence for a code; an unknown code is shown as it is, with its parameters."""
    found = wording(code)
    if found is None:
        return " ".join([code, *(f"{name}={value}" for name, value in params.items())])
    text = found.zh if language is Language.ZH else found.en
    return text.format_map(_Shown(params))


class _Shown(dict[str, Parameter]):
    """Parameters that leave a missing name visible instead of failing."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
