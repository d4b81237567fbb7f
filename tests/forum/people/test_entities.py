"""Entities: the reference list in each language's own order, and what the secretariat adds."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, Refusal
from forum.kernel.locales import LANGS
from forum.people import entities
from forum.people.entities import Known
from forum.people.forms import NewEntity
from forum.people.models import Entity, EntityKind
from tests.support import world

NAMES = {
    "AUT": {"ar": "النمسا", "zh": "奥地利", "en": "Austria", "fr": "Autriche", "ru": "Австрия", "es": "Austria"},
    "DEU": {"ar": "ألمانيا", "zh": "德国", "en": "Germany", "fr": "Allemagne", "ru": "Германия", "es": "Alemania"},
    "EGY": {"ar": "مصر", "zh": "埃及", "en": "Egypt", "fr": "Égypte", "ru": "Египет", "es": "Egipto"},
}
RANKS = {
    "AUT": {"ar": 3, "zh": 2, "en": 1, "fr": 2, "ru": 1, "es": 2},
    "DEU": {"ar": 1, "zh": 3, "en": 3, "fr": 1, "ru": 2, "es": 1},
    "EGY": {"ar": 2, "zh": 1, "en": 2, "fr": 3, "ru": 3, "es": 3},
}
SEC = Actor(person_id="1" * 32, is_secretariat=True)


@pytest.fixture(autouse=True)
async def opened(tmp_path: Path) -> AsyncIterator[None]:
    async with world.database(tmp_path):
        yield


def known(code: str, kind: EntityKind = EntityKind.STATE) -> Known:
    return Known(kind, code, NAMES[code], RANKS[code])


def new(code: str = "IOM", kind: str = "un_body", **names: str) -> NewEntity:
    return NewEntity.model_validate({"kind": kind, "code": code, "acronym": "IOM", "name_en": "Migration Body", **names})


@pytest.mark.parametrize("lang", LANGS)
async def test_each_language_has_its_own_order(lang: str) -> None:
    await entities.load([known("EGY"), known("DEU"), known("AUT")])
    expected = sorted(RANKS, key=lambda code: RANKS[code][lang])
    listed = (await entities.listed(lang))["state"]
    assert [one.code for one in listed] == expected
    assert [one.name for one in listed] == [NAMES[code][lang] for code in expected]


async def test_the_kinds_are_listed_apart_and_all_are_there() -> None:
    await entities.load([known("EGY"), known("DEU", EntityKind.OBSERVER)])
    listed = await entities.listed("en")
    assert {kind: [one.code for one in ones] for kind, ones in listed.items() if ones} == {"state": ["EGY"], "observer": ["DEU"]}
    assert list(listed) == [kind.value for kind in EntityKind]


async def test_loading_again_changes_names_and_keeps_ids() -> None:
    await entities.load([known("EGY"), known("DEU")])
    before = {one.code: one.id for one in await Entity.filter()}
    renamed = Known(EntityKind.STATE, "EGY", NAMES["EGY"] | {"en": "Arab Republic of Egypt"}, RANKS["EGY"])
    assert await entities.load([renamed, known("DEU")]) == 2
    assert {one.code: one.id for one in await Entity.filter()} == before
    assert (await Entity.get(code="EGY")).name_in("en") == "Arab Republic of Egypt"


async def test_what_the_secretariat_adds_repeats_the_english_name_where_another_is_missing() -> None:
    made = await entities.add(new(name_fr="Organe", name_ar="  "), SEC)
    assert [made.name_in(lang) for lang in ("en", "fr", "ar")] == ["Migration Body", "Organe", "Migration Body"]


async def test_nobody_else_adds() -> None:
    for actor in (Actor(), Actor(person_id="1" * 32)):
        with pytest.raises(Forbidden):
            await entities.add(new(), actor)
    assert await Entity.filter().count() == 0


async def test_a_code_is_taken_once_within_its_kind_even_at_once() -> None:
    results = await asyncio.gather(*(entities.add(new(), SEC) for _ in range(10)), return_exceptions=True)
    refused = [one for one in results if isinstance(one, Refusal)]
    assert len(refused) == 9
    assert {key for one in refused for key in one.fields} == {"code"}
    await entities.add(new(kind="organization"), SEC)


async def test_a_code_that_two_kinds_share_still_finds_one() -> None:
    for kind in ("un_body", "organization"):
        await entities.add(new("MIG", kind), SEC)
    for wanted in ("MIG", "IOM"):
        found = await entities.by_code(wanted)
        assert found is not None
        assert found.code == "MIG"
    assert await entities.by_code("XXX") is None


async def test_names_come_in_the_order_asked_for() -> None:
    await entities.load([known("EGY"), known("DEU"), known("AUT")])
    by_code = {one.code: one.id for one in await Entity.filter()}
    wanted = [by_code["DEU"], "0" * 32, by_code["AUT"], by_code["DEU"]]
    assert [one.name for one in await entities.named(wanted, "fr")] == ["Allemagne", "Autriche"]
    assert await entities.named([], "fr") == []
