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
    "order.history": Wording(
        "placed before the cut-over: kept, not worked on", "切换时间之前的订单：保留，不处理"
    ),
    "order.test": Wording("a test order: reaches no ledger", "测试订单：不进入账务"),
}

INPUT: Mapping[str, Wording] = {
    "json.too_large": Wording("larger than {limit} bytes", "超过 {limit} 字节"),
    "json.bom": Wording("begins with a byte order mark", "以字节顺序标记（BOM）开头"),
    "json.not_utf8": Wording("not UTF-8 at byte {position}", "第 {position} 字节不是 UTF-8"),
    "json.torn": Wording(
        "no complete JSON: line {line}, column {column}", "JSON 不完整：第 {line} 行第 {column} 列"
    ),
    "json.too_deep": Wording("nested deeper than {limit} levels", "嵌套超过 {limit} 层"),
    "json.duplicate_key": Wording("{field} stands there twice", "{field} 出现两次"),
    "json.not_a_number": Wording("{field} is {value}, which is no number", "{field} 为 {value}，不是数字"),
    "json.number_too_large": Wording(
        "{field} is a number too large or too small", "{field} 的数字过大或过小"
    ),
    "json.nul": Wording("{field} holds a NUL character", "{field} 含有空字符（NUL）"),
    "json.surrogate": Wording("{field} holds half a character", "{field} 含有不完整的字符"),
    "document.newer": Wording(
        "written by a newer release (schema {schema})", "由更新版本写入（结构号 {schema}）"
    ),
    "field.missing": Wording("{field} is missing", "缺少 {field}"),
    "field.unknown": Wording("{field} is not known", "未知字段 {field}"),
    "field.empty": Wording("{field} is empty", "{field} 为空"),
    "field.too_long": Wording("{field} is too long", "{field} 过长"),
    "field.wrong_form": Wording(
        "{field} does not have the right form: {value}", "{field} 格式不正确：{value}"
    ),
    "field.wrong_type": Wording("{field} is of the wrong kind: {value}", "{field} 类型不正确：{value}"),
    "field.not_allowed": Wording("{field} may not be {value}", "{field} 不允许为 {value}"),
    "field.invalid": Wording("{field} cannot be {value}", "{field} 不能为 {value}"),
    "order.no_lines": Wording("the order has no lines", "订单没有任何行"),
    "order.line_twice": Wording("line {value} stands there twice", "行 {value} 出现两次"),
    "money.not_an_amount": Wording("{field} is no amount: {value}", "{field} 不是金额：{value}"),
    "money.too_fine": Wording(
        "{field} is finer than {currency} allows: {value}", "{field} 超出 {currency} 的精度：{value}"
    ),
    "money.too_large": Wording("{field} is too large: {value}", "{field} 金额过大：{value}"),
    "money.unknown_currency": Wording("{value} is no known currency", "未知货币 {value}"),
    "money.two_currencies": Wording("{field} mixes currencies: {value}", "{field} 混用货币：{value}"),
    "money.no_parts": Wording("nothing to share an amount among", "没有可分摊的对象"),
    "money.negative_weight": Wording(
        "an amount cannot be shared by negative weights", "不能按负权重分摊金额"
    ),
    "number.not_a_number": Wording("{field} is no number: {value}", "{field} 不是数字：{value}"),
    "number.too_fine": Wording(
        "{field} has more than {places} places: {value}", "{field} 超过 {places} 位小数：{value}"
    ),
    "number.too_large": Wording("{field} is beyond {limit}: {value}", "{field} 超过 {limit}：{value}"),
    "quantity.negative": Wording("{field} is less than nothing: {value}", "{field} 为负数：{value}"),
    "quantity.not_positive": Wording(
        "{field} must be more than zero, not {value}", "{field} 必须大于零，而不是 {value}"
    ),
    "rate.not_a_share": Wording(
        "{field} must lie between 0 and 1, not {value}", "{field} 必须在 0 与 1 之间，而不是 {value}"
    ),
    "rate.not_positive": Wording("{field} is no exchange rate: {value}", "{field} 不是汇率：{value}"),
    "unit.unknown": Wording("{value} is no known unit", "未知单位 {value}"),
    "address.no_coordinate": Wording("{field} is no coordinate", "{field} 不是坐标"),
    "sku.empty": Wording("the article code is empty", "商品编码为空"),
    "sku.control_character": Wording(
        "the article code {value} holds a control character", "商品编码 {value} 含有控制字符"
    ),
    "time.not_a_time": Wording("{field} is no time: {value}", "{field} 不是时间：{value}"),
    "time.implausible": Wording("{field} cannot be true: {value}", "{field} 不可信：{value}"),
    "time.in_gap": Wording(
        "{value} never was shown by the clocks in {zone}", "{zone} 的时钟从未显示过 {value}"
    ),
    "time.shown_twice": Wording(
        "{value} was shown twice by the clocks in {zone}", "{zone} 的时钟显示过两次 {value}"
    ),
    "time.unknown_zone": Wording("{value} is no known time zone", "未知时区 {value}"),
    "effect.bad_key": Wording("{value} cannot name an effect", "{value} 不能作为动作的键"),
}

TABLES: tuple[Mapping[str, Wording], ...] = (ORDERS, INPUT)


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
