"""What may point to a person, as patterns on the normal form of a line (Simplified, lower case, half-width).

Those whose name begins with EN_ and that are compiled look at capitals and are matched against the line itself. The
group `it`, where there is one, is what is masked. Words that only look like names stand beside what they would spoil.
"""

from __future__ import annotations

import re

HANZI = r"[\u3400-\u9fff]"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Numbers, whole or in part: typed, spoken, in pinyin.
PUBLIC_NUMBERS = frozenset({"12315", "12345", "95598"})
"""The consumers', the citizens' and the power company's numbers point to nobody, and are half a complaint."""

_CN_DIGIT = "零〇一二三四五六七八九幺妖腰洞拐勾两壹贰叁肆伍陆柒捌玖"
_SPOKEN_DIGIT = rf"(?:[两二三四五六]个)?[\d{_CN_DIGIT}]"
_PAUSE = r"(?:[\s,、.…~-]|嗯|呃|额|啊|然后|再|那个|就是){0,3}"
SPOKEN = rf"(?=[^{_CN_DIGIT}]{{0,6}}[{_CN_DIGIT}]){_SPOKEN_DIGIT}(?:{_PAUSE}{_SPOKEN_DIGIT}){{4,}}"
_DIGIT_WORD = (
    r"(?:(?:double|triple|treble) )?(?:zero|oh?|nought|one|two|three|four|five|six|seven|eight|nine"
    r"|ling|yao|yi|er|san|si|wu|liu|qi|ba|jiu|\d)"
)
IN_WORDS = rf"\b{_DIGIT_WORD}(?:[\s,.-]+{_DIGIT_WORD}){{4,}}\b"
RUN = re.compile(r"\d{5,}|(?<!\d)\d+(?:[\s\-_.·*/]{1,2}\d+)+")
DATE = re.compile(r"(?:19|20)\d\d([-./ ])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:19|20)\d\d")
LAST_DIGITS = re.compile(r"尾号|后[三四]位|最后.位|ending|last (?:four|4|three|3)")
SERIAL_SHAPE = r"(?<![a-z0-9])(?=[a-z0-9-]*[a-z])(?=(?:[a-z-]*\d){5})[a-z0-9]+(?:-[a-z0-9]+)*(?![a-z0-9])"
TOLD_TICKET = (
    r"(?:工单|订?单号|订单|order|ticket)\s*(?:号|no\.?|number|是|为|is|:|#|\s)*(?P<it>[a-z]{0,4}-?\d[\d-]{3,24})"
)
PLATE = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[a-hj-np-z][·•\s-]{0,2}"
    r"(?=[a-z]{0,5}\d)[a-hj-np-z0-9]{4,6}[挂学警港澳]?(?![a-z0-9])"
)
VISIT_CODE = (
    r"(?:验证码|校验码|口令|密码|\bpin|\botp|password|passcode|(?:your|my|the|is|visit) code)[^\d]{0,8}(?P<it>\d{4,})"
)
STAFF_NUMBER = r"工号[^\d]{0,6}(?P<it>\d{3,})"

# Accounts.
LINK = r"(?:https?://|www\.)[^\s\u3400-\u9fff]+"
EMAIL = r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"
SPELLED_EMAIL = r"[a-z0-9][\w.+-]*\s(?:at|艾特)\s[a-z0-9-]+\s(?:dot|点)\s(?:com|cn|net|org)(?:\s(?:dot|点)\scn)?"
ACCOUNT = (
    r"(?:微信|wechat|weixin|\bwx|\bvx|qq|抖音|支付宝|telegram|whatsapp)\s*(?:号码?|id|是|为|is|:|\s)*"
    r"(?P<it>(?=[a-z0-9_.-]*[\d_-])[a-z0-9][a-z0-9_.-]{3,24})"
)

# Places. The reader wants a region, or a street with a number; a line that is kept may not even name a room.
_FIGURE = r"(?:[a-z]?\d{1,4}|[零一二三四五六七八九十百]{1,4})"
HOUSE = (
    rf"{_FIGURE}(?:栋|幢|座(?!机)|单元|号楼|号院|弄|室|号房|房间?)"
    rf"(?:\s?{_FIGURE}(?![台个次天年月点升元块])(?:室|号|层|楼|房)?)?|{_FIGURE}(?:楼|层)\s?\d{{3,4}}"
)
_NAMING = (
    r"(?:(?![我你您他她它咱俺这那哪每各整全本在到去住从来是的个们买卖修装回老同农乡山别外新小旧]|.?[才天壁诉]小区)"
    r"[\u3400-\u9fff])"
)
"""A character that may belong to the name of a place, rather than to the sentence around it."""
ESTATE = rf"{_NAMING}{{1,5}}(?:小区|花园|花苑|公寓|新村|家园|山庄|嘉园|佳园|豪庭|华庭|雅居|大厦|公馆)"
STREET = rf"{_NAMING}{{1,5}}(?:路|街|大道|巷|胡同)\s?(?:\d+|[一二三四五六七八九十百]+)号?"
VILLAGE = (
    rf"{_NAMING}{{2,4}}(?:村|屯|寨)(?=\d|[的里这那,，。\s!！]|$)"
    rf"|{_NAMING}{{1,4}}(?:镇|乡|街道)(?:上|这边|那边)?{_NAMING}{{1,4}}[村组队社]"
)
TOLD_ADDRESS = r"(?:地址|住址)\s*(?:改[成为]|是|为|:)+\s*(?P<it>[^,。!?;\s]{2,30})"
HOME = r"(?:家住|住在|家在)\s*(?P<it>[^,。!?;\s]{2,16})"
EN_HOUSE = (
    r"\b(?:room|rm|flat|apt\.?|apartment|suite|building|bldg|block|tower)\s*(?:no\.?|number)?\s*#?"
    r"(?:[a-z]?-?\d+[a-z]?(?:-\d+)?|[a-h]\b)"
)
EN_STREET = (
    r"(?:\b\d{1,5}\s)?(?:\b(?!(?:the|main|on|this|that|my|our|your|a|down|across|of|in|at|next|to|by|near|from|same"
    r"|whole|wrong|right|old|new|and|written|are|is)\b)[a-z'’]+\s){1,2}"
    r"(?:road|rd|street|avenue|ave|lane|gardens?|plaza|estate|mansion|district|village|county)\b"
)
EN_TOLD_ADDRESS = r"\baddress(?: is|'s|:| -)\s*(?P<it>(?=[^。!?;]*\d)[^。!?;]{3,60})"
EN_PLACE = re.compile(
    r"\b(?i:live|living|located|stay|staying|from|in|at|near)\s+(?:(?i:in|at|near|on)\s+)?"
    r"(?P<it>[A-Z][a-z'’]+(?:,?\s[A-Z][a-z'’]+){0,3})"
)

