"""The life of a space: which step fits which state, what opening asks for, and what the clock does by itself."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forum.discussions import founding, opening, queries
from forum.discussions.events import SYSTEM, as_secretariat
from forum.discussions.forms import ExtensionForm, QuestionForm, SpaceForm
from forum.discussions.models import Deadline, Space, SpaceState
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Forbidden, Refusal
from forum.kernel.events import Fact
from forum.record.chain import verify
from tests.support import world

ZONE = "America/New_York"
START = datetime(2030, 2, 1, 12, tzinfo=UTC)


@pytest.fixture
async def facts(tmp_path: Path) -> AsyncIterator[list[Fact]]:
    async with world.database(tmp_path) as told:
        yield told


@pytest.fixture
async def clerk(facts: list[Fact]) -> Actor:
    return await world.actor_for(await world.person("Clerk", secretariat=True))


def form(**values: object) -> SpaceForm:
    given: dict[str, object] = {
        "slug": "rt4",
        "title": {"en": "Round table 4"},
        "policy": {"en": "Be kind."},
        "languages": ["en", "fr"],
        "premoderation": "none",
        "objectives": [1, 7],
        "zone": ZONE,
        "opens_at": "2030-03-01T09:00",
        "closes_at": "2030-03-31T23:59",
    }
    return SpaceForm.model_validate(given | values)


async def ready(clerk: Actor, **values: object) -> Space:
    """Found a space that lacks nothing."""
    made = await founding.found(clerk, form(**values))
    await founding.set_question(clerk, made.id, QuestionForm(number=1, text={"en": "What works?"}))
    await world.give_role(await world.person(f"Moderator of {made.slug}"), made)
    return made


class Watch:
    """A clock that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


STEPS = ("announce", "open", "close", "summarise", "archive")
ALLOWED = {
    SpaceState.DRAFT: {"announce": SpaceState.ANNOUNCED, "open": SpaceState.OPEN},
    SpaceState.ANNOUNCED: {"open": SpaceState.OPEN},
    SpaceState.OPEN: {"close": SpaceState.CLOSED},
    SpaceState.CLOSED: {"summarise": SpaceState.SUMMARISED, "archive": SpaceState.ARCHIVED},
    SpaceState.SUMMARISED: {"archive": SpaceState.ARCHIVED},
    SpaceState.ARCHIVED: {},
}
"""Everything not named here is refused."""


@pytest.mark.parametrize("state", list(SpaceState), ids=str)
@pytest.mark.parametrize("name", STEPS)
async def test_step(clerk: Actor, facts: list[Fact], state: SpaceState, name: str) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk)
        await Space.filter(id=made.id).update(state=state.value)
        facts.clear()
        after = ALLOWED[state].get(name)
        if after is None:
            with pytest.raises(Refusal) as refused:
                await opening.step(made.id, name, as_secretariat(clerk))
            assert refused.value.key == "space.state"
            assert (await Space.get(id=made.id)).state == state.value
            assert not facts
            return
        moved = await opening.step(made.id, name, as_secretariat(clerk))
    assert moved.state == (await Space.get(id=made.id)).state == after.value
    assert [(fact.kind, fact.data) for fact in facts] == [(opening.STEPS[name][2], {"before": state.value, "after": after.value})]
    assert (await verify(made.id)).ok


async def test_opening_names_everything_that_is_missing(clerk: Actor) -> None:
    bare = await founding.found(clerk, SpaceForm(slug="bare"))
    for name in ("announce", "open"):
        with pytest.raises(Refusal) as refused:
            await opening.step(bare.id, name, as_secretariat(clerk))
        assert refused.value.key == "space.missing"
        assert refused.value.params["missing"] == [what for what, _ in opening.NEEDED]
    assert (await Space.get(id=bare.id)).state == SpaceState.DRAFT.value


GAPS = [
    ({"title": {}}, "a title"),
    ({"policy": {"fr": "  "}}, "a moderation policy"),
    ({"premoderation": None}, "the pre-moderation mode"),
    ({"languages": []}, "the languages accepted"),
    ({"opens_at": ""}, "opening and closing times"),
    ({"closes_at": ""}, "opening and closing times"),
]


