"""Posting: what is refused and why, where a comment hangs, and that nothing is posted twice or half."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from forum.discussions import drafts
from forum.discussions.forms import DraftText, NewComment, check_key
from forum.discussions.models import Comment, Draft, PostKey, Revision
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS, Actor, Role
from forum.kernel.canonical import digest
from forum.kernel.errors import Forbidden, NotFound, NotSignedIn, Refusal
from forum.people.models import AffiliationStatus, Entity, EntityKind, Person
from forum.record.models import Entry
from moderation.models import Action, Case
from tests.forum.discussions.hall import Hall, open_hall, said
from tests.support import world
from tests.support.backends import on_each_database  # noqa: F401 - a fixture


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


async def nothing_left() -> bool:
    """Return whether no post left anything behind."""
    return not any([await model.filter().count() for model in (Comment, Revision, Case, PostKey, Entry)])


async def test_a_post_is_held_recorded_and_before_the_moderators(hall: Hall) -> None:
    posted = await hall.post("Bonjour **à tous**.", lang="fr")
    assert (posted.state, posted.created) == ("held", True)
    comment = await Comment.get(id=posted.comment_id)
    revision = await Revision.get(id=comment.shown_id)
    assert (comment.author_id, comment.state, comment.version, comment.symbol, comment.number) == (
        hall.author.person_id, "held", 1, "", None
    )  # fmt: skip
    assert "<strong>à tous</strong>" in revision.html
    assert (revision.source, revision.lang, revision.state, revision.number) == ("Bonjour **à tous**.", "fr", "held", 1)
    case = await Case.get(comment_id=comment.id)
    assert (case.state, case.kind, case.revision_id, case.lang) == ("open", "new", revision.id, "fr")
    assert [(fact.kind, fact.seq, fact.public_seq) for fact in hall.told] == [
        ("comment.received", 1, None),
        ("case.opened", 2, None),
    ]
    assert await hall.in_order()


async def test_the_record_holds_no_text_but_proves_it(hall: Hall) -> None:
    comment_id = await hall.held("A secret sentence.")
    revision = await Revision.get(comment_id=comment_id)
    entry = await Entry.get(kind="comment.received")
    assert "secret" not in entry.data
    assert revision.digest == digest(revision.salt + "A secret sentence.")
    assert revision.digest in entry.data
    assert len(revision.salt) == 64


STRANGE = "\u200b\u2060\u200d\ufeff"
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"body": ""}, "body: comment.empty", "nothing"),
    ({"body": " \n\t\u00a0\u3000"}, "body: comment.empty", "spaces of all kinds"),
    ({"body": STRANGE}, "body: comment.empty", "characters without width"),
    ({"body": "** **\n\n- \n> "}, "", "marks that stand for themselves are a text"),
    ({"body": "> \n> "}, "body: comment.empty", "an empty quotation"),
    ({"body": "*" + STRANGE + "*"}, "body: comment.empty", "emphasis on nothing that shows"),
    ({"body": "\u3164\u2800\u115f"}, "body: comment.empty", "letters that show nothing"),
    ({"body": "x" * 10_000}, "", "10,000 characters"),
    ({"body": "x" * 10_001}, "body: comment.too_long", "10,001 characters"),
    ({"body": "😀" * 10_000}, "", "10,000 characters beyond the first plane"),
    ({"body": "\r\n" * 5_000 + "x" * 5_000}, "", "a line end is one character"),
    ({"body": "x" * 199_999}, "body: comment.too_long", "very much more, refused before it is rendered"),
    ({"lang": "de"}, "lang: comment.lang", "a language that the space does not take"),
    ({"lang": ""}, "lang: comment.lang", "no language"),
    ({"question": 9}, "not_found", "no such question"),
    ({"parent": "0" * 32}, "parent: comment.parent", "an answer to nothing"),
    ({"parent": "' OR 1=1 --"}, "parent: comment.parent", "an answer to SQL"),
    ({"capacity": "KEN"}, "capacity: comment.capacity", "for a State that was not declared"),
    ({"capacity": "0" * 32}, "capacity: comment.capacity", "for nobody known"),
]


@pytest.mark.parametrize(("values", "expected", "why"), REFUSED)
async def test_what_is_refused(hall: Hall, values: dict[str, Any], expected: str, why: str) -> None:
    await world.entity("Kenya", code="KEN")
    if not expected:
        assert (await hall.post(**values)).created, why
        return
    with pytest.raises(Refusal) as refused:
        await hall.post(key="k", **values)
    assert said(refused.value) == expected, why
    assert await nothing_left()
    assert (await hall.question()).children == 0


@pytest.mark.parametrize(
    "values",
    [
        {"question": "1"},
        {"question": True},
        {"question": 1.5},
        {"question": 0},
        {"question": [1]},
        {"question": None},
        {"body": None},
        {"body": ["a"]},
        {"body": {"a": 1}},
        {"body": 7},
        {"body": "x" * 200_001},
        {"body": "half a \ud800 character"},
        {"lang": ["en"]},
        {"lang": "english"},
        {"parent": 1},
        {"parent": "0" * 33},
        {"capacity": []},
        {"capacity": "x" * 41},
    ],
)
def test_a_value_of_another_kind_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        NewComment.model_validate({"question": 1, "body": "Words.", "lang": "en"} | values)
    assert [error["loc"] for error in refused.value.errors()] == [(next(iter(values)),)]


def test_a_whole_number_is_one_however_json_writes_it() -> None:
    assert NewComment.model_validate({"question": 2.0, "body": "Words.", "lang": "en"}).question == 2


async def test_a_closed_space_takes_nothing(hall: Hall) -> None:
    for state in ("announced", "closed", "summarised", "archived"):
        await hall.change(state=state)
        with pytest.raises(Forbidden, match=r"space\.not_open"):
            await hall.post()
    await hall.change(state="open", closes_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(Forbidden, match=r"space\.not_open"):
        await hall.post()
    assert await nothing_left()


async def test_a_space_that_closed_while_the_text_was_rendered_takes_nothing(hall: Hall) -> None:
    stale = hall.space
    await hall.change(state="closed")
    hall.space = stale  # as it was loaded at the beginning of the request
    with pytest.raises(Forbidden, match=r"space\.not_open"):
        await hall.post(key="k")
    assert await nothing_left()


async def test_nobody_and_strangers_are_refused(hall: Hall) -> None:
    with pytest.raises(NotSignedIn):
        await hall.post(by=ANONYMOUS, key="k")
    await hall.change(visibility="members")
    with pytest.raises(Forbidden, match=r"space\.members"):
        await hall.post()
    await world.give_role(await Person.get(id=hall.author.person_id), hall.space, Role.MEMBER)
    member = await world.actor_for(await Person.get(id=hall.author.person_id))
    assert (await hall.post(by=member)).created


async def test_only_the_languages_of_the_space(hall: Hall) -> None:
    await hall.change(languages=["fr", "es"])
    with pytest.raises(Refusal) as refused:
        await hall.post(lang="en")
    assert refused.value.fields["lang"].params == {"languages": "Français, Español"}
    assert (await hall.post(lang="es")).created


@pytest.mark.parametrize(
    ("kind", "speaks"),
    [
        (EntityKind.STATE, "state"),
        (EntityKind.OBSERVER, "state"),
        (EntityKind.UN_BODY, "organization"),
        (EntityKind.ORGANIZATION, "organization"),
        (EntityKind.GROUP, "group"),
    ],
)
@pytest.mark.parametrize("by", ["id", "code"])
async def test_the_capacity_follows_from_the_entity(hall: Hall, kind: EntityKind, speaks: str, by: str) -> None:
    entity = await world.entity("Whom", kind, "WHO")
    await world.affiliate(await Person.get(id=hall.author.person_id), entity)
    comment = await Comment.get(id=await hall.held(capacity=entity.id if by == "id" else "WHO"))
    assert (comment.speaking_for, comment.entity_id) == (speaks, entity.id)


@pytest.mark.parametrize("status", [status for status in AffiliationStatus if status is not AffiliationStatus.VERIFIED])
async def test_only_a_verified_affiliation_may_be_spoken_for(hall: Hall, status: AffiliationStatus) -> None:
    entity: Entity = await world.entity("Kenya", code="KEN")
    await world.affiliate(await Person.get(id=hall.author.person_id), entity, status)
    await world.affiliate(await Person.get(id=hall.other.person_id), entity)
    with pytest.raises(Refusal) as refused:
        await hall.held(capacity="KEN")
    assert said(refused.value) == "capacity: comment.capacity"
    assert (await hall.post(by=hall.other, capacity="KEN")).created


async def test_the_same_key_answers_the_same_comment_and_another_text_is_refused(hall: Hall) -> None:
    first = await hall.post("Once.", key="key-1")
    again = await hall.post("Once.", key="key-1")
    assert (again.comment_id, again.created) == (first.comment_id, False)
    others: list[dict[str, Any]] = [{"body": "Twice."}, {"lang": "fr"}, {"question": 2}]
    for values in others:
        with pytest.raises(Refusal, match=r"comment\.key_reused"):
            await hall.post(**{"body": "Once.", "key": "key-1", **values})
    assert (await hall.post("Once.", by=hall.other, key="key-1")).created, "a key is its person's own"
    assert await Comment.filter().count() == 2


async def test_a_key_answers_with_what_has_become_of_the_comment_even_after_closing(hall: Hall) -> None:
    first = await hall.post("Once.", key="k")
    await hall.decide(first.comment_id, Action.PUBLISH)
    await hall.change(state="closed")
    again = await hall.post("Once.", key="k")
    assert (again.comment_id, again.state, again.created) == (first.comment_id, "published", False)


async def test_a_refused_post_does_not_use_up_its_key(hall: Hall) -> None:
    with pytest.raises(Refusal):
        await hall.post("Words.", key="k", parent="0" * 32)
    assert (await hall.post("Words.", key="k")).created


async def test_twenty_posts_at_once_with_one_key_make_one_comment(hall: Hall) -> None:
    posted = await asyncio.gather(*(hall.post("Once.", key="k") for _ in range(20)))
    assert len({one.comment_id for one in posted}) == 1
    assert [one.created for one in posted].count(True) == 1
    assert [await model.filter().count() for model in (Comment, Revision, Case, PostKey)] == [1, 1, 1, 1]
    assert (await hall.question()).children == 1, "no number was used up"
    assert hall.kinds() == ["comment.received"]
    assert await hall.in_order()


async def test_of_two_texts_at_once_with_one_key_one_is_refused(hall: Hall) -> None:
    results = await asyncio.gather(*(hall.post(f"Text {number}.", key="k") for number in range(10)), return_exceptions=True)
    refused = [one for one in results if isinstance(one, Refusal)]
    assert len(refused) == 9
    assert {one.key for one in refused} == {"comment.key_reused"}
    assert await Comment.filter().count() == 1


@pytest.mark.parametrize(
    ("key", "fine"), [("k", True), ("x" * 80, True), ("x" * 81, False), ("a b", False), ("é", False), ("a\n", False)]
)
def test_what_a_key_looks_like(key: str, fine: bool) -> None:
    if fine:
        assert check_key(key) == key
    else:
        with pytest.raises(Refusal):
            check_key(key)
    assert check_key(None) is check_key("") is None


async def test_the_draft_of_the_place_is_gone_with_the_post_and_no_other(hall: Hall) -> None:
    parent, question = await hall.published(), await hall.question()
    other_question = await hall.question(2)
    places = [f"q:{question.id}", f"r:{parent}", f"e:{parent}", f"q:{other_question.id}"]

    async def left(after: dict[str, Any], by: Actor | None = None) -> set[str]:
        await Draft.filter().delete()
        for actor in (hall.author, hall.other):
            for place in places:
                await drafts.keep(actor, DraftText(place=place, body="half a thou", lang="en"))
        await hall.post(by=by, **after)
        assert await Draft.filter(person_id=hall.other.person_id).count() == 4, "another person's drafts are untouched"
        return {draft.place for draft in await Draft.filter(person_id=hall.author.person_id)}

    assert await left({}) == set(places[1:])
    assert await left({"parent": parent}) == {places[0], *places[2:]}, "an answer leaves what is typed for the question"
    assert await left({"question": 2}) == set(places[:3])


async def test_a_refused_post_keeps_the_draft(hall: Hall) -> None:
    place = f"q:{(await hall.question()).id}"
    await drafts.keep(hall.author, DraftText(place=place, body="half a thought", lang="en"))
    with pytest.raises(Refusal):
        await hall.post(lang="de")
    with pytest.raises(NotFound):
        await hall.post(question=99)
    kept = await drafts.at(hall.author, place)
    assert kept is not None
    assert kept.body == "half a thought"
