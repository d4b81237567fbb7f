"""Who may see and do what: the rule, a sentence a row, and that the filter of the queries says the same."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forum.db.reading import rows
from forum.db.work import begin
from forum.discussions.models import Comment, CommentState, Space, SpaceState
from forum.discussions.policy import (
    Sight,
    Standing,
    may_post,
    may_read,
    may_see,
    require_edit,
    require_moderator,
    require_post,
    require_read,
    require_secretariat,
    sight,
    visible_sql,
)
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS, Actor, Role
from forum.kernel.errors import Forbidden, NotFound, NotSignedIn, Refusal
from tests.forum.discussions.hall import Hall, open_hall

HERE, THERE, AUTHOR = "a" * 32, "b" * 32, "1" * 32
WHO: dict[str, Actor] = {
    "anonymous": ANONYMOUS,
    "reader": Actor(person_id="2" * 32),
    "member": Actor(person_id="3" * 32, roles={HERE: frozenset({Role.MEMBER})}),
    "elsewhere": Actor(person_id="4" * 32, roles={THERE: frozenset({Role.MODERATOR})}),
    "author": Actor(person_id=AUTHOR),
    "moderator": Actor(person_id="5" * 32, roles={HERE: frozenset({Role.MODERATOR})}),
    "facilitator": Actor(person_id="6" * 32, roles={HERE: frozenset({Role.FACILITATOR})}),
    "secretariat": Actor(person_id="7" * 32, is_secretariat=True),
}
READERS = ("anonymous", "reader", "member", "elsewhere")
TEAM = ("moderator", "facilitator", "secretariat")
NOTHING, STUB, TEXT = Sight.NOTHING, Sight.STUB, Sight.TEXT

SENTENCES = [
    ("held", False, NOTHING, TEXT, TEXT, "what waits is known to its author and the team"),
    ("returned", False, NOTHING, TEXT, TEXT, "what came back is known to its author and the team"),
    ("rejected", False, NOTHING, TEXT, TEXT, "what was rejected is known to its author and the team"),
    ("published", True, TEXT, TEXT, TEXT, "what is published is for all"),
    ("removed", True, STUB, TEXT, TEXT, "what was removed leaves a stub; its author still sees what it was about"),
    ("withdrawn", True, STUB, STUB, TEXT, "what was withdrawn leaves a stub, for its author too; the audit keeps the text"),
    ("withdrawn", False, NOTHING, STUB, TEXT, "what was withdrawn while it waited never existed for readers"),
    # No verb makes these; should one ever, readers see nothing of it.
    ("published", False, NOTHING, TEXT, TEXT, "published without a time of publication: nothing to readers"),
    ("removed", False, NOTHING, TEXT, TEXT, "removed without ever being published: nothing to readers"),
    ("held", True, NOTHING, TEXT, TEXT, "held again after publication: nothing to readers"),
    ("returned", True, NOTHING, TEXT, TEXT, "returned after publication: nothing to readers"),
    ("rejected", True, NOTHING, TEXT, TEXT, "rejected after publication: nothing to readers"),
]


def test_the_table_has_a_sentence_for_every_case() -> None:
    assert {(state, public) for state, public, *_ in SENTENCES} == {
        (state.value, public) for state in CommentState for public in (True, False)
    }


@pytest.mark.parametrize(("state", "was_public", "reader", "author", "team", "sentence"), SENTENCES)
@pytest.mark.parametrize("who", WHO)
def test_who_sees_how_much(
    who: str, state: str, was_public: bool, reader: Sight, author: Sight, team: Sight, sentence: str
) -> None:
    expected = reader if who in READERS else author if who == "author" else team
    comment = Standing(HERE, AUTHOR, state, was_public)
    assert sight(WHO[who], comment) is expected, sentence
    assert may_see(WHO[who], comment) is (expected is not NOTHING)


def test_a_state_that_is_not_known_is_shown_to_nobody_by_mistake() -> None:
    for actor in WHO.values():
        with pytest.raises(ValueError):
            sight(actor, Standing(HERE, AUTHOR, "invented", was_public=True))


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path) as made:
        yield made


comments = st.lists(
    st.tuples(st.sampled_from(["1", "2", "5", "7"]), st.sampled_from([state.value for state in CommentState]), st.booleans()),
    min_size=1,
    max_size=40,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=comments)
async def test_the_filter_keeps_exactly_what_the_rule_shows(hall: Hall, drawn: list[tuple[str, str, bool]]) -> None:
    question = await hall.question()
    async with begin():
        await Comment.filter(space_id=hall.space.id).delete()
        await Comment.bulk_create(
            Comment(
                id=f"{number:032x}",
                space_id=hall.space.id,
                question_id=question.id,
                path=f"{number:04d}",
                depth=0,
                author_id=author * 32,
                speaking_for="personal",
                state=state,
                shown_id="0" * 32,
                received_at=clock.now(),
                published_at=clock.now() if was_public else None,
            )
            for number, (author, state, was_public) in enumerate(drawn)
        )
    stored = await Comment.filter(space_id=hall.space.id)
    assert len(stored) == len(drawn)
    for name, drawn_from in WHO.items():
        held = {hall.space.id if space == HERE else space: roles for space, roles in drawn_from.roles.items()}
        actor = Actor(person_id=drawn_from.person_id, is_secretariat=drawn_from.is_secretariat, roles=held)
        condition, params = visible_sql(actor, hall.space.id)
        kept = await rows(f"SELECT c.id FROM comments c WHERE c.space_id = ? AND {condition}", [hall.space.id, *params])
        expected = {
            one.id
            for one in stored
            if may_see(actor, Standing(hall.space.id, one.author_id, one.state, one.published_at is not None))
        }
        assert {row["id"] for row in kept} == expected, name


STATES = {state.value for state in SpaceState}
READ = [
    ("public", STATES - {"draft"}, {*WHO}, "a public space is for all once it is announced"),
    ("public", {"draft"}, {*TEAM}, "a draft is for the team alone"),
    ("members", STATES - {"draft"}, {"member", *TEAM}, "a members' space is for who belongs to it"),
    ("members", {"draft"}, {*TEAM}, "a draft is for the team alone"),
]


@pytest.mark.parametrize(("visibility", "states", "allowed", "sentence"), READ)
@pytest.mark.parametrize("who", WHO)
def test_who_reads_a_space(who: str, visibility: str, states: set[str], allowed: set[str], sentence: str) -> None:
    for state in states:
        space = Space(id=HERE, slug="s", visibility=visibility, state=state)
        assert may_read(WHO[who], space) is (who in allowed), f"{sentence} ({state})"
        if who in allowed:
            assert require_read(WHO[who], space) is space
        else:
            with pytest.raises(NotFound) as hidden:
                require_read(WHO[who], space)
            with pytest.raises(NotFound) as unknown:
                require_read(WHO[who], None)
            assert (hidden.value.key, hidden.value.params) == (unknown.value.key, unknown.value.params)


NOW = clock.now()
POST = [
    ("public", "open", 60, "reader", None, "anyone signed in comments in an open public space"),
    ("public", "open", 60, "anonymous", NotSignedIn, "nobody comments without a name"),
    ("public", "open", 1, "reader", None, "a second before the deadline is in time"),
    ("public", "open", 0, "reader", "space.not_open", "the deadline itself is too late"),
    ("public", "open", -1, "secretariat", "space.not_open", "the deadline binds everyone, before the clock's work is done"),
    ("public", "open", None, "reader", None, "a space without a deadline is open"),
    ("members", "open", 60, "reader", "space.members", "a members' space takes comments of members"),
    ("members", "open", 60, "member", None, "a member comments"),
    ("members", "open", 60, "moderator", None, "the team belongs to its space"),
    ("members", "open", 60, "elsewhere", "space.members", "another space's moderator is no member"),
    *(
        ("public", state, 60, "moderator", "space.not_open", f"a space that is {state} takes no comments")
        for state in sorted(STATES - {"open"})
    ),
]


@pytest.mark.parametrize(("visibility", "state", "left", "who", "refusal", "sentence"), POST)
def test_who_comments(visibility: str, state: str, left: int | None, who: str, refusal: object, sentence: str) -> None:
    closes_at = None if left is None else NOW + timedelta(seconds=left)
    space = Space(id=HERE, slug="s", visibility=visibility, state=state, closes_at=closes_at)
    assert may_post(WHO[who], space, NOW) is (refusal is None), sentence
    if refusal is None:
        require_post(WHO[who], space, NOW)
    elif refusal is NotSignedIn:
        with pytest.raises(NotSignedIn):
            require_post(WHO[who], space, NOW)
    else:
        with pytest.raises(Forbidden) as refused:
            require_post(WHO[who], space, NOW)
        assert refused.value.key == refusal


@pytest.mark.parametrize("who", WHO)
def test_guards_of_the_desk_and_of_the_secretariat(who: str) -> None:
    if who in {"moderator", "facilitator"}:
        require_moderator(WHO[who], HERE)
    else:
        with pytest.raises(NotFound):
            require_moderator(WHO[who], HERE)
    if who == "secretariat":
        require_secretariat(WHO[who])
    else:
        with pytest.raises(NotSignedIn if who == "anonymous" else Forbidden):
            require_secretariat(WHO[who])


@pytest.mark.parametrize("state", CommentState)
@pytest.mark.parametrize("who", WHO)
def test_only_the_author_changes_a_comment_that_is_not_final(who: str, state: CommentState) -> None:
    if who != "author":
        with pytest.raises(NotFound):
            require_edit(WHO[who], AUTHOR, state.value)
    elif state in {CommentState.REMOVED, CommentState.WITHDRAWN}:
        with pytest.raises(Refusal, match=r"comment\.final"):
            require_edit(WHO[who], AUTHOR, state.value)
    else:
        require_edit(WHO[who], AUTHOR, state.value)