@pytest.mark.parametrize(("gap", "name"), GAPS, ids=[name for _, name in GAPS])
async def test_opening_names_what_is_missing(clerk: Actor, gap: dict[str, object], name: str) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk, **gap)
        assert await opening.missing(made) == [name]
        with pytest.raises(Refusal) as refused:
            await opening.step(made.id, "announce", as_secretariat(clerk))
        assert refused.value.params["missing"] == [name]
        whole = await ready(clerk, slug="whole")
        assert await opening.missing(whole) == []
        await opening.step(whole.id, "announce", as_secretariat(clerk))


async def test_a_space_whose_time_is_over_is_neither_announced_nor_opened(clerk: Actor) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk)
    with clock.running(Watch(datetime(2030, 4, 1, 3, 59, tzinfo=UTC))):
        for name in ("announce", "open"):
            with pytest.raises(Refusal) as refused:
                await opening.step(made.id, name, as_secretariat(clerk))
            assert refused.value.key == "space.over"


async def test_extension_keeps_the_old_deadline(clerk: Actor, facts: list[Fact]) -> None:
    watch = Watch(START)
    with clock.running(watch):
        made = await ready(clerk)
        await opening.step(made.id, "open", as_secretariat(clerk))
        facts.clear()
        for until in ("2030-04-15T12:00", "2030-04-30T23:59"):
            reason = ExtensionForm(closes_at=until, reason=" Delegations asked. ", reason_lang="en")
            await opening.extend(made.id, reason, as_secretariat(clerk))
    rows = [(row.before, row.closes_at, row.reason) for row in await Deadline.filter(space_id=made.id).order_by("id")]
    first, second, third = (
        datetime(2030, 4, 1, 3, 59, tzinfo=UTC),
        datetime(2030, 4, 15, 16, tzinfo=UTC),
        datetime(2030, 5, 1, 3, 59, tzinfo=UTC),
    )
    assert rows == [(None, first, ""), (first, second, "Delegations asked."), (second, third, "Delegations asked.")]
    assert [(one.before, one.after) for one in await queries.extensions(made.id)] == [(first, second), (second, third)]
    assert (await Space.get(id=made.id)).closes_at == third
    assert [fact.kind for fact in facts] == ["space.extended", "space.extended"]
    assert facts[0].data == {
        "before": "2030-04-01T03:59:00Z",
        "after": "2030-04-15T16:00:00Z",
        "zone": ZONE,
        "reason": "Delegations asked.",
    }
    assert all(fact.public and fact.public_seq for fact in facts)


NOT_LATER = [
    ("2030-03-31T23:59", "the same time"),
    ("2030-03-15T12:00", "an earlier time"),
    ("", "no time"),
]


@pytest.mark.parametrize("until", [until for until, _ in NOT_LATER], ids=[why for _, why in NOT_LATER])
async def test_extension_must_be_later(clerk: Actor, facts: list[Fact], until: str) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk)
        await opening.step(made.id, "announce", as_secretariat(clerk))
        facts.clear()
        with pytest.raises(Refusal) as refused:
            await opening.extend(made.id, ExtensionForm(closes_at=until, reason="Why not"), as_secretariat(clerk))
        assert refused.value.fields["closes_at"].key == "space.extend_later"
        assert await Deadline.filter(space_id=made.id).count() == 1
        assert not facts
        await opening.extend(made.id, ExtensionForm(closes_at="2030-04-01T00:00", reason="Now"), as_secretariat(clerk))


async def test_extension_after_the_deadline_must_lie_ahead(clerk: Actor) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk)
        await opening.step(made.id, "open", as_secretariat(clerk))
    with clock.running(Watch(datetime(2030, 4, 10, tzinfo=UTC))), pytest.raises(Refusal) as refused:
        await opening.extend(made.id, ExtensionForm(closes_at="2030-04-05T00:00", reason="Late"), as_secretariat(clerk))
    assert refused.value.fields["closes_at"].key == "space.extend_later"


