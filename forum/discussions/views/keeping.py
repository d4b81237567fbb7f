"""What was typed is never lost: forms whose session or token has gone are answered with their text."""

import re

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.errors import Forbidden, NotSignedIn, Refusal
from forum.web import respond
from forum.web.forms import read_form, sent_values
from forum.web.language import lang_of

_PLACE = re.compile(r"[qre]:[0-9a-f]{32}")


async def kept(request: Request, going: str, field: str = "body") -> Response:
    """Answer a form of somebody who is no longer signed in (401) with their text, ready to be carried through signing in.

    Afterwards they come to `going`. A text with a place is in the form there again; of another, in the form's `field`, they are asked to
    keep a copy. Nothing is looked up and nothing stored: whoever sent this gets back what they sent, whatever it was for.
    """
    if respond.wants_partial(request):
        raise NotSignedIn
    values = await sent_values(request)
    place = values.get("place", "")
    carried = {"kept_lang": values.get("lang", "")[:2]}
    if _PLACE.fullmatch(place):
        carried["kept_place"] = place
    context = {"carried": carried, "body": values.get(field, ""), "next": respond.localized(going, lang_of(request))}
    return respond.page(request, "discussions/kept.html", context, status=401)


async def values_of(request: Request) -> tuple[dict[str, str], Refusal | None]:
    """Return the fields of a form, and the refusal if its token is not good any more: the text can then be shown again."""
    try:
        return await read_form(request), None
    except Forbidden as refusal:
        if refusal.key != "csrf":
            raise
        return await sent_values(request), refusal
