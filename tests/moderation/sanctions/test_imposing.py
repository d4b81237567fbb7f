"""Who may impose what on whom, what it does at once, and that it is over by itself."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from forum.discussions.models import Comment
from forum.kernel import clock
from forum.kernel.actors import Actor, Capacity, Role
from forum.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn, Refusal
from forum.kernel.events import FORUM_LOG, Fact
from forum.people import accounts, sessions
from forum.people.accounts import Suspended
from forum.people.forms import Credentials
from forum.people.models import Person, Restriction, SessionKind, SpaceRole
from forum.record.models import Entry
from forum.web.forms import parse
from moderation.policy import require_team
from moderation.sanctions.forms import SanctionForm
from moderation.sanctions.imposing import impose
from moderation.sanctions.models import Sanction, SanctionKind, SanctionState
from moderation.sanctions.policy import POWERS, Office, state_of
from tests.moderation import scene as scenes
from tests.moderation.sanctions.acts import CANARY, at, form_of, now, sanction
from tests.moderation.scene import Scene, case_of
from tests.support.world import PASSWORD, actor_for, give_role

KINDS = [kind.value for kind in SanctionKind]
ROWS: list[tuple[str, str, str, str, str]] = [
    # what, who, about whom, where, and what comes of it: nothing to object, or the key of the refusal
    ("a moderator in their own space", "mona", "asma", "hall", ""),
    ("no moderator in another space", "omar", "asma", "hall", "not_found"),
    ("nor in one that there is not", "mona", "asma", "nowhere", "not_found"),
    ("no moderator in the whole forum", "mona", "asma", "", "sanction.forum"),
    ("nobody about themselves", "mona", "mona", "hall", "sanction.own"),
    ("no moderator about another one of the space", "mona", "malik", "hall", "sanction.team"),
    ("but about one of another space", "mona", "omar", "hall", ""),
    ("no moderator about the secretariat", "mona", "clerk", "hall", "sanction.team"),
    ("no participant", "asma", "mona", "hall", "not_found"),
    ("the secretariat in any space", "clerk", "asma", "annex", ""),
    ("the secretariat in the whole forum", "clerk", "asma", "", ""),
    ("the secretariat about a moderator", "clerk", "mona", "hall", ""),
    ("the secretariat about one of its own", "clerk", "second_clerk", "", ""),
    ("not about oneself there either", "clerk", "clerk", "", "sanction.own"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("what", "who", "whom", "where", "key"), ROWS, ids=[row[0] for row in ROWS])
async def test_who_may(
    scene: Scene, clerk: Actor, second_clerk: Actor, kind: str, what: str, who: str, whom: str, where: str, key: str
) -> None:
    cast = {
        "clerk": clerk,
        "second_clerk": second_clerk,
        **{name: getattr(scene, name) for name in ("mona", "malik", "omar", "asma")},
    }
    if not key:
        made = await sanction(cast[who], cast[whom], kind, where)
        assert (made.kind, made.person_id, state_of(made)) == (kind, cast[whom].person_id, SanctionState.ACTIVE)
        return
    with pytest.raises((Forbidden, NotFound)) as refused:
        await sanction(cast[who], cast[whom], kind, where)
    assert refused.value.key == key
    assert await Sanction.all().count() == await Restriction.all().count() == 0


def test_the_table_is_whole() -> None:
    assert set(POWERS) == set(Office)
    with pytest.raises(NotSignedIn):
        require_team(Actor())


async def test_a_suspended_moderator_has_no_office_where_they_are_suspended(scene: Scene, clerk: Actor) -> None:
    await sanction(clerk, scene.mona)
    mona = await now(scene.mona)
    assert not mona.is_moderator
    with pytest.raises(NotFound):
        await sanction(mona, scene.asma)
    with pytest.raises(Forbidden):
        require_team(mona)
    await give_role(await Person.get(id=mona.person_id), scene.annex)
    assert (await now(mona)).moderated_spaces == {scene.annex.id}
    # They are of the team still: another moderator does not become their judge.
    with pytest.raises(Forbidden):
        await sanction(scene.malik, scene.mona, "warn")


@pytest.mark.parametrize(
    ("who", "change", "field"),
    [
        ("mona", {"reason": ""}, "reason"),
        ("mona", {"reason": "because"}, "reason"),
        ("mona", {"text": " \n"}, "text"),
        ("mona", {"text": "x" * 4001}, "text"),
        ("mona", {"days": None}, "days"),
        ("mona", {"days": 0}, "days"),
        ("mona", {"days": 91}, "days"),
        ("mona", {"days": "7"}, "days"),
        ("clerk", {"days": 3651}, "days"),
        ("mona", {"kind": "ban"}, "kind"),
        ("mona", {"kind": "slow", "every": None}, "every"),
        ("mona", {"kind": "slow", "every": 59}, "every"),
        ("mona", {"case": "f" * 32}, "case"),
        ("mona", {"text_lang": "tlh"}, "text_lang"),
    ],
)
async def test_what_is_wrong_is_named(scene: Scene, clerk: Actor, who: str, change: dict[str, Any], field: str) -> None:
    """The same sanction without the fault goes through."""
    by = clerk if who == "clerk" else scene.mona
    good = form_of(scene.asma).model_dump(mode="json")
    with pytest.raises(Refusal) as refused:
        await impose(by, parse(SanctionForm, good | change))
    assert list(refused.value.fields) == [field]
    assert (await impose(by, parse(SanctionForm, good))).version == 1


async def test_without_an_end_for_the_secretariat_alone(scene: Scene, clerk: Actor) -> None:
    made = await sanction(clerk, scene.asma, days=None)
    assert made.ends_at is None
    far = clock.now() + timedelta(days=9999)
    with clock.running(lambda: far):
        assert state_of(made) is SanctionState.ACTIVE
        assert (await now(scene.asma)).barred == {scene.hall.id}


async def test_the_case_it_follows_from_is_the_person_s_own(scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    assert (await sanction(scene.mona, scene.asma, "warn", case=case.id)).case_id == case.id
    with pytest.raises(Refusal) as refused:
        await sanction(scene.mona, scene.omar, "warn", case=case.id)
    assert "case" in refused.value.fields


async def test_of_many_who_impose_the_same_at_once_one_does(scene: Scene, facts: list[Fact]) -> None:
    """The others learn who; another kind, another space and another person are no conflict."""
    answers = await asyncio.gather(*(sanction(by, scene.asma) for by in (scene.mona, scene.malik) * 5), return_exceptions=True)
    done = [one for one in answers if isinstance(one, Sanction)]
    refused = [one for one in answers if isinstance(one, Conflict)]
    assert (len(done), len(refused)) == (1, 9)
    imposer = (await Person.get(id=done[0].imposed_by_id)).name
    assert {one.current["by"] for one in refused} == {one.params["name"] for one in refused} == {imposer}
    assert {one.current["id"] for one in refused} == {done[0].id}
    assert [fact.kind for fact in facts] == ["sanction.imposed", "person.restricted"]
    assert await Sanction.all().count() == await Restriction.all().count() == 1
    await sanction(scene.mona, scene.asma, "hold")
    await sanction(scene.mona, scene.omar)


async def test_what_is_told_stays_in_one_log_and_without_words(scene: Scene, clerk: Actor, facts: list[Fact]) -> None:
    for by, where, log in ((scene.mona, "hall", scene.hall.id), (clerk, "", FORUM_LOG)):
        facts.clear()
        made = await sanction(by, scene.asma, "suspend", where)
        assert {fact.log for fact in facts} == {log}
        assert {fact.kind for fact in facts} == {"sanction.imposed", "person.restricted" if where else "person.suspended"}
        told = facts[0]
        assert (told.subject, told.public, told.public_seq) == (made.id, False, None)
        assert told.capacity == (Capacity.MODERATOR if where else Capacity.SECRETARIAT)
        assert made.ends_at is not None
        until = clock.rfc3339(made.ends_at)
        assert told.data == {"sanction": made.id, "person": made.person_id, "kind": "suspend", "reason": "hate", "until": until}
    assert CANARY not in "".join([entry.data for entry in await Entry.all()])


async def test_it_is_over_by_itself(scene: Scene) -> None:
    """No job is needed: at its end the sanction has ended, the person is free, and the same can be imposed anew."""
    scene.hall.closes_at = None
    await scene.hall.save()
    made = await sanction(scene.mona, scene.asma, days=2)
    assert made.ends_at is not None
    assert (await now(scene.asma)).barred == {scene.hall.id}
    with at(made.ends_at - timedelta(seconds=1)):
        assert state_of(made) is SanctionState.ACTIVE
        with pytest.raises(Conflict):
            await sanction(scene.malik, scene.asma)
    with at(made.ends_at):
        assert state_of(made) is SanctionState.ENDED
        assert (await now(scene.asma)).barred == frozenset()
        assert await scenes.held(scene)
        again = await sanction(scene.malik, scene.asma)
        assert state_of(again) is SanctionState.ACTIVE
        assert (await Sanction.get(id=made.id)).state == SanctionState.ENDED.value


async def test_a_warning_changes_nothing_but_is_there(scene: Scene) -> None:
    await sanction(scene.mona, scene.asma, "warn")
    assert await Restriction.all().count() == 0
    assert (await Comment.get(id=await scenes.held(scene))).state == "held"


async def test_suspended_from_the_forum(scene: Scene, clerk: Actor, facts: list[Fact]) -> None:
    """Sessions end at once; signing in says until when; at the end the account is open by itself."""
    asma = await Person.get(id=scene.asma.person_id)
    secret = await sessions.open_session(asma, SessionKind.WEB)
    form = Credentials(email=asma.email, password=PASSWORD)
    made = await sanction(clerk, scene.asma, "suspend", "")
    assert await sessions.resolve(secret) is None
    with pytest.raises(Suspended) as refused:
        await accounts.sign_in(form)
    assert (refused.value.key, refused.value.until) == ("signin.suspended_until", made.ends_at)
    with pytest.raises(Refusal) as wrong:
        await accounts.sign_in(Credentials(email=asma.email, password="another"))
    assert wrong.value.key == "signin.failed"
    assert made.ends_at is not None
    with at(made.ends_at):
        assert (await accounts.sign_in(form)).id == asma.id
        late = await sessions.open_session(asma, SessionKind.WEB)
        assert await sessions.resolve(late)


async def test_an_account_that_is_opened_is_under_no_suspension_any_more(scene: Scene, clerk: Actor, facts: list[Fact]) -> None:
    made = await sanction(clerk, scene.asma, "suspend", "")
    facts.clear()
    await accounts.restore(made.person_id, clerk)
    assert [fact.kind for fact in facts] == ["person.restored", "sanction.lifted"]
    found = await Sanction.get(id=made.id)
    assert (found.state, found.ended_by_id, found.version) == (SanctionState.LIFTED.value, clerk.person_id, 2)


async def test_roles_come_back_with_the_end(scene: Scene, clerk: Actor) -> None:
    made = await sanction(clerk, scene.mona)
    assert await SpaceRole.exists(person_id=scene.mona.person_id, role=Role.MODERATOR.value)
    assert made.ends_at is not None
    with at(made.ends_at):
        assert (await actor_for(await Person.get(id=made.person_id))).moderates(scene.hall.id)


async def test_nobody_there(scene: Scene, clerk: Actor) -> None:
    stranger = Actor(person_id="f" * 32)
    for by, where in ((scene.mona, "hall"), (clerk, "")):
        with pytest.raises(NotFound):
            await sanction(by, stranger, "warn", where)
    assert await Sanction.all().count() == 0
