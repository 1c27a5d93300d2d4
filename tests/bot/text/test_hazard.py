"""A reported danger is never missed, and a denial or the name of a protective device is none."""

import re
import time

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.hazard import TAIL, hazard, only_denied

REPORTS = {
    "shock": [
        "热水器漏电", "熱水器漏電了", "漏 电 了", "水龙头有电", "电了我一下", "有人触电", "跑电了", "会电人",
        "是不是漏电了啊", "没有地线 现在漏电", "不是漏水是漏电", "怕是漏电了", "热水器外壳摸着电手",
        "水龙头把我电得往后一跳", "电笔碰水龙头红灯亮了", "用万用表量了水龙头有九十多伏", "被花洒电了一下",
        "我摸到水管手一下子缩回来了", "我妈洗澡的时候突然大叫一声，说有电", "每次碰都有静电打我", "师傅说水路带电",
        # dialects
        "遭电打了一哈，手杆现在都是木的", "那水龙头老电人了", "漏咗電，隻手痺晒", "頭先沖涼俾水電親",
        "热水器触电哦吓煞人了", "洗澡洗到一半被電到手都麻了", "這水龍頭會電到人",
        # misheard, pinyin, mixed
        "热水器楼电了", "热水器漏店了", "洗澡出电了", "lou dian le", "re shui qi lou4dian4 le", "reshuiqiloudianle",
        "xi zao chudian le", "hua sa dianren", "wo bei dian le yi xia", "louden le kuai lai", "heater 漏电 please come",
        "水 has electricity",
        # English of all kinds
        "heater gives me a shock", "got shocked by the tap", "when i wash i got electric from water", "electrik shok",
        "got zapd in the shower lol not funny", "I touched the tap and it threw me against the wall",
        "the tester lights up when I hold it to the faucet", "my husband measured 90 volts on the pipe",
        "geyser giving current", "electric bite me when i wash", "my plumber says the casing is live",
        "it takes a while to warm up and then the tap gives me a jolt",
    ],
    "tingling": [
        "水有点马手正常吗", "花洒有点码手",
        "水龙头有点麻", "洗澡的時候手麻", "冲凉嗰阵隻手痹痹哋", "花洒出来的水像针扎一样",
        "开热水的时候手指头刺挠刺挠的",
        "手刚伸到水底下就像被什么东西咬了一口", "我孙子说奶奶水咬我", "这水管摸着打手", "手碰到外壳被打了一下",
        "水管子麻人得很", "洗个澡浑身麻酥酥", "水里麻嗖嗖的", "龙头一碰就麻首", "shui long tou ma shou", "shou ma le",
        "手上像有蚂蚁在爬，一开热水就这样", "the tap tingles", "I feel pins n needles under the water",
        "the tap bit me",
        "my fingers buzz when I hold the shower head", "prickly feeling in the bath", "hand 麻",
    ],
    "smoke": [
        "不加热 还冒烟", "maoyan le", "热水器毛烟了", "没电了，冒过烟", "墙里头滋啦一声就冒烟了", "厝內熱水器冒煙",
        "浴室里好大的烟", "热水器 冒 黑 烟", "no hot water and smoke coming out", "pls help smok from plug",
        "smoke has stopped but I'm scared",
    ],
    "burning": [
        "没有热水 有股焦味", "插头烫手", "热水器里头有烧胶皮的味道", "厕所里一股子燶味", "热水器焦忒了，一股味道",
        "插座有燒焦的味道", "水一热就有股烧塑料的味儿", "线路烧糊了", "插头跟塑料一块化了", "有jiao味",
        "you yi gu jiaowei",
        "burning smell from heater", "plug melted", "brning smel in bathroom", "smells like melted plastic",
        "plug went brown and smells of burning", "black soot on the wall above the switch",
    ],
    "fire": [
        "著火了", "打火花", "插座啪地一声，一团火", "热水器底下着了", "插頭冒火花", "我家插座冒火了", "发现起火了",
        "火灭了",
        "热水器着货啦", "cha zuo zhaohuo", "you huo hua", "heater is on fire", "sparks fly out of the switch",
        "the unit caught alight", "fire!",
    ],
    "burst": [
        "内胆爆炸了", "打电话给你们内胆爆了没人接", "水箱崩开一条口子，热水乱喷", "插头炸了一下", "热水器炸啦",
        "tank exploded", "hot water burst out of it", "the whole thing went bang",
    ],
    "scald": [
        "我妈被热水烫伤了", "小孩胳膊烫起大水泡", "我爸被热水烫脱一层皮", "滚水淥到手，起晒泡", "蒸汽烫伤脸",
        "water scalded my hand", "I was burned by hot water", "my baby's skin is peeling from the hot water",
    ],
    "hurt": [
        "老人在浴室叫不醒", "我老公洗着洗着倒下了", "老公洗澡晕在里面", "有人倒在浴室里", "she is unconscious",
        "热水器掉下来砸到我妈", "my mother fainted in the shower",
    ],
    "protection_light": [
        "防电墙灯亮了", "防电墙指示灯闪个不停", "防电墙亮红灯", "插头上那个防电墙滴滴叫",
        "fang dian qiang deng liang le",
        "the protection light is on", "the 防电墙 lamp is red", "leakage light is on",
    ],
}  # fmt: skip

NOT_DENIED = [
    # it has stopped, so it was
    "现在不冒烟了，能用吗", "没冒烟了，刚才冒了一大股", "不麻手了? 现在不麻了",
    "no smoke any more but it smelled burnt",
    "not sparking any more",
    # a denial denied
    "没有说不漏电", "不是没漏电，是你们没测出来", "谁说不漏电",
    # a "not" of something else
    "不止漏水还漏电", "不小心被电了一下", "没修好又冒烟", "不知道为啥手麻", "差点没被电死", "没敢再用，怕再被电",
    "not just a leak, it's sparking", "nobody answers and it's on fire", "why not come, it is smoking",
    # suspected now
    "会不会是漏电啊", "该不会漏电了吧", "担心是漏电", "是不是漏电", "if I touch the tap I get a shock",
    "I'm afraid it's on fire",
    # beside a protective device, an idiom, another appliance
    "漏电保护器跳了，手还麻", "漏保跳了以后水还是电人", "气死我了，漏电你们也不来", "等了三天水龙头还麻",
    "洗衣机好好的，热水器漏电", "洗澡有触电般的感觉", "热水器冒黑烟幸福小区3栋",
    "刚才触电了，没有的事我不说",
]  # fmt: skip

