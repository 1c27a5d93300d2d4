"""A floor, a building or a room told by itself: as an answer (`三楼`, `flat 9C`), with the lift that is not there
(`六楼没电梯`), or put right (`系九楼唔系八楼`, `room 1302, not 1203`). Pure.

Which floor of the home the heater hangs on (`装在二楼卫生间`, `从二楼到一楼`) is no place.
"""

import re

from bot.text.address_words import HANZI, NUM

_WITH_UNIT = (
    rf"(?:{NUM}{{1,5}}(?:号楼|栋|幢|座|单元|[楼层](?![上下梯])|室|房(?![东客租费间子卡产]))"
    rf"|[a-z]\d{{0,3}}(?:座|栋|幢|区|塔|单元)|[东西南北]单元|顶[楼层]|楼层[是:]?[0-9]{{1,2}})"
)
_ROOM = r"(?:[0-9]{3,4}(?![0-9])|[一二三四五六七八九零幺]{3,4})(?:室|房|号)?"
_SIDE = r"(?:,?(?:靠?[左右]手(?:边|面)?|[东西]边?户|靠[东西左右]边?)(?:那[户家间])?)"
_PIECES = rf"{_WITH_UNIT}(?:[,\s]{{0,2}}{_WITH_UNIT}){{0,4}}(?:[,\s]{{0,2}}{_ROOM})?{_SIDE}?"
_NO_LIFT = r"[,\s]{0,2}(?:(?:是|又|也)?(?:没有?|冇得?|无|呒没|唔[有冇]|毋?没)(?:得|有)?(?:电?梯)|步梯|爬楼)"
_SAID_BEFORE = (
    r"(?:我|俺|阮|阿拉|咱|们|家|屋里?|屋头|人|现在|新房子?|房子|就|应该|应当|应|是|系|在|喺|搁|住|的|门牌号?|房号|单元号"
    r"|楼号|楼层|楼栋|地址|掉了|更正|更改|纠正|刚刚?|头先|上面|讲|说|写|打|搞|弄|报|岔|弗|不|唔|对|错|咗|咯|喽|了|哎|哦|噢|喔|嗯|呃|喂"
    r"|那个|其实|实际|不好意思|抱歉|改[成为]|\*|呀|啊|[,。!:.\s])*"
)
_SAID_AFTER = (
    r"(?:[,\s]{0,2}带(?:个|着)?小?[院露]\S{0,3})?"
    r"(?:才对|才系|呢|呀|啊|哈|啦|的|了|吧|喔|咯|滴|咗|那[户家间])*(?=[,。!;\s]|不是|唔系|勿是|而不是|并?非|$)"
)
_CLAUSE = re.compile(rf"(?:^|(?<=[,。!;:?\s])){_SAID_BEFORE}(?P<piece>{_PIECES}){_SAID_AFTER}")
_WITHOUT_LIFT = re.compile(rf"(?<![{NUM[1:-1]}第])(?P<piece>{_WITH_UNIT}){_NO_LIFT}")
_OF_A_HOUSE = re.compile(
    rf"(?P<piece>(?:(?:出租|合租|安置|宿舍|客)[屋房楼]?|公寓|宿舍){_ROOM})(?![年月日元块号])"
    rf"|(?<![0-9a-z-])(?P<room>[1-9][0-9]{{2,3}}(?:室|房(?![东客租费间子卡产])))"
    rf"|(?<![0-9a-z-])(?P<tenant>[1-9][0-9]{{2,3}})(?=租客|住户|业主|租户)"
    rf"|(?<![0-9a-z-])(?P<both>(?:{NUM}{{1,3}}(?:栋|幢|座|单元|号楼)|[a-z]\d?(?:座|栋|幢))\s?{_ROOM})"
    rf"|(?P<estate>安置房{NUM}{{1,3}}(?:栋|幢|座|号楼))|(?<![到从至])(?P<upper>{NUM}{{1,3}}楼[\s,]?{_ROOM})"
)
_OTHER_NUMBER = re.compile(
    r"\s*(?:(?:错了?|不对|房号|门牌|写|打|反)[,了\s]*)*(?:(?:应该)?是)?(?P<room>[1-9][0-9]{2}),?\s?(?:而)?(?:不是|唔系"
    r"|非)[1-9][0-9]{2}[\s。.!]*"
)
_SELF = re.compile(
    rf"(?:我|俺|咱)(?:们|家|屋|屋头)?(?:现在)?就?(?:住在?|在|是)(?P<piece>{_PIECES})(?:啊|呀|哈|呢|的|喔)*(?=[,。!;\s]|$|没|冇|无)"
)
_MOVED_HERE = re.compile(rf"现在(?:我们?)?[搬住](?:到|在|进|去)?(?:了)?(?P<piece>{_PIECES})(?=了|[,。\s]|$)")
_ORDINAL = (
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth"
    r"|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|fortieth|ground|top"
)
_EN_NUMBER = r"(?:no\.? ?|number |# ?)?(?:[a-z]?-?\d{1,4}[a-z]?\b|[a-z]\b(?!'))"
_EN_ONE = (
    rf"(?:(?<![a-z0-9])(?:room|rm|flat|apt\.?|apartment|unit|suite|block|blk|building|bldg|tower|villa|dorm|lane"
    rf"|floor)"
    rf" ?{_EN_NUMBER}"
    rf"|(?<![a-z0-9])(?:\d{{1,2}}(?:st|nd|rd|th)|{_ORDINAL}) (?:floor|flr|fl)\b|(?<![a-z0-9])[a-z]-wing\b)"
)
_EN_PIECES = rf"(?:(?<![a-z0-9])(?:number |no\.? ?)?\d{{1,4}}[a-z]?, )?{_EN_ONE}(?:,? (?:and )?{_EN_ONE})*"
_EN_BEFORE = (
    r"(?:(?:no|yes|sorry|sry|oh|wait|actually|correction|scratch that|i mean|i meant|typo|autocorrect|wrong floor"
    r"|its?"
    r"|it's|it is|that'?s|that is|that should be|should be|should read|make it|i'm|i am|we're|we are|i live|we live"
    r"|i stay"
    r"|i'll be|we'll be|you'll find (?:us|me)|(?:my|the|our)(?: address)?|address|in|on|at|is|to|then|buzz"
    r"|ring)[ ,.:!;-]*)*"
)
_EN_AFTER = r"(?=[ ,.!;]*(?:$|not\b|sorry\b|sry\b|no lift|no elevator|please\b|pls\b|thanks\b)|[,.;!])"
_EN_CLAUSE = re.compile(rf"(?:^|(?<=[.;!,:] )){_EN_BEFORE}(?P<piece>{_EN_PIECES}){_EN_AFTER}")
_EN_LIVES = re.compile(
    rf"\b(?:i live|we live|i stay|i'm|i am|we're|we are|i'll be|we'll be|living|staying)(?: (?:in|on|at))?(?: the)?"
    rf" (?P<piece>{_EN_PIECES})"
)
_EN_LABELLED = re.compile(
    r"\b(?:flat|room|apartment|apt|unit|building|block)(?: number| no\.?)?(?:'s| is|:) "
    r"(?P<piece>\d{1,4}[a-z]?)(?=[ ,.;!]*(?:$|not\b|and not\b|[,.;]))"
)
_LABELLED = re.compile(
    rf"(?:门牌|房号|房间号?|楼号|楼栋号?|室号|门号|单元号|栋号)号?(?:应该|其实|才)?(?:是|为|:|写的是)?\s?"
    rf"(?P<labelled>(?:[0-9]{{1,5}}(?:-[0-9]{{1,5}}){{0,2}}|{NUM}{{2,5}})(?:号|室)?)(?![0-9年月-]|{NUM}|,?\s?[0-9])"
)
_OTHER_HOUSE = re.compile(
    r"(?<![0-9])(?P<house>[0-9]{1,5}号),?\s?(?:而)?(?:不是|唔系|非)(?:3[2-9]|[4-9][0-9]|[0-9]{3,5})号"
)
_GROUP = re.compile(rf"\s*(?:我们?|俺们?)?(?:是|在|住)?(?P<group>{NUM}{{1,3}}[组队社])(?:的)?[\s。.!]*$")
_MIXED = re.compile(rf"(?:[是系去在找住:,]|地址[是:]?|^)\s?(?P<piece>{_EN_PIECES})(?![a-z0-9])")
_PINYIN_NUMBER = r"(?:\d{1,4}|yi|er|san|si|wu|liu|qi|ba|jiu|shi|shi ?(?:yi|er|san|si|wu|liu|qi|ba|jiu))"
_PINYIN = re.compile(
    rf"(?:^|[,. ])(?:zhu|zai|shi|cuo le|bu dui|jia)(?: (?:zai|shi|le))*"
    rf" (?P<piece>{_PINYIN_NUMBER} ?(?:lou|hao lou|dong|dan ?yuan|shi)\b)"
)
ONLY_PIECES = re.compile(rf"(?:[\s,，、]*(?:{_WITH_UNIT}|{_ROOM}|{_EN_ONE}))+[\s.]*", re.IGNORECASE)
"""What finds no house by itself: a detail without a street, an estate or a village."""
_IN_THE_HOME = re.compile(rf"从{NUM}{{1,3}}[楼层]|[搬移挪改拆](?:到|去|至|往){NUM}{{1,3}}[楼层]")
_DENIED = re.compile(r"(?:不是|不在|并非|唔系|唔喺|勿是|毋是|弗是|\bnot)\s?$")


_CHINESE = (_OF_A_HOUSE, _MOVED_HERE, _CLAUSE, _SELF, _WITHOUT_LIFT, _LABELLED, _OTHER_HOUSE, _MIXED)
_LATIN = (_EN_CLAUSE, _EN_LIVES, _EN_LABELLED, _PINYIN)


def span(text: str) -> tuple[int, int] | None:
    """Where the pieces of a house stand in a text (normal form) that tells no street and no region."""
    is_chinese = re.search(HANZI, text) is not None
    alone = _OTHER_NUMBER.fullmatch(text) or _GROUP.match(text)
    if alone:
        return alone.span(str(alone.lastgroup))
    for pattern in _CHINESE if is_chinese else _LATIN:
        is_free = pattern is not _CLAUSE or not _IN_THE_HOME.search(text)
        for found in pattern.finditer(text) if is_free else ():
            kind = str(found.lastgroup)
            if not _DENIED.search(text, 0, found.start(kind)):
                return found.span(kind)
    return None
