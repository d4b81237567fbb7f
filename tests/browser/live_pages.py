"""A small server for the tests of the scripts: real static files, headers and `_comment.html`, and a socket that tests steer."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

import uvicorn
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from forum.discussions.views.shown import ShownComment, render_comment
from forum.web import catalogue
from forum.web.assets import Assets
from forum.web.headers import HeadersMiddleware
from tests.house.sources import ROOT

Json = dict[str, Any]
MESSAGES = {
    "new": {"one": "%(num)s new comment", "other": "%(num)s new comments"},
    "presence": {"one": "%(num)s reader", "other": "%(num)s readers"},
    "offline": "Offline",
    "online": "Online",
    "paused": "Live updates have stopped",
    "extended": "The deadline has been extended",
    "closed": "The space has closed",
    "reload": "Load the page again",
    "changed": "Show the change",
}
QUEUE_MESSAGES = {"new": {"one": "%(num)s new case", "other": "%(num)s new cases"}, "gone": "This case has been decided"}
FORM_MESSAGES = {
    "left": {"one": "%(num)s character left", "other": "%(num)s characters left"},
    "over": {"one": "%(num)s character too many", "other": "%(num)s characters too many"},
    "saved": "Draft saved",
    "kept": "Kept on this device",
    "unsaved": "Not saved",
    "found": "An unsaved text is on this device.",
    "restore": "Restore it",
    "discard": "Discard it",
}


def comment(cid: str, parent: str | None = None, depth: int = 0, seq: int = 1, text: str = "", state: str = "published") -> str:
    """Return a comment as the real template renders it; `text` is HTML, put in as it is."""
    html = "" if state in ("removed", "withdrawn") else text or f"<p>Text of {cid}. {'Words. ' * 40}</p>"
    view = ShownComment(
        id=cid,
        anchor=f"c-{cid}",
        url=f"/comments/{cid}",
        symbol=f"RT4/Q1/{cid}",
        parent=parent,
        depth=depth,
        seq=seq,
        state=state,
        author_name=f"Author {cid}",
        capacity_text="In a personal capacity",
        entity_name="",
        lang="en",
        dir="ltr",
        html=Markup(html),
        published_at=datetime(2026, 5, 5, tzinfo=UTC),
        edited=False,
        reply_to=None,
        stub_text="" if html else "Withdrawn by its author.",
        reply_url=f"?reply={cid}",
        paragraphs=1,
        pending=None,
    )
    with catalogue.use("en"):
        return render_comment(view)


class LivePages:
    """The server; every attribute may be changed by a test at any time, frames are sent with `publish`."""

    def __init__(self) -> None:
        self.assets = Assets(ROOT / "static")
        self.updates: list[Json] = []
        self.page = ""
        self.rows = ""
        self.refuse_sockets = False
        self.drafts: list[Json] = []
        self.posts: list[Json] = []
        self.draft_status = 204
        self.asked: list[int] = []
        self.joined: list[int] = []
        self.fragments = 0
        self._sockets: dict[WebSocket, asyncio.Queue[Json | int]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self.port = 0

    # What tests do.

    def publish(self, kind: str, cid: str = "", html: str = "", question: int = 1, **more: object) -> None:
        """Append an update with the next seq, and send it to every open socket."""
        update: Json = {"seq": len(self.updates) + 1, "kind": kind, "id": cid, "question": question, "html": html, **more}
        self.updates.append(update)
        self.send(update)

    def send(self, frame: Json | int) -> None:
        """Send a frame to every socket as it is; a number closes them with that code."""
        assert self._loop is not None
        for queue in list(self._sockets.values()):
            self._loop.call_soon_threadsafe(queue.put_nowait, frame)

    def sockets(self) -> int:
        return len(self._sockets)

    def thread(self, articles: str, *, last: bool = True, extra: str = "", question: int = 1) -> None:
        """Set the page: a thread that follows the space from the present seq on."""
        attributes = {
            "data-socket": "/live/spaces/x",
            "data-updates": "/api/v1/spaces/x/updates",
            "data-seq": len(self.updates),
            "data-question": question,
            "data-lang": "en",
            "data-last": str(last).lower(),
            "data-messages": json.dumps(MESSAGES),
        }
        named = " ".join(f'{name}="{escape(str(value))}"' for name, value in attributes.items())
        self.page = (
            f'<live-thread {named}><div class="live-bar"><button type="button" class="new-comments" hidden></button>'
            '<p class="live-status" role="status"></p><label class="live-switch" hidden><input type="checkbox">Live</label>'
            '<p class="presence" hidden></p><a class="check-new" href="?since=1">Check for new comments</a></div>'
            f'<div class="thread" id="thread">{articles}</div></live-thread>{extra}'
        )

    def form(self, body: str = "") -> None:
        """Set the page: a form for a comment."""
        self.page = (
            f'<comment-form data-limit="10000" data-place="q:1" data-drafts="/en/drafts" data-preview="/en/preview"'
            f' data-messages="{escape(json.dumps(FORM_MESSAGES))}"><form method="post" action="/en/post" novalidate>'
            '<input type="hidden" name="csrf_token" value="token"><select name="lang"><option>en</option></select>'
            f'<textarea id="f-body" name="body" aria-label="Text">\n{escape(body)}</textarea><p class="counter"></p>'
            '<p class="draft-status" role="status"></p><button name="do" value="preview">Preview</button>'
            '<button name="do" value="send">Send</button></form><section class="preview" aria-live="off" hidden></section>'
            "</comment-form>"
        )

    def queue(self, rows: str) -> None:
        """Set the page: a moderator's queue."""
        self.rows = rows
        self.page = (
            f'<live-queue data-socket="/live/moderation" data-rows="/en/rows" data-messages="{escape(json.dumps(QUEUE_MESSAGES))}">'
            f'<p class="live-status" role="status"></p><ol class="queue">{rows}</ol></live-queue>'
        )

    # What the browser asks.

    async def _page(self, _: Request) -> Response:
        return HTMLResponse(
            '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"><title>Page</title>'
            f'<link rel="stylesheet" href="{self.assets.url("css/all.css")}">'
            f'<link rel="icon" href="{self.assets.url("img/favicon.svg")}"><meta name="viewport" content="width=device-width">'
            f'<script type="module" src="{self.assets.url("js/app.js")}"></script></head><body>'
            '<p id="connection" role="status" data-offline="Offline" data-reconnecting="Reconnecting" data-online="Online"></p>'
            f'<a data-question-tab="2" href="?">Question 2</a><main>{self.page}</main></body></html>'
        )

    async def _updates(self, request: Request) -> Response:
        since = int(request.query_params["since"])
        self.asked.append(since)
        items = [update for update in self.updates if update["seq"] > since][: int(request.query_params["limit"])]
        return JSONResponse({"items": items, "seq": len(self.updates)})

    async def _drafts(self, request: Request) -> Response:
        data = dict(await request.form())
        if self.draft_status == 204 and request.headers.get("x-requested-with") == "forum":
            self.drafts.append(data)
        return Response(status_code=self.draft_status)

    async def _preview(self, request: Request) -> Response:
        body = str((await request.form())["body"])
        if len(body) > 10_000:
            return HTMLResponse("too long", 422)
        return HTMLResponse(f"<div class=prose><p>{escape(body)}</p></div><script>window.hacked=1</script>")

    async def _post(self, request: Request) -> Response:
        self.posts.append(dict(await request.form()))
        await asyncio.sleep(0.3)
        return HTMLResponse("<!doctype html><title>Posted</title><h1>Posted</h1>")

    async def _rows(self, _: Request) -> Response:
        self.fragments += 1
        return HTMLResponse(self.rows)

    async def _socket(self, websocket: WebSocket) -> None:
        if self.refuse_sockets:
            await websocket.close()
            return
        since = int(websocket.query_params.get("since", 0))
        self.joined.append(since)
        await websocket.accept()
        await websocket.send_json({"kind": "hello", "seq": len(self.updates)})
        queue: asyncio.Queue[Json | int] = asyncio.Queue()
        for update in self.updates[since:]:
            queue.put_nowait(update)
        self._sockets[websocket] = queue
        listening = asyncio.create_task(self._listen(websocket, queue))
        try:
            while True:
                frame = await queue.get()
                if isinstance(frame, int):
                    await websocket.close(frame)
                    return
                await websocket.send_json(frame)
        except (WebSocketDisconnect, asyncio.CancelledError, RuntimeError):
            pass
        finally:
            listening.cancel()
            self._sockets.pop(websocket, None)

    async def _listen(self, websocket: WebSocket, queue: asyncio.Queue[Json | int]) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                if await websocket.receive_json() == {"kind": "ping"}:
                    await websocket.send_json({"kind": "pong"})
        queue.put_nowait(1000)

    @contextlib.contextmanager
    def running(self) -> Iterator["LivePages"]:
        """Serve on a free port of loopback until the end of the block."""
        routes = [
            Route("/", self._page),
            Route("/api/v1/spaces/x/updates", self._updates),
            Route("/en/drafts", self._drafts, methods=["POST"]),
            Route("/en/preview", self._preview, methods=["POST"]),
            Route("/en/post", self._post, methods=["POST"]),
            Route("/en/rows", self._rows),
            WebSocketRoute("/live/spaces/x", self._socket),
            WebSocketRoute("/live/moderation", self._socket),
        ]
        app = self.assets.around(HeadersMiddleware(Starlette(routes=routes), secure=False))
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="off", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            await server.serve(sockets=[listener])

        worker = threading.Thread(target=asyncio.run, args=(serve(),))
        worker.start()
        try:
            until(lambda: server.started)
            yield self
        finally:
            server.should_exit = True
            worker.join(10)
            listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for something that happens on the server's side."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
