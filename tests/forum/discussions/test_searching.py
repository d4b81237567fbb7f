"""Search by the one rule, on both databases: what a reader may not see is in no hit, no number, no snippet, at no time."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.db.reading import rows
from forum.db.work import begin
from forum.discussions import founding, searching, standing
from forum.discussions.events import SYSTEM
from forum.discussions.forms import QuestionForm, SpaceForm
from forum.discussions.indexing import reindex
from forum.discussions.models import Comment, CommentState, Question, Revision, Space, SpaceState, Visibility
from forum.discussions.policy import SIGHT, Sight, Viewer, text_for_all_sql
from forum.discussions.searching import Asked, Results
from forum.kernel.actors import ANONYMOUS, Actor, Role
from forum.kernel.errors import NotFound, Refusal
from forum.record.appending import lock
from forum.search.engines import index
from moderation.models import Action
from tests.forum.discussions.hall import Hall, open_hall, said
from tests.support import postgres, world

NOWHERE = ["held", "returned", "rejected", "retracted", "removed", "withdrawn"]
CANARY = "zqcanary"
ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.server)]


@pytest.fixture(params=ENGINES)
async def hall(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hall]:
    url = await postgres.new_database() if request.param == "postgres" else ""
    async with open_hall(tmp_path, url=url) as made:
        yield made


async def search(text: str, actor: Actor = ANONYMOUS, **more: str | int) -> Results:
    return await searching.search(actor, Asked(text, **more), "en")  # type: ignore[arg-type]


async def ids(text: str, actor: Actor = ANONYMOUS, **more: str | int) -> list[str]:
    return [one.seen.id for one in (await search(text, actor, **more)).comments]


async def comment(hall: Hall, state: str) -> str:
    """Return a comment in `state` whose text has the canary."""
    known = state in {"published", "removed", "withdrawn"}
    comment_id = await (hall.published(f"{CANARY} {state}") if known else hall.held(f"{CANARY} {state}"))
    if state in {"returned", "rejected", "removed"}:
        actions = {"returned": Action.RETURN, "rejected": Action.REJECT, "removed": Action.REMOVE}
        await hall.decide(comment_id, actions[state])
    if state in {"withdrawn", "retracted"}:
        await hall.withdraw(comment_id)
    return comment_id


async def clerk() -> Actor:
    return await world.actor_for(await world.person("Clerk", secretariat=True))


@pytest.mark.parametrize("state", NOWHERE)
async def test_a_text_that_is_not_public_is_found_by_nobody(hall: Hall, state: str) -> None:
    """Not by its author or the moderators either: it is the public's search."""
    shown = await comment(hall, "published")
    before = [await search(CANARY, actor) for actor in (ANONYMOUS, hall.author, hall.moderator)]
    await comment(hall, state)
    after = [await search(CANARY, actor) for actor in (ANONYMOUS, hall.author, hall.moderator)]
    for results, earlier in zip(after, before, strict=True):
        assert [one.seen.id for one in results.comments] == [shown]
        assert results.counts == earlier.counts
        assert results.counts.total == 1
        assert (results.next, results.places) == (None, [])
    assert len(await rows("SELECT id FROM search_documents WHERE kind = 'comment'")) == 1, "no token of it is in the index"


async def test_an_edit_that_waits_is_not_found_and_one_that_is_published_is(hall: Hall) -> None:
    shown = await hall.published("first words")
    await hall.edit(shown, f"{CANARY} new")
    assert await ids(CANARY) == []
    assert await ids("first") == [shown]
    await hall.decide(shown, Action.PUBLISH)
    assert await ids(CANARY) == [shown]
    assert await ids("first") == []


async def test_rights_are_those_of_the_moment(hall: Hall) -> None:
    """Nothing is done to the index: the rule is asked with each search."""
    shown = await comment(hall, "published")
    member, secretariat = await world.person("Member"), await clerk()
    await world.give_role(member, hall.space, Role.MEMBER)
    for values in ({"visibility": Visibility.MEMBERS.value}, {"visibility": "public", "state": SpaceState.DRAFT.value}):
        await hall.change(**values)
        for actor in (ANONYMOUS, hall.other):
            results = await search(CANARY, actor)
            assert (results.comments, results.places, results.counts.total) == ([], [], 0)
            assert (dict(results.counts.by_space), dict(results.counts.by_lang)) == ({}, {})
            assert hall.space.id not in results.spaces
            for slug in ("hall", "nowhere"):
                with pytest.raises(NotFound):
                    await search(CANARY, actor, space=slug)
            with pytest.raises(Refusal):
                await search(CANARY, actor, after=shown)
        assert await ids(CANARY, hall.moderator) == [shown]
        assert await ids(CANARY, secretariat) == [shown]
    assert await ids(CANARY, await world.actor_for(member)) == [], "a draft is not for its members"
    await hall.change(state=SpaceState.OPEN.value, visibility=Visibility.MEMBERS.value)
    assert await ids(CANARY, await world.actor_for(member)) == [shown]


