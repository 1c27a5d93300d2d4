"""Settings from environment variables `HOTLINE_*` (and `.env`). Secrets have no defaults here."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.errors import BadSettings

ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """Everything an operator may set. `hotline up` makes the secrets of the embedded default itself."""

    model_config = SettingsConfigDict(
        env_prefix="HOTLINE_", env_file=".env", env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Path = Field(Path(".hotline"), description="Where the house keeps its database, models and logs.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in the data directory.")
    carrier: Literal["console", "twilio", "tencent"] = Field("console", description="Who carries texts and calls.")
    public_base_url: str = Field("", description="The address carriers and browsers reach this service by.")
    now: AwareDatetime | None = Field(
        None, description="Demo clock: start at this instant; refused with live carriers."
    )
    secret_key: SecretStr = Field(SecretStr(""), description="Signs tokens and cookies; at least 32 characters.")
    bot_token: SecretStr = Field(SecretStr(""), description="Shared by service and bot; at least 32 characters.")
    bot_url: str = Field("http://127.0.0.1:5005", description="The Rasa server, loopback only.")
    actions_url: str = Field("http://127.0.0.1:5055/webhook", description="The action server, loopback only.")
    backend_url: str = Field("http://127.0.0.1:8000", description="Where bot actions reach this service.")
    bot_timeout_s: float = Field(8.0, gt=0, le=60, description="Longest wait for one answer of the bot.")
    allowed_origins: str = Field("", description="Further origins (comma separated) whose pages embed the widget.")
    twilio_account_sid: str = Field("", description="Twilio account, AC…; needed with carrier twilio.")
    twilio_auth_token: SecretStr = Field(SecretStr(""), description="Twilio auth token; signs webhooks.")
    twilio_auth_token_old: SecretStr = Field(SecretStr(""), description="The former token, during rotation.")
    twilio_from: str = Field("", description="Our number in E.164 or a Messaging Service SID (MG…).")
    twilio_caller: str = Field("", description="Our number calls come from; empty: the sender, if it is a number.")
    twilio_texts_per_second: float = Field(10, gt=0, le=1000, description="Texts a second the sender may send.")
    twilio_calls_per_second: float = Field(1, gt=0, le=100, description="Calls a second the account may begin.")
    twilio_api_url: str = Field("", description="Another address for Twilio's API (tests, proxies).")
    tencent_secret_id: str = Field("", description="Tencent Cloud key, by its id; needed with carrier tencent.")
    tencent_secret_key: SecretStr = Field(SecretStr(""), description="The key itself.")
    tencent_app_id: str = Field("", description="SdkAppId of the SMS application.")
    tencent_texts_per_second: float = Field(10, gt=0, le=1000, description="Texts a second the account may send.")
    tencent_api_url: str = Field("", description="Another address for Tencent's API (tests, proxies).")
    own_numbers: str = Field("", description="Our own numbers, comma separated: never called or texted.")
    duty_phone: str = Field(
        "", description="Whoever is on duty out of hours: rung and texted when people are in danger."
    )
    smtp_host: str = Field("", description="Mail server for mails to staff; empty shows them in the console only.")
    smtp_port: int = Field(587, gt=0, lt=65536, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="How it is spoken to.")
    smtp_username: str = Field("", description="Its login, if it wants one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password to it.")
    smtp_from: str = Field("", description="The address mails to staff come from.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged.")

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.carrier != "console" and self.now is not None:
            raise ValueError("HOTLINE_NOW is for demos: unset it, or use HOTLINE_CARRIER=console")
        if missing := [name for name, value in self._needed().items() if not value]:
            raise ValueError(f"HOTLINE_CARRIER={self.carrier} also needs {', '.join(missing)}")
        if self.smtp_host and self.now is not None:
            raise ValueError("HOTLINE_NOW is for demos: unset it, or HOTLINE_SMTP_HOST")
        if self.smtp_host and "@" not in self.smtp_from:
            raise ValueError("HOTLINE_SMTP_HOST also needs HOTLINE_SMTP_FROM, an address such as hotline@example.com")
        return self

    def _needed(self) -> dict[str, str]:
        """What the carrier cannot do without, by name."""
        match self.carrier:
            case "twilio":
                return {
                    "HOTLINE_TWILIO_ACCOUNT_SID": self.twilio_account_sid,
                    "HOTLINE_TWILIO_AUTH_TOKEN": self.twilio_auth_token.get_secret_value(),
                    "HOTLINE_TWILIO_FROM": self.twilio_from,
                    "HOTLINE_PUBLIC_BASE_URL": self.public_base_url,
                }
            case "tencent":
                return {
                    "HOTLINE_TENCENT_SECRET_ID": self.tencent_secret_id,
                    "HOTLINE_TENCENT_SECRET_KEY": self.tencent_secret_key.get_secret_value(),
                    "HOTLINE_TENCENT_APP_ID": self.tencent_app_id,
                }
            case _:
                return {}

    def require_secrets(self) -> None:
        """Refuse to serve without real secrets.

        Raises:
            BadSettings: a secret is missing or shorter than 32 characters.
        """
        for name, secret in (("HOTLINE_SECRET_KEY", self.secret_key), ("HOTLINE_BOT_TOKEN", self.bot_token)):
            if len(secret.get_secret_value()) < 32:
                raise BadSettings(
                    f"{name} is missing or shorter than 32 characters. `hotline up` makes one by itself; "
                    "elsewhere set it, for example with `openssl rand -hex 32`."
                )

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'hotline.db').resolve()}"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the house by https, so that cookies can be bound to it."""
        return self.public_base_url.startswith("https://")

    @property
    def start_at(self) -> datetime | None:
        """The instant the demo clock starts at, or None for real time."""
        return self.now

    @property
    def origins(self) -> frozenset[str]:
        """Origins that may embed the widget besides our own pages."""
        return frozenset(part.strip().rstrip("/") for part in self.allowed_origins.split(",") if part.strip())

    @property
    def numbers_of_ours(self) -> tuple[str, ...]:
        """Our own numbers in E.164."""
        listed = [part.strip() for part in self.own_numbers.split(",")]
        return tuple(number for number in [*listed, self.twilio_from, self.twilio_caller] if number.startswith("+"))

    @property
    def caller_id(self) -> str:
        """The number of ours that is shown to whom we call; empty when we have none."""
        return next((number for number in (self.twilio_caller, *self.numbers_of_ours) if number), "")


@lru_cache
def load() -> Settings:
    """Read the settings once.

    Raises:
        BadSettings: a value is missing or wrong; the message names it, never its content.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings("; ".join(map(_words_of, error.errors()))) from None


def _words_of(item: ErrorDetails) -> str:
    names = [f"HOTLINE_{str(name).upper()}: " for name in item["loc"][:1]]
    return "".join([*names, item["msg"].removeprefix("Value error, ")])
