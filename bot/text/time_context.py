"""Which of the times in a message is a wish: words before and after it that refuse it, tell of the past, or ask for it.

All patterns are for the normal form of a message. Pure.
"""

import re
from functools import lru_cache

from bot.text.arrival import is_told as is_arrival
from bot.text.matter import is_another, speaks_to_us

_TAKEN = (
    r"(?:去|上|跑|到|进|回)医院|看病|瞧病|看医生|看大夫|看牙|拔牙|复查|复诊|体检|透析|化疗|打针|打吊[针瓶]|输液|住院|做手术|开会|上课|考试|值班"
    r"|饮茶|喝早茶|返工|买菜|跳广场舞|做礼拜|赶集|赶场|赶圩|赶墟|赶大集|吃席|吃酒席|喝喜酒|喝酒席|走亲戚|走人户|下地|上坟|出殡|家长会|睇医生|睇病|做核磁|做检查"
    r"|(?:陪|带|接|送)(?:我的?)?(?:老|孙|孩|娃|儿|女|妈|爸|爹|娘|学|外孙|婆|爷|奶|媳|他|她|小)|有个?(?:会(?!员)|手术|约)"
)
"""What somebody does who has no time then."""
_TAKEN_EN = (
    r"(?:doctor|dr|dentist|physio\w*|hospital|clinic|check-?up|scan|x-?ray|chemo|dialysis|surgery|operation|funeral"
    r"|wedding|church|mass|class|lesson|exam|shift|bingo|prayers?|school run|job interview|interview)(?:'?s)?"
)
_RULED_OUT_BEFORE = re.compile(
    rf"(?:{_TAKEN})(?:的?时间)?(?:就?是|在)$"
    rf"|\b{_TAKEN_EN}(?: (?:visit|appointment|appt|trip|run|again))?(?: (?:is|on|at|for|this|next|coming))* $|"
    r"(?:(?<!要)不要|别|(?<!用)不用|(?<!是)不是|不想|除了|(?<!能)不能|甭|唔好|不约|取消|原本?[来定先约]?|本来"
    r"|之前)(?:在|约|安排|定|选|是|了|说|讲)?(?:原来|之前|本来)?的?\s*$"
    r"|\bsee (?:you|u|ya) $|\b(?:mov|chang|resched|shift|push|switch|swap)\w*(?: \w+){1,3} from $"
    r"|\b(?:can'?t|cannot|can not|won'?t|will not|not) (?:be )?(?:at )?(?:home|in|there|available|free)(?: on| in"
    r"| at)? $"
    r"|\b(?<!an )(?<!new )(?:appointment|visit|booking)(?:'s| is| was)(?: set| booked)?(?: on| for| at)? $"
    r"|\b(?:(?<!an )(?<!new )appointment|busy|away|out|working|meeting|surgery|exam|bingo|prayer)(?: (?:on|this"
    r"|next))? $"
    r"|\b(?:i|we)(?: only|'m| am| are|'re)? (?:work|working|busy|away)(?: on| in| at)?(?: the)? $"
    r"|\b(?:(?:any|every)? ?(?:day|time|morning|afternoon|arvo|evening)s? but(?: not)?"
    r"|every|not|except|don'?t (?:come|call|ring|phone"
    r"|visit)|can'?t (?:do|make)(?: it)?|cannot (?:do"
    r"|make)|other than|instead of"
    r"|never)(?: on| at| for| in the)? $"
)
_RULED_OUT_AFTER = re.compile(
    r"^(?:的话|的|我|我们|这边|那边|人|家里|都|就|可能|恐怕|应该|上午|下午|晚上|那天|[,， ])*"
    r"(?:不行|不方便|没空|没时间|不在|不可以|不得空|不得闲|唔得|唔喺|唔在|唔方便|冇空|冇人|不太方便|没人|要上班|上班|在?(?:手术室?|开会|上课|飞机上|高铁上)"
    r"|有事|来不[成到]|走不开|脱不开身|抽不开身|不空|要出去|要出门|出差|加班|来不了|不合适|不要|不用了|没得空"
    r"|先?(?:不要|别|莫)来|除外|以外|不算|莫来|别来|莫得空|不得行)"
    r"|^.{0,3}(?:打|报|来|修|装|联系|约|说|买)(?:过(?![来去])|了(?![再就之以]))(?!.{0,3}吧)"
    r"|^.{0,3}(?:会不?会?下雨|下雪|天气|多少度|降温)"
    rf"|^[,， 我俺咱们人家里都也就还正好刚那天得要会约了预排是个在]{{0,8}}(?:(?:孩子|娃|孙[子女]|老伴)[要得]?)?"
    rf"(?:{_TAKEN})(?!门口|旁|对面|附近|后)"
    r"|^[ ,]*(?:(?:is|i|we|i'm|we're|im|i've|ive|my|have|got|am|are|will|must|need|to|a|an|the|be|go|see|at|in) )+"
    rf"{_TAKEN_EN}\b"
    r"|^我们?(?:要|得|约了)(?:去|上班|出差|出门|开会|带|送|接|陪|办|回|加班|看病|复查|值班)|^见"
    r"|^[^,，。]{0,2}(?:[装挂修弄干]不[成了上]|搞不赢|搞不成"
    r"|装不成|赶不及|来不及|赶不上)"
    r"|^'s (?:a |an )?(?:non-?starter|no[ -]?go|out\b|off\b|bad|no good|difficult|tricky|impossible|not)"
    r"|^就?(?:开始|起)就?(?:没|不|坏|漏|一直|老)"
    r"|^[ ,]*(?:i|we|i'm|we're|im)(?: (?:have|got|am|are|will|must|need))*(?: to| a| be)*"
    r" (?:work|busy|meeting|out|class|school|away|travel\w*|appointment)\b"
    r"|^[ ,]*(?:is|does|will|would|'s|i|im|i'm|i am|we|are|am)*\s*"
    r"(?:not|isn'?t|doesn'?t|won'?t|can'?t|no|bad|busy|at work)\s*(?:good|work|ok|okay|possible|available|free|home"
    r"|suit\w*|make|be home|for me|in (?:the )?(?:house|station|town)|comfortable|convenient|suitable|around|here|$)"
    r"|^,? ?bu (?:xing|fangbian|zai|keyi)\b"
)
_HAPPENED_BEFORE = re.compile(
    r"(?:从|自|打|每天?|天天|每个?|一|整个?|经常|老是|有时候?|平时|一到)(?:个|了)?$"
    r"|\b(?:since|broke|broken|stopped|started|died|began|happened|noticed|tripped|leaked|supposed to (?:come|be here)"
    r"|every|all|each|times|twice|already)\b[a-z' ]{0,16}$"
)
_HAPPENED_AFTER = re.compile(
    r"^(?:个|早上|早晨|上午|中午|下午|晚上|夜里|起来|一早|我们?|家里?|热水器|水|它|师傅|就|都|还|又|才|也|老|给|的时候"
    r"|[,， ])*"
    r"(?:突然|忽然|没动静|没人|没来|嘎嘎|拔凉|发现|开始|自己又|坏了?|漏|跳|掉闸|没热水|没有热水|不热|不加热|没电|不通电"
    r"|断电|不出|冒|滴|停水|停电|洗|睡"
    r"|醒|起床|泡|回来|用水|用热水"
    r"|做饭|(?:装|修|弄|搞)[好上完]了(?!再|就|以)|关掉|关机|刚(?!好)|来过|等了|第[一二三四五]次)"
    r"|^起来|^(?:还|都|就|才|也)?(?:是|有)?(?:凉|冷|冰)的?"
)
_ASKS_HOURS = re.compile(
    r"(?:你们|客服|师傅|公司|网点|热线|店).{0,8}放假|放假.{0,8}(?:吗|不|么|没|有人|上班|几天|安排|怎)"
    r"|(?<![\u3400-\u9fff])放假"
    r"|(?<![人我给])开门|关门|营业|上班(?:吗|不|么|没|时间)|上不上班|(?:客服|热线|电话|人)(?:.{0,6})(?:几点|在不在"
    r"|还有人|在线"
    r"|接听|值班)"
    r"|还有(?:客服|人)|几点(?:开始|开门|上班|下班|关门|结束)|值班|休息吗|工作日是"
    r"|\b(?:are|is|r) (?:you|u|the|your)(?: \w+)? (?:open|closed|working|available)"
    r"|(?:opening|working) (?:hours|timings?)|what time do you"
    r"|holidays?\b"
    r"|有人(?:接|听|值|管|伐|没有|冇)|有[没冇]有?人(?:接|听|管|做嘢)|有没有人接|能打通|几点可以打|休不休|休息不"
    r"|双休|工作日(?:吗|么|是)|开不开(?:[工门]|$)|^.{0,4}开吗|每天都开|24小时"
    r"|[几八九六]点(?:关|开)(?:始|门)?[是吧吗]|早八点到晚|有人吗$|(?<!家里)(?<!屋头)(?<!屋里)没得人(?!开门|在)"
    r"|打得通|歇不歇|网点有人|打还?接吗|那么早打"
    r"|能打这个号|打就没人|那[会时]儿?(?:打|候有)|加急费|贵些|能维修吗$|师傅上门不$|上门吗(?:你们|$|,最晚)"
    r"|这么早的班|kai bu kai|能约上门吗$"
    r"|\b(?:do|does) (?:you|your|the|technicians?)(?: \w+)? (?:come on|work|do|open|shut|close)\b|\b(?:open"
    r"|closed) (?:on )?(?:sat|sun|mon|fri)\w*\b|got open"
    r"|\b(?<!\bi )(?<!\bwe )(?<!\bi only )(?<!\bwe only )(?:you )?work"
    r" (?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|until when do you"
    r"|when does the (?:phone )?line|time can i call|lot in on|weekend rates"
    r"|someone to talk to at that hour"
)
_WANTS_ANOTHER = re.compile(
    r"改[到成约期]|挪|顺延|调整[到至]|师傅要是|打给我|打过来|打来跟|致电(?:本人|我)|回[电拨]|回我电话"
    r"|\b(?:call|ring|phone) me\b|\breschedul|\bmake it\b"
)
_PREFERRED = re.compile(
    r"(?:改到|改去|改成|改为|改在|改约|换到|换成|换|改|推迟到|推到|推去|延到|延后到|挪到|提前[到至]|调到|调整到|顺延[至到]|约到"
    r"|→|->|=>)\s*$"
    r"|\b(?:reschedule|move|change|postpone|push) ?(?:到|成|至|to) ?$"
    r"|\b(?:to|until|till|for|make it|made it|come)(?: on)?(?: the)? $"
)
_PREFERRED_A_LITTLE = re.compile(r"(?:是|(?<!原)(?<!本)(?<!来)(?<!前)约)\s*$")
_AGREED = re.compile(r"约(?:咗|了|好了?|的是?)$|\b(?:set|booked|fixed) for $")
_INSTEAD = re.compile(r"^ (?:instead|rather|is (?:better|fine|ok))\b|^(?:再|才(?!到)|可以|行|吧)")
_BESIDE_A_TIME = re.compile(
    r"[\s,。.!?~]|吧|啊|呀|哦|呢|的|嘛|可以|都行|行|好|就|在|有空|方便|我"
    r"|\b(?:on|at|in|the|please|pls|ok|okay|works?|is|fine|good|i'm|free|me|for|then)\b"
)
_NOT_A_TIME_BEFORE = re.compile(
    r"(?:[等拖买瞓睡放摆用住坏][咗了来]|保温到|超|超过|已经|退货?|质保|保修|第|停到|头天|昨天|前天|吵了|洗了|冻了|号|门牌)$|(?:现在|依家|而家"
    r"|now it's|it's now)(?:都|快|已经|是|差不多)*$"
    r"|\b(?:raised|ordered|booked|reported|received|delivered|asked|registered|logged|phoned"
    r"|(?<!somebody )(?<!someone )rang|called you"
    r"|complained|bought"
    r"|fixed|repaired|serviced|broke|died|failed|stopped|give back the [a-z]+|hand over the [a-z]+|spoke to me"
    r"|told me|(?<!if he )(?<!if they )came|cme|arri?ve?d|reached|turned up"
    r"|got (?:a |my |the |our )?(?:new )?[a-z0-9]+|visit was|from|since|waiting since like"
    r"|like seven in the|going to freeze"
    r"|(?:i|we|you|he|she|they)(?:'ve| have)? (?:ordered|booked|reported|raised|made|asked for"
    r"|paid)(?: (?!for)[a-z]+){1,3}"
    r"|leave|(?<!get it )(?<!get this )moving(?: out| house| home)?|changing (?:flats|house|home)|move out"
    r"|lease (?:ends|is up|expires)|flight|prayer|guests? arrives?|grandkids are coming|keep saying|like)"
    r"(?: it| on| at| the| this| in| me| from)* $"
)
_NOT_A_TIME_AFTER = re.compile(
    r"才回|(?:报|登记|投诉|反映|拉走|报修|下单)(?:上来)?[的单]|(?:快递|货|才|刚|就|已经)*(?:给我)?(?:送到|送来|送过来|到货?|签收|收到)了(?!再|就|以)|(?:我)?(?:一看|还是(?!来)|外壳|真是|真的|第|又|已经|派(?:了|来|过|的)|来过|来道歉|来砸|收到|刚|才知|一查"
    r"|一摸|就一直|自己"
    r"|电话(?:打|一直|没|占线|不|里)|好好|没)"
    r"|(?:无条件|无理由|能退|可以退|可以换|包退|诚意|都没|也没|雨|水都)"
    r"| it (?:only |just |still )?(?:shows?|stays|gives?|reads)\b|(?:的)?(?:大盘|新闻|天气)|(?:只|又|就)?(?:够|坏)"
    r"|[^,。!?;]{0,6}(?:验收|砸掉的|开业|到货|吊顶|零下|降温)"
    r"|(?:的?便宜|低价|谷)电|还(?:归|算)|收房|退房"
    r"|(?:就?要|就|打算|准备|计划)?(?:搬家|搬走|搬起走|搬进|搬去|搬新|入住|交房|退租|到期|开张)"
    r"|(?:娃|孩子|宝宝|老人|老伴)(?:要|在)?睡|(?:太|有点|有些)[晚早迟]|停[到水电]|(?:我|俺)?[要得](?:走|出门)"
    r"|(?: [a-z']+){0,2} (?:only lasts|already|was|it (?:was|is) not|still nothing|this charge)\b|'s? (?:is|on) the"
    r"| (?:i )?(?:already|can't|cannot)\b|坐到|(?<=sat) (?:at (?!\d)|in\b|down|there|for|on (?:the|my|our))| hao\b"
)
_TAKEN_AFTER = re.compile(
    r"[^,。!?;]{0,8}(?:停水|停电|停[水电]检修|家长会|吃席|坐席|帮忙|办酒|摆酒|喝酒席|要去|要开会|考试|手术|复查|体检|上医院|去医院|面试|开庭"
    r"|演练|检修线路|检修电路)"
    r"|[^,。!?;]{0,5}(?:办丧事|丧事|白事|红事|喜事|出殡|下葬|开席|结婚|办事[儿哩])"
    r"|(?:我|俺|吾|阮|爸|妈|老公|老婆|孩子|单位|公司|娃|我[爸妈])?(?:要|得)(?:接|送|陪|办|去|上|下地|赶|带|值|开|出|回|考|住|做)"
    r"|[冇没无唔]闲"
)
_TAKEN_BEFORE = re.compile(
    r"\b(?:warnings?|power cut|outage|power's off|water's off|exams?|funeral|wedding|surgery|interview|court|drill"
    r"|shift)"
    r"\b[^,.;!?]{0,30}? (?:on|for|at)(?: the)? $"
)
"""What keeps a customer from the visit on a day."""
_ASSERTED = re.compile(r"(?:是|系|改成|改为|改到|换成|就|工作日)$|\b(?:to|said|meant|until|till) (?:the )?$")
_FREE_THEN = re.compile("(?:我|家里|屋里|都|就|才|也)*(?:方便|有空|得空|有时间|得闲|打给|打我|在家|在屋|有人)")
_MADE_IT = re.compile(r"\bmake (?:it|that) $|改[到成约]$")
_MOVED_TO = re.compile(r"(?:改[到去成为在约]|换[到成])$")
_SETS_A_TIMER = re.compile(
    r"(?:预约|定|设)(?:加热)?(?:了|设了|的)[^,。]{1,6}点(?:烧|开|热|的水)|预约加热|报时|电便宜|\btimer\b|定时|峰谷"
    r"|[定设]了.{1,3}点开|时段怎么|预约两个|power mode"
)
_DEADLINE = re.compile(r".{1,4}[天日周]之?以?内|(?:with)?in .{1,8} (?:days?|weeks?)")
_GIVES_BACK = re.compile(
    r"退|换|反悔|\b(?:return|send\w* (?:it|this) back|takes? stuff back|refund|exchange|money back)"
)
_ALWAYS = re.compile(r"每次都[是说]|明天复明天|\bkeep(?:s)? saying|always tomorrow")
_NIGHT = re.compile(r"半夜里?|深夜|大半夜")
_BARE_DAY = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})号")
_HOUSE_NUMBER = re.compile(r"门牌|厝|地址|[栋幢楼巷路街]|弄(?![到成好坏去得走一])|单元|房号|室")
_PROMISED = re.compile(
    r"(?:说好?的?|讲好?|话|答应|通知|约[好了咗]?的?|预约的?|定的|不是说|shuo hao ?)(?:了|的|就|是|在)*(?:今天|昨天"
    r"|上午|下午)?$"
    r"|\b(?:said|promised|told|supposed to be|booked for|due)(?: me| us| it| he'd| a| the| call| callback| visit| would"
    r"| be| come| for| by| on| at| within| in)* ?$"
)
_LATE = re.compile(
    r"还[没沒未](?:来|到|人|动)|没人来|人呢|人影|没见|没到|放鸽子|爽约|都(?:快|要)?.{1,3}[点小]|现在(?=都|还|才|也|没|仲|$|[?!])|依家|仲未"
    r"|到这会儿|等了|干等|白等|拖到|派出来|怎么还|咋还|又没|天都黑|下山|落坡|没得影|都过了|等到|deng le"
    r"|\b(?:nobody|no one|it's (?:now|been|nine|three|already)|now it's|still (?:not|nothing|waiting|no)"
    r"|isn't here|not here|was this morning"
    r"|where is he|late(?! afternoon| morning| evening)|waited)\b"
)
_CANCELS = re.compile(
    r"取消|不用(?:再)?来|不用了(?!等)|就是不来|(?<![前后天午日点上晚])别来|不要(?:再)?来|唔使[嚟来]|不要了|不装了"
    r"|不修了|不做了|作废"
    r"|撤[了销回单]|销单|quxiao|qvxiao"
    r"|\b(?:cancel\w*|void|call (?:it )?off|strike me off|don't (?:send|come)|no need to come|need not come"
    r"|won't be needing)\b"
)
_MOVES = re.compile(
    r"(?<!用)(?<!别)(?<!不)改(?!锥)|换|挪|推|延|提前|往后|不是取消|不用取消|别取消|后天来|再来|等|重新|别今天来|到时"
    r"|\b(?:instead|move\w*|chang\w*|resched\w*|rather|postpone\w*|make it|another|not cancel\w*|but|shift\w*"
    r"|different)\b"
)
_VAGUE = re.compile(
    r"(?:今天|今日|今儿个?|今早|今晚|这两天|这几天|这周|早上|早晨|上午|中午|下午|晚上|晚间|夜里|夜晚|半夜里?"
    r"|白天|大清早|一早|清早|凌晨|晚|早|夜"
    r"|jintian|(?:this |the |in the )?(?:morning|afternoon|evening|night|aft)s?|today|tonight|tonite|this week|nights?)"
)
_CALLS_FOR = re.compile(
    r"[来装修拆到打拨催排搬]|上门|务必|拜托|请|回[电复话]|联系|派|安排|弄好|给我|可以|能[在不]?|方便|有空|有人|在家|[都也][成中]|都在|在的?$|得闲"
    r"|再|约|改|换|提前|最好|行不|行吗|行$|得唔得|必须|要$|之前|前$|全天|随便|办|动工|移|挂|就要|时间"
    r"|(?<![没冇])有(?:$|人)"
    r"|\b(?:come|comes|coming|arrive\w*|send|call|ring|phone|visit|install\w*|fit\w*|fix|repair|technician"
    r"|engineer|fitter|plumber|slot|appointment|booked|book"
    r"|please|pls|can|could|would|will|home|free|ok|okay|works?|fine|best|instead|better|confirmed|due|reach"
    r"|promised|want|try|moving|happen|get|later|need|make|change|convenient|available|any"
    r"|forward|possible|keyi|lai|shangmen|anzhuang|arvo|only|anytime|except|shift)\b|[👌🏠]"
)
_HABIT = re.compile(r"(?:每天?|天天|每个?|经常|老是|有时候?|平时)$")
_BEHAVES = re.compile(
    r"烧|[不就]热|凉|亮|灯|滴|响|跳闸|漏|忽冷|归零|摸着|自己(?:开|关)|的水 ?$|\b(?:cold|beeps?|trips?|dripping"
    r"|leaks?)\b"
)
"""What the heater does at a time: nobody wishes for that."""
_COMES_OUT = re.compile(r"出来|起来|下来|本来|后来|原来|自来水|打开|打着|一来")
_FOR_THE_VISIT = re.compile(
    r"^(?:的话)?(?:再|能|可以|才|我|都|就|，)*(?:来装|来修|来拆|来(?!水|客|不了|的时候)|上门|安排|打给|打(?!过)"
    r"|装(?!修)|可以|方便|有空|在家|在(?=$|[,。])|有人|都行|行|得|回电|正好|最好)"
    r"|^ (?:ok|works|is (?:ok|fine|better)|please|would be|pls)\b"
)


