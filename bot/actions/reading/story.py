"""What a sentence that opens a request already tells of its matter: the fault, the reason, the complaint. Pure."""

from __future__ import annotations

import re

from bot.actions.reading.heater import counts_them
from bot.actions.reading.line import tells_who_speaks
from bot.actions.reading.questions import is_question
from bot.actions.reading.times import is_any_time, rules_out
from bot.actions.reading.utterance import kept, plain, says_something

_WHERE_TO = re.compile(
    r"搬家|新家|新房|搬到|移到|挪到|装到|拆下来?就|只拆|拆走|换(?:个|到|一)?(?:地方|位置|面墙|墙)|阳台|装修|翻新|砸墙"
    r"|\bnew (?:home|house|flat|apartment|place)|another (?:wall|room|place)|\bfrom .{2,30} to |renovat"
    r"|\bmoving (?:there|house|out|away|to)\b"
    r"|just take it down"
)


def says_where_to(text: str) -> bool:
    """Whether a wish to move a heater already says what is to be done with it."""
    return bool(_WHERE_TO.search(plain(text)))


_BARE_COMPLAINT = re.compile(
    r"我?(?:想|要|得)?(?:投诉|反映|举报)(?:你们|一下|个?问题|个事)*"
    r"|i(?:'d| would)? (?:want|like|need)? ?(?:to )?(?:make|file)? ?(?:a )?complain(?:t)?(?: about)?|complaint|[\W_]"
)


def complaint_in(text: str) -> str | None:
    """The matter of a complaint when the opening sentence already tells it; None for a bare "我要投诉"."""
    rest = _BARE_COMPLAINT.sub("", plain(text))
    long_enough = len(rest) >= 4 if re.search(r"[\u3400-\u9fff]", rest) else len(rest) >= 12
    return kept(text) if long_enough else None


_CLAUSE = re.compile(r"(?:(?!(?<=[\u3400-\u9fff]) +[\u3400-\u9fff])[^，。！？；,.!?;\n])+")
"""Between Chinese characters a space is a pause too."""

