"""Addresses in a customer's words: where they stand in the text and what province, city, district … they name.

Nothing is guessed: a missing level is filled in only when the named ones leave a single possibility (顺德区 lies in
佛山市 of 广东省 and nowhere else; 鼓楼区 does not say which city).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from bot.text.normal import Normal, normal
from bot.text.regions import Regions, regions
from bot.text.romanised import region

_SEARCHED = 400
_BETWEEN = re.compile(r"[\s,、·\-/]{0,3}")
_STRAY_SUFFIX = re.compile(r"[省市区县镇](?![\u3400-\u9fff]?[路街道村])")
_NUM = r"[0-9零〇一二三四五六七八九十百幺两]"
_DETAIL_UNIT = re.compile(
    rf"{_NUM}+(?:-{_NUM}+)*(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|房|组|队|社|巷|街|路|梯|门|期|区|户"
    rf"|米)(?:之{_NUM}+)?"
    rf"|[a-z]\d{{0,3}}(?:座|栋|幢|区|单元|室|房)|(?:[a-z]|[a-z]?{_NUM}+)-\d+[a-z]?(?:-\d+)?|[东南西北甲乙丙丁](?:座|单元|门"
    rf"|侧|区)"
    r"|[\u3400-\u9fffa-z0-9]{1,10}?(?:大道|大街|公路|国道|路口|路|街(?!道)|巷|弄|里弄|胡同|小区|花园|花苑|公寓|宿舍"
    r"|大厦|广场|新村|社区"
    r"|村委会|自然村|村(?!大?[路道街]|小学|口)|(?:屯|寨|庄|坊|苑|府|湾|庭|轩|阁|邸)(?![\u3400-\u9fff]{0,2}(?:大道|[路街巷]))"
    r"|公馆|山庄|别墅|市场|工业园|工业区"
    r"|开发区|科技园|园区|学校|小学|中学|大学"
    r"|医院|酒店|宾馆|商场|超市|批发部|派出所|村口|桥头|家园|名城|新城|雅居|华庭|豪庭|嘉园|佳园|农场|林场|镇上|街上"
    r"|家属院|大院|厂)"
)
_TRAILING = re.compile(
    rf"(?:{_NUM}{{1,5}}(?![0-9点时年月日号个天升块元台次]))|(?:对面|旁边|附近|后面|前面|隔壁|门口|楼上|楼下"
    rf"|靠近.{{2,8}})"
)
_STOP = re.compile(
    r"[。!?;\n]|热水器|电话|手机|号码|联系|我姓|我叫|姓名|名字|型号|坏了|漏水|漏电|不加热|不热|没热水|跳闸|不通电"
    r"|故障|报修|维修|安装|想装|要装|"
    r"修一下|来修|来装|上门|明天|后天|今天|下午|上午|早上|晚上|周[一二三四五六日天末]|下周|星期|礼拜|谢谢|麻烦|请"
    r"|师傅|你们|什么时候|买的|买了|"
    r"家里|这里|那边|这边|有没有|能不能|可以吗|可以|需要|有人|有个|的(?!士)|了|吗|呢|吧|,?\s*1[3-9]\d{9}|\b(?:my"
    r"|phone|tel|call|please|thanks|mobile)\b"
)
_CUE = re.compile(
    r"(?:地址|住址|住在|家住|我家在|家在|我在|住|位于|搬到|搬去|送到|装在|在|到|改成|改为|是|address(?: is)?"
    r"|live (?:at|in))\s*[:：是]?\s*$"
)
_STRONG_CUE = re.compile(r"(?:地址|住址|住在|家住|我家在|家在|搬到|搬去|address)\s*(?:改[成为]|是|在|[:：])*\s*$")
_TOWN_SHAPE = re.compile(
    r"[\s,]*(?P<town>[\u3400-\u9fff]{1,6}?(?:街道(?:办事处)?|镇(?!上)|乡))(?![\u3400-\u9fff]?[路街])"
)
_VILLAGE = re.compile(
    r"^[\s,]*(?P<village>[\u3400-\u9fff]{1,8}?(?:村委会|行政村|自然村|(?<!新)村(?!大?[路道街]|小学|口)|屯|寨))"
)
_EN_UNIT = (
    r"(?:room|rm|flat|apt|apartment|unit|suite|building|bldg|block|tower|floor|no\.?"
    r"|number)\s*\.?#?\s*[a-z]?-?\d+[a-z]?(?:-\d+)?"
    r"|\d+[a-z]?(?:-\d+)?(?:/f)?|[a-z][a-z' ]{1,30}?(?:road|rd|street|st|avenue|ave|lane|garden|gardens|village|plaza"
    r"|estate|residence|compound|court)\b\.?"
)
_EN_ADDRESS = re.compile(
    rf"(?:{_EN_UNIT})(?:\s*,?\s+(?:{_EN_UNIT}))*(?:\s*,\s*(?!my|phone|tel|please|and|thanks|it"
    rf"|the)[a-z][a-z' -]{{1,30}}?(?=\s*[,.;]|\s*$|\s+(?:my|phone|tel|please|and|thanks)\b)){{0,6}}"
)
_EN_STREET = re.compile(
    r"\b(?:road|rd|street|st|avenue|ave|lane|gardens?|village|plaza|estate|residence|compound|court)\b"
)


@dataclass(frozen=True)
class Address:
    """An address as far as it is known; levels not named and not implied are empty."""

    raw: str
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    village: str = ""
    detail: str = ""
    district_required: bool = True

    @property
    def levels(self) -> dict[str, str]:
        """As told (`raw`) and by level, from province to detail."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "district_required"}

    @property
    def missing(self) -> str | None:
        """The next thing to ask for: `city`, `district`, `detail`, or None when a technician could find it."""
        if not self.city:
            return "city"
        if not self.district and self.district_required:
            return "district"
        return None if self.detail or self.village else "detail"


