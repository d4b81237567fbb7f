"""How a space is moderated, in figures: a public page, and the same numbers as CSV."""

import csv
import io
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.addresses import slug_of
from forum.discussions.models import Space
from forum.discussions.views.cards import MODES, block, table_and_edition
from forum.kernel import clock
from forum.kernel.messages import N_
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.pagecache import MAX_AGE, cacheable
from moderation.figures.protecting import Mark
from moderation.figures.public import Figures, figures
from moderation.figures.queries import tallied
from moderation.figures.tables import tables
from moderation.views.spans import percent, span
from moderation.views.spreadsheet import safe_cell

MARKS = {Mark.FEW.value: N_("fewer than 5"), Mark.WITHHELD.value: N_("not shown")}
"""What stands in place of a number."""


async def page(request: Request) -> Response:
    """GET /spaces/{slug}/moderation: what was decided, why, how fast, and what became of reports and appeals."""
    lang = lang_of(request)
    space = await queries.space_by_slug(actor_of(request), slug_of(request))
    if _left(space) > MAX_AGE:
        # At midnight there are other figures: what is made in the last minute before it is not kept.
        cacheable(request, f"space:{space.id}")
    found = figures(space, await tallied(space))
    context: dict[str, object] = {
        "space": space,
        "title": block(space.title, lang),
        "eyebrow": table_and_edition(space, lang),
        "mode": gettext(MODES[space.premoderation]) if space.premoderation else "",
        "found": found,
        "tables": tables(found, lang),
        "marks": {mark: gettext(words) for mark, words in MARKS.items()},
        **_times(found, lang),
    }
    return respond.page(request, "moderation/public.html", context)


def _times(found: Figures, lang: str) -> dict[str, object]:
    return {
        "median": span(found.median, lang) if found.median is not None else "",
        "share": percent(found.share.percent, lang) if found.share else "",
        "ninth": span(found.ninth, lang) if found.ninth is not None else "",
    }


def _left(space: Space) -> float:
    """Return the seconds until the day ends in the zone of the space."""
    now = clock.now().astimezone(ZoneInfo(space.zone))
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return tomorrow.timestamp() - now.timestamp()


async def as_csv(request: Request) -> Response:
    """GET /spaces/{slug}/moderation.csv: every row of every table; where a number is not told, why."""
    lang = lang_of(request)
    space = await queries.space_by_slug(actor_of(request), slug_of(request))
    found = figures(space, await tallied(space))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["until", "table", "row", "label", "number", "not_told"])
    for table in tables(found, lang) if found.until else ():
        until = table.until.isoformat() if table.until else ""
        for row in (*table.rows, table.total):
            writer.writerow([until, table.key, row.key, safe_cell(row.label), "" if row.number is None else row.number, row.mark])
    headers = {"Cache-Control": "no-cache", "Content-Disposition": f'attachment; filename="moderation-{space.slug}.csv"'}
    return Response(text.getvalue().encode("utf-8-sig"), 200, headers, "text/csv; charset=utf-8")