HARMLESS = [
    # denied
    "没有漏电", "没漏电就是不热", "没有冒烟也没有糊味", "一点都不麻", "没有人受伤", "冒烟倒没有", "没有触电",
    "测过不漏电", "既不漏电也不冒烟", "没发现漏电", "没被电到", "没有说漏电，说的是漏水", "mei loudian jiushi bu re",
    "there is no burning smell", "no sparks or smoke, it just won't heat", "it doesn't shock", "nothing is burning",
    "there's no tingling or anything", "nobody got hurt",
    # asked, feared or supposed
    "会不会漏电", "热水器会漏电吗", "怎么防止漏电", "怕漏电不敢用", "害怕触电", "万一漏电了怎么办", "要是着火了谁负责",
    "听人讲漏电会麻手，平时该怎么预防", "hui bu hui loudian", "can it catch fire", "could the tank burst",
    "what if it leaks electricity", "how do I avoid burns", "is there a risk of electric shock",
    # it has been mended
    "漏电的问题已经修好了，谢谢",
    # protective devices and their tripping
    "有没有漏电保护", "漏电保护器跳闸", "漏电保护器跳了", "漏保跳闸", "空开跳了", "一开机就跳漏保", "防电墙灯不亮",
    "does it have leakage protection", "earth leakage breaker trips", "smoke detector", "RCD trips",
    # electricity as such
    "热水器没有电", "热水器有电但是不加热", "电费太贵", "打电话给我", "请致电我", "通电没反应", "家里停电了",
    "my current address is 5 Fengxiang Road", "the electric bill is too high", "we have no electricity",
    "live chat please",
    # 麻
    "麻烦你们快点来", "住在麻章区", "我叫麻小军", "我在吃麻辣烫", "手麻是颈椎病吧", "我人都麻了，修三次了",
    "腿都站麻了",
    "等得我腿都麻了", "师傅麻利点", "huishou ma jiu de", "mafan kuai dian lai ren",
    # 烟 and 火
    "火星路1号", "我家住火光新村3栋", "烟雾镇白烟路8号", "火大", "我等得冒火", "师傅冲我发火", "气得七窍冒烟",
    "油烟机坏了",
    "师傅在我家抽烟", "烟囱在哪装", "燃气灶打不着火", "stop burning my money", "fire your technician",
    "your sale is on fire",
    "do you sell spark plugs", "he was smoking in my bathroom",
    # 爆 and 炸
    "气死我了", "气炸了", "我家猫炸毛了", "你们电话打爆了都没人接", "我要曝光你们", "爆炸头", "水管爆了", "轮胎爆了",
    "don't blow up at me", "I exploded at him", "burst into tears",
    # words that sound like danger
    "我住3楼店里", "举报诈骗", "感冒严重来不了", "热水器是二手吗", "似乎未修好", "5楼电话13800138000", "漏垫圈了",
    # other words
    "水太烫怎么调", "120升的多少钱", "我家热水器不加热", "一塌糊涂", "焦作市解放区", "打手机13800138000",
    "tangshan lu 5 hao",
    "I am shocked at the price", "shocked by the bill", "shocking service", "we had a heated argument",
    "he has a hot temper",
    "water is a bit cold", "the number is 13800138000", "my battery is dead", "hospital appointment on Thursday",
    # another appliance
    "电饭锅冒烟了怎么办", "微波炉着火了", "手机充电器漏电", "充电宝爆炸", "My toaster is smoking",
    "the fridge shocks me",
    "there's a burning smell from my car",
    "不是不是没有触电没有的事啊你记错了",
    "漏电，没这回事",
]  # fmt: skip

# A danger of an earlier time that has been mended, and what is asked of devices, offers and guarantees.
SETTLED = [
    "以前漏电修好了，这次是显示屏花了", "上次报的漏电那单，师傅说修好了，系统里结单了吗",
    "上回漏电修的那次，发票上的检测费是什么", "去年漏电修过了，这次想移机", "上次漏电是2021年买的那台，型号是YLS-D50",
    "之前修过漏电，现在没问题", "冒烟的那台拉走了，新机到了没", "旧的漏电扔了，新的到了来装",
    "谢谢你们师傅把漏电的问题修好了", "多亏师傅，漏电的毛病解决了", "漏电是误报，不用派人",
    "漏电那单已经结了吧，发票给我",
    "邻居那台同款漏过电，我这台没开封，也不想要了", "焦味是隔壁炒菜糊了，不用来了",
    "last month's shock was fixed, this time it is the remote",
    "It was cured of that electric leak last year, this time it's the display",
    "上次触电多亏你们，谢谢", "上次漏电修好了但是收费太贵", "去年漏电那次的检测报告能发我吗",
    "水温多少度会烫伤人", "给老人设个不会太烫的温度", "新机有股橡胶味正常吗", "触电的原理是什么",
    "是不是所有热水器都会漏电", "漏电保护器灯不亮",
    "is an old heater a fire risk",
    # supposed, asked of a device, a guarantee or an offer
    "内胆要是爆了，赔不赔", "漏电会报警吗", "漏电时会自动断电吗", "漏电险怎么买", "水温多少不容易烫到人",
    "插座多大功率不会烧", "打雷天洗澡会被雷电到吗", "不用叫救护车", "mei ren shoushang", "腰不好搬不动倒不动了",
    "防电墙那个灯没亮", "冻得手发麻", "冷得我手都麻", "第一次烧水有点塑料味，正常吗", "花洒崩了，换一个",
    "煤气灶打火打不着", "煤气爆炸怎么办", "墙砖爆了要重贴，热水器先拆", "睡觉手麻", "吃了花椒舌头麻",
    "机器老了怕它炸了，拆走", "轮胎爆了怎么换，爆胎", "油锅起火怎么灭", "墙砖崩裂了要重贴",
    "之前报漏电，电工查了不是漏电，取消吧",
    "卫生间要爆改，热水器先移走", "朋友在群里转了个视频，说热水器漏电",
    "would you pay if the tank bursts", "is a burst tank covered by the warranty",
    "does your warranty cover a burst tank", "will 70 degrees scald a child", "how can I stop kids getting burnt",
    "my fingers are numb with cold",
]  # fmt: skip

# Mended words beside a danger that may last.
NOT_SETTLED = [
    "等你们把漏电修好了我再洗", "漏电什么时候能修好", "上次漏电修好了没有", "上次漏电修过还是漏",
    "老热水器漏电，想换新的",
    "旧的漏电，什么时候给换", "漏电修好了吗，还麻", "你们说漏电修好了，我老婆洗澡手麻", "焦味好像是隔壁，不知道是不是",
    "糊味是厨房那个热水器发出来的", "那台漏电的机器还在墙上", "上次漏电那单怎么还没来人", "去年漏电修过，最近又有点麻",
    "师傅修过漏电，可是龙头还有电", "漏电三天了没修好", "上次师傅来修，结果漏电了", "去年修过，漏电",
    "那次修完就开始漏电",
    "上次漏电，麻烦派人来，谢谢", "上次漏电的发票我有，现在又电人了",
    "之前修好的地方冒烟", "上次修的漏电，没几天手麻", "去年解决的麻手问题回来了", "热水器去年修好了，漏电了",
    "冻得手发麻，一摸龙头更麻",
    "第一次烧水有点烧塑料味", "the one you fixed is smoking", "you repaired it last week and it shocks us",
    "it was fixed but sparks", "last year's repair, and it tingles", "technician fixed it and now smoke",
    "the technician repaired the tap that shocks", "you said it was fixed, my son got zapped",
    "it sparked last week",
]  # fmt: skip

