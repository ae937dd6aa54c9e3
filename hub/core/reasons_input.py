"""What nobody can accept: what stands where, and what to send instead, in English and Chinese."""

from collections.abc import Mapping

from hub.core.wording import Wording

BODIES: Mapping[str, Wording] = {
    "json.too_large": Wording(
        "the document has {size} bytes, {limit} are allowed; ask for it in smaller pages",
        "文档有 {size} 字节，最多允许 {limit}；请分成更小的页获取",
    ),
    "json.bom": Wording(
        "the document begins with a byte order mark; send plain UTF-8", "文档以字节顺序标记（BOM）开头；请发送纯 UTF-8"
    ),
    "json.not_utf8": Wording(
        "the document is not UTF-8 at byte {position}; send it in UTF-8",
        "文档第 {position} 字节不是 UTF-8；请以 UTF-8 发送",
    ),
    "json.torn": Wording(
        "the document breaks off or is no JSON at line {line}, column {column}; send it whole",
        "文档在第 {line} 行第 {column} 列中断或不是 JSON；请完整发送",
    ),
    "json.too_deep": Wording(
        "the document is nested deeper than {limit} levels; send it flatter", "文档嵌套超过 {limit} 层；请减少层级"
    ),
    "json.duplicate_key": Wording("{field} stands there twice; send it once", "{field} 出现两次；请只发送一次"),
    "json.not_a_number": Wording(
        "{field} is {value}, which is no number; send digits, or nothing",
        "{field} 为 {value}，不是数字；请发送数字或留空",
    ),
    "json.number_too_large": Wording(
        "{field} is {value}, beyond what can be counted; correct it where it comes from",
        "{field} 为 {value}，超出可表示范围；请在来源处更正",
    ),
    "json.nul": Wording(
        "{field} holds a NUL character; remove it where it comes from", "{field} 含有空字符（NUL）；请在来源处删除"
    ),
    "json.surrogate": Wording(
        "{field} holds half a character; write the text anew where it comes from",
        "{field} 含有不完整的字符；请在来源处重新填写",
    ),
    "json.no_list": Wording(
        "{field} is of the kind {value}, no list; look whether the remote has a new release",
        "{field} 的类型为 {value}，不是列表；请检查对方系统是否已升级",
    ),
    "document.newer": Wording(
        "this was written by a newer release (schema {schema}); install that release",
        "由更新的版本写入（结构号 {schema}）；请安装该版本",
    ),
}

FIELDS: Mapping[str, Wording] = {
    "field.missing": Wording("{field} is missing; fill it in", "缺少 {field}；请填写"),
    "field.unknown": Wording(
        "{field} is not known; correct its name or leave it out", "未知字段 {field}；请更正名称或删除"
    ),
    "field.empty": Wording("{field} is empty; fill it in or leave it out", "{field} 为空；请填写或删除"),
    "field.too_long": Wording("{field} is {value}, which is too long; shorten it", "{field} 为 {value}，过长；请缩短"),
    "field.wrong_form": Wording(
        "{field} is {value}, which does not have the right form; write it as its system documents it",
        "{field} 为 {value}，格式不正确；请按规定格式填写",
    ),
    "field.wrong_type": Wording(
        "{field} is {value}, which is of the wrong kind; send a text, number or list as documented",
        "{field} 为 {value}，类型不正确；请按文档发送文本、数字或列表",
    ),
    "field.not_allowed": Wording(
        "{field} may not be {value}; choose one of the documented values", "{field} 不允许为 {value}；请选择允许的值"
    ),
    "field.invalid": Wording("{field} cannot be {value}; correct it", "{field} 不能为 {value}；请更正"),
    "text.not_a_text": Wording(
        "{field} is {value}, which is no text; send words", "{field} 为 {value}，不是文本；请发送文字"
    ),
    "boolean.neither": Wording(
        "{field} is {value}, neither yes nor no; send true or false",
        "{field} 为 {value}，既非“是”也非“否”；请发送 true 或 false",
    ),
    "order.no_lines": Wording(
        "the order has no lines; it comes in as soon as it has one", "订单没有任何行；有订单行后即可接收"
    ),
    "order.line_twice": Wording(
        "two lines have the id {value}; give each an id of its own", "两行的标识同为 {value}；请为每行使用不同的标识"
    ),
    "order.other_id": Wording(
        "the document calls its order {value}, another one was asked for; look at the mapping of {field}",
        "文档中的订单为 {value}，与所请求的不同；请检查 {field} 的映射",
    ),
    "invoice.unknown_line": Wording(
        "the order has no line {value}; look whether its channel changed it",
        "订单没有行 {value}；请检查渠道是否已修改订单",
    ),
    "invoice.beyond_line": Wording(
        "{now} of line {value} would be invoiced after {before}, there are {of}; look at the counters of the order",
        "行 {value} 已开票 {before}，再开 {now} 将超出总数 {of}；请检查订单计数",
    ),
    "effect.bad_key": Wording(
        "{value} cannot name an effect; take tenant, subject, capability and a generation from 1",
        "{value} 不能作为动作的键；请使用租户、对象、能力及从 1 起的代次",
    ),
}

