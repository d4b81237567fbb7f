"""One scene for all contract tests: who there is, which spaces, and a comment in each state."""

from dataclasses import dataclass, field

from forum.discussions.editing import edit_comment
from forum.discussions.models import Comment, Space, SpaceState, Visibility
from forum.discussions.withdrawing import withdraw_comment
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.people import sessions
from forum.people.models import Entity, EntityKind, Person, SessionKind
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case, Decision
from moderation.queue.filters import QueueFilter
from moderation.queue.saving import keep, kept
from moderation.rules.forms import PhraseForm
from moderation.rules.regulating import write_phrase
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.imposing import impose
from tests.support import world

CANARY = "zq7canary"
ROLES = (
    "anonymous",
    "participant",
    "author",
    "delegate",
    "moderator",
    "elsewhere",
    "secretariat",
    "suspended",
)
HIDDEN = ("held", "returned", "rejected", "retracted")
"""States that no reader may ever learn of; `retracted` is withdrawn before it was published."""
STUBS = ("removed", "withdrawn")


@dataclass
class Scene:
    """People and their tokens by role, spaces by name, ids of the author's comments by state, the held one's case, a phrase.

    `sanction` is a warning to the delegate, `decision` the one that the author may appeal against, `kept` a filter
    of the moderator's.
    """

    people: dict[str, Person] = field(default_factory=dict)
    tokens: dict[str, str | None] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    case: str = ""
    phrase: str = ""
    sanction: str = ""
    decision: str = ""
    kept: str = ""
    entity: Entity | None = None

    async def actor(self, role: str) -> Actor:
        return await world.actor_for(self.people[role])

    async def post(self, body: str, space: str = "here", **options: str | int | None) -> str:
        """Post as the author; the comment is held."""
        author = await self.actor("author")
        return await world.post(author, self.spaces[space], body, **options)  # type: ignore[arg-type]

    async def decide(self, comment_id: str, action: Action) -> None:
        """Let the moderator decide on the comment's newest case."""
        case = await Case.filter(comment_id=comment_id).order_by("-id").first()
        assert case is not None
        form = DecisionForm(
            action=action,
            reason="" if action is Action.PUBLISH else "other",
            reason_text="Please name where the figures are from.",
            version=case.version,
        )
        by = "elsewhere" if case.space_id == self.spaces["elsewhere"].id else "moderator"
        await decide(await self.actor(by), case.id, form)

    async def publish(self, body: str, space: str = "here", **options: str | int | None) -> str:
        """Post as the author and publish."""
        comment_id = await self.post(body, space, **options)
        await self.decide(comment_id, Action.PUBLISH)
        return comment_id

    async def withdraw(self, comment_id: str) -> None:
        comment = await Comment.get(id=comment_id)
        await withdraw_comment(await self.actor("author"), comment_id, comment.version)

    async def edit(self, comment_id: str, body: str) -> None:
        """Edit as the author; the edit of a published comment waits."""
        await edit_comment(await self.actor("author"), comment_id, await world.edit_of(comment_id, body))

    async def comment(self, state: str, space: str = "here") -> str:
        """Post and bring a comment into `state`; the text of each holds the canary and the state."""
        body = f"{CANARY} {state}"
        if state in {"published", *STUBS}:
            comment_id = await self.publish(body, space)
        else:
            comment_id = await self.post(body, space)
        match state:
            case "returned":
                await self.decide(comment_id, Action.RETURN)
            case "rejected":
                await self.decide(comment_id, Action.REJECT)
            case "removed":
                await self.decide(comment_id, Action.REMOVE)
            case "retracted" | "withdrawn":
                await self.withdraw(comment_id)
        return comment_id


async def build() -> Scene:
    """Make the scene in the open database: spaces `here`, `elsewhere`, `inner` (members), `draft`, `closed`; no comments yet."""
    scene = Scene()
    for role in ROLES[1:]:
        scene.people[role] = await world.person(f"The {role}", secretariat=role == "secretariat")
    moderator, other = scene.people["moderator"], scene.people["elsewhere"]
    scene.spaces["here"] = await world.space("here", moderators=[moderator])
    scene.spaces["elsewhere"] = await world.space("elsewhere", moderators=[other])
    scene.spaces["inner"] = await world.space("inner", moderators=[moderator], visibility=Visibility.MEMBERS.value)
    scene.spaces["draft"] = await world.space("draft", moderators=[moderator], state=SpaceState.DRAFT.value)
    scene.spaces["closed"] = await world.space("closed", moderators=[moderator])
    for role in ("author", "delegate"):
        await world.give_role(scene.people[role], scene.spaces["inner"], Role.MEMBER)
    scene.entity = await world.entity("Kenya", EntityKind.STATE, "KEN")
    await world.affiliate(scene.people["author"], scene.entity)
    scene.tokens["anonymous"] = None
    for role, who in scene.people.items():
        scene.tokens[role] = await sessions.open_session(who, SessionKind.API)
    await Person.filter(id=scene.people["suspended"].id).update(suspended_at=clock.now())
    return scene


async def fill(scene: Scene) -> Scene:
    """Add one comment of the author's in each state, an edit that waits, and replies; then close the space `closed`."""
    scene.comments["published"] = await scene.comment("published")
    for state in (*HIDDEN, *STUBS):
        scene.comments[state] = await scene.comment(state)
    scene.case = (await Case.get(comment_id=scene.comments["held"])).id
    warning = {"person": scene.people["delegate"].id, "space": "here", "kind": "warn", "days": 9, "reason": "hate", "text": "No."}
    scene.sanction = (await impose(await scene.actor("moderator"), SanctionForm.model_validate(warning))).id
    scene.comments["edited"] = await scene.publish("first words")
    await scene.edit(scene.comments["edited"], f"{CANARY} pending")
    scene.comments["reply"] = await scene.publish("a reply", parent=scene.comments["published"])
    scene.comments["inner"] = await scene.publish(f"{CANARY} inner", "inner")
    scene.comments["closed"] = await scene.publish("said in time", "closed")
    scene.decision = (await Decision.get(comment_id=scene.comments["rejected"])).id
    phrase = PhraseForm(title={"en": "Thanks"}, text={"en": "Thank you."})
    scene.phrase = (await write_phrase(await scene.actor("moderator"), scene.spaces["here"].id, phrase)).id
    await keep(await scene.actor("moderator"), "appeals", QueueFilter(kind="appeal"))
    [own] = await kept(await scene.actor("moderator"))
    scene.kept = own.id
    await Space.filter(id=scene.spaces["closed"].id).update(state=SpaceState.CLOSED.value)
    return scene
