"""A past for a space: texts, decisions, reports and appeals on days gone by, through the same verbs, by a clock that is set."""

import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from forum.discussions.editing import edit_comment
from forum.discussions.flagging import FlagForm, flag_comment
from forum.discussions.flags import FlagReason
from forum.discussions.models import Comment, Space
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from moderation import appealing
from moderation.appealing import AppealForm
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import REASONED, Action, Appeal, Case, CaseKind, CaseState, Decision
from moderation.policy import possible
from tests.moderation.scene import Scene, settle
from tests.support.world import edit_of, post

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""A Wednesday: the present of these tests."""
REASONS = ("hate", "advertising", "unclear", "off-question", "no code of ours")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be `moment` within the block."""
    with clock.running(lambda: moment):
        yield


async def open_for_long(space: Space) -> None:
    """Let the space have been open for the whole past."""
    space.opens_at, space.closes_at = NOON - timedelta(days=300), NOON + timedelta(days=20)
    await space.save()


async def report(actor: Actor, comment_id: str) -> Case:
    """Report a published comment and return the case that is about the report."""
    flag = await flag_comment(actor, comment_id, FlagForm(reason=FlagReason.HATE))
    found = await Case.filter(revision_id=flag.revision_id, kind=CaseKind.REPORT.value).order_by("-id").first()
    assert found is not None
    return found


async def appeal(actor: Actor, comment_id: str) -> Case:
    """Appeal against the last decision on a comment and return the case of the appeal."""
    decision = await Decision.filter(comment_id=comment_id).order_by("-id").first()
    assert decision is not None
    made = await appealing.appeal(actor, decision.id, AppealForm(text="Please look again."))
    return await Case.get(id=made.case_id)


async def days_of(scene: Scene, plan: list[dict[Action, int]], wait: timedelta = timedelta(hours=2)) -> None:
    """Let as many texts as each day says be posted and, after `wait`, decided on; the last day of the plan is yesterday."""
    await open_for_long(scene.hall)
    for back, actions in zip(range(len(plan), 0, -1), plan, strict=True):
        morning = NOON - timedelta(days=back)
        for action, count in actions.items():
            for number in range(count):
                with at(morning + timedelta(seconds=number)):
                    comment_id = await post(scene.asma, scene.hall, f"A text of {morning:%d %B}, {number}, {action}.")
                with at(morning + wait + timedelta(seconds=number)):
                    await settle(scene.mona, comment_id, action, "hate" if action in REASONED else "")


class Walk:
    """Steps of a discussion at random, each some time after the last one. What the rules forbid is left out."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene, self.chance = scene, random.Random(seed)
        self.now = NOON - timedelta(days=40)
        self.done: list[str] = []

    async def go(self, steps: int) -> None:
        """Take the steps; `done` names those that were taken."""
        await open_for_long(self.scene.hall)
        known: list[Callable[[], Awaitable[bool]]] = [self._post, self._post, self._edit, self._withdraw, self._report]
        known += [self._decide, self._decide, self._decide, self._appeal]
        for _ in range(steps):
            self.now += timedelta(minutes=self.chance.choice((1, 7, 50, 300, 1500, 6000)))
            step = self.chance.choice(known)
            with at(self.now):
                try:
                    if await step():
                        self.done.append(step.__name__)
                except Refusal:
                    continue

    async def _any(self, **wanted: object) -> Comment | None:
        found = await Comment.filter(space_id=self.scene.hall.id, **wanted).order_by("received_at")
        return self.chance.choice(found) if found else None

    async def _post(self) -> bool:
        await post(self.scene.asma, self.scene.hall, f"A text at {self.now}.")
        return True

    async def _edit(self) -> bool:
        comment = await self._any()
        if comment is None:
            return False
        await edit_comment(self.scene.asma, comment.id, await edit_of(comment.id, f"Anew at {self.now}."))
        return True

    async def _withdraw(self) -> bool:
        comment = await self._any()
        if comment is None or self.chance.random() < 0.6:
            return False
        await withdraw_comment(self.scene.asma, comment.id, comment.version)
        return True

    async def _report(self) -> bool:
        comment = await self._any(state="published")
        if comment is None:
            return False
        await report(self.scene.omar, comment.id)
        return True

    async def _appeal(self) -> bool:
        comment = await self._any(state__in=("returned", "rejected", "removed"))
        if comment is None or await Appeal.filter(comment_id=comment.id).exists():
            return False
        await appeal(self.scene.asma, comment.id)
        return True

    async def _decide(self) -> bool:
        cases = await Case.filter(space_id=self.scene.hall.id, state__not=CaseState.CLOSED.value).order_by("id")
        for case in self.chance.sample(cases, len(cases)):
            fit = sorted(
                possible(case.kind, case.state, (await Comment.get(id=case.comment_id)).state) - {Action.MOVE, Action.MERGE}
            )
            if fit:
                action = self.chance.choice(fit)
                reason = self.chance.choice(REASONS) if action in REASONED else ""
                form = DecisionForm(action=action, reason=reason, version=case.version)
                await decide(self.chance.choice([self.scene.mona, self.scene.malik]), case.id, form)
                return True
        return False
