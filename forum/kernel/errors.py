"""Refusals: an error is a key with parameters, translated where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: a key of `messages.REFUSALS` and its parameters."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)


class Refusal(Exception):
    """The forum declines to do something; `status` is the HTTP status that says so."""

    status = 422

    def __init__(self, key: str, *, fields: Mapping[str, Problem] | None = None, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params: dict[str, object] = params
        self.fields: dict[str, Problem] = dict(fields or {})


class Unreadable(Refusal):
    """The request cannot be read at all (400)."""

    status = 400


class NotSignedIn(Refusal):
    """Somebody must sign in first (401)."""

    status = 401

    def __init__(self, key: str = "signin.needed") -> None:
        super().__init__(key)


class Forbidden(Refusal):
    """Known, visible, and not allowed (403)."""

    status = 403


class NotFound(Refusal):
    """There is none, or this actor may not know of it (404): both answer alike."""

    status = 404

    def __init__(self, key: str = "not_found") -> None:
        super().__init__(key)


class Conflict(Refusal):
    """Something has changed meanwhile (409); `current` says what stands now."""

    status = 409

    def __init__(self, key: str, current: Mapping[str, object], **params: object) -> None:
        super().__init__(key)
        self.params.update(params)
        self.current = dict(current)


class TooLarge(Refusal):
    """The request body is larger than any form needs (413)."""

    status = 413


class TooMany(Refusal):
    """A limit is reached (429); try again after `retry_after` seconds."""

    status = 429

    def __init__(self, retry_after: int, key: str = "too_many") -> None:
        super().__init__(key, seconds=retry_after)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """The database does not answer (503)."""

    status = 503


def invalid(**fields: Problem) -> Refusal:
    """Return the refusal of a form whose `fields` are wrong."""
    return Refusal("form.invalid", fields=fields)
