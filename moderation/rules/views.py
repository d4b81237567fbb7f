"""The rules of a space as pages: read by its moderators, who write reasons and phrases; settings and scopes are the secretariat's.

The same pages stand at two addresses: at the moderators' desk, and at the secretariat's, which sets the rules before a space opens.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.models import Space
from forum.discussions.policy import require_secretariat
from forum.kernel.actors import Actor
from forum.kernel.errors import NotFound, Refusal
from forum.kernel.locales import ENDONYM, LANGS, direction, pick
from forum.kernel.messages import N_
from forum.objectives.countries import in_order
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form, read_form_lists
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.policy import require_desk
from moderation.reasons import OTHER
from moderation.rules import queries, regulating
from moderation.rules.forms import NEW, PhraseForm, ReasonForm, ScopeForm, SettingsForm
from moderation.rules.grounds import Ground, grounds_of
from moderation.rules.models import DeskSettings
from moderation.rules.settings import settings_of

Values = dict[str, str]
View = Callable[[Request, Space, str], Awaitable[Response]]
SWITCHES = {
    "four_eyes": N_("A second moderator must agree before a statement on behalf of a State is rejected or removed."),
    "recuse_entity": N_("Nobody decides on a text of the entity that they speak for themselves."),
    "recuse_nationality": N_("Nobody decides on a statement of the State of which they are a national."),
}
NUMBERS = {
    "goal_days": N_("Service goal in working days"),
    "undo_seconds": N_("Seconds in which a decision can be undone"),
    "appeal_days": N_("Days in which an author can appeal"),
}


def of_space(view: View) -> Callable[[Request], Awaitable[Response]]:
    """Return `view` for who may read the rules of the space in the address, with the path of the rules where it is asked."""

    @wraps(view)
    async def asked(request: Request) -> Response:
        actor: Actor = actor_of(request)
        if "/secretariat/" in request.scope["path"]:
            require_secretariat(actor)
            base = "/secretariat"
        else:
            require_desk(actor)
            base = "/moderation"
        space = await queries.ruled_space(actor, request.path_params["slug"])
        if base == "/moderation" and not actor.moderates(space.id):
            raise NotFound
        return await view(request, space, f"{base}/spaces/{space.slug}/rules")

    return asked


def _frame(request: Request, space: Space, base: str) -> dict[str, object]:
    title, title_lang = pick(space.title, lang_of(request))
    return {
        "space": space,
        "title": {"text": title or space.slug, "lang": title_lang, "dir": direction(title_lang)},
        "rules_url": f"/{lang_of(request)}{base}",
        "is_secretariat": base.startswith("/secretariat"),
        "errors": {},
        "labels": {},
        "texts": [(code, ENDONYM[code], direction(code), code in space.languages) for code in LANGS],
    }


@of_space
async def page(request: Request, space: Space, base: str) -> Response:
    """Show the rules of the space."""
    return await _page(request, space, base, _settings_values(await settings_of(space.id)))


async def _page(request: Request, space: Space, base: str, values: Values, refusal: Refusal | None = None) -> Response:
    lang = lang_of(request)
    context = _frame(request, space, base) | {
        "values": values,
        "errors": field_errors(refusal) if refusal else {},
        "labels": {name: gettext(text) for name, text in {**NUMBERS, **SWITCHES}.items()},
        "switches": [(name, gettext(text)) for name, text in SWITCHES.items()],
        "reasons": [_shown_reason(one, lang) for one in await grounds_of(space.id)],
        "own_reasons": await queries.has_own_reasons(space.id),
        "phrases": [
            {"id": one.id, "title": pick(one.title, lang), "text": pick(one.text, lang), "languages": _endonyms(one.text)}
            for one in await queries.phrases_of(space.id)
        ],
        "moderators": [
            {"id": one.person_id, "name": one.name, "languages": [ENDONYM[code] for code in LANGS if code in one.languages]}
            for one in await queries.moderators_of(space.id)
        ],
    }
    return respond.page(request, "moderation/rules.html", context, status=refusal.status if refusal else 200)


def _shown_reason(one: Ground, lang: str) -> dict[str, object]:
    return {
        "code": one.code,
        "clause": one.clause,
        "name": pick(one.name, lang),
        "text": pick(one.text, lang),
        "four": one.four_eyes,
    }


def _endonyms(texts: Mapping[str, str]) -> list[str]:
    return [ENDONYM[code] for code in LANGS if texts.get(code)]


def _settings_values(settings: DeskSettings) -> Values:
    numbers = {name: str(getattr(settings, name)) for name in (*NUMBERS, "version")}
    return numbers | {name: "1" if getattr(settings, name) else "" for name in SWITCHES}


@of_space
async def save_settings(request: Request, space: Space, base: str) -> Response:
    """Change the settings; what cannot be saved is shown again as it was typed."""
    values = await read_form(request)
    data: dict[str, object] = {name: _number(values.get(name, "")) for name in (*NUMBERS, "version")}
    data |= {name: values.get(name) == "1" for name in SWITCHES}
    try:
        await regulating.set_settings(actor_of(request), space.id, parse(SettingsForm, data))
    except Refusal as refusal:
        now = await settings_of(space.id)
        return await _page(request, space, base, {**values, "version": str(now.version)}, refusal)
    return respond.see_other(request, base, ("success", N_("Saved."), {}))


def _number(text: str) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _by_language(values: Values, name: str) -> dict[str, str]:
    return {lang: values.get(f"{name}_{lang}", "") for lang in LANGS}


def _fields(**by_language: Mapping[str, str]) -> Values:
    """Return texts by language as the fields of a form: what `_by_language` reads."""
    return {f"{name}_{lang}": texts.get(lang, "") for name, texts in by_language.items() for lang in LANGS}


def _labels(names: Mapping[str, str]) -> dict[str, str]:
    """Return what the fields of texts by language are called."""
    return {f"{name}_{code}": f"{text} – {ENDONYM[code]}" for name, text in names.items() for code in LANGS}


def _errors(refusal: Refusal, lang: str) -> dict[str, str]:
    """Return what is wrong by the name of the field on the form: "text.fr" is "text_fr"."""
    found: dict[str, str] = {}
    for name, text in field_errors(refusal).items():
        head, _, rest = name.partition(".")
        found.setdefault(f"{head}_{rest or lang}" if head in {"name", "text", "title"} else name, text)
    return found


@of_space
async def reason_page(request: Request, space: Space, base: str) -> Response:
    """Show the form of a reason; `new` is the form of another one."""
    code = request.path_params["code"]
    known = {one.code: one for one in await grounds_of(space.id)}
    if code == NEW:
        return await _reason_page(request, space, base, {"place": str(len(known))})
    if code not in known:
        raise NotFound
    one = known[code]
    values = {"code": code, "clause": one.clause, "four_eyes": "1" if one.four_eyes else "", "place": str([*known].index(code))}
    return await _reason_page(request, space, base, values | _fields(name=one.name, text=one.text))


async def _reason_page(request: Request, space: Space, base: str, values: Values, refusal: Refusal | None = None) -> Response:
    code, lang = request.path_params["code"], lang_of(request)
    names = {"name": gettext(N_("Short name")), "text": gettext(N_("What it tells the author"))}
    known = {one.code: one for one in await grounds_of(space.id)}
    bound = code in known and known[code].four_eyes and "/secretariat/" not in base
    context = _frame(request, space, base) | {
        "code": "" if code == NEW else code,
        "bound": bound,
        "may_retire": code not in {NEW, OTHER} and not bound,
        "action": f"/{lang}{base}/reasons/{code}",
        "values": values,
        "errors": _errors(refusal, lang) if refusal else {},
        "names": names,
        "labels": {
            "code": gettext(N_("Code")),
            "clause": gettext(N_("Clause of the policy")),
            "place": gettext(N_("Place in the list")),
        }
        | _labels(names),
    }
    return respond.page(request, "moderation/rules_reason.html", context, status=refusal.status if refusal else 200)


@of_space
async def save_reason(request: Request, space: Space, base: str) -> Response:
    """Save a reason, or retire it (`do` is retire)."""
    code, actor, values = request.path_params["code"], actor_of(request), await read_form(request)
    try:
        if values.get("do") == "retire":
            await regulating.retire_reason(actor, space.id, code)
        else:
            data: dict[str, object] = {"name": _by_language(values, "name"), "text": _by_language(values, "text")}
            data |= {"code": values.get("code", "") if code == NEW else code, "clause": values.get("clause", "")}
            # The form has no switch for what only the secretariat takes away.
            eyes = values.get("four_eyes") == "1" or (False if "/secretariat/" in base else None)
            data |= {"four_eyes": eyes, "place": _number(values.get("place", ""))}
            await regulating.write_reason(actor, space.id, parse(ReasonForm, data))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _reason_page(request, space, base, values, refusal)
    return respond.see_other(request, base, ("success", N_("Saved."), {}))


@of_space
async def phrase_page(request: Request, space: Space, base: str) -> Response:
    """Show the form of a phrase; `new` is the form of another one."""
    phrase_id = request.path_params["id"]
    if phrase_id == NEW:
        return await _phrase_page(request, space, base, {"place": "0"})
    one = await queries.phrase_of(space.id, phrase_id)
    return await _phrase_page(request, space, base, {"place": str(one.place)} | _fields(title=one.title, text=one.text))


async def _phrase_page(request: Request, space: Space, base: str, values: Values, refusal: Refusal | None = None) -> Response:
    phrase_id, lang = request.path_params["id"], lang_of(request)
    names = {"title": gettext(N_("Title in the list")), "text": gettext(N_("Words"))}
    context = _frame(request, space, base) | {
        "is_new": phrase_id == NEW,
        "action": f"/{lang}{base}/phrases/{phrase_id}",
        "values": values,
        "errors": _errors(refusal, lang) if refusal else {},
        "names": names,
        "labels": {"place": gettext(N_("Place in the list"))} | _labels(names),
    }
    return respond.page(request, "moderation/rules_phrase.html", context, status=refusal.status if refusal else 200)


@of_space
async def save_phrase(request: Request, space: Space, base: str) -> Response:
    """Save a phrase, or drop it (`do` is drop)."""
    phrase_id, actor, values = request.path_params["id"], actor_of(request), await read_form(request)
    try:
        if values.get("do") == "drop":
            await regulating.drop_phrase(actor, space.id, phrase_id)
        else:
            data: dict[str, object] = {"title": _by_language(values, "title"), "text": _by_language(values, "text")}
            form = parse(PhraseForm, data | {"place": _number(values.get("place", "0"))})
            await regulating.write_phrase(actor, space.id, form, None if phrase_id == NEW else phrase_id)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _phrase_page(request, space, base, values, refusal)
    return respond.see_other(request, base, ("success", N_("Saved."), {}))


@of_space
async def scope_page(request: Request, space: Space, base: str) -> Response:
    """Show what a moderator is given; the secretariat's alone."""
    regulating.require_regulator(actor_of(request))
    one = await queries.moderator_of(space.id, request.path_params["id"])
    return _scope_page(request, space, base, {"name": one.name, "languages": one.languages, "nationality": one.nationality})


