"""Pages that another process has changed are let go of as soon as the bus tells."""

import pytest
from pydantic import ValidationError

from forum.live.bus import MODERATION, RESYNC, REVOKED, SPACE
from forum.settings import Settings, SettingsError, check
from forum.web.generations import Generations
from forum.wiring import Pages, page_listener


class Watched:
    """Tells of each tag whether it has changed since it was last asked."""

    def __init__(self, generations: Generations) -> None:
        self.generations = generations
        self.moment = generations.now

    def changed(self, *tags: str) -> list[str]:
        found = [tag for tag in tags if not self.generations.unchanged([tag], self.moment)]
        self.moment = self.generations.now
        return found


def test_what_the_bus_tells_changes_pages() -> None:
    pages = Pages(Generations())
    hear = page_listener(pages)
    told = Watched(pages.generations)
    all_tags = ("space:a", "space:b", "spaces", "objectives")
    hear(SPACE, {"space": "a", "seq": 1})
    assert told.changed(*all_tags) == ["space:a", "spaces"]
    hear(SPACE, {"space": "a", "seq": 1})
    hear(MODERATION, {"case": "c", "space": "a", "lang": "en"})
    hear(REVOKED, {"person": "p"})
    assert told.moment == pages.generations.now, "nothing that a page shows"
    hear(SPACE, {"space": "a", "seq": 2})
    assert told.changed(*all_tags) == ["space:a", "spaces"]
    hear(REVOKED, {"space": "b"})
    assert told.changed(*all_tags) == ["space:b", "spaces"]
    hear(RESYNC, {})
    assert told.changed(*all_tags, "of which nobody has heard") == [*all_tags, "of which nobody has heard"]


def test_one_number_of_a_space_lets_its_pages_go_once() -> None:
    pages = Pages(Generations())
    hear = page_listener(pages)
    assert pages.reached("a", 1)
    before = pages.generations.now
    hear(SPACE, {"space": "a", "seq": 1})
    assert not pages.reached("a", 1)
    assert pages.generations.now == before


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
