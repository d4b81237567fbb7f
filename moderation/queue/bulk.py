"""Decide on many cases at once: each in a transaction of its own, so that what fails for one is done for the others."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, field_validator

from forum.discussions.addresses import is_id
from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, NotFound, Problem, Refusal, Unavailable
from forum.kernel.locales import Lang
from forum.people.models import Person
from forum.web.errors import unreachable
from forum.web.shapes import WHOLE, or_empty, or_null
from moderation.cases import load
from moderation.claims import claim, release
from moderation.conflicts import ACTED
from moderation.decisions import check, decide
from moderation.fairness import Matter, needs_second
from moderation.forms import TEXT_LIMIT, UNDO_LIMIT, DecisionForm, reasoned
from moderation.models import Action, Case, CaseKind, CaseState, Proposal
from moderation.policy import possible
from moderation.queries import Decided, Waiting, last_decisions
from moderation.queue.queries import chosen
from moderation.queue.strands import Desk
from moderation.rules.grounds import NONE, resolve
from moderation.rules.settings import settings_of

MOST = 100
"""Cases of one request."""


class BulkAction(StrEnum):
    """What can be done with many cases at once."""

    PUBLISH = "publish"
    RETURN = "return"
    REJECT = "reject"
    KEEP = "keep"
    CLAIM = "claim"
    RELEASE = "release"


CLAIMING = frozenset({BulkAction.CLAIM, BulkAction.RELEASE})


class BulkOutcome(StrEnum):
    """What came of one case: carried out, proposed (it can be undone, or waits for a second moderator), or not done."""

    DONE = "done"
    PROPOSED = "proposed"
    REFUSED = "refused"


class Picked(BaseModel):
    """A case, and the version that was seen of it."""

    id: str = Field(max_length=64)
    version: Annotated[StrictInt, Field(ge=1, le=2**31 - 1), WHOLE]


class BulkForm(BaseModel):
    """One action for many cases, each compare-and-set on the version seen. What else there is means what it means for one decision."""

    model_config = ConfigDict(json_schema_extra=reasoned())

    cases: list[Picked] = Field(min_length=1, max_length=MOST)
    action: BulkAction
    reason: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    text: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    text_lang: Lang | None = Field(default=None, json_schema_extra=or_empty)
    note: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    facts: str = Field(default="", max_length=TEXT_LIMIT, json_schema_extra=or_null)
    undo: Annotated[StrictInt, Field(ge=0, le=UNDO_LIMIT), WHOLE] | None = None

    @field_validator("reason", "text", "note", "facts", mode="before")
    @classmethod
    def _absent(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("text_lang", mode="before")
    @classmethod
    def _no_language(cls, value: object) -> object:
        return None if value == "" else value

    def decision(self, version: int, undo: int | None) -> DecisionForm:
        """Return the decision on one case. Only for what is a decision."""
        said = self.model_dump(include={"reason", "text", "text_lang", "note", "facts"})
        return DecisionForm(action=Action(self.action.value), version=version, undo=undo, **said)


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one case, and why nothing did. `proposal` is what was proposed on it."""

    id: str
    outcome: BulkOutcome
    refusal: Refusal | None = None
    proposal: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would come of one case: `case` as it stands (None for one that is not given to the moderator), and why nothing would."""

    id: str
    case: Waiting | None
    problem: Problem | None
    second: bool = False


async def perform(actor: Actor, form: BulkForm, allow: Callable[[], Awaitable[None]], *, by_settings: bool = False) -> list[Done]:
    """Do it case by case and return what came of each, in their order. Raises Refusal when the form itself cannot be.

    `allow` is asked before each case and may refuse it. With `by_settings` what is decided can be undone for as long as the settings of
    its space say, else for as long as the form says.
    """
    if form.action not in CLAIMING:
        check(form.decision(1, None))
    done: list[Done] = []
    for picked in form.cases:
        try:
            await allow()
            undo = await _undo_seconds(picked.id) if by_settings else form.undo
            done.append(Done(picked.id, await _one(actor, form, picked, undo)))
        except Refusal as refusal:
            done.append(Done(picked.id, BulkOutcome.REFUSED, refusal))
        except Exception as error:
            # What is done is done: the database's going away must not take the report of it with it.
            if not unreachable(error):
                raise
            done.append(Done(picked.id, BulkOutcome.REFUSED, Unavailable("unavailable")))
    return await _with_proposals(done)


async def _undo_seconds(case_id: str) -> int:
    case = await Case.get_or_none(id=case_id)
    return (await settings_of(case.space_id)).undo_seconds if case else 0


async def _one(actor: Actor, form: BulkForm, picked: Picked, undo: int | None) -> BulkOutcome:
    if not is_id(picked.id):
        raise NotFound
    if form.action is BulkAction.CLAIM:
        await claim(actor, picked.id)
        return BulkOutcome.DONE
    case = await load(actor, picked.id)
    if form.action is BulkAction.RELEASE:
        if case.claimed_by_id != actor.person_id:
            raise Refusal("case.not_claimed")
        await release(actor, picked.id)
        return BulkOutcome.DONE
    await _require_unclaimed(actor, case)
    decided = await decide(actor, picked.id, form.decision(picked.version, undo))
    return BulkOutcome.PROPOSED if decided.state == CaseState.OPEN.value else BulkOutcome.DONE


async def _require_unclaimed(actor: Actor, case: Case) -> None:
    """Raise Conflict while another works on the case: one decision may overrule a claim, a hundred at once must not."""
    held = case.state == CaseState.OPEN.value and case.claimed_until is not None and case.claimed_until > clock.now()
    if held and case.claimed_by_id != actor.person_id:
        holder = await Person.get_or_none(id=case.claimed_by_id)
        name = holder.name if holder else ""
        raise Conflict("case.claimed", {"id": case.id, "version": case.version, "claimed_by": name}, name=name)


async def _with_proposals(done: Sequence[Done]) -> list[Done]:
    ids = [one.id for one in done if one.outcome is BulkOutcome.PROPOSED]
    proposals = {one.case_id: one for one in await Proposal.filter(case_id__in=ids)} if ids else {}
    return [Done(one.id, one.outcome, one.refusal, proposals.get(one.id)) for one in done]


async def forecast(desk: Desk, picked: Sequence[Picked], action: BulkAction, reason: str, lang: str) -> list[Forecast]:
    """Return what would come of each case, in their order; nothing is written."""
    ids = [one.id for one in picked if is_id(one.id)]
    found = await chosen(desk, ids, lang)
    decided = await last_decisions(desk.actor, list(found))
    spaces = {case.space_id for case, _ in found.values()}
    rules = {one: (await settings_of(one), (await resolve(one, reason))[0] if reason else NONE) for one in sorted(spaces)}
    told = []
    for one in picked:
        if one.id not in found:
            told.append(Forecast(one.id, None, Problem("not_found")))
            continue
        case, why = found[one.id]
        problem = _problem(desk.actor, case, why, one.version, action) or _misfit(case, decided, action)
        settings, ground = rules[case.space_id]
        matter = Matter(Case(id=case.id), Comment(speaking_for=case.speaking_for), settings)
        second = action not in CLAIMING and needs_second(Action(action.value), matter, ground)
        told.append(Forecast(one.id, case, problem, second and problem is None))
    return told


ALONE = {CaseKind.APPEAL.value: "bulk.appeal", CaseKind.REPORT.value: "bulk.report"}
"""What is said of a case of another kind than the action is for."""


def _problem(actor: Actor, case: Waiting, why: str, version: int, action: BulkAction) -> Problem | None:
    """Return what in the case stands in the way of this moderator."""
    mine = case.claimed_by_id == actor.person_id
    if action is BulkAction.RELEASE:
        return None if mine else Problem("case.not_claimed")
    if case.claimed_by_id and not mine:
        return Problem("case.claimed", {"name": case.claimed_by})
    if action is BulkAction.CLAIM:
        return None
    if why:
        return Problem(why)
    if case.state == CaseState.OPEN.value and case.proposal is not None:
        key = "case.proposed" if case.proposal.needs_second else "case.undoable"
        return Problem(key, {"name": case.proposal.by, "action": ACTED[case.proposal.action]})
    return Problem("case.changed") if case.state == CaseState.OPEN.value and case.version != version else None


def _misfit(case: Waiting, decided: Mapping[str, Decided], action: BulkAction) -> Problem | None:
    """Return why the action does not fit a case, whoever asks."""
    if case.state != CaseState.OPEN.value and action is not BulkAction.RELEASE:
        last = decided.get(case.id)
        return Problem("case.decided", {"name": last.by, "action": ACTED[last.action]}) if last else Problem("case.changed")
    if action in CLAIMING:
        return None
    fits = Action(action.value) in possible(case.kind, case.state, case.comment_state)
    return None if fits else Problem(ALONE.get(case.kind, "case.action"))
