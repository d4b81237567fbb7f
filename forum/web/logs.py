"""Logs: one JSON object a line, with the id of the request; there is no access log.

A line never holds an e-mail address, an address of the network, a query string or a body. JSON escapes control characters,
so that nothing that a client sends can begin a line of its own or colour a terminal.
"""

import json
import logging
import sys
from contextvars import ContextVar
from typing import TextIO

from forum.kernel import clock

request_id: ContextVar[str] = ContextVar("forum_request_id", default="")
"""The id of the request in hand, empty outside one."""

_STANDARD = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class JsonFormatter(logging.Formatter):
    """Writes a record with its `extra` values as one line of JSON in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": clock.rfc3339(clock.now()),
            "level": record.levelname.lower(),
            "pid": record.process,
            "logger": record.name,
            "event": record.getMessage(),
        }
        if current := request_id.get():
            line["request_id"] = current
        line.update({name: value for name, value in vars(record).items() if name not in _STANDARD})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _not_a_refused_handshake(record: logging.LogRecord) -> bool:
    """Leave out what uvicorn says of every websocket that is refused with an HTTP answer: that is no fault, and anybody can cause it."""
    return not record.getMessage().startswith("ASGI callable returned without completing handshake")


def configure(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log of the process to `stream` (standard error) as JSON lines; called once, at start."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
    logging.getLogger("uvicorn.error").addFilter(_not_a_refused_handshake)
    # At the level of information uvicorn writes each websocket's network address.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("tortoise").setLevel(logging.WARNING)
