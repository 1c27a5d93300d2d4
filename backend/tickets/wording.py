"""The words of the tickets room, in both languages: reasons of promises, the timeline, the state of a ticket. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from backend.kernel.working_time import Calendar, local_words
from backend.tickets.rules import Words

TO_BE_CONFIRMED = Words("日期待确认", "a date to be confirmed")

KIND_NAMES: Mapping[str, Words] = {
    "reply": Words("答复", "reply"),
    "onsite": Words("上门", "visit"),
    "opinion": Words("处理意见", "handling opinion"),
    "parts": Words("配件答复", "word about a part"),
    "quality": Words("质量反馈答复", "answer to a quality report"),
}
STATUS_NAMES: Mapping[str, Words] = {
    "new": Words("新建", "new"),
    "scheduled": Words("已约上门", "visit arranged"),
    "in_progress": Words("处理中", "in progress"),
    "waiting": Words("等待", "waiting"),
    "done": Words("完成", "done"),
    "cancelled": Words("取消", "cancelled"),
}
STATUSES: Mapping[str, Words] = {
    "new": Words("已登记，等待回电", "registered, our call is to come"),
    "scheduled": Words("已约好上门时间", "the visit is arranged"),
    "in_progress": Words("正在处理", "being worked on"),
    "waiting": Words("等待中，有进展会马上联系您", "on hold; we will be in touch as soon as it goes on"),
    "done": Words("已完成", "done"),
    "cancelled": Words("已取消", "cancelled"),
}
TYPES: Mapping[str, Words] = {
    "install": Words("安装", "installation"),
    "repair": Words("维修", "repair"),
    "complaint": Words("投诉", "complaint"),
    "relocation": Words("移机", "relocation"),
    "return": Words("退换货", "return"),
}
FIELDS: Mapping[str, Words] = {
    "name": Words("称呼", "name"),
    "phone": Words("电话", "phone"),
    "address": Words("地址", "address"),
    "model": Words("型号", "model"),
    "serial_no": Words("序列号", "serial number"),
    "capacity": Words("容量", "capacity"),
    "purchase_date": Words("购买日期", "date of purchase"),
    "fault_code": Words("故障码", "fault code"),
    "symptom": Words("现象", "symptom"),
    "description": Words("描述", "description"),
    "complaint_about": Words("投诉内容", "complaint"),
    "related_ticket_no": Words("相关工单", "related ticket"),
    "wanted": Words("客户诉求", "what the customer wants"),
    "priority": Words("紧急程度", "priority"),
    "language": Words("语言", "language"),
}
DANGERS: Mapping[str, Words] = {
    "shock": Words("触电", "electric shock"),
    "tingling": Words("水或水龙头发麻", "tingling water or taps"),
    "smoke": Words("冒烟", "smoke"),
    "burning": Words("焦味", "a burning smell"),
    "fire": Words("起火", "fire"),
    "burst": Words("内胆爆裂", "a burst tank"),
    "scald": Words("烫伤", "scalding"),
    "hurt": Words("有人受伤", "somebody hurt"),
    "protection_light": Words("防电墙报警", "the protection light"),
}
_SOME_DANGER = Words("种类不明", "of an unknown kind")
CHANNELS: Mapping[str, Words] = {
    "web": Words("网页", "the web"),
    "sms": Words("短信", "text message"),
    "voice": Words("电话", "the telephone"),
}
VISIT_AGREED = Words("师傅 {window} 上门{late}", "the technician comes {window}{late}")
VISIT_LATE = Words("，大约晚 {minutes} 分钟", ", about {minutes} minutes late")
PROMISED: Mapping[str, Words] = {
    "reply": Words("最晚 {due} 前答复您", "you will have our answer by {due}"),
    "onsite": Words("最晚 {due} 前上门", "a technician will be with you by {due}"),
    "opinion": Words("最晚 {due} 前给出处理意见", "you will have our handling opinion by {due}"),
    "parts": Words("最晚 {due} 前答复配件", "you will have word about the part by {due}"),
    "quality": Words("最晚 {due} 前答复质量反馈", "your quality report will be answered by {due}"),
}
_UNDATED = Words("日期待确认，回电时告诉您", "the date is to be confirmed; we will tell you when we call")

EVENTS: Mapping[str, Words] = {
    "opened": Words("登记{type}工单，渠道 {channel}", "opened ({type}) over {channel}"),
    "solved_by_phone": Words("按电话指导已恢复正常", "works again after advice by telephone"),
    "hazard": Words("报告危险（{kind}）：{text}", "danger reported ({kind}): {text}"),
    "added": Words("客户补充：{text}", "the customer added: {text}"),
    "completed": Words("补全资料：{fields}", "filled in: {fields}"),
    "corrected": Words("客户更正{field}：{old} → {new}", "the customer put the {field} right: {old} → {new}"),
    "edited": Words("客服修改{field}：{old} → {new}", "{field} changed at the desk: {old} → {new}"),
    "assigned": Words("交给{name}", "given to {name}"),
    "unassigned": Words("不再指定由谁跟进", "no longer given to anybody"),
    "merged": Words("并入工单 {number}", "merged into ticket {number}"),
    "merged_here": Words("工单 {number} 并入本单", "ticket {number} merged into this one"),
    "unmerged": Words("撤销合并：与 {number} 分开", "merge taken back: apart from {number} again"),
    "linked": Words("关联工单 {number}", "linked with ticket {number}"),
    "unlinked": Words("取消关联 {number}", "no longer linked with {number}"),
    "split": Words("拆出工单 {number}", "ticket {number} split off"),
    "hazard_detail": Words("报险补充：{text}", "added to the report of danger: {text}"),
    "hurt": Words("有人受伤", "somebody is hurt"),
    "chased": Words("第 {count} 次联系，催办：{text}", "contact no. {count}, pressing: {text}"),
    "manager": Words("升级经理（{why}）", "raised to a manager ({why})"),
    "escalated": Words("通知{rung}：{why}", "{rung} told: {why}"),
    "escalation_taken": Words("确认处理：{why}", "taken care of: {why}"),
    "promise_met": Words("承诺兑现：{kind}", "promise kept: {kind}"),
    "promise_unmet": Words("撤销误记的兑现：{kind}", "wrongly marked as kept, taken back: {kind}"),
    "promise_missed": Words("承诺超时：{kind}", "promise missed: {kind}"),
    "promise_put_off": Words(
        "客户另约时间，{kind} 顺延至 {until}", "the customer chose a later time; {kind} now by {until}"
    ),
    "promise_paused": Words("{kind} 暂停：{why}", "{kind} paused: {why}"),
    "promise_recounted": Words("{kind}重新计算（{why}）：{old} → {new}", "{kind} counted anew ({why}): {old} → {new}"),
    "promise_made": Words("承诺{kind}，最晚 {due}", "{kind} promised by {due}"),
    "promise_resumed": Words("{kind} 继续计时", "{kind} running again"),
    "status": Words("状态：{old} → {new}", "status: {old} → {new}"),
    "cancelled": Words("客户取消", "cancelled by the customer"),
    "callback_booked": Words("预约回电 {window}", "callback booked for {window}"),
    "callback_moved": Words("回电改到 {window}", "callback moved to {window}"),
    "callback_cancelled": Words("回电取消", "callback cancelled"),
    "callback_outcome": Words("回电结果：{outcome} {note}", "outcome of the callback: {outcome} {note}"),
    "callback_retry": Words("第 {attempt} 次没打通，{at} 再打", "call no. {attempt} not answered; again from {at}"),
    "callback_unreached": Words(
        "打了 {attempt} 次都没联系上，不再自动重拨；{texted}；{promise}",
        "{attempt} calls, nobody reached, no further one planned; {texted}; {promise}",
    ),
    "callback_overdue": Words(
        "约好的时段 {window} 没人回电，改为尽快回电",
        "nobody called in the window {window}; to be called as soon as possible",
    ),
    "callback_forward": Words(
        "回电提前到 {window}，否则答复会超时", "callback brought forward to {window} to keep the reply"
    ),
    "callback_uncallable": Words(
        "号码不能拨打（{why}），需要另一个号码", "the number cannot be called ({why}); another one is needed"
    ),
    "callback_undone": Words("撤销误记的回电结果：{outcome}", "a wrongly recorded outcome is taken back: {outcome}"),
    "number_replaced": Words("联系电话 {old} 打错，改为 {new}", "contact number {old} was wrong; now {new}"),
    "number_wanted": Words(
        "联系电话 {old} 是错号，已停发短信，需要另一个号码",
        "contact number {old} is wrong: no more texts to it, another number is needed",
    ),
    "reminded": Words("已排队发送回电提醒", "reminder of the callback queued"),
    "visit_held": Words("暂留上门时段 {window}", "visit window held: {window}"),
    "visit_expired": Words("暂留的上门时段已过期", "the held visit window has lapsed"),
    "visit_agreed": Words("约好上门 {window}（{outlet}）", "visit agreed for {window} ({outlet})"),
    "visit_moved": Words("上门改到 {window}", "visit moved to {window}"),
    "visit_confirmed": Words("客户确认届时在家", "the customer will be at home"),
    "visit_cancelled": Words("上门取消", "visit cancelled"),
    "visit_late": Words("师傅晚到约 {minutes} 分钟", "the technician is about {minutes} minutes late"),
    "visit_done": Words("师傅已上门（{result}）", "the technician has been there ({result})"),
    "visit_absent": Words(
        "师傅上门时家里没人（第 {count} 次）", "nobody at home when the technician came (no. {count})"
    ),
    "followup_asked": Words("已请客户评价", "the customer was asked how it was"),
    "followup_graded": Words("客户评价 {grade} 分{words}", "the customer’s grade: {grade} of 5{words}"),
    "followup_words": Words("客户说哪里没做好：{text}", "what went wrong, says the customer: {text}"),
    "followup_no_answer": Words("回访电话没人接（第 {count} 次）", "follow-up call not answered (no. {count})"),
    "followup_declined": Words("客户不愿接受回访", "the customer did not want to be asked"),
    "followup_wrong_number": Words("回访：号码错误", "follow-up call: wrong number"),
    "followup_undone": Words("撤销误记的回访结果", "a wrongly noted follow-up is taken back"),
    "visit_reminded": Words("已排队发送上门提醒", "reminder of the visit queued"),
    "visit_outlet": Words("地址更正后改由 {outlet} 上门", "with the corrected address {outlet} makes the visit"),
}


PAUSE_REASONS: Mapping[str, Words] = {
    "customer": Words("等客户", "waiting for the customer"),
    "part": Words("等配件", "waiting for a part"),
    "third_party": Words("等第三方", "waiting for a third party"),
}
CHANGE_REASONS: Mapping[str, Words] = {
    "desk": Words("客服确认", "confirmed at the desk"),
    "answered": Words("已在会话中答复", "answered in the conversation"),
    "called": Words("已电话联系", "reached by telephone"),
    "arranged": Words("已约上门", "visit arranged"),
    "visited": Words("师傅已上门", "the technician was there"),
    "done": Words("工单完成", "ticket done"),
    "mistaken": Words("误记", "marked by mistake"),
    "overdue": Words("到期未兑现", "not kept by its deadline"),
    "address": Words("地址更正", "address put right"),
    "calendar": Words("服务日历有变", "the calendar was changed"),
}
CHANGES: Mapping[str, Words] = {
    "made": Words("承诺", "promised"),
    "paused": Words("暂停", "standing still"),
    "resumed": Words("继续计时", "running again"),
    "put_off": Words("顺延", "put off"),
    "recomputed": Words("重新计算", "counted anew"),
    "met": Words("兑现", "kept"),
    "unmet": Words("撤销兑现", "not kept after all"),
    "missed": Words("超时", "missed"),
}


def change(
    what: str,
    reason: str,
    words: Mapping[str, str],
    until: datetime | None,
    due_at: datetime | None,
    calendar: Calendar,
) -> Words:
    """What happened to a promise, as its history tells it: what, why, until when, and what is due since."""
    if words:
        told = Words(words["zh"], words["en"])
    else:
        told, why = CHANGES[what], CHANGE_REASONS.get(reason) or PAUSE_REASONS.get(reason)
        told = Words(f"{told.zh}：{why.zh}", f"{told.en}: {why.en}") if why else told
    if what == "paused" and until is not None:
        end = due(until, calendar)
        told = Words(f"{told.zh}，至 {end.zh}", f"{told.en}, until {end.en}")
    if what in ("made", "resumed", "put_off", "recomputed"):
        when = due(due_at, calendar)
        told = Words(f"{told.zh}（最晚 {when.zh}）", f"{told.en} (due {when.en})")
    return told


def danger(kind: str) -> Words:
    """What danger it is; a kind we have no word for is danger all the same."""
    return DANGERS.get(kind, _SOME_DANGER)


def event(code: str, params: Mapping[str, Any]) -> Words:
    """A timeline entry as people read it. What customers wrote is put in as it is."""
    words = EVENTS[code]
    if code == "opened":
        channel = params["channel"]
        params = {**params, "channel": CHANNELS.get(channel, Words(channel, channel)).as_dict()}
    elif code == "hazard":
        params = {**params, "kind": danger(params["kind"]).as_dict()}
    return Words(*(_fill(text, params, language) for text, language in ((words.zh, "zh"), (words.en, "en"))))


def _fill(text: str, params: Mapping[str, Any], language: str) -> str:
    plain = {key: value[language] if isinstance(value, dict) else value for key, value in params.items()}
    return text.format_map(plain)


def due(at: datetime | None, calendar: Calendar, now: datetime | None = None) -> Words:
    """When a promise is due, as people say it."""
    if at is None:
        return TO_BE_CONFIRMED
    return Words(*(local_words(calendar, at, language, now) for language in ("zh", "en")))


_ASKED_FOR: Mapping[str, Words] = {"onsite": Words("上门", "a visit")}


def asked_for_later(kind: str, window: Words) -> Words:
    """Why a reply or a visit is due later than the rule says."""
    what = _ASKED_FOR.get(kind, Words("回电", "a call"))
    return Words(f"客户要求 {window.zh} {what.zh}，顺延", f"put off: the customer asked for {what.en} {window.en}")


def pause_reason(reason: str, text: str) -> Words:
    """What a pause waits for. A free reason is told in the words of whoever gave it."""
    known = PAUSE_REASONS.get(reason)
    if known is None:
        return Words(text, text)
    return Words(f"{known.zh}，{text}", f"{known.en}, {text}") if text else known


def stands_still(reason: str, text: str) -> Words:
    """Why a promise stands still."""
    told = pause_reason(reason, text)
    return Words(f"暂停：{told.zh}", f"standing still: {told.en}")


def with_promise(state: Words, kind: str, due: Words | None) -> Words:
    """How a ticket stands, with its next promise; without a date when it is to be confirmed."""
    if due is None:
        return Words(f"{state.zh}；{_UNDATED.zh}。", f"{state.en}; {_UNDATED.en}.")
    promised = PROMISED[kind]
    return Words(f"{state.zh}；{promised.zh.format(due=due.zh)}。", f"{state.en}; {promised.en.format(due=due.en)}.")


def with_visit(state: Words, window: Words, late_minutes: int | None) -> Words:
    """How a ticket stands whose visit is agreed."""
    said = []
    for language in ("zh", "en"):
        late = VISIT_LATE.in_language(language).format(minutes=late_minutes) if late_minutes else ""
        visit = VISIT_AGREED.in_language(language).format(window=window.in_language(language), late=late)
        said.append(visit)
    return Words(f"{state.zh}；{said[0]}。", f"{state.en}; {said[1]}.")


def pressed(opinion_hours: float | None) -> Words:
    """What to tell a customer who presses; with hours when a manager looks at it now."""
    if opinion_hours is None:
        return Words(
            "已经记下并加急提醒，同事会尽快联系您。",
            "It is noted and our colleagues are reminded; they will be in touch soon.",
        )
    return Words(
        f"这件事已经升级给经理，服务时间 {opinion_hours:g} 小时内给您处理意见。",
        f"A manager has it now; you will have an opinion within {opinion_hours:g} hours of hotline time.",
    )


def in_one_line(kind: str, opened: date) -> Words:
    """A ticket among several of one person: what it is, and the local day it was opened."""
    name = TYPES[kind]
    return Words(f"{name.zh}，{opened.month}月{opened.day}日", f"{name.en}, {opened.day} {opened:%b}")


CANCELLED = Words("以后有需要随时找我们。", "We are here whenever you need us.")
