"""A moderator who has written the text is, for it, its author: what moderators weigh among themselves is closed to them."""

from collections.abc import Awaitable, Callable

import pytest

from forum.kernel.errors import Forbidden
from moderation.claims import claim, take_over
from moderation.models import Action, Note
from tests.moderation import scene as scenes
from tests.moderation.appeals.asking import appeal_against
from tests.moderation.desk import Browser, browser, main_of
from tests.moderation.scene import Scene, case_of, settle
from tests.moderation.test_proposing import of_state

NOTE, LETTER = "SECRETNOTE", "LETTER"


async def rejected(scene: Scene) -> str:
    comment_id = await scenes.held(scene)
    await settle(scene.mona, comment_id, Action.REJECT, note=NOTE, text=LETTER)
    return comment_id


async def asked(who: Browser, comment_id: str) -> list[str]:
    """Return every page and answer of the desk on which a decision on the comment is shown."""
    case = await case_of(comment_id)
    pages = [f"/en/moderation/cases/{case.id}", "/en/moderation?state=all", "/en/moderation/audit"]
    answers = [f"/{case.id}", f"/{case.id}/decisions", f"/{case.id}/appeal", "?state=decided", f"?comment={comment_id}"]
    return [(await who.get(one)).text for one in pages] + [(await who.api("GET", one)).text for one in answers]


@pytest.mark.parametrize("appealed", [False, True])
async def test_no_note_reaches_the_author(scene: Scene, mona: Browser, appealed: bool) -> None:
    comment_id = await rejected(scene)
    asma = await scenes.moderator_who_writes(scene)
    if appealed:
        await appeal_against(asma, comment_id)
    told = await asked(await browser(mona.app, asma), comment_id)
    assert not [one for one in told if NOTE in one]
    assert sum(NOTE in one for one in await asked(mona, comment_id)) >= 4, "others read it, on pages and in answers"


async def test_what_is_proposed_is_not_for_the_author(scene: Scene, mona: Browser) -> None:
    """That a decision waits for a second moderator is told, its words are not: nothing is decided yet."""
    comment_id = await of_state(scene)
    await settle(scene.mona, comment_id, Action.REJECT, note=NOTE, text=LETTER, facts="FACTS")
    asma = await browser(mona.app, await scenes.moderator_who_writes(scene))
    told = await asked(asma, comment_id)
    assert "A second moderator must agree" in told[0]
    assert not [one for one in told for words in (NOTE, LETTER, "FACTS") if words in one]
    malik = await browser(mona.app, scene.malik)
    case = await case_of(comment_id)
    proposal = (await malik.api("GET", f"/{case.id}")).json()["proposal"]
    assert (proposal["note"], proposal["text"], proposal["facts"]) == (NOTE, LETTER, "FACTS"), "the second does not agree blind"
    assert proposal["reason"] == "unclear"


Taking = Callable[[Scene, str], Awaitable[object]]


async def test_nobody_takes_the_case_of_their_own_text(scene: Scene) -> None:
    case = await case_of(await scenes.held(scene))
    await claim(scene.mona, case.id)
    asma = await scenes.moderator_who_writes(scene)
    with pytest.raises(Forbidden):
        await take_over(asma, case.id, "Please publish my text.")
    with pytest.raises(Forbidden):
        await claim(asma, case.id)
    assert not await Note.exists()
    assert (await case_of(case.comment_id)).claimed_by_id == scene.mona.person_id


async def test_the_reasons_of_an_appeal_are_the_authors_to_read(scene: Scene, mona: Browser) -> None:
    """Of a decision to keep a reported comment the author reads that it is kept; facts beside the answer to the reporter stay away."""
    comment_id = await rejected(scene)
    await appeal_against(scene.asma, comment_id)
    await settle(scene.malik, comment_id, Action.UPHOLD, "unclear", text="It stands.", facts="FACTS-UPHELD")
    asma = await browser(mona.app, scene.asma)
    page = f"/en/contributions/{comment_id}"
    assert "FACTS-UPHELD" in main_of((await asma.get(page)).text)
