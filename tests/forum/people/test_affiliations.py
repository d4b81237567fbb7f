"""Affiliations: anyone declares, the secretariat alone decides."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.kernel.actors import ANONYMOUS, Actor, Role
from forum.kernel.errors import Forbidden, NotFound, Refusal
from forum.kernel.events import Fact
from forum.people import affiliations
from forum.people.forms import NewAffiliation
from forum.people.models import Affiliation, AffiliationStatus, Entity
from tests.support import world

VERIFIED, REFUSED, ENDED, DECLARED = (
    AffiliationStatus.VERIFIED,
    AffiliationStatus.REFUSED,
    AffiliationStatus.ENDED,
    AffiliationStatus.DECLARED,
)


@pytest.fixture(autouse=True)
async def told(tmp_path: Path) -> AsyncIterator[list[Fact]]:
    async with world.database(tmp_path) as facts:
        yield facts


async def delegate() -> Actor:
    return await world.actor_for(await world.person("Awa"))


async def secretariat() -> Actor:
    return await world.actor_for(await world.person("Sec", secretariat=True))


async def declared(actor: Actor, entity: Entity | None = None) -> Affiliation:
    entity = entity or await world.entity("Kenya", code="KEN")
    return await affiliations.declare(actor, NewAffiliation(entity=entity.id, title=" First Secretary "))


async def test_what_is_declared_waits_and_lets_nobody_speak(told: list[Fact]) -> None:
    awa = await delegate()
    made = await declared(awa)
    assert awa.person_id is not None
    assert await affiliations.may_speak_for(awa.person_id, "fr") == []
    (waiting,) = await affiliations.waiting("fr")
    assert (waiting.person_name, waiting.entity_name, waiting.title, waiting.status) == (
        "Awa",
        "Kenya",
        "First Secretary",
        "declared",
    )
    assert (told[-1].kind, told[-1].subject) == ("affiliation.declared", made.id)


async def test_once_verified_it_may_be_spoken_for(told: list[Fact]) -> None:
    awa, sec = await delegate(), await secretariat()
    made = await declared(awa)
    await affiliations.decide(made.id, VERIFIED, sec)
    assert awa.person_id is not None
    (speaking,) = await affiliations.may_speak_for(awa.person_id, "en")
    assert (speaking.entity_code, speaking.entity_kind) == ("KEN", "state")
    assert await affiliations.waiting("en") == []
    assert (told[-1].kind, told[-1].capacity, told[-1].actor_id) == ("affiliation.verified", "secretariat", sec.person_id)
    row = await Affiliation.get()
    assert row.decided_by_id == sec.person_id
    assert row.decided_at is not None


@pytest.mark.parametrize(
    "who",
    [
        ANONYMOUS,
        Actor(person_id="1" * 32),
        Actor(person_id="1" * 32, roles={"2" * 32: frozenset(Role)}),
    ],
    ids=["anonymous", "somebody", "moderator"],
)
@pytest.mark.parametrize("status", [VERIFIED, REFUSED, ENDED])
async def test_nobody_else_decides_not_even_the_person(who: Actor, status: AffiliationStatus, told: list[Fact]) -> None:
    awa = await delegate()
    made = await declared(awa)
    for actor in (who, awa):
        with pytest.raises(Forbidden):
            await affiliations.decide(made.id, status, actor)
    assert (await Affiliation.get()).status == DECLARED
    assert [fact.kind for fact in told] == ["affiliation.declared"]


@pytest.mark.parametrize(
    ("decisions", "possible", "why"),
    [
        ([VERIFIED], True, "declared, then verified"),
        ([REFUSED], True, "declared, then refused"),
        ([VERIFIED, VERIFIED], False, "the same twice"),
        ([REFUSED, REFUSED], False, "the same twice"),
        ([REFUSED, VERIFIED], True, "a refusal can be put right"),
        ([VERIFIED, ENDED], True, "people move on"),
        ([VERIFIED, ENDED, VERIFIED], False, "what has ended stays so"),
        ([VERIFIED, ENDED, ENDED], False, "what has ended stays so"),
        ([VERIFIED, ENDED, REFUSED], False, "what has ended stays so"),
        ([DECLARED], False, "it is declared already"),
    ],
)
async def test_in_which_order_it_is_decided(decisions: list[AffiliationStatus], possible: bool, why: str) -> None:
    made, sec = await declared(await delegate()), await secretariat()
    for decision in decisions[:-1]:
        await affiliations.decide(made.id, decision, sec)
    if possible:
        await affiliations.decide(made.id, decisions[-1], sec)
        assert (await Affiliation.get()).status == decisions[-1], why
    else:
        with pytest.raises(Refusal, match=r"affiliation\.settled"):
            await affiliations.decide(made.id, decisions[-1], sec)


async def test_of_two_same_decisions_at_once_one_is_told(told: list[Fact]) -> None:
    made, sec = await declared(await delegate()), await secretariat()
    results = await asyncio.gather(*(affiliations.decide(made.id, VERIFIED, sec) for _ in range(10)), return_exceptions=True)
    assert [result for result in results if result is None] == [None]
    assert [fact.kind for fact in told].count("affiliation.verified") == 1


async def test_one_entity_is_declared_once(told: list[Fact]) -> None:
    awa, kenya = await delegate(), await world.entity("Kenya")
    results = await asyncio.gather(*(declared(awa, kenya) for _ in range(10)), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Refusal)]
    assert len(refused) == 9
    assert {refusal.fields["entity"].key for refusal in refused} == {"affiliation.known"}
    assert len(told) == 1


async def test_an_unknown_entity_and_an_unknown_affiliation() -> None:
    with pytest.raises(Refusal) as refused:
        await affiliations.declare(await delegate(), NewAffiliation(entity="0" * 32))
    assert list(refused.value.fields) == ["entity"]
    with pytest.raises(NotFound):
        await affiliations.decide("0" * 32, VERIFIED, await secretariat())
