"""How somebody speaks: asks to wait, only begins, is upset or slow, wants a person. Pure."""

from __future__ import annotations

import re

from bot.actions.reading.answers import is_unknown
from bot.actions.reading.utterance import plain, says_nothing

_WAIT = re.compile(
    r"(?:^|[\s,，。.…~～啊呀呢哦嗯哎])(?:你|您|那|我)?(?:先|再)?(?:等(?:一)?(?:下|会儿?|等)|稍等|稍候|等我)"
    r"|^(?:那)?我(?:去|先)?(?:看看|看一下|找找|找一下|查查|翻翻|问问|拿一下)"
    r"|\b(?:hold on|hang on|one (?:sec|second|moment|minute)|just a (?:sec|second|moment|minute)|wait a)"
    r"|\blet me (?:check|look|see|find|get|ask)"
)
_GO_ON = re.compile(
    r"^(?:(?:在[吗不么]?|你好|您好|喂|哎|嗨)[,，。!！?？\s]+)?(?:刚[才刚]|上[次回]|之前|昨天|前面)?(?:我们?)?(?:说|讲|问|弄|填|聊|登记)到(?:哪|啥|什么)"
    r"|[,，。!！\s](?:那)?(?:我们)?(?:继续|接着)(?:报修|登记|办|弄|来|说|填|约|吧)"
    r"|^(?:那|哎|喂|[,，])*(?:我?刚才?|我)的?(?:登记|报修|维修|预约|安装)(?:呢|怎么办|还(?:办|登|弄|继续))"
    r"|^(?:(?:好[吧了的]?|行|那|[,，\s])*)(?:回到刚才|说回|言归正传|回到正题|继续刚才)"
    r"|^(?:继续|接着|我回来了|回来了|接着[办来说]|刚才)"
    r"|^(?:(?:ok(?:ay)?|so|right|now|sorry|thanks|thank you|and)[ ,.!]*)*"
    r"(?:(?:can|could|shall) (?:we|you) |let'?s |let us )?(?:continue|go on|go back to|resume|carry on"
    r"|i'?m back|i am back|back(?! (?:up|side|panel|of|then)))\b"
    r"|\b(?:(?:can|could|shall|may) (?:we|you|i)|let'?s|let us)(?: now| please)? (?:continue|go on|carry on"
    r"|resume|get back to"
    r"|go back to|finish)\b"
)
_ONLY_BACK = re.compile(
    r"(?:(?:ok(?:ay)?|right|sorry)[ ,.!]*)*(?:i'?m |i am )?back(?: now| again)?[ .!]*"
    r"|(?:好[了吧的]?|行|那|[,，\s])*(?:回到刚才|说回|言归正传|回到正题|继续刚才)[的那个话题报修登记]*[了吧啊。.! ]*"
    r"|(?:好了?[，, ]*)?(?:我?回来了?|继续|接着(?:办|来|说)?"
    r"|(?:刚[才刚])?(?:我们?)?(?:说|讲|问|弄|填)到(?:哪|啥|什么)[儿里地方]*)"
    r"[了啦吧啊呀呢。.!?？ ]*"
)
_BEGINS = re.compile(
    r"^(?:喂|哎|诶|唉|那个|就是|是这样的?|这样子?的?|我(?:跟|给|同|和)[你您](?:讲|说)|[你您]?听我[讲说]|[你您]听着|我想(?:说|讲|问)一?下?"
    r"|怎么说呢|咋说呢|讲真|我来说|well|so|listen|you know|look|the thing is|here'?s the thing"
    r"|i (?:will|want to|need to) tell you|let me (?:tell you|explain))"
    r"(?:喂|哎|诶|唉|嗯|那个|就是|这样|我(?:跟|给)[你您](?:讲|说)|[啊呀哦嘛呢吧的了]|[\W_])*$"
)
_ANGRY = re.compile(
    r"气死|火大|忍无可忍|什么(?:态度|破|玩意|垃圾|东西)|太(?:差|过分|坑|慢|气人|不像话)|垃圾|骗(?:人|子)|坑人"
    r"|到底(?:管不管|来不来|修不修)|有完没完|受够|不负责任|推来推去|踢皮球|第[三四五六七八]次|[三四五六七八九十]次了"
    r"|烦死|没人管|管不管|(?:还|究竟|你们|倒是|人|到底)来不来"
    r"|[😡🤬😠💢]|他妈(?!妈|的?(?:手机|电话|号|单|工单|家|名|地址|报|那))|(?<![我他她咱俺老子孩爸])妈的|卧槽|操[你蛋他]|傻[逼bx叉]|废物|混蛋|王八|放屁|狗屁|尼玛|!{2,}"
    r"|\b(?:ridiculous|unacceptable|fed up|furious|disgust\w*|rubbish|useless|terrible|awful)\b"
    r"|\b(?:scam|appalling|(?:third|fourth|fifth|sixth|umpteenth|hundredth) time|angry|pathetic|unbelievable"
    r"|outrag\w+|shambles)\b"
    r"|\b(?:shocking|dreadful|lousy|worst|poor|shameful) (?:\w+ )?(?:service|company|experience|attitude)\b"
    r"|\bwasted (?:my|a|the) (?:whole )?(?:day|morning|afternoon|time)\b"
    r"|\b(?:sick|tired) of\b|\bhow many (?:more )?times\b"
    r"|\bhad enough\b|\b(?:third|fourth|fifth|sixth) (?:visit|call|repair|technician|attempt)\b"
)
_TOLD_ALREADY = re.compile(
    r"(?:要|得|还要)?(?:我)?(?:说|讲|重复)(?:几|多少|第几)[遍次]|(?:都)?(?:说|讲)(?:过|了)(?:多少|几|好几|[三四五六七八])[遍次]"
    r"|\bhow (?:many (?:more )?times|often) (?:do|must|have|should) i\b|\bdo i (?:really )?have to (?:explain"
    r"|repeat|say|tell)\b"
    r"|\b(?:already|just) (?:told|said to) you\b|\b(?:already|just) (?:said|explained) (?:that|this|it)\b"
)
_SLOWLY = re.compile(
    r"老[头汉太]|老人家|老伴|老两口|孙子|孙女(?!士)|(?:我|今年)[都已经]*[六七八九6789][十0-9][一二三四五六七八九]?多?岁?了|耳[朵背]"
    r"|眼[睛神]?(?:不好|花)|不识字|不会(?:打字|写字|用手机)|\b(?:i'?m|i am) (?:[678]\d|old|elderly)|\bmy eyes"
    r"|hard of hearing|not good with (?:phones|computers|technology)"
)
_PERSON = re.compile(
    r"(?:转|要|叫|找|换|来|接)(?:一?个)?(?:人工|真人|活人|客服)|人工客服|^人工[吧呢啊。.!]*$"
    r"|(?:talk|speak|connect me) (?:to|with) (?:a |an )?(?:real |live )?(?:human|person|agent|someone|somebody)"
    r"|\b(?:real|live) (?:person|human|agent)\b|^(?:human|agent|operator)[.! ]*$"
)
_MACHINE = r"(?:a |an )?(?:real |actual )?(?:bot|robot|human|machine|person|ai)\b"
_OR_ANOTHER = rf"(?:,? or (?:to |with )?{_MACHINE})?"
_WHO_ARE_YOU = re.compile(
    r"(?:你|您|这|对面|那边)们?(?:到底|究竟)?[是系](?:不是|唔系|个|一个)*(?:机器|人工智能|ai|chatgpt|gpt|deepseek|豆包|文心|智能客服|真人|活人|人工|人还是|电脑|官方|厂家|原厂|正规|骗子)"
    r"|[你您](?:是|系|叫)(?:谁|哪个|边个|什么(?:名字)?|啥)[呀啊呢]?[?？]?$|[你您]是(?:真)?人(?:[吗么不还]|是)"
    r"|(?:该)?不(?:会)?是骗子(?:吧|吗|么)"
    rf"|\b(?:are|r) (?:you|u) {_MACHINE}{_OR_ANOTHER}|\bwho are you\b"
    rf"|(?:is this|am i (?:talking|chatting|speaking) (?:to|with)) {_MACHINE}{_OR_ANOTHER}"
)
_NOT_A_PERSON = re.compile(r"(?:不|别|没|无)(?:用|要|必|想|能|法)?(?:再)?(?:转|叫|找)|don'?t")

