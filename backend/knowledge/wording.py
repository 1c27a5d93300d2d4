"""The sentences of the knowledge room, in both languages. Pure: decisions and data in, words out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from backend.knowledge.hours import MONTHS
from backend.knowledge.rules import Bought, Cover, Right, Term, Verdict, bought_since
from backend.tickets.rules import Words

_SHORT_AID = {"zh": 45, "en": 135}
"""Characters of first aid by voice; where it is longer, what to do counts more than what it means."""

# --- amounts, dates, spans


def amount(fen: int) -> Words:
    """An amount as people say it: 30 yuan, 30.50 yuan."""
    yuan = f"{fen // 100}" if fen % 100 == 0 else f"{fen / 100:.2f}"
    return Words(f"{yuan}元", f"{yuan} yuan")


def span(months: int) -> Words:
    """A term: in years where it is whole years."""
    if months % 12:
        return Words(f"{months}个月", f"{months} months")
    years = months // 12
    return Words(f"{years}年", f"{years} year{'s' if years != 1 else ''}")


def day_words(day: date) -> Words:
    """A day with its year."""
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def bought_words(told: Bought) -> Words:
    """When it was bought, as exactly as it is known."""
    first, last = told.first, told.last
    if told.is_exact:
        return day_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return Words(f"{first.year}年{first.month}月", f"{MONTHS[first.month - 1]} {first.year}")
    return Words(f"{first.year}年", str(first.year))


# --- warranty


def warranty(verdict: Verdict, *, unit: Words, subject: Words, today: date, starts: str) -> list[Words]:
    """A verdict with its reason."""
    sentences = {
        Cover.CONSUMABLE: _consumable,
        Cover.UNKNOWN: _rule_alone,
        Cover.COVERED: _covered,
        Cover.EXPIRED: _expired,
        Cover.UNSURE: _unsure,
    }[verdict.cover](verdict, unit, subject, today, starts)
    if verdict.is_past_safe_life:
        sentences.append(
            Words(
                "它也超过建议的使用年限了，请让师傅检查，最好换新。",
                "It is also past its recommended life; have it checked, better replaced.",
            )
        )
    return sentences


def _consumable(_verdict: Verdict, _unit: Words, subject: Words, _today: date, _starts: str) -> list[Words]:
    return [consumable(subject)]


def _rule_alone(verdict: Verdict, unit: Words, subject: Words, _today: date, starts: str) -> list[Words]:
    start, term = _start(starts), _term(verdict.term)
    if verdict.term.is_known:
        return [
            Words(
                f"{unit.zh}{subject.zh}保{term.zh}，从{start.zh}算起。",
                f"The {subject.en} is covered for {term.en} from {start.en}.",
            )
        ]
    return [
        Words(
            f"{subject.zh}保{term.zh}（看型号），从{start.zh}算起。",
            f"The {subject.en} is covered for {term.en} by model, from {start.en}.",
        )
    ]


def _start(starts: str) -> Words:
    return Words("安装那天", "installation") if starts == "installation" else Words("发票日期", "the invoice date")


def _head(verdict: Verdict, unit: Words, subject: Words) -> Words:
    assert verdict.bought is not None
    when, term = bought_words(verdict.bought), _term(verdict.term)
    return Words(
        f"{when.zh}买的{unit.zh}，{subject.zh}保{term.zh}",
        f"Bought {when.en}, {unit.en}: {subject.en} covered for {term.en}",
    )


def _term(term: Term) -> Words:
    if term.is_known:
        return span(term.longest)
    return between(term.shortest, term.longest)


def between(shortest: int, longest: int) -> Words:
    """A term that the model decides."""
    first, last = span(shortest), span(longest)
    if shortest % 12 or longest % 12:
        return Words(f"{first.zh}到{last.zh}", f"{first.en} to {last.en}")
    return Words(f"{shortest // 12}到{last.zh}", f"{shortest // 12} to {last.en}")


def _covered(verdict: Verdict, unit: Words, subject: Words, _today: date, _starts: str) -> list[Words]:
    assert verdict.until is not None
    assert verdict.bought is not None
    head, until = _head(verdict, unit, subject), _until(verdict)
    sure = "" if verdict.bought.is_exact else "，具体以发票为准"
    sure_en = "" if verdict.bought.is_exact else " (the invoice decides)"
    first = Words(
        f"{head.zh}，{until.zh}；现在在保{sure}。", f"{head.en}, {until.en}; it is under warranty now{sure_en}."
    )
    return [first, *([_RIGHTS[verdict.right]] if verdict.right else []), _PROOF]


_RIGHTS: Mapping[Right, Words] = {
    Right.REFUND: Words(
        "刚买不久，性能故障您可以选退货、换货或维修。",
        "So soon after the sale you may choose refund, exchange or repair.",
    ),
    Right.EXCHANGE: Words(
        "刚买不久，性能故障您可以选换货或维修。", "So soon after the sale you may choose exchange or repair."
    ),
    Right.REPAIRED_TOO_OFTEN: Words(
        "同一毛病修了几次还不好，您可以要求换机，跟我说“我要换货”。",
        'Repaired so often and still failing, you may have it exchanged; say "I want an exchange".',
    ),
}
_PROOF = Words(
    "凭发票或订单，人为损坏和自己拆过的不算。",
    "Have the invoice or order at hand; misuse and dismantling are not covered.",
)


def _until(verdict: Verdict) -> Words:
    assert verdict.until is not None
    earliest, latest = verdict.until
    if earliest == latest:
        day = day_words(earliest)
        return Words(f"到{day.zh}", f"until {day.en}")
    least = Words(f"{earliest.year}年{earliest.month}月", f"{MONTHS[earliest.month - 1]} {earliest.year}")
    same_month = (earliest.year, earliest.month) == (latest.year, latest.month)
    return (
        Words(f"到{least.zh}", f"until {least.en}")
        if same_month
        else Words(f"至少到{least.zh}", f"until {least.en} at least")
    )


def _expired(verdict: Verdict, unit: Words, subject: Words, _today: date, _starts: str) -> list[Words]:
    assert verdict.until is not None
    head, last = _head(verdict, unit, subject), verdict.until[1]
    by = Words(f"{last.year}年{last.month}月", f"{MONTHS[last.month - 1]} {last.year}")
    return [Words(f"{head.zh}，到{by.zh}就过保了。", f"{head.en}; that ended in {by.en}."), PAID]


PAID = Words(
    "过了保也照样修：先报价，您同意再动手。", "We repair it after the warranty, too; you hear the price first."
)
"""What happens once the warranty is over."""


def _unsure(verdict: Verdict, unit: Words, subject: Words, today: date, _starts: str) -> list[Words]:
    head = _head(verdict, unit, subject)
    if not verdict.term.is_known:
        return [Words(f"{head.zh}，要看型号和发票才能确定。", f"{head.en}; model and invoice decide.")]
    since = day_words(bought_since(verdict.term.longest, today))
    return [
        Words(
            f"{head.zh}；{since.zh}及以后买的现在还在保，之前的过保了，以发票为准。",
            f"{head.en}; if bought on {since.en} or later it is still covered. The invoice decides.",
        )
    ]


def still_covered(subject: Words, months: int) -> Words:
    """A part that is still covered although the whole unit is not."""
    term = span(months)
    return Words(f"{subject.zh}保{term.zh}，还在保。", f"The {subject.en} has {term.en} and is still covered.")


ASK: Mapping[str, Words] = {
    "model": Words("您的是什么型号？机身铭牌上有。", "Which model is it? The label on the heater tells."),
    "purchase_date": Words("您大概是哪年哪月买的？", "Roughly when did you buy it?"),
    "both": Words("您的是什么型号，大概哪年哪月买的？", "Which model is it, and roughly when did you buy it?"),
    "part": Words("您要哪个配件？", "Which part do you need?"),
}
"""Questions for what is missing."""


# --- fees and parts


def listed(names: Sequence[Words]) -> Words:
    """Several names in one breath."""
    *before, last = [each.en for each in names]
    return Words("、".join(each.zh for each in names), f"{', '.join(before)} and {last}" if before else last)


def price(name: Words, fen: int) -> Words:
    """What something costs."""
    if fen == 0:
        return Words(f"{name.zh}不收费。", f"No charge for {name.en}.")
    told = amount(fen)
    return Words(f"{name.zh}{told.zh}。", f"{name.en[:1].upper()}{name.en[1:]}: {told.en}.")


def depends(names: Words, quoted_first: Words) -> Words:
    """Fees without a fixed amount."""
    return Words(
        f"{names.zh}要看具体情况，{quoted_first.zh}",
        f"What we charge for {names.en} depends on the job. {quoted_first.en}",
    )


def price_of(name: Words) -> Words:
    """What is asked of a part whose price is open."""
    return Words(f"{name.zh}的价格", f"a new {name.en}")


def free_if_covered(names: Words) -> Words:
    """What the warranty would pay, said to who asks what is charged under it."""
    return Words(
        f"在保的正常故障不收{names.zh}，以型号和发票为准。",
        f"Under warranty there is no charge for {names.en} with a normal fault; model and invoice decide.",
    )


def not_covered(quoted_first: Words) -> Words:
    """What happens where the warranty does not pay."""
    return Words(f"不在保的，{quoted_first.zh}", f"Without cover, {quoted_first.en[:1].lower()}{quoted_first.en[1:]}")


def free_of_charge(names: Words, verdict: Verdict) -> Words:
    """What the warranty pays, and why."""
    until = _until(verdict)
    return Words(
        f"您的在保（{until.zh}），正常故障不收{names.zh}。",
        f"It is under warranty ({until.en}): no charge for {names.en} with a normal fault.",
    )


def rod_check(months: int) -> Words:
    """How often a magnesium rod is looked at."""
    term = span(months)
    return Words(f"一般{term.zh}左右检查更换一次。", f"Have it checked or replaced about every {term.en}.")


def part_by_model(name: Words, fen: int | None) -> Words:
    """How a part is got, and its price."""
    if fen is None:
        return Words(
            f"{name.zh}要按型号配，价格先报给您，您同意再订。",
            f"The {name.en} must match your model; you hear the price before anything is ordered.",
        )
    told = amount(fen)
    return Words(f"{name.zh}{told.zh}，要按型号配。", f"The {name.en} costs {told.en} and must match your model.")


def consumable(name: Words) -> Words:
    """Why the warranty does not pay for it."""
    return Words(f"{name.zh}是消耗件，不在保修里。", f"The {name.en} is a consumable and not under warranty.")


def no_term(name: Words) -> Words:
    """An accessory that no term of the warranty names."""
    return Words(
        f"{name.zh}这类附件保多久，我这里没有写明，不乱说。说“给我回电话”，同事核对型号后给您准信。",
        f'I have no term for accessories like the {name.en} and would rather not guess. Say "call me back" and a '
        "colleague checks it by model.",
    )


def part_of_unit(name: Words) -> Words:
    """A part that is covered as the whole unit is."""
    return Words(f"{name.zh}随整机", f"{name.en}, as part of the whole unit,")


def part_covered(verdict: Verdict) -> Words:
    """A part the warranty pays for."""
    until = _until(verdict)
    return Words(
        f"您的在保（{until.zh}），正常坏的按保修换，不用买。",
        f"Yours is under warranty ({until.en}): if it failed by itself it is replaced, you need not buy it.",
    )


def any_part() -> list[Words]:
    """How parts are got, whichever it is."""
    return [
        Words(
            "原厂配件都有，按型号配，价格先报给您。",
            "We supply original parts; they must match the model and you hear the price first.",
        ),
        ORDER,
    ]


ANY_PART = Words(
    "原厂配件按型号配，价格先报给您。",
    "Original parts must match the model, and you hear the price first.",
)
ORDER = Words(
    "要订就说“给我回电话”，同事核对型号后打给您。",
    'To order, say "call me back"; a colleague checks the model and rings you.',
)
FITTED = Words("装要请师傅，别自己拆机。", "A technician fits it; please do not open the heater.")
FITTED_BY_ANYBODY = Words("这个您自己能换，不用拆机。", "You can change it yourself; nothing has to be opened.")
WHAT_HAPPENS = Words("热水器现在是什么情况？", "What is the heater doing?")


# --- first aid


class Advice(Protocol):
    """First aid in one language, as the data has it."""

    @property
    def meaning(self) -> str: ...
    @property
    def steps(self) -> tuple[str, ...]: ...
    @property
    def stop_if(self) -> str: ...


def aid(zh: Advice, en: Advice, channel: str) -> Words:
    """Meaning, steps and when to stop. By text message and voice only the first step: the next question follows."""
    return Words("".join(_aid(zh, channel, "zh")), " ".join(_aid(en, channel, "en")))


def _aid(advice: Advice, channel: str, language: str) -> list[str]:
    steps = advice.steps if channel == "web" else advice.steps[:1]
    told = [each for each in (advice.meaning, *steps, advice.stop_if) if each]
    is_too_long = channel == "voice" and steps and sum(map(len, told)) > _SHORT_AID[language]
    return told[1:] if is_too_long else told
