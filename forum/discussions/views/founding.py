"""The secretariat's pages: what there is to do, and the texts, settings and questions of a space."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import founding, opening, queries
from forum.discussions.models import Space, SpaceState
from forum.discussions.policy import require_secretariat
from forum.discussions.views.cards import MODE_NAMES, badge, block, cards, round_table
from forum.discussions.views.space_form import (
    FIXED,
    TEXTS,
    ZONES,
    Values,
    blank,
    changed,
    errors_of,
    is_fixed,
    labels,
    question_form,
    to_form,
    typed,
    values_of,
)
from forum.kernel.actors import Actor
from forum.kernel.errors import Conflict, NotFound, Refusal, Unreadable
from forum.kernel.locales import ENDONYM, LANGS, direction
from forum.kernel.messages import N_
from forum.objectives import compact, imrf
from forum.objectives.principles import principles
from forum.people import affiliations, entities
from forum.people.models import EntityKind
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.forms import read_form, read_form_lists
from forum.web.identity import actor_of
from forum.web.language import lang_of

Shown = dict[str, object]

VISIBILITIES = {"public": N_("Everybody"), "members": N_("Members of the space only")}
PREPARED = frozenset({SpaceState.DRAFT.value, SpaceState.ANNOUNCED.value, SpaceState.OPEN.value})
"""States in which the secretariat is told what a space lacks."""


_more_tabs: Sequence[tuple[str, str]] = ()


def install_tabs(tabs: Sequence[tuple[str, str]]) -> None:
    """Add tabs of other packages to the pages about a space: (path below the space, message id)."""
    global _more_tabs  # noqa: PLW0603 - wired once, at start
    _more_tabs = tuple(tabs)


async def administered(request: Request) -> tuple[Actor, Space]:
    """Return the secretariat's member who asks and the space in the address; raises NotSignedIn, Forbidden, NotFound."""
    actor = actor_of(request)
    require_secretariat(actor)
    return actor, await queries.space_by_slug(actor, request.path_params["slug"])


def admin(space: Space, page: str = "") -> str:
    """Return the path of one of the secretariat's pages about a space."""
    return f"/secretariat/spaces/{space.slug}{page}"


async def frame(request: Request, space: Space, here: str) -> Shown:
    """Return what all pages about a space show: its title, its state, what it lacks, and the tabs."""
    lang = lang_of(request)
    tabs = [
        ("", gettext(N_("Texts and settings"))),
        ("/questions", gettext(N_("Questions"))),
        ("/people", gettext(N_("People of the space"))),
        ("/steps", gettext(N_("Steps and deadline"))),
        *((path, gettext(text)) for path, text in _more_tabs),
    ]
    return {
        "space": space,
        "title": block(space.title, lang),
        "state_text": gettext(opening.STATE_NAMES[space.state]),
        "missing": await lacks(space),
        "tabs": [{"href": f"/{lang}{admin(space, path)}", "text": text, "current": path == here} for path, text in tabs],
    }


async def lacks(space: Space) -> list[str]:
    """Return what a space still lacks, in words; nothing once it is over."""
    return [gettext(name) for name in await opening.missing(space)] if space.state in PREPARED else []


async def overview(request: Request) -> Response:
    """GET /secretariat: the spaces with what they lack, and what waits."""
    actor, lang = actor_of(request), lang_of(request)
    require_secretariat(actor)
    spaces = await queries.listed(actor)
    context: Shown = {
        "spaces": list(zip(await cards(spaces, lang), [await lacks(space) for space in spaces], strict=True)),
        "waiting": len(await affiliations.waiting(lang)),
    }
    return respond.page(request, "discussions/founding_overview.html", context)


async def _form_page(
    request: Request, space: Space | None, values: Values, refusal: Refusal | None = None, more: Shown | None = None
) -> Response:
    lang = lang_of(request)
    known = await entities.listed(lang)
    bodies = [*known[EntityKind.UN_BODY.value], *known[EntityKind.ORGANIZATION.value]]
    errors = errors_of(refusal, lang) if refusal and not isinstance(refusal, Conflict) else {}
    context: Shown = {
        "values": values,
        "errors": errors,
        "labels": labels(),
        "fixed": is_fixed(space),
        "texts": [(code, ENDONYM[code], direction(code)) for code in sorted(LANGS, key=lambda code: code != lang)],
        "text_names": list(TEXTS),
        "tables": [("", gettext(N_("None"))), *((one.number, round_table(one.number, lang)) for one in imrf.round_tables())],
        "objectives": [(one.number, _numbered(one.number, lang)) for one in compact.objectives()],
        "principles": [{"value": one.order, "text": one.name(lang).text, "lang": one.name(lang).lang} for one in principles()],
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "bodies": [(one.id, f"{one.name} ({one.acronym})" if one.acronym else one.name) for one in bodies],
        "modes": [(mode, gettext(name)) for mode, name in MODE_NAMES.items()],
        "visibilities": [(value, gettext(name)) for value, name in VISIBILITIES.items()],
        "zones": ZONES,
        "space": None,
        "conflict": None,
    }
    if space is not None:
        context |= await frame(request, space, "")
    status = refusal.status if refusal else 200
    return respond.page(request, "discussions/founding_space.html", context | (more or {}), status=status)


