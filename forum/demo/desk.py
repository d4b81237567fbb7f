"""What the moderators' desk of the demonstration has behind it and before it: reasons with their clauses, phrases, past refusals."""

import json
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from forum.demo.cast import Cast
from forum.discussions.forms import NewComment
from forum.discussions.models import Comment, Space
from forum.discussions.posting import post_comment
from forum.kernel import clock
from forum.kernel.actors import Actor
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case
from moderation.reasons import REASONS
from moderation.rules.forms import PhraseForm, ReasonForm
from moderation.rules.grounds import OTHER, usual
from moderation.rules.regulating import write_phrase, write_reason

Data = dict[str, Any]


def data() -> Data:
    """Return what the desk's demonstration is made of."""
    loaded: Data = json.loads(files("forum.demo").joinpath("data/desk.json").read_text("utf-8"))
    return loaded


async def rules(cast: Cast, space: Space, desk: Data) -> None:
    """Tie each reason to its clause of the demonstration's policy, which lists them in the same order, and write the phrases."""
    for place, reason in enumerate(REASONS):
        own = usual(reason)
        clause = "" if own.code == OTHER else str(CLAUSES.index(own.code) + 1)
        form = ReasonForm(code=own.code, clause=clause, name=dict(own.name), text=dict(own.text), place=place)
        await write_reason(cast.secretariat, space.id, form)
    for place, phrase in enumerate(desk["phrases"]):
        await write_phrase(cast.secretariat, space.id, PhraseForm(**phrase, place=place))


CLAUSES = ("personal-data", "off-question", "accusation", "hate", "advertising", "duplicate", "unclear")
"""The reasons in the order in which the policy of the demonstration lists them."""


async def refusals(cast: Cast, space: Space, desk: Data, since: datetime) -> None:
    """Post and refuse the texts that give the figures of the space something to count, one a day from `since`."""
    for day, one in enumerate(desk["refused"]):
        moment = since + timedelta(days=day, hours=day % 7)
        with clock.running(lambda moment=moment: moment):  # type: ignore[misc]
            comment_id = await post(cast, space, one)
        later = moment + timedelta(hours=3 + 5 * (day % 5))
        with clock.running(lambda later=later: later):  # type: ignore[misc]
            await settle(cast, comment_id, DecisionForm(action=Action(one["action"]), reason=one["reason"], version=1))


async def waiting(cast: Cast, space: Space, desk: Data) -> None:
    """Leave a refusal of a State's statement that waits for a second moderator."""
    one = desk["proposed"]
    with clock.running(_hours_ago(26)):
        comment_id = await post(cast, space, one)
        form = DecisionForm(
            action=Action.REJECT, reason=one["reason"], facts=one["facts"], text=one["words"], text_lang="en", version=1
        )
        await settle(cast, comment_id, form)


def _hours_ago(hours: float) -> Any:
    moment = clock.now() - timedelta(hours=hours)
    return lambda: moment


async def post(cast: Cast, space: Space, one: Data, parent: str | None = None) -> str:
    """Post a text as its author and return the comment's id."""
    form = NewComment(
        question=one["question"], parent=parent, body=one["text"], lang=one["lang"], capacity=cast.capacity_of(one["author"])
    )
    return (await post_comment(cast.actor(one["author"]), space, form)).comment_id


async def settle(cast: Cast, comment_id: str, form: DecisionForm) -> Actor:
    """Decide on the newest case of a comment as a moderator who may, and return that moderator."""
    case = await Case.filter(comment_id=comment_id).order_by("-id").first()
    assert case is not None
    comment = await Comment.get(id=comment_id)
    moderator = cast.moderator(space_id=case.space_id, other_than=comment.author_id)
    await decide(moderator, case.id, form.model_copy(update={"version": case.version}))
    return moderator
