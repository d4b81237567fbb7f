"""Filters of the queue: what may be asked for, read from an address and written into one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from forum.discussions.addresses import is_id
from forum.kernel.errors import Problem, Refusal, invalid
from forum.kernel.locales import LANGS
from forum.objectives import taxonomy
from moderation.models import CaseKind, CaseState

ANY: Final = "all"
"""The value of the state that lets every state through."""
NO_REGION: Final = "none"
"""The value of the region that lets through what speaks for no State."""
LATE, TODAY = "late", "today"
DUE: Final = (LATE, TODAY)
ON: Final = "1"
MOST_QUESTIONS = 1000


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases are wanted; empty values mean any.

    `space` is an address, `question` a number (0 for any), `lang` the language of the text, `region` a slug or NO_REGION. `due` is LATE
    (the service goal has passed) or TODAY (it ends before the day does, in the zone of the space). `mine` asks for what the actor has
    claimed, `second` for what waits for a second moderator, `may` for what the actor may decide on. `after` is the last case of the page
    before. `newest` turns the order round; it is no part of an address.
    """

    space: str = ""
    state: str = CaseState.OPEN.value
    comment: str = ""
    after: str = ""
    question: int = 0
    lang: str = ""
    region: str = ""
    kind: str = ""
    due: str = ""
    mine: bool = False
    second: bool = False
    may: bool = False
    newest: bool = False

    @property
    def flagged(self) -> bool:
        """Whether more is asked than the kept counts know of."""
        return bool(self.due or self.mine or self.second or self.may)

    @property
    def waits(self) -> bool:
        """Whether only cases are asked for that wait for a decision."""
        return self.state == CaseState.OPEN.value

    @property
    def query(self) -> str:
        """Return the part of an address that asks for this, without a position; "" for everything that waits."""
        values = {"space": self.space, "state": "" if self.waits else self.state or ANY, "comment": self.comment}
        values |= {"question": str(self.question or ""), "text_lang": self.lang, "region": self.region, "kind": self.kind}
        values |= {"due": self.due, **{name: ON if getattr(self, name) else "" for name in FLAGS}}
        return urlencode({name: value for name, value in values.items() if value})

    def at(self, state: str, comment: str, after: str) -> "QueueFilter":
        """Return the same filter for another state, comment and position."""
        return replace(self, state=state, comment=comment, after=after)

    def without(self, *names: str) -> "QueueFilter":
        """Return the filter that asks for anything where this one asks for something by these names."""
        return replace(self, **{name: DEFAULTS[name] for name in names})


FLAGS: Final = ("mine", "second", "may")
DEFAULTS: Final[Mapping[str, Any]] = {one.name: one.default for one in fields(QueueFilter)}
NAMES: Final = ("space", "state", "comment", "after", "question", "text_lang", "region", "kind", "due", *FLAGS)
"""What an address may hold; everything else in it is passed over."""


def regions() -> frozenset[str]:
    """Return what a region can be."""
    return frozenset({NO_REGION, *(one.slug for one in taxonomy.regions())})


def _choices() -> Mapping[str, frozenset[str]]:
    return {
        "state": frozenset({ANY, *CaseState}),
        "text_lang": frozenset(LANGS),
        "region": regions(),
        "kind": frozenset(CaseKind),
        "due": frozenset(DUE),
        **{name: frozenset({ON}) for name in FLAGS},
    }


def read_filter(asked: Mapping[str, str]) -> QueueFilter:
    """Return the filter in an address. Raises Refusal naming what there is not; a space that nobody has heard of finds nothing."""
    given = {name: asked.get(name, "") for name in NAMES}
    wrong = {name: Problem("field.choice") for name, fit in _choices().items() if given[name] and given[name] not in fit}
    if given["after"] and not is_id(given["after"]):
        wrong["after"] = Problem("page.cursor")
    number = given["question"]
    if number and not (number.isascii() and number.isdigit() and len(number) < 5 and 0 < int(number) <= MOST_QUESTIONS):
        wrong["question"] = Problem("field.number")
    if wrong:
        raise invalid(**wrong)
    state = given["state"] or CaseState.OPEN.value
    return QueueFilter(
        space=given["space"][:60],
        state="" if state == ANY else state,
        comment=given["comment"][:64],
        after=given["after"],
        question=int(number or 0),
        lang=given["text_lang"],
        region=given["region"],
        kind=given["kind"],
        due=given["due"],
        mine=bool(given["mine"]),
        second=bool(given["second"]),
        may=bool(given["may"]),
    )


def read_query(query: str) -> QueueFilter:
    """Return the filter in what was kept of an address, without a position; one that has become impossible is everything."""
    try:
        return replace(read_filter(dict(parse_qsl(query[:500]))), after="")
    except Refusal:
        return QueueFilter()
