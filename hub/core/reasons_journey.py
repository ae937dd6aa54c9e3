"""What happens to orders, fulfilments, documents and effects on their way, in English and Chinese."""

from collections.abc import Mapping

from hub.core.wording import Wording

ORDERS: Mapping[str, Wording] = {
    "order.received": Wording("taken over from the channel", "已从渠道接收"),
    "order.watched": Wording("seen on the channel, whose orders are only watched", "已在渠道看到，该渠道仅监视订单"),
    "order.accepted": Wording("passed the review", "审核通过"),
    "order.held": Wording("held ({code})", "已挂起（{code}）"),
    "order.reserved": Wording("stock is promised", "已预留库存"),
    "order.short": Wording("waits for stock: {missing} of {item} are missing", "等待库存：{item} 缺少 {missing}"),
    "order.waits_for_listing": Wording("waits until its articles are mapped", "等待商品映射"),
    "order.backordered": Wording("waits for stock", "等待库存"),
    "order.routed": Wording("the shipping locations are chosen", "已选定发货仓库"),
    "order.fulfilling": Wording("the first fulfilment is released", "首个发货单已下达"),
    "order.fulfilled": Wording("everything left the house", "已全部发出"),
    "order.nothing_to_ship": Wording("has nothing to ship", "没有需要发货的商品"),
    "order.waits": Wording("waits for {for}", "等待：{for}"),
    "order.completed": Wording("delivered and settled", "已送达并结清"),
    "order.archived": Wording("finished and put away", "已归档"),
    "order.changed": Wording("changed by the channel: {what}", "渠道修改了订单：{what}"),
    "order.revived": Wording(
        "order {order} is open again on its channel after it was cancelled here",
        "订单 {order} 在此取消后，在渠道上又重新打开",
    ),
    "order.cancelled": Wording("cancelled by {by}", "已由 {by} 取消"),
    "cancel.channel": Wording("the channel cancelled the order", "渠道取消了订单"),
    "cancel.lines": Wording("the channel took lines back", "渠道减少了订单行"),
    "cancel.operator": Wording("{by} cancelled it: {reason}", "{by} 取消：{reason}"),
    "order.lines_cancelled": Wording("lines were cancelled by {by}", "部分行已由 {by} 取消"),
    "order.cancel_waits": Wording("the cancel waits until the carrier has answered", "取消请求等待承运商答复"),
    "order.cancel_too_late": Wording(
        "too late to cancel {quantity} of {sku}: they have left; a return can still be made",
        "{sku} 的 {quantity} 件已发出，无法取消；仍可退货",
    ),
    "order.moved": Wording("labels for the old address were taken back", "已撤回旧地址的面单"),
    "order.moved_too_late": Wording(
        "{parcels} parcels left for the old address; ask the carrier to redirect them, or wait for their return",
        "{parcels} 个包裹已发往旧地址；请联系承运商改址，或等待退回",
    ),
    "order.not_cancelled": Wording("the order is not cancelled any more", "订单已不再是取消状态"),
    "order.history": Wording("placed before the cut-over: kept, not worked on", "切换时间之前的订单：保留，不处理"),
    "order.not_ours": Wording("shipped by the marketplace: kept, not worked on", "由平台发货：保留，不处理"),
    "order.shipped_elsewhere": Wording("was shipped before it came here: kept", "到达本系统前已发货：保留"),
    "order.test": Wording("a test order: reaches no ledger", "测试订单：不进入账务"),
    "order.unpaid": Wording("waits for its payment, which is {state}", "等待付款，付款状态：{state}"),
    "order.placed_when": Wording(
        "when it was placed is not clear: {raw}; look, then release the hold", "下单时间不明确：{raw}；请确认后解除挂起"
    ),
    "total.differs": Wording(
        "the lines differ from the total of {total} by {difference}; look, then release the hold",
        "各行合计与总额 {total} 相差 {difference}；请确认后解除挂起",
    ),
    "quantity.too_fine": Wording(
        "{quantity} of {sku} are wanted, its unit has {places} decimals; correct the order on {channel}, or say how "
        "much of the item one piece is: hub listing map {channel} {listing} SKU --factor",
        "{sku} 需要 {quantity}，其单位只有 {places} 位小数；请在 {channel} 上更正订单，或说明每件含多少："
        "hub listing map {channel} {listing} SKU --factor",
    ),
    "listing.unmapped": Wording(
        "{channel} sells {listing}, which is none of our items yet; run: hub listing map {channel} {listing} SKU",
        "{channel} 销售的 {listing} 尚未映射到商品；请运行：hub listing map {channel} {listing} SKU",
    ),
}