# A danger that is told beside a question, hearsay, a denial or a fear, in passing or of the past.
TOLD_IN_PASSING = [
    "刚才手麻了一下，这正常吗", "它冒烟了会不会爆炸", "我老公说洗澡的时候被打了一下", "昨天被电了一下，今天没事了",
    "水龙头摸着有点麻，是不是正常现象", "洗澡的时候感觉有点电，请问还能用吗", "插头有点焦味，要紧吗",
    "闻到一股糊味，会不会着火啊", "它滋滋响还闪了一下火花，会不会爆炸", "插座黑了一块，是不是要换插座啊",
    "我媳妇说热水器那边有股烧东西的味道", "我妈说她洗手的时候被电了", "儿子说花洒电他，我也不知道真的假的",
    "孙子讲洗澡水扎人，是咋回事", "室友说昨天洗澡被电到了，我没试过", "租客跟我说水龙头有电，我在外地",
    "房东说没事，可我摸龙头就是麻", "我爸昨晚洗澡被电了一下，今天不敢洗了，你们说还能修不",
    "上个礼拜冒过一次烟，后来又好了", "前天插座冒了下火花，现在好好的，还能继续用吗", "去年也电过我一次，今年又来了",
    "以前就麻过一次，修好了又麻", "早上起来闻到焦味，现在没了", "刚刚砰的一声，然后就没热水了，会不会是炸了",
    ("喂你好啊，我姓李，我家热水器是前年买的，平时都挺好的，就是昨天晚上洗澡，我一碰那个龙头哎呀手就跟针扎一样，"
     "我也不知道怎么回事，师傅什么时候能来看看啊"),
    ("同志你好，我想问问你们上班到几点，还有我家这个水呢有时候不热，"
     "插头那里有点黑黑的，还有味道，然后我再问下保修多久"),
    ("我这个人啰嗦你别嫌，我家那个水温一直不稳定，遥控器也不好使，对了上次洗澡还把我电了一下，"
     "不过也就一下，然后就是水小，你看能不能派个人"),
    "先问一下保养多少钱，然后我家老头子说摸到热水器铁皮那里手发麻，我说是静电，他非说不是，那个保养包不包清洗",
    "其实也没啥大事，就是不太热，然后呢我女儿说有烟从上面出来，我没看见，你们周末上班吗",
    "你好我想约个清洗，机器用了五年了，最近开的时候有点烧焦的味道，清洗一次多少钱",
    "我不是要修，我就想问问，洗澡时候身上麻酥酥的是正常的吗", "请问防电墙灯亮是什么意思",
    "防电墙的灯一直红着，这个要紧不", "电笔一测龙头就亮，是不是感应电，没关系吧",
    "漏保跳了，我推上去，摸水又麻，会不会漏电啊", "漏电开关跳了，而且插头烫得很", "跳闸之前闻到有股糊味",
    "一插就跳闸，还冒火花", "一开就跳闸，插座都烧黑了", "跳闸了，我老婆说被电了一下",
    "不热，也不漏水，就是碰到水有点麻", "没有冒烟，但是有一股糊味", "没漏电吧应该，就是摸到花洒有点刺手",
    "不是漏电，就是摸上去有点麻麻的", "烟倒没有，就是插头那块化了", "我没触电，是我儿子触电了",
    "没爆炸，就是着了一下火，已经灭了", "我听说热水器会漏电，我家的好像就是，摸着麻",
    "网上说会麻手就是漏电，我家的就麻手", "新闻里说的那种情况我家也有，洗澡时水会电人",
    "听人家说冒烟要拔插头，我家现在就在冒烟", "邻居家的炸了，我家的现在也在冒烟", "隔壁王姐家的漏电，我们家的摸着也麻",
    "如果是感应电的话为什么我天天被电", "如果不开加热就不麻，一开加热就麻手", "要是我碰那个阀门就会被电一下",
    "我怕它爆炸，因为它现在一直在冒白烟", "会不会爆炸啊，里面咕噜咕噜响还冒烟",
    "老人洗澡刚才触电了，现在人没事，这个你们管不管", "怎么办啊，水一碰就电人", "为什么我一洗澡手就麻",
    "怎么我每次关水都被电一下", "热水器怎么会电人啊", "怎么会有糊味呢", "为啥插头这么烫，都变形了",
    "哪有热水器会打手的啊", "你们的热水器电人知道不", "热水器漏电谁负责", "你们的热水器漏电把我妈电了，赔不赔",
    "孩子被烫了，胳膊红了一大片，怎么处理", "水突然变烫把我烫了一下，是不是恒温坏了",
    "这个月第二次冒火星子了，你们管不管", "头先冲凉畀电亲，仲用唔用得㗎", "个花洒有啲痹手，系咪漏电呀",
    "我阿妈话冲凉嗰阵手痹，系咪正常㗎", "插苏燶咗，使唔使换", "部机出烟喎，会唔会爆㗎", "冲凉遭电了一哈，啷个回事嘛",
    "屋头老汉儿说洗澡水打人，不晓得咋个的", "水龙头摸到麻麻的，得不得行哦", "那个插头都烧糊了咋还不来人呢",
    "俺家那热水器老电人了，是不是得换了", "一摸那铁管子就打手，咋整啊", "龙头上有电伐，我摸上去手麻呀",
    "插头烊脱了，要紧伐", "洗身軀的時候被電到，這樣正常嗎", "昨天洗澡被電了一下 今天還能用嗎",
    "那个我刚才洗澡的时候水里有电把我麻了一下然后我就关了请问现在怎么弄",
    "我跟你讲哦我早上洗脸的时候手一碰水就弹开了像被电了一样这个是什么问题啊", "shui long tou ma shou zheng chang ma",
    "zuotian bei dian le yi xia", "cha tou hei le hai neng yong ma", "xi zao de shi hou shou ma",
    "I got a small shock yesterday, is that normal?",
    "my wife says she felt something in her hand when she touched the tap",
    "my husband told me the shower bit him this morning",
    "it smoked a little last night but now it's fine, can I still use it?", "is it normal that the tap tingles",
    "is it normal to feel tingling in the water?", "why do i get a shock every time i touch the tap",
    "why does my shower shock me", "there was smoke, will it explode?", "can it explode? it's making smoke",
    "it sparked once, should I be worried", "if I touch the pipe while showering I get a tingle",
    "the plug is a bit brown and warm, is that ok", "my son says the water stings him, is it the temperature maybe",
    "kid got scalded by the sudden hot water, what now",
    "hello, I want ask price for clean, also when bath my hand feel electric little, thank you",
    "sir the machine it smell like burn plastic, is normal for new one?",
    "hi it's not heating well and by the way my flatmate got zapped, do you work on Sunday",
    "excuse me, yesterday is coming smoke from the heater, today not, can use?",
    "water give me small electric, is dangerous or not",
    "my grandma fell in the bathroom after feeling a shock, she is ok now", "breaker trips and the socket is black",
    "RCD trips and I felt a tingle on the tap",
    "I don't think it is a leak but I feel a buzz when I hold the shower head", "no smoke but the plug has melted",
    "not a big problem, just a little shock from the tap sometimes",
    "my neighbour's exploded and now mine is smoking too", "I heard they can shock people and mine did it today",
    "it doesn't heat, it's noisy, and last week it gave my dad a jolt, how much is a repair",
    "we had a fire at the socket last month, it was replaced, now it's cold again",
    "the protection wall light is on, what does that mean", "smells like something burning when it heats, normal?",
    "听说热水器漏电了要断电，我家水龙头现在就有电", "我看新闻说会触电，我昨天洗澡也被电了一下",
    "网上说摸着麻就是漏电，我摸着就麻", "抖音上说热水器冒烟要换，我家的也冒烟了", "听邻居说我家阳台的热水器冒烟了",
    "邻居打电话来说我家着火了", "物业说我们家热水器漏电到楼下了", "楼下说天花板上面有焦味",
    "人家说洗澡会被电，我不信，结果今天真的被电了", "朋友来我家洗澡被电了一下", "我同事来借住，说洗澡水麻手",
    "要是碰水就被电，这样能洗吗", "如果我摸龙头就会麻", "只要一开热水就麻手，会不会漏电啊",
    "如果开着电源洗澡的话手就会麻，关了就不会", "万一再被电怎么办，我昨天已经被电过一次了", "怕再冒烟不敢开了",
    "我怕出事，刚才插头那里冒了点烟", "担心会爆炸，机器底下一直滋滋冒火星", "会不会爆炸啊我刚才听见里面砰一下",
    "会不会着火啊，插座都发黑了", "这样会不会触电，我洗手的时候有点麻麻的感觉", "是不是漏电了，我妈说碰水有点麻",
    "不知道是不是漏电，反正手碰到就缩回来", "应该没事吧就是偶尔麻一下", "这是正常的吗，洗澡时脚底麻",
    "水龙头会电人正常吗", "热水器会麻手怎么办", "热水器会电人，你们来看看", "怎么会冒烟呢", "怎么洗着洗着就被电了",
    "什么原因啊，洗澡会电人", "什么情况下会麻手，我家就是一碰就麻", "有的时候热水器会麻手", "容易漏电，已经电到我两次",
    "不然我也不会打电话，都被电了", "否则我不会这么急，家里插座都着火了", "能不能快点来，漏电了",
    "能不能派人来看看漏电", "会不会把房子烧了，现在都冒火了", "注意到插头冒烟", "怎么检查，摸上去是麻的",
    ("你好是这样子的我这个热水器买了三年了嘛然后一直都没什么毛病然"
     "后今天早上我婆婆洗脸她说手麻我就想问一下你们这个保修是几年啊"),
    ("师傅您好，先跟您说下型号，雅丽诗60升的，去年买的，洗着没事，"
     "就是关水那一下龙头会弹手，像静电，别的都好，您看要不要紧"),
    "我是想问清洗多少钱的，哦对了，插头有点烫，还有点糊味儿，清洗顺便看看行不行", "没有触电，就是水有点扎手",
    "没有漏电吧，但是洗的时候身上酥酥麻麻", "没烧没冒烟，就是有一股塑料烧着的味道", "漏保没跳，但是摸到花洒有电的感觉",
    "跳闸了，合上以后插头冒烟", "一插就跳闸还打火", "一开就跳掣，插苏有燶味", "漏電掣跳咗，仲有陣燶味",
    "上回漏电跳闸修过，这回直接电到我手", "我家电饭锅没事，是热水器冒烟", "以前被电过一次，一直没敢用",
    "前年就着过一次火", "昨晚砰的一声，今早没热水", "孩子说洗澡水咬人", "老太太讲洗手像针扎",
    "zuo tian shou ma le yi xia", "wo ma bei dian le", "I read online that tingling means leakage and my tap tingles",
    "I heard these heaters can shock you and yesterday I got shocked",
    "saw a video about heater fires, now mine is smoking", "my neighbour says there is smoke coming from my heater",
    "my friend got a shock in my shower", "if I touch the tap when it's on I get a shock", "if I turn it on it sparks",
    "whenever I shower I feel a tingle, is that dangerous?", "is it dangerous that the plug got burnt?",
    "can you come, heater smoking", "could you send someone heater sparking",
    "can you please tell me why it shocks me", "what should I do my heater is smoking", "what do I do, it's sparking",
    "what should I do if it shocks me again", "will it shock me again", "is it safe to use after it gave me a shock?",
    "is it safe or not i get shock yesterday", "afraid to use it, it zapped me", "I'm worried because I saw sparks",
    "how do I stop the sparks", "how can I stop it shocking my kids",
    "is it true a small shock is ok? I had one this morning", "how dangerous is the tingling I feel in the shower",
    "what temperature should I set, my kid got scalded", "I am scared it will explode, there is smoke",
    "there's a chance it's on fire", "Would it be normal that water bites a little?",
    "does a burning smell mean it's broken?", "it does smoke, it does smell", "no idea why but the tap zapped me",
    "my son said nothing at first but he got a shock on Monday", "not urgent I guess, small tingling in the fingers",
    "ok thanks, and one more thing, the socket is brown and hot", "我老公说他洗澡时水有点咬手，让我问问是不是正常",
    "我媳妇非说有烧糊味，我鼻子不灵闻不出来", "昨儿个洗澡给我电一激灵，这算质量问题不", "上周洗澡被电过，这周还没试",
    "师傅走了以后插座就冒火星，是不是没装好", "装好第一天就麻手，会不会地线没接", "我担心漏电，因为我妈昨天洗澡喊麻",
    "听说防电墙能防电，那我为啥还被电", "不是说防电墙不会漏电吗，我刚被电了", "说好的防漏电呢，我家水管子都带电了",
    "你们广告说绝对不会电人，结果昨天电到我女儿", "如果不是我手快拔了插头就烧起来了", "要不是及时关了电就着火了",
    "幸亏没着火，就是冒了一阵烟", "差点着火，插头都烤化了", "没人被电到，不过龙头用电笔一测是亮的",
    "邻居也说闻到我家烧焦的味道", "楼上漏水漏到我家热水器，然后就冒烟了", "我用热水的时候总有点刺刺的，是水质问题吗",
    "问下水质会不会让手刺痛，我洗的时候就刺痛", "同事家没事，我家的就电人", "别人家都好好的，就我家的麻手",
    "我朋友是电工他说我家水管有电", "新闻里不是老说漏电么，我家这个今天真漏了，水一碰就麻",
    "你帮我看看是不是正常哈，洗碗的时候指尖一跳一跳的麻", "沖涼嗰陣有少少痹，係咪正常", "頭先插蘇有火花，仲可唔可以用",
    "阿拉囡囡讲龙头有电，触手个", "俺爹洗澡让水打了一下子，没啥大事", "洗身軀手會麻麻，敢有要緊",
    "jin tian cha zuo mao yan le zen me ban", "diandao wo le", "if the shocks continue I will return it",
    "if it shocks me one more time I'm suing", "my neighbour smelled burning from our bathroom",
    "told you last week it shocks, nobody came", "I read the manual but it doesn't say why the tap tingles",
    "is it supposed to tingle", "should the socket be this hot and brown?",
    "can a burning smell be normal in the first week? mine has one", "is that smoke normal",
    "wife scared to bathe since it shocked her on Sunday", "maybe I imagine, but the water feel electric",
    "does it matter that the plug sparks when I pull it out", "he says it's nothing but I saw flames for a second",
    "我在网上买的热水器漏电了", "网上买的，插上就冒烟", "抖音上买的你们的机器，第二天就漏电", "电视上广告买的，漏电",
    "你们新闻上吹得好听，我家漏电你们管不管", "视频我拍了，热水器冒烟", "我拍了视频，插座打火", "报道给媒体，漏电不管",
    "小红书推荐的这款，洗澡电人", "听说你们修得快，我家热水器漏电", "听人说找你们就行，热水器冒火了",
    "邻居家借的电笔，一测水管有电", "隔壁家都闻到焦味了", "楼上家热水器漏电，水滴到我这边",
    "朋友家的热水器漏电，麻烦派人去看看", "表姐家的热水器冒烟，你们赶紧来人", "容易跳闸，还电人",
    "小心点吧，我碰一下就被电", "请注意安全，水管带电", "我怕了，水龙头电人", "怕死了，冒烟了", "惊死我了，插苏冒烟",
    "吓死我了热水器炸了", "有没有人管啊，热水器漏电", "有没有人 漏电了快来", "能不能马上来人冒烟了",
    "能不能来，着火了", "什么时候来啊漏电呢", "什么情况啊冒烟了", "有些热水味道，插座糊味", "那种麻的感觉，一碰就有",
    "如果方便请马上来，漏电了", "要是有空就来看看，水麻手", "万一出人命怎么办，龙头带电呢",
    "如果今天不来我就投诉，漏电三天了", "没有师傅来，漏电好几天", "漏电你们没有人管吗", "漏电的时候你们师傅都不来吗",
    "漏电会不会死人", "这种漏电的情况正常吗", "漏电的风险你们承担吗，都电了我两回", "漏电吗这是，手麻",
    "I bought it online and it shocks me", "read your manual, still sparks",
    "I saw your ad online and bought it, now the plug melted", "heard a bang and saw smoke", "I heard sparks",
    "I heard crackling and the plug is burnt", "they say come tomorrow but it is smoking",
    "people say I'm crazy but the tap shocks me", "can you check, the tap gives electric shock",
    "could you come today the plug is melting", "can I get someone, the heater is smoking",
    "can I get help smoke everywhere", "can it wait, there is smoke", "will you come? the socket sparks",
    "will it take long? we have smoke here", "would you believe it, the shower zapped me",
    "is it possible to come today, the heater is sparking", "is it possible to send someone, burning smell",
    "how long until you come, sparks flying", "what if someone dies, the tap is live",
    "before I buy another one fix this, it shocks us", "safe to say it shocked me",
    "the risk is real, it zapped my son", "do you know the heater shocks", "does anyone care that it's smoking",
    "should I be worried that it sparked", "the news is bad, heater on fire",
    "true story, the tap electrocuted my dog", "my neighbour's son got a shock in our shower",
    "my neighbour's plumber says the pipe is live", "my friend's kid was burned by our shower",
    "网上说这款好，结果买回来就漏电", "抖音直播间买的，漏电", "看到视频教程自己装的，一开就冒烟",
    "新闻联播的时候热水器冒烟了", "电视里正放着呢，热水器砰一声炸了", "看电视呢，热水器突然冒烟",
    "我在看新闻，浴室就着火了", "刷着视频呢闻见热水器焦味", "报道师傅没来，热水器漏电",
    "朋友家装的好好的，我家的电人，安全吗", "同事家也是你们的，没事，怎么我家的就麻手", "便宜的热水器就是不行，漏电",
    "这种便宜的热水器老漏电，我家的", "有些热水器漏电，我这台就是", "什么时候会漏电的我也不知道，反正一摸就麻",
    "防止漏电装了漏保，可还是被电", "怕漏电换了插座，结果还是麻手", "为了避免触电穿了拖鞋，还是麻",
    "都说会漏电我不信，今儿真电着了", "出过烟没有我不清楚，有焦味倒是真的", "没有师傅说的那种冒烟，但是有焦味",
    "没闻到焦味但看到烟了", "不发烫，就是插头发黑了", "没烧黑，就是有烧焦味", "插头不烫但是发黑",
    "how often do I have to tell you it shocks me", "the chance of repair today? it's smoking",
    "on the news of your recall: mine smokes", "what to do if nobody comes and the heater sparks",
    "what should I do the heater is shocking us", "saw a review, bought it, got a shock",
    "I watched a video how to fix it and now the plug smokes", "I read the article and checked: the tap is live",
    "read the reviews before buying but it still zapped me", "he heard people scream, the heater exploded",
    "what temperature is normal? it scalded my son", "kept my kids from being hurt but the heater is on fire",
    "can cause trouble I know, but it sparks", "is the smoke possible from steam?",
]  # fmt: skip