async def test_a_comment_that_went_without_a_word_is_not_found_either(hall: Hall) -> None:
    """The live tables decide, even where the index were behind."""
    shown = await comment(hall, "published")
    for state in CommentState:
        await Comment.filter(id=shown).update(state=state.value)
        public = SIGHT[state][Viewer.READER] is Sight.TEXT
        for actor in (ANONYMOUS, hall.author, hall.moderator):
            assert await ids(CANARY, actor) == ([shown] if public else []), state
            assert (await search(CANARY, actor)).counts.total == int(public), state
    assert text_for_all_sql()[1] == ["published"]


async def test_the_index_is_in_the_transaction_of_what_it_tells(hall: Hall) -> None:
    shown = await comment(hall, "published")
    with pytest.raises(ZeroDivisionError):
        async with begin() as work:
            await lock(work, hall.space.id)
            await standing.remove(work, await Comment.get(id=shown), SYSTEM, {"en": "another reason"})
            assert await rows("SELECT id FROM search_documents WHERE ref = ?", [shown], work.connection) == []
            raise ZeroDivisionError
    assert await ids(CANARY) == [shown]


async def test_spaces_and_questions_come_first_with_what_was_found(hall: Hall) -> None:
    author = await clerk()
    form = SpaceForm(
        slug="health", title={"en": "Health", "fr": "Santé des personnes"}, note={"fr": "L’accès aux soins des réfugiés."}
    )
    made = await founding.found(author, form)
    await founding.set_question(author, made.id, QuestionForm(number=1, text={"en": "Which services?", "ar": "ما هي الخدمات؟"}))
    assert (await search("santé")).places == [], "a draft is found by its makers alone"
    await Space.filter(id=made.id).update(state="open")
    found = (await search("refugie")).places
    assert [(one.space.slug, one.question, one.lang) for one in found] == [("health", None, "fr")]
    assert [piece.text for piece in found[0].note if piece.found] == ["réfugiés"]
    assert "".join(piece.text for piece in found[0].title) == "Santé des personnes"
    question = (await search("خدمة")).places[0]
    assert question.question is not None
    assert (question.question.number, question.lang, [piece.text for piece in question.title if piece.found]) == (
        1,
        "ar",
        ["الخدمات"],
    )
    await founding.set_question(author, made.id, QuestionForm(number=1, text={"en": "Which remedies?"}))
    assert (await search("services")).places == []
    assert len((await search("remedy")).places) == 1
    await founding.drop_question(author, made.id, 1)
    assert (await search("remedy")).places == []
    renamed = SpaceForm(slug="health", title={"en": "Housing"}, policy={"en": "Be kind."}, languages=["en"])
    await founding.rewrite(author, made.id, renamed)
    assert (await search("santé")).places == []
    assert [one.space.slug for one in (await search("housing")).places] == ["health"]


async def test_choices_narrow_and_their_numbers_are_those_under_the_other_choice(hall: Hall) -> None:
    other = await world.space("other", moderators=[])
    await hall.published("word one", lang="en")
    await hall.published("word deux", lang="fr")
    await hall.published("word trois", lang="fr")
    assert await Question.filter(space_id=other.id).exists()
    results = await search("word")
    assert (results.counts.total, dict(results.counts.by_space), dict(results.counts.by_lang)) == (
        3,
        {hall.space.id: 3},
        {"en": 1, "fr": 2},
    )
    results = await search("word", lang="fr")
    assert (results.counts.total, len(results.comments), dict(results.counts.by_space)) == (2, 2, {hall.space.id: 2})
    assert dict(results.counts.by_lang) == {"en": 1, "fr": 2}
    results = await search("word", space="other")
    assert (results.counts.total, results.comments, dict(results.counts.by_lang)) == (0, [], {})
    assert dict(results.counts.by_space) == {hall.space.id: 3}


