"""The report as one page of HTML that needs no network: bars, confusion matrix, worst lines; readable on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from bot.nlu_tools import scores
from bot.nlu_tools.scores import Judged, Score

_WORST = 60
_STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --paper: #fbfbfa; --line: #d9dde3; --soft: #667085; --bar: #2f7d6b;
  --bad: 190 60 50; --good: 47 125 107; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaee; --paper: #14181d; --line: #343b45; --soft: #9aa4b2;
  --bar: #4fb39b; --bad: 235 110 95; --good: 79 179 155; } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 1rem; color: var(--ink); background: var(--paper);
  font: 16px/1.5 system-ui, "PingFang SC", "Noto Sans CJK SC", sans-serif }
h1 { font-size: 1.5rem; margin: .5rem 0 1rem } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 0 }
.figures div { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem }
.figures dt { color: var(--soft); font-size: .85rem } .figures dd { margin: 0; font-size: 1.5rem; font-weight: 600 }
.figures small { display: block; font-size: .8rem; font-weight: 400; color: var(--soft) }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .5rem; text-align: left; vertical-align: top } td.n { text-align: right }
.bars { width: 100% }
.bars th { font-weight: 400; white-space: nowrap; width: 1% } .bars td.n { width: 1%; white-space: nowrap }
.bar { height: .9rem; border-radius: .2rem; background: var(--bar); min-width: 1px }
.track { background: var(--line); border-radius: .2rem }
.matrix { font-size: .72rem } .matrix th { font-weight: 400 } .matrix td { text-align: center; min-width: 1.7rem;
  padding: .2rem; border: 1px solid var(--line) }
.matrix thead th { writing-mode: vertical-rl; text-align: left; padding: .2rem .1rem }
.matrix tbody th { white-space: nowrap; position: sticky; left: 0; background: var(--paper) }
.list td, .list th { border-top: 1px solid var(--line) }
.list td:last-child { min-width: 14rem; overflow-wrap: anywhere }
.en { color: var(--soft) }
"""


def page(judged: Sequence[Judged], title: str, *, hide_lines: bool = False) -> str:
    """The whole page; `hide_lines` leaves out what customers said."""
    body = "\n".join(
        [
            _figures(judged),
            _heading("按说话方式", "by style"),
            _bars(judged, "style"),
            _heading("按语言", "by language"),
            _bars(judged, "language"),
            _heading("按意图", "by intent"),
            _bars(judged, "intent"),
            _entities(judged),
            _heading("混淆矩阵（行：本意，列：理解）", "confusion matrix (rows: meant, columns: understood)"),
            _matrix(judged),
            "" if hide_lines else _worst(judged),
        ]
    )
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1>听懂了多少 <span class="en" lang="en">{escape(title)}</span></h1>\n{body}\n</body>\n</html>\n'
    )


def _heading(chinese: str, english: str) -> str:
    return f'<h2>{chinese} <span class="en" lang="en">{english}</span></h2>'


def _figures(judged: Sequence[Judged]) -> str:
    misses, alarms = scores.danger_misses(judged), scores.false_alarms(judged)
    strange = scores.intent_score(judged, scores.OUT_OF_SCOPE)
    spans = sum(scores.entity_scores(judged).values(), Score())
    values = sum(scores.entity_scores(judged, with_values=True).values(), Score())
    spent = [float(each.result["ms"]) for each in judged if "ms" in each.result]
    cards = [
        ("意图正确", "intents right", f"{scores.accuracy(judged):.1%}", f"{len(judged)} 句 lines"),
        ("漏报危险", "dangers missed", str(len(misses)), f"误报 false alarms {len(alarms)}"),
        ("范围外召回", "out of scope recall", f"{strange.recall:.1%}", f"精确 precision {strange.precision:.1%}"),
    ]
    if spans.wanted:
        cards.append(("实体 F1", "entities, micro F1", f"{spans.f1:.3f}", f"含规范值 with normal form {values.f1:.3f}"))
    if spent:
        fast, slow = scores.percentile(spent, 0.5), scores.percentile(spent, 0.95)
        cards.append(("解析时间", "parse p50", f"{fast:.1f} ms", f"p95 {slow:.1f} ms"))
    items = "".join(
        f'<div><dt>{zh} <span lang="en">{en}</span></dt><dd>{figure}<small>{note}</small></dd></div>'
        for zh, en, figure, note in cards
    )
    return f'<dl class="figures">{items}</dl>'


def _bars(judged: Sequence[Judged], field: str) -> str:
    rows = "".join(_bar(group, members) for group, members in scores.groups(judged, field).items())
    return f'<table class="bars"><tbody>{rows}</tbody></table>'


def _bar(group: str, members: Sequence[Judged]) -> str:
    share = scores.accuracy(members)
    return (
        f'<tr><th scope="row">{escape(group)}</th>'
        f'<td><div class="track"><div class="bar" style="width:{share:.1%}"></div></div></td>'
        f'<td class="n">{share:.0%}</td><td class="n en">{len(members)}</td></tr>'
    )


def _entities(judged: Sequence[Judged]) -> str:
    spans, values = scores.entity_scores(judged), scores.entity_scores(judged, with_values=True)
    if not spans:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{escape(kind)}</th><td class="n">{score.precision:.0%}</td>'
        f'<td class="n">{score.recall:.0%}</td><td class="n">{score.f1:.2f}</td>'
        f'<td class="n">{values[kind].f1:.2f}</td><td class="n">{score.wanted}</td></tr>'
        for kind, score in spans.items()
    )
    names = ("实体 entity", "精确 precision", "召回 recall", "F1", "F1 含规范值 with normal form", "数量 support")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    table = f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'{_heading("实体", "entities by exact span")}\n<div class="scroll">{table}</div>'


def _matrix(judged: Sequence[Judged]) -> str:
    counts = scores.confusions(judged)
    names = sorted({name for pair in counts for name in pair})
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    rows: list[str] = []
    for meant in names:
        total = sum(counts[meant, understood] for understood in names)
        cells = "".join(_cell(meant, understood, counts[meant, understood], total) for understood in names)
        rows.append(f'<tr><th scope="row">{escape(meant)}</th>{cells}</tr>')
    body = "".join(rows)
    table = f'<table class="matrix"><thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def _cell(meant: str, understood: str, count: int, total: int) -> str:
    if not count:
        return "<td></td>"
    tone = "good" if meant == understood else "bad"
    strength = 0.12 + 0.6 * count / total
    told = f"{escape(meant)} → {escape(understood)}"
    return f'<td style="background:rgb(var(--{tone}) / {strength:.2f})" title="{told}">{count}</td>'


def _worst(judged: Sequence[Judged]) -> str:
    wrong = scores.mistakes(judged)[:_WORST]
    if not wrong:
        return ""
    rows = "".join(_wrong_row(each) for each in wrong)
    names = ("把握 confidence", "本意 meant", "理解 understood", "原话 line")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    table = f'<table class="list"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f'{_heading("错得最有把握的", "surest mistakes")}\n<div class="scroll">{table}</div>'


def _wrong_row(each: Judged) -> str:
    words = (f"{float(each.result['confidence']):.2f}", each.line["intent"], each.result["intent"], each.line["text"])
    return "<tr>" + "".join(f'<td dir="auto">{escape(str(word))}</td>' for word in words) + "</tr>"
