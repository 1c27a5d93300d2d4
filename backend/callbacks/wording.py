"""The words of the callbacks room, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from backend.tickets.rules import Words

WHY: Mapping[str, Words] = {
    "full": Words("那个时段已经约满，这是最近的空档", "that time is fully booked; this is the next one free"),
    "first": Words("这是现在能约的最早时间", "this is the earliest time we can offer"),
    "hours": Words("按我们的服务时间调整", "adjusted to our opening hours"),
}
REFUSED: Mapping[str, str] = {
    "past": "This time is past.",
    "closed": "We cannot call at this time.",
    "too_far": "This is too far ahead.",
    "full": "This window is full.",
}
OUTCOMES: Mapping[str, Words] = {
    "done": Words("已联系上", "reached"),
    "wants_visit": Words("要求上门", "wants a visit"),
    "call_later": Words("改约再打", "asked to be called later"),
    "no_answer": Words("无人接听", "no answer"),
    "busy": Words("占线", "busy"),
    "wrong_number": Words("号码错误", "wrong number"),
    "refused": Words("拒绝沟通", "did not want to talk"),
    "cancelled": Words("取消", "cancelled"),
}
NO_CALL: Mapping[str, Words] = {
    "closed": Words("现在不在服务时间，不外呼。", "The hotline is closed; nobody is called now."),
    "off_shift": Words("您现在不在班（data/shifts.yaml）。", "You are not on shift now (data/shifts.yaml)."),
    "none": Words("现在没有要打的电话。", "There is no call to make now."),
}
TURNS: Mapping[str, Words] = {
    "danger": Words("有人身危险，最优先", "danger to people comes first"),
    "due": Words("时段已到", "its window has begun"),
    "at_risk": Words("再等答复就会超时", "its reply promise would be missed"),
}
IN_HAND = Words("正在由您处理", "you are making this call")
NO_UNDO: Mapping[str, Words] = {
    "too_late": Words("时间过久，不能撤销", "It is too late to take this back."),
    "gone_on": Words("后续已有变动，不能撤销", "What follows from it has changed since; it cannot be taken back."),
    "left": Words("短信已发出，不能撤销", "A text has left already; it cannot be taken back."),
}
UNCALLABLE: Mapping[str, Words] = {
    "premium": Words("收费或服务号码", "a number that costs extra or belongs to a service"),
    "foreign": Words("不在服务范围的国家或地区的号码", "a number of a country we do not call"),
    "short_code": Words("短号码", "a short number"),
    "own_number": Words("热线自己的号码", "the hotline's own number"),
    "unknown": Words("不是有效号码", "no valid number"),
}
TEXTED = Words("已发短信请客户回复", "a text asks the customer to reply")
NOT_TEXTED: Mapping[str, Words] = {
    "fixed_line": Words("固定电话，未发短信", "a fixed line, no text"),
    "opted_out": Words("客户已退订，未发短信", "opted out, no text"),
    "budget": Words("今日短信限额已满，未发短信", "the day's texts are used up, no text"),
    "calendar": Words("日历之外无法再约，未发短信", "the calendar ends, no further call and no text"),
}
REPLY: Mapping[str, Words] = {
    "none": Words("没有答复承诺", "there is no reply promise"),
    "met": Words("答复承诺此前已兑现", "the reply promise was kept before"),
    "missed": Words("答复承诺已超时，仍未兑现", "the reply promise is missed and still open"),
    "standing": Words("答复承诺暂停中，仍未兑现", "the reply promise stands still and is open"),
}
REMINDER = Words(
    "【威雅电器】提醒您：我们的回电时间是{window}，届时请保持电话畅通。退订回复TD",
    "Weiya hotline reminder: we will call you {window}. Please keep your phone at hand. Reply TD to opt out.",
)
"""The reminder of a callback that belongs to no ticket."""

EMERGENCY = Words("情况紧急请直接拨 120、119 或 95598。", "If it gets worse call 120, 119 or 95598 at once.")


def reply_open(zh: str, en: str) -> Words:
    """The reply promise is still to be kept, by this time."""
    return Words(f"答复承诺仍未兑现，最晚 {zh}", f"the reply promise is still open, by {en}")


def ring(*, is_open: bool, has_phone: bool, when: Words) -> Words:
    """What to tell somebody who has reported danger: who reaches them, how and when."""
    if is_open and has_phone:
        return Words(
            "同事马上给您打电话，您也可以在这里继续说。", "They will call you right away; you can go on writing here."
        )
    if is_open:
        return Words(
            "同事马上在这里接入，请留下您的电话，方便我们马上打给您。",
            "They are joining you here right away; please leave your phone number so that we can call you.",
        )
    if has_phone:
        return Words(
            f"我们{when.zh}第一时间给您打电话。{EMERGENCY.zh}",
            f"We will call you first thing, {when.en}. {EMERGENCY.en}",
        )
    return Words(
        f"请留下您的电话，我们{when.zh}一上班就给您打。{EMERGENCY.zh}",
        f"Please leave your phone number; we will call you first thing, {when.en}. {EMERGENCY.en}",
    )
