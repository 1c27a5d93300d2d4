"""Is a word of danger said and yet no report? Denied, settled, asked about in general, feared, supposed or hearsay.

What happened in the customer's own house is always a report, however long ago, also when a question follows it. What
has stopped ("不冒烟了") did happen, and so did what only a denied denial speaks of ("没有说不漏电"). Every rule looks a
few characters around the word, mostly within its clause, so that harmless words elsewhere never silence a report.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_BEFORE_ZH, _BEFORE_EN, _AFTER = 14, 60, 32
_QUOTE = "[\"'\u201c\u2018\u300c]"
_TOLD = 100
"""Characters around a word in which a denial or a question, and in which a source is looked for."""

_TOLD_BETWEEN = {"zh": 14, "en": 28}
"""Characters that may stand between an earlier time and the danger told of it."""

_ASKS = ("吗", "么", "嘛")
_CURED = re.compile(r"(?:fixed|cured|repaired|stopped) the ")
_CORE = 6
"""Characters from a "may" within the words of danger to their end."""

_STOPPED = re.compile(r"得?[这那]么|(?:手|人|的)?(?:了(?!吗|么|吧)|啦)|(?: \w+){0,2} any ?(?:more|longer)")
_ALREADY = re.compile(r"[^,。!?;啊呀吗呢吧嘛么㗎哦]{0,3}(?:了|过|已经)")
_AGAIN, _THEN, _GETS = re.compile("[再又还]"), re.compile("就"), re.compile("[把将]")
_AGAIN_AFTER = re.compile(
    r"[^.!?,]{0,24} (?:again|one more time|once more|continues?|persists?|go(?:es)? on|do(?:es)?n'?t stop)\b"
)
_DENIED_AFTER = re.compile(
    r"[,，?？]?(?:没有?的事|没[有这]?这?回事|冇呢回事)(?=[^\u3400-\u9fff]|[你您是啊呀嘛]|$)"
    r"|[^.!?;]{0,24}[,:] ?(?:none|nope|nothing|no|neither)(?: of (?:it|that|them))?(?=$|[.!])"
    r"|\?(?:没有?|冇|没得|哪有|不|不是)(?:没有?|不|啊|呀|的|是)*(?=$|[,。!])"
    r"|[手人啊呀]?(?:(?!的时候)[^,。!?;了]{0,8}(?:这些|那些|之类的?|什么的|啥的|统统|通通))?(?:的?(?:情况|现象|感觉|事))?"
    r"(?:倒是?|都|也|是|更|就更|压根|根本|完全|一概)*(?:没有?|不会?|冇|没得)(?:的|啦|了|啊|过)?(?=$|[,。!?;])"
)
_SETTLED_AFTER = re.compile(
    r"的?(?:那个)?单子?(?:就|给我|帮我)?(?:撤|取消|销|作废)|[^,。!?;没不]{0,8}(?:修|处理|解决|弄)好?了(?:$|[。!]|,?(?:谢|感谢|不用))"
)
_NO_MORE = re.compile(r"\bno more (?:\w+ )?$")
_OVER_AFTER = re.compile(
    r"的?(?:问题|毛病|现象|事|味道?|感觉|情况)?(?:已经|都|也|全)?(?:没有?了|没了|好了|解决了|消失了)"
    r"|[^。!?;]{0,10}现在(?:已经|都|全)?(?:好了|没事了|正常了)"
    r"|(?: (?:feeling|smell|problem|issue|thing))?(?:'s| is| are| has| have)?(?: all)? (?:stopped|gone)\b"
    r"|(?: \w+){0,2} any ?(?:more|longer)\b"
)
_GRATEFUL = re.compile(r"谢|多亏|感激|辛苦|\b(?:thank\w*|thx|cheers|ta|appreciate\w*|grateful|great job|brilliant)\b")
_NOT_YET = re.compile(
    r"又|还|再|但|可是|不过|就是|仍|依旧|怎么|吗|什么|派|上门|来(?:个?人|看|修|一趟)|赶紧|快点|麻烦|帮|请"
    r"|\b(?:but|still|again|yet|however|please|pls|send|can you|could you)\b"
)
"""Beside thanks for what is over: it is not over yet, or somebody is asked to come."""
_ASKED_AFTER = re.compile(
    r"\?,? ?(?:what \w+\? ?)?"
    r"(?:oh,? |goodness,? |good god,? |heavens,? |of course |absolutely |certainly |definitely )?(?:no"
    r"|not)(?=[,.!]|$| (?:i|it|that|way|chance)\b)"
    r"|(?:[和跟与](?:漏电|触电|感应电|静电|短路))?(?:的|有)?(?:什么|啥)?(?:区别|不同)|(?:常见|多见)(?:吗|么|不)"
    r"|(?: \w+){0,2} (?:on|in) (?:the )?(?:news|tv|youtube|tiktok|facebook|papers?|internet)\b"
    r"|(?:的时候|时|[之以]?后)[^,。!?;]{0,8}(?:怎么工作|如何工作|起作用|该做什么|第一时间|防护)"
    r"|的话|[^,。!?;会]{0,6}[,，]?(?:平时|日常|应该|该|要|得)*(?:怎么|如何|咋)(?:样)?(?:预防|防范|防止|避免)"
    r"|(?:的时候|时|的话|了?[它他])?(?:会不会|会|能不能|能)(?:自动|自己)?(?:断(?!水)电?|跳闸|报警|保护)[^,。!?;]{0,3}(?:吗|么|不|$)"
    r"|的(?:原理|常见原因|原因有)|的(?:新闻|报道|视频)[^,。!?;]{0,2}[看听刷]|的?(?:那个|那批)?召回"
    r"|(?:造成|引起|导致)?的?(?:损坏|损失|问题)?(?:属不属于|属于|算不算|在不在|归不归)[^,。!?;]{0,3}(?:质保|保修|三包|保固)"
    r"|的?(?:一般|通常|常见|主要)(?:都)?(?:是|有)?(?:因为|由于)?(?:什么|啥|哪)"
    r"|(?:的话|时|的时候|之?前)?(?:一般|通常)?(?:会)?有(?:什么|哪些|啥)(?:表现|症状|征兆|迹象|现象|后果|信号)"
    r"|的?(?:那[个条]|这种)(?:视频|新闻|报道|帖子)|的(?:剧本|故事|笑话|段子|小说|作文)"
    r"|的?(?:风险|危险|隐患|可能|概率|几率)性?(?:吗|么|嘛|不(?=$|[,。!?;])|没|大不大|高不高|大吗|高吗|有?多大|有?多高)"
    r"|(?:的时候|时|的话|了|后)?[^,。!?;]{0,4}(?:防电墙|漏保|保护器?|防漏电)[^,。!?;]{0,4}(?:会|能)[^,。!?;]{0,6}(?:吗|么)"
    r"|(?:人|死人)?的?(?:事情?|情况|新闻|案例|例子)(?:多不多|多吗|常见吗|常不常见)"
)
_ASKED_AROUND = (
    (
        re.compile(r"以为(?:是|要|会)?(?:热水器|机器|它)?$"),
        re.compile(r"[^。!?;]{0,28}(?:[不没](?:有|带|漏)?电|没漏|没事|正常|原来|虚惊|不是漏)"),
    ),
    (
        re.compile(r"(?:有没有|有冇|有无|检[查测]|排[查除]|会不会有|是否有|担心有?|怕有?)[^,。!?;]{0,4}$"),
        re.compile("的?(?:风险|危险|隐患|可能)"),
    ),
    (
        re.compile(r"会(?:有|发生|出现)[^,。!?;]{0,6}$"),
        re.compile("(?:吗|么|嘛|不(?=$|[,。!?;]))"),
    ),
    (
        re.compile(r"\b(?:is|are) there (?:an?y? )?(?:risk of |danger of )?$"),
        re.compile(r" (?:risks?|dangers?|hazards?)\b"),
    ),
    (
        re.compile(r"(?:出|发生|有|遇到)过[^,。!?;]{0,3}$"),
        re.compile(r"的?(?:事故|事情?|情况|问题)?(?:吗|么|没有?(?=$|[,。!?;]))"),
    ),
    (
        re.compile(r"(?:检[测查]|测试?|查)(?:一[下次]|个)?$"),
        re.compile(r"(?:的)?(?:一次)?(?:要|得|是|用|需要?)*(?:多少|几多|什么|啥|费用|收费|怎么收)"),
    ),
    (re.compile(r"\b(?:is|are) (?:an? )?$"), re.compile(r"[^.!?,]{0,30} (?:possible|covered|included)\b")),
)
"""What stands before and behind a danger that is only asked about."""

_OTHERS_AFTER = re.compile(
    r"(?:味道?|气味|烟)?(?:原来|其实)?是(?:我|从)?(?:邻居|隔壁|楼上|楼下|对门|别人|厨房|锅|炒菜|做饭|菜|饭|蚊香)"
    r"(?![^,。!?;]{0,8}(?:热水器|插|机器|龙头|水管))"
)
_UNSURE = re.compile("好像|可能|不知道|是不是|应该|以为|吗|也许|说|觉得|不确定")
_LISTED_BEFORE = re.compile(
    r"(?:没有?|没得|冇|无)(?:任何|什么|啥|一点儿?)[^,。!?;]{1,6}(?P<any>[和或、及])$"
    r"|(?:没有?|没得|冇|无)[^,。!?;]{0,6}(?:漏电|触电|冒烟|麻手|着火|起火|焦味|糊味|火花)(?P<joined>[啊呀和跟或者、]{0,2})$"
)
_LIST_GOES_ON = re.compile(r"[啊呀]?(?:的?(?:情况|现象|问题|感觉)|什么的|之类|这些|啥的)")
_DENIED_WITHIN = re.compile(r"(?:没有?|冇|未|不)(?:会|发|变|烧|太|怎么|那么|容易){0,2}[烫黑焦软糊化热烧]$")
_GENERALLY = re.compile(r"(?:手|人)?(?:死)?(?:过|会|很危险|的危险|事故|的新闻|的事)")
_MAY = re.compile(r"(?:会|能|可能会|容易)(?:引发|引起|造成|导致|发生)?被?[电烫砸烧炸]?$")
_QUESTION_AFTER = re.compile(
    r"(?:[人手到着炸裂死伤坏呢啊的]|小?孩子?|老人|宝宝|东西|事故|危险|的情况|的问题){0,3}"
    r"(?:吗|么|嘛|伐|㗎|不\?|不(?=$|[,。!?;])|[,。]?(?:是|到底是|这是)?(?:不是)?真的?(?:吗|么|的假的|唔真|不真)"
    r"|[,。]?(?:是不是真|真的假|敢有影|是不是这么回事|有这回事|是真是假))"
)
_OURS_AFTER = re.compile(r"[^,.!?;]{0,40}(?:\b(?:my|our|us)\b|[到进]我)")
_FEARED = re.compile("怕(?:它|会|哪天|以后|要|机器|热水器)*$")
"""Before a burst: what has burst is not feared any more, "怕它炸了" looks ahead."""

_CASE = re.compile("(?<!主)要是|万一|如果|假如|怕(?:它|会)*")
_RHETORICAL = re.compile("热水器|机器|水|龙头|花洒")
_IMAGINED_EN = re.compile(
    r"\bis there (?:an?y? )?(?:risk|chance|danger|possibility) $|\bdo (?:i|we|you) risk (?:an? )?(?:electric )?$"
    r"|(?:^|[.,!?;] ?)(?:can|could|would|will) (?:an?|any|every) \w+(?: \w+){0,2} $"
    r"|\b(?:prevent\w*|avoid\w*|in case(?: of)?|what if|(?:afraid|scared|fear|risk|danger|chance|possib\w+) of|"
    r"worr(?:y|ied|ying) about|concerned about|nervous about|safe from|against)(?: \w+){0,3} $"
    r"|(?:^|[.,!?;] ?|\b(?:so|but|and|just|asking|or) )"
    r"(?:can|could|will|would|might|does|is it possible|do(?= (?:the|yo|they|thes)))"
    r"(?:(?: \w+){0,2} (?:it|they|this|that|these|those|things?|(?:water )?heaters?|one|water|tap|tank|unit|machine|"
    r"boiler|model)(?: at \w+(?: degrees)?)?(?: (?:ever|even|really|also|just|to|for|a|be able))*"
    r"(?: (?!gave|got|ha[ds]|was|is)\w+(?: (?:me|you|us))?(?: an?)?)?"
    r"| (?:i|we|you(?= (?:get|be)))(?: (?:get|be))?(?: an?)?(?: electric)?"
    r"| (?:people|kids?|children|someone|anyone|old people)(?: (?:get|be))(?: an?)?(?: electric)?)? $"
    r"|(?<!why )(?<!how )\b(?:will|can|could|would|might) (?:it|they|heaters?|these)(?: (?:ever|really|also|even))*"
    r"(?: (?:give|cause|get|catch)(?: \w+)?)? $"
    r"|(?:^|[.,!?;] ?|\b(?:so|happens|do|and|or) )"
    r"if(?: (?:it|there|they|the (?:heater|unit|thing|tank|cylinder|boiler|geyser)|one)(?: \w+){0,2})? $"
)


@dataclass(frozen=True)
class Denials:
    """The ways in which a word of danger is said and yet not reported."""

    zh: re.Pattern[str]
    zh_twice: re.Pattern[str]
    en: re.Pattern[str]
    case_zh: re.Pattern[str]
    heard_zh: re.Pattern[str]
    told: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    others: re.Pattern[str]
    own_zh: re.Pattern[str]
    compared: re.Pattern[str]
    wanted: re.Pattern[str]
    too: re.Pattern[str]
    imagined_zh: re.Pattern[str]
    asked_en: re.Pattern[str]
    event_en: re.Pattern[str]
    settled: tuple["_Settled", ...]

    @classmethod
    def taught(cls, said: Mapping[str, str]) -> "Denials":
        """The denials of the section `negation` of the word list."""
        between, no = said["zh_between"], "没有|没[得的]|没|[莫么冇]得|木有|冇|无|唔|伐|呒没?|不会|不是|不(?!有)|未"
        # "是不是" asks and "难道不" insists: neither denies
        a_not_a = (
            "(?:(?<![是会有能])(?<!(?<!应)该)|(?<=但是)|(?<=可是)|(?<=就是)|(?<=只是)|(?<=倒是))"
            "(?<!难道)(?<!要)(?<!差点)(?<!差点儿)(?<!险些)"
        )
        denied = f"{a_not_a}(?:{no})(?:{between}){{0,3}}{_QUOTE}?$"
        denied += r"|(?:不容易|不像|不算|排除|谈不上|没见到?|哪里?有(?:什么|啥)?|谁说|不存在|[不未]曾|什么(?=漏电不))$"
        own_zh = re.compile(said["zh_own"])
        public = (
            rf"(?:{said['zh_public']})"
            "(?:[^,。!?;]{0,12}|[^。!?;]{0,12},(?:说|讲|有人|有家|一家|某|里面说|会)[^,。!?;]{0,10})$"
        )
        return cls(
            zh=re.compile(denied),
            zh_twice=re.compile(
                "(?:不是|不能|没法|没有|没|不可能|谁|并非|怎么|哪里|哪)(?:说|讲|敢说|能说|可能)?[是会]?"
                f"(?:{no})(?:{between}){{0,2}}$"
            ),
            en=re.compile(
                r"(?:\b(?:no|not|never|without|nobody|none|(?<!for )nothing|neither|cannot|"
                rf"(?:is|does|did|do|was|has|ai)nt)(?:'s)?|n't)(?: (?:{said['en_between']})){{0,6}} ?{_QUOTE}?$"
            ),
            case_zh=re.compile(rf"(?:{said['zh_if']})[^,。!?; ]{{0,6}}$"),
            heard_zh=re.compile(rf"(?P<source>{said['zh_hearsay']})[^,。!?; ]{{0,10}}$"),
            told=(
                (re.compile(public), own_zh),
                (re.compile(f"(?:{said['zh_general']})$"), own_zh),
                (re.compile(rf"\b(?:{said['en_told']})$"), _words(said["en_own"])),
            ),
            others=re.compile(rf"(?:{said['zh_others']}|\b{said['en_others']} )$"),
            own_zh=own_zh,
            compared=re.compile(rf"{said['zh_compared']}|\b(?:{said['en_compared']})\b"),
            wanted=re.compile(rf"{said['zh_wanted']}|\b(?:{said['en_wanted']})\b"),
            too=re.compile(said["too"]),
            imagined_zh=re.compile(rf"(?:{said['zh_imagined']})(?!是)[^,。!?; ]{{0,5}}$"),
            asked_en=re.compile(rf"\b(?:{said['en_asked']})$"),
            event_en=_words(said["en_event"]),
            settled=tuple(_Settled.taught(said, language) for language in ("zh", "en")),
        )

    def cover(self, text: str, start: int, end: int) -> bool:
        """Whether the words of danger at `start` to `end` are said in one of these ways."""
        asks = text.startswith(_ASKS, end - 1)
        after = text[end - asks : end + _AFTER]
        is_grateful = bool(_GRATEFUL.search(text) and not _NOT_YET.search(text))
        if self._says_no(text, start):
            return is_grateful or not _STOPPED.match(after)
        if is_grateful and (_OVER_AFTER.match(after) or _NO_MORE.search(text, max(0, start - _BEFORE_EN), start)):
            return True
        if any(said.match(after) for said in (_DENIED_AFTER, _SETTLED_AFTER, _ASKED_AFTER)):
            return True
        if _DENIED_WITHIN.search(text, start, end) or _is_listed(text, start, after):
            return True
        core = _core(text, start, end)
        return (
            bool(_OTHERS_AFTER.match(after) and not _UNSURE.search(text))
            or any(settled.covers(text, start, end) for settled in self.settled)
            or self._supposes(text, core, after)
            or self._tells_of_others(text, core, after)
            or self._imagines_zh(text, core, after)
            or self._imagines_en(text, core, end)
        )

    def _says_no(self, text: str, start: int) -> bool:
        """Whether a "not" stands before the word, and no other "not" before that."""
        since = max(0, start - _BEFORE_ZH)
        no = self.zh.search(text, since, start)
        if no:
            is_rhetorical = no[0].startswith("哪") and _RHETORICAL.match(text, start)
            return not is_rhetorical and not self.zh_twice.search(text, since, start)
        return bool(self.en.search(text, max(0, start - _BEFORE_EN), start))

    def _supposes(self, text: str, start: int, after: str) -> bool:
        """Whether it is told of a case that is not given. A habit is: "要是碰水就被电"."""
        case = self.case_zh.search(text, max(0, start - _BEFORE_ZH), start)
        if not case or _AGAIN.search(text, case.start(), start):
            return False
        return not _THEN.search(text, case.start(), start) or bool(_QUESTION_AFTER.match(after))

    def _tells_of_others(self, text: str, start: int, after: str) -> bool:
        """Whether it was heard, seen or read of other people's heaters, and not of the customer's own as well."""
        if self.too.search(text):
            return False
        since = max(0, start - _BEFORE_ZH)
        heard = self.heard_zh.search(text, since, start)
        is_general = _GENERALLY.match(after) or _MAY.search(text, since, start)
        if heard and is_general and not self.own_zh.search(text, heard.end("source"), start):
            return True
        since = max(0, start - _TOLD)
        for source, own in self.told:
            told = source.search(text, since, start)
            if told and not own.search(text, told.start(), start):
                return True
        others = self.others.search(text, since, start)
        if not others or self.own_zh.search(text, others.start(), start) or _OURS_AFTER.match(text, start):
            return False
        return bool(self.compared.search(text) and not self.wanted.search(text))

    def _imagines_zh(self, text: str, start: int, after: str) -> bool:
        """Whether it is only feared or asked about."""
        since = max(0, start - _BEFORE_ZH)
        if any(before.search(text, since, start) and behind.match(after) for before, behind in _ASKED_AROUND):
            return True
        if text[start] in "爆炸" and _FEARED.search(text, since, start):
            return True
        has_happened = _ALREADY.match(after)
        asked = self.imagined_zh.search(text, since, start)
        if asked and not _AGAIN.search(text, asked.start(), start):
            return not has_happened or bool(_GETS.search(text, asked.start(), start))
        return not has_happened and bool(_MAY.search(text, since, start) and _QUESTION_AFTER.match(after))

    def _imagines_en(self, text: str, start: int, end: int) -> bool:
        """Whether it is only feared or asked about, in English."""
        after = text[end : end + _AFTER]
        if _ALREADY.match(after) or _AGAIN_AFTER.match(after):
            return False
        asked = self.asked_en.search(text, max(0, start - _TOLD), start)
        if asked and not self.event_en.search(text, asked.start(), end):
            return True
        return bool(_IMAGINED_EN.search(text, max(0, start - _BEFORE_EN), start))


@dataclass(frozen=True)
class _Settled:
    """A danger of an earlier time that has been mended since: "上次漏电修好了，这次是屏幕花了".

    The earlier time and the mending must be said, or that it is mended by now, and nothing that leaves a doubt whether
    it lasts.
    """

    past: re.Pattern[str]
    past_after: re.Pattern[str]
    mended_before: re.Pattern[str]
    mended_after: re.Pattern[str]
    mended_now: re.Pattern[str]
    thanks: re.Pattern[str]
    wanted: re.Pattern[str]
    doubt: re.Pattern[str]

    @classmethod
    def taught(cls, said: Mapping[str, str], language: str) -> "_Settled":
        return cls(
            past=re.compile(rf"(?:{said[f'{language}_past']})[^,。.!?;]{{0,{_TOLD_BETWEEN[language]}}}$"),
            past_after=re.compile(said[f"{language}_past_after"]),
            mended_before=re.compile(rf"(?:{said[f'{language}_mended_before']})$"),
            mended_after=re.compile(rf"[^。.!?;]{{0,18}}(?:{said[f'{language}_mended']})"),
            mended_now=re.compile(said[f"{language}_mended_now"]),
            thanks=re.compile(said[f"{language}_thanks"]),
            wanted=re.compile(rf"{said[f'{language}_wanted']}|麻烦|帮|请|please|pls"),
            doubt=re.compile(said[f"{language}_doubt"]),
        )

    def covers(self, text: str, start: int, end: int) -> bool:
        """Whether the words at `start` to `end` tell of a danger that is over."""
        since = max(0, start - _TOLD)
        after = text[end : end + _AFTER]
        is_past = self.past.search(text, since, start) or self.past_after.match(after)
        is_mended_before = self.mended_before.search(text, since, start) or _CURED.match(text, start)
        is_mended = is_mended_before or self.mended_after.match(after)
        is_thanked = self.thanks.search(text) and not self.wanted.search(text)
        is_over = (is_past and (is_mended or is_thanked)) or (is_mended_before and is_thanked)
        is_over = is_over or self.mended_now.match(after)
        return bool(is_over and not self.doubt.search(text))


def _words(listed: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{listed})\b")


def _is_listed(text: str, start: int, after: str) -> bool:
    """Whether a "not" stands before the whole list that the word belongs to: "没有漏电冒烟的情况"."""
    listed = _LISTED_BEFORE.search(text, max(0, start - _BEFORE_ZH), start)
    return bool(listed and (listed["any"] or listed["joined"] or _LIST_GOES_ON.match(after)))


def _core(text: str, start: int, end: int) -> int:
    """Where the danger itself begins in the words: at the 爆 of "热水器会爆炸" and "内胆要是爆了", behind the "it" of
    "it shocks"."""
    if text.startswith("it ", start):
        return start + len("it ")
    case = _CASE.search(text, start, end)
    if case:
        return case.end()
    may = text.rfind("会", start, end)
    return may + 1 if may >= 0 and end - may <= _CORE else start
