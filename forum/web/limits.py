"""How often: limits by person, account and address, kept in memory and never with a name or address in clear."""

import hashlib
import ipaddress
import math
import secrets
import time
from collections.abc import Mapping
from typing import Final, NamedTuple

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.requests import HTTPConnection

from forum.kernel import clock
from forum.kernel.errors import TooMany
from forum.web.site import site_of


class Rule(NamedTuple):
    """How often something may happen for one key ("10 per 15 minute; 100 per day"), and what the key is."""

    limit: str
    key: str


RULES: Final[Mapping[str, Rule]] = {
    "signin": Rule(
        "10 per 15 minute", "failed sign-ins: the e-mail address together with the address of the network, and each alone"
    ),
    "signup": Rule("5 per hour; 20 per day", "address of the network"),
    "token": Rule("30 per 15 minute", "API tokens asked for: address of the network"),
    "password": Rule("5 per 15 minute", "person who changes the password"),
    "affiliation": Rule("10 per hour", "person"),
    "post": Rule("20 per minute; 300 per hour", "person"),
    "edit": Rule("30 per minute", "person; edits and withdrawals"),
    "draft": Rule("120 per minute", "person; a draft is saved while typing"),
    "preview": Rule("60 per minute", "person"),
    "flag": Rule("20 per hour", "person"),
    "decide": Rule("120 per minute", "moderator; claims and decisions"),
    "manage": Rule("60 per minute", "member of the secretariat"),
    "live": Rule("120 per minute", "address of the network; websockets opened"),
    "search": Rule("60 per minute", "address of the network"),
}
"""Every limit of the forum, by name."""


def address_key(conn: HTTPConnection) -> str:
    """Return a key for the client's address: a keyed hash that changes every day. IPv6 counts by /64, the net of one customer."""
    host = conn.client.host if conn.client else "unknown"
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
        if address.version == 6:
            host = str(ipaddress.ip_network((address, 64), strict=False))
    except ValueError:
        pass  # a name, or a socket of the file system
    key = hashlib.sha256(f"{site_of(conn).secret_key}\0{clock.now():%Y-%m-%d}".encode()).digest()
    return hashlib.blake2b(host.encode(), key=key, digest_size=16).hexdigest()


class Limiter:
    """Counts in a sliding window. `on=False` lets everything through (load tests)."""

    def __init__(self, on: bool, storage: Storage | None = None) -> None:
        self.on = on
        # Not the exact moving window: in memory that looks through every key in a thread at each hit.
        self._strategy = SlidingWindowCounterRateLimiter(storage or MemoryStorage())
        self._rules: dict[str, list[RateLimitItem]] = {name: parse_many(rule.limit) for name, rule in RULES.items()}
        self._key = secrets.token_bytes(16)

    async def hit(self, rule: str, key: str) -> None:
        """Count one more of `rule` for `key`; raises TooMany with the seconds to wait, KeyError for an unknown rule."""
        for item, hidden in self._items(rule, key):
            if not await self._strategy.hit(item, rule, hidden):
                raise TooMany(await self._wait(item, rule, hidden))

    async def check(self, rule: str, key: str) -> None:
        """Raise TooMany when `rule` is used up for `key`, without counting: where only failures count."""
        for item, hidden in self._items(rule, key):
            if not await self._strategy.test(item, rule, hidden):
                raise TooMany(await self._wait(item, rule, hidden))

    def _items(self, rule: str, key: str) -> list[tuple[RateLimitItem, str]]:
        items = self._rules[rule]
        if not self.on:
            return []
        hidden = hashlib.blake2b(key.encode("utf-8", "replace"), key=self._key, digest_size=16).hexdigest()
        return [(item, hidden) for item in items]

    async def _wait(self, item: RateLimitItem, rule: str, hidden: str) -> int:
        stats = await self._strategy.get_window_stats(item, rule, hidden)
        return max(1, math.ceil(stats.reset_time - time.time()))
