import json
import logging
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from starlette.requests import HTTPConnection

from forum.kernel import clock
from forum.kernel.errors import TooMany
from forum.web import logs
from forum.web.limits import RULES, Limiter, address_key
from forum.web.site import Site, origin_of


async def test_ten_and_no_more() -> None:
    limiter = Limiter(on=True)
    for _ in range(10):
        await limiter.check("signin", "a@example.org")
        await limiter.hit("signin", "a@example.org")
    for ask in (limiter.check, limiter.hit):
        with pytest.raises(TooMany) as refused:
            await ask("signin", "a@example.org")
        assert 1 <= refused.value.retry_after <= 15 * 60
    await limiter.hit("signin", "b@example.org")
    await limiter.hit("signup", "a@example.org")


async def test_off_lets_everything_through_but_knows_its_rules() -> None:
    limiter = Limiter(on=False)
    for _ in range(100):
        await limiter.hit("signin", "a")
    with pytest.raises(KeyError):
        await limiter.hit("no such rule", "a")
    assert all(rule.limit and rule.key for rule in RULES.values())


async def test_no_key_is_kept_in_clear() -> None:
    from limits.aio.storage import MemoryStorage

    storage = MemoryStorage()
    await Limiter(on=True, storage=storage).hit("signin", "a@example.org")
    assert storage.storage
    assert not any("example" in key for key in storage.storage)


def connection(host: str | None) -> HTTPConnection:
    return HTTPConnection({"type": "http", "client": (host, 1) if host else None, "headers": []})


def test_addresses_are_hidden_and_forgotten_by_the_day() -> None:
    today = datetime(2026, 5, 1, 12, tzinfo=UTC)
    with clock.running(lambda: today):
        keys = {
            host: address_key(connection(host))
            for host in ("10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", None)
        }
    assert keys["2001:db8::1"] == keys["2001:db8::2"]
    assert len(set(keys.values())) == 5
    assert not any("10.0" in key for key in keys.values())
    with clock.running(lambda: today + timedelta(days=1)):
        assert address_key(connection("10.0.0.1")) != keys["10.0.0.1"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://Forum.Example:443/", "https://forum.example"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origins(url: str, origin: str) -> None:
    assert origin_of(url) == Site(base_url=url).origin == origin


def test_the_secret_is_not_in_the_text_of_a_site() -> None:
    assert "topsecret" not in repr(Site(secret_key="topsecret"))


def test_a_log_line_is_one_line() -> None:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("test.web.logs")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    token = logs.request_id.set("abc")
    try:
        logger.info("a\nb \x1b[31m", extra={"path": "/x\ny"})
        try:
            raise ValueError("é\n")
        except ValueError:
            logger.exception("broken")
    finally:
        logs.request_id.reset(token)
    first, second = stream.getvalue().splitlines()
    assert stream.getvalue().isascii()
    assert "\x1b" not in stream.getvalue()
    assert json.loads(first)["path"] == "/x\ny"
    assert json.loads(first)["request_id"] == "abc"
    assert "ValueError" in json.loads(second)["exception"]
