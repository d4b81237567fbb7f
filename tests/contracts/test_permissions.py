"""Who may do what: every route for every role, a sentence a row."""

import json
from typing import Any

import pytest

from tests.contracts.client import Api
from tests.contracts.scene import ROLES, Scene

BODY = {"question": 1, "body": "Words.", "lang": "en"}
WORDS = {"text": "Words.", "version": 1}
MEASURE = {"person": "delegate", "space": "here", "kind": "hold", "days": 3, "reason": "hate", "text": "Words."}
DECISION = {"action": "reject", "reason": "unclear", "version": 1}
SECOND = {"version": 1}
REPORT = {"reason": "hate", "text": "Words."}
APPEAL = {"text": "Please look again.", "lang": "en"}
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
NAMED = {
    "/sanctions/": "{sanction}",
    "/moderators/": "{moderator}",
    "/phrases/": "{phrase}",
    "/decisions/": "{decision}",
    "/filters/": "{kept}",
    "/moderation/": "{case}",
}
"""What `{id}` stands for, by a part of the path; elsewhere it is a comment."""
MANY = {"cases": [{"id": "f" * 32, "version": 1}], "action": "claim"}
"""Of a case that there is not: each answer says so by itself."""
KEEP = {"name": "late", "query": "due=late"}
PREVIEW = {"body": "Words.", "lang": "en"}
TUNED = {"max_links": 3, "version": 0}
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
    ("and sees it before", "POST", "/spaces/here/preview", PREVIEW, (401, 200, 200, 200, 200, 200, 200, 401)),
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
    ("taking it over", "POST", "/moderation/cases/{case}/takeover", {"note": "x"}, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("the notes on it", "GET", "/moderation/cases/{case}/notes", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("a note", "POST", "/moderation/cases/{case}/notes", {"text": "x"}, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("its author's standing", "GET", "/moderation/cases/{case}/standing", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("texts like it", "GET", "/moderation/cases/{case}/similar", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("its revisions", "GET", "/moderation/cases/{case}/comparison", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("undoing; here is nothing to undo", "POST", "/moderation/cases/{case}/undo", None, (401, 403, 403, 403, 409, 404, 403, 401)),
    ("a second's yes", "POST", "/moderation/cases/{case}/second", SECOND, (401, 403, 403, 403, 409, 404, 403, 401)),
    ("a second's no", "DELETE", "/moderation/cases/{case}/second", SECOND, (401, 403, 403, 403, 409, 404, 403, 401)),
    (
        "the desk's home is for who moderates or runs the forum",
        "GET",
        "/moderation/home",
        None,
        (401, 403, 403, 403, 200, 200, 200, 401),
    ),
    ("anybody reads the figures of a space", "GET", "/spaces/here/moderation", None, (200, 200, 200, 200, 200, 200, 200, 401)),
    ("moderators read the acts of their spaces", "GET", "/moderation/audit", None, (401, 403, 403, 403, 200, 200, 200, 401)),
    (
        "and have them read from end to end",
        "GET",
        "/moderation/audit/verify?space=here",
        None,
        (401, 403, 403, 403, 200, 404, 200, 401),
    ),
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
    ("the team sees measures", "GET", "/moderation/sanctions", None, (401, 403, 403, 403, 200, 200, 200, 401)),
    (
        "a measure is for the moderators of its space and the secretariat",
        "GET",
        "/moderation/sanctions/{sanction}",
        None,
        (401, 403, 403, 403, 200, 404, 200, 401),
    ),
    ("so is taking one, once", "POST", "/moderation/sanctions", MEASURE, (401, 403, 403, 403, 201, 404, 409, 401)),
    ("and lifting it, once", "POST", "/moderation/sanctions/{sanction}/lift", WORDS, (401, 403, 403, 403, 200, 404, 409, 401)),
    (
        "on an appeal another decides, when there is one",
        "POST",
        "/moderation/sanctions/{sanction}/appeal",
        {**WORDS, "outcome": "upheld"},
        (401, 403, 403, 403, 403, 404, 409, 401),
    ),
    ("measures about oneself are one's own to see", "GET", "/sanctions", None, (401, 200, 200, 200, 200, 200, 200, 401)),
    ("and to appeal against", "POST", "/sanctions/{sanction}/appeal", WORDS, (401, 404, 404, 200, 404, 404, 404, 401)),
    ("everybody has notices of their own", "GET", "/notices", None, (401, 200, 200, 200, 200, 200, 200, 401)),
    ("and marks them as read", "POST", "/notices/read", {"before": "f" * 32}, (401, 200, 200, 200, 200, 200, 200, 401)),
    ("who reads a comment reports it", "POST", "/comments/{published}/report", REPORT, (401, 201, 403, 201, 201, 201, 201, 401)),
    ("everybody has contributions of their own", "GET", "/contributions", None, (401, 200, 200, 200, 200, 200, 200, 401)),
    ("and reads no others", "GET", "/contributions/{published}", None, (401, 404, 200, 404, 404, 404, 404, 401)),
    ("its author appeals", "POST", "/decisions/{decision}/appeal", APPEAL, (401, 404, 201, 404, 404, 404, 404, 401)),
    ("moderators read reports", "GET", "/moderation/cases/{case}/reports", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("and an appeal, if there is one", "GET", "/moderation/cases/{case}/appeal", None, (401, 403, 403, 403, 404, 404, 403, 401)),
    ("they read what was decided", "GET", "/moderation/cases/{case}/decisions", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("whoever has a queue keeps filters", "POST", "/moderation/filters", KEEP, (401, 403, 403, 403, 200, 200, 403, 401)),
    ("and finds them again", "GET", "/moderation/filters", None, (401, 403, 403, 403, 200, 200, 403, 401)),
    ("and forgets none but their own", "DELETE", "/moderation/filters/{kept}", None, (401, 403, 403, 403, 200, 404, 403, 401)),
    ("moderators count what waits for them", "GET", "/moderation/counts", None, (401, 403, 403, 403, 200, 200, 403, 401)),
    (
        "and do many things at once, each by its own right",
        "POST",
        "/moderation/cases/bulk",
        MANY,
        (401, 403, 403, 403, 200, 200, 403, 401),
    ),
    ("the team sees how is screened", "GET", "/moderation/spaces/here/screening", None, (401, 403, 403, 403, 200, 403, 200, 401)),
    ("moderators tune it", "PUT", "/moderation/spaces/here/screening", TUNED, (401, 403, 403, 403, 200, 403, 409, 401)),
    ("a token is ended by its bearer", "DELETE", "/tokens", None, (401, 204, 204, 204, 204, 204, 204, 401)),
]


async def _version(api: Api, scene: Scene, path: str) -> int:
    seen = await api.get(path, scene.tokens["moderator"])
    return int(seen.json()["version"])


async def _status(api: Api, scene: Scene, role: str, row: tuple[str, str, str, dict[str, Any] | None]) -> int:
    _, method, pattern, body, token = *row, scene.tokens[role]
    others = {name: getattr(scene, name) for name in ("case", "phrase", "sanction", "decision", "kept")}
    path = pattern.format(**scene.comments, **others, moderator=scene.people["moderator"].id)
    if body is not None and "person" in body:
        body = {**body, "person": scene.people[body["person"]].id}
    if body is not None and method != "POST" and path.startswith("/comments/"):
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
