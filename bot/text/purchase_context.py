"""Whether a date in a message is the one on which the heater was bought. Pure."""

import re

_BOUGHT = re.compile(
    r"[买抢购]|双十[一二]|双1[12]|618|保修卡|入手|换的新(?:机|热水器|的|$|[,。])|下单|拼多多|京东|淘宝|天猫|发票|订的|拿的|(?:才|刚"
    r"|就)[拿提拉搬扛]回|用[到不没]|没用|用了|使用|用到现在|[才刚]用|订单|下的|用[了得咗]|mai"
    r"|购(?=$|[,。\d])|付的?款|签的?合同|盖着章|日期"
    r"|bought|b[gh]*t\b|(?<!the )(?<!your )(?<!a )\bbot\b|buy|purch|invoice|got it"
    r"|sold to (?:me|us)|paid|present\b|gift\b|receipt|had it|have had|ordered|using|used it|years? old|yrs? old"
)
_WAITED = re.compile(r"(?:等|拖|拖延|耽误|waited|waiting)(?:了|for)?\s*$")
_SOMEONE = re.compile(r"\b(?:son|daughter|kids?|child|baby|boy|girl|mother|father|mum|mom|dad|lady|man)\b")
_COVERED = re.compile(r"(?:质保|保修|保固|包修|保|包|管)(?:期|是|写)?\s*$")
_OF_OTHERS = re.compile(
    r"(?:海尔|美的|格力|史密斯|万和|万家乐|华帝|邻居|隔壁|人家|旧的|弟弟家|朋友家)"
    r"[^,。!?;]{0,7}$|\bmy $"
)
"""Another's heater, or the one before; `my five-year-old` is a child."""
_NO_LENGTH = re.compile(r"两头|[之以]内|内(?!胆)|去[几一两三]次|一次")
_SINCE = re.compile(
    r"[买购抢]|入手|下[了的]?单|拿回|提回|[使没不才刚]用|用[了到得咗没不]|\b(?:bought|buy|had|using|used|old|got)\b"
)
"""Words that count days from the purchase on; a shop's name does not."""
_CORRECTED = re.compile(
    r"(?<!是)不是|勿是|唔系|不对|说错|写错|记错|打[错c]|搞错|更正|说成|写成|打成|记成|其实|刚才|刚刚|应该?是|[,。]应"
    r"|\b(?:not|no wait|i mean|meant|correct(?:ion)?|sorry|actually)\b"
)
_PUT_RIGHT = (
    r"(?:(?<!是)不是|勿是|唔系|[说讲写打记]成了?(?:买了?)?|刚[才刚]?我?[说讲写]的?(?:买[了是])?|\bnot(?: in)?) ?"
)
_TAKEN_BACK, _JUST_TAKEN_BACK = re.compile(_PUT_RIGHT), re.compile(f"{_PUT_RIGHT}$")
_TAKEN_BACK_AFTER = re.compile(r"(?:那个)?是?(?:[说写记]?错|不对)")
_NEAR = 12
_A_YEAR_BACK = 2
"""Characters of 去年; what is longer names a part of the year as well."""
_AGE = re.compile(r"[ -]old\b|,? since (?:i|we|it was) (?:first )?(?:bought|buy|got|get|had|purchased?)\b")
"""What makes a length the age of the heater: `five years old`, `two years since we got it`."""
_CLAUSE = re.compile(r"[,。;!?]")
_DATA_BEFORE = re.compile(r"[a-z]{2}-?\d{2,3}[a-z\d-]{0,5}[,。 ]+$|\d{2,3}(?:l|升)[,。 ]+$")
_DONE = re.compile(
    r"修|报|换|保到|到期|质保|触电|投诉|上次|上门|安装|装机|生产|出厂|师傅|打过|预约|来[过的]|停水|工单|单号"
    r"|\b(?:repair\w*|fixed|replaced|complain\w*|visit\w*|came|come|installed|warrant\w*|cover\w*|valid|expires?"
    r"|until|till|made|manufactured|technician|serviced|moved)\b"
)
_MENDED = re.compile(r"修(?:过|好|是|的)|那次修|\brepaired|\bfixed")
_BESIDE = 16
_DATA_AFTER = re.compile(r"的?(?:[,。]|$)")
DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}
_FEAST_AHEAD = re.compile(r"(?:的时候)?(?:你们)?(?:放假|上班|开门|营业)")
_ASKED = re.compile(r"\s*[呢吗?]")
_OTHER_MATTER = re.compile(r"修|报|保|质|warrant|cover")
_FILLERS = re.compile(
    r"[\s,。!?.]|不记得了?|记不清了?|好像|应该|大概|可能|差不多|估计|得有|起码|至少|快|有|是|了|吧|嘛|哦|啊|呢|的"
    r"|不对|更正|记错|说错|改成|日期错?|应该?|我想起来|想想|那年|其实"
    r"|\b(?:about|roughly|around|maybe|like|over|nearly|almost|at least|i think|probably|it's|its|only|just|in|old|no"
    r"|wait|sorry|meant|mean|was|do not|don't|remember|exactly|somewhere)\b"
)
_ON_THE_RECEIPT = re.compile(
    r"(?:小票|收据|票据|单据|receipt)[^,，。]{0,4}(?:上|里|印|写|是|日期|says?|dated)[^,，。]{0,4}$"
)
_SHOPPING = re.compile(
    "双十[一二]|双1[12]|618|六一八|single['’]?s?['’]? day|double (?:eleven|11|twelve|12)|black friday"
)
_PUT_UP = re.compile("(?:刚|才)?(?:安?装的|装(?=$|[,。]))")
_INSTALLED = re.compile(r"装的|装上|装了|安装的|装修|installed|put in")


