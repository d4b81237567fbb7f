"""What the page of a thread shows: one part of it, in thread order, what is new, and what stands around it."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from forum.discussions import threads
from forum.discussions.addresses import is_id
from forum.discussions.models import Question, SpaceState
from forum.discussions.opening import STATE_NAMES
from forum.discussions.policy import is_open
from forum.discussions.standing import WAITING
from forum.discussions.threads import Seen, Slice, Window
from forum.discussions.views.cards import MODES, block
from forum.discussions.views.places import BEFORE, Place, thread_path
from forum.discussions.views.shown import render_comment, shown
from forum.discussions.views.spaces import NOTES, deadlines
from forum.kernel import clock
from forum.kernel.actors import Actor
from forum.kernel.errors import Refusal
from forum.kernel.locales import ENDONYM, LANGS
from forum.record.reading import public_head, public_since
from forum.web.catalogue import gettext, plural_messages
from forum.web.language import lang_of
from forum.web.site import site_of

PAGE = 50
NEWS = 200
"""How many entries of the record are looked through for what is new."""
_SINCE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a thread that is shown: `after` is where it begins, `lost` that the place asked for is not known."""

    found: Slice
    after: str
    lost: bool


@dataclass(frozen=True, slots=True)
class News:
    """What was published in a question since a reader last looked: `here` is on this page, `elsewhere` on others.

    `more` tells that there is more than was counted.
    """

    total: int
    more: bool
    here: list[Seen]
    elsewhere: list[str]


def plain_address(request: Request) -> bool:
    """Tell whether only a part of the thread is asked for, as the links between parts do: such a page may be kept for others.

    Nobody fills what is kept with made-up addresses: a place that is not known is not kept either (`lost`).
    """
    if not request.scope["query_string"]:
        return True
    asked = request.query_params.multi_items()
    return not asked or (len(asked) == 1 and asked[0][0] == "after")


async def shown_to(request: Request, actor: Actor, place: Place, reply: Seen | None = None) -> dict[str, object]:
    """Return what the page shows of the thread to `actor`, and what stands around it; all but the form."""
    lang = lang_of(request)
    # The head is read before the comments: what comes between the two is delivered again, and nothing is missed.
    head = await public_head(place.space.id)
    part = await _part(actor, place, lang, request.query_params.get("after", ""), reply)
    return {
        "render_comment": render_comment,
        **frame(place, lang, clock.now()),
        **await _thread(request, actor, place, part, head),
        **await deadlines(place.space),
    }


async def _part(actor: Actor, place: Place, lang: str, after: str, reply: Seen | None) -> Part:
    space, question = place.space, place.question.id
    if after and is_id(after):
        try:
            return Part(await threads.thread(actor, space, question, lang, Window(after, PAGE)), after, lost=False)
        except Refusal:
            pass  # not a place that this reader knows: the beginning, and a word about it
    elif reply is not None and not after:
        start = await threads.before(actor, space, question, reply.id, BEFORE) or ""
        return Part(await threads.thread(actor, space, question, lang, Window(start, PAGE)), start, lost=False)
    return Part(await threads.thread(actor, space, question, lang, Window("", PAGE)), "", lost=bool(after))


def frame(place: Place, lang: str, now: datetime) -> dict[str, object]:
    """Return what stands around the thread: the same for every reader of a language."""
    space = place.space
    opened = is_open(space, now)

    def item(question: Question) -> dict[str, object]:
        text = block(question.text, lang)
        return {
            "number": question.number,
            "text": text.text,
            "lang": text.lang,
            "dir": text.dir,
            "href": f"/{lang}{thread_path(space.slug, question.number)}",
            "current": question.number == place.question.number,
            "count": question.published,
        }

    return {
        "space": space,
        "space_title": block(space.title, lang),
        "question": block(place.question.text, lang),
        "number": place.question.number,
        "published": place.question.published,
        "questions": [item(question) for question in place.questions],
        "open": opened,
        "state_text": gettext(STATE_NAMES[space.state]),
        "closed_text": "" if opened else gettext(NOTES.get(space.state, NOTES[SpaceState.CLOSED.value])),
        "mode_text": gettext(MODES[space.premoderation]) if space.premoderation in MODES else "",
        "accepted": [{"code": code, "name": ENDONYM[code]} for code in LANGS if code in space.languages],
    }


async def _thread(request: Request, actor: Actor, place: Place, part: Part, head: int) -> dict[str, object]:
    lang, slug, number = lang_of(request), place.space.slug, place.question.number
    can_reply = is_open(place.space, clock.now())
    prev = await threads.before(actor, place.space, place.question.id, part.after, PAGE) if part.after else None
    path = f"/{lang}{thread_path(slug, number)}"
    following = part.found.next
    return {
        "comments": [shown(seen, lang, slug, can_reply=can_reply) for seen in part.found.items],
        "own_waiting": any(_waits(actor, seen) for seen in part.found.items),
        "seq": head,
        "is_last": following is None,
        "lost": part.lost,
        "after": part.after,
        "first_url": path if prev else "",
        "prev_url": f"/{lang}{thread_path(slug, number, after=prev or '')}" if part.after else "",
        "next_url": f"/{lang}{thread_path(slug, number, after=following)}" if following else "",
        "check_url": f"/{lang}{thread_path(slug, number, after=part.after, since=head)}",
        "action": f"/{lang}{thread_path(slug, number, after=part.after)}#write",
        "path": path,
        "canonical": f"{site_of(request).base_url}/{lang}{thread_path(slug, number, after=part.after)}",
        "news": await _news(request, place, part.found),
        "messages": live_messages(),
    }


def _waits(actor: Actor, seen: Seen) -> bool:
    """Tell whether a comment of the actor's own, or an edit of it, is not published."""
    own = actor.signed_in and seen.author_id == actor.person_id
    return own and (seen.state in WAITING or seen.pending is not None)


async def _news(request: Request, place: Place, found: Slice) -> News | None:
    since = request.query_params.get("since", "")
    if not _SINCE.fullmatch(since):
        return None
    told = await public_since(place.space.id, int(since), NEWS)
    number = place.question.number
    new = [one.subject for one in told if one.kind == "comment.published" and one.data.get("question") == number]
    on_page = {seen.id for seen in found.items}
    here = [seen for seen in found.items if seen.id in set(new)]
    elsewhere = [subject for subject in new if subject is not None and subject not in on_page]
    return News(len(new), len(told) == NEWS, here, elsewhere)


def live_messages() -> str:
    """Return what the script of the live thread says, as JSON; plural forms by their category."""
    said: dict[str, object] = {
        "new": plural_messages("%(num)s new comment", "%(num)s new comments"),
        "presence": plural_messages("%(num)s person is following", "%(num)s people are following"),
        "offline": gettext("Connection lost. New comments will appear when it is back."),
        "online": gettext("New comments are announced as they are published."),
        "paused": gettext("New comments are not shown by themselves."),
        "extended": gettext("The deadline was extended. Reload the page to see it."),
        "closed": gettext("This discussion has just closed."),
        "reload": gettext("Reload the page"),
        "changed": gettext("Show the new version of this comment"),
        "opened": gettext("This discussion has just opened."),
        "published": gettext("The summary of this discussion has been published."),
        "lost": gettext("New comments are no longer announced here. Please reload the page."),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