AMOUNTS: Mapping[str, Wording] = {
    "money.not_an_amount": Wording(
        "{field} is {value}, which is no amount; send it like 12.50",
        "{field} 为 {value}，不是金额；请按 12.50 的形式发送",
    ),
    "money.too_fine": Wording(
        "{field} is {value}, finer than {currency} allows; round it where it comes from",
        "{field} 为 {value}，超出 {currency} 的精度；请在来源处取整",
    ),
    "money.too_large": Wording(
        "{field} is {value}, too large for an amount; look whether cents were taken for whole units",
        "{field} 为 {value}，金额过大；请检查是否混淆了分与元",
    ),
    "money.unknown_currency": Wording(
        "{field} is {value}, which is no currency; use an ISO 4217 code such as EUR",
        "{field} 为 {value}，不是货币；请使用 ISO 4217 代码，如 CNY",
    ),
    "money.two_currencies": Wording(
        "{field} mixes the currencies {value}; send all amounts of one order in one currency",
        "{field} 混用货币 {value}；同一订单的金额请使用同一货币",
    ),
    "money.no_currency": Wording(
        "{field} is {value} without a currency; name the row that holds its currency in the mapping",
        "{field} 为 {value}，没有货币；请在映射中指定货币所在的行",
    ),
    "money.no_parts": Wording(
        "{field} is empty, so an amount cannot be shared; name at least one part",
        "{field} 为空，无法分摊金额；请至少给出一项",
    ),
    "money.negative_weight": Wording(
        "{field} holds a weight below zero; share by weights of zero or more",
        "{field} 含有负权重；请使用不小于零的权重",
    ),
    "number.not_a_number": Wording(
        "{field} is {value}, which is no number; send digits with a decimal point",
        "{field} 为 {value}，不是数字；请发送带小数点的数字",
    ),
    "number.not_whole": Wording("{field} is {value}; send a whole number", "{field} 为 {value}；请发送整数"),
    "number.too_fine": Wording(
        "{field} is {value}, which has more than {places} places; round it",
        "{field} 为 {value}，超过 {places} 位小数；请取整",
    ),
    "number.too_large": Wording(
        "{field} is {value}, beyond {limit}; look at its unit", "{field} 为 {value}，超过 {limit}；请检查单位"
    ),
    "quantity.negative": Wording(
        "{field} is {value}, less than nothing; send zero or more", "{field} 为 {value}，小于零；请发送零或正数"
    ),
    "quantity.not_positive": Wording("{field} is {value}; send more than zero", "{field} 为 {value}；请发送大于零的数"),
    "rate.not_a_share": Wording(
        "{field} is {value}; send a share between 0 and 1, 0.19 for nineteen percent",
        "{field} 为 {value}；请发送 0 到 1 之间的比率，19% 写作 0.19",
    ),
    "rate.not_positive": Wording(
        "{field} is {value}, which is no exchange rate; send a number above zero",
        "{field} 为 {value}，不是汇率；请发送大于零的数",
    ),
    "unit.unknown": Wording(
        "{field} is {value}, which is no unit; use g, kg, oz, lb, mm, cm, m or in",
        "{field} 为 {value}，不是计量单位；请使用 g、kg、oz、lb、mm、cm、m 或 in",
    ),
    "country.no_code": Wording(
        "{field} is {value}, which is no country; use two letters such as DE, or a lookup in the mapping",
        "{field} 为 {value}，不是国家；请使用两位代码如 CN，或在映射中设置对照",
    ),
    "address.no_coordinate": Wording(
        "{field} is no coordinate; send degrees, or nothing", "{field} 不是坐标；请发送度数或留空"
    ),
    "sku.empty": Wording("{field} is empty; give the article a code", "{field} 为空；请为商品设置编码"),
    "sku.control_character": Wording(
        "{field} is {value}, which holds a control character; remove it where it comes from",
        "{field} 为 {value}，含有控制字符；请在来源处删除",
    ),
}

TIMES: Mapping[str, Wording] = {
    "time.not_a_time": Wording(
        "{field} is {value}, which is no time; send it like 2026-05-08T02:34:17Z",
        "{field} 为 {value}，不是时间；请按 2026-05-08T02:34:17Z 的形式发送",
    ),
    "time.not_a_day": Wording(
        "{field} is {value}, which is no day; send it like 2026-05-08",
        "{field} 为 {value}，不是日期；请按 2026-05-08 的形式发送",
    ),
    "time.implausible": Wording(
        "{field} is {value}, which cannot be true; send a time from 1990 to 2099, or nothing",
        "{field} 为 {value}，不可信；请发送 1990 至 2099 年间的时间或留空",
    ),
    "time.in_gap": Wording(
        "{field} is {value}, which the clocks in {zone} skipped; send it with its offset from UTC",
        "{field} 为 {value}，{zone} 的时钟跳过了该时刻；请附上 UTC 偏移发送",
    ),
    "time.shown_twice": Wording(
        "{field} is {value}, which the clocks in {zone} showed twice; send it with its offset from UTC",
        "{field} 为 {value}，{zone} 的时钟两次显示该时刻；请附上 UTC 偏移发送",
    ),
    "time.unknown_zone": Wording(
        "{field} is {value}, which is no time zone; use a name such as Europe/Berlin",
        "{field} 为 {value}，不是时区；请使用如 Asia/Shanghai 的名称",
    ),
}

ADDRESSES: Mapping[str, Wording] = {
    "url.broken": Wording(
        "{field} is no URL; write it like https://shop.example",
        "{field} 不是网址；请按 https://shop.example 的形式填写",
    ),
    "url.scheme": Wording(
        "{field} begins with {value}; let it begin with https", "{field} 以 {value} 开头；请以 https 开头"
    ),
    "url.credentials": Wording(
        "{field} has credentials before {value}; give them as settings of their own",
        "{field} 在 {value} 前含有凭据；请作为单独的设置填写",
    ),
    "url.query": Wording(
        "{field} has more than a path after {value}; leave out what begins with ? or #",
        "{field} 在 {value} 之后不只有路径；请去掉 ? 或 # 之后的部分",
    ),
    "url.private": Wording(
        "{field} is {value}, a private address; allow it with allow_private",
        "{field} 为 {value}，是内网地址；可用 allow_private 允许",
    ),
}

TABLES = (BODIES, FIELDS, AMOUNTS, TIMES, ADDRESSES)
