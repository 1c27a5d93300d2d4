"""Chinese typed in Latin letters: which language it is, short answers, times, and addresses syllable by syllable."""

from __future__ import annotations

from datetime import datetime

import pytest
from wishes import told

from bot.actions.reading import answers, heater, times
from bot.text.address import find, parse
from bot.text.language import detect, is_everyday_pinyin
from bot.text.normal import normal
from bot.text.pinyin import syllables, units
from bot.text.typed import in_characters
from bot.text.values import ZONE, read_values

NOW = datetime(2026, 11, 24, 10, 20, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("nanshanqu", ("nan", "shan", "qu")),
        ("foshan", ("fo", "shan")),
        ("xian", ("xian",)),
        ("buzhidao", ("bu", "zhi", "dao")),
        ("a", ("a",)),
        ("heater", None),
        ("meaning", None),
        ("street", None),
    ],
)
def test_a_word_is_taken_apart_into_the_fewest_syllables(word: str, parts: tuple[str, ...] | None) -> None:
    assert syllables(word) == parts


def test_units_know_where_they_stand() -> None:
    text = "nanshanqu 8 hao, street"
    assert [text[unit.start : unit.end] for unit in units(text)] == ["nan", "shan", "qu", "8", "hao", "street"]
    assert [unit.begins for unit in units(text)] == [True, False, False, True, True, True]
    assert [unit.follows for unit in units(text)] == [False, True, True, True, True, False]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("wo jia re shui qi huai le, bu re", "zh"),
        ("bu zhi dao", "zh"),
        ("buzhidao", "zh"),
        ("zhang san 13512341234", "zh"),
        ("shen zhen nan shan qu ke ji yuan nan qu 8 hao", "zh"),
        ("ming tian xia wu 3 dian", "zh"),
        ("dui", "zh"),
        ("wo de heater huai le", "zh"),
        ("women yao bao xiu", "zh"),
        ("he", None),
        ("can he", None),
        ("me", None),
        ("she can change the date", "en"),
        ("he can come to the house at nine", "en"),
        ("long time no see", "en"),
        ("bang on the pipe and it runs", "en"),
        ("women's day", "en"),
        ("name", None),
    ],
)
def test_pinyin_is_chinese_and_english_that_looks_like_it_is_not(text: str, language: str | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "everyday"),
    [
        ("Wo Yao Bao Xiu", True),
        ("Bu Zhi Dao", True),
        ("Li Wei", False),
        ("Anna Lee", False),
        ("Zhang San", False),
        ("", False),
    ],
)
def test_everyday_words_are_no_name(text: str, everyday: bool) -> None:
    assert is_everyday_pinyin(text) is everyday


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("bu zhi dao", "不知道"),
        ("Buzhidao", "不知道"),
        ("bu qing chu", "不清楚"),
        ("dui", "对"),
        ("dui de", "对的"),
        ("shi de", "是的"),
        ("hao de", "好的"),
        ("haode xiexie", "好的谢谢"),
        ("mei you", "没有"),
        ("bu yong le", "不用了"),
        ("que ren", "确认"),
        ("bu dui", "不对"),
        ("ke yi", "可以"),
        ("ming tian xia wu 3 dian", "明天下午3点"),
        ("mingtian xiawu san dian ban", "明天下午三点半"),
        ("xia zhou er shang wu 9 dian dao 11 dian", "下周二上午9点到11点"),
        ("xia wu 2 dao 4 dian", "下午2到4点"),
        ("12 yue 3 hao xia wu", "12月3号下午"),
        ("2023 nian", "2023年"),
        ("san nian qian", "三年前"),
        # not what it seems
        ("you", "you"),
        ("can he", "can he"),
        ("bu can go", "bu can go"),
        ("kuai yi dian lai", "kuai yi dian lai"),
        ("bei reshuiqi dian dao le", "bei reshuiqi dian dao le"),
        ("lou4 dian4 le", "lou4 dian4 le"),
        ("ke ji yuan nan qu 8 hao", "ke ji yuan nan qu 8 hao"),
        ("my number is 3 dian", "my number is 3 dian"),
    ],
)
def test_answers_and_times_are_read_as_characters(text: str, characters: str) -> None:
    assert in_characters(normal(text)).text == characters


def test_characters_lead_back_to_the_syllables_they_were_typed_with() -> None:
    typed = in_characters(normal("lai ba, mingtian xia wu 3 dian ke yi"))
    start = typed.text.index("明天")
    assert typed.verbatim(start, start + len("明天下午3点")) == "mingtian xia wu 3 dian"


@pytest.mark.parametrize("text", ["bu zhi dao", "buzhidao", "bu qing chu", "wang le", "ji bu qing"])
def test_pinyin_says_that_something_is_not_known(text: str) -> None:
    assert answers.is_unknown(text)