# Danger in general: asked about, feared, heard of, befallen others; breakers that trip; denials of many words; anger.
IN_GENERAL = [
    "热水器用久了会爆炸吗", "这种电热水器会不会电死人啊", "听说电热水器电死过人，是真的吗",
    "新闻里说有热水器爆炸的，我家这台安不安全", "老人家一个人洗澡会不会触电啊，我有点不放心",
    "十二年的机器了还能接着用吗，会不会漏电", "边加热边洗澡有没有触电的危险",
    "我邻居家的热水器前阵子炸了，我家这台同款的要紧吗", "网上看到说热水器漏电电死人，你们家的有保护没有",
    "打雷的时候洗澡会被电到吗", "打雷天用热水器安全吗，会不会触电", "没有地线的话是不是容易漏电",
    "你们这个防电墙是干什么的，能防触电吧", "我想问一下啊，就是我妈老说洗澡要先拔插头，不然会电着人，是不是真的要拔啊",
    "插头一直插着会不会着火啊", "热水器一直通电会起火吗", "长期不关会不会烧起来",
    "想买一台给我爸妈用，就怕漏电，你们的安全不", "准备买一台，朋友说便宜的容易漏电", "买之前想问下会不会漏电",
    "内胆会不会爆啊，我看抖音上有人家的炸了", "抖音上看到热水器爆炸的视频好吓人，我们家的会这样吗",
    "那种热水器烫伤人的事多不多", "温度调到75度会不会把人烫伤", "小孩子自己开水会不会烫着，有没有儿童锁",
    "怎么才能避免小孩被烫伤", "给老人用调多少度不会烫伤", "水温太高会烫伤小孩不，能锁温度吗",
    "万一哪天漏电了，它会自己断电吗", "如果漏电了它会不会报警", "假如冒烟了应该先关水还是先断电",
    "要是真漏电了人会怎么样", "用了八年了，是不是到年限了，听说超年限会爆炸",
    "人家说热水器超过八年不换会炸，我家都用了九年了", "热水器放在阳台晒着会不会自燃啊",
    "电线有点老了，用3千瓦的会不会起火", "插座是10安的，带得动吗，会不会烧",
    "我家插座是老式的，插上去会不会把插座烧了", "线是两个半平方的够不够，会不会把线烧坏",
    "空烧会不会把机器烧坏，会不会着火", "没水的时候开了会不会干烧爆炸", "泄压阀堵了会不会爆炸",
    "泄压阀一直滴水是不是怕内胆爆炸才滴的", "冬天结冰了会不会把内胆冻裂爆掉", "你们这个有漏电的风险吗",
    "我同事说他家以前洗澡被电过，你们的会不会这样", "同事家的热水器漏电，把他们吓坏了，我想换个安全点的，有推荐吗",
    "我表姐家别的牌子的热水器冒烟了，所以想换你们家的", "上次新闻讲一家三口洗澡触电没了，我就想问问咱家这个保不保险",
    "前几天看报道，说有人洗澡触电身亡，我家老太太天天念叨，想问一下有没有必要换", "老听人说热水器会麻手，是怎么回事",
    "为什么有的热水器会麻人", "请问什么情况下热水器会漏电", "什么原因会导致热水器漏电呢", "怎么看热水器漏不漏电",
    "怎么检测热水器有没有漏电", "在家怎么测试漏电保护好不好使", "想请师傅来检查一下有没有漏电隐患",
    "能不能来人给测一下漏不漏电，放心一点", "担心漏电，想约个保养", "心里老怕触电，洗澡前都要拔插头，能不能不拔",
    "我胆子小，总怕它炸，晚上能不能一直开着", "冲凉嗰阵使唔使熄掣，会唔会漏电㗎", "会唔会爆㗎，部机用咗十年喇",
    "老人家冲凉惊触电，有冇得加装保护", "阿婆话新闻讲热水炉会爆炸，真唔真㗎", "热水器会不会电死人哦，我屋头老人怕得很",
    "用久了要不要得哦，会不会遭电哦", "这玩意儿会不会漏电啊，俺家老太太不敢使", "老用着能不能着火啊，俺有点膈应",
    "伐晓得会伐会漏电，阿拉屋里厢老人怕得来", "請問熱水器會不會爆炸呢 我家用了十一年", "聽說洗澡會觸電 是真的嗎",
    "re shui qi hui bu hui bao zha", "yong jiu le hui lou dian ma", "请问一下热水器用十年了会不会有危险啊会不会爆炸啊",
    "那个我就想问一下就是那个热水器它会不会漏电啊就是老人家用", "洗澡要不要断电呀 会不会触电的 网上说法好多",
    "说是要拔了插头再洗不然触电这个说法对吗", "can you get electrocuted by a water heater",
    "can I get a shock if I shower while it is heating",
    "is it dangerous to shower during a thunderstorm, could I be electrocuted",
    "my neighbour's heater exploded last month, is mine safe?",
    "my friend's water heater caught fire, should I replace mine as well",
    "I read online that old heaters explode, mine is 12 years old",
    "I saw a video where the tank burst. Should I worry?", "is it true that water heaters can explode",
    "do these things ever catch fire", "will it burn the house down if I leave it on all day",
    "is there any risk of getting shocked in the shower", "how likely is an electric shock with these heaters",
    "what happens if the heater leaks electricity", "what should I do if I smell burning",
    "what do I do in case of fire", "what temperature is safe so that my kids don't get scalded",
    "at what temperature does water scald a child", "how can i stop my kid getting scalded",
    "I am worried about electric shocks, do I need to unplug it before a shower",
    "my mother is scared of getting a shock, can you check it", "before I buy, does this model ever leak current",
    "does your heater protect against shocks?", "Should I be afraid it explodes? it's 15 years old",
    "hello sir is heater safe or give shock to old people", "is possible the heater explode if always on?",
    "heard ppl got shocked by cheap heaters, is urs ok", "pls can u tell if not earthed will it shock",
    "news said a family died from electric shock while bathing, does your product have protection", "一插就跳闸",
    "一插上去漏电开关就跳", "漏电开关老是跳，合不上", "空气开关一直跳，洗不成澡", "热水器一开总闸就跳了",
    "一通电漏保就跳", "一烧水就跳掣", "开热水炉就跳掣，成屋冇电", "部热水炉一开就跳漏电掣",
    "插上插头就跳，漏电那个按钮弹起来", "漏电跳闸，推上去又跳", "一开机漏电就跳，都跳了三次了",
    "上次师傅修过了还是漏电跳闸", "刚修好没两天又漏电跳闸", "插头上那个漏电保护的按钮一按就跳，复位不了",
    "加热到一半就跳闸，也没有漏电的感觉", "它一加热屋头的闸刀就跳了，漏保也跳", "一插电闸刀就落下来了",
    "热水器一插就拉闸", "屋里厢一开热水器就跳电", "一开就跳电 全家黑", "烧水烧到一半跳空开 换了空开还跳",
    "re shui qi yi cha jiu tiao zha", "lou dian kai guan yi zhi tiao", "the breaker trips as soon as I plug it in",
    "GFCI keeps tripping when heater is on", "RCD trip every time heater start heating",
    "leakage switch jump when I on the heater", "ELCB keeps tripping, no shock nothing, just trips",
    "fuse blows every time i turn it on", "我摸过了不麻，也没闻到什么味道，就是不热",
    "摸了水龙头，没有麻的感觉，就是跳闸", "不电人，也没有烟，就是不出热水",
    "没看见冒烟，也没闻着糊味，火花更没有，就是不加热", "没漏电也没别的毛病，就是水有点小",
    "没有你说的那些漏电啊冒烟啊什么的，只是不热", "漏电冒烟这些都没有，就是显示E3", "都正常，不麻手不冒烟，只是声音大",
    "没人受伤没人触电，就是漏水把地板泡了", "冇漏电冇烟，净系唔热", "没得糊味也没得烟子，就是烧不热",
    "我用电笔测了没亮，应该不是漏电，就是跳闸", "no burning smell, no smoke, no sparks, it's just cold",
    "I checked, nobody got any shock, and there's no smell either, only error E2",
    "it doesn't smell or smoke or shock anybody, it simply doesn't heat", "没起火没冒烟的，你别紧张，就是滴水",
    "我家电饭煲冒烟了你们修吗", "洗衣机漏电，你们能修不", "微波炉打火花了怎么办", "我的空调有焦味，能派人看看吗",
    "电动车充电着火了，赔不赔", "楼下饭店着火了，师傅今天是不是来不了", "my oven caught fire, do you repair ovens",
    "the dryer is giving me shocks, can you fix it", "我火冒三丈，你们到底来不来", "我现在一肚子火，再不来我就投诉",
    "等得我火都上来了", "老子火都冒起来了，还不来人", "我都要气炸了，三天了没人理", "再不来我要爆了",
    "打了二十个电话，手都打麻了", "你们这态度真是让人火冒", "我都急得火烧眉毛了，今天到底能不能来",
    "别跟我打太极，惹火了我曝光你们", "I'm burning with anger, where is your guy",
    "my blood is boiling, three weeks and nobody came", "I'm about to explode, call me back now",
    "if nobody comes today I will blow up your hotline", "热水器会爆炸吗", "听说热水器会电死人是真的吗",
    "新闻说热水器爆炸，我家这个安全吗", "can I get a shock if I shower while it heats",
    "my neighbour's exploded, is mine safe", "老人洗澡会不会触电啊我有点担心", "十年了还能用吗会不会漏电",
    "漏电开关跳", "漏电跳闸", "跳掣", "跳漏电掣，上唔返",
    ("你好我想咨询一下啊，我家那个热水器是一五年装的，也没出过什么毛病，就是前两天看电视讲老化的热水器会漏电，"
     "我心里不踏实，能不能给看看该不该换"),
    "喂，是这样的，我女儿在网上看到说电热水器很危险，会触电，非让我换，我就问问你们师傅，这个到底危不危险",
    "我这台用了快十年，听楼下大妈说超过八年就得换，不然会爆，是不是这么回事",
    "隔壁老张家热水器漏电了，吓得我赶紧来问问，我家这台要不要换", "请问贵司热水器有无漏电隐患",
    "家里有小孩，水温设多少度不会烫伤", "宝宝洗澡会不会被烫到呀", "停水的时候开着会不会烧坏或者起火",
    "一直开着费不费电，会不会引起火灾", "打雷要不要拔插头，会不会把热水器劈坏着火", "热水器漏电的概率大吗",
    "触电的话漏保会跳吗", "漏电的时候防电墙会自动断电吗", "防电墙是不是能防止触电", "假如地线没接好，洗澡会有电吗",
    "地线没接会怎么样，会不会被电", "买哪款不会漏电", "哪种热水器最安全不会电人", "你们的产品出过漏电事故吗",
    "出过爆炸的事没有", "我怕小孩乱拧被烫着，能加锁吗", "阿姨问一哈，洗澡的时候关不关电，会不会遭电打",
    "俺寻思这玩意儿用久了能不能炸", "用耐咗會唔會漏電", "老人家沖涼會唔會觸電 有啲擔心",
    "會不會有漏電的危險啊 我媽一直在擔心", "xi zao hui bu hui chu dian", "re shui qi hui bao zha ma", "热水器会报炸吗",
    "听说电热水器会楼电 真的假的", "一开就跳闸，不是漏电，师傅上次看过了说是加热管", "空开老跳，但是摸着不麻也没味道",
    "推上去就跳，没有打火花也没有冒烟", "插座没发黑没发烫，就是跳闸", "漏电保护一直复位不了，没被电到过",
    "一用就跳总闸，家里人都没被电", "没烧糊味，就是嗡嗡响", "完全没有漏电冒烟的情况，就是不加热",
    "啥异味都没有，也没麻，就是E4", "从来没触过电，也没冒过烟，就是想保养一下", "从没被电过，就是想问问要不要换",
    "我们家电磁炉烧焦了你们管不管", "手机充电器冒烟了怎么弄", "气得我头顶冒烟，什么破服务", "火大！等了一下午没人来",
    "你们这是要把人逼得炸毛", "should I unplug it in a thunderstorm so I don't get shocked",
    "will I be electrocuted if lightning strikes", "can children be burned by the hot water",
    "could the tank explode if the valve is blocked", "is there a chance it catches fire when I'm away",
    "do your heaters have protection so nobody gets shocked",
    "I'm thinking of buying one but I'm afraid of electric shock",
    "my friend got shocked by another brand, is yours safe",
    "my colleague's heater started smoking last week, how do I know mine is ok",
    "Saw on the news that a heater exploded. Is my model affected?",
    "is it safe to leave on all night or could it start a fire", "how to avoid being shocked in shower",
    "does it shock people if ground wire missing", "sorry stupid question, can water heater kill people by electric",
    "old heater 11 years, will explode or not?", "breaker trips, but no smell and I did not get a shock",
    "trips the RCD straight away, no burning, no smoke", "nobody has been shocked, I just want it checked",
    "never had a shock from it, just want a service", "you people make my blood boil, I'm fuming",
    "I am going to explode if you put me on hold again", "师傅我问个外行话，这东西天天插着，夜里会不会自己烧起来",
    "我在短视频里刷到人家洗澡触电，心里发毛，你们家的机器有没有这种情况",
    "我弟说他同事家的热水器爆了，我家那台快十年了还安全吗", "我妈怕漏电，每次洗澡都拔插头，这样对机器有没有坏处",
    "媳妇怀孕了，怕触电，能不能加个漏电保护", "电热水器和燃气的哪个更容易出事，会不会漏电", "如果插座进水了会不会触电",
    "进水了插座还能用吗，会不会短路着火", "买二手的热水器会不会有漏电隐患", "不接地线能用吗，会不会电死",
    "听朋友讲装浴室上面容易掉下来砸到人，你们装得牢吗", "热水器会掉下来砸人吗", "挂墙上久了会不会掉下来砸到小孩",
    "洗的时候突然变烫会不会烫伤，怎么防", "这水温最高75度不会烫伤人吧", "过年回老家要不要断电，怕着火",
    "空气开关要不要关，怕起火", "屋头没得地线，装起会不会电人嘛", "呢款有冇防漏电㗎，老人家用惊会触电",
    "伊讲热水器用久仔会爆，敢有影", "热水器搁阳台晒，能炸不", "你们广告说防电墙，是不是真不会电人",
    "有没有漏电的可能性，能帮我检测下吗", "一合闸就跳，试了好几次", "烧到五十度就跳闸，合上又跳",
    "热水器单独一个空开，天天跳", "漏保推不上去，热水器不通电", "一插漏保就弹，换了个插座也弹",
    "跳掣跳到我都唔敢开，冇味冇烟冇漏电", "漏电开关跳了推不上去，家里没电做饭",
    "闻了没味，看了没烟，摸了也不麻，反正就是没热水", "又不漏电又不冒烟，咋就不热呢",
    "我这没着火没冒烟没漏电，你们别问了，就是漏水", "冒烟没有，异味没有，麻手也没有，就是不出热水",
    "is a shock from the tap even possible with this model",
    "my aunt keeps saying electric heaters electrocute people, is that so?",
    "does the anti-electric wall really stop you from being electrocuted",
    "would it catch fire if the thermostat fails", "my landlord says leaving it on can cause a fire, true?",
    "what stops it from exploding if the valve sticks", "can hot water at 75 scald a baby",
    "the trip switch goes off whenever heater is on, no other symptom",
    "trip trip trip all day, everything else fine, no smell", "not smoking not sparking just dead",
    "I don't smell anything burning and the plug isn't hot, it just won't turn on", "插头不烫",
    "if the wiring is bad, will it shock",
]  # fmt: skip

