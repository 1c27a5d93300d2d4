"""Talk that is none of a heater's: an insult, a joke wished for, praise, another make, other people's data. Pure."""

from __future__ import annotations

import re

from bot.actions.reading.utterance import plain

_INSULT = re.compile(
    r"(?:[你他]们?|您|这|真|就|都|是|个|一群|一帮|什么|[,，。!！?？~\s]|机器人?|客服|公司|东西|玩意儿?|给我|快|赶紧|的|吧|啊|呀|了)*"
    r"(?:傻[逼比bx叉子]?|沙比|煞笔|sb|滚(?:蛋|开|远点|犊子)?|垃圾|废物|去死|智障|弱智|白痴|蠢[货猪]?|神经病|有病|脑残|混蛋"
    r"|王八蛋?|畜生"
    r"|扑街|冚家铲|痴线|死蠢|我[操艹草靠]|卧槽|尼玛|他妈的|妈的|[操艹]你?妈?)"
    r"(?:[你他]们?|吧|啊|呀|了|的|机器人?|东西|玩意儿?|公司|客服|[,，。!！~\s]|滚|傻逼|垃圾)*"
    r"|(?:you(?:'re| are)?|are|ur?|so|such|all|an?|go|bunch of|piece of|absolute|fucking|bloody|bot|company|just"
    r"|[,.! ])*"
    r"(?:fuck(?: you| off)?|idiots?|morons?|stupid|dumb(?:ass)?|bastards?|assholes?|shut up|screw you|go to hell"
    r"|piss off|shit|crap|dickheads?|useless|rubbish|wankers?)"
    r"(?:you|off|bot|machine|robot|company|people|bunch|idiots?|thing|[,.! ])*"
)
_FUN = re.compile(
    r"笑话|唱.{0,2}歌|讲.{0,2}故事|猜谜|脑筋急转弯|陪我(?:聊|说|玩)|聊(?:聊|会儿?)?天|聊两句|写.{0,2}诗|无聊"
    r"|\b(?:jokes?|sing|song|poem|riddle|bored|story)\b|\bchat with me\b|\bentertain me\b"
)
_HEATER = (
    r"(?:美的|海尔|万和|万家乐|史密斯|格力|帅康|方太|樱花|阿里斯顿|林内|能率|小米|米家|海信|康宝|奥特朗|华帝|老板牌|西门子|博世"
    r"|松下|\b(?:midea|haier|a\.? ?o\.? ?smith|ariston|vanward|macro|gree|rinnai|noritz|siemens|bosch|panasonic"
    r"|xiaomi)\b)"
)
_OTHER_KIND = (
    r"(?:[燃煤然]气|天然气|太阳能|空气能|空气源)(?:的?(?:热水[器炉机]|炉)|的(?=[吗么呢吧啊,，。?？]|$))"
    r"|\b(?:gas|solar|heat pump) (?:water )?(?:heaters?|boilers?|geysers?)\b"
)
_OTHER_MAKE = re.compile(
    rf"{_HEATER}|{_OTHER_KIND}|(?:别的|其他|其它|另外的|杂)牌子?|\b(?:other|another|different) (?:brand|make)s?\b"
)
_ANY_HEATER = r"(?:热水[器炉机]|(?:water )?heater|boiler|geyser)"
_OWN_OTHER_MAKE = re.compile(
    rf"{_HEATER}(?:牌子?|家|电器)?的?(?:那?[台款个]|老|旧|电|储水式?|速热|\d{{2,3}} ?(?:升|l)| )*{_ANY_HEATER}"
    rf"|(?:热水[器炉机]|机器|牌子|heater|boiler|\bit)(?:是|系|用的是|叫| is an?| is|'s an?|'s) ?{_HEATER}|{_OTHER_KIND}"
)
_OURS = re.compile(r"威雅|雅丽诗|你们(?:的|家)|你家|\b(?:weiya|yalishi|yours?)\b")
_PRAISE = re.compile(
    r"表扬|夸(?:夸|奖|一下)|锦旗|好评|点个?赞"
    r"|\b(?:commend|compliment|praise|kudos|shout ?out|five stars?|good review)\b"
)
_SUGGESTION = re.compile(
    r"(?:提|有)(?:个|点|一个|些|几点)?(?:小)?(?:建议|意见)"
    r"|\b(?:suggestions?|feedback)\b|\bsuggest (?:something|that you)\b"
)
_WORK = re.compile(
    r"招(?:人|聘|工|师傅)|应聘|求职|加盟|(?:做|当|找|谈|想)[^,，。]{0,4}(?:代理|经销|合作)|合作|打?广告"
    r"|\b(?:hiring|vacanc\w+|job (?:opening|offer)s?|apply for a job|dealers?(?:hip)?|franchise|partnership"
    r"|cooperat\w+|sponsor\w*)\b"
)
_COMPANY = re.compile(
    r"不会?是(?:来)?(?:推销|卖东西|广告)|是(?:不是)?(?:推销|卖东西)的"
    r"|"
    r"(?:你们|您们|这(?:里|边)?)(?:到底)?是?(?:哪里|哪儿|哪家|哪个|什么|啥)的?(?:公司|单位|厂家?|牌子|品牌|地方|电话|热线)"
    r"|\b(?:what|which) (?:company|brand|firm) (?:is this|are you|do you)|\bwho(?:m)? do you work for\b"
    r"|\bwhat is this (?:number|line|service)\b"
)
_WISHES = re.compile(
    r"(?:新年|春节|中秋|国庆|节日|圣诞|元旦|周末|端午|过年|生日)(?:快乐|好|愉快)|恭喜发财"
    r"|拜(?:个)?(?:早)?年|万事如意|(?:祝|愿)[你您]"
    r"|\b(?:happy (?:new year|holidays|christmas|easter|weekend)|merry christmas"
    r"|have a (?:nice|good|great|lovely) \w+)\b"
)
_PRIVACY = re.compile(
    r"(?:泄[露漏]|外泄|卖给|倒卖|保密|隐私)|(?:删|清|抹|查看|导出)(?:除|掉|空)?[^,，。]{0,4}(?:资料|信息|记录|数据|账号)"
    r"|(?:资料|信息|记录|数据|账号)[^,，。]{0,3}(?:删|清除|注销|导出)"
    r"|\b(?:privacy|gdpr|personal (?:data|information|details))\b"
    r"|\b(?:delete|erase|remove|export) (?:all )?my (?:data|details"
    r"|information|records?|account)\b|\b(?:sell|share|leak) my (?:data|number|details|information|phone)\b"
)
_WHERE = re.compile(
    r"(?:你们|您们|[你您]们?的?)?(?:公司|工厂|厂子?|总部|办公室)(?:的)?(?:地址)?(?:在|是)?(?:哪|什么地方|多少号|怎么走)|(?:公司|总部|工厂)(?:的)?地址"
    r"|\bwhere (?:is|are) (?:you|your (?:office|company|factory|headquarters|head office))\b|\boffice address\b"
)
_OTHERS_DATA = re.compile(
    r"(?:客户|用户|别人|其他人|邻居家?|所有人|人家)[^,，。]{0,4}的?(?:电话|手机|号码|地址|姓名|资料|信息|名单|工单|单子)"
    r"|\b(?:other|all|your|another) (?:people|customers?|clients?|users?|person)(?:'?s)?(?: \w+){0,3}"
    r" (?:phones?|numbers?|addresses|address|data|details|list|names?|tickets?)\b"
    r"|\b(?:phones?|numbers?|addresses|data|details|list|names?) of (?:(?:all|your|other|the) )*"
    r"(?:customers?|clients?|users?|people)\b"
)
_ABOUT_ME = re.compile(
    r"[你您](?:今年)?(?:几岁|多大|多少岁|结婚|有(?:没有)?(?:男|女)朋友|是?男的?还?是?女|吃(?:饭|了)|在哪里?上班|住哪|长什么样"
    r"|累不累|会说话)"
    r"|\b(?:how old are you|what(?:'s| is) your name|do you sleep"
    r"|are you (?:married|single|male|female|a (?:man|woman|girl|boy)))\b"
)

