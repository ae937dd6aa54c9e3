"""Every reason and refusal of the hub in English and Chinese.

The hub stores codes with parameters; a face renders them here. `{name}` in a text is a parameter.
"""

from collections.abc import Mapping

from hub.core import reasons_input, reasons_journey, reasons_operating, reasons_remotes
from hub.core.failures import Parameter
from hub.core.wording import Language, Wording

__all__ = ["Language", "Wording", "render", "wording"]

CONNECTORS: Mapping[str, Wording] = {
    "http.unreachable": Wording("{host} cannot be reached: {cause}", "无法连接 {host}：{cause}"),
    "http.timed_out": Wording("{host} did not answer in time", "{host} 未及时响应"),
    "http.broken_off": Wording("{host} broke the connection off", "{host} 中断了连接"),
    "http.busy": Wording("all connections to {host} are in use", "与 {host} 的所有连接都在使用中"),
    "http.login_busy": Wording("a login is under way and took too long", "登录正在进行且耗时过长"),
    "http.no_time_left": Wording("no time was left to ask {host}", "没有剩余时间请求 {host}"),
    "http.not_begun": Wording("the time of the batch was over before it was begun", "批次时间已用完，尚未开始"),
    "http.server_error": Wording("{host} failed with status {status}", "{host} 出错，状态码 {status}"),
    "http.unreadable": Wording("the answer of {host} cannot be read ({reason})", "无法读取 {host} 的响应（{reason}）"),
    "http.response_too_large": Wording(
        "the answer of {host} is larger than {limit} bytes", "{host} 的响应超过 {limit} 字节"
    ),
    "http.request_too_large": Wording("{host} says the request is too large", "{host} 表示请求过大"),
    "http.rate_limited": Wording("{host} asks for a pause", "{host} 要求暂停请求"),
    "http.locked": Wording("{host} has locked {path} for the moment", "{host} 暂时锁定了 {path}"),
    "http.too_early": Wording("{host} asks to come later", "{host} 要求稍后再试"),
    "http.redirect": Wording(
        "{host} redirects to {target}: correct the base URL", "{host} 重定向到 {target}：请更正基础网址"
    ),
    "http.unauthorised": Wording("{host} does not accept the credentials: {detail}", "{host} 不接受凭据：{detail}"),
    "http.proxy": Wording("a proxy before {host} asks for credentials", "{host} 前的代理要求凭据"),
    "http.forbidden": Wording("{host} does not allow {path}: {detail}", "{host} 不允许访问 {path}：{detail}"),
    "http.not_found": Wording("{host} does not know {path}: {detail}", "{host} 找不到 {path}：{detail}"),
    "http.conflict": Wording("{host} says that it stands otherwise there: {detail}", "{host} 表示状态冲突：{detail}"),
    "http.refused": Wording("{host} refused (status {status}): {detail}", "{host} 拒绝（状态码 {status}）：{detail}"),
    "http.header": Wording(
        "the setting for {name} holds characters that cannot be sent", "{name} 的设置含有无法发送的字符"
    ),
    "http.private_address": Wording(
        "{host} is a private address; allow it with allow_private",
        "{host} 是内网地址；可用 allow_private 允许",
    ),
    "http.foreign_link": Wording(
        "{host} links to {target}, where the hub does not follow", "{host} 的链接指向 {target}，不予跟随"
    ),
    "http.segment": Wording("{detail} cannot be part of an address", "{detail} 不能作为地址的一部分"),
    "mapping.no_file": Wording(
        "there is no mapping file {value}; look for it in the folder of mappings",
        "没有映射文件 {value}；请检查映射目录",
    ),
    "mapping.not_utf8": Wording("{file} is not UTF-8", "{file} 不是 UTF-8"),
    "mapping.syntax": Wording(
        "{file}, line {line}: no valid TOML ({value})", "{file} 第 {line} 行：不是有效的 TOML（{value}）"
    ),
    "mapping.unknown_key": Wording(
        "{file}, line {line}: {field} has an unknown key {value}; nearest: {near}",
        "{file} 第 {line} 行：{field} 含有未知的键 {value}；最接近的是 {near}",
    ),
    "mapping.wrong_type": Wording(
        "{file}, line {line}: {value} of {field} is of the wrong kind; write it as the guide to mappings shows",
        "{file} 第 {line} 行：{field} 的 {value} 类型不正确；请按映射说明填写",
    ),
    "mapping.not_a_row": Wording(
        "{file}, line {line}: {field} is no row; write it as a table with from or default",
        "{file} 第 {line} 行：{field} 不是一行映射；请写成含 from 或 default 的表",
    ),
    "mapping.no_source": Wording(
        "{file}, line {line}: {field} has neither from nor default; give it one of them",
        "{file} 第 {line} 行：{field} 既没有 from 也没有 default；请给出其一",
    ),
    "mapping.broken_path": Wording(
        "{file}, line {line}: the path {value} of {field} is broken",
        "{file} 第 {line} 行：{field} 的路径 {value} 有误",
    ),
    "mapping.unknown_converter": Wording(
        "{file}, line {line}: there is no converter {value}; nearest: {near}",
        "{file} 第 {line} 行：没有转换器 {value}；最接近的是 {near}",
    ),
    "mapping.currency": Wording(
        "{file}, line {line}: currency belongs to money and money_minor, and they need it",
        "{file} 第 {line} 行：currency 只用于 money 和 money_minor，且为必需",
    ),
    "mapping.no_argument": Wording(
        "{file}, line {line}: the converter of {field} takes no argument {value}",
        "{file} 第 {line} 行：{field} 的转换器不接受参数 {value}",
    ),
    "mapping.bad_argument": Wording(
        "{file}, line {line}: {value} is nothing that the converter of {field} knows",
        "{file} 第 {line} 行：{field} 的转换器不认识 {value}",
    ),
    "mapping.each_alone": Wording(
        "{file}, line {line}: {field} has each, which stands alone beside from",
        "{file} 第 {line} 行：{field} 的 each 只能与 from 一起使用",
    ),
    "mapping.unknown_document": Wording(
        "{file}, line {line}: {value} is no document of the hub",
        "{file} 第 {line} 行：{value} 不是系统的文档",
    ),
    "mapping.unknown_target": Wording(
        "{file}, line {line}: there is no target {value}; nearest: {near}",
        "{file} 第 {line} 行：没有目标字段 {value}；最接近的是 {near}",
    ),
    "mapping.target_without_row": Wording(
        "{file}: the required target {field} has no row", "{file}：必填目标 {field} 没有映射行"
    ),
    "mapping.missing": Wording("{field} must be there and is not", "缺少必需的 {field}"),
    "mapping.no_hit": Wording(
        "{field} is {value}, which is not in its table; add a row to the lookup of the mapping",
        "{field} 为 {value}，不在对照表中；请在映射的对照中添加",
    ),
    "mapping.not_a_list": Wording(
        "{field} is of the kind {value}, no list; correct the path of the row with each",
        "{field} 的类型为 {value}，不是列表；请更正 each 行的路径",
    ),
    "paging.repeated": Wording("the remote sent the same page again", "远端重复发送了同一页"),
    "paging.shifted": Wording("the list moved while it was read", "读取时列表发生了移动"),
    "paging.endless": Wording("the list did not end after {pages} pages", "列表在 {pages} 页后仍未结束"),
    "paging.total": Wording("{count} of {total} entries came", "{total} 条中只收到 {count} 条"),
    "webhook.too_large": Wording(
        "a delivery of {size} bytes, {limit} are allowed", "推送有 {size} 字节，最多允许 {limit}"
    ),
    "webhook.unsigned": Wording("a delivery without a signature", "推送没有签名"),
    "webhook.wrong_signature": Wording("a delivery with a wrong signature", "推送签名错误"),
    "webhook.no_time": Wording("a delivery without a signed time", "推送没有签名时间"),
    "webhook.not_recent": Wording("a delivery signed {seconds} seconds ago", "推送签名于 {seconds} 秒前"),
    "connector.unknown": Wording(
        "there is no connector {value}; nearest: {near}", "没有连接器 {value}；最接近的是 {near}"
    ),
    "connector.no_simulator": Wording(
        "the connector {value} has no simulator; hub connectors lists those that have one",
        "连接器 {value} 没有模拟器；可用 hub connectors 查看有模拟器的连接器",
    ),
    "registry.foreign_package": Wording(
        "the package {package} at {path} is not ours; {expected} was expected",
        "位于 {path} 的包 {package} 不属于本系统；应为 {expected}",
    ),
    "registry.plugin_failed": Wording("the plug-in cannot be loaded", "插件无法加载"),
    "registry.offers_nothing": Wording("the plug-in offers no connector", "插件没有提供连接器"),
    "registry.no_connector": Wording("the plug-in offers something that is no connector", "插件提供的不是连接器"),
    "registry.no_manifest": Wording("the connector has no valid manifest", "连接器没有有效的清单"),
    "registry.other_sdk": Wording("the connector was written for another SDK", "连接器是为其他版本的 SDK 编写的"),
    "registry.no_settings": Wording("the connector has no model of its settings", "连接器没有设置模型"),
    "registry.incomplete": Wording("a promised capability is not written", "声明的能力尚未实现"),
    "registry.id_taken": Wording("the id is taken by another connector", "该标识已被另一个连接器占用"),
}

