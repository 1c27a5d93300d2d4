"""Our pipeline beside Rasa's own classifiers: trained on the same data, judged on the same lines, one table.

Each pipeline is trained and read in a process of its own, so that time and memory are its alone. Values are read and
the safety guard stands behind in all of them: only what decides the intent differs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

BOT = Path(__file__).resolve().parents[1]
ROOT = BOT.parent

Part = dict[str, Any]

_VALUES: Part = {"name": "bot.components.values.ValueExtractor"}
_GUARD: Part = {"name": "bot.components.safety.SafetyGuard"}
_FILTER: Part = {"name": "bot.components.values.ValueFilter"}
_COUNTS: tuple[Part, ...] = (
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)
PIPELINES = ("ours", "sklearn", "diet")


@dataclass(frozen=True)
class Run:
    """What one pipeline cost and achieved; processor time in seconds, parsing in milliseconds, memory in megabytes."""

    name: str
    train_s: float
    train_mb: float
    read_mb: float
    figures: Mapping[str, Any]


def compare(file: Path, only: Sequence[str] | None, epochs: int) -> Iterator[str]:
    """Measure the chosen pipelines (default: all) on a file of labelled lines; what is being done, then the table.

    Raises:
        SystemExit: a training failed; its last words are shown.
    """
    with tempfile.TemporaryDirectory(prefix="hotline-compare-") as folder:
        runs = []
        for name in (name for name in PIPELINES if not only or name in only):
            yield f"{name}: training, then reading …"
            runs.append(_measure(name, file, epochs, Path(folder)))
    yield ""
    yield from table(runs)


def pipeline(name: str, epochs: int) -> list[Part]:
    """The components of a pipeline by its name in `PIPELINES`."""
    if name == "ours":
        ours: list[Part] = yaml.safe_load((BOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
        return ours
    diet = {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "random_seed": 1}
    classifier = diet if name == "diet" else {"name": "LogisticRegressionClassifier"}
    return [_VALUES, *_COUNTS, classifier, _GUARD, _FILTER]


def _measure(name: str, file: Path, epochs: int, folder: Path) -> Run:
    config, figures = folder / f"{name}.yml", folder / f"{name}.json"
    described = {"recipe": "default.v1", "language": "zh", "pipeline": pipeline(name, epochs)}
    config.write_text(yaml.safe_dump(described, allow_unicode=True, sort_keys=False), encoding="utf-8")
    train = ["rasa", "train", "nlu", "--config", str(config), "--nlu", str(BOT / "nlu")]
    train_mb, train_s = _run([*train, "--out", str(folder), "--fixed-model-name", name])
    model = str(folder / f"{name}.tar.gz")
    report = ["bot.nlu_tool", "report", model, str(file), "--hide-lines", "--json", str(figures)]
    read_mb, _ = _run(report, may_fail=True)
    return Run(name, train_s, train_mb, read_mb, json.loads(figures.read_text(encoding="utf-8")))


def _run(module: Sequence[str], *, may_fail: bool = False) -> tuple[float, float]:
    """Run a Python module from the root of the project; the most memory it took, in megabytes, and its processor time.

    A report that finds a missed danger ends with 1 on purpose: hence `may_fail`.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false"}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", *module], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode and not may_fail:
            log.seek(0)
            raise SystemExit(f"{module[0]} failed:\n" + log.read().decode(errors="replace")[-2000:])
    return used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def table(runs: Sequence[Run]) -> Iterator[str]:
    """Rows of a Markdown table, one column a pipeline."""
    yield "| | " + " | ".join(run.name for run in runs) + " |"
    yield "|---" * (len(runs) + 1) + "|"
    rows = {
        "intents right": [f"{run.figures['accuracy']:.1%}" for run in runs],
        "dangers missed / false alarms": [f"{run.figures['missed']} / {run.figures['false_alarms']}" for run in runs],
        "out of scope recall": [f"{run.figures['out_of_scope_recall']:.1%}" for run in runs],
        "training, processor time": [f"{run.train_s:.0f} s" for run in runs],
        "parse p50 / p95": [f"{run.figures['p50_ms']:.1f} / {run.figures['p95_ms']:.1f} ms" for run in runs],
        "memory: training / reading": [f"{run.train_mb:.0f} / {run.read_mb:.0f} MB" for run in runs],
    }
    for style in sorted({style for run in runs for style in run.figures["by_style"]}):
        rows[style] = [f"{run.figures['by_style'].get(style, 0.0):.0%}" for run in runs]
    for name, cells in rows.items():
        yield f"| {name} | " + " | ".join(cells) + " |"
