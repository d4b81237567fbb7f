"""What processes tell each other: that something changed, never what it says.

A message holds ids and numbers only; whoever hears it reads the database anew, under the one visibility rule. A lost message is
therefore no harm: the next one, or `RESYNC`, leads to the same reading.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

SPACE: Final = "space"
"""`{"space": id, "seq": n}`: the public sequence of a space has reached `n`."""
REVOKED: Final = "revoked"
"""`{"person": id}` or `{"space": id}`: somebody's rights, or those of everybody in a space, may have shrunk; ask again."""
MODERATION: Final = "moderation"
"""`{"case": id, "space": id, "lang": code}`: a case was opened, claimed, decided or closed. `{"space": id}`: one that may have been of
another language before."""
PRESENCE: Final = "presence"
"""`{"space": id, "process": id, "count": n}`: so many follow a space in one process; said again and again, else it is forgotten."""
RESYNC: Final = "resync"
"""`{}`: told by a bus to its own listeners when it was cut off and may have missed messages."""

Message = Mapping[str, str | int]
Listener = Callable[[str, Message], None]
"""Hears (topic, message) on the event loop. It must return at once: what takes time belongs in a task of its own."""

FIELDS: Final[Mapping[str, tuple[Mapping[str, type], ...]]] = {
    SPACE: ({"space": str, "seq": int},),
    REVOKED: ({"person": str}, {"space": str}),
    MODERATION: ({"case": str, "space": str, "lang": str}, {"space": str}),
    PRESENCE: ({"space": str, "process": str, "count": int},),
    RESYNC: ({},),
}
"""The forms a message of each topic may have."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Bus(Protocol):
    """Carries messages to every process of the forum, this one included; `tests/forum/live/bus_contract.py` says how."""

    async def start(self) -> None:
        """Begin to deliver. A bus can be started again after `stop`."""

    async def stop(self) -> None:
        """Deliver no more; what is published from now on is dropped without a word."""

    def subscribe(self, listener: Listener) -> None:
        """Let `listener` hear every message of every topic; before or after `start`, in the order of subscription."""

    async def publish(self, topic: str, message: Message) -> None:
        """Tell everybody, in the order of publishing, and wait for nobody. Raises ValueError for a message of a wrong form."""


def check(topic: str, message: Message) -> None:
    """Raise ValueError unless `message` has a form of `topic`: only ids and numbers, so that no text can slip onto the bus."""
    forms = FIELDS.get(topic)
    if forms is None:
        raise ValueError(f"no such topic: {topic}")
    if not any(_fits(form, message) for form in forms):
        raise ValueError(f"not a message of the topic {topic}: its fields are {sorted(message)}")


def _fits(form: Mapping[str, type], message: Message) -> bool:
    return form.keys() == message.keys() and all(_is(kind, message[name]) for name, kind in form.items())


def _is(kind: type, value: object) -> bool:
    if kind is str:
        return isinstance(value, str) and _ID.fullmatch(value) is not None
    return type(value) is int and value >= 0
