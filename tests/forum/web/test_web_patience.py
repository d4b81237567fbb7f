"""Clients that drip, stall and take nothing are closed; those that are merely slow, large or long are not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.asyncio.client import connect

from forum.live.protocol import UVICORN
from forum.web.patience import PatientHttp

pytestmark = pytest.mark.server
GET = b"GET /%b HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /%b HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
LARGE = 24 * 1024 * 1024
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Hasty(PatientHttp):
    """The same with other numbers: what takes half a minute takes half a second. 400 bytes are due in each span."""

    HEAD_SECONDS = 0.3
    WINDOW_SECONDS = 0.4


def test_the_bounds() -> None:
    assert (PatientHttp.HEAD_SECONDS, PatientHttp.WINDOW_SECONDS, PatientHttp.BODY_RATE) == (10, 20, 1000)
    assert PatientHttp.HEAD_SECONDS <= PatientHttp.WINDOW_SECONDS, "a look must not come after what is due"


def test_what_is_used_of_uvicorn_is_there() -> None:
    """A new uvicorn that lacks one of these needs a new PatientHttp."""
    names = {*HttpToolsProtocol.__init__.__code__.co_names, *dir(HttpToolsProtocol)}
    used = {"loop", "transport", "flow", "cycle", "pipeline", "connection_made", "connection_lost", "data_received"}
    used |= {"on_headers_complete", "on_message_complete", "resume_writing", "handle_websocket_upgrade"}
    used |= {"send_400_response"}
    assert used <= names
    assert {"response_started", "response_complete", "waiting_for_100_continue"} <= {
        *RequestResponseCycle.__init__.__code__.co_names
    }
    assert "handshake_initiated" in WebSocketsSansIOProtocol.__init__.__code__.co_names
    assert "read_paused" in FlowControl.__init__.__code__.co_names


class App:
    """Answers with the number of bytes it was sent. `/early` refuses before it reads, `/large` sends LARGE bytes.

    `/wait` does nothing for some spans first. `ends` holds how each body ended: "http.request" or "http.disconnect".
    """

    def __init__(self) -> None:
        self.ends: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (await receive())["type"] != "websocket.disconnect":
                await send({"type": "websocket.send", "text": "still here"})
            return
        if scope["path"] == "/early":
            await _answer(send, 413, b"")
            return
        if scope["path"] == "/wait":
            await asyncio.sleep(1.5)
        size, message = 0, await receive()
        while message.get("more_body"):
            size += len(message["body"])
            message = await receive()
        self.ends.append(message["type"])
        size += len(message.get("body", b""))
        await _answer(send, 200, b"x" * LARGE if scope["path"] == "/large" else b"%d" % size)


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Served:
    """A server in this process, with its application."""

    def __init__(self, server: uvicorn.Server, app: App) -> None:
        self.server = server
        self.app = app
        self.port: int = server.servers[0].sockets[0].getsockname()[1]
        self._opened: list[Streams] = []

    async def open(self, **options: int) -> Streams:
        self._opened.append(await asyncio.open_connection("127.0.0.1", self.port, **options))
        return self._opened[-1]

    async def emptied(self) -> None:
        """Wait until the server holds no connection."""
        async with asyncio.timeout(10):
            while self.server.server_state.connections:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.02)

    def leave(self) -> None:
        for _, writer in self._opened:
            writer.close()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as made:
        yield made


@asynccontextmanager
async def serving(app: App | None = None) -> AsyncIterator[Served]:
    app = app or App()
    options = UVICORN | {"lifespan": "off", "log_config": None, "http": Hasty, "loop": "uvloop", "timeout_keep_alive": 20}
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, **options))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
    made = Served(server, app)
    try:
        yield made
    finally:
        made.leave()
        server.should_exit = True
        await asyncio.wait_for(running, 10)


async def drip(streams: Streams, bit: Callable[[], bytes] = lambda: b"x") -> bytes:
    """Send `bit` now and then until the server has closed; return what it said before."""
    found = asyncio.ensure_future(heard(streams[0]))
    async with asyncio.timeout(10):
        while not found.done():
            streams[1].write(bit())
            await asyncio.sleep(0.05)
    return found.result()


async def heard(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the end, be it a reset: who still sends when the server closes may get one."""
    found = b""
    try:
        while chunk := await reader.read(65536):
            found += chunk
    except ConnectionError:
        pass
    return found


async def told(streams: Streams) -> bytes:
    """Return the body of the next answer, of the length that it says."""
    head = await asyncio.wait_for(streams[0].readuntil(b"\r\n\r\n"), 10)
    assert head.startswith(b"HTTP/1.1 200 "), head
    length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    return await streams[0].readexactly(int(length.split(b":")[1]))


async def test_who_connects_and_says_nothing_is_closed_without_a_word(served: Served) -> None:
    reader, _ = await served.open()
    assert await asyncio.wait_for(reader.read(), 10) == b""


