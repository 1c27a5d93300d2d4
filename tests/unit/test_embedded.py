"""The data directory: secrets, one owner, ports."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from backend.agents import service as agents
from backend.launcher import embedded
from backend.launcher.bot_env import Obstacle
from backend.settings import Settings, load


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings with a data directory of their own and no secrets; the process's variables are put back afterwards."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOTLINE_SECRET_KEY", "HOTLINE_BOT_TOKEN", "HOTLINE_DATA_DIR"):
        monkeypatch.setenv(name, "")
    yield Settings(data_dir=tmp_path / "data")
    load.cache_clear()


def test_secrets_are_made_once_and_only_their_owner_may_read_them(settings: Settings) -> None:
    first = embedded.settle(settings, make=True)
    again = embedded.settle(settings, make=True)
    first.require_secrets()
    assert again.secret_key.get_secret_value() == first.secret_key.get_secret_value()
    assert again.secret_key.get_secret_value() != again.bot_token.get_secret_value()
    for name in embedded.SECRETS.values():
        assert stat.S_IMODE((first.data_dir / name).stat().st_mode) == 0o600


def test_secrets_that_are_set_are_taken_as_they_are(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_SECRET_KEY", "s" * 40)
    settled = embedded.settle(Settings(data_dir=settings.data_dir), make=True)
    assert settled.secret_key.get_secret_value() == "s" * 40
    assert not (settled.data_dir / "secret-key").exists()


def test_a_single_process_makes_no_secrets_but_finds_those_of_the_house(settings: Settings) -> None:
    assert embedded.settle(settings, make=False).secret_key.get_secret_value() == ""
    made = embedded.settle(settings, make=True).secret_key.get_secret_value()
    assert embedded.settle(settings, make=False).secret_key.get_secret_value() == made


def test_a_second_house_in_the_same_directory_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with embedded.owned(tmp_path, "http://127.0.0.1:8000"):
        second = embedded.owned(tmp_path, "http://127.0.0.1:8001")
        with pytest.raises(Obstacle, match=r"process \d+\).* at http://127\.0\.0\.1:8000") as refused, second:
            pytest.fail("two owners")
        assert "HOTLINE_DATA_DIR" in str(refused.value)
    with embedded.owned(tmp_path, "http://127.0.0.1:8001"):
        assert embedded.running(tmp_path)["url"] == "http://127.0.0.1:8001"
    assert embedded.running(tmp_path) == {}


@pytest.fixture
def busy() -> Iterator[int]:
    """A port somebody listens on and never answers at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port: int = listener.getsockname()[1]
        yield port


def test_a_taken_port_is_passed_over(busy: int) -> None:
    with embedded.reserved_port(busy, besides=0) as port:
        assert port > busy


def test_a_port_is_kept_for_the_house_that_has_chosen_it_until_it_ends() -> None:
    with embedded.reserved_port(20_000, besides=0) as first:
        with embedded.reserved_port(first, besides=0) as second:
            assert second > first
        with embedded.reserved_port(first, besides=second) as third:
            assert third not in (first, second)
    with embedded.reserved_port(first, besides=0) as again:
        assert again == first


def test_a_taken_web_port_is_named_with_what_to_do(busy: int) -> None:
    with pytest.raises(Obstacle, match=f"Another program uses port {busy} .*--port {busy + 1}"):
        embedded.require_port("127.0.0.1", busy)


def test_nobody_answers_at_a_free_port() -> None:
    with embedded.reserved_port(20_000, besides=0) as port:
        assert embedded.status(f"http://127.0.0.1:{port}/healthz") is None


def test_the_first_login_is_the_one_the_agents_room_has_made(tmp_path: Path, session: Session, now: datetime) -> None:
    assert embedded.first_login(tmp_path) is None
    assert agents.ensure_first_agent(session, tmp_path, now=now) == embedded.first_login(tmp_path)
