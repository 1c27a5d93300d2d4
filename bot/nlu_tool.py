"""Understanding, from files.

`python -m bot.nlu_tool parse MODEL IN.jsonl OUT.jsonl`   every line {"id","text","now"?} through the pipeline
`python -m bot.nlu_tool report MODEL FILE.jsonl`          labelled lines {"text","intent","style","language",…}
`python -m bot.nlu_tool compare FILE.jsonl`               our pipeline beside scikit-learn's and DIET

Everything runs as the server does, safety guard included.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from bot.nlu_tools import classifiers, folds, page, scores, text
from bot.nlu_tools.reader import REPORT_NOW, Reader, parse_file, read_lines
from bot.nlu_tools.scores import Judged


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 0 when done, 1 when a report finds a missed danger."""
    chosen = _options().parse_args(arguments)
    if chosen.command == "parse":
        with Reader(chosen.model) as reader:
            print(f"{parse_file(reader, chosen.source, chosen.target)} lines parsed")
        return 0
    if chosen.command == "compare":
        for line in classifiers.compare(chosen.file, chosen.only, chosen.epochs):
            print(line, flush=True)
        return 0
    return _report(chosen)


def _report(chosen: argparse.Namespace) -> int:
    with Reader(chosen.model) as reader:
        judged = scores.judge(read_lines(chosen.file), lambda line: reader.parse(line, REPORT_NOW))
    print("\n".join(text.report(judged, hide_lines=chosen.hide_lines)))
    if chosen.html:
        chosen.html.write_text(page.page(judged, chosen.file.name, hide_lines=chosen.hide_lines), encoding="utf-8")
        print(f"\nthe same as a page: {chosen.html}")
    if chosen.json:
        chosen.json.write_text(json.dumps(scores.figures(judged), ensure_ascii=False, indent=1), encoding="utf-8")
    if chosen.cross_validation:
        _cross_validate(chosen.folds)
    return 1 if scores.danger_misses(judged) else 0


def _cross_validate(count: int) -> None:
    """Each fold's figure as it is known, then all lines together."""
    lines = folds.examples()
    print(f"\ncross-validation, {count} folds of {len(lines)} training examples")
    everything: list[Judged] = []
    for number, judged in enumerate(folds.cross_validate(lines, folds.settings(), count), 1):
        print(f"  fold {number}      {scores.accuracy(judged):.1%} of {len(judged)}", flush=True)
        everything += judged
    print("\n".join(text.summary(everything)))


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot.nlu_tool", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    parse = commands.add_parser("parse", help="parse a file of texts")
    parse.add_argument("model", type=Path)
    parse.add_argument("source", type=Path)
    parse.add_argument("target", type=Path)
    report = commands.add_parser("report", help="compare the model with labelled lines")
    report.add_argument("model", type=Path)
    report.add_argument("file", type=Path)
    report.add_argument("--html", type=Path, help="write the report as a page, too")
    report.add_argument("--json", type=Path, help="write the figures for programs, too")
    report.add_argument("--hide-lines", action="store_true", help="print no texts")
    report.add_argument("--cross-validation", action="store_true", help="add figures on the training data")
    report.add_argument("--folds", type=int, default=5)
    compare = commands.add_parser("compare", help="our pipeline beside Rasa's own classifiers")
    compare.add_argument("file", type=Path)
    compare.add_argument("--only", choices=sorted(classifiers.PIPELINES), action="append")
    compare.add_argument("--epochs", type=int, default=15, help="of DIET")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
