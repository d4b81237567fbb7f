"""The addresses of the API, and their description."""

from collections.abc import Sequence

from pydantic import BaseModel, Field
from starlette.routing import BaseRoute, Route

from forum.discussions.api import comments, flags, previewing, search, spaces, updates
from forum.discussions.api.query import Localized, Paging, SearchFor, Since, Version
from forum.discussions.api.schemas import CommentAnswer, CommentsAnswer, SearchAnswer, SpaceAnswer, SpacesAnswer, UpdatesAnswer
from forum.discussions.forms import Edit, NewComment, Withdrawal
from forum.people.api import DOCS as PEOPLE_DOCS
from forum.web import openapi
from forum.web.openapi import Doc

SPACES = "/api/v1/spaces"
SPACE = f"{SPACES}/{{slug}}"
COMMENTS = f"{SPACE}/comments"
COMMENT = "/api/v1/comments/{id}"
UPDATES = f"{SPACE}/updates"
SEARCH = "/api/v1/search"

API = [
    Route(SPACES, spaces.listed, methods=["GET"]),
    Route(SPACE, spaces.single, methods=["GET"]),
    Route(COMMENTS, comments.listed, methods=["GET"]),
    Route(COMMENTS, comments.post, methods=["POST"]),
    Route(previewing.PREVIEW, previewing.preview, methods=["POST"]),
    Route(UPDATES, updates.listed, methods=["GET"]),
    Route(SEARCH, search.find, methods=["GET"]),
    Route(COMMENT, comments.single, methods=["GET"]),
    Route(COMMENT, comments.edit, methods=["PATCH"]),
    Route(COMMENT, comments.withdraw, methods=["DELETE"]),
    Route(flags.REPORT, flags.report, methods=["POST"]),
]


class PostHeaders(BaseModel):
    """What a post may say about itself."""

    key: str | None = Field(
        default=None,
        alias=comments.HEADER,
        pattern="^[!-~]{1,80}$",
        description="the same key with the same text answers the same comment again, with 200",
    )


DOCS = [
    *previewing.DOCS,
    Doc(
        method="GET",
        path=SPACES,
        name="listSpaces",
        summary="The spaces that you may read.",
        answers={200: SpacesAnswer},
        query=Localized,
    ),
    Doc(method="GET", path=SPACE, name="getSpace", summary="One space.", answers={200: SpaceAnswer}, query=Localized),
    Doc(
        method="GET",
        path=COMMENTS,
        name="listComments",
        summary="Comments in thread order, a page at a time.",
        answers={200: CommentsAnswer},
        query=Paging,
    ),
    Doc(
        method="POST",
        path=COMMENTS,
        name="postComment",
        summary="Post a comment or a reply.",
        answers={200: CommentAnswer, 201: CommentAnswer},
        body=NewComment,
        headers=PostHeaders,
        auth="required",
    ),
    Doc(
        method="GET",
        path=UPDATES,
        name="listUpdates",
        summary="What followers were told since a number, in order.",
        answers={200: UpdatesAnswer},
        query=Since,
    ),
    Doc(
        method="GET",
        path=SEARCH,
        name="search",
        summary="Published comments, spaces and questions that hold all words.",
        answers={200: SearchAnswer},
        query=SearchFor,
        errors=(404,),
    ),
    Doc(method="GET", path=COMMENT, name="getComment", summary="One comment.", answers={200: CommentAnswer}, query=Localized),
    Doc(
        method="PATCH",
        path=COMMENT,
        name="editComment",
        summary="Write your comment anew; a published one stays as it is while the edit waits.",
        answers={200: CommentAnswer},
        body=Edit,
        auth="required",
        errors=(409,),
    ),
    Doc(
        method="DELETE",
        path=COMMENT,
        name="withdrawComment",
        summary="Withdraw your comment; a stub stays where it had been published.",
        answers={200: CommentAnswer},
        body=Withdrawal,
        may_lack_body=True,
        query=Version,
        auth="required",
        errors=(409,),
    ),
    *flags.DOCS,
]


def api_routes(*others: Sequence[Route], docs: Sequence[Doc] = ()) -> list[BaseRoute]:
    """Return all routes of the API and, at their end, their description.

    `others` are the routes of the packages beside this one; `docs` describes those of packages that this one may not know.
    """
    return [*API, *(one for more in others for one in more), openapi.route([*PEOPLE_DOCS, *DOCS, *docs])]