_NO_MACHINE = re.compile(
    r"(?:不想|不要|不跟|懒得|别让我)(?:再)?(?:跟|和|同|与)?(?:个)?机器人?(?:说|聊|讲|谈|废话)"
    r"|\b(?:don'?t|do not|won'?t|not going to|sick of) (?:want to |wanna )?(?:talk|speak|chat)(?:ing)?"
    r" (?:to|with) (?:a |an |this |some )?(?:stupid |bloody |damn )?(?:ro)?bots?\b"
    r"|\b(?:don'?t|do not|won'?t) (?:want to |wanna )?(?:talk|speak|chat) (?:to|with) (?:a |an |this )?machine\b"
)
_NO_PERSON = re.compile(
    r"(?:不用|不要|不必|不需要|不想|别|先不|不等|唔使|取消)(?:再)?(?:给我)?(?:转|叫|找|接|等)?(?:个|到|去)?"
    r"(?:人工|真人|客服|同事)(?:客服|服务)?(?!机器|助手)"
    r"|(?:人工|真人|客服|同事)(?:客服|服务)?(?:就|都|也|先|我)*(?:不(?:用|要|必|需要)|别|算了|免了|唔使|取消)(?!机器)"
    r"|(?:不|别|甭|唔)(?:用|要|必|使)?(?:再)?(?:转|叫|找)(?:个|真|别的|你们的?)*人了"
    r"|\b(?:don'?t|do not|no longer) (?:need|want) (?:a |an |the |to (?:talk|speak) (?:to|with) (?:a |an )?)?"
    r"(?:agent|person|human|colleague|operator)\b"
    r"|\b(?:no need for|forget(?: about)?|cancel|skip) (?:a |an |the )?(?:agent|person|human|colleague)\b"
)


