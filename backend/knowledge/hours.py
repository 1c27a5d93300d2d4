"""Opening hours in words, in both languages and for every channel. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from backend.kernel.working_time import Calendar, hours_of, local_day
from backend.knowledge.rules import Opening
from backend.tickets.rules import Words

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock(at: time | datetime, channel: str) -> Words:
    """A time of day: 8:00 to read, 早上8点 and 8 am to hear."""
    if channel != "voice":
        return Words(f"{at.hour}:{at.minute:02d}", f"{at.hour}:{at.minute:02d}")
    part = "早上" if at.hour < 11 else "中午" if at.hour < 13 else "下午" if at.hour < 18 else "晚上"
    part = "下午" if (at.hour, at.minute) == (18, 0) else part
    hour, half = (at.hour - 1) % 12 + 1, "am" if at.hour < 12 else "pm"
    zh = "半" if at.minute == 30 else f"{at.minute}分" if at.minute else ""
    en = f" {at.minute:02d}" if at.minute else ""
    return Words(f"{part}{hour}点{zh}", f"{hour}{en} {half}")


def stretch(hours: tuple[time, time] | tuple[datetime, datetime], channel: str) -> Words:
    """From opening to closing."""
    opens, closes = clock(hours[0], channel), clock(hours[1], channel)
    if channel == "voice":
        return Words(f"{opens.zh}到{closes.zh}", f"{opens.en} to {closes.en}")
    return Words(f"{opens.zh}–{closes.zh}", f"{opens.en} to {closes.en}")


def usual_hours(calendar: Calendar, channel: str) -> Words:
    """When the hotline is staffed."""
    if same := _same_all_week(calendar):
        daily = stretch(same, channel)
        return Words(f"热线每天{spaced(daily.zh)}有人接听。", f"The hotline is staffed from {daily.en} every day.")
    told = weekly(calendar, channel)
    return Words(f"热线接听时间：{told.zh}。", f"Hotline hours are {told.en}.")


def here(calendar: Calendar, channel: str) -> Words:
    """The same as part of another question: when we can ring."""
    if same := _same_all_week(calendar):
        daily = stretch(same, channel)
        return Words(f"我们每天{spaced(daily.zh)}都在。", f"We are here from {daily.en} every day.")
    told = weekly(calendar, channel)
    return Words(f"我们的时间：{told.zh}。", f"Our hours are {told.en}.")


def _same_all_week(calendar: Calendar) -> tuple[time, time] | None:
    different = set(calendar.hours.values())
    return next(iter(different)) if len(calendar.hours) == 7 and len(different) == 1 else None


def weekly(calendar: Calendar, channel: str) -> Words:
    """The usual hours of the week; weekdays in a row with the same hours are told together."""
    told = []
    for hours, row in groupby(range(7), key=calendar.hours.get):
        weekdays = list(row)
        days = _weekdays(weekdays[0], weekdays[-1])
        if hours is None:
            told.append(Words(f"{days.zh}休息", f"closed {days.en}"))
        else:
            open_ = stretch(hours, channel)
            told.append(Words(f"{days.zh}{spaced(open_.zh).rstrip()}", f"{open_.en} {days.en}"))
    return Words("，".join(each.zh for each in told), ", ".join(each.en for each in told))


def _weekdays(first: int, last: int) -> Words:
    zh, en = "一二三四五六日", WEEKDAYS
    if first == last:
        return Words(f"周{zh[first]}", en[first])
    return Words(f"周{zh[first]}到周{zh[last]}", f"{en[first]} to {en[last]}")


def now_words(opening: Opening, calendar: Calendar, now: datetime, channel: str) -> Words:
    """Whether it is open now, else when it opens next."""
    if opening.is_open_now:
        hours = hours_of(calendar, local_day(calendar, now))
        assert hours is not None
        until = clock(hours[1], channel)
        return Words(f"现在在上班，到{until.zh}。", f"We are open now, until {until.en}.")
    if opening.opens_next is None:
        return TO_BE_CONFIRMED
    at, day = clock(opening.opens_next, channel), near(opening.opens_next.date(), local_day(calendar, now))
    return Words(f"现在下班了，{day.zh}{at.zh}开线。", f"We are closed now and open {day.en} at {at.en}.")


TO_BE_CONFIRMED = Words(
    "那时候的安排还没定，要再确认；您可以随时留言。",
    "Hours for then are not fixed yet and to be confirmed; leave a message any time.",
)
ANY_TIME = Words("网上和短信随时可以留言。", "You can leave a message at any time.")
IN_DANGER = Words(
    "漏电、冒烟这样的危险随时说，值班同事打给您。",
    "With danger like a shock or smoke tell me at any time; a colleague on duty rings you.",
)
VISITS = Words(
    "师傅上门按工作日安排，时间会先打电话跟您约。", "Visits are on working days; we ring you first to agree the time."
)


def at_night(calendar: Calendar, channel: str) -> Words | None:
    """What happens with a message after hours; None where the hours differ from day to day."""
    same = _same_all_week(calendar)
    if same is None:
        return None
    opens = clock(same[0], channel)
    zh = opens.zh if channel == "voice" else f"早上{opens.zh}"
    return Words(
        f"晚上可以留言、发短信，我会记下；同事{zh}上班后处理。",
        f"At night you can leave a message or text and I note it; colleagues take it up from {opens.en}.",
    )


def how_soon(reply_minutes: int, days_in_the_city: int, days_outside: int, channel: str) -> Words:
    """How soon a request is answered and a technician comes, before there is a ticket whose own dates could be told."""
    hours, minutes = divmod(reply_minutes, 60)
    reply = (
        Words(f"{hours}小时", "an hour" if hours == 1 else f"{hours} hours")
        if not minutes
        else Words(f"{reply_minutes}分钟", f"{reply_minutes} minutes")
    )
    day = Words(
        f"{days_in_the_city}个工作日",
        "one working day" if days_in_the_city == 1 else f"{days_in_the_city} working days",
    )
    far = Words(f"{days_outside}个工作日", "one working day" if days_outside == 1 else f"{days_outside} working days")
    if channel == "sms":
        return Words(
            f"登记后{reply.zh}内（上班时间）答复；市区{day.zh}、乡镇农村{far.zh}内上门。",
            f"We answer within {reply.en} of opening hours; a visit takes {day.en} in town, {far.en} farther out.",
        )
    return Words(
        f"登记好后，上班时间{reply.zh}内给您答复，约好上门时间；市区{day.zh}内上门，乡镇和农村{far.zh}内。",
        f"Once it is registered we answer within {reply.en} of opening hours and agree the visit: within {day.en} in "
        f"town, within {far.en} in townships and villages.",
    )


def near(day: date, today: date) -> Words:
    """A day as people say it."""
    name = Words(
        f"{day.month}月{day.day}日周{'一二三四五六日'[day.weekday()]}",
        f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}",
    )
    if day == today:
        return Words(f"今天{name.zh}", f"today, {name.en}")
    if day == today + timedelta(days=1):
        return Words(f"明天{name.zh}", f"tomorrow, {name.en}")
    year = "" if day.year == today.year else str(day.year)
    return Words(f"{year}年{name.zh}" if year else name.zh, f"{name.en} {year}".strip())


def days_hours(openings: Sequence[Opening], today: date, channel: str, festival: Words | None = None) -> list[Words]:
    """The hours of some days; days with the same hours are told together."""
    told: list[Words] = []
    for _, same in groupby(openings, key=_times):
        each = list(same)
        told.append(_day_hours(each[0], _days(each, today, festival, channel), channel))
    return told


def _times(opening: Opening) -> tuple[bool, tuple[time, time] | None]:
    return opening.is_known, (opening.hours[0].time(), opening.hours[1].time()) if opening.hours else None


def _days(openings: Sequence[Opening], today: date, festival: Words | None, channel: str) -> Words:
    days = [near(each.day, today) for each in openings]
    zh, en = "、".join(each.zh for each in days), ", ".join(each.en for each in days)
    if festival is None:
        return Words(zh, en)
    return Words(f"{festival.zh}，{zh}" if channel == "voice" else f"{festival.zh}（{zh}）", f"{festival.en}, {en}")


def _day_hours(opening: Opening, days: Words, channel: str) -> Words:
    if not opening.is_known:
        return Words(
            f"{days.zh}的安排还没定，要再确认；您可以随时留言。",
            f"Our hours for {days.en} are to be confirmed; you can leave a message at any time.",
        )
    if opening.hours is None:
        return Words(f"{days.zh}，热线休息。", f"The hotline is closed {days.en}.")
    hours = stretch(opening.hours, channel)
    return Words(
        f"{days.zh}，热线{spaced(hours.zh)}有人接听。",
        f"{days.en[:1].upper()}{days.en[1:]}: the hotline is open from {hours.en}.",
    )


def spaced(hours: str) -> str:
    """Figures stand off from the Chinese characters around them where they are read."""
    return f" {hours} " if hours[0].isdigit() else hours
