"""The words of the escalations room, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.escalations.rules import Rung, Trigger
from backend.tickets.rules import Words
from backend.tickets.wording import DANGERS, KIND_NAMES

RUNGS: Mapping[Rung, Words] = {
    Rung.AGENT: Words("当班客服", "agent on duty"),
    Rung.OUTLET: Words("网点负责人", "outlet lead"),
    Rung.GENERAL: Words("综合管理科", "general section"),
    Rung.MANAGER: Words("售后经理", "service manager"),
}
DUTY = Words("值班电话", "duty phone")

_DANGER = Words("报告危险", "danger reported")


def danger(kind: str | None) -> Words:
    """What danger was reported; a kind we have no word for is danger all the same."""
    found = DANGERS.get(kind or "")
    return Words(f"{_DANGER.zh}：{found.zh}", f"{_DANGER.en}: {found.en}") if found else _DANGER


def promise(trigger: Trigger, kind: str, share: float, due: Words) -> Words:
    """What threatens a promise."""
    name = KIND_NAMES[kind]
    if trigger is Trigger.PROMISE_MISSED:
        return Words(f"{name.zh}承诺已超时，应在{due.zh}前", f"{name.en} promise missed; it was due {due.en}")
    return Words(
        f"{name.zh}承诺时间已过 {share:.0%}，{due.zh}到期",
        f"{share:.0%} of the time for the {name.en} promise is used up; due {due.en}",
    )


def contact(count: int) -> Words:
    """The customer presses."""
    return Words(f"客户第 {count} 次联系", f"the customer's contact no. {count}")


def manager(why: str) -> Words:
    """The tickets room has called a manager; `why` is its reason."""
    plain = why.replace("“", '"').replace("”", '"')  # curly quotes would halve what an English text message holds
    return Words(f"须经理处理（{why}）", f"a manager must look ({plain})")


def angry(word: str) -> Words:
    """A customer is losing patience; the word alone is named, not the message."""
    return Words(f"客户情绪激动（“{word}”）", f'the customer is angry ("{word}")')


def low_grade(grade: int) -> Words:
    """A customer was not content."""
    return Words(f"回访评分 {grade} 分", f"graded {grade} in the follow-up call")


TRIGGERS: Mapping[Trigger, Words] = {
    Trigger.PROMISE_HALF: Words("承诺时间过半", "half the time gone"),
    Trigger.PROMISE_NEAR: Words("承诺将到期", "promise due soon"),
    Trigger.PROMISE_MISSED: Words("承诺超时", "promise missed"),
    Trigger.REPEAT_CONTACT: Words("多次联系", "contacted us again"),
    Trigger.MANAGER_CALLED: Words("须经理处理", "for a manager"),
    Trigger.DANGER: Words("危险", "danger"),
    Trigger.ANGRY_WORDS: Words("客户激动", "angry customer"),
    Trigger.LOW_GRADE: Words("评分低", "low grade"),
}


def several(subjects: Sequence[Words], most: int) -> Words:
    """Some things by name, and that there are more."""
    named, more = subjects[:most], len(subjects) > most
    zh = "；".join(each.zh for each in named) + (" 等" if more else "")
    return Words(zh, "; ".join(each.en for each in named) + (" and more" if more else ""))


def in_short(ticket_no: str | None, trigger: Trigger) -> Words:
    """One of several things in a few words."""
    what, why = subject(ticket_no), TRIGGERS[trigger]
    return Words(f"{what.zh} {why.zh}", f"{what.en} {why.en}")


def subject(ticket_no: str | None) -> Words:
    """What an escalation is about, without personal data."""
    if ticket_no is None:
        return Words("会话（尚无工单）", "conversation without a ticket")
    return Words(f"工单{ticket_no}", f"ticket {ticket_no}")