ARRIVAL = 4
"""The preference for a time at which the goods come."""


def asks_hours(text: str) -> bool:
    """Whether the message asks when the hotline or the workshop is open; who moves a visit or wants a call does not."""
    return bool(_ASKS_HOURS.search(text) and not _WANTS_ANOTHER.search(text))


def is_ruled_out(text: str, start: int, end: int) -> bool:
    """Whether the customer says of the time at `start`…`end` that it does not suit or is given up."""
    before, words = _before(text, start), text[start:end]
    if _RULED_OUT_BEFORE.search(before) and not words.startswith(("till ", "til ", "until ")):
        return True
    return bool(_RULED_OUT_AFTER.match(text[end : end + 24]) and not _MADE_IT.search(before))


def is_taken(text: str, start: int, end: int) -> bool:
    """Whether the day at `start`…`end` keeps the customer from a visit, or the visit is called off."""
    if _PROMISED.search(_before(text, start)) and _LATE.search(text):
        return False
    if _TAKEN_BEFORE.search(text[max(0, start - 60) : start]):
        return True
    if _TAKEN_AFTER.match(text, end):
        return preference(text, start, end) != 0
    is_told = has_happened(text, start, end) or _is_no_time(text, start, end)
    return bool(_is_cancelled(text, start, end) and not is_told)


