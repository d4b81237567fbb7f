"""What an address names: for pages and the API alike, what none of ours can be is not found before the database is asked."""

from starlette.requests import Request

from forum.discussions.forms import SLUG
from forum.kernel.errors import NotFound
from forum.kernel.ids import is_id

__all__ = ["comment_id_of", "is_id", "slug_of"]


def slug_of(request: Request) -> str:
    """Return the space's address in the path; raises NotFound for what none can be."""
    slug = str(request.path_params["slug"])
    if not SLUG.fullmatch(slug):
        raise NotFound
    return slug


def comment_id_of(request: Request) -> str:
    """Return the comment's id in the path; raises NotFound for what none can be."""
    comment_id = str(request.path_params["id"])
    if not is_id(comment_id):
        raise NotFound
    return comment_id
