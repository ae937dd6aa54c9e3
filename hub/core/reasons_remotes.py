"""What channels, carriers and ledgers refuse or leave open, in the words of the trade, in English and Chinese."""

from collections.abc import Mapping

from hub.core.wording import Wording

CHANNELS: Mapping[str, Wording] = {
    "channel.refused": Wording("the channel refused ({reason}): {detail}", "渠道拒绝（{reason}）：{detail}"),
    "channel.failed": Wording(
        "the channel failed ({reason}): {detail}; what was asked may have happened",
        "渠道出错（{reason}）：{detail}；请求可能已被执行",
    ),
    "channel.not_found": Wording("the channel does not know it: {detail}", "渠道中不存在：{detail}"),
    "channel.not_permitted": Wording(
        "the account may not do this on the channel: {detail}; give it the right",
        "该账号在渠道上无此权限：{detail}；请授权",
    ),
    "channel.unknown_sales_channel": Wording(
        "the shop has no such sales channel: {detail}; correct the settings", "店铺没有该销售渠道：{detail}；请更正设置"
    ),
    "channel.other_api": Wording(
        "this release of the shop speaks otherwise: {detail}; look whether the connector fits it",
        "店铺版本的接口不同：{detail}；请检查连接器是否适用",
    ),
    "channel.no_entry": Wording("the shop refuses the log-in; correct the credentials", "店铺拒绝登录；请更正凭据"),
    "channel.no_bearer": Wording(
        "{host} lets in without giving a token; turn on bearer tokens there",
        "{host} 登录后未返回令牌；请在该处启用 bearer 令牌",
    ),
    "channel.stock_location": Wording(
        "the shop has no stock location {location}; it has {known}", "店铺没有库存地点 {location}；现有 {known}"
    ),
    "channel.already_shipped": Wording("the channel says that it is shipped already", "渠道表示已发货"),
    "channel.too_little_stock": Wording(
        "the channel counts too little stock to ship it; correct the stock there",
        "渠道库存不足，无法发货；请在渠道更正库存",
    ),
    "channel.too_many": Wording("more would be shipped than the channel has open", "发货数量超过渠道的未发数量"),
    "channel.nothing_left": Wording("the channel has nothing left to ship", "渠道没有待发商品"),
    "channel.not_now": Wording(
        "the channel does not allow it in the state of the order: {detail}",
        "订单在渠道的当前状态不允许此操作：{detail}",
    ),
    "channel.no_such_state": Wording("the channel has no word for {reason}", "渠道没有对应 {reason} 的状态"),
    "channel.whole_pieces": Wording(
        "the channel counts whole pieces, not {quantity}", "渠道只接受整数数量，而不是 {quantity}"
    ),
    "graphql.no_answer": Wording("the answer of {host} holds no result", "{host} 的响应没有结果"),
}

CARRIERS: Mapping[str, Wording] = {
    "carrier.billing": Wording(
        "{host} sells nothing on this account: {detail}; settle the account there",
        "{host} 的账户无法购买：{detail}；请处理账户",
    ),
    "carrier.wrong_mode": Wording(
        "the key is for {mode}, the connection says {expected}; take the other key",
        "密钥用于 {mode}，连接设置为 {expected}；请更换密钥",
    ),
    "carrier.not_offered": Wording("the carrier does not offer this: {detail}", "承运商不提供：{detail}"),
    "carrier.two_currencies": Wording(
        "the offers are in several currencies, nobody can say which is cheapest; choose a service",
        "报价使用多种货币，无法比较；请指定服务",
    ),
    "carrier.rate_without_id": Wording(
        "the offer for {detail} cannot be bought any more; ask for rates again", "{detail} 的报价已无法购买；请重新询价"
    ),
    "carrier.unknown_shipment": Wording("the carrier does not know {shipment}", "承运商没有 {shipment}"),
    "carrier.no_label": Wording("the carrier sold a shipment without a label", "承运商售出的运单没有面单"),
    "carrier.parcels_differ": Wording(
        "the carrier sold other parcels than were asked for: {value}", "承运商售出的包裹与请求不符：{value}"
    ),
    "carrier.partly_booked": Wording(
        "{bought} of {parcels} labels of {shipment} are bought; buy or void the rest at the carrier",
        "{shipment} 的 {parcels} 张面单已购 {bought} 张；请在承运商处补购或作废",
    ),
    "carrier.outcome_unknown": Wording(
        "{host} cannot say whether the label was bought: {detail}", "{host} 无法确认面单是否已购：{detail}"
    ),
    "carrier.no_refund_status": Wording(
        "the carrier does not say whether {shipment} is refunded", "承运商未说明 {shipment} 是否已退款"
    ),
}

