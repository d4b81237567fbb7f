"""The figures that everybody may read, made of what was counted: cells, the sums between them, and what is left of both once protected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from forum.discussions.models import Premoderation, Space
from moderation.figures.durations import quantile
from moderation.figures.protecting import LEAST, Cell, Mark, Sum, protect
from moderation.figures.queries import Family, Tallied
from moderation.figures.tallying import ON_TEXTS, PUBLISHING
from moderation.models import TEXTS, Action, CaseKind
from moderation.reasons import OTHER
from moderation.rules.grounds import Ground

NINE_TENTHS = 0.9
FOR_NINE_TENTHS = 2 * LEAST
"""Of fewer decisions than these, nine tenths would be all of them."""
REASON = "reason:"
RECEIVED = (CaseKind.NEW, CaseKind.EDIT, CaseKind.RESUBMISSION)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a hundred decisions came within the service goal; `least` tells that it may be more: how few were late is not told."""

    percent: int
    least: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """The public figures of a space, each family up to the end of a day; `until` is that of the texts, None when there are none yet.

    `cells` are named as in `counted`. `median` and `ninth` are seconds within which half, and nine in ten, of the decisions on texts were
    taken, in steps; None when too few were. `goal_days` are working days.
    """

    days: Mapping[Family, date | None]
    cells: Mapping[str, Cell]
    reasons: list[Ground]
    median: int | None
    ninth: int | None
    goal_days: int
    share: Share | None

    @property
    def until(self) -> date | None:
        return self.days[Family.TEXTS]


SUMS = (
    Sum("removed", ("removed_reported", "removed_otherwise")),
    Sum("reports", ("reports_kept", "removed_reported")),
    Sum("appeals", ("upheld", "overturned")),
    Sum("dealt", ("published", "returned", "rejected")),
    Sum("dealt", tuple(kind.value for kind in RECEIVED)),
)


def figures(space: Space, found: Tallied) -> Figures:
    """Return what everybody may know of the moderation of a space."""
    cells = counted(found)
    timed = ["within", "late"] if unmoderated_is_nothing(space, cells) else ["at_once", "within", "late"]
    if "at_once" not in timed:
        del cells["at_once"]
    reasons = [name for name in cells if name.startswith(REASON)]
    told = protect(cells, [*SUMS, Sum("dealt", timed), Sum("rejected", reasons)])
    steps = {int(detail): n for (name, detail), n in found.counts.items() if name == "waited"}
    taken = sum(steps.values())
    return Figures(
        days=found.until,
        cells=told,
        reasons=found.reasons,
        median=quantile(steps, 0.5) if taken >= LEAST else None,
        ninth=quantile(steps, NINE_TENTHS) if taken >= FOR_NINE_TENTHS else None,
        goal_days=found.goal_days,
        share=_share(told),
    )


def unmoderated_is_nothing(space: Space, cells: Mapping[str, int]) -> bool:
    """Tell whether everybody knows that nothing is published unread here: then the row says nothing, and hides nothing either."""
    return space.premoderation == Premoderation.ALL.value and cells["at_once"] == 0


def counted(found: Tallied) -> dict[str, int]:
    """Return the cells, not protected yet.

    dealt = published + returned + rejected: texts (new, edited, sent again) that were dealt with; what waits is in no figure.
    dealt = new + edit + resubmission: the same as they were received.
    dealt = at_once + within + late: the same by time. rejected = the sum of the reasons. removed = removed_reported + removed_otherwise:
    taken away after publication. reports = reports_kept + removed_reported: decisions on reports. appeals = upheld + overturned.
    """
    decided = {tuple(detail.split(" ")): n for (name, detail), n in found.counts.items() if name == "decided"}

    def on_texts(*actions: Action) -> int:
        return sum(decided.get((kind.value, action.value), 0) for kind in TEXTS for action in actions)

    at_once = sum(n for (name, _), n in found.counts.items() if name == "at_once")
    days = {int(detail): n for (name, detail), n in found.counts.items() if name == "days"}
    removed = sum(n for (_, action), n in decided.items() if action == Action.REMOVE.value)
    reported = decided.get((CaseKind.REPORT.value, Action.REMOVE.value), 0)
    kept = decided.get((CaseKind.REPORT.value, Action.KEEP.value), 0)
    outcomes = {outcome: found.counts.get(("appeal", outcome), 0) for outcome in ("upheld", "overturned")}
    cells = {
        "published": on_texts(*PUBLISHING) + at_once,
        "returned": on_texts(Action.RETURN),
        "rejected": on_texts(Action.REJECT),
        "at_once": at_once,
        "within": sum(n for day, n in days.items() if day <= found.goal_days),
        "late": sum(n for day, n in days.items() if day > found.goal_days),
        "removed": removed,
        "removed_reported": reported,
        "removed_otherwise": removed - reported,
        "reports_kept": kept,
        "reports": kept + reported,
        "appeals": sum(outcomes.values()),
        **outcomes,
    }
    cells["dealt"] = cells["published"] + cells["returned"] + cells["rejected"]
    return cells | _as_received(found, decided) | _by_reason(found)


def _as_received(found: Tallied, decided: Mapping[tuple[str, ...], int]) -> dict[str, int]:
    """Return what was dealt with by what it was when it came in."""
    return {
        kind.value: sum(decided.get((kind.value, action.value), 0) for action in ON_TEXTS)
        + found.counts.get(("at_once", kind.value), 0)
        for kind in RECEIVED
    }


def _by_reason(found: Tallied) -> dict[str, int]:
    """Return the rejections by reason; a code that the space does not list any more is another reason."""
    by_reason = dict.fromkeys((REASON + one.code for one in found.reasons), 0)
    for (name, code), n in found.counts.items():
        if name == Action.REJECT.value:
            by_reason[REASON + code if REASON + code in by_reason else REASON + OTHER] += n
    return by_reason


def _share(told: Mapping[str, Cell]) -> Share | None:
    within, late, dealt, at_once = told["within"], told["late"], told["dealt"], told.get("at_once", 0)
    if not isinstance(within, Mark) and not isinstance(late, Mark):
        return Share(100 * within // (within + late), least=False)
    if late is not Mark.FEW or isinstance(dealt, Mark) or isinstance(at_once, Mark) or dealt - at_once < 2 * LEAST:
        return None
    # All that is known of the late ones, which is no more than the table tells: fewer than five.
    taken = dealt - at_once
    return Share(100 * (taken - LEAST + 1) // taken, least=True)
