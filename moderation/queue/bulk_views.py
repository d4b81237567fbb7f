"""Decide on many cases on the desk's pages: a preview of what will come of each, then a report of what came of each."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from forum.kernel import clock
from forum.kernel.errors import Problem, Refusal, invalid
from forum.kernel.locales import ENDONYM, LANGS, pick
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import current, gettext, ngettext, plural_messages, refusal_text
from forum.web.errors import field_errors
from forum.web.forms import parse, read_form_lists
from forum.web.identity import actor_of
from forum.web.language import lang_of
from moderation.forms import TEXT_LIMIT
from moderation.models import REASONED, Action
from moderation.queries import Waiting
from moderation.queue import queries, shown
from moderation.queue.bulk import CLAIMING, MOST, BulkAction, BulkForm, BulkOutcome, Done, Forecast, Picked, forecast, perform
from moderation.queue.strands import Desk
from moderation.queue.views import QUEUE, actions
from moderation.reasons import OTHER
from moderation.rules.grounds import Ground, grounds_of

CHUNK = 10
"""Cases that the page's script sends at a time."""
PERFORM = "perform"
OUTCOME_WORDS = {BulkOutcome.DONE: N_("Done"), BulkOutcome.PROPOSED: N_("Proposed"), BulkOutcome.REFUSED: N_("Not done")}
PILLS = {BulkOutcome.DONE: "published", BulkOutcome.PROPOSED: "held", BulkOutcome.REFUSED: "rejected"}


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the preview or in the report: what will come of it, or came of it, and why."""

    id: str
    row: shown.Row | None
    outcome: str
    pill: str
    text: str
    ready: bool


async def bulk(request: Request) -> Response:
    """Show what would come of the chosen cases, or do it (`do=perform`) and report what came of each."""
    lists = await read_form_lists(request)
    values = {name: given[0] for name, given in lists.items() if name not in ("case", "cases", "ready")}
    wanted = values.get("do") == PERFORM and values.get("action") == values.get("shown")
    every = _picked(lists, "case", "cases")
    # Only what the preview said is possible is done, and only while it is what was previewed.
    picked = _picked(lists, "ready") if wanted else every
    desk = await queries.desk_of(actor_of(request))
    if not picked or len(picked) > MOST:
        problem = Problem("bulk.many", {"limit": MOST}) if picked else Problem("bulk.none")
        return await _preview(request, desk, [], values, invalid(cases=problem))
    if not wanted:
        return await _preview(request, desk, picked, values)
    try:
        form = await _read(desk, picked, values)
        done = await perform(actor_of(request), form, _allowed(request), by_settings=True)
    except Refusal as refusal:
        return await _preview(request, desk, every, values, refusal)
    return await _report(request, desk, done, values)


async def start(request: Request) -> Response:
    """Lead whoever comes without cases, by a link to another language, to the queue."""
    return respond.see_other(request, QUEUE)


def _allowed(request: Request) -> Callable[[], Awaitable[None]]:
    """Return what counts each case against the limit."""

    async def allow() -> None:
        await request.app.state.limiter.hit("bulk", actor_of(request).person_id)

    return allow


def _picked(lists: Mapping[str, Sequence[str]], *names: str) -> list[Picked]:
    """Return the cases in these fields, each once: one in a field, or several apart by spaces. What names none is passed over."""
    words = [word for name in names for text in lists.get(name, ()) for word in text.split()]
    found: dict[str, Picked] = {}
    for word in islice(words, MOST * 2):
        case_id, _, version = word.partition(".")
        if version.isascii() and version.isdigit() and len(version) < 10 and int(version) and len(case_id) <= 64:
            found.setdefault(case_id, Picked(id=case_id, version=int(version)))
    return list(found.values())


async def _read(desk: Desk, picked: Sequence[Picked], values: Mapping[str, str]) -> BulkForm:
    cases = [one.model_dump() for one in picked]
    form = parse(BulkForm, {name: value for name, value in values.items() if name != "undo"} | {"cases": cases})
    if (
        form.action not in CLAIMING
        and Action(form.action.value) in REASONED
        and form.reason.strip() == OTHER
        and not form.text.strip()
    ):
        raise invalid(text=Problem("case.reason"))
    return form


def _action(values: Mapping[str, str]) -> BulkAction:
    given = values.get("action", "")
    return BulkAction(given) if given in set(BulkAction) else BulkAction.PUBLISH


async def _preview(
    request: Request, desk: Desk, picked: Sequence[Picked], values: Mapping[str, str], refusal: Refusal | None = None
) -> Response:
    action, lang = _action(values), lang_of(request)
    told = await forecast(desk, picked, action, values.get("reason", ""), lang)
    lines = [_foretold(one, action, desk, lang) for one in told]
    ready = [one for one in told if one.problem is None and one.case]
    context = {
        "lines": lines,
        "cases": " ".join(f"{one.id}.{one.case.version}" for one in ready if one.case),
        "every": " ".join(f"{one.id}.{one.version}" for one in picked),
        "ready": len(ready),
        **await _form(request, told, action, values),
        "errors": field_errors(refusal) if refusal else {},
    }
    return respond.page(request, "moderation/bulk.html", context, status=refusal.status if refusal else 200)


def _foretold(told: Forecast, action: BulkAction, desk: Desk, lang: str) -> Line:
    row = shown.shown_row(told.case, desk.actor, lang, desk.now) if told.case else None
    if told.problem is not None:
        return Line(told.id, row, gettext("Not possible"), "rejected", shown.problem_text(told.problem), False)
    if told.second:
        return Line(told.id, row, gettext("Proposed"), "held", gettext("A second moderator must agree first."), True)
    return Line(told.id, row, gettext(shown.BULK_WORDS[action]), "published", "", True)


async def _form(request: Request, told: Sequence[Forecast], action: BulkAction, values: Mapping[str, str]) -> dict[str, object]:
    spaces = sorted({one.case.space_id for one in told if one.case})
    reasons = [
        {"value": one.code, "text": name, "hint": pick(one.text, current())[0]} for one, name in await _shared_grounds(spaces)
    ]
    return {
        "action": action.value,
        "action_text": gettext(shown.BULK_WORDS[action]),
        "actions": actions(),
        "is_decision": action not in CLAIMING,
        "is_reasoned": action not in CLAIMING and Action(action.value) in REASONED,
        "reasons": reasons,
        "languages": [{"value": code, "text": ENDONYM[code], "lang": code} for code in LANGS],
        "values": {"text_lang": actor_of(request).lang or lang_of(request), **values},
        "limit": TEXT_LIMIT,
        "chunk": CHUNK,
        "labels": {
            "action": gettext("What to do"),
            "reason": gettext("Reason"),
            "text": gettext("Your words to the authors"),
            "text_lang": gettext("Language of your words"),
            "note": gettext("Note among moderators"),
            "cases": gettext("Cases"),
        },
        "messages": {
            "done": plural_messages("%(num)s case done", "%(num)s cases done"),
            "missed": plural_messages("%(num)s case not done", "%(num)s cases not done"),
            "stopped": gettext("The connection was lost. Send the rest again: nothing is done twice."),
        },
    }


async def _shared_grounds(spaces: Sequence[str]) -> list[tuple[Ground, str]]:
    """Return the reasons that all these spaces have, with their names in the current language."""
    listed = [await grounds_of(space) for space in spaces]
    codes = [{one.code for one in some} for some in listed]
    return [
        (one, pick(one.name, current())[0]) for one in (listed[0] if listed else []) if all(one.code in some for some in codes)
    ]


async def _report(request: Request, desk: Desk, done: Sequence[Done], values: Mapping[str, str]) -> Response:
    """Show what came of each case; what was typed is kept for those of which nothing did."""
    lang = lang_of(request)
    now = await queries.chosen(desk, [one.id for one in done], lang)
    lines = [_came(one, now.get(one.id), desk, lang) for one in done]
    counts = {outcome: sum(one.outcome is outcome for one in done) for outcome in BulkOutcome}
    context: dict[str, object] = {"lines": lines, "counts": counts}
    if respond.wants_partial(request):
        return respond.page(request, "moderation/_bulk_lines.html", context)
    action = _action(values)
    left = [one.id for one in done if one.outcome is BulkOutcome.REFUSED]
    context |= {
        "said": [
            ngettext("%(num)s case done", "%(num)s cases done", counts[BulkOutcome.DONE]),
            ngettext("%(num)s case proposed", "%(num)s cases proposed", counts[BulkOutcome.PROPOSED]),
            ngettext("%(num)s case not done", "%(num)s cases not done", counts[BulkOutcome.REFUSED]),
        ],
        "action": action.value,
        "action_text": gettext(shown.BULK_WORDS[action]),
        "values": values,
        "kept": [values[name] for name in ("text", "note") if values.get(name, "").strip()],
        "left": " ".join(f"{one}.{now[one][0].version}" for one in left if one in now),
    }
    return respond.page(request, "moderation/bulk_report.html", context)


def _came(done: Done, now: tuple[Waiting, str] | None, desk: Desk, lang: str) -> Line:
    row = shown.shown_row(now[0], desk.actor, lang, clock.now()) if now else None
    text = ""
    if done.refusal is not None:
        # The first sentence of a case alone speaks of a text kept below; here it is kept for all of them.
        key = "case.changed" if done.refusal.key == "case.stale" else done.refusal.key
        text = refusal_text(key, done.refusal.params)
    elif done.proposal is not None and row is not None:
        text = row.proposal
    return Line(
        done.id, row, gettext(OUTCOME_WORDS[done.outcome]), PILLS[done.outcome], text, done.outcome is not BulkOutcome.REFUSED
    )
