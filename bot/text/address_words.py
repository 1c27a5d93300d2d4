"""How addresses are worded: the patterns by which `bot.text.address` finds where they begin, go on and end."""

import re

BETWEEN = re.compile(r"[\s,、·\-/]{0,3}")
STRAY_SUFFIX = re.compile(r"(?:[省市区县镇州旗]|乡(?![下亲里]))(?![\u3400-\u9fff]?[路街道村])")
HANZI = r"[\u3400-\u9fff]"
NUM = r"[0-9零〇一二三四五六七八九十百幺两]"
NUMBERED = (
    rf"附?{NUM}+(?:-{NUM}+)*(?:号楼|号院|\s?号(?!人|机|线)|弄|栋|幢|座|单元|楼|层|室|房|组|队|社|邻|巷|街坊"
    rf"|街(?!坊)|路|梯|门|期"
    rf"|区|户"
    rf"|米)(?:之(?:[一二三四五六七八九十]{{1,3}}|[0-9]{{1,2}}))?"
    r"|附[0-9]{1,3}(?![0-9])|[0-9]{1,3}#(?:[楼栋座房]|-?[0-9]{2,5}(?![0-9]))(?:-?[0-9]{2,5}(?![0-9]))?|\([0-9]{1,2}\)"
    r"|[甲乙丙丁]\d{0,3}号|(?<![a-z])[a-z]\d{0,3}\s?(?:座|栋|幢|区|单元|室|房|塔)|(?:[a-z]"
    r"|[a-z]?\d+)-\d+[a-z]?(?:-\d+)?|[东南西北甲乙丙丁](?:座|单元"
    r"|门|侧|区|塔|户)"
)
LANDMARK = (
    r"人民医院|中心医院|卫生院|医院|酒店|宾馆|商场|超市|批发部|派出所|镇政府|乡政府|村委会?|居委会|村口|桥头|加油站"
    r"|地铁站|汽车站|火车站|公交站"
    r"|学校|小学|中学|大学|幼儿园|市场|家具城|广场|大厦|宿舍|(?:科技|产业|工业|软件|物流|创业|创意|文创|海创"
    r"|科创)园|工业区|生活区|家属区|开发区|园区|农场|林场|家属院"
    r"|大院|镇上|街上|银行|邮局|药店"
)
STREET = (
    rf"路口(?!腔)|(?:大道|街)口(?![味碑])|(?<![水电线管气油走半短断回思几封堵带问岔铁让])路(?!费|程|过|由)|大道|大街|公路|国道"
    rf"|街(?!道|坊)|街坊|(?<!个)巷|里弄|胡同|道(?={NUM}+号)"
    r"|(?<=[东南西北中新][一二三四五六七八九十])道"
)
DETAIL_UNIT = re.compile(
    rf"{NUMBERED}|(?:政务|高新|经开|滨湖|度假|保税)区"
    rf"|(?:(?![搬拆换到买]|(?<=\d)升)[\u3400-\u9fffa-z0-9]){{1,10}}?(?:(?:{STREET})(?:[东西南北中]段|[东西南北]口"
    rf"|[一二三四]段"
    rf"|[东西南北中](?= ?{NUM}))?"
    r"|小区(?!名|叫|里|没|停|物业)|花园|花苑|公寓|新村|社区|[围新屋]邨|自然村|村(?!大?[路道街]|小学|口|委)|(?:屯"
    r"|寨|庄|坊|苑|府|湾|庭|轩|阁|邸)"
    rf"(?!村|小区|花园|家园|公寓|{HANZI}{{0,2}}(?:大道|[路街巷])|组)|公馆|山庄|别墅|家园|名城|新城|雅居|华庭|豪庭|嘉园|佳园|厂(?!家|商)"
    rf"|(?<!公)园(?=[\s,。]|$|{NUM})|里(?=\d+-\d)|{LANDMARK})"
)
SMALL_PLACE = re.compile(
    r"(?:(?:我|俺|咱|阿拉|我家|咱家|人)们?(?:这边|这里)?(?:是|在|住在?|喺|搁)"
    rf"|(?:^|[,。;\s])(?:应该|应当|就)?(?:是|叫|改[成为])(?={HANZI}{{2,5}}(?:村|屯|寨|镇|乡|街道)))"
    rf"(?P<place>{HANZI}{{1,5}}(?P<village>村|屯|寨|庄|(?:湾|坳|沟|冲|坝|塘|坪|[镇乡])(?=的(?:[,，。\s]|$)))|{HANZI}{{2,4}}(?:镇|乡"
    rf"|街道)?)(?=的?(?:[,，。\s]|$)"
    rf"|的[老小阿]|(?<=村)的)"
)
TOWN_ALONE = re.compile(
    rf"(?:^|[,。;\s])住?(?P<place>(?:{HANZI}{{2,4}}[区县市])?(?!{NUM})(?:(?![我你他在到是的有个住搬])"
    rf"{HANZI}){{2,4}}(?:街道|镇|乡))(?=[,。;\s]|$)"
)
PIECE = re.compile(
    rf"(?<![不勿毋弗])(?:应该是|应该|应为|是|改[成为]|it's|should be)\s*(?P<piece>(?:附?{NUM}+(?:号楼|号院|栋|幢|座"
    rf"|单元|楼|层|室|房|组|弄)|[0-9]{{1,2}}f(?![a-z])|(?:room|rm|flat|apt|apartment|unit"
    rf"|floor) [a-z]?[0-9]{{1,4}}[a-z]?\b|[a-z](?:座|栋|幢|区))+)"
    rf"|不是[0-9a-z一二三四五六七八九十]{{1,4}}(?P<unit>座|栋|幢|单元|号楼|楼|层|室|号|弄)[,，]?\s*(?:应该|而)?是?"
    rf"(?P<other>[0-9a-z一二三四五六七八九十]{{1,4}}(?P=unit))"
    rf"|(?:门牌|房号|门号|室号|room (?:number|no\.?))[^,。]{{0,6}}?,?\s*(?:应该|应)?(?:是|is)?\s*"
    rf"(?P<room>[0-9]{{1,2}}[a-z][0-9]{{1,3}}|[0-9]{{2,5}}号?)(?=,?\s*(?:而)?(?:不是|not))"
)
PUT_RIGHT = re.compile(r"不是|\bnot\b|错|反了|说几遍|更正|更改|不对|搞混|看岔")
HOUSE = re.compile(
    rf"(?:{STREET}|小区|花园|花苑|公寓|新村|社区|村|屯|寨|庄|坊|苑|府|湾|庭|轩|阁|邸|公馆|山庄|别墅|家园|名城|新城"
    rf"|雅居|华庭|豪庭|嘉园|佳园|{LANDMARK})"
    rf"|{NUM}(?:栋|座|幢|单元|号楼|期|组|队|弄|巷)|[a-z]\d{{0,3}}(?:座|栋|幢|区|塔)|\d-\d"
)
NO_VILLAGE = frozenset(
    {"酒店", "农村", "乡村", "山村", "本村", "同村", "城中村", "外村", "本庄", "一个村", "本乡", "老家村"}
)
BESIDE = (
    r"斜?对[面过门]儿?|隔篱|边仔|[左右]手边|旁边?|边上|跟前|附近|后面|前面|后身儿?|后头|前头|背后|隔壁|门口|楼上|楼下"
)
TRAILING = re.compile(
    rf"[0-9]{{1,5}}[a-h](?![a-z0-9])|[0-9]{{1,5}} ?hao\b|(?:(?:[0-9]{{1,5}}"
    rf"|{NUM}{{2,5}})(?![0-9点时年月日号个天升块元台次fl]))|(?<![,，、\s])(?:{BESIDE})(?!有)|靠近.{{2,8}}"
    rf"|(?:{LANDMARK})|和?[\u3400-\u9fff]{{0,4}}(?:交叉口|交汇处|十字路口)|公寓|大楼|(?:tower|block|building|bldg|unit|room"
    rf"|rm)\s?[a-z0-9]{{1,4}}(?![a-z0-9])"
    rf"|[村屯庄]?[东西南北]头|村[东西南北头尾]|第{NUM}{{1,2}}(?:家|户|栋|排|座厝?|间)|老?屋[下里背场]|巷子里|坡上"
    rf"|{HANZI}{{1,6}}?(?:(?:生产)?队|组|社)(?![织长合保装会])"
    rf"|{HANZI}{{1,3}}(?:冲|塘|坑|岭|坪|坝|沟|垭|岗|圩|岙|坳|畈|垸|湾|坂|坡|墩|坞|垅|林)(?=[\s,。.]|$|{NUM})"
)
UNKNOWN_ABOVE = re.compile(r"(?:(?<=[是在住到])|(?<![\u3400-\u9fff]))[\u3400-\u9fff]{2,3}[省市县]$")
PLAIN_REST = re.compile(rf"{HANZI}{{2,6}}(?=[\s,。]|$)")
NO_REST = re.compile(r"[退换修装买卖问查取找谁哪怎吗没不要想会能打来去报都也还人]|投诉|咨询|客服|网点|多少")
BY_A_LANDMARK = re.compile(
    rf"(?:那边|这边|{BESIDE})?的{HANZI}{{1,8}}?(?:小区|花园|公寓|家园|新村)|{HANZI}{{1,8}}?(?:{BESIDE})(?:[那嗰]一?[家户栋间])?"
)
NEXT_TO_A_LANDMARK = re.compile(
    rf"{HANZI}{{1,8}}?(?:边边|后院儿?|下头|上头|后壁|{BESIDE})(?:[那嗰]一?[家户栋间])?(?=[\s,。;]|$)"
    rf"|{HANZI}{{1,10}}?(?:头一|最后一|第{NUM}{{1,2}}|那一?)[家户](?=[\s,。;]|就是|$)"
)
"""What a villager adds so that the house is found: `小卖店后院`, `村口大樟树左转第二家`."""
AFTER_A_NAME = re.compile(
    rf"(?:(?![到至或跟不还]"
    rf"|(?<![荣颐祥平永怡仁义共泰万])和(?![平谐信美睦园府苑家悦顺润泰景盛兴源庄]))[\u3400-\u9fffa-z]){{1,8}}?(?:{NUMBERED})(?!{HANZI}{{0,2}}钟)"
)
STOP = re.compile(
    r"[。!?;\n]|原来|新址|旧址|[装搬移迁拆]到|[装拆]在|(?<=[,，;])[装拆移](?=[\u3400-\u9fff]{2})|原先|唔系|不是"
    r"|勿是|那个|这个|那天|同一个|隔壁小区|门牌|[我你您他她它咱俺是]|热水器|电话|手机|号码|联系"
    r"|我姓|我叫|姓名|名字|型号|坏了|漏水"
    r"|漏电|不加热|不热|没热水|跳闸|不通电"
    r"|故障|报修|维修|安装|想装|要装|"
    r"修一下|来修|来装|上门|明天|后天|今天|下午|上午|早上|晚上|周[一二三四五六日天末]|下周|星期|礼拜|谢谢|麻烦|请"
    r"|师傅|你们|什么时候|买的|买了|"
    r"家里|这里|那里|那边(?!的)|就在|就是|这边(?!的)|有没有|能不能|可以吗|可以|需要|有人|有个|的(?!士"
    r"|[\u3400-\u9fff]{1,8}?(?:小区|花园|公寓|家园|新村)(?!的))|(?<!过)了|吗|呢|吧"
    r"|,?\s*1[3-9]\d{9}|\b(?:my"
    r"|phone|tel|call|please|thanks|mobile)\b"
)
CUE = re.compile(
    r"(?:地址|住址|坐标|定位|所在地|城市|住在|家住|我家在|家在|我在|住|位于|搬到|搬去|送到|装在|在|到"
    r"|改成|改为|(?<!的)是|address(?: is)?"
    r"|live (?:at|in)|zhu zai|wo zai)\s*[:：是]?\s*$"
)
STRONG_CUE = re.compile(
    r"(?:地址|住址|住在|家住|我家在|家在|搬到|搬去|address)\s*(?:改[成为]|是|在|[:：])*\s*$"
    r"|(?:地址|住址|路名|街名|小区名|门牌号?|楼号|栋号|房号)[^,。]{0,5}(?:错了?|不对)?[,，\s]*(?:应该|应当|应"
    r"|而)?是\s*$"
    r"|(?:我|俺)?家(?:应该)?是\s*$|[我俺](?:家)?住(?:的?是|在)?\s*$|说的?是\s*$"
)
ONLY_THERE = re.compile(
    r"[\s,。.!]*(?:(?:我|俺|咱|阿拉)?们?(?:家|人|现在|这边|这里|这)?(?:是|就?在|住在?|喺|系)?|地址[是:]?|家住"
    r"|家在)?[\s,]*"
)
NOTHING_MORE = re.compile(r"(?:的|这边|这里|那边|那里|市区|本地|啊|呀|哦|嘛|吧|呢|哈|咯|啦)*[\s,。.!~]*")
CLAUSE_ENDS = re.compile(r"(?:的|这边|这里|那边|那里|市区|啊|呀|哦|呢|哈)?(?:[\s,，。;!?.~]|$)")
UNSURE = frozenset({"朝阳", "chaoyang"})
"""Short names of a city that most customers use for a district elsewhere."""

