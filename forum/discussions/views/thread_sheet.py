"""The page of a thread for somebody signed in who sees there what everybody sees: put together from sheets.

Nearly all readers are such people: they moderate nothing here, and have nothing of their own here that waits. Their page is that of the
public, with their name, the tokens of its forms, and a form that knows for whom they may speak and what they have begun to write.
Whoever sees more of the thread than others gets a page made for them alone.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.policy import Viewer, is_open, viewer
from forum.discussions.queries import Own
from forum.discussions.views.composer import (
    Composer,
    Typed,
    capacities,
    composer,
    language_options,
    messages,
    new_token,
    usual_language,
)
from forum.discussions.views.places import Place, place_in
from forum.discussions.views.thread_shown import plain_address, shown_to
from forum.kernel import clock
from forum.kernel.actors import ANONYMOUS, Actor, Role
from forum.kernel.errors import NotFound
from forum.web import csrf, respond, sheets, templates
from forum.web.language import lang_of
from forum.web.sheets import Sheet, Sheets, piece, slot, stored


@dataclass(frozen=True, slots=True)
class About:
    """What a sheet was made of: where it belongs, whether the space took comments, and what its form needs."""

    place: Place
    open: bool
    around_form: dict[str, object]


async def answer(request: Request, actor: Actor) -> Response | None:
    """Return the page of the thread, or None when one must be made for `actor` alone."""
    keeper = getattr(request.app.state, "sheets", None)
    if keeper is None or not _plain(request, actor):
        return None
    assert isinstance(keeper, Sheets)
    sheet = await keeper.get(_key("thread", request, actor.is_moderator), About, lambda: _page(request, actor))
    if sheet is None:
        return None
    place = sheet.about.place
    if (
        place.space.id in actor.barred
        or viewer(actor, place.space.id, "") is not Viewer.READER
        or is_open(place.space, clock.now()) != sheet.about.open
    ):
        return None
    own = await queries.own_in_question(actor, place.question.id, lang_of(request))
    if own.waits:
        return None
    token = stored(csrf.token(request))
    if own.draft and sheet.about.open:
        written = [piece(await _with_draft(request, sheet.about, actor))]
    else:
        form = await _form(request, keeper, sheet.about, actor, own)
        written = list(form.filled({"csrf": token, "form": stored(new_token())}))
    pieces = tuple(sheet.filled({"name": stored(actor.name), "csrf": token, "write": written}))
    return sheets.answer(request, pieces, {"Cache-Control": respond.PRIVATE})


def _plain(request: Request, actor: Actor) -> bool:
    """Tell whether this is a plain look at a thread, by somebody who sees no more than others by their office."""
    return (
        request.method == "GET"
        and plain_address(request)
        and not actor.is_secretariat
        and not respond.wants_partial(request)
        and not respond.has_flash(request)
    )


def _key(kind: str, request: Request, *more: object) -> tuple[object, ...]:
    return (kind, request.scope["path"], request.scope["query_string"], *more)


async def _page(request: Request, actor: Actor) -> tuple[Sheet[About], tuple[str, ...]] | None:
    """Make the sheet of the page as the public sees it; None for a space that is not everybody's, or a place that is not known."""
    try:
        place = await place_in(request, ANONYMOUS)
    except NotFound:
        return None
    shown = await shown_to(request, ANONYMOUS, place)
    if shown["lost"]:
        return None
    context = {**shown, "errors": {}, "no_target": False, "write": slot("write")}
    html = _for_nobody(request, "discussions/thread.html", context, moderates=actor.is_moderator)
    about = About(place, is_open(place.space, clock.now()), {name: shown[name] for name in _AROUND_FORM})
    return sheets.cut(html, about), (f"space:{place.space.id}",)


_AROUND_FORM = ("path", "action", "mode_text", "closed_text")


def _for_nobody(request: Request, name: str, context: dict[str, object], *, moderates: bool = False) -> str:
    """Render a template without anything of the one who asks: whatever may become part of a sheet must come through here."""
    roles = {"": frozenset({Role.MODERATOR})} if moderates else {}
    nobody = Actor(person_id="", name=slot("name"), roles=roles)
    return templates.render(name, **respond.context_of(request) | {"actor": nobody, "csrf_token": slot("csrf")} | context)


async def _form(request: Request, keeper: Sheets, about: About, actor: Actor, own: Own) -> Sheet[None]:
    """Return the sheet of the form for all who begin in the same language and may speak for the same."""
    lang = lang_of(request)
    usual = usual_language(about.place.space, actor, lang)

    async def make() -> tuple[Sheet[None], tuple[str, ...]]:
        form = _composer(about.place, own, Typed(lang=usual, token=slot("form"))) if about.open else None
        context = {**about.around_form, "form": form, "errors": {}, "typed": None, "signin": ""}
        html = _for_nobody(request, "discussions/_write.html", context)
        return sheets.cut(html, None), (f"space:{about.place.space.id}",)

    found = await keeper.get(_key("write", request, usual, own.entities, about.open), type(None), make)
    assert found is not None
    return found


async def _with_draft(request: Request, about: About, actor: Actor) -> str:
    """Return the form for one person, with what they have begun to write in it."""
    form = await composer(request, actor, about.place, None)
    context = {**about.around_form, "form": form, "errors": {}, "typed": None, "signin": ""}
    return respond.part(request, "discussions/_write.html", context)


def _composer(place: Place, own: Own, typed: Typed) -> Composer:
    key = f"q:{place.question.id}"
    return Composer(
        place=key,
        hidden={"question": place.question.number, "parent": "", "place": key, "form_token": typed.token},
        languages=language_options(place.space),
        capacities=capacities(own.entities),
        typed=typed,
        messages=messages(),
    )
