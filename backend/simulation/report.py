"""The figures as text for a terminal: the same figures give the same text, byte for byte."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from backend.simulation import wording
from backend.simulation.figures import Figures
from backend.simulation.outcomes import Group, Outcome, grouped
from backend.tickets.rules import Words

WIDTH = 132


def printed(figures: Figures, language: str) -> str:
    """What `hotline simulate` prints."""
    page = _Page(language)
    page.line(plan_words(figures))
    page.line(stopped(figures))
    page.line(wording.ASSUMED)
    page.table(wording.PROMISES, *promises(figures, "kind", wording.KIND))
    page.table(wording.WHY, *reasons(figures))
    page.line(tight(figures))
    page.table(wording.BY_TIER, *promises(figures, "tier", wording.TIER))
    page.table(wording.BY_OUTLET, *outlets(figures))
    page.table(wording.LOAD, *load(figures))
    page.table(wording.EVENTS, *events(figures))
    page.table(wording.GRADES, *grades(figures))
    page.table(wording.TEXTS, *texts(figures))
    page.table(wording.HOUSE, *house(figures))
    return page.text()


def compared(several: Sequence[Figures], language: str) -> str:
    """One line for each number of agents: promises kept, lateness, how busy they were."""
    kinds = sorted({key[0] for figures in several for key in grouped(figures.fates, "kind")})
    head = [wording.AGENTS]
    for kind in kinds:
        name = wording.name_of(wording.KINDS, kind)
        head += [_pair(name, wording.KEPT_SHARE), _pair(name, wording.MEAN_LATE)]
    rows: list[Sequence[Words | str]] = []
    for figures in several:
        groups = grouped(figures.fates, "kind")
        row: list[Words | str] = [str(figures.plan.agents)]
        for kind in kinds:
            group = groups.get((kind, ""), Group())
            row += [percent(group.kept), span(group.mean_late)]
        rows.append([*row, percent(figures.utilisation), _state(figures)])
    page = _Page(language)
    page.line(plan_words(several[0], agents="/".join(str(figures.plan.agents) for figures in several)))
    page.line(stopped(several[-1]))
    page.line(wording.ASSUMED)
    page.table(wording.COMPARED, [*head, wording.UTILISATION, wording.HOUSE], rows)
    return page.text()


def plan_words(figures: Figures, agents: str = "") -> Words:
    """The plan of a run in a sentence."""
    plan = figures.plan
    filled = {
        "start": plan.start,
        "days": plan.days,
        "customers": plan.customers,
        "people": figures.people,
        "agents": agents or plan.agents,
        "seed": plan.seed,
    }
    return Words(wording.PLAN.zh.format(**filled), wording.PLAN.en.format(**filled))


def stopped(figures: Figures) -> Words:
    """That a run was stopped before its time; empty when it was not."""
    if figures.stopped_of is None:
        return Words("", "")
    filled = {"agents": figures.plan.agents, "days": figures.plan.days, "planned": figures.stopped_of}
    return Words(wording.STOPPED.zh.format(**filled), wording.STOPPED.en.format(**filled))


HANDS_FULL = 0.8
"""So busy in the average hour, agents had nobody to spare in the worst ones."""


def tight(figures: Figures) -> Words:
    """When answers were missed most, and whether more hands would have helped; empty when none was."""
    at = figures.tight
    if at is None:
        return Words("", "")
    filled = {
        "share": percent(at.of_all), "start": f"{at.hour:02d}", "end": f"{(at.hour + 1) % 24:02d}", "due": at.due,
        "missed": at.missed, "busy": percent(at.busy),
    }  # fmt: skip
    advice = wording.TOO_FEW if at.busy >= HANDS_FULL else wording.NOT_HANDS
    return Words(f"{wording.TIGHT.zh.format(**filled)}{advice.zh}", f"{wording.TIGHT.en.format(**filled)} {advice.en}")


def percent(share: float | None) -> str:
    """A share as people read it."""
    return "–" if share is None else f"{share:.1%}"


def span(late: timedelta) -> str:
    """A lateness in hours and minutes; nothing is a dash."""
    minutes = round(late.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}" if late else "–"


Rows = tuple[Sequence[Words], Iterable[Sequence[Words | str]]]


def promises(figures: Figures, by: str, name: Words) -> Rows:
    """Promises by kind, or by kind and one attribute more."""
    head = [wording.KIND] if by == "kind" else [wording.KIND, name]
    rest = [outcome for outcome in Outcome if outcome not in (Outcome.KEPT, Outcome.MISSED)]
    columns = [wording.OUTCOMES[outcome] for outcome in (Outcome.KEPT, Outcome.MISSED)]
    rows = []
    for (kind, value), group in grouped(figures.fates, by).items():
        row: list[Words | str] = [wording.name_of(wording.KINDS, kind)]
        if by != "kind":
            row.append(wording.name_of(wording.TIERS, value))
        row += [str(group.made), *(str(group.counts[each]) for each in (Outcome.KEPT, Outcome.MISSED))]
        row += [percent(group.kept), span(group.mean_late), span(group.late_at(0.9))]
        rows.append([*row, *(str(group.counts[each] or "–") for each in rest)])
    late = [wording.KEPT_SHARE, wording.MEAN_LATE, wording.LATE_90]
    return [*head, wording.MADE, *columns, *late, *(wording.OUTCOMES[each] for each in rest)], rows


def reasons(figures: Figures) -> Rows:
    """Why promises were missed."""
    rows = [
        (wording.name_of(wording.KINDS, kind), wording.REASONS[why], str(count))
        for (kind, _), group in grouped(figures.fates, "kind").items()
        for why, count in group.reasons.items()
        if count
    ]
    return [wording.KIND, wording.REASON, wording.HOW_MANY], rows


def outlets(figures: Figures) -> Rows:
    """One line for each outlet."""
    groups = grouped(figures.fates, "outlet")
    kinds = sorted({kind for kind, _ in groups})
    rows = []
    for outlet in sorted({outlet for _, outlet in groups}):
        row: list[Words | str] = [outlet]
        for kind in kinds:
            group = groups.get((kind, outlet), Group())
            row += [str(group.made), percent(group.kept), span(group.mean_late)]
        rows.append(row)
    head = [wording.OUTLET]
    for kind in kinds:
        name = wording.name_of(wording.KINDS, kind)
        head += [_pair(name, each) for each in (wording.MADE, wording.KEPT_SHARE, wording.MEAN_LATE)]
    return head, rows


def load(figures: Figures) -> Rows:
    """One line for each hour of the average day."""
    rows = [
        (f"{hour:02d}", *(f"{each:.1f}" for each in vars(load).values())) for hour, load in enumerate(figures.hours)
    ]
    return [wording.HOUR, wording.CONTACTS, wording.CALLBACKS, wording.CALLS, wording.BUSY, wording.ON_SHIFT], rows


def events(figures: Figures) -> Rows:
    """How often what happened."""
    rows = [(wording.name_of(wording.COUNTS, name), str(count)) for name, count in figures.counts.items()]
    return [wording.EVENTS, wording.HOW_MANY], [*rows, (wording.UTILISATION, percent(figures.utilisation))]


def grades(figures: Figures) -> Rows:
    """How often customers gave which grade, and the average; nothing before anybody has."""
    total = sum(figures.grades.values())
    rows: list[Sequence[Words | str]] = [
        (str(grade), str(count), percent(count / total)) for grade, count in figures.grades.items()
    ]
    if total:
        mean = sum(grade * count for grade, count in figures.grades.items()) / total
        rows.append((wording.AVERAGE, f"{mean:.2f}", "–"))
    return [wording.GRADE, wording.HOW_MANY, wording.SHARE], rows


def texts(figures: Figures) -> Rows:
    """What became of the texts, by their kind."""
    rows = [
        (wording.name_of(wording.TEXT_KINDS, kind), wording.name_of(wording.TEXT_STATES, status), str(count))
        for (kind, status), count in figures.texts.items()
    ]
    return [wording.TEXT_KIND, wording.STATUS, wording.HOW_MANY], rows


def house(figures: Figures) -> Rows:
    """The house's own promises."""
    rows = [(words, str(len(found)), " · ".join(found[:5])) for words, found in broken(figures)]
    return [wording.HOUSE, wording.HOW_MANY, Words("", "")], rows


