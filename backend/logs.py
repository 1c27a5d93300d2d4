"""Structured logs. Personal data never reaches them: values are masked here as a last line of defence."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_PERSONAL = frozenset({"phone", "name", "address", "text", "token", "password", "authorization", "to", "body"})
_NUMBER = re.compile(r"(?<![0-9a-f])(?:\+?\d{1,3}[ -]?)?1[3-9]\d{9}(?![0-9a-f])|(?<!\w)\+\d{8,15}")


def configure(level: str, *, as_json: bool | None = None) -> None:
    """Send everything, the libraries' logs too, through one pipeline: JSON lines, or readable ones on a terminal."""
    if as_json is None:
        as_json = not sys.stderr.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("apscheduler", "httpx", "httpx2", "httpcore", "httpcore2", "twilio", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop the values of personal keys and mask whatever looks like a telephone number."""
    for key, value in event.items():
        if key in _PERSONAL:
            event[key] = "…"
        elif isinstance(value, str):
            event[key] = _NUMBER.sub("…", value)
    return event
