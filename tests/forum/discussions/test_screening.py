"""Screening: phases in order; whatever goes wrong, the text is held."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from forum.discussions import screening
from forum.discussions.models import Comment, Premoderation
from forum.discussions.screening import Hold, Phase, Submission
from moderation.models import Action, Case
from tests.forum.discussions.hall import Hall, open_hall


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with open_hall(tmp_path, Premoderation.NONE) as made:
        yield made


def phase(name: str, *, holds: bool) -> Phase:
    async def screen(submission: Submission) -> Hold | None:
        return Hold(name, f"{name} says so") if holds else None

    return screen


async def broken(_: Submission) -> Hold | None:
    raise RuntimeError


class Counting:
    """A phase that is an object, and fails."""

    async def __call__(self, _: Submission) -> Hold | None:
        raise RuntimeError


PASS, STOP, HALT = phase("pass", holds=False), phase("stop", holds=True), phase("halt", holds=True)


@pytest.mark.parametrize(
    ("phases", "held_by", "why"),
    [
        ((PASS,), [], "nothing holds"),
        ((PASS, PASS), [], "nothing holds"),
        ((STOP,), ["stop"], "one holds"),
        ((STOP, PASS, HALT), ["stop", "halt"], "all are asked, in order"),
        ((broken, PASS), ["failed:broken"], "a phase that fails holds"),
        ((STOP, broken, HALT), ["stop", "failed:broken", "halt"], "and the others are asked all the same"),
        ((Counting(),), ["failed:Counting"], "also one without a name"),
        ((), ["none"], "no phases at all: nothing goes out by mistake"),
    ],
)
async def test_who_holds(
    hall: Hall, phases: tuple[Phase, ...], held_by: list[str], why: str, caplog: pytest.LogCaptureFixture
) -> None:
    screening.install(phases)
    with caplog.at_level(logging.CRITICAL, "forum.discussions.screening"):
        posted = await hall.post()
    assert posted.state == ("held" if held_by else "published"), why
    told = next(fact for fact in hall.told if fact.kind == "comment.received")
    holds = told.data["holds"]
    assert isinstance(holds, list)
    assert [hold["phase"] for hold in holds if isinstance(hold, dict)] == held_by
    case = await Case.get(comment_id=posted.comment_id)
    assert case.state == ("open" if held_by else "decided"), "what is published at once can be removed later"


async def test_a_phase_is_told_what_it_needs(hall: Hall) -> None:
    seen: list[Submission] = []

    async def look(submission: Submission) -> Hold | None:
        seen.append(submission)
        return None

    screening.install((look,))
    comment_id = await hall.held("*Bonjour*", lang="fr")
    await hall.edit(comment_id, "Bonsoir")
    first, second = seen
    assert (first.actor, first.space.id, first.lang, first.speaking_for) == (hall.author, hall.space.id, "fr", "personal")
    assert (first.text.text, first.replaces) == ("Bonjour", False)
    assert (second.text.text, second.replaces) == ("Bonsoir", True)


@pytest.mark.parametrize("mode", [None, "all", "invented"])
async def test_every_text_is_held_where_the_mode_says_so_or_nothing(hall: Hall, mode: str | None) -> None:
    await hall.change(premoderation=mode)
    comment_id = await hall.held()
    await hall.decide(comment_id, Action.PUBLISH)
    await hall.edit(comment_id)
    assert (await hall.post()).state == "held"
    assert (await Comment.get(id=comment_id)).pending_id is not None


async def test_newcomers_are_read_first_until_something_of_theirs_is_published(hall: Hall) -> None:
    await hall.change(premoderation="newcomers")
    first, second = await hall.post(), await hall.post()
    assert (first.state, second.state) == ("held", "held")
    await hall.decide(first.comment_id, Action.PUBLISH)
    assert (await hall.post()).state == "published"
    assert (await hall.post(by=hall.other)).state == "held", "another newcomer"
    for comment in await Comment.filter(author_id=hall.author.person_id, state="published"):
        await hall.withdraw(comment.id)
    assert (await hall.post()).state == "held", "what was taken back vouches for nobody"