async def test_dripping_headers(served: Served) -> None:
    streams = await served.open()
    streams[1].write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    found = await drip(streams)
    assert found.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in found


async def test_dripping_headers_of_a_later_request(served: Served) -> None:
    # An empty line before a request is allowed, and puts off uvicorn's time-out of idle connections.
    for beginning, bit in ((b"GET / HTTP/1.1\r\nX-Slow: ", b"x"), (b"\r\n", b"\r\n")):
        streams = await served.open()
        streams[1].write(GET % b"")
        assert await told(streams) == b"0"
        streams[1].write(beginning)
        found = await drip(streams, lambda bit=bit: bit)  # type: ignore[misc]
        assert found.startswith(b"HTTP/1.1 408 ")


async def test_a_dripping_body(served: Served) -> None:
    streams = await served.open()
    streams[1].write(POST % (b"", 5000))
    assert (await drip(streams)).startswith(b"HTTP/1.1 408 ")
    await served.emptied()
    assert served.app.ends == ["http.disconnect"]


async def test_a_handshake_with_a_dripping_body(served: Served) -> None:
    """A client that announces a body with its handshake would be waited for by the websocket's protocol, without any bound."""
    streams = await served.open()
    handshake = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
    )
    streams[1].write(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n%b\r\n\r\n" % handshake)
    assert (await drip(streams)).startswith(b"HTTP/1.1 400 ")
    await served.emptied()


async def test_a_body_in_dripping_chunks(served: Served) -> None:
    streams = await served.open()
    streams[1].write(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert (await drip(streams, lambda: b"1\r\nx\r\n")).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_drips_after_the_refusal(served: Served) -> None:
    streams = await served.open()
    streams[1].write(POST % (b"early", 5000))
    found = await drip(streams)
    assert found.startswith(b"HTTP/1.1 413 ")
    assert b"408" not in found
    await served.emptied()


async def test_a_body_that_comes_on_is_taken_over_many_spans(served: Served) -> None:
    streams = await served.open()
    streams[1].write(POST % (b"", 4000))
    for _ in range(40):
        streams[1].write(b"x" * 100)
        await asyncio.sleep(0.04)
    assert await told(streams) == b"4000"


async def test_a_body_that_waits_for_us_is_not_the_clients_fault(served: Served) -> None:
    streams, asking = await served.open(), await served.open()
    asking[1].write(POST.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n") % (b"wait", 3))
    streams[1].write(POST % (b"wait", 1_000_000))
    streams[1].write(b"x" * 1_000_000)
    assert await asking[0].readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    asking[1].write(b"abc")
    assert (await told(asking), await told(streams)) == (b"3", b"1000000")


async def test_a_long_answer_and_a_pause_between_requests_are_no_fault(served: Served) -> None:
    streams = await served.open()
    for path in (b"wait", b"", b"wait"):
        streams[1].write(GET % path)
        assert await told(streams) == b"0"
        await asyncio.sleep(0.7)


async def test_a_reader_that_takes_nothing_is_cut(served: Served) -> None:
    bare = socket.socket()
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    with bare:
        bare.connect(("127.0.0.1", served.port))
        bare.sendall(GET % b"large")
        await asyncio.sleep(0.1)
        assert served.server.server_state.connections
        await served.emptied()


async def test_a_slow_reader_gets_all_of_it(served: Served) -> None:
    streams = await served.open(limit=65536)
    streams[1].write(GET % b"large")
    await streams[0].readuntil(b"\r\n\r\n")
    taken = 0
    while taken < LARGE:
        taken += len(await streams[0].readexactly(LARGE // 12))
        await asyncio.sleep(0.15)
    assert taken == LARGE
    streams[1].write(GET % b"")
    assert await told(streams) == b"0"


async def test_a_websocket_may_be_silent(served: Served) -> None:
    async with connect(f"ws://127.0.0.1:{served.port}/", proxy=None) as follower:
        await asyncio.sleep(1.5)
        await follower.send("?")
        assert await asyncio.wait_for(follower.recv(), 5) == "still here"


async def test_many_who_drip_hold_up_nobody(served: Served) -> None:
    slow = [await served.open() for _ in range(150)]
    for number, (_, writer) in enumerate(slow):
        writer.write(b"GET / HTTP/1.1\r\nX-Slow: " if number % 2 else POST % (b"", 5000))
    dripping = [asyncio.ensure_future(drip(streams)) for streams in slow]
    served_well = 0
    while not all(one.done() for one in dripping):
        streams = await served.open()
        streams[1].write(GET % b"")
        served_well += await told(streams) == b"0"
        streams[1].close()
    assert served_well > 10
    assert {(await one)[:12] for one in dripping} <= {b"HTTP/1.1 408", b""}
    await served.emptied()
