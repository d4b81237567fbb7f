"""The yardsticks: the same server libraries doing the bare minimum.

python -m benchmarks.bare bytes PORT SIZE     a Starlette route that answers SIZE bytes from memory
python -m benchmarks.bare sockets PORT SIZE   websockets; POST /cast writes one pre-encoded frame of SIZE bytes to all of them;
                                              who connects with ?since=N is sent N such frames at once
"""

import asyncio
import os
import sys
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from forum.live.protocol import encode_text

MARK = "the end"
HEADERS = {"Cache-Control": "no-cache", "ETag": '"bare"', "Content-Encoding": "gzip"}


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok")


def bytes_app(size: int) -> Starlette:
    """Return an application whose one page is `size` bytes that nothing can shrink."""
    body = os.urandom(size)

    async def answer(_request: Request) -> Response:
        return Response(body, headers=HEADERS, media_type="text/html")

    return Starlette(routes=[Route("/page", answer), Route("/healthz", _alive)])


class Exposed(WebSocketsSansIOProtocol):
    """Hands its transport to the application: the bare loop writes to transports, as any broadcaster must in the end."""

    def handle_connect(self, event: object) -> None:
        super().handle_connect(event)  # type: ignore[arg-type]
        if hasattr(self, "scope"):
            extensions = self.scope.get("extensions")
            assert extensions is not None
            extensions["bare.transport"] = cast(Any, self.transport)


class SocketsApp:
    """Keeps every websocket; POST /cast writes the frame to all, one after the other."""

    def __init__(self, size: int) -> None:
        self.frame = encode_text("x" * (size - len(MARK)) + MARK)
        self.last = encode_text('{"seq":1,' + "x" * (size - 9))
        self.transports: set[asyncio.Transport] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] == "/cast":
                for transport in tuple(self.transports):
                    transport.write(self.frame)
            await PlainTextResponse("ok")(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.accept"})
        transport = scope["extensions"]["bare.transport"]
        self.transports.add(transport)
        behind = int(scope["query_string"].removeprefix(b"since=") or 0)
        for number in range(behind):
            transport.write(self.frame if number < behind - 1 else self.last)
        try:
            while (await receive())["type"] != "websocket.disconnect":
                pass
        finally:
            self.transports.discard(transport)


def main() -> None:
    """Serve the yardstick named on the command line."""
    kind, port, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    app = bytes_app(size) if kind == "bytes" else SocketsApp(size)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws=Exposed,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        backlog=4096,
    )


if __name__ == "__main__":
    main()
