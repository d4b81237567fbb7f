"""The addresses of the queue's API and their description."""

from forum.web.openapi import Doc
from moderation.api.docs import CASES
from moderation.api.schemas import CasesAnswer
from moderation.queue.bulk import BulkForm
from moderation.queue.schemas import CasesQuery, CountsAnswer, CountsQuery, FilterForm, FiltersAnswer, ResultsAnswer

COUNTS = "/api/v1/moderation/counts"
BULK = f"{CASES}/bulk"
FILTERS = "/api/v1/moderation/filters"
FILTER = f"{FILTERS}/{{id}}"

DOCS = [
    Doc(
        method="GET",
        path=CASES,
        name="listCases",
        summary="Cases that are given to you, oldest first; longest late first when only late ones, or those due today, are asked for.",
        answers={200: CasesAnswer},
        query=CasesQuery,
        auth="required",
    ),
    Doc(
        method="GET",
        path=COUNTS,
        name="countCases",
        summary="How many cases wait that are given to you, by the values of each filter.",
        answers={200: CountsAnswer},
        query=CountsQuery,
        auth="required",
    ),
    Doc(
        method="GET",
        path=FILTERS,
        name="listFilters",
        summary="The filters that you have kept; nobody else sees them.",
        answers={200: FiltersAnswer},
        auth="required",
    ),
    Doc(
        method="POST",
        path=FILTERS,
        name="keepFilter",
        summary="Keep a filter of the queue under a name.",
        answers={200: FiltersAnswer},
        body=FilterForm,
        auth="required",
        errors=(409,),
    ),
    Doc(
        method="DELETE",
        path=FILTER,
        name="forgetFilter",
        summary="Forget a filter.",
        answers={200: FiltersAnswer},
        auth="required",
    ),
    Doc(
        method="POST",
        path=BULK,
        name="decideCases",
        summary="Decide on up to a hundred cases, or claim or release them: each by itself, so that some may be done and others refused.",
        answers={200: ResultsAnswer},
        body=BulkForm,
        auth="required",
    ),
]
