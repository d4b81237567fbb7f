"""How often: limits by person, account and address, kept in memory or in Valkey, and never with a name or address in clear.

Several processes count together in a shared storage. While that is away each counts by itself, and is stricter with what is guessed at:
nobody gets more guesses by waiting for a fault.
"""

import asyncio
import hashlib
import ipaddress
import logging
import math
import secrets
import time
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string
from starlette.requests import HTTPConnection

from forum.kernel import clock
from forum.kernel.errors import TooMany
from forum.web.identity import actor_of
from forum.web.site import site_of

log = logging.getLogger(__name__)

PATIENCE: Final = 0.25
"""Seconds that an answer of the shared storage is waited for."""
REST: Final = 2.0
"""Seconds for which it is left alone after a failure."""
GUESSED: Final = frozenset({"signin", "password"})
"""Rules against guessing. Without the shared storage a process grants a quarter of them: it does not know how many others there are."""


class Rule(NamedTuple):
    """How often something may happen for one key ("10 per 15 minute; 100 per day"), and what the key is."""

    limit: str
    key: str


RULES: Final[Mapping[str, Rule]] = {
    "signin": Rule(
        "10 per 15 minute", "failed sign-ins: the e-mail address together with the address of the network, and each alone"
    ),
    "signup": Rule("5 per hour; 20 per day", "address of the network"),
    "token": Rule("300 per 15 minute", "API tokens asked for: address of the network"),
    "password": Rule("5 per 15 minute", "person who changes the password"),
    "affiliation": Rule("10 per hour", "person"),
    "post": Rule("60 per minute; 600 per hour", "person"),
    "edit": Rule("30 per minute", "person; edits and withdrawals"),
    "draft": Rule("120 per minute", "person; a draft is saved while typing"),
    "preview": Rule("60 per minute", "person"),
    "flag": Rule("20 per hour", "person"),
    "appeal": Rule("20 per hour", "person"),
    "decide": Rule("120 per minute", "moderator; claims and decisions"),
    "bulk": Rule("600 per minute", "moderator; each case of those that are decided together"),
    "export": Rule("30 per hour", "person; files made of the record"),
    "verify": Rule("20 per 15 minute", "person; a whole log is read and hashed"),
    "manage": Rule("60 per minute", "member of the secretariat"),
    "live": Rule("60 per minute", "person; websockets opened"),
    "live_anonymous": Rule("6000 per minute", "address of the network, which a hall or a mission shares"),
    "search": Rule("60 per minute", "person"),
    "search_anonymous": Rule("600 per minute", "address of the network"),
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


def shared_storage(url: str) -> Storage:
    """Return the counters in the Valkey at `url` (valkey:// or valkey+unix://), connected to when first used."""
    return cast(Storage, storage_from_string(f"async+{url}", socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE))


class Limiter:
    """Counts in a sliding window. `on=False` lets everything through (load tests).

    With `shared`, counts are those of all processes that have the same `secret`.
    """

    def __init__(self, on: bool, storage: Storage | None = None, *, shared: Storage | None = None, secret: str = "") -> None:
        self.on = on
        # Not the exact moving window: in memory that looks through every key in a thread at each hit.
        self._own = SlidingWindowCounterRateLimiter(storage or MemoryStorage())
        self._shared = SlidingWindowCounterRateLimiter(shared) if shared is not None else None
        self._alone_until: float | None = None
        self._rules: dict[str, list[RateLimitItem]] = {name: parse_many(rule.limit) for name, rule in RULES.items()}
        self._key = hashlib.sha256(f"limits\0{secret}".encode()).digest() if secret else secrets.token_bytes(32)

    async def hit(self, rule: str, key: str) -> None:
        """Count one more of `rule` for `key`; raises TooMany with the seconds to wait, KeyError for an unknown rule."""
        for item, hidden in self._items(rule, key):
            _refuse(await self._ask(item, rule, hidden, count=True))

    async def hit_reader(self, rule: str, conn: HTTPConnection) -> None:
        """Count one more of `rule` for whoever reads: the person signed in, else ("rule_anonymous") the address."""
        actor = actor_of(conn)
        if actor.person_id is not None:
            await self.hit(rule, actor.person_id)
        else:
            await self.hit(f"{rule}_anonymous", address_key(conn))

    async def check(self, rule: str, key: str) -> None:
        """Raise TooMany when `rule` is used up for `key`, without counting: where only failures count."""
        for item, hidden in self._items(rule, key):
            _refuse(await self._ask(item, rule, hidden, count=False))

    async def close(self) -> None:
        """Leave the shared storage."""
        if self._shared is not None:
            storage: Any = self._shared.storage
            await storage.bridge.storage.aclose()

    def _items(self, rule: str, key: str) -> list[tuple[RateLimitItem, str]]:
        items = self._rules[rule]
        if not self.on:
            return []
        hidden = hashlib.blake2b(key.encode("utf-8", "replace"), key=self._key, digest_size=16).hexdigest()
        return [(item, hidden) for item in items]

    async def _ask(self, item: RateLimitItem, rule: str, hidden: str, *, count: bool) -> int:
        """Return the seconds to wait; 0 lets through."""
        if self._shared is None:
            return await _wait(self._own, item, (rule, hidden), count)
        if self._alone_until is None or time.monotonic() >= self._alone_until:
            try:
                async with asyncio.timeout(PATIENCE):
                    seconds = await _wait(self._shared, item, (rule, hidden), count)
            except Exception as error:  # whatever it is, the forum goes on and counts by itself
                if self._alone_until is None:
                    log.warning("limits are counted by this process alone: %s", type(error).__name__)
                self._alone_until = time.monotonic() + REST
            else:
                if self._alone_until is not None:
                    log.warning("limits are counted together again")
                    self._alone_until = None
                if count and not seconds:  # so that this process knows its own share when it is alone
                    await self._own.hit(item, rule, hidden)
                return seconds
        kept = item.amount - max(1, item.amount // 4) if rule in GUESSED else 0
        return await _wait(self._own, item, (rule, hidden), count, kept)


def _refuse(seconds: int) -> None:
    if seconds:
        raise TooMany(seconds)


async def _wait(
    counter: SlidingWindowCounterRateLimiter, item: RateLimitItem, ids: tuple[str, str], count: bool, kept: int = 0
) -> int:
    """Return the seconds to wait, 0 when there is one left beside the `kept` ones; `count` takes it."""
    allowed = await counter.test(item, *ids, cost=kept + 1) if kept or not count else True
    if allowed and count:
        allowed = await counter.hit(item, *ids)
    if allowed:
        return 0
    stats = await counter.get_window_stats(item, *ids)
    return max(1, math.ceil(stats.reset_time - time.time()))