def has_happened(text: str, start: int, end: int) -> bool:
    """Whether the words around a time of today or earlier tell what has happened then."""
    if _MOVED_TO.search(text[max(0, start - 12) : start]) or _FREE_THEN.match(text, end):
        return False
    return bool(_HAPPENED_BEFORE.search(_before(text, start)) or _HAPPENED_AFTER.match(text[end : end + 24]))


def is_unwanted(text: str, start: int, end: int) -> bool:
    """Whether a time that could be a wish is none: promised and not kept, cancelled, a habit, or no matter of ours.

    A time that is all the customer says is always a wish: it answers a question.
    """
    words = text[start:end]
    if not _BESIDE_A_TIME.sub("", text[:start] + text[end:]):
        return False
    if _is_no_time(text, start, end) or _is_over(text, start, words) or _is_cancelled(text, start, end):
        return True
    clause = _clause(text, start, end)
    vague = _VAGUE.fullmatch(words) and not _ASSERTED.search(_before(text, start)) and not _is_alone(text, start, end)
    tells = vague or _HABIT.search(_before(text, start)) or _BEHAVES.search(clause)
    return bool(tells and not _CALLS_FOR.search(_COMES_OUT.sub("", clause)))


def _is_no_time(text: str, start: int, end: int) -> bool:
    """Whether the words name no time of a visit: another matter, a habit, a timer, a house number."""
    words = text[start:end]
    return bool(
        _is_elsewhere(text)
        or _NOT_A_TIME_BEFORE.search(_before(text, start))
        or _NOT_A_TIME_AFTER.match(text, end)
        or _NIGHT.fullmatch(words)
        or _SETS_A_TIMER.search(text)
        or _ALWAYS.search(text)
        or (_BARE_DAY.fullmatch(words) and _HOUSE_NUMBER.search(text))
    )