_AFTER_A_WHILE = (
    r"(?:我?(?:都)?[等排]了?(?:这么|那么|好)?"
    r"(?:久|半天|老半天|\d+分钟|[一二三四五六七八九十半几]+(?:分钟|个?小时))了?[，,。\s]*)?"
)
_WHERE_IS_THE_PERSON = re.compile(
    rf"(?:喂|哎|你好|[，,。.!！?？\s])*{_AFTER_A_WHILE}"
    r"(?:(?:怎么|咋)?(?:要|得)?(?:还|都|还要|还得|要)*(?:等|转|接)?(?:了)?(?:这么|那么|好|要?多)(?:久|慢|半天|长时间)|我?(?:都)?等[了得]?(?:这么|那么|好)?(?:久|半天|老半天)"
    r"|(?:客服|人工|同事|真人|那个人|人)(?:呢|在哪|在吗|(?:什么|啥)时候来|怎么还(?:没|不)来?|来了[吗没])"
    r"|(?:怎么|咋|为什么|为啥)?(?:还是?|都|也|一直|到现在)*(?:没有?|冇)(?:一?个)?人(?:来|理|回|回复|接|应|吱声|说话|管)*我?"
    r"|(?:有|有没有)人(?:在|理我)?(?:吗|么|没有?|不)?|(?:转|接)(?:人工)?(?:好|到|通|上)?(?:了[吗没]|没有?))"
    r"[了啊呀呢吗嘛的。.!！?？\s]*"
    r"|(?:hello|hey|hi|so|well|and|[,.!? ])*"
    r"(?:(?:is |are )?(?:there )?(?:any|some)(?:one|body) (?:there|here|coming|around)"
    r"|where(?:'?s| is| are) (?:the|your|my|that) (?:agent|colleagues?|person|human)"
    r"|(?:i'?m |i am )?still (?:waiting|no ?(?:one|body)|no answer)"
    r"(?: for (?:the|an?|your|my) (?:agent|person|human|colleague))?"
    r"|(?:so )?how (?:much )?long(?:er)?(?: (?:do|must|will) i (?:have to |need to )?wait"
    r"| will (?:it|this) take| is (?:it|this) going to take)?"
    r"|no ?(?:one|body) (?:is |has )?(?:here|answer\w*|repl\w*|come|coming)(?: yet| me)?)[,.!? ]*"
)


def asks_where_the_person_is(text: str) -> bool:
    """Whether somebody who waits for a person asks where they stay: "人呢？", "is anyone there?"."""
    return bool(_WHERE_IS_THE_PERSON.fullmatch(plain(text)))


def asks_to_wait(text: str) -> bool:
    """ "等一下，我去看看型号": the customer is looking for the answer. So is who sends dots only."""
    words = plain(text)
    if says_nothing(text) and not re.search(r"[?？]", text):
        return True
    return len(words) <= 30 and bool(_WAIT.search(words)) and not re.search(r"\d{3}|太久|半天|多久|几天", words)