async def test_counting_stops_and_says_so(hall: Hall) -> None:
    for lang in ("en", "fr", "fr"):
        await hall.published("word", lang=lang)
    counts = (await searching.search(ANONYMOUS, Asked("word"), "en", most=2)).counts
    assert (counts.total, counts.more, dict(counts.by_lang)) == (2, True, {})
    counts = (await searching.search(ANONYMOUS, Asked("word", lang="en"), "en", most=2)).counts
    assert (counts.total, counts.more) == (1, False)
    counts = (await searching.search(ANONYMOUS, Asked("word", lang="fr"), "en", most=1)).counts
    assert (counts.total, counts.more) == (1, True)


async def test_pages_follow_each_other_without_gap_or_double(hall: Hall) -> None:
    made = [await hall.published(f"word {number}") for number in range(7)]
    listed: list[str] = []
    after: str | None = ""
    while after is not None:
        page = await search("word", after=after, limit=3)
        listed += [one.seen.id for one in page.comments]
        assert page.counts.total == 7
        after = page.next
    assert listed == made[::-1]
    held = await hall.held("word")
    for cursor in (held, "f" * 32):
        with pytest.raises(Refusal) as refused:
            await search("word", after=cursor)
        assert said(refused.value) == "after: page.cursor"


async def test_a_symbol_is_found(hall: Hall) -> None:
    await hall.published("one")
    second = await hall.published("two")
    assert await ids("RT4/Q1/2") == [second]


async def test_the_index_made_anew_is_the_same(hall: Hall) -> None:
    await hall.published("word old")
    gone = await hall.published("word gone")
    newer = await hall.published("word new")
    for state in NOWHERE:
        await comment(hall, state)
    await hall.decide(gone, Action.REMOVE)
    before = await ids("word")
    for _ in range(2):
        async with begin() as work:
            await index().clear(work.connection)
        assert await ids("word") == []
        count = await reindex()
        assert await ids("word") == before
        assert before[0] == newer
        assert count == 2 + 1 + 3, "comments, space and questions"
        assert await ids(CANARY) == []
    assert len(await rows("SELECT ref FROM search_documents WHERE kind <> '(whole)'")) == 6


async def test_a_search_costs_the_same_however_much_is_found(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    async def statements(lang: str = "", space: str = "") -> int:
        caplog.clear()
        with caplog.at_level(logging.DEBUG, "tortoise.db_client"):
            await search("word", ANONYMOUS, lang=lang, space=space)
        sent = [str(record.args[0]) for record in caplog.records if record.name == "tortoise.db_client" and record.args]  # type: ignore[index]
        return len([sql for sql in sent if sql.startswith("SELECT")])

    await hall.published("word")
    few = [await statements(), await statements(lang="en", space="hall")]
    for number in range(30):
        await hall.published(f"word {number}")
    assert [await statements(), await statements(lang="en", space="hall")] == few
    assert 4 <= min(few) <= max(few) <= 8


async def test_what_cannot_be_searched_is_refused_with_its_reason(hall: Hall) -> None:
    for text, reason in (
        ("", "search.empty"),
        ("?!", "search.empty"),
        ("\U0001f44d", "search.empty"),
        ("x" * 201, "field.too_long"),
    ):
        with pytest.raises(Refusal) as refused:
            await search(searching.tidy(text))
        assert said(refused.value) == f"q: {reason}"


async def test_each_language_finds_a_comment_by_another_inflection(hall: Hall) -> None:
    said_and_asked = {
        "ar": ("نرحب بالسياسات التي تحمي المهاجرين.", "سياسة مهاجر"),
        "en": ("States are protecting migrants in vulnerable situations.", "protect migrant vulnerability"),
        "es": ("Las delegaciones apoyan a los niños migrantes.", "delegacion nino"),
        "fr": ("L’intégration des réfugiées passe par l’accès à l’école.", "intégrations refugie acces ecole"),
        "ru": ("Уязвимость детей-мигрантов растёт.", "уязвимости дети мигрант"),
        "zh": ("应把移民纳入国家防灾计划。", "移民 防灾"),
    }
    for lang, (text, asked) in said_and_asked.items():
        shown = await hall.published(text, lang=lang)
        found = (await search(asked)).comments
        assert [one.seen.id for one in found] == [shown], lang
        marks = [piece.text for piece in found[0].pieces if piece.found]
        assert len(marks) >= 2, (lang, found[0].pieces)
        assert "".join(piece.text for piece in found[0].pieces) == text
    assert await Revision.all().count() == 6