TOWN_SHAPE = re.compile(
    r"[\s,]*(?P<town>[\u3400-\u9fff]{1,6}?(?:街道(?:办事处)?|镇(?!上)|乡(?![下亲里])))(?![\u3400-\u9fff]?[路街])"
)
VILLAGE = re.compile(
    r"^[\s,]*(?P<village>[\u3400-\u9fff]{1,8}?(?:村委会|行政村|自然村|(?<!新)村(?!大?[路道街]|小学|口)|屯|寨))"
)
_PHASE = r"(?: (?:phase|zone|area|section|stage) (?:\d{1,2}|[ivx]{1,3}|[a-z])(?![a-z\d]))?"
"""A part of an estate: "Vanke City Phase 2"."""
EN_UNIT = (
    r"(?:(?<![a-z])(?:room|rm|lane|flat|flt|apt|apartment|unit|suite|building|bldg|block|blk|tower|floor|house|villa"
    r"|dorm)|no\.?"
    r"|number)\s*\.?#?\s*[a-z]?-?\d{1,5}[a-z]?(?:-\d+){0,3}"
    r"|(?:block|blk|building|bldg|tower|unit) [a-z]\b|house no\.? \d{1,4}|\d{1,2}(?:st|nd|rd|th)? floor"
    r"|(?<![a-z])(?:ground|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|top) floor"
    r"|(?<![a-z\d])\d{1,5}(?!\d|\s?l\b|\s?lit)[a-z]?(?:-\d+){0,3}(?:/f)?"
    r"|(?<![a-z'])[a-z](?:[a-z' ]|\d(?:st|nd|rd|th)){1,30}?\b(?:road|rd|street|st|avenue|ave|lane|garden"
    r"|gardens|gdns?|village|plaza|lu|jie"
    r"|estate|residence|compound|court|villas?|manor|heights|mansions?|cent(?:re|er)|ctr|apts|apartments|terrace"
    r"|drive|crescent|square"
    r"|nong|(?:industrial|science|technology) park|bay(?! (?:rd|road|st|street|ave))|(?:tower|building)(?! \d))\b\.?"
    rf"{_PHASE}"
)
_EN_PLACE = (
    r"(?!my|phone|tel|please|and|thanks|nothing|everything|same|still|all|not"
    r"|mr|mrs|ms|miss|dr|contact|name|call|mob(?:ile)?\b|mobile|cell|tel|ph\b|heater|no hot|any|early|late"
    r"|(?:next |this )?(?:mon|tues|wednes|thurs"
    r"|fri|satur|sun)day|tomorrow|today|morning|afternoon|evening|it"
    rf"|the(?! [a-z]{{3,14}}\s*,\s*(?:no\.? ?)?\d))[a-z][a-z' -]{{1,30}}?{_PHASE}"
    r"(?=\s*[,.;]|\s*$|\s*[\u3400-\u9fff]|\s+(?:\d{6}|on|at|by|this|next|tomorrow"
    r"|today|for|between|after"
    r"|before|from|my|phone|tel|please|and|thanks)\b)"
)
_EN_ESTATE = r"(?:\s+(?!my|phone|tel|please|call|and|is)[a-z'][a-z' -]{2,25}?(?=\s*,\s*(?:no\.?\s?)?\d{1,4}(?!\d)))?"
"""The name that stands behind a block and before the street: "unit 8 tower 2 parkview, 200 Tianhe North Rd"."""
EN_ADDRESS = re.compile(
    rf"(?:{EN_UNIT})(?:\s*,?\s+(?:{EN_UNIT}))*{_EN_ESTATE}(?:\s*,\s*{_EN_PLACE}|\s*,\s*(?:{EN_UNIT})(?:\s+(?:{EN_UNIT}))*){{0,9}}"
)
NEXT_WORDS = re.compile(r"(?:[ ,]{1,2}[a-z']+){1,3}")
EN_ANOTHER = re.compile(
    r"\b(?:(?:my|our|the) )?(?:old|new|current|previous|present)(?: (?:one|address|place|home|house|flat|apartment)\b"
    r"(?: is)?(?: at| in)?|(?=:))(?=[ :])"
    r"|\b(?:currently|now) (?:at|in)\b|\bfrom\b"
)
"""What stands between two places, of which one is left and the other moved to."""
EN_PHONE = re.compile(r"(?<!\d)\+?\d(?:[ -]?\d){9,13}(?!\d)")
EN_STREET = re.compile(
    r"\b(?:lu|jie|road|rd|street|st|avenue|ave|lane|gardens?|village|plaza|estate|residence|compound|court|tower"
    r"|building|villas?|manor|heights|cent(?:re|er)|ctr|apts|apartments|terrace|drive|crescent"
    r"|mansion)\b"
)
LEAD = re.compile(
    r".*(?:地址|住址|住在|家住|我家在|家在|我在|我住|位于|搬到|搬去|改成|改为|是|就在|在|到|从|来|嚟|去|给"
    r"|[我咱你他她]们(?:这个?|那个?)?|小区(?:名字?)?叫|公司叫|说|住(?!宅|房"
    r"|院)|喺|系|搁|[:：，,。;!? ])"
)
DENIED = re.compile(r"(?:不是|不在|并非|唔系|唔喺|勿是|毋是)$")
FLOOR = re.compile(rf"{NUM}+(?:楼|层)")
ONLY_LANDMARK = re.compile(rf"{HANZI}{{0,3}}(?:{LANDMARK})(?!{BESIDE}|的?{BESIDE})")
GAP = re.compile(
    r"[\s,，、]*(?:[呃嗯]|那什么)?[\s,，、]*(?:小区|老楼|老小区)?(?:[就]?在)?(?:那[块片]儿?|那疙瘩|那旮旯|嗰边|那边|这边|那里|那个|附近|的)?[\s,，、]*(?:老楼"
    r"|老小区)?[\s,，、]*(?:那个|就是|的)?[\s,，]*"
)
EN_LOTS = re.compile(r"\b(?:dorm|room|rm|flat|apt|apartment|unit|block|blk|house|building|bldg|tower)\b")
EN_LANDMARK = re.compile(
    r"\b(?:i'm|i am|we're|we are|i live|we live|address is|it's|its|it is) (?:in|at|is)? ?(?:the |a )?"
    r"(?P<place>(?:[a-z]+ ){0,2}(?:house|shop|flat|building|bungalow|restaurant) (?:behind|next to|opposite|beside"
    r"|across from"
    r"|in front of) (?:the )?[a-z]+(?: (?!in )[a-z]+)?(?: in [a-z]+)?(?:,? (?:number"
    r"|no\.?) \d{1,4})?)(?=\s*(?:[,.;]|$))"
)
EN_MORE = re.compile(
    r",? \d{1,2}(?:st|nd|rd|th)? (?:floor|fl)\b| ?\d{0,4} ?(?:层|楼|室|房|号)(?!线)"
    r"|,? (?:room |flat |apt |no\.? ?)?\d{1,4}(?:-\d{1,5}){1,3}\b| ?hao\b(?: \d{1,4}\b)?| ?nong\b(?:,? (?:house"
    r"|no\.?)? ?\d{1,4}\b(?: hao\b)?)?"
)
EN_BESIDE = (
    r"(?:beside|behind|opposite|next to|above|across from|in front of|past(?= the)|near)"
    r" (?!it\b|me\b|the (?:heater|tank|pipe|tap|wall|unit|panel|cover|valve|bottom|top|boiler|shower|basin|sink"
    r"|toilet"
    r"|bath|kitchen|meter|socket|plug))(?:(?:the|an?) )?[a-z'’]+(?: (?!and\b|i\b|my\b|is\b|leak)[a-z'’]+){0,3}"
)
EN_DOOR = r"(?:, (?:the |an? |with (?:the |an? )?)?[a-z]+ (?:gate|door|building|house|fence|roof|wall)\b)"
EN_BY = re.compile(
    rf"(?:^|(?<=[.;] )|\b(?:it's|it is|we're|i'm|i live|we live|located|just|right) )(?P<place>{EN_BESIDE}{EN_DOOR}*)"
    r"(?=\s*(?:[,.;]|$))"
)
"""A house told by what stands beside it: "beside the old cinema, green gate"."""
EN_BY_BEFORE = re.compile(rf"(?:^|(?<=[.;,:] )){EN_BESIDE}, $")
EN_BY_BEHIND = re.compile(rf"(?:,? (?:{EN_BESIDE})(?=[,.;]|$)|{EN_DOOR})+")
EN_WRONG = re.compile(
    r"\bstreet (?:is|name)|\baddress\b|di ?zhi|\bnot\b|wrong|should|meant|mean\b|sorry|typo|correct|cuo"
)
EN_RIGHT = re.compile(
    r"(?:^|[,:.;] |\b(?:is|it's|be|read|meant|mean|shi) |[是系改] ?)(?P<place>(?!not\b|the\b|my\b|is\b|it\b|i\b)"
    r"(?:[a-z']+ ){1,2}(?:road|rd|street|avenue|ave|lane|lu|jie))(?=,? (?:and )?not\b|[,.! ]*$)"
)
"""A street that is put right: "Baker Street, not Banker Street"."""
RIGHT_NAME = re.compile(
    r"(?:^|[,。;\s“「]|[是叫])(?P<place>(?:(?![是叫的])HANZI){1,5}(?P<kind>[路街巷村庄屯镇乡湖湾里园苑城桥庙]))"
    r"[”」]?[,，]?\s?(?:而)?"
    r"(?:不是|唔系|勿是)[“「]?HANZI{1,5}(?P=kind)".replace("HANZI", HANZI)
)
"""A street, a village or a lake for another of its kind: `是黄家湖，不是王家湖`."""
RIGHT_PLACE = re.compile(
    rf"(?:应该|应当|应|其实)?(?<!不)(?:是|叫|改[成为])(?P<place>{HANZI}{{2,6}}(?:小区|花园|公寓|家园|新村|花苑|苑|府|山庄|社区|大道|路|街|巷"
    r"|村|镇))(?=[,。\s]|$)"
)
EN_WITH_PLACE = re.compile(
    r",? (?:[a-z']+ )?(?:town|township|university|college|school|hospital|office|market(?: area)?|hotel|branch)\b"
)
"""What goes on with a region: "Ninghai, Xidian town"."""
EN_CUE = re.compile(
    r"(?:(?:it's|it is|its|is|correct|address|dizhi|shi|the|new|one|at|in|to|should be|that's|we're|we are|i'm"
    r"|i am|i|we"
    r"|live|living|residing|lives|stay|staying|come|go)[ :]+)+|\d (?=(?:room|rm|flat|apt|unit|block|blk|building"
    r"|bldg)\b)"
)
ESTATE_NEXT = re.compile(
    rf"(?:(?![退换修装买卖问查取找谁哪怎吗没不要想会能打来去报都也还人烟坏漏热电响姓叫请先女师已上下午时天约急收])"
    rf"{HANZI}){{4,8}}(?=[\s,。;]|$)"
)
"""An estate behind the number of its street: `光华大道三段1868号锦绣森邻`."""
LONG_REST = re.compile(rf"{HANZI}{{2,12}}(?=[\s,。;]|$)")
HEARSAY = re.compile(
    rf"(?:^|[,。;\s]|住在?|[家就]在|地址[是:]?)(?P<place>(?:村[头口]|{HANZI}{{0,3}}(?:供销社|大队部|小学|卫生院"
    rf"|粮站|祠堂|庙|戏台|桥头|[槐樟榕柳榆]树"
    rf"|水塔|井台|碾坊|磨坊)){HANZI}{{0,6}}?(?:(?:{BESIDE}|底下|[往向][东南西北前]|左[转拐]|右[转拐])"
    rf"{HANZI}{{0,2}}?(?:第{NUM}{{1,2}}[排家户栋](?:平房)?|头一家|最后一家)|底下那[家户]))"
)
"""Where a villager says the house stands who names no region: `老供销社后面第二排平房`."""
NO_PLAIN_REST = re.compile(r"[烟坏漏热电响水修装]")
FLOOR_AND_ROOM = re.compile(rf"{NUM}+[楼层]{NUM}{{2,5}}[室房]?")
IS_LANDMARK = re.compile(
    rf"(?:{LANDMARK})|[东南西北]门|{HANZI}{{0,6}}(?:[去进送]|住进)医院|(?:同|本|新|老|旧|[这那]个)小区.*|[哪每]个?[镇村乡街].*"
    rf"|约?[0-9]{{1,2}}-[0-9]{{1,2}}(?:[,，]?{HANZI}{{0,8}}(?:医院|学校))?"
)
DAY_AFTER = re.compile(
    r"(?:左右|前后|上午|下午|早上|晚上|中午|全天|安装|装机|拆机|来|上门|[之以][前后]|到货|取消|可以|行|有空|在家)"
)
ESTATE_BEFORE = re.compile(rf"(?:[叫到在住是]|[\s,。:]|^)(?P<estate>(?!(?:地址|小区|住址)){HANZI}{{2,3}})$")
BUILDING_NEXT = re.compile(rf"[,\s]?{NUM}+(?:栋|幢|座|号楼|期)")
ESTATE_AND_BUILDING = re.compile(rf"{HANZI}{{2,8}} ?{NUM}+(?:号楼|栋|幢|座|期)")
LIVES_IN = re.compile(r"\b(?:live|living|house is|home is|we're|i'm|i am|we are|located) in (?P<place>[a-z']+)\b")
ON_THE_WAY = re.compile("村口|桥头|镇上|街上|村委会?")