def _scope_page(request: Request, space: Space, base: str, values: dict[str, object], refusal: Refusal | None = None) -> Response:
    lang = lang_of(request)
    context = _frame(request, space, base) | {
        "action": f"/{lang}{base}/moderators/{request.path_params['id']}",
        "values": values,
        "errors": field_errors(refusal) if refusal else {},
        "labels": {"languages": gettext(N_("Languages")), "nationality": gettext(N_("National of"))},
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS if code in space.languages],
        "states": [("", gettext(N_("Not noted"))), *((one.iso3, one.name(lang)) for one in in_order(lang))],  # type: ignore[arg-type]
    }
    return respond.page(request, "moderation/rules_moderator.html", context, status=refusal.status if refusal else 200)


@of_space
async def save_scope(request: Request, space: Space, base: str) -> Response:
    """Save what a moderator is given."""
    lists = await read_form_lists(request)
    data = {"languages": lists.get("languages", []), "nationality": (lists.get("nationality") or [""])[0]}
    person_id = request.path_params["id"]
    try:
        await regulating.set_scope(actor_of(request), space.id, person_id, parse(ScopeForm, data))
    except Refusal as refusal:
        one = await queries.moderator_of(space.id, person_id)
        return _scope_page(request, space, base, {"name": one.name, **data}, refusal)
    return respond.see_other(request, base, ("success", N_("Saved."), {}))
