"""Administrative regions of China from `data/regions.tsv`, indexed by full and by short name.

Codes have 2 digits for a province, 4 for a prefecture-level city, 6 for a district or county, 9 for a town, township
or street. A region's parent is the longest shorter code that starts it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).resolve().parents[2] / "data" / "regions.tsv"
_SUFFIX = re.compile(
    r"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|[\u3400-\u9fff]{1,8}?族自治[州县旗]|(?<=..)自治[州县旗]"
    r"|街道办事处|街道|地区|林区|新区|矿区|省|市|盟|区|县|旗|镇|乡|[\u3400-\u9fff]{1,3}族乡)$"
)
_LONG_AUTONOMOUS = re.compile(
    r"^(?P<place>.{2,8}?)(?:(?:[\u3400-\u9fff]{1,5}?族)+|哈萨克|柯尔克孜|蒙古|塔吉克|锡伯)(?:自治[州县旗]|[民]?族?乡)$"
)
_NO_PLACE = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "市", "区"})
_NOT_SHORT = frozenset(
    {
        "城区", "郊区", "开发", "高新", "工业", "城关", "新城", "和平", "新华", "解放", "建设", "胜利", "红旗",
        "团结", "民主", "光明", "大安", "安心", "城中", "城东", "城西", "城南", "城北", "河东", "河西", "路南",
        "路北", "新建", "方正", "安定", "保康", "普定", "兴安", "东区", "西区", "南区", "北区", "青年", "中心",
        "前进", "向阳", "友好", "西乡", "安庄",
    }
)  # fmt: skip
"""Everyday words and words that many places share; without their suffix they name no place."""

_STREET_ENDS = frozenset("路街巷道村")
"""A street office is often named after a street (南京东路街道): its short name would swallow the street."""


@dataclass
class Regions:
    """Names by code and codes by name; `short` also knows 广东 for 广东省."""

    names: dict[str, str]
    full: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    short: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lengths: dict[str, list[int]] = field(default_factory=dict)
    """How long the names are that begin with these two characters, the longest first."""
    _cities_with_districts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for code, name in self.names.items():
            if len(code) == 6 and name not in _NO_PLACE and not code.endswith("00"):
                self._cities_with_districts.add(code[:4])
            if name in _NO_PLACE:
                continue
            self.full[name].append(code)
            short = short_name(name)
            if short != name and not (len(code) == 9 and short[-1] in _STREET_ENDS):
                self.short[short].append(code)
        begun: dict[str, set[int]] = defaultdict(set)
        for name in (*self.full, *self.short):
            begun[name[:2]].add(len(name))
        self.lengths = {start: sorted(sizes, reverse=True) for start, sizes in begun.items()}

    def named(self, code: str, digits: int) -> str:
        """Name of the region of `digits` digits that contains `code`, or "" when the code is coarser.

        In a municipality the city is the municipality itself; a county run by its province is its own city.
        """
        if len(code) < digits:
            return self.names[code[:2]] if digits == 4 and self.is_municipality(code) else ""
        name = self.names.get(code[:digits], "")
        if digits == 4 and (name in _NO_PLACE or not name):
            return self.names[code[:2]] if self.is_municipality(code) else self.named(code, 6)
        return "" if name in _NO_PLACE or (digits == 6 and code[:6].endswith("00")) else name

    def is_municipality(self, code: str) -> bool:
        """Whether the code lies in 北京, 天津, 上海 or 重庆."""
        return code[:2] in {"11", "12", "31", "50"}

    def has_districts(self, code: str) -> bool:
        """Whether the city of `code` is divided into districts (东莞 and 中山 are not)."""
        return len(code) < 4 or code[:4] in self._cities_with_districts


def short_name(name: str) -> str:
    """`广东省` → `广东`, `大理白族自治州` → `大理`, `大良街道` → `大良`; the name itself when nothing may go."""
    autonomous = _LONG_AUTONOMOUS.match(name)
    short = autonomous["place"] if autonomous else _SUFFIX.sub("", name)
    return short if len(short) >= 2 and short not in _NOT_SHORT else name


def parse_table(lines: Iterable[str]) -> Regions:
    """Build the index from lines `code<TAB>name`; a header line and further columns are ignored."""
    rows = (line.rstrip("\n").split("\t") for line in lines)
    return Regions({row[0]: row[1] for row in rows if len(row) >= 2 and row[0].isdigit()})


@lru_cache(maxsize=1)
def regions() -> Regions:
    """The regions of `data/regions.tsv`; empty when the file is not there."""
    if not _FILE.exists():
        return Regions({})
    with _FILE.open(encoding="utf-8") as lines:
        return parse_table(lines)
