"""The heater: what may name its model, whether it has come, and the wall it hangs on. Pure."""

from __future__ import annotations

import re

from bot.actions.reading.answers import is_no, is_yes
from bot.actions.reading.manner import goes_on
from bot.actions.reading.utterance import kept, plain

_NAMES_A_MODEL = re.compile(
    r"\d|\b(?:weiya|yalishi|lit(?:er|re)s?|series|instant|tank|slim|flat|round|vertical|horizontal)\b"
    r"|\b(?:big|small|large|biggest|smallest|white|new|old) (?:one|model|type)\b"
    r"|[一二三四五六七八九十百]+升|升|型|款|系列|牌|威雅|雅丽诗|储水|即热|速热|小厨宝|双胆|超薄|扁桶|圆桶|[大小]的"
)
_NO_MODEL = re.compile(
    r"(?:不知道|不晓得|不清楚|没有?|无|冇|看不[到清]|找不到|忘了?|记不[得清住]|唔知|没注意|搞不清).{0,6}(?:型号|什么牌子)"
    r"|型号.{0,4}(?:不知道|不晓得|不清楚|看不[到清]|找不到|忘|记不|唔知|没注意|模糊)"
    r"|(?:don'?t know|no idea|no clue|not? (?:got )?a clue|haven'?t (?:got )?(?:a|the) (?:clue|idea|foggiest)"
    r"|wouldn'?t know|no sabi|(?:no|not) know|\bdk\b|not sure|can'?t (?:find|see|read|tell)|forgot).{0,16}model"
    r"|model.{0,16}(?:unknown|don'?t know|no idea|no clue|not (?:shown|displayed|printed|written|visible|there))"
    r"|(?:铭牌|标牌|标签|贴纸|型号|(?:牌子|机身|上面|上边)的?字|(?<!数)(?<!汉)字(?=[都全也早掉磨糊]))[^,，。!?]{0,8}"
    r"(?:磨|掉|没了|没有了|[不唔]见|撕|锈|烂|糊|挡住|遮住|褪色|脱落|黑了|看不|瞧不|认不|够不|找不|丢|朝里|背面|后面"
    r"|[没无不]有?(?:显示|写|标|印|贴|字))"
    r"|(?:没有?|无|冇|找不到|搵唔到)(?:任何)?(?:铭牌|标牌|标签|贴纸)"
    r"|\b(?:label|sticker|plate|nameplate)\b.{0,24}\b(?:worn|gone|missing|faded|unreadable|illegible|rubbed|torn"
    r"|fell off|came off|peeled|rusted|hidden|blank)\b|\bno (?:label|sticker|(?:name)?plate|model)\b"
    r"|\bdoes ?n[o']?t (?:show|say|have)\b.{0,8}\bmodel\b"
)
_NOT_WRITTEN = re.compile(
    r"(?:上[面边]|机[器身]上?|铭牌上?|哪[里儿]|[都也就]|好像|根本|[啥什]么?|我?看了?|[,，。\s])*"
    r"(?:[没冇无]有?|不)(?:显示|写|标|贴|印|字)(?:着|出来|的|啊|呢|呀|了|[。.!！\s])*"
)
_DELIVERED = re.compile(
    r"(?:到|送|收)(?:货|达|家|到)?了|已经?(?:送|到|收|签)|签收|(?:送|收|到)(?:到|货|达)?的$|[昨今前]天(?:就|才|刚)?(?:送|到|收)|刚(?:送|到|收)"
    r"|(?<![月周天日号后初底末里晚早午点])才(?:送|到|收)(?:货|家)"
    r"|(?:热水器|机器|东西)(?:都|已经?)?(?:到货|到家)(?=[,，。! ]|$)"
    r"|(?:has |been |was |already )(?:delivered|arrived)|\byes|\bdel(?:ivered|ivd|ivrd|vd)\b"
    r"|\barr(?:ived|vd|ivd)\b|\bgot it\b"
)
_NOT_DELIVERED = re.compile(
    r"还?没有?(?:到|送|收|买|签)|未(?:到|送|签)|在路上|(?:明|后)[天日早晚][^,，。师人你]{0,8}?(?:到|送)|还没"
    r"|(?:下周|(?:周|星期|礼拜)[一二三四五六日天]|[号日])(?:上午|下午|早上|晚上)?(?:才|就|会|能|可以)+(?:到|送)(?!.{0,3}[了的]$)"
    r"|(?:到货|送货)(?:时间|日期)(?:是|在|还|要)|下(?:周|星期|礼拜)[一二三四五六日天]?(?:到|送)|(?:周|星期|礼拜)[一二三四五六日天](?:到|送到?)(?:货)?(?=$|[,，。!])"
    r"|\b(?:arrives|arriving|will (?:arrive|come|be (?:here|delivered))|being delivered)\b"
    r"|\b(?:it|heater) (?:comes|is coming)\b|\bdelivery (?:is |on |by |due )|\bcoming (?:on |tomorrow|next)"
    r"|\bnot (?:yet|delivered|arrived)|hasn'?t|have ?n[o']t|\bon (?:the|its) way|\bno\b"
)
_STANDS_THERE = re.compile(
    r"(?:搁|在|放)(?:家|屋)(?:里|头|搁着|放着)?(?:呢|了|的)?(?=$|[,，\s])|(?:拉|搬|提|扛|抬|运|背)(?:回来|到家|回家|进屋|上来)|"
    r"(?:还)?没(?:有)?拆(?:箱|封|开)|箱子(?:还)?没(?:有)?(?:拆|开)|放在(?:家|屋|门口|楼道|客厅|阳台)"
    r"|\bstill (?:in|inside) (?:the|its|a) (?:box|carton)|\bunopened\b|\bleft it (?:here|there)\b"
    r"|\b(?:box|carton|heater|it)\b.{0,40}\b(?:in|at) (?:the|our|my)"
    r" (?:hall|hallway|corridor|kitchen|flat|house|lobby)\b"
)
"""It has come and waits in its box."""
_WALL = re.compile(
    r"墙|挂[不得]住|插座|地线|接地|空开|空气开关|平方(?:的)?(?:铜)?线|铜线|水压|实心砖|空心砖|\bwall\b|\bsocket\b|earth(?:ed|ing)|brick|concrete"
)


