"""Pages that another process has changed are let go of as soon as the bus tells."""

import pytest
from pydantic import ValidationError

from forum.live.bus import MODERATION, RESYNC, REVOKED, SPACE
from forum.settings import Settings, SettingsError, check
from forum.web.pagecache import Generations
from forum.wiring import page_listener


def test_what_the_bus_tells_changes_pages() -> None:
    pages = Generations()
    hear = page_listener(pages)
    hear(SPACE, {"space": "a", "seq": 1})
    assert pages.get("space:a") == pages.get("spaces") == 1
    assert pages.get("space:b") == 0
    hear(SPACE, {"space": "a", "seq": 1})
    hear(MODERATION, {"case": "c", "space": "a"})
    hear(REVOKED, {"person": "p"})
    assert pages.now == 1, "nothing that a page shows"
    hear(SPACE, {"space": "a", "seq": 2})
    hear(REVOKED, {"space": "b"})
    assert (pages.get("space:a"), pages.get("space:b")) == (2, 3)
    hear(RESYNC, {})
    assert pages.get("space:of which nobody has heard") == 4


@pytest.mark.parametrize("url", ["redis://localhost", "valkey://", "valkey+unix://relative", "http://localhost", "memory", ""])
def test_other_buses_are_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="valkey"):
        Settings(bus_url=url)


@pytest.mark.parametrize("url", ["valkey://localhost", "valkey://:word@[::1]:6379/1", "valkey+unix:///run/valkey.sock?db=1"])
def test_buses_of_several_processes(url: str) -> None:
    settings = Settings(bus_url=url, secret_key="k" * 32, base_url="http://localhost", database_url="postgres://localhost/forum")
    check(settings, workers=1)
    check(settings, workers=2)
    for alone in ({"bus_url": "memory://"}, {"database_url": "sqlite://forum.sqlite3"}):
        with pytest.raises(SettingsError, match="More than one worker needs PostgreSQL"):
            check(settings.model_copy(update=alone), workers=2)


def test_another_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(bus_url="valkey://localhost", secret_key="k" * 32, base_url="http://localhost", drain_seconds=2.5)
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize("seconds", ["-1", "61", "soon"])
def test_a_drain_has_an_end(monkeypatch: pytest.MonkeyPatch, seconds: str) -> None:
    monkeypatch.setenv("FORUM_DRAIN_SECONDS", seconds)
    with pytest.raises(ValidationError, match="drain_seconds"):
        Settings()