SHIPPING: Mapping[str, Wording] = {
    "fulfilment.released": Wording("handed to the location", "已下达仓库"),
    "fulfilment.label_planned": Wording("a label from {carrier} is on its way", "正在向 {carrier} 购买面单"),
    "fulfilment.labelled": Wording("labelled by {carrier}: {tracking}", "{carrier} 面单已打印：{tracking}"),
    "fulfilment.handed_over": Wording("handed over to the carrier", "已交付承运商"),
    "fulfilment.delivered": Wording("delivered", "已送达"),
    "fulfilment.returned": Wording("came back", "已退回"),
    "fulfilment.lost": Wording("lost on the way", "运输途中丢失"),
    "fulfilment.cancelled": Wording("taken back", "已撤回"),
    "fulfilment.no_carrier": Wording(
        "its location ships with no carrier that sells labels now", "该仓库没有可购买面单的承运商"
    ),
    "fulfilment.no_label": Wording("there is no label to take back", "没有可作废的面单"),
    "fulfilment.not_wanted": Wording("the fulfilment is not wanted any more", "已不再需要该发货单"),
    "carrier.refused": Wording(
        "the carrier refuses the parcel ({code}): {said}; correct the order, then: hub order retry",
        "承运商拒绝该包裹（{code}）：{said}；请更正订单后运行：hub order retry",
    ),
    "carrier.no_rates": Wording(
        "no carrier makes an offer: {detail}; correct the order, then: hub order retry",
        "没有承运商报价：{detail}；请更正订单后运行：hub order retry",
    ),
    "route.one_parcel": Wording("one parcel has everything", "一个包裹即可发出全部商品"),
    "route.split": Wording("everything in {parcels} parcels, fewer are not possible", "至少需要 {parcels} 个包裹"),
    "route.as_reserved": Wording("the goods stay where they were reserved", "保持原预留仓库"),
    "route.nothing_open": Wording("nothing is left to ship", "没有待发商品"),
    "route.nowhere": Wording(
        "no location can ship it; give one a carrier, open it or stock it, then: hub order retry",
        "没有仓库可以发货；请设置承运商、开放仓库或补货后运行：hub order retry",
    ),
    "route.closed": Wording("is closed", "已关闭"),
    "route.no_carrier": Wording("has no carrier", "没有承运商"),
    "route.not_served": Wording("does not serve {country}", "不配送至 {country}"),
    "route.ranked_lower": Wording("could too, but ranks {rank} behind {best}", "也可发货，但优先级 {rank} 低于 {best}"),
    "route.more_parcels": Wording("would make more than {parcels} parcels", "将超过 {parcels} 个包裹"),
    "route.short": Wording("lacks {missing} of {item}", "{item} 缺少 {missing}"),
    "route.flip": Wording("{missing} more of {item} at {site}", "{site} 再有 {missing} 个 {item}"),
    "route.flip_goods": Wording("{items} more articles in stock at {site}", "{site} 再补 {items} 种商品"),
    "route.flip_opened": Wording("{site} being open", "{site} 开放"),
    "route.flip_carrier": Wording("a carrier for {site}", "{site} 有承运商"),
    "route.flip_served": Wording("{site} serving {country}", "{site} 可配送至 {country}"),
    "tracking.taken": Wording("scans taken over", "已接收物流轨迹"),
    "tracking.unknown_parcel": Wording(
        "no parcel of ours has the number {tracking} yet; it is tried again for a day",
        "尚无单号为 {tracking} 的包裹；一天内会自动重试",
    ),
    "tracking.not_a_carrier": Wording("{connection} is no carrier", "{connection} 不是承运商"),
}

