"""The unit of work: one transaction, the facts told in it, and who hears of them.

`begin()` opens the transaction. `Work.tell` hands a fact to the listeners inside it, in the order of the table that `forum.wiring`
installs; when the transaction has committed, the listeners of the second table hear the same facts. A listener inside that raises
undoes everything; one after the commit that raises is logged, because what happened has happened.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from tortoise.transactions import in_transaction

from forum.db.connect import WRITE
from forum.kernel.events import Fact

log = logging.getLogger(__name__)

Inside = Callable[["Work", Fact], Awaitable[None]]
After = Callable[[Fact], Awaitable[None]]


@dataclass(slots=True)
class Work:
    """A transaction in hand. `connection` is what raw SQL inside it must use; ORM calls find it by themselves.

    `locked` are rows that it holds locked, by a name of the caller's: nobody else changes them, so they are read once.
    """

    connection: BaseDBAsyncClient
    facts: list[Fact] = field(default_factory=list)
    locked: dict[str, Model] = field(default_factory=dict)

    async def tell(self, fact: Fact) -> Fact:
        """Let every listener inside the transaction hear `fact`; return it with its numbers in the record."""
        # Kept first: what a listener tells on hearing it comes after it, as in the record.
        self.facts.append(fact)
        for prefix, listener in _inside:
            if fact.kind.startswith(prefix):
                await listener(self, fact)
        return fact


_inside: Sequence[tuple[str, Inside]] = ()
_after: Sequence[tuple[str, After]] = ()


def install(inside: Sequence[tuple[str, Inside]], after: Sequence[tuple[str, After]]) -> None:
    """Set the two tables of listeners: (beginning of the fact's kind, listener), in order."""
    global _inside, _after
    _inside, _after = tuple(inside), tuple(after)


@asynccontextmanager
async def begin() -> AsyncIterator[Work]:
    """Open a unit of work; leaving the block commits, an exception rolls back and no listener hears anything."""
    async with in_transaction(WRITE) as connection:
        work = Work(connection)
        yield work
    for fact in work.facts:
        for prefix, listener in _after:
            if fact.kind.startswith(prefix):
                try:
                    await listener(fact)
                except Exception:
                    log.exception("listener failed after the commit", extra={"kind": fact.kind})
