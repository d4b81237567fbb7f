"""Frames written past ASGI arrive like frames written through it, and the inner workings of uvicorn they need are there."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from forum.live.outlets import BUFFER, RawOutlet, SendOutlet
from forum.live.protocol import EXTENSION, UVICORN, RawFrames, decode_text, encode_text, outlet_of
from tests.forum.live.world import World, closing, serving

pytestmark = pytest.mark.server

TEXTS = ["", "a", "é" * 62, "x" * 125, "x" * 126, "ж" * 32_767, "y" * 65_535, "y" * 65_536, "中文 العربية \U0001f54a" * 9_000]


@pytest.mark.parametrize("text", TEXTS, ids=[str(len(text)) for text in TEXTS])
def test_a_frame_is_what_websockets_would_make(text: str) -> None:
    frame = encode_text(text)
    assert frame == Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
    assert decode_text(frame) == text


def test_a_lone_surrogate_is_no_fault() -> None:
    assert decode_text(encode_text("a\ud800b")) == "a?b"


def test_what_is_used_of_uvicorn_is_there() -> None:
    """A new uvicorn that lacks one of these needs a new RawFrames."""
    names = {*WebSocketsSansIOProtocol.__init__.__code__.co_names, *dir(WebSocketsSansIOProtocol)}
    used = {"transport", "close_sent", "disconnected", "handshake_complete", "queue", "conn", "close_timer", "read_paused"}
    used |= {"writable", "loop", "stop_keepalive", "handle_connect", "handle_ping", "shutdown", "run_asgi"}
    assert used <= names
    assert RawFrames.__mro__[1] is WebSocketsSansIOProtocol


class Recited:
    """An application that recites texts, every other one as a raw frame."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self.raw = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        outlet = outlet_of(scope, send)
        self.raw = isinstance(outlet, RawOutlet)
        for index, text in enumerate(self.texts):
            await outlet.ready()
            if index % 2:
                assert outlet.write(encode_text(text))
            else:
                await send({"type": "websocket.send", "text": text})
        await outlet.ready()
        outlet.close(1000)
        await outlet.receiver(receive)()
        await outlet.finish()


def varied(count: int) -> list[str]:
    """Texts without repetition: shared compression state would show."""
    source = random.Random(7)
    return ["".join(chr(source.randrange(0x20, 0x2FFF)) for _ in range(source.randrange(5, 4_000))) for _ in range(count)]


@pytest.mark.parametrize("deflate", [False, True])
async def test_raw_and_plain_sends_interleave(deflate: bool) -> None:
    world, app = World(), Recited(varied(80))
    world.app = app  # type: ignore[assignment]
    async with serving(world, ws_per_message_deflate=deflate) as served, served.open("/") as follower:
        found = [await follower.recv() for _ in app.texts]
        assert await closing(follower) == 1000
    assert app.raw
    assert found == app.texts


def test_without_raw_frames_the_texts_go_through_asgi() -> None:
    app = Recited(varied(40))
    with TestClient(app).websocket_connect("/") as follower:
        found = [follower.receive_text() for _ in app.texts]
        assert follower.receive()["code"] == 1000
    assert not app.raw
    assert found == app.texts


async def test_raw_frames_wait_for_the_handshake() -> None:
    refused: list[bool] = []

    async def hasty(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        refused.append(scope["extensions"][EXTENSION](encode_text("too early")))
        await send({"type": "websocket.accept"})
        refused.append(scope["extensions"][EXTENSION](encode_text("in time")))
        await receive()

    world = World()
    world.app = hasty  # type: ignore[assignment]
    async with serving(world) as served, served.open("/") as follower:
        assert await follower.recv() == "in time"
    assert refused == [False, True]


def stuck(sent: list[Message]) -> tuple[Send, Callable[[], Awaitable[None]]]:
    """An ASGI `send` that takes nothing until it is let go."""
    let_go = asyncio.Event()

    async def send(message: Message) -> None:
        await let_go.wait()
        sent.append(message)

    async def go() -> None:
        let_go.set()

    return send, go


async def test_the_fall_back_is_bounded_too() -> None:
    sent: list[Message] = []
    send, go = stuck(sent)
    outlet = SendOutlet(send, decode_text)
    frame = encode_text("z" * 10_000)
    written = 0
    while outlet.write(frame):
        written += 1
        await asyncio.sleep(0)
    assert BUFFER - 10_100 < written * 10_000 < BUFFER + 20_000
    outlet.close(1013)
    assert not outlet.write(frame)
    await go()
    await outlet.finish()
    assert [message["type"] for message in sent] == ["websocket.send"] * written + ["websocket.close"]
    assert sent[-1]["code"] == 1013


async def test_the_fall_back_notices_that_a_reader_has_gone() -> None:
    async def gone(_message: Message) -> None:
        raise OSError("gone")

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    outlet = SendOutlet(gone, decode_text)
    assert outlet.write(encode_text("anybody there?"))
    assert (await outlet.receiver(never)())["type"] == "websocket.disconnect"
    assert not outlet.write(encode_text("hello?"))


async def test_a_flood_of_pings_without_reading_is_cut_off() -> None:
    """Control frames are answered below ASGI, where nothing else bounds the answers."""
    world = World()
    async with serving(world, ws_ping_interval=None) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=2**10)
        writer.write(
            b"GET /live/spaces/s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        ping = bytes((0x89, 0x80 | 125)) + b"\0" * 4 + b"p" * 125
        with pytest.raises(OSError):
            async with asyncio.timeout(20):
                while True:
                    writer.write(ping * 500)
                    await writer.drain()
        writer.close()
        assert len(world.live.hub) == 0


def test_the_settings_for_uvicorn() -> None:
    assert UVICORN["ws"] is RawFrames
    assert UVICORN["ws_max_size"] == 1024
    assert not UVICORN["ws_per_message_deflate"]
    assert json.dumps({key: value for key, value in UVICORN.items() if key != "ws"})
