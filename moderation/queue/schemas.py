"""What the API of the queue asks for and answers."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from forum.discussions.api.query import Localized, Number
from forum.kernel.errors import Problem, invalid
from forum.kernel.locales import Lang
from forum.web.openapi import Refused
from forum.web.shapes import SOMETHING, or_empty, place
from moderation.api.schemas import CaseAnswer
from moderation.models import CaseKind, CaseState
from moderation.queue.bulk import BulkOutcome
from moderation.queue.facets import Count
from moderation.queue.filters import MOST_QUESTIONS, QueueFilter, regions
from moderation.queue.saving import NAME_LIMIT


def _absent(value: object) -> object:
    return None if value == "" else value


def _regions(schema: dict[str, Any]) -> None:
    schema["enum"] = ["", *sorted(regions())]


_Empty = BeforeValidator(_absent)
_MAY_BE_EMPTY = Field(json_schema_extra=or_empty)
_Flag = Annotated[Literal["1", "true"] | None, _Empty, _MAY_BE_EMPTY]


class CountsQuery(Localized):
    """Under which choices cases are counted; what is left out or empty means any."""

    space: str | None = Field(default=None, max_length=60, description="address of a space that you moderate")
    question: Number | None = Field(default=None, ge=1, le=MOST_QUESTIONS, description="number of the question")
    text_lang: Annotated[Lang | None, _Empty, _MAY_BE_EMPTY] = Field(
        default=None, description="language of the texts; `lang` is that of the answer"
    )
    region: str | None = Field(
        default=None,
        max_length=40,
        description="slug of a region; `none` for what speaks for no State",
        json_schema_extra=_regions,
    )
    kind: Annotated[CaseKind | None, _Empty, _MAY_BE_EMPTY] = None
    due: Annotated[Literal["late", "today"] | None, _Empty, _MAY_BE_EMPTY] = Field(
        default=None,
        description="`late`: only what is late by the service goal of its space; `today`: only what is due before the day ends there",
    )
    claimed: _Flag = Field(default=None, description="only what you have claimed")
    second: _Flag = Field(default=None, description="only what waits for a second moderator")
    may_decide: _Flag = Field(default=None, description="only what no rule of fairness keeps you from deciding on")

    def narrowed(self) -> QueueFilter:
        """Return the filter for what waits. Raises Refusal for a region that there is not."""
        if self.region and self.region not in regions():
            raise invalid(region=Problem("field.choice"))
        return QueueFilter(
            space=self.space or "",
            question=self.question or 0,
            lang=self.text_lang or "",
            region=self.region or "",
            kind=self.kind.value if self.kind else "",
            due=self.due or "",
            mine=bool(self.claimed),
            second=bool(self.second),
            may=bool(self.may_decide),
        )


class CasesQuery(CountsQuery):
    """Which cases are wanted; what is left out or empty means any."""

    state: Annotated[CaseState | None, _Empty, _MAY_BE_EMPTY] = None
    comment: str | None = Field(default=None, max_length=64, description="id of the comment")
    limit: Number = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=64, description="`next` of the page before", json_schema_extra=place())


class CountAnswer(BaseModel):
    """A number of cases that wait. `bound` is null for an exact one; "least" and "most" where the number is a bound."""

    n: int
    bound: Literal["least", "most"] | None


class ValueAnswer(CountAnswer):
    """How many cases that wait one value of a filter would find, with everything else as it is chosen."""

    value: str


class CountsAnswer(BaseModel):
    """How many cases wait. Each filter is counted under the other choices; values that would find nothing are left out."""

    total: CountAnswer
    late: CountAnswer
    today: CountAnswer
    claimed: CountAnswer
    second: CountAnswer
    space: list[ValueAnswer]
    question: list[ValueAnswer]
    text_lang: list[ValueAnswer]
    region: list[ValueAnswer]
    kind: list[ValueAnswer]


class FilterForm(BaseModel):
    """A name, and the part of an address that says what is asked for: `space=rt1&kind=appeal`, as on the page of the queue."""

    name: str = Field(min_length=1, max_length=NAME_LIMIT, json_schema_extra=SOMETHING)
    query: str = Field(max_length=500)


class FilterAnswer(BaseModel):
    """A kept filter; `query` is the part of an address that asks for it."""

    id: str
    name: str
    query: str


class FiltersAnswer(BaseModel):
    """Kept filters, in the order in which they were."""

    items: list[FilterAnswer]


class ResultAnswer(BaseModel):
    """What came of one case: `done`, `proposed` (it can be undone, or waits for a second moderator), or `refused` with the error."""

    id: str
    outcome: BulkOutcome
    error: Refused | None
    case: CaseAnswer | None = Field(description="as it stands now; null for one that is not given to you")


class ResultsAnswer(BaseModel):
    """What came of each case, in the order in which they were sent."""

    results: list[ResultAnswer]


def count_answer(count: Count) -> CountAnswer:
    """Return a count as the API answers it."""
    return CountAnswer(n=count.n, bound=bound(count))


def bound(count: Count) -> Literal["least", "most"] | None:
    """Return which kind of bound a count is."""
    return "least" if count.at_least else "most" if count.at_most and count.n else None
