"""What people say of a danger that has been reported: ask what to do, speak of the switch, call it nothing. Pure."""

from __future__ import annotations

import re

from bot.actions.reading import questions
from bot.actions.reading.utterance import plain
from bot.text.hazard import hazard

SAFETY_WORDS = "safety words"
"""The answer that is no response of its own: the approved words for the danger, once more."""
HELP_CALLED = "utter_hazard_help_comes"
NOTHING, POWER_OFF = "utter_hazard_nothing", "utter_hazard_power_off"

_SHORT = {True: 90, False: 40}
"""Characters of a message that speaks of the danger alone, in English (True) and in Chinese."""
_SWITCH = r"(?:总?电[闸掣]|总?开关|总?闸刀?|空开|断路器|电源|总?电(?![视脑话梯])|插[头座]|保险)"
_CUT = r"(?:关|拉|断|切|拔|停|扳|熄|㩒|落|推)"
_POWER_EN = r"(?:power|electric\w*|mains?|breakers?|switch(?! (?:on|it on))|fuse(?: box)?|current)"
_NO_WAY = re.compile(
    rf"(?:够|摸|碰|走|爬)(?:不|唔)(?:到|着|上|过去)|太高了?|(?:不会|唔识|不敢|没法|冇办法|没办法|不懂(?:怎么)?|弄不了|搞不了|唔敢)"
    rf"(?:去)?(?:弄|搞|碰|{_CUT})[^,，。]{{0,6}}|(?:找|揾|搵)(?:不|唔)(?:到|着)[^,，。]{{0,4}}{_SWITCH}|{_SWITCH}[^,，。]{{0,4}}在哪"
    rf"|(?:不知道?|唔知|不晓得)[^,，。]{{0,6}}{_SWITCH}|{_SWITCH}[^,，。]{{0,6}}(?:不知道|唔知|不晓得|找不[到着]|锁)"
    rf"|\b(?:can'?t|cannot|cant|unable to|couldn'?t|too high to) (?:reach|find|get to|see)\b"
    rf"|\bwhere(?:'?s| is) (?:the |my )?(?:main )?{_POWER_EN}"
    r"|\b(?:breaker|switch|fuse box) is (?:outside|locked|too high)"
    rf"|\b(?:do(?:es)?n'?t|do not) know (?:where|how)\b[^.?]{{0,30}}\b(?:{_POWER_EN}|switch it off)"
)
_REFUSES = re.compile(
    rf"(?:不想|不能|不肯|不愿意?|(?<!要)不要|我不|就不|唔想|唔|偏不|才不)(?:去|给)?{_CUT}(?:{_SWITCH}|$|[,，。了!啊呀])"
    rf"|不{_CUT}{_SWITCH}|{_SWITCH}(?:我)?(?:不能|不想|不){_CUT}|{_CUT}了?{_SWITCH}?[^,，。]{{0,8}}(?:冰箱|空调|鱼缸|电脑|怎么看电视)"
    rf"|\b(?:won'?t|will not|not going to|refuse to|(?:don'?t|do not) want to|can'?t) (?:turn|switch|cut|shut|pull)\b"
    rf"|\bi need (?:the |my )?(?:{_POWER_EN}|fridge|freezer|light)"
)
_ASKS_OF_POWER = re.compile(
    rf"(?:要不要|用不用|需不需要|使唔使|该不该|是不是(?:要|得|该)|要|怎么|咋|点样?|如何|先)(?:去|先)?{_CUT}[^,，。]{{0,3}}{_SWITCH}"
    rf"|{_SWITCH}(?:要不要|用不用|怎么|咋|点样?|如何|要){_CUT}|(?:只|光)?拔(?:了|掉)?插头(?:行|可以|够|算|就)[^,，。]{{0,4}}[吗么不没]"
    rf"|\b(?:should|shall|do|must) (?:i|we)(?: need to| have to)? (?:turn|switch|cut|shut|pull|unplug)\b"
    rf"|\bhow (?:do|can|to)\b[^.?]{{0,16}}\b(?:turn|switch|cut|shut)\b|\bis (?:it enough to )?unplug\w*\b"
)
_PULLED = re.compile(
    r"(?:插头)[^,，。]{0,3}(?:拔|扯)(?:掉|下来|出来)?了|(?:拔|扯)(?:掉|下|出)?了?(?:电源)?插头了?(?![吗么没?？])|\bunplugged\b"
)
_CUT_OFF = re.compile(
    rf"(?:{_SWITCH})(?:都|也|已经|我|刚)*(?:给)?{_CUT}(?:掉|下来?|上|好|断)?(?:了|咗|啦|好)(?![吗么没?？])"
    rf"|{_CUT}(?:掉|下|上|好|断)?(?:了|咗)?{_SWITCH}(?:了|咗|啦)(?![吗么没?？])|(?:已经|都)?(?:断|停|关)(?:了|咗)?电(?:了|咗|啦)?$|^(?:都|已经|我)?(?:关|拉)(?:好|掉|下)?(?:了|咗)$"
    rf"|\b(?:{_POWER_EN})(?:'s| is| are)? (?:all )?(?:now )?(?:off|cut|down)\b"
    rf"|\b(?:turned|switched|shut|cut)\b[^.?]{{0,14}}\b(?:it |{_POWER_EN} )?off\b|\bflipped (?:the|it)"
)
_NOTHING = re.compile(
    r"虚惊|(?:是|我)?(?:搞|弄|看|闻|说|讲)错了|误会|[开講讲]玩笑|逗你|没(?:那么|有?那么|这么)?(?:严重|大事|什么事|啥事|事[了啦儿的])"
    r"|(?:又|已经|现在|都)(?:好|没事|正常|冇事)[了啦咗]|冇事[啦喇了]|(?:不|唔)(?:麻|电|冒|漏电|烫|响|臭)[了啦咯喇]"
    r"|没有?(?:漏电|触电|冒烟|着火|麻)|(?:其实|真的?|应该|就)(?:没|不是)(?:有)?(?:什么|啥|多大)?(?:事|问题|漏电)"
    r"|(?:不用|不要|别|不必|唔使|甭|免)(?:再|你们|师傅|人|叫人|派人)*(?:来|打|派|过来|上门|管|回电|联系)(?:电话|人|我)?(?:了|啦)"
    r"|^(?:算了|取消|撤销?)(?:吧|了|掉|啦|不用了|[,，。!])*$"
    r"|\bfalse alarm\b|\b(?:it'?s|its|it was|was|is) (?:really |just )?"
    r"(?:nothing|fine|ok(?:ay)?|all right|gone)(?: really)?(?: now)?\b"
    r"|\b(?:never ?mind|forget (?:it|about it))\b"
    r"|\b(?:no need|don'?t need)(?: for (?:you|anyone))? to (?:call|come|ring|send)"
    r"|\bdon'?t (?:call|come|ring|bother|send)\b"
    r"|\b(?:i was )?(?:just )?(?:joking|kidding)\b|\bmy mistake\b|\bi was wrong\b"
    r"|^(?:please )?cancel(?: (?:it|that|this|please))*[.! ]*$"
)
_NOT_NOTHING = re.compile(
    r"(?:没事|好|行)了吧|但|不过|可是|就是|还是|又(?!好|没)|还(?=[有在麻冒漏烫])|报修|安装|预约|工单|单号|吗|么|要不要|怎么|\b(?:but|still|again|visit|repair|ticket|appointment)\b|[?？]"
)
_STILL = re.compile(r"[还又仍]|\b(?:still|again|but)\b")
_WHEN = re.compile(
    r"(?:什么时候|啥时候|几时|多久|多长时间|几点|还要等|怎么还)[^,，。]{0,8}(?:打|来|到|联系|回电|电话|人)|(?:打|来)(?:电话)?[^,，。]{0,4}(?:要多久|几时)"
    r"|\b(?:how (?:long|soon)|when)\b[^.?]{0,24}\b(?:call|ring|come|phone|here|someone|somebody)"
)
_HOW_BAD = re.compile(
    r"(?:有没有|会不会有?|有冇|会有)(?:危险|事|问题|大碍)|(?:会不会|会)(?:爆|炸|电死|死人|着火|起火|漏电)[^,，。]{0,2}[吗么呢啊的?？]?$"
    r"|(?:要不要|用不用|使唔使|需不需要)[^,，。]{0,4}(?:出去|走|跑|离开|躲|撤|紧)|(?:危险|要紧|严重)(?:吗|么|不)"
    r"|\b(?:is|are|am) (?:it|this|we|i|that) (?:dangerous|in danger|serious|going to)|\bwill it (?:explode|burn|catch)"
    r"|\bshould (?:i|we) (?:leave|get out|go out)"
)
_FIRST_FINISH = re.compile(
    r"(?:洗|冲|用|煮|沖)(?:完|好|了)(?:澡|头|水)?[^,，。]{0,4}(?:再|才|先)|(?:再|先|让我|等我)(?:让我)?(?:洗|冲|沖)(?:完|一下)|(?:插|通电?|开|合闸?)[^,，。]{0,4}试试?"
    r"|\blet me (?:just )?finish\b|\b(?:finish|after) (?:my |the )?(?:shower|bath)\b"
)
_HELP_CALLED = re.compile(
    r"(?:救护车|120|119|消防|急救|医生|110|电工|物业)[^,，。]{0,4}(?:叫|打|来|到|拨|联系|报)(?:了|过|咗|在路上)"
    r"|(?:叫|打|拨|报|联系)(?:了|过|咗)(?:救护车|120|119|消防|110|警|物业|电工)"
    r"|\b(?:ambulance|fire brigade|firemen|fire department|paramedics|electrician)\b"
    r"[^.?]{0,16}\b(?:called|here|coming|on (?:its|the|their) way)"
    r"|\b(?:called|rang|phoned) (?:an? |the )?(?:ambulance|120|119|fire|electrician)"
)
_AFRAID = re.compile(
    r"(?:我|好|很|真|有点|吓|都)(?:害|惊)?怕(?!你|麻烦)|好惊|吓(?:死|坏)(?:我|了)|腿(?:都)?软|\b(?:scared|afraid|frightened|terrified|panick\w*)\b"
)
_SAID = (
    (_HELP_CALLED, HELP_CALLED),
    (_HOW_BAD, SAFETY_WORDS),
    (_FIRST_FINISH, "utter_hazard_not_used"),
    (_NO_WAY, "utter_hazard_power_far"),
    (_ASKS_OF_POWER, "utter_hazard_power"),
    (_REFUSES, "utter_hazard_power_refused"),
    (_PULLED, "utter_hazard_power"),
    (_CUT_OFF, POWER_OFF),
    (_WHEN, "utter_hazard_call_comes"),
    (_AFRAID, "utter_hazard_calm"),
)
"""What is said, and the response that answers it; the first that fits counts."""


