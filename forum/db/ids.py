"""Time-ordered identifiers, for rows that only staff ever see."""

import uuid_utils


def new_ordered_id() -> str:
    """Return a UUID version 7 as 32 hexadecimal digits: sorting by it is sorting by time, which is how a queue is paged."""
    return uuid_utils.uuid7().hex
