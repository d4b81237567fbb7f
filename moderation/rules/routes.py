"""Routes of the rules of a space: the same pages at the moderators' desk and at the secretariat's."""

from starlette.routing import Route

from moderation.rules import api, views
from moderation.rules.api import DOCS

__all__ = ["API", "DOCS", "PAGES"]

_DESK, _CLERK = "/moderation/spaces/{slug}/rules", "/secretariat/spaces/{slug}/rules"

PAGES = [
    *(
        route
        for base in (_DESK, _CLERK)
        for route in (
            Route(base, views.page, methods=["GET"]),
            Route(f"{base}/reasons/{{code}}", views.reason_page, methods=["GET"]),
            Route(f"{base}/reasons/{{code}}", views.save_reason, methods=["POST"]),
            Route(f"{base}/phrases/{{id}}", views.phrase_page, methods=["GET"]),
            Route(f"{base}/phrases/{{id}}", views.save_phrase, methods=["POST"]),
        )
    ),
    Route(_CLERK, views.save_settings, methods=["POST"]),
    Route(f"{_CLERK}/moderators/{{id}}", views.scope_page, methods=["GET"]),
    Route(f"{_CLERK}/moderators/{{id}}", views.save_scope, methods=["POST"]),
]

API = [
    Route(api.RULES, api.rules, methods=["GET"]),
    Route(api.RULES, api.put_settings, methods=["PUT"]),
    Route(api.REASON, api.put_reason, methods=["PUT"]),
    Route(api.REASON, api.retire_reason, methods=["DELETE"]),
    Route(api.PHRASES, api.write_phrase, methods=["POST"]),
    Route(api.PHRASE, api.write_phrase, methods=["PUT"]),
    Route(api.PHRASE, api.drop_phrase, methods=["DELETE"]),
    Route(api.MODERATOR, api.put_moderator, methods=["PUT"]),
]