_WISH = re.compile(
    r"赔(?!本)|补偿|退[钱款我给货机]|换[货机]|退返|退番|退一赔|道歉|说法|处罚|开除|处分|换(?:个|一个|名)师傅|换[台新]|换一台|必须|要求"
    r"|(?:叫|让|要)(?:你们)?(?:经理|领导|主管|负责人)"
    r"|(?:今天|马上|立刻|赶紧|尽快)(?:就|必须)?(?:给我)?(?:派人|安排|来人|解决|装|修)"
    r"|(?:叫|喊|让|派|催|给我)(?:他|她|人|个人|师傅|你们)*(?:快点?|赶紧|赶快|马上|今天|再|过)?(?:来|上门|过来)(?!了|过|的时候|没)"
    r"|解释清楚|给个解释"
    r"|\b(?:want|need|get|send)(?: you to send)? (?:some(?:one|body)|him|her|them|a (?:man|person|technician))\b"
    r"|\b(?:refund|compensat\w*|apolog\w*|explanation|replacement|money back"
    r"|i (?:want|demand|expect) (?:you to|my money|an? (?:apology|new one)"
    r"|(?:him|her|them|some(?:one|body)) (?:here|to)))\b"
)
_REMARK = re.compile(
    r"(?:来|到|上门|进门)(?:的时候|之前|前|了|以后|时)?[^,，。]{0,6}(?:带[上个好着]?|穿|戴|先打|打(?:个|这个|我|[他她]|我[爸妈])?的?(?:手机|电话)|别[敲按]|不要[敲按]|敲门|按门铃)"
    r"|带[上个好]?(?:证|工作证|工牌|梯子|鞋套|配件|工具|发票|收据)|多(?:响|打|敲)几|家里?(?:只)?有(?:狗|老人|小孩|娃|孩子|宝宝|病人|孕妇)"
    r"|(?:[号月旬周年天日]|装修|验收|交房)[^,，。]{0,6}(?:才能|才可以|才好|才行|以后|之后|过后|后再)|(?:房子|新房|家里|插座|水电|卫生间)[^,，。]{0,4}(?:还没|没有|没|未)(?:装|弄|做|好|完|通|交)"
    r"|(?:费用?|钱)[^,，。]{0,4}(?:我|房东|公司|租客|租户|物业|他|她)们?(?:自己)?(?:来)?(?:出|付|掏|给|承担)(?!多少)"
    r"|(?:打不通|没人接|联系不上|不接)[^,，。]{0,6}(?:打|找|联系)"
    r"|多(?:敲|按|等)[一几会]|腿脚不|耳背|耳朵(?:背|不好|聋)|走得慢|开门(?:慢|要时间)|有(?:一?[条只]|大|恶)?狗|[别勿](?:按|敲)|不要(?:按|敲)|门禁|没有?电梯|电梯坏|要登记|不好停车|停车"
    r"|(?:直接)?(?:联系|找|问|打给)(?:前台|物业|保安|门卫|管家|租客|租户|房客|房东|中介|[我他她]?(?:同事|家人|爱人|儿子|女儿|老公|老婆|[爸妈爷奶]))"
    r"|\bask (?:at |for )(?!a |an |the (?:price|manager)|help|more)[a-z]+|\b(?:call|contact|ring|see|liaise with)"
    r" (?:the |my |our )?(?:tenants?|landlord|landlady|front desk|reception|concierge|security|caretaker|housekeep\w+"
    r"|porter)\b|\b(?:ring|knock) (?:long|loud\w*|hard|twice)\b|\b(?:mind|beware of) the dog\b"
    r"|\b(?:ring|press|knock)(?: on| at)? (?:the |my |her |his |our )?(?:bell|doorbell|buzzer|door)\b"
    r"|\b(?:deaf|hard of hearing|wheelchair|bedridden)\b|听不[见清]|坐轮椅"
    r"|\b(?:i|we)(?:'ve| have)(?: got)? an? dog\b|\bslow (?:to|getting to) the door\b"
    r"|\b(?:s?he|they) (?:has|have)(?: got)? an? (?:dog|cat)\b|\bdon'?t let\b"
    r"|\b(?:bring|call before|ring before|don'?t ring|come (?:to|through|round|in by|via) the (?:back|side|rear"
    r"|main|service)|there(?: i|')s an? (?:big )?dog|we have a dog|no lift|no elevator|gate code)\b"
    r"|\b(?:tell|ask|remind) (?:him|her|them|the (?:technician|engineer|repairman|guy|man|master"
    r"|person))(?: please)? (?:to|not)\b"
)


def wish_in(text: str) -> str | None:
    """What a customer who complains wants done, told unasked: the clauses of "赔我误工费，今天必须来"."""
    clauses = [found[0].strip() for found in _CLAUSE.finditer(text)]
    wishes = [clause for clause in clauses if _WISH.search(plain(clause)) and not is_question(clause)]
    return kept(("，" if re.search(r"[\u3400-\u9fff]", text) else ", ").join(wishes)) or None


_ROOMS = re.compile(
    r"(?!1[3-9]\d[ -]\d{4}(?!\d))(?:\d{1,2}[号栋幢座楼]?)?"
    r"(?:\d{3,4}[室房]?(?:[、/和及 ]|以及)+)+\d{3,4}[室房]?(?:这?[几两三四五]?[户家])?"
)
"""Several rooms in a row: in each hangs a heater. A number to ring is none."""


def _is_remark(clause: str) -> bool:
    """ "Any day but Friday" is one, though "any" often asks."""
    words = plain(clause)
    if _ROOMS.fullmatch(words):
        return True
    return rules_out(clause) or (bool(_REMARK.search(words)) and not is_question(clause))


def remark_for_the_visit(text: str) -> str | None:
    """What whoever comes should know or do, in the clauses of a message that tell it and ask nothing."""
    clauses = [found[0].strip() for found in _CLAUSE.finditer(text)]
    told = [each for each in clauses if _is_remark(each)]
    return kept(("，" if re.search(r"[\u3400-\u9fff]", text) else ", ").join(told)) or None


_WHEN_TO_COME = re.compile(
    r"上门|师傅|师付|来(?:人|修|装|看|弄)|派人|拆|装(?!修)|移机|搬|在家|有人在|家里有人|\bat home\b"
    r"|\b(?:is|be|are|am|i'm) home\b|\bcome\b|technician"
    r"|\b(?:like|want|need|send|get) (?:someone|somebody|sm1|sb)\b"
)
_WHEN_TO_CALL = re.compile(r"电话|回电|联系|接听|打给|\b(?:call|phone|ring)\b")