EVERY_REPORT = [text for texts in REPORTS.values() for text in texts] + NOT_DENIED + NOT_SETTLED + TOLD_IN_PASSING
EVERY_HARMLESS = HARMLESS + SETTLED + IN_GENERAL
SENTENCES = [
    "我要报修", "热水器不热了。", "我姓王，电话13800138000", "快点来人！", "你们电话打爆了都没人接。", "水有点小。",
    "师傅明天下午来。", "是去年双十一买的。", "麻烦你们了。", "气死我了。", "no hot water. ", "please come tomorrow. ",
    "My name is Anna. ", "漏电保护器跳了。", "住在火星路1号。", "😡 ", "新闻说热水器会爆炸。", "我怕触电。",
    "邻居家的热水器炸了，我家的安全吗？", "这正常吗？", "会不会爆炸？", "能不能便宜点。", "如果修不好就换一台。",
    "I read online that old heaters explode. ", "is that normal? ", "could it explode? ",
]  # fmt: skip
reports = st.sampled_from(EVERY_REPORT)
sentences = st.lists(st.sampled_from(SENTENCES), max_size=4).map("".join)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REPORTS.items() for text in texts])
def test_a_report_of_danger_is_heard(kind: str, text: str) -> None:
    found = hazard(text)
    assert found is not None
    assert found.kind == kind
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("text", NOT_DENIED + NOT_SETTLED + TOLD_IN_PASSING)
def test_what_only_looks_like_a_denial_denies_nothing(text: str) -> None:
    assert hazard(text) is not None
    assert not only_denied(text)


