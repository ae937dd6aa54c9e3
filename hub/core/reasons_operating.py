"""What people ask of the hub and what is refused, alarms, and the checks of a database, in English and Chinese."""

from collections.abc import Mapping

from hub.core.wording import Wording

OPERATING: Mapping[str, Wording] = {
    "permission.refused": Wording("{account} may not do this: {verb}", "{account} 无权执行：{verb}"),
    "demo.folder_taken": Wording(
        "a hub lives in {where} that is no demonstration; name another folder with --dir",
        "{where} 中已有正式的 hub（不是演示）；请用 --dir 指定其他目录",
    ),
    "order.unknown": Wording(
        "there is no order {value}, neither here nor on a channel that can be asked; hub order list shows them",
        "没有订单 {value}，可查询的渠道上也没有；可用 hub order list 查看",
    ),
    "order.unknown_so_far": Wording(
        "there is no order {value} here, and these channels could not be asked: {channels}",
        "此处没有订单 {value}，且无法询问这些渠道：{channels}",
    ),
    "order.not_here": Wording(
        "there is no order {value} here (nearest: {nearest}); to ask the channels as well: hub order find {value}",
        "此处没有订单 {value}（最接近的是 {nearest}）；要同时查询渠道：hub order find {value}",
    ),
    "order.not_held": Wording("order {order} has no hold", "订单 {order} 没有挂起"),
    "order.which_hold": Wording(
        "order {order} has several holds; name one: {holds}", "订单 {order} 有多个挂起，请指定：{holds}"
    ),
    "order.ambiguous": Wording(
        "{count} orders answer to {value}: say which one, {orders}", "{value} 对应 {count} 个订单，请指定：{orders}"
    ),
    "order.cancel_refused": Wording(
        "order {order} is {state}: nothing of it can be cancelled any more, only returned",
        "订单 {order} 的状态为 {state}：已无法取消，只能退货",
    ),
    "order.no_such_hold": Wording(
        "order {order} has no hold {hold}; hub order show {order} names its holds",
        "订单 {order} 没有挂起 {hold}；可用 hub order show {order} 查看",
    ),
    "order.releases_itself": Wording(
        "a hold of {hold} ends with its cause: {remedy}", "{hold} 挂起会在原因排除后自动结束：{remedy}"
    ),
    "item.unknown": Wording("there is no item {value}; nearest: {nearest}", "没有商品 {value}；最接近的是 {nearest}"),
    "location.unknown": Wording(
        "there is no location {value}; nearest: {nearest}", "没有仓库 {value}；最接近的是 {nearest}"
    ),
    "location.taken": Wording(
        "there is a location {value} already; choose another code", "仓库 {value} 已存在；请换代码"
    ),
    "company.unknown": Wording(
        "there is no company {value}; nearest: {nearest}", "没有公司 {value}；最接近的是 {nearest}"
    ),
    "connection.unknown": Wording(
        "there is no connection {value}; nearest: {nearest}", "没有连接 {value}；最接近的是 {nearest}"
    ),
    "connection.at_rest": Wording(
        "{connection} is paused; hub connection show {connection} says why",
        "{connection} 已暂停；可用 hub connection show {connection} 查看原因",
    ),
    "connection.taken": Wording(
        "there is a connection {value} already; choose another name", "连接 {value} 已存在；请换名"
    ),
    "secret.as_argument": Wording(
        "{field} is a secret: leave it out to be asked for it, or give it by --secret-file or --secret-env",
        "{field} 是机密：请省略以便输入，或使用 --secret-file 或 --secret-env",
    ),
    "secret.missing": Wording(
        "the secret {field} is missing; give it by --secret-file or --secret-env, or answer for it in a terminal",
        "缺少机密 {field}；请使用 --secret-file 或 --secret-env，或在终端中输入",
    ),
    "secret.no_file": Wording(
        "the file {value} for {field} cannot be read; name one that can",
        "无法读取 {field} 的文件 {value}；请指定可读文件",
    ),
    "secret.no_variable": Wording(
        "the variable {value} for {field} is not set; set it, or name another",
        "{field} 的环境变量 {value} 未设置；请设置或换一个",
    ),
    "setting.no_pair": Wording("{value} is not of the form key=value", "{value} 不是 key=value 形式"),
    "step.unknown": Wording("there is no step {value}; nearest: {nearest}", "没有步骤 {value}；最接近的是 {nearest}"),
    "step.not_stopped": Wording("step {step} is running", "步骤 {step} 正在运行"),
    "tenant.unknown": Wording("there is no tenant yet; run: hub db upgrade", "尚无租户；请运行：hub db upgrade"),
}

