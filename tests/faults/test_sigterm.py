"""SIGTERM while posts are in hand: what has begun is answered, followers are told to come back, nothing acknowledged is lost."""

import asyncio
import json
import signal
import socket
import time
from pathlib import Path

import pytest

from tests.faults.seen import Seen
from tests.faults.writing import PATH, WRITERS, check_all_there, check_whole, until_written, writers
from tests.stories.people import Follower, socket_url
from tests.support.server import Server, demo_server

pytestmark = [pytest.mark.server, pytest.mark.faults]
COME_BACK = {1001, 1012}


def begun(server: Server, body: bytes) -> socket.socket:
    """Return a connection on which half a post has been sent."""
    token = server.api(WRITERS[0]).http.headers["Authorization"]
    head = [f"POST {PATH} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", f"Authorization: {token}"]
    head += ["Content-Type: application/json", f"Content-Length: {len(body)}", "Idempotency-Key: begun", "", ""]
    made = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    made.sendall("\r\n".join(head).encode() + body[: len(body) // 2])
    time.sleep(0.2)
    return made


def answer_on(connection: socket.socket) -> bytes:
    """Return all that comes until the server closes."""
    found = b""
    while chunk := connection.recv(65536):
        found += chunk
    return found


async def test_stopping_in_order(tmp_path: Path, seen: Seen) -> None:
    with demo_server(tmp_path) as server:
        followers = [Follower(socket_url(server, None)) for _ in range(5)]
        body = json.dumps({"question": 2, "body": "Begun before the end.", "lang": "en"}).encode()
        async with writers(server) as made:
            running = [asyncio.create_task(writer.write()) for writer in made]
            await until_written(made)
            half = await asyncio.to_thread(begun, server, body)
            process = server.process
            assert process is not None
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.5)
            half.sendall(body[len(body) // 2 :])
            answer = await asyncio.to_thread(answer_on, half)
            half.close()
            status = await asyncio.to_thread(process.wait, 15)
            took = time.monotonic() - began
            await asyncio.wait_for(asyncio.gather(*running), 20)
            assert status == 0, server.output()
            assert took <= 10
            seen.took("F7", "ended with status 0 after", took, 10)
            assert answer.startswith(b"HTTP/1.1 201 "), answer[:300]
            for follower in followers:
                assert follower.wait(lambda one: one.code is not None, 2)
                assert follower.code in COME_BACK
            assert {code for writer in made for code in writer.refused} <= {503}
            server.process = None
            server.start()
            posted = json.loads(answer.partition(b"\r\n\r\n")[2])
            assert server.api(WRITERS[0]).ask("GET", f"/comments/{posted['id']}")["body"] == "Begun before the end."
            await check_all_there(server, made)
        check_whole(server)
        assert "Traceback" not in server.output()


async def test_an_idle_server_stops_at_once(tmp_path: Path) -> None:
    """Also with a follower, and with a connection that was kept and says nothing."""
    with demo_server(tmp_path) as server:
        follower = Follower(socket_url(server, 0))
        kept = socket.create_connection(("127.0.0.1", server.port))
        silent = socket.create_connection(("127.0.0.1", server.port))
        kept.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        assert kept.recv(1000).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - began < 5
        assert follower.wait(lambda one: one.code in COME_BACK, 2), follower.code
        kept.close()
        silent.close()