def when_to_come(text: str, start: int, end: int) -> str | None:
    """The clause with the time at `start`…`end`, where that is when somebody may come to the house and not when to
    ring: "明天下午2点以后在家"."""
    at = [found for found in _CLAUSE.finditer(text) if found.start() < end and found.end() > start]
    clause = "，".join(found[0].strip() for found in at)
    behind = text[at[-1].end() :] if at else ""
    is_visit = _WHEN_TO_COME.search(plain(clause)) or re.match(r"[,，\s]*(?:麻烦)?派人", behind)
    is_call = _WHEN_TO_CALL.search(plain(clause))
    return kept(clause) if clause and is_visit and not is_call else None


_MORE = re.compile(r"(?:还有|另外|而且|再有|并且|再就是|对了)[,，\s]*[^,，。?？]{3,}|(?:and|also)\b.{8,}")


def goes_on(text: str) -> bool:
    """Whether a message adds to what was told: "还有发票也没开"."""
    return bool(_MORE.match(plain(text))) and not is_question(text)


def names_a_remedy(text: str) -> bool:
    """Whether money, an apology or the like is spoken of, be it asked for: "can I get compensation"."""
    return bool(_WISH.search(plain(text)))


def asks_for_nothing(text: str) -> bool:
    """Whether a question wishes for nothing: "那过保没有啊" does not say what is to be done."""
    is_time = rules_out(text) or is_any_time(text)
    return is_question(text) and not is_time and not _WISH.search(plain(text))


def _wishes(clause: str) -> bool:
    """Whether a clause says what is wanted, or for whom somebody speaks."""
    return bool(_WISH.search(plain(clause))) or tells_who_speaks(clause)


def remark_in(text: str, known: str = "") -> str | None:
    """What whoever comes should know or do, told unasked: "来的时候带个证", "家里有狗", that there are several heaters;
    wishes as well; nothing that is `known` already."""
    clauses = [found[0].strip() for found in _CLAUSE.finditer(text)]
    told = [each for each in clauses if each not in known and (_is_remark(each) or _is_worth_noting(each))]
    return kept(("，" if re.search(r"[\u3400-\u9fff]", text) else ", ").join(told)) or None


def _is_worth_noting(clause: str) -> bool:
    return (_wishes(clause) or counts_them(clause)) and not is_question(clause)


_BARE_RETURN = re.compile(
    r"热水器|我?(?:想|要|得|需要)?(?:申请)?(?:退货|换货|退换货?|退款|退了|退掉|换(?:一?台|个)?新?的?)|给我|你们|这个?|那个?|一?台|可以|能不能"
    r"|不要了|\b(?:i|we|want|would|like|to|return|refund|exchange|it|my|the|a|water|heater|please|can|back|money|for)\b|[了的吗吧呢啊\W_]"
)


_WHICH = re.compile(
    r"(?:我|就|是|要|想|还是|那|直接|要不|不然|或者|给我)*(?:(?:退|换)(?:货|款|钱|机|掉|新的?|一?[台个](?:新的?)?)?|(?<=要)新的)"
    r"(?:也(?:行|可以|成|好))?[吧了的啊呀,，。!\s]*"
)


_WHICH_INSTEAD = re.compile(
    r"换(?:一台|个|成|一个)?[^,，。]{0,6}\d{2,3} ?(?:升|l)"
    r"|\b(?:exchange|swap|replace|change|trade)\w*\b[^.;]{0,12}\b(?:for|to|with) an? [^.;]*\d{2,3} ?-?l"
)


def names_the_other_heater(text: str) -> bool:
    """Whether a capacity is that of the heater wanted in exchange, not of the one at home: "swap it for an 80L"."""
    return bool(_WHICH_INSTEAD.search(plain(text)))


_DANGLING = re.compile(r"(?:\s*[,，、;；]+)+\s*(?=[,，。.;；]|$)|^[\s,，、;；。.]+")


def tidied(words: str) -> str:
    """Words out of which values were taken, without the marks that stood around them."""
    return kept(_DANGLING.sub("", " ".join(words.split())))


