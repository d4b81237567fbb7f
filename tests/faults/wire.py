"""Speak to a server byte by byte, as no well-behaved client does."""

import socket
import time
from collections.abc import Iterable, Mapping

from tests.support.server import Server


class Wire:
    """A connection; `sent` counts the bytes that the server was given."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        self.sent = 0
        self.began = time.monotonic()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def head(self, line: str, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        """Send the first line and the headers; Host is the server's unless it is named."""
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        if not any(name.lower() == "host" for name, _ in pairs):
            pairs.insert(0, ("Host", f"127.0.0.1:{self.server.port}"))
        lines = [f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in pairs), "", ""]
        self.give("\r\n".join(lines).encode("latin-1"))

    def give(self, data: bytes) -> bool:
        """Send bytes; False when the server has closed."""
        try:
            self.socket.sendall(data)
        except OSError:
            return False
        self.sent += len(data)
        return True

    def answered(self, seconds: float = 0.0) -> bool:
        """Whether something has come within these seconds; nothing is taken away."""
        self.socket.settimeout(seconds or 0.001)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        except OSError:
            pass
        finally:
            self.socket.settimeout(10)
        return True

    def answer(self) -> bytes:
        """Return what comes until the server closes or says nothing more for half a second after it began."""
        found = b""
        try:
            while True:
                chunk = self.socket.recv(65536)
                if not chunk:
                    break
                found += chunk
                self.socket.settimeout(0.5)
        except OSError:
            pass
        self.socket.settimeout(10)
        return found

    @property
    def seconds(self) -> float:
        """How long it is open."""
        return time.monotonic() - self.began


def status(answer: bytes) -> int:
    """Return the status of an answer; 0 when there is none."""
    first = answer.split(b"\r\n", 1)[0].split(b" ")
    return int(first[1]) if len(first) > 1 else 0
