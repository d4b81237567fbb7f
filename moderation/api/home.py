"""The facilitators' home, as JSON."""

from datetime import datetime
from typing import cast

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.api.answers import answer
from forum.discussions.api.query import Localized, read_query
from forum.discussions.models import SpaceState
from forum.kernel.locales import Lang
from forum.web.identity import actor_of
from forum.web.openapi import Doc
from moderation.api.figures import Day
from moderation.home.overview import Desk, home

HOME = "/api/v1/moderation/home"


class DeskAnswer(BaseModel):
    """One space: what waits in it, and who is silent. The lists are told of open spaces alone."""

    space: str = Field(description="address of the space")
    state: SpaceState
    moderated: bool = Field(description="false where you read as the secretariat alone")
    waiting: int
    late: int
    waiting_for_second: int
    appeals: int
    appeals_without_moderator: int = Field(description="appeals that nobody in the space may decide")
    days_left: int | None
    silent_regions: list[str]
    silent_groups: list[str]
    languages_without_moderator: list[Lang]
    languages_without_contribution: list[Lang]


class UnansweredAnswer(BaseModel):
    """A published contribution without a published reply."""

    id: str
    space: str
    question: int
    symbol: str
    lang: Lang
    published_at: datetime


class DayAnswer(BaseModel):
    """What began to wait on a day, and what was decided."""

    day: Day
    arrived: int
    decided: int


class HomeAnswer(BaseModel):
    """Your spaces, open ones first. The days are the last thirty; `median_seconds` is of the same, null for fewer than five decisions."""

    spaces: list[DeskAnswer]
    more_spaces: bool
    unanswered: list[UnansweredAnswer]
    more_unanswered: bool
    days: list[DayAnswer]
    median_seconds: int | None
    measure_appeals: int = Field(description="appeals against measures that wait for an answer")


async def single(request: Request) -> Response:
    """Answer the home of whoever asks."""
    read_query(request, Localized)
    found = await home(actor_of(request))
    return answer(
        HomeAnswer(
            spaces=[_desk(one) for one in found.desks],
            more_spaces=found.more_spaces,
            unanswered=[
                UnansweredAnswer(
                    id=one.id,
                    space=one.slug,
                    question=one.question,
                    symbol=one.symbol,
                    lang=cast(Lang, one.lang),
                    published_at=one.published_at,
                )
                for one in found.threads
            ],
            more_unanswered=found.more_threads,
            days=[DayAnswer(day=one.day, arrived=one.arrived, decided=one.decided) for one in found.days],
            median_seconds=found.median,
            measure_appeals=found.measures,
        )
    )


def _desk(desk: Desk) -> DeskAnswer:
    return DeskAnswer(
        space=desk.place.slug,
        state=SpaceState(desk.place.state),
        moderated=desk.place.mine,
        waiting=desk.waiting,
        late=desk.late,
        waiting_for_second=desk.seconds,
        appeals=desk.appeals,
        appeals_without_moderator=desk.stuck,
        days_left=desk.days_left,
        silent_regions=list(desk.regions),
        silent_groups=list(desk.groups),
        languages_without_moderator=cast(list[Lang], list(desk.unmoderated)),
        languages_without_contribution=cast(list[Lang], list(desk.unheard)),
    )


DOC = Doc(
    method="GET",
    path=HOME,
    name="getModerationHome",
    summary="What waits, what is late and who is silent in your spaces; to the secretariat, in all that are open.",
    answers={200: HomeAnswer},
    query=Localized,
    auth="required",
)
