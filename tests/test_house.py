"""The rules of the house that a tool can check."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STAIRS = [
    "customers",
    "outlets",
    "outbox",
    "agents",
    "audit",
    "revisions",
    "conversations",
    "attachments",
    "tickets",
    "appointments",
    "callbacks",
    "escalations",
    "calls",
    "followups",
    "knowledge",
    "reviews",
    "privacy",
    "reports",
    "console",
]
ROOMS = [room for room in STAIRS if (ROOT / "backend" / room).is_dir()]
SOURCES = sorted(
    path
    for top in ("backend", "telephony", "bot")
    for path in (ROOT / top).rglob("*.py")
    if ".venv" not in path.parts and "migrations" not in path.parts
)
PURE_LIBRARIES = {"phonenumbers"}


def imports(path: Path) -> Iterator[str]:
    """The modules a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_looks_only_down_the_stairs(room: str) -> None:
    above = STAIRS[STAIRS.index(room) + 1 :]
    climbing = [
        f"{name(path)} imports {module}"
        for path in (ROOT / "backend" / room).rglob("*.py")
        for module in imports(path)
        if any(module == f"backend.{other}" or module.startswith(f"backend.{other}.") for other in above)
    ]
    assert climbing == []


@pytest.mark.parametrize("room", [room for room in ROOMS if room != "console"])
def test_a_room_reads_another_room_only_through_its_service(room: str) -> None:
    prying = [
        f"{name(path)} imports {module}"
        for path in (ROOT / "backend" / room).rglob("*.py")
        for module in imports(path)
        if (found := re.match(r"backend\.(\w+)\.queries", module)) and found[1] != room
    ]
    assert prying == []


def test_rules_and_kernel_know_only_the_standard_library() -> None:
    allowed = ("backend.kernel", "backend.errors", "telephony.ports")
    rules = (path for name in ("rules.py", "*_rules.py") for path in (ROOT / "backend").rglob(name))
    pure = [*rules, *(ROOT / "backend" / "kernel").glob("*.py")]
    assert pure
    impure = [
        f"{name(path)} imports {module}"
        for path in pure
        for module in imports(path)
        if not module.startswith(allowed)
        and not re.match(r"backend\.\w+(\.\w+)?\.(\w+_)?rules|backend\.\w+$|bot\.text", module)
        and module.split(".")[0] not in PURE_LIBRARIES
        and not _is_standard(module)
    ]
    assert impure == []


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


def test_only_the_clock_reads_the_wall_clock() -> None:
    reading = re.compile(r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|time\.time\(\)")
    readers = [name(path) for path in SOURCES if path.parts[-2] != "components" and reading.search(path.read_text())]
    assert set(readers) <= {"backend/clock.py"}, readers


def test_one_place_commits() -> None:
    committing = [name(path) for path in SOURCES if ".commit()" in path.read_text() and "bot" not in path.parts]
    assert committing == ["backend/db.py"]


def test_telephony_is_a_leaf() -> None:
    knowing = [
        f"{name(path)} imports {module}"
        for path in (ROOT / "telephony").rglob("*.py")
        for module in imports(path)
        if module.split(".")[0] in ("backend", "bot")
    ]
    assert knowing == []


def test_bot_and_backend_meet_only_over_http_and_in_the_language_library() -> None:
    meeting = [
        f"{name(path)} imports {module}"
        for path in SOURCES
        for module in imports(path)
        if (name(path).startswith("bot/") and module.split(".")[0] in ("backend", "telephony"))
        or (name(path).startswith("backend/") and module.startswith("bot.") and not module.startswith("bot.text"))
    ]
    assert meeting == []


def test_the_language_library_knows_neither_rasa_nor_the_network() -> None:
    barred = {"rasa", "rasa_sdk", "requests", "httpx2", "aiohttp", "sqlalchemy"}
    for path in (ROOT / "bot" / "text").rglob("*.py"):
        assert not barred & {module.split(".")[0] for module in imports(path)}, name(path)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_card_at_its_door(room: str) -> None:
    card = ast.get_docstring(ast.parse((ROOT / "backend" / room / "__init__.py").read_text()))
    assert card
    assert "Keeps" in card or "keeps" in card


def test_files_stay_short() -> None:
    long = {name(path): lines for path in SOURCES if (lines := len(path.read_text().splitlines())) > 440}
    assert long == {}


def test_no_error_is_swallowed() -> None:
    swallowed = []
    for path in SOURCES:
        handlers = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ExceptHandler))
        swallowed += [f"{name(path)}:{h.lineno}" for h in handlers if all(isinstance(s, ast.Pass) for s in h.body)]
    assert swallowed == []


def test_public_functions_of_services_rules_and_kernel_say_what_they_do() -> None:
    silent = []
    for path in SOURCES:
        speaks = path.name in ("service.py", "queries.py") or path.name.endswith("rules.py")
        if not speaks and path.parent.name != "kernel":
            continue
        for node in ast.parse(path.read_text()).body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node):
                silent.append(f"{name(path)}: {node.name}")
    assert silent == []