ALARMS: Mapping[str, Wording] = {
    "connection.paused": Wording(
        "{connection} is paused ({code}): correct its settings, then run hub connection resume {connection}",
        "{connection} 已暂停（{code}）：请更正设置后运行 hub connection resume {connection}",
    ),
    "connection.failing": Wording(
        "{connection} fails again and again: calls rest for a while and then go on",
        "{connection} 连续出错：暂停一段时间后自动恢复",
    ),
    "connection.unread": Wording(
        "{connection} could not be read several times ({code}); it is tried again",
        "{connection} 多次读取失败（{code}）；会继续重试",
    ),
    "connection.silent": Wording(
        "nothing new came from {connection} for {hours} hours, at most {usual} are usual: look whether it sells, and "
        "whether its webhooks are still registered",
        "{connection} 已有 {hours} 小时没有新消息，通常最多 {usual} 小时：请检查店铺是否正常营业、推送是否仍已登记",
    ),
    "connector.broken": Wording(
        "the connector of {connection} has a bug ({error})", "{connection} 的连接器存在缺陷（{error}）"
    ),
    "step.failed": Wording(
        "step {step} cannot work on this one ({error}); correct the cause, then run hub order retry",
        "步骤 {step} 无法处理（{error}）；请排除原因后运行 hub order retry",
    ),
    "step.deadly": Wording("a worker died at step {step} with this row alone", "步骤 {step} 处理该行时进程中断"),
    "step.stopped": Wording(
        "step {step} stopped, it failed alike for many ({error}); after a correction run hub step resume {step}",
        "步骤 {step} 因连续出现相同错误而停止（{error}）；修正后运行 hub step resume {step}",
    ),
}

HOUSE: Mapping[str, Wording] = {
    "hub.none_here": Wording(
        "there is no hub in {where}; choose another folder with --dir, or make one here: hub db upgrade",
        "{where} 中没有 hub；请用 --dir 选择其他目录，或在此创建：hub db upgrade",
    ),
    "hub.unexpected": Wording(
        "this should not have happened ({error}); the log has the rest: {log}",
        "发生意外错误（{error}）；详见日志：{log}",
    ),
    "hub.interrupted": Wording("stopped", "已停止"),
    "port.taken": Wording(
        "port {port} is taken by another program; choose another with --port",
        "端口 {port} 已被占用；请用 --port 选择其他端口",
    ),
    "port.not_allowed": Wording(
        "port {port} may not be opened by this user; choose one above 1023 with --port",
        "当前用户无权打开端口 {port}；请用 --port 选择 1023 以上的端口",
    ),
    "broker.unreachable": Wording(
        "the broker {where} does not answer ({detail}); is it running?",
        "消息代理 {where} 无响应（{detail}）；请检查其是否运行",
    ),
}

CHECKS: Mapping[str, Wording] = {
    "check.stock_on_hand": Wording("what is on hand is the sum of all movements", "在库数量等于全部移动之和"),
    "check.stock_reserved": Wording("what is reserved is the sum of open reservations", "预留数量等于未结预留之和"),
    "check.stock_items": Wording("movements stay within their item", "库存移动不跨商品"),
    "check.lines_reserved": Wording("lines count what is reserved for them", "订单行的预留数与预留一致"),
    "check.lines_planned": Wording("lines count what is planned to leave", "订单行的计划数与发货单一致"),
    "check.lines_handed_over": Wording("lines count what was sold", "订单行的发出数与销售一致"),
    "check.lines_bounds": Wording("no line has more than was ordered", "订单行未超出订购数量"),
    "check.orders_state": Wording("orders stand where their lines are", "订单状态与订单行一致"),
    "check.orders_holds": Wording("orders count their open holds", "订单的挂起数一致"),
    "check.fulfilments_reserved": Wording("what is planned to leave is reserved", "计划发出的商品均已预留"),
    "check.fulfilments_sold": Wording("what was handed over is sold, once", "已交付的商品均已销售且仅一次"),
    "check.fulfilments_label": Wording("no fulfilment has two labels", "没有发货单持有两张面单"),
    "check.receivables_once": Wording("each invoice exists once", "每张发票仅一份"),
    "check.receivables_sum": Wording("invoices make their order, to the cent", "发票合计与订单总额一致"),
    "check.effects_state": Wording("effects have what their state needs", "动作的状态完整"),
    "check.effects_once": Wording("each effect has a key of its own", "每个动作的键唯一"),
    "check.effects_key": Wording("keys and tokens of effects belong together", "动作的键与短码匹配"),
    "check.effects_order": Wording("no effect went before the one it waits for", "没有动作先于其前置动作"),
    "check.effects_watched": Wording("what is only watched was not sent", "仅监视的动作未发送"),
    "check.feeds_version": Wording("feeds sent nothing that was never wanted", "推送值均为所需值"),
    "check.inbox_applied": Wording("what the inbox applied is there", "收件箱已处理的内容均存在"),
    "check.inbox_due": Wording("what is new in the inbox is due", "收件箱的新收件均待处理"),
    "check.events_numbered": Wording("the trail has no gaps", "事件记录没有缺号"),
    "check.seals": Wording("the seals of the trail are whole", "事件记录的封存完整"),
    "check.references": Wording("no row refers to nothing", "没有悬空引用"),
    "check.database": Wording("the database file is sound", "数据库文件完好"),
    "check.batches": Wording("no batch was left behind", "没有遗留批次"),
}

TABLES = (OPERATING, ALARMS, HOUSE, CHECKS)