_KINDS = (
    ("others_data", _OTHERS_DATA),
    ("privacy", _PRIVACY),
    ("other_make", _OTHER_MAKE),
    ("praise", _PRAISE),
    ("suggestion", _SUGGESTION),
    ("work", _WORK),
    ("where", _WHERE),
    ("company", _COMPANY),
    ("fun", _FUN),
    ("wishes", _WISHES),
)

NAMES_A_PERSON = frozenset({"insult", "praise", "suggestion", "privacy", "wishes"})
"""Kinds whose answer leads to a colleague already, or needs none."""


def kind_of(text: str) -> str | None:
    """What kind of talk a message that wishes for nothing of ours is; None where it is none of these."""
    if is_insult(text):
        return "insult"
    words = plain(text)
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), None)


def is_insult(text: str) -> bool:
    """Whether a message is nothing but an insult: there is nothing in it to be told or asked."""
    return bool(_INSULT.fullmatch(plain(text)))


def is_of_another_make(text: str) -> bool:
    """Whether the heater that is spoken of is another maker's or none of electricity, and ours is not named."""
    words = plain(text)
    return bool(_OWN_OTHER_MAKE.search(words)) and not _OURS.search(words)


def is_praise(text: str) -> bool:
    """Whether somebody wants good work to be known: "帮我表扬一下那个师傅"."""
    return bool(_PRAISE.search(plain(text)))


def asks_about_the_assistant(text: str) -> bool:
    """Whether it is asked what the one who speaks here is like: "你几岁了", "what is your name"."""
    return bool(_ABOUT_ME.search(plain(text)))
