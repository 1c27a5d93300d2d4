"""The console's static files: their addresses, and the framework's style sheet without what the console never uses."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from backend.console import trimming

HERE = Path(__file__).parent
STATIC = HERE / "static"
FRAMEWORK = "vendor/tabler/tabler.min.css"


@cache
def framework() -> bytes:
    """The framework's style sheet, trimmed; worked out once, in about a tenth of a second."""
    sources = [*(HERE / "templates").rglob("*.html"), *HERE.rglob("*.py"), *STATIC.glob("*.js")]
    used = trimming.used_in(each.read_text(encoding="utf-8") for each in sources)
    return trimming.trimmed((STATIC / FRAMEWORK).read_text(encoding="utf-8"), used).encode()


@cache
def asset(name: str) -> str:
    """The address of a static file; its content's hash lets browsers keep it for good."""
    content = framework() if name == FRAMEWORK else (STATIC / name).read_bytes()
    return f"/console/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"
