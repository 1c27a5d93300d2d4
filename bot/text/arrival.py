"""When goods arrive, in words that may look like a wish for a visit: `后天才送到`, `it arrives on Friday`. Pure."""

import re

_ARRIVES_AFTER = re.compile(
    r"^(?:之?前|以前|上午|下午|晚上|早上|才|就|会|能|可以|应该|估计|大概|差不多|要|给|再|[,， ])*"
    r"(?:送(?:货|到|过?来|达)|到(?:货|达|手|得了)|[才就会能]?到(?=$|[,，。.!！?？;；了的吧呢啊哦嘛呀]|才))"
    r"|^ (?:cai |jiu )?(?:song |dao huo|dao\b)"
    r"|^,? (?:(?:is|it|will|the|my|should|be|gets?|it's|it'll|only|heater|unit|goods|order|parcel|by|then|when)\b ?)*"
    r"(?:arriv|deliver|dlvr|being delivered)"
)
_ARRIVES_BEFORE = re.compile(
    r"(?:到货|送货|派送|到家|送到)(?:时间|日期|日子)?(?:是|在|要|得|预计|定|说|显示|大概|可能)*的?$"
    r"|\b(?:arriv(?:e|es|ing|al)|deliver(?:s|ed|y|ing)|dlvr?(?:y|d|ed)?|(?:it|heater|unit|goods|order|parcel|box)"
    r"(?:'s| is| will| should)? (?:come|comes|coming|be here))"
    r"(?: ?(?:是|在)| (?:is|on|by|at|only|here|date|day|due|set|for|scheduled|expected|not|until|till|before|me|us|to"
    r"|this|next|it))* ?$"
)
_SOMEBODY = re.compile(
    r"师傅|师付|安装工|工人|你们|您们|派人|\b(?:you|technician|fitter|someone|somebody|engineer)\b[^,.;]{0,12}$"
)
_PAUSE = re.compile(r"[,，。;；!！]")
_REACH = 40
"""Characters around a time in which it is said what happens then."""


def is_told(before: str, after: str) -> bool:
    """Whether the time that stands between these words, in normal form, is that at which the goods come."""
    clause = _PAUSE.split(before[-_REACH:])[-1]
    if _SOMEBODY.search(clause):
        return False
    return bool(_ARRIVES_AFTER.match(after[:_REACH]) or _ARRIVES_BEFORE.search(clause))