@pytest.mark.parametrize("state", [one for one in SpaceState if one not in {SpaceState.ANNOUNCED, SpaceState.OPEN}], ids=str)
async def test_only_announced_and_open_spaces_are_extended(clerk: Actor, state: SpaceState) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk)
        await Space.filter(id=made.id).update(state=state.value)
        with pytest.raises(Refusal) as refused:
            await opening.extend(made.id, ExtensionForm(closes_at="2030-05-01T00:00", reason="More"), as_secretariat(clerk))
    assert refused.value.key == "space.state"


CHANGES = [
    ("2030-03-10T01:59", "2030-03-10T03:00", timedelta(minutes=1), "clocks go forward: an hour is left out"),
    ("2030-11-03T00:59", "2030-11-03T02:00", timedelta(hours=2, minutes=1), "clocks go back: an hour comes twice"),
]


@pytest.mark.parametrize(("opens", "closes", "lasts"), [row[:3] for row in CHANGES], ids=[row[3] for row in CHANGES])
async def test_the_clock_opens_and_closes(clerk: Actor, facts: list[Fact], opens: str, closes: str, lasts: timedelta) -> None:
    watch = Watch(START)
    author = await world.actor_for(await world.person("Author"))
    with clock.running(watch):
        made = await ready(clerk, opens_at=opens, closes_at=closes)
        await opening.step(made.id, "announce", as_secretariat(clerk))
        facts.clear()
        assert made.opens_at is not None
        assert made.closes_at is not None
        assert made.closes_at - made.opens_at == lasts
        watch.at = made.opens_at - timedelta(seconds=1)
        assert await opening.tick() == 0
        watch.at = made.opens_at
        assert (await opening.tick(), await opening.tick()) == (1, 0)
        watch.at = made.closes_at - timedelta(seconds=1)
        assert await opening.tick() == 0
        space = await Space.get(id=made.id)
        await world.post(author, space, "In time.")
        watch.at = made.closes_at
        # Before anybody has looked at the clock, the deadline holds to the second.
        with pytest.raises(Forbidden) as refused:
            await world.post(author, await Space.get(id=made.id), "Too late.")
        assert refused.value.key == "space.not_open"
        assert (await opening.tick(), await opening.tick()) == (1, 0)
    assert (await Space.get(id=made.id)).state == SpaceState.CLOSED.value
    told = [(fact.kind, fact.capacity.value, fact.at) for fact in facts if fact.kind.startswith("space.")]
    assert told == [("space.opened", "system", made.opens_at), ("space.closed", "system", made.closes_at)]
    assert (await verify(made.id)).ok


@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
async def test_a_time_that_clocks_leave_out_is_refused(clerk: Actor, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        await founding.found(clerk, form(**{"opens_at": "2030-03-09T09:00", field: "2030-03-10T02:30"}))
    assert refused.value.fields[field].key == "field.time_gap"
    await founding.found(clerk, form(zone="Europe/Zurich", **{"opens_at": "2030-03-09T09:00", field: "2030-03-10T02:30"}))


async def test_the_clock_leaves_an_unready_space_announced(clerk: Actor, facts: list[Fact]) -> None:
    with clock.running(Watch(START)):
        made = await ready(clerk)
        await opening.step(made.id, "announce", as_secretariat(clerk))
        await founding.drop_question(clerk, made.id, 1)
        facts.clear()
    with clock.running(Watch(datetime(2030, 3, 2, tzinfo=UTC))):
        assert await opening.tick() == 0
        assert (await Space.get(id=made.id)).state == SpaceState.ANNOUNCED.value
        assert not facts
        await founding.set_question(clerk, made.id, QuestionForm(number=1, text={"en": "Again?"}))
        assert await opening.tick() == 1


async def test_an_unknown_space_is_not_found(facts: list[Fact]) -> None:
    with pytest.raises(Refusal) as refused:
        await opening.step("0" * 32, "open", SYSTEM)
    assert refused.value.status == 404
