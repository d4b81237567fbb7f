"""HTTP connections that end without cutting anybody off.

uvicorn closes idle connections at the moment it stops. A request that is on its way then, on a connection just opened or kept, meets a
reset. Here such a connection stays a moment longer: what still comes is answered, with `Connection: close`, and only then is it closed.
It leans on the inner workings of uvicorn's protocol; `tests/forum/web/test_web_protocol.py` pins what is used.
"""

from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LINGER: Final = 1.5
"""Seconds that an idle connection stays open after the listening socket is closed."""


class OrderlyHttp(HttpToolsProtocol):
    """uvicorn's HTTP protocol; when the server stops, it takes leave of its client first."""

    leaving = False
    upgraded = False

    @property
    def _idle(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, whatever uvicorn's annotation says
        return cycle is None or bool(cycle.response_complete)

    def shutdown(self) -> None:
        """Begin to end: answer what has begun and what is on its way, tell the client to come back on a new connection."""
        self.leaving = True
        if self._idle:
            self.loop.call_later(LINGER, self._close_if_idle)
        elif not self.cycle.response_started:
            self.cycle.keep_alive = False

    def on_headers_complete(self) -> None:
        before = self.cycle
        super().on_headers_complete()
        if self.leaving and self.cycle is not before:
            self.cycle.keep_alive = False

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.leaving and not self.transport.is_closing():
            # Its head had left before the end was known, and could not say that it is the last.
            self.loop.call_later(LINGER, self._close_if_idle)

    def handle_websocket_upgrade(self) -> None:
        self.upgraded = True
        super().handle_websocket_upgrade()
        if self.leaving:
            # Opened, it is closed with 1012 like all others: the follower comes back to the next process.
            self.loop.call_later(LINGER, self._dismiss, self.transport.get_protocol())

    def _dismiss(self, follower: Any) -> None:
        if not self.transport.is_closing():
            follower.shutdown()

    def _close_if_idle(self) -> None:
        if self._idle and not self.upgraded and not self.transport.is_closing():
            self.transport.close()
