"""One open, premoderated space with three questions, and who meets there: the set-up of the tests of the verbs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forum.discussions.editing import edit_comment
from forum.discussions.forms import NewComment
from forum.discussions.models import Comment, Premoderation, Question, Revision, Space
from forum.discussions.posting import Posted, post_comment
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.kernel.events import Fact
from forum.people.models import Person
from forum.record.chain import verify
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case
from tests.support import world


@dataclass
class Hall:
    """The space, the actors, and what was told since it was opened."""

    space: Space
    author: Actor
    other: Actor
    moderator: Actor
    told: list[Fact]

    async def post(self, body: str = "Words.", by: Actor | None = None, key: str | None = None, **values: Any) -> Posted:
        """Post as the author, or somebody else, with these values of the form."""
        form = NewComment.model_validate({"question": 1, "body": body, "lang": "en"} | values)
        return await post_comment(by or self.author, self.space, form, key)

    async def held(self, body: str = "Words.", **values: Any) -> str:
        """Post as the author and return the id of the held comment."""
        return (await self.post(body, **values)).comment_id

    async def published(self, body: str = "Words.", **values: Any) -> str:
        """Post and publish, and return the id."""
        comment_id = await self.held(body, **values)
        await self.decide(comment_id, Action.PUBLISH)
        return comment_id

    async def decide(self, comment_id: str, action: Action) -> None:
        """Let the moderator decide on the newest case of the comment."""
        case = await Case.filter(comment_id=comment_id).order_by("-id").first()
        assert case is not None
        reason = "" if action is Action.PUBLISH else "other"
        await decide(
            self.moderator,
            case.id,
            DecisionForm(action=action, reason=reason, text="Please name your source.", version=case.version),
        )

    async def edit(self, comment_id: str, body: str = "Other words.", by: Actor | None = None) -> str:
        """Edit as the author against the present version and return the state."""
        return await edit_comment(by or self.author, comment_id, await world.edit_of(comment_id, body))

    async def withdraw(self, comment_id: str, by: Actor | None = None) -> None:
        """Withdraw as the author, the present version."""
        await withdraw_comment(by or self.author, comment_id, (await Comment.get(id=comment_id)).version)

    async def comment(self, state: str) -> str:
        """Return a comment of the author's in this state; "retracted" is withdrawn before it was published."""
        known = state in {"published", "removed", "withdrawn"}
        comment_id = await (self.published(state) if known else self.held(state))
        actions = {"returned": Action.RETURN, "rejected": Action.REJECT, "removed": Action.REMOVE}
        if state in actions:
            await self.decide(comment_id, actions[state])
        if state in {"withdrawn", "retracted"}:
            await self.withdraw(comment_id)
        self.told.clear()
        return comment_id

    async def change(self, **values: Any) -> None:
        """Change columns of the space, as nobody could while it is open."""
        await Space.filter(id=self.space.id).update(**values)
        self.space = await Space.get(id=self.space.id)

    async def question(self, number: int = 1) -> Question:
        return await Question.get(space_id=self.space.id, number=number)

    def kinds(self) -> list[str]:
        """Kinds of what was told, without the cases."""
        return [fact.kind for fact in self.told if not fact.kind.startswith("case.")]

    async def in_order(self) -> bool:
        return (await verify(self.space.id)).ok


@asynccontextmanager
async def open_hall(folder: Path, premoderation: Premoderation = Premoderation.ALL, url: str = "") -> AsyncIterator[Hall]:
    """Open a database, that at `url` if given, with a hall in it; the names of the people are Author, Other and Moderator."""
    async with world.database(folder, url=url) as told:
        people: dict[str, Person] = {name: await world.person(name) for name in ("Author", "Other", "Moderator")}
        space = await world.space("hall", premoderation=premoderation, moderators=[people["Moderator"]])
        author, other, moderator = [await world.actor_for(people[name]) for name in ("Author", "Other", "Moderator")]
        yield Hall(space, author, other, moderator, told)


def said(refusal: Refusal) -> str:
    """Return field and key of a refusal."""
    return ", ".join(f"{field}: {problem.key}" for field, problem in refusal.fields.items()) or refusal.key


async def texts(comment_id: str) -> list[tuple[int, str, str]]:
    """Return number, state and source of the revisions of a comment, in order."""
    return [(one.number, one.state, one.source) for one in await Revision.filter(comment_id=comment_id).order_by("number")]