_A_FEE_BACK = re.compile(
    r"退(?:我|还|回)?(?:这|那|多收)?(?:的)?(?:\d+(?!升|l)|[一二三四五六七八九十百]+(?=块|元)|[^,，。退]{0,4}费)"
    r"|\brefund (?:me )?(?:the |that |my )?(?:\d+|(?:\w+ ){0,2}(?:fee|charge))s?\b"
)


def wants_a_fee_back(text: str) -> bool:
    """Whether money that was charged is wanted back, and not that of a heater: "我要退这120"."""
    return bool(_A_FEE_BACK.search(plain(text)))


_GOODS = re.compile(
    r"[没未](?:有)?(?:拆|开)(?:封|箱|包装)?|[没未](?:有)?(?:用|装|使用)过?|拆[封箱]了|已经装|包装|发票|小票|京东|天猫|淘宝|拼多多|抖音|自营|网上|店里|专卖店"
    r"|\b(?:un)?opened\b|\bin (?:the|its) box\b|\bunused\b|\b(?:not|never)(?: been)? (?:used|opened|installed)\b"
    r"|\bpackag\w+|\breceipt\b|\binvoice\b|\bonline\b|\b(?:jd|tmall|taobao)\b"
)


def tells_of_the_goods(text: str) -> bool:
    """Whether a message tells in what state goods are, or where they were bought: "没拆封，京东买的"."""
    return bool(_GOODS.search(plain(text))) and not is_question(text)


def says_which(text: str) -> bool:
    """Whether all that is said is that money or another heater is wanted: "退"."""
    return bool(_WHICH.fullmatch(plain(text)))


def wish_of_a_word(text: str) -> str | None:
    """What is to be done, told in one word: "退"."""
    return kept(text) if says_which(text) and re.search(r"[退换]", plain(text)) else None


_SINCE_WHEN = re.compile(
    r"(?:it'?s been|it has been|for|since|started|began|happening|going on)\b.{0,16}"
    r"\b(?:days?|weeks?|months?|yesterday|last (?:night|week|month)|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|morning|\w+ ago)"
    r"\b(?: (?:now|already|or so|ago|on))*[.! ]*"
    r"|(?:已经|都|大概|差不多|有)*[一二两三四五六七八九十几半\d]+(?:个)?(?:天|星期|礼拜|月|周)(?:多)?(?:了|啦"
    r"|咯)[。.! ]*"
    r"|(?:从)?(?:昨天|前天|上周|上个?月|今早|昨晚)[^,，。]{0,4}(?:开始|就这样)[^,，。]{0,4}"
    r"|(?:yes|yeah|no|well|it'?s|it (?:happens|does (?:it|that|so))|[ ,])*"
    r"(?:every ?time|whenever|only when|always when|each time|all the time|constantly|now and then|on and off)\b.{0,60}"
    r"|(?:对|是的?|嗯|就是|它|[,，])*(?:每次|一[开用插]就|时好时坏|有时候?|一直(?:都)?这样)[^,，。?？]{0,16}[。.! ]*"
)


def tells_since_when(text: str) -> bool:
    """Whether all that is told is how long something has been so: "it's been two weeks already"."""
    return bool(_SINCE_WHEN.fullmatch(plain(text)))


_ASKED_FOR = re.compile(
    r"退(?:货|款|钱|机|掉)|换(?:货|一?台|个?新)|要(?:一?[台个])?新的"
    r"|\b(?:refund|money back|exchange|replace(?:ment|d)?|new one|swap)\b"
)


def asks_for_which(text: str) -> bool:
    """Whether a message says that money or another heater is wanted: "can I get the money back instead?"."""
    return bool(_ASKED_FOR.search(plain(text)))


def reason_in(text: str) -> str | None:
    """Why something is returned, told in the sentence that asks for it; None for a bare "我要退货"."""
    rest = _BARE_RETURN.sub("", plain(text))
    long_enough = len(rest) >= 4 if re.search(r"[\u3400-\u9fff]", rest) else len(rest) >= 8
    return kept(text) if long_enough else None


_RETURNS = re.compile(
    r"退|换|不想?要了|不要了"
    r"|\b(?:return|refund|exchange|replac\w+|money back|take it back|send it back|swap|don'?t want)\b|tui|huan"
)