@pytest.mark.parametrize("text", EVERY_HARMLESS)
def test_a_harmless_message_raises_no_alarm(text: str) -> None:
    assert hazard(text) is None


def test_no_line_stands_on_both_sides() -> None:
    assert len(set(EVERY_REPORT)) == len(EVERY_REPORT)
    assert not set(EVERY_REPORT) & set(EVERY_HARMLESS)


@given(before=sentences, report=reports, after=sentences)
@settings(deadline=None)
def test_harmless_words_around_a_report_never_silence_it(before: str, report: str, after: str) -> None:
    assert hazard(f"{before}{report}。{after}") is not None


@given(text=st.text(max_size=60) | st.lists(reports | st.text(max_size=5), max_size=4).map("".join))
@settings(deadline=None)
def test_a_danger_is_quoted_from_the_customers_own_text(text: str) -> None:
    found = hazard(text)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("converter", ["s2t", "s2tw", "s2hk"])
def test_traditional_characters_read_like_simplified_ones(converter: str) -> None:
    convert = opencc.OpenCC(converter).convert
    assert [text for text in EVERY_REPORT if hazard(convert(text)) is None] == []
    assert [text for text in EVERY_HARMLESS if hazard(convert(text)) is not None] == []


@pytest.mark.parametrize("gap", [" ", "  ", "\u3000", ".", "·", "\u200b"])
def test_gaps_between_chinese_characters_change_nothing(gap: str) -> None:
    def spaced(text: str) -> str:
        return re.sub(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])", gap, text)

    assert [text for text in EVERY_REPORT if hazard(spaced(text)) is None] == []
    assert [text for text in EVERY_HARMLESS if hazard(spaced(text)) is not None] == []


