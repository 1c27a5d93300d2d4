"""Addresses inside whole messages: the exact words, from the first place name to the last detail of the house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)

TYPED = [
    ("广东省佛山市顺德区大良街道凤翔路128号3栋502", "广东省佛山市顺德区大良街道凤翔路128号3栋502"),
    ("地址：浙江省杭州市余杭区文一西路969号3号楼", "浙江省杭州市余杭区文一西路969号3号楼"),
    ("四川省绵阳市涪城区临园路东段12号", "四川省绵阳市涪城区临园路东段12号"),
    ("成都市武侯区天府大道中段666号", "成都市武侯区天府大道中段666号"),
    ("上海市浦东新区张杨路1188弄5号楼302室", "上海市浦东新区张杨路1188弄5号楼302室"),
    ("北京市海淀区中关村南大街5号院6号楼2单元301", "北京市海淀区中关村南大街5号院6号楼2单元301"),
    ("天津市河西区友谊路街道宾水道12号", "天津市河西区友谊路街道宾水道12号"),
    ("武汉洪山区珞喻路1037号华科东区3栋401", "武汉洪山区珞喻路1037号华科东区3栋401"),
    ("哈尔滨市南岗区学府路74号4单元501室", "哈尔滨市南岗区学府路74号4单元501室"),
    ("厦门市思明区禾祥西路88号之二", "厦门市思明区禾祥西路88号之二"),
    ("苏州工业园区星湖街328号创意产业园5-301", "苏州工业园区星湖街328号创意产业园5-301"),
    ("深圳龙华区民治街道梅龙路光辉大厦B座1203", "深圳龙华区民治街道梅龙路光辉大厦B座1203"),
    ("南宁市西乡塘区大学东路100号西校园20栋302房", "南宁市西乡塘区大学东路100号西校园20栋302房"),
    ("西安市雁塔区科技路西口沁园春城8号楼1单元1502", "西安市雁塔区科技路西口沁园春城8号楼1单元1502"),
    ("中山市小榄镇文化路8号", "中山市小榄镇文化路8号"),
    ("禅城祖庙路8号", "禅城祖庙路8号"),
    ("番禺市桥光明北路100号", "番禺市桥光明北路100号"),
    ("郑州市金水区花园路39号院附5号", "郑州市金水区花园路39号院附5号"),
    (
        "湖南省长沙市开福区湘雅路街道湘春路12号湘江雅苑2栋2单元",
        "湖南省长沙市开福区湘雅路街道湘春路12号湘江雅苑2栋2单元",
    ),
    ("济南市历下区经十路17703号华特广场A座", "济南市历下区经十路17703号华特广场A座"),
    ("昆明市五华区人民中路傲城大厦18楼1808", "昆明市五华区人民中路傲城大厦18楼1808"),
    ("中海国际社区3期12栋2单元1104", "中海国际社区3期12栋2单元1104"),
    ("万科城市花园B区6栋", "万科城市花园B区6栋"),
    ("碧桂园翡翠湾5座1803", "碧桂园翡翠湾5座1803"),
    ("幸福里小区7号楼3单元", "幸福里小区7号楼3单元"),
    ("保利香槟花园二期8栋1单元903房", "保利香槟花园二期8栋1单元903房"),
    ("地址：佛山市禅城区祖庙街道建新路100号A座1203", "佛山市禅城区祖庙街道建新路100号A座1203"),
    ("我住在南海桂城千灯湖万科金域蓝湾3栋2单元1801", "南海桂城千灯湖万科金域蓝湾3栋2单元1801"),
    ("送到天河区员村二横路12号之一", "天河区员村二横路12号之一"),
    ("湖南省邵阳市隆回县桃洪镇竹塘村三组", "湖南省邵阳市隆回县桃洪镇竹塘村三组"),
    ("我家在贵州遵义播州区鸭溪镇金刀村大坪组", "贵州遵义播州区鸭溪镇金刀村大坪组"),
    ("四川省南充市仪陇县新政镇滨江大道二段88号", "四川省南充市仪陇县新政镇滨江大道二段88号"),
    ("住在河北保定徐水区安肃镇东关村，村口第二家", "河北保定徐水区安肃镇东关村，村口第二家"),
    ("浦东新区张江镇碧波路690弄5号楼302室", "浦东新区张江镇碧波路690弄5号楼302室"),
    ("上海闵行莘庄地铁南广场旁边的都市路4855弄", "上海闵行莘庄地铁南广场旁边的都市路4855弄"),
    ("北京海淀中关村大街27号1101", "北京海淀中关村大街27号1101"),
    ("北京市朝阳区望京街道花家地西里二区206楼3单元501", "北京市朝阳区望京街道花家地西里二区206楼3单元501"),
    ("杭州西湖区文三路 478 号华星时代广场 A 座 801", "杭州西湖区文三路 478 号华星时代广场 A 座 801"),
    ("深圳南山科技园粤海街道高新南七道数字技术园B1栋", "深圳南山科技园粤海街道高新南七道数字技术园B1栋"),
    ("重庆渝北区龙溪街道红锦大道60号3幢15-2", "重庆渝北区龙溪街道红锦大道60号3幢15-2"),
    ("沈阳铁西区兴华南街58号1-6-2", "沈阳铁西区兴华南街58号1-6-2"),
    ("哈尔滨道里区群力第五大道恒大绿洲12栋1单元902", "哈尔滨道里区群力第五大道恒大绿洲12栋1单元902"),
    ("福建泉州晋江市池店镇霞福村西区28号", "福建泉州晋江市池店镇霞福村西区28号"),
    ("厦门思明区湖滨南路中段 金榜公园对面", "厦门思明区湖滨南路中段 金榜公园对面"),
    ("地址改成天河北路233号中信广场", "天河北路233号中信广场"),
    ("在龙江镇旺岗村大道南12号", "龙江镇旺岗村大道南12号"),
    ("陕西省西安市雁塔区小寨东路赛格国际对面", "陕西省西安市雁塔区小寨东路赛格国际对面"),
    ("绵阳市涪城区临园路东段72号", "绵阳市涪城区临园路东段72号"),
    ("云南大理古城人民路中段", "云南大理古城人民路中段"),
    ("海口市龙华区国贸路", "海口市龙华区国贸路"),
    ("广东省中山市小榄镇永宁工业大道12号", "广东省中山市小榄镇永宁工业大道12号"),
    ("东莞长安镇乌沙社区李屋一街3号", "东莞长安镇乌沙社区李屋一街3号"),
    ("师傅来的时候到苏州工业园区星海街198号", "苏州工业园区星海街198号"),
    ("新疆乌鲁木齐市天山区解放北路88号", "新疆乌鲁木齐市天山区解放北路88号"),
    ("龙华民治大道展滔科技大厦", "龙华民治大道展滔科技大厦"),
    ("新北市板橋區文化路一段188號5樓", "新北市板橋區文化路一段188號5樓"),
    ("台北市大安區忠孝東路四段", "台北市大安區忠孝東路四段"),
    ("香港九龙旺角弥敦道610号", "香港九龙旺角弥敦道610号"),
    ("咱村是王家庄的，村委会往东第三家", "王家庄"),
    ("在大石桥镇，中心小学斜对面", "大石桥镇，中心小学斜对面"),
]
VILLAGES = [
    ("我在东莞厚街镇珊美村", "东莞厚街镇珊美村"),
    ("我家住在四川省南充市仪陇县新政镇石桥村3组", "四川省南充市仪陇县新政镇石桥村3组"),
    ("湖北黄冈蕲春县刘河镇鹞鹰坪村二组", "湖北黄冈蕲春县刘河镇鹞鹰坪村二组"),
    ("河南省周口市太康县老冢镇李楼村村东头第二家", "河南省周口市太康县老冢镇李楼村村东头第二家"),
    ("俺家在山东菏泽曹县庄寨镇李庄", "山东菏泽曹县庄寨镇李庄"),
    ("吉林省松原市扶余市三岔河镇四马架屯", "吉林省松原市扶余市三岔河镇四马架屯"),
    ("黑龙江绥化望奎县通江镇厢白后三屯东头", "黑龙江绥化望奎县通江镇厢白后三屯东头"),
    ("贵州省黔东南州雷山县西江镇羊排寨12号", "贵州省黔东南州雷山县西江镇羊排寨12号"),
    ("湖南衡阳县西渡镇梅花村陈家湾组", "湖南衡阳县西渡镇梅花村陈家湾组"),
    ("江西省赣州市于都县银坑镇洋迳村上屋组", "江西省赣州市于都县银坑镇洋迳村上屋组"),
    ("广东梅州五华县华城镇新亨村老屋下", "广东梅州五华县华城镇新亨村老屋下"),
    ("河北省保定市定州市清风店镇西市邑村村委会旁边", "河北省保定市定州市清风店镇西市邑村村委会旁边"),
    ("安徽阜阳临泉县杨桥镇王老庄5队", "安徽阜阳临泉县杨桥镇王老庄5队"),
    ("重庆市云阳县南溪镇桂溪村6社", "重庆市云阳县南溪镇桂溪村6社"),
    ("我在桂林阳朔县兴坪镇渔村", "桂林阳朔县兴坪镇渔村"),
    ("陕西渭南蒲城县孙镇甜水井村四组", "陕西渭南蒲城县孙镇甜水井村四组"),
    ("我们村是云南大理州洱源县右所镇松鹤村委会", "云南大理州洱源县右所镇松鹤村委会"),
    ("家住里水镇河村大道五巷八号", "里水镇河村大道五巷八号"),
    ("是柳河村，不是刘河村，柳树的柳", "柳河村"),
]
LANDMARKS = [
    ("我在顺德区大良人民医院对面", "顺德区大良人民医院对面"),
    ("住南海桂城地铁站旁边5栋", "南海桂城地铁站旁边5栋"),
    ("长沙雨花区红星大市场后面", "长沙雨花区红星大市场后面"),
    ("佛山高明区荷城街道沧江路中石化加油站隔壁", "佛山高明区荷城街道沧江路中石化加油站隔壁"),
    ("乐从镇家具城附近", "乐从镇家具城附近"),
    ("勒流镇政府对面的巷子进去第三家", "勒流镇政府对面"),
    ("郑州二七区大学路中学门口", "郑州二七区大学路中学门口"),
    ("从江县往洞镇增冲寨，鼓楼过去头一家", "从江县往洞镇增冲寨，鼓楼过去头一家"),
    ("宁安市东京城镇于家屯，豆腐坊后院儿，水不热", "宁安市东京城镇于家屯，豆腐坊后院儿"),
    ("双峰县荷叶镇大坪村，村口老槐树左转第三家就是", "双峰县荷叶镇大坪村，村口老槐树左转第三家"),
]
BARE_PLACES = [
    ("佛山", "佛山"),
    ("顺德", "顺德"),
    ("我在佛山", "佛山"),
    ("在广州番禺", "广州番禺"),
    ("东莞长安镇", "东莞长安镇"),
    ("中山市", "中山市"),
    ("在中山", "中山"),
    ("朝阳区", "朝阳区"),
    ("广东中山", "广东中山"),
    ("北京朝阳", "北京朝阳"),
    ("成都的", "成都"),
    ("俺们这是山东临沂", "山东临沂"),
    ("我这边是珠海香洲", "珠海香洲"),
    ("你们湖南岳阳有没有维修点", "湖南岳阳"),
    ("小榄镇", "小榄镇"),
    ("hi，Lisa，13880094412，高新区石羊街道", "高新区石羊街道"),
]
SPOKEN = [
    ("热水器漏水了麻烦你们派个人过来看一下我家住在天河区棠下街道电话是幺三九幺二三四五六七八", "天河区棠下街道"),
    ("我家在佛山南海里水镇河村大道5号热水器不加热电话13800138000", "佛山南海里水镇河村大道5号"),
    ("你好我要报修热水器不热了我住在顺德区容桂街道振华路十八号二零三我姓黄", "顺德区容桂街道振华路十八号二零三"),
    (
        "地址是福田区莲花街道景田南路八号三栋一单元五零二电话一三八零零一三八零零零",
        "福田区莲花街道景田南路八号三栋一单元五零二",
    ),
    ("喂我是大良凤翔路的我那个热水器打不着了", "大良凤翔路"),
    ("装在白云区同和街道握山西路五号四楼那里", "白云区同和街道握山西路五号四楼"),
    ("我住昌平区回龙观龙腾苑三区七号楼二单元六零一麻烦快点", "昌平区回龙观龙腾苑三区七号楼二单元六零一"),
    ("搬到新家了新家在海珠区江南大道中三十号明天下午能来装吗", "海珠区江南大道中三十号"),
    ("我们公司在南山区科技园南区高新南一道九号三楼想装两台", "南山区科技园南区高新南一道九号三楼"),
    ("就在岳麓区咸嘉湖西路一百二十号咸嘉新村八栋你喊师傅来嘛", "岳麓区咸嘉湖西路一百二十号咸嘉新村八栋"),
    ("我住喺天河区石牌西路八号十二楼Ａ座", "天河区石牌西路八号十二楼Ａ座"),
    ("阿拉屋里向勒杨浦区控江路一千五百弄十号四零二", "杨浦区控江路一千五百弄十号四零二"),
    ("咱家搁铁西区兴华南街五十八号三单元二楼", "铁西区兴华南街五十八号三单元二楼"),
]
TRADITIONAL = [
    ("我住廣東省佛山市順德區大良街道鳳翔路128號", "廣東省佛山市順德區大良街道鳳翔路128號"),
    ("地址係廣州市荔灣區龍津西路88號5樓", "廣州市荔灣區龍津西路88號5樓"),
    ("我家在廈門市湖里區濱海街道興隆路25號3樓，熱水器漏水", "廈門市湖里區濱海街道興隆路25號3樓"),
    ("深圳福田區福華路29號京海花園B座12樓", "深圳福田區福華路29號京海花園B座12樓"),
]
DENSE = [
    ("刘生 13711112222 禅城祖庙路8号 周六上午", "禅城祖庙路8号"),
    ("报修 DSZF-60 水不热 13822223333 张生 南海桂城南海大道20号", "南海桂城南海大道20号"),
    ("中山小榄文化路8号 E3 梁先生", "中山小榄文化路8号"),
    ("王强,13912345678,容桂朝阳路3号201,漏水", "容桂朝阳路3号201"),
    ("改地址 容桂街道文明西路21号", "容桂街道文明西路21号"),
    ("地址写错了是5栋不是3栋", "5栋"),
    ("不对，是凤翔路12号", "凤翔路12号"),
    ("龙江镇文华路1号\n陈先生\n13800138000", "龙江镇文华路1号"),
    ("收件人李强 地址 天河区体育西路103号维多利广场A塔1205", "天河区体育西路103号维多利广场A塔1205"),
]
ENGLISH = [
    ("No. 18 Renmin Road, Xiangzhou, Zhuhai", "No. 18 Renmin Road, Xiangzhou, Zhuhai"),
    (
        "I live at Room 502, No. 128 Fengxiang Road, Shunde District, Foshan, my phone is 138",
        "Room 502, No. 128 Fengxiang Road, Shunde District, Foshan",
    ),
    ("Flat 3B, 22 Huaxia Road, Tianhe, Guangzhou. Heater leaks", "Flat 3B, 22 Huaxia Road, Tianhe, Guangzhou"),
    (
        "my address is Building 5, Riverside Garden, Nanshan District, Shenzhen",
        "Building 5, Riverside Garden, Nanshan District, Shenzhen",
    ),
    ("12 Zhongshan Rd, Zhuhai please come", "12 Zhongshan Rd, Zhuhai"),
    ("Address: 88 Keyuan Road, Zhangjiang, Pudong, Shanghai 201203", "88 Keyuan Road, Zhangjiang, Pudong, Shanghai"),
    ("apt 1204 tower 2 Times Residence, Futian, Shenzhen", "apt 1204 tower 2 Times Residence, Futian, Shenzhen"),
    ("I live in Foshan", "Foshan"),
    ("I'm in Zhuhai", "Zhuhai"),
    ("we are in Shunde, Foshan", "Shunde, Foshan"),
    ("in Guangzhou", "Guangzhou"),
    ("wo zhu zai foshan shunde", "foshan shunde"),
    ("I live at 88 Xinhua Road, Changning, Shanghai", "88 Xinhua Road, Changning, Shanghai"),
    (
        "my address is Room 1203, Block A, 100 Jianxin Road, Chancheng, Foshan",
        "Room 1203, Block A, 100 Jianxin Road, Chancheng, Foshan",
    ),
    ("No. 5, Lane 690, Bibo Road, Pudong", "No. 5, Lane 690, Bibo Road, Pudong"),
    (
        "We're in Apartment 12B, Vanke City Garden, Longgang, Shenzhen",
        "Apartment 12B, Vanke City Garden, Longgang, Shenzhen",
    ),
    ("27 Zhongguancun Street Haidian Beijing", "27 Zhongguancun Street Haidian Beijing"),
    ("flat 5B, Jinyang Road 210, Mianyang", "flat 5B, Jinyang Road 210, Mianyang"),
    ("come to Building 6 Unit 2 Room 301, Lijing Garden, Hefei", "Building 6 Unit 2 Room 301, Lijing Garden, Hefei"),
    ("I am staying in Tianhe district Guangzhou", "Tianhe district Guangzhou"),
    ("its 16 beach rd xiamen", "16 beach rd xiamen"),
    ("add: rm 502, 12 Renmin Nan Lu, Chengdu", "rm 502, 12 Renmin Nan Lu, Chengdu"),
    ("foshan shunde daliang fengxiang lu 15 hao", "foshan shunde daliang fengxiang lu 15 hao"),
]
CUT_RIGHT = [
    ("芜湖镜湖区中山路66号，26号上午装机", "芜湖镜湖区中山路66号"),
    ("长沙岳麓区 27号安装", "长沙岳麓区"),
    ("河南省周口市太康县老冢镇毛寨村，村东头", "河南省周口市太康县老冢镇毛寨村，村东头"),
    ("那是老地址，现在搬到锦绣江南11幢2703了", "锦绣江南11幢2703"),
    ("再更正一处，楼号是11幢", "11幢"),
    ("我家住三单元", "三单元"),
    ("不对不对，我住三栋不是二栋", "三栋"),
    ("五楼502", "五楼502"),
    ("路名錯，是光復路唔係光福路", "光復路"),
    ("许生 深圳宝安沙井街道壆岗 13530728864 下午", "深圳宝安沙井街道壆岗"),
    ("住在 长沙 那个 开福区 福元路", "长沙 那个 开福区 福元路"),
    ("No. 6, Lane 88, Hongqiao Road, Shanghai", "No. 6, Lane 88, Hongqiao Road, Shanghai"),
    ("wrong address, it's Fengxiang Road 18", "Fengxiang Road 18"),
    ("I need the repair in Yiwu, Chouzhou North Road 300", "Yiwu, Chouzhou North Road 300"),
    ("my address is Hefei Shushan district Changjiang West Road 99", "Hefei Shushan district Changjiang West Road 99"),
    ("Flat 1406, Block C, Ocean View, Dalian", "Flat 1406, Block C, Ocean View, Dalian"),
    ("new address: 8 Binjiang Avenue, Hangzhou, 2-1101", "8 Binjiang Avenue, Hangzhou, 2-1101"),
    ("My name is Tanaka, I live in Suzhou", "Suzhou"),
    ("跟你说几遍了，是九楼，九楼", "九楼"),
    ("房号反了，1206不是1602", "1206"),
    ("是三栋不是二栋", "三栋"),
    ("不是三单元，是二单元", "二单元"),
    ("地址写错了，应该是5号楼302室", "5号楼302室"),
    ("不是三楼是二楼漏水", "二楼"),
    ("门牌应该是18，不是81", "18"),
    ("我住爱建路体育馆后身儿", "爱建路体育馆后身儿"),
    ("杭州余杭仓前街道文一西路未来海创园", "杭州余杭仓前街道文一西路未来海创园"),
    ("南昌县莲塘镇斗门路向阳路口", "南昌县莲塘镇斗门路向阳路口"),
    ("大名县金滩镇前孙庄村三队，门口有棵槐树", "大名县金滩镇前孙庄村三队"),
    ("铁岭县蔡牛镇张家楼子村西头，一打听都知道", "铁岭县蔡牛镇张家楼子村西头"),
    ("徐汇漕宝路80号B座公寓1206", "徐汇漕宝路80号B座公寓1206"),
    ("世纪大道1500号 Tower A 12楼", "世纪大道1500号 Tower A 12楼"),
    ("楼层写错了，是27F不是17F", "27F"),
    ("地址错了，不是A座，C座", "C座"),
    ("说错了，不是洪濑镇，是洪梅镇", "洪梅镇"),
    ("14 Orchard Villas, Suzhou Industrial Park", "14 Orchard Villas, Suzhou Industrial Park"),
    ("Unit 9, Willow Manor, Shunyi", "Unit 9, Willow Manor, Shunyi"),
    (
        "apartment 5-2-301, Wanke City Garden, Longgang, Shenzhen",
        "apartment 5-2-301, Wanke City Garden, Longgang, Shenzhen",
    ),
    ("Hangzhou, Wensan Road 259, 5-2-301", "Hangzhou, Wensan Road 259, 5-2-301"),
    ("Moyu Road 3000 nong, house 28", "Moyu Road 3000 nong, house 28"),
    ("Not Building 12, it's Building 21, room 405", "Building 21, room 405"),
    ("ring 13816620745, 22 Fuxing W Rd", "22 Fuxing W Rd"),
    ("35 Nanjing Lane, Wuxi, early Wednesday", "35 Nanjing Lane, Wuxi"),
    ("搬到新都区大丰镇南丰大道那边的和信小区，30号左右", "新都区大丰镇南丰大道那边的和信小区"),
    ("青秀区凤岭南路8号荣和大地12栋1602", "青秀区凤岭南路8号荣和大地12栋1602"),
    ("馨佳园八街坊6号", "馨佳园八街坊6号"),
    ("榆林神木大柳塔镇街上邮政银行斜对门", "榆林神木大柳塔镇街上邮政银行斜对门"),
    ("银川兴庆区北京东路丽景街口", "银川兴庆区北京东路丽景街口"),
    ("上海徐汇区龙华西路21弄乙号", "上海徐汇区龙华西路21弄乙号"),
    ("万州区高笋塘商业街9号附12", "万州区高笋塘商业街9号附12"),
    ("house no 5, xinhua village, panyu", "house no 5, xinhua village, panyu"),
    ("2nd floor, 16 Wukang Road, Xuhui", "2nd floor, 16 Wukang Road, Xuhui"),
    ("Huangpu District, Sichuan South Road No. 36, room 502", "Huangpu District, Sichuan South Road No. 36, room 502"),
    ("Building C, Software Park, Keyuan Road, Nanshan", "Building C, Software Park, Keyuan Road, Nanshan"),
    ("佛山市顺德区大良新桂路8号，热水器后面漏水", "佛山市顺德区大良新桂路8号"),
]
NO_ADDRESS = [
    "能自己弄就自己弄",
    "我们宿舍五十号人等着洗澡",
    "我这边是酒店",
    "How much is a train ticket to Chengdu?",
    "我家热水器漏水了",
    "佛山天气好热",
    "师傅说一共要300块，2号来的",
    "明天下午3点到5点",
    "一楼，没电梯",
    "装在二楼卫生间",
    "家里三室一厅",
    "你们公司在哪里",
    "我在家",
    "我在上班",
    "人在医院",
    "楼上漏水到楼下",
    "装在厨房行不行",
    "我是农村的",
    "在路上了没",
    "师傅到哪了",
    "我姓黄，叫我黄生就行",
    "想退货，商场买的",
    "在超市买的",
    "从京东买的",
    "房东说换",
    "小区停水了",
    "我在外地",
    "阳台能装吗",
    "the heater is on the road",
    "I am in the bathroom",
    "call me at 5",
    "高兴",
    "洗澡的时候手麻",
    "一层楼梯房",
    "什么时候到货",
    "和平解决吧",
    "他说的开发商",
    "水路电路都没问题",
    "红旗飘飘",
    "是25号不是26号",
    "三楼住户漏水",
    "修一道坏一道，你们硬是在忽悠人嗦",
    "安庄一台收费多少",
    "商家写着厂家安装，你们就是厂家吧",
    "到我们村要加路费不",
    "Not in Foshan",
]


def addresses(text: str) -> list[str]:
    return [each["text"] for each in read_values(text, NOW) if each["entity"] == "address"]


@pytest.mark.parametrize(
    ("text", "span"),
    TYPED + VILLAGES + LANDMARKS + BARE_PLACES + SPOKEN + TRADITIONAL + DENSE + ENGLISH,
)
def test_an_address_is_read_whole_and_nothing_beside_it(text: str, span: str) -> None:
    assert addresses(text) == [span]


@pytest.mark.parametrize(("text", "span"), CUT_RIGHT)
def test_an_address_is_cut_where_it_begins_and_ends(text: str, span: str) -> None:
    assert addresses(text) == [span]


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_no_address_is_invented(text: str) -> None:
    assert addresses(text) == []


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("中山", {"province": "广东省", "city": "中山市"}),
        ("在中山小榄", {"city": "中山市", "town": "小榄镇"}),
        ("朝阳", {"city": "", "district": ""}),
        ("北京朝阳", {"city": "北京市", "district": "朝阳区"}),
        (
            "四川省南充市仪陇县新政镇石桥村3组",
            {"district": "仪陇县", "town": "新政镇", "village": "石桥村", "detail": "3组"},
        ),
        ("禅城祖庙路8号", {"city": "佛山市", "district": "禅城区", "detail": "祖庙路8号"}),
        ("湖南长沙岳麓区麓山南路932号", {"city": "长沙市", "district": "岳麓区", "detail": "麓山南路932号"}),
        ("No. 18 Renmin Road, Xiangzhou, Zhuhai", {"city": "珠海市", "district": "香洲区"}),
    ],
)
def test_the_levels_of_an_address_are_told_apart(text: str, levels: dict[str, str]) -> None:
    (found,) = [each for each in read_values(text, NOW) if each["entity"] == "address"]
    value: dict[str, Any] = found["value"]
    assert {level: value[level] for level in levels} == levels