_SOMEONE_COMES = re.compile(
    r"派(?:个)?(?:人|师傅)|师傅(?:来|上门)|(?:来|上门)换(?:个|根)"
    r"|\b(?:book|send|get|need|want) (?:some(?:one|body)|(?:a|the) (?:technician|plumber|engineer|repair\w*))\b"
)
_MONEY_BACK = re.compile(r"退|\b(?:return|refund|money|exchange)\b")


def is_a_repair(text: str, symptom: str | None) -> bool:
    """Whether words taken for a return tell of a fault and ask for neither money nor another heater."""
    words = plain(text)
    if _SOMEONE_COMES.search(words) and not _MONEY_BACK.search(words):
        return True  # who is to come and swap a part takes nothing back
    return not _RETURNS.search(words) and bool(symptom or re.search(r"坏|\bbroken?\b", words))


_BARE_REPAIR = re.compile(
    r"热水器|你好|您好|在吗|我们?家?[里的]?|家里的?|那个?|这个?|台|要|想|需要|帮忙?|麻烦|请问?|一下|安排"
    r"|派个?人?|师傅|师付|上门|过来|来"
    r"|维?修理?|报修|检查|看看?|坏了?|(?:有|出|出了)?(?:点)?(?:毛病|问题|故障)了?|不好[使用]了?|又|快点?|赶紧"
    r"|申请|登记|就是|反正|真的|确实|彻底|完全|能不能|可以|今天|明天|现在|[了的吗吧呢啊呀哦嘛]"
    r"|\b(?:hi|hello|hey|i|we|my|our|the|a|an|is|has|have|need|want|would|like|to|please|pls|can|could|you|someone|somebody"
    r"|technician|water|heater|boiler|unit|broken?|broke|repair(?:ed)?|fix(?:ed)?|problem|issue|with|it|come|send|for|get|not"
    r"|working|book|down|again|asap)\b|[\W_]"
)


def fault_in(text: str, without_values: str) -> str | None:
    """What is wrong, told in words no lexicon knows ("一开就啪一声"); None for a bare "热水器坏了，来修一下"."""
    rest = _BARE_REPAIR.sub("", plain(without_values))
    long_enough = len(rest) >= 6 if re.search(r"[\u3400-\u9fff]", rest) else len(rest) >= 10
    if not long_enough or without_values == text:
        return kept(text) if long_enough else None
    clauses = [found[0].strip() for found in _CLAUSE.finditer(without_values)]
    told = [each for each in clauses if _tells_a_fault(each) and not _is_remark(each)]
    return kept(("，" if re.search(r"[\u3400-\u9fff]", text) else ", ").join(told)) or kept(text)


def _tells_a_fault(clause: str) -> bool:
    rest = _BARE_REPAIR.sub("", plain(clause))
    return says_something(rest, at_least=_FAULT) or tells_of_a_broken_heater(clause)


_FAULT = 3
"""Characters with which a clause tells more than that a heater is to be repaired."""


_SERVICE = re.compile(
    r"清洗|[来给帮]?(?:洗|保养)(?:一[下次]|了?吧|个)|来洗|除垢|(?:换|更换)[^,，。]{0,6}(?:镁棒|阳极棒|加热[管棒]|[阀管棒])"
    r"|[管棒阀][^,，。]{0,3}换(?:了|掉|一)|换(?:个|块|一?[块个])?(?:主板|电路板|显示板|温控器?|加热管)"
    r"|\b(?:anode|rod|element|valve|board|thermostat)s? (?:replac\w+|swap\w*|chang\w+)"
    r"|\b(?:replac\w+|swap\w*|chang\w+) (?:of )?(?:the |my |an? )?(?:\w+ )?"
    r"(?:anode|rod|element|valve|board|thermostat)\b"
    r"|\b(?:descal\w+|clean(?:ed|ing)?|flush(?:ed)?|service(?:d)?)\b"
)


def service_in(text: str) -> str | None:
    """What somebody is to do to a heater that works: "派人来洗一下", "换根镁棒"; None when it is something else."""
    clauses = (found[0] for found in _CLAUSE.finditer(text))
    is_told = any(_SERVICE.search(plain(clause)) and not is_question(clause) for clause in clauses)
    return kept(text) if is_told and "?" not in text.replace("？", "?") else None


