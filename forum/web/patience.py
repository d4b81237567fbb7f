"""HTTP connections that are not held open for nothing: who is too slow to ask, to send or to take is closed.

uvicorn gives a client any time it likes for its headers and its body. A few thousand who drip a byte now and then would use up the
file descriptors of the process at no cost to themselves. Here a connection has one timer, which looks every ten seconds at most; a
request sets a number and no timer of its own. WebSockets leave when they are upgraded: pings look after them.

There is no limit by address on purpose: a mission or a conference hall shares one, and whoever wishes harm has many. What a connection
can cost is bounded in time instead.

It leans on the inner workings of uvicorn's protocol; `tests/forum/web/test_web_patience.py` pins what is used.
"""

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class PatientHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol with bounds; it may stand before another subclass in a list of bases."""

    HEAD_SECONDS: ClassVar[float] = 10.0
    """From the first byte of a request (for the first, from the connection) to the end of its headers."""
    WINDOW_SECONDS: ClassVar[float] = 20.0
    """In each such span a body must bring BODY_RATE bytes a second, and a reader must take something of its answer."""
    BODY_RATE: ClassVar[int] = 1000

    _look_at: asyncio.TimerHandle | None = None
    _due: float | None
    """When the head, or the span of the body, is over; None between requests."""
    _sending: bool
    """Whether the head is complete and the body is not."""
    _received: int
    """Bytes since the connection was opened, or since the span of the body began."""
    _left: int
    """Bytes of answers that the client had not taken at the last look."""
    _taken_at: float
    """When it was last seen to take some."""
    _taking: bool

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        now = self.loop.time()
        self._due, self._sending, self._received = now + self.HEAD_SECONDS, False, 0
        self._left, self._taken_at, self._taking = 0, now, False
        self._look_at = self.loop.call_later(self.HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over. A handshake that announces a body, which none may have, would be waited for without end."""
        self._rest()
        super().handle_websocket_upgrade()
        follower: Any = self.transport.get_protocol()
        if not follower.handshake_initiated and not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")

    def data_received(self, data: bytes) -> None:
        if self._due is None:  # an empty line too: it has put off uvicorn's time-out of idle connections
            self._due = self.loop.time() + self.HEAD_SECONDS
        self._received += len(data)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._begin_span(self.loop.time())
        self._sending = True

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._due, self._sending = None, False

    def resume_writing(self) -> None:
        self._taking = True
        super().resume_writing()

    def _begin_span(self, now: float) -> None:
        self._due, self._received = now + self.WINDOW_SECONDS, 0

    def _rest(self) -> None:
        if self._look_at is not None:
            self._look_at.cancel()
            self._look_at = None

    def _look(self) -> None:
        """Close the connection when its time is over, else look again: never later than what may begin now would be due."""
        now = self.loop.time()
        if self._stuck(now):
            self.transport.abort()
            return
        if self._due is not None and now >= self._due and not self.transport.is_closing():
            if self._sending and (self._held_up() or self._received >= self.BODY_RATE * self.WINDOW_SECONDS):
                self._begin_span(now)
            else:
                self._end()
        wait = self.HEAD_SECONDS if self._due is None or self._due <= now else min(self.HEAD_SECONDS, self._due - now)
        self._look_at = self.loop.call_later(wait, self._look)

    def _held_up(self) -> bool:
        """Whether it is us for whom the body waits: we have not asked for it, or not taken what has come."""
        cycle = self._cycle
        return self.flow.read_paused or (cycle is not None and bool(cycle.waiting_for_100_continue))

    def _stuck(self, now: float) -> bool:
        """Whether the client has taken nothing of what is ready for it during a whole span."""
        before, self._left = self._left, self.transport.get_write_buffer_size()
        if before == 0 or self._left < before or self._taking:
            self._taken_at, self._taking = now, False
        return self._left > 0 and now - self._taken_at >= self.WINDOW_SECONDS

    def _end(self) -> None:
        """Close; say why where nothing has been said yet that it would be mixed up with."""
        cycle = self._cycle
        answered = cycle is None or bool(cycle.response_complete)
        begun = self.pipeline or (cycle is not None and cycle.response_started)
        if not begun if self._sending else answered and self._received > 0:
            self.transport.write(_TIMEOUT)
        self.transport.close()

    @property
    def _cycle(self) -> Any:
        """The last request and its answer. None before the first, whatever uvicorn's annotation says: a handshake makes none."""
        return self.cycle
