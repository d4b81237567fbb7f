"""Frames as bytes: encoded once, written as they are to every socket.

`RawFrames` leans on the inner workings of uvicorn's sans-I/O protocol; `tests/forum/live/test_protocol.py` pins what is used.
With any other server `outlet_of` falls back to the ASGI `send`.
"""

import struct
from typing import Any, Final

from starlette.types import Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from forum.live.outlets import BUFFER, LINGER, Outlet, RawOutlet, SendOutlet

MAX_MESSAGE: Final = 1024
"""Bytes a client may send in one message; the only one it has to say is a ping. More closes with 1009."""
SHUTDOWN_LINGER: Final = 2.0
"""Seconds a socket has for taking its last bytes when the server stops."""

EXTENSION: Final = "forum.raw_frame"


def encode_text(payload: str) -> bytes:
    """Return `payload` as one unmasked websocket text frame (RFC 6455, 5.2); a lone surrogate becomes a question mark."""
    data = payload.encode("utf-8", "replace")
    size = len(data)
    if size < 126:
        return bytes((0x81, size)) + data
    if size < 1 << 16:
        return struct.pack("!BBH", 0x81, 126, size) + data
    return struct.pack("!BBQ", 0x81, 127, size) + data


def decode_text(frame: bytes) -> str:
    """Return the text of a frame made by `encode_text`."""
    start = {126: 4, 127: 10}.get(frame[1], 2)
    return frame[start:].decode()


class RawFrames(WebSocketsSansIOProtocol):
    """uvicorn's websocket protocol, with a way past ASGI for frames that many readers share.

    `scope["extensions"]["forum.raw_frame"]` is `write_frame`; `forum.raw_close` and `forum.raw_ready` stand beside it. Frames are
    plain: right on any connection, with or without permessage-deflate.
    """

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        scope: Any = getattr(self, "scope", None)
        if scope is not None:  # None when the handshake was malformed: then it has been answered already
            scope["extensions"].update(
                {
                    EXTENSION: self.write_frame,
                    "forum.raw_close": self.close_frame,
                    "forum.raw_ready": self.writable.wait,
                    "forum.raw_settle": self.settle,
                }
            )

    def settle(self) -> None:
        """Let go of the handshake when it is over: its headers are several kilobytes for as long as a reader stays."""
        if self.handshake_complete:
            # In place: the parser of the connection keeps the request for as long as it lives.
            for said in (self.request, self.response):
                said.headers.clear()
            self.scope["headers"] = []
            self.scope.pop("state", None)
            self.scope.pop("extensions", None)

    def write_frame(self, frame: bytes) -> bool:
        """Hand a whole frame to the transport without waiting; False when the reader is gone or more than 256 KiB behind."""
        transport = self.transport
        if self.close_sent or self.disconnected or not self.handshake_complete:
            return False
        if transport.is_closing() or transport.get_write_buffer_size() > BUFFER:
            return False
        transport.write(frame)
        return True

    def close_frame(self, code: int) -> None:
        """Say goodbye with `code` without waiting, and cut the connection when the reader has not answered after LINGER seconds.

        The ASGI `send` of a close waits until a reader has taken what is in the buffer: one that reads no more was never closed.
        """
        if self.close_sent or self.disconnected or self.transport.is_closing() or not self.handshake_complete:
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": ""})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        if self.read_paused:  # the answer to the close frame must be heard
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(LINGER, self.transport.abort)

    def handle_ping(self) -> None:
        """Answer a ping; but who sends pings and reads no answers would fill the buffer without end, and is cut off."""
        super().handle_ping()
        if self.transport.get_write_buffer_size() > BUFFER:
            self.transport.abort()

    def shutdown(self) -> None:
        """Close with 1012 as uvicorn does; but a reader that takes nothing must not hold up the end of the server."""
        super().shutdown()
        if not self.disconnected:
            self.loop.call_later(SHUTDOWN_LINGER, self.transport.abort)


UVICORN: Final[dict[str, Any]] = {
    "ws": RawFrames,
    "ws_max_size": MAX_MESSAGE,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 25.0,
    "ws_ping_timeout": 25.0,
}
"""For `uvicorn.Config(app, **UVICORN)`. Compression would cost 50–200 kB for each reader, and frames could not be shared."""


def outlet_of(scope: Scope, send: Send) -> Outlet:
    """Return the way to the reader of an accepted connection: raw frames where the server has them, else ASGI messages."""
    extensions = scope.get("extensions") or {}
    if EXTENSION in extensions:
        found = (extensions[f"forum.raw_{name}"] for name in ("close", "ready", "settle"))
        return RawOutlet(extensions[EXTENSION], *found)
    return SendOutlet(send, decode_text)