_FAILED_BEFORE = re.compile(
    r"第[二两三四五六七八]次|[两二三四五六好几\d](?:次|回|趟|遍)(?:了|都|还|又)|(?:修|来|弄|上门)(?:过|了)[^,，。]{0,3}[两二三四五好几\d](?:次|回|趟|遍)"
    r"|(?:刚|才|上周|上个月|前[几两]天|昨天)(?:刚|才)?修(?:好|过|完|的)|修(?:过|好|完)(?:了)?[^,，。]{0,6}又|又坏|反复|[老总]是?修不好|修了又"
    r"|\b(?:second|third|fourth|2nd|3rd) time\b|\b(?:twice|again and again)\b"
    r"|(?:just|already) (?:been )?(?:fixed|repaired)|broke(?:n)? again"
)
_MUST_STOP = re.compile(r"[漏滴渗冒]|跳|烧|烟|味|\b(?:leak|drip|trip|smell|smok)\w*")


def failed_before(text: str) -> bool:
    """Whether a fault has come back after repairs: "这个月第三次了又不热"."""
    return bool(_FAILED_BEFORE.search(plain(text)))


def must_be_stopped(text: str) -> bool:
    """Whether a fault is one for which first aid says to stop using the heater."""
    return bool(_MUST_STOP.search(plain(text)))


def says_it_is_broken(text: str) -> bool:
    """Whether a message says that something is wrong and not what: "坏了", "it is broken"."""
    words = plain(text)
    return len(words) <= 40 and not re.sub(r"[\W_]", "", _BARE_REPAIR.sub("", words))


_BROKEN_HEATER = re.compile(
    r"(?:热水器|热水机|机器)[^,，。]{0,8}(?:都|全)?(?:坏|不工作|用不了|没反应|罢工|不[好能]用)"
    r"|\b(?:heaters?|boilers?|geysers?|units?)\b[^.;!?]{0,30}"
    r"\b(?:(?:do|does|did|is|are)(?:n'?t| not) w(?:o?r)?k\w*|not w(?:o?r)?k\w*|(?:stopped|quit) working|broken|dead"
    r"|(?:broke|packed) (?:down|up)|bust(?:ed)?|down)\b"
)


def tells_of_a_broken_heater(text: str) -> bool:
    """Whether a message says, and does not ask, that heaters do not work: "two heaters in our hotel don't work"."""
    return bool(_BROKEN_HEATER.search(plain(text))) and not is_question(re.sub(r"\b(?:is|are|do|does)\b", "", text))


Span = tuple[int, int]


_LEAKS_AT = re.compile(
    r"(?:接口|接头|接管|连接处|壳体?|机身|底[下部座]|下[面方]|内胆)(?:那里|那儿|那块|这里|这边|处|上|的地方)?(?=[,，。;；\s]|$)"
    r"|\b(?:bottom of the (?:tank|heater|unit)|underneath|pipe joint"
    r"|(?:from|at) (?:the|a) (?:joint|connection|casing))\b",
    re.IGNORECASE,
)


def where_it_leaks(text: str) -> list[Span]:
    """Words behind a leak that tell its place and no fault of their own: "漏水了，接口那里"."""
    return [found.span() for found in _LEAKS_AT.finditer(text)]


def clauses_with(text: str, spans: list[Span], besides: list[Span]) -> str | None:
    """The clauses of `text` that hold one of the spans, without what else is told in the same breath (`besides`:
    name, phone, address, time); out of the middle of an English clause nothing is taken."""
    told = [
        _without(text, clause.start(), clause.end(), besides)
        for clause in _CLAUSE.finditer(text)
        if any(start < clause.end() and end > clause.start() for start, end in spans)
    ]
    return kept("，".join(told) if re.search(r"[\u3400-\u9fff]", text) else ", ".join(told)) or None


def _without(text: str, start: int, end: int, besides: list[Span]) -> str:
    pieces, at = [], start
    for first, last in sorted(besides):
        is_inside = text[start:first].strip() and text[last:end].strip() and text[start:end].isascii()
        if at <= first < end and not is_inside:
            pieces.append(text[at:first])
            at = last
    return " ".join([*pieces, text[at:end]]).strip()