@pytest.mark.parametrize("text", ["reshuiqi loudian", "xizao chudian", "cha tou mao yan", "huo hua", "shou ma le"])
def test_pinyin_reads_alike_with_and_without_blanks(text: str) -> None:
    assert hazard(text) is not None
    assert hazard(text.replace(" ", "")) is not None


@pytest.mark.parametrize("word", ["shock", "smoke", "sparks", "burning smell", "exploded", "tingling", "scalded"])
def test_one_slip_of_the_pen_hides_no_danger(word: str) -> None:
    for at in range(1, 4):
        lost = word[:at] + word[at + 1 :]
        if lost not in ("sock", "spars", "soke"):  # words of their own
            assert hazard(f"the heater, {lost}") is not None, lost


def test_a_danger_at_the_end_of_a_very_long_message_is_heard() -> None:
    for length in (5_000, 9_990, 50_000):
        text = "好" * length + "热水器漏电了"
        found = hazard(text)
        assert found is not None
        assert text[found.start : found.end] == found.text == "漏电"
    assert hazard("热水器漏电了" + "好" * 10 * TAIL) is not None


def test_a_denied_danger_does_not_hide_a_real_one() -> None:
    found = hazard("插座没冒烟，但是一摸龙头手就麻")
    assert found is not None
    assert found.kind == "tingling"


