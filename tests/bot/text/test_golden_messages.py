"""Whole messages with several values: every one of them is found, word for word, and nothing else."""

from __future__ import annotations

from datetime import datetime

import pytest
from wishes import told as read

from bot.text.values import ZONE, meant, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

MESSAGES: list[tuple[str, list[str]]] = [
    (
        "喂同志啊我是河东村的老周我那个热水器用了七八年了现在水烧不热你们能不能派人来看一哈",
        ["address: 河东村", "name: 老周", "purchase_date: 七八年", "symptom: 烧不热"],
    ),
    (
        "妹儿我跟你说哈我屋头那个热水器昨天开始就莫得热水了我住在渝北区龙溪街道新溉路六十八号你喊师傅明天上午来嘛",
        ["symptom: 莫得热水", "address: 渝北区龙溪街道新溉路六十八号", "time: 明天上午"],
    ),
    (
        "唔該我屋企個熱水爐漏水，我住荔灣區芳村大道西12號3樓，聽日下晝三點後得閒",
        ["symptom: 漏水", "address: 荔灣區芳村大道西12號3樓", "time: 聽日下晝三點後"],
    ),
    (
        "侬好，阿拉屋里热水器勿热了，徐汇区漕溪北路88号1502，电话13901234567，下半天来",
        ["symptom: 勿热", "address: 徐汇区漕溪北路88号1502", "phone: 13901234567", "time: 下半天"],
    ),
    (
        "我叫林阿土厝在泉州晋江市安海镇养正路15号热水器会跳闸",
        ["name: 林阿土", "address: 泉州晋江市安海镇养正路15号", "symptom: 跳闸"],
    ),
    (
        "YLS-D60A 漏水 13800138000 王生 番禺大石镇105国道旁",
        ["model: YLS-D60A", "symptom: 漏水", "phone: 13800138000", "name: 王生", "address: 番禺大石镇105国道旁"],
    ),
    (
        "【报修】姓名:周敏 电话:13698765432 地址:武汉市江汉区解放大道688号2栋1203 故障:E4",
        ["name: 周敏", "phone: 13698765432", "address: 武汉市江汉区解放大道688号2栋1203", "fault_code: E4"],
    ),
    (
        "装机~新房在成都高新区天府三街199号B座2104，周六下午2点后 13540001111 😊",
        ["address: 成都高新区天府三街199号B座2104", "time: 周六下午2点后", "phone: 13540001111"],
    ),
    (
        "上周六买的60升的到货了，什么时候能来装，我在惠州惠城区麦地路33号",
        ["purchase_date: 上周六", "capacity: 60升", "address: 惠州惠城区麦地路33号"],
    ),
    (
        (
            "hi this is Priya, my geyser 25 litre is leaking from bottom, flat 302 block B Sunshine Garden, Nanshan, "
            "Shenzhen. call 15012345678"
        ),
        [
            "name: Priya",
            "capacity: 25 litre",
            "symptom: leaking",
            "address: flat 302 block B Sunshine Garden, Nanshan, Shenzhen",
            "phone: 15012345678",
        ],
    ),
    (
        "no hot wtr since sun, e3 showing, mob 13912345678, any time after 6pm",
        ["symptom: no hot wtr", "fault_code: e3", "phone: 13912345678", "time: after 6pm"],
    ),
    (
        "Could you please send a technician to 15 Jianshe Road, Tianhe, Guangzhou on Friday afternoon?",
        ["address: 15 Jianshe Road, Tianhe, Guangzhou", "time: Friday afternoon"],
    ),
    ("师傅说配件要等，镁棒和加热管都要换，要多少钱啊", ["product_part: 镁棒", "product_part: 加热管"]),
    (
        "我前年国庆在苏宁买的雅丽诗80升，现在屏幕不亮了",
        ["purchase_date: 前年国庆", "model: 雅丽诗", "capacity: 80升", "symptom: 屏幕不亮"],
    ),
    ("熱水器用了三年多，最近一直跳電，請問保固多久？", ["purchase_date: 三年多", "symptom: 跳電"]),
    ("改到下週五下午好嗎？我的單號是 WY261123-0031", ["time: 下週五下午", "ticket_no: WY261123-0031"]),
    (
        "wo jia reshuiqi loushui le, zai guangzhou tianhe, dianhua 13812345678",
        ["symptom: loushui", "address: guangzhou tianhe", "phone: 13812345678"],
    ),
    (
        "地址是湖南省邵阳市隆回县六都寨镇朝阳村五组 联系人 刘满香 幺八七七三九零零幺幺二",
        ["address: 湖南省邵阳市隆回县六都寨镇朝阳村五组", "name: 刘满香", "phone: 幺八七七三九零零幺幺二"],
    ),
    ("你们叫张师傅给我打电话，我号码13312345678，今晚八点前", ["phone: 13312345678", "time: 今晚八点前"]),
    (
        "拆机：现在在海淀区学院路30号，要搬到朝阳区望京西园三区306楼",
        ["address: 海淀区学院路30号", "address: 朝阳区望京西园三区306楼"],
    ),
    ("Please cancel the visit on Thursday, ticket WY261122-0003", ["ticket_no: WY261122-0003"]),
    ("要那种50升扁桶的，DSZF-50B有货吗", ["capacity: 50升", "model: DSZF-50B"]),
    ("热水器e1 e1 一直报警 滴滴滴叫", ["fault_code: e1", "symptom: 滴滴滴叫"]),
    ("买了不到一个月就漏水，我要退货", ["purchase_date: 一个月", "symptom: 漏水"]),
    (
        "花都区狮岭镇合成村十队32号，女，姓骆，热水器插上就跳",
        ["address: 花都区狮岭镇合成村十队32号", "name: 骆", "symptom: 插上就跳"],
    ),
    ("热水器出来的水有一股臭味还发黄", ["symptom: 臭味", "symptom: 发黄"]),
    ("is it normal that relief valve drips when heating", ["product_part: relief valve"]),
    ("I'd like to buy a magnesium rod for YLS-D80, how much", ["product_part: magnesium rod", "model: YLS-D80"]),
    (
        "宝安西乡固戍二路，就在固戍地铁站B口对面 电话幺三五一二三四五六七八",
        ["address: 宝安西乡固戍二路，就在固戍地铁站B口对面", "phone: 幺三五一二三四五六七八"],
    ),
    (
        "能不能下班后过来，六点半以后我都在，桂城万达旁边丽雅苑3座1201",
        ["time: 六点半以后", "address: 桂城万达旁边丽雅苑3座1201"],
    ),
    ("我在凤岗，热水器不出热水咋整", ["address: 凤岗", "symptom: 不出热水"]),
    ("小姐，我係梁太，2021年8月買嘅，而家唔夠熱", ["name: 梁太", "purchase_date: 2021年8月", "symptom: 唔夠熱"]),
    (
        "cold water only. bought nov 2023. model YLS60",
        ["symptom: cold water only", "purchase_date: nov 2023", "model: YLS60"],
    ),
    (
        "我是物业的，幸福花园12栋有住户热水器漏水滴到楼下，联系人物业小刘 075588889999",
        ["address: 幸福花园12栋", "symptom: 漏水", "name: 小刘", "phone: 075588889999"],
    ),
    ("发票抬头错了，电话 021-62345678转203 找财务孙小姐", ["phone: 021-62345678转203", "name: 孙小姐"]),
    (
        "My heater model: DSK-85, fault code E2, purchased 2024-06-18",
        ["model: DSK-85", "fault_code: E2", "purchase_date: 2024-06-18"],
    ),
    ("都可以，就是周四不行", []),
    ("139 0013 9000 王先生", ["phone: 139 0013 9000", "name: 王先生"]),
    ("喷头出水很细", ["product_part: 喷头", "symptom: 出水很细"]),
    ("烧一箱水要三个小时太慢了", ["symptom: 烧一箱水要三个小时"]),
    ("遥控没反应", ["product_part: 遥控", "symptom: 没反应"]),
    ("显示屏不显示了", ["product_part: 显示屏", "symptom: 不显示"]),
    ("换个内胆多少钱，机器是去年买的", ["product_part: 内胆", "purchase_date: 去年"]),
    (
        "Its John from 16 Beach Road Xiamen, heater dead again",
        ["name: John", "address: 16 Beach Road Xiamen", "symptom: dead"],
    ),
    ("pls come tmr aft, 22 Fuhua 3rd Rd Futian", ["time: tmr aft", "address: 22 Fuhua 3rd Rd Futian"]),
    (
        "Name: Li Na / Tel: 13712345678 / Addr: Rm 1203, Tower A, Excellence Plaza, Futian, SZ",
        ["name: Li Na", "phone: 13712345678", "address: Rm 1203, Tower A, Excellence Plaza, Futian, SZ"],
    ),
    ("water not hot since yesterday, bought 2 years ago", ["symptom: not hot", "purchase_date: 2 years ago"]),
    (
        "师傅我在三楼302，门牌翠竹苑2栋，热水器漏水漏到楼下去了",
        ["address: 三楼302，门牌翠竹苑2栋", "symptom: 漏水"],
    ),
    ("王八蛋你们什么破热水器", []),
    ("江阴市澄江街道人民中路18号 姓徐", ["address: 江阴市澄江街道人民中路18号", "name: 徐"]),
    ("我是王大妈，热水器啪啪响", ["name: 王大妈", "symptom: 啪啪响"]),
    ("黄小姐 132 0000 1234 三水西南街道", ["name: 黄小姐", "phone: 132 0000 1234", "address: 三水西南街道"]),
    ("老李，电话一八九二二二二三三三三", ["name: 老李", "phone: 一八九二二二二三三三三"]),
    (
        "喂你好那个我想问一下我的热水器是前年六月份买的现在加热管坏了还保修不",
        ["purchase_date: 前年六月份", "product_part: 加热管"],
    ),
    (
        "师傅啊我姓谢感谢的谢住在南昌青山湖区北京东路998号你们礼拜六能来不",
        ["name: 谢", "address: 南昌青山湖区北京东路998号", "time: 礼拜六"],
    ),
    (
        "冲凉水忽冷忽热喔，幾時可以嚟睇下，電話九一三八... 我俾手提你：一三五零零零零一二三四",
        ["symptom: 忽冷忽热", "phone: 一三五零零零零一二三四"],
    ),
    ("热水气不加热 电话13611112222", ["symptom: 不加热", "phone: 13611112222"]),
    ("预约师傅上门 11.28 下午 佛山市南海区狮山镇罗村街道", ["time: 11.28 下午", "address: 佛山市南海区狮山镇罗村街道"]),
    ("今天下午能不能来看下，漏水漏得厉害", ["time: 今天下午", "symptom: 漏水"]),
    ("明天上午9点半来修可以不？地址中山市东区孙文东路2号", ["time: 明天上午9点半", "address: 中山市东区孙文东路2号"]),
    ("除了周三都可以", []),
    ("雅丽诗YLS-D60 60L，2023年双十一京东买的", ["model: YLS-D60", "capacity: 60L", "purchase_date: 2023年双十一"]),
    ("cud u ring me l8r today, 13512340000", ["time: today", "phone: 13512340000"]),
    (
        "My name is Fatima Al-Sayed, I stay at 8 Lotus Street, Zhuhai",
        ["name: Fatima Al-Sayed", "address: 8 Lotus Street, Zhuhai"],
    ),
    (
        "Dr. Brown here. Room 1806, Pearl Tower, Haizhu District, Guangzhou.",
        ["name: Dr. Brown", "address: Room 1806, Pearl Tower, Haizhu District, Guangzhou"],
    ),
    ("I am Mrs. Chan, water heater dripping", ["name: Mrs. Chan", "symptom: dripping"]),
    ("heater no heat, water stay cold, sir please help", ["symptom: no heat", "symptom: water stay cold"]),
    ("熱水器一開就跳掣，地址九龍塘又一村海棠路12號", ["symptom: 跳掣", "address: 九龍塘又一村海棠路12號"]),
    ("請問內膽破了可以換新的嗎，我姓蔡", ["product_part: 內膽", "name: 蔡"]),
    ("我係住深水埗元州街88號12樓B室嘅李小姐", ["address: 深水埗元州街88號12樓B室", "name: 李小姐"]),
    ("急！水管爆了到处喷水！", ["product_part: 水管", "symptom: 喷水"]),
    ("热水器一股糊味，我把插头拔了", ["symptom: 糊味", "product_part: 插头"]),
    ("洗澡的时候感觉水里有电，麻酥酥的", ["symptom: 水里有电", "symptom: 麻酥酥的"]),
    ("联系13800001111李经理", ["phone: 13800001111", "name: 李经理"]),
    (
        "客户姓名:钱多多，电话:13800001111，产品:DSZF-80，故障:漏水",
        ["name: 钱多多", "phone: 13800001111", "model: DSZF-80", "symptom: 漏水"],
    ),
    (
        "拼多多买的雅丽诗，才用两个月内胆就漏了",
        ["model: 雅丽诗", "purchase_date: 两个月", "product_part: 内胆", "symptom: 漏"],
    ),
    (
        "我是海南文昌文城镇的老符，热水器跳闸三天了，下午都在屋里",
        ["address: 海南文昌文城镇", "name: 老符", "symptom: 跳闸", "time: 下午"],
    ),
    (
        "帮我登记一下 姓唐 电话幺三六八八八八零零零一 住天心区书院路九号",
        ["name: 唐", "phone: 幺三六八八八八零零零一", "address: 天心区书院路九号"],
    ),
    ("那个热水器啊它显示一个E2然后水就是温的不烫", ["fault_code: E2", "symptom: 不烫"]),
    (
        "Hi, Karen Mitchell here, flat 7B, Ocean View Tower, Shekou. The heater's been making a humming noise.",
        ["name: Karen Mitchell", "address: flat 7B, Ocean View Tower, Shekou", "symptom: humming noise"],
    ),
    ("我想问一下镁棒和泄压阀各多少钱，型号DSZF-40", ["product_part: 镁棒", "product_part: 泄压阀", "model: DSZF-40"]),
    ("不方便，改天吧", []),
    ("我这边在上课，四点半以后打给我，18911112222", ["time: 四点半以后", "phone: 18911112222"]),
    ("呢部機先買咗半年就漏水，我要換過部新嘅", ["purchase_date: 半年", "symptom: 漏水"]),
    ("师傅姓什么 几点到", []),
    ("DSZF80 漏", ["model: DSZF80", "symptom: 漏"]),
    (
        "河南新乡长垣县蒲西街道向阳路22号，王秀莲，18237300011",
        ["address: 河南新乡长垣县蒲西街道向阳路22号", "name: 王秀莲", "phone: 18237300011"],
    ),
    (
        "Could you come to Unit 1203, 66 Xingang East Road, Haizhu, Guangzhou tomorrow morning?",
        ["address: Unit 1203, 66 Xingang East Road, Haizhu, Guangzhou", "time: tomorrow morning"],
    ),
    (
        "the tank is leaking and theres no hot water",
        ["product_part: tank", "symptom: leaking", "symptom: no hot water"],
    ),
    (
        "I'm Sunita from Pudong, my heater showing E5 code, come on Sunday sir",
        ["name: Sunita", "address: Pudong", "fault_code: E5", "time: Sunday"],
    ),
]


