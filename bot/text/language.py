"""Which of the hotline's two languages a message is written in."""

import re

from bot.text.normal import normal

_HANZI = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"(?<![\w-])[a-z]+(?:'[a-z]+)?(?![\w-]|\.\w)")
_SHARED = frozenset(
    {
        "app", "drop", "from", "hi", "html", "id", "k", "kw", "l", "led", "ok", "okay", "qq", "script", "select",
        "sms", "table", "vip", "w", "where", "wifi",
    }
)  # fmt: skip
_PINYIN = frozenset(
    {
        "anzhuang", "ba", "baoxiu", "bu", "bujiare", "bushi", "chu", "dale", "de", "dian", "dianhua", "dizhi",
        "dong", "duoshao", "gei", "guzhang", "hao", "houtian", "huai", "huan", "jia", "jiao", "jiare", "jintian",
        "keyi", "kuai", "lai", "le", "lou", "loudian", "loushui", "ma", "mao", "maoyan", "mei", "meiyou", "ming",
        "mingtian", "na", "ne", "ni", "nihao", "nin", "qian", "qing", "re", "ren", "reshuiqi", "shangwu", "shenme",
        "shi", "shifu", "shui", "ta", "tousu", "tuihuo", "wanshang", "weixiu", "wo", "women", "xiang", "xiawu",
        "xie", "xiexie", "xing", "xinghao", "xiu", "yan", "yao", "you", "zai", "zaoshang", "zenme", "zhe", "zhuang",
    }
)  # fmt: skip


def detect(text: str) -> str | None:
    """`"zh"`, `"en"`, or None when the words belong to both or to neither (digits, codes, `ok`, an emoji).

    Mixed messages count by weight: one Chinese character against one English word. Pinyin is Chinese.
    """
    matched = normal(text).text
    hanzi = len(_HANZI.findall(matched))
    words = [word for word in _WORD.findall(matched) if word not in _SHARED]
    if hanzi:
        return "zh" if hanzi >= len(words) else "en"
    if not words:
        return None
    pinyin = sum(word in _PINYIN for word in words)
    return "zh" if pinyin * 5 >= len(words) * 3 else "en"
