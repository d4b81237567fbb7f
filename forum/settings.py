"""Settings: environment variables that begin with FORUM_, read once at start."""

import importlib.util
import re
import secrets
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from forum.db.connect import Limits, sqlite_path
from forum.notices.mail_server import MailServer, parse_sender, parse_server

_VALKEY: Final = re.compile(r"valkey://[^/]|valkey\+unix:///[^/]")


class SettingsError(Exception):
    """The settings do not fit together; the message says which and why."""


class Settings(BaseSettings):
    """What can be set; the table in the README says the same in words."""

    model_config = SettingsConfigDict(env_prefix="FORUM_", extra="ignore")

    database_url: str = "sqlite://forum.sqlite3"
    database_pool: int = Field(
        default=10, ge=2, le=1000, description="connections to PostgreSQL of each process: two fifths write, the others read"
    )
    statement_timeout: float = Field(
        default=1.5, ge=0.1, le=60, description="seconds that PostgreSQL may take for one statement, waiting for locks included"
    )
    bus_url: str = "memory://"
    secret_key: str = ""
    base_url: str = ""
    demo_password: str = ""
    mail_url: str = Field(default="", repr=False, description="where mail is handed over; no mail is sent without it")
    mail_from: str = Field(default="", description="whom mail is from, such as: Round Tables <noreply@example.org>")
    rate_limits: Literal["on", "off"] = "on"
    trusted_proxies: str = Field(default="127.0.0.1", description="addresses whose X-Forwarded-* headers are believed")
    metrics: Literal["loopback", "open", "off"] = "loopback"
    shared_counts: str = Field(
        default="", description="set by the parent of several workers: the file in which they count what has changed"
    )
    drain_seconds: float = Field(default=0.0, ge=0, le=60, description="how long /readyz answers 503 before the listener closes")

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        if not value.startswith(("sqlite://", "postgres://", "postgresql://")):
            raise ValueError("it begins with sqlite:// or postgres://")
        return value

    @field_validator("bus_url")
    @classmethod
    def _bus_url(cls, value: str) -> str:
        if value != "memory://" and not _VALKEY.match(value):
            raise ValueError("it is memory://, valkey://HOST:PORT (also for Redis) or valkey+unix:///PATH")
        return value

    @field_validator("mail_url")
    @classmethod
    def _mail_url(cls, value: str) -> str:
        if value:
            parse_server(value, "nobody@example.org")
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_from(cls, value: str) -> str:
        if value:
            parse_sender(value)
        return value

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        return value.rstrip("/")

    def environment(self) -> dict[str, str]:
        """Return the variables from which another process reads the same settings."""
        return {f"FORUM_{name.upper()}": str(value) for name, value in self.model_dump().items()}

    @property
    def secure(self) -> bool:
        """Whether readers come over https: then cookies are `__Host-` and HSTS is sent."""
        return self.base_url.startswith("https://")

    @property
    def mail_server(self) -> MailServer | None:
        """Where mail is handed over, None for no mail."""
        return parse_server(self.mail_url, self.mail_from) if self.mail_url else None

    @property
    def uses_valkey(self) -> bool:
        return self.bus_url != "memory://"

    @property
    def database_limits(self) -> Limits:
        return Limits(self.database_pool, self.statement_timeout)

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite://")


def with_demo_secrets(settings: Settings) -> Settings:
    """Return settings for a demonstration: a secret key and a password are made once and kept beside the database.

    Raises SettingsError when the database is not a file: a demonstration on a server needs both set.
    """
    if settings.secret_key and settings.demo_password:
        return settings
    if not settings.uses_sqlite:
        raise SettingsError("Set FORUM_SECRET_KEY and FORUM_DEMO_PASSWORD for a demonstration on PostgreSQL.")
    path = sqlite_path(settings.database_url)
    path.parent.mkdir(parents=True, exist_ok=True)
    return settings.model_copy(
        update={
            "secret_key": settings.secret_key or _kept(path.with_name(path.name + ".secret"), 32),
            "demo_password": settings.demo_password or _kept(path.with_name(path.name + ".password"), 9),
        }
    )


def _kept(path: Path, size: int) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(size), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def check(settings: Settings, workers: int) -> None:
    """Raise SettingsError when these settings cannot serve with so many workers."""
    if len(settings.secret_key) < 16:
        raise SettingsError("Set FORUM_SECRET_KEY to at least 16 random characters: sessions and forms are signed with it.")
    if not settings.base_url.startswith(("http://", "https://")):
        raise SettingsError("Set FORUM_BASE_URL to the address readers use, such as https://forum.example.org.")
    if settings.mail_url and not settings.mail_from:
        raise SettingsError("Set FORUM_MAIL_FROM to the address that mail is from: FORUM_MAIL_URL is set.")
    if workers > 1 and (settings.uses_sqlite or not settings.uses_valkey):
        raise SettingsError(
            "More than one worker needs PostgreSQL (FORUM_DATABASE_URL) and Valkey (FORUM_BUS_URL): "
            "SQLite and the memory bus serve one process."
        )
    if settings.uses_valkey and importlib.util.find_spec("valkey") is None:
        raise SettingsError("FORUM_BUS_URL: the Valkey client is not installed; `pip install 'imrf-forum[scale]'` adds it.")
