"""The words of the report and the page, in both languages."""

from __future__ import annotations

from backend.simulation.outcomes import Outcome, Why
from backend.tickets.rules import Words

TITLE = Words("热线模拟", "Hotline simulation")
PLAN = Words(
    "{start} 起 {days} 天，平均每天 {customers:g} 位客户（共 {people} 位），{agents} 名客服，种子 {seed}",
    "{days} days from {start}, {customers:g} customers a day on average ({people} came), {agents} agents, seed {seed}",
)
STOPPED = Words(
    "中途停止（{agents} 名客服）：计划 {planned} 天，只过完 {days} 天；未到期的承诺还没有结果。",
    "Stopped before its time ({agents} agents): after {days} of {planned} days; what was not due yet is still open.",
)
ASSUMED = Words(
    "客户、客服和师傅的行为是假定的（data/simulation.yaml），待用真实数据调整；其余都是系统本身。",
    "How customers, agents and technicians behave is assumed (data/simulation.yaml), to be tuned; the rest is the "
    "house itself.",
)

KINDS = {
    "reply": Words("答复", "answer"),
    "onsite": Words("上门", "on site"),
    "opinion": Words("处理意见", "opinion"),
    "parts": Words("配件答复", "parts"),
    "quality": Words("质量答复", "quality"),
}
TIERS = {
    "central_city": Words("中心城区", "central city"),
    "township": Words("乡镇", "township"),
    "remote_rural": Words("偏远农村", "remote rural"),
    "unknown": Words("未知", "unknown"),
}
OUTCOMES = {
    Outcome.KEPT: Words("兑现", "kept"),
    Outcome.MISSED: Words("未兑现", "missed"),
    Outcome.PAUSED: Words("暂停", "paused"),
    Outcome.WITHDRAWN: Words("撤回", "withdrawn"),
    Outcome.UNDATED: Words("待确认", "undated"),
    Outcome.OPEN: Words("未到期", "open"),
}
REASONS = {
    Why.BUSY: Words("没有客服及时回电", "nobody called in time"),
    Why.NO_ANSWER: Words("及时回电但没人接", "called in time, no answer"),
    Why.WRONG_NUMBER: Words("客户留错号码", "a wrong number was told"),
    Why.NOT_ARRANGED: Words("没能及时约好上门", "the visit was not arranged in time"),
    Why.NO_TECHNICIAN: Words("及时约好，但师傅排不上", "arranged in time, no technician free"),
    Why.ABSENT: Words("师傅到了，家里没人", "the technician came, nobody was at home"),
}
COUNTS = {
    "contacts": Words("客户来信", "contacts"),
    "tickets": Words("工单", "tickets"),
    "callbacks": Words("约定回电", "callbacks promised"),
    "over_capacity": Words("其中超出时段容量", "of these beyond a window's capacity"),
    "calls": Words("拨出电话", "calls made"),
    "unanswered": Words("其中没人接", "of these unanswered"),
    "chats": Words("人工接待", "conversations taken over"),
    "alarms": Words("客服确认的预警", "alarms acknowledged by agents"),
    "chases": Words("催单", "chases"),
    "cancelled": Words("客户取消", "cancelled by customers"),
    "moved": Words("客户改回电时间", "calls moved by customers"),
    "opted_out": Words("退订短信", "opted out of texts"),
    "visits": Words("师傅上门", "visits"),
    "absent": Words("其中家里没人", "of these nobody at home"),
    "parts": Words("等配件后再次上门", "second visits after a part"),
    "asked": Words("结束后请客户评价", "customers asked how it was"),
    "followup_calls": Words("回访电话", "follow-up calls made"),
    "graded": Words("收到评分", "grades given"),
    "low_grades": Words("其中低分", "of these low"),
}
TEXT_KINDS = {
    "reply": Words("回复", "replies"),
    "safety": Words("安全提示", "safety"),
    "agent": Words("客服所写", "by agents"),
    "reminder": Words("提醒", "reminders"),
    "notice": Words("通知", "notices"),
    "alarm": Words("危险警报（内部）", "danger alarms to staff"),
    "staff": Words("内部通知", "notices to staff"),
}
TEXT_STATES = {
    "pending": Words("等待发出", "waiting"),
    "sent": Words("已发出", "sent"),
    "delivered": Words("已送达", "delivered"),
    "refused": Words("被拒", "refused"),
    "unknown": Words("结果未知", "unknown"),
    "expired": Words("过时未发", "too late to be of use"),
    "suppressed": Words("撤回未发", "taken back"),
    "dead": Words("放弃", "given up"),
}
BROKEN = {
    "outside_hours": Words("服务时间外发出（回复和安全提示除外）", "texts outside hours (but replies and safety)"),
    "doubles": Words("重复发出", "texts sent twice"),
    "lost": Words("丢失", "lost"),
}