def answer_to(text: str) -> str | None:
    """The name of the response to what is said of a danger, `SAFETY_WORDS`, or None where it is of something else."""
    words = plain(text)
    if len(words) > _SHORT[words.isascii()]:
        return None
    if is_nothing(text):
        return NOTHING
    found = next((response for pattern, response in _SAID if pattern.search(words)), None)
    if found == POWER_OFF and (questions.is_question(text) or _STILL.search(words) or hazard(text)):
        found = None
    if found is None and questions.asks_to_use(text):
        return "utter_hazard_not_used"
    return found or (SAFETY_WORDS if questions.asks_what_to_do(text) else None)


def is_nothing(text: str) -> bool:
    """Whether a danger that was reported is said to be none, or not worth a call: "没事了不用来了", "false alarm"."""
    words = plain(text)
    return bool(_NOTHING.search(words)) and not _NOT_NOTHING.search(words) and hazard(text) is None


_REST_FIRST = re.compile(
    r"先(?:给我|帮我|把|来)?[^,，。]{0,8}(?:登记|报修|维修|安装|办完?|弄完)|(?:不用|别)管(?:这个|它|这)"
    r"|\b(?:just|first) (?:book|finish|register|do) (?:the|my)\b"
)


def puts_another_first(text: str) -> bool:
    """Whether what was under way before the danger is wanted before anything else: "先给我登记维修"."""
    return bool(_REST_FIRST.search(plain(text)))