def has_told_already(text: str) -> bool:
    """Whether somebody is tired of telling it again: "how many times do I have to explain?"; it asks nothing."""
    return bool(_TOLD_ALREADY.search(plain(text)))


def goes_on(text: str) -> bool:
    """A wish to go on with what was left half way."""
    return bool(_GO_ON.search(plain(text)))


def is_back(text: str) -> bool:
    """Whether somebody who went to look, or was led away, only says that they are there again or wants to go on."""
    words = plain(text)
    return bool(_ONLY_BACK.fullmatch(words)) or (goes_on(text) and words.isascii() and len(words) <= 60)


def only_begins(text: str) -> bool:
    """Whether a message only announces that something will be told: "我跟你讲啊"."""
    return bool(_BEGINS.match(plain(text)))


def mood(text: str) -> str | None:
    """`angry`, `slowly` (an older person, or one who finds this hard) or None: who should hear a kind word first."""
    words = plain(text)
    if _ANGRY.search(words):
        return "angry"
    return "slowly" if _SLOWLY.search(words) else None


def wants_person(text: str) -> bool:
    """Whether the message asks for a person in so many words."""
    words = _WHO_ARE_YOU.sub("", plain(text))
    if _NO_MACHINE.search(words):
        return True
    return bool(_PERSON.search(words)) and not _NOT_A_PERSON.search(words)


def asks_who_you_are(text: str) -> bool:
    """Whether somebody wants to know if a person or a machine is speaking. Who wants a person says so otherwise."""
    return bool(_WHO_ARE_YOU.search(plain(text)))


_PUTS_OFF = re.compile(
    r"(?:等.{1,10}(?:回来|在家|有空|下班|到家|放假)|回头|改天|晚[点些]|(?:一|等|待)会儿?|等下|稍后|以后|过[几两]天|到时候?|有空|先)[^,，。]{0,4}"
    r"再(?:说|弄|报|联系|找|打|问|来|讲|约|看)"
    r"|^先(?:这样|不(?:说|聊|弄|打扰)了)|^(?:那|我|先|再|就|让我|还是|得|要|行|好|[,，\s])*(?:考虑|想|商量|琢磨|合计)(?:考虑|想|商量|一下|琢磨|合计)+[吧啊呢了再看说。.\s]*$"
    r"|\b(?:let me|i(?:'ll| will| need to| have to)|we(?:'ll| will)) think (?:about it|it over)\b"
    r"|\b(?:later|some other time|another day|when (?:he|she|my \w+) (?:is|comes|gets) (?:back|home))\b.{0,12}$"
)


def puts_off(text: str) -> bool:
    """Whether the matter is left for another time: "等我老公回来再说吧"."""
    return bool(_PUTS_OFF.search(plain(text)))


_REFUSES = re.compile(
    r"退订|[别勿]|不(?:要|用|想|需要|许|准)|停|取消|拒|骚扰|打扰|屏蔽|拉黑|唔(?:好|使|要|爱)|莫|弗|不收|不欢迎|关|退出|整没"
    r"|\b(?:stop|unsubscribe|opt|quit|end|remove|no more|don'?t|do not|never|spam)\b|^(?:td|t|n)$"
)


_OF_MESSAGES = re.compile(
    r"退订|短信|信息|消息|提醒|推送|通知|骚扰|打扰|广告|回访|[发打推烦扰吵]|联系"
    r"|\b(?:stop|unsubscribe\w*|opt|text\w*|txts?|messag\w+|msgs?|sms|reminders?|notif\w+|spam\w*|adverts?|ads?|promo\w*"
    r"|remove|list|contact\w*|bother\w*|calls?|calling|send\w*)\b|^(?:td|t|n)$"
)
_SURE_OF_A_REFUSAL = 0.6


def refuses_messages(text: str, certainty: float) -> bool:
    """Whether a message that was taken, with this certainty (0 to 1), for a wish for no more texts refuses something at
    all, which "短信删了" does not. Unless that is certain it must name messages; "I do not remember" is never one."""
    words = plain(text)
    is_meant = certainty >= _SURE_OF_A_REFUSAL or _OF_MESSAGES.search(words)
    return bool(is_meant and _REFUSES.search(words)) and not is_unknown(text)


def wants_no_person(text: str) -> bool:
    """Whether somebody who is waiting for a person can do without: "没事了不用人工了"."""
    return bool(_NO_PERSON.search(plain(text)))


