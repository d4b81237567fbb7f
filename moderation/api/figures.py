"""The public figures of a space, as JSON."""

from datetime import date
from typing import Annotated, Literal, cast

from pydantic import BaseModel, Field, PlainSerializer
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions import queries
from forum.discussions.addresses import slug_of
from forum.discussions.api.answers import readable
from forum.discussions.api.query import Localized, read_query
from forum.kernel.locales import Lang
from forum.web.identity import actor_of
from forum.web.language import lang_of
from forum.web.openapi import Doc
from moderation.figures.public import figures
from moderation.figures.queries import tallied
from moderation.figures.tables import Row, Table, tables

FIGURES = "/api/v1/spaces/{slug}/moderation"
Day = Annotated[date, PlainSerializer(date.isoformat, return_type=str)]
"""A day, written as ISO 8601 does."""


class FigureAnswer(BaseModel):
    """One number; `number` is null where it is not told: `few` is 0 to 4, `withheld` could give such a number away."""

    key: str
    label: str
    label_lang: Lang
    clause: str = Field(description="of the policy of the space")
    number: int | None
    not_told: Literal["few", "withheld"] | None


class FigureTable(BaseModel):
    """Numbers and their sum, up to the end of `until`; null while there is too little of what it counts."""

    key: str
    caption: str
    until: Day | None
    rows: list[FigureAnswer]
    total: FigureAnswer


class ShareAnswer(BaseModel):
    """How many of a hundred decisions came within the goal; with `at_least` it may be more."""

    percent: int
    at_least: bool


class FiguresAnswer(BaseModel):
    """How a space is moderated, up to the end of `until` in `zone`; null while too little has happened. Times are in steps, rounded up."""

    space: str
    until: Day | None
    zone: str
    goal_days: int = Field(description="working days within which a decision should come")
    median_seconds: int | None
    nine_in_ten_seconds: int | None
    within_goal: ShareAnswer | None
    tables: list[FigureTable]


async def single(request: Request) -> Response:
    """Answer the figures of one space."""
    read_query(request, Localized)
    lang = lang_of(request)
    space = await queries.space_by_slug(actor_of(request), slug_of(request))
    found = figures(space, await tallied(space))
    return readable(
        request,
        FiguresAnswer(
            space=space.slug,
            until=found.until,
            zone=space.zone,
            goal_days=found.goal_days,
            median_seconds=found.median,
            nine_in_ten_seconds=found.ninth,
            within_goal=ShareAnswer(percent=found.share.percent, at_least=found.share.least) if found.share else None,
            tables=[_table(one) for one in tables(found, lang)] if found.until else [],
        ),
    )


def _table(found: Table) -> FigureTable:
    rows = [_row(one) for one in found.rows]
    return FigureTable(key=found.key, caption=found.caption, until=found.until, rows=rows, total=_row(found.total))


def _row(found: Row) -> FigureAnswer:
    mark = cast(Literal["few", "withheld"], found.mark) if found.mark else None
    lang = cast(Lang, found.lang)
    return FigureAnswer(
        key=found.key, label=found.label, label_lang=lang, clause=found.clause, number=found.number, not_told=mark
    )


DOC = Doc(
    method="GET",
    path=FIGURES,
    name="getModerationFigures",
    summary="How a space is moderated, in figures that identify nobody.",
    answers={200: FiguresAnswer},
    query=Localized,
)
