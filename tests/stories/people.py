"""People with a browser, and followers with a websocket, at a running server."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import httpx2
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.support.server import SPACE, Server

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Frame = dict[str, Any]


class Browser:
    """Somebody with a browser without JavaScript, signed in when an address is given."""

    def __init__(self, server: Server, email: str = "") -> None:
        self.server = server
        self.http = httpx2.Client(base_url=server.url, timeout=30, headers={"origin": server.url})
        if email:
            answer = self.send("/en/signin", {"email": email, "password": server.password})
            assert answer.status_code == 303, answer.text

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Return the answer to a GET; redirects are not followed."""
        return self.http.get(path, headers=headers)

    def token(self, form_at: str) -> str:
        """Return the token of the form at a path."""
        shown = TOKEN.search(self.get(form_at).text)
        assert shown is not None, f"no form at {form_at}"
        return unescape(shown[1])

    def send(self, path: str, fields: Mapping[str, str], form_at: str = "") -> httpx2.Response:
        """Send a form with the token of the page at `form_at`, or at `path` itself."""
        return self.http.post(path, data={**fields, "csrf_token": self.token(form_at or path)})


def socket_url(server: Server, since: int | None = 0, lang: str = "en", space: str = SPACE) -> str:
    """Return where a space is followed; without `since` from now on."""
    tail = "" if since is None else f"&since={since}"
    return f"ws://127.0.0.1:{server.port}/live/spaces/{space}?lang={lang}{tail}"


class Follower(threading.Thread):
    """Follows a space from the handshake on; `frames` are what it was sent, `code` why it was closed.

    Raises what the handshake raises: InvalidStatus when the server refuses it.
    """

    def __init__(self, url: str, token: str = "", *, cookie: str = "", **options: Any) -> None:
        super().__init__(daemon=True)
        headers = ({"Authorization": f"Bearer {token}"} if token else {}) | ({"Cookie": cookie} if cookie else {})
        self._connecting = connect(url, additional_headers=headers, compression=None, **options)
        self.frames: list[Frame] = []
        self.texts: list[str] = []
        self.code: int | None = None
        self.refused: Exception | None = None
        self.changed = threading.Condition()
        self._opened = threading.Event()
        self.start()
        self._opened.wait()
        if self.refused is not None:
            raise self.refused

    def run(self) -> None:
        try:
            with self._connecting as self.socket:
                self._opened.set()
                self._hear()
        except Exception as error:
            self.refused = error
            self._opened.set()

    def _hear(self) -> None:
        try:
            while True:
                text = str(self.socket.recv())
                with self.changed:
                    self.texts.append(text)
                    self.frames.append(json.loads(text))
                    self.changed.notify_all()
        except ConnectionClosed as closed:
            with self.changed:
                self.code = closed.rcvd.code if closed.rcvd else 1006
                self.changed.notify_all()

    def wait(self, done: Callable[["Follower"], bool], seconds: float = 10) -> bool:
        """Wait until `done`; return whether it came to that."""
        with self.changed:
            return self.changed.wait_for(lambda: done(self), seconds)

    def seqs(self) -> list[int]:
        """Return the numbers of the updates in the order they came."""
        return [frame["seq"] for frame in self.frames if "seq" in frame and frame["kind"] != "hello"]

    def reaches(self, seq: int, seconds: float = 10) -> bool:
        """Wait for the update with this number."""
        return self.wait(lambda one: seq in one.seqs(), seconds)

    def close(self) -> None:
        self.socket.close()
        self.join(5)
