"""Editing: each text is a new revision; what is published stays visible until its edit is published too."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.discussions import drafts, threads
from forum.discussions.editing import edit_comment
from forum.discussions.forms import DraftText, Edit
from forum.discussions.models import Comment, Revision
from forum.kernel.actors import ANONYMOUS, Actor
from forum.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from moderation.decisions import decide
from moderation.forms import DecisionForm
from moderation.models import Action, Case
from tests.forum.discussions.hall import Hall, open_hall, texts
from tests.support import world
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


async def seen(actor: Actor, comment_id: str) -> tuple[str, str | None]:
    """Return the source and the state of the waiting edit, as `actor` gets them."""
    found = await threads.one(actor, comment_id, "en")
    assert found is not None
    return found.source, found.pending


async def cases(comment_id: str) -> list[tuple[str, str]]:
    return [(case.kind, case.state) for case in await Case.filter(comment_id=comment_id).order_by("id")]


async def test_a_published_text_stays_while_its_edit_waits(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    before = await Comment.get(id=comment_id)
    hall.told.clear()
    assert await hall.edit(comment_id, "Second words.") == "published"
    for reader in (ANONYMOUS, hall.other):
        assert await seen(reader, comment_id) == ("First words.", None), "nobody learns that an edit waits"
    assert await seen(hall.author, comment_id) == ("First words.", "held")
    after = await Comment.get(id=comment_id)
    assert (after.state, after.symbol, after.public_seq, after.edited_at, after.version) == (
        "published", before.symbol, before.public_seq, None, before.version + 1
    )  # fmt: skip
    assert [(fact.kind, fact.public_seq) for fact in hall.told] == [("comment.edit_received", None), ("case.opened", None)]


async def test_a_published_edit_replaces_the_text_and_keeps_the_place(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    before = await Comment.get(id=comment_id)
    await hall.edit(comment_id, "Second words.")
    await hall.decide(comment_id, Action.PUBLISH)
    assert await seen(ANONYMOUS, comment_id) == ("Second words.", None)
    after = await Comment.get(id=comment_id)
    assert (after.symbol, after.path, after.published_at) == (before.symbol, before.path, before.published_at)
    assert after.edited_at is not None
    assert after.public_seq == before.public_seq + 1
    assert await texts(comment_id) == [(1, "replaced", "First words."), (2, "published", "Second words.")]
    assert (await hall.question()).published == 1


@pytest.mark.parametrize(("action", "state"), [(Action.RETURN, "returned"), (Action.REJECT, "rejected")])
async def test_an_edit_that_is_refused_leaves_the_published_text_and_can_be_written_anew(
    hall: Hall, action: Action, state: str
) -> None:
    comment_id = await hall.published("First words.")
    await hall.edit(comment_id, "Second words.")
    await hall.decide(comment_id, action)
    assert await seen(ANONYMOUS, comment_id) == ("First words.", None)
    assert await seen(hall.author, comment_id) == ("First words.", state)
    await hall.edit(comment_id, "Third words.")
    await hall.decide(comment_id, Action.PUBLISH)
    assert await seen(ANONYMOUS, comment_id) == ("Third words.", None)
    assert [one[1] for one in await texts(comment_id)] == ["replaced", "replaced", "published"]
    assert await hall.in_order()


async def test_a_second_edit_takes_the_place_of_the_waiting_one(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    await hall.edit(comment_id, "Second words.")
    await hall.edit(comment_id, "Third words.")
    assert await texts(comment_id) == [
        (1, "published", "First words."),
        (2, "replaced", "Second words."),
        (3, "held", "Third words."),
    ]
    assert await cases(comment_id) == [("new", "decided"), ("edit", "open")]
    await hall.decide(comment_id, Action.PUBLISH)
    assert await seen(ANONYMOUS, comment_id) == ("Third words.", None)


async def test_what_waits_is_replaced_and_keeps_its_place_in_the_queue(hall: Hall) -> None:
    comment_id = await hall.held("First words.")
    old = await Case.get(comment_id=comment_id)
    hall.told.clear()
    assert await hall.edit(comment_id, "Second words.") == "held"
    assert hall.kinds() == ["comment.revised"]
    assert await texts(comment_id) == [(1, "replaced", "First words."), (2, "held", "Second words.")]
    assert await cases(comment_id) == [("new", "open")]
    assert (await Case.get(id=old.id)).version == old.version + 1, "a decision on the old text is stale"


@pytest.mark.parametrize("state", ["returned", "rejected"])
async def test_what_came_back_is_sent_again(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    assert await hall.edit(comment_id, "Better words.") == "held"
    assert hall.kinds() == ["comment.resubmitted"]
    assert await cases(comment_id) == [("new", "decided"), ("resubmission", "open")]
    await hall.decide(comment_id, Action.PUBLISH)
    assert await seen(ANONYMOUS, comment_id) == ("Better words.", None)


@pytest.mark.parametrize("state", ["removed", "withdrawn", "retracted"])
async def test_what_is_gone_stays_as_it_is(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    with pytest.raises(Refusal, match=r"comment\.final"):
        await hall.edit(comment_id)
    assert hall.told == []


@pytest.mark.parametrize("state", ["held", "published", "removed"])
async def test_nobody_else_edits_and_learns_nothing(hall: Hall, state: str) -> None:
    comment_id = await hall.comment(state)
    for actor in (ANONYMOUS, hall.other, hall.moderator):
        with pytest.raises(NotFound) as hidden:
            await hall.edit(comment_id, by=actor)
        with pytest.raises(NotFound) as unknown:
            await edit_comment(actor, "0" * 32, Edit(body="x", version=1))
        assert (hidden.value.key, hidden.value.params) == (unknown.value.key, unknown.value.params)


@pytest.mark.parametrize("off", [-1, 1, 100])
async def test_another_version_is_a_conflict_that_says_what_stands(hall: Hall, off: int) -> None:
    comment_id = await hall.comment("published")
    version = (await Comment.get(id=comment_id)).version
    with pytest.raises(Conflict, match=r"comment\.stale") as refused:
        await edit_comment(hall.author, comment_id, Edit(body="x", version=version + off))
    assert refused.value.current == {"id": comment_id, "version": version, "state": "published"}
    assert hall.told == []


async def test_of_edits_at_once_one_is_taken(hall: Hall) -> None:
    comment_id = await hall.comment("published")
    forms = [Edit(body=f"Text {number}.", version=(await Comment.get(id=comment_id)).version) for number in range(10)]
    results = await asyncio.gather(*(edit_comment(hall.author, comment_id, form) for form in forms), return_exceptions=True)
    assert [type(one) for one in results].count(Conflict) == 9
    assert await Revision.filter(comment_id=comment_id).count() == 2


async def test_a_decision_and_an_edit_at_once_one_is_stale(hall: Hall) -> None:
    """Whichever comes first: never is a text published that the moderator did not read."""
    comment_id = await hall.held("First words.")
    edit = edit_comment(hall.author, comment_id, await world.edit_of(comment_id, "Second words."))
    read = await Case.get(comment_id=comment_id)
    decision = decide(hall.moderator, read.id, DecisionForm(action=Action.PUBLISH, version=read.version))
    await asyncio.gather(edit, decision, return_exceptions=True)
    found = await threads.one(ANONYMOUS, comment_id, "en")
    assert found is None or found.source == "First words."


async def test_no_edit_after_the_space_has_closed(hall: Hall) -> None:
    ids = [await hall.comment(state) for state in ("held", "returned", "published")]
    await hall.change(state="closed")
    for comment_id in ids:
        with pytest.raises(Forbidden, match=r"space\.not_open"):
            await hall.edit(comment_id)
    assert hall.told == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"body": ""}, "body: comment.empty"),
        ({"body": "\u200b"}, "body: comment.empty"),
        ({"body": "x" * 10_001}, "body: comment.too_long"),
        ({"body": "Words.", "lang": "de"}, "lang: comment.lang"),
    ],
)
async def test_a_bad_text_is_refused_and_changes_nothing(hall: Hall, values: dict[str, str], expected: str) -> None:
    comment_id = await hall.comment("published")
    version = (await Comment.get(id=comment_id)).version
    with pytest.raises(Refusal) as refused:
        await edit_comment(hall.author, comment_id, Edit.model_validate({"version": version, **values}))
    assert [f"{field}: {problem.key}" for field, problem in refused.value.fields.items()] == [expected]
    assert (await Comment.get(id=comment_id)).version == version


async def test_the_language_stays_unless_another_is_given(hall: Hall) -> None:
    comment_id = await hall.held("Bonjour.", lang="fr")
    await hall.edit(comment_id, "Bonsoir.")
    version = (await Comment.get(id=comment_id)).version
    await edit_comment(hall.author, comment_id, Edit(body="Buenas noches.", version=version, lang="es"))
    await hall.edit(comment_id, "Buenos días.")
    assert [one.lang for one in await Revision.filter(comment_id=comment_id).order_by("number")] == ["fr", "fr", "es", "es"]


async def test_an_edit_that_nothing_holds_is_published_at_once(hall: Hall) -> None:
    await hall.change(premoderation="none")
    comment_id = await hall.held("First words.")
    hall.told.clear()
    await hall.edit(comment_id, "Second words.")
    assert await seen(ANONYMOUS, comment_id) == ("Second words.", None)
    assert hall.kinds() == ["comment.edit_received", "comment.edited"]
    assert await hall.in_order()


async def test_the_draft_of_the_edit_is_gone_with_it(hall: Hall) -> None:
    comment_id = await hall.comment("published")
    for actor in (hall.author, hall.other):
        await drafts.keep(actor, DraftText(place=f"e:{comment_id}", body="half", lang="en"))
    await hall.edit(comment_id)
    assert await drafts.at(hall.author, f"e:{comment_id}") is None
    assert await drafts.at(hall.other, f"e:{comment_id}") is not None


async def test_revisions_never_change(hall: Hall) -> None:
    comment_id = await hall.published("First words.")
    first = await Revision.get(comment_id=comment_id)
    await hall.edit(comment_id, "Second words.")
    await hall.decide(comment_id, Action.PUBLISH)
    await hall.decide(comment_id, Action.REMOVE)
    kept = await Revision.get(id=first.id)
    for name in ("source", "html", "digest", "salt", "made_at", "number", "lang"):
        assert getattr(kept, name) == getattr(first, name)
