"""The guards at the mount: everything under /moderation, pages and API alike, is behind one of these functions."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.web.identity import actor_of
from moderation.policy import require_desk, require_team

View = Callable[[Request], Awaitable[Response]]


def _behind(require: Callable[[Actor], None], view: View) -> View:
    @wraps(view)
    async def guarded(request: Request) -> Response:
        require(actor_of(request))
        return await view(request)

    return guarded


def at_the_desk(view: View) -> View:
    """Return `view` for moderators alone: NotSignedIn and Forbidden for others, before the view is asked anything."""
    return _behind(require_desk, view)


def for_the_team(view: View) -> View:
    """Return `view` for moderators and the secretariat: NotSignedIn and Forbidden for others, before the view is asked anything."""
    return _behind(require_team, view)
