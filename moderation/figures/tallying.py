"""What a fact adds to the figures: a pure function of one entry of the record, so that keeping and recounting cannot differ.

Names and details of what is counted:

    received   new, edit, resubmission   a text that came in
    at_once    the same                  a text that nothing held
    withdrawn  published, waiting        taken back by its author
    reported                             a report by a participant
    appealed                             an appeal was made
    opened     kind of the case          something began to wait for a moderator
    decided    "kind action"             a decision
    return, reject, remove   reason      a decision that refuses, by the code of its reason
    appeal     upheld, overturned        an appeal was decided
    waited     seconds                   a text was decided on, by how long it had waited (`durations.STEPS`)
    days       1 to 31                   the same, by working days
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from forum.kernel.canonical import Json
from moderation.figures.durations import step, working_days
from moderation.models import REFUSING, TEXTS, Action, CaseKind

Tick = tuple[str, str]
"""Name and detail of what is counted."""

RECEIVED = {
    "comment.received": CaseKind.NEW,
    "comment.edit_received": CaseKind.EDIT,
    "comment.resubmitted": CaseKind.RESUBMISSION,
}
AT_ONCE = RECEIVED | {"comment.revised": CaseKind.NEW}
PLAIN: Mapping[str, Tick] = {
    "comment.withdrawn": ("withdrawn", "published"),
    "comment.retracted": ("withdrawn", "waiting"),
    "comment.flagged": ("reported", ""),
    "case.appealed": ("appealed", ""),
}
PUBLISHING = frozenset({Action.PUBLISH, Action.MOVE, Action.MERGE})
ON_TEXTS = PUBLISHING | {Action.RETURN, Action.REJECT}
"""What is decided on a text that waits; other decisions are about what was published or decided before."""


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the record, as far as the figures are concerned."""

    kind: str
    at: datetime
    data: Mapping[str, Json]


def counts(kind: str) -> bool:
    """Tell whether facts of this kind add to any figure."""
    return kind in AT_ONCE or kind in PLAIN or kind in {"case.opened", "case.decided", "case.appeal_decided"}


def day_of(at: datetime, zone: str) -> str:
    """Return the day on which something happened, as the zone of its space has it."""
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def tally(told: Told, zone: str) -> list[Tick]:
    """Return what the entry adds one to, each at most once."""
    if told.kind in AT_ONCE:
        return _text(told)
    if told.kind in PLAIN:
        return [PLAIN[told.kind]]
    match told.kind:
        case "case.opened":
            return [("opened", str(told.data["kind"]))]
        case "case.appeal_decided":
            return [("appeal", str(told.data["outcome"]))]
        case "case.decided":
            return _decision(told, zone)
    return []


def _text(told: Told) -> list[Tick]:
    ticks: list[Tick] = [("received", RECEIVED[told.kind].value)] if told.kind in RECEIVED else []
    return ticks if told.data.get("holds") else [*ticks, ("at_once", AT_ONCE[told.kind].value)]


def _decision(told: Told, zone: str) -> list[Tick]:
    waited = told.data.get("waited")
    if not isinstance(waited, int):
        return []  # told before times were: figures begin with them
    action, kind = str(told.data["action"]), str(told.data["kind"])
    ticks: list[Tick] = [("decided", f"{kind} {action}")]
    if action in REFUSING:
        ticks.append((action, str(told.data.get("reason") or "other")))
    if kind in TEXTS and action in ON_TEXTS:
        ticks += [("waited", str(step(waited))), ("days", str(working_days(told.at, waited, zone)))]
    return ticks
