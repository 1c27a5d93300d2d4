"""Understanding, from files: `python -m bot.nlu_tool parse MODEL IN.jsonl OUT.jsonl`, `… report MODEL HELDOUT.jsonl`.

Both run every line through the trained model as the server does, safety guard included. `parse` reads lines
`{"id","text"}` (and an optional ISO `now`) and writes `{"id","intent","confidence","entities","ms"}`; `report` compares
lines `{"text","intent","style","language","entities"?}` with what the model says and prints the result.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.log_utils import configure_structlog

HAZARD = "report_hazard"
REPORT_NOW = "2026-11-24T10:20:00+08:00"
"""The instant at which held-out lines are spoken, so that "tomorrow" means the same on every run."""
_KEPT = ("entity", "value", "text", "start", "end")
_WORST = 15

Line = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """A held-out line beside what the model made of it."""

    line: Line
    result: Line

    @property
    def right(self) -> bool:
        return bool(self.line["intent"] == self.result["intent"])


class Reader:
    """A trained model, loaded once; `parse` runs one text through it."""

    def __init__(self, model: Path) -> None:
        configure_structlog(logging.WARNING)  # Rasa's default writes every customer's words to the terminal

        if not model.exists():
            raise SystemExit(f"no model at {model}: train one first")
        self._agent = Agent.load(str(model))
        self._loop = asyncio.new_event_loop()

    def parse(self, text: str, now: str | None = None) -> Line:
        """`{"intent","confidence","entities","ms"}`; `ms` is the time the pipeline took."""
        processor = self._agent.processor
        if processor is None:
            raise SystemExit("the model could not be loaded")
        message = UserMessage(text, metadata={"now": now} if now else {})
        started = time.perf_counter()
        parsed = self._loop.run_until_complete(processor.parse_message(message))
        elapsed = (time.perf_counter() - started) * 1000
        return {
            "intent": parsed["intent"]["name"],
            "confidence": round(float(parsed["intent"]["confidence"]), 4),
            "entities": [{key: each.get(key) for key in _KEPT} for each in parsed["entities"]],
            "ms": round(elapsed, 3),
        }


def read_lines(path: Path) -> Iterator[Line]:
    """The JSON objects of a JSON-lines file; blank lines are skipped, a broken one is named by its number."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise SystemExit(f"{path.name}:{number} is not JSON: {error.msg}") from error


def parse_file(reader: Reader, source: Path, target: Path) -> int:
    """Parse every line of `source` into `target`; the number of lines."""
    count = 0
    with target.open("w", encoding="utf-8") as out:
        for line in read_lines(source):
            parsed = {"id": line.get("id"), **reader.parse(str(line.get("text", "")), line.get("now"))}
            out.write(json.dumps(parsed, ensure_ascii=False) + "\n")
            count += 1
    return count


def judge(reader: Reader, lines: Iterable[Line]) -> list[Judged]:
    """Run held-out lines through the model; the first texts warm the readers' tables up and are timed again."""
    lines = list(lines)
    for line in lines[:5]:
        reader.parse(line["text"], REPORT_NOW)
    return [Judged(line, reader.parse(line["text"], REPORT_NOW)) for line in lines]


def accuracy(judged: Sequence[Judged]) -> float:
    """Share of right intents."""
    return sum(each.right for each in judged) / len(judged) if judged else 0.0


def danger_misses(judged: Sequence[Judged]) -> list[Judged]:
    """Reported dangers that were not understood as such."""
    return [each for each in judged if each.line["intent"] == HAZARD and not each.right]


def false_alarms(judged: Sequence[Judged]) -> list[Judged]:
    """Harmless messages that were taken for danger."""
    return [each for each in judged if each.line["intent"] != HAZARD and each.result["intent"] == HAZARD]


def entity_scores(judged: Sequence[Judged]) -> dict[str, tuple[float, float, float, int]]:
    """Precision, recall, F1 and support of each entity on the annotated lines; a hit is the same kind and words."""
    hits: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for each in judged:
        if "entities" not in each.line:
            continue
        gold = {(entity["entity"], entity["text"]) for entity in each.line["entities"]}
        found = {(entity["entity"], entity["text"]) for entity in each.result["entities"]}
        hits.update(kind for kind, _ in gold & found)
        wanted.update(kind for kind, _ in gold)
        given.update(kind for kind, _ in found)
    scores = {}
    for kind in sorted(wanted | given):
        precision = hits[kind] / given[kind] if given[kind] else 0.0
        recall = hits[kind] / wanted[kind] if wanted[kind] else 0.0
        f1 = 2 * precision * recall / (precision + recall) if hits[kind] else 0.0
        scores[kind] = (precision, recall, f1, wanted[kind])
    return scores


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0…1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def report_lines(judged: Sequence[Judged]) -> Iterator[str]:
    """The report as lines of text."""
    right = sum(each.right for each in judged)
    yield f"intents   {right}/{len(judged)} right = {accuracy(judged):.1%}"
    yield f"danger    {len(danger_misses(judged))} missed, {len(false_alarms(judged))} false alarms"
    spent = [each.result["ms"] for each in judged]
    yield f"parse     p50 {percentile(spent, 0.5):.1f} ms, p95 {percentile(spent, 0.95):.1f} ms"
    for name in ("language", "style", "intent"):
        yield f"\nby {name}"
        groups: dict[str, list[Judged]] = defaultdict(list)
        for each in judged:
            groups[each.line.get(name, "?")].append(each)
        for group, members in sorted(groups.items(), key=lambda item: accuracy(item[1])):
            yield f"  {group:<20} {accuracy(members):6.1%}  of {len(members)}"
    yield "\nentities (precision, recall, F1, support)"
    for kind, (precision, recall, f1, support) in entity_scores(judged).items():
        yield f"  {kind:<20} {precision:6.1%} {recall:6.1%} {f1:6.1%}  {support}"
    yield from _mistakes(judged)


def _mistakes(judged: Sequence[Judged]) -> Iterator[str]:
    wrong = sorted((each for each in judged if not each.right), key=lambda each: -each.result["confidence"])
    yield "\nconfusions (meant → understood)"
    pairs = Counter((each.line["intent"], each.result["intent"]) for each in wrong)
    for (meant, understood), count in pairs.most_common(_WORST):
        yield f"  {count}× {meant} → {understood}"
    yield "\nworst lines (confidence, meant → understood, text)"
    for each in wrong[:_WORST]:
        result = each.result
        yield f"  {result['confidence']:.2f} {each.line['intent']} → {result['intent']}: {each.line['text']}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 when done, 1 when a report finds a missed danger."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu_tool", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    parse = commands.add_parser("parse", help="parse a file of texts")
    parse.add_argument("model", type=Path)
    parse.add_argument("source", type=Path)
    parse.add_argument("target", type=Path)
    report = commands.add_parser("report", help="compare the model with a held-out file")
    report.add_argument("model", type=Path)
    report.add_argument("heldout", type=Path)
    chosen = parser.parse_args(arguments)
    reader = Reader(chosen.model)
    if chosen.command == "parse":
        print(f"{parse_file(reader, chosen.source, chosen.target)} lines parsed")
        return 0
    judged = judge(reader, read_lines(chosen.heldout))
    print("\n".join(report_lines(judged)))
    return 1 if danger_misses(judged) else 0


if __name__ == "__main__":
    raise SystemExit(main())
