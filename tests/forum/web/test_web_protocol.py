"""Connections that are open when the server stops: what is on its way on them is answered, then they are closed."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from websockets.asyncio.client import connect

from forum.live.protocol import UVICORN
from forum.web.protocol import OrderlyHttp

pytestmark = pytest.mark.server
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_what_is_used_of_uvicorn_is_there() -> None:
    """A new uvicorn that lacks one of these needs a new OrderlyHttp."""
    names = {*HttpToolsProtocol.__init__.__code__.co_names, *dir(HttpToolsProtocol)}
    names |= set(RequestResponseCycle.__init__.__code__.co_names)
    used = {"cycle", "loop", "transport", "response_complete", "response_started", "keep_alive"}
    used |= {"shutdown", "on_headers_complete", "on_response_complete", "handle_websocket_upgrade"}
    assert used <= names
    assert OrderlyHttp.__mro__[1] is HttpToolsProtocol


class App:
    """Answers at once; `/slow` sends its head and waits for `go` with the rest."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await receive()
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        if scope["path"] == "/slow":
            await self.go.wait()
        await send({"type": "http.response.body", "body": b"}"})


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Served:
    """A server in this process; `stop` begins its end and returns when the listener is closed."""

    def __init__(self, server: uvicorn.Server, running: asyncio.Task[None]) -> None:
        self.server = server
        self.running = running
        self._opened: list[Streams] = []
        self.port: int = server.servers[0].sockets[0].getsockname()[1]

    async def open(self) -> Streams:
        self._opened.append(await asyncio.open_connection("127.0.0.1", self.port))
        return self._opened[-1]

    async def close(self) -> None:
        """Leave every connection, and wait for the end of the server."""
        self.server.should_exit = True
        for _, writer in self._opened:
            writer.close()
            await writer.wait_closed()
        await asyncio.wait_for(self.running, 10)

    async def stop(self) -> None:
        self.server.should_exit = True
        async with asyncio.timeout(5):
            while self.server.servers[0].is_serving():  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[Served]:
    options = UVICORN | {"lifespan": "off", "log_config": None, "http": OrderlyHttp, "timeout_graceful_shutdown": 5}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **options))
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(5):
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
        served = Served(server, running)
        try:
            yield served
        finally:
            await served.close()
    except BaseException:
        running.cancel()
        raise


async def ask(streams: Streams, path: str = "/") -> bytes:
    """Ask and return head and body of the answer."""
    reader, writer = streams
    writer.write(ASK.replace(b"/ ", path.encode() + b" ", 1))
    return await asyncio.wait_for(reader.readuntil(b"{}"), 5)


async def ended(streams: Streams) -> bool:
    """Whether the server closes in order, without a reset and without another word."""
    return await asyncio.wait_for(streams[0].read(), 5) == b""


async def test_what_is_on_its_way_is_answered_and_is_the_last() -> None:
    async with serving(App()) as served:
        kept, new = await served.open(), await served.open()
        assert b"connection: close" not in await ask(kept)
        await served.stop()
        for streams in (kept, new):
            assert b"\r\nconnection: close\r\n" in await ask(streams)
            assert await ended(streams)


async def test_who_says_nothing_is_closed_by_and_by() -> None:
    async with serving(App()) as served:
        kept, new = await served.open(), await served.open()
        await ask(kept)
        await served.stop()
        assert await ended(kept)
        assert await ended(new)


async def test_an_answer_that_has_begun_is_not_the_last_word() -> None:
    """Its head could not say so: what the client asks next is still answered."""
    app = App()
    async with serving(app) as served:
        streams = await served.open()
        streams[1].write(ASK.replace(b"/ ", b"/slow ", 1))
        assert b"connection: close" not in await streams[0].readuntil(b"{")
        await served.stop()
        app.go.set()
        assert await streams[0].readexactly(1) == b"}"
        assert b"\r\nconnection: close\r\n" in await ask(streams)
        assert await ended(streams)


async def test_a_follower_who_was_just_coming_is_sent_on() -> None:
    async with serving(App()) as served:
        bare = await asyncio.to_thread(_connected, served.port)
        await asyncio.sleep(0.1)
        await served.stop()
        async with connect(f"ws://127.0.0.1:{served.port}/", sock=bare, proxy=None) as follower:
            await asyncio.wait_for(follower.wait_closed(), 5)
            assert follower.close_code == 1012


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))
