"""What people are told on the pages where they write: that a change has consequences, or that they may not write at the moment."""

from collections.abc import Callable, Iterator

import pytest

from forum.db.work import begin
from forum.discussions import cautions
from forum.kernel.actors import Capacity
from forum.kernel.messages import N_
from forum.people.models import RestrictionKind
from forum.people.restrictions import Terms, restrict
from forum.record.appending import lock
from tests.forum.discussions.views.reader import Hall
from tests.support import world

TOLD = N_(
    "Your appeal has not been answered yet. If you send a changed text, the appeal ends and the moderators read the new text."
)


Cautioned = Callable[[cautions.Cautioning], None]


@pytest.fixture
def cautioning() -> Iterator[Cautioned]:
    """Set what tells cautions, for one test."""
    before = cautions._cautioning
    yield cautions.install
    cautions.install(before)


@pytest.mark.parametrize("told", ["", TOLD])
async def test_the_form_of_a_change_tells_the_caution(place: Hall, cautioning: Cautioned, told: str) -> None:
    async def telling(_comment_id: str) -> str:
        return told

    cautioning(telling)
    comment_id = await world.post(await world.actor_for(place.ana), place.space, "First words.")
    ana = await place.signed_in(place.ana)
    english, french = [(await ana.get(f"/{lang}/spaces/hall/comments/{comment_id}/edit")).text for lang in ("en", "fr")]
    assert (TOLD in english) == bool(told)
    assert ("Votre recours n’a pas encore reçu de réponse" in french) == bool(told)


async def test_who_is_suspended_reads_so_where_the_form_is_for_others(place: Hall) -> None:
    ana, bo = await place.signed_in(place.ana), await place.signed_in(place.bo)
    assert 'name="body"' in (await ana.get(place.path)).text
    terms = Terms(place.ana.id or "", place.space.id, RestrictionKind.SUSPENDED)
    async with begin() as work:
        await lock(work, place.space.id)
        await restrict(work, terms, await world.actor_for(place.mona), Capacity.MODERATOR)
    html = (await ana.get(place.path)).text
    assert 'name="body"' not in html
    assert "You cannot write here at the moment" in html
    assert "You are suspended" in html
    assert 'name="body"' in (await bo.get(place.path)).text
