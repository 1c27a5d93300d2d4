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
    "no_answer": Words("无人接听", "no answer"),
    "wrong_number": Words("号码错误", "wrong number"),
}
REMINDER = Words(
    "【威雅电器】提醒您：我们的回电时间是{window}，届时请保持电话畅通。退订回复TD",
    "Weiya hotline reminder: we will call you {window}. Please keep your phone at hand. Reply TD to opt out.",
)
"""The reminder of a callback that belongs to no ticket."""

EMERGENCY = Words("情况紧急请直接拨 120、119 或 95598。", "If it gets worse call 120, 119 or 95598 at once.")


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
