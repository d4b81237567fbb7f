"""Where threads and comments are: what an address names, and the addresses of both. Paths here are without the language."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from forum.discussions import queries, threads
from forum.discussions.addresses import comment_id_of, slug_of
from forum.discussions.models import Question, Space
from forum.discussions.threads import Seen
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound

_NUMBER = re.compile(r"[1-9][0-9]{0,3}")
BEFORE = 10
"""How many comments the page that leads to a comment begins before it, at most."""


@dataclass(frozen=True, slots=True)
class Place:
    """A question of a space, with its sisters."""

    space: Space
    questions: list[Question]
    question: Question


async def place_in(request: Request, actor: Actor) -> Place:
    """Return the question that the path names if `actor` may read it; raises NotFound."""
    space = await queries.space_by_slug(actor, slug_of(request))
    number = str(request.path_params["n"])
    questions = await queries.questions_of(space.id)
    for question in questions:
        if _NUMBER.fullmatch(number) and question.number == int(number):
            return Place(space, questions, question)
    raise NotFound


def thread_path(slug: str, number: int, **query: str | int) -> str:
    """Return the path of a thread; empty parameters are left out."""
    given = {name: value for name, value in query.items() if value != ""}
    return f"/spaces/{slug}/questions/{number}" + (f"?{urlencode(given)}" if given else "")


def comment_path(slug: str, comment_id: str) -> str:
    """Return the path of a comment's own page."""
    return f"/spaces/{slug}/comments/{comment_id}"


async def path_in_thread(actor: Actor, place: Place, comment_id: str) -> str:
    """Return the path of the part of the thread that shows a comment, with its anchor; some comments before it come along.

    It costs the same wherever the comment stands: the part begins a few comments before it, not at a counted page.
    """
    after = await threads.before(actor, place.space, place.question.id, comment_id, BEFORE)
    return f"{thread_path(place.space.slug, place.question.number, after=after or '')}#c-{comment_id}"


async def comment_in(request: Request, actor: Actor, lang: str) -> tuple[Space, Seen]:
    """Return the comment that the path names, and its space; raises NotFound alike for a hidden and an unknown one."""
    space = await queries.space_by_slug(actor, slug_of(request))
    seen = await threads.one(actor, comment_id_of(request), lang)
    if seen is None or seen.space_id != space.id:
        raise NotFound
    return space, seen
