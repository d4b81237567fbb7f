"""No silent moderation: the author of a comment is told of every decision, of each once, and of nothing else."""

import asyncio
import json

import pytest

from forum.db.work import begin
from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Capacity
from forum.kernel.events import Fact
from forum.kernel.locales import LANGS
from forum.notices import queries
from forum.notices.letter import compose
from forum.notices.mail_server import parse_sender
from forum.notices.models import Notice
from forum.notices.sources import Recipient
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Decision
from moderation.notices.to_authors import tell_decision
from moderation.noticing import KINDS
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene, Situation, case_of, settle
from tests.support.world import post

PUBLISHED, RETURNED, REMOVED = "decision.published", "decision.returned", "decision.removed"

TABLE: list[tuple[str, Situation, list[str]]] = [
    ("what waits has told nobody of anything", scenes.held, []),
    ("a publication is told", scenes.published, [PUBLISHED]),
    ("a return is told", scenes.returned, [RETURNED]),
    ("a rejection is told", scenes.rejected, ["decision.rejected"]),
    ("a removal is told", scenes.removed, [PUBLISHED, REMOVED]),
    ("a text sent again is not yet decided on", scenes.resubmitted, [RETURNED]),
    ("an edit is not yet decided on", scenes.edited, [PUBLISHED]),
    ("the return of an edit is told as one", scenes.edit_returned, [PUBLISHED, "edit.returned"]),
    ("nobody is told of what they took back themselves", scenes.retracted, []),
    ("nor of what they withdrew themselves", scenes.withdrawn, [PUBLISHED]),
]


async def kinds_of(comment_id: str) -> list[str]:
    return [row.kind for row in await Notice.filter(comment_id=comment_id).order_by("id")]


@pytest.mark.parametrize(("what", "situation", "kinds"), TABLE, ids=[row[0] for row in TABLE])
async def test_what_the_author_is_told(scene: Scene, what: str, situation: Situation, kinds: list[str]) -> None:
    comment_id = await situation(scene)
    rows = await Notice.filter(comment_id=comment_id).order_by("id")
    assert [row.kind for row in rows] == kinds
    assert len(rows) == await Decision.filter(comment_id=comment_id).count()
    assert {row.person_id for row in rows} <= {scene.asma.person_id}
    assert {row.url for row in rows} <= {f"/contributions/{comment_id}"}


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (Action.PUBLISH, "edit.published"),
        (Action.RETURN, "edit.returned"),
        (Action.REJECT, "edit.rejected"),
        (Action.REMOVE, REMOVED),
    ],
)
async def test_a_decision_on_an_edit(scene: Scene, action: Action, told: str) -> None:
    comment_id = await scenes.edited(scene)
    await settle(scene.mona, comment_id, action)
    assert await kinds_of(comment_id) == [PUBLISHED, told]


@pytest.mark.parametrize(
    ("action", "kind", "told"),
    [
        ("restore", "new", "decision.restored"),
        ("keep", "report", "decision.kept"),
        ("remove", "report", REMOVED),
        ("move", "new", "decision.moved"),
        ("merge", "edit", "decision.moved"),
        ("publish", "edit", "edit.published"),
        ("publish", "resubmission", PUBLISHED),
        ("uphold", "appeal", None),
        ("overturn", "appeal", None),
    ],
)
async def test_the_fact_alone_says_what_is_told(scene: Scene, action: str, kind: str, told: str | None) -> None:
    """What becomes of an appeal is told by the appeal, to whoever appealed."""
    comment_id = await scenes.held(scene)
    data = {"case": "c" * 32, "kind": kind, "action": action, "reason": "", "revision": "r" * 32, "waited": 60}
    fact = Fact(
        kind="case.decided",
        log=scene.hall.id,
        at=clock.now(),
        capacity=Capacity.MODERATOR,
        subject=comment_id,
        data=data,  # type: ignore[arg-type]
        seq=9,
    )
    for _ in range(2):  # and once, however often it is heard
        async with begin() as work:
            await tell_decision(work, fact)
    assert await kinds_of(comment_id) == ([told] if told else [])


async def test_of_twenty_decisions_at_once_one_is_told(scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    case = await case_of(comment_id)
    form = DecisionForm(action=Action.PUBLISH, version=case.version)
    await asyncio.gather(*(decide(scene.mona, case.id, form) for _ in range(20)), return_exceptions=True)
    assert await kinds_of(comment_id) == [PUBLISHED]


async def test_a_decision_that_fails_tells_nobody(scene: Scene) -> None:
    comment_id = await scenes.held(scene)
    with pytest.raises(Exception, match="case"):
        await settle(scene.mona, comment_id, Action.REMOVE)
    assert await kinds_of(comment_id) == []


async def test_nobodys_words_and_no_moderators_name_are_told(scene: Scene) -> None:
    """A canary in the text, in the words to the author and in the note: neither the row nor a page nor a mail has it."""
    comment_id = await post(scene.asma, scene.hall, "CANARY text.")
    await settle(scene.mona, comment_id, Action.RETURN, "CANARY reason", text="CANARY words.", note="CANARY note.")
    [row] = await Notice.filter(comment_id=comment_id)
    said = [json.dumps({name: getattr(row, name) for name in row._meta.fields}, default=str)]
    about = await queries.subjects_of([row])
    for lang in LANGS:
        [shown] = (await queries.page(str(scene.asma.person_id), queries.Wanted(), lang)).items
        mail = compose(row, Recipient("a@b.org", lang), about[row.id], parse_sender("x@y.org"), "https://forum.test")
        said += [repr(shown), str(mail), mail.get_content()]
    assert not [one for one in said if "CANARY" in one or "Mona" in one]
    assert all(str(scene.mona.person_id) not in one for one in said)


def test_every_kind_has_words_of_its_own() -> None:
    titles = [kind.title for kind in KINDS.values()]
    sentences = [kind.sentence for kind in KINDS.values()]
    assert len(set(titles)) == len(titles)
    assert len(set(sentences)) == len(sentences)
    assert all(len(name) <= 40 for name in KINDS)


async def test_a_symbol_is_named_once_it_has_been_public(scene: Scene) -> None:
    held, published, removed = await scenes.returned(scene), await scenes.published(scene), await scenes.removed(scene)
    rows = await Notice.filter(comment_id__in=[held, published, removed])
    about = await queries.subjects_of(rows)
    symbols = {row.comment_id: (about[row.id].symbol, about[row.id].is_public) for row in rows}
    shown = {one.id: one.symbol for one in await Comment.filter(id__in=[published, removed])}
    assert symbols == {held: ("", False), published: (shown[published], True), removed: (shown[removed], False)}
    assert all(shown.values())