_GOODS = re.compile(
    r"(?:货|热水器|机器|快递).{0,6}(?:到|送|收)|(?:送|收)到(?:货|家|了?热水器)|到货|签收|\b(?:delivered|arrived)\b"
)


def speaks_of_the_goods(text: str) -> bool:
    """Whether a message says, unasked, something of the heater's delivery: "货到了"."""
    return bool(_GOODS.search(plain(text)))


def may_name_a_model(text: str) -> bool:
    """Whether words can be those on a label: figures, letters alone, litres, a series, a brand."""
    words = plain(text)
    is_sentence = bool(_COUNTS.search(words)) or (len(words.split()) > _A_LABEL and not _CODE.search(words))
    return len(words) <= 40 and bool(_NAMES_A_MODEL.search(words)) and not is_sentence and not goes_on(text)


_A_LABEL = 5
"""Words a label has at most, told without a code."""
_CODE = re.compile(r"\b(?=[a-z-]*\d)(?=\d*[a-z])[a-z\d-]{3,}\b|\d+ ?(?:l\b|lit)")
_COUNTS = re.compile(r"\b\d+ ?(?:weeks?|days?|years?|yrs?|months?|times?|hours?|minutes?|mins?|people|persons|kids)\b")


_OURS = re.compile(r"电热水器|威雅|雅丽诗|\bweiya\b|\belectric (?:water )?heater")
_BRAND_ONLY = re.compile(r"威雅|雅丽诗|牌子?|电热水器|热水器|\bweiya\b")


def is_ours(text: str) -> bool:
    """Whether the words name our brand or an electric heater: "电热水器，不是煤气"."""
    return bool(_OURS.search(plain(text)))


def names_a_heater(text: str) -> bool:
    """Whether a heater is spoken of by name."""
    return bool(re.search(r"热水器|\bheater\b", plain(text)))


def names_only_the_brand(text: str) -> bool:
    """Whether the brand or the kind of heater is told where the model was asked, and no figure or letter of a model."""
    words = plain(text)
    is_named = bool(_BRAND_ONLY.search(words))
    return is_named and not re.search(r"[a-z0-9]|升|双胆|超薄|储水|速热|小厨宝", re.sub(r"\bweiya\b", "", words))


def has_no_model(text: str) -> bool:
    """Whether a customer says that the model cannot be told."""
    return bool(_NO_MODEL.search(plain(text)))


def says_nothing_is_written(text: str) -> bool:
    """The answer of somebody who has looked for the model: "上面没显示", "机身上没写"."""
    return bool(_NOT_WRITTEN.fullmatch(plain(text)))


def tells_no_model(text: str) -> bool:
    """Whether the answer to the question for the model, in whatever words, is that it cannot be told."""
    return has_no_model(text) or says_nothing_is_written(text)


_MANY_ZH = re.compile(
    r"(?<![第一二两三四五六七八九十百几\dA-Za-z])(?:[二两俩三四五六七八九十百几]+|[2-9]|[1-9]\d{1,2})多?(?:台|部)(?!风|阶|词|手机|电话)"
)
_MANY_EN = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|dozens?|[2-9]|[1-9]\d{1,2})"
    r"(?: (?:of (?:your|the|them|these)|more|new|[a-z]{2,6}-?\d{2,3}|\d{2,3} ?(?:l|lit(?:er|re)s?)|electric|water"
    r"|weiya)){0,4}"
    r" (?:heaters|units|boilers|geysers)\b"
)


_CAPACITY = re.compile(r"\d{2,3} ?(?:升|l\b|lit(?:er|re)s?\b)")


def counts_them(clause: str) -> bool:
    """Whether a clause tells of several heaters: "酒店有12部要装", "20 of your heaters", "一台60升一台80升"."""
    words = plain(clause)
    return bool(_MANY_ZH.search(words) or _MANY_EN.search(words)) or len(_CAPACITY.findall(words)) > 1


def delivered(text: str) -> bool | None:
    """Has the heater arrived? None when the answer says neither."""
    words = plain(text)
    if _STANDS_THERE.search(words):
        return True
    if _NOT_DELIVERED.search(words) or is_no(text):
        return False
    if _DELIVERED.search(words) or is_yes(text):
        return True
    return None


def about_the_wall(text: str) -> bool:
    """Whether the message tells what the heater will hang on and be plugged into."""
    return bool(_WALL.search(plain(text)))


def clauses_about_the_wall(text: str) -> str:
    """What of a message is about the wall, without what else is told in it."""
    return kept("，".join(clause for clause in re.split(r"[,，。.;；\n]+", text) if _WALL.search(plain(clause))))
