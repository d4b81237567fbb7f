"""A real SMTP server on loopback, in a thread of its own, that keeps what it is given.

with mail_server() as mail:
    ...                        # mail.url is where it is
    mail.refuse["asma@"] = "450 4.2.0 later"
    assert mail.letters[0]["To"] == "asma@example.org"
    mail.stop()                # nobody answers there any more
    mail.start()               # the same port again
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.ports import free_port


class Mail:
    """The server. `letters` are what it has taken, in order; `refuse` answers a recipient who begins so with a line of SMTP.

    `taken` is called with each letter before the server says that it has it: a test may do something in that very moment.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: list[EmailMessage] = []
        self.refuse: dict[str, str] = {}
        self.commands: list[str] = []
        self.taken: Callable[[EmailMessage], object] = lambda _letter: None
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, server_hostname="mail.test")
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[EmailMessage]:
        """Return the letters to an address, in order."""
        return [one for one in list(self.letters) if str(one["To"]) == address]

    def wait(self, count: int, seconds: float = 30.0) -> None:
        """Wait until so many letters are there; fails when they do not come."""
        end = time.monotonic() + seconds
        while len(self.letters) < count:
            assert time.monotonic() < end, f"{len(self.letters)} of {count} letters have come"
            time.sleep(0.05)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]) -> str:
        self.commands.append(f"RCPT {address}")
        for beginning, answer in self.refuse.items():
            if address.startswith(beginning):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.taken(letter)
        self.letters.append(letter)
        return "250 OK"


@contextlib.contextmanager
def mail_server() -> Iterator[Mail]:
    """Run a server for as long as the block lasts."""
    mail = Mail()
    mail.start()
    try:
        yield mail
    finally:
        mail.stop()
