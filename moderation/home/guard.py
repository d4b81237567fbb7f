"""Who has a home at the desk: moderators, and the secretariat, which reads and decides nothing."""

from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.errors import Forbidden, NotSignedIn
from forum.web.identity import actor_of
from moderation.guard import View


def at_home(view: View) -> View:
    """Return `view` for moderators and the secretariat: NotSignedIn and Forbidden for others, before the view is asked anything."""

    @wraps(view)
    async def guarded(request: Request) -> Response:
        actor = actor_of(request)
        if not actor.signed_in:
            raise NotSignedIn
        if not (actor.is_moderator or actor.is_secretariat):
            raise Forbidden("forbidden")
        return await view(request)

    return guarded