_WAITS_NO_LONGER = re.compile(
    r"(?:不|唔|懒得|没空|没时间|没工夫)(?:想|能|要)?(?:再)?等(?:你们|他|了|啦|下去|喇)|等(?:不|唔)(?:了|起|及)"
    r"|\b(?:can'?t|cannot|won'?t|not going to|don'?t want to|tired of) wait(?:ing)?\b|\bno time to wait\b"
)
_ONLY_WAITS = re.compile(
    r"(?:[好嗯哦喔行那我]|ok|[，,。.!！\s])*(?:在|就|一直|还|可以|再|先|都)*(?:等|听|排队|喺度)(?:着|呢|下|一?会儿?|吧|到|[了啊呀的。.!\s])*"
    r"|(?:ok(?:ay)?|fine|yes|sure|i'?m|i am|i'?ll|i will|[,.! ])*(?:still )?"
    r"(?:wait|waiting|hold|holding|here|on the line)[.! ]*"
)
_TO_ANOTHER = re.compile(
    r"^(?:喂|哎|诶|欸|[,，\s])*(?:老头子|老婆子|老伴|老[公婆]|孩子(?!们)|乖乖?|宝[宝贝]|小宝|儿子|闺女|女儿|孙子|孙女|[爸妈爷奶](?:爸|妈|爷|奶)?|外[公婆])"
    r"[啊呀诶,，\s]*(?:(?:你|快|先|去|来)(?!们)(?![知说看]道?你们).{0,3}[把别去来过关开等拿看听坐吃走放给小帮]|把|别(?!人)|去|过来|关|拿|等).{0,14}$"
    r"|^(?:别|不要|勿)(?:吵|闹|哭|叫|动|碰)[了啦啊呀]?[,，。!！\s]*(?:我)?(?:在|正)?(?:打|讲|听)?(?:电话)?[呢啊。!！\s]*$"
    r"|(?:我|妈妈|爸爸|奶奶|爷爷)(?:在|正在)(?:打|讲|听)电话(?:呢|啊|了|[。!！\s])*$|^(?:来了)+[,，\s]*(?:来了|谁[啊呀])*[。!！\s]*$"
    r"|^(?:谁(?:啊|呀)|把)?.{0,4}(?:电视|收音机|音乐)(?:给我)?(?:关|声音|调|开)(?:小|掉|了|低)?.{0,4}$"
    r"|^(?:honey|darling|sweetheart|kids?|mum|mom|dad|daddy)\b[, ].{0,40}$|\bi'?m on the phone\b"
    r"|^(?:be quiet|shush|sh+)\b.{0,20}$"
)
_FAREWELL = re.compile(
    r"再见|拜拜|拜[啦了]|挂了|先这样|不(?:说|聊|打扰)了|回头(?:见|聊)|88|\b(?:good ?bye|bye|cheers|see you|ttyl"
    r"|good ?night"
    r"|talk (?:to you )?later|have a (?:good|nice)|got to go|gotta go)\b"
)
_THANKS = re.compile(
    r"谢|多[谢亏]|感[谢激恩]|辛苦|麻烦[你您]?了|唔该|费心|劳驾|不错|好评|给力|太好|真好|点赞|3q|\b(?:thank|thx|ty|tks|tnx|cheers|ta|grateful"
    r"|appreciat|great|good|nice|lovely|brilliant|perfect|kind|bless|helpful|awesome)"
)


def waits_no_longer(text: str) -> bool:
    """Whether somebody who waits will not wait any more: "算了我不等了"."""
    return bool(_WAITS_NO_LONGER.search(plain(text)))


def only_waits(text: str) -> bool:
    """Whether all that is said is that somebody waits: "在等呢", "I'm holding"."""
    return bool(_ONLY_WAITS.fullmatch(plain(text)))


def talks_to_another(text: str) -> bool:
    """Whether somebody else in the room is spoken to: "老头子你把电视关小点"."""
    words = plain(text)
    return len(words) <= _ASIDE[words.isascii()] and bool(_TO_ANOTHER.search(words))


_ASIDE = {True: 50, False: 20}
"""Characters of words to somebody else in the room, in English (True) and in Chinese."""


def says_goodbye(text: str) -> bool:
    """Whether a word of farewell is said."""
    return bool(_FAREWELL.search(plain(text)))


def thanks(text: str) -> bool:
    """Whether a word of thanks or praise is said."""
    return bool(_THANKS.search(plain(text)))
