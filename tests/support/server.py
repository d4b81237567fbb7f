"""The real server as a process of its own, on loopback, with the demonstration in a database of its own.

    with demo_server(tmp_path) as server:
        delegate = server.api("delegate-a@demo.example")
        held = delegate.comment(1, "Bonjour.", lang="fr")
        server.api("moderator@demo.example").decide(held["id"])
        server.restart()  # SIGTERM, then the same port and database again

The demonstration is loaded once in a test run and copied for each server; `FORUM_TEST_STACK` says on what it stands
(`tests.support.stacks`). Rate limits are off unless a test sets FORUM_RATE_LIMITS="on". The server's own output is in `server.log`.
"""

import contextlib
import http.client
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx2

from tests.house.sources import ROOT
from tests.support.ports import free_port
from tests.support.stacks import apart, chosen, demonstration, in_a_file

PASSWORD = "demo pass phrase 27"
SPACE = "rt4-demo"
START = 60.0
"""Seconds a server has to become ready; it needs about two."""
STOP = 30.0
Json = dict[str, Any]


class Server:
    """A server process; `start` waits until it is ready. It can be stopped, killed and started again as often as a test likes.

    `command` is "demo" or "serve", with its options. `database` is the SQLite file (beside it stands the log, whatever the database);
    `env` are further settings (FORUM_…) of the process.
    """

    def __init__(self, database: Path, env: dict[str, str], command: str = "demo", *options: str) -> None:
        self.database = database
        self.command = (command, *options)
        self.port = free_port()
        self.password = PASSWORD
        self.log = database.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self._env = env
        self._clients: list[Api] = []

    @property
    def url(self) -> str:
        """Where the forum is, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def settings(self) -> dict[str, str]:
        """Return the environment of the process, for commands that work beside it (`python -m forum …`)."""
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "FORUM_DATABASE_URL": f"sqlite://{self.database}",
            "FORUM_BASE_URL": self.url,
            "FORUM_DEMO_PASSWORD": self.password,
            "FORUM_SECRET_KEY": "a key for tests only, long enough",
            "FORUM_RATE_LIMITS": "off",
            **self._env,
        }

    def start(self) -> None:
        """Start the process and wait until `/readyz` answers 200; fails with the log if it ends before."""
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "forum", *self.command, "--port", str(self.port)]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.settings(), stdout=log, stderr=log)
        end = time.monotonic() + START
        while not self.ready():
            assert self.process.poll() is None, f"the server ended:\n{self.output()}"
            assert time.monotonic() < end, f"the server did not become ready:\n{self.output()}"
            time.sleep(0.05)

    def ready(self) -> bool:
        """Whether `/readyz` answers 200 now."""
        # Asked twenty times a second while servers start; a client of httpx2 costs 30 ms each time, and the server starts slower for it.
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def output(self) -> str:
        """Return what the processes have written so far."""
        return self.log.read_text("utf-8", "replace")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send SIGTERM (or another signal) and wait for the end; return the exit status, 0 when it stopped in order."""
        if self.process is None:
            return 0
        process, self.process = self.process, None
        process.send_signal(number)
        try:
            return process.wait(STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def kill(self) -> None:
        """Send SIGKILL, to workers too: nothing is finished, nothing is said."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
        self.stop(signal.SIGKILL)
        for worker in map(int, workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)

    def restart(self) -> None:
        """Stop in order and start again on the same port and database."""
        self.stop()
        self.start()

    def run(self, *words: str, text: str | None = None) -> str:
        """Run `python WORDS` beside the server, with its settings and `text` on standard input; return what it prints."""
        command = [sys.executable, *words]
        done = subprocess.run(command, cwd=ROOT, env=self.settings(), input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """Read from the database beside the server; `?` stands for a parameter."""
        url = self.settings()["FORUM_DATABASE_URL"]
        if url.startswith("sqlite://"):
            with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as file:
                return file.execute(sql, params).fetchall()
        return apart(_rows(url, sql, params))

    def api(self, email: str = "") -> "Api":
        """Return a client of the API, signed in with a token when an address is given."""
        client = Api(self.url)
        self._clients.append(client)
        if email:
            client.sign_in(email, self.password)
        return client

    def close(self) -> None:
        """Stop for good."""
        for client in self._clients:
            client.http.close()
        self.stop()


class Api:
    """A client of `/api/v1` of a running server; what is not refused is returned as read from JSON."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=url, timeout=30)

    def sign_in(self, email: str, password: str) -> None:
        answer = self.ask("POST", "/tokens", json={"email": email, "password": password})
        self.http.headers["Authorization"] = f"Bearer {answer['token']}"

    def ask(self, method: str, path: str, **options: Any) -> Json:
        """Send a request to `path` below /api/v1; fails when it is refused. An answer without a body is an empty one."""
        response = self.http.request(method, f"/api/v1{path}", **options)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text[:500]}"
        answer: Json = response.json() if response.content else {}
        return answer

    def comment(self, question: int, body: str, *, space: str = SPACE, **more: str) -> Json:
        """Post a comment in English unless `lang` says otherwise; `parent` makes it a reply."""
        data = {"question": question, "body": body, "lang": "en", **more}
        return self.ask("POST", f"/spaces/{space}/comments", json=data)

    def at_once(self, space: str = SPACE) -> None:
        """Let decisions made on the pages of a space be carried out at once: as the secretariat, which alone may say so."""
        path = f"/moderation/spaces/{space}/rules"
        settings = self.ask("GET", path)["settings"]
        self.ask("PUT", path, json=settings | {"undo_seconds": 0})

    def case_of(self, comment: str) -> Json:
        """Return the open case of a comment."""
        [case] = self.ask("GET", f"/moderation/cases?state=open&comment={comment}")["items"]
        found: Json = case
        return found

    def decide(self, comment: str, action: str = "publish", **more: str) -> Json:
        """Decide on the open case of a comment; all but "publish" need a `reason`."""
        case = self.case_of(comment)
        data = {"action": action, "version": case["version"], **more}
        return self.ask("POST", f"/moderation/cases/{case['id']}/decision", json=data)


async def _rows(url: str, sql: str, params: tuple[object, ...]) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        statement = "".join(f"{part}${number}" for number, part in enumerate(sql.split("?"), 1))
        return [tuple(row) for row in await connection.fetch(statement.rpartition("$")[0], *params)]
    finally:
        await connection.close()


def _load(file: Path, env: dict[str, str]) -> None:
    server = Server(file, env)
    try:
        server.start()
    finally:
        server.close()


def demo_database(folder: Path) -> Path:
    """Return the path of a fresh copy of the loaded demonstration in `folder`, a file of SQLite whatever the stack."""
    path = folder / "forum.sqlite3"
    in_a_file(path, _load)
    return path


@contextlib.contextmanager
def demo_server(folder: Path, command: str = "demo", *, stack: str = "", **env: str) -> Iterator[Server]:
    """Run a server with a fresh demonstration in `folder`; keyword arguments are settings, such as FORUM_RATE_LIMITS="on"."""
    file = folder / "forum.sqlite3"
    with demonstration(file, _load, stack or chosen()) as ground:
        server = Server(file, ground.env | env, command, *ground.options)
        try:
            server.start()
            yield server
        finally:
            server.close()
