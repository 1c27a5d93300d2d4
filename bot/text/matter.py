"""What a message is about: the heater, or another thing that this hotline cannot help with. Pure.

It only decides whether a word is a value ("洗衣机漏水" names no fault of a heater); danger is judged apart, in
`bot.text.hazard`.
"""

import re

APPLIANCE_ZH = (
    "电饭[锅煲]|微波炉|烤箱|空气炸锅|电磁炉|洗衣机|烘干机|冰箱|雪柜|冰柜|冷柜|空调|冷气机?|电视机?|彩电"
    "|[抽吸]?油烟机|洗碗机"
    "|消毒柜|吹风机|风筒|取暖器|小太阳|电暖器?|电?风扇|吊扇|电热毯|充电器|充电宝|(?<!跟)电脑|笔记本|平板|打印机"
    "|电动车|电瓶车|汽车|车子"
    "|摩托车?|[燃煤]气灶|煤气炉|灶具|煤器灶|煤炉|电?热水壶|烧水壶(?!烧)|电水壶|豆浆机|破壁机|榨汁机|台灯|灯泡"
    "|吊灯|吸顶灯|客厅灯|熨斗|扫地机|吸尘器|饮水机"
    "|(?<!推销)净水[机器]|净化器|加湿器|除湿机|路由器|音响|浴霸|暖气片?|地暖|壁挂炉|集中供[热暖]|太阳能|空气能"
    "|[燃煤然]气(?:热水[器炉]|炉)|马桶(?!上)|门锁(?!碰)"
    "|手机屏幕?|手机(?=坏|没电|打不开|黑屏)|笔记本电脑|咖啡机|按摩椅|摄像头"
)
APPLIANCE_EN = (
    r"(?:rice |pressure |slow )?cookers?|microwaves?|ovens?|(?:air ?|deep )?fryers?|stoves?|hobs?|washing machines?"
    r"|washers?|(?:tumble |hair ?)?dryers?|fridges?|refrigerators?|freezers?|dish ?washers?|air ?con\w*"
    r"|(?:fan|gas|space|room|oil|instant gas) (?:heaters?|geysers?|boilers?)|oil-filled radiators?|radiators?"
    r"|fans?|irons?"
    r"|kettles?|toasters?|blenders?|tvs?|televisions?|computers?|laptops?|tablets?|iphones?|phone (?:screen"
    r"|charger|battery)s?"
    r"|chargers?|power ?banks?|scooters?|cars?|bikes?|trucks?|vacuums?|(?:kitchen )?sinks?|toilets?"
    r"|underfloor heating|electric blankets?|smoke detectors?|restaurants?|roofs?|windows?|(?:gas )?stoves?"
)
_APPLIANCE = re.compile(
    rf"{APPLIANCE_ZH}|(?<!like a )\b(?:{APPLIANCE_EN})\b|kongtiao|ranqi|weibolu|bingxiang|xiyiji|dianshi\b"
)
_ELSEWHERE = re.compile(
    r"天气|下不下[雨雪]|会下[雨雪]|[今明]天几度|[星礼]期几|周几|农历(?![^,。]{1,4}[月日])|几号[^来上装修]?$|高铁票|的高铁|火车票|车票"
    r"|机票|航班|挂号|体检|会议|放款|贷款|大盘|股票"
    r"|考试|生日|吃啥|吃饭|做饭吃|心情|跺脚|工地|带伞|tianqi|xia ?yu"
    r"|\b(?:weather|rain|snow|typhoon|flights?|hair(?:cut|dresser\w*)|dentist|doctor's|(?:english|piano) lessons?"
    r"|hotel|tickets? to"
    r"|football|on tv|birthday|loans?|petrol|bananas|google rank|post office|girlfriend|ceiling lamp|what day is it"
    r"|i am (?:happy|sad)|how are you doing)\b"
)
_HOUSE_CALL = re.compile(
    r"师傅|安装|上门|预约(?!体检)|派人|移机|\b(?:visit|appointment|technician|engineer|install\w*"
    r"|fitter)\b(?! to the)"
)
_TO_US = re.compile(
    r"师傅[^,.;。]{0,12}(?:[到来]吧|改|挪|别来|再来)|师傅(?:明天|后天)来吧|让他[^,.]{0,8}来|就来|拜托|维修人员|提前[至到]|调整[至到]|往后|约了.{1,8}(?:检修|维修|安装)|改[到成约期去]|挪|推[到迟]|延[到后期]|换到|回电|回拨|打给|打过?来|再[打来]|[来打]吧"
    r"|\b(?:call|ring|phone|try) (?:me|us|back|my|again)\b|\bcall ?backs?\b|\bmake (?:it|that)\b|\bwould (?:do"
    r"|suit)\b|\bany (?:day|time)\b"
    r"|\b(?:could|can) (?:he|it|you|your \w+|the \w+) (?:come|make|be|do|wait|slide|move)\b"
    r"|\b(?:visit|the (?:fitting|removal|repair)|(?:your|the) (?:man|fitter|guy|engineer|plumber))\b"
)
"""What is asked of this hotline whatever else is told: a visit, a call, another time for either."""
_OURS = re.compile(
    r"(?<!燃气)(?<!煤气)(?<!然气)(?<!太阳能)(?<!空气能)热水[器炉气汽]|(?<!饮水机不出)热水(?![器炉壶喝])|冲凉炉"
    r"|厨宝|电热(?!毯|水壶)|雅丽诗|威雅"
    r"|内胆|镁棒|防电墙|花洒|洗澡|冲凉|装机|移机|拆机|wy ?\d{4}|yls|dszf|reshuiqi|rsq|安装时间|上门时间|回电"
    r"|(?<!fan )(?<!gas )(?<!space )(?<!room )(?<!oil )(?<!gas water )\bheaters?\b|(?<!gas )\bgeysers?\b|\bhtr\b"
    r"|(?<!gas )\bboilers?\b|hot water|shower|\bweiya\b|technician|fitter|installation|\bthe visit\b"
)


