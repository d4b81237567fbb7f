"""The secretariat's pages on the life of a space: its steps, each to be confirmed, and the extension of its deadline."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import opening
from forum.discussions.events import as_secretariat
from forum.discussions.forms import ExtensionForm
from forum.discussions.models import Space, SpaceState
from forum.discussions.times import parse_time
from forum.discussions.views.founding import Shown, admin, administered, frame
from forum.discussions.views.space_form import local_time
from forum.discussions.views.spaces import deadlines
from forum.kernel import clock
from forum.kernel.errors import NotFound, Problem, Refusal, invalid
from forum.kernel.locales import ENDONYM, LANGS, direction, is_lang
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.formats import formats
from forum.web.forms import parse, read_form
from forum.web.language import lang_of

STEP_WORDS: dict[str, tuple[str, str]] = {
    "announce": (
        N_("Announce"),
        N_(
            "Readers can see the space from then on, and it opens by itself at its opening time. "
            "Its address, times and mode are then fixed; the deadline can still be extended."
        ),
    ),
    "open": (N_("Open the space"), N_("Comments are accepted from this moment on, whatever the opening time says.")),
    "close": (N_("Close"), N_("No more comments are accepted from this moment on. A closed space cannot be opened again.")),
    "summarise": (N_("Mark as summarised"), N_("Readers are told that the discussion has been summarised.")),
    "archive": (N_("Archive"), N_("The space stays readable, and nothing in it changes any more. This cannot be undone.")),
}
MISSING_AT = {"guiding questions": "/questions", "moderators": "/people"}
"""Where to add what a space lacks; everything else stands on the page of texts and settings."""
EXTENDABLE = frozenset({SpaceState.ANNOUNCED.value, SpaceState.OPEN.value})


def _possible(space: Space) -> list[Shown]:
    """Return the steps that fit the state of the space."""
    return [_step(name) for name, (before, _, _) in opening.STEPS.items() if SpaceState(space.state) in before]


def _step(name: str) -> Shown:
    title, text = STEP_WORDS[name]
    return {"name": name, "title": gettext(title), "text": gettext(text), "final": name in {"close", "archive"}}


async def overview(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}/steps: what can be done now, and how the deadline came to be."""
    _, space = await administered(request)
    context: Shown = {"steps": _possible(space), "extendable": _extendable(space), **await deadlines(space)}
    return respond.page(request, "discussions/founding_steps.html", await frame(request, space, "/steps") | context)


async def _step_page(request: Request, space: Space, refusal: Refusal | None = None) -> Response:
    name = request.path_params["step"]
    before, after, _ = opening.STEPS[name]
    needed = after in {SpaceState.ANNOUNCED, SpaceState.OPEN} and SpaceState(space.state) in before
    lacking = [(gettext(what), admin(space, MISSING_AT.get(what, ""))) for what in await opening.missing(space)] if needed else []
    context: Shown = {
        "step": _step(name),
        "lacking": lacking,
        "possible": SpaceState(space.state) in before,
        "errors": field_errors(refusal) if refusal else {},
        **await deadlines(space),
    }
    shown = await frame(request, space, "/steps") | context
    return respond.page(request, "discussions/founding_step.html", shown, status=refusal.status if refusal else 200)


def _named(request: Request) -> str:
    name = str(request.path_params["step"])
    if name not in opening.STEPS:
        raise NotFound
    return name


async def step_page(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}/steps/{step}: what the step does and what it still needs, to be confirmed."""
    _, space = await administered(request)
    _named(request)
    return await _step_page(request, space)


async def take_step(request: Request) -> Response:
    """POST /secretariat/spaces/{slug}/steps/{step}"""
    actor, space = await administered(request)
    name = _named(request)
    await read_form(request)
    try:
        space = await opening.step(space.id, name, as_secretariat(actor))
    except Refusal as refusal:
        _, now = await administered(request)
        return await _step_page(request, now, refusal)
    state = gettext(opening.STATE_NAMES[space.state])
    flash = ("success", N_("The space is now in the state “%(state)s”."), {"state": state})
    return respond.see_other(request, admin(space, "/steps"), flash)


def _extendable(space: Space) -> bool:
    return space.state in EXTENDABLE and space.closes_at is not None


async def _extend_page(
    request: Request, space: Space, values: dict[str, str], more: Shown | None = None, status: int = 200
) -> Response:
    if not _extendable(space):
        raise Refusal("space.state", state=gettext(opening.STATE_NAMES[space.state]))
    context: Shown = {
        "values": values,
        "errors": {},
        "review": None,
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        **await deadlines(space),
    }
    shown = await frame(request, space, "/steps") | context | (more or {})
    return respond.page(request, "discussions/founding_extend.html", shown, status=status)


async def extend_page(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}/extend"""
    _, space = await administered(request)
    values = {"closes_at": local_time(space.closes_at, space.zone), "reason": "", "reason_lang": lang_of(request)}
    return await _extend_page(request, space, values)


async def extend(request: Request) -> Response:
    """POST /secretariat/spaces/{slug}/extend: shows the old and the new deadline; moves it when `do` is confirm."""
    actor, space = await administered(request)
    sent = await read_form(request)
    values = {name: sent.get(name, "") for name in ("closes_at", "reason", "reason_lang")}
    try:
        form = _checked(space, values)
        if sent.get("do") != "confirm":
            return await _extend_page(request, space, values, {"review": _review(space, form)})
        before = space.closes_at
        space = await opening.extend(space.id, form, as_secretariat(actor))
    except Refusal as refusal:
        _, now = await administered(request)
        return await _extend_page(request, now, values, {"errors": field_errors(refusal)}, refusal.status)
    fmt = formats(lang_of(request))
    assert before is not None
    assert space.closes_at is not None
    params = {"old": fmt.datetime(before, space.zone), "new": fmt.datetime(space.closes_at, space.zone)}
    flash = ("success", N_("The deadline is extended from %(old)s to %(new)s."), params)
    return respond.see_other(request, admin(space, "/steps"), flash)


def _checked(space: Space, values: dict[str, str]) -> ExtensionForm:
    """Return the extension as it was typed; raises Refusal naming the field."""
    form = parse(ExtensionForm, values)
    if not form.reason.strip():
        raise invalid(reason=Problem("field.required"))
    if not is_lang(form.reason_lang):
        raise invalid(reason_lang=Problem("field.choice"))
    moved = parse_time(form.closes_at, space.zone, "closes_at")
    if moved is None:
        raise invalid(closes_at=Problem("field.time"))
    if space.closes_at is not None and moved <= max(space.closes_at, clock.now()):
        raise invalid(closes_at=Problem("space.extend_later"))
    return form


def _review(space: Space, form: ExtensionForm) -> Shown:
    moved = parse_time(form.closes_at, space.zone, "closes_at")
    return {
        "old": space.closes_at,
        "new": moved,
        "reason": form.reason.strip(),
        "lang": form.reason_lang,
        "dir": direction(form.reason_lang),
    }
