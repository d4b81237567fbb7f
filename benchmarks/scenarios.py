"""What is measured. Each scenario returns figures; rounds of forum and yardstick alternate, so that both see the same neighbours."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Callable

from benchmarks import http_load, sockets
from benchmarks.report import Figure, figure, percentile
from benchmarks.seeding import EMAIL, PASSWORD, SLUG
from benchmarks.servers import Served, forum, yardstick

ROUNDS = 5
SECONDS = 2.0
GZIP = "Accept-Encoding: gzip"
PAGE = f"/fr/spaces/{SLUG}/questions/1"


def page(database_url: str) -> list[Figure]:
    """The thread page of 50 comments: anonymous and warm against a bare route of the same bytes, and signed in."""
    ours_wall: list[float] = []
    ours_cpu: list[float] = []
    bare_wall: list[float] = []
    bare_cpu: list[float] = []
    with forum(database_url) as served:
        request = http_load.get(PAGE, GZIP)
        size = len(asyncio.run(http_load.first_answer(served.port, request)))
        with yardstick("bytes", size) as bare:
            for _ in range(ROUNDS):
                _rate(served, request, ours_wall, ours_cpu)
                _rate(bare, http_load.get("/page", GZIP), bare_wall, bare_cpu)
        token = _token(served)
        signed_wall: list[float] = []
        signed_cpu: list[float] = []
        for _ in range(2):
            _rate(served, http_load.get(PAGE, GZIP, f"Authorization: Bearer {token}"), signed_wall, signed_cpu)
    return [
        figure("thread page, 50 comments, anonymous, warm", "pages/s", ours_wall, bare_wall, "≥ 0.5"),
        figure("the same by processor time", "pages/CPU s", ours_cpu, bare_cpu, "≥ 0.5"),
        figure("thread page, signed in", "pages/s", signed_wall, bare_wall),
    ]


def _rate(served: Served, request: bytes, wall: list[float], cpu: list[float]) -> None:
    before = served.cpu_seconds()
    answered, _ = asyncio.run(http_load.measure(served.port, request, SECONDS))
    used = served.cpu_seconds() - before
    wall.append(answered / SECONDS)
    cpu.append(answered / used if used else 0.0)


def _call(served: Served, path: str, body: dict[str, object], token: str = "") -> dict[str, object]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(served.url + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        loaded: dict[str, object] = json.load(answer)
        return loaded


def _token(served: Served) -> str:
    return str(_call(served, "/api/v1/tokens", {"email": EMAIL, "password": PASSWORD})["token"])


FOLLOWERS = 1000
CASTS = 60


def fanout(database_url: str) -> list[Figure]:
    """From sending a post to the frame at the last of 1,000 followers, against a bare loop that writes as large a frame."""
    with forum(database_url) as served:
        token = _token(served)
        ours, size = asyncio.run(_post_and_hear(served, token))
    with yardstick("sockets", size) as bare:
        theirs = asyncio.run(_cast_and_hear(bare))
    name = f"post → frame at all of {FOLLOWERS:,} followers"
    return [
        figure(f"{name}, p50", "ms", [percentile(ours, 0.5)], [percentile(theirs, 0.5)]),
        figure(f"{name}, p99", "ms", [percentile(ours, 0.99)], [percentile(theirs, 0.99)], "≤ 2"),
    ]


async def _times(followers: int, path: str, served: Served, act: Callable[[int], bytes]) -> list[float]:
    opened, count = await sockets.follow(path, served.port, followers)
    await asyncio.sleep(1)
    times = []
    for number in range(CASTS + 5):
        count.expect(f"mark-{number:05d}-".encode() if path.startswith("/live") else b"xxx", followers)
        began = time.perf_counter()
        await asyncio.to_thread(act, number)
        await asyncio.wait_for(count.all_heard.wait(), 20)
        times.append((count.last - began) * 1000)
        await asyncio.sleep(0.05)
    sockets.leave(opened)
    return times[5:]


async def _post_and_hear(served: Served, token: str) -> tuple[list[float], int]:
    def post(number: int) -> bytes:
        body = {"question": 1, "lang": "en", "body": f"mark-{number:05d}- " + "A sentence about legal aid. " * 12}
        _call(served, f"/api/v1/spaces/{SLUG}/comments", body, token)
        return b""

    times = await _times(FOLLOWERS, f"/live/spaces/{SLUG}?lang=en", served, post)
    url = f"{served.url}/api/v1/spaces/{SLUG}/updates?since=0&limit=1"
    with urllib.request.urlopen(url, timeout=20) as answer:
        size = len(json.dumps(json.load(answer)["items"][0], ensure_ascii=False).encode())
    return times, size


async def _cast_and_hear(bare: Served) -> list[float]:
    def cast(_number: int) -> bytes:
        with urllib.request.urlopen(urllib.request.Request(bare.url + "/cast", b""), timeout=20) as answer:
            body: bytes = answer.read()
            return body

    return await _times(FOLLOWERS, "/follow", bare, cast)


def memory(database_url: str) -> list[Figure]:
    """Memory a follower costs the server while nothing happens, against the bare server's."""
    with forum(database_url) as served:
        ours = asyncio.run(_per_follower(served, f"/live/spaces/{SLUG}?lang=en"))
    with yardstick("sockets", 600) as bare:
        theirs = asyncio.run(_per_follower(bare, "/follow"))
    return [figure("memory per idle follower", "kB", [ours], [theirs], "≤ 30 kB")]


async def _per_follower(served: Served, path: str) -> float:
    warm, _ = await sockets.follow(path, served.port, 200)
    await asyncio.sleep(1)
    before = served.resident_bytes()
    opened, _ = await sockets.follow(path, served.port, 2000)
    await asyncio.sleep(2)
    grown = served.resident_bytes() - before
    sockets.leave(opened + warm)
    return grown / 2000 / 1000


SCENARIOS: dict[str, Callable[[str], list[Figure]]] = {"page": page, "fanout": fanout, "memory": memory}
"""Every scenario by its name on the command line."""