LEDGERS: Mapping[str, Wording] = {
    "ledger.refused": Wording("the ledger refused: {detail}", "财务系统拒绝：{detail}"),
    "ledger.warning": Wording(
        "the ledger asks a person to confirm a warning; post it there, then: hub effects resolve",
        "财务系统要求人工确认警告；请在该系统过账后运行：hub effects resolve",
    ),
    "ledger.period_closed": Wording(
        "the period is closed in the ledger: {detail}; open it, or let the connection post today",
        "财务期间已关闭：{detail}；请重新打开，或设置连接按当日过账",
    ),
    "ledger.no_period": Wording(
        "the ledger has no period for this day: {detail}; make one there",
        "财务系统没有该日期的期间：{detail}；请先创建",
    ),
    "ledger.date_order": Wording(
        "the ledger has a later invoice already: {detail}", "财务系统已有日期更晚的发票：{detail}"
    ),
    "ledger.no_rate": Wording(
        "the ledger has no exchange rate for this day: {detail}; enter one there",
        "财务系统没有当日汇率：{detail}；请录入",
    ),
    "ledger.not_unique": Wording("the ledger has this already: {detail}", "财务系统中已存在：{detail}"),
    "ledger.not_a_draft": Wording(
        "the document in the ledger is no draft any more: {detail}", "财务系统中的单据已不是草稿：{detail}"
    ),
    "ledger.missing_reference": Wording(
        "the ledger misses something that the document needs: {field}; add it there",
        "财务系统缺少单据所需的 {field}；请补充",
    ),
    "ledger.no_customer": Wording(
        "the invoice names nobody; add an address to the order, or one customer for all to the connection",
        "发票没有客户；请补充订单地址，或在连接中设置统一客户",
    ),
    "ledger.no_account": Wording(
        "no account is set for {role}; add it to the settings of the connection",
        "未设置 {role} 的科目；请在连接设置中补充",
    ),
    "ledger.no_tax": Wording(
        "no tax of the ledger is set for {rate} {category} in {jurisdiction}; add it to the settings of the connection",
        "未设置 {jurisdiction} {category} {rate} 对应的税；请在连接设置中补充",
    ),
    "ledger.no_currency": Wording(
        "the ledger does not know the currency {currency}; add it there", "财务系统没有货币 {currency}；请添加"
    ),
    "ledger.no_address": Wording(
        "the party in {field} has no address; add one in the ledger", "{field} 的往来单位没有地址；请在财务系统补充"
    ),
    "ledger.no_record": Wording("the answer of {host} holds no record", "{host} 的响应没有记录"),
    "ledger.not_there": Wording(
        "{field} is {id}, and the ledger has no such {model}; correct the setting",
        "{field} 为 {id}，财务系统没有该 {model}；请更正设置",
    ),
    "ledger.wrong_kind": Wording(
        "{field} is {id}, which is of another kind; correct the setting", "{field} 为 {id}，类型不符；请更正设置"
    ),
    "ledger.wrong_rate": Wording(
        "{field} is {id}, which has the rate {found}; correct the setting",
        "{field} 为 {id}，其税率为 {found}；请更正设置",
    ),
    "ledger.wrong_currency": Wording(
        "{field} is {id}, which rounds to other places; correct the currency in the ledger",
        "{field} 为 {id}，小数位数不符；请在财务系统更正货币",
    ),
    "ledger.other_company": Wording(
        "{field} is {id}, which belongs to another company; correct the setting",
        "{field} 为 {id}，属于其他公司；请更正设置",
    ),
    "ledger.other_timezone": Wording(
        "{field} is {id}, which keeps another time zone; correct the setting", "{field} 为 {id}，时区不同；请更正设置"
    ),
    "ledger.closed": Wording(
        "{field} is {id}, which is closed; choose an open account", "{field} 为 {id}，已关闭；请选择启用的科目"
    ),
    "ledger.tax_key": Wording(
        "{field} has the key {value}; write it like 0.19, DE 0.19 or DE AE 0",
        "{field} 的键为 {value}；请按 0.19、DE 0.19 或 DE AE 0 的形式填写",
    ),
    "ledger.total_differs": Wording(
        "the ledger makes {theirs} of what is {ours}; look at the taxes of the connection, then: hub order retry",
        "应为 {ours}，财务系统算得 {theirs}；请检查连接的税设置后运行：hub order retry",
    ),
    "ledger.reference_taken": Wording(
        "the ledger has an invoice {reference} of {theirs} already, ours is {ours}; look at it there",
        "财务系统已有发票 {reference}，金额 {theirs}，应为 {ours}；请在该系统核对",
    ),
    "ledger.draft_gone": Wording(
        "the draft {reference} is gone from the ledger", "财务系统中的草稿 {reference} 已不存在"
    ),
    "ledger.draft_stands": Wording(
        "the draft {reference} could not be taken away ({cause})", "草稿 {reference} 无法删除（{cause}）"
    ),
}

TABLES = (CHANNELS, CARRIERS, LEDGERS)
