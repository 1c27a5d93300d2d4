"""The report for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.nlu_tools import scores
from bot.nlu_tools.scores import Judged, Score

_WORST, _INTENTS = 20, 8


def report(judged: Sequence[Judged], *, hide_lines: bool = False) -> Iterator[str]:
    """The report line by line; `hide_lines` leaves out the texts, so that a held-out set stays unread."""
    yield from summary(judged)
    for field in ("language", "style", "intent"):
        yield f"\nby {field}"
        for group, members in scores.groups(judged, field).items():
            yield f"  {group:<20} {scores.accuracy(members):6.1%}  of {len(members)}"
    yield from _entities(judged)
    yield from _entity_errors(judged)
    yield from _mistakes(judged, hide_lines=hide_lines)


def summary(judged: Sequence[Judged]) -> Iterator[str]:
    """The figures that decide: intents, danger, out of scope, entities, speed."""
    right = sum(each.right for each in judged)
    yield f"intents       {right}/{len(judged)} right = {scores.accuracy(judged):.1%}"
    harmless = sum(each.line["intent"] != scores.HAZARD for each in judged)
    alarms = len(scores.false_alarms(judged))
    share = alarms / harmless if harmless else 0.0
    missed = len(scores.danger_misses(judged))
    yield f"danger        {missed} missed, {alarms} false alarms = {share:.1%} of the harmless"
    strange = scores.intent_score(judged, scores.OUT_OF_SCOPE)
    yield f"out of scope  recall {strange.recall:.1%}, precision {strange.precision:.1%} of {strange.wanted}"
    spans, values = (_micro(judged, with_values=with_values) for with_values in (False, True))
    if spans.wanted:
        yield f"entities      micro F1 {spans.f1:.3f} by span, {values.f1:.3f} with normal form, of {spans.wanted}"
    spent = [float(each.result["ms"]) for each in judged if "ms" in each.result]
    if spent:
        yield f"parse         p50 {scores.percentile(spent, 0.5):.1f} ms, p95 {scores.percentile(spent, 0.95):.1f} ms"


def _micro(judged: Sequence[Judged], *, with_values: bool) -> Score:
    return sum(scores.entity_scores(judged, with_values=with_values).values(), Score())


def _entities(judged: Sequence[Judged]) -> Iterator[str]:
    spans = scores.entity_scores(judged)
    if not spans:
        return
    values = scores.entity_scores(judged, with_values=True)
    yield "\nentities by exact span (precision, recall, F1), F1 with the right normal form, support"
    for kind, score in spans.items():
        yield (
            f"  {kind:<20} {score.precision:6.1%} {score.recall:6.1%} {score.f1:6.1%}"
            f"  {values[kind].f1:6.1%}  {score.wanted}"
        )


def _entity_errors(judged: Sequence[Judged]) -> Iterator[str]:
    errors = scores.entity_errors(judged)
    by_error: Counter[tuple[str, str]] = Counter()
    for (kind, error, _), count in errors.items():
        by_error[kind, error] += count
    if by_error:
        yield "\nhow entities go wrong, and in lines of which intents"
    for (kind, error), count in sorted(by_error.items(), key=lambda item: (-item[1], item[0])):
        intents = Counter({each[2]: number for each, number in errors.items() if each[:2] == (kind, error)})
        listed = ", ".join(f"{intent} {number}" for intent, number in intents.most_common(_INTENTS))
        yield f"  {kind:<16} {error:<14} {count:>3}   {listed}"


def _mistakes(judged: Sequence[Judged], *, hide_lines: bool) -> Iterator[str]:
    wrong = scores.mistakes(judged)
    yield "\nconfusions (meant → understood)"
    for (meant, understood), count in scores.confusions(wrong).most_common(_WORST):
        yield f"  {count}× {meant} → {understood}"
    if hide_lines:
        return
    yield "\nworst lines (confidence, meant → understood, text)"
    for each in wrong[:_WORST]:
        result = each.result
        yield f"  {result['confidence']:.2f} {each.line['intent']} → {result['intent']}: {each.line['text']}"
