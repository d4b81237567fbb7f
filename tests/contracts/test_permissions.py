"""Who may do what: every route for every role, a sentence a row."""

import json
from typing import Any

import pytest

from tests.contracts.client import Api
from tests.contracts.scene import ROLES, Scene

BODY = {"question": 1, "body": "Words.", "lang": "en"}
DECISION = {"action": "reject", "reason": "unclear", "version": 1}
RULES = {
    "goal_days": 2,
    "four_eyes": True,
    "recuse_entity": True,
    "recuse_nationality": False,
    "undo_seconds": 0,
    "appeal_days": 7,
    "version": 1,
}
LANGS = ("ar", "en", "es", "fr", "ru", "zh")
REASON = {"code": "unclear", "name": dict.fromkeys(LANGS, "Unclear"), "text": dict.fromkeys(LANGS, "Please say it plainly.")}
PHRASE = {"title": {"en": "Thanks"}, "text": {"en": "Thank you."}}
NAMED = {"/moderators/": "{moderator}", "/phrases/": "{phrase}", "/moderation/": "{case}"}
"""What `{id}` stands for, by a part of the path; elsewhere it is a comment."""
GIVEN = {"languages": ["en"], "nationality": ""}

TABLE: list[tuple[str, str, str, dict[str, Any] | None, tuple[int, ...]]] = [
    # what, method, path, body, status for: anonymous, participant, author, delegate, moderator, elsewhere, secretariat, suspended
    ("anybody lists the spaces", "GET", "/spaces", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("anybody reads a public space", "GET", "/spaces/here", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("members read a space of members", "GET", "/spaces/inner", None, (404, 404, 200, 200, 200, 404, 200, 401)),
    ("a draft is for those who make it", "GET", "/spaces/draft", None, (404, 404, 404, 404, 200, 404, 200, 401)),
    ("there is no such space", "GET", "/spaces/nowhere", None, (404, 404, 404, 404, 404, 404, 404, 401)),
    ("anybody reads a thread", "GET", "/spaces/here/comments?question=1", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("members read their threads", "GET", "/spaces/inner/comments", None, (404, 404, 200, 200, 200, 404, 200, 401)),
    ("anybody asks for updates", "GET", "/spaces/here/updates?since=0", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("members ask for theirs", "GET", "/spaces/inner/updates", None, (404, 404, 200, 200, 200, 404, 200, 401)),
    ("anybody searches", "GET", "/search?q=word", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("members search among themselves", "GET", "/search?q=word&space=inner", None, (404, 404, 200, 200, 200, 404, 200, 401)),
    ("a published comment is public", "GET", "/comments/{published}", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("a held one is its author's and the moderators'", "GET", "/comments/{held}", None, (404, 404, 200, 404, 200, 404, 200, 401)),
    ("so is a returned one", "GET", "/comments/{returned}", None, (404, 404, 200, 404, 200, 404, 200, 401)),
    ("so is a rejected one", "GET", "/comments/{rejected}", None, (404, 404, 200, 404, 200, 404, 200, 401)),
    ("so is what was taken back before", "GET", "/comments/{retracted}", None, (404, 404, 200, 404, 200, 404, 200, 401)),
    ("a removed one leaves a stub", "GET", "/comments/{removed}", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("a withdrawn one leaves a stub", "GET", "/comments/{withdrawn}", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("a comment among members stays there", "GET", "/comments/{inner}", None, (404, 404, 200, 200, 200, 404, 200, 401)),
    ("who is signed in posts", "POST", "/spaces/here/comments", BODY, (401, 201, 201, 201, 201, 201, 201, 401)),
    ("members post among themselves", "POST", "/spaces/inner/comments", BODY, (401, 404, 201, 201, 201, 404, 201, 401)),
    ("nobody posts where it is closed", "POST", "/spaces/closed/comments", BODY, (401, 403, 403, 403, 403, 403, 403, 401)),
    ("nobody posts in a draft", "POST", "/spaces/draft/comments", BODY, (401, 404, 404, 404, 403, 404, 403, 401)),
    ("the author edits", "PATCH", "/comments/{published}", {"body": "New."}, (401, 403, 200, 403, 403, 403, 403, 401)),
    (
        "nobody edits what they cannot see",
        "PATCH",
        "/comments/{held}",
        {"body": "New."},
        (401, 404, 200, 404, 403, 404, 403, 401),
    ),
    ("what is gone is not edited", "PATCH", "/comments/{removed}", {"body": "New."}, (401, 403, 422, 403, 403, 403, 403, 401)),
    ("the author withdraws", "DELETE", "/comments/{published}", {}, (401, 403, 200, 403, 403, 403, 403, 401)),
    ("the author takes back what is held", "DELETE", "/comments/{held}", {}, (401, 404, 200, 404, 403, 404, 403, 401)),
    ("also after the space has closed", "DELETE", "/comments/{closed}", {}, (401, 403, 200, 403, 403, 403, 403, 401)),
    ("moderators see a queue", "GET", "/moderation/cases", None, (401, 403, 403, 403, 200, 200, 403, 401)),
    (
        "a case is for the moderators of its space",
        "GET",
        "/moderation/cases/{case}",
        None,
        (401, 403, 403, 403, 200, 404, 403, 401),
    ),
    ("so is its claim", "POST", "/moderation/cases/{case}/claim", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("and its release", "DELETE", "/moderation/cases/{case}/claim", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("and the decision", "POST", "/moderation/cases/{case}/decision", DECISION, (401, 403, 403, 403, 200, 404, 403, 401)),
    (
        "the desk's home is for who moderates or runs the forum",
        "GET",
        "/moderation/home",
        None,
        (401, 403, 403, 403, 200, 200, 200, 401),
    ),
    ("anybody reads the figures of a space", "GET", "/spaces/here/moderation", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("moderators read the acts of their spaces", "GET", "/moderation/audit", None, (401, 403, 403, 403, 200, 200, 200, 401)),
    ("and take a copy", "GET", "/moderation/audit.csv", None, (401, 403, 403, 403, 200, 200, 200, 401)),
    (
        "moderators read the rules of their space",
        "GET",
        "/moderation/spaces/here/rules",
        None,
        (401, 404, 404, 404, 200, 404, 200, 401),
    ),
    (
        "the secretariat sets the rules of fairness",
        "PUT",
        "/moderation/spaces/here/rules",
        RULES,
        (401, 404, 404, 404, 403, 404, 200, 401),
    ),
    (
        "moderators word a reason",
        "PUT",
        "/moderation/spaces/here/rules/reasons/unclear",
        REASON,
        (401, 404, 404, 404, 200, 404, 200, 401),
    ),
    ("and retire one", "DELETE", "/moderation/spaces/here/rules/reasons/unclear", None, (401, 404, 404, 404, 200, 404, 404, 401)),
    ("they keep a phrase", "POST", "/moderation/spaces/here/rules/phrases", PHRASE, (401, 404, 404, 404, 200, 404, 200, 401)),
    ("they reword it", "PUT", "/moderation/spaces/here/rules/phrases/{phrase}", PHRASE, (401, 404, 404, 404, 200, 404, 200, 401)),
    ("they drop it", "DELETE", "/moderation/spaces/here/rules/phrases/{phrase}", None, (401, 404, 404, 404, 200, 404, 404, 401)),
    (
        "the secretariat gives languages",
        "PUT",
        "/moderation/spaces/here/rules/moderators/{moderator}",
        GIVEN,
        (401, 404, 404, 404, 403, 404, 200, 401),
    ),
    ("a token is ended by its bearer", "DELETE", "/tokens", None, (401, 204, 204, 204, 204, 204, 204, 401)),
]


async def _version(api: Api, scene: Scene, path: str) -> int:
    seen = await api.get(path, scene.tokens["moderator"])
    return int(seen.json()["version"])


async def _status(api: Api, scene: Scene, role: str, row: tuple[str, str, str, dict[str, Any] | None]) -> int:
    _, method, pattern, body, token = *row, scene.tokens[role]
    path = pattern.format(**scene.comments, case=scene.case, phrase=scene.phrase, moderator=scene.people["moderator"].id)
    if body is not None and path.startswith("/comments/"):
        body = {**body, "version": await _version(api, scene, path)}
    options = {} if body is None else {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}
    response = await api.ask(method, path, token, **options)
    return response.status_code


@pytest.mark.parametrize(("what", "method", "path", "body", "statuses"), TABLE, ids=[row[0] for row in TABLE])
async def test_table(
    api: Api, filled: Scene, what: str, method: str, path: str, body: dict[str, Any] | None, statuses: tuple[int, ...]
) -> None:
    # The author acts last: what is withdrawn by then would answer the others differently.
    order = sorted(ROLES, key=lambda role: role == "author")
    found = {role: await _status(api, filled, role, (what, method, path, body)) for role in order}
    assert found == dict(zip(ROLES, statuses, strict=True))


async def test_every_operation_is_in_the_table(api: Api) -> None:
    """Only the description itself and the asking for a token, whose tests are elsewhere, are not."""
    asked = {(method.lower(), "/api/v1" + path.partition("?")[0]) for _, method, path, _, _ in TABLE}
    for path, item in api.document["paths"].items():
        known = next((name for part, name in NAMED.items() if part in path), "{published}")
        shape = path.replace("{slug}", "here").replace("{code}", "unclear").replace("{id}", known)
        for method in item:
            assert (method, shape) in asked | {("get", "/api/v1/openapi.json"), ("post", "/api/v1/tokens")}, (method, path)
