"""This side of the load client's process: send a command, get its result."""

import contextlib
import itertools
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


class LoadFailed(Exception):
    """The load client could not do what it was told; the message says why."""


class Client:
    """The load client. `do` waits for the result; `begin` and `result` let several commands run side by side."""

    def __init__(self) -> None:
        # A session of its own: Ctrl+C reaches this process alone, which then ends the client.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._numbers = itertools.count(1)
        self._answers: dict[int, Json] = {}

    def begin(self, command: str, **given: Any) -> int:
        """Start a command of `benchmarks.load` and return its number."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": command, **given}) + "\n")
        self._process.stdin.flush()
        return number

    def result(self, number: int) -> Json:
        """Wait for the command with this number and return what it found; raises LoadFailed."""
        assert self._process.stdout is not None
        while number not in self._answers:
            line = self._process.stdout.readline()
            if not line:
                raise LoadFailed("the load client has ended")
            answer = json.loads(line)
            self._answers[answer["id"]] = answer
        answer = self._answers.pop(number)
        if "error" in answer:
            raise LoadFailed(answer["error"])
        found: Json = answer["result"]
        return found

    def do(self, command: str, **given: Any) -> Json:
        """Carry out one command and return what it found."""
        return self.result(self.begin(command, **given))

    def close(self) -> None:
        """End the process."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


@contextlib.contextmanager
def load_client() -> Iterator[Client]:
    """Run a load client of one's own."""
    client = Client()
    try:
        yield client
    finally:
        client.close()
