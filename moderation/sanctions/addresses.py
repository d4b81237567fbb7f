"""What an address of a sanction names."""

from starlette.requests import Request

from forum.discussions.addresses import is_id
from forum.kernel.errors import NotFound


def sanction_id_of(request: Request) -> str:
    """Return the sanction's id in the path; raises NotFound for what none can be."""
    sanction_id = str(request.path_params["id"])
    if not is_id(sanction_id):
        raise NotFound
    return sanction_id
