"""What the moderators' desk of the demonstration has behind it and before it: reasons with their clauses, phrases, past refusals."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from forum.demo.cast import MODERATORS, Cast
from forum.demo.stage import Data, at
from forum.discussions.flagging import FlagForm, flag_comment
from forum.discussions.flags import FlagReason
from forum.discussions.forms import NewComment
from forum.discussions.models import Comment, Space
from forum.discussions.posting import post_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from moderation.appealing import AppealForm, appeal
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, Decision
from moderation.reasons import OTHER, REASONS
from moderation.rules.forms import PhraseForm, ReasonForm
from moderation.rules.grounds import usual
from moderation.rules.regulating import write_phrase, write_reason
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.imposing import impose
from moderation.sanctions.models import SanctionKind

CLAUSES = ("personal-data", "off-question", "accusation", "hate", "advertising", "duplicate", "unclear")
"""The reasons in the order in which the policy of the demonstration lists them."""


async def rules(cast: Cast, space: Space, desk: Data) -> None:
    """Tie each reason to its clause of the demonstration's policy, which lists them in the same order, and write the phrases."""
    for place, reason in enumerate(REASONS):
        own = usual(reason)
        clause = "" if own.code == OTHER else str(CLAUSES.index(own.code) + 1)
        form = ReasonForm(code=own.code, clause=clause, name=dict(own.name), text=dict(own.text), place=place)
        await write_reason(cast.secretariat, space.id, form)
    for place, phrase in enumerate(desk["phrases"]):
        await write_phrase(cast.secretariat, space.id, PhraseForm(**phrase, place=place))


async def refusals(cast: Cast, space: Space, desk: Data, since: datetime) -> None:
    """Post and refuse the texts that give the figures of the space something to count, one a day from `since`."""
    for day, one in enumerate(desk["refused"]):
        moment = since + timedelta(days=day, hours=day % 7)
        with at(moment):
            comment_id = await post(cast, space, one)
        with at(moment + timedelta(hours=3 + 5 * (day % 5))):
            await settle(cast, comment_id, DecisionForm(action=Action(one["action"]), reason=one["reason"], version=1))


async def waiting(cast: Cast, space: Space, desk: Data) -> None:
    """Leave a refusal of a State's statement that waits for a second moderator."""
    one = desk["proposed"]
    with at(clock.now() - timedelta(hours=26)):
        comment_id = await post(cast, space, one)
        form = DecisionForm(
            action=Action.REJECT, reason=one["reason"], facts=one["facts"], text=one["words"], text_lang="en", version=1
        )
        await settle(cast, comment_id, form)


async def disputes(cast: Cast, space: Space, desk: Data, posted: Mapping[str, str]) -> None:
    """Leave an appeal and a report for the moderators, and a warning that somebody was given."""
    now = clock.now()
    await _appeal(cast, space, desk["appealed"], now)
    reported = desk["reported"]
    with at(now - timedelta(hours=22)):
        form = FlagForm(reason=FlagReason(reported["reason"]), text=reported["words"], lang="en")
        await flag_comment(cast.actor("Participant (demo)"), posted[reported["key"]], form)
    measured = desk["measured"]
    with at(now - timedelta(days=2)):
        warning = SanctionForm(
            person=cast.id_of(measured["author"]),
            space=space.slug,
            kind=SanctionKind(measured["kind"]),
            days=30,
            reason=measured["reason"],
            text=measured["words"],
            text_lang="en",
        )
        await impose(cast.moderator(space_id=space.id, other_than=""), warning)


async def _appeal(cast: Cast, space: Space, one: Data, now: datetime) -> None:
    with at(now - timedelta(days=3)):
        comment_id = await post(cast, space, one)
    with at(now - timedelta(days=3, hours=-5)):
        form = DecisionForm(
            action=Action.RETURN, reason=one["reason"], facts=one["facts"], text=one["words"], text_lang="en", version=1
        )
        # The second moderator decides, so that the first one of the accounts that are printed may judge the appeal.
        await settle(cast, comment_id, form, leaving_out=cast.id_of(MODERATORS[0]))
    with at(now - timedelta(hours=26)):
        decision = await Decision.get(comment_id=comment_id)
        await appeal(cast.actor(one["author"]), decision.id, AppealForm(text=one["appeal"], lang=one["lang"]))


async def post(cast: Cast, space: Space, one: Data, parent: str | None = None) -> str:
    """Post a text as its author and return the comment's id."""
    form = NewComment(
        question=one["question"], parent=parent, body=one["text"], lang=one["lang"], capacity=cast.capacity_of(one["author"])
    )
    return (await post_comment(cast.actor(one["author"]), space, form)).comment_id


async def settle(cast: Cast, comment_id: str, form: DecisionForm, leaving_out: str = "") -> Actor:
    """Decide on the newest case of a comment as a moderator who may, and return that moderator."""
    case = await Case.filter(comment_id=comment_id).order_by("-id").first()
    assert case is not None
    comment = await Comment.get(id=comment_id)
    moderator = cast.moderator(space_id=case.space_id, other_than=leaving_out or comment.author_id)
    await decide(moderator, case.id, form.model_copy(update={"version": case.version}))
    return moderator
