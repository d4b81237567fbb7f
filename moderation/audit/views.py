"""The audit page, the files made of it, and the check of a record."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.kernel.locales import pick
from forum.record.chain import Verdict, verify
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import read_form
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.audit import exporting, queries, words
from moderation.audit.asked import FORUM, Asked, address, cursor, place_of, read
from moderation.audit.logs import AT_ONCE, log_named
from moderation.audit.queries import Page, Space
from moderation.audit.shown import Shower
from moderation.rules.scopes import scope_of

PER_PAGE = 50
Context = dict[str, object]


async def audit_page(request: Request) -> Response:
    """GET /moderation/audit: entries of the record, newest first; filters in the address."""
    actor, lang, asked = actor_of(request), lang_of(request), read(request.query_params)
    spaces = await queries.spaces(actor)
    context: Context = _form(actor, lang, asked, spaces) | {"errors": {}, "entries": []}
    status = 200
    try:
        found = await _page(actor, spaces, asked, request.query_params.get("after", ""))
    except Refusal as refusal:
        context |= {"errors": field_errors(refusal), "next_url": "", "first_url": ""}
        status = refusal.status
    else:
        known, given = await queries.known(found.items, lang), await scope_of(actor)
        show = Shower(actor.person_id, given, lang, {one.id: one for one in spaces}, known)
        context["entries"] = [show.entry(one, data) for one, data in found.items]
        context |= _links(lang, asked, found, request.query_params.get("after", ""))
    return respond.page(request, "moderation/audit.html", context, status=status)


async def _page(actor: Actor, spaces: list[Space], asked: Asked, after: str) -> Page:
    place = place_of(after)
    wanted = await queries.narrow(actor, spaces, asked)
    return await queries.page(replace(wanted, after=place) if wanted else None, PER_PAGE)


def _links(lang: str, asked: Asked, found: Page, after: str) -> Context:
    path = f"/{lang}/moderation/audit"
    return {
        "first_url": address(path, asked) if after else "",
        "next_url": address(path, asked, after=cursor(found.next)) if found.next else "",
    }


def _form(actor: Actor, lang: str, asked: Asked, spaces: list[Space]) -> Context:
    groups = [one for one in words.GROUPS.items() if actor.is_secretariat or one[0] not in words.FORUM_ONLY]
    return {
        "asked": asked,
        "given": asked.given(),
        "spaces": _choices(actor, lang, spaces),
        "groups": [("", gettext("Everything")), *((value, gettext(text)) for value, text in groups)],
        "capacities": [("", gettext("Any capacity")), *((value, gettext(text)) for value, text in words.CAPACITIES.items())],
    }


def _choices(actor: Actor, lang: str, spaces: list[Space]) -> list[dict[str, str]]:
    """Return the logs that may be chosen: spaces, and for the secretariat the forum's own."""
    titles = [(one.slug, *pick(one.title, lang)) for one in spaces]
    own = [{"value": FORUM, "text": gettext("The forum itself"), "lang": ""}] if actor.is_secretariat else []
    return own + [{"value": slug, "text": title or slug, "lang": text_lang} for slug, title, text_lang in titles]


async def export_csv(request: Request) -> Response:
    """POST /moderation/audit.csv"""
    return await _export(request, "csv")


async def export_json(request: Request) -> Response:
    """POST /moderation/audit.json"""
    return await _export(request, "json")


async def _export(request: Request, ending: str) -> Response:
    """Note in the record that a file is taken, then send it: its newest entry can be that one."""
    asked, actor = read(await read_form(request)), actor_of(request)
    spaces = await queries.spaces(actor)
    wanted = await queries.narrow(actor, spaces, asked)
    await request.app.state.limiter.hit("export", actor.person_id)
    await exporting.tell_exported(actor, asked, wanted, ending)
    return exporting.file(exporting.Taken(actor, wanted, {one.id: one.slug for one in spaces}), ending)


async def verify_page(request: Request) -> Response:
    """GET /moderation/audit/verify?space=ADDRESS: read a record from end to end and say whether it is whole."""
    actor, lang = actor_of(request), lang_of(request)
    spaces = await queries.spaces(actor)
    space = request.query_params.get("space", "")
    context: Context = {"spaces": _choices(actor, lang, spaces), "space": space, "found": None}
    if space:
        log_id = log_named(actor, spaces, space)
        await request.app.state.limiter.hit("verify", actor.person_id)
        async with AT_ONCE:
            verdict = await verify(log_id)
        context["found"] = _said(verdict)
    return respond.page(request, "moderation/audit_verify.html", context)


def _said(verdict: Verdict) -> Mapping[str, object]:
    return {
        "ok": verdict.ok,
        "entries": verdict.entries,
        "head": verdict.head,
        "bad_seq": verdict.bad_seq,
        "why": gettext(words.FAULTS[verdict.why]) if verdict.why else "",
    }