@pytest.mark.parametrize("text", ["dui", "shi de", "hao de", "que ren", "ke yi", "Dui.", "dui dui", "hao"])
def test_pinyin_says_yes(text: str) -> None:
    assert answers.is_yes(text)
    assert not answers.is_no(text)


@pytest.mark.parametrize("text", ["bu dui", "mei you", "bu yong", "bu shi", "bu yong le xie xie", "hai mei you"])
def test_pinyin_says_no(text: str) -> None:
    assert answers.is_no(text)
    assert not answers.is_yes(text)


@pytest.mark.parametrize("text", ["you", "he", "can", "me", "bang", "long", "she"])
def test_english_words_answer_nothing(text: str) -> None:
    assert not any(reads(text) for reads in (answers.is_yes, answers.is_no, answers.is_unknown))


def test_pinyin_answers_the_other_questions_too() -> None:
    assert times.is_any_time("sui shi dou ke yi")
    assert heater.delivered("hai mei dao") is False
    assert heater.delivered("yi jing dao le") is True
    assert answers.gives_up("suan le")


PLACES = [
    (
        "shen zhen nan shan qu ke ji yuan nan qu 8 hao",
        "shen zhen nan shan qu ke ji yuan nan qu 8 hao",
        ("广东省", "深圳市", "南山区", "", "ke ji yuan nan qu 8 hao"),
    ),
    (
        "shenzhen nanshanqu keji yuan",
        "shenzhen nanshanqu keji yuan",
        ("广东省", "深圳市", "南山区", "", "keji yuan"),
    ),
    (
        "shenzhenshi nanshanqu kejiyuan nanqu 8 hao",
        "shenzhenshi nanshanqu kejiyuan nanqu 8 hao",
        ("广东省", "深圳市", "南山区", "", "kejiyuan nanqu 8 hao"),
    ),
    ("Shen Zhen Nan Shan", "Shen Zhen Nan Shan", ("广东省", "深圳市", "南山区", "", "")),
    (
        "guang dong fo shan shun de qu rong gui jie dao gui zhou da dao 53 hao",
        "guang dong fo shan shun de qu rong gui jie dao gui zhou da dao 53 hao",
        ("广东省", "佛山市", "顺德区", "容桂街道", "gui zhou da dao 53 hao"),
    ),
    (
        "wo jia zai shang hai min hang qu cao bao lu 1200 hao 3 dong 502, dian hua 13800138000",
        "shang hai min hang qu cao bao lu 1200 hao 3 dong 502",
        ("上海市", "上海市", "闵行区", "", "cao bao lu 1200 hao 3 dong 502"),
    ),
    (
        "xi an yan ta qu ke ji lu 5 hao",
        "xi an yan ta qu ke ji lu 5 hao",
        ("陕西省", "西安市", "雁塔区", "", "ke ji lu 5 hao"),
    ),
    (
        "dong guan chang an zhen 88 hao",
        "dong guan chang an zhen 88 hao",
        ("广东省", "东莞市", "", "长安镇", "88 hao"),
    ),
    (
        "cheng du wu hou qu tian fu da dao 666 hao ming tian xia wu lai",
        "cheng du wu hou qu tian fu da dao 666 hao",
        ("四川省", "成都市", "武侯区", "", "tian fu da dao 666 hao"),
    ),
    (
        "wo xing zhang, hang zhou xi hu qu wen san lu 478 hao",
        "hang zhou xi hu qu wen san lu 478 hao",
        ("浙江省", "杭州市", "西湖区", "", "wen san lu 478 hao"),
    ),
    (
        "hebei shijiazhuang changan qu",
        "hebei shijiazhuang changan qu",
        ("河北省", "石家庄市", "长安区", "", ""),
    ),
    (
        "Foshan, Shunde, Fengxiang Lu 15",
        "Foshan, Shunde, Fengxiang Lu 15",
        ("广东省", "佛山市", "顺德区", "", "Fengxiang Lu 15"),
    ),
    (
        "wo zhu zai ren min lu 8 hao 3 dong 502",
        "ren min lu 8 hao 3 dong 502",
        ("", "", "", "", "ren min lu 8 hao 3 dong 502"),
    ),
    (
        "guizhou dadao 53 hao biguiyuan 6 zuo 1203",
        "guizhou dadao 53 hao biguiyuan 6 zuo 1203",
        ("", "", "", "", "guizhou dadao 53 hao biguiyuan 6 zuo 1203"),
    ),
]


@pytest.mark.parametrize(("text", "words", "levels"), PLACES)
def test_an_address_in_pinyin_names_its_regions(text: str, words: str, levels: tuple[str, ...]) -> None:
    found = find(text)
    assert found is not None
    assert found.text == words == text[found.start : found.end]
    known = found.address
    assert (known.province, known.city, known.district, known.town, known.detail) == levels


