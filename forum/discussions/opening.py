"""The life of a space: announced, opened, extended, closed, summarised, archived; by the secretariat or by the clock."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from forum.db.reading import row
from forum.db.work import Work, begin
from forum.discussions import queries
from forum.discussions.events import SYSTEM, Act, tell
from forum.discussions.forms import ExtensionForm
from forum.discussions.models import Deadline, Question, Space, SpaceState
from forum.discussions.times import parse_time
from forum.kernel import clock
from forum.kernel.clock import rfc3339
from forum.kernel.errors import NotFound, Problem, Refusal, invalid
from forum.kernel.messages import N_, Msg
from forum.record.appending import lock

log = logging.getLogger(__name__)

STEPS: dict[str, tuple[frozenset[SpaceState], SpaceState, str]] = {
    "announce": (frozenset({SpaceState.DRAFT}), SpaceState.ANNOUNCED, "space.announced"),
    "open": (frozenset({SpaceState.DRAFT, SpaceState.ANNOUNCED}), SpaceState.OPEN, "space.opened"),
    "close": (frozenset({SpaceState.OPEN}), SpaceState.CLOSED, "space.closed"),
    "summarise": (frozenset({SpaceState.CLOSED}), SpaceState.SUMMARISED, "space.summarised"),
    "archive": (frozenset({SpaceState.CLOSED, SpaceState.SUMMARISED}), SpaceState.ARCHIVED, "space.archived"),
}
"""Each step: from which states, to which, and the kind of fact that tells of it."""

STATE_NAMES = {
    SpaceState.DRAFT.value: N_("Draft"),
    SpaceState.ANNOUNCED.value: N_("Announced"),
    SpaceState.OPEN.value: N_("Open"),
    SpaceState.CLOSED.value: N_("Closed"),
    SpaceState.SUMMARISED.value: N_("Summarised"),
    SpaceState.ARCHIVED.value: N_("Archived"),
}

_Check = Callable[[Space], Awaitable[bool]]


async def _has_questions(space: Space) -> bool:
    return await Question.filter(space_id=space.id).exists()


async def _has_moderators(space: Space) -> bool:
    sql = "SELECT 1 AS x FROM space_roles WHERE space_id = ? AND role IN ('moderator', 'facilitator') LIMIT 1"
    return await row(sql, [space.id]) is not None


async def _has_title(space: Space) -> bool:
    return any(space.title.values())


async def _has_policy(space: Space) -> bool:
    return any(space.policy.values())


async def _has_mode(space: Space) -> bool:
    return space.premoderation is not None


async def _has_languages(space: Space) -> bool:
    return bool(space.languages)


async def _has_times(space: Space) -> bool:
    return space.opens_at is not None and space.closes_at is not None


NEEDED: tuple[tuple[str, _Check], ...] = (
    (N_("a title"), _has_title),
    (N_("guiding questions"), _has_questions),
    (N_("moderators"), _has_moderators),
    (N_("a moderation policy"), _has_policy),
    (N_("the pre-moderation mode"), _has_mode),
    (N_("the languages accepted"), _has_languages),
    (N_("opening and closing times"), _has_times),
)


async def missing(space: Space) -> list[str]:
    """Return what a space still lacks before it can be announced or opened, as message ids."""
    return [name for name, check in NEEDED if not await check(space)]


async def _locked(work: Work, space_id: str) -> Space:
    await lock(work, space_id)
    space = await Space.get_or_none(id=space_id)
    if space is None:
        raise NotFound
    return space


async def step(space_id: str, name: str, act: Act) -> Space:
    """Take a space one step on and return it.

    Raises Refusal `space.state` when the step does not fit its state, `space.missing` naming what it lacks, KeyError for no such step.
    """
    before, after, kind = STEPS[name]
    async with begin() as work:
        space = await _locked(work, space_id)
        if SpaceState(space.state) not in before:
            raise Refusal("space.state", state=Msg(STATE_NAMES[space.state]))
        if after in {SpaceState.ANNOUNCED, SpaceState.OPEN} and (lacks := await missing(space)):
            raise Refusal("space.missing", missing=[Msg(name) for name in lacks])
        now = clock.now()
        if after in {SpaceState.ANNOUNCED, SpaceState.OPEN} and space.closes_at is not None and space.closes_at <= now:
            raise Refusal("space.over")
        old, space.state = space.state, after.value
        space.version += 1
        await space.save(update_fields=["state", "version"])
        await tell(work, kind, space.id, act, space.id, before=old, after=space.state)
        return space


async def extend(space_id: str, form: ExtensionForm, act: Act) -> Space:
    """Move the deadline of an announced or open space later, for a reason; the old one stays on record.

    Raises Refusal when the new time is not later or the space is in another state.
    """
    async with begin() as work:
        space = await _locked(work, space_id)
        if space.state not in {SpaceState.ANNOUNCED.value, SpaceState.OPEN.value} or space.closes_at is None:
            raise Refusal("space.state", state=Msg(STATE_NAMES[space.state]))
        moved = parse_time(form.closes_at, space.zone, "closes_at")
        if moved is None or moved <= max(space.closes_at, clock.now()):
            raise invalid(closes_at=Problem("space.extend_later"))
        old, space.closes_at = space.closes_at, moved
        space.version += 1
        await Deadline.create(
            space_id=space.id,
            before=old,
            closes_at=moved,
            zone=space.zone,
            reason=form.reason.strip(),
            reason_lang=form.reason_lang,
            set_at=clock.now(),
            set_by_id=act.actor.person_id,
        )
        await space.save(update_fields=["closes_at", "version"])
        told = {"before": rfc3339(old), "after": rfc3339(moved), "zone": space.zone}
        await tell(work, "space.extended", space.id, act, space.id, reason=form.reason.strip(), **told)
        return space


async def tick(now: datetime | None = None) -> int:
    """Do what is due by the clock and return how many transitions were made.

    A space that lacks something stays announced: the secretariat's page says what is missing.
    """
    made = 0
    for space_id, name in await queries.due(now or clock.now()):
        try:
            await step(space_id, name, SYSTEM)
            made += 1
        except Refusal as refusal:
            log.warning("a due transition was refused", extra={"space": space_id, "step": name, "why": refusal.key})
    return made