@dataclass(frozen=True)
class FoundAddress:
    """An address found in a longer text, with its verbatim span."""

    start: int
    end: int
    text: str
    address: Address


@dataclass(frozen=True)
class _Chain:
    """Regions named one after the other from `start` to `end`, and the codes that all of them allow."""

    start: int
    end: int
    codes: frozenset[str]
    named: int
    full: bool


def parse(text: str, table: Regions | None = None) -> Address | None:
    """Read `text` as an address; None when it names no region and no street, village or house."""
    found = find(text, table, asked=True)
    return replace(found.address, raw=found.text) if found else None


def find(text: str, table: Regions | None = None, *, asked: bool = False) -> FoundAddress | None:
    """The address in `text`. `asked` says that the customer was asked for one, so that a bare "佛山" counts."""
    table = table or regions()
    matched = normal(text, _SEARCHED)
    chain = _best_chain(matched.text, table)
    if chain is None:
        return _without_region(matched, asked) or _in_latin_letters(matched, table, asked)
    detail_end = _detail_end(matched.text, chain.end, asked=asked)
    alone = not _BETWEEN.sub("", matched.text[: chain.start] + matched.text[detail_end:])
    has_detail = detail_end > chain.end
    cued = bool(_CUE.search(matched.text[: chain.start]))
    if not (asked or alone or chain.named > 1 or has_detail or (cued and chain.full)):
        return None
    return _found(matched, chain, detail_end, table)


def _best_chain(text: str, table: Regions) -> _Chain | None:
    """The chain that names the most regions; the first of equals."""
    best: _Chain | None = None
    at = 0
    while at < len(text):
        chain = _chain_at(text, at, table)
        if chain and (best is None or (chain.named, chain.full) > (best.named, best.full)):
            best = chain
        at = chain.end if chain else at + 1
    return best


def _chain_at(text: str, start: int, table: Regions) -> _Chain | None:
    codes: frozenset[str] = frozenset()
    named, full, at, end = 0, False, start, start
    while True:
        step = _region_at(text, at, codes, table)
        if step is None:
            break
        end, codes, is_full = step
        named += 1
        full = full or is_full
        if not is_full and (stray := _STRAY_SUFFIX.match(text, end)):
            end = stray.end()
        blank = _BETWEEN.match(text, end)
        at = blank.end() if blank else end
    return _Chain(start, end, codes, named, full) if named else None


def _region_at(text: str, at: int, within: frozenset[str], table: Regions) -> tuple[int, frozenset[str], bool] | None:
    """The longest region name at `at` that lies inside the codes named so far."""
    for length in range(min(table.longest, len(text) - at), 1, -1):
        name = text[at : at + length]
        for index, is_full in ((table.full, True), (table.short, False)):
            codes = _allowed(index.get(name, ()), within, is_full)
            if codes and not _is_street(text, at + length, is_full):
                return at + length, codes, is_full
    return None


def _is_street(text: str, end: int, is_full: bool) -> bool:
    """`南京路`, `北京西路` and `广州大道` are streets, not cities."""
    return not is_full and bool(
        re.match(r"[东西南北中一二三四]?(?:路|街(?!道)|大道|大街|巷|新村|花园|小区|站)", text[end : end + 4])
    )


def _allowed(codes: Sequence[str], within: frozenset[str], is_full: bool) -> frozenset[str]:
    """The codes that may follow: below those named so far; at the start no town, unless its full name is unique."""
    if within:
        return frozenset(
            code for code in codes for parent in within if code.startswith(parent) and len(code) > len(parent)
        )
    above_towns = frozenset(code for code in codes if len(code) < 9)
    if not above_towns and is_full and len(codes) == 1:
        return frozenset(codes)
    return above_towns


