"""A trained model that reads texts as the server does, safety guard included."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.channels import launch

REPORT_NOW = "2026-11-24T10:20:00+08:00"
"""The instant at which a report's lines are spoken, so that "tomorrow" means the same on every run."""

_KEPT = ("entity", "value", "text", "start", "end")

Line = dict[str, Any]


@contextlib.contextmanager
def libraries_are_quiet() -> Iterator[None]:
    """What Rasa and its libraries have to say to developers stays away from the terminal.

    Rasa's default logging writes every customer's words; TensorFlow writes from C, past Python's own streams.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    logging.getLogger().setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.showwarning = lambda *_told, **_more: None  # some libraries set the filters anew when imported
        yield


class Reader:
    """A trained model, loaded once; `parse` runs one text through it.

    Raises:
        SystemExit: the model is missing or cannot be loaded.
    """

    def __init__(self, model: Path) -> None:
        if not model.exists():
            raise SystemExit(f"no model at {model}: train one first")
        if not launch.needs_tensorflow(model):
            launch.leave_out(launch.UNUSED)
        with libraries_are_quiet():
            from rasa.core.agent import Agent  # noqa: PLC0415 - after the hollow libraries are in place
            from rasa.core.channels.channel import UserMessage  # noqa: PLC0415
            from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

            configure_structlog(logging.ERROR)
            self._message = UserMessage
            self._processor = Agent.load(str(model)).processor
        if self._processor is None:
            raise SystemExit(f"the model at {model} could not be loaded")
        self._loop = asyncio.new_event_loop()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.close()

    def parse(self, text: str, now: str | None = None) -> Line:
        """`{"intent","confidence","entities","ms"}`; `now` is an ISO instant, `ms` the time the pipeline took."""
        message = self._message(text, metadata={"now": now} if now else {})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            started = time.perf_counter()
            parsed = self._loop.run_until_complete(self._processor.parse_message(message))
            elapsed = (time.perf_counter() - started) * 1000
        return {
            "intent": parsed["intent"]["name"],
            "confidence": round(float(parsed["intent"]["confidence"]), 4),
            "entities": [_entity(each) for each in parsed["entities"]],
            "ms": round(elapsed, 3),
        }


def _entity(parsed: Line) -> Line:
    """What is told of an entity; its role only where it has one."""
    kept = {key: parsed.get(key) for key in _KEPT}
    return kept | {"role": parsed["role"]} if parsed.get("role") else kept


def read_lines(path: Path) -> Iterator[Line]:
    """The JSON objects of a JSON-lines file; blank lines are skipped.

    Raises:
        SystemExit: a line is no JSON object; it is named by its number.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                read = json.loads(line)
            except json.JSONDecodeError as error:
                raise SystemExit(f"{path.name}:{number} is not JSON: {error.msg}") from error
            if not isinstance(read, dict):
                raise SystemExit(f"{path.name}:{number} is not a JSON object")
            yield read


def parse_file(reader: Reader, source: Path, target: Path) -> int:
    """Parse every line `{"id","text","now"?}` of `source` into `target`; the number of lines."""
    count = 0
    with target.open("w", encoding="utf-8") as out:
        for line in read_lines(source):
            parsed = {"id": line.get("id"), **reader.parse(str(line.get("text", "")), line.get("now"))}
            out.write(json.dumps(parsed, ensure_ascii=False) + "\n")
            count += 1
    return count