@pytest.mark.parametrize(("text", "told"), MESSAGES)
def test_every_value_of_a_message_is_read_and_no_other(text: str, told: list[str]) -> None:
    assert [f"{each['entity']}: {each['text']}" for each in read(text, NOW)] == told


MEANT = [
    ("周末师傅上门吗，我想周六来", "ask_hours", 0.9, ["周六"]),
    ("下午三点可以吗", "ask_hours", 0.9, ["下午三点"]),
    ("我起得早，五点就起来了，你们究竟早上几点有人", "ask_hours", 0.9, []),
    ("帮我订明天晚上六点的位子", "out_of_scope", 0.9, []),
    ("不加热 {{7*7}} '; drop table ticket; --", "out_of_scope", 0.9, ["不加热"]),
    ("贷款要吗 13800138000", "out_of_scope", 0.9, ["13800138000"]),
    ("帮我订明天晚上六点的位子", "out_of_scope", 0.4, ["明天晚上六点"]),
    ("水龙头漏电，明天下午我在家", "report_hazard", 1.0, ["漏电"]),
    ("热水器漏水", "request_repair", 0.9, ["漏水"]),
    ("等了两天了，今晚之前给我弄好", "chase", 0.9, ["今晚之前"]),
    ("能不能今天就来人，等了两天了", "chase", 0.9, ["今天"]),
    ("说好周三来的，还没来人，催一下", "chase", 0.9, []),
    ("周三上午改到周五", "reschedule", 0.9, ["周三上午", "周五"]),
    ("周三上午改到周五", "reschedule", 0.4, ["周三上午", "周五"]),
    ("周三不行，周五吧", "inform", 0.9, ["周三", "周五"]),
    ("周三不行，周五吧", "inform", 0.4, ["周三", "周五"]),
    ("Thursday doesn't work, Friday afternoon?", "reschedule", 0.9, ["Thursday", "Friday afternoon"]),
]


@pytest.mark.parametrize(("text", "intent", "confidence", "kept"), MEANT)
def test_what_is_wanted_decides_what_is_a_value(text: str, intent: str, confidence: float, kept: list[str]) -> None:
    assert [each["text"] for each in meant(read_values(text, NOW), text, intent, confidence)] == kept