def _detail_end(text: str, start: int, *, asked: bool) -> int:
    """Where the street, house and room after `start` end; `start` when there are none."""
    stop = _STOP.search(text, start)
    limit = min(stop.start() if stop else len(text), start + 80)
    end = at = start
    town = _TOWN_SHAPE.match(text, start, limit)
    if town:
        end = at = town.end()
    while at < limit:
        blank = _BETWEEN.match(text, at, limit)
        at = blank.end() if blank else at
        unit = _DETAIL_UNIT.match(text, at, limit) or (_TRAILING.match(text, at, limit) if end > start else None)
        if unit is None or unit.end() == at:
            break
        end = at = unit.end()
    rest = text[start:limit].strip(" ,、")
    if asked and end == start and 2 <= len(rest) <= 30:
        return start + len(text[start:limit].rstrip(" ,、"))
    return end


def _found(matched: Normal, chain: _Chain, detail_end: int, table: Regions) -> FoundAddress:
    start, end = matched.span(chain.start, detail_end)
    raw = matched.original[start:end]
    code = _common(chain.codes)
    at = chain.end
    town = _TOWN_SHAPE.match(matched.text, at, detail_end) if code is None or len(code) < 9 else None
    at = town.end() if town else at
    village = _VILLAGE.match(matched.text[at:detail_end])
    at += village.end() if village else 0
    detail = _verbatim(matched, at, detail_end)
    known = Address(raw, village=village["village"] if village else "", detail=detail)
    if code:
        known = _with_levels(known, code, table)
        known = replace(known, town=known.town or (town["town"] if town else ""))
    elif len({table.names[each] for each in chain.codes if len(each) == 6}) == 1:
        known = replace(known, district=next(table.names[each] for each in chain.codes if len(each) == 6))
    return FoundAddress(start, end, raw, known)


def _with_levels(known: Address, code: str, table: Regions) -> Address:
    return replace(
        known,
        province=table.named(code, 2),
        city=table.named(code, 4),
        district=table.named(code, 6),
        town=table.named(code, 9),
        district_required=table.has_districts(code),
    )


def _common(codes: frozenset[str]) -> str | None:
    """The deepest region that the chain surely means: the only code, or the one that contains all the others."""
    deepest = min(codes, key=len)
    if all(code.startswith(deepest) for code in codes):
        return deepest
    provinces = [code for code in codes if len(code) == 2]
    return provinces[0] if len(provinces) == 1 else None


def _verbatim(matched: Normal, start: int, end: int) -> str:
    return matched.verbatim(start, end).strip(" ,，、·-") if end > start else ""


def _without_region(matched: Normal, asked: bool) -> FoundAddress | None:
    """A street and house, or an English address, that names no known region."""
    text = matched.text
    best: tuple[int, int] | None = None
    for unit in _DETAIL_UNIT.finditer(text):
        if best and unit.start() < best[1]:
            continue
        start = _trim_lead(text, unit.start(), unit.end())
        end = _detail_end(text, start, asked=False)
        strong = bool(_STRONG_CUE.search(text[:start]))
        units = len(_DETAIL_UNIT.findall(text[start:end]))
        if end > start and (units > 1 or (units == 1 and (asked or strong))):
            best = start, end
            break
    if best is None:
        return None
    start, end = matched.span(*best)
    raw = matched.original[start:end]
    village = _VILLAGE.match(text[best[0] : best[1]])
    if village:
        at = best[0] + village.end()
        detail = _verbatim(matched, at, best[1])
        return FoundAddress(start, end, raw, Address(raw, village=village["village"], detail=detail))
    return FoundAddress(start, end, raw, Address(raw, detail=raw))


_LEAD = re.compile(
    r".*(?:地址|住址|住在|家住|我家在|家在|我在|我住|位于|搬到|搬去|改成|改为|是|就在|在|到|从|[:：，,。;!? ])"
)


def _trim_lead(text: str, start: int, end: int) -> int:
    """Cut "我家住在" off the front of "我家住在幸福路"."""
    lead = _LEAD.match(text, start, end)
    return lead.end() if lead and lead.end() < end else start


def _in_latin_letters(matched: Normal, table: Regions, asked: bool) -> FoundAddress | None:
    """An English address with the regions it names; regions alone count when asked for, or after "in" and "from"."""
    span = _english(matched.text)
    place = region(matched.text[slice(*span)] if span else matched.text)
    if span is None:
        if place is None or place[0] not in table.names:
            return None
        cued = re.search(r"\b(?:in|from|at|near|to) $", matched.text[: place[1]])
        if not (asked or cued or place[2] - place[1] >= 0.8 * len(matched.text.strip())):
            return None
        span = place[1], place[2]
    start, end = matched.span(*span)
    raw = matched.original[start:end]
    known = Address(raw, detail=raw if re.search(r"\d", raw) else "")
    return FoundAddress(start, end, raw, _with_levels(known, place[0], table) if place else known)


def _english(text: str) -> tuple[int, int] | None:
    """An English address: a street and a number, however ordered."""
    for found in _EN_ADDRESS.finditer(text):
        words = found[0].strip(" ,.")
        if _EN_STREET.search(words) and re.search(r"\d", words) and len(words) > 8:
            return found.start(), found.start() + len(words)
    return None