@pytest.mark.parametrize(
    "text",
    [
        "wo jia re shui qi huai le, bu re",
        "ming tian xia wu 3 dian",
        "ni hao wo yao bao xiu",
        "bu zhi dao",
        "dui",
        "beijing de fapiao 3 ge yue le",
        "wo jia de re shui qi mai le 3 nian le",
        "zhang san 13512341234",
        "women de jiqi bu re",
    ],
)
def test_no_address_is_heard_in_other_pinyin(text: str) -> None:
    assert find(text) is None


@pytest.mark.parametrize(
    "text", ["Pudong, Shanghai", "Nanshan, Shenzhen", "Shunde, Foshan, Guangdong", "shen zhen nan shan"]
)
def test_regions_alone_are_no_street_in_either_order(text: str) -> None:
    address = parse(text)
    assert address is not None
    assert address.district
    assert (address.detail, address.missing) == ("", "detail")


def test_a_street_before_its_regions_belongs_to_them() -> None:
    found = find("12 Renmin Lu, Shunde, Foshan")
    assert found is not None
    assert (found.text, found.address.district) == ("12 Renmin Lu, Shunde, Foshan", "顺德区")


@pytest.mark.parametrize(
    ("text", "village", "detail"),
    [
        ("he nan zhou kou tai kang xian long qu zhen li lou cun", "li lou cun", ""),
        ("he nan zhou kou tai kang xian long qu zhen liloucun 3 zu", "liloucun", "3 zu"),
        ("bei jing hai dian qu zhong guan cun da jie 27 hao", "", "zhong guan cun da jie 27 hao"),
        ("shang hai pu dong xin qu cao yang xin cun 8 hao", "", "cao yang xin cun 8 hao"),
    ],
)
def test_a_village_in_pinyin_is_known(text: str, village: str, detail: str) -> None:
    address = parse(text)
    assert address is not None
    assert (address.village, address.detail, address.missing) == (village, detail, None)


def test_a_district_that_lies_in_two_cities_is_not_guessed() -> None:
    address = parse("chaoyang qu jianguo lu 8 hao")
    assert address is not None
    assert (address.city, address.missing) == ("", "city")


def test_a_street_told_after_its_district_completes_the_address() -> None:
    address = parse("shen zhen nan shan qu ke ji yuan nan qu 8 hao")
    assert address is not None
    assert address.missing is None


@pytest.mark.parametrize(
    ("text", "words", "opens"),
    [
        ("ming tian xia wu 3 dian", "ming tian xia wu 3 dian", "2026-11-25T15:00:00+08:00"),
        ("xia ge xing qi san shang wu", "xia ge xing qi san shang wu", "2026-12-02T08:00:00+08:00"),
        ("zhe zhou liu xia wu 2 dian ban", "zhe zhou liu xia wu 2 dian ban", "2026-11-28T14:30:00+08:00"),
        ("mingtian xiawu san dian", "mingtian xiawu san dian", "2026-11-25T15:00:00+08:00"),
        ("hou tian shang wu 10 dian yi hou", "hou tian shang wu 10 dian yi hou", "2026-11-26T10:00:00+08:00"),
        ("neng bu neng wan dian lai, xiawu wu dian yihou", "xiawu wu dian yihou", "2026-11-24T17:00:00+08:00"),
        ("mingtian bu zaijia, gai houtian", "houtian", "2026-11-26T00:00:00+08:00"),
        ("xia wu san dian gei wo da dianhua", "xia wu san dian", "2026-11-24T15:00:00+08:00"),
    ],
)
def test_a_time_in_pinyin_is_read_with_its_words(text: str, words: str, opens: str) -> None:
    (wish,) = [each for each in told(text, NOW) if each["entity"] == "time"]
    assert (wish["text"], wish["value"]["start"]) == (words, opens)


@pytest.mark.parametrize(
    "text", ["zhoumo shangban ma", "zaoshang hao", "shuo hao shangwu lai, deng le yi tian mei ren", "kuai yi dian lai"]
)
def test_no_wish_is_heard_in_other_pinyin(text: str) -> None:
    assert [each for each in told(text, NOW) if each["entity"] == "time"] == []


@pytest.mark.parametrize(
    ("text", "value"), [("2023 nian", "2023"), ("qu nian mai de", "2025"), ("san nian qian", "2023")]
)
def test_a_purchase_date_in_pinyin_is_read(text: str, value: str) -> None:
    (bought,) = [each for each in read_values(text, NOW) if each["entity"] == "purchase_date"]
    assert bought["value"] == value
