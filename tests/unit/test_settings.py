"""Settings: what is refused, and how clearly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend import settings
from backend.errors import BadSettings

TWILIO = {
    "CARRIER": "twilio",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "secret-token",
    "TWILIO_FROM": "+14155550100",
    "PUBLIC_BASE_URL": "https://hotline.example.com",
}


@pytest.fixture(autouse=True)
def read_afresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(settings.Settings.model_config, "env_file", None)
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> settings.Settings:
    for name, value in values.items():
        monkeypatch.setenv(f"HOTLINE_{name}", value)
    return settings.load()


def test_nothing_is_needed_for_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load(monkeypatch)
    assert loaded.carrier == "console"
    assert loaded.database.startswith("sqlite:///")


def test_the_demo_clock_is_refused_with_a_live_carrier(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, **TWILIO).carrier == "twilio"
    settings.load.cache_clear()
    with pytest.raises(BadSettings, match="HOTLINE_NOW"):
        load(monkeypatch, **TWILIO, NOW="2026-02-13T17:50+08:00")


def test_a_live_carrier_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings, match="HOTLINE_TWILIO_AUTH_TOKEN, HOTLINE_TWILIO_FROM"):
        load(monkeypatch, CARRIER="twilio")


@pytest.mark.parametrize(
    ("name", "value"),
    [("NOW", "2026-02-13T17:50"), ("LOG_LEVEL", "loud"), ("BOT_TIMEOUT_S", "-1"), ("CARRIER", "pigeon")],
)
def test_a_wrong_value_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=f"HOTLINE_{name}: ") as refused:
        load(monkeypatch, **{name: value})
    assert value not in str(refused.value)


@pytest.mark.parametrize("secret", ["", "short"])
def test_serving_without_real_secrets_is_refused(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    with pytest.raises(BadSettings, match="HOTLINE_SECRET_KEY"):
        load(monkeypatch, SECRET_KEY=secret, BOT_TOKEN="b" * 32).require_secrets()