WHEN = Words("什么时候最紧", "When it is tightest")
TIGHT = Words(
    "未兑现的答复有 {share} 在 {start}:00–{end}:00 到期（到期 {due} 个，没兑现 {missed} 个），那时客服忙碌率 {busy}。",
    "{share} of the missed answers were due between {start}:00 and {end}:00 ({missed} of {due} due then were missed); "
    "agents were {busy} busy in that hour.",
)
TOO_FEW = Words(
    "人手不够：这个时段排班增加人手，最能减少超时。",
    "There were too few hands: more people on shift in that hour help most.",
)
NOT_HANDS = Words(
    "人手有余：不是缺人，请看未兑现的原因。",
    "Hands were free: more people would not help; look at the reasons instead.",
)

PROMISES = Words("承诺", "Promises")
BY_TIER = Words("按区域级别", "By tier")
BY_OUTLET = Words("按网点", "By outlet")
WHY = Words("未兑现的原因", "Why they were missed")
LOAD = Words("一天中每小时的平均负荷", "Load of the average day, by hour")
CREW = Words("平均每天每小时忙碌和在岗的客服", "Agents busy and on shift on the average day, by hour")
DAYS = Words("每天到期的承诺", "Promises by the day they were due")
LATENESS = Words("未兑现的晚了多久（服务时间）", "How late the missed ones were (open time)")
EVENTS = Words("发生了什么", "What happened")
GRADES = Words("客户评分", "Customers' grades")
GRADE = Words("评分（5 最好）", "grade (5 is best)")
SHARE = Words("占比", "share")
AVERAGE = Words("平均", "average")
TEXTS = Words("短信", "Texts")
HOUSE = Words("系统自身的承诺", "The house's own promises")
COMPARED = Words("客服人数比较", "By number of agents")

KIND = Words("承诺", "promise")
TEXT_KIND = Words("短信类别", "kind of text")
TIER = Words("级别", "tier")
OUTLET = Words("网点", "outlet")
MADE = Words("作出", "made")
KEPT_SHARE = Words("兑现率", "kept %")
MEAN_LATE = Words("平均晚", "mean late")
LATE_90 = Words("九成不超过", "9 in 10 within")
REASON = Words("原因", "reason")
HOW_MANY = Words("次数", "count")
HOUR = Words("时", "hour")
CONTACTS = Words("来信", "contacts")
CALLBACKS = Words("约定回电", "callbacks")
CALLS = Words("拨出", "calls")
BUSY = Words("忙碌客服", "agents busy")
ON_SHIFT = Words("在岗客服", "agents on shift")
AGENTS = Words("客服", "agents")
UTILISATION = Words("忙碌率", "busy %")
STATUS = Words("状态", "status")
KEPT_HOUSE = Words("全部遵守", "all kept")
BROKEN_HOUSE = Words("有违反", "broken")
BUCKETS = (
    Words("15分钟内", "≤ 15 min"),
    Words("30分钟内", "≤ 30 min"),
    Words("1小时内", "≤ 1 h"),
    Words("2小时内", "≤ 2 h"),
    Words("5小时内", "≤ 5 h"),
    Words("10小时内", "≤ 10 h"),
    Words("更久", "longer"),
)


def name_of(table: dict[str, Words], key: str) -> Words:
    """A word of a table; what it does not know is called by its key."""
    return table.get(key, Words(key, key))