EFFECTS: Mapping[str, Wording] = {
    "effect.ask": Wording(
        "nobody can look up whether it happened: ask the other side, then run "
        "hub effects resolve {key} with --happened REFERENCE or --absent",
        "无法查询是否已执行：请向对方确认后运行 hub effects resolve {key}，并加 --happened 编号 或 --absent",
    ),
    "effect.absent": Wording("looked up: it did not happen, and is sent again", "已查询：未执行，将重新发送"),
    "effect.told": Wording("a person said that it happened", "由人工确认已执行"),
    "effect.counts_as_sent": Wording("in doubt, and counts as sent", "结果不明，视为已发送"),
    "effect.not_offered": Wording("the other side has no such thing", "对方不支持此操作"),
    "effect.lease_ended": Wording("the worker died while it was sent: it is looked up", "发送时进程中断：将进行查询"),
    "effect.facts_changed": Wording("the facts changed: the next one says it anew", "情况有变：由下一版本重新发送"),
    "effect.exhausted": Wording(
        "tried often enough ({code}): look at the connection, then run hub order retry",
        "已多次尝试（{code}）：请检查连接后运行 hub order retry",
    ),
    "effect.refused": Wording(
        "{capability} was refused ({code}): correct the cause, then run hub order retry",
        "{capability} 被拒绝（{code}）：请排除原因后运行 hub order retry",
    ),
    "effect.unreadable": Wording(
        "an answer was kept and cannot be read ({error}): a newer release will read it",
        "已保存的答复无法解析（{error}）：需更新版本处理",
    ),
    "effect.unknown": Wording(
        "there is no effect {value}; hub effects list shows them", "没有动作 {value}；可用 hub effects list 查看"
    ),
    "effect.not_in_doubt": Wording(
        "only an effect in doubt can be resolved; {key} is {state}", "只能处理结果不明的动作；{key} 的状态为 {state}"
    ),
    "receivable.not_open": Wording("the receivable is not open any more", "应收单已不是待过账状态"),
    "feed.after_dispatch": Wording(
        "waits until the channel knows what was shipped: it takes those goods off its shelf itself",
        "等待渠道确认发货：渠道会自行扣减该库存",
    ),
    "stock.brake": Wording(
        "{listings} listings of {connection} would go to zero at once: check the stock, then turn stock-out on again",
        "{connection} 将有 {listings} 个商品同时归零：请核对库存后重新开启 stock-out",
    ),
    "stock.checked": Wording("a person has checked the stock: it is shown", "已人工核对库存：予以展示"),
    "stock.sold": Wording("sold", "销售"),
    "stock.received": Wording("received", "入库"),
    "stock.counted": Wording("counted", "盘点"),
}

INBOX: Mapping[str, Wording] = {
    "inbox.new_order": Wording("became an order", "已生成订单"),
    "inbox.changed": Wording("changed its order: {what}", "修改了订单：{what}"),
    "inbox.no_consequence": Wording("taken over, nothing follows from it", "已接收，无需处理"),
    "inbox.fetch_queued": Wording("a hint: the document itself is fetched", "仅为提示：将获取完整文档"),
    "inbox.gone": Wording(
        "a hint, but the channel has the document no more: nothing was taken over",
        "仅为提示，渠道上已无该文档：未接收任何内容",
    ),
    "inbox.asked_earlier": Wording("older than what is known", "早于已知版本"),
    "inbox.older_version": Wording("an older version than the known one", "版本低于已知版本"),
    "inbox.unchanged": Wording("says the same as the one before", "与上一版本相同"),
    "inbox.not_a_shop": Wording("{connection} brings no orders", "{connection} 不提供订单"),
    "inbox.unknown": Wording(
        "there is no inbox entry {value}; hub inbox shows them", "没有收件 {value}；可用 hub inbox 查看"
    ),
    "inbox.not_parked": Wording(
        "entry {entry} is {state}: only parked ones are tried again",
        "收件 {entry} 的状态为 {state}：只能重试搁置的收件",
    ),
    "webhook.not_expected": Wording("{connection} calls nobody", "{connection} 不支持推送"),
}

TABLES = (ORDERS, SHIPPING, EFFECTS, INBOX)
