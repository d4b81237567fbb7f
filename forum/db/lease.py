"""One leader among the processes of a forum: whoever holds a lease in the database, renewed again and again.

The clock of the database alone says when a lease has run out, and a holder counts by its own monotonic clock from before it asked:
the clocks of the machines are never compared. A lease narrows timed work down to one process; that nothing happens twice is the business
of the work itself, which takes its row's lock and looks at the state (a process that was frozen may wake up and think it still leads).

On SQLite, which serves one process, the lease is always ours: nobody waits for one that has crashed.
"""

import os
import secrets
import socket
import time
from typing import Final

from forum.db.connect import writer
from forum.db.reading import dialect, execute, row

SECONDS: Final = 9.0
"""How long a lease lasts; it is asked for again at a third of that. After a death the next holder is there in SECONDS and a third."""

# Free is also what lies further ahead than any lease goes: then the clock of the database has been set back.
_TAKE: Final = """
    INSERT INTO leases (name, holder, until) VALUES (?, ?, extract(epoch FROM clock_timestamp()) + ?)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE leases.holder = excluded.holder
       OR leases.until <= extract(epoch FROM clock_timestamp())
       OR leases.until > excluded.until + ?
    RETURNING holder
"""
_RELEASE: Final = "DELETE FROM leases WHERE name = ? AND holder = ?"


class Lease:
    """This process's hold on what `name` says. `holder` names the process, for whoever looks at the table."""

    def __init__(self, name: str, seconds: float = SECONDS) -> None:
        self.name = name
        self.seconds = seconds
        self.holder = f"{socket.gethostname()[:60]}/{os.getpid()}/{secrets.token_hex(8)}"
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether this process may still act on the lease that `hold` got last."""
        return time.monotonic() < self._until

    async def hold(self) -> bool:
        """Take the lease when it is free, renew it when it is ours; return whether it is ours now. One statement, so one winner."""
        if dialect(writer()) == "sqlite":
            self._until = float("inf")
            return True
        asked = time.monotonic()
        got = await row(_TAKE, [self.name, self.holder, self.seconds, self.seconds], using=writer())
        self._until = asked + self.seconds if got is not None else 0.0
        return got is not None

    async def release(self) -> None:
        """Let go, so that the next process need not wait for the end; does nothing for a lease that is not ours."""
        held, self._until = self.held, 0.0
        if held and dialect(writer()) != "sqlite":
            await execute(_RELEASE, [self.name, self.holder], using=writer())