def is_another(text: str) -> bool:
    """Whether `text` (a normal form) speaks of another appliance or of no matter of ours, and not of the heater."""
    if _OURS.search(text):
        return False
    return bool(_APPLIANCE.search(text) or (_ELSEWHERE.search(text) and not _HOUSE_CALL.search(text)))


def speaks_to_us(text: str) -> bool:
    """Whether `text` asks for a visit or a call, so that all else is only the reason: a dentist, a car."""
    return bool(_TO_US.search(text))


def belongs_to_another(text: str, start: int, end: int) -> bool:
    """Whether what stands at `start`…`end` of a normal form is told of another thing named beside it."""
    return bool(_OWNER_BEFORE.search(text[max(0, start - 40) : start]) or _OWNER_AFTER.match(text[end : end + 40]))


_PLACES_ZH = "楼上|邻居家?|屋顶|楼顶|房顶|墙面|天花板|下水道|自来水管道|全楼|小区|电话|短信"
_PLACES_EN = r"upstairs|neighbou?rs?(?:'s?)?(?: \w+)?|ceilings?|streets?|drum|whole (?:street|building|area)|road"
_OWNER_BEFORE = re.compile(
    rf"(?:{APPLIANCE_ZH}|{_PLACES_ZH})(?!的?热水[器炉])[^,。!?;: ]{{0,7}}$"
    rf"|\b(?:{APPLIANCE_EN}|{_PLACES_EN})(?:'s)?(?: (?!and|but|so)[a-z']+){{0,4}} ?$"
)
_OWNER_AFTER = re.compile(
    rf" (?:{APPLIANCE_EN}|neighbou?rs?)\b|(?: [a-z']+){{0,3}} (?:from|out of|in|on|of|by|near"
    rf"|over) (?:[a-z']+ ){{0,2}}(?:{APPLIANCE_EN}|{_PLACES_EN})\b"
)
