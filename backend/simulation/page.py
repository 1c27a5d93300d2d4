"""The figures as one page that needs nothing besides itself: pictures in SVG, light and dark, Chinese and English."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from backend.kernel import working_time
from backend.reference import Reference
from backend.simulation import charts, report, wording
from backend.simulation.charts import Chart, Series
from backend.simulation.figures import Figures
from backend.simulation.outcomes import Fate, Outcome, grouped
from backend.tickets.rules import Words

TEMPLATES = Path(__file__).parent / "templates"
LATENESS = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 300, 600))
SERIES = ("a", "b", "c", "d", "e")


def html(figures: Figures, reference: Reference, language: str) -> str:
    """The page; it opens in `language` and can be switched."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html").render(
        language=language,
        w=wording,
        plan=report.plan_words(figures),
        stopped=report.stopped(figures),
        headline=_headline(figures),
        load=_load(figures, reference),
        crew=_crew(figures, reference),
        days=_days(figures),
        lateness=_lateness(figures),
        tables=_tables(figures),
        tight=report.tight(figures),
        broken=report.broken(figures),
        is_broken=figures.broken.any,
    )


def _headline(figures: Figures) -> list[tuple[Words, str, Words]]:
    """For each kind of promise the share that was kept, and of how many."""
    told = []
    for (kind, _), group in grouped(figures.fates, "kind").items():
        missed, made = group.counts[Outcome.MISSED], group.made
        words = Words(f"作出 {made}，未兑现 {missed}", f"{made} made, {missed} missed")
        told.append((wording.name_of(wording.KINDS, kind), report.percent(group.kept), words))
    agents = figures.plan.agents
    words = Words(f"{agents} 名客服", f"{agents} agents")
    return [*told, (wording.UTILISATION, report.percent(figures.utilisation), words)]


def _load(figures: Figures, reference: Reference) -> Chart:
    labels = [Words(f"{hour}", f"{hour}") for hour in range(24)]
    hours = figures.hours
    series = [
        Series("a", wording.CONTACTS, [each.contacts for each in hours]),
        Series("b", wording.CALLBACKS, [each.callbacks for each in hours]),
        Series("c", wording.CALLS, [each.calls for each in hours]),
    ]
    return charts.columns(labels, series, shaded=_closed(figures, reference))


def _crew(figures: Figures, reference: Reference) -> Chart:
    """On a scale of its own: there are few agents beside so many contacts."""
    labels = [Words(f"{hour}", f"{hour}") for hour in range(24)]
    busy = Series("b", wording.BUSY, [each.busy for each in figures.hours])
    on_shift = Series("line", wording.ON_SHIFT, [each.on_shift for each in figures.hours])
    return charts.columns(labels, [busy], line=on_shift, shaded=_closed(figures, reference))


def _closed(figures: Figures, reference: Reference) -> list[bool]:
    opened = working_time.hours_of(reference.calendar, figures.plan.start)
    return [opened is None or not opened[0].hour <= hour < opened[1].hour for hour in range(24)]


def _days(figures: Figures) -> Chart:
    labels = [Words(f"{each.day:%-m-%-d}", f"{each.day:%-d %b}") for each in figures.days]
    series = [
        Series("kept", wording.OUTCOMES[Outcome.KEPT], [each.kept for each in figures.days]),
        Series("missed", wording.OUTCOMES[Outcome.MISSED], [each.missed for each in figures.days]),
    ]
    contacts = Series("line", wording.CONTACTS, [each.contacts for each in figures.days])
    off = [not each.works for each in figures.days]
    return charts.columns(labels, series, stacked=True, line=contacts, shaded=off, every=max(1, len(labels) // 12))


def _lateness(figures: Figures) -> Chart:
    kinds = sorted({fate.promised.kind for fate in figures.fates if fate.late is not None})
    series = [
        Series(SERIES[at % len(SERIES)], wording.name_of(wording.KINDS, kind), _buckets(figures.fates, kind))
        for at, kind in enumerate(kinds)
    ]
    return charts.columns(wording.BUCKETS, series)


def _buckets(fates: tuple[Fate, ...], kind: str) -> list[float]:
    counts = [0.0] * (len(LATENESS) + 1)
    for fate in fates:
        if fate.promised.kind == kind and fate.late is not None:
            counts[sum(fate.late > limit for limit in LATENESS)] += 1
    return counts


def _tables(figures: Figures) -> list[tuple[Words, report.Rows]]:
    return [
        (wording.WHY, report.reasons(figures)),
        (wording.PROMISES, report.promises(figures, "kind", wording.KIND)),
        (wording.BY_TIER, report.promises(figures, "tier", wording.TIER)),
        (wording.BY_OUTLET, report.outlets(figures)),
        (wording.EVENTS, report.events(figures)),
        (wording.GRADES, report.grades(figures)),
        (wording.TEXTS, report.texts(figures)),
    ]