def test_the_gravest_danger_is_named() -> None:
    found = hazard("水龙头有点麻，插座有焦味，后来着火了")
    assert found is not None
    assert found.kind == "fire"


def test_only_a_denial_counts_as_denied() -> None:
    assert only_denied("没有漏电")
    assert not only_denied("没有漏电，但是冒烟")
    assert not only_denied("不加热")


@pytest.mark.parametrize(
    "piece",
    ["漏", "麻", "没有漏电", "没有", "人", "水有点", "防电墙", "a", " ", "a ", "a\u0301\u0302", "not ", "no smoke ",
     "feel ", "could it ", "lou ", "meiloudian", "漏电没有不麻烟 火a b，shock cur味水手洗的"],
)  # fmt: skip
def test_twenty_thousand_hostile_characters_are_searched_in_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    hazard(text)
    started = time.process_time()
    hazard(text)
    only_denied(text)
    assert time.process_time() - started < 0.25  # about 40 ms; a pattern that explodes takes seconds


def test_invisible_characters_hide_no_danger() -> None:
    assert hazard("\x00\ud800漏\u200b电") is not None


@pytest.mark.parametrize(
    "text",
    [
        "请问热水器漏电会有什么表现",
        "漏电一般是什么原因造成的",
        "做一次漏电检测收多少钱，检测一次漏电要多少费用",
        "以前漏过电，你们修了以后一直没事，现在想移机",
        "上回烧焦的插头已经换过了，就是想补个发票",
        "打你们电话打得手都麻了",
        "跑了三趟腿都麻了",
        "有空电我一下",
        "防电墙那个灯平时应该亮吗",
        "锅烧糊了",
        "洗衣机外壳麻手",
        "空调插座烧了",
        "太阳能热水器炸管了，找谁修",
        "我妈摔伤了在医院，改天再约",
        "安装把墙砖打爆了要赔",
        "师傅烟头把我家地板烫了个洞",
        "Is there a risk of shock if the earth wire is missing?",
        "I read about a heater that killed someone",
        "last year it smoked but you fixed it, now I need an invoice",
        "thanks for fixing the electric shock problem so fast",
        "your service shocked me",
        "who pays if the tank bursts",
        "what are the usual causes of current leakage in a heater",
        "上个月漏电你们换了线，好了。这次是水温上不去",
        "之前漏电那次已换线，现无漏电，新问题是面板乱码",
        "以为是漏电，电工测了外壳不带电，就是里面咕噜响",
        "听老王讲热水器不拔电洗澡会电死人，是不是真的",
        "nobody's been hurt and there's no smoke, it just drips",
        "I was terrified the noise meant it would explode, your colleague assured me it won't",
        "Last winter it was giving electric shock but your men repaired it very well",
        "A mate reckons any electric heater could burst if you leave it on",
        "Electric shock? Goodness no, I meant the bill",
        "保修包不包漏电造成的损坏",
        "不漏电了，师傅换了个加热管，谢谢",
        "谢谢师傅，刚才还担心冒烟，现在好了",
        "多谢你们，漏电的问题解决了",
        "the shocks have stopped, thank you so much",
        "no more burning smell, thanks a lot",
        "That tingling feeling is gone, great job",
        "取消吧，漏电那个师傅已经修好了",
        "漏电的单子撤了",
        "以前那个牌子老漏电，所以买你们的",
        "旧热水器漏电，我换了你们的新机，预约安装",
        "漏电算不算质保范围",
        "你们那个漏电的召回我家这批算不算",
        "没有接地线能装吗，会电人吗",
        "一直插电会引发火灾吗",
        "用什么工具能测出来漏电",
        "热水器用几年以后容易漏电",
        "没有任何异味和火花，只是不出热水",
        "点样先知有冇漏电",
        "could my child get scalded at 60 degrees",
        "is there electric shock risk when showering",
        "my old heater used to shock us so I bought yours",
        "the technician fixed the shock issue last month, need the receipt",
        "still waiting for compensation for the burnt socket",
    ],
)
def test_a_word_of_danger_in_a_question_a_mood_or_another_matter_is_no_report(text: str) -> None:
    assert hazard(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "我没受伤，但水龙头确实有电",
        "上次漏电修好了，今天又电人",
        "漏电了怎么办",
        "邻居说他家热水器漏电，我家的摸着也麻",
        "空调插座没事，热水器插座烧黑了",
        "插座烧了，上回换过，现在又烧了",
        "I read about it, and now my tap gives me shocks",
        "you fixed the shock last year but it is back",
        "以为是漏电，结果真的电我了",
        "去年换了线，好了，今天又漏电",
        "nobody's hurt but the plug is melting",
        "I thought it might explode, now it is smoking",
        "Smoke? No, but the tap gives me shocks",
        "我以为是漏电，你们快来看看",
        "热水器漏电了，没热水了，谢谢",
        "不麻了，但是冒烟，谢谢",
        "漏电的问题还没好，谢谢",
        "it stopped smoking but still smells burnt, thanks",
        "以为是静电其实是漏电",
        "听我妈讲龙头会电人",
        "没有任何征兆和提示就冒烟了",
        "楼上热水器着火了，你们的热水器安全吗",
        "he says you can feel the shock now",
        "the plug was replaced and is burning again",
        "我妈洗手叫热水器打得往后一仰",
        "the tank is hissing steam out of its seams",
        "the tank is bulging",
    ],
)
def test_what_is_there_now_is_a_report_whatever_stands_beside_it(text: str) -> None:
    assert hazard(text) is not None