def broken(figures: Figures) -> list[tuple[Words, Sequence[str]]]:
    """The house's own promises, each with what broke it."""
    found: Mapping[str, Sequence[str]] = vars(figures.broken)
    return [(wording.BROKEN[name], found[name]) for name in wording.BROKEN]


def _state(figures: Figures) -> Words:
    return wording.BROKEN_HOUSE if figures.broken.any else wording.KEPT_HOUSE


def _pair(first: Words, second: Words) -> Words:
    return Words(f"{first.zh}\n{second.zh}", f"{first.en}\n{second.en}")


class _Page:
    """Lines and tables, one below the other."""

    def __init__(self, language: str) -> None:
        self._language, self._out = language, io.StringIO()
        self._console = Console(file=self._out, width=WIDTH, no_color=True, highlight=False, legacy_windows=False)

    def line(self, words: Words) -> None:
        if not words.zh:
            return
        self._console.print(words.in_language(self._language))

    def table(self, title: Words, head: Sequence[Words], rows: Iterable[Sequence[Words | str]]) -> None:
        said = [[self._said(cell) for cell in row] for row in rows]
        if not said:
            return
        table = Table(box=SIMPLE_HEAD, pad_edge=False, title=self._said(title), title_justify="left")
        for at, words in enumerate(head):
            is_number = all(row[at][:1].isdigit() or row[at] == "–" for row in said)
            table.add_column(self._said(words), justify="right" if is_number else "left", no_wrap=True, overflow="fold")
        for row in said:
            table.add_row(*row)
        self._console.print()
        self._console.print(table)

    def text(self) -> str:
        """Everything, without blanks at the ends of lines."""
        return "\n".join(line.rstrip() for line in self._out.getvalue().splitlines()).strip("\n") + "\n"

    def _said(self, cell: Words | str) -> str:
        return cell if isinstance(cell, str) else cell.in_language(self._language)
