"""Every path of a comment, walked to the end: none leads from submitted to not visible without a reason, and a fact to notify by.

The walk knows no table of the moderators'. From each situation that is unlike all before it, it tries every step that anybody could take:
the author's, a reader's, and each decision there is on each case, at once or with time to undo it.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from forum.db.reading import rows
from forum.discussions.editing import edit_comment
from forum.discussions.models import Comment, Revision
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.kernel.events import Fact
from forum.kernel.locales import LANGS
from moderation.appealing import AppealForm, appeal
from moderation.contributions.queries import history_of
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import REASONED, REFUSING, Action, Appeal, Case, CaseState, Decision, Proposal
from moderation.outcomes import outcome_of
from moderation.proposing import carry_out
from moderation.reports.queries import made_by
from moderation.views.statement import statement_of
from tests.moderation import scene as scenes
from tests.moderation.past import at
from tests.moderation.reports.saying import reader, report
from tests.moderation.scene import Scene
from tests.support.world import actor_for, edit_of, give_role, person

DEPTH = 3
"""Steps of the longest paths after the text was sent, such as reject, appeal, overturn. Four find the same and take six times as long."""
DESK = 5
"""Moderators: whoever has touched a comment leaves its appeals to others."""
REFUSED = frozenset({"returned", "rejected", "removed"})
HIDES = " hides"
Path = tuple[str, ...]


@dataclass
class Walker:
    """One comment, its author, its moderators, and the reader who reports it."""

    author: Actor
    desk: list[Actor]
    reader: Actor
    comment_id: str

    def steps(self) -> Iterator[tuple[str, Callable[[], Awaitable[object]]]]:
        """Yield every step by name; most of them are refused where they do not fit."""
        yield "edit", self._edit
        yield "withdraw", self._withdraw
        yield "appeal", self._appeal
        yield "report", lambda: report(self.reader, self.comment_id)
        yield "time", self._time
        for kind in ("new", "edit", "resubmission", "report", "appeal"):
            for action in set(Action) - {Action.MOVE, Action.MERGE}:
                yield f"{action} {kind}", partial(self._decide, kind, action)
            yield f"reject {kind} soon", partial(self._decide, kind, Action.REJECT, 15)

    async def take(self, name: str) -> None:
        """Take the step of this name. Raises Refusal where it does not fit."""
        await dict(self.steps())[name]()

    async def _edit(self) -> None:
        await edit_comment(self.author, self.comment_id, await edit_of(self.comment_id, "Other words."))

    async def _withdraw(self) -> None:
        await withdraw_comment(self.author, self.comment_id, (await Comment.get(id=self.comment_id)).version)

    async def _appeal(self) -> None:
        last = await Decision.filter(comment_id=self.comment_id, action__in=list(REFUSING)).order_by("-id").first()
        if last is None:
            raise Refusal("appeal.none")
        await appeal(self.author, last.id, AppealForm(text="Please look again."))

    async def _time(self) -> None:
        found = await Proposal.filter(case_id__in=[one.id for one in await Case.filter(comment_id=self.comment_id)]).first()
        with at(clock.now() + timedelta(seconds=30)):
            if found is None or not await carry_out(found.case_id):
                raise Refusal("case.nothing_proposed")

    async def _decide(self, kind: str, action: Action, undo: int = 0) -> None:
        case = await Case.filter(comment_id=self.comment_id, kind=kind).order_by("-id").first()
        if case is None:
            raise Refusal("case.action")
        reason = "hate" if action in REASONED else ""
        form = DecisionForm(action=action, reason=reason, version=case.version, undo=undo)
        refusal: Refusal | None = None
        for moderator in self.desk:
            try:
                await decide(moderator, case.id, form)
            except Refusal as refused:
                refusal = refused
            else:
                return
        assert refusal is not None
        raise refusal


async def situation_of(comment_id: str) -> tuple[object, ...]:
    """Return what a situation is to the walk: two that are alike here lead to the same places."""
    comment = await Comment.get(id=comment_id)
    revisions = await Revision.filter(id__in=[one for one in (comment.shown_id, comment.pending_id) if one])
    cases = await Case.filter(comment_id=comment_id)
    return (
        comment.state,
        sorted((one.id == comment.pending_id, one.state) for one in revisions),
        sorted({(one.kind, one.state) for one in cases}),
        sorted(one.outcome for one in await Appeal.filter(comment_id=comment_id)),
        [one.action async for one in Proposal.filter(case_id__in=[case.id for case in cases])],
    )


async def hidden_of(comment_id: str) -> frozenset[tuple[str, str]]:
    """Return what of a comment moderators keep from readers now: (revision, state)."""
    comment = await Comment.get(id=comment_id)
    found = {(comment.shown_id, comment.state)} if comment.state in REFUSED else set()
    pending = await Revision.get_or_none(id=comment.pending_id) if comment.pending_id else None
    return frozenset(found | ({(pending.id, pending.state)} if pending and pending.state in REFUSED else set()))


async def explained(walker: Walker, told: list[Fact], path: Path) -> None:
    """Check that what has just been hidden was hidden by one decision, with a reason that its author reads and is notified of."""
    decided = [one for one in told if one.kind == "case.decided"]
    assert len(decided) == 1, path
    assert decided[0] == told[-1], path
    fact = decided[0]
    assert {"case", "kind", "action", "reason", "revision", "waited"} <= fact.data.keys(), path
    assert (fact.subject, fact.log, bool(fact.actor_id)) == (
        walker.comment_id,
        (await Comment.get(id=walker.comment_id)).space_id,
        True,
    )
    made = await Decision.get(id=str(fact.data["decision"]))
    assert made.action in REFUSING, path
    assert made.reason == fact.data["reason"] != "", path
    assert json.loads(made.reason_text).keys() == set(LANGS), path
    assert made.appeal_until is not None, path
    history = await history_of(walker.author, walker.comment_id, "en")
    last = history.decisions[-1]
    assert last.id == made.id, path
    assert history.hindrances[last.id] == "", path
    assert statement_of(last, None, "") is not None, path


async def counted() -> dict[tuple[str, str, str], int]:
    """Return how many cases wait by space, language and kind, as the writes have kept count."""
    found = await rows(
        "SELECT space_id, lang, kind, SUM(n) AS n FROM case_counts GROUP BY space_id, lang, kind HAVING SUM(n) <> 0"
    )
    return {(one["space_id"], one["lang"], one["kind"]): int(one["n"]) for one in found}


async def recounted() -> dict[tuple[str, str, str], int]:
    """Return the same, counted."""
    found = await rows("SELECT space_id, lang, kind, COUNT(*) AS n FROM cases WHERE state = 'open' GROUP BY space_id, lang, kind")
    return {(one["space_id"], one["lang"], one["kind"]): int(one["n"]) for one in found}


async def nothing_is_lost(walker: Walker, path: Path) -> None:
    """Check that what waits has an open case, and that what has been said against something waits, or has come to something."""
    comment = await Comment.get(id=walker.comment_id)
    waiting = {one.kind for one in await Case.filter(comment_id=comment.id, state=CaseState.OPEN.value)}
    pending = await Revision.get_or_none(id=comment.pending_id) if comment.pending_id else None
    if comment.state == "held" or (pending is not None and pending.state == "held"):
        assert waiting & {"new", "edit", "resubmission"}, path
    assert await counted() == await recounted(), path
    open_appeals = [one for one in await Appeal.filter(comment_id=comment.id) if not one.outcome]
    assert len(open_appeals) == ("appeal" in waiting), path
    reported = [outcome_of(one) for one in await made_by(walker.reader) if one.comment_id == comment.id]
    assert ("waiting" in reported) == ("report" in waiting), path


async def walked(scene: Scene, desk: list[Actor], rita: Actor, path: Path, facts: list[Fact]) -> AsyncIterator[tuple[Path, str]]:
    """Take every step that fits after `path`, check where it leads, and yield the longer path with its situation."""

    async def afresh() -> Walker:
        walker = Walker(scene.asma, desk, rita, await scenes.held(scene))
        for step in path:
            await walker.take(step)
        return walker

    walker = await afresh()
    for name in [name for name, _ in walker.steps()]:
        before, told = await hidden_of(walker.comment_id), len(facts)
        try:
            await walker.take(name)
        except Refusal:
            continue  # and nothing has changed: the next step can be tried from here
        new, hides = (*path, name), ""
        if await hidden_of(walker.comment_id) - before:
            await explained(walker, facts[told:], new)
            hides = HIDES
        await nothing_is_lost(walker, new)
        yield new, repr(await situation_of(walker.comment_id)) + hides
        walker = await afresh()


async def test_no_path_leads_out_of_sight_without_a_reason(scene: Scene, facts: list[Fact]) -> None:
    desk = [scene.mona, scene.malik]
    for number in range(DESK - len(desk)):
        who = await person(f"Moderator {number}")
        await give_role(who, scene.hall)
        desk.append(await actor_for(who))
    rita = await reader("Rita")
    known: dict[str, Path] = {}
    hidings: set[str] = set()
    ends: list[Path] = [()]
    while ends:
        longer: list[Path] = []
        for path in ends:
            async for new, key in walked(scene, desk, rita, path, facts):
                hidings.update(new[-1:] if key.endswith(HIDES) else ())
                if key not in known:
                    known[key] = new
                    longer += [new] if len(new) < DEPTH else []
        ends = longer
    states = {key.split("'")[1] for key in known}
    assert states == {"held", "returned", "rejected", "published", "removed", "withdrawn"}
    assert {
        "return new",
        "reject new",
        "remove new",
        "return edit",
        "reject edit",
        "remove edit",
        "remove report",
        "time",
    } <= hidings
    assert any(path[-1] == "overturn appeal" for path in known.values())
