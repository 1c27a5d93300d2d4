"""What the README and .env.example say is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from pydantic import SecretStr

from backend.cli import app
from backend.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
PAPERS = (
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "bot/README.md",
    "backend/simulation/README.md",
    "telephony/README.md",
    "tests/benchmarks/README.md",
)


def _told(default: object) -> str:
    """A setting's default as people write it; empty where it has none."""
    if default is None or isinstance(default, SecretStr):
        return ""
    return f"{default:g}" if isinstance(default, float) else str(default)


def commands() -> set[str]:
    """All commands of the command line, groups spelled out: {"up", "agent add", …}."""
    root = typer.main.get_command(app)
    found = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        found |= {f"{name} {sub}" for sub in below} if below else {name}
    return found


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert found, f"the README has no section {title!r}"
    return found[1]


def test_every_command_the_readme_names_exists() -> None:
    named = set(re.findall(r"^\| `hotline ([a-z -]+)`", section("Commands"), re.MULTILINE))
    assert named == commands()


def test_every_command_in_the_text_exists() -> None:
    known = commands() | {command.split()[0] for command in commands()}
    used = {
        name for paper in PAPERS for name in re.findall(r"(?:uv run |`)hotline ([a-z]+)", (ROOT / paper).read_text())
    }
    assert used
    assert used <= known


def test_the_map_names_what_is_there() -> None:
    named = re.findall(r"^\| `([\w./]+)` \|", section("Map"), re.MULTILINE)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_room_is_on_the_map() -> None:
    rooms = {path.parent.name for path in (ROOT / "backend").glob("*/__init__.py")}
    assert [room for room in rooms if f"`backend/{room}/`" not in section("Map")] == []


def test_the_example_lists_every_setting_and_no_other() -> None:
    listed = set(re.findall(r"^(HOTLINE_\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert listed == {f"HOTLINE_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("name", [name for name, each in Settings.model_fields.items() if _told(each.default)])
def test_the_example_tells_what_an_empty_value_means(name: str) -> None:
    above, _, _ = (ROOT / ".env.example").read_text().partition(f"HOTLINE_{name.upper()}=")
    told = re.findall(r"((?:^#.*\n)+)(?:^HOTLINE_\w+=\n)*\Z", above, re.MULTILINE)
    assert re.search(rf"(?<![\w.]){re.escape(_told(Settings.model_fields[name].default))}(?![\w])", told[0])


def test_the_example_holds_no_values() -> None:
    assert re.findall(r"^HOTLINE_\w+=.+$", (ROOT / ".env.example").read_text(), re.MULTILINE) == []


@pytest.mark.parametrize("name", PAPERS)
def test_links_inside_the_repository_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", (ROOT / name).read_text())
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []
