"""Settings: what is refused, and how clearly."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend import main, reference, settings
from backend.errors import BadSettings
from backend.escalations.mailer import SmtpMailer

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


def test_a_mail_server_is_refused_without_a_sender_and_in_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadSettings, match="HOTLINE_SMTP_FROM"):
        load(monkeypatch, SMTP_HOST="mail.example.com")
    with pytest.raises(BadSettings, match="HOTLINE_SMTP_HOST"):
        load(monkeypatch, SMTP_FROM="hotline@example.com", NOW="2026-02-13T17:50+08:00")


def test_mails_are_shown_in_the_console_until_a_server_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert main.build_mailer(load(monkeypatch)).name == "console"
    settings.load.cache_clear()
    set_up = load(monkeypatch, SMTP_HOST="mail.example.com", SMTP_FROM="hotline@example.com", SMTP_PORT="465")
    mailer = main.build_mailer(set_up)
    assert isinstance(mailer, SmtpMailer)
    assert (mailer.port, mailer.security) == (465, "starttls")


def test_the_duty_phone_has_a_stand_in_only_where_nothing_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = reference.current()
    assert main.build_staff(load(monkeypatch), policy).duty_phone == policy.escalations.demo_duty_phone
    settings.load.cache_clear()
    live = load(monkeypatch, **TWILIO)
    assert main.build_staff(live, policy).duty_phone == ""
    assert main.build_staff(live, policy).console == "https://hotline.example.com/console/escalations"
    settings.load.cache_clear()
    assert main.build_staff(load(monkeypatch, DUTY_PHONE="138 0013 8000"), policy).duty_phone == "+8613800138000"


@pytest.mark.parametrize("number", ["95598", "call me", "+14155550100"])
def test_a_duty_phone_nobody_can_ring_is_named(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    with pytest.raises(BadSettings, match="HOTLINE_DUTY_PHONE"):
        main.build_staff(load(monkeypatch, DUTY_PHONE=number), reference.current())