def _numbered(number: int, lang: str) -> str:
    shown = badge(number, lang)
    return f"{number} – {shown.label}" if number else shown.label


async def new_page(request: Request) -> Response:
    """GET /secretariat/spaces/new"""
    require_secretariat(actor_of(request))
    return await _form_page(request, None, blank())


async def found(request: Request) -> Response:
    """POST /secretariat/spaces/new: make a space in draft."""
    actor = actor_of(request)
    require_secretariat(actor)
    values = typed(await read_form_lists(request))
    try:
        space = await founding.found(actor, to_form(values, None))
    except Refusal as refusal:
        return await _form_page(request, None, values, refusal)
    flash: respond.Flash = (
        "success",
        N_("The space is founded as a draft. Write its questions and name its moderators next."),
        {},
    )
    return respond.see_other(request, admin(space, "/questions"), flash)


async def edit_page(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}: texts and settings."""
    _, space = await administered(request)
    return await _form_page(request, space, await values_of(space))


async def rewrite(request: Request) -> Response:
    """POST /secretariat/spaces/{slug}: save; a stale version is answered 409 with what was typed."""
    actor, space = await administered(request)
    values = typed(await read_form_lists(request))
    try:
        saved = await founding.rewrite(actor, space.id, to_form(values, space))
    except Unreadable:
        raise
    except Refusal as refusal:
        _, now = await administered(request)
        theirs = await values_of(now)
        if is_fixed(now):
            values |= {name: theirs[name] for name in theirs if name in FIXED}
        if not isinstance(refusal, Conflict):
            return await _form_page(request, now, values, refusal)
        # Sending again is then a decision: the page names what would be replaced.
        more: Shown = {"conflict": changed(values, theirs)}
        return await _form_page(request, now, values | {"version": theirs["version"]}, refusal, more)
    return respond.see_other(request, admin(saved), ("success", N_("Saved."), {}))


async def questions_page(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}/questions"""
    _, space = await administered(request)
    lang = lang_of(request)
    questions = await queries.questions_of(space.id)
    numbers = {one.number for one in questions}
    context: Shown = {
        "questions": [
            (one.number, block(one.text, lang), [ENDONYM[code] for code in LANGS if one.text.get(code)]) for one in questions
        ],
        "frozen": await queries.has_comments(space.id),
        "next": next(number for number in range(1, 1001) if number not in numbers),
    }
    return respond.page(request, "discussions/founding_questions.html", await frame(request, space, "/questions") | context)


async def _question_page(request: Request, space: Space, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    lang, number = lang_of(request), int(request.path_params["n"])
    context: Shown = {
        "number": number,
        "known": any(one.number == number for one in await queries.questions_of(space.id)),
        "frozen": await queries.has_comments(space.id),
        "values": values,
        "errors": errors_of(refusal, lang) if refusal else {},
        "labels": {f"text_{code}": ENDONYM[code] for code in LANGS},
        "texts": [(code, ENDONYM[code], direction(code)) for code in LANGS],
        "limit": founding.QUESTION_LIMIT,
    }
    shown = await frame(request, space, "/questions") | context
    return respond.page(request, "discussions/founding_question.html", shown, status=refusal.status if refusal else 200)


async def question_page(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}/questions/{n}: write or rewrite a question; a number without one is a new question."""
    _, space = await administered(request)
    number = int(request.path_params["n"])
    if not 1 <= number <= 1000:
        raise NotFound
    known = {one.number: one for one in await queries.questions_of(space.id)}
    texts = known[number].text if number in known else {}
    return await _question_page(request, space, {f"text_{lang}": texts.get(lang, "") for lang in LANGS})


async def write_question(request: Request) -> Response:
    """POST /secretariat/spaces/{slug}/questions/{n}: `do` is save or drop."""
    actor, space = await administered(request)
    number, values = int(request.path_params["n"]), await read_form(request)
    try:
        if values.get("do") == "drop":
            await founding.drop_question(actor, space.id, number)
        else:
            await founding.set_question(actor, space.id, question_form(number, values))
    except NotFound:
        raise
    except Refusal as refusal:
        kept = {f"text_{lang}": values.get(f"text_{lang}", "") for lang in LANGS}
        return await _question_page(request, space, kept, refusal)
    return respond.see_other(request, admin(space, "/questions"), ("success", N_("Saved."), {}))
