"""What the queue finds and counts: every choice against a plain reckoning over all the cases, on both databases."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.people.models import EntityKind, Person
from moderation.cases import text_of
from moderation.claims import claim
from moderation.decisions import decide
from moderation.fairness import Matter, recused
from moderation.forms import DecisionForm
from moderation.models import Action, Case, Proposal
from moderation.queue.facets import facets
from moderation.queue.filters import DUE, LATE, NO_REGION, TODAY, QueueFilter, read_filter, read_query
from moderation.queue.queries import desk_of, queue, slots_of
from moderation.rules.models import ModeratorScope
from moderation.rules.settings import settings_of
from tests.moderation import past
from tests.moderation import scene as scenes
from tests.moderation.scene import Scene
from tests.support.world import actor_for, affiliate, entity, give_role, person, post

REGION = "africa"


@pytest.fixture
def noon() -> Iterator[None]:
    """Time stands still: what is due today is not late before the test ends."""
    with past.at(past.NOON):
        yield


async def filled(scene: Scene) -> Actor:
    """Fill both spaces by chance with cases of every kind, and return a moderator of both."""
    for where in (scene.hall, scene.annex):
        await past.open_for_long(where)
    chance = random.Random(4)
    both = await Person.get(id=scene.mona.person_id)
    await give_role(both, scene.annex)
    kenya = await entity("Kenya", EntityKind.STATE, "KEN")
    delegate = await person("Delia")
    await affiliate(delegate, kenya)
    authors = [(scene.asma, ""), (await actor_for(delegate), kenya.id)]
    for number in range(24):
        author, capacity = authors[number % 2]
        where = scene.annex if number % 5 == 0 else scene.hall
        lang = chance.choice(("en", "fr", "ar"))
        await post(author, where, f"Text {number}.", question=chance.choice((1, 2)), lang=lang, capacity=capacity)
    await scenes.edited(scene)
    await scenes.resubmitted(scene)
    await past.report(scene.omar, await scenes.published(scene))
    await past.appeal(scene.asma, await scenes.rejected(scene))
    mona = await actor_for(both)
    now = clock.now()
    open_cases = await Case.filter(state="open").order_by("id")
    for number, case in enumerate(open_cases):
        case.due_at = now + (timedelta(days=9), timedelta(seconds=1), -timedelta(hours=number + 1))[number % 3]
        await case.save(update_fields=["due_at"])
    await claim(mona, open_cases[3].id)
    await claim(scene.malik, open_cases[4].id)
    return mona


async def reckoned(actor: Actor, wanted: QueueFilter) -> list[str]:
    """Return the ids of what is wanted, reckoned case by case."""
    desk = await desk_of(actor)
    spaces = {one.id: one for one in desk.spaces}
    proposed = {one.case_id for one in await Proposal.filter(needs_second=True)}
    found = []
    for case in await Case.filter(state="open").order_by("id"):
        space = spaces.get(case.space_id)
        if space is None or not space.sees(case.lang) or wanted.space not in ("", space.slug):
            continue
        due = case.due_at
        fits = (
            wanted.question in (0, case.question_number),
            wanted.lang in ("", case.lang),
            not wanted.region or case.region == ("" if wanted.region == NO_REGION else wanted.region),
            wanted.kind in ("", case.kind),
            wanted.due != LATE or (due is not None and due < desk.now),
            wanted.due != TODAY or (due is not None and desk.now <= due < space.day_ends(desk.now)),
            not wanted.mine or case.claimed_by_id == actor.person_id,
            not wanted.second or case.id in proposed,
        )
        if all(fits) and not (wanted.may and await why_not(actor, case)):
            found.append((due if wanted.due else 0, case.id))
    return [one for _, one in sorted(found)]


async def why_not(actor: Actor, case: Case) -> str:
    comment, _ = await text_of(case)
    return await recused(actor, Matter(case, comment, await settings_of(case.space_id)))


async def found_by(actor: Actor, wanted: QueueFilter, limit: int) -> list[str]:
    """Return the ids on all pages of the queue, one after the other."""
    ids, after = [], ""
    while True:
        page = await queue(actor, wanted.at(wanted.state, wanted.comment, after), "en", limit)
        ids += [one.id for one in page.items]
        if not page.next:
            return ids
        after = page.next


async def test_every_choice_finds_what_a_plain_reckoning_finds(scene: Scene, noon: None) -> None:
    """Alone and two by two, in pages of seven, in the order that is promised."""
    mona = await filled(scene)
    one_each: list[dict[str, Any]] = [
        {"space": "hall"},
        {"question": 1},
        {"lang": "fr"},
        {"region": NO_REGION},
        {"region": REGION},
        {"mine": True},
    ]
    one_each += [{"second": True}, {"may": True}]
    one_each += [{"kind": kind} for kind in ("new", "edit", "resubmission", "report", "appeal")] + [{"due": due} for due in DUE]
    found_anything = 0
    for first, second in itertools.combinations_with_replacement(one_each, 2):
        wanted = QueueFilter(**{**first, **second})
        expected = await reckoned(mona, wanted)
        assert await found_by(mona, wanted, 7) == expected, wanted
        found_anything += bool(expected)
    assert found_anything > 30


async def test_counts_are_what_would_be_found(scene: Scene, noon: None) -> None:
    """Each value of each filter, under the other choices, says how many cases choosing it would find."""
    mona = await filled(scene)
    for wanted in (QueueFilter(), QueueFilter(space="hall", lang="en"), QueueFilter(due=LATE), QueueFilter(kind="new", may=True)):
        desk = await desk_of(mona)
        known = await facets(desk, wanted, await slots_of(desk))
        assert known.total.n == len(await reckoned(mona, wanted))
        for name, values in known.values.items():
            without = wanted.without("space", "question") if name == "space" else wanted.without(name)
            for value, count in values.items():
                chosen: dict[str, Any] = {name: int(value or 0) if name == "question" else value}
                asked = replace(without, **chosen)
                assert count.n == len(await reckoned(mona, asked)), (wanted, name, value)
        flagged: dict[str, dict[str, Any]] = {
            LATE: {"due": LATE},
            TODAY: {"due": TODAY},
            "mine": {"mine": True},
            "second": {"second": True},
        }
        for flag, more in flagged.items():
            assert known.flags[flag].n == len(await reckoned(mona, replace(wanted, **more))), (wanted, flag)


async def test_a_moderator_of_some_languages_sees_and_counts_those(scene: Scene) -> None:
    await filled(scene)
    await ModeratorScope.create(person_id=scene.malik.person_id, space_id=scene.hall.id, languages=["fr", "ar"])
    expected = [one.id for one in await Case.filter(state="open", space_id=scene.hall.id, lang__in=["fr", "ar"]).order_by("id")]
    assert await found_by(scene.malik, QueueFilter(), 5) == expected != []
    assert await found_by(scene.malik, QueueFilter(lang="en"), 5) == []
    desk = await desk_of(scene.malik)
    known = await facets(desk, QueueFilter(), await slots_of(desk))
    assert known.total.n == len(expected)
    assert set(known.values["lang"]) == {"", "fr", "ar"}


async def test_what_waits_for_a_second_moderator_is_found(scene: Scene) -> None:
    kenya = await entity("Kenya", EntityKind.STATE, "KEN")
    delegate = await person("Delia")
    await affiliate(delegate, kenya)
    comment_id = await post(await actor_for(delegate), scene.hall, "For Kenya.", capacity=kenya.id)
    case = await scenes.case_of(comment_id)
    await post(scene.asma, scene.hall, "Another.")
    await decide(scene.mona, case.id, DecisionForm(action=Action.REJECT, reason="hate", version=case.version))
    assert await found_by(scene.malik, QueueFilter(second=True), 5) == [case.id]
    assert len(await found_by(scene.malik, QueueFilter(), 5)) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "lost"},
        {"question": "x"},
        {"question": "0"},
        {"question": "99999"},
        {"text_lang": "de"},
        {"region": "atlantis"},
        {"kind": "x"},
        {"due": "now"},
        {"mine": "yes"},
        {"after": "'"},
    ],
)
def test_what_there_is_not_is_refused(asked: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        read_filter(asked)
    assert set(refused.value.fields) == set(asked)


def test_an_address_says_what_is_asked_for() -> None:
    """Written and read again it is the same filter; what cannot be read any more is everything that waits."""
    for wanted in (
        QueueFilter(),
        QueueFilter(
            space="hall", question=3, lang="ar", region=NO_REGION, kind="edit", due=LATE, mine=True, second=True, may=True
        ),
        QueueFilter(state=""),
        QueueFilter(state="decided", comment="abc"),
    ):
        assert read_query(wanted.query) == wanted
    assert read_query("kind=lost") == read_query("&&&=") == QueueFilter()