HOUSE: Mapping[str, Wording] = {
    "database.unknown_kind": Wording(
        "{field} begins with {value}; let it begin with sqlite:// or postgresql://",
        "{field} 以 {value} 开头；请以 sqlite:// 或 postgresql:// 开头",
    ),
    "database.bad_address": Wording(
        "the database address cannot be read; it looks like {value}://user:password@host:5432/name",
        "无法识别数据库地址；格式应为 {value}://user:password@host:5432/name",
    ),
    "database.no_file": Wording(
        "{value} names no file; the hub keeps its SQLite database in one",
        "{value} 未指定文件；SQLite 数据库必须存放在文件中",
    ),
    "database.unreachable": Wording(
        "the database {where} does not answer ({detail}); is it running, and may this user log in?",
        "数据库 {where} 无响应（{detail}）；请检查其是否运行以及该用户能否登录",
    ),
    "database.busy": Wording(
        "the database {where} was locked for too long; try again in a moment",
        "数据库 {where} 被锁定过久；请稍后重试",
    ),
    "database.read_only": Wording(
        "the database {where} takes no changes; is it a standby or a read-only file?",
        "数据库 {where} 不接受修改；请检查是否为备库或只读文件",
    ),
    "database.disk_full": Wording("the disk is full: make room for {where}", "磁盘已满：请为 {where} 腾出空间"),
    "database.disk_error": Wording(
        "the disk of {where} cannot be read or written: {detail}", "{where} 所在磁盘无法读写：{detail}"
    ),
    "database.damaged": Wording(
        "{where} is damaged or not a database: {detail}; restore a backup",
        "{where} 已损坏或不是数据库：{detail}；请恢复备份",
    ),
    "database.folder_not_writable": Wording(
        "{where} cannot be written: choose another folder with --dir, or change its owner",
        "无法写入 {where}：请用 --dir 选择其他目录，或更改其所有者",
    ),
    "database.empty": Wording(
        "the database {where} has no tables yet; run: hub db upgrade",
        "数据库 {where} 尚无数据表；请运行：hub db upgrade",
    ),
    "database.older": Wording(
        "the database {where} is older than this release; run: hub db upgrade",
        "数据库 {where} 的版本低于本程序；请运行：hub db upgrade",
    ),
    "database.newer": Wording(
        "the database {where} was upgraded by a newer release; install that release",
        "数据库 {where} 已被更新的版本升级；请安装该版本",
    ),
    "house.out_of_memory": Wording("the machine is short of memory or open files", "本机内存或可打开的文件数不足"),
    "hub.already_running": Wording(
        "a hub is running on {database} already (process {pid})",
        "{database} 上已有运行中的 hub（进程 {pid}）",
    ),
    "key.missing": Wording(
        "the key of this hub is gone: put it back at {path}, or into HUB_KEY",
        "缺少本 hub 的密钥：请放回 {path}，或设置 HUB_KEY",
    ),
    "key.wrong": Wording(
        "this is not the key that the data in {where} were sealed with",
        "该密钥与 {where} 中数据加密时使用的密钥不同",
    ),
    "key.malformed": Wording(
        "{source} does not hold {bytes} bytes in base64", "{source} 的内容不是 {bytes} 字节的 base64 编码"
    ),
    "key.not_writable": Wording("no key can be written to {path}", "无法将密钥写入 {path}"),
    "people.forgotten": Wording(
        "these personal data were erased and cannot be read any more", "这些个人数据已被删除，无法再读取"
    ),
    "sealed.unreadable": Wording(
        "sealed data were changed or belong elsewhere: {about}", "加密数据被改动或不属于此处：{about}"
    ),
    "seal.missing": Wording("block {number} of the trail is missing", "事件记录缺少第 {number} 个区块"),
    "seal.relinked": Wording(
        "block {number} of the trail does not follow the one before",
        "事件记录第 {number} 个区块与前一区块不衔接",
    ),
    "seal.changed": Wording(
        "events in block {number} of the trail were changed after sealing",
        "事件记录第 {number} 个区块中的事件在封存后被改动",
    ),
}

TABLES: tuple[Mapping[str, Wording], ...] = (
    *reasons_input.TABLES,
    CONNECTORS,
    HOUSE,
    *reasons_journey.TABLES,
    *reasons_operating.TABLES,
    *reasons_remotes.TABLES,
)


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
    shown = {
        name: _NAMELESS[language].get(name, "–") if value in {"", None} else value for name, value in params.items()
    }
    return found.text(language).format_map(_Shown(shown))


_NAMELESS = {Language.EN: {"field": "the value"}, Language.ZH: {"field": "该值"}}
"""What stands in a sentence for a thing without a name; for the others it is a dash."""


class _Shown(dict[str, Parameter]):
    """Parameters that leave a missing name visible instead of failing."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"