def distance_to_buying(text: str, start: int, end: int) -> int:
    """Characters between a date and the nearest word of buying; the nearest date is the one that is meant."""
    gaps = [max(word.start() - end, start - word.end(), 0) for word in _BOUGHT.finditer(text)]
    return min(gaps, default=len(text))


def _since(text: str, found: re.Match[str]) -> bool:
    """`since yesterday`, `上个星期就这样了` tell when a fault began."""
    if not (found["lately"] or found["yesterday"] or found["en_back"] or found["last_day"]):
        return False
    return bool(re.search(r"(?:since |从|自)$", text[: found.start()]) or re.match(r"就(?!买)", text[found.end() :]))


def is_corrected(text: str) -> bool:
    """Whether one date is put in the place of another: `不是去年，是前年`, `我说成三年了，其实五年`."""
    return bool(_CORRECTED.search(text) and _TAKEN_BACK.search(text))


def stands_in_its_place(text: str, found: re.Match[str]) -> bool:
    """Whether a date in a correction is one of purchase, though no word of buying is beside it."""
    if _DONE.search(text):
        return False
    return bool(
        found["back"] or found["year"] or found["bare_year"] or (found["unit"] == "年" and _BOUGHT.search(text))
    )


def is_taken_back(text: str, found: re.Match[str]) -> bool:
    """Whether it is the date that is put right."""
    before, after = text[max(0, found.start() - _NEAR) : found.start()], text[found.end() : found.end() + _NEAR]
    return bool(_JUST_TAKEN_BACK.search(before) or _TAKEN_BACK_AFTER.match(after))


def speaks_of_buying(text: str, found: re.Match[str]) -> bool:
    """Whether the words around a date tell of buying or using, or the date is all the customer says."""
    before, after = text[: found.start()], text[found.end() :]
    if _since(text, found) or _COVERED.search(before) or _is_ahead(found, after) or _OF_OTHERS.search(before):
        return False
    said = text.strip() if _OTHER_MATTER.search(text) else _FILLERS.sub("", text)
    whole = not _MENDED.search(text) and len(found[0]) >= 0.5 * len(said) and not re.fullmatch(r".{0,2}天", found[0])
    if found["count"] or found["en_count"] or found["half_month"]:
        return _counts_from_buying(text, found, whole=whole)
    if found["lately"] in DAYS_BACK or found[0] == "今年":
        return bool(_BOUGHT.search(_CLAUSE.split(before[-4:])[-1] + " " + _CLAUSE.split(after[:6])[0])) or whole
    if found["last_day"]:  # alone it may tell anything
        return bool(_BOUGHT.search(before[-30:]))
    if (
        _SHOPPING.search(found[0])
        or _ON_THE_RECEIPT.search(before)
        or ((found["back"] or found["year"] or found["event"]) and _PUT_UP.match(after))
        or _is_listed(found, before, after)
        or _is_exact(found, before, after)
    ):
        return True
    year_of_use = bool(found["bare_year"]) and before.endswith("since ")
    is_sure = bool(found["year"] or (found["back"] and len(found[0]) > _A_YEAR_BACK))
    around = before[-(30 if before.isascii() else 14) :] + " " + after[: 18 if is_sure else 10]
    return year_of_use or bool(_BOUGHT.search(around)) or whole or (len(text) <= 14 and bool(_INSTALLED.search(text)))


def _is_ahead(found: re.Match[str], after: str) -> bool:
    """`国庆放假吗`, `那国庆呢`: the feast that comes, not the one on which the heater was bought."""
    return bool(_FEAST_AHEAD.match(after) or (found["event"] and _ASKED.match(after)))


def _counts_from_buying(text: str, found: re.Match[str], *, whole: bool) -> bool:
    """`买了三年`, `用了八个月`, `five years old`: so long since it was bought, not waited, promised or lived."""
    before, after = text[: found.start()], text[found.end() :]
    if before.endswith("since ") or _WAITED.search(before) or _SOMEONE.search(text) or _NO_LENGTH.match(after):
        return False
    years = found["unit"] == "年" or (found["en_unit"] or "").startswith(("y", "dec"))
    ago = found[0].endswith("前") or "ago" in found[0] or years
    if ago and len(text) <= 14 and _INSTALLED.search(text):
        return True
    reach = (30 if before.isascii() else 14) if ago else 6
    around = before[-reach:] + " " + after[: 10 if ago else 6]
    return _AGE.match(after) is not None or bool((_BOUGHT if ago else _SINCE).search(around)) or (whole and ago)


def _is_listed(found: re.Match[str], before: str, after: str) -> bool:
    """A year that stands alone among other data, or says which machine it is: `VY50，2020年，`, `2013年的，`."""
    told = found["year"] or found["iso"]
    return bool(told and _DATA_BEFORE.search(before) and _DATA_AFTER.match(after))


def _is_exact(found: re.Match[str], before: str, after: str) -> bool:
    """A month of a year, and nothing beside it that was done then but the purchase."""
    told = (
        (found["year"] and found["month"])
        or found["iso"]
        or found["month_of_year"]
        or (found["en_month"] and (found["year_back"] or found["year_before"] or found["en_year"]))
    )
    return bool(told and not _DONE.search(before[-_BESIDE:] + "|" + after[:_BESIDE]))
