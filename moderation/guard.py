"""The guard at the mount: everything under /moderation, pages and API alike, is behind this one function."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from forum.web.identity import actor_of
from moderation.policy import require_desk

View = Callable[[Request], Awaitable[Response]]


def at_the_desk(view: View) -> View:
    """Return `view` for moderators alone: NotSignedIn and Forbidden for others, before the view is asked anything."""

    @wraps(view)
    async def guarded(request: Request) -> Response:
        require_desk(actor_of(request))
        return await view(request)

    return guarded
