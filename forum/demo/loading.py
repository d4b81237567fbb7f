"""Load the demonstration once, through the same verbs that people use: posting, moderating, extending."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from forum.demo import desk
from forum.demo.cast import MODERATORS, Cast
from forum.demo.stage import Data, at, read
from forum.discussions import founding, opening
from forum.discussions.editing import edit_comment
from forum.discussions.events import as_secretariat
from forum.discussions.forms import Edit, ExtensionForm, QuestionForm, SpaceForm
from forum.discussions.models import Comment, Space
from forum.kernel import clock
from forum.kernel.actors import Actor, Role
from forum.people import roles
from forum.people.entities import by_code
from moderation.forms import DecisionForm
from moderation.models import Action

Progress = Callable[[int, int, str], None]
OPEN_FOR = timedelta(days=60)
SINCE = timedelta(days=30)


async def load(password: str, progress: Progress) -> bool:
    """Load the demonstration unless it is there; return whether it was loaded.

    `password` opens all demonstration accounts. `progress` is told (done, of, what) as it goes.
    """
    if await Space.filter(slug="rt4-demo").exists():
        return False
    spaces, contributions = read("spaces"), read("contributions")["contributions"]
    cast = Cast(password, spaces["entities"])
    total = len(contributions) + len(spaces["waiting"]) + 4
    progress(0, total, "people")
    await cast.make([one["author"] for one in [*contributions, *spaces["waiting"], spaces["returned"]]])
    progress(1, total, "archive")
    await _archive(cast, spaces["archive"])
    progress(2, total, "space")
    space = await _demo_space(cast, spaces["demo"])
    what = read("desk")
    await desk.rules(cast, space, what)
    posted = await _contributions(cast, space, contributions, lambda done: progress(3 + done, total, "comments"))
    await desk.refusals(cast, space, what, clock.now() - timedelta(days=20))
    # In the order of their hours, which is the order of the queue.
    await desk.waiting(cast, space, what)
    await desk.disputes(cast, space, what, posted)
    await _queue(cast, space, spaces, posted)
    progress(total, total, "done")
    return True


def _form(raw: Data, **more: Any) -> SpaceForm:
    known = {key: value for key, value in raw.items() if key in SpaceForm.model_fields}
    return SpaceForm(**known | more)


async def _found(cast: Cast, raw: Data, ids: list[str], *, is_demo: bool = True, **times: str) -> Space:
    space = await founding.found(cast.secretariat, _form(raw, entities=ids, **times), is_demo=is_demo)
    for number, text in enumerate(raw["questions"], start=1):
        await founding.set_question(cast.secretariat, space.id, QuestionForm(number=number, text=text))
    for moderator in MODERATORS:
        await roles.grant(cast.id_of(moderator), space.id, Role.MODERATOR, cast.secretariat)
    return space


async def _archive(cast: Cast, raw: Data) -> None:
    zone = ZoneInfo(raw["zone"])
    act = as_secretariat(cast.secretariat)

    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=zone)

    with at(local(raw["opens_at"]) - timedelta(days=7)):
        ids = [one.id for code in ("OHCHR", "UNDESA", "UNNM") if (one := await by_code(code))]
        space = await _found(cast, raw, ids, is_demo=False)
    with at(local(raw["opens_at"])):
        await opening.step(space.id, "open", act)
    with at(local(raw["closes_at"]) - timedelta(days=3)):
        reason = ExtensionForm(closes_at=raw["extended_to"], reason=raw["extension_reason"], reason_lang="en")
        await opening.extend(space.id, reason, act)
    with at(local(raw["extended_to"])):
        await opening.step(space.id, "close", act)
    with at(datetime(2022, 6, 7, 12, tzinfo=zone)):
        await opening.step(space.id, "archive", act)


async def _demo_space(cast: Cast, raw: Data) -> Space:
    now = clock.to_minute(clock.now()).replace(minute=0)
    zone = ZoneInfo(raw["zone"])
    opens = (now - SINCE).astimezone(zone).replace(hour=9, tzinfo=None)
    closes = (now + OPEN_FOR).astimezone(zone).replace(hour=23, minute=59, tzinfo=None)
    with at(now - SINCE - timedelta(days=2)):
        space = await _found(
            cast, raw, [cast.capacity_of("Moderator (demo)")], opens_at=opens.isoformat(), closes_at=closes.isoformat()
        )
    with at(now - SINCE):
        await opening.step(space.id, "open", as_secretariat(cast.secretariat))
    return await Space.get(id=space.id)


async def _contributions(cast: Cast, space: Space, contributions: list[Data], progress: Callable[[int], None]) -> dict[str, str]:
    """Post and publish the contributions at their own hours, moved to the last weeks; return comment ids by key."""
    last = max(datetime.fromisoformat(one["at"]) for one in contributions)
    shift = clock.now() - timedelta(days=2) - last
    posted: dict[str, str] = {}
    # A reply needs its parent, and the source has one reply dated before its parent's answer: post in the order given.
    ordered = sorted(contributions, key=lambda one: one["at"])
    done = 0
    while ordered:
        one = next(item for item in ordered if item["parent"] is None or item["parent"] in posted)
        ordered.remove(one)
        moment = datetime.fromisoformat(one["at"]) + shift
        with at(moment):
            posted[one["key"]] = await desk.post(cast, space, one, posted.get(one["parent"] or ""))
        with at(moment + timedelta(hours=2)):
            await desk.settle(cast, posted[one["key"]], DecisionForm(action=Action.PUBLISH, version=1))
        done += 1
        progress(done)
    return posted


async def _queue(cast: Cast, space: Space, spaces: Data, posted: dict[str, str]) -> None:
    """Leave work for the moderators: texts that wait, an edit of a published text, and one returned to its author."""
    for hours, one in enumerate(spaces["waiting"]):
        with at(clock.now() - timedelta(hours=20 - 3 * hours)):
            await desk.post(cast, space, one, posted.get(one["parent"] or ""))
    returned = spaces["returned"]
    with at(clock.now() - timedelta(hours=30)):
        comment_id = await desk.post(cast, space, returned, posted.get(returned["parent"] or ""))
        form = DecisionForm(action=Action.RETURN, reason=returned["reason"], text=returned["words"], text_lang="en", version=1)
        await desk.settle(cast, comment_id, form)
    edited = await Comment.get(id=posted["demo-13"])
    author = Actor(person_id=edited.author_id, name="")
    revision = next(one for one in read("contributions")["contributions"] if one["key"] == "demo-13")
    with at(clock.now() - timedelta(hours=4)):
        text = revision["text"] + "\n\n以上内容为虚构示例。"
        await edit_comment(author, edited.id, Edit(body=text, version=edited.version))
