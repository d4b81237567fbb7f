"""What moderators send from the page of a case besides the decision itself; each goes back to that page."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.errors import Refusal
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.forms import read_form
from forum.web.identity import actor_of
from moderation.api.cases import case_id_of
from moderation.claims import claim, release, take_over
from moderation.noting import note
from moderation.proposing import decline, second, undo
from moderation.views.case import again, filled, found_case, status_of
from moderation.views.pending import typed_in

UNDONE = N_("Undone. Nothing was sent; what you wrote is in the form again.")


async def _act(
    request: Request, do: Callable[[dict[str, str]], Awaitable[object]], words: str, field: str = "", refused: str = ""
) -> Response:
    """Do what was sent and go back to the case, or show the case with why it was not done, and the `field` of words as it was typed.

    `refused` is the name under which a refusal speaks of it: one page has several forms.
    """
    found = await found_case(request)
    values = await read_form(request)
    try:
        await request.app.state.limiter.hit("decide", actor_of(request).person_id)
        await do(values)
    except Refusal as refusal:
        if respond.wants_partial(request):
            raise
        if refused in refusal.fields:
            refusal.fields[field] = refusal.fields.pop(refused)
        return await again(request, {field: values[field]} if field in values else {}, refusal)
    if respond.wants_partial(request):
        return respond.page(request, "moderation/_case_status.html", await status_of(request, await found_case(request)))
    return respond.see_other(request, f"/moderation/cases/{found.id}", ("success", words, {}))


async def claimed(request: Request) -> Response:
    """Claim the case, or renew the claim; the page's own script gets how the case stands then."""
    return await _act(request, lambda _: claim(actor_of(request), case_id_of(request)), N_("This case is yours for 15 minutes."))


async def released(request: Request) -> Response:
    """Give the case back."""
    return await _act(request, lambda _: release(actor_of(request), case_id_of(request)), N_("The case is free for others."))


async def taken_over(request: Request) -> Response:
    """Take the case over from whoever holds it, with a note."""
    actor, case_id = actor_of(request), case_id_of(request)
    said = N_("This case is yours now.")
    return await _act(request, lambda sent: take_over(actor, case_id, sent.get("takeover", "")), said, "takeover", "note")


async def noted(request: Request) -> Response:
    """Write a note for the other moderators."""
    actor, case_id = actor_of(request), case_id_of(request)
    said = N_("Your note is kept.")
    return await _act(request, lambda sent: note(actor, case_id, sent.get("new_note", "")), said, "new_note", "text")


async def undone(request: Request) -> Response:
    """Take back what one has just decided; the form has what was typed again."""
    found = await found_case(request)
    await read_form(request)
    actor = actor_of(request)
    try:
        await request.app.state.limiter.hit("decide", actor.person_id)
        values = await typed_in(found.id)
        await undo(actor, found.id)
    except Refusal as refusal:
        return await again(request, {}, refusal)
    return await filled(request, values, UNDONE)


async def seconded(request: Request) -> Response:
    """Agree with what waits for a second moderator, or disagree: the button says which."""
    actor, case_id = actor_of(request), case_id_of(request)

    async def answer(sent: dict[str, str]) -> object:
        version = sent.get("version", "")
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        if sent.get("answer") == "agree":
            return await second(actor, case_id, number)
        return await decline(actor, case_id, number, sent.get("why", ""))

    agreed = (await read_form(request)).get("answer") == "agree"
    said = (
        N_("You agreed: it is carried out.")
        if agreed
        else N_("You disagreed: the case is open again. What was proposed stands below.")
    )
    return await _act(request, answer, said, "why", "note")


async def back(request: Request) -> Response:
    """Lead an address of what was sent, asked for again, to the case."""
    return respond.see_other(request, f"/moderation/cases/{(await found_case(request)).id}")