# People.
_TITLE = (
    "先生|女士|小姐|太太|师傅|经理|主任|老师|医生|老板|阿姨|大爷|大妈|大叔|大姐|大哥|叔叔|奶奶|爷爷|主管|组长|队长"
    "|工程师|姐|哥|叔|嫂"
)
TITLED = re.compile(rf"(?=(?P<said>{HANZI}{{1,3}})(?P<title>{_TITLE}))")
NAMED = re.compile(
    r"(?:姓名|名字|名叫|叫做?|联系人|收货人|户主|业主|机主|经手人|负责人|报修人|师傅|客服|我是|我系|这里是"
    r"|老公|老婆|爱人|儿子|女儿|[爸妈])"
    rf"[:：是叫名字]*\s*(?=(?P<said>{HANZI}{{2,4}}))|(?:不是|而是|不叫)(?=(?P<end>{HANZI}{{2,3}})(?:[,，。]|$))"
)
NICKNAMED = re.compile(r"(?=(?P<said>[老小阿][\u3400-\u9fff]))")
SURNAMED = rf"姓\s*(?!名)(?P<it>{HANZI})(?=[的,，。\s!！?？]|师傅|先生|女士|小姐|$)"
NO_SURNAME = re.compile(
    r"(?:[哪那这一几两各]位|派|礼拜.|星期.|周[一二三四五六日天末]|谢谢|多谢|感谢|[任如为]何|[当到小按及]时|[连]同|[地对]方"
    r"|这边|[开关]于|公安)$"
)
NO_FIRST = frozenset("和于从向连都时来应管成能别那位派全计")
NO_NICKNAME = _words(
    "老房 老毛 老花 老顾 老应 老金 老保 老家 老婆 老公 老伴 老师 老是 老板 老和 老实 老化 老百 老万 阿里 阿姨"
    " 小时 小区 小于 小费 小包 小毛 小孙 小路"
)
WEEKDAY = re.compile(r"[周週][一二三四五六日天末].*")
_PINYIN_SURNAMES = (
    "wang|li|zhang|liu|chen|yang|zhao|huang|zhou|wu|xu|sun|hu|zhu|gao|lin|he|guo|luo|liang|song|zheng|xie|han|tang"
    "|feng|dong|xiao|cheng|cao|yuan|deng|shen|zeng|peng|lu|su|jiang|cai|jia|ding|wei|xue|ye|yan|pan|du|dai|xia|zhong"
    "|tian|fan|fang|shi|yao|tan|liao|zou|xiong|jin|hao|kong|bai|cui|kang|mao|qiu|qin|gu|hou|shao|meng|long|wan|duan"
    "|qian|yin|ouyang"
)
PINYIN_NAME = rf"^\W*(?P<it>(?:{_PINYIN_SURNAMES})(?: [a-z]{{2,6}}){{1,2}})\W*$"
EN_LOWER = (
    r"\b(?:this is|i am|i'm|im|it's|its)\s+(?P<it>(?!(?:in|not|back|just|only)\b|[a-z]+ing\b)[a-z'’-]{2,})"
    r"(?=\s+(?:from|here|speaking|calling)\b)"
)
EN_CUED = re.compile(
    r"(?:\b(?i:technician|engineer|worker|installer|repairman|plumber|agent|colleague|manager|guy|man|named?|called|mr"
    r"|mrs|ms|miss|dr|dear|hi|hello|thanks|regards|sincerely|with|by|from|for|to|husband|wife|mother|father|mom|dad"
    r"|son|daughter|friend|landlord|tenant|neighbou?r|owner)\b[,.:]*\s+)"
    r"(?P<it>[A-Z][a-z'’-]+(?:\s[A-Z][a-z'’-]+){0,2})"
)
EN_PAIR = re.compile(r"(?<=[a-z,.:;] )(?P<it>[A-Z][a-z'’]+(?:\s[A-Z][a-z'’]+){1,2})")
EN_GLUED = re.compile(r"(?<=[\u3400-\u9fff])(?P<it>[A-Z][a-z]{2,})(?![A-Za-z])")
NO_NAME = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december english chinese mandarin cantonese china weiya hotline service centre center"
    " customer after sales water heater electric wechat alipay taobao tmall jingdong suning amazon sms app qq i you"
    " your the my it is can please new year spring festival double eleven christmas eve error code model god god's i'm"
    " i'd i've i'll korean japanese russian french german spanish mrs mr ms miss sir madam great wall"
)
NO_NAME_AFTER_A_CUE = _words(
    "back before after plz pls please asap once when soon later if in from wrong right spelled misspelled missing not"
    " incorrect daddy now today tomorrow tonight again anytime at on about regarding ok okay for with"
)
