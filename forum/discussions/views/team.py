"""The secretariat's page on who moderates, facilitates or belongs to a space."""

from starlette.requests import Request
from starlette.responses import Response

from forum.discussions.models import Space
from forum.discussions.views.founding import Shown, admin, administered, frame
from forum.kernel.actors import Role
from forum.kernel.errors import Problem, Refusal, invalid
from forum.kernel.messages import N_
from forum.people import roles
from forum.web import respond
from forum.web.catalogue import gettext
from forum.web.errors import field_errors
from forum.web.forms import read_form

ROLE_NAMES = {
    Role.MODERATOR.value: N_("Moderators"),
    Role.FACILITATOR.value: N_("Facilitators"),
    Role.MEMBER.value: N_("Members"),
}
ROLE_HINTS = {
    Role.MODERATOR.value: N_("Moderator: reads what is held, publishes, returns, rejects and removes"),
    Role.FACILITATOR.value: N_("Facilitator: leads the discussion, and moderates too"),
    Role.MEMBER.value: N_("Member: reads and comments where a space is for members only"),
}


async def _page(request: Request, space: Space, values: dict[str, str], refusal: Refusal | None = None) -> Response:
    held = await roles.holders(space.id)
    context: Shown = {
        "groups": [
            {"role": role, "title": gettext(title), "people": [one for one in held if one.role == role]}
            for role, title in ROLE_NAMES.items()
        ],
        "roles": [(role, gettext(hint)) for role, hint in ROLE_HINTS.items()],
        "values": values,
        "errors": field_errors(refusal) if refusal else {},
        "labels": {"email": gettext(N_("E-mail address")), "role": gettext(N_("Role"))},
    }
    shown = await frame(request, space, "/people") | context
    return respond.page(request, "discussions/founding_people.html", shown, status=refusal.status if refusal else 200)


async def page(request: Request) -> Response:
    """GET /secretariat/spaces/{slug}/people"""
    _, space = await administered(request)
    return await _page(request, space, {"email": "", "role": Role.MODERATOR.value})


async def change(request: Request) -> Response:
    """POST /secretariat/spaces/{slug}/people: `do` is give (to an address) or take (from a person)."""
    actor, space = await administered(request)
    sent = await read_form(request)
    values = {"email": sent.get("email", ""), "role": sent.get("role", "")}
    try:
        if values["role"] not in ROLE_NAMES:
            raise invalid(role=Problem("field.choice"))
        role = Role(values["role"])
        if sent.get("do") == "take":
            await roles.revoke(sent.get("person", ""), space.id, role, actor)
        else:
            person = await roles.by_email(values["email"])
            await roles.grant(person.id, space.id, role, actor)
    except Refusal as refusal:
        return await _page(request, space, values, refusal)
    return respond.see_other(request, admin(space, "/people"), ("success", N_("Saved."), {}))
