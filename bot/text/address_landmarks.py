"""A house that is told by what stands beside it or by the way there: `村委会对面第二家`, `过了石拱桥往左，第三家`,
`红铁门那家`; and what is told of its door behind an address: `…村三组，门口有棵槐树`. Pure."""

import re

from bot.text.address_words import BESIDE, HANZI, LANDMARK, NUM

_NEXT_TO = (
    rf"(?:{BESIDE}|[村寨]?[东西南北]头|最里[面头边]|尽头|拐角|对过|隔篱|边仔|边边|边浪|[前后]壁|里头|往[里外东西南北前后](?:走|拐|去)?"
    r"|进去|出来|下来|上去|[左右]手边?|(?<=[井桥河塘路村庙树])[边头])"
)
_COUNTED = rf"(?:第{NUM}{{1,2}}|头一|最后一|最里头一|[那嗰](?:一|个)?)"
_HOUSE = (
    rf"{_COUNTED}(?:家|户|栋|排|座|趟|(?<=嗰)间)(?:平房|瓦房|[小老]?楼|房子|{HANZI}{{1,4}}的)?"
    rf"|那个{HANZI}{{1,3}}(?:房子|楼|屋)"
)
_SIGN = r"[门树井桥庙墙瓦塘厂铺]"
_WORD = r"[^,，。.!?;:\s买卖修装租客]"
_WAY = (
    rf"(?:(?:过了?|从|下了|沿着?|顺着|进了?|到了|往|见到|看到|瞅着){_WORD}{{2,14}}(?<![了过去来])"
    rf"|(?:门口|门前|门上|屋后|村口|巷口)(?:有|是|贴着?|拴着?|停着?|放着?|种着?){_WORD}{{2,12}}),\s?"
)
_BY = re.compile(
    rf"(?:^|(?<=[,。!;\s])|(?<=[住在搁是]))(?P<place>(?:{_WAY}){{0,3}}(?:{_WORD}{{2,14}}?{_NEXT_TO}(?:的|那里)?,?"
    rf"|{_WORD}{{0,8}}{_SIGN}{_WORD}{{0,6}}?的?|(?<=,))"
    rf"(?:{_HOUSE}))(?=(?:的)?(?:就是|便是|[,。!;\s]|$)|就是)"
)
_LEAD = re.compile(r"(?:我们?|俺们?|阿拉|咱们?|家|屋里?|屋头|就|住|是|在|搁|喺|佇|地址|那个|不)*")
_BESIDE_ONLY = re.compile(
    rf"(?:^|(?<=[,。!;\s]))(?:(?:我|俺|咱)?(?:们|家)?就?[住在搁]*)(?P<place>(?:{HANZI}{{0,6}}?(?:{LANDMARK})"
    rf"|{HANZI}{{0,8}}(?:银行|祠堂|菜场|庙|粮站|供销社"
    rf"|连锁|影院|网吧|饭店))(?:{_NEXT_TO}|[前后东西南北]门)(?:{NUM}{{1,3}}[楼层])?)(?=[,。;]|的?$)"
)
_COMPOUND = re.compile(
    r"(?:^|(?<=[,。!;\s]))(?:(?:我|俺|咱)(?:们|家)?)?就?[住在是]*(?P<place>(?!员工|单位|学生|公司|我们)[^,。!?;\s我你他是在住的]{2,8}?"
    r"(?:家属院|家属区|宿舍|大院|老屋|养老院|福利院|生活区))(?=里?的?(?:[,。;\s]|$))"
)
_PASSING = re.compile(r"[买卖修装租等停]|没有|热水器|机器|客[人服]|师傅|邻居|你们|原来|以前")
AT_THE_DOOR = re.compile(
    r"[,，]\s?(?:门口|门前|门上|屋后|屋旁|楼下|巷口|村口|旁边)(?:有|是|系|贴着?|拴着?|停着?|放着?|种着?)(?!人|保安|狗)"
    r"[^,，。.!?;:\s]{1,12}(?=[,，。.!;\s]|$)"
)
"""What is told of the door behind an address."""
ONLY_THE_DOOR = re.compile(AT_THE_DOOR.pattern.removeprefix("[,，]"))

_GOES_ON = re.compile(
    rf"(?:的|那边|那里)?[,\s]{{1,2}}(?:[,\s]?(?P<way>{_WORD}{{1,12}}?(?:{_NEXT_TO})(?:[那嗰]?(?:家|户|栋|间))?"
    rf"|{_WORD}{{0,12}}?{_COUNTED}(?:家|户|栋|排|座|趟)))+(?=[,。!;\s]|$|就是)"
)


def goes_on(text: str, end: int) -> int:
    """Where an address really ends that goes on with what stands beside the house, or at its door."""
    more = _GOES_ON.match(text, end)
    if more and not _PASSING.search(more[0]):
        end = more.end()
    while door := AT_THE_DOOR.match(text, end):
        end = door.end()
    return end


def span(text: str) -> tuple[int, int] | None:
    """Where the house stands in a text (normal form), by what stands beside it."""
    for pattern in (_BY, _BESIDE_ONLY, _COMPOUND):
        for found in pattern.finditer(text):
            lead = _LEAD.match(text, *found.span("place"))
            start = lead.end() if lead else found.start("place")
            if found.end("place") - start >= 4 and not _PASSING.search(text, start, found.end("place")):
                door = AT_THE_DOOR.match(text, found.end("place"))
                return start, door.end() if door else found.end("place")
    return None