def _is_over(text: str, start: int, words: str) -> bool:
    """Whether the time was promised and not kept, or limits a return."""
    return bool(
        (_PROMISED.search(_before(text, start)) and _LATE.search(text))
        or (_DEADLINE.fullmatch(words) and _GIVES_BACK.search(text))
    )


def _is_cancelled(text: str, start: int, end: int) -> bool:
    """Whether the visit is called off, and not for another at this time: `师傅别来了，礼拜四再来`."""
    return _is_off(text) and preference(text, start, end) != 0


@lru_cache(maxsize=8)
def _is_off(text: str) -> bool:
    return bool(_CANCELS.search(text) and not _MOVES.search(text))


@lru_cache(maxsize=8)
def _is_elsewhere(text: str) -> bool:
    """Whether the message is no matter of ours; asked for each of its times."""
    return is_another(text) and not speaks_to_us(text)


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether the words stand between pauses, as in a list of data: `许生 13530728864 下午`."""
    if not _BESIDE_A_TIME.sub("", _clause(text, start, end)):
        return True
    return not text[start:end].isascii() and (text[start - 1 : start] + text[end : end + 1]).strip(" ,。.;:") == ""


def preference(text: str, start: int, end: int) -> int:
    """0 for a time asked for instead of another, 1 for one asserted or given for the visit, 2 for one only named, 3 for
    one that was agreed before, `ARRIVAL` for one at which the goods come."""
    before, after = text[max(0, start - 12) : start], text[end : end + 24]
    if _PREFERRED.search(before) or _INSTEAD.match(after):
        return 0
    if _AGREED.search(before):
        return 3
    if is_arrival(text[:start], text[end:]):
        return ARRIVAL
    return 1 if _PREFERRED_A_LITTLE.search(before) or _FOR_THE_VISIT.match(after) else 2


def _before(text: str, start: int) -> str:
    return text[max(0, start - 28) : start]


def _clause(text: str, start: int, end: int) -> str:
    """The words around a time up to the next pause on either side."""
    first = max(text.rfind(mark, 0, start) for mark in ",。!?;") + 1
    last = min([at for mark in ",。!?;" if (at := text.find(mark, end)) >= 0], default=len(text))
    return text[first:start] + " " + text[end:last]
